//! The wall around system calls: seccomp. Our own child has a list of what it may do, a foreign program one of what it
//! may not, as nobody knows all that LibreOffice needs.

use std::collections::BTreeMap;

use seccompiler::SeccompCmpArgLen::{Dword, Qword};
use seccompiler::SeccompCmpOp::{Eq, MaskedEq, Ne};
use seccompiler::{
    BackendError, BpfProgram, Error, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition,
    SeccompFilter, SeccompRule, apply_filter,
};

/// Calls by number; each with conditions of which one has to hold, if there are any.
type Calls = BTreeMap<i64, Vec<SeccompRule>>;

/// What our child does once its libraries are loaded: it works on memory and on files.
const NEEDED: &[i64] = &[
    // Files.
    libc::SYS_close,
    libc::SYS_dup,
    libc::SYS_faccessat,
    libc::SYS_fcntl,
    libc::SYS_fstat,
    libc::SYS_ftruncate,
    libc::SYS_getdents64,
    libc::SYS_lseek,
    libc::SYS_newfstatat,
    libc::SYS_openat,
    libc::SYS_pread64,
    libc::SYS_pwrite64,
    libc::SYS_read,
    libc::SYS_readlinkat,
    libc::SYS_readv,
    libc::SYS_statx,
    libc::SYS_unlinkat,
    libc::SYS_write,
    libc::SYS_writev,
    // Memory.
    libc::SYS_brk,
    libc::SYS_madvise,
    libc::SYS_mmap,
    libc::SYS_mprotect,
    libc::SYS_mremap,
    libc::SYS_munmap,
    // Itself, its threads, the clock.
    libc::SYS_clock_getres,
    libc::SYS_clock_gettime,
    libc::SYS_clock_nanosleep,
    libc::SYS_clone,
    libc::SYS_exit,
    libc::SYS_exit_group,
    libc::SYS_futex,
    libc::SYS_getcwd,
    libc::SYS_getpid,
    libc::SYS_getrandom,
    libc::SYS_gettid,
    libc::SYS_gettimeofday,
    libc::SYS_membarrier,
    libc::SYS_nanosleep,
    libc::SYS_ppoll,
    libc::SYS_restart_syscall,
    libc::SYS_rseq,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sched_getaffinity,
    libc::SYS_sched_yield,
    libc::SYS_set_robust_list,
    libc::SYS_sigaltstack,
    libc::SYS_sysinfo,
    libc::SYS_uname,
];
/// The same by their older names.
#[cfg(target_arch = "x86_64")]
const NEEDED_OLD: &[i64] = &[
    libc::SYS_access,
    libc::SYS_arch_prctl,
    libc::SYS_lstat,
    libc::SYS_open,
    libc::SYS_poll,
    libc::SYS_readlink,
    libc::SYS_stat,
    libc::SYS_time,
    libc::SYS_unlink,
];
#[cfg(not(target_arch = "x86_64"))]
const NEEDED_OLD: &[i64] = &[];

/// What only somebody else's code in our child would do. It ends for that, so that the log can say why; all else that
/// it does not need it is told not to exist, and goes on.
const HOSTILE: &[i64] = &[
    // The network.
    libc::SYS_accept4,
    libc::SYS_bind,
    libc::SYS_connect,
    libc::SYS_listen,
    libc::SYS_sendmsg,
    libc::SYS_sendto,
    libc::SYS_socket,
    libc::SYS_socketpair,
    // Programs.
    libc::SYS_execve,
    libc::SYS_execveat,
    // Folders, links and names.
    libc::SYS_linkat,
    libc::SYS_mkdirat,
    libc::SYS_mknodat,
    libc::SYS_symlinkat,
    libc::SYS_truncate,
];
#[cfg(target_arch = "x86_64")]
const HOSTILE_OLD: &[i64] = &[
    libc::SYS_creat,
    libc::SYS_fork,
    libc::SYS_link,
    libc::SYS_mkdir,
    libc::SYS_mknod,
    libc::SYS_rename,
    libc::SYS_rmdir,
    libc::SYS_symlink,
    libc::SYS_vfork,
];
#[cfg(not(target_arch = "x86_64"))]
const HOSTILE_OLD: &[i64] = &[];

/// `fchmodat2`, which has this number everywhere and not yet a name.
const FCHMODAT2: i64 = 452;

/// What no program on a document needs, and what gets one out of a cage: other processes, the kernel's own affairs.
const FORBIDDEN: &[i64] = &[
    libc::SYS_acct,
    libc::SYS_add_key,
    libc::SYS_bpf,
    libc::SYS_chroot,
    libc::SYS_clock_settime,
    libc::SYS_delete_module,
    libc::SYS_fanotify_init,
    libc::SYS_finit_module,
    libc::SYS_fsconfig,
    libc::SYS_fsmount,
    libc::SYS_fsopen,
    libc::SYS_fspick,
    libc::SYS_init_module,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_io_uring_setup,
    libc::SYS_kcmp,
    libc::SYS_kexec_load,
    libc::SYS_keyctl,
    libc::SYS_mount,
    libc::SYS_mount_setattr,
    libc::SYS_move_mount,
    libc::SYS_name_to_handle_at,
    libc::SYS_open_by_handle_at,
    libc::SYS_open_tree,
    libc::SYS_perf_event_open,
    libc::SYS_personality,
    libc::SYS_pidfd_getfd,
    libc::SYS_pidfd_open,
    libc::SYS_pivot_root,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_ptrace,
    libc::SYS_quotactl,
    libc::SYS_reboot,
    libc::SYS_request_key,
    libc::SYS_setdomainname,
    libc::SYS_sethostname,
    libc::SYS_setns,
    libc::SYS_settimeofday,
    libc::SYS_swapoff,
    libc::SYS_swapon,
    libc::SYS_syslog,
    libc::SYS_umount2,
    libc::SYS_unshare,
    libc::SYS_userfaultfd,
    libc::SYS_vhangup,
    // It stays in the group that is killed when its time is up, and kills nobody else.
    libc::SYS_kill,
    libc::SYS_pidfd_send_signal,
    libc::SYS_rt_sigqueueinfo,
    libc::SYS_setpgid,
    libc::SYS_setsid,
    libc::SYS_tkill,
    // Landlock does not keep it from changing whose a file is, and who may do what with it.
    libc::SYS_fchmod,
    libc::SYS_fchmodat,
    FCHMODAT2,
    libc::SYS_fchown,
    libc::SYS_fchownat,
    libc::SYS_fremovexattr,
    libc::SYS_fsetxattr,
    libc::SYS_lremovexattr,
    libc::SYS_lsetxattr,
    libc::SYS_removexattr,
    libc::SYS_setxattr,
    libc::SYS_utimensat,
];
#[cfg(target_arch = "x86_64")]
const FORBIDDEN_OLD: &[i64] = &[
    libc::SYS_chmod,
    libc::SYS_chown,
    libc::SYS_lchown,
    libc::SYS_futimesat,
    libc::SYS_setrlimit,
    libc::SYS_utime,
    libc::SYS_utimes,
];
#[cfg(not(target_arch = "x86_64"))]
const FORBIDDEN_OLD: &[i64] = &[];

/// Flags of `clone` that make a namespace.
const NAMESPACES: [i32; 7] = [
    libc::CLONE_NEWCGROUP,
    libc::CLONE_NEWIPC,
    libc::CLONE_NEWNET,
    libc::CLONE_NEWNS,
    libc::CLONE_NEWPID,
    libc::CLONE_NEWUSER,
    libc::CLONE_NEWUTS,
];

/// For our own child.
pub fn own() -> Result<(), Error> {
    let mut hostile = all(HOSTILE.iter().chain(HOSTILE_OLD).chain(FORBIDDEN).chain(FORBIDDEN_OLD));
    // Threads it may have, processes not. Of `clone3` nobody can see the flags: it does not exist.
    let thread = libc::CLONE_THREAD as u64;
    hostile.insert(libc::SYS_clone, vec![rule(&[(0, Qword, MaskedEq(thread), 0)])?]);
    let mut needed = all(NEEDED.iter().chain(NEEDED_OLD));
    // Its limits may be asked for, not changed; and it may end itself, as `abort` does.
    needed.insert(libc::SYS_prlimit64, vec![rule(&[(2, Qword, Eq, 0)])?]);
    let own = u64::from(std::process::id());
    needed.insert(libc::SYS_tgkill, vec![rule(&[(0, Dword, Eq, own)])?]);
    // The first of them lets the second be set.
    install(hostile, SeccompAction::Allow, SeccompAction::KillProcess)?;
    install(needed, SeccompAction::Errno(libc::ENOSYS as u32), SeccompAction::Allow)
}

/// For a foreign program, and for whatever it starts.
pub fn foreign(sockets: bool) -> Result<(), Error> {
    let refused = |error: i32| SeccompAction::Errno(error as u32);
    let mut forbidden = all(FORBIDDEN.iter().chain(FORBIDDEN_OLD));
    // Limits may be asked for, not changed.
    forbidden.insert(libc::SYS_prlimit64, vec![rule(&[(2, Qword, Ne, 0)])?]);
    let flagged = |flag: &i32| {
        let flag = u64::from(flag.cast_unsigned());
        rule(&[(0, Qword, MaskedEq(flag), flag)])
    };
    forbidden.insert(libc::SYS_clone, NAMESPACES.iter().map(flagged).collect::<Result<_, _>>()?);
    let mut unreachable = BTreeMap::new();
    if sockets {
        // On this machine, and nobody else's: PostgreSQL listens on one too.
        forbidden.insert(libc::SYS_socket, vec![rule(&[(0, Dword, Ne, libc::AF_UNIX as u64)])?]);
        unreachable.insert(libc::SYS_connect, vec![]);
    } else {
        forbidden.insert(libc::SYS_socket, vec![]);
    }
    let mut unknown = BTreeMap::new();
    unknown.insert(libc::SYS_clone3, vec![]);
    install(forbidden, SeccompAction::Allow, refused(libc::EPERM))?;
    install(unknown, SeccompAction::Allow, refused(libc::ENOSYS))?;
    if unreachable.is_empty() {
        return Ok(());
    }
    install(unreachable, SeccompAction::Allow, refused(libc::ECONNREFUSED))
}

fn all<'a>(numbers: impl IntoIterator<Item = &'a i64>) -> Calls {
    numbers.into_iter().map(|number| (*number, vec![])).collect()
}

/// Arguments that all have to be so.
fn rule(conditions: &[(u8, SeccompCmpArgLen, SeccompCmpOp, u64)]) -> Result<SeccompRule, BackendError> {
    let conditions = conditions.iter().map(|(argument, length, operator, value)| {
        SeccompCondition::new(*argument, length.clone(), operator.clone(), *value)
    });
    SeccompRule::new(conditions.collect::<Result<_, _>>()?)
}

fn install(calls: Calls, others: SeccompAction, these: SeccompAction) -> Result<(), Error> {
    let filter = SeccompFilter::new(calls, others, these, std::env::consts::ARCH.try_into()?)?;
    apply_filter(&BpfProgram::try_from(filter)?)
}

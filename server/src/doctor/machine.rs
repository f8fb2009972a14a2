//! What the system gives: walls around whatever reads strangers' files, and how much of everything.

use evolume_server::config::{self, Doctor};
use evolume_server::confine::Walls;
use evolume_server::pdfium::{Limits, Pool};
use evolume_server::programs::Confined;

use super::{Finding, PATIENCE};

/// Sockets, blobs and the database's connections at once.
const OPEN_FILES: u64 = 4_096;
/// A child may take four.
const MEMORY: u64 = 3_900 << 20;

pub async fn look(options: &Doctor) -> Vec<Finding> {
    vec![children(options).await, programs().await, user(), open_files(), memory()]
}

/// As a child of ours finds it.
async fn children(options: &Doctor) -> Finding {
    const NAME: &str = "confinement";
    let limits = match config::limits(options.tools.pdfium.as_deref()) {
        Ok(limits) => limits,
        Err(_) => {
            return Finding::warning(
                NAME,
                "没有 PDFium，无法检查。",
                "It cannot be looked at without PDFium.",
            );
        }
    };
    match Pool::new(Limits { file: PATIENCE, ..limits }).walls().await {
        Ok(walls) => confinement(NAME, walls),
        Err(error) => Finding::warning(
            NAME,
            format!("无法检查：{error}。"),
            format!("It cannot be looked at: {error}."),
        ),
    }
}

/// As LibreOffice and the others find it.
async fn programs() -> Finding {
    const NAME: &str = "confinement-programs";
    let walls = match std::env::current_exe() {
        Ok(evolume) => Confined::new(&evolume, PATIENCE).walls().await,
        Err(error) => Err(error),
    };
    match walls {
        Ok(walls) => confinement(NAME, walls),
        Err(error) => Finding::problem(
            NAME,
            format!("其他程序无法在限制下启动：{error}。"),
            format!("Other programs cannot be started with few rights: {error}."),
        ),
    }
}

fn confinement(name: &'static str, walls: Walls) -> Finding {
    let version = walls.landlock.unwrap_or(0);
    if walls.missing().is_empty() {
        return Finding::ok(
            name,
            format!("文件（Landlock 第 {version} 版）、网络、系统调用、内存都已隔离。"),
            format!("Files (Landlock {version}), network, system calls and memory are shut off."),
        );
    }
    let lacks = [
        (
            walls.landlock.is_some(),
            "文件没有隔离：需要 Linux 5.13 以上并启用 Landlock（启动参数 lsm= 中含 landlock）",
            "files are within reach: that needs Linux 5.13 with Landlock switched on (`landlock` in the boot option lsm=)",
        ),
        (
            walls.network,
            "网络没有隔离：请允许用户命名空间（user.max_net_namespaces、kernel.unprivileged_userns_clone），或不要在更严的容器里运行",
            "the network is within reach: allow user namespaces (user.max_net_namespaces, kernel.unprivileged_userns_clone)",
        ),
        (
            walls.calls,
            "系统调用没有过滤：需要内核支持 seccomp，处理器为 x86_64、aarch64 或 riscv64",
            "system calls are not filtered: that needs a kernel with seccomp on x86_64, aarch64 or riscv64",
        ),
        (walls.limits, "内存没有限制：请检查 ulimit", "memory is not limited: look at ulimit"),
    ];
    let lacks = lacks.into_iter().filter(|(stands, ..)| !stands);
    let (zh, en): (Vec<&str>, Vec<&str>) = lacks.map(|(_, zh, en)| (zh, en)).unzip();
    Finding::warning(name, format!("{}。", zh.join("；")), format!("{}.", en.join("; ")))
}

fn user() -> Finding {
    const NAME: &str = "user";
    if !rustix::process::geteuid().is_root() {
        return Finding::ok(NAME, "不是 root。", "It is not root.");
    }
    Finding::warning(
        NAME,
        "以 root 运行。请为服务新建一个专用用户（systemd 的 User=）。",
        "It runs as root. Give the server a user of its own (User= in systemd).",
    )
}

fn open_files() -> Finding {
    const NAME: &str = "open-files";
    match rlimit::Resource::NOFILE.get() {
        Ok((soft, _)) if soft >= OPEN_FILES => {
            Finding::ok(NAME, format!("最多 {soft} 个。"), format!("{soft} at most."))
        }
        Ok((soft, _)) => Finding::warning(
            NAME,
            format!(
                "最多只能打开 {soft} 个文件和连接。请调到 65536（systemd 的 LimitNOFILE=，或 ulimit -n）。"
            ),
            format!(
                "Only {soft} files and connections at once. Raise it to 65536 (LimitNOFILE= in systemd, or ulimit -n)."
            ),
        ),
        Err(error) => {
            Finding::warning(NAME, format!("无法得知：{error}。"), format!("It cannot be told: {error}."))
        }
    }
}

fn memory() -> Finding {
    const NAME: &str = "memory";
    let Some(bytes) = memory_bytes() else {
        return Finding::warning(NAME, "无法得知。", "It cannot be told.");
    };
    let gib = bytes as f64 / (1u64 << 30) as f64;
    if bytes >= MEMORY {
        return Finding::ok(NAME, format!("{gib:.1} GiB。"), format!("{gib:.1} GiB."));
    }
    Finding::warning(
        NAME,
        format!("只有 {gib:.1} GiB，大的扫描件可能处理不了。建议 4 GiB 以上，或用 --jobs 1、--ocr-jobs 1。"),
        format!("Only {gib:.1} GiB: large scans may fail. Have 4 GiB, or use --jobs 1 and --ocr-jobs 1."),
    )
}

/// What this machine has, or the container is given, if that is less.
fn memory_bytes() -> Option<u64> {
    let table = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = table.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    let all = line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()? << 10;
    let given = std::fs::read_to_string("/sys/fs/cgroup/memory.max").ok();
    let given = given.and_then(|text| text.trim().parse::<u64>().ok());
    Some(given.map_or(all, |given| given.min(all)))
}

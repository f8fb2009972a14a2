//! Where everything is kept: the database, the folder of blobs, room for more, and the clock by which it is dated.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use evolume_server::config::Data;
use evolume_server::store::StoreError;
use evolume_server::store::look::{self, DatabaseLook};

use super::{Finding, Level};
use crate::report;

const GIB: u64 = 1 << 30;
/// Less room than this is soon none.
const ROOM_LEFT: u64 = GIB;
const ROOM: u64 = 10 * GIB;
/// Clocks that differ by more put marks into another order than they were made in.
const CLOCKS: Duration = Duration::from_secs(2);
const CLOCKS_APART: Duration = Duration::from_secs(60);
/// This program is younger than that: 2026-01-01.
const EARLIEST: Duration = Duration::from_secs(1_767_225_600);

pub async fn look(data: &Data) -> Vec<Finding> {
    let found = look::database(&data.folder, data.database.as_ref()).await;
    let clock = clock(&found);
    vec![database(data, found), blobs(data).await, disk(&data.folder), clock]
}

fn database(data: &Data, found: Result<Option<DatabaseLook>, StoreError>) -> Finding {
    const NAME: &str = "database";
    match found {
        Err(error) => match report::store(Some(data), &error) {
            Some(told) => Finding::told(Level::Problem, NAME, &told),
            None => {
                Finding::problem(NAME, format!("不能使用：{error}。"), format!("It cannot be used: {error}."))
            }
        },
        Ok(None) => Finding::ok(
            NAME,
            "还没有数据库，第一次执行命令时建立。",
            "There is none yet; the first command makes it.",
        ),
        Ok(Some(found)) if found.read_only => Finding::problem(
            NAME,
            format!("{} 只能读取。请改用可写的主服务器。", found.engine),
            format!("{} is read-only. Give the address of the server that takes writes.", found.engine),
        ),
        Ok(Some(DatabaseLook { engine, structure, newest, .. })) => {
            let at = structure.unwrap_or(0);
            match at == newest {
                true => Finding::ok(
                    NAME,
                    format!("{engine}，结构为第 {at} 版，是最新的。"),
                    format!("{engine}, structure {at}, which is the newest."),
                ),
                false => Finding::ok(
                    NAME,
                    format!("{engine}，结构为第 {at} 版，下一条命令会升到第 {newest} 版；请先备份。"),
                    format!(
                        "{engine}, structure {at}; the next command brings it to {newest}. Make a backup before."
                    ),
                ),
            }
        }
    }
}

const BLOBS: &str = "blobs";

async fn blobs(data: &Data) -> Finding {
    let Some(url) = &data.blobs else { return folder(&data.folder.join(BLOBS)) };
    if let Some(given) = url.folder() {
        return folder(&given);
    }
    match look::bucket(url).await {
        Ok(()) => Finding::ok(BLOBS, format!("{url} 可以读写。"), format!("{url} can be read and written.")),
        Err(error) => match report::store(Some(data), &error) {
            Some(told) => Finding::told(Level::Problem, BLOBS, &told),
            None => Finding::problem(
                BLOBS,
                format!("{url} 不能使用：{error}。"),
                format!("{url} cannot be used: {error}."),
            ),
        },
    }
}

fn folder(blobs: &Path) -> Finding {
    const NAME: &str = BLOBS;
    // Where nothing is yet the folder around it has to be writable.
    let place = nearest(blobs);
    let shown = place.display();
    match tempfile::NamedTempFile::new_in(&place).and_then(|file| file.as_file().sync_all()) {
        Ok(()) if place == blobs => {
            Finding::ok(NAME, format!("{shown} 可以写入。"), format!("{shown} can be written."))
        }
        Ok(()) => Finding::ok(
            NAME,
            format!("还没有 {}，第一次执行命令时建立。", blobs.display()),
            format!("There is no {} yet; the first command makes it.", blobs.display()),
        ),
        Err(error) => Finding::problem(
            NAME,
            format!("{shown} 不能写入：{error}。请检查权限和磁盘，或另指定一个目录。"),
            format!(
                "{shown} cannot be written: {error}. Check permissions and disk, or give another folder."
            ),
        ),
    }
}

/// The path itself, or the nearest above it that is there.
fn nearest(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let there = path.ancestors().find(|path| path.exists()).map(Path::to_owned);
    there.unwrap_or(path)
}

fn disk(folder: &Path) -> Finding {
    const NAME: &str = "disk";
    let place = nearest(folder);
    let shown = place.display();
    let space = match rustix::fs::statvfs(&place) {
        Ok(space) => space,
        Err(error) => {
            return Finding::problem(
                NAME,
                format!("{shown} 的剩余空间无法得知：{error}。"),
                format!("How much room {shown} has cannot be told: {error}."),
            );
        }
    };
    let free = space.f_bavail.saturating_mul(space.f_frsize);
    let gib = free as f64 / GIB as f64;
    let level = match free {
        0..ROOM_LEFT => Level::Problem,
        ROOM_LEFT..ROOM => Level::Warning,
        _ => Level::Ok,
    };
    let (zh, en) = match level {
        Level::Ok => ("", ""),
        _ => ("请腾出空间或换一个磁盘。", " Make room, or move to a larger disk."),
    };
    Finding::new(
        level,
        NAME,
        format!("{shown} 剩余 {gib:.1} GiB。{zh}"),
        format!("{shown} has {gib:.1} GiB left.{en}"),
    )
}

fn clock(found: &Result<Option<DatabaseLook>, StoreError>) -> Finding {
    const NAME: &str = "clock";
    let now = SystemTime::now();
    let since = now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    if since < EARLIEST {
        return Finding::problem(
            NAME,
            "本机时间不对，比本程序还早。请用 NTP（如 systemd-timesyncd、chrony）校时。",
            "This machine's clock is wrong: it is before this program was made. Set it by NTP (systemd-timesyncd, chrony).",
        );
    }
    let Some(theirs) = found.as_ref().ok().and_then(Option::as_ref).and_then(|found| found.clock) else {
        return Finding::ok(NAME, "本机时间正常。", "This machine's clock is plausible.");
    };
    let apart = now.duration_since(theirs).unwrap_or_else(|error| error.duration());
    let level = match apart {
        apart if apart > CLOCKS_APART => Level::Problem,
        apart if apart > CLOCKS => Level::Warning,
        _ => Level::Ok,
    };
    let seconds = apart.as_secs_f64();
    let (zh, en) = match level {
        Level::Ok => ("", ""),
        _ => ("请在两台机器上用 NTP 校时。", " Set both machines' clocks by NTP."),
    };
    Finding::new(
        level,
        NAME,
        format!("与数据库的时间相差 {seconds:.1} 秒。{zh}"),
        format!("It differs by {seconds:.1} s from the database's.{en}"),
    )
}

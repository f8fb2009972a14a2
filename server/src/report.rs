//! What a person is told when a command fails: one plain sentence, what to do, and a stable code, in their
//! language. What a running server has to say goes to its log.

use std::io::ErrorKind;

use evolume_model::code::Code;
use evolume_model::search::QueryError;
use evolume_server::config::{Data, NoPdfium};
use evolume_server::http::ServeError;
use evolume_server::ocr::OcrError;
use evolume_server::people::PeopleError;
use evolume_server::store::{Fault, StoreError};
use evolume_server::transfer::BackupError;

/// What a command itself finds wrong.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    #[error("the data folder {} cannot be opened", data.folder.display())]
    Data { data: Data, source: StoreError },
    #[error("no volume is called {0}")]
    NoVolume(String),
    #[error("several volumes are called {0}")]
    ManyVolumes(String),
    #[error("there is no case {0}")]
    NoCase(String),
    #[error("no material is called {0}")]
    NoMaterial(String),
    #[error("several materials are called {0}")]
    ManyMaterials(String),
    #[error("{0} is no member of the case")]
    NoMember(String),
    #[error("this was not withheld")]
    NotWithheld,
    #[error("{0} was not searched")]
    Unindexed(String),
}

/// In which language somebody is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    Chinese,
    English,
}

impl Language {
    /// By the environment, as every program on a terminal goes by it.
    pub fn of_environment() -> Self {
        let mut set =
            ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(|name| std::env::var(name).ok());
        Self::of(set.find(|value| !value.is_empty()).as_deref())
    }

    fn of(locale: Option<&str>) -> Self {
        if locale.is_some_and(|locale| locale.starts_with("zh")) { Self::Chinese } else { Self::English }
    }
}

/// Says on stderr why a command failed.
pub fn tell(error: &anyhow::Error) {
    let told = Told::of(error);
    // More than the sentence is for who looks for the cause.
    tracing::debug!(code = told.code, "{error:#}");
    eprintln!("{}", told.in_language(Language::of_environment()));
}

pub struct Told {
    code: &'static str,
    chinese: String,
    english: String,
}

impl Told {
    fn new(code: &'static str, chinese: impl Into<String>, english: impl Into<String>) -> Self {
        Self { code, chinese: chinese.into(), english: english.into() }
    }

    pub fn in_language(&self, language: Language) -> String {
        match language {
            Language::Chinese => format!("{}［{}］", self.chinese, self.code),
            Language::English => format!("{} [{}]", self.english, self.code),
        }
    }

    fn of(error: &anyhow::Error) -> Self {
        for cause in error.chain() {
            let told = None
                .or_else(|| cause.downcast_ref().map(command))
                .or_else(|| cause.downcast_ref().and_then(people))
                .or_else(|| cause.downcast_ref().map(serve))
                .or_else(|| cause.downcast_ref().and_then(|error| store(None, error)))
                .or_else(|| cause.downcast_ref().and_then(backup))
                .or_else(|| cause.downcast_ref().map(ocr))
                .or_else(|| cause.downcast_ref().map(query))
                .or_else(|| cause.downcast_ref().map(|NoPdfium| pdfium()));
            if let Some(told) = told {
                return told;
            }
        }
        unexpected(&format!("{error:#}"))
    }
}

fn unexpected(cause: &str) -> Told {
    Told::new(
        "command.failed",
        format!("命令没有完成：{cause}。可用 EVOLUME_LOG=debug 再执行一次以查看详情。"),
        format!("The command did not finish: {cause}. Run it again with EVOLUME_LOG=debug for more."),
    )
}

fn command(error: &CommandError) -> Told {
    match error {
        CommandError::Data { data, source } => {
            store(Some(data), source).unwrap_or_else(|| unexpected(&format!("{error}: {source}")))
        }
        CommandError::NoVolume(name) => Told::new(
            "volume.unknown",
            format!("没有名为“{name}”的卷。用 evolume list 查看全部案卷。"),
            format!("No volume is called {name}. `evolume list` shows all of them."),
        ),
        CommandError::ManyVolumes(name) => Told::new(
            "volume.ambiguous",
            format!("名为“{name}”的卷不止一个。请改用卷的编号，用 evolume list 可查到。"),
            format!("Several volumes are called {name}. Give the id, which `evolume list` shows."),
        ),
        CommandError::NoCase(number) => Told::new(
            "case.unknown",
            format!("没有案号为“{number}”的案件。用 evolume list 查看全部案件。"),
            format!("There is no case {number}. `evolume list` shows all of them."),
        ),
        CommandError::NoMaterial(name) => Told::new(
            "material.unknown",
            format!("卷内没有名为“{name}”的材料。"),
            format!("No material of the volume is called {name}."),
        ),
        CommandError::ManyMaterials(name) => Told::new(
            "material.ambiguous",
            format!("卷内名为“{name}”的材料不止一份。请改用材料的编号。"),
            format!("Several materials of the volume are called {name}. Give the id."),
        ),
        CommandError::NoMember(login) => Told::new(
            "member.unknown",
            format!("“{login}”在本案没有这个身份。"),
            format!("{login} does not have this role in the case."),
        ),
        CommandError::NotWithheld => {
            Told::new("withheld.unknown", "此项原本就没有限制知悉。", "This was not withheld from this role.")
        }
        CommandError::Unindexed(title) => Told::new(
            Code::SearchUnindexed.as_str(),
            format!("“{title}”没有被检索：缺少本版本的索引。执行 evolume index 即可生成。"),
            format!("{title} was not searched: it has no index of this version. `evolume index` makes it."),
        ),
    }
}

fn people(error: &PeopleError) -> Option<Told> {
    let (chinese, english) = match error {
        PeopleError::Length => ("密码须为 8 至 128 个字符。", "A password has 8 to 128 characters."),
        PeopleError::Common => (
            "这个密码太常见，或包含登录名、姓名。请换一个，例如一句自己的话。",
            "This password is easily guessed, or holds the login or the name. Take another, such as a sentence.",
        ),
        PeopleError::Login => {
            ("登录名须为 1 至 64 个字符，且不含空格。", "A login has 1 to 64 characters and no spaces.")
        }
        PeopleError::Taken => ("这个登录名已被使用。", "Another person has this login."),
        PeopleError::Name => ("姓名须为 1 至 40 个字。", "A name has 1 to 40 characters on one line."),
        PeopleError::Unknown => (
            "没有这个登录名。用 evolume user list 查看全部用户。",
            "Nobody has this login. `evolume user list` shows everybody.",
        ),
        PeopleError::Store(error) => return store(None, error),
        PeopleError::Wrong
        | PeopleError::Locked(_)
        | PeopleError::Code
        | PeopleError::Busy
        | PeopleError::Hashing(_) => return None,
    };
    Some(Told::new(error.code().as_str(), chinese, english))
}

fn serve(error: &ServeError) -> Told {
    let ServeError::Listen { host, port, source } = error else {
        return match error {
            ServeError::Sample => Told::new(
                "sample.exposed",
                "--sample-users 只能在本机（127.0.0.1）上使用：示例用户不需要密码。",
                "--sample-users is for loopback (127.0.0.1) only: sample users need no password.",
            ),
            _ => unexpected(&error.to_string()),
        };
    };
    match source.kind() {
        ErrorKind::AddrInUse => Told::new(
            "port.in_use",
            format!("端口 {port} 已被占用。请先停止占用它的程序，或用 --port 换一个端口。"),
            format!("Port {port} is in use. Stop the program that uses it, or choose another with --port."),
        ),
        ErrorKind::PermissionDenied => Told::new(
            "port.forbidden",
            format!("没有权限使用端口 {port}。请用 --port 换一个 1024 以上的端口。"),
            format!("Port {port} may not be used by you. Choose one above 1024 with --port."),
        ),
        _ => Told::new(
            "host.unusable",
            format!("不能在 {host}:{port} 上监听：{source}。请检查 --host 是否是本机的地址。"),
            format!(
                "Cannot listen on {host}:{port}: {source}. Check that --host is an address of this machine."
            ),
        ),
    }
}

pub fn store(data: Option<&Data>, error: &StoreError) -> Option<Told> {
    let (zh, en) = match data {
        Some(data) => {
            let folder = data.folder.display();
            (format!("数据目录 {folder} "), format!("The data folder {folder} "))
        }
        None => ("数据目录".to_owned(), "The data folder ".to_owned()),
    };
    let (blobs_zh, blobs_en) = match data.and_then(|data| data.blobs.as_ref()) {
        Some(url) => (format!("对象存储 {url} "), format!("The blob store {url} ")),
        None => ("对象存储".to_owned(), "The blob store ".to_owned()),
    };
    let (database_zh, database_en) = match data.and_then(|data| data.database.as_ref()) {
        Some(url) => (format!("数据库 {url} "), format!("The database {url} ")),
        None => ("数据库".to_owned(), "The database ".to_owned()),
    };
    if let Some(told) = whole_store(error) {
        return Some(told);
    }
    Some(match error.fault() {
        Fault::Forbidden => Told::new(
            "data.forbidden",
            format!("{zh}不能读写。请检查它的权限，或用 --data 指定另一个目录。"),
            format!("{en}cannot be read and written. Check its permissions, or give another with --data."),
        ),
        Fault::Full => Told::new(
            "data.full",
            format!("{zh}所在的磁盘已满。请腾出空间后再试。"),
            format!("{en}lies on a disk that is full. Make room and try again."),
        ),
        Fault::Newer => Told::new(
            "data.newer",
            format!("{database_zh}由更新版本的 evolume 写成。请用那个版本或更新的版本打开。"),
            format!(
                "{database_en}was written by a newer version of evolume. Open it with that version or a newer one."
            ),
        ),
        Fault::Corrupt => Told::new(
            "data.corrupt",
            format!("{database_zh}已损坏。请从备份恢复。"),
            format!("{database_en}is damaged. Restore it from a backup."),
        ),
        Fault::Locked => Told::new(
            "data.locked",
            format!("{zh}正被另一个程序占用。请稍后再试。"),
            format!("{en}is in use by another program. Try again later."),
        ),
        Fault::Unreachable => Told::new(
            "database.unreachable",
            format!("{database_zh}无法连接，没有及时应答，或没有空闲的连接。请检查它是否在运行，然后再试。"),
            format!(
                "{database_en}cannot be reached, does not answer, or has no connection left. Check that it runs, and try again."
            ),
        ),
        Fault::Denied => Told::new(
            "database.denied",
            format!("{database_zh}拒绝访问：{error}。请检查用户、密码和数据库名。"),
            format!(
                "{database_en}refuses access: {error}. Check the user, the password and the database's name."
            ),
        ),
        Fault::ReadOnly => Told::new(
            "database.read_only",
            format!("{database_zh}只能读取。请改用可写的主服务器。"),
            format!("{database_en}is read-only. Give the address of the server that takes writes."),
        ),
        Fault::Address => Told::new(
            "database.address",
            "数据库地址的写法不对。写成 sqlite:路径 或 postgres://用户@主机:端口/库名。",
            "The database's address is not right. Write sqlite:PATH or postgres://USER@HOST:PORT/NAME.",
        ),
        Fault::BlobsAddress => Told::new(
            "blobs.address",
            "文件存储地址的写法不对。写成目录，或 s3://存储桶/前缀。",
            "The address of the blobs is not right. Write a folder, or s3://BUCKET/PREFIX.",
        ),
        Fault::BlobsUnreachable => Told::new(
            "blobs.unreachable",
            format!("{blobs_zh}无法连接，没有及时应答，或暂时不能提供服务。请检查它是否在运行，然后再试。"),
            format!(
                "{blobs_en}cannot be reached, does not answer, or cannot serve now. Check that it runs, and try again."
            ),
        ),
        Fault::BlobsDenied => Told::new(
            "blobs.denied",
            format!("{blobs_zh}拒绝访问。请检查密钥，以及读取、写入、列出和删除对象的权限。"),
            format!(
                "{blobs_en}refuses access. Check the keys, and the rights to read, write, list and delete objects."
            ),
        ),
        Fault::Credentials => Told::new(
            "blobs.credentials",
            "没有可用的对象存储密钥。请设置 AWS_ACCESS_KEY_ID 和 AWS_SECRET_ACCESS_KEY，或写入 ~/.aws/credentials。",
            "There are no keys for the blob store. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or write them into ~/.aws/credentials.",
        ),
        Fault::NoBucket => Told::new(
            "blobs.no_bucket",
            format!("{blobs_zh}所在的存储桶不存在。请先建立它，或检查地址。"),
            format!("{blobs_en}lies in a bucket that does not exist. Make it first, or check the address."),
        ),
        Fault::Encoding => Told::new(
            "database.encoding",
            format!(
                "{database_zh}的编码不是 UTF8，不能保存全部汉字。请用 createdb -E UTF8 -T template0 新建一个。"
            ),
            format!(
                "{database_en}does not have the encoding UTF8 and cannot hold every character. Make one with `createdb -E UTF8 -T template0`."
            ),
        ),
        Fault::Other => match error.code() {
            code @ (Code::BlobMissing | Code::BlobCorrupt | Code::ManifestFormat) => Told::new(
                code.as_str(),
                format!("{zh}里有文件丢失或损坏：{error}。执行 evolume verify 可以查出是哪些。"),
                format!("{en}has lost or damaged files: {error}. `evolume verify` shows which."),
            ),
            Code::NotFound => Told::new("volume.unknown", "没有这个卷。", "There is no such volume."),
            _ => return None,
        },
    })
}

/// What commands say that work on all of a store.
fn whole_store(error: &StoreError) -> Option<Told> {
    Some(match error {
        StoreError::Collecting => Told::new(
            "data.busy",
            "正在清理无用文件，或正在复制、备份。请等它结束后再试；若它已被强行终止，请等十分钟。",
            "Unnamed files are being removed, or a copy or a backup is being made. Try again when that has ended; where it was killed, in ten minutes.",
        ),
        StoreError::Occupied => Told::new(
            "data.occupied",
            "目标已有其他内容，没有写入。请给出一个新的目录和数据库。",
            "The target holds something else; nothing was written. Give a new folder and a new database.",
        ),
        StoreError::HalfCopied => Told::new(
            "data.half_copied",
            "这里的复制或恢复还没有完成。请再执行一次同样的 evolume copy 或 evolume restore。",
            "A copy or a restore into this has not ended. Run the same `evolume copy` or `evolume restore` again.",
        ),
        StoreError::CopyDiffers => Told::new(
            "data.copy_differs",
            "复制出的数据库与原来的不一致，没有采用。请再执行一次。",
            "The copy of the database differs from the database and was not kept. Run the command again.",
        ),
        StoreError::LeaseLost => Told::new(
            "data.lease_lost",
            "处理中断过久，已存的文件可能已被清理，没有写入卷宗。请再执行一次。",
            "The work was interrupted for so long that what it had stored may have been removed; nothing was published. Run the command again.",
        ),
        _ => return None,
    })
}

fn backup(error: &BackupError) -> Option<Told> {
    Some(match error {
        BackupError::Store(error) => return store(None, error),
        BackupError::None => Told::new(
            "backup.none",
            "这个目录里没有完整的备份。请检查路径，或再执行一次 evolume backup。",
            "There is no whole backup in this folder. Check the path, or run `evolume backup` again.",
        ),
        BackupError::Occupied => Told::new(
            "backup.occupied",
            "这个目录里有其他文件，或是另一套系统的备份，没有写入。请给出一个空目录。",
            "This folder has other files, or another installation's backup; nothing was written. Give an empty folder.",
        ),
        BackupError::Format(format) => Told::new(
            "backup.newer",
            format!("备份的格式 {format} 由更新版本的 evolume 写成。请用那个版本或更新的版本。"),
            format!(
                "The backup's format {format} is of a newer version of evolume. Use that version or a newer one."
            ),
        ),
        BackupError::Damaged(names) => Told::new(
            "backup.damaged",
            format!(
                "备份里有 {} 个文件丢失或损坏：{}。请换一份备份，或从原处再备份一次。",
                names.len(),
                names.join("、")
            ),
            format!(
                "{} files of the backup are lost or damaged: {}. Take another backup, or back up again.",
                names.len(),
                names.join(", ")
            ),
        ),
    })
}

pub fn ocr(error: &OcrError) -> Told {
    let code = error.code();
    match code {
        Code::OcrMissing => Told::new(
            code.as_str(),
            "没有找到 Tesseract，扫描页未识别。请安装 tesseract-ocr，或用 --tesseract 指定它的位置。",
            "Tesseract was not found, so scans were not read. Install tesseract-ocr, or say with --tesseract where it is.",
        ),
        Code::OcrLanguage => Told::new(
            code.as_str(),
            format!("Tesseract 缺少语言数据，扫描页未识别：{error}。"),
            format!("Tesseract lacks language data, so scans were not read: {error}."),
        ),
        _ => Told::new(
            code.as_str(),
            format!("识别程序出错：{error}。"),
            format!("The OCR program failed: {error}."),
        ),
    }
}

fn query(error: &QueryError) -> Told {
    let code = error.code();
    let (chinese, english) = match code {
        Code::SearchPages => {
            ("页码写法不对。写成 3、3-9、3- 或 -9。", "The pages are not right. Write 3, 3-9, 3- or -9.")
        }
        Code::SearchDate => (
            "日期写法不对。写成 A..B，例如 2023-05..2023-07。",
            "The dates are not right. Write A..B, like 2023-05..2023-07.",
        ),
        Code::SearchCategory => ("没有这个材料类别。", "There is no such category of materials."),
        _ => (
            "检索词为空或写法不对。请写出要找的文字。",
            "There is nothing to look for. Write the words that you want to find.",
        ),
    };
    Told::new(code.as_str(), chinese, english)
}

pub fn pdfium() -> Told {
    Told::new(
        "pdfium.missing",
        "没有找到 libpdfium.so。请用 --pdfium 或环境变量 EVOLUME_PDFIUM 指定它，或把它放在程序旁边。",
        "libpdfium.so was not found. Give it with --pdfium or EVOLUME_PDFIUM, or put it beside the program.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_locale_decides_the_language() {
        for locale in ["zh_CN.UTF-8", "zh", "zh-TW"] {
            assert_eq!(Language::of(Some(locale)), Language::Chinese, "{locale}");
        }
        for locale in [Some("C.UTF-8"), Some("en_US.UTF-8"), Some(""), None] {
            assert_eq!(Language::of(locale), Language::English, "{locale:?}");
        }
    }

    #[test]
    fn the_cause_is_found_under_what_was_put_around_it() {
        let source = std::io::Error::from(ErrorKind::AddrInUse);
        let error = anyhow::Error::new(ServeError::Listen { host: "127.0.0.1".into(), port: 8080, source });
        let told = Told::of(&error.context("something around it"));
        assert_eq!(
            told.in_language(Language::Chinese),
            "端口 8080 已被占用。请先停止占用它的程序，或用 --port 换一个端口。［port.in_use］"
        );
        assert!(told.in_language(Language::English).starts_with("Port 8080 is in use."));
        let told = Told::of(&anyhow::anyhow!("nobody expects this"));
        assert!(told.english.contains("nobody expects this") && told.code == "command.failed");
    }
}

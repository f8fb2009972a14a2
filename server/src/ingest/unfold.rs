//! A file that is given may hold others, and those again: an archive, a letter, a PDF with files attached. Here they
//! come out in order, each with where it came from. What they hold is taken out by the child.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use evolume_model::code::Code;
use evolume_model::volume::{Blob, Origin};
use tempfile::TempDir;

use super::error::IngestError;
use super::format::Format;
use super::sidecar::{self, Entry, Given};
use crate::office::Charset;
use crate::pdfium::Pool;
use crate::pdfium::protocol::Request;
use crate::store::Store;
use crate::unpack::{Allowance, Container, Member, Out, Unpacked, names};

/// A larger file is refused.
const FILE_LIMIT: u64 = 8 << 30;
/// Containers within containers.
const DEPTH: usize = 4;

/// One file that was given or came out of one.
pub struct Item {
    /// The file, and the transcript that goes with it.
    pub entry: Entry,
    /// What it is, or why it is not taken.
    pub what: Result<What, IngestError>,
    /// Its bytes in the store, where they are there.
    pub original: Option<Blob>,
    /// Where it was found.
    pub origin: Option<Origin>,
    /// Where its page lies until it is in the volume.
    _folder: Option<Arc<TempDir>>,
}

/// What is done with a file.
pub enum What {
    /// It becomes a material.
    Material {
        /// By its bytes.
        format: Format,
        /// The page that stands for it, in HTML.
        page: Option<PathBuf>,
        /// Files attached to it.
        attachments: u32,
    },
    /// It was only around others, which follow.
    Opened,
}

/// What unfolding needs to know.
#[derive(Clone, Copy)]
pub struct Unfolding<'a> {
    pub store: &'a Store,
    pub pool: &'a Pool,
    pub passwords: &'a [String],
    pub encoding: Option<Charset>,
}

/// Where an entry is found.
#[derive(Clone, Default)]
struct Inside {
    origin: Option<Origin>,
    depth: usize,
}

impl Unfolding<'_> {
    /// The file and everything in it.
    pub async fn unfold(self, entry: Entry) -> Vec<Item> {
        let (mut allowance, mut items) = (Allowance::default(), Vec::new());
        self.one(entry, Inside::default(), &mut allowance, &mut items).await;
        items
    }

    async fn one(self, entry: Entry, inside: Inside, allowance: &mut Allowance, items: &mut Vec<Item>) {
        let (original, format) = self.receive(&entry.file, inside.origin.is_some()).await;
        let mut opened = Opened::default();
        let what = match (format, &original) {
            (Ok(format), Some(blob)) => {
                let opening = self.open(&entry.file, format, blob, &inside, allowance, &mut opened).await;
                opening.map(|()| match format {
                    Format::Container(Container::Archive) => What::Opened,
                    _ => What::Material {
                        format,
                        page: opened.page.take(),
                        attachments: if format == Format::Pdf { opened.entries.len() as u32 } else { 0 },
                    },
                })
            }
            (Ok(_), None) => Err(std::io::Error::other("nothing is stored").into()),
            (Err(error), _) => Err(error),
        };
        // Its bytes are in the store; its page lies in the folder of what was in it.
        let (depth, folder) = (inside.depth + 1, opened.folder);
        items.push(Item { entry, what, original, origin: inside.origin, _folder: folder.clone() });
        for (member, origin) in opened.entries {
            let inside = Inside { origin: Some(origin), depth };
            match member {
                Ok(entry) => Box::pin(self.one(entry, inside, allowance, items)).await,
                Err((file, code)) => items.push(Item {
                    entry: Entry { file, transcript: None },
                    what: Err(IngestError::Refused { code, cause: String::new() }),
                    original: None,
                    origin: inside.origin,
                    _folder: None,
                }),
            }
        }
    }

    /// Stores the original once its format is known to be taken; a member's in any case.
    async fn receive(self, file: &Given, member: bool) -> (Option<Blob>, Result<Format, IngestError>) {
        let format = recognise(file).await;
        let readable = |code| !matches!(code, Code::FileUnreadable | Code::FileTooLarge);
        let keep = match &format {
            Ok(_) => true,
            Err(IngestError::Refused { code, .. }) => member && readable(*code),
            Err(_) => false,
        };
        if !keep {
            return (None, format);
        }
        match self.store.put_file(&file.path).await {
            Ok(blob) => (Some(blob), format),
            Err(error) => (None, Err(error.into())),
        }
    }

    /// Takes out what is in it.
    async fn open(
        self,
        file: &Given,
        format: Format,
        blob: &Blob,
        inside: &Inside,
        allowance: &mut Allowance,
        opened: &mut Opened,
    ) -> Result<(), IngestError> {
        let container = match format {
            Format::Container(container) => Some(container),
            Format::Pdf => None,
            _ => return Ok(()),
        };
        if inside.depth >= DEPTH {
            let cause = "too deep in other containers".to_owned();
            // A PDF is read; what is attached to it there is not.
            return match container {
                Some(_) => Err(IngestError::Refused { code: Code::ContainerTooDeep, cause }),
                None => Ok(()),
            };
        }
        let folder = Arc::new(tempfile::tempdir_in(self.store.scratch())?);
        let request = Request::Unpack {
            path: std::path::absolute(&file.path)?,
            container,
            passwords: self.passwords.to_vec(),
            encoding: self.encoding.map(|charset| charset.name().to_owned()),
            out: folder.path().to_owned(),
            allowance: *allowance,
        };
        let unpacked = match self.pool.lease(None).await.unpack(request).await {
            Ok(unpacked) => unpacked,
            Err(error) if container.is_none() => {
                // Why it cannot be opened is found out where it becomes a material.
                tracing::info!(%error, "nothing is taken out of a PDF");
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        };
        if container.is_none() && unpacked.members.is_empty() {
            return Ok(());
        }
        opened.page = unpacked.page.then(|| Out::page_file(folder.path()));
        spend(allowance, &unpacked, folder.path()).await?;
        opened.entries = self.entries(file, blob, inside, unpacked.members, folder.path()).await;
        opened.folder = Some(folder);
        Ok(())
    }

    /// The members as files, transcripts with their recordings; and where each was.
    async fn entries(
        self,
        file: &Given,
        blob: &Blob,
        inside: &Inside,
        members: Vec<Member>,
        folder: &Path,
    ) -> Vec<Found> {
        let origin = |name: &Path| {
            let path = name.strip_prefix(&file.name).unwrap_or(name).to_string_lossy().into_owned();
            match &inside.origin {
                Some(outer) => Origin { path: format!("{}/{path}", outer.path), ..outer.clone() },
                None => Origin { container: blob.clone(), file_name: names::of_path(&file.name), path },
            }
        };
        let given = |(number, member): (usize, Member)| {
            let file = Given { path: Out::file(folder, number), name: file.name.join(&member.path) };
            (file, member.problem)
        };
        let all: Vec<(Given, Option<Code>)> = members.into_iter().enumerate().map(given).collect();
        let there: Vec<Given> =
            all.iter().filter(|(_, problem)| problem.is_none()).map(|(file, _)| file.clone()).collect();
        let mut entries = sidecar::entries(&there, self.encoding).await.into_iter().peekable();
        let mut found = Vec::new();
        for (file, problem) in all {
            let origin = origin(&file.name);
            if let Some(code) = problem {
                found.push((Err((file, code)), origin));
            } else if let Some(entry) = entries.next_if(|entry| entry.file.path == file.path) {
                found.push((Ok(entry), origin));
            }
        }
        found
    }
}

/// A member, or why it is not there; and where it was.
type Found = (Result<Entry, (Given, Code)>, Origin);

#[derive(Default)]
struct Opened {
    page: Option<PathBuf>,
    entries: Vec<Found>,
    folder: Option<Arc<TempDir>>,
}

/// What the child says is counted again.
async fn spend(allowance: &mut Allowance, unpacked: &Unpacked, folder: &Path) -> Result<(), IngestError> {
    let refused = |code, cause: &str| IngestError::Refused { code, cause: cause.to_owned() };
    let count = u32::try_from(unpacked.members.len()).unwrap_or(u32::MAX);
    let left = allowance.members.checked_sub(count);
    allowance.members = left.ok_or_else(|| refused(Code::ContainerTooMany, "too many files in it"))?;
    for (number, member) in unpacked.members.iter().enumerate() {
        if member.problem.is_none() {
            let file = tokio::fs::symlink_metadata(Out::file(folder, number)).await?;
            // A link would have the server read what the child was not given.
            if !file.is_file() {
                return Err(refused(Code::ContainerLink, "a link where a file should be"));
            }
            let left = allowance.bytes.checked_sub(file.len());
            allowance.bytes =
                left.ok_or_else(|| refused(Code::ContainerTooLarge, "too much comes out of it"))?;
        }
    }
    Ok(())
}

async fn recognise(file: &Given) -> Result<Format, IngestError> {
    let unreadable =
        |error: std::io::Error| IngestError::Refused { code: Code::FileUnreadable, cause: error.to_string() };
    let refused = |code: Code| IngestError::Refused { code, cause: String::new() };
    let length = tokio::fs::metadata(&file.path).await.map_err(unreadable)?.len();
    if length == 0 {
        return Err(refused(Code::FileEmpty));
    }
    if length > FILE_LIMIT {
        return Err(refused(Code::FileTooLarge));
    }
    Ok(Format::recognise(&file.path, &file.name).await?)
}

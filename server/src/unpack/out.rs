//! Where the members of a container go, and how many and how much of them.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use evolume_model::code::Code;
use serde::{Deserialize, Serialize};

use super::names;
use crate::refusal::Refusal;

/// What may still come out of a file that was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allowance {
    /// Files.
    pub members: u32,
    /// Bytes.
    pub bytes: u64,
}

impl Default for Allowance {
    fn default() -> Self {
        Self { members: 5_000, bytes: 16 << 30 }
    }
}

/// A file inside of a container.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Where it stood; only to be shown.
    pub path: String,
    /// Why its bytes are not there; otherwise they are in the folder, under the member's number.
    pub problem: Option<Code>,
}

/// What was in a container.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unpacked {
    /// In order.
    pub members: Vec<Member>,
    /// Whether it has a page of its own, which is HTML.
    pub page: bool,
}

/// A folder that is being filled.
pub struct Out {
    folder: PathBuf,
    allowance: Allowance,
    unpacked: Unpacked,
}

impl Out {
    /// Nothing is in it yet.
    pub fn new(folder: &Path, allowance: Allowance) -> Self {
        Self { folder: folder.to_owned(), allowance, unpacked: Unpacked::default() }
    }

    /// What is in it.
    pub fn finish(self) -> Unpacked {
        self.unpacked
    }

    /// Where a member's bytes are.
    pub fn file(folder: &Path, number: usize) -> PathBuf {
        folder.join(number.to_string())
    }

    /// Where a letter's page is.
    pub fn page_file(folder: &Path) -> PathBuf {
        folder.join("page.html")
    }

    /// The letter itself, for the eyes.
    pub fn page(&mut self, html: &str) -> Result<(), Refusal> {
        let written = std::fs::write(Self::page_file(&self.folder), html);
        self.unpacked.page = true;
        written.map_err(Refusal::with(Code::ServerInternal))
    }

    /// A member that cannot be taken out.
    pub fn refuse(&mut self, path: &str, code: Code) -> Result<(), Refusal> {
        self.count()?;
        self.unpacked.members.push(Member { path: names::clean(path), problem: Some(code) });
        Ok(())
    }

    /// Another member. What was written of one that broke off is taken away again, so that another password can be
    /// tried.
    pub fn put(&mut self, path: &str, content: &mut dyn Read) -> Result<(), PutError> {
        self.count().map_err(PutError::Refused)?;
        let target = Self::file(&self.folder, self.unpacked.members.len());
        let mut file = File::create(&target).map_err(PutError::disk)?;
        let copied = copy(content, &mut file, self.allowance.bytes);
        match copied {
            Ok(bytes) => {
                self.allowance.bytes -= bytes;
                self.unpacked.members.push(Member { path: names::clean(path), problem: None });
                Ok(())
            }
            Err(error) => {
                std::fs::remove_file(&target).map_err(PutError::disk)?;
                Err(error)
            }
        }
    }

    /// The same of bytes that are in memory already.
    pub fn put_bytes(&mut self, path: &str, mut bytes: &[u8]) -> Result<(), Refusal> {
        self.put(path, &mut bytes).map_err(|error| match error {
            PutError::Refused(refusal) => refusal,
            PutError::Broken(error) => Refusal::new(Code::ContainerDamaged, error),
        })
    }

    fn count(&self) -> Result<(), Refusal> {
        let room = self.unpacked.members.len() < self.allowance.members as usize;
        room.then_some(()).ok_or_else(|| Refusal::new(Code::ContainerTooMany, "too many files in it"))
    }
}

/// Why a member was not put there.
#[derive(Debug)]
pub enum PutError {
    /// All of the container is refused.
    Refused(Refusal),
    /// Its own bytes cannot be read.
    Broken(io::Error),
}

impl PutError {
    fn disk(error: io::Error) -> Self {
        Self::Refused(Refusal::new(Code::ServerInternal, error))
    }
}

fn copy(content: &mut dyn Read, file: &mut File, limit: u64) -> Result<u64, PutError> {
    let (mut buffer, mut all) = (vec![0; 1 << 16], 0);
    loop {
        let count = match content.read(&mut buffer) {
            Ok(0) => return Ok(all),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(PutError::Broken(error)),
        };
        all += count as u64;
        if all > limit {
            return Err(PutError::Refused(Refusal::new(Code::ContainerTooLarge, "too much comes out of it")));
        }
        file.write_all(&buffer[..count]).map_err(PutError::disk)?;
    }
}

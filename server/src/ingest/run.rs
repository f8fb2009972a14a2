//! A run: files into a volume in their order, one manifest after each.

use std::path::{Path, PathBuf};

use evolume_model::code::Code;
use evolume_model::text::PageText;
use evolume_model::volume::{Blob, Manifest, Material, Scan, ScanState};
use futures::StreamExt;
use serde::Serialize;

use super::error::IngestError;
use super::files::title_of;
use super::format::Format;
use super::index;
use super::material::{self, Received};
use super::sidecar::{self, Entry};
use crate::ids;
use crate::pdfium::{Limits, Pool};
use crate::rights::{Act, Permit};
use crate::store::{Store, StoreError, sha256};

/// A larger file is refused.
const FILE_LIMIT: u64 = 8 << 30;
/// Files in work at once; they share the children.
const FILES_AT_ONCE: usize = 2;

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It is in the volume.
    Ok,
    /// The file is not one that Evolume takes.
    Refused,
    /// Something else went wrong; again may help.
    Failed,
}

/// One file's outcome, as printed with `--json`.
#[derive(Clone, Debug, Serialize)]
pub struct Outcome {
    /// As given.
    pub file: String,
    /// What became of it.
    pub status: Status,
    /// Why not, or what is amiss with it.
    pub code: Option<Code>,
    /// Pages in the volume.
    pub pages: u32,
    /// Pages of it that could not be read.
    pub broken: u32,
}

/// What is to be taken in, and where it goes.
#[derive(Clone, Copy, Debug)]
pub struct Intake<'a> {
    /// Id of the volume.
    pub volume: &'a str,
    /// In order.
    pub files: &'a [PathBuf],
    /// To be tried on what is locked.
    pub passwords: &'a [String],
    /// Whether a file that the volume has already becomes one more material of it. Otherwise it is known by its
    /// bytes, so that a run that broke off can be begun again.
    pub again: bool,
}

/// Tells the caller how it goes.
pub trait Watch: Sync {
    /// A page is done.
    fn page(&self, file: &Path, done: u32, all: u32);
    /// A file is done.
    fn file(&self, outcome: &Outcome);
}

/// Brings files into a volume; in order, a manifest after each.
pub async fn run(
    store: &Store,
    limits: Limits,
    intake: Intake<'_>,
    watch: &dyn Watch,
) -> Result<Vec<Outcome>, StoreError> {
    let permit = &Permit::server(Act::Ingest);
    let pool = Pool::new(limits);
    let entries = sidecar::entries(intake.files).await;
    let mut prepared = futures::stream::iter(&entries)
        .map(|entry| prepare(store, permit, &pool, intake, entry, watch))
        .buffered(FILES_AT_ONCE);
    let mut outcomes = Vec::new();
    let mut rest = entries.iter();
    while let (Some(result), Some(entry)) = (prepared.next().await, rest.next()) {
        let result = match result {
            Ok(material) => publish(store, permit, intake, material).await.map_err(IngestError::from),
            Err(error) => Err(error),
        };
        let taken = result.is_ok();
        let mut report = |outcome: Outcome| {
            watch.file(&outcome);
            outcomes.push(outcome);
        };
        report(outcome(&entry.path, result));
        if let Some((path, said)) = entry.transcript.as_ref().filter(|_| taken) {
            let code = said.as_ref().err().copied();
            let status = if code.is_none() { Status::Ok } else { Status::Refused };
            report(Outcome { file: path.display().to_string(), status, code, pages: 0, broken: 0 });
        }
    }
    Ok(outcomes)
}

fn outcome(path: &Path, result: Result<Material, IngestError>) -> Outcome {
    let file = path.display().to_string();
    match result {
        Ok(material) => Outcome {
            file,
            status: Status::Ok,
            code: material.lacks_fonts().then_some(Code::FontMissing),
            pages: material.pages.len() as u32,
            broken: material.pages.iter().filter(|page| page.problem.is_some()).count() as u32,
        },
        Err(error) => {
            tracing::warn!(%file, %error, "not ingested");
            let (status, code) = match error {
                IngestError::Refused { code: Code::IngestAborted, .. } => {
                    (Status::Failed, Code::IngestAborted)
                }
                IngestError::Refused { code, .. } => (Status::Refused, code),
                _ => (Status::Failed, Code::ServerInternal),
            };
            Outcome { file, status, code: Some(code), pages: 0, broken: 0 }
        }
    }
}

async fn prepare(
    store: &Store,
    permit: &Permit,
    pool: &Pool,
    intake: Intake<'_>,
    entry: &Entry,
    watch: &dyn Watch,
) -> Result<Material, IngestError> {
    let path = entry.path.as_path();
    let transcript = entry.transcript.as_ref().and_then(|(_, said)| said.as_ref().ok());
    let (original, format) = receive(store, path).await?;
    let (_, mut manifest) = store.manifest_of(permit, intake.volume).await?;
    let known = known(&mut manifest, intake, &original);
    // What is said in a recording may come later, or better.
    let said = transcript.map(serde_json::to_vec).transpose().map_err(std::io::Error::from)?;
    let said = said.map(|json| sha256(&json));
    let same = |known: &Material| {
        let there = known.recording.as_ref().and_then(|recording| recording.transcript.as_ref());
        said.is_none() || there.map(|blob| &blob.sha256) == said.as_ref()
    };
    if let Some(known) = known.filter(|known| same(known)) {
        // An older program made no index, or another one, and did not look for scans.
        if known.searchable().is_none() {
            known.index = Some(index::make(store, permit, known).await?);
        }
        note_scans(known);
        return Ok(known.clone());
    }
    let file_name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let file = Received {
        id: ids::random(),
        title: title_of(path),
        file_name,
        path: store.local(permit, &original.sha256)?,
        original,
        format,
        passwords: intake.passwords.to_vec(),
        transcript: transcript.cloned(),
    };
    material::material(store, permit, pool, &file, &|done, all| watch.page(path, done, all)).await
}

/// Stores the original once its format is known to be taken.
async fn receive(store: &Store, path: &Path) -> Result<(Blob, Format), IngestError> {
    let unreadable =
        |error: std::io::Error| IngestError::Refused { code: Code::FileUnreadable, cause: error.to_string() };
    let refused = |code: Code| IngestError::Refused { code, cause: String::new() };
    let length = tokio::fs::metadata(path).await.map_err(unreadable)?.len();
    if length == 0 {
        return Err(refused(Code::FileEmpty));
    }
    if length > FILE_LIMIT {
        return Err(refused(Code::FileTooLarge));
    }
    let format = Format::recognise(path).await?;
    let blob = store.put_file(path).await?;
    Ok((blob, format))
}

/// Adds the material to the volume's newest manifest, or what is new in it to the one that is there already.
async fn publish(
    store: &Store,
    permit: &Permit,
    intake: Intake<'_>,
    material: Material,
) -> Result<Material, StoreError> {
    let add = async |manifest: &mut Manifest| {
        let Some(known) = known(manifest, intake, &material.original) else {
            manifest.materials.push(material.clone());
            return Ok::<_, StoreError>(material.clone());
        };
        if known.recording != material.recording {
            *known = Material { id: known.id.clone(), ..material.clone() };
        }
        if known.searchable().is_none() {
            known.index.clone_from(&material.index);
        }
        note_scans(known);
        Ok(known.clone())
    };
    store.revise(permit, intake.volume, add).await
}

/// The material that the volume has of these bytes. The manifest says so itself, and `revise` looks and adds in one
/// step: two runs at once cannot both add it.
fn known<'a>(manifest: &'a mut Manifest, intake: Intake<'_>, original: &Blob) -> Option<&'a mut Material> {
    let materials = manifest.materials.iter_mut().filter(|_| !intake.again);
    materials.into_iter().find(|material| material.original.sha256 == original.sha256)
}

/// Pages without a text that nobody has looked at are to be read by OCR.
fn note_scans(material: &mut Material) {
    if material.recording.is_some() {
        return;
    }
    let empty = PageText::default().encode().len();
    let has_text = |index: u32| material.text_of(index).is_some_and(|(_, range)| range.len() > empty);
    let unread: Vec<usize> = (0..material.pages.len())
        .filter(|at| {
            let page = &material.pages[*at];
            page.scan.is_none() && page.problem.is_none() && !has_text(*at as u32)
        })
        .collect();
    for at in unread {
        material.pages[at].scan = Some(Scan::new(ScanState::Pending));
    }
}

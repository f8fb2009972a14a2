//! A run: files into a volume in their order, one manifest after each.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use evolume_model::code::Code;
use evolume_model::text::PageText;
use evolume_model::volume::{Blob, Manifest, Material, Origin, Scan, ScanState};
use futures::StreamExt;
use serde::Serialize;

use super::error::IngestError;
use super::files::title_of;
use super::index;
use super::material::{self, Received};
use super::sidecar::{self, Given};
use super::unfold::{Item, Unfolding, What};
use crate::ids;
use crate::office::Charset;
use crate::pdfium::{Limits, Pool};
use crate::rights::{Act, Permit};
use crate::store::{Store, StoreError, sha256};
use crate::unpack::names;

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
    /// The encoding of texts and names, where somebody chose one.
    pub encoding: Option<Charset>,
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
    // What comes out of a container may wait for days for its turn.
    let store = store.working().await?;
    let outcomes = take_in(&store, limits, intake, watch).await;
    store.done().await;
    outcomes
}

async fn take_in(
    store: &Store,
    limits: Limits,
    intake: Intake<'_>,
    watch: &dyn Watch,
) -> Result<Vec<Outcome>, StoreError> {
    let permit = &Permit::server(Act::Ingest);
    let pool = Pool::new(limits);
    let given: Vec<Given> = intake.files.iter().map(Given::from).collect();
    let entries = sidecar::entries(&given, intake.encoding).await;
    let unfolding = Unfolding { store, pool: &pool, passwords: intake.passwords, encoding: intake.encoding };
    let prepared = futures::stream::iter(entries)
        .then(|entry| unfolding.unfold(entry))
        .flat_map(futures::stream::iter)
        .map(async |mut item| {
            let result = prepare(store, permit, &pool, intake, &mut item, watch).await;
            (item, result)
        })
        .buffered(FILES_AT_ONCE);
    let mut prepared = std::pin::pin!(prepared);
    let mut outcomes = Vec::new();
    while let Some((item, result)) = prepared.next().await {
        let result = match result {
            Ok(Some(material)) => {
                publish(store, permit, intake, material).await.map(Some).map_err(IngestError::from)
            }
            other => other,
        };
        let taken = result.is_ok();
        let mut report = |outcome: Outcome| {
            watch.file(&outcome);
            outcomes.push(outcome);
        };
        report(outcome(&item.entry.file.name, &result));
        // What this one met, each that follows would meet after as long a wait. Another run takes in what is left.
        match result {
            Err(IngestError::Store(error)) if error.may_pass() => return Err(error),
            Err(IngestError::Io(error)) if error.kind() == ErrorKind::StorageFull => return Err(error.into()),
            _ => {}
        }
        if let Some((name, said)) = item.entry.transcript.as_ref().filter(|_| taken) {
            let code = said.as_ref().err().copied();
            let status = if code.is_none() { Status::Ok } else { Status::Refused };
            report(Outcome { file: names::shown(name), status, code, pages: 0, broken: 0 });
        }
    }
    Ok(outcomes)
}

fn outcome(name: &Path, result: &Result<Option<Material>, IngestError>) -> Outcome {
    let file = names::shown(name);
    match result {
        Ok(None) => Outcome { file, status: Status::Ok, code: None, pages: 0, broken: 0 },
        Ok(Some(material)) => {
            // It has a page for its place only.
            let closed = material::closed(material);
            let status =
                if closed.is_none_or(|code| code == Code::FileEmpty) { Status::Ok } else { Status::Refused };
            Outcome {
                file,
                status,
                code: closed.or(material.lacks_fonts().then_some(Code::FontMissing)),
                pages: material.pages.len() as u32,
                broken: material.pages.iter().filter(|page| page.problem.is_some()).count() as u32,
            }
        }
        Err(error) => {
            tracing::warn!(%file, %error, "not ingested");
            let code = error.code();
            let refused = matches!(error, IngestError::Refused { .. }) && code != Code::IngestAborted;
            let status = if refused { Status::Refused } else { Status::Failed };
            Outcome { file, status, code: Some(code), pages: 0, broken: 0 }
        }
    }
}

/// The material of a file; none where it was only around others.
async fn prepare(
    store: &Store,
    permit: &Permit,
    pool: &Pool,
    intake: Intake<'_>,
    item: &mut Item,
    watch: &dyn Watch,
) -> Result<Option<Material>, IngestError> {
    let name = item.entry.file.name.as_path();
    let what = std::mem::replace(&mut item.what, Ok(What::Opened));
    if let Ok(What::Opened) = what {
        return Ok(None);
    }
    let Some(original) = &item.original else { return what.map(|_| None) };
    let transcript = item.entry.transcript.as_ref().and_then(|(_, said)| said.as_ref().ok());
    let (_, mut manifest) = store.manifest_of(permit, intake.volume).await?;
    let known = known(&mut manifest, intake, original, item.origin.as_ref());
    // What is said in a recording may come later, or better.
    let said = transcript.map(serde_json::to_vec).transpose().map_err(std::io::Error::from)?;
    let said = said.map(|json| sha256(&json));
    let same = |known: &Material| {
        let there = known.recording.as_ref().and_then(|recording| recording.transcript.as_ref());
        material::closed(known).is_none()
            && (said.is_none() || there.map(|blob| &blob.sha256) == said.as_ref())
    };
    if let Some(known) = known.filter(|known| same(known)) {
        // An older program made no index, or another one, and did not look for scans.
        if known.searchable().is_none() {
            known.index = Some(index::make(store, permit, known).await?);
        }
        note_scans(known);
        return Ok(Some(known.clone()));
    }
    let file_name = names::of_path(name);
    let mut file = Received {
        id: ids::random(),
        title: title_of(&file_name),
        file_name,
        origin: item.origin.clone(),
        path: store.local(permit, &original.sha256).await?,
        original: original.clone(),
        passwords: intake.passwords.to_vec(),
        encoding: intake.encoding,
        page: None,
        attachments: 0,
        transcript: transcript.cloned(),
    };
    let made = match what {
        Ok(What::Material { format, page, attachments }) => {
            file.page = page;
            file.attachments = attachments;
            material::material(store, permit, pool, &file, format, &|done, all| watch.page(name, done, all))
                .await
        }
        Ok(What::Opened) => return Ok(None),
        Err(error) => Err(error),
    };
    match made {
        // What came in a container keeps its place there: nobody can give it anew by itself.
        Err(IngestError::Refused { code, cause }) if item.origin.is_some() => {
            tracing::warn!(file = %names::shown(name), %code, %cause, "only its place is taken in");
            material::place(store, permit, &file, code).await.map(Some)
        }
        made => made.map(Some),
    }
}

/// Adds the material to the volume's newest manifest, or what is new in it to the one that is there already.
async fn publish(
    store: &Store,
    permit: &Permit,
    intake: Intake<'_>,
    material: Material,
) -> Result<Material, StoreError> {
    let add = async |manifest: &mut Manifest| {
        let Some(known) = known(manifest, intake, &material.original, material.origin.as_ref()) else {
            manifest.materials.push(material.clone());
            return Ok::<_, StoreError>(material.clone());
        };
        if known.recording != material.recording || material::closed(known).is_some() {
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
/// step: two runs at once cannot both add it. The same bytes at another place of a container are another one.
fn known<'a>(
    manifest: &'a mut Manifest,
    intake: Intake<'_>,
    original: &Blob,
    origin: Option<&Origin>,
) -> Option<&'a mut Material> {
    let place = |origin: &'_ Origin| (origin.container.sha256.clone(), origin.path.clone());
    let materials = manifest.materials.iter_mut().filter(|_| !intake.again);
    materials.into_iter().find(|material| {
        material.original.sha256 == original.sha256
            && material.origin.as_ref().map(place) == origin.map(place)
    })
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

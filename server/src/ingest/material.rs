//! One file into one material: pages, sheets, parts.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::Relaxed;

use evolume_model::category::Category;
use evolume_model::code::Code;
use evolume_model::fonts::{Face, Region};
use evolume_model::geometry::{PageRect, Rotation};
use evolume_model::navigation::{Link, MAX_LINKS, Navigation};
use evolume_model::text::PageText;
use evolume_model::transcript::Transcript;
use evolume_model::volume::{
    Blob, Material, NavigationBlob, Origin, OutlineItem, Page, PageImage, Part, Playable, Recording,
    SHEET_PAGES, Scan, ScanState, Sheet, TextOrigin, Unseen,
};
use futures::stream::{StreamExt, TryStreamExt};

use super::error::IngestError;
use super::format::Format;
use super::recording::{self, Container};
use super::{fonts, index, playable, repair, sheets};
use crate::office::{Charset, Inside, LibreOffice, Office};
use crate::pdfium::protocol::{Heard, PageData, Request};
use crate::pdfium::{CallError, Lease, Pool, Source};
use crate::pictures;
use crate::refusal::Refusal;
use crate::rights::Permit;
use crate::store::{LocalBlob, Store};

/// Pages a part has at most; a block of them is one unit of work.
const BLOCK: u32 = 2 * SHEET_PAGES;
/// Bytes a part of several pages should not exceed.
const PART_BYTES: usize = 1 << 20;
/// A file with more pages is refused.
const PAGE_LIMIT: u32 = 100_000;
/// After so many pages that took too long, the others of the file are not tried.
const TIMEOUTS: u32 = 20;
/// A4, for pages whose size nobody knows.
const FALLBACK: (f32, f32) = (595., 842.);

/// A file that is stored and recognised, on its way to a material.
pub struct Received {
    /// The material's id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Name of the file.
    pub file_name: String,
    /// In the store.
    pub original: Blob,
    /// Where it was found.
    pub origin: Option<Origin>,
    /// The page that stands for it, in HTML.
    pub page: Option<PathBuf>,
    /// Files attached to it.
    pub attachments: u32,
    /// The stored bytes as a local file.
    pub path: LocalBlob,
    /// Passwords to try.
    pub passwords: Vec<String>,
    /// The encoding of a text, where somebody chose one.
    pub encoding: Option<Charset>,
    /// What is said in it, when it is a recording that came with that.
    pub transcript: Option<Transcript>,
}

struct Block {
    pages: Vec<Page>,
    sheets: Vec<Sheet>,
    parts: Vec<Part>,
    links: Vec<Link>,
    /// Asked for while its pages were drawn.
    fonts: BTreeSet<Face>,
}

struct Job<'a> {
    store: &'a Store,
    pool: &'a Pool,
    source: Source,
    /// The original as a part, or the PDF made of it, when a browser could open it.
    fallback: Option<Blob>,
    /// The file itself as the page's image.
    as_is: Option<PageImage>,
    /// Pages that are known not to be readable.
    broken: Vec<u32>,
    /// Pages that took too long.
    timeouts: AtomicU32,
}

/// Derives everything and returns the material; calls `progress` with pages done and all pages.
pub async fn material(
    store: &Store,
    permit: &Permit,
    pool: &Pool,
    file: &Received,
    format: Format,
    progress: &(dyn Fn(u32, u32) + Sync),
) -> Result<Material, IngestError> {
    let scratch = tempfile::tempdir_in(store.scratch())?;
    let mut as_is = None;
    let mut broken = Vec::new();
    let mut converted = None;
    let mut media_type = format.media_type();
    let mut unseen = Unseen { attachments: file.attachments, ..Unseen::default() };
    let mut recording = None;
    // What the source's path stands for.
    let mut local = None;
    let path = match format {
        Format::Pdf => file.path.to_path_buf(),
        Format::Office(_) | Format::Sealed | Format::Container(_) => {
            let kind = if let Format::Office(office) = format { Some(office) } else { None };
            let (pdf, inside) = match &file.page {
                Some(page) => {
                    (to_pdf(pool, scratch.path(), Office::Html, page, None).await?, Inside::default())
                }
                None => office(pool, scratch.path(), kind, file).await?,
            };
            if let (Format::Sealed, Some(office)) = (format, inside.office) {
                media_type = office.media_type();
            }
            unseen.hidden_sheets = inside.hidden_sheets;
            let blob = store.put(pdf).await?;
            let local = local.insert(store.local(permit, &blob.sha256).await?);
            converted = Some(blob);
            local.to_path_buf()
        }
        Format::Recording(container) => {
            let (heard, made) = record(store, pool, file, container, scratch.path()).await?;
            media_type = container.media_type(heard.video);
            let out = scratch.path().join("poster.pdf");
            tokio::fs::write(&out, recording::poster(heard.video, &heard.peaks)).await?;
            recording = Some(made);
            out
        }
        Format::Image(format) => {
            let (out, wrapped) = pictures::wrap(pool, scratch.path(), &file.path, format).await?;
            broken = wrapped.broken;
            as_is = wrapped.as_is.map(|(width_px, height_px)| PageImage {
                blob: file.original.clone(),
                media_type: media_type.to_owned(),
                width_px,
                height_px,
                rect: PageRect::default(),
                reduced: false,
            });
            out
        }
    };
    let mut source = Source { path, passwords: file.passwords.clone() };
    let opened = pool.lease(Some(&source)).await.open(&source).await;
    let refused = |code: Code| format == Format::Pdf && repair::may_help(code);
    let repaired = matches!(&opened, Err(CallError::Refused { code, .. }) if refused(*code));
    let opened = match opened {
        Err(refusal) if repaired => {
            let (mended, opened) = repair::opened(pool, scratch.path(), &source, refusal).await?;
            let blob = store.put_file(&mended).await?;
            source.path = local.insert(store.local(permit, &blob.sha256).await?).to_path_buf();
            converted = Some(blob);
            opened
        }
        opened => opened?,
    };
    if opened.pages > PAGE_LIMIT {
        return Err(IngestError::Refused { code: Code::FileTooLarge, cause: "too many pages".to_owned() });
    }
    let pdf = (format == Format::Pdf && !opened.locked).then_some(&file.original);
    let job = Job {
        store,
        pool,
        source,
        fallback: converted.as_ref().or(pdf).cloned(),
        as_is,
        broken,
        timeouts: AtomicU32::new(0),
    };
    let done = AtomicU32::new(0);
    let tick = || {
        let before = done.fetch_add(1, Relaxed);
        progress(before + 1, opened.pages);
    };
    let small = |pdf: &Blob| opened.pages <= BLOCK && pdf.bytes <= PART_BYTES as u64;
    let whole = job.fallback.clone().filter(small);
    let blocks: Vec<Block> = futures::stream::iter((0..opened.pages).step_by(BLOCK as usize))
        .map(|first| {
            let count = BLOCK.min(opened.pages - first);
            block(&job, first, count, whole.is_none(), &tick)
        })
        .buffered(4)
        .try_collect()
        .await?;
    let mut material = Material {
        id: file.id.clone(),
        title: file.title.clone(),
        category: Category::propose(&file.title),
        original: file.original.clone(),
        media_type: media_type.to_owned(),
        file_name: file.file_name.clone(),
        origin: file.origin.clone(),
        unseen,
        converted,
        repaired,
        recording,
        pages: Vec::new(),
        parts: Vec::new(),
        sheets: Vec::new(),
        outline: Vec::new(),
        navigation: None,
        index: None,
        fonts: Vec::new(),
    };
    let outline = opened.outline.into_iter().map(|(title, level, page)| OutlineItem { title, level, page });
    let mut faces = BTreeSet::new();
    let mut navigation = Navigation { outline: outline.collect(), links: Vec::new() };
    for block in blocks {
        material.pages.extend(block.pages);
        material.sheets.extend(block.sheets);
        material.parts.extend(block.parts);
        faces.extend(block.fonts);
        let room = MAX_LINKS - navigation.links.len();
        navigation.links.extend(block.links.into_iter().take(room));
    }
    if let Some(blob) = whole {
        material.parts = vec![Part { first: 0, count: opened.pages, offset: 0, blob, fonts: vec![] }];
    }
    // What was cut out has been asked for its fonts; the whole file may want any of them.
    faces.extend(material.parts.iter().flat_map(|part| &part.fonts));
    for part in material.parts.iter_mut().filter(|part| job.fallback.as_ref() == Some(&part.blob)) {
        part.fonts = faces.iter().copied().collect();
    }
    material.fonts = fonts::make(store, permit, &pool.limits().fonts, &material, faces).await?;
    if !navigation.is_empty() {
        let json = serde_json::to_vec(&navigation).map_err(std::io::Error::from)?;
        let blob = store.put(json).await?;
        material.navigation = Some(NavigationBlob { blob, outline: navigation.outline.len() as u32 });
    }
    if material.recording.is_some() {
        // There is nothing on its page for OCR to read; what is said is its text.
        material.pages.iter_mut().for_each(|page| page.scan = None);
        let text = file.transcript.as_ref().map(|said| recording::page_text(said).encode());
        for sheet in &mut material.sheets {
            sheets::put_texts(store, permit, sheet, |at| text.as_deref().filter(|_| at == 0)).await?;
        }
    }
    material.index = Some(index::make(store, permit, &material).await?);
    Ok(material)
}

/// The PDF of an office document, and what was found in it before.
async fn office(
    pool: &Pool,
    scratch: &Path,
    kind: Option<Office>,
    file: &Received,
) -> Result<(Vec<u8>, Inside), IngestError> {
    let out = scratch.join("prepared");
    let inside = match kind.filter(|office| !office.is_looked_into()) {
        Some(_) => Inside { office: kind, ..Inside::default() },
        None => {
            let request = Request::Prepare {
                path: file.path.to_path_buf(),
                office: kind,
                passwords: file.passwords.clone(),
                out: out.clone(),
            };
            pool.lease(None).await.prepare(request).await?
        }
    };
    let unknown = || Refusal::new(Code::OfficeDamaged, "what kind it is was not found out");
    let office = inside.office.ok_or_else(unknown)?;
    let path: &Path = if inside.changed { &out } else { &file.path };
    Ok((to_pdf(pool, scratch, office, path, file.encoding).await?, inside))
}

async fn to_pdf(
    pool: &Pool,
    scratch: &Path,
    office: Office,
    path: &Path,
    encoding: Option<Charset>,
) -> Result<Vec<u8>, IngestError> {
    let libre_office = LibreOffice { confined: pool.confined(), soffice: &pool.limits().soffice, encoding };
    Ok(libre_office.convert(scratch, office, path).await?)
}

/// A material that only keeps the place of a file which is not taken: one page, which says why.
pub async fn place(
    store: &Store,
    permit: &Permit,
    file: &Received,
    code: Code,
) -> Result<Material, IngestError> {
    let (width, height) = FALLBACK;
    let rotation = Rotation::None;
    let page = Page {
        width,
        height,
        rotation,
        label: None,
        image: None,
        problem: Some(code),
        scan: None,
        text: None,
    };
    let mut material = Material {
        id: file.id.clone(),
        title: file.title.clone(),
        category: Category::propose(&file.title),
        original: file.original.clone(),
        media_type: "application/octet-stream".to_owned(),
        file_name: file.file_name.clone(),
        origin: file.origin.clone(),
        unseen: Unseen::default(),
        converted: None,
        repaired: false,
        recording: None,
        pages: vec![page],
        parts: Vec::new(),
        sheets: vec![sheets::pack(store, &[None]).await?],
        outline: Vec::new(),
        navigation: None,
        index: None,
        fonts: Vec::new(),
    };
    material.index = Some(index::make(store, permit, &material).await?);
    Ok(material)
}

/// Why a material is only the place of its file.
pub fn closed(material: &Material) -> Option<Code> {
    match (&material.origin, material.pages.as_slice()) {
        (Some(_), [page]) if material.parts.is_empty() => page.problem,
        _ => None,
    }
}

/// What is heard in a recording, and what of it goes into the manifest.
async fn record(
    store: &Store,
    pool: &Pool,
    file: &Received,
    container: Container,
    scratch: &Path,
) -> Result<(Heard, Recording), IngestError> {
    let copied = match container.demuxer() {
        Some(demuxer) => playable::copy(pool, scratch, demuxer, &file.path).await?,
        None => None,
    };
    let sound = copied.as_ref().map_or(&*file.path, |copy| &copy.sound);
    let heard = match pool.lease(None).await.listen(sound).await {
        Ok(heard) => heard,
        Err(error) if container.is_plain() && matches!(error, CallError::Refused { .. }) => {
            return Err(error.into());
        }
        // A browser may know more kinds of them.
        Err(error) => {
            tracing::info!(%error, "the recording is taken without its length");
            Heard { video: container.is_film(), ..Heard::default() }
        }
    };
    let heard = Heard { video: copied.as_ref().map_or(heard.video, |copy| copy.video), ..heard };
    let json = |value: serde_json::Result<Vec<u8>>| value.map_err(std::io::Error::from);
    let waveform = match heard.peaks.as_slice() {
        [] => None,
        peaks => Some(store.put(json(serde_json::to_vec(peaks))?).await?),
    };
    let transcript = match &file.transcript {
        Some(transcript) => Some(store.put(json(serde_json::to_vec(transcript))?).await?),
        None => None,
    };
    let playable = match copied {
        Some(copy) => {
            let media_type = Container::Matroska.media_type(copy.video).to_owned();
            Some(Playable { blob: store.put_file(&copy.file).await?, media_type })
        }
        None => None,
    };
    let recording = Recording { video: heard.video, seconds: heard.seconds, waveform, transcript, playable };
    Ok((heard, recording))
}

async fn block(
    job: &Job<'_>,
    first: u32,
    count: u32,
    cut: bool,
    tick: &(dyn Fn() + Sync),
) -> Result<Block, IngestError> {
    let mut lease = job.pool.lease(Some(&job.source)).await;
    let mut block = Block {
        pages: Vec::new(),
        sheets: Vec::new(),
        parts: Vec::new(),
        links: Vec::new(),
        fonts: BTreeSet::new(),
    };
    let mut data = Vec::new();
    for index in first..first + count {
        let (page, derived) = one_page(job, &mut lease, index).await?;
        block.pages.push(page);
        let links = derived.iter().flat_map(|data| &data.links);
        block.links.extend(links.map(|(rect, target)| Link {
            page: index,
            rect: *rect,
            target: target.clone(),
        }));
        block.fonts.extend(derived.iter().flat_map(|data| &data.fonts));
        data.push(derived);
        tick();
    }
    if cut {
        let mut at = 0;
        while at < data.len() {
            let run = data[at..].iter().take_while(|page| page.is_some()).count();
            let start = first + at as u32;
            parts(job, &mut lease, start, &data[at..at + run], &mut block.parts).await?;
            at += run.max(1);
        }
    }
    drop(lease);
    for sheet in data.chunks(SHEET_PAGES as usize) {
        block.sheets.push(sheets::pack(job.store, sheet).await?);
    }
    Ok(block)
}

async fn one_page(
    job: &Job<'_>,
    lease: &mut Lease<'_>,
    index: u32,
) -> Result<(Page, Option<PageData>), IngestError> {
    let result = if job.broken.contains(&index) {
        let cause = "nothing could read it when the file was opened".to_owned();
        Err(CallError::Refused { code: Code::PageBroken, cause })
    } else if job.timeouts.load(Relaxed) < TIMEOUTS {
        lease.page(&job.source, index).await
    } else {
        Err(CallError::Timeout)
    };
    let mut data = match result {
        Ok(data) => data,
        Err(error) => {
            tracing::warn!(page = index + 1, %error, "page cannot be read");
            if matches!(error, CallError::Timeout) {
                job.timeouts.fetch_add(1, Relaxed);
            }
            let problem = Some(error.page_code());
            let (width, height) = FALLBACK;
            let rotation = Rotation::None;
            let page =
                Page { width, height, rotation, label: None, image: None, problem, scan: None, text: None };
            return Ok((page, None));
        }
    };
    let mut image = None;
    if let Some(as_is) = &job.as_is {
        let rect = PageRect::new(0., 0., data.width, data.height);
        image = Some(PageImage { rect, ..as_is.clone() });
    } else if let Some(found) = data.image.take() {
        image = Some(PageImage {
            blob: job.store.put(found.bytes).await?,
            media_type: found.media_type,
            width_px: found.width,
            height_px: found.height,
            rect: found.rect,
            reduced: found.reduced,
        });
    }
    let page = Page {
        width: data.width,
        height: data.height,
        rotation: Rotation::try_from(data.rotation).unwrap_or_default(),
        label: data.label.clone(),
        image: image.map(Box::new),
        problem: None,
        // What is not yet read is the rest of such a page.
        text: (data.scan.is_some() && !PageText::says_nothing(&data.text)).then_some(TextOrigin::Pdf),
        // A blank page has been read: there is nothing on it.
        scan: data.scan.map(|ink| Scan::new(if ink { ScanState::Pending } else { ScanState::Read })),
    };
    Ok((page, Some(data)))
}

/// Cuts a run greedily by size.
async fn parts(
    job: &Job<'_>,
    lease: &mut Lease<'_>,
    first: u32,
    pages: &[Option<PageData>],
    out: &mut Vec<Part>,
) -> Result<(), IngestError> {
    let count = pages.len() as u32;
    let end = first + count;
    let (mut at, mut wanted) = (first, count);
    // Only the pages have been asked whether PDFium's own fonts do for them.
    let with_european = |at: u32, run: u32, mut fonts: Vec<Face>| {
        let pages = pages[(at - first) as usize..(at - first + run) as usize].iter().flatten();
        let faces = pages.flat_map(|page| &page.fonts).filter(|face| face.region == Region::Europe);
        let faces: BTreeSet<Face> = faces.copied().collect();
        fonts.extend(faces);
        fonts
    };
    while at < end {
        let run = wanted.clamp(1, end - at);
        let result = lease.part(&job.source, at, run).await;
        match result {
            Ok((bytes, ..)) if bytes.len() > PART_BYTES && run > 1 => {
                let share = u64::from(run) * PART_BYTES as u64 / bytes.len() as u64;
                wanted = (share as u32).clamp(1, run - 1);
                continue;
            }
            Ok((bytes, true, fonts)) => {
                let (blob, fonts) = (job.store.put(bytes).await?, with_european(at, run, fonts));
                out.push(Part { first: at, count: run, offset: 0, blob, fonts });
            }
            Ok(_) | Err(CallError::Refused { .. } | CallError::Timeout | CallError::Crashed(_))
                if run > 1 =>
            {
                wanted = run / 2;
                continue;
            }
            Ok((bytes, false, fonts)) => match &job.fallback {
                Some(original) => {
                    tracing::info!(page = at + 1, "its part looks different: the original serves");
                    original_part(original, at, run, out);
                }
                None => {
                    let (blob, fonts) = (job.store.put(bytes).await?, with_european(at, run, fonts));
                    out.push(Part { first: at, count: run, offset: 0, blob, fonts });
                }
            },
            Err(error) => {
                tracing::warn!(page = at + 1, %error, "no part can be cut");
                if let Some(original) = &job.fallback {
                    original_part(original, at, run, out);
                }
            }
        }
        at += run;
    }
    Ok(())
}

/// Neighbouring pages that the original serves make one part.
fn original_part(original: &Blob, first: u32, count: u32, out: &mut Vec<Part>) {
    match out.last_mut() {
        Some(last) if last.blob == *original && last.first + last.count == first => last.count += count,
        _ => out.push(Part { first, count, offset: first, blob: original.clone(), fonts: vec![] }),
    }
}

//! A reader's own PDF becomes a volume of one material, as ingest would make it, without a server. The file itself
//! is the one part; it is drawn from without previews.

use evolume_model::category::Category;
use evolume_model::code::Code;
use evolume_model::geometry::Rotation;
use evolume_model::navigation::{Link, MAX_LINKS, Navigation};
use evolume_model::search::{SCHEMA_VERSION, Writer};
use evolume_model::text::PageText;
use evolume_model::volume::{
    Blob, MANIFEST_FORMAT, Manifest, Material, NavigationBlob, OutlineItem, Page, Part, SHEET_PAGES,
    SearchIndex, Sheet, THUMB_HEIGHT, THUMB_WIDTH, Unseen, VolumeClass,
};
use evolume_pdf::CropBox;
use pdfium_render::prelude::*;
use sha2::{Digest, Sha256};

use super::simplified::Simplified;

/// Stands in for a page that has no size.
const BLANK: (f32, f32) = (595., 842.);

/// A page in small, RGBA.
pub struct Thumb {
    /// Pixels.
    pub width: u32,
    /// Pixels.
    pub height: u32,
    /// In rows from above.
    pub rgba: Vec<u8>,
}

/// An open PDF and what is known of it.
pub struct File {
    document: PdfDocument<'static>,
    manifest: Manifest,
    links: Vec<Link>,
    texts: Vec<Vec<u8>>,
    index: Option<Writer>,
}

impl File {
    /// Opens it and measures its pages. `sha256` is of `bytes`.
    pub fn open(bytes: Vec<u8>, sha256: String, name: String, password: Option<&str>) -> Result<Self, Code> {
        let original = Blob { sha256, bytes: bytes.len() as u64 };
        let pdfium: &'static Pdfium = Box::leak(Box::default());
        let document = match pdfium.load_pdf_from_byte_vec(bytes, password) {
            Ok(document) if !document.pages().is_empty() => document,
            Err(PdfiumError::PdfiumLibraryInternalError(PdfiumInternalError::PasswordError)) => {
                let given = password.is_some();
                return Err(if given { Code::PdfPasswordWrong } else { Code::PdfPasswordRequired });
            }
            _ => return Err(Code::PdfDamaged),
        };
        let pages: Vec<Page> = (0..document.pages().len()).map(|index| measure(&document, index)).collect();
        let id = format!("local-{}", original.sha256.get(..32).unwrap_or_default());
        let title = name.trim_end_matches(".pdf").trim_end_matches(".PDF").to_owned();
        let material = Material {
            id: id.clone(),
            title: title.clone(),
            category: Category::Other,
            original: original.clone(),
            media_type: "application/pdf".into(),
            file_name: name,
            parts: vec![Part {
                first: 0,
                count: pages.len() as u32,
                offset: 0,
                blob: original,
                fonts: Vec::new(),
            }],
            pages,
            sheets: Vec::new(),
            outline: Vec::new(),
            navigation: None,
            origin: None,
            unseen: Unseen::default(),
            converted: None,
            repaired: false,
            recording: None,
            index: None,
            fonts: Vec::new(),
        };
        let manifest = Manifest {
            format: MANIFEST_FORMAT,
            volume: id,
            revision: 1,
            case_number: title,
            case_title: String::new(),
            title: String::new(),
            class: VolumeClass::Main,
            materials: vec![material],
            bundle: None,
            unread: None,
        };
        let index = Some(Writer::new().map_err(|_| Code::SearchFailed)?);
        Ok(Self { document, manifest, links: Vec::new(), texts: Vec::new(), index })
    }

    /// Number of pages.
    pub fn pages(&self) -> u32 {
        self.manifest.page_count() as u32
    }

    /// What is known so far.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Reads a page's text and links; pages come in order.
    pub fn read(&mut self, index: u32) -> Result<(), Code> {
        let mut text = PageText::default();
        if let Ok(mut page) = evolume_pdf::page(&self.document, index as PdfPageIndex)
            && let Ok(rotation) = evolume_pdf::rotation(&page)
        {
            let crop = CropBox::of(&page, rotation);
            // Links are lost when fields and notes become content.
            let links = evolume_pdf::links(&page, &crop);
            evolume_pdf::flatten(&mut page);
            (text, _) = evolume_pdf::text(&page, &crop);
            let room = MAX_LINKS - self.links.len().min(MAX_LINKS);
            self.links.extend(links.into_iter().take(room).map(|(rect, target)| Link {
                page: index,
                rect,
                target,
            }));
        }
        let writer = self.index.as_mut().ok_or(Code::SearchFailed)?;
        writer.add(text.as_str()).map_err(|_| Code::SearchFailed)?;
        self.texts.push(if text.is_empty() { Vec::new() } else { text.encode() });
        Ok(())
    }

    /// All pages are read: names texts, links and index in the manifest, and answers these blobs.
    pub fn finish(&mut self) -> Result<Vec<(String, Vec<u8>)>, Code> {
        let writer = self.index.take().ok_or(Code::SearchFailed)?;
        let index = keep(writer.finish().map_err(|_| Code::SearchFailed)?);
        let entries = evolume_pdf::outline(&self.document, &Simplified::default()).into_iter();
        let outline: Vec<_> =
            entries.map(|(title, level, page)| OutlineItem { title, level, page }).collect();
        let navigation = Navigation { outline, links: std::mem::take(&mut self.links) };
        let Some(material) = self.manifest.materials.first_mut() else { return Ok(Vec::new()) };
        material.index = Some(SearchIndex { schema: SCHEMA_VERSION, blob: blob(&index), at: None });
        let mut blobs = vec![index];
        if !navigation.is_empty() {
            let outline = navigation.outline.len() as u32;
            let json = keep(serde_json::to_vec(&navigation).map_err(|_| Code::ManifestFormat)?);
            material.navigation = Some(NavigationBlob { blob: blob(&json), outline });
            blobs.push(json);
        }
        for texts in std::mem::take(&mut self.texts).chunks(SHEET_PAGES as usize) {
            let mut pack = Vec::new();
            let ends = texts.iter().map(|text| {
                pack.extend_from_slice(text);
                pack.len() as u32
            });
            let text_ends = ends.collect();
            let pack = keep(pack);
            let none = Blob { sha256: String::new(), bytes: 0 };
            material.sheets.push(Sheet {
                previews: none.clone(),
                preview_ends: Vec::new(),
                texts: blob(&pack),
                text_ends,
                thumbs: none,
            });
            blobs.push(pack);
        }
        self.manifest.revision += 1;
        Ok(blobs)
    }

    /// A page in small, as displayed.
    pub fn thumb(&self, index: u32) -> Option<Thumb> {
        let page = evolume_pdf::page(&self.document, index as PdfPageIndex).ok()?;
        let (w, h) = (page.width().value.max(0.01), page.height().value.max(0.01));
        let scale = (THUMB_WIDTH as f32 / w).min(THUMB_HEIGHT as f32 / h);
        let side = |length: f32, limit: u32| ((length * scale).round() as u32).clamp(1, limit);
        let (width, height) = (side(w, THUMB_WIDTH), side(h, THUMB_HEIGHT));
        let config = PdfRenderConfig::new()
            .set_fixed_size(width as i32, height as i32)
            .set_format(PdfBitmapFormat::BGRA)
            .set_reverse_byte_order(true)
            .set_clear_color(PdfColor::WHITE);
        let bitmap = page.render_with_config(&config).ok()?;
        let rgba = bitmap.as_raw_bytes();
        (rgba.len() == width as usize * height as usize * 4).then_some(Thumb { width, height, rgba })
    }

    /// Names the sprite of a sheet's thumbnails.
    pub fn set_thumbs(&mut self, sheet: u32, sha256: String, bytes: u32) {
        let sheets = self.manifest.materials.first_mut().map(|material| &mut material.sheets);
        if let Some(sheet) = sheets.and_then(|sheets| sheets.get_mut(sheet as usize)) {
            sheet.thumbs = Blob { sha256, bytes: bytes.into() };
        }
    }
}

fn measure(document: &PdfDocument<'_>, index: PdfPageIndex) -> Page {
    let found = evolume_pdf::page(document, index).ok().and_then(|page| {
        let rotation = evolume_pdf::rotation(&page).ok()?;
        let crop = CropBox::of(&page, rotation);
        let label = page.label().map(str::to_owned).filter(|label| !label.is_empty());
        crop.has_area().then_some((crop, rotation, label))
    });
    let problem = found.is_none().then_some(Code::PageBroken);
    let (width, height) = found.as_ref().map_or(BLANK, |(crop, ..)| (crop.width, crop.height));
    let (rotation, label) = found.map_or((Rotation::None, None), |(_, rotation, label)| (rotation, label));
    Page { width, height, rotation, label, image: None, problem, scan: None, text: None }
}

fn keep(bytes: Vec<u8>) -> (String, Vec<u8>) {
    (hex::encode(Sha256::digest(&bytes)), bytes)
}

fn blob((sha256, bytes): &(String, Vec<u8>)) -> Blob {
    Blob { sha256: sha256.clone(), bytes: bytes.len() as u64 }
}

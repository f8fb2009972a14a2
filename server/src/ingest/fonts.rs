//! The fonts that stand in for those a PDF does not embed: where they are, and cut down to the characters of
//! one material, because a whole one has 20 MB.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use allsorts::binary::read::ReadScope;
use allsorts::error::ParseError;
use allsorts::font::read_cmap_subtable;
use allsorts::font_data::FontData;
use allsorts::subset::{CmapTarget, SubsetError, SubsetProfile};
use allsorts::tables::FontTableProvider;
use allsorts::tables::cmap::Cmap;
use allsorts::tag;
use evolume_model::fonts::{Face, Family, Region};
use evolume_model::volume::{Material, Substitute};

use super::{IngestError, sheets};
use crate::store::{Store, StoreError};

/// Where distributions put Noto CJK.
const WELL_KNOWN: &[&str] = &[
    "/usr/share/fonts/opentype/noto",
    "/usr/share/fonts/noto-cjk",
    "/usr/share/fonts/google-noto-cjk",
    "/usr/share/fonts/google-noto-serif-cjk-fonts",
    "/usr/share/fonts/google-noto-sans-cjk-fonts",
];

/// The folder that has the fonts, if there is one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Library {
    folder: Option<PathBuf>,
}

impl Library {
    /// Fonts in the given folder, or where the system has them. The files are named as Noto names them, or
    /// `serif`, `serif-bold`, `sans`, `sans-bold` with .ttc, .otf or .ttf.
    pub fn find(given: Option<&Path>) -> Self {
        let known = WELL_KNOWN.iter().map(PathBuf::from);
        let mut folders: Box<dyn Iterator<Item = PathBuf>> = match given {
            Some(folder) => Box::new(std::iter::once(folder.to_owned())),
            None => Box::new(known),
        };
        let has = |folder: &PathBuf| {
            [Family::Serif, Family::Sans].iter().any(|family| named(folder, *family, false).is_some())
        };
        Self { folder: folders.find(has) }
    }

    /// Fonts in this folder and nowhere else.
    pub fn at(folder: Option<PathBuf>) -> Self {
        Self { folder }
    }

    /// Where they are.
    pub fn folder(&self) -> Option<&Path> {
        self.folder.as_deref()
    }

    /// The file for a face, or for the nearest that there is.
    pub fn file(&self, face: Face) -> Option<PathBuf> {
        let folder = self.folder()?;
        let other = match face.family {
            Family::Serif => Family::Sans,
            Family::Sans => Family::Serif,
        };
        named(folder, face.family, face.bold)
            .or_else(|| named(folder, face.family, false))
            .or_else(|| named(folder, other, false))
    }
}

fn named(folder: &Path, family: Family, bold: bool) -> Option<PathBuf> {
    let (noto, plain) = match family {
        Family::Serif => ("NotoSerifCJK", "serif"),
        Family::Sans => ("NotoSansCJK", "sans"),
    };
    let (weight, suffix) = if bold { ("Bold", "-bold") } else { ("Regular", "") };
    let stems = [format!("{noto}-{weight}"), format!("{noto}sc-{weight}"), format!("{plain}{suffix}")];
    let files =
        stems.iter().flat_map(|stem| ["ttc", "otf", "ttf"].map(|end| folder.join(format!("{stem}.{end}"))));
    files.into_iter().find(|file| file.is_file())
}

/// Which font of a collection has a region's shapes, and where it begins; of a single font, itself.
pub fn member(file: &[u8], region: Region) -> Option<(usize, u32)> {
    if file.get(..4)? != b"ttcf" {
        return Some((0, 0));
    }
    let number = |at: usize| Some(u32::from_be_bytes(file.get(at..at + 4)?.try_into().ok()?));
    // Noto's order.
    let index = match region {
        Region::Jp => 0,
        Region::Kr => 1,
        Region::Sc | Region::Europe => 2,
        Region::Tc => 3,
    };
    let index = if index < number(8)? { index as usize } else { 0 };
    Some((index, number(12 + 4 * index)?))
}

/// What is wrong with a configured font.
#[derive(Debug, thiserror::Error)]
pub enum FontError {
    /// It cannot be read.
    #[error("the font cannot be read: {0}")]
    Read(#[from] std::io::Error),
    /// It is no font.
    #[error("the font is damaged: {0}")]
    Parse(#[from] ParseError),
    /// It cannot be cut down.
    #[error("the font cannot be cut down: {0}")]
    Subset(#[from] SubsetError),
}

/// One font out of `file` with nothing but these characters; the same bytes for the same ones.
pub fn cut_down(file: &[u8], region: Region, chars: &BTreeSet<char>) -> Result<Vec<u8>, FontError> {
    let (index, _) = member(file, region).ok_or(ParseError::BadEof)?;
    let provider = ReadScope::new(file)
        .read::<FontData<'_>>()?
        .table_provider(index)
        .map_err(|_| ParseError::BadIndex)?;
    let cmap = provider.read_table_data(tag::CMAP)?;
    let cmap = ReadScope::new(&cmap).read::<Cmap<'_>>()?;
    let (_, table) = read_cmap_subtable(&cmap)?.ok_or(ParseError::UnsuitableCmap)?;
    // The first glyph is the one for what is missing.
    let mut glyphs = BTreeSet::from([0]);
    for char in chars {
        glyphs.extend(table.map_glyph(u32::from(*char))?);
    }
    let glyphs: Vec<u16> = glyphs.into_iter().collect();
    Ok(allsorts::subset::subset(&provider, &glyphs, &SubsetProfile::Minimal, CmapTarget::Unicode)?)
}

/// Cuts down what the material wants; what there is no font for is left out, and the log says so.
pub async fn make(
    store: &Store,
    library: &Library,
    material: &Material,
    faces: BTreeSet<Face>,
) -> Result<Vec<Substitute>, IngestError> {
    if faces.is_empty() {
        return Ok(Vec::new());
    }
    let chars = characters(store, material).await?;
    let mut made = Vec::new();
    for face in faces {
        let Some(path) = library.file(face) else {
            tracing::warn!(material = %material.title, "no font stands in for those it does not embed");
            continue;
        };
        let chars = chars.clone();
        let cut = tokio::task::spawn_blocking(move || cut_down(&std::fs::read(path)?, face.region, &chars));
        match cut.await.map_err(std::io::Error::other)? {
            Ok(bytes) => made.push(Substitute { face, blob: store.put(bytes).await? }),
            Err(error) => tracing::warn!(material = %material.title, %error, "a font is missing"),
        }
    }
    Ok(made)
}

/// Everything that its pages say, and what every font has.
async fn characters(store: &Store, material: &Material) -> Result<BTreeSet<char>, StoreError> {
    let mut chars: BTreeSet<char> =
        (' '..='~').chain("，。、；：？！“”‘’（）《》【】—…·￥".chars()).collect();
    for sheet in &material.sheets {
        for text in sheets::texts(store, sheet).await? {
            chars.extend(text.as_str().chars());
        }
    }
    Ok(chars)
}

#[cfg(test)]
#[allow(clippy::print_stdout, reason = "tells what it skips")]
mod tests {
    use super::*;

    #[test]
    fn a_font_keeps_only_what_is_asked_for() {
        let face = Face { family: Family::Serif, region: Region::Sc, bold: false };
        let Some(path) = Library::find(None).file(face) else {
            assert!(
                std::env::var_os("CI").is_none(),
                "CI lacks what this test needs; install fonts-noto-cjk"
            );
            println!("skipped: install fonts-noto-cjk");
            return;
        };
        let file = std::fs::read(path).unwrap();
        let small = cut_down(&file, Region::Sc, &"合同A".chars().collect()).unwrap();
        assert!(small.len() < 120_000, "{} bytes", small.len());
        assert_eq!(small, cut_down(&file, Region::Sc, &"合同A".chars().collect()).unwrap());
        let provider = ReadScope::new(&small).read::<FontData<'_>>().unwrap().table_provider(0).unwrap();
        let cmap = provider.read_table_data(tag::CMAP).unwrap();
        let cmap = ReadScope::new(&cmap).read::<Cmap<'_>>().unwrap();
        let (_, table) = read_cmap_subtable(&cmap).unwrap().unwrap();
        let has = |char: char| table.map_glyph(u32::from(char)).unwrap().is_some_and(|glyph| glyph != 0);
        assert!("合同A".chars().all(has));
        assert!(!has('借'));
    }

    #[test]
    fn what_is_no_font_is_an_error() {
        for file in [&b""[..], b"ttcf", b"ttcf\0\x01\0\0\0\0\0\x04\0\0", b"OTTO\0\0", b"hello world, no font"]
        {
            assert!(cut_down(file, Region::Sc, &BTreeSet::from(['A'])).is_err());
        }
    }
}

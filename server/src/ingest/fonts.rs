//! Fonts for what a PDF does not embed, cut down to the characters of one material: a whole one has 20 MB.

use std::collections::BTreeSet;

use allsorts::binary::read::ReadScope;
use allsorts::error::ParseError;
use allsorts::font::read_cmap_subtable;
use allsorts::font_data::FontData;
use allsorts::subset::{CmapTarget, SubsetError, SubsetProfile};
use allsorts::tables::FontTableProvider;
use allsorts::tables::cmap::Cmap;
use allsorts::tag;
use evolume_model::fonts::{Face, Region};
use evolume_model::volume::{Material, Substitute};

use super::{IngestError, sheets};
use crate::pdfium::font_library::{FontLibrary, member};
use crate::rights::Permit;
use crate::store::{Store, StoreError};

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
    permit: &Permit,
    library: &FontLibrary,
    material: &Material,
    faces: BTreeSet<Face>,
) -> Result<Vec<Substitute>, IngestError> {
    if faces.is_empty() {
        return Ok(Vec::new());
    }
    let chars = characters(store, permit, material).await?;
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
async fn characters(
    store: &Store,
    permit: &Permit,
    material: &Material,
) -> Result<BTreeSet<char>, StoreError> {
    let mut chars: BTreeSet<char> =
        (' '..='~').chain("，。、；：？！“”‘’（）《》【】—…·￥".chars()).collect();
    for sheet in &material.sheets {
        for text in sheets::texts(store, permit, sheet).await? {
            chars.extend(text.as_str().chars());
        }
    }
    Ok(chars)
}

#[cfg(test)]
#[allow(clippy::print_stdout, reason = "tells what it skips")]
mod tests {
    use evolume_model::fonts::Family;

    use super::*;

    #[test]
    fn a_font_keeps_only_what_is_asked_for() {
        let face = Face { family: Family::Serif, region: Region::Sc, bold: false };
        let Some(path) = FontLibrary::find(None).file(face) else {
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

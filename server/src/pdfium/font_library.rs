//! Where the fonts are that stand in for those a PDF does not embed.

use std::path::{Path, PathBuf};

use evolume_model::fonts::{Face, Family, Region};

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
pub struct FontLibrary {
    folder: Option<PathBuf>,
}

impl FontLibrary {
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

    /// All files that stand for a face.
    pub fn files(&self) -> Vec<PathBuf> {
        let Some(folder) = self.folder() else { return Vec::new() };
        let faces =
            [Family::Serif, Family::Sans].into_iter().flat_map(|family| [(family, false), (family, true)]);
        faces.filter_map(|(family, bold)| named(folder, family, bold)).collect()
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

//! Enough of a large volume's manifest to show one of its pages, because reading and laying out the whole would
//! delay the first page. Every page keeps its number and its position in its material.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::volume::{Blob, Manifest, Material, Page, SHEET_PAGES, Sheet};

/// A volume with no more pages than this is sent whole.
pub const SMALL: usize = 2_000;
const SHEET: usize = SHEET_PAGES as usize;
/// At least so many pages are sent before and after the one that is opened.
const AROUND: usize = 2 * SHEET;
/// A manifest that claims more pages is an attack.
const MOST_PAGES: u64 = 1 << 22;

/// A manifest, or as much of it as is needed at first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Excerpt {
    /// When there is a rest, only of a few materials, without their navigation data and indexes, and of the first and
    /// the last one perhaps not all pages, their parts and their sheets.
    pub manifest: Manifest,
    /// What was left out; absent when the manifest is whole.
    #[cfg_attr(feature = "ts", ts(optional))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rest: Option<Rest>,
}

/// What an excerpt leaves out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Rest {
    /// SHA-256 of the whole manifest.
    pub whole: String,
    /// How many pages each of the volume's materials has.
    pub counts: Vec<u32>,
    /// Position in the volume of the first material that is there.
    pub material: u32,
    /// Index in that material of its first page that is there; a multiple of [`SHEET_PAGES`].
    pub page: u32,
}

/// What is known of a volume: everything, or a run of its materials, the last of which may be cut short.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// With only the known materials. Pages that were left out at the start of the first one are blank.
    pub manifest: Manifest,
    /// Position in the volume of the first known material.
    pub first: usize,
    /// How many pages each of the volume's materials has.
    pub counts: Vec<u32>,
    /// Which of the volume's pages are known, from 0.
    pub here: Range<usize>,
}

impl From<Manifest> for Known {
    fn from(manifest: Manifest) -> Self {
        let (counts, here) = (counts(&manifest), 0..manifest.page_count());
        Self { manifest, first: 0, counts, here }
    }
}

impl Known {
    /// The blob and the byte range of a page's preview; pages count from 1.
    pub fn preview_of(&self, page: usize) -> Option<(&Blob, Range<u32>)> {
        let before: u64 = self.counts.iter().take(self.first).map(|count| u64::from(*count)).sum();
        let (material, index) = self.manifest.locate(page.checked_sub(usize::try_from(before).ok()?)?)?;
        material.preview_of(index as u32)
    }
}

fn counts(manifest: &Manifest) -> Vec<u32> {
    manifest.materials.iter().map(|material| material.pages.len() as u32).collect()
}

impl Excerpt {
    /// What is needed to show a page, from 1, or the nearest that exists; `whole` is the manifest's SHA-256.
    pub fn of(manifest: &Manifest, whole: &str, page: u32) -> Self {
        let total = manifest.page_count();
        if total <= SMALL {
            return Self { manifest: manifest.clone(), rest: None };
        }
        let page = (page.max(1) as usize - 1).min(total - 1);
        let near = page.saturating_sub(AROUND)..(page + 1 + AROUND).min(total);
        let mut first = 0;
        let sheets = |material: &Material| {
            let count = material.pages.len();
            let [from, to] = [near.start, near.end].map(|end| end.saturating_sub(first).min(count));
            first += count;
            if from == to { 0..0 } else { from / SHEET..to.div_ceil(SHEET) }
        };
        let wanted: Vec<Range<usize>> = manifest.materials.iter().map(sheets).collect();
        let at = wanted.iter().position(|sheets| !sheets.is_empty()).unwrap_or(0);
        let end = wanted.iter().rposition(|sheets| !sheets.is_empty()).map_or(0, |last| last + 1);
        let rest = Rest {
            whole: whole.to_owned(),
            counts: counts(manifest),
            material: at as u32,
            page: (wanted[at].start * SHEET) as u32,
        };
        let told = manifest.materials[at..end].iter().zip(&wanted[at..end]);
        let materials = told.map(|(material, sheets)| cut(material, sheets.clone())).collect();
        Self { manifest: Manifest { materials, ..head(manifest) }, rest: Some(rest) }
    }

    /// What the excerpt says; `None` when it contradicts itself.
    pub fn read(self) -> Option<Known> {
        let Self { mut manifest, rest } = self;
        let Some(Rest { counts, material, page, .. }) = rest else { return Some(manifest.into()) };
        let (first, skipped) = (material as usize, page as usize);
        let told = manifest.page_count();
        let total: u64 = counts.iter().map(|count| u64::from(*count)).sum();
        if total > MOST_PAGES || u64::from(page) > total || !skipped.is_multiple_of(SHEET) {
            return None;
        }
        if manifest.materials.first()?.pages.is_empty() {
            return None;
        }
        let before: usize = counts.get(..first)?.iter().map(|count| *count as usize).sum();
        let last = first.checked_add(manifest.materials.len())?.checked_sub(1)?;
        for (at, material) in (first..).zip(&manifest.materials) {
            let there = material.pages.len() + if at == first { skipped } else { 0 };
            let count = *counts.get(at)? as usize;
            if there > count || (at < last && there < count) {
                return None;
            }
        }
        pad(manifest.materials.first_mut()?, skipped);
        let start = before + skipped;
        Some(Known { manifest, first, counts, here: start..start + told })
    }
}

/// The manifest without its materials.
fn head(manifest: &Manifest) -> Manifest {
    let Manifest { format, volume, revision, case_number, case_title, title, class, unread, .. } = manifest;
    Manifest {
        format: *format,
        volume: volume.clone(),
        revision: *revision,
        case_number: case_number.clone(),
        case_title: case_title.clone(),
        title: title.clone(),
        class: *class,
        materials: Vec::new(),
        unread: *unread,
        bundle: None,
    }
}

/// The material with only the pages of these sheets.
fn cut(material: &Material, sheets: Range<usize>) -> Material {
    let pages = sheets.start * SHEET..(sheets.end * SHEET).min(material.pages.len());
    let shown =
        |first: u32, count: u32| (first as usize) < pages.end && (first + count) as usize > pages.start;
    let parts = material.parts.iter().filter(|part| shown(part.first, part.count));
    Material {
        id: material.id.clone(),
        title: material.title.clone(),
        category: material.category,
        original: material.original.clone(),
        media_type: material.media_type.clone(),
        file_name: material.file_name.clone(),
        origin: material.origin.clone(),
        unseen: material.unseen,
        converted: material.converted.clone(),
        repaired: material.repaired,
        recording: material.recording.clone(),
        parts: parts.cloned().collect(),
        sheets: material.sheets.iter().take(sheets.end).skip(sheets.start).cloned().collect(),
        pages: material.pages[pages].to_vec(),
        outline: Vec::new(),
        navigation: None,
        index: None,
        fonts: material.fonts.clone(),
    }
}

/// Fills in blank pages and empty sheets for those that were left out before the first.
fn pad(material: &mut Material, skipped: usize) {
    let Some(first) = material.pages.first() else { return };
    let blank = Page { label: None, image: None, problem: None, scan: None, text: None, ..first.clone() };
    let none = Blob { sha256: String::new(), bytes: 0 };
    let empty = Sheet {
        previews: none.clone(),
        preview_ends: Vec::new(),
        texts: none.clone(),
        text_ends: Vec::new(),
        thumbs: none,
    };
    material.pages.splice(..0, std::iter::repeat_n(blank, skipped));
    material.sheets.splice(..0, std::iter::repeat_n(empty, skipped / SHEET));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::category::Category;
    use crate::geometry::Rotation;
    use crate::volume::{MANIFEST_FORMAT, Part, Unseen, VolumeClass};

    /// Pages in a part.
    const PART: u32 = 10;

    fn blob(name: String) -> Blob {
        Blob { sha256: name, bytes: 1 }
    }

    fn material(number: usize, count: u32) -> Material {
        let page = |index: u32| Page {
            width: 500. + index as f32,
            height: 800.,
            rotation: Rotation::None,
            label: Some(index.to_string()),
            image: None,
            problem: None,
            scan: None,
            text: None,
        };
        let sheet = |at: u32| {
            let ends: Vec<u32> =
                (1..=SHEET_PAGES.min(count - at * SHEET_PAGES)).map(|end| end * 10).collect();
            Sheet {
                previews: blob(format!("previews {number} {at}")),
                preview_ends: ends.clone(),
                texts: blob(format!("texts {number} {at}")),
                text_ends: ends,
                thumbs: blob(format!("thumbs {number} {at}")),
            }
        };
        let part = |at: u32| Part {
            first: at * PART,
            count: PART.min(count - at * PART),
            offset: 0,
            blob: blob(format!("part {number} {at}")),
            fonts: Vec::new(),
        };
        Material {
            id: format!("material {number}"),
            pages: (0..count).map(page).collect(),
            parts: (0..count.div_ceil(PART)).map(part).collect(),
            sheets: (0..count.div_ceil(SHEET_PAGES)).map(sheet).collect(),
            title: "材料".into(),
            category: Category::Other,
            original: blob(format!("original {number}")),
            media_type: "application/pdf".into(),
            file_name: "a.pdf".into(),
            origin: None,
            unseen: Unseen::default(),
            converted: None,
            repaired: false,
            recording: None,
            outline: Vec::new(),
            navigation: None,
            index: None,
            fonts: Vec::new(),
        }
    }

    fn volume(counts: &[u32]) -> Manifest {
        Manifest {
            format: MANIFEST_FORMAT,
            volume: "v".into(),
            revision: 7,
            case_number: "（2024）".into(),
            case_title: "纠纷".into(),
            title: "正卷".into(),
            class: VolumeClass::Main,
            materials: counts.iter().enumerate().map(|(number, count)| material(number, *count)).collect(),
            unread: None,
            bundle: None,
        }
    }

    /// Counts of a large volume, with small, empty and huge materials.
    fn large() -> impl Strategy<Value = Vec<u32>> {
        let count = prop_oneof![4 => 0..4u32, 2 => 10..60u32, 1 => 900..2600u32];
        proptest::collection::vec(count, 0..60).prop_map(|mut counts| {
            let missing = (SMALL as u32 + 1).saturating_sub(counts.iter().sum());
            counts.push(missing);
            counts
        })
    }

    proptest! {
        #[test]
        fn pages_keep_their_numbers_and_those_near_are_complete(counts in large(), at in 0.0..1.0f64) {
            let whole = volume(&counts);
            let total = whole.page_count();
            let page = (at * total as f64) as usize;
            let excerpt = Excerpt::of(&whole, "abc", page as u32 + 1);
            prop_assert!(excerpt.manifest.page_count() <= 2 * AROUND + 1 + 2 * SHEET);
            let json = serde_json::to_vec(&excerpt).unwrap();
            let read: Excerpt = serde_json::from_slice(&json).unwrap();
            prop_assert_eq!(&read, &excerpt);

            let known = read.read().unwrap();
            prop_assert_eq!(&known.counts, &counts);
            let here = &known.here;
            prop_assert!(here.contains(&page));
            prop_assert!(here.contains(&page.saturating_sub(AROUND)));
            prop_assert!(here.contains(&(page + AROUND).min(total - 1)));
            for (number, (at, index, original)) in whole.pages().enumerate() {
                let preview = whole.materials[at].preview_of(index as u32);
                prop_assert_eq!(known.preview_of(number + 1), preview.filter(|_| here.contains(&number)));
                if !here.contains(&number) {
                    continue;
                }
                let (told, material) = (&known.manifest.materials[at - known.first], &whole.materials[at]);
                prop_assert_eq!(&told.pages[index], original);
                prop_assert_eq!(&told.id, &material.id);
                let index = index as u32;
                prop_assert_eq!(told.part_of(index), material.part_of(index));
                prop_assert_eq!(told.preview_of(index), material.preview_of(index));
                prop_assert_eq!(told.text_of(index), material.text_of(index));
                let sheet = (index / SHEET_PAGES) as usize;
                prop_assert_eq!(&told.sheets[sheet].thumbs, &material.sheets[sheet].thumbs);
            }
        }

        #[test]
        fn a_strange_rest_never_panics(
            counts in proptest::collection::vec(any::<u32>().prop_map(|n| n >> (n % 32)), 0..6),
            own in proptest::collection::vec(0..40u32, 0..4),
            material in prop_oneof![0..5u32, any::<u32>()],
            page in prop_oneof![0..64u32, any::<u32>()],
        ) {
            let rest = Rest { whole: "abc".into(), counts: counts.clone(), material, page };
            if let Some(known) = (Excerpt { manifest: volume(&own), rest: Some(rest) }).read() {
                prop_assert_eq!(&known.counts, &counts);
                let total: u64 = counts.iter().map(|count| u64::from(*count)).sum();
                prop_assert!(known.here.end as u64 <= total);
            }
        }
    }

    #[test]
    fn a_small_volume_is_told_whole_and_a_page_beyond_the_last_is_the_last() {
        let small = volume(&[SMALL as u32 - 3, 3]);
        let excerpt = Excerpt::of(&small, "abc", 1);
        assert_eq!(excerpt, Excerpt { manifest: small.clone(), rest: None });
        assert_eq!(excerpt.read(), Some(Known::from(small)));

        let large = volume(&[SMALL as u32, 5]);
        for page in [0, 1, u32::MAX] {
            let Known { here, .. } = Excerpt::of(&large, "abc", page).read().unwrap();
            assert!(here.contains(&(if page < 2 { 0 } else { SMALL + 4 })));
        }
    }
}

//! Which pictures of a TIFF file are pages, and which of those the library is known to decode rightly. Runs in the
//! child.

use evolume_model::code::Code;

use super::picture::check_size;
use super::tiff_directory::{Directory, tag};
use crate::pdfium::protocol::{Odd, OddKind};
use crate::refusal::Refusal;

/// A thumbnail's longer side has no more pixels, and the picture's has so many times more.
const THUMBNAIL: u64 = 256;
const TIMES: u64 = 3;

const FAX4: u64 = 4;
pub const OLD_JPEG: u64 = 6;
pub const JPEG: u64 = 7;

/// The directories that are pages: no reduced copies, masks or thumbnails.
pub fn pages<'a>(all: &'a [Directory], bytes: &[u8]) -> Vec<&'a Directory> {
    let is_copy = |directory: &Directory| {
        directory.number(bytes, tag::NEW_SUBFILE_TYPE).is_some_and(|kind| kind & 0b101 != 0)
            || directory.number(bytes, tag::SUBFILE_TYPE) == Some(2)
    };
    let sides = |directory: &Directory| {
        let side = |tag| directory.number(bytes, tag).unwrap_or(0);
        (side(tag::WIDTH), side(tag::HEIGHT))
    };
    let is_thumbnail = |index: usize| {
        let beside = [index.wrapping_sub(1), index + 1].map(|index| all.get(index));
        beside.into_iter().flatten().any(|larger| is_thumbnail_of(sides(&all[index]), sides(larger)))
    };
    let found: Vec<_> = (0..all.len())
        .filter(|index| !is_copy(&all[*index]) && !is_thumbnail(*index))
        .map(|index| &all[index])
        .collect();
    if found.is_empty() {
        // Cameras keep their picture where nobody looks for pages.
        let area = |directory: &&Directory| sides(directory).0.saturating_mul(sides(directory).1);
        return all.iter().max_by_key(area).into_iter().collect();
    }
    found
}

fn is_thumbnail_of((w, h): (u64, u64), (wide, high): (u64, u64)) -> bool {
    let sound = w > 0 && h > 0 && wide.max(high) < 1 << 20;
    let small = w.max(h) <= THUMBNAIL && wide >= TIMES * w && high >= TIMES * h;
    // The same shape, as far as whole pixels allow.
    sound && small && (w * high).abs_diff(h * wide) <= 2 * wide.max(high)
}

/// Width and height.
pub fn size(directory: &Directory, bytes: &[u8]) -> Result<(u32, u32), Refusal> {
    let side =
        |tag| directory.number(bytes, tag).and_then(|side| u32::try_from(side).ok()).filter(|n| *n > 0);
    let (Some(width), Some(height)) = (side(tag::WIDTH), side(tag::HEIGHT)) else {
        return Err(Refusal::new(Code::ImageDamaged, "it has no size"));
    };
    check_size(width, height)?;
    Ok((width, height))
}

/// What a foreign program has to do for a page.
pub fn odd(page: u32, directory: &Directory, bytes: &[u8]) -> Odd {
    let number = |tag| directory.number(bytes, tag);
    let bilevel = number(tag::BITS).unwrap_or(1) == 1
        && number(tag::SAMPLES).unwrap_or(1) == 1
        && number(tag::PHOTOMETRIC).is_none_or(|kind| kind <= 1);
    let kind = if bilevel { OddKind::Bilevel } else { OddKind::Colour };
    Odd { page, kind, patches: directory.alone() }
}

/// Whether the library is known to decode such a page rightly.
pub fn is_plain(directory: &Directory, bytes: &[u8]) -> bool {
    let number = |tag| directory.number(bytes, tag);
    let one = |tag| number(tag).is_none_or(|value| value == 1);
    let compression = number(tag::COMPRESSION).unwrap_or(1);
    if compression == OLD_JPEG {
        // The whole JPEG that lies in it is looked for.
        return true;
    }
    let samples = number(tag::SAMPLES).unwrap_or(1);
    let mut bits = directory.numbers(bytes, tag::BITS);
    bits.dedup();
    let bits = match bits.as_slice() {
        [] => 1,
        [bits] => *bits,
        _ => return false,
    };
    let of = |tag| directory.numbers(bytes, tag);
    let (strips, tiles) = (of(tag::STRIP_BYTES), of(tag::TILE_BYTES));
    let counted = |counts: &[u64]| !counts.is_empty() && !counts.contains(&0);
    let whole = counted(&strips) != counted(&tiles);
    let ordered = one(tag::FILL_ORDER) && one(tag::SAMPLE_FORMAT) && (samples == 1 || one(tag::PLANAR));
    let predicted = !one(tag::PREDICTOR);
    let full_range = || {
        let reference = [0, 1].map(|index| directory.fraction(bytes, tag::REFERENCE, index));
        matches!(reference, [None, None] | [Some(0.), Some(255.)])
    };
    let colours = match (number(tag::PHOTOMETRIC), bits, samples) {
        (Some(0 | 1), 1 | 2 | 4, 1) => !predicted,
        (Some(0 | 1), 8 | 16, 1) | (Some(1), 8, 2) | (Some(2), 8 | 16, 3) | (Some(5), 8, 4) => true,
        (Some(2), 8, 4) => matches!(number(tag::EXTRA_SAMPLES), Some(1 | 2)),
        (Some(6), 8, 3) => full_range() && (compression == JPEG || of(tag::SUBSAMPLING) == [1, 1]),
        _ => false,
    };
    let compressed = match compression {
        1 | 5 | 8 | 32946 | 32773 => true,
        FAX4 => bits == 1,
        JPEG => bits == 8,
        _ => false,
    };
    whole && ordered && colours && compressed
}

/// Whether it is of a kind that some program here reads; if not, it may be sound all the same.
pub fn is_known(directory: &Directory, bytes: &[u8]) -> bool {
    let number = |tag| directory.number(bytes, tag);
    let compression = matches!(number(tag::COMPRESSION).unwrap_or(1), 1..=8 | 32771 | 32773 | 32946);
    let colours = matches!(number(tag::PHOTOMETRIC).unwrap_or(0), 0..=6 | 8);
    let samples = matches!(number(tag::BITS).unwrap_or(1), 1 | 2 | 4 | 8 | 16);
    compression && colours && samples && number(tag::SAMPLE_FORMAT).is_none_or(|format| format == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thumbnail_has_the_shape_of_its_neighbour() {
        assert!(is_thumbnail_of((75, 100), (600, 800)));
        assert!(is_thumbnail_of((181, 256), (1654, 2339)));
        assert!(!is_thumbnail_of((100, 75), (600, 800)));
        assert!(!is_thumbnail_of((300, 400), (600, 800)));
        assert!(!is_thumbnail_of((10, 10), (10, 10)));
    }
}

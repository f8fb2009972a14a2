//! The directories of a TIFF file, read without trust: what kind of picture each holds, and where the bytes stand that
//! chain them together. Runs in the child.
//!
//! The pixels are read by others, who see one page at a time: [`Directory::alone`] says which bytes to set for that.

use std::collections::HashSet;

/// More pages in one file are a trick.
const PAGES: usize = 10_000;
/// No picture needs as many entries.
const ENTRIES: u64 = 4096;
/// More strips than a picture of the largest size has rows.
const VALUES: u64 = 1 << 20;

/// Numbers of the tags that matter.
pub mod tag {
    pub const NEW_SUBFILE_TYPE: u16 = 254;
    pub const SUBFILE_TYPE: u16 = 255;
    pub const WIDTH: u16 = 256;
    pub const HEIGHT: u16 = 257;
    pub const BITS: u16 = 258;
    pub const COMPRESSION: u16 = 259;
    pub const PHOTOMETRIC: u16 = 262;
    pub const FILL_ORDER: u16 = 266;
    pub const STRIP_OFFSETS: u16 = 273;
    pub const ORIENTATION: u16 = 274;
    pub const SAMPLES: u16 = 277;
    pub const STRIP_BYTES: u16 = 279;
    pub const X_RESOLUTION: u16 = 282;
    pub const Y_RESOLUTION: u16 = 283;
    pub const PLANAR: u16 = 284;
    pub const RESOLUTION_UNIT: u16 = 296;
    pub const PREDICTOR: u16 = 317;
    pub const TILE_BYTES: u16 = 325;
    pub const EXTRA_SAMPLES: u16 = 338;
    pub const SAMPLE_FORMAT: u16 = 339;
    pub const JPEG_OFFSET: u16 = 513;
    pub const JPEG_LENGTH: u16 = 514;
    pub const SUBSAMPLING: u16 = 530;
    pub const REFERENCE: u16 = 532;
}

/// How a file writes its numbers.
#[derive(Clone, Copy, Debug)]
struct Layout {
    little: bool,
    /// With addresses of eight bytes.
    big: bool,
}

/// One picture of the file.
#[derive(Clone, Debug)]
pub struct Directory {
    layout: Layout,
    start: u64,
    /// Where the address of the next directory stands.
    next: u64,
    entries: Vec<Entry>,
    /// How it is to be turned; it stands alone without that.
    pub orientation: u8,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    tag: u16,
    kind: u16,
    count: u64,
    /// Where its values stand.
    at: u64,
}

/// The directories of a file.
#[derive(Debug, Default)]
pub struct Chain {
    /// In order.
    pub directories: Vec<Directory>,
    /// It leads behind the end of the file, which is cut short.
    pub torn: bool,
}

impl Layout {
    fn of(bytes: &[u8]) -> Option<Self> {
        let little = match bytes.get(..2)? {
            b"II" => true,
            b"MM" => false,
            _ => return None,
        };
        let plain = Self { little, big: false };
        match plain.number(bytes, 2, 2)? {
            42 => Some(plain),
            43 => Some(Self { big: true, ..plain }),
            _ => None,
        }
    }

    fn number(self, bytes: &[u8], at: u64, length: usize) -> Option<u64> {
        let at = usize::try_from(at).ok()?;
        let bytes = bytes.get(at..at.checked_add(length)?)?;
        let add = |sum, byte: &u8| sum << 8 | u64::from(*byte);
        Some(if self.little { bytes.iter().rev().fold(0, add) } else { bytes.iter().fold(0, add) })
    }

    fn written(self, value: u64, length: usize) -> Vec<u8> {
        let little = &value.to_le_bytes()[..length];
        if self.little { little.to_vec() } else { little.iter().rev().copied().collect() }
    }

    /// Bytes of an address.
    fn word(self) -> usize {
        if self.big { 8 } else { 4 }
    }

    /// Where the address of the first directory stands.
    fn head(self) -> u64 {
        self.word() as u64
    }
}

impl Chain {
    /// Follows the chain until it ends, comes back to itself, or breaks.
    pub fn read(bytes: &[u8]) -> Self {
        let mut chain = Self::default();
        let Some(layout) = Layout::of(bytes) else { return chain };
        let mut seen = HashSet::new();
        let mut next = layout.number(bytes, layout.head(), layout.word());
        while let Some(start) = next
            && start != 0
            && seen.insert(start)
            && chain.directories.len() < PAGES
        {
            let Some(directory) = Directory::read(layout, bytes, start) else {
                chain.torn = Directory::runs_out(layout, bytes, start);
                break;
            };
            next = layout.number(bytes, directory.next, layout.word());
            chain.directories.push(directory);
        }
        chain
    }
}

impl Directory {
    fn read(layout: Layout, bytes: &[u8], start: u64) -> Option<Self> {
        let (counter, size) = if layout.big { (8, 20) } else { (2, 12) };
        let count = layout.number(bytes, start, counter)?;
        if count == 0 || count > ENTRIES {
            return None;
        }
        let first = start.checked_add(counter as u64)?;
        let next = first.checked_add(count * size)?;
        // The last directory of a file that lost its end may still be whole but for the address behind it.
        if next > bytes.len() as u64 {
            return None;
        }
        let entry = |at: u64| {
            let (tag, kind) = (layout.number(bytes, at, 2)? as u16, layout.number(bytes, at + 2, 2)? as u16);
            let count = layout.number(bytes, at + 4, layout.word())?;
            let field = at + 4 + layout.word() as u64;
            let inside = count.checked_mul(width(kind)?)? <= layout.word() as u64;
            let at = if inside { field } else { layout.number(bytes, field, layout.word())? };
            Some(Entry { tag, kind, count, at })
        };
        let entries = (0..count).filter_map(|index| entry(first + index * size)).collect();
        let mut directory = Self { layout, start, next, entries, orientation: 1 };
        let orientation = directory.number(bytes, tag::ORIENTATION).and_then(|n| u8::try_from(n).ok());
        directory.orientation = orientation.unwrap_or(1);
        Some(directory)
    }

    /// Whether a directory that cannot be read may only lack its end; else the address of it was none.
    fn runs_out(layout: Layout, bytes: &[u8], start: u64) -> bool {
        let count = layout.number(bytes, start, if layout.big { 8 } else { 2 });
        count.is_none_or(|count| (1..=ENTRIES).contains(&count))
    }

    fn entry(&self, tag: u16) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.tag == tag)
    }

    /// Whole numbers; none when the file does not have them all.
    pub fn numbers(&self, bytes: &[u8], tag: u16) -> Vec<u64> {
        let Some(entry) = self.entry(tag).filter(|entry| entry.count <= VALUES) else { return Vec::new() };
        let Some(length) = width(entry.kind).filter(|_| matches!(entry.kind, 1 | 3 | 4 | 6 | 13 | 16 | 18))
        else {
            return Vec::new();
        };
        let value =
            |index: u64| self.layout.number(bytes, entry.at.checked_add(index * length)?, length as usize);
        (0..entry.count).map(value).collect::<Option<_>>().unwrap_or_default()
    }

    /// The first of them.
    pub fn number(&self, bytes: &[u8], tag: u16) -> Option<u64> {
        self.numbers(bytes, tag).first().copied()
    }

    /// A fraction.
    pub fn fraction(&self, bytes: &[u8], tag: u16, index: u64) -> Option<f32> {
        let entry = self.entry(tag).filter(|entry| entry.kind == 5 && index < entry.count)?;
        let at = entry.at.checked_add(index * 8)?;
        let (n, d) = (self.layout.number(bytes, at, 4)?, self.layout.number(bytes, at.checked_add(4)?, 4)?);
        (d > 0).then(|| n as f32 / d as f32)
    }

    /// Bytes to be set in the file, or in a copy of it, so that this picture is its first and only one, and is read as
    /// it is stored.
    pub fn alone(&self) -> Vec<(u64, Vec<u8>)> {
        let layout = self.layout;
        let mut patches = vec![
            (layout.head(), layout.written(self.start, layout.word())),
            (self.next, layout.written(0, layout.word())),
        ];
        if let Some(entry) = self.entry(tag::ORIENTATION).filter(|entry| entry.kind == 3) {
            patches.push((entry.at, layout.written(1, 2)));
        }
        patches
    }
}

/// Bytes of a value of this kind.
fn width(kind: u16) -> Option<u64> {
    Some(match kind {
        1 | 2 | 6 | 7 => 1,
        3 | 8 => 2,
        4 | 9 | 11 | 13 => 4,
        5 | 10 | 12 | 16 | 17 | 18 => 8,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Directories with nothing but a width, chained as said.
    fn file(nexts: &[u32]) -> Vec<u8> {
        let mut bytes = b"II\x2a\0\x08\0\0\0".to_vec();
        for (index, next) in nexts.iter().enumerate() {
            bytes.extend([1, 0]);
            bytes.extend([0, 1, 3, 0, 1, 0, 0, 0, index as u8 + 1, 0, 0, 0]);
            bytes.extend(next.to_le_bytes());
        }
        bytes
    }

    fn widths(bytes: &[u8]) -> Vec<Option<u64>> {
        let chain = Chain::read(bytes);
        chain.directories.iter().map(|directory| directory.number(bytes, tag::WIDTH)).collect()
    }

    #[test]
    fn a_chain_ends_where_it_comes_back_to_itself() {
        let bytes = file(&[26, 44, 26]);
        assert_eq!(widths(&bytes), [Some(1), Some(2), Some(3)]);
        assert!(!Chain::read(&bytes).torn);
    }

    #[test]
    fn a_chain_that_leads_nowhere_is_torn() {
        let bytes = file(&[26, 9000]);
        assert_eq!(widths(&bytes), [Some(1), Some(2)]);
        assert!(Chain::read(&bytes).torn);
        // Within the file there is no directory of no entries: programs that do not end a chain write anything.
        let bytes = file(&[6]);
        assert_eq!(widths(&bytes), [Some(1)]);
        assert!(!Chain::read(&bytes).torn);
    }

    #[test]
    fn one_picture_can_be_had_alone() {
        let mut bytes = file(&[26, 44, 0]);
        for (at, patch) in Chain::read(&bytes).directories[1].alone() {
            bytes[at as usize..][..patch.len()].copy_from_slice(&patch);
        }
        assert_eq!(widths(&bytes), [Some(2)]);
    }
}

//! Which format a file has, by its first bytes; its name does not count.

use serde::{Deserialize, Serialize};

/// A format that Evolume takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Format {
    /// PDF.
    Pdf,
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// TIFF, of one page or many.
    Tiff,
    /// WebP.
    WebP,
}

/// A PDF's header may stand anywhere in the first kilobyte.
pub const HEAD: usize = 1024;

impl Format {
    /// Recognises the format from a file's first [`HEAD`] bytes.
    pub fn sniff(head: &[u8]) -> Option<Self> {
        match head {
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Self::Png),
            [b'I', b'I', 42, 0, ..]
            | [b'M', b'M', 0, 42, ..]
            | [b'I', b'I', 43, 0, ..]
            | [b'M', b'M', 0, 43, ..] => Some(Self::Tiff),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::WebP),
            _ => {
                head[..head.len().min(HEAD)].windows(5).any(|window| window == b"%PDF-").then_some(Self::Pdf)
            }
        }
    }

    /// MIME type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Tiff => "image/tiff",
            Self::WebP => "image/webp",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_bytes_decide() {
        assert_eq!(Format::sniff(b"%PDF-1.7\n"), Some(Format::Pdf));
        assert_eq!(Format::sniff(b"junk before %PDF-1.4"), Some(Format::Pdf));
        assert_eq!(Format::sniff(b"\xff\xd8\xff\xe0"), Some(Format::Jpeg));
        assert_eq!(Format::sniff(b"RIFF1234WEBPVP8 "), Some(Format::WebP));
        assert_eq!(Format::sniff(b"MM\0\x2a"), Some(Format::Tiff));
        assert_eq!(Format::sniff(b"PK\x03\x04"), None);
        assert_eq!(Format::sniff(b""), None);
    }
}

//! Which format a file has, by its bytes; its name counts only for plain text, which has no other sign.

use std::path::Path;

use evolume_model::code::Code;

use super::files::{self, HEAD};
use super::recording::Container;
use crate::office::{self, Content, Office, plain};
use crate::pdfium::protocol::ImageFormat;
use crate::refusal::Refusal;
use crate::unpack;

/// A format that Evolume takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// PDF.
    Pdf,
    /// A picture.
    Image(ImageFormat),
    /// What LibreOffice makes a PDF of.
    Office(Office),
    /// Sound, or sound and pictures.
    Recording(Container),
    /// An encrypted office document, of whichever kind.
    Sealed,
    /// Other files.
    Container(unpack::Container),
}

/// Office documents that are larger are refused.
const OFFICE_LIMIT: u64 = 512 << 20;
/// Names of plain text.
const TEXTS: &[&str] = &["txt", "text", "log", "md", "csv", "srt", "vtt"];

impl Format {
    /// Recognises the format from a file's first [`HEAD`] bytes.
    pub fn sniff(head: &[u8]) -> Option<Self> {
        match head {
            [0xff, 0xd8, 0xff, ..] => Some(Self::Image(ImageFormat::Jpeg)),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Self::Image(ImageFormat::Png)),
            [b'I', b'I', 42, 0, ..]
            | [b'M', b'M', 0, 42, ..]
            | [b'I', b'I', 43, 0, ..]
            | [b'M', b'M', 0, 43, ..] => Some(Self::Image(ImageFormat::Tiff)),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => {
                Some(Self::Image(ImageFormat::WebP))
            }
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(Self::Image(ImageFormat::Gif)),
            // The length of the second header tells a picture from a text that begins with these letters.
            [
                b'B',
                b'M',
                _,
                _,
                _,
                _,
                0,
                0,
                0,
                0,
                _,
                _,
                _,
                _,
                12 | 40 | 52 | 56 | 64 | 108 | 124,
                0,
                0,
                0,
                ..,
            ] => Some(Self::Image(ImageFormat::Bmp)),
            [0, 0, 0, 12, b'j', b'P', b' ', b' ', b'\r', b'\n', 0x87, b'\n', ..]
            | [0xff, 0x4f, 0xff, 0x51, ..] => Some(Self::Image(ImageFormat::Jp2)),
            [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] => heif(brand).map(Self::Image),
            // A PDF may be the first file in it.
            [b'P', b'K', 3, 4, ..] => None,
            _ => {
                head[..head.len().min(HEAD)].windows(5).any(|window| window == b"%PDF-").then_some(Self::Pdf)
            }
        }
    }

    /// The same, and what only a look further inside tells.
    pub async fn recognise(path: &Path, name: &Path) -> Result<Self, Refusal> {
        let unreadable = |error: std::io::Error| Refusal::new(Code::FileUnreadable, error);
        let head = files::head(path).await.map_err(unreadable)?;
        if let Some(format) = Self::sniff(&head) {
            return Ok(format);
        }
        let unsupported = || Refusal::new(Code::FileUnsupported, "its format is not known");
        if let Some(container) = Container::sniff(&head) {
            return Ok(Self::Recording(container));
        }
        let content = match head.as_slice() {
            [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => {
                let inside = office::in_zip(&head, &files::directory(path).await.map_err(unreadable)?);
                match inside {
                    None => return Ok(Self::Container(unpack::Container::Archive)),
                    inside => inside,
                }
            }
            [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ..] => {
                if tokio::fs::metadata(path).await.map_err(unreadable)?.len() > OFFICE_LIMIT {
                    return Err(Refusal::new(Code::FileTooLarge, "too large for an office document"));
                }
                let path = path.to_owned();
                let looked = tokio::task::spawn_blocking(move || office::in_compound(&path)).await;
                looked.map_err(std::io::Error::other).flatten().map_err(unreadable)?
            }
            [b'{', b'\\', b'r', b't', b'f', ..] => Some(Content::Office(Office::Rtf)),
            _ if !plain::is_text(&head) => None,
            _ => match unpack::Container::sniff(&head, name) {
                Some(letter) => return Ok(Self::Container(letter)),
                None => text(&head, name).map(Content::Office),
            },
        };
        match content.ok_or_else(unsupported)? {
            Content::Ofd => Err(Refusal::new(Code::OfdUnsupported, "")),
            Content::Encrypted => Ok(Self::Sealed),
            Content::Letter => Ok(Self::Container(unpack::Container::Outlook)),
            Content::Office(office) => {
                let length = tokio::fs::metadata(path).await.map_err(unreadable)?.len();
                if length > OFFICE_LIMIT {
                    return Err(Refusal::new(Code::FileTooLarge, "too large for an office document"));
                }
                Ok(Self::Office(office))
            }
        }
    }

    /// MIME type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Image(ImageFormat::Jpeg) => "image/jpeg",
            Self::Image(ImageFormat::Png) => "image/png",
            Self::Image(ImageFormat::Tiff) => "image/tiff",
            Self::Image(ImageFormat::WebP) => "image/webp",
            Self::Image(ImageFormat::Gif) => "image/gif",
            Self::Image(ImageFormat::Bmp) => "image/bmp",
            Self::Image(ImageFormat::Jp2) => "image/jp2",
            Self::Image(ImageFormat::Heic) => "image/heic",
            Self::Image(ImageFormat::Avif) => "image/avif",
            Self::Office(office) => office.media_type(),
            Self::Recording(container) => container.media_type(container.is_film()),
            Self::Sealed => "application/x-ole-storage",
            Self::Container(container) => container.media_type(),
        }
    }
}

/// Films are packed in the same way.
fn heif(brand: &[u8]) -> Option<ImageFormat> {
    match brand.get(..4)? {
        b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"mif1" | b"msf1" => {
            Some(ImageFormat::Heic)
        }
        b"avif" | b"avis" => Some(ImageFormat::Avif),
        _ => None,
    }
}

/// What a text is by its beginning, or by its name.
fn text(head: &[u8], name: &Path) -> Option<Office> {
    let html = || plain::is_html(head).then_some(Office::Html);
    plain::office_xml(head).or_else(html).or_else(|| is_named_text(name).then_some(Office::Text))
}

fn is_named_text(path: &Path) -> bool {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase());
    extension.is_some_and(|extension| TEXTS.contains(&extension.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_bytes_decide() {
        assert_eq!(Format::sniff(b"%PDF-1.7\n"), Some(Format::Pdf));
        assert_eq!(Format::sniff(b"junk before %PDF-1.4"), Some(Format::Pdf));
        assert_eq!(Format::sniff(b"\xff\xd8\xff\xe0"), Some(Format::Image(ImageFormat::Jpeg)));
        assert_eq!(Format::sniff(b"RIFF1234WEBPVP8 "), Some(Format::Image(ImageFormat::WebP)));
        assert_eq!(Format::sniff(b"MM\0\x2a"), Some(Format::Image(ImageFormat::Tiff)));
        assert_eq!(Format::sniff(b"GIF89a"), Some(Format::Image(ImageFormat::Gif)));
        assert_eq!(
            Format::sniff(b"BM6\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0"),
            Some(Format::Image(ImageFormat::Bmp))
        );
        assert_eq!(Format::sniff(b"BMW, blau, Baujahr 2019"), None);
        assert_eq!(Format::sniff(b"\0\0\0\x18ftypheic"), Some(Format::Image(ImageFormat::Heic)));
        assert_eq!(Format::sniff(b"\0\0\0\x18ftypisom"), None);
        assert_eq!(Format::sniff(b"PK\x03\x04 a.pdf %PDF-1.7"), None);
        assert_eq!(Format::sniff(b""), None);
    }
}

//! Office documents: how each kind is recognised inside its container, named and given to LibreOffice.

use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};

/// A kind of document of which LibreOffice makes a PDF.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Office {
    Doc,
    Docx,
    Odt,
    Rtf,
    Text,
    Html,
    Xls,
    Xlsx,
    Ods,
    Ppt,
    Pptx,
    Odp,
    /// Word 2003 in one XML file.
    WordXml,
    /// Excel 2003 in one XML file.
    ExcelXml,
    /// Microsoft Works.
    Works,
}

/// What LibreOffice needs to read it, by the name of its registry file and of Debian's package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Module {
    Writer,
    Calc,
    Impress,
}

impl Module {
    /// Lower-case name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Writer => "writer",
            Self::Calc => "calc",
            Self::Impress => "impress",
        }
    }
}

impl Office {
    /// The extension by which LibreOffice recognises it.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Doc => "doc",
            Self::Docx => "docx",
            Self::Odt => "odt",
            Self::Rtf => "rtf",
            Self::Text => "txt",
            Self::Html => "html",
            Self::Xls => "xls",
            Self::Xlsx => "xlsx",
            Self::Ods => "ods",
            Self::Ppt => "ppt",
            Self::Pptx => "pptx",
            Self::Odp => "odp",
            Self::WordXml | Self::ExcelXml => "xml",
            Self::Works => "wps",
        }
    }

    /// MIME type.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Doc | Self::WordXml => "application/msword",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Odt => "application/vnd.oasis.opendocument.text",
            Self::Rtf => "application/rtf",
            Self::Text => "text/plain",
            Self::Html => "text/html",
            Self::Xls | Self::ExcelXml => "application/vnd.ms-excel",
            Self::Works => "application/vnd.ms-works",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Ods => "application/vnd.oasis.opendocument.spreadsheet",
            Self::Ppt => "application/vnd.ms-powerpoint",
            Self::Pptx => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            Self::Odp => "application/vnd.oasis.opendocument.presentation",
        }
    }

    /// The part of LibreOffice that reads it.
    pub fn module(self) -> Module {
        match self {
            Self::Doc
            | Self::Docx
            | Self::Odt
            | Self::Rtf
            | Self::Text
            | Self::Html
            | Self::WordXml
            | Self::Works => Module::Writer,
            Self::Xls | Self::Xlsx | Self::Ods | Self::ExcelXml => Module::Calc,
            Self::Ppt | Self::Pptx | Self::Odp => Module::Impress,
        }
    }

    /// Whether something in it has to be known or changed before it is converted.
    pub fn is_looked_into(self) -> bool {
        matches!(self, Self::Doc | Self::Xls | Self::Ppt | Self::Xlsx | Self::Odt | Self::Ods | Self::Odp)
    }

    /// LibreOffice's filter, where its own choice would be another one.
    pub fn filter(self) -> Option<&'static str> {
        match self {
            // Given to it in UTF-8, see `plain`.
            Self::Text => Some("Text (encoded):UTF8,LF,,,"),
            Self::Html => Some("HTML (StarWriter)"),
            Self::WordXml => Some("MS Word 2003 XML"),
            Self::ExcelXml => Some("MS Excel 2003 XML"),
            _ => None,
        }
    }
}

/// What a container holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// An office document.
    Office(Office),
    /// An office document that only a password opens.
    Encrypted,
    /// A letter as Outlook keeps it.
    Letter,
    /// An OFD document (GB/T 33190).
    Ofd,
}

/// What a zip is, by its first bytes and its central directory.
pub fn in_zip(head: &[u8], directory: &[u8]) -> Option<Content> {
    if has_entry(directory, b"OFD.xml", true) {
        return Some(Content::Ofd);
    }
    // The first entry of an OpenDocument file holds its type, uncompressed.
    if let Some(rest) = head.get(30..)
        && let Some(kind) = rest.strip_prefix(b"mimetypeapplication/vnd.oasis.opendocument.")
    {
        let kinds =
            [(&b"text"[..], Office::Odt), (b"spreadsheet", Office::Ods), (b"presentation", Office::Odp)];
        return kinds.into_iter().find(|(name, _)| kind.starts_with(name)).map(|(_, o)| Content::Office(o));
    }
    if !has_entry(directory, b"[Content_Types].xml", true) {
        return None;
    }
    let folders = [(&b"word/"[..], Office::Docx), (b"xl/", Office::Xlsx), (b"ppt/", Office::Pptx)];
    folders
        .into_iter()
        .find(|(folder, _)| has_entry(directory, folder, false))
        .map(|(_, office)| Content::Office(office))
}

/// What a compound file (OLE 2) is, by its streams.
pub fn in_compound(path: &Path) -> io::Result<Option<Content>> {
    // A file that only begins like one is none.
    let Ok(mut file) = cfb::CompoundFile::open(std::fs::File::open(path)?) else { return Ok(None) };
    let streams = [
        ("/EncryptedPackage", Content::Encrypted),
        ("/__properties_version1.0", Content::Letter),
        ("/WordDocument", Content::Office(Office::Doc)),
        ("/Workbook", Content::Office(Office::Xls)),
        ("/Book", Content::Office(Office::Xls)),
        ("/PowerPoint Document", Content::Office(Office::Ppt)),
    ];
    let found = streams.into_iter().find(|(name, _)| file.is_stream(name)).map(|(_, content)| content);
    // Works has one stream of a name that says little.
    let works = || {
        let mut start = [0; 7];
        let mut stream = file.open_stream("/CONTENTS").ok()?;
        io::Read::read_exact(&mut stream, &mut start).ok()?;
        (start == *b"CHNKWKS").then_some(Content::Office(Office::Works))
    };
    Ok(found.or_else(works))
}

/// Whether a zip's central directory has an entry whose name is, or begins with, this one.
fn has_entry(directory: &[u8], name: &[u8], whole: bool) -> bool {
    const FIXED: usize = 46;
    directory.windows(FIXED + name.len()).any(|entry| {
        let length = usize::from(u16::from_le_bytes([entry[28], entry[29]]));
        entry.starts_with(b"PK\x01\x02")
            && (length == name.len() || !whole && length > name.len())
            && entry[FIXED..] == *name
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str) -> Vec<u8> {
        let mut bytes = b"PK\x01\x02".to_vec();
        bytes.resize(28, 0);
        bytes.extend((name.len() as u16).to_le_bytes());
        bytes.resize(46, 0);
        bytes.extend(name.as_bytes());
        bytes
    }

    #[test]
    fn zips_are_known_by_their_entries() {
        let zip = |names: &[&str]| in_zip(b"PK", &names.iter().flat_map(|n| entry(n)).collect::<Vec<_>>());
        assert_eq!(zip(&["Doc_0/Document.xml", "OFD.xml"]), Some(Content::Ofd));
        assert_eq!(zip(&["OFD.xml.bak"]), None);
        assert_eq!(zip(&["xl/workbook.xml"]), None);
        let types = "[Content_Types].xml";
        assert_eq!(zip(&[types, "xl/workbook.xml"]), Some(Content::Office(Office::Xlsx)));
        assert_eq!(zip(&["word/document2.xml", types]), Some(Content::Office(Office::Docx)));
        assert_eq!(zip(&[types, "password/x"]), None);
        assert_eq!(in_zip(b"PK", b"PK\x01\x02 OFD.xml"), None);
    }

    #[test]
    fn open_documents_say_what_they_are() {
        let head = |kind: &str| {
            let mut head = vec![0; 30];
            head.extend(format!("mimetypeapplication/vnd.oasis.opendocument.{kind}").bytes());
            head
        };
        assert_eq!(in_zip(&head("textPK"), b""), Some(Content::Office(Office::Odt)));
        assert_eq!(in_zip(&head("presentation"), b""), Some(Content::Office(Office::Odp)));
        assert_eq!(in_zip(&head("chart"), b""), None);
    }

    #[test]
    fn compound_files_are_known_by_their_streams() {
        let file = |stream: &str| {
            let file = tempfile::NamedTempFile::new().unwrap();
            let mut compound = cfb::create(file.path()).unwrap();
            compound.create_stream(stream).unwrap();
            compound.flush().unwrap();
            file
        };
        let of = |stream: &str| in_compound(file(stream).path()).unwrap();
        assert_eq!(of("/WordDocument"), Some(Content::Office(Office::Doc)));
        assert_eq!(of("/PowerPoint Document"), Some(Content::Office(Office::Ppt)));
        assert_eq!(of("/EncryptedPackage"), Some(Content::Encrypted));
        assert_eq!(of("/__properties_version1.0"), Some(Content::Letter));
        assert_eq!(of("/Something"), None);
    }
}

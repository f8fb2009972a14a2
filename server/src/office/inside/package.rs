//! Documents that are ZIP packages: their parts, one by one and of limited size.

use std::collections::HashMap;
use std::io::{Read, Seek};

use evolume_model::code::Code;
use roxmltree::{Document, Node};
use zip::ZipArchive;

use crate::refusal::Refusal;

/// Parts that a document has at most.
const PARTS: usize = 20_000;
/// Of a part that is looked at.
const LONG: u64 = 128 << 20;

/// A package that is read.
pub struct Package<R> {
    pub archive: ZipArchive<R>,
}

impl<R: Read + Seek> Package<R> {
    pub fn open(reader: R) -> Result<Self, Refusal> {
        let archive = ZipArchive::new(reader).map_err(Refusal::with(Code::OfficeDamaged))?;
        if archive.len() > PARTS {
            return Err(Refusal::new(Code::OfficeDamaged, "too many parts"));
        }
        Ok(Self { archive })
    }

    /// A part that is text; nothing where there is none, or none that can be read.
    pub fn text(&mut self, name: &str) -> Option<String> {
        let part = self.archive.by_name(name).ok()?;
        if part.size() > LONG {
            return None;
        }
        let mut bytes = Vec::new();
        part.take(LONG).read_to_end(&mut bytes).ok()?;
        let charset = crate::office::charset(&bytes)?;
        Some(charset.decode(&bytes).into_owned())
    }
}

/// What each relation's id leads to, as a part's name.
pub fn targets(relations: &str, folder: &str) -> HashMap<String, (String, String)> {
    let Ok(document) = Document::parse(relations) else { return HashMap::new() };
    let relation = |node: Node<'_, '_>| {
        let target = node.attribute("Target")?;
        let external = node.attribute("TargetMode") == Some("External");
        let path = resolve(folder, target);
        let kind = node.attribute("Type").unwrap_or_default().to_owned();
        (!external).then(|| Some((node.attribute("Id")?.to_owned(), (kind, path))))?
    };
    document
        .descendants()
        .filter(|node| node.tag_name().name() == "Relationship")
        .filter_map(relation)
        .collect()
}

fn resolve(folder: &str, target: &str) -> String {
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut parts: Vec<&str> = folder.split('/').collect();
    for part in target.split('/') {
        match part {
            ".." => drop(parts.pop()),
            "." => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// How many sheets an OpenDocument hides. One that is encrypted is refused.
pub fn open_document(reader: impl Read + Seek, sheets: bool) -> Result<u32, Refusal> {
    let mut package = Package::open(reader)?;
    if package.text("META-INF/manifest.xml").is_some_and(|manifest| manifest.contains("encryption-data")) {
        return Err(Refusal::new(Code::OfficeEncrypted, "its own kind of encryption"));
    }
    let content = if sheets { package.text("content.xml") } else { None };
    Ok(content.as_deref().and_then(hidden_tables).unwrap_or(0))
}

fn hidden_tables(content: &str) -> Option<u32> {
    let document = Document::parse(content).ok()?;
    let attribute = |node: Node<'_, '_>, name: &str| {
        node.attributes()
            .find(|attribute| attribute.name() == name)
            .map(|attribute| attribute.value().to_owned())
    };
    let hiding: Vec<String> = document
        .descendants()
        .filter(|node| node.tag_name().name() == "table-properties")
        .filter(|node| attribute(*node, "display").as_deref() == Some("false"))
        .filter_map(|node| attribute(node.parent()?, "name"))
        .collect();
    let tables = document.descendants().filter(|node| node.tag_name().name() == "table");
    let hidden =
        tables.filter(|table| attribute(*table, "style-name").is_some_and(|style| hiding.contains(&style)));
    Some(hidden.count() as u32)
}

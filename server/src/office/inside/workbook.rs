//! Excel's workbooks as LibreOffice is to see them: pictures in cells, which only WPS knows, become pictures over
//! them; sheets that are wider than a page are fitted to one. Hidden sheets are counted.

use std::collections::{BTreeMap, HashMap};
use std::io::{Cursor, Read, Seek, Write};

use evolume_model::code::Code;
use roxmltree::{Document, Node};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::drawing::{self, Picture};
use super::package::{Package, targets};
use super::sheet;
use crate::refusal::Refusal;

const WORKBOOK: &str = "xl/workbook.xml";
const RELATIONS: &str = "xl/_rels/workbook.xml.rels";
/// More sheets are shown as they are.
const SHEETS: usize = 500;

/// A sheet in the book's list.
struct Listed {
    name: String,
    path: String,
    hidden: bool,
}

/// The workbook with its changes, when it needs any; and how many sheets are hidden.
pub fn adapt(reader: impl Read + Seek) -> Result<(Option<Vec<u8>>, u32), Refusal> {
    let mut package = Package::open(reader)?;
    let (Some(book), Some(relations)) = (package.text(WORKBOOK), package.text(RELATIONS)) else {
        return Ok((None, 0));
    };
    let leads = targets(&relations, "xl");
    let Some(sheets) = listed(&book, &leads) else { return Ok((None, 0)) };
    let hidden = sheets.iter().filter(|sheet| sheet.hidden).count() as u32;
    let pictures = cell_pictures(&mut package, &leads).unwrap_or_default();
    let mut changed = BTreeMap::new();
    let mut titles = String::new();
    for (at, listed) in sheets.iter().enumerate().filter(|(_, sheet)| !sheet.hidden).take(SHEETS) {
        let Some(xml) = package.text(&listed.path) else { continue };
        let printed = has_print_area(&book, at);
        let drawn = drawing::columns(&mut package, &listed.path);
        let Some(new) = sheet::adapt(&xml, &pictures, drawn, !printed) else { continue };
        let mut text = new.xml;
        if !new.pictures.is_empty() {
            drawing::place(&mut package, &listed.path, &mut text, &new.pictures, &mut changed, at);
        }
        if new.repeats {
            let name = listed.name.replace('\'', "''").replace('&', "&amp;").replace('<', "&lt;");
            titles += &format!(
                "<definedName name=\"_xlnm.Print_Titles\" localSheetId=\"{at}\">'{name}'!$A:$A,'{name}'!$1:$1</definedName>"
            );
        }
        changed.insert(listed.path.clone(), text);
    }
    if !titles.is_empty() && !book.contains("definedNames") {
        let at = book.find("</sheets>").map(|at| at + "</sheets>".len());
        if let Some(at) = at {
            let names = format!("<definedNames>{titles}</definedNames>");
            changed.insert(WORKBOOK.to_owned(), [&book[..at], &names, &book[at..]].concat());
        }
    }
    if changed.is_empty() {
        return Ok((None, hidden));
    }
    write(package, &changed).map(|bytes| (Some(bytes), hidden))
}

/// The package once more, with other parts in the place of some and new ones after them.
fn write<R: Read + Seek>(
    package: Package<R>,
    changed: &BTreeMap<String, String>,
) -> Result<Vec<u8>, Refusal> {
    let mut archive = package.archive;
    let failed = Refusal::with::<zip::result::ZipError>;
    let mut out = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..archive.len() {
        let part = archive.by_index_raw(at).map_err(failed(Code::OfficeDamaged))?;
        let replaced = part.name().is_ok_and(|name| changed.contains_key(name.as_ref()));
        if !replaced {
            out.raw_copy_file(part).map_err(failed(Code::OfficeDamaged))?;
        }
    }
    for (name, text) in changed {
        out.start_file(name.as_str(), SimpleFileOptions::default()).map_err(failed(Code::OfficeDamaged))?;
        out.write_all(text.as_bytes()).map_err(Refusal::with(Code::OfficeDamaged))?;
    }
    Ok(out.finish().map_err(failed(Code::OfficeDamaged))?.into_inner())
}

fn listed(book: &str, targets: &HashMap<String, (String, String)>) -> Option<Vec<Listed>> {
    let document = Document::parse(book).ok()?;
    let sheets = document.descendants().filter(|node| node.tag_name().name() == "sheet");
    let sheet = |node: Node<'_, '_>| {
        let id = node.attributes().find(|a| a.name() == "id" && a.namespace().is_some())?.value().to_owned();
        Some(Listed {
            name: node.attribute("name").unwrap_or_default().to_owned(),
            path: targets.get(&id)?.1.clone(),
            hidden: node.attribute("state").is_some_and(|state| state != "visible"),
        })
    };
    Some(sheets.filter_map(sheet).collect())
}

/// Somebody has said already what is printed.
fn has_print_area(book: &str, sheet: usize) -> bool {
    let Ok(document) = Document::parse(book) else { return false };
    document.descendants().any(|node| {
        node.attribute("name") == Some("_xlnm.Print_Area")
            && node.attribute("localSheetId").and_then(|id| id.parse().ok()) == Some(sheet)
    })
}

fn named<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    node.descendants().find(|inner| inner.tag_name().name() == name)
}

/// The pictures that cells name.
fn cell_pictures<R: Read + Seek>(
    package: &mut Package<R>,
    book: &HashMap<String, (String, String)>,
) -> Option<HashMap<String, Picture>> {
    let (_, path) = book.values().find(|(kind, _)| kind.ends_with("/cellImage"))?;
    let (folder, file) = path.rsplit_once('/')?;
    let relations = package.text(&format!("{folder}/_rels/{file}.rels"))?;
    let blips = targets(&relations, folder);
    let xml = package.text(path)?;
    let document = Document::parse(&xml).ok()?;
    let picture = |node: Node<'_, '_>| {
        let name = named(node, "cNvPr")?.attribute("name")?.to_owned();
        let blip = named(node, "blip")?;
        let id = blip.attributes().find(|attribute| attribute.name() == "embed")?.value();
        let size = named(node, "ext")
            .and_then(|ext| Some((ext.attribute("cx")?.parse().ok()?, ext.attribute("cy")?.parse().ok()?)));
        Some((name, Picture { path: blips.get(id)?.1.clone(), size }))
    };
    Some(document.descendants().filter(|node| node.tag_name().name() == "pic").filter_map(picture).collect())
}

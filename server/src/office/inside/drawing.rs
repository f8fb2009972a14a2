//! Pictures over the cells of a sheet, in the parts of a package that hold them.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::io::{Read, Seek};

use super::package::{Package, targets};

const RELATIONS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const SHEET_DRAWING: &str = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing";
const MAIN: &str = "http://schemas.openxmlformats.org/drawingml/2006/main";
const TYPES: &str = "[Content_Types].xml";

/// The elements of a sheet that stand after its drawing.
pub const AFTER_DRAWING: &[&str] = &[
    "legacyDrawing",
    "legacyDrawingHF",
    "drawingHF",
    "picture",
    "oleObjects",
    "controls",
    "webPublishItems",
    "tableParts",
    "extLst",
];

/// A picture in the package.
pub struct Picture {
    pub path: String,
    /// Its own proportions.
    pub size: Option<(f64, f64)>,
}

/// A picture with its place: in EMU from the corner of a cell.
pub struct Placed {
    pub path: String,
    pub column: usize,
    pub row: usize,
    pub offset: (i64, i64),
    pub size: (i64, i64),
}

/// How many columns lie under what is drawn on a sheet.
pub fn columns<R: Read + Seek>(package: &mut Package<R>, sheet_path: &str) -> usize {
    let Some((folder, file)) = sheet_path.rsplit_once('/') else { return 0 };
    let relations = package.text(&format!("{folder}/_rels/{file}.rels")).unwrap_or_default();
    let there = targets(&relations, folder).into_values().find(|(kind, _)| kind.ends_with("/drawing"));
    let Some(xml) = there.and_then(|(_, path)| package.text(&path)) else { return 0 };
    let Ok(document) = roxmltree::Document::parse(&xml) else { return 0 };
    let columns = document.descendants().filter(|node| node.tag_name().name() == "col");
    let columns = columns.filter_map(|node| node.text()?.trim().parse::<usize>().ok());
    columns.max().map_or(0, |column| column.saturating_add(1).min(16_384))
}

/// Puts pictures into the sheet's drawing, or into a new one.
pub fn place<R: Read + Seek>(
    package: &mut Package<R>,
    sheet_path: &str,
    sheet: &mut String,
    pictures: &[Placed],
    changed: &mut BTreeMap<String, String>,
    number: usize,
) {
    let Some((folder, file)) = sheet_path.rsplit_once('/') else { return };
    let relations_path = format!("{folder}/_rels/{file}.rels");
    let relations = package.text(&relations_path).unwrap_or_else(empty_relations);
    let there = targets(&relations, folder).into_values().find(|(kind, _)| kind.ends_with("/drawing"));
    let path =
        there.as_ref().map_or_else(|| format!("xl/drawings/evolume{number}.xml"), |(_, path)| path.clone());
    let Some((drawings, name)) = path.rsplit_once('/') else { return };
    let links_path = format!("{drawings}/_rels/{name}.rels");
    let links = package.text(&links_path).unwrap_or_else(empty_relations);
    let drawing = there.as_ref().and_then(|_| package.text(&path));
    let drawing = drawing
        .unwrap_or_else(|| format!("<xdr:wsDr xmlns:xdr=\"{SHEET_DRAWING}\" xmlns:a=\"{MAIN}\"></xdr:wsDr>"));
    let (mut anchors, mut added) = (String::new(), String::new());
    for (at, picture) in pictures.iter().enumerate() {
        let id = format!("evolume{at}");
        let _ = write!(
            added,
            "<Relationship Id=\"{id}\" Type=\"{OFFICE}/image\" Target=\"/{}\"/>",
            picture.path.replace('&', "&amp;")
        );
        anchors += &anchor(picture, &id, 10_000 + at);
    }
    let (Some(drawing), Some(links)) = (append(&drawing, &anchors), append(&links, &added)) else { return };
    if there.is_none() {
        let link = format!("<Relationship Id=\"evolume\" Type=\"{OFFICE}/drawing\" Target=\"/{path}\"/>");
        let types = changed.get(TYPES).cloned().or_else(|| package.text(TYPES)).unwrap_or_default();
        let entry = format!(
            "<Override PartName=\"/{path}\" ContentType=\"application/vnd.openxmlformats-officedocument.drawing+xml\"/>"
        );
        let (Some(types), Some(relations)) = (append(&types, &entry), append(&relations, &link)) else {
            return;
        };
        let Some(named) = with_drawing(sheet) else { return };
        *sheet = named;
        changed.insert(TYPES.to_owned(), types);
        changed.insert(relations_path, relations);
    }
    changed.insert(path.clone(), drawing);
    changed.insert(links_path, links);
}

fn empty_relations() -> String {
    format!("<Relationships xmlns=\"{RELATIONS}\"></Relationships>")
}

/// More at the end of a document's root.
fn append(xml: &str, more: &str) -> Option<String> {
    let document = roxmltree::Document::parse(xml).ok()?;
    let range = document.root_element().range();
    let root = &xml[range.clone()];
    let (end, closed) = match root.strip_suffix("/>") {
        // A root without anything in it.
        Some(open) => {
            let name = open[1..].split(|ch: char| ch.is_whitespace()).next().unwrap_or_default();
            return Some(format!("{}{open}>{more}</{name}>", &xml[..range.start]));
        }
        None => root.rfind("</").map(|at| (range.start + at, true))?,
    };
    closed.then(|| [&xml[..end], more, &xml[end..]].concat())
}

/// The sheet with its drawing named in it, where its kind stands.
fn with_drawing(sheet: &str) -> Option<String> {
    let document = roxmltree::Document::parse(sheet).ok()?;
    let root = document.root_element();
    let next = root.children().find(|node| AFTER_DRAWING.contains(&node.tag_name().name()));
    let at = match next {
        Some(next) => next.range().start,
        None => root.range().start + sheet[root.range()].rfind("</")?,
    };
    let prefix = sheet[root.range().start + 1..].split("worksheet").next().unwrap_or_default();
    let prefix = if prefix.len() < 12 { prefix } else { "" };
    let own = format!("<{prefix}drawing xmlns:r=\"{OFFICE}\" r:id=\"evolume\"/>");
    Some([&sheet[..at], &own, &sheet[at..]].concat())
}

fn anchor(picture: &Placed, id: &str, number: usize) -> String {
    let Placed { column, row, offset: (x, y), size: (width, height), .. } = picture;
    format!(
        "<xdr:oneCellAnchor xmlns:xdr=\"{SHEET_DRAWING}\" xmlns:a=\"{MAIN}\" xmlns:r=\"{OFFICE}\">\
         <xdr:from><xdr:col>{column}</xdr:col><xdr:colOff>{x}</xdr:colOff><xdr:row>{row}</xdr:row><xdr:rowOff>{y}</xdr:rowOff></xdr:from>\
         <xdr:ext cx=\"{width}\" cy=\"{height}\"/>\
         <xdr:pic><xdr:nvPicPr><xdr:cNvPr id=\"{number}\" name=\"{id}\"/><xdr:cNvPicPr/></xdr:nvPicPr>\
         <xdr:blipFill><a:blip r:embed=\"{id}\"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill>\
         <xdr:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"{width}\" cy=\"{height}\"/></a:xfrm>\
         <a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></xdr:spPr></xdr:pic><xdr:clientData/></xdr:oneCellAnchor>"
    )
}

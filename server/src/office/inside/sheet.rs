//! One sheet of a workbook: where the pictures of its cells go, and how it is put on paper.

use std::collections::HashMap;
use std::ops::Range;

use roxmltree::{Document, Node};

use super::drawing::{AFTER_DRAWING, Picture, Placed};

/// English metric units: of a point, and of a pixel at 96 dpi.
const POINT: f64 = 12_700.;
const PIXEL: f64 = 9_525.;
/// A digit's width in pixels, in which columns are measured.
const DIGIT: f64 = 7.;
/// What is left of A4 between usual margins, and of A3: points.
const UPRIGHT: f64 = 495.;
const LYING: f64 = 740.;
const LARGE: f64 = 1_090.;
/// Smaller than this nobody reads it.
const READABLE: f64 = 0.55;
/// The elements of a sheet that stand after the layout of its pages; they have an order.
const AFTER_PAGE: &[&str] = &[
    "headerFooter",
    "rowBreaks",
    "colBreaks",
    "customProperties",
    "cellWatches",
    "ignoredErrors",
    "smartTags",
    "drawing",
];

/// A sheet that is to be another.
pub struct Adapted {
    pub xml: String,
    /// What is to be shown over cells.
    pub pictures: Vec<Placed>,
    /// Its first row and column are to be repeated on every page.
    pub repeats: bool,
}

/// Nothing where it can stay as it is. `drawn` is how many columns lie under what is drawn over them.
pub fn adapt(xml: &str, pictures: &HashMap<String, Picture>, drawn: usize, fit: bool) -> Option<Adapted> {
    let document = Document::parse(xml).ok()?;
    let root = document.root_element();
    let mut grid = Grid::of(root);
    grid.columns = grid.columns.max(drawn);
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    let mut placed = Vec::new();
    for cell in root.descendants().filter(|node| is(*node, "c")) {
        let Some(picture) = named(cell).and_then(|id| pictures.get(&id)) else { continue };
        let Some((column, row)) = cell.attribute("r").and_then(position) else { continue };
        let style = cell.attribute("s").map(|style| format!(" s=\"{style}\"")).unwrap_or_default();
        let tag = tag(xml, cell);
        edits.push((
            cell.range(),
            format!("<{tag} r=\"{}\"{style}/>", cell.attribute("r").unwrap_or_default()),
        ));
        placed.push(grid.place(picture, column, row));
    }
    let mut repeats = false;
    if fit && !fits_already(root) {
        let width = grid.used_width();
        if width > UPRIGHT {
            let prefix = tag(xml, root).strip_suffix("worksheet").unwrap_or_default().to_owned();
            let (paper, setting) = match width {
                width if width <= LYING / READABLE => (9, "fitToWidth=\"1\" fitToHeight=\"0\""),
                width if width <= LARGE / READABLE => (8, "fitToWidth=\"1\" fitToHeight=\"0\""),
                _ => {
                    repeats = true;
                    (8, "scale=\"70\" pageOrder=\"overThenDown\"")
                }
            };
            let setup =
                format!("<{prefix}pageSetup paperSize=\"{paper}\" {setting} orientation=\"landscape\"/>");
            edits.push((place_of(root, "pageSetup", AFTER_PAGE, AFTER_DRAWING), setup));
            if !repeats {
                edits.push(fitting(xml, root, &prefix));
            }
        }
    }
    if edits.is_empty() {
        return None;
    }
    edits.sort_by_key(|(range, _)| std::cmp::Reverse(range.start));
    let mut new = xml.to_owned();
    for (range, text) in edits {
        new.replace_range(range, &text);
    }
    Some(Adapted { xml: new, pictures: placed, repeats })
}

fn is(node: Node<'_, '_>, name: &str) -> bool {
    node.is_element() && node.tag_name().name() == name
}

/// An element's name with its prefix, as it is written.
fn tag<'a>(xml: &'a str, node: Node<'_, '_>) -> &'a str {
    let rest = &xml[node.range().start + 1..];
    &rest[..rest.find(|ch: char| ch.is_whitespace() || matches!(ch, '/' | '>')).unwrap_or(0)]
}

/// The picture that a cell names: `=DISPIMG("ID_…",1)`.
fn named(cell: Node<'_, '_>) -> Option<String> {
    let texts =
        cell.children().filter(|node| is(*node, "f") || is(*node, "v")).filter_map(|node| node.text());
    texts.filter_map(|text| text.split_once("DISPIMG(")?.1.split('"').nth(1).map(str::to_owned)).next()
}

/// `BC12` as column and row, from 0.
fn position(name: &str) -> Option<(usize, usize)> {
    let digits = name.find(|ch: char| ch.is_ascii_digit())?;
    let letters = &name[..digits];
    if letters.is_empty() || letters.len() > 3 || !letters.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return None;
    }
    let column = letters.bytes().fold(0, |sum, byte| sum * 26 + usize::from(byte - b'A') + 1);
    Some((column - 1, name[digits..].parse::<usize>().ok()?.checked_sub(1)?))
}

/// Whether somebody has fitted it to pages.
fn fits_already(root: Node<'_, '_>) -> bool {
    root.descendants()
        .any(|node| is(node, "pageSetUpPr") && matches!(node.attribute("fitToPage"), Some("1" | "true")))
}

/// Where an element stands, or would stand: before all that come after it.
fn place_of(root: Node<'_, '_>, name: &str, after: &[&str], further: &[&str]) -> Range<usize> {
    if let Some(there) = root.children().find(|node| is(*node, name)) {
        return there.range();
    }
    let next = root.children().filter(Node::is_element).find(|node| {
        let name = node.tag_name().name();
        after.contains(&name) || further.contains(&name)
    });
    let last = || root.children().rfind(Node::is_element).map_or(root.range().end, |node| node.range().end);
    let at = next.map_or_else(last, |node| node.range().start);
    at..at
}

fn fitting(xml: &str, root: Node<'_, '_>, prefix: &str) -> (Range<usize>, String) {
    let own = format!("<{prefix}pageSetUpPr fitToPage=\"1\"/>");
    if let Some(there) = root.descendants().find(|node| is(*node, "pageSetUpPr")) {
        return (there.range(), own);
    }
    match root.children().find(|node| is(*node, "sheetPr")) {
        Some(there) if xml[there.range()].ends_with("/>") => {
            let open = xml[there.range()].trim_end_matches("/>").to_owned();
            (there.range(), format!("{open}>{own}</{prefix}sheetPr>"))
        }
        Some(there) => {
            let at = there.range().start + xml[there.range()].rfind("</").unwrap_or(0);
            (at..at, own)
        }
        None => {
            let first =
                root.children().find(Node::is_element).map_or(root.range().end, |node| node.range().start);
            (first..first, format!("<{prefix}sheetPr>{own}</{prefix}sheetPr>"))
        }
    }
}

/// How wide and how high its cells are.
struct Grid {
    widths: Vec<(usize, usize, f64)>,
    width: f64,
    heights: HashMap<usize, f64>,
    height: f64,
    merged: Vec<[usize; 4]>,
    /// Columns up to the last that has anything in it.
    columns: usize,
}

impl Grid {
    fn of(root: Node<'_, '_>) -> Self {
        let number =
            |node: Node<'_, '_>, name: &str| node.attribute(name).and_then(|text| text.parse::<f64>().ok());
        let format = root.descendants().find(|node| is(*node, "sheetFormatPr"));
        let mut grid = Self {
            widths: Vec::new(),
            width: format.and_then(|f| number(f, "defaultColWidth")).unwrap_or(9.14),
            heights: HashMap::new(),
            height: format.and_then(|f| number(f, "defaultRowHeight")).unwrap_or(15.),
            merged: Vec::new(),
            columns: 0,
        };
        for node in root.descendants().filter(Node::is_element) {
            match node.tag_name().name() {
                "col" => {
                    let hidden = matches!(node.attribute("hidden"), Some("1" | "true"));
                    let width = if hidden { 0. } else { number(node, "width").unwrap_or(grid.width) };
                    let (min, max) = (number(node, "min").unwrap_or(1.), number(node, "max").unwrap_or(1.));
                    grid.widths.push((min as usize, max as usize, width));
                }
                "row" => {
                    if let (Some(row), Some(height)) = (number(node, "r"), number(node, "ht")) {
                        grid.heights.insert(row as usize, height);
                    }
                }
                "c" if node.has_children() => {
                    let (column, _) = node.attribute("r").and_then(position).unwrap_or_default();
                    grid.columns = grid.columns.max(column + 1);
                }
                "mergeCell" => {
                    let corners = node.attribute("ref").and_then(|cells| cells.split_once(':'));
                    let corners = corners.and_then(|(a, b)| Some((position(a)?, position(b)?)));
                    grid.merged.extend(corners.map(|((a, b), (c, d))| [a, b, c, d]));
                }
                _ => {}
            }
        }
        grid
    }

    /// In EMU.
    fn column(&self, at: usize) -> f64 {
        let own = self.widths.iter().find(|(min, max, _)| (*min..=*max).contains(&(at + 1)));
        own.map_or(self.width, |(.., width)| *width).clamp(0., 255.) * DIGIT * PIXEL
    }

    fn row(&self, at: usize) -> f64 {
        self.heights.get(&(at + 1)).copied().unwrap_or(self.height).clamp(0., 409.) * POINT
    }

    /// In points.
    fn used_width(&self) -> f64 {
        (0..self.columns.min(16_384)).map(|at| self.column(at)).sum::<f64>() / POINT
    }

    /// As large as the cell allows, in its middle.
    fn place(&self, picture: &Picture, column: usize, row: usize) -> Placed {
        let own = [column, row, column, row];
        let [left, top, right, bottom] =
            self.merged.iter().find(|m| m[0] == column && m[1] == row).copied().unwrap_or(own);
        let width: f64 = (left..=right.min(left + 1000)).map(|at| self.column(at)).sum();
        let height: f64 = (top..=bottom.min(top + 1000)).map(|at| self.row(at)).sum();
        let (w, h) =
            picture.size.filter(|(w, h)| *w > 0. && *h > 0.).unwrap_or((width.max(1.), height.max(1.)));
        let scale = (width / w).min(height / h);
        Placed {
            path: picture.path.clone(),
            column,
            row,
            offset: (((width - w * scale) / 2.) as i64, ((height - h * scale) / 2.) as i64),
            size: ((w * scale) as i64, (h * scale) as i64),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIN: &str = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"";

    #[test]
    fn the_picture_of_a_cell_is_placed_over_it() {
        let sheet = format!(
            "<worksheet {MAIN}><cols><col min=\"2\" max=\"2\" width=\"20\"/></cols><sheetData><row r=\"1\" ht=\"90\">\
             <c r=\"B1\" s=\"3\" t=\"str\"><f>_xlfn.DISPIMG(\"ID_A\",1)</f><v>=DISPIMG(\"ID_A\",1)</v></c></row></sheetData></worksheet>"
        );
        let picture = Picture { path: "xl/media/a.png".into(), size: Some((100., 100.)) };
        let adapted = adapt(&sheet, &HashMap::from([("ID_A".to_owned(), picture)]), 0, true).unwrap();
        assert!(
            adapted.xml.contains("<c r=\"B1\" s=\"3\"/>") && !adapted.xml.contains("DISPIMG"),
            "{}",
            adapted.xml
        );
        let placed = &adapted.pictures[0];
        assert_eq!((placed.column, placed.row, placed.size), (1, 0, (1_143_000, 1_143_000)));
        assert!(adapt(&sheet, &HashMap::new(), 0, true).is_none());
    }

    #[test]
    fn a_wide_sheet_is_fitted_unless_somebody_has_done_so() {
        let sheet = |columns: usize, properties: &str| {
            let name = |at: usize| {
                ["", "A", "B", "C"][at / 26].to_owned() + &char::from(b'A' + (at % 26) as u8).to_string()
            };
            let cells: String =
                (0..columns).map(|at| format!("<c r=\"{}1\"><v>1</v></c>", name(at))).collect();
            format!(
                "<worksheet {MAIN}>{properties}<sheetData><row r=\"1\">{cells}</row></sheetData>\
                 <pageSetup orientation=\"portrait\"/><headerFooter/></worksheet>"
            )
        };
        let adapted = |columns| adapt(&sheet(columns, ""), &HashMap::new(), 0, true);
        assert!(adapted(8).is_none());
        let wide = adapted(20).unwrap();
        assert!(
            wide.xml.contains("fitToPage=\"1\"") && wide.xml.contains("paperSize=\"9\" fitToWidth=\"1\"")
        );
        assert!(!wide.xml.contains("portrait") && !wide.repeats);
        let very = adapted(100).unwrap();
        assert!(very.repeats && very.xml.contains("overThenDown"));
        let fitted = sheet(20, "<sheetPr><pageSetUpPr fitToPage=\"1\"/></sheetPr>");
        assert!(adapt(&fitted, &HashMap::new(), 0, true).is_none());
        assert!(adapt(&sheet(20, ""), &HashMap::new(), 0, false).is_none());
        assert!(adapt(&sheet(3, ""), &HashMap::new(), 20, true).is_some(), "a picture is as wide");
    }

    #[test]
    fn cells_have_places() {
        assert_eq!(position("A1"), Some((0, 0)));
        assert_eq!(position("AB12"), Some((27, 11)));
        assert_eq!(position("12"), None);
        assert_eq!(position("A0"), None);
    }
}

//! Reads hOCR as Tesseract writes it with a box for every character.

use roxmltree::{Document, Node, ParsingOptions};

use super::{Letter, Line, Reading};

/// Nodes of a page that is full of small print, several times over.
const NODES: u32 = 2_000_000;

/// The lines of all pages; the error tells what is wrong with the document.
pub fn parse(text: &str) -> Result<Reading, roxmltree::Error> {
    let options = ParsingOptions { allow_dtd: true, nodes_limit: NODES, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options)?;
    // `ocr_line`, `ocr_header`, `ocr_caption`, `ocr_textfloat`: all of them hold words.
    let lines = document.descendants().filter(|node| node.children().any(|child| is(&child, "ocrx_word")));
    Ok(Reading { lines: lines.map(|node| line(&node)).filter(|line| !line.words.is_empty()).collect() })
}

fn is(node: &Node<'_, '_>, class: &str) -> bool {
    node.attribute("class") == Some(class)
}

fn line(node: &Node<'_, '_>) -> Line {
    let slope = property(node, "baseline").and_then(|mut numbers| numbers.next()).unwrap_or(0.);
    let words = node.children().filter(|child| is(child, "ocrx_word"));
    let words = words.map(|word| word.children().filter_map(|letter| self::letter(&letter)).collect());
    Line { words: words.filter(|word: &Vec<Letter>| !word.is_empty()).collect(), slope }
}

fn letter(node: &Node<'_, '_>) -> Option<Letter> {
    if !is(node, "ocrx_cinfo") {
        return None;
    }
    let ch = node.text()?.trim().chars().next()?;
    let mut edges = property(node, "x_bboxes")?;
    let edges = [edges.next()?, edges.next()?, edges.next()?, edges.next()?];
    let confidence = property(node, "x_conf")?.next()?.clamp(0., 100.) as u8;
    edges.iter().all(|edge| edge.is_finite()).then_some(Letter { ch, edges, confidence })
}

/// The numbers behind a name in a node's `title`: `x_bboxes 1 2 3 4; x_conf 99.5`.
fn property<'a>(node: &Node<'a, '_>, name: &str) -> Option<impl Iterator<Item = f32> + 'a> {
    let title = node.attribute("title")?;
    let found = title.split(';').find_map(|part| part.trim().strip_prefix(name)?.strip_prefix(' '))?;
    Some(found.split(' ').map_while(|number| number.parse().ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_words_and_characters_are_read() {
        let text = "<?xml version='1.0'?><!DOCTYPE html><html><body><p>\
            <span class='ocr_line' title=\"bbox 0 0 90 30; baseline 0.008 -14\">\n\
            <span class='ocrx_word' title='bbox 1 2 3 4; x_wconf 96'>\
            <span class='ocrx_cinfo' title='x_bboxes 10 20 30 40; x_conf 99.5'>原</span>\
            <span class='ocrx_cinfo' title='x_bboxes 31 20 50 40; x_conf 100.1'>&lt;</span></span>\
            <span class='ocrx_word' title='bbox 1 2 3 4; x_wconf 96'> </span></span>\
            <span class='ocr_header' title='bbox 0 0 9 9'><span class='ocrx_word'>\
            <span class='ocrx_cinfo' title='x_bboxes 1 2'>x</span>\
            <span class='ocrx_cinfo' title='x_bboxes 1 2 3 4; x_conf 7'>y</span></span></span>\
            </p></body></html>";
        let reading = parse(text).unwrap();
        let letter = |ch, edges, confidence| Letter { ch, edges, confidence };
        let first = vec![letter('原', [10., 20., 30., 40.], 99), letter('<', [31., 20., 50., 40.], 100)];
        assert_eq!(reading.lines[0], Line { words: vec![first], slope: 0.008 });
        assert_eq!(reading.lines[1].words, [[letter('y', [1., 2., 3., 4.], 7)]]);
        assert_eq!(reading.lines.len(), 2);
    }

    #[test]
    fn what_is_no_hocr_is_an_error_or_empty() {
        assert!(parse("").is_err());
        assert!(parse("<html><span class='ocr_line'>").is_err());
        assert_eq!(parse("<html/>").unwrap(), Reading::default());
    }
}

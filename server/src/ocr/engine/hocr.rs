//! Reads hOCR as Tesseract writes it with a box for every character.

use roxmltree::{Document, Node, ParsingOptions};

use super::{Edges, Letter, Line, Reading};

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
    let words = words.map(|word| self::word(&word));
    Line { words: words.filter(|word: &Vec<Letter>| !word.is_empty()).collect(), slope }
}

fn word(node: &Node<'_, '_>) -> Vec<Letter> {
    let mut letters: Vec<Letter> = node.children().filter_map(|letter| self::letter(&letter)).collect();
    let whole = edges(node, "bbox");
    let inside = |letter: &Letter| {
        let ([x0, y0, x1, y1], [a, b, c, d]) = (whole.unwrap_or(letter.edges), letter.edges);
        a < x1 && x0 < c && b < y1 && y0 < d
    };
    // In a column of vertical writing Tesseract forgets to turn the characters' boxes, but not the word's.
    if let Some([x0, y0, x1, y1]) = whole.filter(|_| !letters.iter().all(inside)) {
        let each = (y1 - y0) / letters.len() as f32;
        for (at, letter) in letters.iter_mut().enumerate() {
            letter.edges = [x0, y0 + each * at as f32, x1, y0 + each * (at + 1) as f32];
        }
    }
    letters
}

fn letter(node: &Node<'_, '_>) -> Option<Letter> {
    if !is(node, "ocrx_cinfo") {
        return None;
    }
    let ch = node.text()?.trim().chars().next()?;
    let edges = edges(node, "x_bboxes")?;
    let confidence = property(node, "x_conf")?.next()?.clamp(0., 100.) as u8;
    Some(Letter { ch, edges, confidence })
}

fn edges(node: &Node<'_, '_>, name: &str) -> Option<Edges> {
    let mut edges = property(node, name)?;
    let edges = [edges.next()?, edges.next()?, edges.next()?, edges.next()?];
    edges.iter().all(|edge| edge.is_finite()).then_some(edges)
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
            <span class='ocrx_word' title='bbox 10 20 50 40; x_wconf 96'>\
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
    fn boxes_of_a_column_are_shares_of_the_word() {
        let text = "<p><span class='ocr_line' title='baseline -962.5 962.5'>\
            <span class='ocrx_word' title='bbox 34 175 79 247'>\
            <span class='ocrx_cinfo' title='x_bboxes 0 1970 0 2000; x_conf 99'>證</span>\
            <span class='ocrx_cinfo' title='x_bboxes 0 1964 0 2009; x_conf 98'>物</span></span></span></p>";
        let reading = parse(text).unwrap();
        let letter = |ch, edges, confidence| Letter { ch, edges, confidence };
        let word = [letter('證', [34., 175., 79., 211.], 99), letter('物', [34., 211., 79., 247.], 98)];
        assert_eq!(reading.lines[0].words, [word]);
    }

    #[test]
    fn what_is_no_hocr_is_an_error_or_empty() {
        assert!(parse("").is_err());
        assert!(parse("<html><span class='ocr_line'>").is_err());
        assert_eq!(parse("<html/>").unwrap(), Reading::default());
    }
}

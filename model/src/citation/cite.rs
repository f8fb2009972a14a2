//! Writes citations in the form that [`super::find`] recognises.

use crate::volume::Manifest;

/// A quotation with its source: `“……”（《起诉状》第3页／正卷第17页）`; `None` when the volume has no such pages.
///
/// `first` and `last` are pages of the volume, from 0; `text` is clean text.
pub fn quote(manifest: &Manifest, first: u32, last: u32, text: &str) -> Option<String> {
    let inner: String = text
        .chars()
        .map(|ch| match ch {
            '“' => '‘',
            '”' => '’',
            ch => ch,
        })
        .collect();
    Some(format!("“{inner}”（{}）", cite(manifest, first, last)?))
}

/// `《起诉状》第3页／正卷第17页`, with `第3-4页` for more than one, and `《起诉状》第3页至《答辩状》第1页` for pages of
/// different materials.
fn cite(manifest: &Manifest, first: u32, last: u32) -> Option<String> {
    let (from, at) = manifest.locate(first as usize + 1)?;
    let (to, end) = manifest.locate(last as usize + 1)?;
    let title = |title: &str| format!("《{}》", title.trim().trim_matches(['《', '》']));
    let place = if from.id == to.id {
        format!("{}{}", title(&from.title), pages(at + 1, end + 1))
    } else {
        let one = |of: &str, page| format!("{}{}", title(of), pages(page, page));
        format!("{}至{}", one(&from.title, at + 1), one(&to.title, end + 1))
    };
    Some(format!("{place}／{}{}", manifest.title.trim(), pages(first as usize + 1, last as usize + 1)))
}

fn pages(first: usize, last: usize) -> String {
    if first == last { format!("第{first}页") } else { format!("第{first}-{last}页") }
}

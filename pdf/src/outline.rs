//! The outline of a PDF, as a list.

use std::collections::HashSet;

use evolume_model::navigation::{MAX_DEPTH, MAX_OUTLINE, MAX_TITLE};
use pdfium_render::prelude::*;

use crate::title::{Gb2312, mended};

/// The outline in reading order: title, level from 0, page index. Entries that lead nowhere are left out.
pub fn outline(document: &PdfDocument<'_>, table: &impl Gb2312) -> Vec<(String, u32, u32)> {
    let pages = u32::try_from(document.pages().len()).unwrap_or(0);
    let mut flat = Flat { pages, table, seen: HashSet::new(), entries: Vec::new() };
    if let Some(root) = document.bookmarks().root() {
        // `root` is the first entry of the top level.
        flat.add(root, 0);
    }
    flat.entries
}

/// Collects the entries of an outline tree.
struct Flat<'a, 't, T> {
    pages: u32,
    table: &'t T,
    /// Visits every entry once: a hostile outline may be circular.
    seen: HashSet<PdfBookmark<'a>>,
    entries: Vec<(String, u32, u32)>,
}

impl<'a, T: Gb2312> Flat<'a, '_, T> {
    fn add(&mut self, first: PdfBookmark<'a>, level: u32) {
        let mut next = Some(first);
        while let Some(entry) = next {
            if self.seen.len() >= MAX_OUTLINE || !self.seen.insert(entry.clone()) {
                return;
            }
            let target = target(&entry).and_then(|page| u32::try_from(page).ok());
            let title = entry.title().unwrap_or_default();
            let title = mended(&title, self.table).unwrap_or(title);
            let title = title.trim_matches(|ch: char| ch.is_whitespace() || ch.is_control());
            if let (Some(page), false) = (target.filter(|page| *page < self.pages), title.is_empty()) {
                self.entries.push((title.chars().take(MAX_TITLE).collect(), level, page));
            }
            if level < MAX_DEPTH
                && let Some(child) = entry.first_child()
            {
                self.add(child, level + 1);
            }
            next = entry.next_sibling();
        }
    }
}

fn target(entry: &PdfBookmark<'_>) -> Option<i32> {
    if let Some(destination) = entry.destination() {
        return destination.page_index().ok();
    }
    local_target(&entry.action()?)
}

/// The page that an action leads to, if it stays in the document.
pub(crate) fn local_target(action: &PdfAction<'_>) -> Option<i32> {
    action.as_local_destination_action()?.destination().ok()?.page_index().ok()
}

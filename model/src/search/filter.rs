//! Filters of a search: materials, categories, pages, days, and pages with marks.

use serde::{Deserialize, Serialize};

use super::date::{Days, days_in};
use super::fold::{Folded, fold};
use crate::category::Category;

/// Narrows a search down; what is empty or absent narrows nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(default)]
pub struct Filter {
    /// Only materials whose id this is, or whose title has this in it.
    pub materials: Vec<String>,
    /// Only materials of these categories.
    pub categories: Vec<Category>,
    /// Only these pages, by volume page number from 1, both included.
    pub pages: Option<[u32; 2]>,
    /// Only pages whose text names a day from the first to the second, both included.
    pub days: Option<Days>,
    /// Only pages with marks, as the asker sees them.
    pub marked: bool,
}

/// A material as filters see it.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    pub id: &'a str,
    pub title: &'a str,
    pub category: Category,
    /// Volume page number of its first page.
    pub first: u32,
    /// Indexes of its pages that have marks.
    pub marked: &'a [u32],
}

impl Place<'static> {
    /// A lone material without a name.
    pub const ALONE: Self = Self { id: "", title: "", category: Category::Other, first: 1, marked: &[] };
}

impl Filter {
    /// Whether everything passes.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether pages of a material may pass.
    pub fn admits(&self, place: &Place<'_>) -> bool {
        let titled = |wanted: &String| wanted == place.id || contains(place.title, wanted);
        (self.materials.is_empty() || self.materials.iter().any(titled))
            && (self.categories.is_empty() || self.categories.contains(&place.category))
            && (!self.marked || !place.marked.is_empty())
            && self.pages.is_none_or(|[_, to]| place.first <= to)
    }

    /// Whether a page, by its index in the material, passes all filters that do not need its text.
    pub fn admits_page(&self, place: &Place<'_>, page: u32) -> bool {
        let number = place.first.saturating_add(page);
        self.pages.is_none_or(|[from, to]| from <= number && number <= to)
            && (!self.marked || place.marked.contains(&page))
    }

    /// The days in a text that pass; `None` when the filter does not ask for days.
    pub(super) fn days_in(&self, text: &Folded) -> Option<Vec<std::ops::Range<usize>>> {
        let [from, to] = self.days?;
        let days = days_in(text).into_iter();
        Some(days.filter(|(day, _)| from <= *day && *day <= to).map(|(_, units)| units).collect())
    }
}

/// Whether a title contains a text, both folded.
fn contains(title: &str, wanted: &str) -> bool {
    let codes = |text: &str| fold(text).units.iter().map(|unit| unit.code()).collect::<Vec<_>>();
    let (title, wanted) = (codes(title), codes(wanted));
    !wanted.is_empty() && title.windows(wanted.len()).any(|window| window == wanted)
}

/// Reads `3`, `3-9`, `3-` and `-9`: pages from 1.
pub fn parse_pages(text: &str) -> Option<[u32; 2]> {
    let (from, to) = text.split_once(['-', '~', '－']).unwrap_or((text, text));
    let number = |text: &str, open: u32| if text.is_empty() { Some(open) } else { text.parse().ok() };
    let pages = [number(from, 1)?, number(to, u32::MAX)?];
    (1 <= pages[0] && pages[0] <= pages[1] && pages != [1, u32::MAX]).then_some(pages)
}

/// Reads a category's name: `judgment`, 裁判文书, or a part of the Chinese one.
pub fn parse_category(text: &str) -> Option<Category> {
    let named =
        |category: &&Category| category.key() == text || (!text.is_empty() && contains(category.zh(), text));
    let exact = Category::ALL.iter().find(|category| category.zh() == text);
    exact.or_else(|| Category::ALL.iter().find(named)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_ranges() {
        assert_eq!(parse_pages("3"), Some([3, 3]));
        assert_eq!(parse_pages("3-9"), Some([3, 9]));
        assert_eq!(parse_pages("3-"), Some([3, u32::MAX]));
        assert_eq!(parse_pages("-9"), Some([1, 9]));
        for none in ["", "-", "0", "9-3", "a", "1-2-3", "99999999999"] {
            assert_eq!(parse_pages(none), None, "{none}");
        }
    }

    #[test]
    fn categories_have_names_in_two_languages() {
        assert_eq!(parse_category("judgment"), Some(Category::Judgment));
        assert_eq!(parse_category("证据"), Some(Category::Evidence));
        assert_eq!(parse_category("庭审"), Some(Category::Hearing));
        assert_eq!(parse_category("審理報告"), Some(Category::Review));
        assert_eq!(parse_category("无此类"), None);
        assert_eq!(parse_category(""), None);
    }

    #[test]
    fn every_condition_has_to_hold() {
        let place = Place {
            id: "m1",
            title: "庭审笔录（第一次）",
            category: Category::Hearing,
            first: 11,
            marked: &[2],
        };
        let admits = |filter: Filter| filter.admits(&place) && filter.admits_page(&place, 2);
        assert!(admits(Filter::default()));
        assert!(admits(Filter { materials: vec!["m1".into()], ..Filter::default() }));
        assert!(admits(Filter {
            materials: vec!["無".into(), "庭審筆錄".into()],
            marked: true,
            ..Filter::default()
        }));
        assert!(!admits(Filter { materials: vec!["m".into()], ..Filter::default() }));
        assert!(!admits(Filter { categories: vec![Category::Evidence], ..Filter::default() }));
        assert!(admits(Filter { pages: Some([13, 13]), ..Filter::default() }));
        assert!(!admits(Filter { pages: Some([1, 12]), ..Filter::default() }));
        assert!(!Filter { marked: true, ..Filter::default() }.admits_page(&place, 1));
    }
}

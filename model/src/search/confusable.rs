//! Characters that OCR confuses because they look alike.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::plain::plain;

/// Each line is a family of look-alikes; lines that start with `#` are comments.
const FAMILIES: &str = include_str!("confusables.txt");

/// The families that each character belongs to.
static FAMILIES_OF: LazyLock<HashMap<char, Vec<u16>>> = LazyLock::new(|| {
    let mut of: HashMap<char, Vec<u16>> = HashMap::new();
    let families = FAMILIES.lines().filter(|line| !line.starts_with('#'));
    for (number, family) in (0..).zip(families) {
        for ch in family.chars().filter(|ch| !ch.is_whitespace()) {
            for ch in plain(ch).to_lowercase() {
                of.entry(ch).or_default().push(number);
            }
        }
    }
    of
});

/// Whether two folded characters look alike.
pub(super) fn confusable(one: char, other: char) -> bool {
    let of = |ch| FAMILIES_OF.get(&ch).map(Vec::as_slice).unwrap_or_default();
    one != other && of(one).iter().any(|family| of(other).contains(family))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn look_alikes_are_mistaken_and_others_are_not() {
        for (one, other) in [('己', '已'), ('末', '未'), ('0', 'o'), ('1', 'l'), ('候', '侯'), ('折', '拆')]
        {
            assert!(confusable(one, other) && confusable(other, one), "{one}{other}");
        }
        assert!(!confusable('己', '末') && !confusable('甲', '甲'));
    }

    #[test]
    fn every_family_has_members_that_differ_when_folded() {
        for family in FAMILIES.lines().filter(|line| !line.starts_with('#')) {
            let mut plain: Vec<char> = family.chars().filter(|ch| !ch.is_whitespace()).map(plain).collect();
            plain.sort_unstable();
            plain.dedup();
            assert!(plain.len() > 1, "{family}");
        }
    }
}

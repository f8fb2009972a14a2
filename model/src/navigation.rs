//! Navigation data of a material: the outline and the links of its PDF.
//!
//! It has a blob of its own, as JSON, to keep the manifest small. Readers fetch it when somebody opens the outline,
//! or when all pages in view are sharp.

use serde::{Deserialize, Serialize};

use crate::geometry::{PagePoint, PageRect};
use crate::volume::OutlineItem;

/// An outline with more entries is an attack.
pub const MAX_OUTLINE: usize = 20_000;
/// So is a deeper one.
pub const MAX_DEPTH: u32 = 32;
/// Characters of an outline entry's title; longer ones are cut.
pub const MAX_TITLE: usize = 200;
/// Links on a page; further ones are dropped.
pub const MAX_PAGE_LINKS: usize = 500;
/// Links in a material; further ones are dropped.
pub const MAX_LINKS: usize = 50_000;
/// Bytes of an address; a link to a longer one is dropped.
pub const MAX_URI: usize = 2_000;

/// Outline and links of a material.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Navigation {
    /// Flattened in reading order.
    pub outline: Vec<OutlineItem>,
    /// In the order of the pages.
    pub links: Vec<Link>,
}

/// A place on a page that leads somewhere.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct Link {
    /// Index of its page in the material.
    pub page: u32,
    /// Page space.
    pub rect: PageRect,
    /// Where it leads.
    pub target: LinkTarget,
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum LinkTarget {
    /// To a page of the material, by index.
    Page(u32),
    /// Out of the volume; see [`is_address`].
    Uri(String),
}

/// Whether a link may lead there: only to the web or to mail, and without characters that disguise the address.
pub fn is_address(uri: &str) -> bool {
    let known = ["http://", "https://", "mailto:"]
        .into_iter()
        .any(|scheme| uri.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme)));
    // Control characters, spaces and direction marks make one address look like another.
    let odd = |ch: char| {
        ch.is_control()
            || ch.is_whitespace()
            || matches!(ch, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
    };
    known && uri.len() <= MAX_URI && !uri.chars().any(odd)
}

impl Navigation {
    pub fn is_empty(&self) -> bool {
        self.outline.is_empty() && self.links.is_empty()
    }

    /// The topmost link at a point of a page; later links lie on top.
    pub fn link_at(&self, page: u32, point: PagePoint) -> Option<&Link> {
        let first = self.links.partition_point(|link| link.page < page);
        let on_page = self.links[first..].iter().take_while(|link| link.page == page);
        on_page.filter(|link| link.rect.contains(point) && link.is_sound()).last()
    }
}

impl Link {
    fn is_sound(&self) -> bool {
        match &self.target {
            LinkTarget::Page(_) => true,
            LinkTarget::Uri(uri) => is_address(uri),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_addresses_of_the_web_and_mail_are_followed() {
        for good in ["https://www.court.gov.cn/a?b=1#c", "HTTP://x", "mailto:a@b.cn"] {
            assert!(is_address(good), "{good}");
        }
        let long = format!("https://{}", "a".repeat(MAX_URI));
        for bad in [
            "javascript:alert(1)",
            "file:///etc/passwd",
            "data:text/html,x",
            "",
            "http:/x",
            "https://a b",
            "https://a\u{202e}b",
            long.as_str(),
        ] {
            assert!(!is_address(bad), "{bad}");
        }
    }

    #[test]
    fn the_last_link_at_a_point_counts() {
        let link = |page, x0, target| Link { page, rect: PageRect::new(x0, 0., 100., 10.), target };
        let navigation = Navigation {
            outline: vec![],
            links: vec![
                link(0, 0., LinkTarget::Page(3)),
                link(2, 0., LinkTarget::Page(4)),
                link(2, 50., LinkTarget::Uri("https://a".into())),
                link(2, 80., LinkTarget::Uri("javascript:a".into())),
            ],
        };
        let at = |page, x| navigation.link_at(page, PagePoint { x, y: 5. }).map(|link| link.target.clone());
        assert_eq!(at(0, 20.), Some(LinkTarget::Page(3)));
        assert_eq!(at(1, 20.), None);
        assert_eq!(at(2, 20.), Some(LinkTarget::Page(4)));
        assert_eq!(at(2, 60.), Some(LinkTarget::Uri("https://a".into())));
        assert_eq!(at(2, 90.), Some(LinkTarget::Uri("https://a".into())), "a link that may not be is none");
        assert_eq!(at(9, 20.), None);
    }
}

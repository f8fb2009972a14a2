//! Which compressed form a client takes.

use axum::http::{HeaderMap, header};

use crate::packed::Coding;

/// The best one that it accepts.
pub fn accepted(headers: &HeaderMap) -> impl Iterator<Item = Coding> {
    let header =
        headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    Coding::ALL.into_iter().filter(move |coding| accepts(header, coding.name()))
}

fn accepts(header: &str, coding: &str) -> bool {
    header.split(',').any(|item| {
        let mut parts = item.split(';').map(str::trim);
        parts.next() == Some(coding)
            && !parts.any(|part| matches!(part, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codings_are_taken_only_when_accepted() {
        for (header, expected) in [
            ("gzip, deflate, br;q=0.9", vec![Coding::Brotli, Coding::Gzip]),
            ("gzip, br;q=0", vec![Coding::Gzip]),
            ("brotli", vec![]),
            ("", vec![]),
        ] {
            let headers = HeaderMap::from_iter([(header::ACCEPT_ENCODING, header.parse().unwrap())]);
            assert_eq!(accepted(&headers).collect::<Vec<_>>(), expected, "{header}");
        }
        assert_eq!(accepted(&HeaderMap::new()).count(), 0);
    }
}

//! The Range header: one range of bytes, as in RFC 9110.

use std::ops::Range;

use http_range_header::{EndPosition, RangeUnsatisfiableError, StartPosition, parse_range_header};

/// What a Range header asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Everything: no header, or one that may be ignored.
    All,
    /// These bytes; never empty.
    Part(Range<u64>),
    /// Bytes that do not exist.
    Nothing,
}

/// Reads the header for a body of this length. What is malformed is ignored, and several ranges at once are
/// answered with everything; both are allowed (14.2).
pub fn wanted(header: Option<&str>, length: u64) -> Wanted {
    let ranges = match header.map(parse_range_header) {
        Some(Ok(parsed)) => parsed.ranges,
        Some(Err(RangeUnsatisfiableError::ZeroSuffix)) => return Wanted::Nothing,
        Some(Err(_)) | None => return Wanted::All,
    };
    let [range] = ranges.as_slice() else { return Wanted::All };
    let start = match range.start {
        StartPosition::Index(first) => first,
        StartPosition::FromLast(count) => length.saturating_sub(count),
    };
    let end = match range.end {
        EndPosition::Index(last) if last < start => return Wanted::All,
        EndPosition::Index(last) => last.saturating_add(1).min(length),
        EndPosition::LastByte => length,
    };
    if start < end { Wanted::Part(start..end) } else { Wanted::Nothing }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_range_of_each_kind() {
        for (header, expected) in [
            ("bytes=0-0", Wanted::Part(0..1)),
            ("bytes=2-", Wanted::Part(2..10)),
            ("bytes=-3", Wanted::Part(7..10)),
            ("bytes=-30", Wanted::Part(0..10)),
            ("bytes=5-99", Wanted::Part(5..10)),
            ("bytes=0-18446744073709551615", Wanted::Part(0..10)),
            ("bytes=10-", Wanted::Nothing),
            ("bytes=-0", Wanted::Nothing),
            ("bytes=5-2", Wanted::All),
            ("bytes=-", Wanted::All),
            ("bytes=0-1,3-4", Wanted::All),
            ("pages=0-1", Wanted::All),
            ("bytes=a-b", Wanted::All),
            // No file has so many bytes.
            ("bytes=0-99999999999999999999999", Wanted::All),
            ("bytes=99999999999999999999999-", Wanted::All),
        ] {
            assert_eq!(wanted(Some(header), 10), expected, "{header}");
        }
        assert_eq!(wanted(Some("bytes=0-"), 0), Wanted::Nothing);
    }

    proptest! {
        #[test]
        fn a_part_always_lies_inside(header in "(bytes=)?[0-9, a-]{0,30}", length in 0u64..1000) {
            if let Wanted::Part(range) = wanted(Some(&header), length) {
                prop_assert!(range.start < range.end && range.end <= length);
            }
        }
    }
}

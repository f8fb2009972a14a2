//! What matches, and that the index agrees.

use proptest::prelude::*;

use super::*;

fn found(text: &str, query: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    let query = Query::parse(query).unwrap();
    query.matches(text).into_iter().map(|range| chars[range].iter().collect()).collect()
}

#[cfg(feature = "index")]
fn index(pages: &[&str]) -> Index {
    Index::open(packed(pages)).unwrap()
}

#[cfg(feature = "index")]
fn packed(pages: &[&str]) -> Vec<u8> {
    let mut writer = Writer::new().unwrap();
    for page in pages {
        writer.add(page).unwrap();
    }
    writer.finish().unwrap()
}

#[test]
fn case_and_width_make_no_difference() {
    assert_eq!(found("车牌ＸＤＮ－８０９７号，xdn-8097", "Xdn-8097"), ["ＸＤＮ－８０９７", "xdn-8097"]);
    assert_eq!(found("（２０２３）京01号", "(2023)京01"), ["（２０２３）京01"]);
    assert_eq!(found("⼈⺠法院", "人"), ["⼈"], "a Kangxi radical is its ideograph");
}

#[test]
fn line_ends_make_no_difference() {
    assert_eq!(found("原告张\n三诉称", "张三"), ["张\n三"]);
    assert_eq!(found("the judg-\nment of", "judgment"), ["judg-\nment"]);
    assert_eq!(found("EV-0001-\nC6FA", "ev-0001-c6fa"), ["EV-0001-\nC6FA"]);
    assert_eq!(found("Zhang\nSan", "zhang san"), ["Zhang\nSan"]);
    assert_eq!(found("事实。\n　　原告", "。原告"), ["。\n　　原告"]);
    assert_eq!(found("审　判　长", "判　长"), ["判　长"]);
    assert_eq!(found("合 同 编 号", "合同编号"), ["合 同 编 号"]);
}

#[test]
fn what_differs_does_not_match() {
    for (text, query) in [
        ("Zhang San", "zhangsan"),
        ("第123号", "12-3"),
        ("第12-3号", "123"),
        ("12\n34", "1234"),
        ("甲、乙", "甲乙"),
        ("审　判　长", "审判长"),
        ("12", "-12"),
        ("EV0", "EV-"),
    ] {
        assert!(found(text, query).is_empty(), "{query} in {text}");
    }
}

#[test]
fn matches_do_not_overlap() {
    assert_eq!(found("好好好好好", "好好").len(), 2);
}

#[test]
fn some_queries_cannot_be_looked_for() {
    assert_eq!(Query::parse(" \n，。- "), Err(QueryError::Empty));
    assert_eq!(Query::parse(&"甲".repeat(MAX_QUERY + 1)), Err(QueryError::TooLong));
}

#[test]
fn a_snippet_is_one_line_with_the_match_inside() {
    let text = format!("{}原告张\n三于2023年{}", "前文，".repeat(20), "后文。\n".repeat(30));
    let Hit { snippet, matches, .. } = hit(0, &text, &Query::parse("张三").unwrap()).unwrap();
    assert_eq!((snippet.hit.as_str(), matches.len()), ("张三", 1));
    assert!(snippet.before.starts_with('…') && snippet.before.ends_with("原告"), "{snippet:?}");
    assert!(snippet.after.starts_with("于2023年后文。后文") && snippet.after.ends_with('…'), "{snippet:?}");
    let length = snippet.text().chars().count();
    assert!((50..=62).contains(&length), "{length}");
}

#[cfg(feature = "index")]
#[test]
fn pages_are_found_in_order_and_counted() {
    let index = index(&["张三与李四", "", "李四，李\n四", "王五"]);
    let hits = index.search(&Query::parse("李四").unwrap()).unwrap();
    let hits: Vec<_> = hits.iter().map(|hit| (hit.page, hit.matches.clone())).collect();
    assert_eq!(hits, [(0, vec![[3, 5]]), (2, vec![[0, 2], [3, 6]])]);
}

#[cfg(feature = "index")]
#[test]
fn the_same_pages_give_the_same_bytes() {
    let pages: Vec<String> = (0..300).map(|n| format!("第{n}页 原告张三 page {n}")).collect();
    let pages: Vec<&str> = pages.iter().map(String::as_str).collect();
    assert_eq!(packed(&pages), packed(&pages));
}

/// Chinese, Latin, digits, hyphens, line ends, width forms, ligatures, marks: what pages are made of.
const PAGE: &str = "[原告张三，。（）a-dA-D0-3Ａ-Ｃ０-３ 　\n\u{ad}\u{301}éﬁ㎡ｶﾞ⼈〇-]{0,120}";

proptest! {
    #[test]
    fn any_part_of_a_page_is_found_on_it(text in PAGE, a in 0usize..120, b in 0usize..120) {
        let chars: Vec<char> = text.chars().collect();
        let (from, to) = (a.min(b).min(chars.len()), a.max(b).min(chars.len()));
        let part: String = chars[from..to].iter().collect();
        if let Ok(query) = Query::parse(&part) {
            let matches = query.matches(&text);
            prop_assert!(!matches.is_empty(), "{part:?} in {text:?}");
            prop_assert!(matches.iter().all(|range| range.start < range.end && range.end <= chars.len()));
            prop_assert!(matches.windows(2).all(|pair| pair[0].start < pair[1].start));
        }
    }

    #[test]
    fn a_snippet_never_panics(text in PAGE, a in 0usize..200, length in 0usize..200) {
        let snippet = Snippet::around(&text, &(a..a + length));
        prop_assert!(!snippet.text().contains('\n'));
    }

    #[test]
    fn any_query_is_read_or_refused(text in "\\PC{0,300}") {
        let _ = Query::parse(&text).map(|query| query.matches(&text));
    }
}

#[cfg(feature = "index")]
proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_index_finds_what_matches(
        pages in proptest::collection::vec(PAGE, 1..6), page in 0usize..6, a in 0usize..120, length in 2usize..12,
    ) {
        let chars: Vec<char> = pages[page % pages.len()].chars().collect();
        let from = a.min(chars.len());
        let part: String = chars[from..(from + length).min(chars.len())].iter().collect();
        if let Ok(query) = Query::parse(&part) {
            let pages: Vec<&str> = pages.iter().map(String::as_str).collect();
            let expected: Vec<Hit> =
                (0..).zip(&pages).filter_map(|(page, text)| hit(page, text, &query)).collect();
            prop_assert!(!expected.is_empty());
            prop_assert_eq!(index(&pages).search(&query).unwrap(), expected);
        }
    }

    #[test]
    fn strange_bytes_are_no_index(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(Index::open(bytes).is_err());
    }
}

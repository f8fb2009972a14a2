//! What matches, and that the index agrees with it.

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
    assert_eq!(found("⼈⺠法院", "人民"), ["⼈⺠"], "a radical is its ideograph");
    assert_eq!(found("Müller, MULLER, Mu\u{308}ller", "müller"), ["Müller", "MULLER", "Mu\u{308}ller"]);
    assert_eq!(found("Straße", "STRASSE"), ["Straße"]);
}

#[test]
fn line_ends_make_no_difference() {
    assert_eq!(found("原告张\n三诉称", "张三"), ["张\n三"]);
    assert_eq!(found("the judg-\nment of", "judgment"), ["judg-\nment"]);
    assert_eq!(found("EV-0001-\nC6FA", "ev-0001-c6fa"), ["EV-0001-\nC6FA"]);
    assert_eq!(found("Zhang\nSan", "zhang san"), ["Zhang\nSan"]);
    assert_eq!(found("事实。\n　　原告", "。原告"), ["。\n　　原告"]);
    assert_eq!(found("审　判　长，审判长", "审判长"), ["审　判　长", "审判长"]);
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
        ("陆某", "六某"),
        ("12", "-12"),
        ("EV0", "EV-"),
    ] {
        assert!(found(text, query).is_empty(), "{query} in {text}");
    }
}

#[test]
fn scripts_and_digits_make_no_difference() {
    assert_eq!(found("二〇二三年、2023年、２０２３年、二○二三年", "2023年").len(), 4);
    assert_eq!(found("叁万元整，三万元", "叁万元"), ["叁万元"]);
    assert_eq!(found("證據與证据", "证据"), ["證據", "证据"]);
    assert_eq!(found("證據與证据", "證據與"), ["證據與"]);
}

#[test]
fn spoken_numbers_are_those_in_digits() {
    let text = "二〇二三年十二月二十二日，2023年12月22日，第五百七十七条，第577条，十万元，10万元，十分";
    assert_eq!(found(text, "12月22日"), ["十二月二十二日", "12月22日"]);
    assert_eq!(found(text, "十二月"), ["十二月", "12月"]);
    assert_eq!(found(text, "第577条"), ["第五百七十七条", "第577条"]);
    assert_eq!(found(text, "第五百七十七条"), ["第五百七十七条", "第577条"]);
    assert_eq!(found(text, "10万元"), ["十万元", "10万元"]);
    // The 22nd is not the 12th, however it is spelled; what is typed is found literally.
    assert_eq!(found(text, "12日"), [""; 0]);
    assert_eq!(found(text, "十二日"), ["十二日"]);
    assert_eq!(found(text, "10分"), [""; 0]);
    assert_eq!(found("112月、一百十二月", "十二月"), ["十二月"]);
}

#[test]
fn brackets_and_white_space_of_case_numbers_make_no_difference() {
    let text =
        "法释〔2019〕19号、[2019]19号、（2019）19号、银办发〔2020〕 3 号；（2023） 京0105 民初 12345号";
    assert_eq!(found(text, "(2019)19号").len(), 3);
    assert_eq!(found(text, "〔2019〕19号").len(), 3);
    assert_eq!(found(text, "[2020]3号"), ["〔2020〕 3 号"]);
    assert_eq!(found(text, "(2023)京 0105 民初12345 号"), ["（2023） 京0105 民初 12345号"]);
    assert_eq!(found("京 0105 民初，(2023) 12345号", "(2023) 京 0105 民初 12345 号"), [""; 0]);
}

#[test]
fn separators_and_cents_of_zero_make_no_difference() {
    let text = "1,280.00元、1280.00元、1280元、１，２８０元、51,280元、1,280,000元、1,280.50元";
    for query in ["1280元", "1,280元", "1280.00元", "1,280.00元"] {
        assert_eq!(found(text, query), ["1,280.00元", "1280.00元", "1280元", "１，２８０元"], "{query}");
    }
    assert_eq!(found("1,280,000", "1280"), [""; 0]);
    assert_eq!(found("欠款12,345.6", "12345.6"), ["12,345.6"]);
}

#[test]
fn operators_ask_the_whole_page() {
    let page = "原告张三与被告李四签订借款合同，约定利息。";
    for (query, expected) in [
        ("借款合同 利息", vec!["借款合同", "利息"]),
        ("利息 借款合同 没有", vec![]),
        ("没有 或 利息", vec!["利息"]),
        ("利息 -李四", vec![]),
        ("利息 -王五", vec!["利息"]),
        ("张三 NEAR/4 李四", vec!["张三", "李四"]),
        ("李四 NEAR/4 张三", vec!["张三", "李四"]),
        ("张三 NEAR/2 李四", vec![]),
        ("“被告李四”", vec!["被告李四"]),
        ("“被告 李四”", vec!["被告李四"]),
    ] {
        assert_eq!(found(page, query), expected, "{query}");
    }
    assert_eq!(found("a|b 借款 -贷款", "借款 -贷款"), ["借款 -贷款"], "what stands there is found");
}

#[test]
fn days_are_asked_for_alone_or_beside_words() {
    let page = "2023年5月12日签订，二〇二三年六月一日到期。";
    let search = |text: &str, days: &str| {
        let filter = Filter { days: parse_days(days), ..Filter::default() };
        let query = Query::filtered(text, filter).unwrap();
        hit(0, page, &query).map_or(0, |hit| hit.count())
    };
    assert_eq!(search("", "2023"), 2);
    assert_eq!(search("", "2023-06"), 1);
    assert_eq!(search("签订", "2023-06"), 1);
    assert_eq!(search("签订", "2024"), 0);
    assert_eq!(found(page, "date:2023-05"), ["2023年5月12日"]);
    assert_eq!(Query::filtered("", Filter { marked: true, ..Filter::default() }), Err(QueryError::Empty));
}

#[test]
fn approximate_matches_come_behind_exact_ones() {
    let query = Query::parse("沈知衡").unwrap().tolerant(true);
    let look = |text: &str| hit(0, text, &query).map(|hit| (hit.matches, hit.exact, hit.closeness));
    assert_eq!(look("沈知衙，沈知衡"), Some((vec![[4, 7], [0, 3]], 1, Closeness::Exact)));
    assert_eq!(look("沈知衙"), Some((vec![[0, 3]], 0, Closeness::Confusable)));
    assert_eq!(look("沈石衡"), Some((vec![[0, 3]], 0, Closeness::Near)));
    assert_eq!(look("沈石"), None);
    let both = Query::parse("沈知衡 利息").unwrap().tolerant(true);
    let hit = hit(0, "利息由沈知衙付", &both).unwrap();
    assert_eq!((hit.exact, hit.count(), hit.closeness), (1, 2, Closeness::Confusable));
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
    let hits = index.search(&Query::parse("李四").unwrap(), &Place::ALONE).unwrap();
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
const PAGE: &str =
    "[原告张三，。（）a-dA-D0-3Ａ-Ｃ０-３ 　\n\u{ad}\u{301}éﬁ㎡ｶﾞ⼈⺠〇○證“”\"|或非年月:-]{0,120}";

/// Operators and filters in any order, with operands.
const QUERY: &str = "(原告|张三|[a-c]{1,3}|-|\"|“|”|\\||NEAR/[0-9]{1,20}|OR|AND|NOT|page:[0-9-]{0,12}|date:[0-9.-]{0,12}|has:mark| ){0,12}";

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
            prop_assert!(matches.windows(2).all(|pair| pair[0].end <= pair[1].start));
        }
    }

    #[test]
    fn a_snippet_never_panics(text in PAGE, a in 0usize..200, length in 0usize..200) {
        let snippet = Snippet::around(&text, &(a..a + length));
        prop_assert!(!snippet.text().contains('\n'));
    }

    #[test]
    fn any_query_is_read_or_refused(text in "\\PC{0,300}", tolerant: bool) {
        let _ = Query::parse(&text).map(|query| hit(0, &text, &query.tolerant(tolerant)));
    }

    #[test]
    fn any_language_is_read_or_refused(text in QUERY, page in PAGE, tolerant: bool) {
        let _ = Query::parse(&text).map(|query| hit(0, &page, &query.tolerant(tolerant)));
    }
}

#[cfg(feature = "index")]
proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_index_finds_what_matches(
        pages in proptest::collection::vec(PAGE, 1..6), page in 0usize..6, a in 0usize..120, length in 2usize..12,
        tolerant: bool,
    ) {
        let chars: Vec<char> = pages[page % pages.len()].chars().collect();
        let from = a.min(chars.len());
        let part: String = chars[from..(from + length).min(chars.len())].iter().collect();
        if let Ok(query) = Query::parse(&part).map(|query| query.tolerant(tolerant)) {
            let pages: Vec<&str> = pages.iter().map(String::as_str).collect();
            let expected: Vec<Hit> =
                (0..).zip(&pages).filter_map(|(page, text)| hit(page, text, &query)).collect();
            prop_assert!(!expected.is_empty());
            prop_assert_eq!(index(&pages).search(&query, &Place::ALONE).unwrap(), expected);
        }
    }

    #[test]
    fn a_mistake_is_found_by_the_index_where_it_is_found_in_the_text(
        pages in proptest::collection::vec("[原告张三李四，\n]{0,60}", 1..4),
        query in "[原告张三李四，]{2,7}",
    ) {
        if let Ok(query) = Query::parse(&query).map(|query| query.tolerant(true)) {
            let pages: Vec<&str> = pages.iter().map(String::as_str).collect();
            let expected: Vec<Hit> =
                (0..).zip(&pages).filter_map(|(page, text)| hit(page, text, &query)).collect();
            prop_assert_eq!(index(&pages).search(&query, &Place::ALONE).unwrap(), expected);
        }
    }

    #[test]
    fn strange_bytes_are_no_index(bytes in proptest::collection::vec(any::<u8>(), 0..300), named: bool) {
        let bytes = if named { [b"EVOINDEX".as_slice(), &bytes].concat() } else { bytes };
        prop_assert!(Index::open(bytes).is_err());
    }

    #[test]
    fn a_damaged_index_is_none(
        damage in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 0..8),
        kept in proptest::option::of(any::<proptest::sample::Index>()),
    ) {
        let whole = packed(&["原告张三与被告李四", "借款合同"]);
        let mut bytes = whole.clone();
        for (at, byte) in damage {
            *at.get_mut(&mut bytes) = byte;
        }
        if let Some(kept) = kept {
            bytes.truncate(kept.index(bytes.len()));
        }
        prop_assert_eq!(Index::open(bytes.clone()).is_ok(), bytes == whole);
    }
}

//! What is a citation, what is not, and where each one leads.

use super::resolve::is_name;
use super::*;
use crate::volume::{Manifest, Material, VolumeClass};
use proptest::prelude::*;

fn check(text: &str, expected: &[(&str, Source, u32)]) {
    let chars: Vec<char> = text.chars().collect();
    let found: Vec<(String, Source, u32)> =
        find(text).into_iter().map(|c| (chars[c.range.clone()].iter().collect(), c.source, c.page)).collect();
    let expected: Vec<_> = expected.iter().map(|(t, s, p)| ((*t).to_owned(), s.clone(), *p)).collect();
    assert_eq!(found, expected, "{text}");
}

fn volume(name: &str) -> Source {
    Source::Volume(name.into())
}

fn title(name: &str) -> Source {
    Source::Title(name.into())
}

#[test]
fn the_forms_in_use_are_found() {
    check("经查（正卷第17页），属实。", &[("正卷第17页", volume("正卷"), 17)]);
    check("见证据卷二P35。", &[("证据卷二P35", volume("证据卷二"), 35)]);
    check("见证据卷（二）第 35 页", &[("证据卷（二）第 35 页", volume("证据卷（二）"), 35)]);
    check("第二卷第十七页", &[("第二卷第十七页", volume("第二卷"), 17)]);
    check("《起诉状》第3页载明", &[("《起诉状》第3页", title("起诉状"), 3)]);
    check(
        "起诉状第2页。见庭审笔录第3页",
        &[("起诉状第2页", title("起诉状"), 2), ("庭审笔录第3页", title("庭审笔录"), 3)],
    );
    check("证据3能够证明", &[("证据3", Source::Evidence(3), 1)]);
    check("证据三、证据四", &[("证据三", Source::Evidence(3), 1), ("证据四", Source::Evidence(4), 1)]);
    check("详见第一百零三页", &[("第一百零三页", Source::Here, 103)]);
    check("本卷第12-14页", &[("第12-14页", Source::Here, 12)]);
}

#[test]
fn a_line_end_does_not_hide_one() {
    check("（正卷第1\n7页）", &[("正卷第1\n7页", volume("正卷"), 17)]);
    check("《民事\n起诉状》第２页", &[("《民事\n起诉状》第２页", title("民事起诉状"), 2)]);
}

#[test]
fn a_list_stays_in_its_volume() {
    let main = || volume("正卷");
    check(
        "正卷第17页、第20页，第22页。",
        &[("正卷第17页", main(), 17), ("第20页", main(), 20), ("第22页", main(), 22)],
    );
}

#[test]
fn what_may_be_something_else_is_none() {
    for text in [
        "第3页 共10页",
        "共10页 第3页",
        "第 3 页",
        "正文\n— 第3页 —\n",
        "第3页/共9页",
        "本判决书第3页",
        "该合同第3页",
        "证据3份",
        "证据卷",
        "P35",
        "IP35",
        "第页",
        "第零页",
        "第3条",
        "》第3页",
        "《》第3页",
        "第99999999页",
    ] {
        check(text, &[]);
    }
}

fn manifest(class: VolumeClass, titled: &str, materials: &[(&str, usize)]) -> Manifest {
    let blob = serde_json::json!({ "sha256": "", "bytes": 0 });
    let materials = materials.iter().map(|(title, pages)| {
        serde_json::from_value::<Material>(serde_json::json!({
            "id": title, "title": title, "category": "other", "original": blob, "media_type": "", "file_name": "",
            "pages": vec![serde_json::json!({ "width": 1, "height": 1 }); *pages],
            "parts": [], "sheets": [], "outline": [],
        }))
        .unwrap()
    });
    Manifest {
        format: 1,
        volume: "v".into(),
        revision: 1,
        case_number: String::new(),
        case_title: String::new(),
        title: titled.into(),
        class,
        materials: materials.collect(),
        unread: None,
        bundle: None,
    }
}

fn goal(text: &str, manifest: &Manifest) -> Option<Goal> {
    resolve(find(text).first().unwrap(), manifest)
}

#[test]
fn a_citation_leads_to_its_page() {
    let main = manifest(
        VolumeClass::Main,
        "正卷",
        &[
            ("卷内目录", 2),
            ("民事起诉状", 3),
            ("证据3 收条", 1),
            ("庭审笔录（第一次）", 2),
            ("庭审笔录（第二次）", 2),
        ],
    );
    assert_eq!(goal("正卷第7页", &main), Some(Goal::Page(7)));
    assert_eq!(goal("见第7页。", &main), Some(Goal::Page(7)));
    assert_eq!(goal("正卷第99页", &main), None, "there is no such page");
    assert_eq!(goal("《民事起诉状》第2页", &main), Some(Goal::Page(4)));
    assert_eq!(goal("《起诉状》第3页", &main), Some(Goal::Page(5)));
    assert_eq!(goal("起诉状第3页", &main), Some(Goal::Page(5)));
    assert_eq!(goal("保险单第3页", &main), None);
    assert_eq!(goal("《起诉状》第4页", &main), None, "it has three pages");
    assert_eq!(goal("《庭审笔录》第1页", &main), None, "there are two");
    assert_eq!(goal("《庭审笔录（第二次）》第1页", &main), Some(Goal::Page(9)));
    assert_eq!(goal("证据三", &main), Some(Goal::Page(6)));
    assert_eq!(goal("证据4", &main), None);
    let there = Some(Goal::Elsewhere { volume: "证据卷二".into(), page: 35 });
    assert_eq!(goal("证据卷二P35", &main), there);
    let second = manifest(VolumeClass::Evidence, "证据卷（2）", &[("合同", 40)]);
    assert_eq!(goal("证据卷二P35", &second), Some(Goal::Page(35)));
    let nameless = manifest(VolumeClass::Main, "一审", &[("合同", 40)]);
    assert_eq!(goal("正卷第35页", &nameless), Some(Goal::Page(35)));
    assert!(is_name("证据卷（二）", "证据卷2") && !is_name("证据卷一", "证据卷"));
}

proptest! {
    #[test]
    fn any_text_gives_ranges_inside_it(text in "[正副证据卷第页《》共0-9一二十百pP.、，\\n （）x-]{0,80}") {
        let length = text.chars().count();
        let mut end = 0;
        for citation in find(&text) {
            prop_assert!(citation.range.start >= end && citation.range.end <= length && citation.page > 0);
            prop_assert!(!citation.range.is_empty());
            end = citation.range.end;
        }
    }
}

#[test]
fn what_is_quoted_is_found_again() {
    let manifest = manifest(VolumeClass::Main, "正卷", &[("封面", 1), ("《民事起诉状》", 4), ("答辩状", 2)]);
    let quoted = |first, last| quote(&manifest, first, last, "所谓“借款”").unwrap();
    assert_eq!(quoted(2, 2), "“所谓‘借款’”（《民事起诉状》第2页／正卷第3页）");
    assert_eq!(quoted(1, 3), "“所谓‘借款’”（《民事起诉状》第1-3页／正卷第2-4页）");
    assert_eq!(quoted(4, 5), "“所谓‘借款’”（《民事起诉状》第4页至《答辩状》第1页／正卷第5-6页）");
    let found = find(&quoted(2, 2));
    let goals: Vec<_> = found.iter().filter_map(|found| resolve(found, &manifest)).collect();
    assert_eq!(goals, [Goal::Page(3), Goal::Page(3)]);
    assert_eq!(quote(&manifest, 6, 7, ""), None);
}

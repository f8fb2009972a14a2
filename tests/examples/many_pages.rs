//! The index of a case of 10,000 pages, for the benchmark: the texts of the volume of 1,000 ten times over, each page
//! with a number of its own. Prints what making it took and what finding something in it takes, as JSON.
//!
//! usage: `many_pages vol1000.pagetext.json case.index`
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a step of the benchmark")]

use std::time::Instant;

use evolume_model::search::{Index, Place, Query, Writer};

const TIMES: usize = 10;

fn main() {
    let mut paths = std::env::args_os().skip(1);
    let (texts, out) = (paths.next().unwrap(), paths.next().unwrap());
    let texts: Vec<String> = serde_json::from_slice(&std::fs::read(texts).unwrap()).unwrap();
    let start = Instant::now();
    let mut writer = Writer::new().unwrap();
    for round in 0..TIMES {
        for (at, text) in texts.iter().enumerate() {
            writer.add(&format!("第{}页\n{text}", round * texts.len() + at + 1)).unwrap();
        }
    }
    let bytes = writer.finish().unwrap();
    let build = start.elapsed();
    std::fs::write(out, &bytes).unwrap();

    let pages = TIMES * texts.len();
    let length = bytes.len();
    let start = Instant::now();
    let index = Index::open(bytes).unwrap();
    let open = start.elapsed();
    let query = |text| Query::parse(text).unwrap();
    let time = |text| {
        let (query, start) = (query(text), Instant::now());
        (index.search(&query, &Place::ALONE).unwrap().len(), start.elapsed().as_secs_f64() * 1000.)
    };
    let ((hits, cold), (_, warm), (_, rare)) = (time("不當得利"), time("不當得利"), time("第5000页"));
    println!(
        "{}",
        serde_json::json!({
            "pages": pages,
            "index_bytes_per_page": length / pages,
            "build_pages_per_s": (pages as f64 / build.as_secs_f64()).round(),
            "open_ms": open.as_secs_f64() * 1000.,
            "pages_with_hits": hits,
            "search_cold_ms": cold,
            "search_warm_ms": warm,
            "search_rare_ms": rare,
        })
    );
}

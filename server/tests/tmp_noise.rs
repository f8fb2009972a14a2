#![allow(clippy::print_stdout, clippy::unwrap_used, missing_docs)]
use evolume_server::pages;
use evolume_server::store::Store;
use std::path::Path;
#[tokio::test]
async fn scan_noise() {
    let Some(data) = std::env::var_os("EVOLUME_SCANNED") else { return };
    let store = Store::open(Path::new(&data)).await.unwrap();
    let volumes = store.cases().await.unwrap().into_iter().flat_map(|case| case.volumes);
    let volume = volumes.into_iter().find(|volume| volume.pages == 300).unwrap().id;
    let (_, manifest) = store.manifest_of(&volume).await.unwrap();
    let (mut lines, mut dropped, mut chars, mut gone) = (0, 0, 0, 0);
    for number in 1..=300 {
        let text = pages::page_text(&store, &manifest, number).await.unwrap();
        let mut line: Vec<(char, u8)> = Vec::new();
        let all: Vec<char> = text.as_str().chars().chain(['\n']).collect();
        for (at, ch) in all.iter().enumerate() {
            if *ch != '\n' {
                if !ch.is_whitespace() { line.push((*ch, text.confidence(at).unwrap_or(100))); }
                continue;
            }
            if line.is_empty() { continue; }
            let mut sure: Vec<u8> = line.iter().map(|(_, c)| *c).collect();
            sure.sort_unstable();
            lines += 1; chars += line.len();
            if sure[sure.len() / 2] < 90 {
                dropped += 1; gone += line.len();
                println!("{number} {} {}", sure[sure.len() / 2], line.iter().map(|(c, _)| *c).collect::<String>());
            }
            line.clear();
        }
    }
    println!("{dropped} of {lines} lines, {gone} of {chars} characters");
}

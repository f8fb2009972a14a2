//! Office documents, by the real program and the LibreOffice that is installed.
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use std::io::{Cursor, ErrorKind, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::Instant;

use crate::common::{Bench, installed, without_ids};
use evolume_model::code::Code;
use evolume_model::volume::Material;
use serde_json::Value;
use zip::write::SimpleFileOptions;

/// Whether LibreOffice is here with all that reads these documents.
fn libreoffice() -> bool {
    let there = ["writer", "calc", "impress"]
        .iter()
        .all(|name| Path::new("/usr/lib/libreoffice/share/registry").join(format!("{name}.xcd")).is_file());
    installed(there, "libreoffice-writer-nogui, libreoffice-calc-nogui and libreoffice-impress-nogui")
}

fn zip(files: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        let plain = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        zip.start_file(*name, plain).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const OOXML: &str = "application/vnd.openxmlformats-officedocument";

/// An OOXML file whose main part is this.
fn ooxml(main: &str, kind: &str, text: &str, more: &[(&str, &str)]) -> Vec<u8> {
    let types = format!(
        "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'>\
         <Default Extension='rels' ContentType='application/vnd.openxmlformats-package.relationships+xml'/>\
         <Default Extension='xml' ContentType='application/xml'/>\
         <Override PartName='/{main}' ContentType='{OOXML}.{kind}.main+xml'/>\
         <Override PartName='/xl/worksheets/sheet1.xml' ContentType='{OOXML}.spreadsheetml.worksheet+xml'/></Types>"
    );
    let rels = relations(&[("officeDocument", main, "")]);
    let mut files = vec![("[Content_Types].xml", types.as_str()), ("_rels/.rels", &rels), (main, text)];
    files.extend(more);
    zip(&files)
}

fn relations(all: &[(&str, &str, &str)]) -> String {
    let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let items: String = all
        .iter()
        .enumerate()
        .map(|(at, (name, target, more))| {
            format!("<Relationship Id='r{at}' Type='{kind}/{name}' Target='{target}'{more}/>")
        })
        .collect();
    format!(
        "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>{items}</Relationships>"
    )
}

fn docx(text: &str) -> Vec<u8> {
    let body = format!(
        "<w:document xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'><w:body>\
         <w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>"
    );
    ooxml("word/document.xml", "wordprocessingml.document", &body, &[])
}

fn xlsx(text: &str) -> Vec<u8> {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let book = format!(
        "<workbook xmlns='{main}' xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships'>\
         <sheets><sheet name='明细' sheetId='1' r:id='r0'/></sheets></workbook>"
    );
    let sheet = format!(
        "<worksheet xmlns='{main}'><sheetData><row r='1'><c r='A1' t='inlineStr'><is><t>{text}</t></is></c>\
         <c r='B1'><v>128000</v></c></row></sheetData></worksheet>"
    );
    let rels = relations(&[("worksheet", "worksheets/sheet1.xml", "")]);
    let more = [("xl/_rels/workbook.xml.rels", rels.as_str()), ("xl/worksheets/sheet1.xml", &sheet)];
    ooxml("xl/workbook.xml", "spreadsheetml.sheet", &book, &more)
}

/// An OpenDocument text or presentation with this body.
fn open_document(kind: &str, body: &str) -> Vec<u8> {
    let media = format!("application/vnd.oasis.opendocument.{kind}");
    let names: String = ["office", "text", "draw", "presentation", "meta", "style"]
        .iter()
        .map(|name| {
            let space = if *name == "draw" { "drawing" } else { name };
            format!(" xmlns:{name}='urn:oasis:names:tc:opendocument:xmlns:{space}:1.0'")
        })
        .collect();
    let svg = "xmlns:svg='urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0' xmlns:xlink='http://www.w3.org/1999/xlink'";
    let content = format!(
        "<office:document-content{names} {svg} office:version='1.2'><office:body><office:{kind}>{body}\
         </office:{kind}></office:body></office:document-content>"
    );
    let manifest = format!(
        "<manifest:manifest xmlns:manifest='urn:oasis:names:tc:opendocument:xmlns:manifest:1.0'>\
         <manifest:file-entry manifest:full-path='/' manifest:media-type='{media}'/>\
         <manifest:file-entry manifest:full-path='content.xml' manifest:media-type='text/xml'/></manifest:manifest>"
    );
    zip(&[("mimetype", &media), ("content.xml", &content), ("META-INF/manifest.xml", &manifest)])
}

/// The pages' texts without white space.
fn texts(bench: &Bench, count: usize) -> Vec<String> {
    (1..=count)
        .map(|page| {
            let page = page.to_string();
            let answer: Value =
                bench.json(&["text", "--volume", crate::common::VOLUME, "--page", &page, "--json"]);
            answer["text"].as_str().unwrap().split_whitespace().collect()
        })
        .collect()
}

#[test]
fn office_documents_become_pages() {
    if !libreoffice() {
        return;
    }
    let (gb, ..) = encoding_rs::GB18030.encode("审判长：现在开庭。\r\n原告：没有异议。\r\n");
    let rtf = r"{\rtf1\ansi\ansicpg936 \u35777?\u25454?\u28165?\u21333?}";
    let slide = "<draw:page draw:name='1'><draw:frame svg:width='10cm' svg:height='3cm' svg:x='2cm' svg:y='2cm'>\
                 <draw:text-box><text:p>现场示意图</text:p></draw:text-box></draw:frame></draw:page>";
    let files: [(&str, Vec<u8>, &str); 7] = [
        ("01 代理词.docx", docx("原告代理词正文"), "原告代理词正文"),
        // What a file is called does not matter.
        ("02 利息明细.dat", xlsx("逾期利息"), "逾期利息128000"),
        ("03 意见.odt", open_document("text", "<text:p>质证意见</text:p>"), "质证意见"),
        ("04 清单.rtf", rtf.as_bytes().to_vec(), "证据清单"),
        ("05 笔录.txt", gb.into_owned(), "审判长：现在开庭。原告：没有异议。"),
        (
            "06 网页.html",
            "<!doctype html><meta charset=utf-8><p>公告送达</p><script>1</script>".into(),
            "公告送达",
        ),
        ("07 演示.odp", open_document("presentation", slide), "现场示意图"),
    ];
    let ingest = || {
        let bench = Bench::new();
        let paths: Vec<_> = files.iter().map(|(name, bytes, _)| bench.file(name, bytes)).collect();
        let (code, outcomes) = bench.ingest(&paths, &[]);
        assert_eq!(code, 0, "{outcomes:?}");
        (bench, paths)
    };
    let (bench, paths) = ingest();
    let manifest = bench.manifest();
    let seen = texts(&bench, files.len());
    for ((name, bytes, text), (material, seen)) in files.iter().zip(manifest.materials.iter().zip(seen)) {
        assert_eq!(seen, *text, "{name}");
        let Material { original, converted, parts, .. } = material;
        assert_eq!(bench.blob(&original.sha256), *bytes, "the original of {name} is kept");
        let made = converted.as_ref().expect("the manifest tells of the conversion");
        assert!(bench.blob(&made.sha256).starts_with(b"%PDF"));
        assert_eq!(parts[0].blob, *made);
    }
    assert_eq!(manifest.materials[4].media_type, "text/plain");
    // Neither another run nor another day gives another manifest.
    let before = bench.manifest_json();
    assert_eq!(bench.ingest(&paths, &[]).0, 0);
    assert_eq!(bench.manifest_json(), before);
    assert_eq!(without_ids(ingest().0.manifest()), without_ids(bench.manifest()));
    assert_eq!(bench.json(&["verify", "--json"])["problems"], serde_json::json!([]));
}

#[test]
fn nothing_is_fetched_and_no_other_file_read() {
    if !libreoffice() {
        return;
    }
    let bench = Bench::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    let secret = bench.file("secret.txt", "此文不得外传".as_bytes());
    let body = format!(
        "<text:p>正文</text:p>\
         <text:section text:name='a'><text:section-source xlink:href='file://{}'/></text:section>\
         <text:section text:name='b'><text:section-source xlink:href='http://{address}/b.txt'/></text:section>\
         <text:p><draw:frame svg:width='2cm' svg:height='2cm'><draw:image xlink:href='http://{address}/c.png'/>\
         </draw:frame></text:p>",
        secret.display()
    );
    let html = format!(
        "<!doctype html><p>网页</p><img src='http://{address}/d.png'><iframe src='file://{}'></iframe>",
        secret.display()
    );
    let files = [bench.file("1.odt", &open_document("text", &body)), bench.file("2.html", html.as_bytes())];
    assert_eq!(bench.ingest(&files, &[]).0, 0);
    let seen = texts(&bench, 2).concat();
    assert!(seen.contains("正文") && seen.contains("网页") && !seen.contains("外传"), "{seen}");
    assert_eq!(listener.accept().unwrap_err().kind(), ErrorKind::WouldBlock, "somebody asked for a picture");
}

#[test]
fn what_cannot_be_converted_says_why() {
    let bench = Bench::new();
    let locked = bench.folder.path().join("locked.docx");
    let mut compound = cfb::create(&locked).unwrap();
    compound.create_stream("/EncryptedPackage").unwrap();
    compound.flush().unwrap();
    let document = bench.file("a.docx", &docx("正文"));
    let noise = bench.file("noise.txt", &[0u8, 1, 2, 3].repeat(100));
    let (code, outcomes) =
        bench.ingest(&[document.clone(), locked, noise], &["--soffice", "/nowhere/soffice"]);
    let codes: Vec<_> = outcomes.iter().map(|outcome| outcome["code"].as_str().unwrap()).collect();
    let expected =
        [Code::OfficeMissing, Code::OfficePasswordRequired, Code::FileUnsupported].map(Code::as_str);
    assert_eq!((code, codes.as_slice()), (3, expected.as_slice()));
    if libreoffice() {
        // Once LibreOffice is there, the same file is taken.
        assert_eq!(bench.ingest(&[document], &[]).0, 0);
        let broken = ooxml("word/document.xml", "wordprocessingml.document", "<w:nothing", &[]);
        let (_, outcomes) = bench.ingest(&[bench.file("b.docx", &broken)], &[]);
        assert_eq!(outcomes[0]["code"], Code::OfficeDamaged.as_str());
    }
}

#[test]
fn a_conversion_that_never_ends_is_ended_with_all_its_processes() {
    let bench = Bench::new();
    // No other process has this argument.
    let endless = format!("9876.{}", std::process::id());
    let soffice = bench.file("soffice", format!("#!/bin/sh\nsleep {endless} &\nwait\n").as_bytes());
    std::fs::set_permissions(&soffice, std::fs::Permissions::from_mode(0o755)).unwrap();
    let options = ["--file-timeout", "1", "--soffice", soffice.to_str().unwrap()];
    let begun = Instant::now();
    let (_, outcomes) = bench.ingest(&[bench.file("a.docx", &docx("正文"))], &options);
    assert_eq!(outcomes[0]["code"], Code::IngestAborted.as_str());
    assert!(begun.elapsed().as_secs() < 20);
    let left = std::fs::read_dir("/proc").unwrap().flatten().any(|process| {
        let line = std::fs::read(process.path().join("cmdline")).unwrap_or_default();
        line.split(|byte| *byte == 0).any(|argument| argument == endless.as_bytes())
    });
    assert!(!left, "sleep goes on");
}

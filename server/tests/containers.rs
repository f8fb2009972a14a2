//! Files that hold others, by the real program: archives, letters, PDFs with files attached.
#![allow(clippy::unwrap_used, reason = "a test says so by failing")]

use std::collections::HashSet;
use std::io::{Cursor, Write};
use std::path::Path;
use std::time::Duration;

use crate::common::{Bench, assemble, encode, installed, numbered, picture, stream, text_pdf, without_ids};
use encoding_rs::{BIG5, GB18030};
use evolume_model::code::Code;
use evolume_model::volume::Material;
use image::ImageFormat;
use rand::{Rng, SeedableRng};
use serde_json::Value;
use zip::unstable::write::FileOptionsExt;
use zip::write::SimpleFileOptions;
use zip::{AesMode, ZipWriter};

fn pdf(text: &str) -> Vec<u8> {
    text_pdf(&[text.to_owned()], "")
}

/// An archive by the names' bytes, as old programs write them: no file says UTF-8 of itself.
fn raw_zip(files: &[(&[u8], &[u8])]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes) in files {
        let mut crc = flate2::Crc::new();
        crc.update(bytes);
        let mut fields = vec![20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0x50];
        fields.extend(crc.sum().to_le_bytes());
        fields.extend((bytes.len() as u32).to_le_bytes());
        fields.extend((bytes.len() as u32).to_le_bytes());
        fields.extend((name.len() as u16).to_le_bytes());
        fields.extend([0, 0]);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&fields);
        directory.extend([0; 10]);
        directory.extend((out.len() as u32).to_le_bytes());
        directory.extend(*name);
        out.extend(b"PK\x03\x04");
        out.extend(&fields);
        out.extend(*name);
        out.extend(*bytes);
    }
    let (start, length) = (out.len() as u32, directory.len() as u32);
    out.extend(directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend((files.len() as u16).to_le_bytes());
    out.extend((files.len() as u16).to_le_bytes());
    out.extend(length.to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend([0, 0]);
    out
}

fn zip(files: &[(&str, &[u8])], options: SimpleFileOptions) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn plain_zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    zip(files, SimpleFileOptions::default())
}

fn titles(materials: &[Material]) -> Vec<&str> {
    materials.iter().map(|material| material.title.as_str()).collect()
}

fn codes(outcomes: &[Value]) -> Vec<Option<&str>> {
    outcomes.iter().map(|outcome| outcome["code"].as_str()).collect()
}

#[test]
fn the_files_of_an_archive_become_materials_with_where_they_were() {
    let bench = Bench::new();
    let inner = plain_zip(&[("照片/现场.jpg", &encode(&picture(60, 80), ImageFormat::Jpeg))]);
    let archive = plain_zip(&[
        ("03 起诉状.pdf", &pdf("claim")),
        ("__MACOSX/._03 起诉状.pdf", b"junk"),
        ("证据/.DS_Store", b"junk"),
        ("证据/", b""),
        ("证据/收据.pdf", &pdf("receipt")),
        ("证据/更多.zip", &inner),
        ("../../etc/out.pdf", &pdf("outside")),
        ("程序.exe", b"MZ\x90\0\x03\0\0\0"),
    ]);
    let file = bench.file("材料.zip", &archive);
    let (code, outcomes) = bench.ingest(std::slice::from_ref(&file), &[]);
    assert_eq!(code, 3, "{outcomes:?}");
    let unsupported = Some(Code::FileUnsupported.as_str());
    assert_eq!(codes(&outcomes), [None, None, None, None, None, None, unsupported]);
    assert_eq!(outcomes[0]["pages"], 0);
    let manifest = bench.manifest();
    assert_eq!(titles(&manifest.materials), ["起诉状", "收据", "现场", "out", "程序"]);
    let origins: Vec<_> =
        manifest.materials.iter().map(|material| material.origin.clone().unwrap()).collect();
    assert!(origins.iter().all(|origin| origin.file_name == "材料.zip"));
    assert!(origins.iter().all(|origin| bench.blob(&origin.container.sha256) == archive));
    assert_eq!(origins[2].path, "证据/更多.zip/照片/现场.jpg");
    assert_eq!(origins[3].path, "etc/out.pdf");
    let last = &manifest.materials[4];
    assert_eq!((last.pages.len(), last.pages[0].problem), (1, Some(Code::FileUnsupported)));
    assert_eq!(bench.blob(&last.original.sha256), b"MZ\x90\0\x03\0\0\0");
    // Again changes nothing.
    let before = bench.manifest_json();
    bench.ingest(&[file], &[]);
    assert_eq!(bench.manifest_json(), before);
    assert_eq!(bench.json(&["verify", "--json"])["problems"], serde_json::json!([]));
}

#[test]
fn names_in_old_encodings_become_titles() {
    let bench = Bench::new();
    let gb = |text: &str| GB18030.encode(text).0.into_owned();
    let big = |text: &str| BIG5.encode(text).0.into_owned();
    let one = [pdf("1"), pdf("2"), pdf("3"), pdf("4")];
    let simplified = raw_zip(&[(&gb("证据目录.pdf"), &one[0]), (&gb("银行流水/张三.pdf"), &one[1])]);
    let traditional = raw_zip(&[(&big("證據目錄.pdf"), &one[2])]);
    let loose = bench.file("x", b"").with_file_name("");
    let loose = loose.join(<std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(&gb("答辩状.pdf")));
    std::fs::write(&loose, &one[3]).unwrap();
    let files = [bench.file("a.zip", &simplified), bench.file("b.zip", &traditional), loose];
    let (code, outcomes) = bench.ingest(&files, &[]);
    assert_eq!(code, 0, "{outcomes:?}");
    let materials = bench.manifest().materials;
    assert_eq!(titles(&materials), ["证据目录", "张三", "證據目錄", "答辩状"]);
    assert_eq!(materials[3].file_name, "答辩状.pdf");
    assert!(outcomes[5]["file"].as_str().unwrap().ends_with("/答辩状.pdf"));
}

#[test]
fn files_of_one_name_are_both_taken_and_links_are_not_followed() {
    let bench = Bench::new();
    let twins = raw_zip(&[(b"a.pdf", &pdf("first")), (b"a.pdf", &pdf("second"))]);
    let mut linked = ZipWriter::new(Cursor::new(Vec::new()));
    linked.add_symlink("passwd.txt", "/etc/passwd", SimpleFileOptions::default()).unwrap();
    linked.start_file("b.pdf", SimpleFileOptions::default()).unwrap();
    linked.write_all(&pdf("third")).unwrap();
    let linked = linked.finish().unwrap().into_inner();
    let (code, outcomes) = bench.ingest(&[bench.file("1.zip", &twins), bench.file("2.zip", &linked)], &[]);
    assert_eq!(code, 3);
    assert_eq!(codes(&outcomes), [None, None, None, None, Some(Code::ContainerLink.as_str()), None]);
    let texts: Vec<_> = (1..=3)
        .map(|page| {
            bench.json(&["text", "--volume", "正卷", "--page", &page.to_string(), "--json"])["text"].clone()
        })
        .collect();
    assert_eq!(texts, ["first", "second", "third"]);
}

#[test]
fn encrypted_archives_open_with_their_password() {
    let bench = Bench::new();
    let options = SimpleFileOptions::default();
    let aes = zip(&[("a.pdf", &pdf("aes"))], options.with_aes_encryption(AesMode::Aes256, "密码"));
    let old = zip(&[("b.pdf", &pdf("old"))], options.with_deprecated_encryption("密码".as_bytes()).unwrap());
    let files = [bench.file("aes.zip", &aes), bench.file("old.zip", &old)];
    for (passwords, code) in
        [(&[][..], Code::ContainerPasswordRequired), (&["--password", "other"], Code::ContainerPasswordWrong)]
    {
        let (_, outcomes) = bench.ingest(&files, passwords);
        assert_eq!(codes(&outcomes), [Some(code.as_str()); 2]);
    }
    let (code, outcomes) = bench.ingest(&files, &["--password", "other", "--password", "密码"]);
    assert_eq!(code, 0, "{outcomes:?}");
    assert_eq!(titles(&bench.manifest().materials), ["a", "b"]);
}

#[test]
fn what_was_made_to_do_harm_is_refused() {
    let bench = Bench::new();
    let bomb = plain_zip(&[("bomb.txt", &vec![b'0'; 80 << 20])]);
    assert!(bomb.len() < 1 << 20);
    let many: Vec<(String, &[u8])> = (0..5_001).map(|at| (format!("{at}.txt"), b"x".as_slice())).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    let deep = (0..6).fold(pdf("deep"), |inner, at| {
        let name = if at == 0 { "a.pdf".to_owned() } else { format!("{at}.zip") };
        plain_zip(&[(name.as_str(), &inner)])
    });
    let files = [
        bench.file("1.zip", &bomb),
        bench.file("2.zip", &plain_zip(&many)),
        bench.file("3.zip", b"PK\x03\x04 no archive"),
        bench.file("4.zip", &plain_zip(&[])),
        bench.file("5.zip", &deep),
    ];
    let (code, outcomes) = bench.ingest(&files, &[]);
    assert_eq!(code, 3);
    let expected = [
        Some(Code::ContainerRatio),
        Some(Code::ContainerTooMany),
        Some(Code::ContainerDamaged),
        Some(Code::ContainerEmpty),
        None,
        None,
        None,
        None,
        Some(Code::ContainerTooDeep),
    ];
    assert_eq!(codes(&outcomes), expected.map(|code| code.map(Code::as_str)));
    let scratch: Vec<_> = walkdir(&bench.data().join("scratch"));
    assert!(scratch.is_empty(), "{scratch:?} is left");
}

fn walkdir(folder: &Path) -> Vec<std::path::PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    entries.flatten().map(|entry| entry.path()).collect()
}

#[test]
fn files_attached_to_a_pdf_follow_it() {
    let bench = Bench::new();
    let object = |text: &str| text.as_bytes().to_vec();
    let attached = assemble(&[
        object("<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names[(a)6 0 R]>>>>>>"),
        object("<</Type/Pages/Kids[3 0 R]/Count 1>>"),
        object(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        ),
        stream("", b"BT /F1 24 Tf 72 720 Td (cover) Tj ET"),
        object("<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"),
        object("<</Type/Filespec/F(a.pdf)/UF<FEFF96444EF6002E007000640066>/EF<</F 7 0 R>>>>"),
        stream("/Type/EmbeddedFile", &pdf("attached")),
    ]);
    let file = bench.file("正文.pdf", &attached);
    let (code, outcomes) = bench.ingest(std::slice::from_ref(&file), &[]);
    assert_eq!((code, outcomes.len()), (0, 2), "{outcomes:?}");
    let manifest = bench.manifest();
    assert_eq!(titles(&manifest.materials), ["正文", "附件"]);
    assert_eq!((manifest.materials[0].unseen.attachments, manifest.materials[0].origin.is_none()), (1, true));
    assert_eq!(manifest.materials[1].origin.as_ref().unwrap().path, "附件.pdf");
    bench.ingest(&[file], &[]);
    assert_eq!(bench.manifest(), manifest);
}

#[test]
fn a_letter_is_a_page_and_its_attachments_follow() {
    let writer = Path::new("/usr/lib/libreoffice/share/registry/writer.xcd").is_file();
    if !installed(writer, "libreoffice-writer-nogui") {
        return;
    }
    let bench = Bench::new();
    let b64 = |bytes: &[u8]| data_encoding::BASE64.encode(bytes);
    let letter = format!(
        "Received: from a by b; Mon, 15 May 2023 09:30:01 +0800\r\nFrom: =?UTF-8?B?{}?= <li@example.cn>\r\n\
         To: court@example.cn\r\nSubject: =?GBK?B?{}?=\r\nDate: Mon, 15 May 2023 09:30:00 +0800\r\n\
         MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\
         Content-Type: text/html; charset=gb2312\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n--x\r\n\
         Content-Type: application/pdf; name=\"=?UTF-8?B?{}?=\"\r\nContent-Transfer-Encoding: base64\r\n\
         Content-Disposition: attachment\r\n\r\n{}\r\n--x--\r\n",
        b64("李律师".as_bytes()),
        b64(&GB18030.encode("提交证据").0),
        b64(&GB18030.encode("<p>现提交<b>借款合同</b>一份。<script>1</script></p>").0),
        b64("借款合同.pdf".as_bytes()),
        b64(&pdf("contract")),
    );
    let file = bench.file("来信.eml", letter.as_bytes());
    let (code, outcomes) = bench.ingest(std::slice::from_ref(&file), &[]);
    assert_eq!((code, outcomes.len()), (0, 2), "{outcomes:?}");
    let manifest = bench.manifest();
    assert_eq!(titles(&manifest.materials), ["来信", "借款合同"]);
    assert_eq!(manifest.materials[0].media_type, "message/rfc822");
    assert_eq!(bench.blob(&manifest.materials[0].original.sha256), letter.as_bytes());
    let text = bench.json(&["text", "--volume", "正卷", "--page", "1", "--json"])["text"]
        .as_str()
        .unwrap()
        .to_owned();
    for there in
        ["提交证据", "李律师", "li@example.cn", "2023-05-15 09:30:00", "借款合同.pdf", "现提交借款合同一份。"]
    {
        assert!(text.contains(there), "{there} not in {text}");
    }
    bench.ingest(&[file], &[]);
    assert_eq!(bench.manifest(), manifest);
}

#[test]
fn a_page_of_the_web_is_shown_with_its_pictures() {
    let writer = Path::new("/usr/lib/libreoffice/share/registry/writer.xcd").is_file();
    if !installed(writer, "libreoffice-writer-nogui") {
        return;
    }
    let bench = Bench::new();
    let png = data_encoding::BASE64.encode(&encode(&picture(120, 120), ImageFormat::Png));
    let page = format!(
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://a.cn/\r\nSubject: x\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\
         Content-Location: https://a.cn/\r\n\r\n<html><head><meta charset=utf-8></head><body><p>公告送达</p>\
         <img src=\"https://a.cn/i.png\"></body></html>\r\n--b\r\nContent-Type: image/png\r\n\
         Content-Transfer-Encoding: base64\r\nContent-Location: https://a.cn/i.png\r\n\r\n{png}\r\n--b--\r\n"
    );
    let (code, outcomes) = bench.ingest(&[bench.file("公告.mht", page.as_bytes())], &[]);
    assert_eq!((code, outcomes.len()), (0, 1), "{outcomes:?}");
    assert_eq!(bench.json(&["text", "--volume", "正卷", "--page", "1", "--json"])["text"], "公告送达");
    let material = &bench.manifest().materials[0];
    let (blob, range) = material.preview_of(0).unwrap();
    let preview = &bench.blob(&blob.sha256)[range.start as usize..range.end as usize];
    let preview = image::load_from_memory(preview).unwrap().into_rgb8();
    let coloured = preview.pixels().filter(|pixel| pixel.0[0].abs_diff(pixel.0[2]) > 60).count();
    assert!(coloured > 500, "the picture is not there: {coloured}");
}

#[test]
fn a_text_that_nobody_can_know_waits_for_its_encoding() {
    let writer = Path::new("/usr/lib/libreoffice/share/registry/writer.xcd").is_file();
    if !installed(writer, "libreoffice-writer-nogui") {
        return;
    }
    let bench = Bench::new();
    let file = bench.file("a.txt", &encoding_rs::EUC_KR.encode("김철수 귀하").0);
    let one = std::slice::from_ref(&file);
    let (_, outcomes) = bench.ingest(one, &[]);
    assert_eq!(codes(&outcomes), [Some(Code::TextEncodingUnknown.as_str())]);
    assert_eq!(bench.ingest(one, &["--encoding", "euc-kr"]).0, 0);
    assert_eq!(bench.json(&["text", "--volume", "正卷", "--page", "1", "--json"])["text"], "김철수 귀하");
}

#[test]
fn killed_amid_a_container_and_run_again_gives_the_same_volume() {
    let files = |bench: &Bench| {
        let archive = plain_zip(&[
            ("1 起诉状.pdf", &text_pdf(&numbered(12), "")),
            ("2 照片.jpg", &encode(&picture(600, 800), ImageFormat::Jpeg)),
            ("3.bin", b"\x01\x02\x03\x04"),
            ("4 判决书.pdf", &text_pdf(&numbered(6), "/Rotate 180")),
        ]);
        vec![bench.file("a.zip", &archive), bench.file("b.pdf", &pdf("after"))]
    };
    let calm = Bench::new();
    let begun = std::time::Instant::now();
    assert_eq!(calm.ingest(&files(&calm), &[]).0, 3);
    let duration = begun.elapsed();
    let expected = without_ids(calm.manifest());
    let mut chance = rand::rngs::StdRng::seed_from_u64(11);
    for round in 0..2 {
        let bench = Bench::new();
        let files = files(&bench);
        for _ in 0..3 {
            let mut child = bench.ingest_command(&files).stdout(std::process::Stdio::null()).spawn().unwrap();
            std::thread::sleep(Duration::from_millis(
                chance.random_range(0..duration.as_millis().max(2) as u64),
            ));
            child.kill().unwrap();
            child.wait().unwrap();
        }
        assert_eq!(bench.ingest(&files, &[]).0, 3);
        let manifest = bench.manifest();
        assert_eq!(without_ids(manifest.clone()), expected, "round {round}");
        let ids: HashSet<&str> = manifest.materials.iter().map(|material| material.id.as_str()).collect();
        assert_eq!(ids.len(), manifest.materials.len());
        assert_eq!(bench.json(&["verify", "--json"])["problems"], serde_json::json!([]));
    }
}

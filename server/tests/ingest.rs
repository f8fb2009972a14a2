//! Ingest by the real program: formats, refusals, idempotence, kills, damage.
#![allow(clippy::print_stdout, reason = "tells what it skips")]
#![allow(clippy::unwrap_used, reason = "a test says so by failing")]

use std::collections::HashSet;
use std::io::Cursor;
use std::time::Duration;

use crate::common::{
    Bench, CASE, cyrillic_pdf, encode, evolume, fontless_pdf, image_pdf, noto, numbered, picture, text_pdf,
    without_ids,
};
use evolume_model::category::Category;
use evolume_model::code::Code;
use evolume_model::fonts::{Face, Family, Region};
use evolume_model::geometry::Rotation;
use evolume_model::text::PageText;
use evolume_model::volume::Material;
use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::{ExtendedColorType, ImageEncoder, ImageFormat};
use rand::{Rng, SeedableRng};

#[test]
fn a_text_pdf_becomes_a_material() {
    let bench = Bench::new();
    let file = bench.file("03 民事起诉状.pdf", &text_pdf(&numbered(40), ""));
    let (code, outcomes) = bench.ingest(&[file], &[]);
    assert_eq!(
        (code, outcomes[0]["status"].as_str(), outcomes[0]["pages"].as_u64()),
        (0, Some("ok"), Some(40))
    );
    let manifest = bench.manifest();
    assert_eq!(manifest.revision, 1);
    let material = &manifest.materials[0];
    assert_eq!((material.title.as_str(), material.category), ("民事起诉状", Category::Complaint));
    assert_eq!((material.pages.len(), material.sheets.len()), (40, 3));
    for index in 0..40 {
        assert!(material.part_of(index).is_some(), "page {index} is in no part");
        let (blob, range) = material.preview_of(index).unwrap();
        let preview = &bench.blob(&blob.sha256)[range.start as usize..range.end as usize];
        assert_eq!(image::guess_format(preview).unwrap(), ImageFormat::Jpeg);
        let (blob, range) = material.text_of(index).unwrap();
        let text =
            PageText::decode(&bench.blob(&blob.sha256)[range.start as usize..range.end as usize]).unwrap();
        assert_eq!(text.as_str(), format!("page number {}", index + 1));
        let rect = text.rects(0..4)[0];
        assert!(rect.x0 > 70. && rect.x0 < 75. && rect.y1 > 120. && rect.y0 < 122., "{rect:?}");
    }
    let text = bench.json(&["text", "--volume", "正卷", "--page", "17", "--json"]);
    assert_eq!(text, serde_json::json!({ "page": 17, "text": "page number 17" }));
    let verified = bench.json(&["verify", "--json"]);
    assert_eq!(verified["problems"], serde_json::json!([]));
}

#[test]
fn rotation_and_crop_box_are_kept_apart() {
    let bench = Bench::new();
    let extra = "/Rotate 90/CropBox[50 100 545 800]";
    bench.ingest(&[bench.file("a.pdf", &text_pdf(&numbered(1), extra))], &[]);
    let manifest = bench.manifest();
    let page = &manifest.materials[0].pages[0];
    assert_eq!((page.width, page.height, page.rotation), (495., 700., Rotation::Quarter));
    let (blob, range) = manifest.materials[0].text_of(0).unwrap();
    let text = PageText::decode(&bench.blob(&blob.sha256)[range.start as usize..range.end as usize]).unwrap();
    let rect = text.rects(0..4)[0];
    assert!((rect.x0 - 22.).abs() < 3. && rect.y0 < 80. && rect.y1 > 78., "{rect:?}");
    let (blob, range) = manifest.materials[0].preview_of(0).unwrap();
    let preview = &bench.blob(&blob.sha256)[range.start as usize..range.end as usize];
    let preview = image::load_from_memory(preview).unwrap();
    assert!(preview.width() > preview.height(), "the preview is as displayed");
}

#[test]
fn the_same_file_again_changes_nothing() {
    let bench = Bench::new();
    let file = bench.file("a.pdf", &text_pdf(&numbered(3), ""));
    let twin = bench.file("b.pdf", &text_pdf(&numbered(3), ""));
    assert_eq!(bench.ingest(&[file.clone(), twin], &[]).0, 0);
    let before = bench.manifest_json();
    assert_eq!(bench.ingest(&[file], &[]).0, 0);
    assert_eq!(bench.manifest_json(), before);
    assert_eq!(bench.manifest().materials.len(), 1);
}

#[test]
fn what_is_not_taken_is_refused_with_a_code() {
    let bench = Bench::new();
    let mut cut_jpeg = encode(&picture(64, 64), ImageFormat::Png);
    cut_jpeg.truncate(60);
    let name = b"OFD.xml";
    let entry = [b"PK\x01\x02".as_slice(), &[0; 24], &[name.len() as u8, 0], &[0; 16], name].concat();
    let ofd = [b"PK\x03\x04 the files ".as_slice(), &entry].concat();
    let files = [
        bench.file("1.pdf", b""),
        bench.file("2.pdf", b"PK\x03\x04 no more of a zip"),
        bench.file("3.pdf", b"%PDF-1.7\nnothing more"),
        bench.file("4.pdf", &text_pdf(&numbered(1), "")),
        bench.file("5.png", &cut_jpeg),
        bench.folder.path().join("there is no such file.pdf"),
        bench.file("7.pdf", include_bytes!("fixtures/locked.pdf")),
        bench.file("8.ofd", &ofd),
    ];
    let (code, outcomes) = bench.ingest(&files, &[]);
    assert_eq!(code, 3);
    let codes: Vec<_> = outcomes.iter().map(|outcome| outcome["code"].as_str()).collect();
    let expected = [
        Some(Code::FileEmpty),
        Some(Code::ContainerDamaged),
        Some(Code::PdfDamaged),
        None,
        Some(Code::ImageDamaged),
        Some(Code::FileUnreadable),
        Some(Code::PdfPasswordRequired),
        Some(Code::OfdUnsupported),
    ];
    assert_eq!(codes, expected.map(|code| code.map(Code::as_str)));
    assert_eq!(bench.manifest().materials.len(), 1);
    let (_, outcomes) = bench.ingest(&files[6..7], &["--password", "wrong"]);
    assert_eq!(outcomes[0]["code"], "pdf.password_wrong");
    let (code, _) = bench.ingest(&files[6..7], &["--password", "wrong", "--password", "open"]);
    assert_eq!(code, 0);
    let manifest = bench.manifest();
    let (part, _) = manifest.materials[1].part_of(0).unwrap();
    assert_ne!(part.blob, manifest.materials[1].original, "a reader has no password");
    assert_eq!(bench.json(&["text", "--volume", "正卷", "--page", "2", "--json"])["text"], "sealed");
}

#[test]
fn a_broken_page_keeps_its_place() {
    let bench = Bench::new();
    let mut pages = numbered(5);
    pages[2].clear();
    let (code, outcomes) = bench.ingest(&[bench.file("a.pdf", &text_pdf(&pages, ""))], &[]);
    assert_eq!((code, outcomes[0]["pages"].as_u64(), outcomes[0]["broken"].as_u64()), (0, Some(5), Some(1)));
    let manifest = bench.manifest();
    let problems: Vec<_> = manifest.pages().map(|(_, _, page)| page.problem).collect();
    assert_eq!(problems, [None, None, Some(Code::PageBroken), None, None]);
    assert!(manifest.materials[0].preview_of(2).is_none());
    assert_eq!(bench.json(&["text", "--volume", "正卷", "--page", "4", "--json"])["text"], "page number 4");
}

#[test]
fn a_page_that_takes_too_long_keeps_its_place() {
    let bench = Bench::new();
    let file = bench.file("a.pdf", &text_pdf(&numbered(2), ""));
    let (code, outcomes) = bench.ingest(&[file], &["--page-timeout", "0"]);
    assert_eq!((code, outcomes[0]["broken"].as_u64()), (0, Some(2)));
    let manifest = bench.manifest();
    assert!(
        manifest.pages().all(|(_, _, page)| page.problem == Some(Code::PageTimeout) && page.width > 500.)
    );
}

#[test]
fn images_become_pages_with_themselves_as_the_image() {
    let bench = Bench::new();
    let picture = picture(300, 400);
    let files = [
        bench.file("1.jpg", &encode(&picture, ImageFormat::Jpeg)),
        bench.file("2.png", &encode(&picture, ImageFormat::Png)),
        bench.file("3.webp", &encode(&picture, ImageFormat::WebP)),
        bench.file("4.tiff", &encode(&picture, ImageFormat::Tiff)),
    ];
    let (code, outcomes) = bench.ingest(&files, &[]);
    assert_eq!(code, 0, "{outcomes:?}");
    for (material, media_type) in
        bench.manifest().materials.iter().zip(["image/jpeg", "image/png", "image/webp", "image/png"])
    {
        let page = &material.pages[0];
        assert_eq!((page.width, page.height), (631.5, 842.), "{}", material.file_name);
        let image = page.image.as_ref().unwrap_or_else(|| panic!("{} has no image", material.file_name));
        assert_eq!((image.media_type.as_str(), image.width_px, image.height_px), (media_type, 300, 400));
        assert_eq!((image.rect.x0, image.rect.y0), (0., 0.));
        if material.media_type != "image/tiff" {
            assert_eq!(image.blob, material.original);
        }
        let shown = image::load_from_memory(&bench.blob(&image.blob.sha256)).unwrap().into_rgb8();
        assert!(shown.get_pixel(10, 10).0[0] < 40 && shown.get_pixel(290, 10).0[0] > 200);
    }
}

#[test]
fn an_image_that_is_too_large_to_be_decoded_whole_is_reduced_and_cut_into_tiles() {
    let bench = Bench::new();
    let (width, height) = (8000, 5000);
    let files = [
        bench.file("plan.jpg", &encode(&picture(width, height), ImageFormat::Jpeg)),
        bench.file("plan.png", &encode(&picture(width, height), ImageFormat::Png)),
    ];
    let (code, outcomes) = bench.ingest(&files, &[]);
    assert_eq!(code, 0, "{outcomes:?}");
    for material in &bench.manifest().materials {
        let name = &material.file_name;
        let image = material.pages[0].image.as_ref().unwrap_or_else(|| panic!("{name} has no image"));
        assert!(image.reduced && (5000..5100).contains(&image.width_px), "{name}: {image:?}");
        let shown = image::load_from_memory(&bench.blob(&image.blob.sha256)).unwrap().into_rgb8();
        // Every tile is where it belongs.
        for (x, y) in (0..16).flat_map(|x| (0..10).map(move |y| (x, y))) {
            let (at_x, at_y) = (x * 470 + 100, y * 470 + 100);
            let expected = match at_x < width / 4 && at_y < height / 4 {
                true => [10, 10, 60],
                false => [(at_x * 255 / width) as u8, (at_y * 255 / height) as u8, 200],
            };
            let pixel = shown.get_pixel(at_x * image.width_px / width, at_y * image.height_px / height).0;
            let far = pixel.iter().zip(expected).map(|(a, b)| a.abs_diff(b)).max().unwrap();
            assert!(far < 12, "{name} at {at_x}, {at_y}: {pixel:?}, not {expected:?}");
        }
        let part = bench.blob(&material.parts[0].blob.sha256);
        let tiles = part
            .windows(14)
            .filter(|window| window == b"/Subtype/Image" || window == b"/Subtype /Imag")
            .count();
        assert_eq!(tiles, 12, "{name}");
    }
}

#[test]
fn a_photograph_is_turned_upright() {
    let bench = Bench::new();
    // Orientation 6: to be turned a quarter clockwise.
    let exif = b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    let picture = picture(400, 300);
    let plain = encode(&picture, ImageFormat::Jpeg);
    let jpeg = [&plain[..2], b"\xff\xe1\0\x22Exif\0\0", exif, &plain[2..]].concat();
    let (mut png, mut webp) = (Vec::new(), Vec::new());
    let (mut as_png, mut as_webp) = (PngEncoder::new(&mut png), WebPEncoder::new_lossless(&mut webp));
    as_png.set_exif_metadata(exif.to_vec()).unwrap();
    as_webp.set_exif_metadata(exif.to_vec()).unwrap();
    as_png.write_image(&picture, 400, 300, ExtendedColorType::Rgb8).unwrap();
    as_webp.write_image(&picture, 400, 300, ExtendedColorType::Rgb8).unwrap();
    let files = [bench.file("a.jpg", &jpeg), bench.file("b.png", &png), bench.file("c.webp", &webp)];
    let (code, _) = bench.ingest(&files, &[]);
    assert_eq!(code, 0);
    let manifest = bench.manifest();
    for material in &manifest.materials {
        let name = &material.file_name;
        let page = &material.pages[0];
        assert!(page.height > page.width, "{name}");
        let image = page.image.as_ref().unwrap_or_else(|| panic!("{name} has no image"));
        assert_eq!((image.width_px, image.height_px), (300, 400), "{name}");
        let shown = image::load_from_memory(&bench.blob(&image.blob.sha256)).unwrap().into_rgb8();
        assert!(shown.get_pixel(290, 10).0[2] < 120, "{name}: the dark corner is now on the right");
    }
}

#[test]
fn every_page_of_a_tiff_is_a_page() {
    let bench = Bench::new();
    let mut out = Cursor::new(Vec::new());
    let mut encoder = tiff::encoder::TiffEncoder::new(&mut out).unwrap();
    for shade in [40u8, 200] {
        let mut page = encoder.new_image::<tiff::encoder::colortype::Gray8>(165, 234).unwrap();
        let inch = tiff::tags::ResolutionUnit::Inch;
        page.resolution(inch, tiff::encoder::Rational { n: 200, d: 1 });
        page.write_data(&vec![shade; 165 * 234]).unwrap();
    }
    let (code, outcomes) = bench.ingest(&[bench.file("fax.tif", &out.into_inner())], &[]);
    assert_eq!((code, outcomes[0]["pages"].as_u64()), (0, Some(2)));
}

#[test]
fn a_plain_scan_is_handed_over_as_it_is() {
    let bench = Bench::new();
    let jpeg = encode(&picture(300, 400), ImageFormat::Jpeg);
    let plain = "/Width 300/Height 400/BitsPerComponent 8/ColorSpace/DeviceRGB/Filter/DCTDecode";
    let full = "q 600 0 0 800 0 0 cm /I Do Q";
    let files = [
        bench.file("1.pdf", &image_pdf(plain, &jpeg, full)),
        bench.file("2.pdf", &image_pdf(&format!("{plain}/Decode[1 0 1 0 1 0]"), &jpeg, full)),
        bench.file("3.pdf", &image_pdf(plain, &jpeg, "q 100 100 200 200 re W n 600 0 0 800 0 0 cm /I Do Q")),
        bench.file("4.pdf", &image_pdf(plain, &jpeg, "q 0 600 -800 0 600 0 cm /I Do Q")),
        bench.file(
            "5.pdf",
            &image_pdf(plain, &jpeg, "q 600 0 0 800 0 0 cm /I Do Q 1 0 0 rg 100 100 200 200 re f"),
        ),
        bench.file("6.pdf", &image_pdf(plain, &jpeg, "q 300 0 0 400 150 200 cm /I Do Q")),
    ];
    assert_eq!(bench.ingest(&files, &[]).0, 0);
    let manifest = bench.manifest();
    let images: Vec<_> = manifest.pages().map(|(_, _, page)| page.image.as_ref()).collect();
    let image = images[0].unwrap();
    assert_eq!(bench.blob(&image.blob.sha256), jpeg);
    assert_eq!((image.rect.x1, image.rect.y1), (600., 800.));
    let names = ["inverted", "clipped", "turned", "drawn over"];
    for (image, name) in images[1..5].iter().zip(names) {
        assert!(image.is_none(), "an image that is {name} is not the page");
    }
    let inset = images[5].unwrap().rect;
    assert_eq!((inset.x0, inset.y0, inset.x1, inset.y1), (150., 200., 450., 600.));
}

#[test]
fn large_pages_are_cut_into_parts_of_their_own() {
    let bench = Bench::new();
    let mut noise = rand::rngs::StdRng::seed_from_u64(1);
    let mut objects = vec![b"<</Type/Catalog/Pages 2 0 R>>".to_vec(), Vec::new()];
    let mut kids = String::new();
    for _ in 0..6 {
        let mut pixels = vec![0u8; 700 * 700];
        noise.fill(&mut pixels[..]);
        let at = objects.len() + 1;
        kids += &format!("{at} 0 R ");
        objects.push(
            format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 600]/Contents {} 0 R/Resources<</XObject<</I {} 0 R>>>>>>", at + 1, at + 2)
                .into_bytes(),
        );
        objects.push(crate::common::stream("", b"q 600 0 0 600 0 0 cm /I Do Q"));
        let image =
            "/Type/XObject/Subtype/Image/Width 700/Height 700/BitsPerComponent 8/ColorSpace/DeviceGray";
        objects.push(crate::common::stream(image, &pixels));
    }
    objects[1] = format!("<</Type/Pages/Kids[{kids}]/Count 6>>").into_bytes();
    assert_eq!(bench.ingest(&[bench.file("a.pdf", &crate::common::assemble(&objects))], &[]).0, 0);
    let manifest = bench.manifest();
    let parts: Vec<_> =
        manifest.materials[0].parts.iter().map(|part| (part.first, part.count, part.offset)).collect();
    assert_eq!(parts, [(0, 2, 0), (2, 2, 0), (4, 2, 0)]);
}

#[test]
fn the_same_file_twice() {
    let bench = Bench::new();
    let file = bench.file("a.pdf", &text_pdf(&numbered(2), ""));
    let one = std::slice::from_ref(&file);
    bench.ingest(one, &[]);
    let first = bench.manifest();
    bench.ingest(one, &[]);
    assert_eq!(bench.manifest(), first, "it is known by its bytes, whatever its id");
    bench.ingest(one, &["--again"]);
    let twice = bench.manifest();
    assert_eq!(twice.materials[0], first.materials[0]);
    let again = &twice.materials[1];
    assert_ne!(again.id, first.materials[0].id);
    assert_eq!(Material { id: first.materials[0].id.clone(), ..again.clone() }, first.materials[0]);
    bench.ingest(one, &[]);
    assert_eq!(bench.manifest(), twice);
    // Another volume of the case has it as a material of its own.
    let mut command = evolume();
    command.args(["ingest", "--case", CASE, "--volume", "证据卷", "--data"]).arg(bench.data()).arg(&file);
    assert!(command.status().unwrap().success());
    let list = bench.json(&["list", "--json"]);
    let pages: Vec<_> =
        list[0]["volumes"].as_array().unwrap().iter().map(|volume| &volume["pages"]).collect();
    assert_eq!(pages, [4, 2]);
}

#[test]
fn killed_at_any_moment_and_run_again_gives_the_same_volume() {
    for calm in Bench::on_each() {
        kill_and_run_again(&calm);
    }
}

fn kill_and_run_again(calm: &Bench) {
    let files = |bench: &Bench| {
        vec![
            bench.file("1 起诉状.pdf", &text_pdf(&numbered(70), "")),
            bench.file("2 照片.jpg", &encode(&picture(600, 800), ImageFormat::Jpeg)),
            bench.file("3 判决书.pdf", &text_pdf(&numbered(20), "/Rotate 180")),
            bench.file("4 空.pdf", b""),
        ]
    };
    let start = std::time::Instant::now();
    assert_eq!(calm.ingest(&files(calm), &[]).0, 3);
    let duration = start.elapsed();
    let expected = without_ids(calm.manifest());
    let mut chance = rand::rngs::StdRng::seed_from_u64(7);
    for round in 0..3 {
        let bench = calm.another();
        let files = files(&bench);
        for _ in 0..3 {
            let mut child = bench.ingest_command(&files).stdout(std::process::Stdio::null()).spawn().unwrap();
            let delay = chance.random_range(0..duration.as_millis().max(2) as u64);
            std::thread::sleep(Duration::from_millis(delay));
            child.kill().unwrap();
            child.wait().unwrap();
        }
        assert_eq!(bench.ingest(&files, &[]).0, 3);
        let manifest = bench.manifest();
        assert_eq!(without_ids(manifest.clone()), expected, "round {round}");
        // Ids are of each volume's own, and what is there keeps them.
        let ids: HashSet<&str> = manifest.materials.iter().map(|material| material.id.as_str()).collect();
        assert_eq!(ids.len(), 3);
        assert_eq!(bench.ingest(&files, &[]).0, 3);
        assert_eq!(bench.manifest(), manifest, "round {round}");
        assert_eq!(bench.json(&["verify", "--json"])["problems"], serde_json::json!([]));
    }
}

#[test]
fn verify_sees_damage_and_loss() {
    let bench = Bench::new();
    bench.ingest(&[bench.file("a.pdf", &text_pdf(&numbered(2), ""))], &[]);
    let manifest = bench.manifest();
    let sheet = &manifest.materials[0].sheets[0];
    let damaged = bench.blob_path(&sheet.previews.sha256);
    let mut bytes = std::fs::read(&damaged).unwrap();
    bytes[10] ^= 1;
    std::fs::write(&damaged, bytes).unwrap();
    std::fs::remove_file(bench.blob_path(&sheet.thumbs.sha256)).unwrap();
    let output = bench.run(&["verify", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut codes: Vec<_> =
        report["problems"].as_array().unwrap().iter().map(|p| p["code"].as_str().unwrap()).collect();
    codes.sort_unstable();
    assert_eq!(codes, ["blob.corrupt", "blob.missing"]);
}

#[test]
fn what_is_not_embedded_gets_a_substitute_with_the_materials_characters() {
    if !noto() {
        return;
    }
    let bench = Bench::new();
    let files = [
        bench.file("1.pdf", &fontless_pdf("SimSun", "合同无效")),
        bench.file("2.pdf", &fontless_pdf("#BA#DA#CC#E5", "借款合同")),
        bench.file("3.pdf", &text_pdf(&numbered(1), "")),
    ];
    let (code, outcomes) = bench.ingest(&files, &[]);
    assert_eq!((code, &outcomes[0]["code"]), (0, &serde_json::Value::Null));
    let [song, hei, none] = &bench.manifest().materials[..] else { panic!("three materials") };
    let face = |family| Face { family, region: Region::Sc, bold: false };
    for (material, family) in [(song, Family::Serif), (hei, Family::Sans)] {
        assert_eq!(material.parts[0].fonts, [face(family)]);
        assert_eq!(material.fonts[0].face, face(family));
        assert!(material.fonts[0].blob.bytes < 120_000, "{:?}", material.fonts[0].blob);
        assert!(!material.lacks_fonts());
        assert!(ink(&bench, material) > 0.02);
    }
    assert_eq!((none.fonts.len(), none.parts[0].fonts.len()), (0, 0));
    assert_eq!(bench.json(&["verify", "--json"])["problems"], serde_json::json!([]));
}

#[test]
fn a_standard_font_shows_letters_that_pdfium_has_not() {
    if !noto() {
        return;
    }
    let bench = Bench::new();
    let files = [
        bench.file("1.pdf", &cyrillic_pdf("Arial,Bold", "Привет")),
        bench.file("2.pdf", &text_pdf(&numbered(1), "")),
    ];
    assert_eq!(bench.ingest(&files, &[]).0, 0);
    let [cyrillic, latin] = &bench.manifest().materials[..] else { panic!("two materials") };
    let face = Face { family: Family::Sans, region: Region::Europe, bold: true };
    assert_eq!((cyrillic.parts[0].fonts.as_slice(), cyrillic.fonts[0].face), ([face].as_slice(), face));
    assert!(ink(&bench, cyrillic) > 0.02);
    assert_eq!(
        (latin.fonts.len(), latin.parts[0].fonts.len()),
        (0, 0),
        "PDFium's own does for Latin letters"
    );
}

#[test]
fn without_fonts_the_text_is_blank_and_a_code_says_so() {
    let bench = Bench::new();
    let file = bench.file("1.pdf", &fontless_pdf("SimSun", "合同无效"));
    let empty = bench.data().parent().unwrap().join("no fonts");
    std::fs::create_dir(&empty).unwrap();
    let (code, outcomes) = bench.ingest(&[file], &["--fonts", empty.to_str().unwrap()]);
    assert_eq!((code, outcomes[0]["code"].as_str()), (0, Some("font.missing")));
    let manifest = bench.manifest();
    assert!(manifest.materials[0].lacks_fonts());
    assert_eq!(ink(&bench, &manifest.materials[0]), 0.);
}

/// Share of dark pixels in the preview of the first page.
fn ink(bench: &Bench, material: &Material) -> f32 {
    let (blob, range) = material.preview_of(0).unwrap();
    let preview = &bench.blob(&blob.sha256)[range.start as usize..range.end as usize];
    let grey = image::load_from_memory(preview).unwrap().into_luma8();
    grey.pixels().filter(|pixel| pixel.0[0] < 128).count() as f32 / grey.len() as f32
}

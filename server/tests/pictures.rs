//! Pictures as scanners, fax machines and telephones write them, made by hand: each becomes a page that looks right.
#![allow(clippy::print_stdout, reason = "tells what it skips")]
#![allow(clippy::unwrap_used, reason = "a test says so by failing")]

use std::path::Path;
use std::time::{Duration, Instant};

use crate::common::pictures::{Picture, assert_alike, colour, made_by, near, program, seen, tiff};
use crate::common::{Bench, encode, pdfium, picture};
use evolume_model::code::Code;
use evolume_server::pdfium::protocol::{Helped, ImageFormat as Format, Request};
use evolume_server::pdfium::{CallError, FontLibrary, Limits, Pool};
use image::{ImageFormat, RgbImage};
use rand::{Rng, SeedableRng};

/// A quarter of each is a whole number of a JPEG's blocks.
const WIDE: u32 = 384;
const HIGH: u32 = 512;

/// The samples of a picture.
fn rgb() -> Picture {
    Picture::new(WIDE, HIGH, &[8, 8, 8], 2, picture(WIDE, HIGH).into_raw())
}

fn ycbcr(pixel: &[u8; 3]) -> [u8; 3] {
    let [r, g, b] = pixel.map(f32::from);
    let value = |value: f32| value.round().clamp(0., 255.) as u8;
    [
        value(0.299 * r + 0.587 * g + 0.114 * b),
        value(128. - 0.168_74 * r - 0.331_26 * g + 0.5 * b),
        value(128. + 0.5 * r - 0.418_69 * g - 0.081_31 * b),
    ]
}

/// A drawing in black and white: packed, black is 1, and as pixels.
fn drawing() -> (Vec<u8>, RgbImage) {
    let black = |x: u32, y: u32| x < 90 && y < 120 || (200..210).contains(&x) && y > 40 || x == y;
    let image = RgbImage::from_fn(WIDE, HIGH, |x, y| image::Rgb([if black(x, y) { 0 } else { 255 }; 3]));
    let bits = (0..HIGH).flat_map(|y| {
        (0..WIDE / 8)
            .map(move |byte| (0..8).fold(0, |sum, bit| sum << 1 | u8::from(black(byte * 8 + bit, y))))
    });
    (bits.collect(), image)
}

fn bilevel() -> Picture {
    Picture::new(WIDE, HIGH, &[1], 0, drawing().0)
}

/// One page of one file, as it is seen.
fn shown(name: &str, bytes: &[u8]) -> RgbImage {
    let bench = Bench::new();
    let (code, outcomes) = bench.ingest(&[bench.file(name, bytes)], &[]);
    assert_eq!((code, outcomes[0]["pages"].as_u64()), (0, Some(1)), "{name}: {outcomes:?}");
    seen(&bench, &bench.manifest().materials[0], 0)
}

/// Problems of the pages of one file.
fn problems(name: &str, bytes: &[u8]) -> Vec<Option<Code>> {
    let bench = Bench::new();
    bench.ingest(&[bench.file(name, bytes)], &[]);
    bench.manifest().pages().map(|(_, _, page)| page.problem).collect()
}

/// Width and height of the page of one file.
fn size(name: &str, bytes: &[u8]) -> (f32, f32) {
    let bench = Bench::new();
    let (code, outcomes) = bench.ingest(&[bench.file(name, bytes)], &[]);
    assert_eq!(code, 0, "{name}: {outcomes:?}");
    let manifest = bench.manifest();
    let page = &manifest.materials[0].pages[0];
    (page.width, page.height)
}

#[test]
fn colours_are_right_without_help() {
    let truth = picture(WIDE, HIGH);
    let jpeg = encode(&truth, ImageFormat::Jpeg);
    let raw: Vec<u8> = truth.pixels().flat_map(|pixel| ycbcr(&pixel.0)).collect();
    let cmyk = truth.pixels().flat_map(|pixel| [255 - pixel.0[0], 255 - pixel.0[1], 255 - pixel.0[2], 0]);
    let opaque = truth.pixels().flat_map(|pixel| [pixel.0[0], pixel.0[1], pixel.0[2], 255]);
    let with_jpeg = |compression, samples: &[u32], photometric| {
        let picture = Picture::new(WIDE, HIGH, samples, photometric, jpeg.clone());
        Picture { compression, ..picture }
    };
    for (name, picture) in [
        ("rgb.tif", rgb()),
        ("jpeg.tif", with_jpeg(7, &[8, 8, 8], 6)),
        ("bogus-subsampling.tif", with_jpeg(7, &[8, 8, 8], 6).with(530, 3, &[4, 1])),
        ("old-jpeg.tif", with_jpeg(6, &[8, 8, 8], 6)),
        ("ycbcr.tif", Picture::new(WIDE, HIGH, &[8, 8, 8], 6, raw).with(530, 3, &[1, 1])),
        ("cmyk.tif", Picture::new(WIDE, HIGH, &[8; 4], 5, cmyk.collect())),
        ("alpha.tif", Picture::new(WIDE, HIGH, &[8; 4], 2, opaque.collect()).with(338, 3, &[2])),
    ] {
        assert_alike(name, &shown(name, &tiff(&[picture], None)), &truth);
    }
    let grey: Vec<u8> = truth.pixels().flat_map(|pixel| [pixel.0[0], 255]).collect();
    let seen =
        shown("grey.tif", &tiff(&[Picture::new(WIDE, HIGH, &[8, 8], 1, grey).with(338, 3, &[2])], None));
    assert!(near(colour(&seen, (0.5, 0.5)), [colour(&truth, (0.5, 0.5))[0]; 3]));
}

#[test]
fn colours_are_right_with_help() {
    if !program("tiff2rgba", "libtiff-tools") {
        return;
    }
    let truth = picture(WIDE, HIGH);
    let planes = |channel: usize| truth.pixels().map(|pixel| pixel.0[channel]).collect::<Vec<u8>>();
    let separate = Picture { strips: vec![planes(0), planes(1), planes(2)], ..rgb() }.with(284, 3, &[2]);
    // Blocks of four brightnesses and the colour of the first.
    let blocks = (0..HIGH / 2).flat_map(|y| (0..WIDE / 2).map(move |x| (x * 2, y * 2))).flat_map(|(x, y)| {
        let at = |x, y| ycbcr(&truth.get_pixel(x, y).0);
        let [_, cb, cr] = at(x, y);
        [at(x, y)[0], at(x + 1, y)[0], at(x, y + 1)[0], at(x + 1, y + 1)[0], cb, cr]
    });
    let reference = [0, 1, 255, 1, 128, 1, 255, 1, 128, 1, 255, 1];
    let subsampled = Picture::new(WIDE, HIGH, &[8, 8, 8], 6, blocks.collect())
        .with(530, 3, &[2, 2])
        .with(532, 5, &reference);
    // A palette in which the indices run backwards.
    let indices = planes(0).iter().map(|red| 255 - red).collect();
    let ramp: Vec<u32> = (0..256).map(|index| (255 - index) * 257).collect();
    let palette = Picture::new(WIDE, HIGH, &[8], 3, indices).with(320, 3, &ramp.repeat(3));
    let grey = RgbImage::from_fn(WIDE, HIGH, |x, y| image::Rgb([truth.get_pixel(x, y).0[0]; 3]));
    for (name, picture, truth) in [
        ("separate.tif", separate, &truth),
        ("subsampled.tif", subsampled, &truth),
        ("palette.tif", palette, &grey),
    ] {
        assert_alike(name, &shown(name, &tiff(&[picture], None)), truth);
    }
}

#[test]
fn faxes_are_black_on_white_and_keep_one_bit() {
    if !program("tiffcp", "libtiff-tools") {
        return;
    }
    let (data, truth) = drawing();
    let reversed = data.iter().map(|byte| byte.reverse_bits()).collect();
    let bench = Bench::new();
    let plain = bench.file("plain.tif", &tiff(&[bilevel()], None));
    let mirrored = Picture { strips: vec![reversed], ..bilevel() }.with(266, 3, &[2]);
    let mut files = vec![plain.clone(), bench.file("fill-order.tif", &tiff(&[mirrored], None))];
    for (name, options) in [
        ("one.tif", &["-c", "g3:1d"][..]),
        ("two.tif", &["-c", "g3:2d:fill"]),
        ("four.tif", &["-c", "g4"]),
        ("four-fill-order.tif", &["-c", "g4", "-f", "lsb2msb"]),
        ("tiled.tif", &["-c", "none", "-t", "-w", "32", "-l", "32"]),
    ] {
        files.push(made_by("tiffcp", options, &plain, &plain.with_file_name(name)));
    }
    let (code, outcomes) = bench.ingest(&files, &[]);
    assert_eq!(code, 0, "{outcomes:?}");
    for material in &bench.manifest().materials {
        let name = &material.file_name;
        let seen = seen(&bench, material, 0);
        assert!(seen == truth, "{name} looks different");
        let image = material.pages[0].image.as_ref().unwrap();
        assert_eq!(bench.blob(&image.blob.sha256)[24], 1, "{name}: bits a pixel");
        let part = bench.blob(&material.parts[0].blob.sha256);
        let bits = b"/BitsPerComponent 1";
        assert!(
            part.windows(bits.len() + 1).any(|w| w.starts_with(bits) && !w.last().unwrap().is_ascii_digit())
        );
    }
}

#[test]
fn a_bad_page_costs_only_itself() {
    if !program("tiffcp", "libtiff-tools") {
        return;
    }
    let bad = Picture { compression: 5, strips: vec![b"no LZW at all".to_vec()], ..rgb() };
    let good = [None, Some(Code::PageBroken), None];
    assert_eq!(problems("lzw.tif", &tiff(&[rgb(), bad, bilevel()], None)), good);
    let old = Picture { compression: 6, strips: vec![b"\xff\xd8\xff\xd9".to_vec()], ..rgb() };
    assert_eq!(problems("old-jpeg.tif", &tiff(&[rgb(), old, rgb()], None)), good);
    // The file is cut short within its second page.
    let whole = tiff(&[rgb(), rgb(), rgb()], None);
    let cut = problems("cut.tif", &whole[..whole.len() / 2]);
    assert_eq!(cut, [None, Some(Code::PageBroken)]);
    let float = Picture::new(8, 8, &[32], 1, vec![0; 256]).with(339, 3, &[3]);
    let bench = Bench::new();
    let (_, outcomes) = bench.ingest(&[bench.file("float.tif", &tiff(&[float], None))], &[]);
    assert_eq!(outcomes[0]["code"], Code::FileUnsupported.as_str());
    let alone = Picture { compression: 5, strips: vec![vec![7; 9]], ..rgb() };
    let (_, outcomes) = bench.ingest(&[bench.file("alone.tif", &tiff(&[alone], None))], &[]);
    assert_eq!(outcomes[0]["code"], Code::ImageDamaged.as_str());
}

#[test]
fn copies_are_no_pages_and_chains_end() {
    let small = Picture::new(24, 32, &[8], 1, vec![9; 24 * 32]);
    for (name, pages, pictures, last) in [
        ("marked.tif", 1, vec![rgb(), rgb().with(254, 4, &[1])], None),
        ("old-mark.tif", 1, vec![rgb(), rgb().with(255, 3, &[2])], None),
        ("evident.tif", 1, vec![small.clone(), rgb()], None),
        ("pages.tif", 2, vec![rgb(), rgb()], None),
        ("other-shape.tif", 2, vec![Picture { width: 32, height: 24, ..small }, rgb()], None),
        ("loop.tif", 2, vec![rgb(), bilevel()], Some(0)),
        ("only-copies.tif", 1, vec![rgb().with(254, 4, &[1])], None),
    ] {
        assert_eq!(problems(name, &tiff(&pictures, last)), vec![None; pages], "{name}");
    }
}

#[test]
fn pages_have_the_size_and_the_way_up_that_was_meant() {
    let grey = |w: u32, h: u32| Picture::new(w, h, &[8], 1, vec![200; (w * h) as usize]);
    let one = |picture| tiff(&[picture], None);
    let fax = size("fax.tif", &one(grey(600, 400).dpi(204, 98, 2)));
    assert_eq!(size("unit.tif", &one(grey(600, 400).dpi(204, 98, 1))), fax);
    assert!((fax.0 / fax.1 - 600. / 204. / (400. / 98.)).abs() < 0.01, "{fax:?}");
    let about_a4 = |(w, h): (f32, f32)| (w - 595.).abs() < 5. && (h - 842.).abs() < 5.;
    assert!(about_a4(size("labelled.tif", &one(grey(827, 1169).dpi(72, 72, 2)))));
    let mut jpeg = encode(&picture(1240, 1754), ImageFormat::Jpeg);
    // The JFIF header says 96 dpi.
    jpeg[13..18].copy_from_slice(&[1, 0, 96, 0, 96]);
    assert!(about_a4(size("labelled.jpg", &jpeg)));
    let seen = shown("turned.tif", &one(rgb().with(274, 3, &[6]).dpi(100, 200, 2)));
    assert_eq!(seen.dimensions(), (HIGH, WIDE));
    assert_alike("turned.tif", &seen, &image::imageops::rotate90(&picture(WIDE, HIGH)));
}

#[test]
fn a_missing_program_is_named_and_nothing_is_called_damaged() {
    let bench = Bench::new();
    let file = bench.file("palette.tif", &tiff(&[bilevel().with(266, 3, &[2])], None));
    let output = bench.ingest_command(&[file]).env("PATH", bench.folder.path()).output().unwrap();
    let outcome: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(outcome["code"], Code::PictureProgramMissing.as_str());
    let log = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(log.contains("libtiff-tools"), "{log}");
}

#[test]
fn other_formats_open() {
    let truth = picture(WIDE, HIGH);
    assert_alike("a.bmp", &shown("a.bmp", &encode(&truth, ImageFormat::Bmp)), &truth);
    let gif = shown("a.gif", &encode(&truth, ImageFormat::Gif));
    assert_eq!(gif.dimensions(), (WIDE, HIGH));
    assert!(near(colour(&gif, (0.1, 0.1)), [10, 10, 60]), "{:?}", colour(&gif, (0.1, 0.1)));
    if !program("ffmpeg", "ffmpeg") {
        return;
    }
    let bench = Bench::new();
    let png = bench.file("a.png", &encode(&truth, ImageFormat::Png));
    let by_ffmpeg = |name: &str, options: &[&str]| {
        let options = [&["-v", "error", "-i", png.to_str().unwrap()], options].concat();
        let output = png.with_file_name(name);
        let status = std::process::Command::new("ffmpeg").args(options).arg(&output).status().unwrap();
        assert!(status.success(), "{name}");
        std::fs::read(output).unwrap()
    };
    for (name, options) in
        [("a.jp2", &["-pix_fmt", "rgb24"][..]), ("lossless.jpg", &["-c:v", "ljpeg", "-pix_fmt", "bgr24"])]
    {
        assert_alike(name, &shown(name, &by_ffmpeg(name, options)), &truth);
    }
}

#[test]
fn white_letters_on_nothing_can_be_seen() {
    let letters = |x: u32, y: u32| (80..90).contains(&x) && (40..400).contains(&y);
    let image = image::RgbaImage::from_fn(WIDE, HIGH, |x, y| {
        image::Rgba(if letters(x, y) { [255, 255, 255, 255] } else { [255, 255, 255, 0] })
    });
    let bench = Bench::new();
    let path = bench.folder.path().join("letters.png");
    image.save(&path).unwrap();
    let seen = shown("letters.png", &std::fs::read(Path::new(&path)).unwrap());
    assert!(seen.get_pixel(85, 200).0[0] > 240 && seen.get_pixel(240, 200).0[0] < 60);
}

/// How long TIFFs are spoilt, and with what.
const SPOILING: Duration = Duration::from_secs(6);
const SEED: u64 = 13;

#[tokio::test]
async fn spoilt_tiffs_are_refused_or_give_pages() {
    let small = |compression, photometric, bits: &[u32], data: Vec<u8>| {
        Picture { compression, ..Picture::new(24, 32, bits, photometric, data) }.dpi(204, 98, 1)
    };
    let jpeg = encode(&picture(24, 32), ImageFormat::Jpeg);
    let seeds = [
        tiff(
            &[small(1, 2, &[8; 3], picture(24, 32).into_raw()), small(32773, 0, &[1], vec![0xf1; 64])],
            Some(0),
        ),
        tiff(&[small(7, 6, &[8; 3], jpeg.clone()), small(6, 6, &[8; 3], jpeg)], None),
        tiff(
            &[small(4, 0, &[1], vec![0x26, 0xa0, 0x10, 0x01]), small(5, 1, &[8], vec![0x80, 1, 2, 3])],
            None,
        ),
    ];
    let limits = Limits {
        program: env!("CARGO_BIN_EXE_evolume").into(),
        library: pdfium(),
        fonts: FontLibrary::find(None),
        soffice: "soffice".into(),
        ffmpeg: "ffmpeg".into(),
        page: Duration::from_secs(60),
        file: Duration::from_secs(60),
        children: 1,
    };
    let (pool, bench) = (Pool::new(limits), Bench::new());
    let mut dice = rand::rngs::StdRng::seed_from_u64(SEED);
    let (start, mut taken, mut refused) = (Instant::now(), 0, 0);
    while start.elapsed() < SPOILING {
        let mut bytes = seeds[dice.random_range(0..seeds.len())].clone();
        for _ in 0..dice.random_range(0..6) {
            let at = dice.random_range(4..bytes.len());
            bytes[at] =
                if dice.random_bool(0.5) { dice.random() } else { bytes[at] ^ 1 << dice.random_range(0..8) };
        }
        if dice.random_bool(0.2) {
            bytes.truncate(dice.random_range(8..bytes.len()));
        }
        let path = bench.file("spoilt.tif", &bytes);
        let out = bench.folder.path().join("out.pdf");
        let mut helped = Vec::new();
        loop {
            let request = Request::Wrap {
                path: path.clone(),
                format: Format::Tiff,
                out: out.clone(),
                helped: helped.clone(),
            };
            match pool.lease(None).await.wrap(request).await {
                Ok(wrapped) if wrapped.odd.is_empty() => taken += 1,
                Ok(wrapped) => {
                    let before = helped.len();
                    helped.extend(wrapped.odd.iter().map(|odd| Helped { page: odd.page, file: None }));
                    assert!(helped.len() > before && helped.len() < 100);
                    continue;
                }
                Err(CallError::Refused { .. }) => refused += 1,
                Err(error) => {
                    let kept = std::env::temp_dir().join("spoilt.tif");
                    std::fs::write(&kept, &bytes).unwrap();
                    panic!("{error}; the file is {}", kept.display());
                }
            }
            break;
        }
    }
    println!("{taken} of the spoilt files gave pages, {refused} were refused");
    assert!(taken > 5 && refused > 5, "{taken} {refused}");
}

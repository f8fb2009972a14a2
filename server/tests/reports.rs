//! The files behind other people's reports: each gives what its manifest says is right. A row is a path, the program
//! that it needs, and what must hold; the files are not part of this project, and without them nothing is checked.
#![allow(clippy::print_stdout, reason = "prints a table and tells what it skips")]
#![allow(clippy::unwrap_used, reason = "a test says so by failing")]

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::common::pictures::{assert_alike, colour, ink, near, program, seen};
use crate::common::{Bench, pdfium, tesseract};
use evolume_model::code::Code;
use evolume_model::geometry::Rotation;
use evolume_model::volume::Material;
use evolume_server::pdfium::{FontLibrary, Limits, Pool, Source};
use image::RgbImage;
use serde_json::Value;

fn reports() -> PathBuf {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    std::env::var_os("EVOLUME_SHARED").map_or(beside, PathBuf::from).join("corpus/reports")
}

/// A row of the table.
struct Row {
    path: &'static str,
    /// A program, and its Debian package.
    needs: Option<(&'static str, &'static str)>,
    right: fn(&Taken),
}

/// A file that was given to the program.
struct Taken {
    path: &'static str,
    bench: Bench,
    outcome: Value,
}

impl Taken {
    fn new(path: &'static str) -> Self {
        let bench = Bench::new();
        let (_, mut outcomes) = bench.ingest(&[reports().join(path)], &[]);
        Self { path, bench, outcome: outcomes.remove(0) }
    }

    /// Its material; it has so many pages, all of them readable.
    fn pages(&self, count: usize) -> Material {
        assert_eq!(self.outcome["status"], "ok", "{}: {}", self.path, self.outcome);
        let material = self.bench.manifest().materials.remove(0);
        let problems: Vec<_> = material.pages.iter().map(|page| page.problem).collect();
        assert_eq!(problems, vec![None; count], "{}", self.path);
        material
    }

    /// What is seen on its one page.
    fn seen(&self) -> RgbImage {
        seen(&self.bench, &self.pages(1), 0)
    }

    /// Width and height of its one page.
    fn size(&self) -> (f32, f32) {
        let page = &self.pages(1).pages[0];
        (page.width, page.height)
    }

    fn has(&self, points: &[((f32, f32), [u8; 3])]) {
        let image = self.seen();
        for (point, expected) in points {
            let is = colour(&image, *point);
            assert!(near(is, *expected), "{} at {point:?}: {is:?}, not {expected:?}", self.path);
        }
    }

    /// Dark writing on white paper.
    fn is_readable(&self, image: &RgbImage) {
        let share = ink(image);
        assert!((0.001..0.4).contains(&share), "{}: {share} of it is dark", self.path);
        let corners = [(0.02, 0.02), (0.97, 0.02), (0.02, 0.97), (0.97, 0.97)].map(|at| colour(image, at));
        assert!(corners.iter().any(|corner| near(*corner, [255; 3])), "{}: {corners:?}", self.path);
    }
}

const WHITE: [u8; 3] = [255; 3];
const LIBTIFF: Option<(&str, &str)> = Some(("tiff2rgba", "libtiff-tools"));

const PICTURES: &[Row] = &[
    Row {
        path: "files/haraldk+TwelveMonkeys/51-tiff-24-bit-color-jpeg.tif",
        needs: None,
        right: |file| file.has(&[((0.25, 0.25), [172, 211, 229]), ((0.25, 0.45), [251, 245, 165])]),
    },
    Row {
        path: "files/haraldk+TwelveMonkeys/17-tiff-binary-ccitt-group3.tif",
        needs: LIBTIFF,
        right: |file| file.is_readable(&file.seen()),
    },
    Row {
        path: "files/haraldk+TwelveMonkeys/grayscale-old-style-jpeg.tiff",
        needs: None,
        // A whole JPEG lies in it.
        right: |file| {
            let bytes = std::fs::read(reports().join(file.path)).unwrap();
            let truth = image::load_from_memory(&bytes[246..]).unwrap().into_rgb8();
            assert_alike(file.path, &file.seen(), &truth);
        },
    },
    Row {
        path: "files/haraldk+TwelveMonkeys/CCITT-G4-300dpi-StripByteCounts0.tif",
        needs: LIBTIFF,
        right: |file| file.is_readable(&file.seen()),
    },
    Row {
        path: "files/haraldk+TwelveMonkeys/packbits-fillorder-2.tif",
        needs: LIBTIFF,
        right: |file| {
            let bytes = std::fs::read(reports().join(file.path)).unwrap();
            let packed: Vec<u8> = bytes[8..70_720].iter().map(|byte| byte.reverse_bits()).collect();
            assert!(file.seen() == bilevel(&unpack(&packed), 3508, 2481), "{}", file.path);
        },
    },
    Row {
        path: "files/haraldk+TwelveMonkeys/planar-striped-lzw.tif",
        needs: LIBTIFF,
        // Grey, though in three planes.
        right: |file| {
            assert!(file.seen().pixels().all(|p| p.0[0].abs_diff(p.0[1]) < 9 && p.0[1].abs_diff(p.0[2]) < 9));
        },
    },
    Row {
        path: "files/haraldk+TwelveMonkeys/scan-lzw-8bit-colormap.tiff",
        needs: LIBTIFF,
        right: |file| file.is_readable(&file.seen()),
    },
    Row {
        path: "files/haraldk+TwelveMonkeys/twain-rgb-jpeg-with-bogus-ycbcr-subsampling.tif",
        needs: None,
        right: |file| {
            let material = file.pages(2);
            let [first, second] = [0, 1].map(|page| seen(&file.bench, &material, page));
            assert!(near(colour(&first, (0.3, 0.35)), [67, 27, 103]), "{}", file.path);
            assert!([first, second].iter().all(|image| near(colour(image, (0.1, 0.1)), WHITE)));
        },
    },
    Row {
        path: "files/haraldk+TwelveMonkeys/fivepages-scan-causingerrors.tif",
        needs: LIBTIFF,
        right: |file| {
            let material = file.pages(5);
            (0..5).for_each(|page| file.is_readable(&seen(&file.bench, &material, page)));
        },
    },
    Row {
        path: "files/haraldk+TwelveMonkeys/8_ls.jpg",
        needs: None,
        right: |file| match file.outcome["status"].as_str() {
            Some("ok") => assert_eq!(file.seen().dimensions(), (800, 535)),
            _ => {
                let codes = [Code::FileUnsupported, Code::PictureProgramMissing].map(Code::as_str);
                assert!(codes.iter().any(|code| file.outcome["code"] == *code), "{}", file.outcome);
            }
        },
    },
    Row {
        path: "files/haraldk+TwelveMonkeys/warning-embedded-color-profile-invalid-ignored-cmyk.jpg",
        needs: None,
        right: |file| {
            let image = file.seen();
            for (point, red) in [((0.5, 0.03), 163), ((0.1, 0.7), 217)] {
                let [r, g, b] = colour(&image, point);
                assert!(r.abs_diff(red) < 12 && g < 40 && b < 110, "at {point:?}: {r} {g} {b}");
            }
        },
    },
    Row {
        path: "files/python-pillow+Pillow/g4-fillorder-test.tif",
        needs: LIBTIFF,
        right: |file| {
            let truth = image::open(reports().join("files/python-pillow+Pillow/g4-fillorder-test.png"));
            let truth = truth.unwrap().into_rgb8();
            let seen = image::imageops::thumbnail(&file.seen(), truth.width(), truth.height());
            let dark = |image: &RgbImage, x, y| image.get_pixel(x, y).0[1] < 128;
            let all = truth.width() * truth.height();
            let same = (0..all).filter(|at| {
                let (x, y) = (at % truth.width(), at / truth.width());
                dark(&seen, x, y) == dark(&truth, x, y)
            });
            // The small picture is seen enlarged, and made small again.
            assert!(same.count() as f32 / all as f32 > 0.95, "{}", file.path);
        },
    },
    Row {
        path: "files/python-pillow+Pillow/g4_orientation_6.tif",
        needs: None,
        right: |file| assert_eq!(file.seen().dimensions(), (590, 88)),
    },
    Row {
        path: "files/python-pillow+Pillow/multipage_multiple_frame_loop.tiff",
        needs: LIBTIFF,
        right: |file| {
            let material = file.pages(2);
            let colours = [0, 1].map(|page| colour(&seen(&file.bench, &material, page), (0.5, 0.5)));
            assert_eq!(colours, [[0, 128, 0], [255, 0, 0]]);
        },
    },
    Row {
        path: "files/python-pillow+Pillow/tiff_tiled_cmyk_jpeg.tif",
        needs: None,
        right: |file| {
            let truth = image::open(reports().join("files/python-pillow+Pillow/pil_sample_rgb.jpg")).unwrap();
            let (seen, truth) = (file.seen(), truth.into_rgb8());
            for point in [(0.5, 0.05), (0.5, 0.9), (0.9, 0.2), (0.15, 0.65)] {
                let (is, truth) = (colour(&seen, point), colour(&truth, point));
                assert!(near(is, truth), "{} at {point:?}: {is:?}, not {truth:?}", file.path);
            }
            // Its inks are not those of the other's profile; red is red all the same.
            let [r, g, b] = colour(&seen, (0.05, 0.02));
            assert!(r > 220 && g < 40 && b < 40, "{}: {r} {g} {b}", file.path);
        },
    },
    Row {
        path: "files/apache+tika/testHEIF.heic",
        needs: Some(("heif-convert", "libheif-examples")),
        right: |file| {
            assert_eq!(file.seen().dimensions(), (800, 544));
            file.has(&[((0.1, 0.2), [44, 99, 127])]);
        },
    },
    Row {
        path: "files/RapidAI+RapidOCR/white_font_color_transparent.png",
        needs: None,
        right: |file| {
            let light = file.seen().pixels().filter(|pixel| pixel.0[1] > 200).count() as f32;
            let share = light / (1890. * 503.);
            assert!((0.01..0.5).contains(&share), "{}: {share} of it is light", file.path);
        },
    },
    Row { path: "made/R5c-grey-alpha.tif", needs: None, right: |file| file.is_readable(&file.seen()) },
    Row {
        path: "made/R5e-bilevel-fillorder2.tif",
        needs: LIBTIFF,
        right: |file| {
            let bytes = std::fs::read(reports().join(file.path)).unwrap();
            let data: Vec<u8> = bytes[8..60_008].iter().map(|byte| byte.reverse_bits()).collect();
            assert!(file.seen() == bilevel(&data, 600, 800), "{}", file.path);
        },
    },
    Row {
        path: "made/R5g-fax-unit-none.tif",
        needs: None,
        right: |file| {
            let ((w, h), (wide, high)) = (file.size(), Taken::new("made/R5f-fax-204x98.tif").size());
            assert!((w / h - wide / high).abs() < 0.01 && wide < high, "{w} x {h}, not {wide} x {high}");
        },
    },
    Row {
        path: "made/R5h-a4-200dpi-labelled-72.tif",
        needs: None,
        right: |file| {
            let (w, h) = file.size();
            assert!((w - 595.).abs() < 6. && (h - 842.).abs() < 6., "{w} x {h}");
        },
    },
    Row {
        path: "made/R5i-with-thumbnail-ifd.tif",
        needs: None,
        right: |file| file.is_readable(&file.seen()),
    },
    Row {
        path: "made/R5j-one-bad-page-of-three.tif",
        needs: LIBTIFF,
        right: |file| {
            let material = file.bench.manifest().materials.remove(0);
            let problems: Vec<_> = material.pages.iter().map(|page| page.problem).collect();
            assert_eq!(problems, [None, Some(Code::PageBroken), None]);
            [0, 2].into_iter().for_each(|page| file.is_readable(&seen(&file.bench, &material, page)));
        },
    },
    Row {
        path: "made/R5k-ycbcr-444-raw.tif",
        needs: None,
        right: |file| file.has(&[((0.02, 0.02), WHITE), ((0.5, 0.8), WHITE)]),
    },
    Row {
        path: "made/R13-300dpi-labelled-96.pdf",
        needs: None,
        right: |file| assert_eq!(drawn_for_ocr(file.path), (2480, 3507)),
    },
    Row {
        path: "files/ocrmypdf+OCRmyPDF/poster.pdf",
        needs: None,
        right: |file| {
            let (w, h) = file.size();
            assert!(w <= 2_600. && h <= 5_200., "{w} x {h}");
            let (wide, _) = drawn_for_ocr(file.path);
            assert!(wide <= 2600, "{wide} pixels for OCR, of 2550");
        },
    },
    Row {
        path: "files/ocrmypdf+OCRmyPDF/aspect.pdf",
        needs: None,
        right: |file| assert_eq!(file.size(), (360., 288.)),
    },
];

/// Bytes of a PackBits stream.
fn unpack(mut packed: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    while let [count, rest @ ..] = packed {
        let count = *count as i8;
        packed = match count {
            0.. => {
                let (literal, rest) = rest.split_at((count as usize + 1).min(rest.len()));
                out.extend(literal);
                rest
            }
            -128 => rest,
            _ => {
                let [byte, rest @ ..] = rest else { break };
                out.extend(std::iter::repeat_n(*byte, usize::from(count.unsigned_abs()) + 1));
                rest
            }
        };
    }
    out
}

/// Packed pixels of which 1 is black.
fn bilevel(data: &[u8], width: u32, height: u32) -> RgbImage {
    let stride = width.div_ceil(8) as usize;
    RgbImage::from_fn(width, height, |x, y| {
        let byte = data[y as usize * stride + x as usize / 8];
        image::Rgb([if byte >> (7 - x % 8) & 1 == 1 { 0 } else { 255 }; 3])
    })
}

/// Width and height of the picture in which OCR would read a PDF's first page.
fn drawn_for_ocr(path: &str) -> (u32, u32) {
    let limits = Limits {
        program: env!("CARGO_BIN_EXE_evolume").into(),
        library: pdfium(),
        fonts: FontLibrary::find(None),
        soffice: "soffice".into(),
        ffmpeg: "ffmpeg".into(),
        page: Duration::from_secs(120),
        file: Duration::from_secs(120),
        children: 1,
    };
    let source = Source { path: reports().join(path), passwords: vec![] };
    let draw = async {
        let pool = Pool::new(limits);
        let mut lease = pool.lease(None).await;
        lease.open(&source).await.unwrap();
        lease.scan(&source, 0, Rotation::None, false).await.unwrap()
    };
    let scan = tokio::runtime::Runtime::new().unwrap().block_on(draw);
    (scan.width, scan.height)
}

/// Checks every row; says all that are wrong, not only the first.
fn check(rows: &[Row]) {
    let folder = reports();
    if !folder.is_dir() {
        println!("skipped: {} is not there", folder.display());
        return;
    }
    let mut wrong = Vec::new();
    for row in rows {
        if !folder.join(row.path).is_file() {
            println!("skipped  {}: it is not there", row.path);
        } else if row.needs.is_some_and(|(name, package)| !program(name, package)) {
            println!("skipped  {}: a program is missing", row.path);
        } else if std::panic::catch_unwind(|| (row.right)(&Taken::new(row.path))).is_ok() {
            println!("right    {}", row.path);
        } else {
            println!("WRONG    {}", row.path);
            wrong.push(row.path);
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn pictures() {
    check(PICTURES);
}

#[test]
fn scans_that_lie_on_their_side_or_lean_are_read() {
    if !tesseract() {
        return;
    }
    let rows = [
        ("files/ocrmypdf+OCRmyPDF/rotated_skew.pdf", "LinnSequencer"),
        ("files/apache+tika/testRotated+10.png", "the"),
    ];
    for (path, word) in rows {
        let file = reports().join(path);
        if !file.is_file() {
            println!("skipped: {path} is not there");
            continue;
        }
        let bench = Bench::new();
        let (code, outcomes) = bench.ingest(&[file], &["--wait-ocr"]);
        assert_eq!(code, 0, "{path}: {outcomes:?}");
        let text = bench.json(&["text", "--volume", "正卷", "--page", "1", "--json"]);
        assert!(text["text"].as_str().unwrap().contains(word), "{path}: {text}");
    }
}

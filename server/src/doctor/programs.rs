//! The programs, libraries and fonts beside the server, and what does not work without each.

use std::path::Path;

use evolume_server::config::{self, Doctor};
use evolume_server::ocr::engine::tesseract::Tesseract;
use evolume_server::pdfium::{FontLibrary, Limits, Pool};
use evolume_server::{office, programs};

use super::{Finding, Level, PATIENCE};
use crate::report;

/// A program that does one thing.
struct Small {
    name: &'static str,
    /// Any of them.
    programs: &'static [&'static str],
    /// Debian's name.
    package: &'static str,
    chinese: &'static str,
    english: &'static str,
}

const SMALL: &[Small] = &[
    Small {
        name: "qpdf",
        programs: &["qpdf"],
        package: "qpdf",
        chinese: "部分损坏或以特殊方式加密的 PDF 打不开",
        english: "some damaged or unusually encrypted PDFs do not open",
    },
    Small {
        name: "mutool",
        programs: &["mutool"],
        package: "mupdf-tools",
        chinese: "部分损坏的 PDF 打不开",
        english: "some damaged PDFs do not open",
    },
    Small {
        name: "libtiff",
        programs: &["tiffcp", "tiff2rgba"],
        package: "libtiff-tools",
        chinese: "部分 TIFF（传真、旧式压缩）不能收录",
        english: "some TIFFs (faxes, old compressions) are refused",
    },
    Small {
        name: "heif",
        programs: &["heif-convert"],
        package: "libheif-examples",
        chinese: "手机拍的 HEIC、AVIF 照片不能收录",
        english: "telephones' pictures (HEIC, AVIF) are refused",
    },
];

pub async fn look(options: &Doctor) -> Vec<Finding> {
    let mut findings =
        vec![fonts(options), pdfium(options).await, tesseract(options).await, libre_office(options)];
    findings.extend(SMALL.iter().map(small));
    findings.push(ffmpeg(&options.tools.ffmpeg));
    findings
}

fn fonts(options: &Doctor) -> Finding {
    const NAME: &str = "fonts";
    let library = FontLibrary::find(options.tools.fonts.as_deref());
    match library.folder() {
        Some(folder) => Finding::ok(NAME, folder.display().to_string(), folder.display().to_string()),
        None => Finding::warning(
            NAME,
            "没有找到 Noto CJK：没有嵌入字体的中文 PDF 会缺字。请安装 fonts-noto-cjk，或用 --fonts 指定目录。",
            "Noto CJK is not there: Chinese PDFs without fonts of their own lack characters. \
             Install fonts-noto-cjk, or give the folder with --fonts.",
        ),
    }
}

/// Loads it in a child, as ingest does.
async fn pdfium(options: &Doctor) -> Finding {
    const NAME: &str = "pdfium";
    let limits = match config::limits(options.tools.pdfium.as_deref()) {
        Ok(limits) => limits,
        Err(_) => return Finding::told(Level::Problem, NAME, &report::pdfium()),
    };
    let shown = limits.library.display().to_string();
    match Pool::new(Limits { file: PATIENCE, ..limits }).walls().await {
        Ok(_) => Finding::ok(NAME, shown.clone(), shown),
        Err(error) => Finding::problem(
            NAME,
            format!("{shown} 不能加载：{error}。请换成本机适用的 libpdfium.so。"),
            format!("{shown} cannot be loaded: {error}. Put a libpdfium.so for this machine there."),
        ),
    }
}

async fn tesseract(options: &Doctor) -> Finding {
    const NAME: &str = "tesseract";
    // It is only asked what it can do: nothing is confined, nothing is written.
    let mut asked = options.ocr.options(Path::new(""), Path::new(""));
    asked.limit = PATIENCE;
    match Tesseract::find(asked).await {
        Ok(engine) => Finding::ok(NAME, engine.about(), engine.about()),
        Err(error) => Finding::told(Level::Warning, NAME, &report::ocr(&error)),
    }
}

fn libre_office(options: &Doctor) -> Finding {
    const NAME: &str = "libreoffice";
    let Some(found) = programs::find(&options.tools.soffice) else {
        return Finding::warning(
            NAME,
            "没有找到 LibreOffice：Word、Excel、PowerPoint、文本和邮件不能收录。请安装 libreoffice-writer-nogui、libreoffice-calc-nogui、libreoffice-impress-nogui，或用 --soffice 指定位置。",
            "It is not there: Word, Excel, PowerPoint, texts and letters are refused. Install libreoffice-writer-nogui, \
             libreoffice-calc-nogui and libreoffice-impress-nogui, or say with --soffice where it is.",
        );
    };
    let shown = found.display();
    let lacks = office::lacking(&options.tools.soffice);
    if lacks.is_empty() {
        return Finding::ok(NAME, shown.to_string(), shown.to_string());
    }
    let packages: Vec<String> = lacks.iter().map(|name| format!("libreoffice-{name}-nogui")).collect();
    Finding::warning(
        NAME,
        format!("{shown} 缺少部分组件，有的文件不能收录。请安装 {}。", packages.join("、")),
        format!(
            "{shown} lacks some of its parts: some documents are refused. Install {}.",
            packages.join(", ")
        ),
    )
}

fn small(program: &Small) -> Finding {
    let Small { name, programs, package, chinese, english } = *program;
    let missing: Vec<&str> =
        programs.iter().copied().filter(|name| programs::find(Path::new(name)).is_none()).collect();
    if missing.is_empty() {
        return Finding::ok(name, programs.join("、"), programs.join(", "));
    }
    Finding::warning(
        name,
        format!("没有找到 {}：{chinese}。请安装 {package}。", missing.join("、")),
        format!("{} is not there: {english}. Install {package}.", missing.join(", ")),
    )
}

fn ffmpeg(program: &Path) -> Finding {
    const NAME: &str = "ffmpeg";
    match programs::find(program) {
        Some(found) => Finding::ok(NAME, found.display().to_string(), found.display().to_string()),
        None => Finding::warning(
            NAME,
            "没有找到 ffmpeg：AMR、WMV、AVI 等录音录像只能下载，不能播放。请安装 ffmpeg，或用 --ffmpeg 指定位置。",
            "It is not there: recordings such as AMR, WMV and AVI can be downloaded but not played. \
             Install ffmpeg, or say with --ffmpeg where it is.",
        ),
    }
}

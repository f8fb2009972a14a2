//! Draws one page of a PDF with native PDFium: what the browser tests compare the viewer's pixels with.
//!
//! `reference FILE PAGE WIDTH HEIGHT OUT PASSWORD`: the page counts from 1, OUT gets RGBA bytes without a header,
//! PASSWORD may be empty.

use std::path::Path;

use anyhow::{Context, Result, bail};
use evolume_server::config::find_pdfium;
use evolume_server::pdfium::FontLibrary;
use evolume_server::pdfium::child::{lacks_letters, substitute};
use pdfium_render::prelude::*;

fn main() -> Result<()> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [file, page, width, height, out, password] = arguments.as_slice() else {
        bail!("usage: reference FILE PAGE WIDTH HEIGHT OUT PASSWORD");
    };
    let given = std::env::var_os("EVOLUME_PDFIUM");
    let library = find_pdfium(given.as_deref().map(Path::new), &std::env::current_exe()?)?;
    let pdfium = substitute::pdfium(&library, FontLibrary::find(None)).context("PDFium cannot be loaded")?;
    let password = Some(password.as_str()).filter(|password| !password.is_empty());
    let index: PdfPageIndex = page.parse().context("PAGE")?;
    let config = PdfRenderConfig::new()
        .set_fixed_size(width.parse().context("WIDTH")?, height.parse().context("HEIGHT")?)
        .set_format(PdfBitmapFormat::BGRA)
        .set_clear_color(PdfColor::WHITE)
        .render_form_data(true)
        .render_annotations(true);
    let draw = || -> Result<_> {
        let document = pdfium.load_pdf_from_file(file, password).context("the file cannot be opened")?;
        let page = document.pages().get(index - 1).context("there is no such page")?;
        let bitmap = page.render_with_config(&config).context("the page cannot be drawn")?;
        Ok((bitmap.as_rgba_bytes(), lacks_letters(&page)))
    };
    let (mut bytes, lacking) = draw()?;
    if lacking {
        (bytes, _) = substitute::european(draw)?;
    }
    std::fs::write(out, bytes).with_context(|| format!("cannot write {out}"))
}

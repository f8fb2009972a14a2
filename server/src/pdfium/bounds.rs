//! What a child says is bounded before it is believed: it has read a stranger's bytes, and may be that stranger by now.
//! What passes here can be kept and shown; that it is true nobody can know.

use evolume_model::geometry::{PageRect, Rotation};
use evolume_model::navigation::{LinkTarget, MAX_DEPTH, MAX_LINKS, MAX_OUTLINE, MAX_TITLE, is_address};
use evolume_model::text::PageText;
use evolume_model::volume::{THUMB_HEIGHT, THUMB_WIDTH};

use super::protocol::{Heard, ImageData, Opened, PageData, Reply, Request, ScanData, Wrapped};
use crate::unpack::{Unpacked, names};

/// Characters of a page label.
pub const LABEL: usize = 200;
/// Faces, of which there are not even as many.
const FACES: usize = 64;
/// Bytes of a preview.
const PREVIEW: usize = 16 << 20;
/// Pixels of the image that makes up a page, and of a page as OCR sees it.
const PIXELS: u64 = 64 << 20;
/// Pages that are odd or broken.
const ODD: usize = 10_000;
/// Values of a waveform.
const PEAKS: usize = 10_000;
/// Seconds of a recording.
const SECONDS: f32 = 1e7;
/// Sheets of an office document.
const SHEETS: u32 = 100_000;
/// Points of a page's side, far above what PDF allows.
const SIDE: f32 = 1e7;

/// Whether this may be an answer to that; otherwise what is wrong with it, for the log.
pub fn check(request: &Request, reply: &Reply) -> Result<(), &'static str> {
    match (request, reply) {
        (_, Reply::Refused { .. }) | (Request::Confine(_), Reply::Confined(_)) => Ok(()),
        (Request::Open { .. }, Reply::Opened(said)) => opened(said),
        (Request::Wrap { .. }, Reply::Wrapped(said)) => wrapped(said),
        (Request::Listen { .. }, Reply::Heard(said)) => heard(said),
        (Request::Unpack { allowance, .. }, Reply::Unpacked(said)) => {
            unpacked(said, allowance.members as usize)
        }
        (Request::Prepare { .. }, Reply::Prepared(said)) => {
            holds(said.hidden_sheets <= SHEETS, "more sheets than a document has")
        }
        (Request::Page { .. }, Reply::Page(said)) => page(said),
        (Request::Scan { .. }, Reply::Scan(said)) => scan(said),
        (Request::Part { .. }, Reply::Part { bytes, fonts, .. }) => {
            holds(bytes.starts_with(b"%PDF-"), "a part that is no PDF")?;
            holds(fonts.len() <= FACES, "more fonts than there are")
        }
        _ => Err("the answer to another question"),
    }
}

fn holds(condition: bool, otherwise: &'static str) -> Result<(), &'static str> {
    if condition { Ok(()) } else { Err(otherwise) }
}

fn opened(said: &Opened) -> Result<(), &'static str> {
    holds(said.pages > 0, "a PDF without pages")?;
    holds(said.outline.len() <= MAX_OUTLINE, "an outline without end")?;
    let plain = |(title, level, page): &(String, u32, u32)| {
        title.chars().count() <= MAX_TITLE && *level <= MAX_DEPTH && *page < said.pages
    };
    holds(said.outline.iter().all(plain), "an outline that leads nowhere")
}

fn wrapped(said: &Wrapped) -> Result<(), &'static str> {
    holds(said.odd.len() <= ODD && said.broken.len() <= ODD, "more odd pages than a picture has")?;
    holds(said.as_is.is_none_or(|(width, height)| is_picture(width, height)), "a picture without measure")
}

fn heard(said: &Heard) -> Result<(), &'static str> {
    let seconds = said.seconds.is_none_or(|seconds| (0. ..=SECONDS).contains(&seconds));
    holds(seconds && said.peaks.len() <= PEAKS, "a recording without end")
}

fn unpacked(said: &Unpacked, most: usize) -> Result<(), &'static str> {
    holds(said.members.len() <= most, "more files than may come out")?;
    let clean = said.members.iter().all(|member| names::clean(&member.path) == member.path);
    holds(clean, "a name that leads elsewhere")
}

fn page(said: &PageData) -> Result<(), &'static str> {
    let side = |length: f32| length > 0. && length <= SIDE;
    holds(side(said.width) && side(said.height), "a page without measure")?;
    holds(Rotation::try_from(said.rotation).is_ok(), "a page that is turned by an odd angle")?;
    let label = said.label.as_ref().is_none_or(|label| label.chars().count() <= LABEL);
    holds(label, "a page label without end")?;
    // Sixteen pages' texts lie in one file: one that cannot be read would take the others along.
    holds(said.text.is_empty() || PageText::decode(&said.text).is_ok(), "a text that is none")?;
    holds(is_jpeg(&said.preview) && said.preview.len() <= PREVIEW, "a preview that is none")?;
    let (width, height) = (said.thumb.width, said.thumb.height);
    let thumb = width <= THUMB_WIDTH && height <= THUMB_HEIGHT;
    holds(
        thumb && said.thumb.rgb.len() as u64 == 3 * u64::from(width) * u64::from(height),
        "an odd thumbnail",
    )?;
    said.image.as_ref().map_or(Ok(()), image)?;
    holds(said.links.len() <= MAX_LINKS && said.fonts.len() <= FACES, "links or fonts without end")?;
    let leads = |target: &LinkTarget| match target {
        LinkTarget::Page(_) => true,
        LinkTarget::Uri(uri) => is_address(uri),
    };
    let plain = said.links.iter().all(|(rect, target)| is_finite(rect) && leads(target));
    holds(plain, "a link that leads where none may")
}

fn image(said: &ImageData) -> Result<(), &'static str> {
    let known = match said.media_type.as_str() {
        "image/jpeg" => is_jpeg(&said.bytes),
        "image/png" => said.bytes.starts_with(b"\x89PNG\r\n\x1a\n"),
        _ => false,
    };
    holds(known, "an image of a kind that it cannot be")?;
    holds(is_picture(said.width, said.height) && is_finite(&said.rect), "an image without measure")
}

fn scan(said: &ScanData) -> Result<(), &'static str> {
    let pixels = u64::from(said.width) * u64::from(said.height);
    holds(pixels == said.grey.len() as u64 || said.blank && said.grey.is_empty(), "a scan of another size")?;
    holds(said.scale.is_finite() && said.skew.is_finite(), "a scan without measure")
}

fn is_picture(width: u32, height: u32) -> bool {
    width > 0 && height > 0 && u64::from(width) * u64::from(height) <= PIXELS
}

fn is_jpeg(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0xff, 0xd8, 0xff])
}

fn is_finite(rect: &PageRect) -> bool {
    [rect.x0, rect.y0, rect.x1, rect.y1].into_iter().all(f32::is_finite)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdfium::protocol::Thumb;
    use crate::unpack::{Allowance, Member};

    fn honest() -> PageData {
        PageData {
            width: 595.,
            height: 842.,
            rotation: 90,
            label: Some("iv".to_owned()),
            text: PageText::default().encode(),
            scan: None,
            preview: vec![0xff, 0xd8, 0xff, 0xe0],
            thumb: Thumb { width: 1, height: 2, rgb: vec![0; 6] },
            image: None,
            links: vec![(PageRect::default(), LinkTarget::Uri("https://a.example".to_owned()))],
            fonts: vec![],
        }
    }

    fn lie(change: impl FnOnce(&mut PageData)) -> Result<(), &'static str> {
        let mut page = honest();
        change(&mut page);
        check(&Request::Page { index: 0 }, &Reply::Page(Box::new(page)))
    }

    #[test]
    fn a_page_is_believed_only_where_it_can_be() {
        assert_eq!(lie(|_| {}), Ok(()));
        let image = |media_type: &str, bytes: &[u8], width| {
            let (bytes, media_type) = (bytes.to_vec(), media_type.to_owned());
            Some(ImageData { bytes, media_type, width, height: 9, rect: PageRect::default(), reduced: false })
        };
        assert_eq!(lie(|page| page.image = image("image/jpeg", &[0xff, 0xd8, 0xff], 9)), Ok(()));
        for lied in [
            lie(|page| page.width = f32::NAN),
            lie(|page| page.height = -1.),
            lie(|page| page.rotation = 45),
            lie(|page| page.label = Some("x".repeat(LABEL + 1))),
            lie(|page| page.text = vec![0xff; 40]),
            lie(|page| page.preview = b"<script>".to_vec()),
            lie(|page| page.thumb.width = 2),
            lie(|page| page.thumb = Thumb { width: 60_000, height: 60_000, rgb: vec![] }),
            lie(|page| page.image = image("text/html", b"<script>", 9)),
            lie(|page| page.image = image("image/png", b"<script>", 9)),
            lie(|page| page.image = image("image/jpeg", &[0xff, 0xd8, 0xff], u32::MAX)),
            lie(|page| page.links[0].1 = LinkTarget::Uri("javascript:alert(1)".to_owned())),
            lie(|page| page.links[0].0.x0 = f32::INFINITY),
            lie(|page| page.links = vec![page.links[0].clone(); MAX_LINKS + 1]),
        ] {
            assert!(lied.is_err());
        }
    }

    #[test]
    fn names_and_outlines_stay_inside() {
        let member = |path: &str| Unpacked {
            members: vec![Member { path: path.to_owned(), problem: None }],
            page: false,
        };
        assert_eq!(unpacked(&member("证据/一.pdf"), 1), Ok(()));
        assert!(unpacked(&member("../../etc/passwd"), 1).is_err());
        assert!(unpacked(&member("/etc/passwd"), 1).is_err());
        assert!(unpacked(&member("a"), 0).is_err());
        let outline =
            |level, page| Opened { pages: 2, locked: false, outline: vec![("一".to_owned(), level, page)] };
        assert_eq!(opened(&outline(0, 1)), Ok(()));
        assert!(opened(&outline(0, 2)).is_err() && opened(&outline(MAX_DEPTH + 1, 0)).is_err());
    }

    #[test]
    fn an_answer_belongs_to_its_question() {
        let (out, path) = ("out".into(), "path".into());
        let request = Request::Unpack {
            path,
            container: None,
            passwords: vec![],
            encoding: None,
            out,
            allowance: Allowance::default(),
        };
        assert!(check(&request, &Reply::Scan(ScanData::default())).is_err());
        let scan = ScanData { width: 2, height: 2, scale: 1., grey: vec![0; 3], ..ScanData::default() };
        let asked = Request::Scan { index: 0, turn: 0, red: false };
        assert!(check(&asked, &Reply::Scan(scan)).is_err());
    }
}

//! Recordings: how their containers are recognised by their first bytes, and the page that stands for one.

use evolume_model::geometry::PageRect;
use evolume_model::text::{Glyph, PageText, TextSource};
use evolume_model::transcript::Transcript;
use pdf_writer::{Content, Finish, Pdf, Rect, Ref};
use serde::{Deserialize, Serialize};

/// A4, lying: points.
const PAGE: (f32, f32) = (842., 595.);
/// Bars of the waveform on the page.
const BARS: usize = 160;
/// Distance of what is drawn from the page's edges.
const MARGIN: f32 = 60.;
/// More characters of a transcript are not searched.
const TEXT_LIMIT: usize = 200_000;

/// How sound and pictures are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Container {
    Mp3,
    Aac,
    Wav,
    Ogg,
    Flac,
    Mp4,
    Matroska,
    Amr,
    Avi,
    Asf,
    Mpeg,
    Flv,
    /// WeChat's voice messages.
    Silk,
}

impl Container {
    /// Recognises a recording by its first bytes.
    pub fn sniff(head: &[u8]) -> Option<Self> {
        match head {
            [b'I', b'D', b'3', ..] => Some(Self::Mp3),
            [0xff, 0xf0 | 0xf1 | 0xf8 | 0xf9, ..] => Some(Self::Aac),
            // The header of a frame of layer III: bit rate and sample rate have values that are forbidden.
            [0xff, b, c, ..] if b & 0xe6 == 0xe2 && b & 0x18 != 0x08 && c >> 4 != 15 && c & 0x0c != 0x0c => {
                Some(Self::Mp3)
            }
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E', ..] => Some(Self::Wav),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'A', b'V', b'I', b' ', ..] => Some(Self::Avi),
            [b'O', b'g', b'g', b'S', ..] => Some(Self::Ogg),
            [b'f', b'L', b'a', b'C', ..] => Some(Self::Flac),
            // Pictures are packed so too.
            [_, _, _, _, b'f', b't', b'y', b'p', a, b, c, d, ..] => {
                let brand = [*a, *b, *c, *d];
                let picture = [*b"heic", *b"heix", *b"hevc", *b"mif1", *b"msf1", *b"avif", *b"avis"];
                (!picture.contains(&brand)).then_some(Self::Mp4)
            }
            [_, _, _, _, b'm', b'o', b'o', b'v', ..] | [_, _, _, _, b'w', b'i', b'd', b'e', ..] => {
                Some(Self::Mp4)
            }
            [0x1a, 0x45, 0xdf, 0xa3, ..] => Some(Self::Matroska),
            [b'#', b'!', b'A', b'M', b'R', ..] => Some(Self::Amr),
            [2, rest @ ..] | rest if rest.starts_with(b"#!SILK_V3") => Some(Self::Silk),
            [0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11, ..] => Some(Self::Asf),
            [0, 0, 1, 0xba | 0xb3, ..] => Some(Self::Mpeg),
            [b'F', b'L', b'V', 1, ..] => Some(Self::Flv),
            _ => None,
        }
    }

    /// Whether it has pictures as a rule.
    pub fn is_film(self) -> bool {
        matches!(self, Self::Mp4 | Self::Matroska | Self::Avi | Self::Asf | Self::Mpeg | Self::Flv)
    }

    /// Whether it is so simple that one which cannot be read is damaged.
    pub fn is_plain(self) -> bool {
        matches!(self, Self::Mp3 | Self::Wav | Self::Flac)
    }

    /// MIME type, with pictures or without.
    pub fn media_type(self, video: bool) -> &'static str {
        match (self, video) {
            (Self::Mp3, _) => "audio/mpeg",
            (Self::Aac, _) => "audio/aac",
            (Self::Wav, _) => "audio/wav",
            (Self::Ogg, false) => "audio/ogg",
            (Self::Ogg, true) => "video/ogg",
            (Self::Flac, _) => "audio/flac",
            (Self::Mp4, false) => "audio/mp4",
            (Self::Mp4, true) => "video/mp4",
            (Self::Matroska, false) => "audio/webm",
            (Self::Matroska, true) => "video/webm",
            (Self::Amr, _) => "audio/amr",
            (Self::Avi, _) => "video/x-msvideo",
            (Self::Asf, _) => "video/x-ms-asf",
            (Self::Mpeg, _) => "video/mpeg",
            (Self::Flv, _) => "video/x-flv",
            (Self::Silk, _) => "audio/x-silk",
        }
    }

    /// What `ffmpeg` calls it, where no browser plays it but a copy can be made.
    pub fn demuxer(self) -> Option<&'static str> {
        match self {
            Self::Amr => Some("amr"),
            Self::Avi => Some("avi"),
            Self::Asf => Some("asf"),
            Self::Mpeg => Some("mpeg"),
            Self::Flv => Some("flv"),
            _ => None,
        }
    }
}

/// A PDF of one page that shows what kind of recording it is, and its waveform when there is one.
pub fn poster(video: bool, peaks: &[u8]) -> Vec<u8> {
    let (catalog, tree, page, content) = (Ref::new(1), Ref::new(2), Ref::new(3), Ref::new(4));
    let (width, height) = PAGE;
    let mut drawing = Content::new();
    let x = width / 2.;
    // A dark screen, or the waveform under the sign.
    let (y, disc, sign) = if video {
        drawing.set_fill_rgb(0.13, 0.16, 0.19);
        drawing.rect(MARGIN, MARGIN, width - 2. * MARGIN, height - 2. * MARGIN).fill_nonzero();
        (height / 2., [0.26, 0.30, 0.34], [0.93, 0.95, 0.97])
    } else {
        waveform(&mut drawing, peaks);
        (height * 0.6, [0.86, 0.91, 0.95], [0.12, 0.37, 0.55])
    };
    drawing.set_fill_rgb(disc[0], disc[1], disc[2]);
    circle(&mut drawing, x, y, 64.);
    drawing.set_fill_rgb(sign[0], sign[1], sign[2]);
    drawing.move_to(x - 20., y - 32.).line_to(x - 20., y + 32.).line_to(x + 34., y);
    drawing.close_path().fill_nonzero();

    let mut pdf = Pdf::new();
    pdf.catalog(catalog).pages(tree);
    pdf.pages(tree).kids([page]).count(1);
    let mut leaf = pdf.page(page);
    leaf.media_box(Rect::new(0., 0., width, height)).parent(tree).contents(content);
    leaf.resources();
    leaf.finish();
    pdf.stream(content, &drawing.finish());
    pdf.finish()
}

fn waveform(drawing: &mut Content, peaks: &[u8]) {
    let (width, height) = PAGE;
    let (base, room) = (height * 0.24, 110.);
    let step = (width - 2. * MARGIN) / BARS as f32;
    let loudest = f32::from(peaks.iter().copied().max().unwrap_or(0)).max(1.);
    drawing.set_fill_rgb(0.55, 0.65, 0.73);
    for bar in 0..BARS {
        let run = bar * peaks.len() / BARS..(bar + 1) * peaks.len() / BARS;
        let peak = peaks[run].iter().copied().max().unwrap_or(0);
        let length = (f32::from(peak) / loudest * room).max(1.5);
        drawing.rect(MARGIN + bar as f32 * step, base - length / 2., step * 0.6, length);
    }
    drawing.fill_nonzero();
}

fn circle(drawing: &mut Content, x: f32, y: f32, r: f32) {
    // The usual distance of control points for a quarter of a circle.
    let k = r * 0.552;
    drawing.move_to(x + r, y);
    drawing.cubic_to(x + r, y + k, x + k, y + r, x, y + r);
    drawing.cubic_to(x - k, y + r, x - r, y + k, x - r, y);
    drawing.cubic_to(x - r, y - k, x - k, y - r, x, y - r);
    drawing.cubic_to(x + k, y - r, x + r, y - k, x + r, y).fill_nonzero();
}

/// The transcript as the page's text: its lines one below the other, so that what is found has a place.
pub fn page_text(transcript: &Transcript) -> PageText {
    let (width, height) = PAGE;
    let row = (height - 2. * MARGIN) / transcript.lines.len().max(1) as f32;
    let mut glyphs = Vec::new();
    for (at, line) in transcript.lines.iter().enumerate() {
        let letters = line.text.chars().count().max(1);
        let step = ((width - 2. * MARGIN) / letters as f32).min(12.);
        let y = MARGIN + at as f32 * row;
        glyphs.extend(line.text.chars().enumerate().map(|(column, ch)| {
            let x = MARGIN + column as f32 * step;
            Glyph::certain(ch, Some(PageRect::new(x, y, x + step, y + row.min(16.) * 0.9)))
        }));
        glyphs.push(Glyph::certain('\n', None));
    }
    glyphs.truncate(TEXT_LIMIT);
    PageText::from_glyphs(TextSource::Pdf, glyphs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use evolume_model::transcript::Line;

    #[test]
    fn first_bytes_decide() {
        for (head, container) in [
            (&b"ID3\x04\0\0"[..], Some(Container::Mp3)),
            (b"\xff\xfb\x90\x64", Some(Container::Mp3)),
            // A byte order mark, and a JPEG.
            (b"\xff\xfe\x2d\x4e", None),
            (b"\xff\xd8\xff\xe0", None),
            (b"RIFF\0\0\0\0WAVEfmt ", Some(Container::Wav)),
            (b"RIFF\0\0\0\0WEBPVP8 ", None),
            (b"\0\0\0\x18ftypisom", Some(Container::Mp4)),
            (b"\0\0\0\x18ftypheic", None),
            (b"OggS\0", Some(Container::Ogg)),
            (b"\x1a\x45\xdf\xa3", Some(Container::Matroska)),
            (b"#!AMR\n", Some(Container::Amr)),
            (b"#!SILK_V3\x0c", Some(Container::Silk)),
            (b"\x02#!SILK_V3\x0c", Some(Container::Silk)),
            (b"", None),
        ] {
            assert_eq!(Container::sniff(head), container, "{head:?}");
        }
    }

    #[test]
    fn the_text_of_a_page_is_the_transcript_line_by_line() {
        let line = |text: &str| Line { at: None, until: None, text: text.to_owned() };
        let transcript =
            Transcript { lines: vec![line("审判长：现在开庭。"), line("原告：没有异议。")] };
        let text = page_text(&transcript);
        assert_eq!(text.as_str(), "审判长：现在开庭。\n原告：没有异议。");
        assert!(text.rects(0..3)[0].y1 <= text.rects(11..12)[0].y0);
    }
}

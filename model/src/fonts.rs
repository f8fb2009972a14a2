//! Substitutes for fonts that a PDF names but does not embed: Chinese, Japanese and Korean ones, and the
//! standard Latin ones where they have to show Greek or Cyrillic letters.
//!
//! Ingest and the render worker answer PDFium from the same table, so that both draw the same glyphs.

use serde::{Deserialize, Serialize};

/// How strokes end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// 宋体, 仿宋, 楷体, 明朝.
    Serif,
    /// 黑体, ゴシック.
    Sans,
}

/// Whose shapes of the shared ideographs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Region {
    /// Mainland China.
    Sc,
    /// Taiwan.
    Tc,
    /// Japan.
    Jp,
    /// Korea.
    Kr,
    /// Greek and Cyrillic letters, which PDFium's own Latin fonts do not have.
    Europe,
}

/// One of the faces that stand in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Face {
    /// How strokes end.
    pub family: Family,
    /// Whose shapes.
    pub region: Region,
    /// Whether it is the bold weight.
    pub bold: bool,
}

/// Fonts of at least this weight get the bold face.
const BOLD: i32 = 600;
/// PDFium's flag for serifs in its pitch and family number.
const ROMAN: i32 = 1 << 4;

use Family::{Sans, Serif};
use Region::{Europe, Jp, Kr, Sc, Tc};

/// Parts of font names in lower case, without spaces, hyphens and underscores. The first match decides.
const NAMES: &[(&[u8], Family, Region)] = &[
    (b"simhei", Sans, Sc),
    (b"heiti", Sans, Sc),
    (b"xihei", Sans, Sc),
    (b"yahei", Sans, Sc),
    (b"dengxian", Sans, Sc),
    (b"youyuan", Sans, Sc),
    (b"fzhei", Sans, Sc),
    (b"pingfang", Sans, Sc),
    (b"sourcehansans", Sans, Sc),
    (b"notosanscjk", Sans, Sc),
    (b"simsun", Serif, Sc),
    (b"simfang", Serif, Sc),
    (b"simkai", Serif, Sc),
    (b"song", Serif, Sc),
    (b"kaiti", Serif, Sc),
    (b"fzkai", Serif, Sc),
    (b"fzss", Serif, Sc),
    (b"fzfs", Serif, Sc),
    (b"sourcehanserif", Serif, Sc),
    (b"notoserifcjk", Serif, Sc),
    (b"mingliu", Serif, Tc),
    (b"dfkai", Serif, Tc),
    (b"jhenghei", Sans, Tc),
    (b"msgothic", Sans, Jp),
    (b"mspgothic", Sans, Jp),
    (b"msuigothic", Sans, Jp),
    (b"yugothic", Sans, Jp),
    (b"gothicbbb", Sans, Jp),
    (b"kozgo", Sans, Jp),
    (b"heiseikakugo", Sans, Jp),
    (b"meiryo", Sans, Jp),
    (b"mincho", Serif, Jp),
    (b"kozmin", Serif, Jp),
    (b"heiseimin", Serif, Jp),
    (b"ryumin", Serif, Jp),
    (b"dotum", Sans, Kr),
    (b"gulim", Sans, Kr),
    (b"malgun", Sans, Kr),
    (b"batang", Serif, Kr),
    (b"myungjo", Serif, Kr),
    // 黑体, 宋, 楷, 仿宋 in UTF-8 and in GBK, as old programs write them.
    ("黑".as_bytes(), Sans, Sc),
    (b"\xba\xda", Sans, Sc),
    ("等线".as_bytes(), Sans, Sc),
    ("宋".as_bytes(), Serif, Sc),
    (b"\xcb\xce", Serif, Sc),
    ("楷".as_bytes(), Serif, Sc),
    (b"\xbf\xac", Serif, Sc),
    ("明朝".as_bytes(), Serif, Jp),
    ("ゴシック".as_bytes(), Sans, Jp),
];

/// The standard fonts as PDFium names them, in lower case. PDFium has its own versions, with Latin letters only.
const STANDARD: &[(&[u8], Family)] = &[(b"helvetica", Sans), (b"courier", Sans), (b"times", Serif)];

/// Whether a letter is missing from PDFium's own fonts.
pub fn is_european(ch: char) -> bool {
    matches!(ch, '\u{370}'..='\u{52f}') && ch.is_alphabetic()
}

/// The face that replaces a font that PDFium asks for; `None` for fonts of other scripts.
///
/// Give PDFium a face of [`Region::Europe`] only where the text has such letters.
///
/// `name` is in whatever encoding the PDF uses; `charset`, `pitch` and `weight` are PDFium's numbers.
pub fn substitute(name: &[u8], charset: i32, pitch: i32, weight: i32) -> Option<Face> {
    let plain: Vec<u8> =
        name.iter().filter(|byte| !matches!(byte, b' ' | b'-' | b'_')).map(u8::to_ascii_lowercase).collect();
    let has = |part: &[u8]| plain.windows(part.len()).any(|window| window == part);
    let bold = weight >= BOLD || has(b"bold");
    let named = NAMES.iter().find(|(part, ..)| has(part)).map(|(_, family, region)| (*family, *region));
    let region = match charset {
        128 => Jp,
        129 => Kr,
        134 => Sc,
        136 => Tc,
        _ => match STANDARD.iter().find(|(name, _)| plain.starts_with(name)) {
            Some((_, family)) => return Some(Face { family: *family, region: Europe, bold }),
            None => named?.1,
        },
    };
    let family = named.map(|(family, _)| family).unwrap_or_else(|| {
        let sans = has(b"hei") || has(b"gothic") || has(b"sans") || has(b"arial");
        if sans && pitch & ROMAN == 0 { Sans } else { Serif }
    });
    Some(Face { family, region, bold })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_charsets_choose_a_face() {
        let face = |family, region, bold| Some(Face { family, region, bold });
        for (name, charset, weight, expected) in [
            (&b"SimSun"[..], 134, 400, face(Serif, Sc, false)),
            (b"SimSun", 134, 700, face(Serif, Sc, true)),
            (b"SimHei", 134, 400, face(Sans, Sc, false)),
            (b"AdobeHeitiStd", 134, 280, face(Sans, Sc, false)),
            (b"\xb7\xc2\xcb\xce_GB2312", 134, 500, face(Serif, Sc, false)),
            (b"\xba\xda\xcc\xe5", 134, 500, face(Sans, Sc, false)),
            (b"KaiTi_GB2312", 0, 400, face(Serif, Sc, false)),
            ("方正小标宋简体".as_bytes(), 1, 400, face(Serif, Sc, false)),
            (b"MS-PGothic", 128, 435, face(Sans, Jp, false)),
            (b"MS Mincho", 128, 400, face(Serif, Jp, false)),
            (b"PMingLiU", 136, 400, face(Serif, Tc, false)),
            (b"Unknown", 129, 400, face(Serif, Kr, false)),
            (b"ArialUnicodeMS", 134, 400, face(Sans, Sc, false)),
            (b"Helvetica-Bold", 0, 700, face(Sans, Europe, true)),
            (b"Times-Roman", 0, 400, face(Serif, Europe, false)),
            (b"Helvetica", 134, 400, face(Serif, Sc, false)),
            (b"Century Gothic", 0, 400, None),
            (b"Simplified Arabic", 178, 400, None),
            (b"", 0, 0, None),
        ] {
            assert_eq!(substitute(name, charset, 0, weight), expected, "{}", String::from_utf8_lossy(name));
        }
    }
}

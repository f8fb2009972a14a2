//! What is read as it was written, and what nobody can know.

use super::*;

const SIMPLIFIED: &str = "本院认为，原告与被告签订的借款合同合法有效，被告应当按照约定偿还借款本金及利息。";
const TRADITIONAL: &str =
    "被告未到庭應訊，亦未提出書狀。原告主張：被告於民國一一二年五月一日向原告借款新臺幣參拾萬元。";

fn wide(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(bytes).collect()
}

fn wider(text: &str, bytes: fn(u32) -> [u8; 4]) -> Vec<u8> {
    text.chars().flat_map(|ch| bytes(ch as u32)).collect()
}

#[test]
fn chinese_is_read_as_it_was_written() {
    for text in [SIMPLIFIED, TRADITIONAL] {
        for (name, bytes) in [
            ("UTF-16 LE", wide(text, u16::to_le_bytes)),
            ("UTF-16 BE", wide(text, u16::to_be_bytes)),
            ("UTF-32 LE", wider(text, u32::to_le_bytes)),
            ("UTF-32 BE", wider(text, u32::to_be_bytes)),
            ("UTF-8", text.as_bytes().to_vec()),
            ("GB 18030", GB18030.encode(text).0.into_owned()),
        ] {
            let charset = charset(&bytes).unwrap_or_else(|| panic!("{name} of {text}"));
            assert_eq!(charset.decode(&bytes), text, "{name}");
        }
    }
    let (bytes, ..) = BIG5.encode(TRADITIONAL);
    assert_eq!(charset(&bytes), Some(Charset::Web(BIG5)));
}

#[test]
fn what_is_short_is_right_or_not_known() {
    let texts = [
        "证据",
        "合同",
        "张伟",
        "原告：李明",
        "收条",
        "今收到",
        "欠条",
        "借条",
        "银行",
        "联通",
        "录音",
        "已收",
        "同意",
        "不同意见",
        "王小明",
        "微信聊天记录",
        "一",
        "的",
        "被告",
        "身份证",
        "營業執照",
        "證據",
        "租約",
        "聲明書",
        "身分證",
        "合約",
        "我",
        "借據",
        "收據",
    ];
    let mut known = 0;
    for text in texts {
        for encoding in [GB18030, BIG5] {
            let (bytes, _, lost) = encoding.encode(text);
            if lost {
                continue;
            }
            if let Some(charset) = charset(&bytes) {
                assert_eq!(charset.decode(&bytes), text, "{text} in {encoding:?}, read as {charset:?}");
                known += 1;
            }
        }
    }
    assert!(known > texts.len() / 2, "only {known} are known");
}

#[test]
fn other_languages_are_read_too_or_not_known() {
    let long =
        "Прошу взыскать с ответчика сумму основного долга и проценты за пользование чужими средствами.";
    let japanese = "被告は原告に対し、金百万円及びこれに対する支払済みまで年五分の割合による金員を支払え。";
    let korean =
        "피고는 원고에게 금 일억원 및 이에 대하여 소장 부본 송달 다음날부터 다 갚는 날까지 지급하라.";
    let french =
        "Le défendeur a été condamné à payer la somme réclamée ; il a interjeté appel de ce jugement.";
    for (text, encoding) in [
        (long, encoding_rs::WINDOWS_1251),
        (japanese, encoding_rs::SHIFT_JIS),
        (japanese, encoding_rs::EUC_JP),
        (korean, encoding_rs::EUC_KR),
        (french, encoding_rs::WINDOWS_1252),
        (japanese, ISO_2022_JP),
    ] {
        let (bytes, ..) = encoding.encode(text);
        let found = charset(&bytes);
        let read = found.map(|charset| charset.decode(&bytes));
        assert!(read.as_deref().is_none_or(|read| read == text), "{found:?}: {read:?}");
        assert!(found.is_some(), "{text} is not known");
    }
}

#[test]
fn a_name_chooses() {
    assert_eq!(Charset::named("GBK"), Some(Charset::Web(GB18030)));
    assert_eq!(Charset::named("Big5"), Some(Charset::Web(BIG5)));
    assert_eq!(Charset::named("UTF-32LE"), Some(Charset::Utf32 { big: false }));
    assert_eq!(Charset::named("klingon"), None);
}

proptest::proptest! {
    #[test]
    fn any_bytes_have_an_answer(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..600)) {
        if let Some(charset) = charset(&bytes) {
            charset.decode(&bytes);
        }
    }
}

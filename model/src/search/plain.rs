//! The plain form of one character: what folding makes of ideographs, digits and letters regardless of their
//! neighbours.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Pairs of a traditional and a simplified character from OpenCC; a test compares them with it.
const SIMPLIFIED: &str = include_str!("simplified.txt");

/// Pairs of a radical, which some PDFs use in place of an ideograph, and that ideograph: Unicode's property
/// Equivalent_Unified_Ideograph, for radicals without a compatibility decomposition.
const RADICALS: &str = "\
    ⺁厂⺂乛⺃乚⺄乙⺅亻⺆冂⺈刀⺉刂⺊卜⺋㔾⺌小⺍小⺎兀⺏尣⺐尢⺒巳⺓幺⺔彑⺕彐⺖忄⺗心⺘扌⺙攵⺛旡⺜日⺝月⺞歺⺠民⺡氵⺢氺⺣灬⺤爫⺥爫⺦丬⺧牛⺨犭⺩王⺫目\
    ⺬示⺭礻⺯糹⺰纟⺱罓⺲罒⺳㓁⺴冗⺶羊⺹耂⺺肀⺻聿⺼肉⺾艹⺿艹⻀艹⻁虎⻂衤⻃覀⻄西⻅见⻆角⻈讠⻉贝⻋车⻌辶⻍辶⻎辶⻏邑⻐钅⻑長⻒镸⻓长⻔门⻖阝⻗雨⻘青⻙韦\
    ⻚页⻛风⻜飞⻝食⻟飠⻠饣⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫斉⻬齐⻭歯⻮齿⻯竜⻰龙⻱龜⻲亀";

/// Pairs of a Chinese and an Arabic digit. The forms used in accounts (壹贰叁) are left out because some are
/// surnames.
const DIGITS: &str = "〇0○0零0一1二2三3四4五5六6七7八8九9";

/// Pairs of a bracket and the round one: 〔2019〕, [2019] and (2019) are one.
const BRACKETS: &str = "[(])〔(〕)【(】)〖(〗)";

/// Letters without a decomposition to a plain one.
const LETTERS: &str = "øođdłlħhŧtıiςσ";

/// The characters from here to [`LAST`] have their plain forms in a table; the few others are in a map.
const FIRST: u32 = 0x2e80;
const LAST: u32 = 0x9fff;

struct Forms {
    common: Vec<u16>,
    others: HashMap<char, char>,
}

static FORMS: LazyLock<Forms> = LazyLock::new(|| {
    let mut forms =
        Forms { common: (FIRST..=LAST).map(|code| code as u16).collect(), others: HashMap::new() };
    forms.add(SIMPLIFIED);
    forms.add(RADICALS);
    forms.add(DIGITS);
    forms.add(BRACKETS);
    forms.add(LETTERS);
    forms
});

impl Forms {
    /// Adds pairs of a character and its plain form, which an earlier pair may reduce further.
    fn add(&mut self, pairs: &str) {
        let mut chars = pairs.chars();
        while let (Some(ch), Some(plain)) = (chars.next(), chars.next()) {
            let plain = self.of(plain);
            match (self.common.get_mut((ch as u32).wrapping_sub(FIRST) as usize), u16::try_from(plain as u32))
            {
                (Some(entry), Ok(code)) => *entry = code,
                _ => drop(self.others.insert(ch, plain)),
            }
        }
    }

    fn of(&self, ch: char) -> char {
        match self.common.get((ch as u32).wrapping_sub(FIRST) as usize) {
            Some(code) => char::from_u32((*code).into()).unwrap_or(ch),
            None => self.others.get(&ch).copied().unwrap_or(ch),
        }
    }
}

/// The plain form of a lower-case letter, a digit or an ideograph; most characters are their own.
pub fn plain(ch: char) -> char {
    FORMS.of(ch)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_character_have_one_plain_form() {
        for (one, other) in [
            ('為', '为'),
            ('爲', '为'),
            ('說', '说'),
            ('裡', '里'),
            ('臺', '台'),
            ('⺠', '民'),
            ('⻑', '长'),
            ('長', '长'),
            ('〇', '0'),
            ('○', '0'),
            ('零', '0'),
            ('三', '3'),
            ('ø', 'o'),
            ('〔', '['),
            ('】', ')'),
        ] {
            assert_eq!(plain(one), plain(other), "{one} and {other}");
        }
        for ch in ['叁', '陆', '己', 'a', '，', '𠮷'] {
            assert_eq!(plain(ch), ch);
        }
    }

    #[test]
    fn a_plain_form_is_plain() {
        for ch in ('\u{80}'..='\u{3_23af}').filter(|ch| plain(*ch) != *ch) {
            assert_eq!(plain(plain(ch)), plain(ch), "{ch}");
        }
    }
}

//! GB 2312 as the browser knows it: its decoder is asked for every pair of bytes once, when a title needs them.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::collections::HashSet;

use evolume_pdf::Gb2312;
use web_sys::TextDecoder;

/// The rows that are in use, and of them those of ideographs.
const ROWS: std::ops::RangeInclusive<u8> = 0xa1..=0xf7;
const IDEOGRAPHS: u8 = 0xb0;
const CELLS: std::ops::RangeInclusive<u8> = 0xa1..=0xfe;

/// The table, made at its first use.
#[derive(Default)]
pub struct Simplified {
    table: OnceCell<Table>,
}

#[derive(Default)]
struct Table {
    pairs: HashMap<[u8; 2], char>,
    ideographs: HashSet<char>,
}

impl Simplified {
    fn table(&self) -> &Table {
        self.table.get_or_init(|| {
            let mut table = Table::default();
            // Every browser has it; without it titles stay as they are.
            let Ok(decoder) = TextDecoder::new_with_label("gbk") else { return table };
            for pair in ROWS.flat_map(|row| CELLS.map(move |cell| [row, cell])) {
                let read = decoder.decode_with_u8_array(&pair).unwrap_or_default();
                let mut chars = read.chars();
                if let (Some(ch), None) = (chars.next(), chars.next())
                    && ch != char::REPLACEMENT_CHARACTER
                {
                    table.pairs.insert(pair, ch);
                    if pair[0] >= IDEOGRAPHS {
                        table.ideographs.insert(ch);
                    }
                }
            }
            table
        })
    }
}

impl Gb2312 for Simplified {
    fn read(&self, pair: [u8; 2]) -> Option<char> {
        self.table().pairs.get(&pair).copied()
    }

    fn is_ideograph(&self, ch: char) -> bool {
        self.table().ideographs.contains(&ch)
    }
}

//! The pairs of traditional and simplified characters in `search/simplified.txt` are those of OpenCC's data.
//!
//! They are kept as a file because compiling their library would take longer than the whole model, on every target.

use std::path::Path;

use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;

/// Ideographs with extension A and those of the supplementary planes.
const IDEOGRAPHS: [std::ops::RangeInclusive<u32>; 3] =
    [0x3400..=0x4dbf, 0x4e00..=0x9fff, 0x2_0000..=0x3_23af];

/// The simplified form of a character may have a simpler form itself.
const STEPS: usize = 3;

fn pairs() -> String {
    let converter = OpenCC::from_config(BuiltinConfig::T2s).expect("OpenCC's own data");
    let mut pairs = String::new();
    for ch in IDEOGRAPHS.into_iter().flatten().filter_map(char::from_u32) {
        let mut simple = ch.to_string();
        for _ in 0..STEPS {
            simple = converter.convert(&simple);
        }
        let mut letters = simple.chars();
        if let (Some(simple), None) = (letters.next(), letters.next())
            && simple != ch
        {
            pairs.extend([ch, simple]);
        }
    }
    pairs
}

#[test]
fn the_pairs_are_those_of_opencc() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/search/simplified.txt");
    let pairs = pairs();
    if std::env::var_os("EVOLUME_WRITE_SIMPLIFIED").is_some() {
        std::fs::write(&path, &pairs).expect("the file can be written");
    }
    let kept = std::fs::read_to_string(&path).expect("the file is there");
    assert!(
        kept == pairs,
        "write it anew: EVOLUME_WRITE_SIMPLIFIED=1 cargo test -p evolume-model --test simplified"
    );
}

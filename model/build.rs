//! Writes the pairs of traditional and simplified characters out of OpenCC's data, for `search::plain`.

use std::error::Error;
use std::path::Path;

use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;

/// Ideographs, their extension A, and the extensions of the supplementary planes.
const IDEOGRAPHS: [std::ops::RangeInclusive<u32>; 3] =
    [0x3400..=0x4dbf, 0x4e00..=0x9fff, 0x2_0000..=0x3_23af];

/// A character may become one that has a simpler form itself.
const STEPS: usize = 3;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=build.rs");
    let converter = OpenCC::from_config(BuiltinConfig::T2s)?;
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
    let folder = std::env::var("OUT_DIR")?;
    std::fs::write(Path::new(&folder).join("simplified.txt"), pairs)?;
    Ok(())
}

//! Bytes with their compressed forms, each made once, when somebody first takes it.

use std::io::Write;

use bytes::Bytes;
use tokio::sync::OnceCell;

/// Fast and nearly as small as it gets; the same for what is compressed on the way.
const BROTLI_QUALITY: u32 = 5;
const BROTLI_WINDOW: u32 = 22;
const BUFFER: usize = 64 << 10;

/// How bytes are compressed on their way, by its name in HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    Brotli,
    Gzip,
}

impl Coding {
    /// The better one first.
    pub const ALL: [Self; 2] = [Self::Brotli, Self::Gzip];

    pub fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }
}

#[derive(Debug)]
pub struct Packed {
    plain: Bytes,
    brotli: OnceCell<Bytes>,
    gzip: OnceCell<Bytes>,
}

impl Packed {
    pub fn new(plain: Bytes) -> Self {
        Self { plain, brotli: OnceCell::new(), gzip: OnceCell::new() }
    }

    pub fn plain(&self) -> &Bytes {
        &self.plain
    }

    /// In this form; who comes while it is being made waits for it.
    pub async fn get(&self, coding: Option<Coding>) -> std::io::Result<Bytes> {
        let made = match coding {
            None => return Ok(self.plain.clone()),
            Some(Coding::Brotli) => self.brotli.get_or_try_init(|| make(brotli, &self.plain)).await?,
            Some(Coding::Gzip) => self.gzip.get_or_try_init(|| make(gzip, &self.plain)).await?,
        };
        Ok(made.clone())
    }
}

async fn make(pack: fn(&[u8]) -> std::io::Result<Vec<u8>>, plain: &Bytes) -> std::io::Result<Bytes> {
    let plain = plain.clone();
    let packed = tokio::task::spawn_blocking(move || pack(&plain)).await.map_err(std::io::Error::other)??;
    Ok(packed.into())
}

fn brotli(plain: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut packed = Vec::new();
    brotli::CompressorWriter::new(&mut packed, BUFFER, BROTLI_QUALITY, BROTLI_WINDOW).write_all(plain)?;
    Ok(packed)
}

fn gzip(plain: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    writer.write_all(plain)?;
    writer.finish()
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[tokio::test]
    async fn each_form_is_made_once_and_says_the_same() {
        let packed = Packed::new(Bytes::from("案件材料".repeat(1000)));
        for coding in Coding::ALL {
            let (first, second) =
                (packed.get(Some(coding)).await.unwrap(), packed.get(Some(coding)).await.unwrap());
            assert_eq!(first.as_ptr(), second.as_ptr());
            assert!(first.len() < packed.plain().len() / 10);
            let mut plain = Vec::new();
            match coding {
                Coding::Brotli => {
                    brotli::Decompressor::new(&first[..], BUFFER).read_to_end(&mut plain).unwrap()
                }
                Coding::Gzip => flate2::read::GzDecoder::new(&first[..]).read_to_end(&mut plain).unwrap(),
            };
            assert_eq!(&plain, packed.plain());
        }
        assert_eq!(packed.get(None).await.unwrap().as_ptr(), packed.plain().as_ptr());
    }
}

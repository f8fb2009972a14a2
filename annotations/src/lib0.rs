//! The binary encoding of Yjs (lib0): variable-length integers, strings and byte strings, read without
//! trusting a single length.

/// Integers of the protocol are JavaScript's: none is larger.
pub const MAX_INTEGER: u64 = (1 << 53) - 1;

/// The bytes are not what they should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("malformed bytes")]
pub struct Malformed;

/// Reads from the front of some bytes.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    /// At the beginning of `bytes`.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    /// How many bytes are left.
    pub fn left(&self) -> usize {
        self.bytes.len()
    }

    /// Fails when bytes are left over.
    pub fn end(&self) -> Result<(), Malformed> {
        if self.bytes.is_empty() { Ok(()) } else { Err(Malformed) }
    }

    /// One byte.
    pub fn byte(&mut self) -> Result<u8, Malformed> {
        let (first, rest) = self.bytes.split_first().ok_or(Malformed)?;
        self.bytes = rest;
        Ok(*first)
    }

    /// So many bytes.
    pub fn take(&mut self, count: usize) -> Result<&'a [u8], Malformed> {
        let (taken, rest) = self.bytes.split_at_checked(count).ok_or(Malformed)?;
        self.bytes = rest;
        Ok(taken)
    }

    /// An unsigned integer up to [`MAX_INTEGER`].
    pub fn var(&mut self) -> Result<u64, Malformed> {
        let mut value = 0_u64;
        for shift in (0..56).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return if value <= MAX_INTEGER { Ok(value) } else { Err(Malformed) };
            }
        }
        Err(Malformed)
    }

    /// Skips a signed integer of at most 31 bits: lib0 writes larger ones as floats.
    pub fn skip_integer(&mut self) -> Result<(), Malformed> {
        let first = self.byte()?;
        let mut value = u64::from(first & 0x3f);
        let mut more = first >= 0x80;
        for shift in (6..34).step_by(7) {
            if !more {
                break;
            }
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            more = byte >= 0x80;
        }
        if more || value >= 1 << 31 { Err(Malformed) } else { Ok(()) }
    }

    /// An integer that counts things of at least `size` bytes each, which must still be there.
    pub fn count(&mut self, size: usize) -> Result<usize, Malformed> {
        let count = usize::try_from(self.var()?).map_err(|_| Malformed)?;
        if count.checked_mul(size.max(1)).is_some_and(|bytes| bytes <= self.left()) {
            Ok(count)
        } else {
            Err(Malformed)
        }
    }

    /// Bytes after their length.
    pub fn bytes(&mut self) -> Result<&'a [u8], Malformed> {
        let length = self.count(1)?;
        self.take(length)
    }

    /// UTF-8 after its length.
    pub fn str(&mut self) -> Result<&'a str, Malformed> {
        std::str::from_utf8(self.bytes()?).map_err(|_| Malformed)
    }
}

/// Appends an unsigned integer.
pub fn write_var(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

/// Appends bytes after their length.
pub fn write_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    write_var(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn integers_round_trip(value in 0..=MAX_INTEGER) {
            let mut out = Vec::new();
            write_var(&mut out, value);
            let mut reader = Reader::new(&out);
            prop_assert_eq!(reader.var(), Ok(value));
            prop_assert_eq!(reader.end(), Ok(()));
        }
    }

    #[test]
    fn lengths_are_not_believed() {
        let mut out = Vec::new();
        write_var(&mut out, MAX_INTEGER);
        assert_eq!(Reader::new(&out).bytes(), Err(Malformed));
        assert_eq!(Reader::new(&out).count(8), Err(Malformed));
        assert_eq!(Reader::new(&[0xff; 20]).var(), Err(Malformed));
        assert_eq!(Reader::new(&[0xff; 20]).skip_integer(), Err(Malformed));
        assert_eq!(Reader::new(&[0xff, 0x01]).skip_integer(), Ok(()));
        assert_eq!(Reader::new(&[0xff, 0xff, 0xff, 0xff, 0x0f]).skip_integer(), Ok(()));
        assert_eq!(Reader::new(&[0xff, 0xff, 0xff, 0xff, 0x1f]).skip_integer(), Err(Malformed));
    }
}

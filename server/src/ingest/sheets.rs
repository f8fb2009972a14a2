//! Packs previews, texts and thumbnails of sixteen pages each.

use evolume_model::text::PageText;
use evolume_model::volume::{SHEET_PAGES, Sheet, THUMB_COLUMNS, THUMB_HEIGHT, THUMB_WIDTH};
use image::{Rgb, RgbImage, imageops};

use crate::pdfium::pixels;
use crate::pdfium::protocol::{PageData, Thumb};
use crate::rights::Permit;
use crate::store::{Store, StoreError};

/// Packs one sheet; `None` stands for a page that could not be read.
pub async fn pack(store: &Store, pages: &[Option<PageData>]) -> Result<Sheet, StoreError> {
    let (previews, preview_ends) = concat(pages.iter().map(|p| p.as_ref().map(|p| p.preview.as_slice())));
    let (texts, text_ends) = concat(pages.iter().map(|p| p.as_ref().map(|p| p.text.as_slice())));
    let thumbs = sprite(pages.iter().map(|p| p.as_ref().map(|p| &p.thumb)));
    Ok(Sheet {
        previews: store.put(previews).await?,
        preview_ends,
        texts: store.put(texts).await?,
        text_ends,
        thumbs: store.put(pixels::jpeg(&thumbs, pixels::THUMB_QUALITY)).await?,
    })
}

/// The texts of a sheet's pages; empty where a page has none.
pub async fn texts(store: &Store, permit: &Permit, sheet: &Sheet) -> Result<Vec<PageText>, StoreError> {
    let pack = store.blobs(permit).read(&sheet.texts.sha256).await?;
    let corrupt = || StoreError::Corrupt(sheet.texts.sha256.clone());
    let text = |(start, end): (u32, &u32)| match pack.get(start as usize..*end as usize) {
        Some([]) => Ok(PageText::default()),
        Some(bytes) => PageText::decode(bytes).map_err(|_| corrupt()),
        None => Err(corrupt()),
    };
    std::iter::once(0).chain(sheet.text_ends.iter().copied()).zip(&sheet.text_ends).map(text).collect()
}

/// Puts other texts in the place of some, by page of the sheet.
pub async fn put_texts<'a>(
    store: &Store,
    permit: &Permit,
    sheet: &mut Sheet,
    other: impl Fn(u32) -> Option<&'a [u8]>,
) -> Result<(), StoreError> {
    let pack = store.blobs(permit).read(&sheet.texts.sha256).await?;
    let starts = std::iter::once(0).chain(sheet.text_ends.iter().copied());
    let ranges = starts.zip(&sheet.text_ends).map(|(start, end)| start as usize..*end as usize);
    let mut pieces = Vec::new();
    for (at, range) in (0u32..).zip(ranges) {
        let old = pack.get(range).ok_or_else(|| StoreError::Corrupt(sheet.texts.sha256.clone()))?;
        pieces.push(Some(other(at).unwrap_or(old)));
    }
    let (texts, text_ends) = concat(pieces.into_iter());
    (sheet.texts, sheet.text_ends) = (store.put(texts).await?, text_ends);
    Ok(())
}

fn concat<'a>(pieces: impl Iterator<Item = Option<&'a [u8]>>) -> (Vec<u8>, Vec<u32>) {
    let mut bytes = Vec::new();
    let ends = pieces
        .map(|piece| {
            bytes.extend_from_slice(piece.unwrap_or_default());
            bytes.len() as u32
        })
        .collect();
    (bytes, ends)
}

fn sprite<'a>(thumbs: impl ExactSizeIterator<Item = Option<&'a Thumb>>) -> RgbImage {
    let count = (thumbs.len() as u32).clamp(1, SHEET_PAGES);
    let (columns, rows) = (count.min(THUMB_COLUMNS), count.div_ceil(THUMB_COLUMNS));
    let mut sprite = RgbImage::from_pixel(columns * THUMB_WIDTH, rows * THUMB_HEIGHT, Rgb([255, 255, 255]));
    for (at, thumb) in (0u32..).zip(thumbs) {
        let Some(image) =
            thumb.and_then(|thumb| RgbImage::from_raw(thumb.width, thumb.height, thumb.rgb.clone()))
        else {
            continue;
        };
        let x = i64::from(at % THUMB_COLUMNS * THUMB_WIDTH);
        let y = i64::from(at / THUMB_COLUMNS * THUMB_HEIGHT);
        imageops::replace(&mut sprite, &image, x, y);
    }
    sprite
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_lie_in_rows() {
        let thumb = Thumb { width: 1, height: 1, rgb: vec![9, 9, 9] };
        let sprite = sprite([None, None, None, None, Some(&thumb)].into_iter());
        assert_eq!(sprite.dimensions(), (4 * THUMB_WIDTH, 2 * THUMB_HEIGHT));
        assert_eq!(sprite.get_pixel(0, THUMB_HEIGHT).0, [9, 9, 9]);
    }

    #[test]
    fn a_missing_piece_is_an_empty_range() {
        let (bytes, ends) = concat([Some(&b"ab"[..]), None, Some(&b"c"[..])].into_iter());
        assert_eq!((bytes.as_slice(), ends.as_slice()), (&b"abc"[..], &[2u32, 2, 3][..]));
    }
}

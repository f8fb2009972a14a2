//! Scales pixels down by a whole factor, each target pixel the mean of its square (box filter).

/// `pixels`: RGBA of `width * times` x `height * times`; answers RGBA of `width` x `height`.
/// Missing pixels count as black.
pub fn shrink(pixels: &[u8], width: u32, height: u32, times: u32) -> Vec<u8> {
    let (width, times) = (width as usize, times as usize);
    let stride = width * times * 4;
    let area = (times * times) as u32;
    let mut out = Vec::with_capacity(width * height as usize * 4);
    let mut sums = vec![0u32; width * 4];
    for rows in pixels.chunks(stride * times).take(height as usize) {
        sums.fill(0);
        for row in rows.chunks(stride) {
            for (sum, square) in sums.chunks_exact_mut(4).zip(row.chunks_exact(times * 4)) {
                for pixel in square.chunks_exact(4) {
                    for (total, channel) in sum.iter_mut().zip(pixel) {
                        *total += u32::from(*channel);
                    }
                }
            }
        }
        out.extend(sums.iter().map(|sum| ((sum + area / 2) / area) as u8));
    }
    out.resize(width * height as usize * 4, 0);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pixel_is_the_mean_of_its_square() {
        let square = |v: [u8; 4]| v.map(|v| [v, v, v, 255]);
        let [a, b, c, d] = square([0, 100, 200, 255]);
        let white = [255; 4];
        let rows = [[a, b, white, white].concat(), [c, d, white, white].concat()].concat();
        assert_eq!(shrink(&rows, 2, 1, 2), [139, 139, 139, 255, 255, 255, 255, 255]);
    }
}

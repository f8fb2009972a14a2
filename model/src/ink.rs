//! A stroke of ink as bytes: what a pen drew is kept small enough to be shared while it is drawn.
//!
//! A list of numbers takes eleven bytes a point; differences in steps of a twentieth of a point, written in as few
//! bytes as they need, take three. Layout: a byte (1 with pressure, 0 without), then for each point the zigzag
//! varints of its x and y from the point before, the first from zero, and with pressure one byte.

use serde::{Deserialize, Serialize};

/// Points of one stroke.
pub const MAX_STROKE_POINTS: usize = 20_000;
/// Steps in a point: finer than a pen and a 600 dpi print.
const STEPS: f32 = 20.;
/// Pages are smaller than 100,000 points.
const MAX_STEP: i64 = 2_000_000;

/// One sample of a stroke in page space, at a multiple of a twentieth of a point.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS))]
pub struct InkPoint {
    /// Points from the left.
    pub x: f32,
    /// Points from the top.
    pub y: f32,
    /// 0 to 255; absent when the device has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "ts", ts(optional))]
    pub pressure: Option<u8>,
}

/// The bytes are no stroke, or the points cannot be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a stroke")]
pub struct NotAStroke;

/// Writes a stroke; either all points have a pressure or none.
pub fn encode(points: &[InkPoint]) -> Result<Vec<u8>, NotAStroke> {
    let pressure = points.first().ok_or(NotAStroke)?.pressure.is_some();
    if points.len() > MAX_STROKE_POINTS || points.iter().any(|point| point.pressure.is_some() != pressure) {
        return Err(NotAStroke);
    }
    let mut out = vec![u8::from(pressure)];
    let mut last = (0, 0);
    for point in points {
        let (x, y) = (step(point.x)?, step(point.y)?);
        write_varint(&mut out, x - last.0);
        write_varint(&mut out, y - last.1);
        out.extend(point.pressure);
        last = (x, y);
    }
    Ok(out)
}

/// Reads a stroke.
pub fn decode(bytes: &[u8]) -> Result<Vec<InkPoint>, NotAStroke> {
    let (flag, mut rest) = bytes.split_first().ok_or(NotAStroke)?;
    let pressure = match flag {
        0 => false,
        1 => true,
        _ => return Err(NotAStroke),
    };
    let (mut points, mut x, mut y) = (Vec::new(), 0, 0);
    while !rest.is_empty() {
        x += read_varint(&mut rest)?;
        y += read_varint(&mut rest)?;
        let pressure = if pressure { Some(take(&mut rest)?) } else { None };
        if x.abs() > MAX_STEP || y.abs() > MAX_STEP || points.len() == MAX_STROKE_POINTS {
            return Err(NotAStroke);
        }
        points.push(InkPoint { x: x as f32 / STEPS, y: y as f32 / STEPS, pressure });
    }
    if points.is_empty() { Err(NotAStroke) } else { Ok(points) }
}

fn step(value: f32) -> Result<i64, NotAStroke> {
    let steps = (f64::from(value) * f64::from(STEPS)).round();
    if steps.abs() <= MAX_STEP as f64 { Ok(steps as i64) } else { Err(NotAStroke) }
}

fn write_varint(out: &mut Vec<u8>, value: i64) {
    let mut zigzag = ((value << 1) ^ (value >> 63)).cast_unsigned();
    while zigzag >= 0x80 {
        out.push(zigzag as u8 | 0x80);
        zigzag >>= 7;
    }
    out.push(zigzag as u8);
}

/// Four bytes hold twice the widest page.
fn read_varint(bytes: &mut &[u8]) -> Result<i64, NotAStroke> {
    let mut zigzag = 0_u64;
    for shift in (0..28).step_by(7) {
        let byte = take(bytes)?;
        zigzag |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Ok((zigzag >> 1).cast_signed() ^ -(zigzag & 1).cast_signed());
        }
    }
    Err(NotAStroke)
}

fn take(bytes: &mut &[u8]) -> Result<u8, NotAStroke> {
    let (first, rest) = bytes.split_first().ok_or(NotAStroke)?;
    *bytes = rest;
    Ok(*first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn points() -> impl Strategy<Value = Vec<InkPoint>> {
        let at = || (-MAX_STEP..=MAX_STEP).prop_map(|step| step as f32 / STEPS);
        let point = (at(), at(), any::<u8>());
        (proptest::collection::vec(point, 1..50), any::<bool>()).prop_map(|(points, pressure)| {
            let point = |(x, y, p)| InkPoint { x, y, pressure: pressure.then_some(p) };
            points.into_iter().map(point).collect()
        })
    }

    proptest! {
        #[test]
        fn strokes_round_trip(points in points()) {
            prop_assert_eq!(decode(&encode(&points).unwrap()), Ok(points));
        }

        #[test]
        fn any_bytes_are_a_stroke_that_can_be_written_or_none(
            bytes in proptest::collection::vec(any::<u8>(), 0..100),
        ) {
            if let Ok(points) = decode(&bytes) {
                prop_assert_eq!(decode(&encode(&points).unwrap()), Ok(points));
            }
        }

        #[test]
        fn a_point_moves_by_at_most_half_a_step(x in -99_999f32..99_999., y in -99_999f32..99_999.) {
            let [point] = decode(&encode(&[InkPoint { x, y, pressure: None }]).unwrap()).unwrap()[..] else {
                return Err(TestCaseError::fail("one point"));
            };
            // Half a step, and what an f32 of that size cannot say.
            prop_assert!((point.x - x).abs() <= 0.034 && (point.y - y).abs() <= 0.034);
        }
    }

    #[test]
    fn a_handwritten_stroke_takes_three_bytes_a_point() {
        let wave = |n: usize| InkPoint {
            x: 100. + n as f32 * 0.6,
            y: 200. + (n as f32 / 9.).sin() * 12.,
            pressure: Some(120),
        };
        let bytes = encode(&(0..10_000).map(wave).collect::<Vec<_>>()).unwrap();
        assert!(bytes.len() <= 30_010, "{}", bytes.len());
    }

    #[test]
    fn what_is_no_stroke() {
        assert_eq!(encode(&[]), Err(NotAStroke));
        for (x, y) in [(f32::NAN, 0.), (0., f32::INFINITY), (100_001., 0.)] {
            assert_eq!(encode(&[InkPoint { x, y, pressure: None }]), Err(NotAStroke));
        }
        let mixed = [Some(1), None].map(|pressure| InkPoint { x: 0., y: 0., pressure });
        assert_eq!(encode(&mixed), Err(NotAStroke));
        for bytes in [&[][..], &[0], &[2, 0, 0], &[1, 0, 0], &[0, 0xff, 0xff, 0xff, 0xff, 0]] {
            assert_eq!(decode(bytes), Err(NotAStroke));
        }
    }
}

//! What a recording holds: length, pictures or not, and how loud it is when. Runs in the child.

use std::fs::File;
use std::path::Path;
use std::time::{Duration, Instant};

use evolume_model::code::Code;
use symphonia::core::codecs::audio::AudioDecoderOptions;
use symphonia::core::errors::Error;
use symphonia::core::formats::probe::Hint;
use symphonia::core::formats::{FormatOptions, FormatReader, TrackType};
use symphonia::core::io::MediaSourceStream;
use symphonia::core::meta::MetadataOptions;

use crate::pdfium::protocol::Heard;
use crate::refusal::Refusal;

/// Windows a second while it is read.
const WINDOWS: u32 = 20;
/// Values that a waveform has at most.
const VALUES: usize = 1200;
/// Longer recordings have no waveform.
const HOURS: usize = 24;

/// Reads a recording for so long at most; what takes longer has no waveform.
pub fn listen(path: &Path, limit: Duration) -> Result<Heard, Refusal> {
    let begun = Instant::now();
    let file = File::open(path).map_err(Refusal::with(Code::FileUnreadable))?;
    let stream = MediaSourceStream::new(Box::new(file), Default::default());
    let (options, metadata) = (FormatOptions::default(), MetadataOptions::default());
    let mut format = symphonia::default::get_probe()
        .probe(&Hint::new(), stream, options, metadata)
        .map_err(Refusal::with(Code::RecordingDamaged))?;
    let video = format.first_track(TrackType::Video).is_some();
    let lengths = format.tracks().iter().filter_map(|track| {
        let time = track.time_base?.calc_duration(track.duration?)?;
        Some(time.as_secs_f64() as f32)
    });
    let mut seconds = lengths.filter(|seconds| *seconds > 0.).max_by(f32::total_cmp);
    if video {
        return Ok(Heard { video, seconds, peaks: Vec::new() });
    }
    let peaks = match loudness(format.as_mut(), begun, limit) {
        Some((heard, peaks)) => {
            seconds = seconds.or(Some(heard));
            reduce(&peaks)
        }
        None => Vec::new(),
    };
    Ok(Heard { video, seconds, peaks })
}

/// Seconds that could be decoded, and the peak of each window; `None` where there is no decoder, or no time.
fn loudness(format: &mut dyn FormatReader, begun: Instant, limit: Duration) -> Option<(f32, Vec<u8>)> {
    let track = format.default_track(TrackType::Audio)?;
    let (id, parameters) = (track.id, track.codec_params.as_ref()?.audio()?.clone());
    let codecs = symphonia::default::get_codecs();
    let mut decoder = codecs.make_audio_decoder(&parameters, &AudioDecoderOptions::default()).ok()?;
    let (mut samples, mut peaks) = (Vec::<f32>::new(), Vec::new());
    let (mut frames, mut rate, mut peak, mut filled) = (0u64, 0u32, 0f32, 0u32);
    // The end of the file, or damage: what was heard before is something.
    while let Ok(Some(packet)) = format.next_packet() {
        if packet.track_id != id {
            continue;
        }
        if begun.elapsed() > limit || peaks.len() > HOURS * 3600 * WINDOWS as usize {
            return None;
        }
        let buffer = match decoder.decode(&packet) {
            Ok(buffer) => buffer,
            Err(Error::DecodeError(_)) => continue,
            Err(_) => break,
        };
        rate = buffer.spec().rate().max(1);
        let channels = buffer.num_planes().max(1);
        buffer.copy_to_vec_interleaved(&mut samples);
        frames += (samples.len() / channels) as u64;
        for frame in samples.chunks(channels) {
            peak = frame.iter().fold(peak, |peak, sample| peak.max(sample.abs()));
            filled += 1;
            if filled >= rate / WINDOWS {
                peaks.push((peak.min(1.) * 255.) as u8);
                (peak, filled) = (0., 0);
            }
        }
    }
    (frames > 0).then(|| (frames as f32 / rate as f32, peaks))
}

/// So many values, each the loudest of its share.
fn reduce(peaks: &[u8]) -> Vec<u8> {
    let count = peaks.len().min(VALUES);
    let share = |at: usize| at * peaks.len() / count..(at + 1) * peaks.len() / count;
    (0..count).map(|at| peaks[share(at)].iter().copied().max().unwrap_or(0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_waveform_keeps_its_peaks() {
        let mut peaks = vec![3; 10_000];
        peaks[7_777] = 200;
        let reduced = reduce(&peaks);
        assert_eq!((reduced.len(), reduced[933]), (VALUES, 200));
        assert_eq!(reduce(&[1, 2]), [1, 2]);
        assert!(reduce(&[]).is_empty());
    }
}

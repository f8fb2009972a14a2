//! Recordings, by the real program: their page, waveform, transcript and index.

#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use crate::common::Bench;
use evolume_model::code::Code;
use evolume_model::transcript::Transcript;
use evolume_model::volume::Manifest;

const SRT: &str = "1\n00:00:00,500 --> 00:00:01,000\n审判长：现在开庭。\n\n\
                   2\n00:00:02,000 --> 00:00:03,000\n原告：没有异议。\n";

/// Three seconds of sound: silence, then a tone; 16 bits at 8 kHz.
fn wav() -> Vec<u8> {
    let samples = (0..24_000i32).map(|at| if at < 12_000 { 0 } else { (at * 37 % 400 - 200) as i16 * 100 });
    let data: Vec<u8> = samples.flat_map(i16::to_le_bytes).collect();
    let mut file = b"RIFF".to_vec();
    file.extend((36 + data.len() as u32).to_le_bytes());
    file.extend(b"WAVEfmt \x10\0\0\0\x01\0\x01\0");
    file.extend(8_000u32.to_le_bytes());
    file.extend(16_000u32.to_le_bytes());
    file.extend(b"\x02\0\x10\0data");
    file.extend((data.len() as u32).to_le_bytes());
    file.extend(data);
    file
}

fn text(bench: &Bench) -> String {
    let answer = bench.json(&["text", "--volume", crate::common::VOLUME, "--page", "1", "--raw", "--json"]);
    answer["text"].as_str().unwrap().to_owned()
}

#[test]
fn a_recording_is_one_page_whose_text_is_its_transcript() {
    let bench = Bench::new();
    // The name does not say what it is.
    let sound = bench.file("01 庭审录音.bin", &wav());
    let said = bench.file("01 庭审录音.srt", SRT.as_bytes());
    let (code, outcomes) = bench.ingest(&[said.clone(), sound.clone()], &[]);
    assert_eq!(code, 0, "{outcomes:?}");
    assert_eq!((outcomes[0]["pages"].as_u64(), outcomes[1]["pages"].as_u64()), (Some(1), Some(0)));
    let Manifest { materials, .. } = bench.manifest();
    assert_eq!((materials.len(), materials[0].pages.len()), (1, 1));
    assert_eq!((materials[0].title.as_str(), materials[0].media_type.as_str()), ("庭审录音", "audio/wav"));
    assert!(materials[0].pages[0].scan.is_none(), "OCR has nothing to read there");
    let recording = materials[0].recording.clone().unwrap();
    assert_eq!((recording.video, recording.seconds), (false, Some(3.)));
    let peaks: Vec<u8> = serde_json::from_slice(&bench.blob(&recording.waveform.unwrap().sha256)).unwrap();
    assert!(peaks.len() >= 50 && peaks[..20].iter().all(|peak| *peak == 0), "{peaks:?}");
    assert!(peaks[40] > 100, "{peaks:?}");
    let stored = bench.blob(&recording.transcript.unwrap().sha256);
    let transcript: Transcript = serde_json::from_slice(&stored).unwrap();
    assert_eq!((transcript.lines[1].at, transcript.lines[1].until), (Some(2.), Some(3.)));
    assert_eq!(text(&bench), "审判长：现在开庭。\n原告：没有异议。");
    let found = bench.json(&["search", "--json", "没有异议"]);
    assert_eq!((found["total"].as_u64(), found["hits"][0]["page"].as_u64()), (Some(1), Some(1)));
    // Neither again, nor the recording alone, changes anything.
    let before = bench.manifest_json();
    assert_eq!(bench.ingest(&[sound.clone(), said], &[]).0, 0);
    assert_eq!(bench.ingest(&[sound], &[]).0, 0);
    assert_eq!(bench.manifest_json(), before);
    assert_eq!(bench.json(&["verify", "--json"])["problems"], serde_json::json!([]));
}

#[test]
fn a_transcript_may_come_later() {
    let bench = Bench::new();
    let sound = bench.file("录音.wav", &wav());
    assert_eq!(bench.ingest(std::slice::from_ref(&sound), &[]).0, 0);
    assert_eq!(text(&bench), "");
    let id = bench.manifest().materials[0].id.clone();
    let said = bench.file("录音.txt", "[00:01] 审判长：休庭。".as_bytes());
    assert_eq!(bench.ingest(&[sound, said], &[]).0, 0);
    assert_eq!(text(&bench), "审判长：休庭。");
    assert_eq!((bench.manifest().materials.len(), bench.manifest().materials[0].id.clone()), (1, id));
}

#[test]
fn damaged_ones_are_refused_and_unknown_ones_kept_to_be_fetched() {
    let bench = Bench::new();
    let mut cut = wav();
    cut.truncate(14);
    let files = [
        bench.file("a.mp3", b"ID3\x04\0\0\0\0\0\0 nothing of the kind"),
        bench.file("b.wav", &cut),
        bench.file("c.amr", b"#!AMR\n\x3c\x91\x17\x16\xbe\x66"),
        bench.file("d.srt", SRT.as_bytes()),
        bench.file("d.amr", b"#!AMR\n\x3c\x91\x17\x16\xbe\x67"),
        bench.file("e.amr", b"#!AMR\n\x3c\x91\x17\x16\xbe\x68"),
        bench.file("e.txt", &[0, 1, 2, 3].repeat(64)),
    ];
    let (code, outcomes) = bench.ingest(&files, &[]);
    let codes: Vec<_> = outcomes.iter().map(|outcome| outcome["code"].as_str()).collect();
    let damaged = Some(Code::RecordingDamaged.as_str());
    let unread = Some(Code::FileUnsupported.as_str());
    assert_eq!((code, codes), (3, vec![damaged, damaged, None, None, None, None, unread]));
    let manifest = bench.manifest();
    assert!(manifest.materials.iter().all(|material| material.recording.is_some()));
    assert_eq!(manifest.materials[0].recording.as_ref().unwrap().seconds, None);
}

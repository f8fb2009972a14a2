//! A copy of a recording that browsers play, made by ffmpeg in a folder of its own. The original stays as it is.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::pdfium::Pool;
use crate::programs::{self, Confined};

/// A recording may take so many times longer than any other file: it is read from beginning to end.
const PATIENCE: u32 = 15;

/// What was made.
pub struct Copy {
    /// WebM.
    pub file: PathBuf,
    /// The sound alone, plain, for its waveform.
    pub sound: PathBuf,
    /// Whether there are pictures.
    pub video: bool,
}

/// Nothing where there is no ffmpeg, or it cannot make anything of it: the recording is kept all the same.
pub async fn copy(pool: &Pool, scratch: &Path, demuxer: &str, input: &Path) -> std::io::Result<Option<Copy>> {
    let program = &pool.limits().ffmpeg;
    let Some(program) = programs::find(program) else {
        tracing::warn!("there is no {}; no copy that plays is made", program.display());
        return Ok(None);
    };
    let folder = scratch.join("recording");
    tokio::fs::create_dir_all(&folder).await?;
    // It sees nothing else.
    tokio::fs::copy(input, folder.join("input")).await?;
    let limit = pool.limits().file.saturating_mul(PATIENCE);
    let run = async |more: &[&str], out: &str, limit: Duration| {
        let read = ["-nostdin", "-v", "error", "-protocol_whitelist", "file", "-f", demuxer, "-i", "input"];
        let plain = ["-map_metadata", "-1", "-fflags", "+bitexact", "-flags", "+bitexact", "-y", out];
        let confined = Confined { limit, ..pool.confined() };
        let arguments = read.iter().chain(more).chain(&plain);
        let ended = confined.run(&folder, &program, arguments).await?;
        let made = tokio::fs::metadata(folder.join(out)).await.is_ok_and(|file| file.len() > 0);
        match ended {
            Some(ended) if ended.well() && made => Ok(true),
            ended => {
                tracing::info!(?ended, "ffmpeg makes no {out}");
                Ok::<_, std::io::Error>(false)
            }
        }
    };
    let sound = ["-map", "0:a:0?", "-c:a", "libopus", "-b:a", "48k"];
    let pictures = [
        "-map",
        "0:v:0",
        "-c:v",
        "libvpx-vp9",
        "-deadline",
        "realtime",
        "-cpu-used",
        "8",
        "-row-mt",
        "1",
        "-crf",
        "34",
        "-b:v",
        "0",
        "-pix_fmt",
        "yuv420p",
        "-vf",
        "scale='min(1280,iw)':-2",
    ];
    let film = demuxer != "amr" && run(&[&pictures[..], &sound[..]].concat(), "copy.webm", limit).await?;
    let heard = film || run(&[&["-vn"][..], &sound[..]].concat(), "copy.webm", limit).await?;
    if !heard {
        return Ok(None);
    }
    let plain = ["-vn", "-map", "0:a:0", "-ac", "1", "-ar", "8000", "-c:a", "pcm_s16le"];
    let wave = run(&plain, "sound.wav", limit).await?;
    let file = folder.join("copy.webm");
    Ok(Some(Copy { sound: if wave { folder.join("sound.wav") } else { file.clone() }, file, video: film }))
}

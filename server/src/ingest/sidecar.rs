//! Files that belong to another one: the transcript or subtitles of a recording, by its name.

use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use evolume_model::code::Code;
use evolume_model::transcript::Transcript;

use super::recording::Container;
use super::{files, subtitles};
use crate::office::{Charset, plain};

/// Names that a transcript may have.
const TRANSCRIPTS: &[&str] = &["srt", "vtt", "txt", "lrc"];

/// A file that is given, or a member of one.
#[derive(Clone, Debug)]
pub struct Given {
    /// Its bytes.
    pub path: PathBuf,
    /// What it is called, with the folders in which it stood.
    pub name: PathBuf,
}

impl From<&PathBuf> for Given {
    fn from(path: &PathBuf) -> Self {
        Self { path: path.clone(), name: path.clone() }
    }
}

/// A file to be taken in.
pub struct Entry {
    /// The file.
    pub file: Given,
    /// The transcript that goes with it, by its name, or why it cannot be read.
    pub transcript: Option<(PathBuf, Result<Transcript, Code>)>,
}

/// The files in their order; transcripts go with the recording that has their name in the same folder.
pub async fn entries(files: &[Given], encoding: Option<Charset>) -> Vec<Entry> {
    let mut said: HashMap<OsString, &Given> = HashMap::new();
    for file in files.iter().filter(|file| is_transcript(&file.name)) {
        said.entry(stem(&file.name)).or_insert(file);
    }
    let mut entries = Vec::new();
    let mut taken = HashSet::new();
    for file in files {
        let beside = said.get(&stem(&file.name)).filter(|_| !is_transcript(&file.name));
        let transcript = match beside {
            Some(beside) if is_recording(&file.path).await => {
                taken.insert(&beside.name);
                Some((beside.name.clone(), read(&beside.path, encoding).await))
            }
            _ => None,
        };
        entries.push(Entry { file: file.clone(), transcript });
    }
    entries.retain(|entry| !taken.contains(&entry.file.name));
    entries
}

fn is_transcript(path: &Path) -> bool {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase());
    extension.is_some_and(|extension| TRANSCRIPTS.contains(&extension.as_str()))
}

fn stem(path: &Path) -> OsString {
    path.with_extension("").into_os_string()
}

/// One that cannot be read is none; that is told where it is taken in.
async fn is_recording(path: &Path) -> bool {
    files::head(path).await.is_ok_and(|head| Container::sniff(&head).is_some())
}

async fn read(path: &Path, encoding: Option<Charset>) -> Result<Transcript, Code> {
    let length = tokio::fs::metadata(path).await.map_err(|_| Code::FileUnreadable)?.len();
    if length > plain::LIMIT {
        return Err(Code::FileTooLarge);
    }
    let bytes = tokio::fs::read(path).await.map_err(|_| Code::FileUnreadable)?;
    let transcript = subtitles::parse(&plain::decode(&bytes, encoding).map_err(|refusal| refusal.code)?);
    if transcript.lines.is_empty() { Err(Code::FileEmpty) } else { Ok(transcript) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_transcript_goes_with_its_recording_only() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, bytes: &[u8]| {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            path
        };
        let all = [
            file("开庭.srt", b"1\n00:00:01,000 --> 00:00:02,000\nyes\n"),
            file("开庭.wav", b"RIFF\0\0\0\0WAVEfmt "),
            file("笔录.pdf", b"%PDF-1.7"),
            file("笔录.txt", b"text"),
        ];
        let given: Vec<Given> = all.iter().map(Given::from).collect();
        let found = entries(&given, None).await;
        let names: Vec<_> =
            found.iter().map(|entry| entry.file.name.file_name().unwrap().to_owned()).collect();
        assert_eq!(names, ["开庭.wav", "笔录.pdf", "笔录.txt"]);
        let (path, said) = found[0].transcript.as_ref().unwrap();
        assert_eq!((path, said.as_ref().unwrap().lines.len()), (&all[0], 1));
        assert!(found[1].transcript.is_none());
    }
}

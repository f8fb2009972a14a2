//! Transcripts of recordings: SubRip, WebVTT, and plain text whose lines may begin with a time.

use evolume_model::transcript::{Line, Transcript};

/// More lines are left out.
const LINES: usize = 50_000;

/// Reads whichever it is; lines come in the order of their times, those without one as they stand.
pub fn parse(text: &str) -> Transcript {
    let timed = text.lines().any(|line| span(line).is_some());
    let mut lines = if timed { cues(text) } else { plain(text) };
    if lines.iter().all(|line| line.at.is_some()) {
        lines.sort_by(|a, b| a.at.unwrap_or(0.).total_cmp(&b.at.unwrap_or(0.)));
    }
    lines.truncate(LINES);
    Transcript { lines }
}

/// SubRip and WebVTT: a line with two times, and what is said in the lines under it.
fn cues(text: &str) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut open = false;
    for line in text.lines() {
        if let Some((at, until)) = span(line) {
            lines.push(Line { at: Some(at), until: Some(until), text: String::new() });
            open = true;
        } else if line.trim().is_empty() {
            open = false;
        } else if let Some(cue) = lines.last_mut().filter(|_| open) {
            let said = untagged(line);
            // Latin words of two lines do not run together.
            if cue.text.ends_with(|ch: char| ch.is_ascii()) && !cue.text.is_empty() {
                cue.text.push(' ');
            }
            cue.text.push_str(said.trim());
        }
    }
    lines.retain(|line| !line.text.is_empty());
    lines
}

fn plain(text: &str) -> Vec<Line> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines
        .map(|line| match stamped(line) {
            Some((at, said)) => Line { at: Some(at), until: None, text: said.to_owned() },
            None => Line { at: None, until: None, text: line.to_owned() },
        })
        .filter(|line| !line.text.is_empty())
        .collect()
}

/// `00:01:02,500 --> 00:01:04,000`, and what WebVTT says of its place behind it.
fn span(line: &str) -> Option<(f32, f32)> {
    let (from, to) = line.split_once("-->")?;
    let to = to.split_whitespace().next()?;
    let (from, to) = (seconds(from.trim())?, seconds(to)?);
    (to >= from).then_some((from, to))
}

/// `[00:01:02] said`, `(1:02) said`, `【00:01:02】said` or `00:01:02 said`.
fn stamped(line: &str) -> Option<(f32, &str)> {
    let inner = line.trim_start_matches(['[', '(', '（', '【']);
    let length = inner.find(|ch: char| !ch.is_ascii_digit() && !":.,".contains(ch)).unwrap_or(inner.len());
    let at = seconds(&inner[..length])?;
    let rest = inner[length..].trim_start_matches([']', ')', '）', '】']);
    // A time alone, or a word that only begins like one, is none.
    let parted = inner.len() < line.len() || rest.starts_with(char::is_whitespace);
    parted.then(|| (at, rest.trim()))
}

/// `1:02:03.5`, `02:03,500`; a number alone is no time.
fn seconds(text: &str) -> Option<f32> {
    let text = text.replace(',', ".");
    let fields: Vec<&str> = text.split(':').collect();
    if !(2..=3).contains(&fields.len()) {
        return None;
    }
    let mut sum = 0f64;
    for (at, field) in fields.iter().enumerate() {
        let last = at + 1 == fields.len();
        let plain = field.bytes().all(|b| b.is_ascii_digit() || last && b == b'.') && field.len() <= 9;
        let value: f64 = plain.then(|| field.parse().ok())??;
        if at > 0 && value >= 60. {
            return None;
        }
        sum = sum * 60. + value;
    }
    Some(sum as f32)
}

/// Without the tags that say how it looks or who speaks; `<v 审判长>` becomes `审判长：`.
fn untagged(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(start) = rest.find('<') {
        let Some(end) = rest[start..].find('>') else { break };
        out.push_str(&rest[..start]);
        if let Some(speaker) = rest[start + 1..start + end].strip_prefix("v ") {
            out.push_str(speaker.trim());
            out.push('：');
        }
        rest = &rest[start + end + 1..];
    }
    out.push_str(rest);
    out.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", " ").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Vec<(Option<f32>, String)> {
        parse(text).lines.into_iter().map(|line| (line.at, line.text)).collect()
    }

    #[test]
    fn subrip_and_webvtt() {
        let srt = "1\n00:00:01,500 --> 00:00:03,000\n审判长：现在\n开庭。\n\n2\n01:00:00,000 --> 01:00:01,000\nfirst\nsecond\n";
        let expected =
            [(Some(1.5), "审判长：现在开庭。".to_owned()), (Some(3600.), "first second".to_owned())];
        assert_eq!(read(srt), expected);
        let vtt = "WEBVTT\n\nNOTE no cue\n\nid\n00:02.000 --> 00:04.000 align:start\n<v 原告><i>没有异议</i> &amp; 完\n";
        assert_eq!(read(vtt), [(Some(2.), "原告：没有异议 & 完".to_owned())]);
    }

    #[test]
    fn text_with_and_without_times() {
        let text = "[00:01:02] 审判长：开庭\n（2:03）原告：是\n00:03:00 被告：否\n\n2023年5月1日\n";
        let expected = [
            (Some(62.), "审判长：开庭".to_owned()),
            (Some(123.), "原告：是".to_owned()),
            (Some(180.), "被告：否".to_owned()),
            (None, "2023年5月1日".to_owned()),
        ];
        assert_eq!(read(text), expected);
        assert_eq!(
            read("比例 3:5 的约定\n12:30开始"),
            [(None, "比例 3:5 的约定".to_owned()), (None, "12:30开始".to_owned())]
        );
    }

    proptest! {
        #[test]
        fn nothing_panics_and_no_line_is_empty(text in "([0-9:,.<>\\[\\]（】\\-\n a开]|-->|<v ){0,200}") {
            let lines = parse(&text).lines;
            prop_assert!(lines.iter().all(|line| !line.text.is_empty()));
            prop_assert!(lines.iter().all(|line| line.at.is_none_or(|at| at >= 0.)));
        }
    }
}

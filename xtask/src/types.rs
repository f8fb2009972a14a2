//! TypeScript written from the model's Rust types, so the two cannot disagree.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use evolume_annotations::client::Changes;
use evolume_annotations::command::{LayerCommand, NewMark, Person};
use evolume_model::access::{Act, CaseState, Principal, Role};
use evolume_model::api::{
    CaseSummary, Device, LayerKind, LayerSummary, MemberRequest, MemberSummary, PasswordChange, Problem,
    SampleUser, Secret, Session, SessionRequest, UserChange, UserCode, UserRequest, UserSummary,
    VolumeSummary,
};
use evolume_model::category::Category;
use evolume_model::code::Code;
use evolume_model::excerpt::{Excerpt, Rest};
use evolume_model::fonts::{Face, Family, Region};
use evolume_model::geometry::{PagePoint, PageRect};
use evolume_model::ink::InkPoint;
use evolume_model::mark::{
    Colour, KINDS, KindInfo, MAX_NOTE, Mark, Shape, Status as MarkStatus, Stroke, Style, Target,
};
use evolume_model::navigation::{Link, LinkTarget, Navigation};
use evolume_model::page::PageRef;
use evolume_model::search::wire::{
    CaseFound, CaseHit, CaseQuery, MarkedPages, SearchMaterial, SearchReply, SearchRequest,
};
use evolume_model::search::{Closeness, Day, Filter, Hit, SCHEMA_VERSION, Snippet};
use evolume_model::transcript::{Line, Transcript};
use evolume_model::viewing::{
    Arrangement, Fit, LinkDestination, MarkPaint, PageLines, Passage, PointedLink, Selection, Stage, Status,
    Step, TextPlace, Tool, View, ViewerCommand,
};
use evolume_model::volume::{
    Blob, MANIFEST_FORMAT, Manifest, Material, NavigationBlob, Origin, OutlineItem, Page, PageImage, Part,
    Playable, Recording, SHEET_PAGES, Scan, ScanState, SearchIndex, Sheet, Substitute, THUMB_COLUMNS,
    THUMB_HEIGHT, THUMB_WIDTH, TextOrigin, Unseen, VolumeClass,
};
use ts_rs::{Config, TS};

use crate::root;

/// Where the types go.
fn path() -> PathBuf {
    root().join("pkg/src/generated/index.ts")
}

/// Writes the file when it differs.
pub fn write() -> Result<()> {
    let (path, text) = (path(), text());
    if fs::read_to_string(&path).is_ok_and(|old| old == text) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
}

/// Fails when the committed file is not what the model says.
pub fn check() -> Result<()> {
    if fs::read_to_string(path()).ok().as_deref() != Some(&text()) {
        bail!("pkg/src/generated/index.ts is not what the model says; run `cargo xtask build`");
    }
    Ok(())
}

/// The whole file.
fn text() -> String {
    let cfg = Config::new();
    let mut out = String::from("// Types of evolume-model, written by `cargo xtask build`. Do not edit.\n");
    for (name, value) in [
        ("MANIFEST_FORMAT", MANIFEST_FORMAT),
        ("SHEET_PAGES", SHEET_PAGES),
        ("SCHEMA_VERSION", SCHEMA_VERSION),
        ("THUMB_COLUMNS", THUMB_COLUMNS),
        ("THUMB_WIDTH", THUMB_WIDTH),
        ("THUMB_HEIGHT", THUMB_HEIGHT),
        ("MAX_NOTE", MAX_NOTE as u32),
    ] {
        out.push_str(&format!("\nexport const {name} = {value};\n"));
    }
    let declarations = [
        declaration::<Manifest>(&cfg),
        declaration::<Excerpt>(&cfg),
        declaration::<Rest>(&cfg),
        declaration::<Material>(&cfg),
        declaration::<Recording>(&cfg),
        declaration::<Playable>(&cfg),
        declaration::<Origin>(&cfg),
        declaration::<Unseen>(&cfg),
        declaration::<Transcript>(&cfg),
        declaration::<Line>(&cfg),
        declaration::<Page>(&cfg),
        declaration::<PageRef>(&cfg),
        declaration::<Scan>(&cfg),
        declaration::<ScanState>(&cfg),
        declaration::<TextOrigin>(&cfg),
        declaration::<PageImage>(&cfg),
        declaration::<PageRect>(&cfg),
        declaration::<Part>(&cfg),
        declaration::<Sheet>(&cfg),
        declaration::<Blob>(&cfg),
        declaration::<SearchIndex>(&cfg),
        declaration::<Substitute>(&cfg),
        declaration::<Face>(&cfg),
        declaration::<Family>(&cfg),
        declaration::<Region>(&cfg),
        declaration::<OutlineItem>(&cfg),
        declaration::<NavigationBlob>(&cfg),
        declaration::<Navigation>(&cfg),
        declaration::<Link>(&cfg),
        declaration::<LinkTarget>(&cfg),
        declaration::<LinkDestination>(&cfg),
        declaration::<PointedLink>(&cfg),
        declaration::<PageLines>(&cfg),
        declaration::<VolumeClass>(&cfg),
        declaration::<Category>(&cfg),
        declaration::<Code>(&cfg),
        declaration::<Problem>(&cfg),
        declaration::<CaseSummary>(&cfg),
        declaration::<VolumeSummary>(&cfg),
        declaration::<Fit>(&cfg),
        declaration::<Arrangement>(&cfg),
        declaration::<Tool>(&cfg),
        declaration::<View>(&cfg),
        declaration::<Stage>(&cfg),
        declaration::<Status>(&cfg),
        declaration::<Step>(&cfg),
        declaration::<ViewerCommand>(&cfg),
        declaration::<TextPlace>(&cfg),
        declaration::<Selection>(&cfg),
        declaration::<Passage>(&cfg),
        declaration::<MarkPaint>(&cfg),
        declaration::<Role>(&cfg),
        declaration::<Act>(&cfg),
        declaration::<CaseState>(&cfg),
        declaration::<Principal>(&cfg),
        declaration::<Session>(&cfg),
        declaration::<SessionRequest>(&cfg),
        declaration::<Secret>(&cfg),
        declaration::<SampleUser>(&cfg),
        declaration::<PasswordChange>(&cfg),
        declaration::<Device>(&cfg),
        declaration::<UserSummary>(&cfg),
        declaration::<UserRequest>(&cfg),
        declaration::<UserChange>(&cfg),
        declaration::<UserCode>(&cfg),
        declaration::<MemberSummary>(&cfg),
        declaration::<MemberRequest>(&cfg),
        declaration::<LayerKind>(&cfg),
        declaration::<LayerSummary>(&cfg),
        declaration::<KindInfo>(&cfg),
        declaration::<Shape>(&cfg),
        declaration::<Colour>(&cfg),
        declaration::<MarkStatus>(&cfg),
        declaration::<Style>(&cfg),
        declaration::<PagePoint>(&cfg),
        declaration::<InkPoint>(&cfg),
        declaration::<Stroke>(&cfg),
        declaration::<Target>(&cfg),
        declaration::<Mark>(&cfg),
        declaration::<Changes>(&cfg),
        declaration::<NewMark>(&cfg),
        declaration::<LayerCommand>(&cfg),
        declaration::<Person>(&cfg),
        declaration::<Closeness>(&cfg),
        declaration::<Day>(&cfg),
        declaration::<Filter>(&cfg),
        declaration::<Hit>(&cfg),
        declaration::<Snippet>(&cfg),
        declaration::<SearchMaterial>(&cfg),
        declaration::<MarkedPages>(&cfg),
        declaration::<CaseQuery>(&cfg),
        declaration::<CaseFound>(&cfg),
        declaration::<CaseHit>(&cfg),
        declaration::<SearchRequest>(&cfg),
        declaration::<SearchReply>(&cfg),
    ];
    out.extend(declarations);
    out.push_str("\n/** Every code there is. */\nexport const CODES: readonly Code[] = [\n");
    out.extend(Code::ALL.iter().map(|code| format!("  \"{code}\",\n")));
    out.push_str("];\n\n/** Every category in the order of a volume, with its Chinese name. */\n");
    out.push_str("export const CATEGORY_ZH: Readonly<Record<Category, string>> = {\n");
    out.extend(
        Category::ALL.iter().map(|&category| format!("  {}: \"{}\",\n", key(category), category.zh())),
    );
    out.push_str("};\n\n/** Every kind of mark, in the order of the toolbar. */\n");
    out.push_str(&format!("export const MARK_KINDS: readonly MarkKind[] = {};\n", pretty(KINDS)));
    out.push_str("\n/** Every colour of marks, as it is on paper: red, green, blue. */\n");
    out.push_str(
        "export const MARK_INK: Readonly<Record<MarkColour, readonly [number, number, number]>> = {\n",
    );
    for colour in Colour::ALL {
        let [red, green, blue] = colour.ink();
        out.push_str(&format!("  {}: [{red}, {green}, {blue}],\n", colour.as_str()));
    }
    out.push_str("};\n");
    out
}

fn pretty(value: &(impl serde::Serialize + ?Sized)) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

/// A category as it is written in JSON.
fn key(category: Category) -> String {
    serde_json::to_value(category)
        .ok()
        .and_then(|value| value.as_str().map(str::to_owned))
        .unwrap_or_default()
}

fn declaration<T: TS>(cfg: &Config) -> String {
    let docs = T::docs().unwrap_or_default();
    let mut text = String::from("\n");
    if !docs.trim().is_empty() {
        text.push_str(docs.trim_end());
        text.push('\n');
    }
    text.push_str("export ");
    text.push_str(T::decl(cfg).trim());
    text.push('\n');
    let lines = text.lines().map(str::trim_end);
    lines.map(|line| format!("{line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_is_declared_once_and_none_is_a_bigint() {
        let text = text();
        for name in ["Manifest", "Page", "Code", "Status", "VolumeSummary"] {
            assert_eq!(text.matches(&format!("export type {name} =")).count(), 1, "{name}");
        }
        assert!(!text.contains("bigint"), "{text}");
        assert!(text.contains("\"blob.corrupt\"") && text.contains("note_sheet: \"备考表\""));
    }
}

// Types of evolume-model, written by `cargo xtask build`. Do not edit.

export const MANIFEST_FORMAT = 1;

export const SHEET_PAGES = 16;

export const SCHEMA_VERSION = 3;

export const THUMB_COLUMNS = 4;

export const THUMB_WIDTH = 160;

export const THUMB_HEIGHT = 226;

export const MAX_NOTE = 10000;

/**
 * A volume as a reader sees it.
 */
export type Manifest = {
/**
 * [`MANIFEST_FORMAT`].
 */
format: number,
/**
 * Opaque id of the volume.
 */
volume: string,
/**
 * Counts up with every change.
 */
revision: number,
/**
 * The case's number (案号).
 */
case_number: string,
/**
 * The case's title (案由).
 */
case_title: string,
/**
 * The volume's title, e.g. 正卷.
 */
title: string,
/**
 * Confidentiality class.
 */
class: VolumeClass,
/**
 * In reading order; the volume's page numbers follow from it.
 */
materials: Array<Material>,
/**
 * Why nobody reads its scans now, when some are not read yet and the server cannot.
 */
unread?: Code,
/**
 * The indexes of its small materials one after the other, where there are many: one request for all.
 */
bundle?: Blob, };

/**
 * A manifest, or as much of it as is needed at first.
 */
export type Excerpt = {
/**
 * When there is a rest, only of a few materials, without their navigation data and indexes, and of the first and
 * the last one perhaps not all pages, their parts and their sheets.
 */
manifest: Manifest,
/**
 * What was left out; absent when the manifest is whole.
 */
rest?: Rest, };

/**
 * What an excerpt leaves out.
 */
export type Rest = {
/**
 * SHA-256 of the whole manifest.
 */
whole: string,
/**
 * How many pages each of the volume's materials has.
 */
counts: Array<number>,
/**
 * Position in the volume of the first material that is there.
 */
material: number,
/**
 * Index in that material of its first page that is there; a multiple of [`SHEET_PAGES`].
 */
page: number, };

/**
 * One source file as received, and what was derived from it.
 */
export type Material = {
/**
 * Opaque id, stable for ever.
 */
id: string,
/**
 * Shown in the catalogue.
 */
title: string,
/**
 * Its place in the catalogue.
 */
category: Category,
/**
 * The file as received.
 */
original: Blob,
/**
 * MIME type of the original.
 */
media_type: string,
/**
 * Name of the file as received.
 */
file_name: string,
/**
 * Where it was found, when it came inside of another file.
 */
origin?: Origin,
/**
 * What a reader of its pages cannot see in them.
 */
unseen?: Unseen,
/**
 * The PDF that was made of it and is shown in its place; absent where the file itself is shown.
 */
converted?: Blob,
/**
 * The file is a damaged PDF, and `converted` is what a program mended of it.
 */
repaired?: boolean,
/**
 * Set when it is a recording; its one page stands for it.
 */
recording?: Recording,
/**
 * In order.
 */
pages: Array<Page>,
/**
 * Runs of pages as small PDFs; together they cover all pages that are not broken.
 */
parts: Array<Part>,
/**
 * Previews, texts and thumbnails, [`SHEET_PAGES`] pages each.
 */
sheets: Array<Sheet>,
/**
 * The PDF's own outline where it was taken in before it became part of the navigation data.
 */
outline?: Array<OutlineItem>,
/**
 * Outline and links; absent where there are none.
 */
guide?: NavigationBlob,
/**
 * The index of its texts; absent where it was taken in before there were any.
 */
index?: SearchIndex,
/**
 * What stands in for the fonts that its PDF does not embed; a wanted face may be missing.
 */
fonts?: Array<Substitute>, };

/**
 * Sound, or sound and pictures, to be played from the original.
 */
export type Recording = {
/**
 * Whether there are pictures.
 */
video: boolean,
/**
 * How long it is, when it says so or could be read through.
 */
seconds?: number,
/**
 * How loud it is: a JSON array of equal steps, 0 to 255.
 */
waveform?: Blob,
/**
 * A [`crate::transcript::Transcript`] as JSON.
 */
transcript?: Blob,
/**
 * A copy in a form that browsers play; absent where the original is played itself, or nothing can be.
 */
playable?: Playable, };

/**
 * A recording in a form that browsers play.
 */
export type Playable = {
/**
 * The copy.
 */
blob: Blob,
/**
 * MIME type.
 */
media_type: string, };

/**
 * The container that a material was taken from: an archive, a letter, a PDF with files attached.
 */
export type Origin = {
/**
 * The outermost container, as received.
 */
container: Blob,
/**
 * Its name.
 */
file_name: string,
/**
 * Where in it: folders and inner containers, joined by `/`.
 */
path: string, };

/**
 * What belongs to a material and is on none of its pages.
 */
export type Unseen = {
/**
 * Sheets that the workbook hides.
 */
hidden_sheets?: number,
/**
 * Files attached to it; they are materials after it.
 */
attachments?: number, };

/**
 * A transcript or the subtitles that came with a recording.
 */
export type Transcript = {
/**
 * In order. The text of the recording's page is these lines, each ended by `\n`.
 */
lines: Array<Line>, };

/**
 * A line of it.
 */
export type Line = {
/**
 * Seconds from the beginning, when it is known.
 */
at?: number,
/**
 * When it ends, when that is known.
 */
until?: number,
/**
 * Who says what.
 */
text: string, };

/**
 * A page; its identity is (material, index).
 */
export type Page = {
/**
 * Points, unrotated crop box.
 */
width: number,
/**
 * Points, unrotated crop box.
 */
height: number,
/**
 * Degrees clockwise to show it upright: 0, 90, 180 or 270.
 */
rotation?: 0 | 90 | 180 | 270,
/**
 * The label printed in the PDF, when it has one.
 */
label?: string,
/**
 * Set when the page is one image that the browser's own decoder may show instead of PDFium.
 */
image?: PageImage,
/**
 * Set when the page could not be read; it keeps its place and its number.
 */
problem?: Code,
/**
 * Set when its own text is not all that the page says: how far it has been read by OCR.
 */
scan?: Scan,
/**
 * Where its text comes from; absent where `scan` tells it, see [`Page::text_origin`].
 */
text?: TextOrigin, };

/**
 * A page for ever: its material and its index in it. The number that people see follows from the order of
 * the materials and changes with it.
 */
export type PageRef = {
/**
 * Id of the material.
 */
material: string,
/**
 * Index of the page in it, from 0.
 */
index: number, };

/**
 * What OCR has made of a page without text.
 */
export type Scan = {
/**
 * How far it is.
 */
state: ScanState,
/**
 * By how much the page, as displayed, is to be turned clockwise for its text to stand upright.
 */
turn?: 0 | 90 | 180 | 270,
/**
 * Degrees clockwise by which its lines then lean, within a few degrees of 0.
 */
skew?: number, };

/**
 * How far the reading of a page is.
 */
export type ScanState = "pending" | "read" | "failed";

/**
 * Where a page's text comes from.
 */
export type TextOrigin = "pdf" | "ocr" | "both";

/**
 * An image that makes up a whole page.
 */
export type PageImage = {
/**
 * The encoded image.
 */
blob: Blob,
/**
 * `image/jpeg`, `image/png` or `image/webp`.
 */
media_type: string,
/**
 * Pixels.
 */
width_px: number,
/**
 * Pixels.
 */
height_px: number,
/**
 * Where on the unrotated page it lies; outside it the page is white.
 */
rect: PageRect,
/**
 * The page itself has more pixels than this image of it: they are drawn from its part.
 */
reduced?: boolean, };

/**
 * An axis-aligned rectangle on a page, `x0 <= x1` and `y0 <= y1`.
 */
export type PageRect = {
/**
 * Left edge.
 */
x0: number,
/**
 * Upper edge.
 */
y0: number,
/**
 * Right edge.
 */
x1: number,
/**
 * Lower edge.
 */
y1: number, };

/**
 * A small self-contained PDF with a run of pages.
 */
export type Part = {
/**
 * Index in the material of its first page.
 */
first: number,
/**
 * Number of pages.
 */
count: number,
/**
 * Index in the part's PDF of that first page: 0, but where the original file serves as the part.
 */
offset?: number,
/**
 * The PDF.
 */
blob: Blob,
/**
 * The faces that stand in for fonts which it does not embed.
 */
fonts?: Array<Face>, };

/**
 * Previews, texts and thumbnails of [`SHEET_PAGES`] consecutive pages.
 */
export type Sheet = {
/**
 * Encoded images (JPEG), one after the other.
 */
previews: Blob,
/**
 * Where each preview ends; an empty one marks a page without.
 */
preview_ends: Array<number>,
/**
 * Encoded [`crate::text::PageText`]s, one after the other.
 */
texts: Blob,
/**
 * Where each text ends.
 */
text_ends: Array<number>,
/**
 * One JPEG: a grid of [`THUMB_COLUMNS`] columns of [`THUMB_WIDTH`] x [`THUMB_HEIGHT`] cells.
 */
thumbs: Blob, };

/**
 * Immutable bytes in the store.
 */
export type Blob = {
/**
 * SHA-256 of the bytes, 64 lower-case hex digits.
 */
sha256: string,
/**
 * Length.
 */
bytes: number, };

/**
 * The texts of a material's pages, ready to be searched.
 */
export type SearchIndex = {
/**
 * [`crate::search::SCHEMA_VERSION`] of the program that made it; another one cannot be searched.
 */
schema: number,
/**
 * The packed index files.
 */
blob: Blob,
/**
 * Where they begin in the volume's [`Manifest::bundle`], in bytes; absent where they are not in it.
 */
at?: number, };

/**
 * A font with the characters of one material.
 */
export type Substitute = {
/**
 * What it looks like.
 */
face: Face,
/**
 * An OpenType font.
 */
blob: Blob, };

/**
 * One of the faces that stand in.
 */
export type Face = {
/**
 * How strokes end.
 */
family: Family,
/**
 * Whose shapes.
 */
region: Region,
/**
 * Whether it is the bold weight.
 */
bold: boolean, };

/**
 * How strokes end.
 */
export type Family = "serif" | "sans";

/**
 * Whose shapes of the shared ideographs.
 */
export type Region = "sc" | "tc" | "jp" | "kr" | "europe";

/**
 * An entry of the PDF's own outline.
 */
export type OutlineItem = {
/**
 * As written in the PDF.
 */
title: string,
/**
 * Depth, from 0.
 */
level: number,
/**
 * Index of the page in the material.
 */
page: number, };

/**
 * Where a material's [`crate::navigation::Navigation`] lies.
 */
export type NavigationBlob = {
/**
 * JSON.
 */
blob: Blob,
/**
 * How many outline entries it has.
 */
outline: number, };

/**
 * Outline and links of a material.
 */
export type Navigation = {
/**
 * Flattened in reading order.
 */
outline: Array<OutlineItem>,
/**
 * In the order of the pages.
 */
links: Array<Link>, };

/**
 * A place on a page that leads somewhere.
 */
export type Link = {
/**
 * Index of its page in the material.
 */
page: number,
/**
 * Page space.
 */
rect: PageRect,
/**
 * Where it leads.
 */
target: LinkTarget, };

/**
 * Where a link leads.
 */
export type LinkTarget = { "page": number } | { "uri": string };

/**
 * Where the reader wants to go who clicked on a link or a citation.
 */
export type LinkDestination = { "kind": "page",
/**
 * Which.
 */
page: PageRef, } | { "kind": "volume",
/**
 * Its title, as cited.
 */
volume: string,
/**
 * Volume page number, from 1.
 */
page: number, } | { "kind": "uri",
/**
 * The address.
 */
uri: string, };

/**
 * A link or a citation that the reader has come to by key.
 */
export type PointedLink = {
/**
 * What is written there; empty for a picture.
 */
text: string,
/**
 * Where it leads.
 */
goal: LinkDestination, };

/**
 * The text of a page, for those who hear it.
 */
export type PageLines = {
/**
 * Whose they are.
 */
page: PageRef,
/**
 * In reading order; without the empty ones.
 */
lines: Array<string>, };

/**
 * Who may read a volume at all.
 */
export type VolumeClass = "main" | "internal" | "evidence" | "public";

/**
 * What kind of material it is; the order is the order of a volume.
 */
export type Category = "cover" | "contents" | "filing" | "complaint" | "acceptance" | "fees" | "response" | "answer" | "identity" | "hearing" | "deliberation" | "committee" | "reading_notes" | "review" | "inquiry" | "preservation" | "mediation" | "summons" | "pleading" | "judgment" | "service" | "evidence" | "note_sheet" | "back_cover" | "other";

/**
 * What failed, as a stable string.
 */
export type Code = "file.empty" | "file.unreadable" | "file.unsupported" | "ofd.unsupported" | "file.too_large" | "office.missing" | "office.damaged" | "office.encrypted" | "office.password_required" | "office.password_wrong" | "text.encoding_unknown" | "container.damaged" | "container.empty" | "container.password_required" | "container.password_wrong" | "container.too_many" | "container.too_large" | "container.too_deep" | "container.ratio" | "container.link" | "recording.damaged" | "recording.unsupported" | "pdf.damaged" | "pdf.password_required" | "pdf.password_wrong" | "image.damaged" | "image.too_large" | "picture.program_missing" | "page.broken" | "page.timeout" | "ingest.aborted" | "request.malformed" | "not_found" | "method_not_allowed" | "range.invalid" | "request.too_large" | "server.busy" | "server.internal" | "store.unreachable" | "store.read_only" | "store.full" | "blob.corrupt" | "blob.missing" | "manifest.format" | "server.gone" | "browser.unsupported" | "render.failed" | "identity.required" | "identity.unavailable" | "identity.name" | "identity.wrong" | "identity.locked" | "identity.insecure" | "identity.code" | "password.length" | "password.common" | "login.invalid" | "login.taken" | "user.unknown" | "origin.foreign" | "mark.forged" | "mark.foreign" | "mark.invalid" | "mark.newer" | "layer.malformed" | "layer.read_only" | "layer.full" | "layer.replica" | "layer.not_saved" | "room.message_too_large" | "room.too_fast" | "room.full" | "room.slow" | "storage.unavailable" | "selection.limit" | "selection.loading" | "selection.clipboard" | "search.query" | "search.pages" | "search.date" | "search.category" | "search.unindexed" | "search.failed" | "ocr.missing" | "font.missing" | "ocr.language" | "ocr.failed" | "local.gone" | "print.range" | "print.too_many" | "viewer.panic";

/**
 * An error as the server answers it (RFC 9457 problem document).
 */
export type Problem = {
/**
 * HTTP status.
 */
status: number,
/**
 * Stable code; the interface translates it.
 */
code: Code,
/**
 * One short English sentence.
 */
title: string, };

/**
 * A case in the list.
 */
export type CaseSummary = {
/**
 * Opaque id.
 */
id: string,
/**
 * 案号.
 */
number: string,
/**
 * 案由.
 */
title: string,
/**
 * 法院.
 */
court: string,
/**
 * How far it is.
 */
state?: CaseState,
/**
 * What whoever asks is to it.
 */
roles?: Array<Role>,
/**
 * Whether they may say who its members are.
 */
grants?: boolean,
/**
 * In order.
 */
volumes: Array<VolumeSummary>, };

/**
 * A volume in the list.
 */
export type VolumeSummary = {
/**
 * Opaque id.
 */
id: string,
/**
 * E.g. 正卷.
 */
title: string,
/**
 * Confidentiality class.
 */
class: VolumeClass,
/**
 * Number of pages at this revision.
 */
pages: number,
/**
 * Number of materials at this revision.
 */
materials: number,
/**
 * Counts up with every change.
 */
revision: number, };

/**
 * How the zoom follows the window.
 */
export type Fit = "width" | "page";

/**
 * How pages lie beside and below each other.
 */
export type Arrangement = "continuous" | "single" | "two" | "book";

/**
 * What the main button does.
 */
export type Tool = "select" | "hand" | "marquee";

/**
 * How the reader has the pages arranged and turned.
 */
export type View = {
/**
 * Beside and below each other.
 */
arrangement: Arrangement,
/**
 * Degrees clockwise by which all pages are turned: 0, 90, 180 or 270.
 */
turn: 0 | 90 | 180 | 270,
/**
 * And single pages further, in degrees.
 */
turns: Array<[page: PageRef, turn: 0 | 90 | 180 | 270]>, };

/**
 * How far the first view has come.
 */
export type Stage = "opening" | "readable" | "sharp";

/**
 * What the viewer reports to its shell after every change.
 */
export type Status = {
/**
 * Volume page number, from 1; 0 in an empty volume.
 */
page: number,
/**
 * The same page for ever; null while its material is not known.
 */
at: PageRef | null,
/**
 * Pages of the volume.
 */
pages: number,
/**
 * Position of the page's material in the manifest.
 */
material: number,
/**
 * Page number inside the material, from 1.
 */
page_in_material: number,
/**
 * Percent; 100 shows a point as 96/72 CSS pixels.
 */
zoom: number,
/**
 * Set while the zoom follows the window.
 */
fit: Fit | null,
/**
 * How far the view is scrolled down the current page: 0 at its upper edge, in page heights.
 */
offset: number,
/**
 * Every visible page shows at least its preview.
 */
readable: boolean,
/**
 * Every visible pixel is at full sharpness.
 */
sharp: boolean,
/**
 * Visible pages that could not be shown.
 */
failed: number,
/**
 * Pages in view that have nothing to show yet, not even a thumbnail.
 */
blank: number,
/**
 * Scroll position for a scrollbar: 0 to 1.
 */
scroll: number,
/**
 * Share of the volume's height in view: 0 to 1.
 */
extent: number,
/**
 * What the main button does.
 */
tool: Tool, };

/**
 * How the caret goes.
 */
export type Step = "back" | "forward" | "word_back" | "word_forward" | "up" | "down" | "line_start" | "line_end" | "page_start" | "page_end";

/**
 * What the shell wants of the viewer. Lengths are CSS pixels. Tagged outside: a tag inside makes the code that reads
 * it, which the first page waits for, three times as large.
 */
export type ViewerCommand = { "go_to": { page: PageRef, offset: number, } } | { "go_to_number": { number: number, offset: number, } } | { "zoom_to": { percent: number, } } | { "zoom_by": { factor: number, } } | { "fit": { fit: Fit, } } | { "scroll_by": { dx: number, dy: number, } } | { "scroll_to": { fraction: number, } } | { "set_view": { view: View, } } | { "set_tool": { tool: Tool, } } | { "put_marks": { marks: Array<MarkPaint>, } } | { "drop_marks": { ids: Array<string>, } } | "deselect" | "select_all" | { "set_caret": { on: boolean, } } | { "step": { step: Step, extend: boolean, } } | { "grab": { end: boolean, } } | { "drag": { x: number, y: number, } } | { "drop": { x: number, y: number, } } | { "step_link": { forward: boolean, } } | "follow_link" | "clear_hits" | { "show_hit": { page: PageRef, nth: number, } } | "retry";

/**
 * A place between two characters.
 */
export type TextPlace = {
/**
 * On which page.
 */
page: PageRef,
/**
 * Characters before it, as [`crate::text::PageText`] counts; the largest number while the page's text is
 * not there and its end is meant.
 */
at: number, };

/**
 * What is selected, in short; what of each page is asked for when it is needed.
 */
export type Selection = {
/**
 * Its beginning.
 */
start: TextPlace,
/**
 * Its end.
 */
end: TextPlace,
/**
 * Its first characters on its first page, line ends included.
 */
quote: string,
/**
 * All of its texts are there.
 */
whole: boolean,
/**
 * What encloses what is in view: left, upper edge, width, height in CSS pixels of the canvas; it may lie
 * outside.
 */
view: [number, number, number, number],
/**
 * The edges of the first and of the last character, as `view`, without width or height; null out of view.
 */
ends: [[number, number, number, number] | null, [number, number, number, number] | null], };

/**
 * Selected text of one page.
 */
export type Passage = {
/**
 * On which page.
 */
page: PageRef,
/**
 * First character, as [`crate::text::PageText`] counts.
 */
start: number,
/**
 * Behind the last character.
 */
end: number,
/**
 * The characters, line ends included.
 */
quote: string,
/**
 * Page space, one a line.
 */
rects: Array<PageRect>, };

/**
 * A mark as the viewer paints it.
 */
export type MarkPaint = {
/**
 * Comes back when it is clicked.
 */
id: string,
/**
 * On which page.
 */
page: PageRef,
/**
 * Page space.
 */
rects: Array<PageRect>,
/**
 * Red, green, blue; painted as with a marker pen.
 */
colour: [number, number, number],
/**
 * Drawn with a frame: the chosen one.
 */
active: boolean,
/**
 * A click goes through it.
 */
passive?: boolean, };

/**
 * What somebody is to a case.
 */
export type Role = "presiding_judge" | "rapporteur" | "panel_judge" | "assessor" | "assistant" | "clerk" | "committee" | "supervisor" | "archivist" | "other_court" | "prosecutor" | "lawyer" | "party" | "public" | "administrator" | "local";

/**
 * What somebody may want to do.
 */
export type Act = "know" | "read" | "copy" | "print" | "download" | "search" | "annotate" | "share" | "moderate" | "ingest" | "arrange" | "grant" | "present" | "audit";

/**
 * How far a case is.
 */
export type CaseState = "pending" | "closed" | "archived";

/**
 * The authenticated user with the roles that the case gives them.
 */
export type Principal = {
/**
 * Opaque id; empty when nobody is known.
 */
id: string,
/**
 * As others see it.
 */
name: string,
/**
 * What they are.
 */
roles: Array<Role>, };

/**
 * Who one is to the server.
 */
export type Session = {
/**
 * The principal; its id is empty when nobody is known.
 */
principal: Principal,
/**
 * Whether one may choose a name oneself.
 */
provisional: boolean,
/**
 * Whether one has an account and is signed in with it.
 */
account: boolean,
/**
 * Whom one may become without a password, where the server was started to be tried out.
 */
sample?: Array<SampleUser>, };

/**
 * Asks for a session: with an account, with a one-time code and the password that one chooses by it, under a
 * provisional name, or as one of the sample users.
 */
export type SessionRequest = { login: string,
/**
 * As an administrator gave it.
 */
code: Secret,
/**
 * The new one.
 */
password: Secret, } | { login: string, password: Secret, } | {
/**
 * As others are to see it.
 */
name: string, } | {
/**
 * Login of one of the sample users.
 */
sample: string, };

/**
 * What nobody else is to read: it is in no log and in no error.
 */
export type Secret = string;

/**
 * Somebody whom one may become without a password.
 */
export type SampleUser = { login: string, name: string,
/**
 * In every case of the sample.
 */
role: Role, };

/**
 * Another password for oneself.
 */
export type PasswordChange = { old: Secret, new: Secret, };

/**
 * Where one is signed in.
 */
export type Device = {
/**
 * Opaque id.
 */
id: string,
/**
 * Browser and system.
 */
label: string,
/**
 * Milliseconds since 1970.
 */
created: number,
/**
 * The last sign of life: milliseconds since 1970, to a few minutes.
 */
seen: number,
/**
 * Whether it is the one that asks.
 */
here: boolean, };

/**
 * Somebody with an account, as administrators see them.
 */
export type UserSummary = {
/**
 * Opaque id.
 */
id: string, login: string, name: string,
/**
 * Of the house; sees no case by that alone.
 */
administrator: boolean,
/**
 * May not sign in.
 */
disabled: boolean, };

/**
 * Asks for an account.
 */
export type UserRequest = { login: string, name: string, administrator?: boolean, };

/**
 * What is to be changed of an account.
 */
export type UserChange = { name?: string, administrator?: boolean, disabled?: boolean, };

/**
 * An account, and the code by which its owner chooses a password, once.
 */
export type UserCode = { user: UserSummary,
/**
 * Told once and not kept.
 */
code: Secret, };

/**
 * Somebody's role in a case.
 */
export type MemberSummary = {
/**
 * Id of the user.
 */
user: string, login: string, name: string, role: Role,
/**
 * Of which party, for lawyers and parties; otherwise empty.
 */
party: string,
/**
 * Milliseconds since 1970.
 */
since: number,
/**
 * The role ends then: milliseconds since 1970.
 */
until?: number, };

/**
 * Asks for a role in a case for somebody.
 */
export type MemberRequest = { login: string,
/**
 * One of those that a case gives.
 */
role: Role,
/**
 * Of which party.
 */
party?: string,
/**
 * The role ends then: milliseconds since 1970.
 */
until?: number, };

/**
 * Whose annotations a layer holds.
 */
export type LayerKind = "private" | "panel" | "meeting" | "everybody";

/**
 * A layer that one may open.
 */
export type LayerSummary = {
/**
 * The room's name.
 */
id: string,
/**
 * Whose it is.
 */
kind: LayerKind,
/**
 * Whether one may make marks in it.
 */
write: boolean,
/**
 * Whether one may also change and remove the marks of others.
 */
write_others: boolean, };

/**
 * What is known of a kind.
 */
export type MarkKind = {
/**
 * The stable name, as it stands in documents.
 */
id: string,
/**
 * What it can lie on.
 */
shapes: Array<MarkShape>,
/**
 * In the interface.
 */
zh: string,
/**
 * In the interface.
 */
en: string,
/**
 * What a new one has, until another is chosen.
 */
colour: MarkColour,
/**
 * May have another colour.
 */
recolours: boolean,
/**
 * May have a note.
 */
notes: boolean,
/**
 * May be moved by its author.
 */
moves: boolean,
/**
 * May have another size.
 */
resizes: boolean, };

/**
 * What a kind of mark can lie on; a [`super::Target`] without its place.
 */
export type MarkShape = "text" | "area" | "strokes" | "point" | "page" | "time";

/**
 * A mark's colour by name; `kinds` says how it looks on paper.
 */
export type MarkColour = "yellow" | "green" | "blue" | "red" | "purple";

/**
 * What has become of the matter that a mark raises.
 */
export type MarkStatus = "open" | "resolved";

/**
 * How a mark looks.
 */
export type MarkStyle = {
/**
 * Absent when only a newer version knows the colour.
 */
colour: MarkColour | null,
/**
 * Width of lines in points; the kind's own when absent.
 */
width: number | null, };

/**
 * A point on a page: points, y down, unrotated crop box.
 */
export type PagePoint = {
/**
 * Points from the left edge.
 */
x: number,
/**
 * Points from the upper edge.
 */
y: number, };

/**
 * One sample of a stroke in page space, at a multiple of a twentieth of a point.
 */
export type InkPoint = {
/**
 * Points from the left.
 */
x: number,
/**
 * Points from the top.
 */
y: number,
/**
 * 0 to 255; absent when the device has none.
 */
pressure?: number, };

/**
 * One stroke of a pen.
 */
export type Stroke = {
/**
 * Unique in its mark; strokes are in the order of their ids.
 */
id: string,
/**
 * In the order of drawing.
 */
points: Array<InkPoint>, };

/**
 * What is marked.
 */
export type MarkTarget = { "type": "text",
/**
 * Where.
 */
page: PageRef,
/**
 * First character.
 */
start: number,
/**
 * The character after the last.
 */
end: number,
/**
 * One rectangle a line, in page space.
 */
rects: Array<PageRect>,
/**
 * The characters, shortened to [`MAX_QUOTE`].
 */
quote: string, } | { "type": "area",
/**
 * Where.
 */
page: PageRef,
/**
 * In page space.
 */
rect: PageRect, } | { "type": "strokes",
/**
 * Where.
 */
page: PageRef,
/**
 * Each with an id, so that two windows can add and erase in one mark.
 */
strokes: Array<Stroke>, } | { "type": "point",
/**
 * Where.
 */
page: PageRef,
/**
 * In page space.
 */
at: PagePoint, } | { "type": "page",
/**
 * Which.
 */
page: PageRef, } | { "type": "time",
/**
 * The recording.
 */
material: string,
/**
 * Milliseconds from its beginning.
 */
start: number,
/**
 * Milliseconds from its beginning.
 */
end: number, } | { "type": "unknown",
/**
 * Where, if on a page.
 */
page: PageRef | null,
/**
 * In page space; may be empty.
 */
rects: Array<PageRect>, };

/**
 * A mark in a layer.
 */
export type Mark = {
/**
 * Made by the client that made the mark; unique in its layer.
 */
id: string,
/**
 * Version of the format that it was written in.
 */
v: number,
/**
 * What kind, by name: [`KINDS`] lists those that this version knows.
 */
kind: string,
/**
 * On what.
 */
target: MarkTarget,
/**
 * How it looks.
 */
style: MarkStyle,
/**
 * What the author says about it; may be empty.
 */
note: string,
/**
 * Words to find it by.
 */
tags: Array<string>,
/**
 * What has become of it, when anything is to.
 */
status: MarkStatus | null,
/**
 * The mark that it answers.
 */
parent: string | null,
/**
 * The author's principal id.
 */
author: string,
/**
 * The author's name, as the server knew it when it got the mark.
 */
author_name: string,
/**
 * Milliseconds since 1970, by the server's clock as far as the author's program knew it.
 */
created: number,
/**
 * Milliseconds since 1970, likewise.
 */
updated: number,
/**
 * Something in it only a newer version knows: it is shown and not edited here.
 */
newer: boolean, };

/**
 * Marks that a reader has to put in the place of what was there under their ids, or to drop.
 */
export type MarkChanges = {
/**
 * New or changed.
 */
put: Array<Mark>,
/**
 * Ids of those that are gone.
 */
drop: Array<string>, };

/**
 * A mark to be made.
 */
export type NewMark = {
/**
 * Its id.
 */
id: string,
/**
 * What kind, by name.
 */
kind: string,
/**
 * On what.
 */
target: MarkTarget, };

/**
 * What the reader does to a layer.
 */
export type LayerCommand = { "type": "add",
/**
 * In the order of their making.
 */
marks: Array<NewMark>,
/**
 * In which colour.
 */
colour: MarkColour, } | { "type": "note",
/**
 * Which.
 */
id: string,
/**
 * The whole note.
 */
note: string, } | { "type": "colour",
/**
 * Which.
 */
id: string,
/**
 * In which colour.
 */
colour: MarkColour, } | { "type": "remove",
/**
 * Which.
 */
id: string, } | { "type": "undo" } | { "type": "redo" };

/**
 * Somebody who is here.
 */
export type Person = {
/**
 * Principal id.
 */
id: string,
/**
 * Name, by the server.
 */
name: string,
/**
 * The page they are on, if they say.
 */
page: PageRef | null, };

/**
 * How close to the query something that was found is; the closest comes first.
 */
export type Closeness = "exact" | "confusable" | "near";

/**
 * A day of the calendar as the number that its eight digits make: 20230512.
 */
export type Day = number;

/**
 * Narrows a search down; what is empty or absent narrows nothing.
 */
export type Filter = {
/**
 * Only materials whose id this is, or whose title has this in it.
 */
materials: Array<string>,
/**
 * Only materials of these categories.
 */
categories: Array<Category>,
/**
 * Only these pages, by volume page number from 1, both included.
 */
pages: [number, number] | null,
/**
 * Only pages whose text names a day from the first to the second, both included.
 */
days: [Day, Day] | null,
/**
 * Only pages with marks, as the asker sees them.
 */
marked: boolean, };

/**
 * A page with matches.
 */
export type Hit = {
/**
 * Index of the page in its material.
 */
page: number,
/**
 * Start and end of every match, in characters of the page's text; they do not overlap. Exact ones come
 * first; both kinds are in the order of the text.
 */
matches: Array<[number, number]>,
/**
 * How many of them are exact.
 */
exact: number,
/**
 * Of the page: approximate where the query is not all on it as it stands.
 */
closeness: Closeness,
/**
 * Around the first one.
 */
snippet: Snippet, };

/**
 * One line of plain text; an ellipsis marks an end that is cut.
 */
export type Snippet = {
/**
 * Before the match.
 */
before: string,
/**
 * The match as it stands in the text, line ends apart.
 */
hit: string,
/**
 * Behind it.
 */
after: string, };

/**
 * A material that can be asked for.
 */
export type SearchMaterial = {
/**
 * Id.
 */
id: string,
/**
 * Title.
 */
title: string,
/**
 * Category.
 */
category: Category,
/**
 * Number of its pages.
 */
pages: number,
/**
 * Its index; null when it cannot be searched.
 */
index: Blob | null,
/**
 * Where it begins in the bundle; null when it is not in it.
 */
at: number | null, };

/**
 * Pages with marks.
 */
export type MarkedPages = {
/**
 * The page's own number for the volume.
 */
volume: number,
/**
 * Id of the material.
 */
material: string,
/**
 * Indexes in it.
 */
pages: Array<number>, };

/**
 * What is looked for in all volumes that one may read.
 */
export type CaseQuery = {
/**
 * As typed, in the language of the README. May be empty when `date` is given.
 */
query: string,
/**
 * Also what has one wrong, missing or surplus character.
 */
tolerant?: boolean,
/**
 * Only this case, by id.
 */
case?: string,
/**
 * Only this volume, by id.
 */
volume?: string,
/**
 * Only materials whose title has this in it, or whose id it is.
 */
material?: string,
/**
 * Only materials of this category: its key or its Chinese name.
 */
category?: string,
/**
 * Only these pages, by volume page number: 3, 3-9, 3- or -9.
 */
pages?: string,
/**
 * Only pages that name a day from A to B: `A..B`; days, months or years.
 */
date?: string,
/**
 * Pages in the answer, 1 to 200; 50 unless given.
 */
limit?: number,
/**
 * `next` of the answer before.
 */
cursor?: string, };

/**
 * What a search of all volumes found.
 */
export type CaseFound = {
/**
 * Pages that were found in all.
 */
total: number,
/**
 * Matches on them.
 */
matches: number,
/**
 * Whether all volumes were searched: false where there was too much, or too little time.
 */
complete: boolean,
/**
 * Materials without an index of this version.
 */
unsearched: number,
/**
 * Exact ones first, each case after case, volume after volume, in reading order.
 */
hits: Array<CaseHit>,
/**
 * For the next request, when there is more.
 */
next: string | null, };

/**
 * A page of some volume.
 */
export type CaseHit = {
/**
 * Id of the case.
 */
case: string,
/**
 * 案号.
 */
case_number: string,
/**
 * 案由.
 */
case_title: string,
/**
 * Id of the volume.
 */
volume: string,
/**
 * E.g. 正卷.
 */
volume_title: string,
/**
 * Confidentiality class of the volume.
 */
class: VolumeClass,
/**
 * Title of the material.
 */
material: string,
/**
 * Which page it is.
 */
at: PageRef,
/**
 * Its number in the volume now, from 1, for eyes.
 */
page: number,
/**
 * Matches on the page.
 */
count: number,
/**
 * Whether the query is not all on the page as it stands.
 */
approximate: boolean,
/**
 * Around the first match.
 */
snippet: Snippet, };

/**
 * What the worker is told.
 */
export type SearchRequest = { "type": "open",
/**
 * The page's own number for it.
 */
volume: number,
/**
 * Absolute URL of the volume.
 */
base: string,
/**
 * The indexes of many materials in one blob.
 */
bundle: Blob | null,
/**
 * In reading order.
 */
materials: Array<SearchMaterial>, } | { "type": "search",
/**
 * Comes back in the replies.
 */
job: number,
/**
 * Volumes that have been opened, in order.
 */
volumes: Array<number>,
/**
 * As typed.
 */
query: string,
/**
 * Set beside it.
 */
filter: Filter,
/**
 * Whether one mistake a phrase is tolerated.
 */
tolerant: boolean,
/**
 * Where the asker sees marks, when the query may ask for them.
 */
marked: Array<MarkedPages>, } | { "type": "cancel",
/**
 * Of the search.
 */
job: number, };

/**
 * What the worker answers.
 */
export type SearchReply = { "type": "ready" } | { "type": "found",
/**
 * Of the request.
 */
job: number,
/**
 * Number of the volume.
 */
volume: number,
/**
 * Position in the volume's materials.
 */
material: number,
/**
 * In order.
 */
hits: Array<Hit>, } | { "type": "missed",
/**
 * Of the request.
 */
job: number,
/**
 * Number of the volume.
 */
volume: number,
/**
 * Position in the volume's materials.
 */
material: number,
/**
 * Why.
 */
code: Code, } | { "type": "done",
/**
 * Of the request.
 */
job: number, } | { "type": "refused",
/**
 * Of the request.
 */
job: number,
/**
 * Why.
 */
code: Code, };

/** Every code there is. */
export const CODES: readonly Code[] = [
  "file.empty",
  "file.unreadable",
  "file.unsupported",
  "ofd.unsupported",
  "file.too_large",
  "office.missing",
  "office.damaged",
  "office.encrypted",
  "office.password_required",
  "office.password_wrong",
  "text.encoding_unknown",
  "container.damaged",
  "container.empty",
  "container.password_required",
  "container.password_wrong",
  "container.too_many",
  "container.too_large",
  "container.too_deep",
  "container.ratio",
  "container.link",
  "recording.damaged",
  "recording.unsupported",
  "pdf.damaged",
  "pdf.password_required",
  "pdf.password_wrong",
  "image.damaged",
  "image.too_large",
  "picture.program_missing",
  "page.broken",
  "page.timeout",
  "ingest.aborted",
  "request.malformed",
  "not_found",
  "method_not_allowed",
  "range.invalid",
  "request.too_large",
  "server.busy",
  "server.internal",
  "store.unreachable",
  "store.read_only",
  "store.full",
  "blob.corrupt",
  "blob.missing",
  "manifest.format",
  "server.gone",
  "browser.unsupported",
  "render.failed",
  "identity.required",
  "identity.unavailable",
  "identity.name",
  "identity.wrong",
  "identity.locked",
  "identity.insecure",
  "identity.code",
  "password.length",
  "password.common",
  "login.invalid",
  "login.taken",
  "user.unknown",
  "origin.foreign",
  "mark.forged",
  "mark.foreign",
  "mark.invalid",
  "mark.newer",
  "layer.malformed",
  "layer.read_only",
  "layer.full",
  "layer.replica",
  "layer.not_saved",
  "room.message_too_large",
  "room.too_fast",
  "room.full",
  "room.slow",
  "storage.unavailable",
  "selection.limit",
  "selection.loading",
  "selection.clipboard",
  "search.query",
  "search.pages",
  "search.date",
  "search.category",
  "search.unindexed",
  "search.failed",
  "ocr.missing",
  "font.missing",
  "ocr.language",
  "ocr.failed",
  "local.gone",
  "print.range",
  "print.too_many",
  "viewer.panic",
];

/** Every category in the order of a volume, with its Chinese name. */
export const CATEGORY_ZH: Readonly<Record<Category, string>> = {
  cover: "卷宗封面",
  contents: "卷内目录",
  filing: "立案审批",
  complaint: "起诉状",
  acceptance: "受理通知",
  fees: "诉讼费",
  response: "应诉通知",
  answer: "答辩状",
  identity: "身份及授权",
  hearing: "庭审笔录",
  deliberation: "评议笔录",
  committee: "审委会记录",
  reading_notes: "阅卷笔录",
  review: "审理报告",
  inquiry: "调查笔录",
  preservation: "保全",
  mediation: "调解",
  summons: "传票公告",
  pleading: "代理词",
  judgment: "裁判文书",
  service: "送达回证",
  evidence: "证据",
  note_sheet: "备考表",
  back_cover: "卷底",
  other: "其他",
};

/** Every kind of mark, in the order of the toolbar. */
export const MARK_KINDS: readonly MarkKind[] = [
  {
    "id": "highlight",
    "shapes": [
      "text"
    ],
    "zh": "高亮",
    "en": "Highlight",
    "colour": "yellow",
    "recolours": true,
    "notes": true,
    "moves": false,
    "resizes": false
  }
];

/** Every colour of marks, as it is on paper: red, green, blue. */
export const MARK_INK: Readonly<Record<MarkColour, readonly [number, number, number]>> = {
  yellow: [255, 225, 100],
  green: [166, 226, 150],
  blue: [140, 216, 236],
  red: [255, 170, 165],
  purple: [216, 184, 248],
};

//! Stable codes for everything that can fail (invariant 11).
//!
//! A code never changes its meaning; the interface translates it, the log keeps the cause.

use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $name:ident = $code:literal,)+) => {
        /// What failed, as a stable string.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "ts", derive(ts_rs::TS))]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum Code {
            $($(#[doc = $doc])+ #[serde(rename = $code)] $name,)+
        }

        impl Code {
            pub const ALL: &'static [Code] = &[$(Code::$name),+];

            pub fn as_str(self) -> &'static str {
                match self { $(Code::$name => $code),+ }
            }
        }
    };
}

codes! {
    /// The file has no bytes.
    FileEmpty = "file.empty",
    /// The file could not be read from the disk.
    FileUnreadable = "file.unreadable",
    /// The file's format is not one that Evolume takes.
    FileUnsupported = "file.unsupported",
    /// The file is an OFD document (GB/T 33190), which Evolume cannot show yet.
    OfdUnsupported = "ofd.unsupported",
    /// The file is larger than the configured limit.
    FileTooLarge = "file.too_large",
    /// The office document cannot be shown: LibreOffice, which would make a PDF of it, is not installed.
    OfficeMissing = "office.missing",
    /// The office document is damaged, locked in a way that is not recognised, or no PDF can be made of it.
    OfficeDamaged = "office.damaged",
    /// The office document is encrypted in a way that no password opens here.
    OfficeEncrypted = "office.encrypted",
    /// The office document is encrypted and no password was given.
    OfficePasswordRequired = "office.password_required",
    /// The office document is encrypted and the given password does not open it.
    OfficePasswordWrong = "office.password_wrong",
    /// The text may be in one of several encodings, and reads differently in each; a person has to choose.
    TextEncodingUnknown = "text.encoding_unknown",
    /// The archive, letter or attached file is damaged beyond opening.
    ContainerDamaged = "container.damaged",
    /// There is no file in the archive.
    ContainerEmpty = "container.empty",
    /// A file in the archive is encrypted and no password was given.
    ContainerPasswordRequired = "container.password_required",
    /// A file in the archive is encrypted and the given password does not open it.
    ContainerPasswordWrong = "container.password_wrong",
    /// There are more files in the container than are taken out of one.
    ContainerTooMany = "container.too_many",
    /// What is in the container is larger than what is taken out of one.
    ContainerTooLarge = "container.too_large",
    /// The container lies deeper in other containers than is looked into.
    ContainerTooDeep = "container.too_deep",
    /// What is in the archive is so much larger than the archive that it was made to do harm.
    ContainerRatio = "container.ratio",
    /// The archive has a link in the place of a file.
    ContainerLink = "container.link",
    /// The recording is damaged.
    RecordingDamaged = "recording.damaged",
    /// The browser cannot play a recording of this kind.
    RecordingUnsupported = "recording.unsupported",
    /// The PDF is damaged beyond opening.
    PdfDamaged = "pdf.damaged",
    /// The PDF is encrypted and no password was given.
    PdfPasswordRequired = "pdf.password_required",
    /// The PDF is encrypted and the given password does not open it.
    PdfPasswordWrong = "pdf.password_wrong",
    /// The image cannot be decoded.
    ImageDamaged = "image.damaged",
    /// The image has more pixels than the configured limit.
    ImageTooLarge = "image.too_large",
    /// The picture is of a kind for which a program of its own is needed, and that is not installed.
    PictureProgramMissing = "picture.program_missing",
    /// A page could not be read or rendered.
    PageBroken = "page.broken",
    /// A page took longer than its time limit, at ingest or in the browser.
    PageTimeout = "page.timeout",
    /// The file took longer than its time limit or brought its process down.
    IngestAborted = "ingest.aborted",
    /// A path, query, header or body is malformed.
    RequestMalformed = "request.malformed",
    /// There is nothing at this address, or nothing for this reader.
    NotFound = "not_found",
    /// The method is not allowed at this address.
    MethodNotAllowed = "method_not_allowed",
    /// The Range header asks for bytes that do not exist.
    RangeInvalid = "range.invalid",
    /// The request is larger or longer than the server takes.
    RequestTooLarge = "request.too_large",
    /// The server is too slow or too busy to answer now.
    ServerBusy = "server.busy",
    /// Something broke in the server; the log says what.
    ServerInternal = "server.internal",
    /// The database or the blob store cannot be reached, or does not answer in time.
    StoreUnreachable = "store.unreachable",
    /// The database takes nothing new; what is there can be read.
    StoreReadOnly = "store.read_only",
    /// There is no room left for what is to be kept.
    StoreFull = "store.full",
    /// Stored bytes do not match their hash.
    BlobCorrupt = "blob.corrupt",
    /// A stored file is missing.
    BlobMissing = "blob.missing",
    /// The manifest is of a format that this program does not read.
    ManifestFormat = "manifest.format",
    /// The server cannot be reached.
    ServerGone = "server.gone",
    /// The browser lacks WebAssembly or something else the viewer needs.
    BrowserUnsupported = "browser.unsupported",
    /// A page could not be rendered in the browser.
    RenderFailed = "render.failed",
    /// This needs a name, or a session that has ended.
    IdentityRequired = "identity.required",
    /// This server does not give out provisional names.
    IdentityUnavailable = "identity.unavailable",
    /// The name is empty, too long or has characters that no name has.
    IdentityName = "identity.name",
    /// The login or the password is wrong.
    IdentityWrong = "identity.wrong",
    /// So many tries to sign in have failed that the next one has to wait.
    IdentityLocked = "identity.locked",
    /// Nobody signs in over a connection that others may read.
    IdentityInsecure = "identity.insecure",
    /// The one-time code is wrong, used or too old.
    IdentityCode = "identity.code",
    /// The password is shorter or longer than one may be.
    PasswordLength = "password.length",
    /// The password is among those that anybody guesses first.
    PasswordCommon = "password.common",
    /// The login is empty, too long or has characters that no login has.
    LoginInvalid = "login.invalid",
    /// Another person has this login.
    LoginTaken = "login.taken",
    /// Nobody has this login.
    UserUnknown = "user.unknown",
    /// The request comes from a page of another site.
    OriginForeign = "origin.foreign",
    /// A mark names an author who is not the one who sends it.
    MarkForged = "mark.forged",
    /// A mark of somebody else was changed or removed.
    MarkForeign = "mark.foreign",
    /// A mark has fields that no mark has, or values outside their limits.
    MarkInvalid = "mark.invalid",
    /// A mark was made by a newer version; this one shows it and does not change it.
    MarkNewer = "mark.newer",
    /// An update of a layer cannot be read, or holds what no layer holds.
    LayerMalformed = "layer.malformed",
    /// This reader may not write into this layer.
    LayerReadOnly = "layer.read_only",
    /// The layer holds as much as it may.
    LayerFull = "layer.full",
    /// An update continues what another user's program wrote.
    LayerReplica = "layer.replica",
    /// An update could not be made durable; nothing of it was kept.
    LayerNotSaved = "layer.not_saved",
    /// A message is larger than the room takes.
    RoomMessageTooLarge = "room.message_too_large",
    /// Messages come faster than the room takes them, or too many were refused.
    RoomTooFast = "room.too_fast",
    /// The room or the server has as many connections as it takes.
    RoomFull = "room.full",
    /// The client read too slowly; it may connect again.
    RoomSlow = "room.slow",
    /// The browser keeps nothing: what is not on the server yet would be lost with the page.
    StorageUnavailable = "storage.unavailable",
    /// More pages are selected than can be taken or marked at once.
    SelectionLimit = "selection.limit",
    /// Texts of the selected pages are still on their way.
    SelectionLoading = "selection.loading",
    /// The browser does not let the page write to the clipboard.
    SelectionClipboard = "selection.clipboard",
    /// The query is too long, or has no letter, digit or ideograph.
    SearchQuery = "search.query",
    /// The query asks for pages in a way that names none.
    SearchPages = "search.pages",
    /// The query asks for dates in a way that names none.
    SearchDate = "search.date",
    /// The query asks for a category that there is not.
    SearchCategory = "search.category",
    /// The material has no index that this program can search; the server is making it.
    SearchUnindexed = "search.unindexed",
    /// The search itself broke.
    SearchFailed = "search.failed",
    /// There is no OCR program: scans cannot be searched.
    OcrMissing = "ocr.missing",
    /// Fonts that a PDF names but does not embed have no substitute here: their text is blank.
    FontMissing = "font.missing",
    /// The OCR program lacks the data of a configured language.
    OcrLanguage = "ocr.language",
    /// A page could not be read by the OCR program.
    OcrFailed = "ocr.failed",
    /// A reader's own file is not kept by the browser; it has to be chosen again.
    LocalGone = "local.gone",
    /// The pages to be printed are named in a way that names none.
    PrintRange = "print.range",
    /// More pages are to be printed at once than the browser can hold.
    PrintTooMany = "print.too_many",
    /// The viewer itself stopped on an internal error.
    ViewerPanic = "viewer.panic",
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serde_and_display_agree() {
        for code in Code::ALL {
            assert_eq!(serde_json::to_string(code).unwrap(), format!("\"{code}\""));
        }
    }
}

//! Makes PDFs of office documents: LibreOffice in a child process with a folder, a profile and limits of its own.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use evolume_model::code::Code;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};

use super::encoding::Charset;
use super::kind::{Module, Office};
use super::plain;
use crate::programs::{self, Confined};
use crate::refusal::Refusal;

/// Larger PDFs are none that a document on paper would give.
const PDF_LIMIT: u64 = 1 << 30;
/// No macros, nothing fetched, Chinese paper sizes and fonts where the document names none.
const PROFILE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>zh-CN</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>
</oor:items>
"#;

/// Why there is no PDF.
#[derive(Debug, thiserror::Error)]
pub enum ConvertError {
    /// The document is at fault, or LibreOffice.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The disk is at fault.
    #[error("the disk: {0}")]
    Io(#[from] std::io::Error),
}

/// How LibreOffice is started.
#[derive(Clone, Copy, Debug)]
pub struct LibreOffice<'a> {
    /// What starts it.
    pub confined: Confined<'a>,
    /// A path, or a name to look for in `PATH`.
    pub soffice: &'a Path,
    /// The encoding of texts, where somebody chose one.
    pub encoding: Option<Charset>,
}

impl LibreOffice<'_> {
    /// The PDF of a document, the same bytes every time; `scratch` takes its temporary folder.
    pub async fn convert(
        &self,
        scratch: &Path,
        office: Office,
        input: &Path,
    ) -> Result<Vec<u8>, ConvertError> {
        let soffice = installed(self.soffice, office.module())?;
        let folder = tempfile::tempdir_in(scratch)?;
        let document = folder.path().join(format!("document.{}", office.extension()));
        prepare(office, input, &document, self.encoding).await?;
        let user = folder.path().join("profile/user");
        tokio::fs::create_dir_all(&user).await?;
        tokio::fs::write(user.join("registrymodifications.xcu"), PROFILE).await?;

        let mut arguments: Vec<OsString> =
            ["--headless", "--nologo", "--nodefault", "--norestore", "--nolockcheck"]
                .map(OsString::from)
                .into();
        let profile = folder.path().join("profile");
        arguments.push(format!("-env:UserInstallation=file://{}", address(&profile)).into());
        if let Some(filter) = office.filter() {
            arguments.push(format!("--infilter={filter}").into());
        }
        let export = match office.module() {
            Module::Writer => "pdf:writer_pdf_Export",
            Module::Calc => "pdf:calc_pdf_Export",
            Module::Impress => "pdf:impress_pdf_Export",
        };
        arguments.extend(["--convert-to", export, "--outdir"].map(OsString::from));
        arguments.extend([folder.path().join("out").into(), document.into()]);
        let refused = |code: Code, cause: String| Refusal::new(code, cause).into();
        let confined = Confined { sockets: true, ..self.confined };
        let Some(ended) = confined.run(folder.path(), &soffice, arguments).await? else {
            return Err(refused(Code::IngestAborted, "LibreOffice exceeded the time limit".to_owned()));
        };
        let made = folder.path().join("out/document.pdf");
        match tokio::fs::metadata(&made).await {
            Ok(pdf) if pdf.len() <= PDF_LIMIT => {
                let mut bytes = tokio::fs::read(&made).await?;
                normalise(&mut bytes);
                Ok(bytes)
            }
            Ok(_) => Err(refused(Code::FileTooLarge, "its PDF is too large".to_owned())),
            Err(_) => {
                // It ends by itself when it cannot read a file.
                let code = if ended.killed() { Code::IngestAborted } else { Code::OfficeDamaged };
                Err(refused(code, format!("LibreOffice ended with {ended}")))
            }
        }
    }
}

/// The parts that LibreOffice lacks here, by name.
pub fn lacking(soffice: &Path) -> Vec<&'static str> {
    let modules = [Module::Writer, Module::Calc, Module::Impress].into_iter();
    modules.filter(|module| installed(soffice, *module).is_err()).map(Module::name).collect()
}

/// Where LibreOffice is, if it has what reads these documents.
fn installed(soffice: &Path, module: Module) -> Result<PathBuf, ConvertError> {
    let name = module.name();
    let missing = |cause: String| Refusal::new(Code::OfficeMissing, cause);
    let found = programs::find(soffice).ok_or_else(|| {
        missing(format!("there is no {}; Debian has it in libreoffice-{name}-nogui", soffice.display()))
    })?;
    let real = std::fs::canonicalize(&found)?;
    let registry = real.ancestors().nth(2).map(|above| above.join("share/registry"));
    // An unusual installation is believed to have everything.
    let lacks = |folder: &PathBuf| folder.is_dir() && !folder.join(format!("{name}.xcd")).is_file();
    if registry.as_ref().is_some_and(lacks) {
        let lacking = format!("LibreOffice has no {name} here; Debian has it in libreoffice-{name}-nogui");
        return Err(missing(lacking).into());
    }
    Ok(found)
}

/// A copy under a name by which LibreOffice knows it: it never sees the original itself.
async fn prepare(
    office: Office,
    input: &Path,
    document: &Path,
    encoding: Option<Charset>,
) -> Result<(), ConvertError> {
    if !matches!(office, Office::Text | Office::Html) {
        tokio::fs::copy(input, document).await?;
        return Ok(());
    }
    if tokio::fs::metadata(input).await?.len() > plain::LIMIT {
        return Err(Refusal::new(Code::FileTooLarge, "too long for a text").into());
    }
    let bytes = tokio::fs::read(input).await?;
    let text = plain::decode(&bytes, encoding)?;
    let text = if office == Office::Html { plain::clean(&text) } else { text };
    Ok(tokio::fs::write(document, text).await?)
}

/// A path as it stands in an address.
fn address(path: &Path) -> impl std::fmt::Display {
    const PLAIN: &AsciiSet =
        &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');
    percent_encode(path.as_os_str().as_encoded_bytes(), PLAIN)
}

/// Overwrites what differs from run to run: dates, identifiers, the checksum over them. No byte moves.
fn normalise(bytes: &mut [u8]) {
    let tail = bytes.len().saturating_sub(8192);
    for (key, fixed) in [
        (&b"/CreationDate(D:"[..], &b"20000101000000"[..]),
        (b"/ModDate(D:", b"20000101000000"),
        (b"/ID [ <", &[b'0'; 32]),
        (b">\n<", &[b'0'; 32]),
        (b"/DocChecksum /", &[b'0'; 32]),
    ] {
        let found = bytes[tail..].windows(key.len()).position(|window| window == key);
        let Some(at) = found.map(|at| tail + at + key.len()) else { continue };
        for (byte, fixed) in bytes[at..].iter_mut().zip(fixed) {
            if !byte.is_ascii_hexdigit() {
                break;
            }
            *byte = *fixed;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_from_run_to_run_is_overwritten() {
        let pdf = |date: &str, id: &str| {
            format!(
                "/Producer<FEFF>\n/CreationDate(D:{date}+01'00')>>\ntrailer\n<</Size 19/Root 17 0 R\n\
                 /ID [ <{id}>\n<{id}> ]\n/DocChecksum /{id}\n>>"
            )
            .into_bytes()
        };
        let mut first = pdf("20261125121957", &"D6".repeat(16));
        let mut second = pdf("20261126091530", &"0A".repeat(16));
        normalise(&mut first);
        normalise(&mut second);
        assert_eq!(String::from_utf8_lossy(&first), String::from_utf8_lossy(&second));
        assert!(first.windows(5).any(|window| window == b"19/Ro"));
    }

    #[test]
    fn a_path_becomes_an_address() {
        assert_eq!(address(Path::new("/a b/卷")).to_string(), "/a%20b/%E5%8D%B7");
    }

    #[test]
    fn without_libreoffice_its_package_is_named() {
        let error = installed(Path::new("/nowhere/soffice"), Module::Calc).unwrap_err();
        assert!(error.to_string().contains("libreoffice-calc-nogui"), "{error}");
        assert!(matches!(error, ConvertError::Refused(Refusal { code: Code::OfficeMissing, .. })));
    }
}

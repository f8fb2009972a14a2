//! The child process: binds PDFium, answers requests on stdin/stdout, and may crash or hang; its
//! parent copes.

use std::io::{Read, Write};
use std::path::Path;
use std::time::Duration;

use evolume_model::code::Code;
use evolume_model::geometry::Rotation;
use pdfium_render::prelude::*;

use super::{attached, listen, page, part, pdf, scan, substitute, wrap};
use crate::confine;
use crate::office::{self, Charset};
use crate::pdfium::FontLibrary;
use crate::pdfium::protocol::{FRAME_LIMIT, Reply, Request};
use crate::refusal::Refusal;
use crate::unpack::{self, Out};

/// Why a child could not start or go on.
#[derive(Debug, thiserror::Error)]
pub enum WorkerError {
    /// PDFium cannot be loaded.
    #[error("PDFium cannot be loaded: {0}")]
    Bind(PdfiumError),
    /// The parent is gone or talks nonsense.
    #[error("the parent's messages broke off: {0}")]
    Pipe(#[from] std::io::Error),
    /// A frame that is none.
    #[error("a frame cannot be read: {0}")]
    Frame(#[from] postcard::Error),
}

/// Runs until stdin ends.
pub fn run(library: &Path, fonts: FontLibrary) -> Result<(), WorkerError> {
    let pdfium = substitute::pdfium(library, fonts).map_err(WorkerError::Bind)?;
    let mut input = std::io::stdin().lock();
    let mut output = std::io::stdout().lock();
    // Nothing of a stranger's is read before the walls stand; the library is loaded by now.
    let Some(Request::Confine(reach)) = receive(&mut input)? else {
        return Err(std::io::Error::other("the first request is to be confined").into());
    };
    send(&mut output, &postcard::to_stdvec(&Reply::Confined(confine::close_in(&reach)))?)?;
    let mut open: Option<pdf::Document<'_>> = None;
    while let Some(request) = receive(&mut input)? {
        let reply = answer(&pdfium, &mut open, request)
            .unwrap_or_else(|refusal| Reply::Refused { code: refusal.code, cause: refusal.cause });
        let bytes = frame(reply)?;
        match send(&mut output, &bytes) {
            // The parent was stopped: nobody wants the answer.
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => return Ok(()),
            result => result?,
        }
    }
    Ok(())
}

/// A page is sent without its image, which PDFium then draws, when that is too large.
fn frame(mut reply: Reply) -> Result<Vec<u8>, postcard::Error> {
    let bytes = postcard::to_stdvec(&reply)?;
    if bytes.len() <= FRAME_LIMIT {
        return Ok(bytes);
    }
    match &mut reply {
        Reply::Page(page) if page.image.is_some() => {
            page.image = None;
            frame(reply)
        }
        _ => frame(Reply::Refused { code: Code::FileTooLarge, cause: "too much for an answer".to_owned() }),
    }
}

fn send(output: &mut impl Write, bytes: &[u8]) -> std::io::Result<()> {
    output.write_all(&(bytes.len() as u32).to_le_bytes())?;
    output.write_all(bytes)?;
    output.flush()
}

fn receive(input: &mut impl Read) -> Result<Option<Request>, WorkerError> {
    let mut length = [0; 4];
    match input.read_exact(&mut length) {
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => return Ok(None),
        result => result?,
    }
    let length = u32::from_le_bytes(length) as usize;
    if length > FRAME_LIMIT {
        return Err(std::io::Error::other("frame too long").into());
    }
    let mut frame = vec![0; length];
    input.read_exact(&mut frame)?;
    Ok(Some(postcard::from_bytes(&frame)?))
}

fn answer<'a>(
    pdfium: &'a Pdfium,
    open: &mut Option<pdf::Document<'a>>,
    request: Request,
) -> Result<Reply, Refusal> {
    let nothing = || Refusal::new(Code::PageBroken, "nothing is open");
    match request {
        Request::Confine(_) => Err(Refusal::new(Code::ServerInternal, "it is confined already")),
        Request::Open { path, passwords } => {
            *open = None;
            let document = pdf::Document::open(pdfium, &path, &passwords)?;
            let reply = Reply::Opened(document.glance());
            *open = Some(document);
            Ok(reply)
        }
        Request::Wrap { path, format, out, helped } => {
            wrap::wrap(pdfium, &path, format, &out, &helped).map(Reply::Wrapped)
        }
        Request::Listen { path, seconds } => {
            listen::listen(&path, Duration::from_secs(seconds)).map(Reply::Heard)
        }
        Request::Unpack { path, container, passwords, encoding, out, allowance } => {
            let mut out = Out::new(&out, allowance);
            match container {
                Some(container) => {
                    let chosen = encoding.as_deref().and_then(Charset::named);
                    unpack::unpack(&path, container, &passwords, chosen, &mut out)?;
                }
                None => attached::take(&pdf::Document::open(pdfium, &path, &passwords)?, &mut out)?,
            }
            Ok(Reply::Unpacked(out.finish()))
        }
        Request::Prepare { path, office, passwords, out } => {
            office::look_inside(&path, office, &passwords, &out).map(Reply::Prepared)
        }
        Request::Page { index } => {
            let document = open.as_ref().ok_or_else(nothing)?;
            page::derive(pdfium, document, index).map(|page| Reply::Page(Box::new(page)))
        }
        Request::Scan { index, turn, red } => {
            let document = open.as_ref().ok_or_else(nothing)?;
            let turn = Rotation::try_from(turn).unwrap_or_default();
            scan::picture(document, index, turn, red).map(Reply::Scan)
        }
        Request::Part { first, count } => {
            let document = open.as_ref().ok_or_else(nothing)?;
            substitute::take_wanted();
            part::cut(pdfium, document, first, count).map(|(bytes, faithful)| Reply::Part {
                bytes,
                faithful,
                fonts: substitute::take_wanted(),
            })
        }
    }
}

//! The files that are attached to a PDF, or that a portfolio is made of.

use evolume_model::code::Code;

use super::pdf::Document;
use crate::refusal::Refusal;
use crate::unpack::Out;

/// A larger one is not taken out: it would be held in memory.
const LARGE: usize = 1 << 30;

/// Takes them out in their order.
pub fn take(document: &Document<'_>, out: &mut Out) -> Result<(), Refusal> {
    for (number, attachment) in (1..).zip(document.inner.attachments().iter()) {
        let name = Some(attachment.name()).filter(|name| !name.trim().is_empty());
        let name = name.unwrap_or_else(|| number.to_string());
        if attachment.len() > LARGE {
            out.refuse(&name, Code::FileTooLarge)?;
            continue;
        }
        match attachment.save_to_bytes() {
            Ok(bytes) => out.put_bytes(&name, &bytes)?,
            Err(error) => {
                tracing::info!(%error, "an attached file cannot be taken out");
                out.refuse(&name, Code::ContainerDamaged)?;
            }
        }
    }
    Ok(())
}

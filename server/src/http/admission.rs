//! Who is at the other end of a socket, and what they may do in a document: asked when a channel opens, and again
//! while it is open.

use std::sync::Arc;

use axum::http::HeaderMap;
use evolume_annotations::key::{DocKey, Scope};
use evolume_model::access::{LayerId, Principal, Rights, rights};

use super::error::ApiError;
use super::identity::Identity;
use crate::library::Library;

/// The reader that a socket was opened by.
#[derive(Clone)]
pub struct Reader {
    inner: Arc<Inner>,
}

struct Inner {
    identity: Identity,
    library: Library,
    headers: HeaderMap,
    /// Principal id at the handshake.
    id: String,
}

/// What a reader may do in a document; they may at least read it.
#[derive(Debug)]
pub struct Admitted {
    pub principal: Principal,
    pub rights: Rights,
}

impl Reader {
    pub async fn new(identity: Identity, library: Library, headers: HeaderMap) -> Result<Self, ApiError> {
        let id = identity.principal(&headers).await?.id;
        Ok(Self { inner: Arc::new(Inner { identity, library, headers, id }) })
    }

    /// By what is true now. A document that is not this reader's looks like one that does not exist.
    pub async fn judge(&self, key: &DocKey) -> Result<Admitted, ApiError> {
        let Inner { identity, library, headers, id } = &*self.inner;
        let principal = identity.principal(headers).await?;
        if principal.id != *id {
            return Err(ApiError::SessionOver);
        }
        let Scope::Volume(volume) = &key.scope else { return Err(ApiError::NotFound) };
        let layer = LayerId::parse(&key.name).ok_or(ApiError::NotFound)?;
        let loaded = library.load(&principal, volume).await?;
        let rights = rights(&principal, loaded.class(), &layer);
        if rights.read { Ok(Admitted { principal, rights }) } else { Err(ApiError::NotFound) }
    }
}

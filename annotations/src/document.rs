//! A shared document as a room keeps it: a CRDT whose updates are read by a schema and judged by its kind.
//!
//! A room knows nothing of marks. Whatever else is written together (notes come next) implements [`Document`].

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use evolume_model::access::{Principal, Rights};
use evolume_model::code::Code;
use yrs::updates::decoder::Decode;
use yrs::{ClientID, Doc, OffsetKind, Options, ReadTxn, StateVector, Transact, TransactionMut, Update};

use crate::lib0::{Malformed, Reader};
use crate::schema::Schema;
use crate::update::{Contents, Replica};

/// Origin of the transactions that apply an update from elsewhere.
pub const REMOTE: &str = "remote";

/// The result of applying an update.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applied {
    /// All of it is in, and the document is not what it was.
    Changed,
    /// All of it was known already.
    Known,
    /// It follows something that is not here; nothing of it is in.
    Missing,
}

/// Who sent an update, and when.
#[derive(Clone, Copy, Debug)]
pub struct Writer<'a> {
    /// The authenticated sender.
    pub principal: &'a Principal,
    /// What they may do here.
    pub rights: Rights,
    /// The replicas of the update, each bound to the sender alone.
    pub replicas: &'a [Replica],
    /// The server's time, in milliseconds since 1970.
    pub now: u64,
}

/// A document that replicas change independently and that converges.
///
/// The mechanics are the same for all of them and stand here; a kind of document brings its [`Schema`], its
/// limits and its judge.
pub trait Document: Sized {
    /// What an update may contain.
    const SCHEMA: Schema;
    /// Bytes of one update.
    const MAX_UPDATE: usize;
    /// Bytes of the whole document.
    const MAX_STATE: usize;
    /// One judged change.
    type Change;

    /// An empty document; `replica` is unique for every open document.
    fn new(replica: Replica) -> Self;

    /// The CRDT document.
    fn doc(&self) -> &Doc;

    /// What the last applied update did.
    fn done(&self) -> &Mutex<Done>;

    /// Whether every change that the last applied update made to `self` is the writer's to make.
    ///
    /// `self` is the kept twin after the update, `before` the document without it. What counts is what the
    /// transaction did, not what the update says: overwriting a key deletes another's value though the
    /// update deletes nothing.
    fn judge(&self, before: &Self, writer: Writer<'_>) -> Result<Vec<Self::Change>, Code>;

    /// Everything, as an update.
    fn state(&self) -> Vec<u8> {
        self.doc().transact().encode_state_as_update_v1(&StateVector::default())
    }

    /// What this document knows, as a state vector.
    fn vector(&self) -> Vec<u8> {
        use yrs::updates::encoder::Encode;
        self.doc().transact().state_vector().encode_v1()
    }

    /// What somebody lacks who knows `vector`.
    fn missing(&self, vector: &[u8]) -> Result<Vec<u8>, Malformed> {
        let vector = read_vector(vector)?;
        Ok(self.doc().transact().encode_state_as_update_v1(&vector))
    }

    /// Up to which clock this document knows a replica.
    fn known(&self) -> impl Fn(Replica) -> u32 {
        let vector = self.doc().transact().state_vector();
        move |replica| vector.get(&ClientID::new(replica))
    }

    /// Applies an update, wherever it comes from. Fails on what the schema does not allow; if the CRDT library
    /// is what failed, the document is not to be used any more.
    fn apply(&self, update: &[u8]) -> Result<Applied, Malformed> {
        let contents = Contents::read(update, &Self::SCHEMA)?;
        if !contents.fits(self.known()) {
            return Ok(Applied::Missing);
        }
        self.take_done();
        let update = Update::decode_v1(update).map_err(|_| Malformed)?;
        let mut txn = self.doc().transact_mut_with(REMOTE);
        txn.apply_update(update).map_err(|_| Malformed)?;
        txn.commit();
        if txn.has_missing_updates() {
            return Err(Malformed);
        }
        if !txn.has_changes() {
            return Ok(Applied::Known);
        }
        let writers = txn.insert_set().client_ids().map(|client| client.get());
        self.done().lock().unwrap_or_else(PoisonError::into_inner).writers = writers.collect();
        Ok(Applied::Changed)
    }

    /// What the last update or transaction did, once.
    fn take_done(&self) -> Done {
        std::mem::take(&mut *self.done().lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// A copy that shares nothing with this document.
    fn copy(&self) -> Result<Self, Malformed> {
        let copy = Self::new(0);
        copy.apply(&self.state())?;
        copy.take_done();
        Ok(copy)
    }
}

/// What a transaction did to a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// Top-level entries that it touched, also where they look the same as before.
    pub entries: BTreeSet<String>,
    /// Replicas of what it inserted.
    pub writers: BTreeSet<Replica>,
}

/// An empty CRDT document that counts text as JavaScript does.
pub(crate) fn empty_doc(replica: Replica) -> Doc {
    Doc::with_options(Options {
        offset_kind: OffsetKind::Utf16,
        ..Options::with_client_id(ClientID::new(replica))
    })
}

/// Whether a transaction changes the document from here, and not by an update from elsewhere.
pub(crate) fn is_local(txn: &TransactionMut<'_>) -> bool {
    txn.origin().is_none_or(|origin| origin.as_ref() != REMOTE.as_bytes())
}

/// Reads a state vector, believing no count.
pub(crate) fn read_vector(bytes: &[u8]) -> Result<StateVector, Malformed> {
    let mut reader = Reader::new(bytes);
    let mut vector = StateVector::default();
    for _ in 0..reader.count(2)? {
        let replica = reader.var()?;
        let clock = u32::try_from(reader.var()?).map_err(|_| Malformed)?;
        vector.set_max(ClientID::new(replica), clock);
    }
    reader.end()?;
    Ok(vector)
}

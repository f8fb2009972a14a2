//! The index of one material: a tantivy segment with one document per page, in order, packed into one blob.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::PathBuf;

use tantivy::directory::RamDirectory;
use tantivy::indexer::SingleSegmentIndexWriter;
use tantivy::schema::{
    Field, IndexRecordOption, Schema, TantivyDocument, TextFieldIndexing, TextOptions, Value,
};
use tantivy::store::Compressor;
use tantivy::tokenizer::{Token, TokenStream, Tokenizer, TokenizerManager};
use tantivy::{Directory, DocId, IndexReader, IndexSettings, ReloadPolicy};

use super::candidates::candidates;
use super::fold::{Folded, fold};
use super::pack::{self, IndexError, PackDirectory};
use super::{Hit, Place, Query, SCHEMA_VERSION};

/// Initial size of the writer's tables in bytes; they grow on demand.
const BUDGET: usize = 15_000_000;
/// Blocks of stored text kept decompressed while one query runs, 16 KB each.
const CACHED_BLOCKS: usize = 2;

const TEXT: &str = "text";
const TOKENIZER: &str = "evolume";
const META: &str = "meta.json";
/// Replaces the segment's random name, so that the same pages give the same bytes.
const SEGMENT: &str = "00000000000000000000000000000000";

fn schema() -> (Schema, Field) {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(TOKENIZER)
        .set_fieldnorms(false)
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let mut schema = Schema::builder();
    let text =
        schema.add_text_field(TEXT, TextOptions::default().set_indexing_options(indexing).set_stored());
    (schema.build(), text)
}

/// Makes an index, page by page.
pub struct Writer {
    files: RamDirectory,
    writer: SingleSegmentIndexWriter,
    text: Field,
}

impl Writer {
    pub fn new() -> Result<Self, IndexError> {
        let (schema, text) = schema();
        let files = RamDirectory::create();
        let tokenizers = TokenizerManager::new();
        tokenizers.register(TOKENIZER, Characters);
        let settings = IndexSettings {
            docstore_compression: Compressor::Lz4,
            docstore_compress_dedicated_thread: false,
            ..IndexSettings::default()
        };
        let writer = tantivy::Index::builder()
            .schema(schema)
            .settings(settings)
            .tokenizers(tokenizers)
            .single_segment_index_writer(files.clone(), BUDGET)?;
        Ok(Self { files, writer, text })
    }

    /// Adds the next page by its [`crate::text::PageText::as_str`], which may be empty.
    pub fn add(&mut self, text: &str) -> Result<(), IndexError> {
        let mut document = TantivyDocument::default();
        document.add_text(self.text, text);
        Ok(self.writer.add_document(document)?)
    }

    /// The whole index; the same bytes for the same pages.
    pub fn finish(self) -> Result<Vec<u8>, IndexError> {
        let index = self.writer.finalize()?;
        let segments = index.searchable_segment_ids()?;
        let random = segments.first().map(|id| id.uuid_string()).unwrap_or_default();
        let mut paths: Vec<PathBuf> = index.directory().list_managed_files().into_iter().collect();
        paths.sort_unstable();
        let mut packed = Vec::new();
        for path in paths {
            let name = path.to_string_lossy().into_owned();
            let bytes = self.files.open_read(&path).map_err(tantivy::TantivyError::from)?.read_bytes()?;
            let bytes = if name == META { plain_meta(&bytes, &random) } else { bytes.to_vec() };
            packed.push((name.replace(&random, SEGMENT), bytes));
        }
        Ok(pack::encode(SCHEMA_VERSION, &packed))
    }
}

/// The index's metadata with a fixed segment name in place of the random one.
fn plain_meta(meta: &[u8], random: &str) -> Vec<u8> {
    let hyphened = |id: &str| [&id[..8], &id[8..12], &id[12..16], &id[16..20], &id[20..]].join("-");
    String::from_utf8_lossy(meta).replace(&hyphened(random), &hyphened(SEGMENT)).into_bytes()
}

/// A searchable index. It keeps the pages that it looked at until [`Index::forget`].
pub struct Index {
    reader: IndexReader,
    text: Field,
    pages: RefCell<HashMap<DocId, Page>>,
    bytes: Cell<usize>,
}

/// A page's text, original and folded.
struct Page {
    text: String,
    folded: Folded,
}

impl Index {
    /// Reads what [`Writer::finish`] made.
    pub fn open(pack: Vec<u8>) -> Result<Self, IndexError> {
        let files = PackDirectory::open(SCHEMA_VERSION, pack)?;
        let index = tantivy::Index::open(files)?;
        let text = index.schema().get_field(TEXT)?;
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .doc_store_cache_num_blocks(CACHED_BLOCKS)
            .try_into()?;
        Ok(Self { reader, text, pages: RefCell::default(), bytes: Cell::new(0) })
    }

    /// Every matching page, in order.
    pub fn search(&self, query: &Query, place: &Place<'_>) -> Result<Vec<Hit>, IndexError> {
        let mut hits = Vec::new();
        if !query.admits(place) {
            return Ok(hits);
        }
        let searcher = self.reader.searcher();
        let mut pages = self.pages.borrow_mut();
        for segment in searcher.segment_readers() {
            let mut store = None;
            for page in candidates(segment, self.text, query)? {
                if !query.admits_page(place, page) {
                    continue;
                }
                let kept = match pages.entry(page) {
                    Entry::Occupied(entry) => entry.into_mut(),
                    Entry::Vacant(entry) => {
                        let store = match &mut store {
                            Some(store) => store,
                            none => none.insert(segment.get_store_reader(CACHED_BLOCKS)?),
                        };
                        let document: TantivyDocument = store.get(page)?;
                        let text = document.get_first(self.text);
                        let text =
                            text.and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default();
                        let folded = fold(&text);
                        self.bytes.set(self.bytes.get() + text.len() + folded.bytes() + size_of::<Page>());
                        entry.insert(Page { text, folded })
                    }
                };
                hits.extend(query.look(page, &kept.text, &kept.folded));
            }
        }
        Ok(hits)
    }

    /// Memory used by the kept pages, in bytes.
    pub fn kept(&self) -> usize {
        self.bytes.get()
    }

    /// Drops the kept pages.
    pub fn forget(&self) {
        self.bytes.set(0);
        self.pages.take();
    }
}

/// One token for every folded letter, digit and ideograph.
#[derive(Clone)]
struct Characters;

struct Tokens {
    rest: std::vec::IntoIter<char>,
    token: Token,
}

impl Tokenizer for Characters {
    type TokenStream<'a> = Tokens;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Tokens {
        let tokens: Vec<char> =
            fold(text).units.into_iter().filter(|unit| unit.is_token()).map(|unit| unit.ch()).collect();
        // Its position wraps to 0 with the first token.
        Tokens { rest: tokens.into_iter(), token: Token { position: usize::MAX, ..Token::default() } }
    }
}

impl TokenStream for Tokens {
    fn advance(&mut self) -> bool {
        let Some(ch) = self.rest.next() else { return false };
        self.token.text.clear();
        self.token.text.push(ch);
        self.token.position = self.token.position.wrapping_add(1);
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

//! Evolume's server: ingest files, store volumes, serve them.

mod admission;
pub mod background;
pub mod clock;
pub mod config;
pub mod confine;
pub mod http;
pub mod ids;
pub mod index_maintenance;
pub mod ingest;
mod library;
pub mod ocr;
mod office;
mod packed;
pub mod pages;
pub mod pdfium;
pub mod people;
mod pictures;
mod programs;
mod refusal;
pub mod rights;
pub mod rooms;
pub mod search;
pub mod store;
mod unpack;
pub mod verify;
pub mod views;
pub mod why;

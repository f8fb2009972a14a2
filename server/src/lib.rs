//! Evolume's server: ingest files, store volumes, serve them.

pub mod app;
mod assets;
pub mod auth;
pub mod config;
pub mod confine;
pub mod error;
pub mod ids;
pub mod ingest;
pub mod ocr;
pub mod openapi;
pub mod pages;
mod programs;
pub mod range;
pub mod rooms;
pub mod search;
pub mod store;
pub mod verify;
mod volumes;

//! The tests that run the real program or the whole library: one program of them all, since each would be linked, and
//! much of what it uses compiled, anew.

mod bench;
mod blobs;
mod boxes;
mod case_search;
mod command_errors;
mod common;
mod containers;
mod corpus;
mod doctor;
mod golden;
mod health;
mod hostile;
mod http;
mod ingest;
mod life;
mod navigation;
mod ocr;
mod ocr_faults;
mod office;
mod outages;
mod pages;
mod people;
mod pictures;
mod prose;
mod recordings;
mod reports;
mod reports_containers;
mod reports_pages;
mod rights;
mod rooms;
mod scanned;
mod search;
mod store;
mod transfer;

//! From a page's picture to its text: several tries at it, and what is done about their faults.

mod again;
mod codes;
mod columns;
mod given;
mod missed;
mod page;

pub use page::{Found, Known, ReadError, Show, read};

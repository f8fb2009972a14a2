//! From a page's picture to its text: several tries at it, and what is done about their faults.

mod again;
mod columns;
mod missed;
mod page;

pub use page::{Known, ReadError, Show, read};

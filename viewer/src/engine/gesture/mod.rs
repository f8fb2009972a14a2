//! What a pointer does on the pages.

pub(super) mod tools;

//! Evolume viewer.

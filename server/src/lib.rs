//! Evolume server.

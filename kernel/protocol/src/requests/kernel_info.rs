//! `kernel_info_request`: who this kernel is. Known when it was compiled, so nothing waits for it.
//! Knows nothing of the evaluator.

use serde_json::{Value, json};

use crate::session::PROTOCOL_VERSION;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The Rust that this kernel is written for; the learner's may be newer.
const RUST_VERSION: &str = env!("CARGO_PKG_RUST_VERSION");

pub(super) fn content() -> Value {
    json!({
        "status": "ok",
        "protocol_version": PROTOCOL_VERSION,
        "implementation": "gradbook",
        "implementation_version": VERSION,
        "language_info": {
            "name": "rust",
            "version": RUST_VERSION,
            "mimetype": "text/x-rustsrc",
            "file_extension": ".rs",
            "pygments_lexer": "rust",
            "codemirror_mode": "rust",
            "nbconvert_exporter": "script",
        },
        "banner": format!("Gradbook {VERSION}: Rust and libtorch, one cell at a time"),
        "help_links": [
            { "text": "The Rust book", "url": "https://doc.rust-lang.org/book/" },
            { "text": "The Rust standard library", "url": "https://doc.rust-lang.org/std/" },
            { "text": "tch: libtorch in Rust", "url": "https://docs.rs/tch" },
            { "text": "plotters", "url": "https://docs.rs/plotters" },
        ],
        "debugger": false,
        "supported_features": [],
    })
}

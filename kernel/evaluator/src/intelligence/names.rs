//! Names of Rust and its library that are offered whether or not anything else is known.
//! Knows nothing of where a cursor stands.

/// The keywords that begin something in a cell.
pub const KEYWORDS: [&str; 32] = [
    "as", "async", "await", "break", "const", "continue", "crate", "dyn", "else", "enum", "false",
    "fn", "for", "if", "impl", "in", "let", "loop", "match", "mod", "move", "mut", "pub", "ref",
    "return", "static", "struct", "trait", "true", "type", "use", "while",
];

/// Names that are in scope everywhere, with their kind.
pub const PRELUDE: [(&str, &str); 44] = [
    ("assert!", "macro"),
    ("assert_eq!", "macro"),
    ("dbg!", "macro"),
    ("eprintln!", "macro"),
    ("format!", "macro"),
    ("matches!", "macro"),
    ("panic!", "macro"),
    ("print!", "macro"),
    ("println!", "macro"),
    ("todo!", "macro"),
    ("vec!", "macro"),
    ("write!", "macro"),
    ("Box", "struct"),
    ("Clone", "trait"),
    ("Copy", "trait"),
    ("Default", "trait"),
    ("Err", "variant"),
    ("Fn", "trait"),
    ("From", "trait"),
    ("Into", "trait"),
    ("Iterator", "trait"),
    ("None", "variant"),
    ("Ok", "variant"),
    ("Option", "enum"),
    ("Result", "enum"),
    ("Some", "variant"),
    ("String", "struct"),
    ("ToString", "trait"),
    ("Vec", "struct"),
    ("bool", "type"),
    ("char", "type"),
    ("drop", "function"),
    ("f32", "type"),
    ("f64", "type"),
    ("i32", "type"),
    ("i64", "type"),
    ("str", "type"),
    ("u8", "type"),
    ("u32", "type"),
    ("u64", "type"),
    ("usize", "type"),
    ("Tensor", "struct"),
    ("Kind", "enum"),
    ("Device", "enum"),
];

/// Where paths can begin.
pub const CRATES: [&str; 7] = [
    "std", "tch", "plotters", "lessons", "course", "self", "crate",
];

/// What learners use of a few modules.
pub const MODULES: [(&str, &[&str]); 5] = [
    (
        "std",
        &[
            "cell",
            "cmp",
            "collections",
            "convert",
            "env",
            "error",
            "f32",
            "f64",
            "fmt",
            "fs",
            "io",
            "iter",
            "mem",
            "ops",
            "path",
            "process",
            "rc",
            "str",
            "string",
            "sync",
            "thread",
            "time",
            "vec",
        ],
    ),
    (
        "std::collections",
        &[
            "BTreeMap",
            "BTreeSet",
            "BinaryHeap",
            "HashMap",
            "HashSet",
            "VecDeque",
        ],
    ),
    ("std::rc", &["Rc", "Weak"]),
    ("std::sync", &["Arc", "Mutex", "RwLock", "atomic", "mpsc"]),
    (
        "tch",
        &[
            "CModule",
            "Cuda",
            "Device",
            "IndexOp",
            "Kind",
            "Reduction",
            "Tensor",
            "nn",
            "no_grad",
        ],
    ),
];

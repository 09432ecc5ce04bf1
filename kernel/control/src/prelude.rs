//! What is in scope in every cell, before anything of the learner's.

/// Written once, for those who compile cells, who complete them and who index what they can name.
pub const PRELUDE: &str = "use ::lessons::prelude::*;\nuse ::course::prelude::*;\n";

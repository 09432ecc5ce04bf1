//! `gradbook`: sets up the lessons and is the kernel that runs them.
fn main() {}

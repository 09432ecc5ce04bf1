//! Code intelligence for cells: completion and inspection by evcxr, in a process of its own.
fn main() {}

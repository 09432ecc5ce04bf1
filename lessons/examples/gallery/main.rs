//! Every picture beside the code that draws it and its numbers, as one page to read offline:
//! `cargo run -p lessons --example gallery -- FOLDER` writes `FOLDER/gallery.html`.

use std::error::Error;
use std::path::PathBuf;

mod pictures;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args()
        .nth(1)
        .map_or_else(std::env::temp_dir, PathBuf::from);
    let path = folder.join("gallery.html");
    std::fs::write(&path, pictures::page(&pictures::entries()))?;
    println!("{}", path.display());
    Ok(())
}

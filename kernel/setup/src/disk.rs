//! Free space, before anything large is fetched or built.
//! Knows nothing of the steps; it is told how much they need.

use std::path::Path;

use crate::tools::Tools;
use crate::trouble::Trouble;

/// Bytes in a mebibyte.
const MIB: u64 = 1024 * 1024;

/// Free mebibytes where `path` lies or will lie, as `df` tells; `None` where it cannot be told.
#[must_use]
pub fn free_mib(path: &Path, tools: &Tools) -> Option<u64> {
    let existing = path.ancestors().find(|dir| dir.exists())?;
    let table = tools.answer("df", &["-Pk", existing.to_str()?])?;
    let kib: u64 = table
        .lines()
        .nth(1)?
        .split_whitespace()
        .nth(3)?
        .parse()
        .ok()?;
    Some(kib * 1024 / MIB)
}

/// Refuses to start what the disk cannot hold; a disk that cannot be asked is not refused.
///
/// # Errors
/// Less than `needed` mebibytes are free.
pub fn check(path: &Path, needed_mib: u64, tools: &Tools) -> Result<(), Trouble> {
    match free_mib(path, tools) {
        Some(free) if free < needed_mib => Err(Trouble::new(
            format!(
                "Set-up still needs {} of disk space in {} and {} are free",
                gigabytes(needed_mib),
                path.display(),
                gigabytes(free)
            ),
            "free some space, or put its folder on another disk with \
             `GRADBOOK_HOME=/path/to/folder cargo lab`",
        )),
        _ => Ok(()),
    }
}

/// `1.2 GB`
#[must_use]
pub fn gigabytes(mib: u64) -> String {
    format!("{:.1} GB", mib as f64 / 1024.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake::FakeBin;

    #[test]
    fn too_little_space_is_told_in_figures() {
        let bin = FakeBin::new();
        bin.script(
            "df",
            "echo 'Filesystem 1024-blocks Used Available Capacity Mounted on'\n\
             echo '/dev/sda1 9999999 1 1048576 99% /'",
        );
        let place = bin.path("clone/.gradbook");
        assert_eq!(free_mib(&place, &bin.tools()), Some(1024));
        assert_eq!(check(&place, 1000, &bin.tools()), Ok(()));
        let told = check(&place, 4096, &bin.tools()).unwrap_err().to_string();
        assert!(told.contains("4.0 GB") && told.contains("1.0 GB"), "{told}");
    }

    #[test]
    fn a_machine_without_df_is_not_refused() {
        let bin = FakeBin::new();
        assert_eq!(check(&bin.path("x"), 4096, &bin.tools()), Ok(()));
    }
}

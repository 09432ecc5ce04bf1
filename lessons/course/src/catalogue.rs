//! The fifteen notebooks in their order, and the exercises of each; also as JSON, for tests of the
//! notebooks.

use serde_json::json;

use crate::exercise::Exercise;
use crate::learner;
use crate::{n01, n02, n03, n04, n05, n06, n07, n08, n09, n10, n11, n12, n13, n14, n15};

/// One notebook of the course.
#[derive(Debug, Clone, Copy)]
pub struct Notebook {
    /// Its file in `notebooks/`, without `.ipynb`.
    pub file: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// About how long it takes, exercises included.
    pub minutes: u32,
    /// Its exercises in order.
    pub exercises: &'static [Exercise],
}

const fn notebook(
    file: &'static str,
    title: &'static str,
    minutes: u32,
    exercises: &'static [Exercise],
) -> Notebook {
    Notebook {
        file,
        title,
        minutes,
        exercises,
    }
}

/// All notebooks. One for each section of the course's document.
pub static NOTEBOOKS: [Notebook; 15] = [
    notebook("01_what_are_models", "What are models?", 30, n01::EXERCISES),
    notebook(
        "02_weights_and_parameters",
        "Weights and parameters",
        35,
        n02::EXERCISES,
    ),
    notebook(
        "03_neural_network_basics",
        "Neural network basics",
        45,
        n03::EXERCISES,
    ),
    notebook(
        "04_transformer_architecture",
        "Transformer architecture",
        60,
        n04::EXERCISES,
    ),
    notebook(
        "05_how_models_learn",
        "How models learn",
        75,
        n05::EXERCISES,
    ),
    notebook("06_code_examples", "Code examples", 60, n06::EXERCISES),
    notebook(
        "07_capacity_and_scaling",
        "Capacity and scaling",
        40,
        n07::EXERCISES,
    ),
    notebook("08_embeddings", "Embeddings", 40, n08::EXERCISES),
    notebook(
        "09_model_evaluation",
        "Model evaluation",
        45,
        n09::EXERCISES,
    ),
    notebook(
        "10_common_architectures",
        "Common architectures",
        50,
        n10::EXERCISES,
    ),
    notebook(
        "11_interpretability",
        "Interpretability",
        45,
        n11::EXERCISES,
    ),
    notebook(
        "12_common_training_mistakes",
        "Common training mistakes",
        60,
        n12::EXERCISES,
    ),
    notebook(
        "13_validation_checklist",
        "Validation checklist",
        60,
        n13::EXERCISES,
    ),
    notebook(
        "14_putting_it_together",
        "Putting it together",
        60,
        n14::EXERCISES,
    ),
    notebook(
        "15_takeaways_next_steps",
        "Takeaways and next steps",
        20,
        n15::EXERCISES,
    ),
];

/// All exercises, in the course's order.
pub fn exercises() -> impl Iterator<Item = &'static Exercise> {
    NOTEBOOKS.iter().flat_map(|notebook| notebook.exercises)
}

/// The exercise of this name.
pub fn find(id: &str) -> Option<&'static Exercise> {
    exercises().find(|exercise| exercise.id == id)
}

/// Notebook and place in it, such as `1.2`.
pub fn number(id: &str) -> Option<String> {
    (1..).zip(&NOTEBOOKS).find_map(|(notebook, listed)| {
        let at = listed
            .exercises
            .iter()
            .position(|exercise| exercise.id == id)?;
        Some(format!("{notebook}.{}", at + 1))
    })
}

/// Everything that a test of the notebooks needs: notebooks with their exercises in order, each with its
/// starter, codes, number of hints, and its solution for the learner of this computer.
pub fn catalogue_json() -> String {
    let seed = learner::record("").seed;
    let exercise = |exercise: &Exercise| {
        let mut draw = learner::question_draw(seed, exercise.id);
        json!({
            "id": exercise.id,
            "title": exercise.title,
            "codes": exercise.codes,
            "starter": exercise.starter,
            "hints": exercise.hints.len(),
            "solution": (exercise.solution)(&mut draw),
        })
    };
    let notebook = |notebook: &Notebook| {
        let exercises = notebook.exercises.iter().map(exercise);
        json!({
            "file": notebook.file,
            "title": notebook.title,
            "minutes": notebook.minutes,
            "exercises": exercises.collect::<Vec<_>>(),
        })
    };
    json!({
        "notebooks": NOTEBOOKS.iter().map(notebook).collect::<Vec<_>>(),
        "checklist": crate::checklist::ITEMS.map(|(code, _)| code),
    })
    .to_string()
}

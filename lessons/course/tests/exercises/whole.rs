//! The catalogue as a whole: nothing in it is missing a part.

use std::collections::BTreeSet;
use std::process::Command;

use course::{catalogue, learner};

#[test]
fn every_exercise_has_a_test_of_its_name() {
    let program = std::env::current_exe().expect("this program");
    let listed = Command::new(program).arg("--list").output().expect("run");
    let listed = String::from_utf8(listed.stdout).expect("text");
    for exercise in catalogue::exercises() {
        let number = &exercise.notebook[..2];
        let (within, name) = (format!("n{number}::"), format!("::{}: test", exercise.id));
        let is_there = |line: &str| line.starts_with(&within) && line.ends_with(&name);
        assert!(listed.lines().any(is_there), "{} has no test", exercise.id);
    }
}

#[test]
fn ids_are_unique_and_exercises_stand_in_their_notebook() {
    let mut ids = BTreeSet::new();
    for notebook in &catalogue::NOTEBOOKS {
        for exercise in notebook.exercises {
            assert!(
                ids.insert(exercise.id),
                "{} stands there twice",
                exercise.id
            );
            assert_eq!(exercise.notebook, notebook.file, "{}", exercise.id);
        }
    }
}

#[test]
fn every_exercise_is_complete() {
    for exercise in catalogue::exercises() {
        let id = exercise.id;
        let call = format!("check::{id}(");
        assert!(exercise.hints.len() >= 3, "{id}: fewer than three hints");
        assert!(
            exercise.starter.contains(&call),
            "{id}: the starter does not check"
        );
        for seed in 0..20 {
            let solution = (exercise.solution)(&mut learner::question_draw(seed, id));
            assert!(solution.contains(&call), "{id}: {solution}");
            let question = (exercise.question)(&mut learner::question_draw(seed, id));
            assert_ne!(question, Default::default(), "{id}");
        }
    }
}

//! Hints, solutions, beginning again, and the dashboard over all of it.

use course::checklist::{ITEMS, NOTEBOOK};
use course::dashboard::{ReportError, Standing};
use course::exercise::Exercise;
use course::help::Shown;
use course::prelude::*;
use course::verdict::Outcome;
use course::{catalogue, check, learner};
use lessons::show::Show;

use crate::harness::as_learner;

/// An exercise whose answer is the same for everyone.
fn solve() -> course::verdict::Verdict {
    check::where_next(&[
        (
            "make a model write in the style of our reports",
            "fine-tuning",
        ),
        ("answer from documents that change every day", "retrieval"),
        ("run a model on a laptop with little memory", "quantization"),
        (
            "train a model that no single GPU can hold",
            "distributed training",
        ),
        ("let a model use a calculator and a calendar", "agents"),
        ("get more from 500 labelled photos", "data augmentation"),
    ])
}

#[test]
fn hints_come_one_by_one_and_stay() {
    as_learner(5, || {
        let shown = |_| hint("gpt2_parameters").show().plain().to_owned();
        let [first, second, third, fourth] = [1, 2, 3, 4].map(shown);
        assert!(
            first.contains("hint 1 of 3") && !first.contains("\n2. "),
            "{first}"
        );
        assert!(
            second.contains("\n1. ") && second.contains("\n2. "),
            "{second}"
        );
        assert!(
            third.contains("\n3. ") && third.contains("solution(\"gpt2_parameters\")"),
            "{third}"
        );
        assert_eq!(third, fourth);
    });
}

#[test]
fn a_solution_marks_a_later_answer_until_the_reset() {
    as_learner(5, || {
        let with = |verdict: &course::verdict::Verdict| {
            matches!(
                verdict.outcome(),
                Outcome::Correct {
                    with_solution: true,
                    ..
                }
            )
        };
        assert!(
            solution("where_next")
                .show()
                .plain()
                .contains("check::where_next(")
        );
        assert!(with(&solve()));
        assert!(reset("where_next").show().plain().contains("is open again"));
        assert!(!with(&solve()));
        // Solved without: looking now takes nothing away.
        assert!(solution("where_next").show().plain().contains("that stays"));
        assert!(!with(&solve()));
    });
}

#[test]
fn a_reset_draws_the_question_anew() {
    as_learner(5, || {
        let text = |shown: Shown| shown.show().plain().to_owned();
        let card = || text(exercise("two_neurons"));
        let (first, solved) = (card(), text(solution("two_neurons")));
        assert_eq!(card(), first);
        assert!(text(reset("two_neurons")).contains("drawn anew"));
        let second = card();
        assert_ne!(second, first);
        // Whatever is kept afterwards, the new question stays.
        assert!(!check::two_neurons(0.0).is_correct());
        assert_eq!(card(), second);
        assert_ne!(text(solution("two_neurons")), solved);
        let _ = reset_all();
        assert_ne!(card(), second);
        for exercise in catalogue::exercises() {
            assert!(text(reset(exercise.id)).contains("is open again"));
        }
        // Nobody has begun this one.
        assert!(!text(reset("loss_of_three")).contains("drawn anew"));
    });
}

#[test]
fn an_unknown_name_is_answered_with_the_nearest() {
    as_learner(5, || {
        for shown in [
            exercise("gpt2_parameter"),
            hint("gpt2_parameter"),
            reset("gpt2_parameter"),
        ] {
            assert!(
                shown
                    .show()
                    .plain()
                    .contains("Did you mean \"gpt2_parameters\"?")
            );
        }
    });
}

#[test]
fn the_dashboard_welcomes_then_counts_then_applies_the_rule() {
    as_learner(5, || {
        assert!(dashboard().show().plain().contains("Welcome!"));
        assert!(dashboard().reread().is_empty());
        let (done, all) = dashboard().done();
        assert!(done == 0 && all >= 5);
        let _ = solve();
        let order = [
            "take the next batch",
            "prediction = model.forward(x)",
            "loss = mse_loss(prediction, y)",
            "optimizer.zero_grad()",
            "loss.backward()",
            "optimizer.step()",
        ];
        assert_eq!(dashboard().standing("PU2"), Some(Standing::Open));
        assert!(check::training_loop_order(&order).is_correct());
        let after = dashboard();
        assert_eq!(after.done().0, 2);
        assert_eq!(after.standing("PU2"), Some(Standing::Solid));
        assert_eq!(after.standing("AK1"), Some(Standing::Open));
        // All five success criteria are missing, but nobody has taken the checklist yet.
        assert!(after.reread().is_empty());
        let said = after.show().plain().to_owned();
        assert!(
            said.contains("The checklist in notebook 13 decides"),
            "{said}"
        );
        let lines = [
            "optimizer.zero_grad()",
            "loss.backward()",
            "optimizer.step()",
        ];
        assert!(
            lines
                .iter()
                .any(|line| check::missing_line(line).is_correct())
        );
        let taken = dashboard();
        assert_eq!(taken.standing("AK1"), Some(Standing::Begun));
        assert_eq!(taken.standing("XY1"), None);
        assert!(taken.reread().contains(&"03_neural_network_basics"));
        assert!(!taken.reread().contains(&NOTEBOOK));
        let said = taken.show().plain().to_owned();
        assert!(
            said.contains("5 of the five success criteria are not met yet"),
            "{said}"
        );
        let _ = reset_all();
        assert_eq!(dashboard().done().0, 0);
    });
}

/// Keeps these exercises as solved without their solution.
fn keep_as_solved(chosen: impl Fn(&&Exercise) -> bool) {
    let kept = learner::change(|progress| {
        for exercise in catalogue::exercises().filter(chosen) {
            let mut record = progress.record(exercise.id);
            record.solve();
            progress.keep(exercise.id, &record, 1_000);
        }
    });
    assert!(kept.notes.is_empty());
}

#[test]
fn the_checklists_notebook_is_enough_by_itself() {
    as_learner(5, || {
        keep_as_solved(|exercise| exercise.notebook == NOTEBOOK && exercise.id != "vocabulary");
        let nearly = dashboard();
        assert_eq!(nearly.standing("SC3"), Some(Standing::Open));
        let said = nearly.show().plain().to_owned();
        assert!(
            said.contains("1 of the five success criteria is not met yet"),
            "{said}"
        );
        keep_as_solved(|exercise| exercise.notebook == NOTEBOOK);
        let all = dashboard();
        for (code, _) in ITEMS {
            assert_eq!(all.standing(code), Some(Standing::Solid), "{code}");
        }
        assert!(all.reread().is_empty());
        let (done, count) = all.done();
        let said = all.show().plain().to_owned();
        let open = format!(
            "All five success criteria are met; {} exercises are still open.",
            count - done
        );
        assert!(said.contains(&open), "{said}");
        keep_as_solved(|exercise| exercise.id != "vocabulary" && exercise.id != "price_model");
        assert!(
            dashboard()
                .show()
                .plain()
                .contains("met; 1 exercise is still open.")
        );
        keep_as_solved(|_| true);
        assert!(
            dashboard()
                .show()
                .plain()
                .contains("All exercises are done, and all five")
        );
    });
}

#[test]
fn the_notebooks_before_are_enough_too_and_named_once() {
    as_learner(5, || {
        keep_as_solved(|exercise| exercise.id == "mend_slow");
        let page = dashboard().show();
        let html = page
            .iter()
            .find(|(kind, _)| *kind == "text/html")
            .expect("HTML")
            .1;
        let from = &html[html.find(">SC2<").expect("a row")..];
        let row = &from[..from.find("</tr>").expect("its end")];
        assert_eq!(
            row.matches("12_common_training_mistakes.ipynb").count(),
            1,
            "{row}"
        );
        assert!(!row.contains(NOTEBOOK), "{row}");
        let row = &html[html.find(">PU5<").expect("a row")..];
        assert!(
            !row[..row.find("</tr>").expect("its end")].contains(", <a"),
            "one notebook"
        );
        keep_as_solved(|exercise| exercise.notebook != NOTEBOOK);
        for (code, _) in ITEMS {
            assert_eq!(dashboard().standing(code), Some(Standing::Solid), "{code}");
        }
    });
}

#[test]
fn a_report_is_markdown_or_html() {
    as_learner(5, || {
        let folder = tempfile::tempdir().expect("a folder");
        let file = |name: &str| folder.path().join(name);
        let _ = solution("takeaway_results");
        let _ = solve();
        let said = dashboard().save(file("report.md")).expect("written");
        let path = file("report.md");
        assert_eq!(
            said.show().plain(),
            format!("Report written to {}", path.display())
        );
        let _ = dashboard().save(file("report.html")).expect("written");
        let text = |name| std::fs::read_to_string(file(name)).expect("a file");
        assert!(text("report.md").contains("(15_takeaways_next_steps.ipynb) | 1 | 0 | 1 | 1 |"));
        let page = text("report.html");
        assert!(page.starts_with("<!DOCTYPE html>") && !page.contains("<script"));
        let refused = dashboard().save(file("report.pdf"));
        assert!(matches!(refused, Err(ReportError::Ending { .. })));
        let missing = dashboard().save(file("none/report.md"));
        assert!(matches!(missing, Err(ReportError::Write { .. })));
    });
}

//! Hints, solutions, beginning again, and the dashboard over all of it.

use course::check;
use course::dashboard::{ReportError, Standing};
use course::prelude::*;
use course::verdict::Outcome;
use lessons::show::Show;

use crate::harness::as_learner;

fn solve() -> course::verdict::Verdict {
    check::gpt2_parameters(124_439_808)
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
            solution("gpt2_parameters")
                .show()
                .plain()
                .contains("check::gpt2_parameters(")
        );
        assert!(with(&solve()));
        assert!(
            reset("gpt2_parameters")
                .show()
                .plain()
                .contains("is open again")
        );
        assert!(!with(&solve()));
        // Solved without: looking now takes nothing away.
        assert!(
            solution("gpt2_parameters")
                .show()
                .plain()
                .contains("that stays")
        );
        assert!(!with(&solve()));
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
        assert_eq!(after.standing("PU2"), Some(Standing::Begun));
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
        assert_eq!(dashboard().standing("PU2"), Some(Standing::Solid));
        assert_eq!(after.standing("XY1"), None);
        // All five success criteria are missing, so the rule says what to reread.
        assert!(after.reread().contains(&"03_neural_network_basics"));
        assert!(!after.show().plain().contains("Welcome!"));
        let _ = reset_all();
        assert_eq!(dashboard().done().0, 0);
    });
}

#[test]
fn a_report_is_markdown_or_html() {
    as_learner(5, || {
        let folder = tempfile::tempdir().expect("a folder");
        let file = |name: &str| folder.path().join(name);
        let _ = solve();
        dashboard().save(file("report.md")).expect("written");
        dashboard().save(file("report.html")).expect("written");
        let text = |name| std::fs::read_to_string(file(name)).expect("a file");
        assert!(
            text("report.md")
                .contains("| [02 Weights and parameters](02_weights_and_parameters.ipynb) | 1 |")
        );
        let page = text("report.html");
        assert!(page.starts_with("<!DOCTYPE html>") && !page.contains("<script"));
        let refused = dashboard().save(file("report.pdf"));
        assert!(matches!(refused, Err(ReportError::Ending { .. })));
        let missing = dashboard().save(file("none/report.md"));
        assert!(matches!(missing, Err(ReportError::Write { .. })));
    });
}

//! The exercises of notebook 03.

use course::check;
use course::prelude::self_grade;
use course::verdict::Outcome;

use crate::harness::tested;

const TEXT: &str =
    "Two linear layers are one linear layer, so depth would add nothing; XOR stays out of reach.";

#[test]
fn explain_activations() {
    let grade = |points: &[bool]| {
        let shown = self_grade("explain_activations", points);
        shown.verdict().expect("a verdict").clone()
    };
    tested("explain_activations", |test| {
        test.unattempted(|| check::explain_activations(" "));
        test.accepts(|_| {
            let verdict = check::explain_activations(TEXT);
            assert!(matches!(verdict.outcome(), Outcome::Grade(points) if points.len() == 3));
            grade(&[true; 3])
        });
        test.refuses("That is 3 words", |_| {
            check::explain_activations("They are nonlinear")
        });
        test.refuses("There is no text to grade yet", |_| grade(&[true; 3]));
        test.refuses("So without them more layers", |_| {
            let _ = check::explain_activations(TEXT);
            grade(&[true, false, true])
        });
        test.refuses("The rubric has 3 points, you graded 1", |_| {
            let _ = check::explain_activations(TEXT);
            grade(&[true])
        });
    });
}

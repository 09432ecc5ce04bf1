//! The exercises of notebook 02.

use course::check;

use crate::harness::tested;

#[test]
fn gpt2_parameters() {
    let right = 124_439_808;
    tested("gpt2_parameters", |test| {
        test.unattempted(|| check::gpt2_parameters(None));
        test.accepts(|_| check::gpt2_parameters(124_439_808));
        test.refuses("uses that matrix again", |_| {
            check::gpt2_parameters(right + 768 * 50257)
        });
        test.refuses("lacks the positions", |_| {
            check::gpt2_parameters(right - 1024 * 768)
        });
        test.refuses("lacks the last layer normalization", |_| {
            check::gpt2_parameters(right - 2 * 768)
        });
        test.refuses("add biases and normalizations", |_| {
            check::gpt2_parameters(768 * (50257 + 1024) + 12 * 12 * 768 * 768)
        });
        test.refuses("lacks the biases", |_| {
            check::gpt2_parameters(right - 12 * 9 * 768)
        });
        test.refuses("is too few", |_| check::gpt2_parameters(0));
        test.refuses("is too many", |_| check::gpt2_parameters(7_000_000_000));
    });
}

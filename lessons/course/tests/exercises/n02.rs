//! The exercises of notebook 02.

use course::check;
use course::exercise::Question;

use crate::harness::tested;

/// A table for words, one for places, the blocks, and what is beside them.
fn gpt2(words: i64, positions: i64, d: i64, blocks: i64) -> i64 {
    let attention = 4 * (d * d + d);
    let feed_forward = 8 * d * d + 5 * d;
    (words + positions) * d + blocks * (attention + feed_forward + 4 * d) + 2 * d
}

#[test]
fn gpt2_parameters() {
    assert_eq!(gpt2(50257, 1024, 768, 12), 124_439_808);
    tested("gpt2_parameters", |test| {
        test.unattempted(|| check::gpt2_parameters(|_: i64, _: i64, _: i64, _: i64| todo!()));
        test.accepts(|_| check::gpt2_parameters(gpt2));
        test.refuses("uses that matrix again", |_| {
            check::gpt2_parameters(|w: i64, p: i64, d: i64, b: i64| gpt2(2 * w, p, d, b))
        });
        test.refuses("lacks the positions", |_| {
            check::gpt2_parameters(|w: i64, _: i64, d: i64, b: i64| gpt2(w, 0, d, b))
        });
        test.refuses("lacks the last layer normalization", |_| {
            check::gpt2_parameters(|w: i64, p: i64, d: i64, b: i64| gpt2(w, p, d, b) - 2 * d)
        });
        test.refuses("add biases and normalizations", |_| {
            check::gpt2_parameters(|w: i64, p: i64, d: i64, b: i64| d * (w + p) + b * 12 * d * d)
        });
        test.refuses("lacks the biases", |_| {
            check::gpt2_parameters(|w: i64, p: i64, d: i64, b: i64| gpt2(w, p, d, b) - b * 9 * d)
        });
        test.refuses("lacks the two normalizations of each block", |_| {
            check::gpt2_parameters(|w: i64, p: i64, d: i64, b: i64| gpt2(w, p, d, b) - b * 4 * d)
        });
        test.refuses("counts one block", |_| {
            check::gpt2_parameters(|w: i64, p: i64, d: i64, _: i64| gpt2(w, p, d, 1))
        });
        // Right for the model on the card, and for no other.
        test.refuses("is GPT-2 small's count, and this is another model", |_| {
            check::gpt2_parameters(124_439_808)
        });
        test.refuses("with GPT-2 small's 50257. Use the input `words`", |_| {
            check::gpt2_parameters(|_: i64, p: i64, d: i64, b: i64| gpt2(50257, p, d, b))
        });
        test.refuses("with GPT-2 small's 12. Use the input `blocks`", |_| {
            check::gpt2_parameters(|w: i64, p: i64, d: i64, _: i64| gpt2(w, p, d, 12))
        });
        test.refuses("It is 4d", |_| {
            check::gpt2_parameters(|w: i64, p: i64, d: i64, b: i64| {
                gpt2(w, p, d, b) + b * (2 * d + 1) * (3072 - 4 * d)
            })
        });
        test.refuses("is too few", |_| check::gpt2_parameters(0));
        test.refuses("is too many", |_| check::gpt2_parameters(7_000_000_000));
        test.refuses(
            "panicked when called as count_gpt2(50257, 1024, 768, 12)",
            |_| check::gpt2_parameters(|w: i64, _: i64, _: i64, _: i64| [w][w as usize]),
        );
    });
}

fn layers(widths: &[i64], one: impl Fn(i64, i64) -> i64) -> i64 {
    widths.windows(2).map(|pair| one(pair[0], pair[1])).sum()
}

#[test]
fn mlp_parameters() {
    tested("mlp_parameters", |test| {
        test.unattempted(|| check::mlp_parameters(|_| todo!("count")));
        test.accepts(|_| {
            check::mlp_parameters(|widths| {
                let mut sum = 0;
                for at in 1..widths.len() {
                    sum += (widths[at - 1] + 1) * widths[at];
                }
                sum
            })
        });
        test.refuses("each output has a bias too", |_| {
            check::mlp_parameters(|widths| layers(widths, |n, m| n * m))
        });
        test.refuses("the first width is only data", |_| {
            check::mlp_parameters(|w| layers(w, |n, m| n * m) + w.iter().sum::<i64>())
        });
        test.refuses("as many biases as inputs", |_| {
            check::mlp_parameters(|widths| layers(widths, |n, m| n * m + n))
        });
        test.refuses("every neuron has its own", |_| {
            check::mlp_parameters(|widths| layers(widths, |n, m| n * m + 1))
        });
        test.refuses("Parameters sit on the connections", |_| {
            check::mlp_parameters(|widths| widths.iter().sum())
        });
        test.refuses("is 49: not", |_| check::mlp_parameters(|_| 49));
        test.refuses("panicked when called as count_parameters(&[", |_| {
            check::mlp_parameters(|widths| widths[99])
        });
    });
}

/// Two tables of words, the blocks, and a last scale.
fn llama2(words: i64, d: i64, blocks: i64, f: i64) -> i64 {
    2 * words * d + blocks * d * (4 * d + 3 * f + 2) + d
}

#[test]
fn llama2_parameters() {
    assert_eq!(llama2(32000, 4096, 32, 11008), 6_738_415_616);
    tested("llama2_parameters", |test| {
        test.unattempted(|| check::llama2_parameters(|_: i64, _: i64, _: i64, _: i64| todo!()));
        test.accepts(|_| check::llama2_parameters(llama2));
        test.refuses("embedding and output are not shared", |_| {
            check::llama2_parameters(|w: i64, d: i64, b: i64, f: i64| llama2(w, d, b, f) - w * d)
        });
        test.refuses("a gated one has three", |_| {
            check::llama2_parameters(|w: i64, d: i64, b: i64, f: i64| {
                llama2(w, d, b, f) - b * d * f
            })
        });
        test.refuses("counts the matrices only", |_| {
            check::llama2_parameters(|w: i64, d: i64, b: i64, f: i64| {
                2 * w * d + b * (4 * d * d + 3 * d * f)
            })
        });
        test.refuses("lacks the last normalization", |_| {
            check::llama2_parameters(|w: i64, d: i64, b: i64, f: i64| llama2(w, d, b, f) - d)
        });
        test.refuses("has a scale only", |_| {
            check::llama2_parameters(|w: i64, d: i64, b: i64, f: i64| {
                llama2(w, d, b, f) + (2 * b + 1) * d
            })
        });
        test.refuses("positions are rotations", |_| {
            check::llama2_parameters(|w: i64, d: i64, b: i64, f: i64| llama2(w, d, b, f) + 4096 * d)
        });
        test.refuses("here it is f", |_| {
            check::llama2_parameters(|w: i64, d: i64, b: i64, _: i64| llama2(w, d, b, 4 * d))
        });
        // Right for the model on the card, and for no other.
        test.refuses("is Llama-2-7B's count, and this is another model", |_| {
            check::llama2_parameters(6_738_415_616)
        });
        test.refuses("with Llama-2-7B's 32. Use the input `blocks`", |_| {
            check::llama2_parameters(|w: i64, d: i64, _: i64, f: i64| llama2(w, d, 32, f))
        });
        test.refuses("with Llama-2-7B's 11008. Use the input `f`", |_| {
            check::llama2_parameters(|w: i64, d: i64, b: i64, _: i64| llama2(w, d, b, 11008))
        });
        test.refuses("is the name", |_| check::llama2_parameters(7_000_000_000));
        test.refuses("is too few", |_| check::llama2_parameters(0));
        test.refuses("is too many", |_| check::llama2_parameters(70_000_000_000));
    });
}

/// The first number after a word of the card's text.
fn after(text: &str, word: &str) -> f64 {
    let rest = &text[text.find(word).expect("the word") + word.len()..];
    let digits = rest.trim_start().split(' ').next().expect("a number");
    digits.parse().expect("a number")
}

/// Reads the card and works the sizes out, as a learner does.
fn chosen(card: &Question) -> Vec<(&'static str, &'static str)> {
    let sizes = [("70B", 70.0), ("7B", 7.0), ("1B", 1.0), ("0.1B", 0.1)];
    let largest = |fits: &dyn Fn(f64) -> bool| sizes.iter().find(|s| fits(s.1)).expect("one").0;
    let phone = after(card.value("phone keyboard"), "at most");
    let laptop = after(card.value("laptop assistant"), "");
    let mails = after(card.value("sorting mails overnight"), "at most");
    let text = after(card.value("model of a rare language"), "scratch on");
    vec![
        ("phone keyboard", largest(&|b| b * 40.0 <= phone)),
        (
            "laptop assistant",
            largest(&|b| b * 2.0 <= laptop && b < 10.0),
        ),
        ("sorting mails overnight", largest(&|b| b * 10.0 <= mails)),
        (
            "model of a rare language",
            largest(&|b| b * 20.0 <= text && b < 40.0),
        ),
    ]
}

#[test]
fn choose_model() {
    tested("choose_model", |test| {
        test.unattempted(|| check::choose_model(&[]));
        test.accepts(|card| check::choose_model(&chosen(card)));
        test.refuses("70B everywhere", |card| {
            let items = card.shown_items();
            let pairs: Vec<_> = items.into_iter().map(|item| (item, "70B")).collect();
            check::choose_model(&pairs)
        });
        test.refuses("a larger one keeps them too", |card| {
            let mut pairs = chosen(card);
            pairs[1].1 = "0.1B";
            check::choose_model(&pairs)
        });
        test.refuses("It needs 14.0 GB of memory. The limit: 6 GB", |card| {
            let mut pairs = chosen(card);
            pairs[0].1 = " 7b";
            check::choose_model(&pairs)
        });
        test.refuses("There is no \"13B\" here", |card| {
            let mut pairs = chosen(card);
            pairs[2].1 = "13B";
            check::choose_model(&pairs)
        });
        test.refuses("is missing: you answered 1 of 4", |card| {
            check::choose_model(&chosen(card)[..1])
        });
    });
}

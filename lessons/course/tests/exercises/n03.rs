//! The exercises of notebook 03.

use course::check;
use course::exercise::Question;
use course::prelude::self_grade;
use course::verdict::Outcome;
use tch::Tensor;

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

/// Value and slope by formulas; GELU by libtorch's error function.
fn value_and_slope(name: &str, x: f64) -> (f64, f64) {
    let s = 1.0 / (1.0 + (-x).exp());
    let cdf = 0.5 * (1.0 + Tensor::from(x / 2f64.sqrt()).erf().double_value(&[]));
    let density = (-x * x / 2.0).exp() / std::f64::consts::TAU.sqrt();
    match name {
        "ReLU" => (x.max(0.0), f64::from(u8::from(x > 0.0))),
        "Sigmoid" => (s, s * (1.0 - s)),
        "Tanh" => (x.tanh(), 1.0 / x.cosh().powi(2)),
        "SiLU" => (x * s, s + x * s * (1.0 - s)),
        _ => (x * cdf, cdf + x * density),
    }
}

#[test]
fn five_activations() {
    // Right but for one of the five.
    let but = |wrong: &'static str, with: fn(f64) -> (f64, f64)| {
        check::five_activations(move |name, x| match name == wrong {
            true => with(x),
            false => value_and_slope(name, x),
        })
    };
    tested("five_activations", |test| {
        test.unattempted(|| check::five_activations(|_, _| todo!()));
        test.accepts(|_| check::five_activations(value_and_slope));
        test.refuses("2 of 5 are right. Tanh is still to do", |_| {
            but("Tanh", |_| todo!())
        });
        test.refuses("It is 0 left of 0", |_| but("ReLU", |x| (x.max(0.0), 1.0)));
        test.refuses("That is the value once more", |_| {
            but("Sigmoid", |x| {
                let (s, _) = value_and_slope("Sigmoid", x);
                (s, s)
            })
        });
        test.refuses("That is the sigmoid: tanh goes", |_| {
            but("Tanh", |x| value_and_slope("Sigmoid", x))
        });
        test.refuses("The square is missing", |_| {
            but("Tanh", |x| (x.tanh(), 1.0 - x.tanh()))
        });
        test.refuses("one half of the product rule", |_| {
            but("SiLU", |x| {
                let (s, _) = value_and_slope("Sigmoid", x);
                (x * s, s)
            })
        });
        test.refuses("That is ReLU", |_| {
            but("GELU", |x| value_and_slope("ReLU", x))
        });
        test.refuses("That is SiLU", |_| {
            but("GELU", |x| value_and_slope("SiLU", x))
        });
        test.refuses("and should be", |_| {
            check::five_activations(|_, _| (0.0, 0.0))
        });
    });
}

#[test]
fn fold_layers() {
    tested("fold_layers", |test| {
        test.unattempted(|| check::fold_layers(|_, _, _, _| todo!("fold")));
        test.accepts(|_| check::fold_layers(|w1, b1, w2, b2| (w2.matmul(w1), w2.matmul(b1) + b2)));
        test.accepts(|_| {
            check::fold_layers(|w1, b1, w2, b2| {
                let bias = b1.unsqueeze(0).matmul(&w2.tr()) + b2;
                (w1.tr().matmul(&w2.tr()).tr(), bias.squeeze())
            })
        });
        test.refuses("The weight is W1 W2", |_| {
            check::fold_layers(|w1, b1, w2, b2| (w1.matmul(w2), w2.matmul(b1) + b2))
        });
        test.refuses("is transposed", |_| {
            check::fold_layers(|w1, b1, w2, b2| (w2.matmul(w1).tr(), w2.matmul(b1) + b2))
        });
        test.refuses("One layer after the other multiplies", |_| {
            check::fold_layers(|w1, b1, w2, b2| (w1 + w2, b1 + b2))
        });
        test.refuses("element by element", |_| {
            check::fold_layers(|w1, b1, w2, b2| (w1 * w2, b1 + b2))
        });
        test.refuses("The bias is b2 alone", |_| {
            check::fold_layers(|w1, _, w2, b2| (w2.matmul(w1), b2.shallow_clone()))
        });
        test.refuses("The bias is b1 + b2", |_| {
            check::fold_layers(|w1, b1, w2, b2| (w2.matmul(w1), b1 + b2))
        });
        test.refuses("The bias lacks b2", |_| {
            check::fold_layers(|w1, b1, w2, _| (w2.matmul(w1), w2.matmul(b1)))
        });
        test.refuses("other numbers than the two layers", |_| {
            check::fold_layers(|w1, b1, _, _| (w1.zeros_like(), b1.zeros_like()))
        });
    });
}

fn activation_for(situation: &str) -> &'static str {
    let known = [
        ("CNN", "ReLU"),
        ("GPT-2", "GELU"),
        ("BERT", "GELU"),
        ("yes or no", "Sigmoid"),
        ("many tags", "Sigmoid"),
        ("gate of", "Sigmoid"),
        ("from -1 to 1", "Tanh"),
        ("house", "none"),
        ("temperature", "none"),
        ("Llama", "SiLU"),
        ("digits", "Softmax"),
    ];
    let found = known.iter().find(|(word, _)| situation.contains(word));
    found.expect("a known situation").1
}

#[test]
fn pick_activation() {
    let with = |card: &Question, pick: fn(&str) -> &'static str| {
        let items = card.shown_items();
        let pairs: Vec<_> = items.into_iter().map(|item| (item, pick(item))).collect();
        check::pick_activation(&pairs)
    };
    tested("pick_activation", |test| {
        test.unattempted(|| check::pick_activation(&[]));
        test.accepts(|card| with(card, activation_for));
        test.refuses("the gradient would fade", |card| with(card, |_| "Sigmoid"));
        test.refuses("is not \"ReLU\"", |card| with(card, |_| "ReLU"));
        test.refuses("Did you mean \"GELU\"?", |card| with(card, |_| "GeLUs"));
        test.refuses("is missing: you answered 1 of 6", |card| {
            let item = card.shown_items()[0];
            check::pick_activation(&[(item, activation_for(item))])
        });
    });
}

/// The network on the card: hidden sums before ReLU, and the output's weights.
fn on_card(card: &Question) -> ([f64; 2], [f64; 3]) {
    let n = |name: &str| card.number(name);
    let (x1, x2) = (n("x1"), n("x2"));
    let one = n("w11 (from x1 to h1)") * x1 + n("w12 (from x2 to h1)") * x2 + n("b1");
    let two = n("w21 (from x1 to h2)") * x1 + n("w22 (from x2 to h2)") * x2 + n("b2");
    let output = [
        n("v1 (from h1)"),
        n("v2 (from h2)"),
        n("c (the output's bias)"),
    ];
    ([one, two], output)
}

#[test]
fn forward_by_hand() {
    tested("forward_by_hand", |test| {
        test.unattempted(|| check::forward_by_hand(None));
        test.accepts(|card| {
            let ([one, two], [v1, v2, c]) = on_card(card);
            check::forward_by_hand(v1 * one.max(0.0) + v2 * two.max(0.0) + c)
        });
        test.refuses("the output without ReLU", |card| {
            let ([one, two], [v1, v2, c]) = on_card(card);
            check::forward_by_hand(v1 * one + v2 * two + c)
        });
        test.refuses("lacks the output's bias", |card| {
            let ([one, two], [v1, v2, _]) = on_card(card);
            check::forward_by_hand(v1 * one.max(0.0) + v2 * two.max(0.0))
        });
        test.refuses("You have swapped them", |card| {
            let ([one, two], [v1, v2, c]) = on_card(card);
            check::forward_by_hand(v2 * one.max(0.0) + v1 * two.max(0.0) + c)
        });
        test.refuses("Only the hidden neurons have one", |_| {
            check::forward_by_hand(0.0)
        });
        test.refuses("Compare step by step", |_| check::forward_by_hand(1234.5));
        test.refuses("look for a division by zero", |_| {
            check::forward_by_hand(f64::NAN)
        });
    });
}

//! The exercises of notebook 09.

use course::check;
use course::exercise::Question;

use crate::harness::tested;

fn spam(card: &Question) -> [f64; 4] {
    [
        card.number("emails"),
        card.number("spam among them"),
        card.number("recall of the other filter"),
        card.number("its false positive rate"),
    ]
}

fn precision([emails, spam, recall, rate]: [f64; 4]) -> f64 {
    recall * spam / (recall * spam + rate * (emails - spam))
}

#[test]
fn spam_trap() {
    tested("spam_trap", |test| {
        let never = |card: &Question| 1.0 - spam(card)[1] / spam(card)[0];
        test.unattempted(|| check::spam_trap(None, None));
        test.accepts(|card| check::spam_trap(never(card), precision(spam(card))));
        test.refuses("in percent", |card| {
            check::spam_trap(100.0 * never(card), 0.1)
        });
        test.refuses("the share of spam", |card| {
            check::spam_trap(1.0 - never(card), precision(spam(card)))
        });
        test.refuses("it is right on all but", |_| check::spam_trap(0.5, 0.5));
        test.refuses("not 1 - false positive rate", |card| {
            check::spam_trap(never(card), 1.0 - spam(card)[3])
        });
        test.refuses("That is the recall", |card| {
            check::spam_trap(never(card), spam(card)[2])
        });
        test.refuses("You divided the rates", |card| {
            let [_, _, recall, rate] = spam(card);
            check::spam_trap(never(card), recall / (recall + rate))
        });
        test.refuses("is not right: compare", |card| {
            check::spam_trap(never(card), 0)
        });
        test.refuses("division by zero", |card| {
            check::spam_trap(never(card), f64::NAN)
        });
    });
}

#[test]
fn metrics_by_hand() {
    fn right(tp: f64, fp: f64, fneg: f64, tn: f64) -> [f64; 4] {
        let share = |part: f64, of: f64| if of == 0.0 { 0.0 } else { part / of };
        let (p, r) = (share(tp, tp + fp), share(tp, tp + fneg));
        [
            share(tp + tn, tp + fp + fneg + tn),
            p,
            r,
            share(2.0 * p * r, p + r),
        ]
    }
    tested("metrics_by_hand", |test| {
        test.unattempted(|| check::metrics_by_hand(|_, _, _, _| todo!()));
        test.accepts(|_| check::metrics_by_hand(right));
        test.refuses("changed places", |_| {
            check::metrics_by_hand(|a, b, c, d| {
                let [accuracy, p, r, f1] = right(a, b, c, d);
                [accuracy, r, p, f1]
            })
        });
        test.refuses("arithmetic mean", |_| {
            check::metrics_by_hand(|a, b, c, d| {
                let [accuracy, p, r, _] = right(a, b, c, d);
                [accuracy, p, r, (p + r) / 2.0]
            })
        });
        test.refuses("your precision is 1 - false positive rate", |_| {
            check::metrics_by_hand(|a, b, c, d| {
                let [accuracy, _, r, f1] = right(a, b, c, d);
                [accuracy, 1.0 - b / (b + d), r, f1]
            })
        });
        test.refuses("holds NaN", |_| {
            check::metrics_by_hand(|tp, fp, fneg, tn| {
                let (p, r) = (tp / (tp + fp), tp / (tp + fneg));
                [
                    (tp + tn) / (tp + fp + fneg + tn),
                    p,
                    r,
                    2.0 * p * r / (p + r),
                ]
            })
        });
        test.refuses("the accuracy is 0.5", |_| {
            check::metrics_by_hand(|_, _, _, _| [0.5; 4])
        });
        test.refuses("panicked when called as metrics(", |_| {
            check::metrics_by_hand(|_, _, _, _| panic!("no idea"))
        });
    });
}

#[test]
fn nats_to_bits() {
    tested("nats_to_bits", |test| {
        let loss = |card: &Question| card.number("loss in nats per token");
        let in_bits = move |card: &Question| loss(card) / 2f64.ln();
        test.unattempted(|| check::nats_to_bits(None, None));
        test.accepts(|card| check::nats_to_bits(in_bits(card), loss(card).exp()));
        test.refuses("You multiplied by ln 2", |card| {
            check::nats_to_bits(loss(card) * 2f64.ln(), loss(card).exp())
        });
        test.refuses("in nats still", |card| {
            check::nats_to_bits(loss(card), loss(card).exp())
        });
        test.refuses("2^loss is right for a loss in bits", |card| {
            check::nats_to_bits(in_bits(card), loss(card).exp2())
        });
        test.refuses("to the power of the bits", |card| {
            check::nats_to_bits(in_bits(card), in_bits(card).exp())
        });
        test.refuses("bits is not right", |_| check::nats_to_bits(1, 1));
        test.refuses("is not right: it is e^loss", |card| {
            check::nats_to_bits(in_bits(card), 1.0)
        });
    });
}

#[test]
fn benchmark_facts() {
    const RIGHT: [(&str, &str); 5] = [
        ("MMLU", "57 subjects, 14,042 test questions"),
        ("HellaSwag", "choose the ending of a short text"),
        ("MATH", "competition problems with one final answer"),
        ("HumanEval", "164 functions, judged by unit tests"),
        ("MT-Bench", "80 two-turn questions, judged by a model"),
    ];
    let with = |at: usize, what: &'static str| {
        let mut answer = RIGHT;
        answer[at].1 = what;
        check::benchmark_facts(&answer)
    };
    tested("benchmark_facts", |test| {
        test.unattempted(|| check::benchmark_facts(&[]));
        test.accepts(|_| check::benchmark_facts(&RIGHT));
        test.refuses("mixes up subjects and questions", |_| {
            with(0, "57,000 test questions")
        });
        test.refuses("four endings in words", |_| {
            with(1, "choose the next frame of a video")
        });
        test.refuses("A strong model gives the marks", |_| {
            with(4, "open questions, judged by people")
        });
        test.refuses("There is no", |_| with(2, "hard"));
        test.refuses("is missing", |_| check::benchmark_facts(&RIGHT[..3]));
    });
}

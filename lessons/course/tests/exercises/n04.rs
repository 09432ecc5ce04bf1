//! The exercises of notebook 04.

use course::check;
use lessons::prelude::*;

use crate::harness::tested;

/// Attention with each part as a test wants it: the scale, the mask (1: the future), the softmax.
fn attention(
    q: &Tensor,
    k: &Tensor,
    v: &Tensor,
    scaled: bool,
    mask: impl Fn(&Tensor) -> Tensor,
) -> (Tensor, Tensor) {
    let scale = if scaled {
        (q.size()[1] as f64).sqrt()
    } else {
        1.0
    };
    let weights = mask(&(q.matmul(&k.tr()) / scale));
    (weights.matmul(v), weights)
}

fn future(scores: &Tensor) -> Tensor {
    scores.ones_like().triu(1).to_kind(Kind::Bool)
}

fn causal(scores: &Tensor) -> Tensor {
    let masked = scores.masked_fill(&future(scores), f64::NEG_INFINITY);
    masked.softmax(-1, None)
}

#[test]
fn attention_by_hand() {
    tested("attention_by_hand", |test| {
        test.unattempted(|| check::attention_by_hand(|_, _, _| todo!()));
        test.accepts(|_| check::attention_by_hand(|q, k, v| attention(q, k, v, true, causal)));
        test.accepts(|_| {
            check::attention_by_hand(|q, k, v| scaled_dot_product_attention(q, k, v, true))
        });
        test.refuses("not divided by the square root of d", |_| {
            check::attention_by_hand(|q, k, v| attention(q, k, v, false, causal))
        });
        test.refuses("A token looks at a later one", |_| {
            check::attention_by_hand(|q, k, v| attention(q, k, v, true, |s| s.softmax(-1, None)))
        });
        test.refuses("A score of 0 is not a weight of 0", |_| {
            check::attention_by_hand(|q, k, v| {
                attention(q, k, v, true, |s| s.tril(0).softmax(-1, None))
            })
        });
        test.refuses("You masked the past instead", |_| {
            check::attention_by_hand(|q, k, v| {
                attention(q, k, v, true, |s| {
                    s.masked_fill(&future(s).tr(), f64::NEG_INFINITY)
                        .softmax(-1, None)
                })
            })
        });
        test.refuses("The mask came after the softmax", |_| {
            check::attention_by_hand(|q, k, v| {
                attention(q, k, v, true, |s| s.softmax(-1, None).tril(0))
            })
        });
        test.refuses("Your columns sum to 1", |_| {
            check::attention_by_hand(|q, k, v| attention(q, k, v, true, |s| s.softmax(0, None)))
        });
        test.refuses("NaN or inf", |_| {
            check::attention_by_hand(|q, k, v| {
                attention(q, k, v, true, |s| {
                    s.softmax(-1, None)
                        .masked_fill(&future(s), f64::NEG_INFINITY)
                })
            })
        });
        test.refuses("the output is not", |_| {
            check::attention_by_hand(|q, k, v| {
                let weights = attention(q, k, v, true, causal).1;
                (v.shallow_clone(), weights)
            })
        });
        test.refuses("they must be", |_| {
            check::attention_by_hand(|q, _, v| (v.shallow_clone(), q.shallow_clone()))
        });
        test.refuses("panicked when called as causal_attention(", |_| {
            check::attention_by_hand(|q, k, v| {
                (
                    q.matmul(k).matmul(v),
                    Tensor::zeros([1], (Kind::Float, Device::Cpu)),
                )
            })
        });
    });
}

type Layered<'a> = &'a dyn Fn(&Tensor) -> Tensor;

#[test]
fn order_blind() {
    fn right(layer: Layered, x: &Tensor, order: &Tensor) -> bool {
        let (one, other) = (
            layer(&x.index_select(0, order)),
            layer(x).index_select(0, order),
        );
        one.allclose(&other, 1e-4, 1e-5, false)
    }
    fn invariance(layer: Layered, x: &Tensor, order: &Tensor) -> bool {
        layer(&x.index_select(0, order)).allclose(&layer(x), 1e-4, 1e-5, false)
    }
    fn means(layer: Layered, x: &Tensor, _: &Tensor) -> bool {
        layer(x).size() == x.size()
    }
    fn only_the_first(layer: Layered, x: &Tensor, order: &Tensor) -> bool {
        let moved = x.matmul(&x.tr()).softmax(-1, None).matmul(x);
        let one = layer(&x.index_select(0, order));
        one.allclose(&moved, 1e-4, 1e-5, false) != right(layer, x, order)
            && layer(x).min().item() < 0.0
    }
    tested("order_blind", |test| {
        test.unattempted(|| check::order_blind(|_, _, _| todo!()));
        test.accepts(|_| check::order_blind(right));
        test.refuses("says true for every layer", |_| check::order_blind(means));
        test.refuses("says false for every layer", |_| {
            check::order_blind(invariance)
        });
        test.refuses("false for a linear layer and ReLU", |_| {
            check::order_blind(only_the_first)
        });
        test.refuses("panicked when called as order_blind(", |_| {
            check::order_blind(|_, _, _| panic!("no idea"))
        });
    });
}

#[test]
fn token_number() {
    let number = |name: &str, text: &str| tokenizer(name).encode(text)[0];
    tested("token_number", |test| {
        test.unattempted(|| check::token_number(None));
        test.accepts(|card| {
            check::token_number(number("gpt2", &format!(" {}", card.value("word"))))
        });
        test.accepts(|card| {
            let all = tokenizer("gpt2").encode(card.value("sentence"));
            check::token_number(all[all.len() - 3])
        });
        test.refuses("before it belongs to the token", |card| {
            check::token_number(number("gpt2", card.value("word")))
        });
        test.refuses("is from cl100k", |card| {
            check::token_number(number("cl100k", &format!(" {}", card.value("word"))))
        });
        test.refuses("it stands for", |card| {
            check::token_number(number("gpt2", card.value("sentence")))
        });
        test.refuses("looks like a place", |_| check::token_number(4));
        test.refuses("none of the sentence's tokens", |_| {
            check::token_number(-17.5)
        });
        test.refuses("Your answer is NaN", |_| check::token_number(f64::NAN));
    });
}

#[test]
fn pipeline_order() {
    let steps = [
        "take the text",
        "cut the text into tokens",
        "look up the number of each token",
        "look up a vector for each number",
        "add the positions",
        "pass through the transformer layers",
        "a last linear layer gives one logit per token of the vocabulary",
        "softmax turns logits into chances",
        "choose the next token",
    ];
    let swapped = |one: usize, other: usize| {
        let mut steps = steps;
        steps.swap(one, other);
        steps
    };
    tested("pipeline_order", |test| {
        test.unattempted(|| check::pipeline_order(&[]));
        test.accepts(|_| check::pipeline_order(&steps));
        test.refuses("only from chances can a token be chosen", |_| {
            check::pipeline_order(&swapped(6, 7))
        });
        test.refuses("only from chances can a token be chosen", |_| {
            check::pipeline_order(&swapped(7, 8))
        });
        test.refuses("the embeddings must be there first", |_| {
            check::pipeline_order(&swapped(3, 4))
        });
        test.refuses("must be cut before its pieces have numbers", |_| {
            check::pipeline_order(&swapped(1, 2))
        });
        test.refuses("a bag of words", |_| check::pipeline_order(&swapped(4, 5)));
        test.refuses("is missing", |_| check::pipeline_order(&steps[1..]));
        test.refuses("Did you mean", |_| {
            let mut steps = steps;
            steps[4] = "add positions";
            check::pipeline_order(&steps)
        });
    });
}

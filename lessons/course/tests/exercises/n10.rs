//! The exercises of notebook 10.

use course::check;
use course::exercise::Question;
use lessons::prelude::{Sequential, conv2d, flatten, linear, max_pool2d, relu};
use tch::{Kind, Tensor};

use crate::harness::tested;

#[test]
fn conv_parameters() {
    let numbers = |card: &Question| {
        [
            "height and width of the image",
            "input channels",
            "output channels",
            "height and width of the window",
        ]
        .map(|name| card.number(name) as i64)
    };
    tested("conv_parameters", |test| {
        let with = |card: &Question, count: fn([i64; 4]) -> i64| {
            check::conv_parameters(count(numbers(card)))
        };
        test.unattempted(|| check::conv_parameters(None));
        test.accepts(|card| with(card, |[_, i, o, w]| o * (i * w * w + 1)));
        test.refuses("lacks the biases", |card| {
            with(card, |[_, i, o, w]| o * i * w * w)
        });
        test.refuses("through all input channels", |card| {
            with(card, |[_, _, o, w]| o * (w * w + 1))
        });
        test.refuses("once for each pixel", |card| {
            with(card, |[s, i, o, w]| s * s * o * (i * w * w + 1))
        });
        test.refuses("for each pair of channels", |card| {
            with(card, |[_, i, o, w]| o * i * (w * w + 1))
        });
        test.refuses("take its side twice", |card| {
            with(card, |[_, i, o, w]| o * (i * w + 1))
        });
        test.refuses("is too few", |_| check::conv_parameters(0));
        test.refuses("is too many", |_| check::conv_parameters(1_000_000_007));
    });
}

#[test]
fn top_k_router() {
    fn chosen(logits: &Tensor, k: i64, weigh: fn(&Tensor) -> Tensor) -> Tensor {
        let (values, places) = logits.topk(k, -1, true, true);
        logits.zeros_like().scatter(-1, &places, &weigh(&values))
    }
    tested("top_k_router", |test| {
        test.unattempted(|| check::top_k_router(|_, _| todo!()));
        test.accepts(|_| check::top_k_router(|x, k| chosen(x, k, |v| v.softmax(-1, Kind::Float))));
        test.refuses("nothing is saved", |_| {
            check::top_k_router(|x, _| x.softmax(-1, Kind::Float))
        });
        test.refuses("sum to less than 1", |_| {
            check::top_k_router(|x, k| {
                let mask = chosen(x, k, Tensor::ones_like);
                x.softmax(-1, Kind::Float) * mask
            })
        });
        test.refuses("weigh the same", |_| {
            check::top_k_router(|x, k| chosen(x, k, |v| v.ones_like() / v.size()[1] as f64))
        });
        test.refuses("logits still", |_| {
            check::top_k_router(|x, k| chosen(x, k, Tensor::shallow_clone))
        });
        test.refuses("experts with a weight, not 2", |_| {
            check::top_k_router(|x, _| chosen(x, 1, Tensor::ones_like))
        });
        test.refuses("not the right ones", |_| {
            check::top_k_router(|x, k| chosen(&-x, k, |v| v.softmax(-1, Kind::Float)))
        });
        test.refuses("put the k weights back", |_| {
            check::top_k_router(|x, k| x.topk(k, -1, true, true).0.softmax(-1, Kind::Float))
        });
    });
}

#[test]
fn expert_count() {
    let counts = |card: &Question| {
        let [size, hidden, experts, k] = ["size", "hidden", "experts", "experts per token (k)"]
            .map(|name| card.number(name) as i64);
        let expert = (size + 1) * hidden + (hidden + 1) * size;
        ((size + 1) * experts, expert, experts, k, hidden + size)
    };
    tested("expert_count", |test| {
        test.unattempted(|| check::expert_count(None, None));
        test.accepts(|card| {
            let (router, expert, experts, k, _) = counts(card);
            check::expert_count(router + experts * expert, router + k * expert)
        });
        test.refuses("changed places", |card| {
            let (router, expert, experts, k, _) = counts(card);
            check::expert_count(router + k * expert, router + experts * expert)
        });
        test.refuses("The router is missing", |card| {
            let (_, expert, experts, k, _) = counts(card);
            check::expert_count(experts * expert, k * expert)
        });
        test.refuses("Not all experts work", |card| {
            let (router, expert, experts, _, _) = counts(card);
            let total = router + experts * expert;
            check::expert_count(total, total)
        });
        test.refuses("The biases are missing", |card| {
            let (router, expert, experts, k, biases) = counts(card);
            check::expert_count(
                router - experts + experts * (expert - biases),
                router - experts + k * (expert - biases),
            )
        });
        test.refuses("The total is right", |card| {
            let (router, expert, experts, _, _) = counts(card);
            check::expert_count(router + experts * expert, 1)
        });
        test.refuses("is not right", |_| check::expert_count(0, 0));
    });
}

#[test]
fn cnn_against_vit() {
    fn with(channels: i64, hidden: i64) -> Sequential {
        Sequential::new()
            .add(conv2d(1, channels, 3).padding(1))
            .add(relu())
            .add(max_pool2d(2))
            .add(flatten())
            .add(linear(channels * 16, hidden))
    }
    tested("cnn_against_vit", |test| {
        test.unattempted(|| check::cnn_against_vit(|| todo!()));
        test.accepts(|_| check::cnn_against_vit(|| with(16, 10)));
        test.refuses("should give [2, 10]", |_| {
            check::cnn_against_vit(|| with(8, 1))
        });
        test.refuses("It has ", |_| check::cnn_against_vit(|| with(64, 10)));
        test.refuses("no conv2d", |_| {
            check::cnn_against_vit(|| Sequential::new().add(flatten()).add(linear(64, 10)))
        });
        test.refuses("do not pass through it", |_| {
            check::cnn_against_vit(|| Sequential::new().add(conv2d(3, 4, 3)))
        });
        test.refuses("More channels", |_| {
            check::cnn_against_vit(|| {
                Sequential::new()
                    .add(conv2d(1, 1, 3))
                    .add(max_pool2d(3))
                    .add(flatten())
                    .add(linear(4, 10))
            })
        });
    });
}

#[test]
fn match_architecture() {
    let group = |task: &str| {
        let has = |words: &[&str]| words.iter().any(|word| task.contains(word));
        if has(&["documents", "source code"]) {
            "transformer"
        } else if has(&["photographs"]) {
            "CNN"
        } else if has(&["sensor", "heartbeat"]) {
            "recurrent network"
        } else if has(&["four times", "more capacity"]) {
            "mixture of experts"
        } else {
            "vision transformer"
        }
    };
    tested("match_architecture", |test| {
        let with = |card: &Question, change: &dyn Fn(&'static str) -> &'static str| {
            let items = card.shown_items();
            let pairs: Vec<_> = items
                .into_iter()
                .map(|item| (item, change(group(item))))
                .collect();
            check::match_architecture(&pairs)
        };
        test.unattempted(|| check::match_architecture(&[]));
        test.accepts(|card| with(card, &|right| right));
        test.refuses("all of them the same", |card| {
            with(card, &|_| "transformer")
        });
        test.refuses("is not \"vision transformer\"", |card| {
            with(card, &|right| {
                if right == "CNN" {
                    "vision transformer"
                } else {
                    right
                }
            })
        });
        test.refuses("is not \"transformer\"", |card| {
            with(card, &|right| {
                if right == "recurrent network" {
                    "transformer"
                } else {
                    right
                }
            })
        });
        test.refuses("Did you mean \"CNN\"?", |card| {
            with(card, &|right| if right == "CNN" { "CN" } else { right })
        });
    });
}

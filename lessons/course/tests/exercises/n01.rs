//! The exercises of notebook 01.

use course::check;
use tch::{Kind, Tensor};

use crate::harness::tested;

#[test]
fn price_model() {
    tested("price_model", |test| {
        test.unattempted(|| check::price_model(|_, _| todo!("your formula")));
        test.accepts(|card| {
            let (feet, rooms) = (
                card.number("weight of square feet"),
                card.number("weight of bedrooms"),
            );
            let bias = card.number("bias");
            check::price_model(move |square_feet, bedrooms| {
                feet * square_feet + rooms * bedrooms + bias
            })
        });
        test.refuses("the bias is missing", |card| {
            let (feet, rooms) = (
                card.number("weight of square feet"),
                card.number("weight of bedrooms"),
            );
            check::price_model(move |square_feet, bedrooms| feet * square_feet + rooms * bedrooms)
        });
        test.refuses("the weights are swapped", |card| {
            let (feet, rooms) = (
                card.number("weight of square feet"),
                card.number("weight of bedrooms"),
            );
            let bias = card.number("bias");
            check::price_model(move |square_feet, bedrooms| {
                rooms * square_feet + feet * bedrooms + bias
            })
        });
        test.refuses("has the wrong sign", |card| {
            let (feet, rooms) = (
                card.number("weight of square feet"),
                card.number("weight of bedrooms"),
            );
            let bias = card.number("bias");
            check::price_model(move |square_feet, bedrooms| {
                feet * square_feet + rooms * bedrooms - bias
            })
        });
        test.refuses("that is in dollars", |card| {
            let (feet, rooms) = (
                card.number("weight of square feet"),
                card.number("weight of bedrooms"),
            );
            let bias = card.number("bias");
            check::price_model(move |a, b| 1000.0 * (feet * a + rooms * b + bias))
        });
        test.refuses("and should be", |_| check::price_model(|_, _| 300.0));
        test.refuses("and should be", |_| check::price_model(|_, _| f64::NAN));
        test.refuses("panicked when called as price(", |_| {
            check::price_model(|_, _| panic!("no idea"))
        });
    });
}

#[test]
fn sort_quantities() {
    let kind = |item: &str| {
        let words = ["rate", "size", "number", "width", "decay"];
        let chosen = words.iter().any(|word| item.contains(word));
        if chosen {
            "hyperparameter"
        } else {
            "parameter"
        }
    };
    tested("sort_quantities", |test| {
        test.unattempted(|| check::sort_quantities(&[]));
        test.accepts(|card| {
            let items = card.shown_items();
            let pairs: Vec<_> = items.into_iter().map(|item| (item, kind(item))).collect();
            check::sort_quantities(&pairs)
        });
        test.refuses("is not \"parameter\"", |card| {
            let items = card.shown_items();
            let pairs: Vec<_> = items.into_iter().map(|item| (item, "parameter")).collect();
            check::sort_quantities(&pairs)
        });
        test.refuses("the wrong way round", |card| {
            let other = |item| {
                if kind(item) == "parameter" {
                    "hyperparameter"
                } else {
                    "parameter"
                }
            };
            let items = card.shown_items();
            let pairs: Vec<_> = items.into_iter().map(|item| (item, other(item))).collect();
            check::sort_quantities(&pairs)
        });
        test.refuses("is missing: you answered 1 of 10", |card| {
            let item = card.shown_items()[0];
            check::sort_quantities(&[(item, kind(item))])
        });
        test.refuses("Did you mean \"hyperparameter\"?", |card| {
            let items = card.shown_items();
            let pairs: Vec<_> = items
                .into_iter()
                .map(|item| (item, "hyper parameter"))
                .collect();
            check::sort_quantities(&pairs)
        });
    });
}

/// Least squares of y on the columns of `a`, as a list.
fn least_squares(a: &Tensor, y: &Tensor) -> Vec<f64> {
    let (a, y) = (a.to_kind(Kind::Double), y.to_kind(Kind::Double));
    let normal = a.tr().matmul(&a).inverse().matmul(&a.tr().matmul(&y));
    Vec::<f64>::try_from(normal.reshape([-1])).expect("a list")
}

fn with_ones(x: &Tensor) -> Tensor {
    Tensor::cat(&[x, &x.ones_like().narrow(1, 0, 1)], 1)
}

#[test]
fn fit_houses() {
    tested("fit_houses", |test| {
        test.unattempted(|| check::fit_houses(|_, _| todo!("three numbers")));
        test.accepts(|_| {
            check::fit_houses(|x, y| least_squares(&with_ones(x), y).try_into().expect("three"))
        });
        test.refuses("the fit to all 88 houses", |_| {
            check::fit_houses(|_, _| [0.1284, 15.198, -19.315])
        });
        test.refuses("without a bias", |_| {
            check::fit_houses(|x, y| {
                let w = least_squares(x, y);
                [w[0], w[1], 0.0]
            })
        });
        test.refuses("in another order", |_| {
            check::fit_houses(|x, y| {
                let w = least_squares(&with_ones(x), y);
                [w[1], w[0], w[2]]
            })
        });
        test.refuses("too long for inputs in the thousands", |_| {
            check::fit_houses(|_, _| [f64::NAN; 3])
        });
        test.refuses("off from the best fit's", |_| {
            check::fit_houses(|_, y| [0.0, 0.0, y.mean(Kind::Double).double_value(&[])])
        });
    });
}

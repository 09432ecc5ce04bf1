//! Runs that break: NaN and inf are found and named, and no weight is left as it should not be.

use std::panic::{AssertUnwindSafe, catch_unwind};

use lessons::interrupt;
use lessons::prelude::*;
use lessons::training::TrainingError;

use crate::fixtures::{alone, assert_near, flat};
use crate::training::houses;

/// What a run of `epochs` says at its end, with one batch for each epoch.
fn ends(
    loss: fn(&Tensor, &Tensor) -> Tensor,
    net: &mut dyn Layer,
    rate: f64,
    (x, y): (&Tensor, &Tensor),
    epochs: usize,
) -> TrainingError {
    let mut optimizer = sgd(net, rate);
    let run = trainer(loss).batch_size(1000);
    let mut run = run.in_order();
    run.try_fit(net, &mut optimizer, x, y, epochs).unwrap_err()
}

#[test]
fn a_slope_that_does_not_exist_is_not_blamed_on_the_rate() {
    let _alone = alone();
    let root = |p: &Tensor, y: &Tensor| (p - y).abs().sqrt().mean(Kind::Float);
    let x = tensor([[1.0], [2.0]]);
    for (epochs, place) in [(1, "after the last step weight"), (3, "epoch 2, step 1")] {
        let mut net = linear(1, 1);
        // The prediction is the target: the root's slope at 0 is infinite, times 0.
        let y = no_grad(|| net.forward(&x));
        let text = ends(root, &mut net, 0.1, (&x, &y), epochs).to_string();
        assert!(text.contains(place), "{text}");
        assert!(text.contains("sqrt or norm at 0, ln at 0"), "{text}");
        assert!(!text.contains("learning rate"), "{text}");
    }
    // Weights that overflow in the last step are the rate's fault.
    let mut net = linear(1, 1);
    let error = ends(mse_loss, &mut net, 1e38, (&(&x * 1e4), &(&x * 0.0)), 1);
    let text = error.to_string();
    assert!(matches!(error, TrainingError::Weights { .. }), "{text}");
    assert!(text.contains("a learning rate ten times smaller"), "{text}");
}

#[test]
fn a_validation_loss_that_is_nan_ends_the_run() {
    let _alone = alone();
    let mut net = linear(1, 1);
    let mut optimizer = sgd(&net, 0.0);
    let (x, y) = (tensor([[1.0], [2.0]]), tensor([[0.0], [1.0]]));
    // NaN where a prediction is above 1000, as on the held-out examples alone.
    let loss = |p: &Tensor, y: &Tensor| {
        let left: Tensor = 1000.0 - p.abs();
        mse_loss(p, y) + left.log().mean(Kind::Float)
    };
    let text = trainer(loss)
        .validation(&(&x * 1e9), &y)
        .try_fit(&mut net, &mut optimizer, &x, &y, 3)
        .unwrap_err()
        .to_string();
    assert!(
        text.contains("the validation loss is NaN after epoch 1"),
        "{text}"
    );
    assert!(text.contains("not normalised?"), "{text}");
}

#[test]
fn the_best_weights_come_back_from_a_run_that_breaks() {
    let _alone = alone();
    let mut houses = houses();
    let (x, y) = (houses.x.shallow_clone(), houses.y.shallow_clone());
    let calls = std::cell::Cell::new(0);
    let breaks = move |prediction: &Tensor, target: &Tensor| {
        calls.set(calls.get() + 1);
        // Each epoch has a step and a validation; the sixth step breaks.
        let factor = if calls.get() == 11 { f64::NAN } else { 1.0 };
        mse_loss(prediction, target) * factor
    };
    // Backwards: each step makes it worse, so the first epoch is the best.
    let mut optimizer = sgd_uphill(&houses.net);
    let mut run = trainer(breaks)
        .batch_size(100)
        .validation(&x, &y)
        .early_stopping(50);
    let error = run.try_fit(&mut houses.net, &mut optimizer, &x, &y, 20);
    assert!(matches!(
        error,
        Err(TrainingError::NotFinite { epoch: 6, .. })
    ));
    let (best, lowest) = run.history().best().unwrap();
    assert_eq!((best, run.history().len()), (1, 5));
    houses.net.eval();
    assert_near(
        &[mse_loss(&houses.net.forward(&x), &y).item()],
        &[lowest],
        1e-7,
    );
}

/// Steps against the descent.
struct Uphill(Vec<Tensor>);

fn sgd_uphill(net: &dyn Layer) -> Uphill {
    Uphill(net.named_parameters().into_iter().map(|(_, w)| w).collect())
}

impl Optimize for Uphill {
    fn zero_grad(&mut self) {
        self.0.iter_mut().for_each(Tensor::zero_grad);
    }
    fn step(&mut self) {
        no_grad(|| self.0.iter_mut().for_each(|w| *w += w.grad() * 0.05));
    }
    fn set_lr(&mut self, _learning_rate: f64) {}
    fn clip_grad_norm(&mut self, _norm: f64) {}
}

#[test]
fn an_interrupted_race_or_range_test_puts_the_weights_back() {
    let _alone = alone();
    let mut houses = houses();
    let (x, y) = (houses.x.shallow_clone(), houses.y.shallow_clone());
    let before = flat(&houses.net.parameter("0.weight"));
    for panics in [true, false] {
        let breaks = move || {
            let calls = std::cell::Cell::new(0);
            let counted = std::sync::Arc::new(std::sync::Mutex::new(calls));
            move |prediction: &Tensor, target: &Tensor| {
                let calls = counted.lock().unwrap();
                calls.set(calls.get() + 1);
                let now = calls.get() == 9;
                drop(calls);
                assert!(!(now && panics), "in the middle");
                if now {
                    interrupt::request();
                }
                mse_loss(prediction, target)
            }
        };
        let racers: [lessons::race::Racer<'_>; 1] = [("only", &|net| sgd(net, 0.1))];
        let raced = catch_unwind(AssertUnwindSafe(|| {
            race(&mut houses.net, &racers, breaks(), &x, &y, 50, 20, 0)
        }));
        assert!(raced.is_err());
        assert_eq!(flat(&houses.net.parameter("0.weight")), before, "race");
        let ranged = catch_unwind(AssertUnwindSafe(|| {
            learning_rate_range(&houses.net, &|net, _| sgd(net, 0.1), breaks(), &x, &y, 20)
        }));
        assert!(ranged.is_err());
        assert_eq!(flat(&houses.net.parameter("0.weight")), before, "range");
    }
}

#[test]
fn one_number_of_data_is_looked_through_too() {
    let _alone = alone();
    // A layer whose one weight is [], which becomes NaN.
    #[derive(Debug)]
    struct Scale(Tensor);
    impl Layer for Scale {
        fn describe(&self) -> String {
            "Scale".to_owned()
        }
        fn try_forward(&self, input: &Tensor) -> Result<Tensor, lessons::layer::ForwardError> {
            Ok(input * &self.0)
        }
        fn named_parameters(&self) -> Vec<(String, Tensor)> {
            vec![("scale".to_owned(), self.0.shallow_clone())]
        }
    }
    let mut net = Scale(tensor(1.0).set_requires_grad(true));
    let x = tensor([[1e4], [2e4]]);
    let error = ends(mse_loss, &mut net, 1e38, (&x, &(&x * 0.0)), 3);
    assert!(
        error.to_string().contains("scale holds 1 values"),
        "{error}"
    );
}

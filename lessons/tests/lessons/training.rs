//! The training loop, schedules, checkpoints and races, against PyTorch's runs of the same seed.

use std::panic::{AssertUnwindSafe, catch_unwind};

use lessons::interrupt;
use lessons::prelude::*;
use lessons::training::TrainingError;

use crate::fixtures::{alone, assert_near, flat, numbers};

pub struct Houses {
    pub net: Sequential,
    pub x: Tensor,
    pub y: Tensor,
}

/// The course's houses: 100 rows, of which the last 20 are held out.
pub fn houses() -> Houses {
    manual_seed(42);
    let x = randn(&[100, 3]);
    let column = |at: i64| x.select(1, at);
    let y = column(0) * 0.5 + column(1) * 0.3 + column(2) * 0.1 + 0.2;
    let net = Sequential::new()
        .add(linear(3, 8))
        .add(relu())
        .add(linear(8, 1));
    Houses {
        net,
        x,
        y: y.unsqueeze(1),
    }
}

impl Houses {
    fn run(&mut self, run: Trainer, optimizer: &mut Optimizer, epochs: usize) -> Trainer {
        let mut run = run
            .batch_size(24)
            .validation(&self.x.narrow(0, 80, 20), &self.y.narrow(0, 80, 20));
        let (x, y) = (self.x.narrow(0, 0, 80), self.y.narrow(0, 0, 80));
        run.fit(&mut self.net, optimizer, &x, &y, epochs);
        run
    }
}

#[track_caller]
fn compare(name: &str, run: Trainer, build: impl FnOnce(&dyn Layer) -> Optimizer) {
    let mut houses = houses();
    let mut optimizer = build(&houses.net);
    let run = houses.run(run, &mut optimizer, 30);
    assert_near(
        &run.history().train(),
        &numbers(&format!("/runs/{name}/train")),
        2e-6,
    );
    assert_near(
        &run.history().validation(),
        &numbers(&format!("/runs/{name}/validation")),
        2e-6,
    );
}

#[test]
fn runs_are_pytorchs_epoch_by_epoch() {
    let _alone = alone();
    compare("sgd", trainer(mse_loss), |net| sgd(net, 0.05));
    compare("momentum", trainer(mse_loss), |net| {
        sgd_momentum(net, 0.02, 0.9)
    });
    compare("adam", trainer(mse_loss), |net| adam(net, 0.01));
    compare("adamw", trainer(mse_loss), |net| adamw(net, 0.01));
    compare(
        "scheduled",
        trainer(mse_loss).schedule(cosine(0.1, 30)),
        |net| sgd(net, 0.1),
    );
    compare("clipped", trainer(mse_loss).clip_gradients(0.1), |net| {
        sgd(net, 0.2)
    });
}

#[test]
fn schedules_are_pytorchs() {
    let rates = |schedule: Schedule, epochs: usize| -> Vec<f64> {
        (0..epochs).map(|epoch| schedule.rate(epoch)).collect()
    };
    assert_near(
        &rates(step_decay(0.1, 7, 0.5), 30),
        &numbers("/schedules/step"),
        1e-12,
    );
    assert_near(
        &rates(cosine(0.1, 20), 20),
        &numbers("/schedules/cosine"),
        1e-12,
    );
    assert_near(
        &rates(constant(0.1).warm_up(5), 8),
        &numbers("/schedules/warm_up"),
        1e-12,
    );
    assert_eq!(cosine(0.1, 20).rate(50), 0.0, "it stays at the end");
}

#[test]
fn two_fits_are_one_longer_fit() {
    let _alone = alone();
    let mut houses = houses();
    let mut optimizer = adam(&houses.net, 0.01);
    let run = houses.run(trainer(mse_loss), &mut optimizer, 10);
    let run = houses.run(run, &mut optimizer, 20);
    assert_near(&run.history().train(), &numbers("/runs/adam/train"), 2e-6);
}

#[test]
fn epochs_without_validation_keep_their_place() {
    let _alone = alone();
    let mut houses = houses();
    let (x, y) = (houses.x.shallow_clone(), houses.y.shallow_clone());
    let mut optimizer = adam(&houses.net, 0.01);
    let mut run = trainer(mse_loss).batch_size(100);
    run.fit(&mut houses.net, &mut optimizer, &x, &y, 2);
    assert_eq!(run.history().validation(), [0.0; 0]);
    let mut run = run.validation(&x, &y);
    run.fit(&mut houses.net, &mut optimizer, &x, &y, 3);
    let validation = run.history().validation();
    let kept: Vec<bool> = validation.iter().map(|loss| loss.is_finite()).collect();
    assert_eq!(kept, [false, false, true, true, true]);
    assert_eq!(run.history().best().unwrap(), (5, validation[4]));
    let said = run.history().show();
    assert!(!said.plain().contains("NaN"), "{}", said.plain());
    assert!(!said.plain().contains("diverged"), "{}", said.plain());
    assert!(!run.history().curve().svg().unwrap().contains("NaN"));
}

#[test]
fn the_best_weights_come_back_whether_or_not_it_stops_early() {
    let _alone = alone();
    for (patience, epochs, stops) in [(3, 200, true), (1000, 40, false)] {
        let mut houses = houses();
        // Large steps: the validation loss goes up and down.
        let mut optimizer = adam(&houses.net, 0.3);
        let run = houses.run(
            trainer(mse_loss).early_stopping(patience),
            &mut optimizer,
            epochs,
        );
        let (best, lowest) = run.history().best().unwrap();
        assert_eq!(run.history().len() < epochs, stops);
        assert!(
            best < run.history().len(),
            "the last epoch is not the best, else this tests nothing"
        );
        houses.net.eval();
        let (x, y) = (houses.x.narrow(0, 80, 20), houses.y.narrow(0, 80, 20));
        assert_near(
            &[mse_loss(&houses.net.forward(&x), &y).item()],
            &[lowest],
            1e-7,
        );
        if stops {
            assert_eq!(run.history().len(), best + patience);
            assert!(run.history().show().plain().contains("Stopped after epoch"));
        }
    }
}

#[test]
fn an_interrupt_keeps_what_was_learned_and_the_run_goes_on() {
    let _alone = alone();
    let mut houses = houses();
    let mut optimizer = adam(&houses.net, 0.01);
    let steps = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let counted = steps.clone();
    let mut run = trainer(move |prediction: &Tensor, target: &Tensor| {
        // In the middle of the fourth epoch of 5 batches.
        if counted.fetch_add(1, std::sync::atomic::Ordering::Relaxed) == 17 {
            interrupt::request();
        }
        mse_loss(prediction, target)
    })
    .batch_size(20);
    let (x, y) = (houses.x.shallow_clone(), houses.y.shallow_clone());
    let before = copy_weights(&houses.net);
    let stopped = catch_unwind(AssertUnwindSafe(|| {
        run.fit(&mut houses.net, &mut optimizer, &x, &y, 50)
    }));
    assert!(stopped.unwrap_err().is::<interrupt::Interrupted>());
    assert_eq!(
        (
            run.history().len(),
            steps.load(std::sync::atomic::Ordering::Relaxed)
        ),
        (3, 18)
    );
    assert_ne!(
        flat(before.iter().next().unwrap().1),
        flat(&houses.net.parameter("0.weight"))
    );
    run.fit(&mut houses.net, &mut optimizer, &x, &y, 2);
    assert_eq!(run.history().len(), 5);
    assert!(run.history().last().unwrap().train < run.history().epochs()[0].train);
}

#[test]
fn a_run_that_diverges_says_where_and_why() {
    let _alone = alone();
    let mut houses = houses();
    let mut optimizer = sgd(&houses.net, 50.0);
    let (x, y) = (houses.x.shallow_clone(), houses.y.shallow_clone());
    let mut run = trainer(mse_loss).batch_size(20);
    let error = run
        .try_fit(&mut houses.net, &mut optimizer, &x, &y, 50)
        .unwrap_err();
    let text = error.to_string();
    let TrainingError::NotFinite { cause, before, .. } = error else {
        panic!("{text}");
    };
    assert!(
        cause.contains("a learning rate ten times smaller"),
        "{text}"
    );
    assert!(
        before.contains("e") && text.starts_with("the loss is "),
        "{text}"
    );

    let log = |prediction: &Tensor, _: &Tensor| -(prediction * 0.0).log().mean(Kind::Float);
    let mut net = linear(3, 1);
    let mut optimizer = sgd(&net, 0.1);
    let text = trainer(log)
        .try_fit(&mut net, &mut optimizer, &x, &y, 1)
        .unwrap_err()
        .to_string();
    assert!(
        text.contains("epoch 1, step 1: the predictions are finite"),
        "{text}"
    );
    assert!(text.contains("a logarithm of 0"), "{text}");

    // NaN comes at one known step: the seventh of 5 batches an epoch.
    let calls = std::cell::Cell::new(0);
    let late = move |prediction: &Tensor, target: &Tensor| {
        calls.set(calls.get() + 1);
        let factor = if calls.get() == 7 { f64::NAN } else { 1.0 };
        mse_loss(prediction, target) * factor
    };
    let mut net = linear(3, 1);
    let mut optimizer = sgd(&net, 0.01);
    let text = trainer(late)
        .batch_size(20)
        .try_fit(&mut net, &mut optimizer, &x, &y, 5)
        .unwrap_err()
        .to_string();
    assert!(text.contains("epoch 2, step 2"), "{text}");

    let mut deep = Sequential::new().add(linear(3, 3)).add(linear(3, 1));
    Init::Constant(1e30).fill(&deep.parameter("0.weight"));
    Init::Constant(1e30).fill(&deep.parameter("1.weight"));
    let mut optimizer = sgd(&deep, 0.1);
    let text = trainer(mse_loss)
        .try_fit(&mut deep, &mut optimizer, &x, &y, 1)
        .unwrap_err()
        .to_string();
    assert!(
        text.contains("the output of layer 1 (Linear 3 -> 1) is not"),
        "{text}"
    );
}

#[test]
fn data_that_cannot_be_learned_are_refused_before_the_first_step() {
    let _alone = alone();
    let mut net = linear(2, 1);
    let mut optimizer = sgd(&net, 0.1);
    let mut message = |x: &Tensor, y: &Tensor| {
        trainer(mse_loss)
            .try_fit(&mut net, &mut optimizer, x, y, 1)
            .unwrap_err()
            .to_string()
    };
    let x = randn(&[4, 2]);
    assert_eq!(
        message(&x, &randn(&[3, 1])),
        "training: x is [4, 2] and y is [3, 1]: the first sizes must be equal, one row per example"
    );
    assert!(message(&randn(&[0, 2]), &randn(&[0, 1])).contains("there are no examples"));
    let holed = tensor([[1.0, 2.0], [f64::NAN, 0.0]]);
    assert!(
        message(&holed, &randn(&[2, 1]))
            .contains("x holds 1 values that are NaN or inf, the first in example 1")
    );
    assert!(
        message(&randn(&[4, 3]), &randn(&[4, 1])).starts_with("Linear 2 -> 1: input is [4, 3]")
    );
    let whole = |p: &Tensor, _: &Tensor| p.shallow_clone();
    let error = trainer(whole)
        .try_fit(&mut net, &mut optimizer, &x, &randn(&[4, 1]), 1)
        .unwrap_err();
    assert!(
        error.to_string().starts_with("the loss has shape [4, 1]"),
        "{error}"
    );
}

#[test]
fn weights_come_back_from_their_file() {
    let _alone = alone();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("net.safetensors");
    let build = || {
        Sequential::new()
            .add(conv2d(1, 2, 3))
            .add(batch_norm2d(2))
            .add(flatten())
            .add(linear(72, 3))
    };
    let net = build();
    let x = randn(&[4, 1, 8, 8]);
    let _ = net.forward(&x);
    save_weights(&net, &path);
    let mut other = build();
    load_weights(&other, &path);
    let mut net = net;
    net.eval();
    other.eval();
    assert_eq!(net.forward(&x), other.forward(&x));

    let message = |layer: &dyn Layer, path: &std::path::Path| {
        lessons::checkpoint::try_load_weights(layer, path)
            .unwrap_err()
            .to_string()
    };
    let text = message(&Sequential::new().add(conv2d(1, 4, 3)), &path);
    assert!(
        text.contains(
            "belongs to another network: 0.weight is [2, 1, 3, 3] there and [4, 1, 3, 3] here"
        ),
        "{text}"
    );
    assert!(text.contains("the network has no 3.bias"), "{text}");
    assert!(message(&net, &folder.path().join("none")).contains("cannot be read from"));
    std::fs::write(&path, "not safetensors").unwrap();
    assert!(message(&net, &path).contains("cannot be read from"));
    let nowhere = folder.path().join("no/folder.safetensors");
    let error = lessons::checkpoint::try_save_weights(&net, &nowhere)
        .unwrap_err()
        .to_string();
    assert!(error.contains("no/folder.safetensors"), "{error}");
}

#[test]
fn a_race_starts_every_run_alike_and_is_pytorchs() {
    let _alone = alone();
    manual_seed(42);
    let _unused = linear(10, 1);
    let (x, y) = (randn(&[100, 10]), randn(&[100, 1]));
    let mut net = Sequential::new().add(linear(10, 1));
    let start = copy_weights(&net);
    let racers: [lessons::race::Racer<'_>; 3] = [
        ("0.1", &|net| sgd(net, 0.1)),
        ("0.01", &|net| sgd(net, 0.01)),
        ("2.0", &|net| sgd(net, 2.0)),
    ];
    let outcome = race(&mut net, &racers, mse_loss, &x, &y, 50, 100, 0);
    let expected = numbers_of(&["0.1", "0.01"]);
    let found: Vec<f64> = outcome.runs[..2]
        .iter()
        .map(|run| *run.losses.last().unwrap())
        .collect();
    assert_near(&found, &expected, 1e-4);
    assert_eq!(outcome.winner().unwrap().name, "0.1");
    assert!(
        outcome.runs[2]
            .failed
            .as_ref()
            .unwrap()
            .contains("the loss is inf at epoch 27"),
        "{outcome:?}"
    );
    let failed = outcome.runs[2].failed.as_ref().unwrap();
    assert!(failed.contains("5.198e35. Likely cause"), "{failed}");
    assert!(outcome.show().plain().contains("diverged"));
    assert_eq!(
        flat(start.iter().next().unwrap().1),
        flat(&net.parameter("0.weight")),
        "put back"
    );
}

fn numbers_of(rates: &[&str]) -> Vec<f64> {
    rates
        .iter()
        .map(|rate| {
            crate::fixtures::fixture("/learning_rates/final_loss")[rate]
                .as_f64()
                .unwrap()
        })
        .collect()
}

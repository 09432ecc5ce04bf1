//! Layers, initialisation and losses against PyTorch; gradients against finite differences.

use lessons::prelude::*;

use crate::fixtures::{alone, assert_near, fixture, flat, number, numbers};
use crate::networks::names;

#[test]
fn the_random_stream_is_pytorchs() {
    let _alone = alone();
    manual_seed(11);
    assert_near(&flat(&randn(&[4, 5])), &numbers("/stream/randn"), 1e-7);
    assert_near(&flat(&rand(&[3])), &numbers("/stream/rand"), 1e-7);
    assert_eq!(flat(&randperm(20)), numbers("/stream/randperm"));
}

#[test]
fn a_sequential_draws_the_weights_that_pytorch_draws() {
    let _alone = alone();
    manual_seed(7);
    let net = Sequential::new()
        .add(linear(3, 5))
        .add(tanh())
        .add(linear(5, 2));
    let names: Vec<String> = net
        .named_parameters()
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(names, ["0.weight", "0.bias", "2.weight", "2.bias"]);
    for (name, value) in net.named_parameters() {
        let expected = numbers(&format!("/initialisation/sequential/{name}"));
        let bits = |numbers: &[f64]| -> Vec<f32> { numbers.iter().map(|&n| n as f32).collect() };
        assert_eq!(
            bits(&flat(&value)),
            bits(&expected),
            "{name} to the last bit"
        );
    }
}

#[test]
fn the_recipes_are_pytorchs() {
    let _alone = alone();
    let recipes = [
        ("kaiming_uniform", Init::HeUniform),
        ("kaiming_normal", Init::HeNormal),
        ("xavier_uniform", Init::XavierUniform),
        ("xavier_normal", Init::XavierNormal),
    ];
    for (name, recipe) in recipes {
        manual_seed(7);
        let weight = tensor(vec![[0.0; 6]; 4]);
        recipe.fill(&weight);
        assert_near(
            &flat(&weight),
            &numbers(&format!("/initialisation/{name}")),
            1e-7,
        );
    }
}

#[test]
fn activations_are_pytorchs() {
    let x = Tensor::from_slice(&numbers("/activations/x"));
    for activation in [relu(), sigmoid(), tanh(), gelu(), silu()] {
        let expected = numbers(&format!("/activations/{}", activation.describe()));
        assert_near(&flat(&activation.forward(&x)), &expected, 1e-12);
    }
}

#[test]
fn losses_are_pytorchs() {
    let column = |pointer: &str| tensor(numbers(pointer)).reshape([5, 1]);
    let (p, t) = (column("/losses/prediction"), column("/losses/target"));
    let logits = tensor(numbers("/losses/logits")).reshape([5, 4]);
    let classes = tensor(numbers("/losses/classes")).to_kind(Kind::Int64);
    let found = [
        mse_loss(&p, &t).item(),
        bce_loss(&p, &t).item(),
        bce_with_logits_loss(&p, &t).item(),
        cross_entropy_loss(&logits, &classes).item(),
    ];
    let names = ["mse", "bce", "bce_with_logits", "cross_entropy"];
    assert_near(
        &found,
        &names.map(|name| number(&format!("/losses/{name}"))),
        1e-6,
    );
    assert!(fixture("/torch").as_str().unwrap().starts_with("2.13.0"));
}

#[test]
fn gradients_agree_with_finite_differences() {
    let _alone = alone();
    manual_seed(5);
    for activation in [sigmoid(), tanh(), gelu(), silu()] {
        let mut net = Sequential::new()
            .add(linear(3, 4))
            .add(activation)
            .add(linear(4, 2));
        for (_, parameter) in &mut net.named_parameters() {
            let double = parameter.to_kind(Kind::Double);
            parameter.set_data(&double);
        }
        net.train();
        let x = randn(&[6, 3]).to_kind(Kind::Double);
        let y = randn(&[6, 2]).to_kind(Kind::Double);
        let loss = || mse_loss(&net.forward(&x), &y);
        loss().backward();
        for (name, parameter) in net.named_parameters() {
            let gradient = flat(&parameter.grad());
            let numbers = parameter.detach().view([-1]);
            for (at, expected) in (0i64..).zip(&gradient) {
                let step = 1e-6;
                let nudge = |by: f64| {
                    no_grad(|| {
                        let _ = numbers.get(at).g_add_scalar_(by);
                        loss().item()
                    })
                };
                let (up, down) = (nudge(step), nudge(-2.0 * step));
                nudge(step);
                let slope = (up - down) / (2.0 * step);
                assert!(
                    (slope - expected).abs() < 1e-7,
                    "{name}[{at}]: {slope} against {expected}"
                );
            }
        }
    }
}

#[test]
fn nested_networks_name_and_train_all_parameters() {
    let _alone = alone();
    let block = Sequential::new().add(linear(4, 4)).add(relu());
    let net = Sequential::new()
        .named("block", block)
        .named("head", linear(4, 1));
    assert_eq!(
        names(&net),
        ["block.0.weight", "block.0.bias", "head.weight", "head.bias"]
    );
    assert_eq!(net.var_store().variables().len(), 4);
    let before = copy_weights(&net);
    let mut optimizer = sgd(&net, 0.1);
    optimizer.backward_step(&mse_loss(&net.forward(&randn(&[8, 4])), &randn(&[8, 1])));
    for ((name, old), (_, new)) in before.iter().zip(net.named_parameters()) {
        assert_ne!(flat(old), flat(&new), "{name} did not learn");
    }
    restore_weights(&net, &before);
    assert_eq!(
        flat(before.iter().next().unwrap().1),
        flat(&net.parameter("block.0.weight"))
    );
    assert!(
        net.named_parameters()
            .iter()
            .all(|(_, p)| !p.grad().defined() || flat(&p.grad()).iter().all(|&g| g == 0.0))
    );
}

#[test]
fn a_shared_weight_counts_and_learns_once() {
    let _alone = alone();
    let first = linear(3, 3);
    let again = Linear {
        weight: first.weight.shallow_clone(),
        bias: first.bias.shallow_clone(),
    };
    let net = Sequential::new().add(first).add(again);
    assert_eq!(net.parameter_count(), 12);
    assert_eq!(net.var_store().trainable_variables().len(), 2);
    assert_eq!(trace(&net, &randn(&[1, 3])).parameter_count(), 12);
}

#[test]
fn dropout_drops_only_while_training() {
    let _alone = alone();
    let mut net = Sequential::new().add(dropout(0.5));
    let x = tensor(vec![1.0; 1000]);
    let kept = flat(&net.forward(&x)).iter().filter(|&&v| v == 2.0).count();
    assert!(
        (400..600).contains(&kept),
        "{kept} of 1000 kept and doubled"
    );
    net.eval();
    assert_eq!(net.forward(&x), x);
}

#[test]
fn no_grad_ends_when_the_computation_panics() {
    let layer = Linear {
        weight: tensor([[1.0]]).set_requires_grad(true),
        bias: tensor([0.0]),
    };
    let result = std::panic::catch_unwind(|| no_grad(|| std::panic::resume_unwind(Box::new(1))));
    assert!(result.is_err());
    assert!(
        layer.forward(&tensor([[2.0]])).requires_grad(),
        "gradients are tracked again"
    );
}

#[test]
fn a_network_is_a_value_that_can_be_kept() {
    fn kept<T: Send + 'static>(_: &T) {}
    kept(&Sequential::new().add(relu()));
    kept(&copy_weights(&relu()));
    kept(&loss_curve(&[], &[]));
    kept(&gradients(&relu()));
    kept(&trace(&relu(), &tensor([1.0])));
}

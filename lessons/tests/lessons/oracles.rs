//! Small parts against closed forms, finite differences and tch's own: what larger tests pass over.

use lessons::prelude::*;

use crate::fixtures::{alone, assert_near, flat};

#[test]
fn rotary_turns_by_the_position() {
    let (cos, sin) = (1f64.cos(), 1f64.sin());
    let turned = rotary(&tensor([[1.0, 0.0], [1.0, 0.0]]));
    assert_near(&flat(&turned), &[1.0, 0.0, cos, sin], 1e-6);
    // Size 4: the second pair (numbers 1 and 3) turns a hundred times more slowly.
    let turned = rotary(&tensor([[0.0, 1.0, 0.0, 0.0]; 8]));
    let angle = 7.0f64 / 100.0;
    assert_near(
        &flat(&turned.get(7)),
        &[0.0, angle.cos(), 0.0, angle.sin()],
        1e-6,
    );
    // One wavelength is 2 pi positions: 22 of them are 3.5 turns, as near as whole numbers come.
    let turned = rotary(&tensor([[1.0, 0.0]; 45]).to_kind(Kind::Double));
    assert_near(&flat(&turned.get(44)), &[1.0, 0.0], 0.02);
}

#[test]
fn attention_is_its_formula_and_tchs() {
    let _alone = alone();
    // One query that looks at keys 1 and 0 of size 1: weights e / (e + 1) and 1 / (e + 1).
    let (y, weights) = scaled_dot_product_attention(
        &tensor([[1.0]]),
        &tensor([[1.0], [0.0]]),
        &tensor([[10.0], [20.0]]),
        false,
    );
    let first = 1f64.exp() / (1f64.exp() + 1.0);
    assert_near(&flat(&weights), &[first, 1.0 - first], 1e-6);
    assert_near(&flat(&y), &[20.0 - 10.0 * first], 1e-5);
    manual_seed(31);
    let draw = || randn(&[2, 3, 5, 4]).to_kind(Kind::Double);
    let (q, k, v) = (draw(), draw(), draw());
    for causal in [false, true] {
        let (ours, _) = scaled_dot_product_attention(&q, &k, &v, causal);
        let none: Option<Tensor> = None;
        let theirs =
            Tensor::scaled_dot_product_attention(&q, &k, &v, none, 0.0, causal, None, false);
        assert_near(&flat(&ours), &flat(&theirs), 1e-12);
    }
}

#[test]
fn what_is_drawn_has_the_spread_that_is_promised() {
    let _alone = alone();
    manual_seed(8);
    let spread = |values: &Tensor| {
        let values = values.detach();
        [values.mean(Kind::Float).item(), values.std(true).item()]
    };
    let positions = learned_positions(200, 200);
    assert_near(&spread(&positions.weight), &[0.0, 0.02], 4e-4);
    let layer = linear(200, 200);
    Init::Normal(0.5).fill(&layer.weight);
    assert_near(&spread(&layer.weight), &[0.0, 0.5], 1e-2);
}

#[test]
fn means_over_positions_are_counted_by_hand() {
    let x = tensor([[[1.0, 2.0], [3.0, 6.0]], [[0.0, 0.0], [5.0, -1.0]]]);
    let found = mean_of_positions().forward(&x);
    assert_eq!(flat(&found), [2.0, 4.0, 2.5, -0.5]);
}

#[test]
fn activation_statistics_are_mean_and_deviation() {
    let found = activation_statistics(&relu(), &tensor([[-1.0, 1.0], [2.0, 5.0]]));
    // 0, 1, 2, 5: mean 2, squares of the distances 4, 1, 0, 9, over 4.
    let row = &found.rows[0];
    assert_near(&[row.mean, row.deviation], &[2.0, 3.5f64.sqrt()], 1e-12);
}

#[test]
fn after_a_convolution_the_channels_are_the_units() {
    let conv = conv1d(1, 2, 1);
    no_grad(|| {
        let mut parameters = conv.named_parameters();
        parameters[0].1.copy_(&tensor([[[1.0]], [[-1.0]]]));
        parameters[1].1.copy_(&tensor([0.0, 0.0]));
    });
    let net = Sequential::new().add(conv).add(relu());
    // Positive inputs: the second channel is dead at every place, the first at none.
    let x = tensor([[[1.0, 2.0, 3.0]], [[4.0, 5.0, 6.0]]]);
    assert_eq!(activation_statistics(&net, &x).rows[1].dead, Some(0.5));
}

#[test]
fn batch_norm_of_sequences_measures_over_batch_and_length() {
    let layer = batch_norm1d(2);
    let x = tensor([[[1.0, 3.0], [0.0, 0.0]], [[5.0, 7.0], [2.0, 2.0]]]);
    let y = layer.forward(&x);
    // Channel 0: 1, 3, 5, 7: mean 4, variance 5; channel 1: 0, 0, 2, 2: mean 1, variance 1.
    let a = |x: f64| (x - 4.0) / 5f64.sqrt();
    let expected = [a(1.0), a(3.0), -1.0, -1.0, a(5.0), a(7.0), 1.0, 1.0];
    assert_near(&flat(&y), &expected, 1e-4);
    assert_near(&flat(&layer.running_mean), &[0.4, 0.1], 1e-6);
    // The unbiased variances, 20 / 3 and 4 / 3, a tenth of the way from 1.
    let running = [0.9 + 2.0 / 3.0, 0.9 + 0.4 / 3.0];
    assert_near(&flat(&layer.running_var), &running, 1e-6);
}

#[test]
fn gradients_of_the_losses_are_finite_differences() {
    type Loss<'a> = (&'a str, Box<dyn Fn(&Tensor) -> Tensor>, Vec<f64>);
    let double = |values: &[f64]| Tensor::from_slice(values);
    let (target, odds) = (
        double(&[1.0, -2.0, 0.5, 3.0]),
        double(&[1.0, 0.0, 0.3, 1.0]),
    );
    let same = odds.shallow_clone();
    let classes = tensor([1, 0]);
    let cases: [Loss<'_>; 4] = [
        (
            "mse",
            Box::new(move |x| mse_loss(x, &target)),
            vec![0.3, -1.0, 2.0, 0.1],
        ),
        (
            "bce",
            Box::new(move |x| bce_loss(x, &odds)),
            vec![0.3, 0.2, 0.9, 0.6],
        ),
        (
            "bce_with_logits",
            Box::new(move |x| bce_with_logits_loss(x, &same)),
            vec![0.3, -2.0, 5.0, 0.0],
        ),
        (
            "cross_entropy",
            Box::new(move |x| cross_entropy_loss(&x.reshape([2, 2]), &classes)),
            vec![0.3, -2.0, 1.0, 0.0],
        ),
    ];
    for (name, loss, at) in cases {
        let x = double(&at).set_requires_grad(true);
        loss(&x).backward();
        let step = 1e-5;
        let slope = |place: usize| {
            let moved = |by: f64| {
                let mut to = at.clone();
                to[place] += by;
                loss(&double(&to)).item()
            };
            (moved(step) - moved(-step)) / (2.0 * step)
        };
        let slopes: Vec<f64> = (0..at.len()).map(slope).collect();
        println!("{name}");
        assert_near(&flat(&x.grad()), &slopes, 1e-8);
    }
}

#[test]
fn a_graph_passes_nan_on_as_libtorch_does() {
    let x = value("x", f64::NAN);
    let y = x.relu();
    y.backward();
    assert!(y.data().is_nan(), "max(NaN, 0) would hide it");
    let gap = (x.relu() * 2.0).against_libtorch();
    assert_eq!(gap, 0.0, "libtorch passes NaN on, and so does relu");
    assert_eq!(value("x", -1.0).relu().data(), 0.0);
}

#[test]
fn a_gradient_check_keeps_to_its_number_and_is_strict_in_double() {
    let _alone = alone();
    manual_seed(3);
    let layer = linear(47, 1);
    let x = randn(&[5, 47]);
    let check = gradient_check(&layer, &|| layer.forward(&x).square().mean(Kind::Float));
    assert!(check.rows[0].checked <= 24, "{}", check.rows[0].checked);
    assert!(check.agrees());

    // A slope that is wrong by one part in a thousand: seen in Double.
    let wrong = |by: f64| {
        let w = Tensor::from_slice(&[0.7f64, -1.3]).set_requires_grad(true);
        let layer = Linear {
            weight: w.reshape([1, 2]).detach().set_requires_grad(true),
            bias: Tensor::from_slice(&[0.1f64]).set_requires_grad(true),
        };
        let x = Tensor::from_slice(&[1.0f64, 2.0, -0.5, 3.0]).reshape([2, 2]);
        gradient_check(&layer, &|| {
            let y = layer.forward(&x).tanh().sum(Kind::Double);
            // The value is y, the gradient that of (1 + by) y.
            &y * (1.0 + by) - (&y * by).detach()
        })
        .agrees()
    };
    assert!(wrong(0.0));
    assert!(!wrong(1e-3));
}

#[test]
fn top_k_keeps_k_of_equal_logits() {
    let chances = Sampling::temperature(1.0)
        .top_k(2)
        .chances(&tensor([1.0, 1.0, 1.0, 0.0]));
    let kept = flat(&chances);
    assert_eq!(kept.iter().filter(|&&chance| chance > 0.0).count(), 2);
    assert_near(&[kept.iter().sum()], &[1.0], 1e-12);
}

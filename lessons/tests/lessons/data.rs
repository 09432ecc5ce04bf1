//! The shipped data against their sources, splits and scaling, made-up sets.

use std::collections::HashSet;
use std::panic::catch_unwind;

use lessons::prelude::*;

use crate::fixtures::{alone, assert_near, flat, number, numbers};

#[test]
fn the_houses_give_the_known_regression() {
    let data = houses();
    assert_eq!((data.len(), data.y.size()), (88, vec![88, 1]));
    // price = .1284 sqrft + 15.198 bdrms - 19.315, R2 .632 (Wooldridge).
    let ones = data.x.narrow(1, 0, 1) * 0.0 + 1.0;
    let design = Tensor::cat(&[&data.x.narrow(1, 0, 2), &ones], 1).to_kind(Kind::Double);
    let target = data.y.to_kind(Kind::Double);
    let normal = design.tr().matmul(&design);
    let weights = normal.inverse().matmul(&design.tr().matmul(&target));
    assert_near(&flat(&weights), &[0.1284, 15.198, -19.315], 5e-4);
    let rest = (&target - design.matmul(&weights))
        .square()
        .sum(Kind::Double);
    let all = (&target - target.mean(Kind::Double))
        .square()
        .sum(Kind::Double);
    assert_near(&[1.0 - (rest / all).item()], &[0.632], 5e-4);
    assert!(data.show().plain().contains("bedrooms"));
}

#[test]
fn the_digits_are_scikit_learns() {
    let data = digits();
    let pixels = &data.x * 16.0;
    assert_eq!(pixels.sum(Kind::Double).item(), number("/data/digits_sum"));
    assert_eq!(flat(&pixels.get(100)), numbers("/data/digit_100"));
    assert_eq!(data.y.i(100).item(), number("/data/digit_100_class"));
    assert_eq!((data.y.min().item(), data.y.max().item()), (0.0, 9.0));
}

#[test]
fn the_sonnets_are_plain_text() {
    let letters: HashSet<char> = sonnets().chars().collect();
    assert!(
        letters.len() < 64 && sonnets().len() > 90_000,
        "{} letters",
        letters.len()
    );
    assert!(sonnets().contains("Shall I compare thee to a summer's day?"));
    assert!(!sonnets().contains("\n\n\n"));
}

#[test]
fn words_are_gloves_and_the_king_is_nearest_to_himself() {
    let words = word_vectors();
    assert_eq!(
        (words.words().len(), words.vectors.size()),
        (10_000, vec![10_000, 50])
    );
    assert_near(&flat(&words.vector("king")), &numbers("/data/king"), 2e-3);
    let target = words.vector("king") - words.vector("man") + words.vector("woman");
    let all = words.nearest(&target, 2, &[]);
    assert_eq!((all[0].0.as_str(), all[1].0.as_str()), ("king", "queen"));
    assert_near(&[all[0].1, all[1].1], &[0.886, 0.861], 1e-3);
    assert_eq!(
        words.nearest(&target, 1, &["king", "man", "woman"])[0].0,
        "queen"
    );
    assert!(
        words
            .analogy("king", "man", "woman")
            .text()
            .contains("king 0.886")
    );
    assert_near(&[words.similarity("hot", "cold")], &[0.801], 1e-3);
    let payload = catch_unwind(|| word_vectors().vector("kingqueen")).unwrap_err();
    let message = payload.downcast_ref::<String>().unwrap();
    assert!(
        message.contains("vector(\"kingqueen\"): there is no such word")
            && message.contains("king"),
        "{message}"
    );
}

#[test]
fn a_split_shares_no_example() {
    let _alone = alone();
    let data = linear_data(100, &[1.0], 0.0, 0.0);
    let parts = split(&data, 0.2, 0.1);
    assert_eq!(
        [parts.train.len(), parts.validation.len(), parts.test.len()],
        [70, 20, 10]
    );
    let all = [&parts.train, &parts.validation, &parts.test]
        .map(|part| flat(&part.x))
        .concat();
    let bits: HashSet<u64> = all.iter().map(|value| value.to_bits()).collect();
    let original: HashSet<u64> = flat(&data.x).iter().map(|value| value.to_bits()).collect();
    assert_eq!(bits, original, "every example is in one part");
    assert_eq!(all.len(), 100);
    assert_eq!(parts.train.x, parts.train.y, "x and y stay together");
    assert!(catch_unwind(|| split(&houses(), 0.5, 0.5)).is_err());
    assert!(catch_unwind(|| split(&houses(), -0.1, 0.5)).is_err());
}

#[test]
fn scaling_uses_the_training_examples_alone_and_can_be_undone() {
    let train = tensor([[1.0, 10.0], [3.0, 10.0]]);
    let scale = normalizer(&train);
    assert_eq!(
        flat(&scale.apply(&train)),
        [-1.0, 0.0, 1.0, 0.0],
        "a constant column becomes 0"
    );
    let test = tensor([[5.0, 12.0]]);
    assert_eq!(flat(&scale.apply(&test)), [3.0, 2.0]);
    assert_eq!(scale.undo(&scale.apply(&test)), test);
    assert!(
        catch_unwind(|| normalizer(&tensor([[1.0], [2.0]])).apply(&tensor([[1.0, 2.0]]))).is_err()
    );
}

#[test]
fn made_up_data_repeat_with_their_seed_and_have_their_shapes() {
    let _alone = alone();
    for make in [
        || two_moons(90, 0.1),
        || blobs(90, 3, 0.2),
        || spirals(90, 3, 0.02),
    ] {
        manual_seed(4);
        let first = make();
        manual_seed(4);
        let second = make();
        assert_eq!((first.x.size(), first.y.size()), (vec![90, 2], vec![90]));
        assert_eq!((&first.x, &first.y), (&second.x, &second.y));
        assert_eq!(first.y.kind(), Kind::Int64);
    }
    manual_seed(4);
    let moons = two_moons(200, 0.0);
    let upper = moons.x.index_select(
        0,
        &Tensor::arange_start_step(0, 200, 2, (Kind::Int64, Device::Cpu)),
    );
    assert!(
        (upper.square().sum_dim_intlist(1, false, Kind::Float) - 1.0)
            .abs()
            .max()
            .item()
            < 1e-5
    );
    let line = linear_data(50, &[2.0, -1.0], 0.5, 0.0);
    let expected = line.x.matmul(&tensor([[2.0], [-1.0]])) + 0.5;
    assert!((line.y - expected).abs().max().item() < 1e-6);
}

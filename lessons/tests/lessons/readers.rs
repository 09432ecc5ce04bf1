//! Transformers that read texts and images, the mixture of experts, and search by meaning.

use lessons::prelude::*;
use lessons::transformer::Routing;

use crate::fixtures::{alone, assert_near, flat};
use crate::refusals::refusal;

#[test]
fn a_classifier_learns_what_no_single_token_says() {
    let _alone = alone();
    manual_seed(6);
    // Does the text hold both a 1 and a 2?
    let x = Tensor::randint(4, [400, 5], (Kind::Int64, Device::Cpu));
    let has = |token: i64| x.eq(token).any_dim(1, false);
    let y = has(1).logical_and(&has(2)).to_kind(Kind::Int64);
    let mut net = transformer_classifier(4, 5, 16, 2, 1, 2);
    let mut optimizer = adam(&net, 0.01);
    let (train, test) = (x.narrow(0, 0, 300), x.narrow(0, 300, 100));
    let known = y.narrow(0, 0, 300);
    trainer(cross_entropy_loss).fit(&mut net, &mut optimizer, &train, &known, 20);
    let said = no_grad(|| net.forward(&test)).argmax(-1, false);
    let right = said.eq_tensor(&y.narrow(0, 300, 100));
    let share = right.to_kind(Kind::Float).mean(Kind::Float).item();
    assert!(share > 0.9, "{share}");
}

#[test]
fn a_vision_transformer_counts_its_parameters_and_learns_digits() {
    let _alone = alone();
    manual_seed(7);
    let mut net = vision_transformer(8, 2, 16, 2, 1, 10);
    let (e, patches) = (16, 16);
    let block = 12 * e * e + 13 * e;
    let expected = (4 * e + e) + patches * e + block + 2 * e + (10 * e + 10);
    assert_eq!(net.parameter_count(), expected);
    let data = digits();
    let (x, y) = (data.x.narrow(0, 0, 600), data.y.narrow(0, 0, 600));
    let mut optimizer = adam(&net, 0.01);
    trainer(cross_entropy_loss).fit(&mut net, &mut optimizer, &x, &y, 40);
    let (held, truth) = (data.x.narrow(0, 600, 300), data.y.narrow(0, 600, 300));
    let right = no_grad(|| net.forward(&held))
        .argmax(-1, false)
        .eq_tensor(&truth);
    let share = right.to_kind(Kind::Float).mean(Kind::Float).item();
    assert!(share > 0.8, "{share}");
    let names = summary(&net, &data.x.narrow(0, 0, 1)).show();
    assert!(names.plain().contains("patches") && names.plain().contains("block0.look.attention"));
}

#[test]
fn patches_keep_every_pixel_in_its_place() {
    let image = Tensor::arange(32, (Kind::Float, Device::Cpu)).reshape([1, 2, 4, 4]);
    let cut = lessons::transformer::patches(2).forward(&image);
    assert_eq!(cut.size(), [1, 4, 8]);
    assert_eq!(
        flat(&cut.i((0, 1))),
        [2.0, 3.0, 6.0, 7.0, 18.0, 19.0, 22.0, 23.0]
    );
    let said = refusal(|| patches(3).forward(&image));
    assert!(said.contains("divisible by 3"), "{said}");
    let said = refusal(|| vision_transformer(8, 3, 16, 2, 1, 10));
    assert!(said.contains("do not divide"), "{said}");
}

#[test]
fn experts_are_the_weighted_sum_written_out() {
    let _alone = alone();
    manual_seed(8);
    let layer = mixture_of_experts(4, 6, 5, 2);
    let x = randn(&[3, 2, 4]);
    let y = layer.forward(&x).reshape([-1, 4]);
    assert_eq!(layer.usage().iter().sum::<u64>(), 12);
    let Routing {
        experts,
        weights,
        probabilities,
    } = layer.route(&x);
    assert_near(
        &flat(&weights.sum_dim_intlist(1, false, Kind::Float)),
        &[1.0; 6],
        1e-6,
    );
    let named: std::collections::HashMap<String, Tensor> =
        layer.named_parameters().into_iter().collect();
    let part = |expert: i64, name: &str| &named[&format!("experts{expert}.{name}")];
    for token in 0..6 {
        let row = x.reshape([-1, 4]).get(token);
        let mut sum = Tensor::zeros([4], (Kind::Float, Device::Cpu));
        for rank in 0..2 {
            let chosen = experts.int64_value(&[token, rank]);
            let hidden = (part(chosen, "0.weight").mv(&row) + part(chosen, "0.bias")).gelu("none");
            let made = part(chosen, "2.weight").mv(&hidden) + part(chosen, "2.bias");
            sum += made * weights.double_value(&[token, rank]);
        }
        assert_near(&flat(&y.get(token)), &flat(&sum), 1e-5);
        let best = probabilities.get(token).argmax(0, false).int64_value(&[]);
        assert_eq!(experts.int64_value(&[token, 0]), best);
    }
    // Every expert that worked, and the router, can learn.
    y.square().sum(Kind::Float).backward();
    assert!(layer.router.weight.grad().abs().max().item() > 0.0);
    let worked = experts.int64_value(&[0, 0]);
    assert!(part(worked, "0.weight").grad().abs().max().item() > 0.0);
}

#[test]
fn experts_count_what_is_at_work_and_how_even_it_is() {
    let _alone = alone();
    manual_seed(9);
    let layer = mixture_of_experts(8, 16, 4, 1);
    let one = 8 * 16 + 16 + 16 * 8 + 8;
    let router = 8 * 4 + 4;
    assert_eq!(layer.parameter_count(), router + 4 * one);
    assert_eq!(layer.active_parameters(), router + one);
    // A router that sends everything to expert 2, surely: the loss is the number of experts.
    no_grad(|| {
        let _ = layer.router.weight.shallow_clone().zero_();
        layer
            .router
            .bias
            .shallow_clone()
            .copy_(&tensor([0.0, 0.0, 50.0, 0.0]));
    });
    let x = randn(&[10, 8]);
    assert!((layer.balance_loss(&x).item() - 4.0).abs() < 1e-4);
    let _ = layer.forward(&x);
    assert_eq!(layer.usage(), [0, 0, 10, 0]);
    let table = layer.usage_table().text();
    assert!(
        table.contains("100.0 %") && table.contains("1 of 4 experts"),
        "{table}"
    );
    layer.forget_usage();
    assert_eq!(layer.usage(), [0; 4]);
    let said = refusal(|| mixture_of_experts(8, 16, 4, 5));
    assert!(said.contains("top_k at most"), "{said}");
}

#[test]
fn the_index_orders_by_cosine_not_by_length() {
    let mut index = vector_index();
    index.add(
        &["long, aside", "short, ahead", "behind"],
        &tensor([[30.0, 40.0], [0.1, 0.01], [-1.0, 0.0]]),
    );
    let found = index.search(&tensor([[2.0, 0.0]]), 2).hits;
    assert_eq!(found[0].0, "short, ahead");
    assert_eq!(found[1].0, "long, aside");
    assert!((found[1].1 - 0.6).abs() < 1e-9);
    let said = refusal(|| index.search(&tensor([1.0, 2.0, 3.0]), 1));
    assert!(said.contains("[3]") && said.contains("[2]"), "{said}");
    let said = refusal(|| vector_index().add(&["a"], &tensor([[0.0, 0.0]])));
    assert!(said.contains("length 0"), "{said}");
    let said = refusal(|| vector_index().search(&tensor([1.0]), 1));
    assert!(said.contains("empty"), "{said}");
}

#[test]
fn the_kings_analogy_needs_its_words_left_out() {
    let words = word_vectors();
    let target = words.vector("king") - words.vector("man") + words.vector("woman");
    let all = words.nearest(&target, 2, &[]);
    assert_eq!((all[0].0.as_str(), all[1].0.as_str()), ("king", "queen"));
    assert!(
        (all[0].1 - 0.886).abs() < 5e-4 && (all[1].1 - 0.861).abs() < 5e-4,
        "{all:?}"
    );
    let without = words.nearest(&target, 1, &["king", "man", "woman"]);
    assert_eq!(without[0].0, "queen");
}

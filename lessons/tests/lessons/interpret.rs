//! Probes, saliency and their checks, where the right answer is known beforehand.

use lessons::prelude::*;

use crate::fixtures::{alone, assert_near, flat};
use crate::refusals::refusal;

/// A network that reads the digits well, in a second or two.
fn reader() -> (Sequential, Tensor, Tensor) {
    manual_seed(3);
    let data = digits();
    let mut net = Sequential::new()
        .add(flatten())
        .add(linear(64, 32))
        .add(relu())
        .add(linear(32, 10));
    let mut optimizer = adam(&net, 0.01);
    trainer(cross_entropy_loss).fit(&mut net, &mut optimizer, &data.x, &data.y, 8);
    (net, data.x, data.y)
}

#[test]
fn a_linear_networks_saliency_is_its_weights() {
    let _alone = alone();
    manual_seed(1);
    let net = Sequential::new().add(linear(5, 3));
    let x = randn(&[1, 5]);
    let seen = saliency(&net, &x, 2);
    assert_eq!(seen.gradient, net.parameter("0.weight").get(2));
    let sum = seen.times_input().sum(Kind::Float).item();
    let bias = net.parameter("0.bias").get(2).item();
    assert!((sum - (seen.score - bias)).abs() < 1e-5);
    assert!(
        !net.parameter("0.weight").grad().defined(),
        "no gradient is left"
    );
}

#[test]
fn a_deep_networks_saliency_is_the_finite_difference() {
    let _alone = alone();
    manual_seed(2);
    let net = Sequential::new()
        .add(linear(4, 8))
        .add(tanh())
        .add(linear(8, 2));
    let x = randn(&[1, 4]);
    let seen = no_grad(|| saliency(&net, &x, 1));
    let step = 1e-2;
    for at in 0..4 {
        let score = |by: f64| {
            let moved = x.copy();
            let _ = moved.i((0, at)).g_add_scalar_(by);
            no_grad(|| net.forward(&moved)).i((0, 1)).item()
        };
        let slope = (score(step) - score(-step)) / (2.0 * step);
        assert!((slope - seen.gradient.i(at).item()).abs() < 1e-3, "{at}");
    }
}

#[test]
fn deleting_what_a_map_marks_hurts_more_than_chance() {
    let _alone = alone();
    let (net, x, y) = reader();
    let mut won = 0;
    for at in 0..10 {
        let (one, class) = (x.narrow(0, at, 1), y.int64_value(&[at]));
        let map = saliency(&net, &one, class).times_input();
        let test = deletion_test(&net, &one, class, &map);
        assert_eq!((test.salient.len(), test.random_areas.len()), (65, 20));
        assert!((test.salient[0] - test.random[0]).abs() < 1e-6);
        assert!(
            (test.salient[64] - test.random[64]).abs() < 1e-6,
            "all is deleted"
        );
        won += i32::from(test.salient_area() < test.random_area());
        // The opposite order must be worse than the order itself.
        let opposite = deletion_test(&net, &one, class, &-&map);
        assert!(opposite.salient_area() > test.salient_area());
    }
    assert!(won >= 9, "{won} of 10");
}

#[test]
fn a_deletion_curve_is_the_softmax_of_what_is_left() {
    let _alone = alone();
    let net = Sequential::new().add(linear(2, 2));
    no_grad(|| {
        net.parameter("0.weight")
            .copy_(&tensor([[3.0, 1.0], [0.0, 0.0]]));
        net.parameter("0.bias").copy_(&tensor([0.0, 0.0]));
    });
    let test = deletion_test(&net, &tensor([[1.0, 1.0]]), 0, &tensor([3.0, 1.0]));
    let sigmoid = |z: f64| 1.0 / (1.0 + (-z).exp());
    let expected = [sigmoid(4.0), sigmoid(1.0), 0.5];
    assert_near(&test.salient, &expected, 1e-6);
    let area = (expected[0] / 2.0 + expected[1] + expected[2] / 2.0) / 2.0;
    assert!((test.salient_area() - area).abs() < 1e-6);
    assert!(test.show().plain().contains("most salient first"));
}

#[test]
fn a_map_forgets_with_the_network_and_the_weights_come_back() {
    let _alone = alone();
    let (net, x, y) = reader();
    let before = flat(&net.parameter("1.weight"));
    manual_seed(9);
    let mut last = 0.0;
    for at in 0..10 {
        let check = randomised_weight_check(&net, &x.narrow(0, at, 1), y.int64_value(&[at]));
        let names: Vec<&str> = check.steps.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["nothing", "3", "1"]);
        last += check.last() / 10.0;
        assert_eq!(check.pictures().table().text().lines().count(), 7);
    }
    assert!(last.abs() < 0.3, "mean rank correlation {last}");
    assert_eq!(flat(&net.parameter("1.weight")), before);
}

#[test]
fn a_map_that_shows_the_input_alone_does_not_change() {
    // Strength is |w| for a net that multiplies by one number: randomised, it scales every pixel alike.
    let _alone = alone();
    manual_seed(4);
    #[derive(Debug)]
    struct SquareSum(Tensor);
    impl Layer for SquareSum {
        fn describe(&self) -> String {
            "SquareSum".to_owned()
        }
        fn try_forward(&self, input: &Tensor) -> Result<Tensor, ForwardError> {
            let sum = input.square().sum_dim_intlist(1, true, Kind::Float);
            Ok(sum * &self.0)
        }
        fn named_parameters(&self) -> Vec<(String, Tensor)> {
            vec![("scale".to_owned(), self.0.shallow_clone())]
        }
    }
    let net = SquareSum(tensor([2.0, 3.0]).set_requires_grad(true));
    let check = randomised_weight_check(&net, &randn(&[1, 30]), 0);
    assert!((check.last() - 1.0).abs() < 1e-9, "{:?}", check.steps);
}

#[test]
fn rank_correlation_is_spearmans() {
    assert_eq!(rank_correlation(&[1.0, 2.0, 3.0], &[3.0, 2.0, 1.0]), -1.0);
    assert_eq!(rank_correlation(&[1.0, 1.0], &[1.0, 2.0]), 0.0);
    // Ranks 1, 2.5, 2.5, 4 against 2, 1, 3, 4: covariance 3, lengths sqrt(4.5 * 5).
    let found = rank_correlation(&[10.0, 20.0, 20.0, 30.0], &[0.2, 0.1, 0.3, 0.4]);
    assert!((found - 3.0 / 22.5f64.sqrt()).abs() < 1e-12, "{found}");
}

#[test]
fn a_probe_finds_what_was_planted_and_nothing_else() {
    let _alone = alone();
    manual_seed(11);
    let hidden = randn(&[600, 16]);
    let direction = randn(&[16, 1]);
    let labels = hidden
        .matmul(&direction)
        .gt(0.0)
        .to_kind(Kind::Int64)
        .reshape([-1]);
    let own_type = Tensor::arange(600, (Kind::Int64, Device::Cpu));
    let found = probe_with_control(&hidden, &labels, &own_type);
    assert!(found.task.accuracy > 0.93, "{}", found.task.accuracy);
    assert!(
        (found.control.accuracy - 0.5).abs() < 0.12,
        "{}",
        found.control.accuracy
    );
    assert_eq!((found.task.train, found.task.held_out), (420, 180));
    let weight = (found.task.weight.get(1) - found.task.weight.get(0)).to_kind(Kind::Float);
    let cosine = cosine_similarity(&weight, &direction.reshape([-1]));
    assert!(cosine > 0.97, "the direction itself: {cosine}");
    let noise = probe(&randn(&[600, 16]), &labels);
    assert!((noise.accuracy - 0.5).abs() < 0.12, "{}", noise.accuracy);
    assert!(found.show().plain().contains("Selectivity"));
}

#[test]
fn a_probe_that_can_learn_words_by_heart_is_not_selective() {
    let _alone = alone();
    manual_seed(12);
    // Twelve words, each with a vector of its own: any labels of words can be read off.
    let types = Tensor::randint(12, [400], (Kind::Int64, Device::Cpu));
    let hidden = types.one_hot(12).to_kind(Kind::Float) + randn(&[400, 12]) * 0.1;
    let labels = types.remainder(2);
    let found = probe_with_control(&hidden, &labels, &types);
    let (task, control) = (found.task.accuracy, found.control.accuracy);
    assert!(task > 0.95 && control > 0.95, "{task} {control}");
    assert!(found.selectivity().abs() < 0.05);
}

#[test]
fn control_labels_hang_on_the_type_alone() {
    let _alone = alone();
    let types = tensor([5, 7, 5, 7, 9]);
    let control = control_labels(&tensor([0, 1, 2, 1, 0]), &types);
    let drawn = flat(&control);
    assert_eq!((drawn[0], drawn[1]), (drawn[2], drawn[3]));
    assert!(drawn.iter().all(|label| (0.0..=2.0).contains(label)));
}

#[test]
fn an_overlay_ranks_pixels_and_shows_signs() {
    let map = tensor([[0.0, -3.0], [1.0, 0.5]]);
    let plot = saliency_overlay("Map", &tensor([[0.0, 1.0], [0.5, 0.2]]), &map);
    assert!(
        plot.description().contains("row 0, column 1: -3"),
        "{}",
        plot.description()
    );
    assert!(plot.svg().contains("#0072B2") && plot.svg().contains("#D55E00"));
    assert_eq!(
        plot.svg().matches("<circle").count(),
        3,
        "no dot where the map is 0"
    );
}

#[test]
fn refusals_say_what_came_and_what_to_try() {
    let _alone = alone();
    let net = Sequential::new().add(linear(3, 2));
    let said = refusal(|| saliency(&net, &randn(&[2, 3]), 0));
    assert!(said.contains("[2, 3]") && said.contains("narrow"), "{said}");
    let said = refusal(|| saliency(&net, &randn(&[1, 3]), 2));
    assert!(said.contains("classes go from 0 to 1"), "{said}");
    let said = refusal(|| saliency(&net, &randn(&[1, 4]), 0));
    assert!(said.contains("layer 0"), "{said}");
    let said = refusal(|| deletion_test(&net, &randn(&[1, 3]), 0, &randn(&[2])));
    assert!(said.contains("the map [2]"), "{said}");
    let said = refusal(|| probe(&randn(&[20, 3]), &tensor([1, 2])));
    assert!(said.contains("[20, 3]") && said.contains("[2]"), "{said}");
    let said = refusal(|| probe(&randn(&[20, 3]), &tensor(vec![1; 20])));
    assert!(said.contains("two of them must differ"), "{said}");
    let said = refusal(|| probe(&(randn(&[20, 3]) / 0.0), &tensor([0, 1].repeat(10))));
    assert!(said.contains("NaN"), "{said}");
}

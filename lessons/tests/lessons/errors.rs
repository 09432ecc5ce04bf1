//! What a learner reads when something does not fit.

use lessons::layer::ForwardProblem;
use lessons::loss;
use lessons::prelude::*;

use crate::fixtures::alone;

fn net() -> Sequential {
    Sequential::new()
        .add(linear(4, 8))
        .add(relu())
        .add(linear(8, 1))
}

#[track_caller]
fn panic_message<T>(action: impl FnOnce() -> T + std::panic::UnwindSafe) -> String {
    let Err(payload) = std::panic::catch_unwind(action) else {
        panic!("it should panic");
    };
    let fixed = payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned());
    payload
        .downcast_ref::<String>()
        .cloned()
        .or(fixed)
        .expect("the message is text")
}

#[test]
fn a_wrong_size_names_the_layer_and_both_sizes() {
    let _alone = alone();
    let error = net().try_forward(&randn(&[3, 5])).unwrap_err();
    assert_eq!(
        error.problem,
        ForwardProblem::LastSize {
            shape: vec![3, 5],
            expected: 4
        }
    );
    let message = "layer 0 (Linear 4 -> 8): input is [3, 5]: its last size must be 4";
    assert_eq!(error.to_string(), message);
    assert_eq!(panic_message(|| net().forward(&randn(&[3, 5]))), message);
    assert_eq!(panic_message(|| trace(&net(), &randn(&[3, 5]))), message);
}

#[test]
fn a_layer_inside_a_block_is_named_with_its_block() {
    let _alone = alone();
    let net = Sequential::new().named("encoder", Sequential::new().add(linear(4, 2)));
    let error = net.try_forward(&randn(&[4, 3])).unwrap_err().to_string();
    assert!(
        error.starts_with("layer encoder.0 (Linear 4 -> 2): input is [4, 3]"),
        "{error}"
    );
    assert!(
        error.contains(".tr()"),
        "rows and columns were swapped: {error}"
    );
}

#[test]
fn kinds_and_undefined_inputs_are_named() {
    let _alone = alone();
    let message = |input: &Tensor| linear(2, 1).try_forward(input).unwrap_err().to_string();
    assert_eq!(
        message(&tensor([[1, 2]])),
        "Linear 2 -> 1: input has kind Int64, the weights Float: convert it with .to_kind(Kind::Float)"
    );
    assert_eq!(
        message(&Tensor::new()),
        "Linear 2 -> 1: input is undefined: it was never given a value"
    );
    assert_eq!(
        message(&tensor(1.0)),
        "Linear 2 -> 1: input is []: its last size must be 2"
    );
    assert_eq!(
        linear(2, 1).forward(&randn(&[0, 2])).size(),
        [0, 1],
        "no examples are no error"
    );
}

#[test]
fn unknown_names_list_the_known_ones() {
    let _alone = alone();
    assert_eq!(
        panic_message(|| net().parameter("1.weight")),
        "no parameter is called \"1.weight\": the parameters are 0.weight, 0.bias, 2.weight, 2.bias"
    );
    assert!(panic_message(|| net().layer("fc1").describe()).ends_with("the layers are 0, 1, 2"));
    assert!(panic_message(|| net().named("0", relu())).contains("is there already"));
    assert!(panic_message(|| net().named("a.b", relu())).contains("no dot"));
}

#[test]
fn losses_say_what_differs_and_what_to_try() {
    let message = |result: Result<Tensor, loss::LossError>| result.unwrap_err().to_string();
    let (column, row) = (tensor([[0.5], [0.5], [0.5]]), tensor([0.0, 1.0, 1.0]));
    assert_eq!(
        message(loss::try_mse_loss(&column, &row)),
        "mse_loss: prediction is [3, 1], target is [3]: the shapes must be equal (try target.unsqueeze(1))"
    );
    assert!(message(loss::try_mse_loss(&row, &tensor([0, 1, 1]))).contains("Kind::Float"));
    assert!(message(loss::try_mse_loss(&randn_none(), &randn_none())).contains("no examples"));
    assert!(message(loss::try_bce_loss(&tensor([1.5]), &tensor([1.0]))).contains("is 1.5"));
    assert!(message(loss::try_bce_loss(&tensor([f64::NAN]), &tensor([1.0]))).contains("is NaN"));
    let logits = tensor([[0.1, 0.2], [0.3, 0.4]]);
    let cross = |classes: &Tensor| message(loss::try_cross_entropy_loss(&logits, classes));
    assert!(
        cross(&tensor([0, 2])).ends_with("the classes go from 0 to 2: logits [2, 2] know 0 to 1")
    );
    // libtorch itself would leave a class of -100 out and say nothing.
    assert!(cross(&tensor([0, -100])).contains("the classes go from -100 to 0"));
    assert!(cross(&tensor([0.0, 1.0])).contains("Kind::Int64"));
    assert!(cross(&tensor([0])).contains("logits are [2, 2], classes [1]"));
}

fn randn_none() -> Tensor {
    tensor(Vec::<f64>::new())
}

#[test]
fn optimisers_refuse_what_cannot_learn() {
    let _alone = alone();
    assert!(panic_message(|| adam(&relu(), 0.1)).contains("ReLU has no parameter"));
    assert!(panic_message(|| sgd(&net(), -0.1)).contains("learning rate is -0.1"));
    assert!(panic_message(|| sgd(&net(), f64::NAN)).contains("learning rate is NaN"));
}

#[test]
fn one_number_is_asked_of_one_number() {
    let _alone = alone();
    let message = panic_message(|| randn(&[2, 3]).item());
    assert!(
        message.starts_with("item: the tensor has shape [2, 3], 6 numbers"),
        "{message}"
    );
    assert!(panic_message(|| Tensor::new().item()).contains("undefined"));
    assert!(panic_message(|| tensor(vec![vec![1.0], vec![]])).contains("different lengths"));
    assert!(panic_message(|| randn(&[-1])).contains("negative"));
    assert!(panic_message(|| linear(0, 1)).contains("at least 1"));
    assert!(panic_message(|| dropout(1.0)).contains("below 1"));
}

#[test]
fn weights_of_another_network_are_refused_untouched() {
    let _alone = alone();
    let (small, other) = (linear(2, 1), linear(3, 1));
    let before = copy_weights(&small);
    let error = lessons::weights::try_restore_weights(&small, &copy_weights(&other)).unwrap_err();
    assert!(
        error.to_string().contains("weight [1, 2]") && error.to_string().contains("weight [1, 3]")
    );
    assert_eq!(before.iter().next().unwrap().1, &small.weight.detach());
}

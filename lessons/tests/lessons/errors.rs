//! What a learner reads when something does not fit.

use lessons::layer::ForwardProblem;
use lessons::loss;
use lessons::prelude::*;

use crate::fixtures::alone;
use crate::refusals::refusal;

fn net() -> Sequential {
    Sequential::new()
        .add(linear(4, 8))
        .add(relu())
        .add(linear(8, 1))
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
    assert_eq!(refusal(|| net().forward(&randn(&[3, 5]))), message);
    assert_eq!(refusal(|| trace(&net(), &randn(&[3, 5]))), message);
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
        refusal(|| net().parameter("1.weight")),
        "no parameter is called \"1.weight\": the parameters are 0.weight, 0.bias, 2.weight, 2.bias"
    );
    assert!(refusal(|| net().layer("fc1").describe()).ends_with("the layers are 0, 1, 2"));
    assert!(refusal(|| net().named("0", relu())).contains("is there already"));
    assert!(refusal(|| net().named("a.b", relu())).contains("no dot"));
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

#[test]
fn losses_name_devices_and_what_has_no_value() {
    let (one, none) = (tensor([1.0]), Tensor::new());
    let said = refusal(|| mse_loss(&one, &none));
    assert!(
        said.starts_with("mse_loss: the target is undefined"),
        "{said}"
    );
    let said = refusal(|| cross_entropy_loss(&none, &one));
    assert!(said.contains("the prediction is undefined"), "{said}");
    // Only a machine with a card meets two devices; the words are the same everywhere.
    let said = lessons::loss::LossError::Devices {
        loss: "mse_loss",
        prediction: Device::Cuda(0),
        target: Device::Cpu,
    };
    assert_eq!(
        said.to_string(),
        "mse_loss: the prediction is on Cuda(0), the target on Cpu: move the target with .to_device(Device::Cuda(0))"
    );
    if device() != Device::Cpu {
        let said = refusal(|| mse_loss(&one.to_device(device()), &one));
        assert!(said.contains("the target on Cpu"), "{said}");
    }
}

fn randn_none() -> Tensor {
    tensor(Vec::<f64>::new())
}

#[test]
fn optimisers_refuse_what_cannot_learn() {
    let _alone = alone();
    assert!(refusal(|| adam(&relu(), 0.1)).contains("ReLU has no parameter"));
    assert!(refusal(|| sgd(&net(), -0.1)).contains("learning rate is -0.1"));
    assert!(refusal(|| sgd(&net(), f64::NAN)).contains("learning rate is NaN"));
}

#[test]
fn one_number_is_asked_of_one_number() {
    let _alone = alone();
    let message = refusal(|| randn(&[2, 3]).item());
    assert!(
        message.starts_with("item: the tensor has shape [2, 3], 6 numbers"),
        "{message}"
    );
    assert!(refusal(|| Tensor::new().item()).contains("undefined"));
    assert!(refusal(|| tensor(vec![vec![1.0], vec![]])).contains("different lengths"));
    assert!(refusal(|| randn(&[-1])).contains("negative"));
    assert!(refusal(|| linear(0, 1)).contains("at least 1"));
    assert!(refusal(|| dropout(1.0)).contains("below 1"));
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

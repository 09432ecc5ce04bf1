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
        "parameter(\"1.weight\"): there is no such parameter; did you mean \"0.weight\"? The parameters are 0.weight, 0.bias, 2.weight, 2.bias"
    );
    assert_eq!(
        refusal(|| net().layer("fc1").describe()),
        "layer(\"fc1\"): there is no such layer; the layers are 0, 1, 2"
    );
    let net_with_gradients = net();
    mse_loss(
        &net_with_gradients.forward(&randn(&[3, 4])),
        &randn(&[3, 1]),
    )
    .backward();
    let mut flow = FlowHistory::new();
    flow.record(&net_with_gradients);
    let slips: [(&str, &dyn Fn()); 5] = [
        ("parameter", &|| drop(net().parameter("0.weigth"))),
        ("row", &|| {
            gradient_flow(&net_with_gradients).row("0.weigth");
        }),
        ("norm", &|| {
            gradients(&net_with_gradients).norm("0.weigth");
        }),
        ("gradient_histogram", &|| {
            drop(gradient_histogram(&net_with_gradients, "0.weigth", 3));
        }),
        ("norms", &|| {
            flow.norms("0.weigth");
        }),
    ];
    for (call, slip) in slips {
        let said = refusal(slip);
        assert!(
            said.starts_with(&format!("{call}(\"0.weigth\"): there is no such "))
                && said.contains("did you mean \"0.weight\"?"),
            "{said}"
        );
    }
    let said = refusal(|| word_vectors().vector("quene"));
    assert!(
        said.starts_with("vector(\"quene\"): there is no such word; did you mean"),
        "{said}"
    );
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
    assert!(refusal(|| sgd_momentum(&net(), 0.1, -0.9)).contains("the momentum is -0.9"));
    assert!(refusal(|| sgd_momentum(&net(), 0.1, f64::NAN)).contains("the momentum is NaN"));
    let mut optimizer = sgd(&net(), 0.1);
    assert!(refusal(|| optimizer.set_lr(f64::NAN)).contains("set_lr: the learning rate is NaN"));
    assert!(refusal(|| optimizer.set_lr(-1.0)).contains("set_lr: the learning rate is -1"));
    assert!(refusal(|| optimizer.clip_grad_norm(-1.0)).contains("clip_grad_norm(-1)"));
    assert!(refusal(|| trainer(mse_loss).clip_gradients(0.0)).contains("clip_gradients(0)"));
    optimizer.clip_grad_norm(1.0); // nothing went backward yet: nothing to do
}

#[test]
fn a_loss_without_gradients_is_named_wherever_it_comes() {
    let _alone = alone();
    let mut layer = linear(2, 1);
    let (x, y) = (randn(&[4, 2]), randn(&[4, 1]));
    let mut optimizer = sgd(&layer, 0.1);
    let said = refusal(|| optimizer.backward_step(&layer.forward(&x)));
    assert!(said.contains("the loss has shape [4, 1]"), "{said}");
    let said = refusal(|| optimizer.backward_step(&tensor(1.0)));
    assert!(said.contains("nothing that requires a gradient"), "{said}");
    let used = mse_loss(&layer.forward(&x), &y);
    optimizer.backward_step(&used);
    let said = refusal(|| optimizer.backward_step_clip_norm(&used, 1.0));
    assert!(said.contains("went backward before"), "{said}");
    let detached = |p: &Tensor, y: &Tensor| mse_loss(&p.detach(), y);
    let said = trainer(detached)
        .try_fit(&mut layer, &mut optimizer, &x, &y, 1)
        .unwrap_err()
        .to_string();
    assert!(said.contains("nothing that requires a gradient"), "{said}");
    let said = refusal(|| learning_rate_range(&layer, &sgd, detached, &x, &y, 2));
    assert!(said.contains("nothing that requires a gradient"), "{said}");
}

#[test]
fn numbers_out_of_range_are_refused_where_they_come_in() {
    let _alone = alone();
    let message = |result: Result<Tensor, loss::LossError>| result.unwrap_err().to_string();
    for value in [-1.0, 1.5] {
        let said = message(loss::try_bce_with_logits_loss(
            &tensor([0.3, 0.1]),
            &tensor([1.0, value]),
        ));
        let wanted = format!("a target is {value}: targets lie between 0 and 1");
        assert!(said.contains(&wanted), "{said}");
    }
    let holed = tensor([[1.0, f64::NAN], [2.0, 1.0]]);
    let said = refusal(|| normalizer(&holed));
    assert!(said.contains("x [2, 2] holds 1 values"), "{said}");
    assert!(refusal(|| normalizer(&tensor(1.0))).contains("x is one number, []"));
    let layer = linear(2, 1);
    let said =
        refusal(|| learning_rate_range(&layer, &sgd, mse_loss, &holed, &tensor([[1.0], [2.0]]), 1));
    assert!(
        said.contains("learning_rate_range: x holds 1 values"),
        "{said}"
    );
    let said = refusal(|| roc(&tensor([0, 1]), &tensor([[0.1, 0.9], [0.2, 0.8]])));
    assert!(said.contains("the scores are [2, 2]"), "{said}");
    let said = refusal(|| confusion_matrix(&tensor([0, 25_000]), &tensor([0, 1])));
    assert!(
        said.contains("a class is 25000: are these classes?"),
        "{said}"
    );
    let said = refusal(|| bigram_loss(&tensor([0, 1]), &tensor([0, 1]), 50_257));
    assert!(
        said.contains("a vocabulary of 50257 needs a table"),
        "{said}"
    );
    let said = refusal(|| chinchilla_loss(0.0, 1e9));
    assert!(said.contains("chinchilla_loss: parameters is 0"), "{said}");
    assert!(refusal(|| training_compute(1e9, -1.0)).contains("tokens is -1"));
    assert!(refusal(|| compute_optimal(f64::NAN, 20.0)).contains("compute is NaN"));
    let sampled = |logits: &Tensor| refusal(|| Sampling::greedy().chances(logits));
    assert!(sampled(&tensor([1.0, f64::INFINITY])).contains("a logit is inf"));
    assert!(sampled(&tensor([f64::NEG_INFINITY; 2])).contains("all logits are -inf"));
    let mixture = mixture_of_experts(4, 4, 3, 1);
    for said in [
        refusal(|| mixture.route(&randn(&[2, 6]))),
        refusal(|| mixture.balance_loss(&randn(&[2, 6]))),
    ] {
        assert!(said.contains("it must be [..., 4]"), "{said}");
    }
    let said = refusal(|| activation_statistics(&relu(), &randn(&[0, 3])));
    assert!(said.contains("the input is [0, 3]"), "{said}");
}

#[test]
fn tensors_of_two_devices_are_named() {
    if device() == Device::Cpu {
        // The words alone: only a machine with a card meets two devices.
        let said = lessons::training::TrainingError::Devices {
            which: "training",
            x: Device::Cuda(0),
            y: Device::Cpu,
        };
        let wanted =
            "training: x is on Cuda(0) and y on Cpu: move y with .to_device(Device::Cuda(0))";
        assert_eq!(said.to_string(), wanted);
        return;
    }
    let _alone = alone();
    let (here, there) = (randn(&[3, 2]), randn(&[3, 2]).to_device(device()));
    let said = refusal(|| scaled_dot_product_attention(&there, &here, &here, false));
    assert!(said.contains("keys on Cpu"), "{said}");
    let mut layer = linear(2, 2);
    let mut optimizer = sgd(&layer, 0.1);
    let said = trainer(mse_loss)
        .try_fit(&mut layer, &mut optimizer, &there, &here, 1)
        .unwrap_err()
        .to_string();
    assert!(said.contains("move y with"), "{said}");
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
    // Six numbers in all, which would fill [3, 2].
    let said = refusal(|| tensor(vec![vec![1, 2], vec![3], vec![4, 5, 6]]));
    assert!(said.contains("row 0 is [2] and row 1 is [1]"), "{said}");
    let said = refusal(|| tensor([vec![vec![1.0, 2.0]], vec![vec![1.0], vec![2.0]]]));
    assert!(
        said.contains("row 0 is [1, 2] and row 1 is [2, 1]"),
        "{said}"
    );
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

//! Optimisers beside tch's own, and runs that stop, are saved, and go on.

use lessons::prelude::*;

use crate::fixtures::alone;

type Build = fn(&dyn Layer) -> Optimizer;
const KINDS: [(&str, Build); 4] = [
    ("sgd", |net| sgd(net, 0.05)),
    ("momentum", |net| sgd_momentum(net, 0.05, 0.9)),
    ("adam", |net| adam(net, 0.02)),
    ("adamw", |net| adamw(net, 0.02)),
];

fn network() -> (Sequential, Tensor, Tensor) {
    manual_seed(5);
    let net = Sequential::new()
        .add(linear(4, 8))
        .add(tanh())
        .add(linear(8, 2));
    (net, randn(&[16, 4]), randn(&[16, 2]))
}

fn descend(
    net: &Sequential,
    optimizer: &mut dyn Optimize,
    (x, y): (&Tensor, &Tensor),
    steps: usize,
) {
    for _ in 0..steps {
        optimizer.zero_grad();
        mse_loss(&net.forward(x), y).backward();
        optimizer.clip_grad_norm(5.0);
        optimizer.step();
    }
}

fn weights(net: &Sequential) -> Tensor {
    let flat: Vec<Tensor> = net
        .named_parameters()
        .iter()
        .map(|(_, w)| w.detach().reshape([-1]))
        .collect();
    Tensor::cat(&flat, 0)
}

fn apart(a: &Tensor, b: &Tensor) -> f64 {
    (a - b).abs().max().double_value(&[])
}

#[test]
fn steps_are_those_of_libtorchs_optimisers() {
    let _alone = alone();
    let build = |name: &str, net: &Sequential| -> nn::Optimizer {
        let store = net.var_store();
        match name {
            "sgd" => nn::Sgd::default().build(store, 0.05),
            "momentum" => nn::sgd(0.9, 0.0, 0.0, false).build(store, 0.05),
            "adam" => nn::Adam::default().build(store, 0.02),
            _ => nn::AdamW::default().build(store, 0.02),
        }
        .unwrap()
    };
    for (name, ours) in KINDS {
        let (net, x, y) = network();
        let start = copy_weights(&net);
        let mut optimizer = ours(&net);
        let mut after = Vec::new();
        for _ in 0..20 {
            descend(&net, &mut optimizer, (&x, &y), 1);
            after.push(weights(&net));
        }
        restore_weights(&net, &start);
        let mut theirs = build(name, &net);
        for (step, ours) in after.iter().enumerate() {
            descend(&net, &mut theirs, (&x, &y), 1);
            let difference = apart(ours, &weights(&net));
            assert!(
                difference < 1e-5,
                "{name}, step {}: {difference:e}",
                step + 1
            );
        }
    }
}

/// Two branches, of which a run uses the second only in some steps from the sixth on.
fn branches() -> (Sequential, Tensor, Tensor) {
    manual_seed(15);
    let net = Sequential::new()
        .named("first", linear(4, 2))
        .named("late", linear(4, 2));
    (net, randn(&[16, 4]), randn(&[16, 2]))
}

fn branched(
    net: &Sequential,
    optimizer: &mut dyn Optimize,
    (x, y): (&Tensor, &Tensor),
    steps: std::ops::Range<usize>,
) {
    let branch = |name: &str| {
        let of = |part: &str| net.parameter(&format!("{name}.{part}"));
        x.linear(&of("weight"), Some(&of("bias")))
    };
    for step in steps {
        let mut seen = branch("first");
        if step >= 5 && step % 3 != 0 {
            seen += branch("late");
        }
        optimizer.zero_grad();
        mse_loss(&seen, y).backward();
        optimizer.step();
    }
}

#[test]
fn adam_counts_the_steps_of_each_parameter_as_libtorch_does() {
    let _alone = alone();
    let folder = tempfile::tempdir().unwrap();
    let builds: [(Build, bool); 2] = [
        (|net| adam(net, 0.02), true),
        (|net| adamw(net, 0.02), false),
    ];
    for (build, plain) in builds {
        let (ours, x, y) = branches();
        let mut optimizer = build(&ours);
        branched(&ours, &mut optimizer, (&x, &y), 0..12);
        let (theirs, ..) = branches();
        let mut libtorch = match plain {
            true => nn::Adam::default().build(theirs.var_store(), 0.02),
            false => nn::AdamW::default().build(theirs.var_store(), 0.02),
        }
        .unwrap();
        branched(&theirs, &mut libtorch, (&x, &y), 0..12);
        let difference = apart(&weights(&ours), &weights(&theirs));
        assert!(difference < 1e-6, "{difference:e}");

        // Saved between two uses of the branch, and gone on.
        let path = folder.path().join("branches.safetensors");
        let (saved, ..) = branches();
        let mut optimizer = build(&saved);
        branched(&saved, &mut optimizer, (&x, &y), 0..8);
        save_checkpoint(&saved, &optimizer, &path);
        let (on, ..) = branches();
        let mut optimizer = build(&on);
        load_checkpoint(&on, &mut optimizer, &path);
        branched(&on, &mut optimizer, (&x, &y), 8..12);
        assert_eq!(weights(&on), weights(&ours), "bit for bit");
    }
}

#[test]
fn a_state_with_one_count_for_all_still_loads() {
    let _alone = alone();
    let (net, x, y) = network();
    let mut optimizer = adam(&net, 0.02);
    descend(&net, &mut optimizer, (&x, &y), 4);
    let old: Vec<_> = optimizer
        .state()
        .into_iter()
        .filter(|(name, _)| !name.ends_with(".step"))
        .collect();
    let (other, ..) = network();
    restore_weights(&other, &copy_weights(&net));
    let mut goes_on = adam(&other, 0.02);
    goes_on.try_restore_state(&old).unwrap();
    descend(&net, &mut optimizer, (&x, &y), 3);
    descend(&other, &mut goes_on, (&x, &y), 3);
    assert_eq!(weights(&net), weights(&other));
}

#[test]
fn a_run_that_was_saved_goes_on_as_if_it_had_not_stopped() {
    let _alone = alone();
    let folder = tempfile::tempdir().unwrap();
    for (name, build) in KINDS {
        let path = folder.path().join(format!("{name}.safetensors"));
        let (straight, x, y) = network();
        let mut optimizer = build(&straight);
        descend(&straight, &mut optimizer, (&x, &y), 10);

        let (first, x, y) = network();
        let mut optimizer = build(&first);
        descend(&first, &mut optimizer, (&x, &y), 5);
        save_checkpoint(&first, &optimizer, &path);
        let (second, ..) = network();
        let mut optimizer = build(&second);
        load_checkpoint(&second, &mut optimizer, &path);
        assert_eq!(optimizer.steps(), 5);
        descend(&second, &mut optimizer, (&x, &y), 5);
        assert_eq!(weights(&second), weights(&straight), "{name}: bit for bit");

        // Without the memory, only the optimiser that has none goes on alike.
        let (alike, ..) = network();
        load_weights(&alike, &path);
        descend(&alike, &mut build(&alike), (&x, &y), 5);
        assert_eq!(
            weights(&alike) == weights(&straight),
            name == "sgd",
            "{name}"
        );
    }
}

#[test]
fn another_optimisers_memory_is_refused_and_nothing_changes() {
    let _alone = alone();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("adam.safetensors");
    let (net, x, y) = network();
    let mut saved = adam(&net, 0.02);
    descend(&net, &mut saved, (&x, &y), 2);
    save_checkpoint(&net, &saved, &path);
    let (other, ..) = network();
    let before = weights(&other);
    let mut momentum = sgd_momentum(&other, 0.1, 0.9);
    let error = lessons::checkpoint::try_load_checkpoint(&other, &mut momentum, &path)
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("nothing here is called 0.weight.exp_avg"),
        "{error}"
    );
    assert_eq!(weights(&other), before);
    assert_eq!((momentum.steps(), momentum.learning_rate()), (0, 0.1));
    save_weights(&net, &path);
    let error = lessons::checkpoint::try_load_checkpoint(&other, &mut momentum, &path).unwrap_err();
    assert!(error.to_string().contains("it has no step"), "{error}");
}

#[test]
fn a_rate_of_zero_moves_nothing() {
    let _alone = alone();
    for (name, build) in KINDS {
        let (net, x, y) = network();
        let before = weights(&net);
        let mut optimizer = build(&net);
        optimizer.set_lr(0.0);
        descend(&net, &mut optimizer, (&x, &y), 2);
        assert_eq!(weights(&net), before, "{name}");
    }
}

#[test]
fn a_schedule_by_steps_sets_every_step_and_goes_on_where_it_was() {
    let _alone = alone();
    let schedule = cosine(0.1, 12).warm_up(4).down_to(0.01);
    let rates = |run: Trainer, epochs: usize| -> Vec<f64> {
        let (mut net, x, y) = network();
        let mut optimizer = sgd(&net, 1.0);
        let mut run = run.batch_size(4).step_schedule(schedule);
        run.fit(&mut net, &mut optimizer, &x, &y, epochs);
        assert_eq!(run.steps(), 4 * epochs);
        run.history()
            .epochs()
            .iter()
            .filter_map(|epoch| epoch.rate)
            .collect()
    };
    // 16 examples in batches of 4: the last step of an epoch is 3, 7, 11, 15
    let expected: Vec<f64> = [3, 7, 11, 15].map(|step| schedule.rate(step)).to_vec();
    assert_eq!(rates(trainer(mse_loss), 4), expected);
    assert_eq!(
        rates(trainer(mse_loss).going_on_after(2, 8), 2),
        expected[2..]
    );
    assert_eq!((schedule.rate(3), schedule.rate(16)), (0.1, 0.01));
}

//! One device, chosen once, to which networks and data move; on a machine with a card these run there.

use lessons::prelude::*;

use crate::fixtures::alone;

#[test]
fn a_run_on_the_chosen_device_learns_what_it_learns_on_the_processor() {
    let _alone = alone();
    assert_eq!(device(), Device::cuda_if_available());
    let run = |at: Device| {
        manual_seed(5);
        let data = linear_data(60, &[1.0, -2.0], 0.5, 0.1).to_device(at);
        let mut net = Sequential::new()
            .add(linear(2, 8))
            .add(batch_norm1d(8))
            .add(tanh())
            .add(linear(8, 1));
        // The optimiser comes first: a parameter stays the same one when it moves.
        let mut optimizer = adam(&net, 0.01);
        net.to_device(at);
        let mut run = trainer(mse_loss).batch_size(20);
        run.fit(&mut net, &mut optimizer, &data.x, &data.y, 5);
        assert!(net.named_parameters().iter().all(|(_, w)| w.device() == at));
        // Whatever shows numbers takes them from where they are.
        assert!(
            gradient_flow(&net)
                .rows
                .iter()
                .all(|row| row.grad_norm > 0.0)
        );
        histogram("Predictions", &net.forward(&data.x), 5);
        run.history().last().unwrap().train
    };
    let (here, there) = (run(Device::Cpu), run(device()));
    assert!((here / there - 1.0).abs() < 1e-3, "{here} and {there}");
}

#[test]
fn data_are_split_and_scaled_where_they_are() {
    let _alone = alone();
    let data = linear_data(40, &[1.0, -2.0], 0.5, 0.1);
    let scale = normalizer(&data.x);
    let there = data.to_device(device());
    let parts = split(&there, 0.25, 0.25);
    assert_eq!((parts.train.len(), parts.train.x.device()), (20, device()));
    let scaled = scale.apply(&there.x);
    assert_eq!(scaled.device(), device());
    let back = scale.undo(&scaled).to_device(Device::Cpu);
    assert!((back - data.x).abs().max().item() < 1e-5);
}

#[test]
fn any_layer_moves_and_its_optimiser_goes_on_with_it() {
    let _alone = alone();
    let layer = linear(3, 1);
    let mut optimizer = sgd(&layer, 0.1);
    move_to(&layer, device());
    let before = copy_weights(&layer);
    let (x, y) = (
        randn(&[8, 3]).to_device(device()),
        randn(&[8, 1]).to_device(device()),
    );
    optimizer.backward_step(&mse_loss(&layer.forward(&x), &y));
    assert!(
        changes_plot(&layer, &before)
            .plot()
            .description()
            .contains("moved by")
    );
    assert_ne!(before.iter().next().unwrap().1, &layer.weight);
}

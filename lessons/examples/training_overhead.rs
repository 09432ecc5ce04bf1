//! How much longer the training loop takes than a bare one: `cargo run --release -p lessons --example training_overhead`.
//!
//! Both read the loss of every step; the runs alternate, and medians are compared.

use std::time::Instant;

use lessons::prelude::*;
use tch::nn::Module;

const ROUNDS: usize = 15;
const EPOCHS: usize = 4;

fn network() -> Sequential {
    Sequential::new()
        .add(linear(64, 128))
        .add(relu())
        .add(linear(128, 10))
}

/// With nothing of this crate in the loop.
fn bare(x: &Tensor, y: &Tensor) -> f64 {
    let store = nn::VarStore::new(Device::Cpu);
    let root = store.root();
    let net = nn::seq()
        .add(nn::linear(&root / 0, 64, 128, nn::LinearConfig::default()))
        .add_fn(|x| x.relu())
        .add(nn::linear(&root / 2, 128, 10, nn::LinearConfig::default()));
    let Ok(mut optimizer) = nn::Adam::default().build(&store, 1e-3) else {
        return f64::NAN;
    };
    let start = Instant::now();
    let mut total = 0.0;
    for _ in 0..EPOCHS {
        for batch in Tensor::randperm(x.size()[0], (Kind::Int64, Device::Cpu)).split(32, 0) {
            let (x, y) = (x.index_select(0, &batch), y.index_select(0, &batch));
            let loss = net.forward(&x).cross_entropy_for_logits(&y);
            optimizer.zero_grad();
            loss.backward();
            optimizer.step();
            total += loss.double_value(&[]);
        }
    }
    assert!(total.is_finite());
    start.elapsed().as_secs_f64()
}

fn ours(x: &Tensor, y: &Tensor) -> f64 {
    let mut net = network();
    let mut optimizer = adam(&net, 1e-3);
    let mut run = trainer(cross_entropy_loss).batch_size(32);
    let start = Instant::now();
    run.fit(&mut net, &mut optimizer, x, y, EPOCHS);
    start.elapsed().as_secs_f64()
}

fn main() {
    tch::set_num_threads(1);
    let data = digits();
    let (x, y) = (data.x.reshape([-1, 64]), data.y);
    let _warm = (bare(&x, &y), ours(&x, &y));
    let (mut plain, mut trained) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        plain.push(bare(&x, &y));
        trained.push(ours(&x, &y));
    }
    let median = |times: &mut Vec<f64>| {
        times.sort_by(f64::total_cmp);
        (times[0] * 1e3, times[times.len() / 2] * 1e3)
    };
    let ((low, middle), (our_low, our_middle)) = (median(&mut plain), median(&mut trained));
    println!(
        "bare loop: median {middle:.1} ms, fastest {low:.1} ms; trainer: {our_middle:.1} ms, {our_low:.1} ms"
    );
    println!(
        "ratio of medians {:.3}, of the fastest {:.3}",
        our_middle / middle,
        our_low / low
    );
}

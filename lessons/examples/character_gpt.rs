//! Trains a small GPT on the sonnets and lets it write: `cargo run --release -p lessons --example character_gpt`.

use std::time::Instant;

use lessons::prelude::*;

const CONTEXT: i64 = 64;

fn main() {
    manual_seed(42);
    let tokens = characters(sonnets());
    let all = tokens.encode(sonnets());
    let train = all.narrow(0, 0, 85_000);
    let held_out = all.narrow(0, 85_000, all.size()[0] - 85_000);
    let net = gpt(tokens.len(), CONTEXT, 64, 4, 2);
    println!(
        "{}",
        summary(&net, &train.narrow(0, 0, CONTEXT).unsqueeze(0))
            .show()
            .plain()
    );
    let bigram = bigram_loss(&train, &held_out, tokens.len());
    println!("bigram on held-out text: {bigram:.3} nats per character");

    let start = Instant::now();
    let steps = 700;
    let schedule = cosine(3e-3, steps).warm_up(50);
    let mut optimizer = adamw(&net, 3e-3);
    for step in progress(0..steps) {
        optimizer.set_lr(schedule.rate(step));
        let (x, y) = windows(&train, CONTEXT, 16);
        let loss = next_token_loss(&net.forward(&x), &y);
        optimizer.backward_step_clip_norm(&loss, 1.0);
        if step % 100 == 0 || step == steps - 1 {
            let (x, y) = windows(&held_out, CONTEXT, 64);
            let judged = no_grad(|| next_token_loss(&net.forward(&x), &y).item());
            println!(
                "step {step}: {:.3}, held-out {judged:.3}, {:.0?}",
                loss.item(),
                start.elapsed()
            );
        }
    }
    let text = generate(
        &net,
        &tokens.encode("Shall I "),
        300,
        CONTEXT,
        Sampling::temperature(0.8),
    );
    println!("{}", tokens.decode(&text));
}

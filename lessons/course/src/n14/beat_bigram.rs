//! Train a small GPT so that it guesses unseen text better than counting pairs of characters does.

use lessons::prelude::{
    Sequential, bigram_loss, characters, gpt, manual_seed, next_token_loss, no_grad, sonnets,
};
use tch::Tensor;

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "beat_bigram",
    notebook: "14_putting_it_together",
    title: "Beat the bigram baseline",
    codes: &[],
    question,
    starter: "\
fn learn(net: &Sequential, text: &Tensor) {
    todo!(\"train the network on the text\")
}
check::beat_bigram(learn)",
    hints: &[
        "The loop is that of this notebook: windows, forward, loss, step. What are x and y?",
        "About 400 steps of AdamW at learning rate 0.01 are enough, with 16 windows of 32 tokens in a step.",
        "let mut optimizer = adamw(net, 0.01); in a loop of 400: let (x, y) = windows(text, 32, 16); \
         let loss = next_token_loss(&net.forward(&x), &y); optimizer.backward_step(&loss);",
    ],
    solution,
};

const CONTEXT: i64 = 32;
/// Characters that the network never sees.
const HELD_OUT: i64 = 8_000;

/// Checks a function that trains a network on a text.
pub fn beat_bigram(learn: impl Fn(&Sequential, &Tensor)) -> Verdict {
    judge(&learn)
}

fn question(_: &mut Draw) -> Question {
    Question::new(
        "You get a GPT with random weights (gpt(61, 32, 48, 4, 1)) and the sonnets as token numbers, except \
         for 8,000 characters that the checker cuts out, each time at another place. Train the network. Then \
         the checker compares its loss on the cut-out characters with that of a bigram model, which counts \
         how often each character follows each other one.",
    )
    .given("longest window", CONTEXT)
    .wanted("fn learn(net: &Sequential, text: &Tensor), text is [n] of kind Int64")
    .tolerance("any loss below the bigram's; a few seconds of training are enough")
}

fn judge(learn: &dyn Fn(&Sequential, &Tensor)) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        let tokens = characters(sonnets());
        let all = tokens.encode(sonnets());
        let length = all.size()[0];
        let start = attempt.held_out.integer(0..=length - HELD_OUT);
        let held_out = all.narrow(0, start, HELD_OUT);
        let rest = [
            all.narrow(0, 0, start),
            all.narrow(0, start + HELD_OUT, length - start - HELD_OUT),
        ];
        let text = Tensor::cat(&rest, 0);
        manual_seed(attempt.held_out.seed());
        let net = gpt(tokens.len(), CONTEXT, 48, 4, 1);
        let before = losses(&net, &held_out).0;
        {
            let _one = OneThread::new();
            attempt.call("learn(net, text)", || learn(&net, &text))?;
        }
        let (loss, copying) = losses(&net, &held_out);
        let bigram = bigram_loss(&text, &held_out, tokens.len());
        if !loss.is_finite() {
            return not_yet(
                "The loss on unseen text is NaN or inf: training diverged. Try a smaller learning rate.",
            );
        } else if (loss - before).abs() < 1e-6 {
            return not_yet(format!(
                "The network did not change: its loss is {loss:.3}, as before. Does an optimizer make steps?"
            ));
        } else if copying < 0.5 && loss > bigram {
            return not_yet(format!(
                "The network learned to repeat the character that it sees (loss {copying:.3}), not to guess the \
                 next one ({loss:.3}). The targets must be one token later: windows gives x and y."
            ));
        } else if loss >= before {
            return not_yet(format!(
                "The loss on unseen text rose from {before:.3} to {loss:.3}. Is the learning rate too high, or \
                 does the step go uphill?"
            ));
        } else if loss >= bigram {
            return not_yet(format!(
                "The loss fell from {before:.3} to {loss:.3}, and the bigram model has {bigram:.3}. Train \
                 longer, or with another learning rate."
            ));
        }
        Ok(format!(
            "{loss:.3} nats per character on text that it never saw; the bigram model has {bigram:.3}. It uses \
             more than the last character."
        ))
    })
}

/// The loss of guessing the next token, and that of repeating the one that was seen.
fn losses(net: &Sequential, text: &Tensor) -> (f64, f64) {
    let count = (text.size()[0] - 1) / CONTEXT;
    let cut = |from: i64| {
        text.narrow(0, from, count * CONTEXT)
            .reshape([count, CONTEXT])
    };
    let (x, y) = (cut(0), cut(1));
    no_grad(|| {
        let logits = net.forward(&x);
        let loss = |targets: &Tensor| next_token_loss(&logits, targets).double_value(&[]);
        (loss(&y), loss(&x))
    })
}

/// While it lives libtorch computes on one thread: for a network this small that is faster, and the
/// numbers do not depend on the machine's cores.
struct OneThread(i32);

impl OneThread {
    fn new() -> OneThread {
        let before = tch::get_num_threads();
        tch::set_num_threads(1);
        OneThread(before)
    }
}

impl Drop for OneThread {
    fn drop(&mut self) {
        tch::set_num_threads(self.0);
    }
}

fn solution(_: &mut Draw) -> String {
    "\
fn learn(net: &Sequential, text: &Tensor) {
    let mut optimizer = adamw(net, 0.01);
    for _step in 0..400 {
        let (x, y) = windows(text, 32, 16);
        let loss = next_token_loss(&net.forward(&x), &y);
        optimizer.zero_grad();
        loss.backward();
        optimizer.step();
    }
}
check::beat_bigram(learn)"
        .to_owned()
}

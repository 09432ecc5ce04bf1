//! Build a small convolutional network that beats a larger vision transformer on few digits.

use lessons::prelude::{
    Dataset, Layer, Sequential, adam, cross_entropy_loss, digits, manual_seed, no_grad, split,
    trainer, vision_transformer,
};
use tch::{Kind, Tensor};

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "cnn_against_vit",
    notebook: "10_common_architectures",
    title: "A CNN against a ViT",
    codes: &[],
    question,
    starter: "\
fn small_cnn() -> Sequential {
    todo!(\"[images, 1, 8, 8] to [images, 10]\")
}
check::cnn_against_vit(small_cnn)",
    hints: &[
        "Start with a convolution of 8 channels and a window of 3, an activation and a pooling layer.",
        "Pooling halves height and width: 8 by 8 becomes 4 by 4. Before the last linear layer comes \
         flatten(), and its inputs are channels * height * width.",
        "Sequential::new().add(conv2d(1, 16, 3).padding(1)).add(relu()).add(max_pool2d(2)).add(flatten())\
         .add(linear(16 * 4 * 4, 10))",
    ],
    solution,
};

/// Checks a function that makes a network for digits.
pub fn cnn_against_vit(small_cnn: impl Fn() -> Sequential) -> Verdict {
    judge(&small_cnn)
}

/// A quarter of the ViT's.
const MOST_PARAMETERS: usize = 3_442;
const EXAMPLES: i64 = 200;
const EPOCHS: usize = 30;

fn question(_: &mut Draw) -> Question {
    Question::new(
        "Build a convolutional network that beats the vision transformer vision_transformer(8, 2, 32, 4, \
         1, 10) with at most a quarter of its parameters.\n\nThe checker trains both on the same 200 \
         digits, drawn anew (Adam, learning rate 0.005, batches of 32, 30 epochs, cross-entropy of \
         logits), and compares their accuracy on 1,000 others.",
    )
    .given("parameters of the ViT", 13_770)
    .given("at most", MOST_PARAMETERS)
    .wanted("fn small_cnn() -> Sequential, [images, 1, 8, 8] to logits [images, 10]")
}

fn judge(small_cnn: &dyn Fn() -> Sequential) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        let net = attempt.call("small_cnn()", small_cnn)?;
        check_form(&net)?;
        let seed = attempt.held_out.seed();
        manual_seed(seed);
        let data = split(&digits(), 0.0, 1000.0 / 1797.0);
        let own = accuracy(
            attempt.call("small_cnn()", small_cnn)?,
            &data.train,
            &data.test,
        );
        let vit = accuracy(
            vision_transformer(8, 2, 32, 4, 1, 10),
            &data.train,
            &data.test,
        );
        let (own_percent, vit_percent) = (100.0 * own, 100.0 * vit);
        if own < 0.25 {
            return not_yet(format!(
                "After training your network is right on {own_percent:.0} % of the digits, hardly more than \
                 chance. Does every layer pass gradients, and is there no activation behind the logits?"
            ));
        }
        if own <= vit {
            return not_yet(format!(
                "Your network reaches {own_percent:.1} %, the ViT {vit_percent:.1} %. More channels, or a \
                 second convolution, should help."
            ));
        }
        Ok(format!(
            "{own_percent:.1} % with {} parameters, against {vit_percent:.1} % with 13,770. That neighbours \
             belong together is built into a convolution; the ViT must learn it, and 200 images are few.",
            net.parameter_count()
        ))
    })
}

fn check_form(net: &Sequential) -> Result<(), crate::attempt::Unsolved> {
    let image = Tensor::ones([2, 1, 8, 8], (Kind::Float, tch::Device::Cpu));
    let output = match no_grad(|| net.try_forward(&image)) {
        Ok(output) => output,
        Err(error) => return not_yet(format!("Two images do not pass through it: {error}")),
    };
    if output.size() != [2, 10] {
        return not_yet(format!(
            "Two images give {:?}, and should give [2, 10]: one logit for each digit.",
            output.size()
        ));
    }
    if !net
        .layers()
        .any(|(_, layer)| layer.describe().to_lowercase().contains("conv2d"))
    {
        return not_yet("There is no conv2d in it, so it is no convolutional network.");
    }
    let count = net.parameter_count();
    if count > MOST_PARAMETERS {
        return not_yet(format!(
            "It has {count} parameters, and may have {MOST_PARAMETERS}. Where are most of them? summary() \
             shows it; pooling before the linear layer saves many."
        ));
    }
    let sums = output.sum_dim_intlist(-1, false, Kind::Float);
    let all_positive = output.ge(0.0).all().int64_value(&[]) == 1;
    if all_positive && (sums - 1.0).abs().max().double_value(&[]) < 1e-3 {
        return not_yet(
            "The outputs are probabilities: leave the softmax out. The loss takes logits and does its own.",
        );
    }
    Ok(())
}

fn accuracy(mut net: Sequential, train: &Dataset, test: &Dataset) -> f64 {
    // Networks this small are many times slower on several cores, if others want them too.
    let threads = tch::get_num_threads();
    tch::set_num_threads(1);
    let mut optimizer = adam(&net, 0.005);
    let (x, y) = (
        train.x.narrow(0, 0, EXAMPLES),
        train.y.narrow(0, 0, EXAMPLES),
    );
    trainer(cross_entropy_loss)
        .batch_size(32)
        .fit(&mut net, &mut optimizer, &x, &y, EPOCHS);
    tch::set_num_threads(threads);
    net.eval();
    let guessed = no_grad(|| net.forward(&test.x)).argmax(1, false);
    let right = guessed.eq_tensor(&test.y).to_kind(Kind::Double);
    right.mean(Kind::Double).double_value(&[])
}

fn solution(_: &mut Draw) -> String {
    "\
fn small_cnn() -> Sequential {
    Sequential::new()
        .add(conv2d(1, 16, 3).padding(1))
        .add(relu())
        .add(max_pool2d(2))
        .add(flatten())
        .add(linear(16 * 4 * 4, 10))
}
check::cnn_against_vit(small_cnn)"
        .to_owned()
}

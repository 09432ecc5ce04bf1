//! A saliency map that beats the image itself in the deletion test.

use lessons::prelude::{
    Sequential, adam, cross_entropy_loss, deletion_test, digits, flatten, linear, manual_seed,
    no_grad, relu, saliency, split, trainer,
};
use tch::Tensor;

use crate::attempt::{attempt, not_yet};
use crate::draw::Draw;
use crate::exercise::{Exercise, Question};
use crate::verdict::Verdict;

pub(crate) const EXERCISE: Exercise = Exercise {
    id: "saliency_deletion",
    notebook: "11_interpretability",
    title: "A map that stands the deletion test",
    codes: &[],
    question,
    starter: "\
fn my_map(net: &Sequential, image: &Tensor, class: i64) -> Tensor {
    todo!(\"large where deleting the pixel lowers the class most\")
}
check::saliency_deletion(my_map)",
    hints: &[
        "Deleting sets a pixel to zero. What does the gradient say about a pixel that is zero already?",
        "To first order, deleting pixel i changes the score by -gradient[i] * image[i].",
        "saliency(net, image, class).times_input()",
    ],
    solution,
};

/// Checks a function that makes a saliency map.
pub fn saliency_deletion(my_map: impl Fn(&Sequential, &Tensor, i64) -> Tensor) -> Verdict {
    judge(&my_map)
}

const IMAGES: i64 = 12;

fn question(_: &mut Draw) -> Question {
    Question::new(
        "Make a map of an image's pixels such that deleting those with the largest values first takes the \
         probability of the class away fastest.\n\nThe checker trains a network on digits, takes 12 \
         held-out ones, drawn anew, and compares the mean area under your deletion curve with that of the \
         image itself as the map. Half of that area or less is wanted.",
    )
    .wanted("fn my_map(net: &Sequential, image: &Tensor, class: i64) -> Tensor; image is [1, 1, 8, 8], the map has 64 numbers")
}

fn judge(my_map: &dyn Fn(&Sequential, &Tensor, i64) -> Tensor) -> Verdict {
    attempt(&EXERCISE, |attempt| {
        let call = "my_map(net, image, class)";
        let blank = Sequential::new().add(flatten()).add(linear(64, 10));
        let first = digits().x.narrow(0, 0, 1);
        let tried = attempt.call(call, || my_map(&blank, &first, 0))?;
        if tried.numel() != 64 {
            return not_yet(format!(
                "{call} has shape {:?}, and should have 64 numbers, one for each pixel.",
                tried.size()
            ));
        }
        let threads = tch::get_num_threads();
        tch::set_num_threads(1); // many times quicker for a network this small
        manual_seed(attempt.held_out.seed());
        let parts = split(&digits(), 0.0, 0.2);
        let net = trained(&parts.train.x, &parts.train.y);
        let (mut own, mut by_image, mut by_size) = (0.0, 0.0, 0.0);
        for at in 0..IMAGES {
            let image = parts.test.x.narrow(0, at, 1);
            let class = no_grad(|| net.forward(&image))
                .argmax(1, false)
                .int64_value(&[0]);
            let map = attempt.call(call, || my_map(&net, &image, class))?;
            let area = |map: &Tensor| deletion_test(&net, &image, class, map).salient_area();
            own += area(&map) / IMAGES as f64;
            by_image += area(&image) / IMAGES as f64;
            by_size += area(&saliency(&net, &image, class).strength()) / IMAGES as f64;
        }
        tch::set_num_threads(threads);
        let areas = format!("Your area is {own:.3}, that of the image itself {by_image:.3}.");
        if own <= 0.5 * by_image {
            return Ok(format!(
                "{areas} So the map knows more than where the ink is."
            ));
        }
        if (own - by_image).abs() < 1e-9 {
            return not_yet(format!(
                "{areas} Your map is the image: it knows nothing of the network."
            ));
        } else if (own - by_size).abs() < 1e-9 {
            return not_yet(format!(
                "{areas} Your map is the gradient's size: it is large at white pixels too, where there is \
                 nothing to delete, and at pixels that speak against the class."
            ));
        } else if own > by_image {
            return not_yet(format!(
                "{areas} Yours is worse: does your map have the right sign, and does it know which class was \
                 asked about?"
            ));
        }
        not_yet(format!("{areas} Better, but not by half."))
    })
}

fn trained(x: &Tensor, y: &Tensor) -> Sequential {
    let mut net = Sequential::new()
        .add(flatten())
        .add(linear(64, 32))
        .add(relu())
        .add(linear(32, 10));
    let mut optimizer = adam(&net, 0.01);
    trainer(cross_entropy_loss)
        .batch_size(64)
        .fit(&mut net, &mut optimizer, x, y, 8);
    net
}

fn solution(_: &mut Draw) -> String {
    "\
fn my_map(net: &Sequential, image: &Tensor, class: i64) -> Tensor {
    saliency(net, image, class).times_input() // gradient * pixel: what deleting it takes away
}
check::saliency_deletion(my_map)"
        .to_owned()
}

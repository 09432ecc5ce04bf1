//! Draws each picture once into a folder: `cargo run -p lessons --example gallery -- FOLDER`.

use std::path::PathBuf;

use lessons::prelude::*;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args()
        .nth(1)
        .map_or_else(std::env::temp_dir, PathBuf::from);
    manual_seed(1);
    let svgs = pictures()
        .into_iter()
        .map(|(name, plot)| (name, plot.svg().to_owned()));
    for (name, svg) in svgs.chain(graphs()?) {
        std::fs::write(folder.join(format!("{name}.svg")), svg)?;
        println!("{name}.svg");
    }
    Ok(())
}

fn graphs() -> Result<Vec<(&'static str, String)>, Box<dyn std::error::Error>> {
    let (x, w, b) = (value("x", 2.0), value("w", -0.5), value("b", 0.3));
    let loss = ((&x * &w + &b).tanh().named("p") - 1.0)
        .powf(2.0)
        .named("loss");
    loss.backward();
    let data = linear_data(200, &[1.0, -2.0, 0.5], 1.0, 0.1);
    let mut net = Sequential::new().add(linear(3, 1));
    let runs = race(
        &mut net,
        &[
            ("sgd 0.01", &|net| sgd(net, 0.01)),
            ("sgd 0.1", &|net| sgd(net, 0.1)),
            ("adam 0.1", &|net| adam(net, 0.1)),
        ],
        mse_loss,
        &data.x,
        &data.y,
        15,
        20,
        1,
    );
    let range = learning_rate_range(&net, &sgd, mse_loss, &data.x, &data.y, 20);
    let shown = digits();
    let labels: Vec<String> = (0..20).map(|at| shown.y.i(at).item().to_string()).collect();
    let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
    let picture = image_grid("Digits", &shown.x.narrow(0, 0, 20), &labels);
    let scores = roc(
        &two_moons(100, 0.3).y,
        &(two_moons(100, 0.3).x.select(1, 1) * -1.0),
    );
    Ok(vec![
        ("graph", loss.svg()?),
        ("race", runs.plot().plot().svg().to_owned()),
        ("range_test", range.plot().plot().svg().to_owned()),
        ("digits", picture.svg().to_owned()),
        ("roc", scores.plot().plot().svg().to_owned()),
    ])
}

fn pictures() -> Vec<(&'static str, Plot)> {
    let tokens = ["the", "court", "denied", "charges", "."];
    let embedded = randn(&[5, 8]);
    let (_, weights) = scaled_dot_product_attention(&embedded, &embedded, &embedded, true);
    let counts = tensor([[50, 2, 1], [3, 45, 2], [0, 4, 46]]);
    let names = ["cat", "dog", "bird"];
    let x: Vec<f64> = (1..=100).map(f64::from).collect();
    let power = |exponent: f64| x.iter().map(|x| x.powf(exponent)).collect::<Vec<_>>();
    let lines = line_plot("Power laws")
        .axes("parameters, millions", "loss")
        .log_x()
        .log_y()
        .line("N^-0.5", &x, &power(-0.5))
        .dashed("N^-0.3", &x, &power(-0.3))
        .points("N^-1", &x, &power(-1.0));
    let moons = two_moons(200, 0.1);
    let (plane, classes) = (moons.x, moons.y.unsqueeze(1).to_kind(Kind::Float));
    let net = Sequential::new()
        .add(linear(2, 16))
        .add(tanh())
        .add(linear(16, 1));
    let mut optimizer = adam(&net, 0.05);
    for _ in 0..200 {
        optimizer.backward_step(&bce_with_logits_loss(&net.forward(&plane), &classes));
    }
    let labels: Vec<&str> = (0..plane.size()[0])
        .map(|at| {
            if classes.i((at, 0)).item() > 0.5 {
                "upper"
            } else {
                "lower"
            }
        })
        .collect();
    vec![
        (
            "histogram",
            histogram("Weights of a linear layer", &randn(&[5000]), 30),
        ),
        (
            "attention",
            attention_map("Causal attention", &weights, &tokens),
        ),
        (
            "confusion",
            heatmap("Confusion matrix", &counts, &names, &names),
        ),
        ("lines", lines.plot()),
        ("sigmoid", activation_plot(sigmoid()).plot()),
        ("scatter", scatter("Two classes", &plane, &labels)),
        (
            "boundary",
            decision_boundary("Decision boundary", &net, &plane, &classes),
        ),
        ("surface", valley()),
        ("images", image_grid("Noise", &rand(&[12, 8, 8]), &[])),
    ]
}

fn valley() -> Plot {
    let loss = |a: f64, b: f64| 0.5 * a * a + 8.0 * b * b;
    let descend = |rate: f64, momentum: f64| {
        let (mut at, mut speed, mut path) = ((-4.0, 1.5), (0.0, 0.0), vec![(-4.0, 1.5)]);
        for _ in 0..40 {
            speed = (momentum * speed.0 + at.0, momentum * speed.1 + 16.0 * at.1);
            at = (at.0 - rate * speed.0, at.1 - rate * speed.1);
            path.push(at);
        }
        path
    };
    let paths = [
        ("plain", descend(0.1, 0.0)),
        ("momentum 0.8", descend(0.03, 0.8)),
    ];
    loss_surface("A narrow valley", &loss, (-5.0, 3.0), (-2.0, 2.0), &paths)
}

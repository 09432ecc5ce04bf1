//! The pictures: each beside the code that draws it and its numbers.
//! Knows nothing of where the page goes.

use lessons::prelude::*;

/// A picture's code as it stands here, and what it gave.
pub struct Entry {
    /// The code.
    pub code: &'static str,
    /// The picture.
    pub svg: String,
    /// Its numbers.
    pub text: String,
}

/// Runs the code and keeps its words.
macro_rules! entry {
    ($code:expr) => {{
        let shown = $code.show();
        let svg = shown.iter().find(|(kind, _)| *kind == "image/svg+xml");
        Entry {
            code: stringify!($code),
            svg: svg.map(|(_, svg)| svg.to_owned()).unwrap_or_default(),
            text: shown.plain().to_owned(),
        }
    }};
}

/// Every picture of the crate; the same at each call.
pub fn entries() -> Vec<Entry> {
    manual_seed(1);
    let parts = [data(), networks(), training(), judging(), asking(), heads()];
    parts.into_iter().flatten().collect()
}

/// The pictures as one page.
pub fn page(entries: &[Entry]) -> String {
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;");
    let sections = entries.iter().map(|entry| {
        format!(
            "<section><pre><code>{}</code></pre>{}<details><summary>The numbers</summary><pre>{}</pre></details></section>",
            escaped(entry.code),
            entry.svg,
            escaped(&entry.text)
        )
    });
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Pictures of lessons</title><style>\
         :root{{color-scheme:light dark}}body{{font-family:sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}}\
         pre{{overflow-x:auto;padding:.6rem;border:1px solid #8888}}section{{margin:2.5rem 0}}svg{{height:auto}}</style></head>\
         <body><h1>Pictures of lessons</h1><p>Each picture with the code that draws it and its numbers as text. \
         The variables are made in lessons/examples/gallery/pictures.rs.</p>{}</body></html>",
        sections.collect::<String>()
    )
}

fn data() -> Vec<Entry> {
    let embedded = randn(&[5, 8]);
    let (_, weights) = scaled_dot_product_attention(&embedded, &embedded, &embedded, true);
    let tokens = ["the", "court", "denied", "charges", "."];
    let x: Vec<f64> = (1..=100).map(f64::from).collect();
    let power = |exponent: f64| x.iter().map(|x| x.powf(exponent)).collect::<Vec<_>>();
    let shown = digits();
    let labels: Vec<String> = (0..20).map(|at| shown.y.i(at).item().to_string()).collect();
    let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
    let (plane, share) = principal_plane(&shown.x.narrow(0, 0, 200).reshape([200, 64]));
    let classes: Vec<String> = (0..200)
        .map(|at| shown.y.i(at).item().to_string())
        .collect();
    let classes: Vec<&str> = classes.iter().map(String::as_str).collect();
    let names = [
        "king", "queen", "man", "woman", "paris", "france", "rome", "italy", "cat", "dog",
    ];
    let known = word_vectors();
    let (map, _) = principal_plane(&Tensor::stack(&names.map(|word| known.vector(word)), 0));
    let title = format!(
        "Digits in two directions, {:.0} % of the variance",
        share * 100.0
    );
    vec![
        entry!(histogram(
            "Values of a normal distribution",
            &randn(&[5000]),
            30
        )),
        entry!(attention_map("Causal attention", &weights, &tokens)),
        entry!(heatmap(
            "Any matrix",
            &randn(&[3, 4]),
            &["a", "b", "c"],
            &["1", "2", "3", "4"]
        )),
        entry!(image_grid("Digits", &shown.x.narrow(0, 0, 20), &labels)),
        entry!(image_overlay(
            "A digit and its ink",
            &shown.x.i(0),
            &shown.x.i(0)
        )),
        entry!(scatter(&title, &plane, &classes)),
        entry!(scatter("Words in two directions", &map, &names)),
        entry!(activation_plot(sigmoid())),
        entry!(
            line_plot("Power laws")
                .axes("parameters, millions", "loss")
                .log_x()
                .log_y()
                .line("N^-0.5", &x, &power(-0.5))
                .dashed("N^-0.3", &x, &power(-0.3))
                .points("N^-1", &x, &power(-1.0))
        ),
    ]
}

fn networks() -> Vec<Entry> {
    let (x, w, b) = (value("x", 2.0), value("w", -0.5), value("b", 0.3));
    let loss = ((&x * &w + &b).tanh().named("p") - 1.0)
        .powf(2.0)
        .named("loss");
    loss.backward();
    let net = Sequential::new()
        .add(linear(3, 5))
        .add(tanh())
        .add(linear(5, 2));
    let (input, target) = (randn(&[8, 3]), randn(&[8, 2]));
    let other = Sequential::new()
        .add(linear(3, 5))
        .add(relu())
        .add(linear(5, 2));
    let before = copy_weights(&other);
    sgd(&other, 0.1).backward_step(&mse_loss(&other.forward(&input), &target));
    let mut flow = FlowHistory::new();
    let mut optimizer = sgd(&other, 0.1);
    for _ in 0..20 {
        optimizer.zero_grad();
        mse_loss(&other.forward(&input), &target).backward();
        flow.record(&other);
        optimizer.step();
    }
    mse_loss(&net.forward(&input), &target).backward();
    vec![
        entry!(loss),
        entry!(network_picture(&net, &input)),
        entry!(gradient_picture(&net, mse_loss, &input, &target)),
        entry!(gradient_histogram(&net, "0.weight", 8)),
        entry!(gradient_flow(&net).plot()),
        entry!(flow.plot()),
        entry!(changes_plot(&other, &before)),
    ]
}

fn training() -> Vec<Entry> {
    let data = linear_data(200, &[1.0, -2.0, 0.5], 1.0, 0.1);
    let mut net = Sequential::new().add(linear(3, 1));
    let range = learning_rate_range(&net, &sgd, mse_loss, &data.x, &data.y, 20);
    let mut optimizer = adam(&net, 0.05);
    let mut run = trainer(mse_loss).validation(&data.x.narrow(0, 0, 40), &data.y.narrow(0, 0, 40));
    run.fit(
        &mut net,
        &mut optimizer,
        &data.x.narrow(0, 40, 160),
        &data.y.narrow(0, 40, 160),
        20,
    );
    let runs = race(
        &mut Sequential::new().add(linear(3, 1)),
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
    vec![
        entry!(run.history()),
        entry!(runs),
        entry!(range),
        entry!(cosine(0.1, 90).warm_up(10).plot(100)),
        entry!(valley()),
    ]
}

fn judging() -> Vec<Entry> {
    let moons = two_moons(200, 0.1);
    let (plane, classes) = (moons.x, moons.y.unsqueeze(1).to_kind(Kind::Float));
    let net = Sequential::new()
        .add(linear(2, 16))
        .add(tanh())
        .add(linear(16, 1));
    let mut optimizer = adam(&net, 0.05);
    for _ in 0..60 {
        optimizer.backward_step(&bce_with_logits_loss(&net.forward(&plane), &classes));
    }
    let scores = net.forward(&plane).reshape([-1]).detach();
    let decided = scores.gt(0.0).to_kind(Kind::Int64);
    let truth = classes.reshape([-1]).to_kind(Kind::Int64);
    vec![
        entry!(decision_boundary(
            "Decision boundary",
            &net,
            &plane,
            &classes
        )),
        entry!(confusion_matrix(&truth, &decided).plot()),
        entry!(roc(&truth, &scores).plot()),
    ]
}

/// What a small network looks at when it reads a digit, and the checks on the answer.
fn asking() -> Vec<Entry> {
    let shown = digits();
    let (pixels, classes) = (&shown.x, &shown.y);
    let mut net = Sequential::new()
        .add(flatten())
        .add(linear(64, 32))
        .add(relu())
        .add(linear(32, 10));
    let mut optimizer = adam(&net, 0.01);
    for _ in 0..100 {
        optimizer.backward_step(&cross_entropy_loss(&net.forward(pixels), classes));
    }
    net.eval();
    let (image, class) = (pixels.narrow(0, 3, 1), classes.int64_value(&[3]));
    let seen = saliency(&net, &image, class);
    let map = seen.times_input();
    vec![
        entry!(seen.overlay()),
        entry!(seen.overlay_times_input()),
        entry!(saliency_overlay("Any map on any image", &image.i(0), &map)),
        entry!(deletion_test(&net, &image, class, &map).plot()),
        entry!(randomised_weight_check(&net, &image, class).pictures()),
    ]
}

/// Where a trained encoder looks; nothing where its weights are not installed.
fn heads() -> Vec<Entry> {
    let Ok(encoder) = lessons::encoder::try_sentence_encoder() else {
        return Vec::new();
    };
    let looks = encoder.attention("The court denied the charges against the company.");
    vec![entry!(looks.head(5, 3)), entry!(looks.mean())]
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

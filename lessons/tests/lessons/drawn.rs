//! Pictures of odd data: what is refused, what is thinned, what tells the lines apart.

use lessons::prelude::*;

use crate::fixtures::alone;
use crate::refusals::refusal;

/// Gives its input's first number, and tells nobody what it is.
#[derive(Debug)]
struct First;

impl Layer for First {
    fn describe(&self) -> String {
        "First".to_owned()
    }

    fn try_forward(&self, input: &Tensor) -> Result<Tensor, ForwardError> {
        Ok(input.narrow(1, 0, 1))
    }
}

#[test]
fn a_border_is_the_same_for_the_plane_and_the_examples() {
    // Logits of the examples lie between 0 and 1, those of the plane around them do not.
    let x = tensor([[0.2, 0.0], [0.4, 1.0], [0.9, 0.0], [0.1, 1.0]]);
    let classes = tensor([1, 1, 1, 1]);
    let side = Linear {
        weight: tensor([[1.0, 0.0]]),
        bias: tensor([0.0]),
    };
    let net = Sequential::new().add(side);
    let all = "4 of 4 examples lie on the side of their class.";
    assert_eq!(
        decision_boundary("Logits", &net, &x, &classes).description(),
        all
    );
    assert_eq!(
        decision_boundary("Unknown", &First, &x, &classes).description(),
        all
    );
    // Behind a sigmoid, 0.5 is the border, and that is where the logit is 0.
    let net = net.add(sigmoid());
    assert_eq!(
        decision_boundary("Sigmoid", &net, &x, &classes).description(),
        all
    );
}

#[test]
fn classes_are_whole_numbers_from_zero() {
    let _alone = alone();
    let (net, x) = (linear(2, 1), randn(&[2, 2]));
    for odd in [0.7, -1.0, f64::NAN] {
        let said = refusal(|| decision_boundary("x", &net, &x, &tensor([0.0, odd])));
        let wanted =
            format!("decision_boundary: there is a class {odd}: classes are whole numbers");
        assert!(said.starts_with(&wanted), "{said}");
    }
}

#[test]
fn a_histogram_holds_the_largest_and_smallest_doubles() {
    let plot = histogram("Far", &Tensor::from_slice(&[0.0, 1e300, 1e300, -1e300]), 2);
    let text = plot.table().text();
    assert!(
        text.contains("4 values") && !plot.svg().is_empty(),
        "{text}"
    );
    let counts: Vec<&str> = text
        .lines()
        .skip(3)
        .take(2)
        .filter_map(|line| line.split_whitespace().next_back())
        .collect();
    assert_eq!(counts, ["1", "3"], "{text}");
    let said = refusal(|| histogram("x", &Tensor::from_slice(&[1e308, -1e308]), 2));
    assert!(said.contains("farther than a number can hold"), "{said}");
    // Values that a Float cannot tell apart are counted apart.
    let near = histogram(
        "Near",
        &Tensor::from_slice(&[1.0, 1.0 + 1e-12, 1.0 + 2e-12]),
        3,
    );
    assert!(!near.svg().is_empty());
}

#[test]
fn overlays_refuse_what_they_cannot_show() {
    let _alone = alone();
    let said = refusal(|| saliency_overlay("x", &rand(&[700, 3]), &rand(&[700, 3])));
    assert!(
        said.starts_with("saliency_overlay: the image is 700 by 3 pixels"),
        "{said}"
    );
    let holed = tensor([[1.0, f64::NAN], [0.0, 0.0]]);
    let said = refusal(|| saliency_overlay("x", &rand(&[2, 2]), &holed));
    assert!(said.contains("the map is NaN at row 0, column 1"), "{said}");
    let said = refusal(|| saliency_overlay("x", &holed, &rand(&[2, 2])));
    assert!(
        said.contains("the image is NaN at row 0, column 1"),
        "{said}"
    );
    let largest = saliency_overlay("x", &rand(&[160, 2]), &rand(&[160, 2]));
    assert!(largest.svg().contains("circle"));
}

#[test]
fn colour_is_never_all_that_tells_lines_apart() {
    let x = [0.0, 1.0, 2.0];
    let plot = |lines: usize| {
        let plot = (0..lines).fold(line_plot("Runs"), |plot, at| {
            plot.line(&format!("run {at}"), &x, &[at as f64, 1.0, 2.0])
        });
        plot.plot().svg().to_owned()
    };
    let marks = |svg: &str| svg.matches("<circle").count() + svg.matches("<polygon").count();
    assert_eq!(marks(&plot(1)), 0, "one line needs no marks");
    assert!(marks(&plot(2)) >= 12, "{}", marks(&plot(2)));
    // A whole line is one polyline; the seventh, in the colour of the first, is dashed.
    let strokes = |svg: &str| svg.matches("<polyline").count();
    assert!(strokes(&plot(7)) > strokes(&plot(6)) + 10);
    let pair = line_plot("Pair")
        .line("value", &x, &x)
        .dashed("slope", &x, &[1.0, 1.0, 1.0]);
    assert_eq!(marks(pair.plot().svg()), 0, "dashes are enough");
}

#[test]
fn axes_have_the_names_they_are_given() {
    let _alone = alone();
    let x = randn(&[6, 2]);
    let bowl = |a: f64, b: f64| a * a + b * b;
    let plots = [
        histogram("Areas", &x, 3),
        scatter("Houses", &x, &[]),
        decision_boundary("Sides", &linear(2, 1), &x, &tensor([0, 1, 0, 1, 0, 1])),
        loss_surface("Bowl", &bowl, (-1.0, 1.0), (-1.0, 1.0), &[]),
    ];
    for plot in plots {
        let said = plot.description().to_owned();
        let named = plot.axes("area, m2", "price, EUR");
        assert!(named.svg().contains(">\narea, m2\n") && named.svg().contains(">\nprice, EUR\n"));
        for old in [
            ">\nfirst coordinate\n",
            ">\nx1\n",
            ">\nfirst parameter\n",
            ">\ncount\n",
        ] {
            assert!(!named.svg().contains(old), "{old}");
        }
        let sentence = "Across: area, m2. Upwards: price, EUR.";
        assert_eq!(named.description(), format!("{said} {sentence}"));
        assert!(named.table().text().contains(sentence));
    }
    let said = refusal(|| heatmap("x", &rand(&[1, 1]), &["a"], &["b"]).axes("a", "b"));
    assert!(said.contains("has no axes to name"), "{said}");
}

#[test]
fn clouds_of_many_points_are_thinned_and_say_so() {
    let _alone = alone();
    manual_seed(2);
    let x = randn(&[50_000, 2]);
    let plot = scatter("Cloud", &x, &[]);
    assert!(plot.svg().len() < 1_500_000, "{} bytes", plot.svg().len());
    assert!(
        plot.description().contains("Of 50,000 points "),
        "{}",
        plot.description()
    );
    assert!(
        plot.table()
            .text()
            .contains("one where several would cover each other")
    );
    let few = scatter("Few", &x.narrow(0, 0, 3000), &[]);
    assert_eq!(few.svg().matches("<circle").count(), 3000);
    assert!(!few.description().contains("are drawn"));
    let steps: Vec<f64> = (0..20_000).map(f64::from).collect();
    let line = line_plot("Steps").points("loss", &steps, &steps).plot();
    assert!(
        line.table().text().contains("Of 20,000 points "),
        "{}",
        line.table().text()
    );
}

#[test]
fn a_graph_of_values_is_saved_as_its_picture() {
    let loss = (value("x", 2.0) * value("w", -0.5)).named("loss");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("graph.svg");
    loss.save(&path).unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), loss.svg().unwrap());
    assert!(loss.save(folder.path().join("none/graph.svg")).is_err());
}

/// Two values that are farther apart than any number, and one value that is too large for some air above it.
const FAR: [[f64; 2]; 2] = [[-1e308, 1e308], [1.0, f64::MAX]];

#[test]
fn a_picture_on_axes_that_reach_too_far_says_so() {
    for ends in FAR {
        let points = Tensor::from_slice(&[0.0, ends[0], 1.0, ends[1]]).reshape([2, 2]);
        let at = [1.0, 2.0];
        let nowhere = "farther than a picture can show: scale the values down";
        for (picture, text) in [
            ("line", line_plot("t").line("a", &at, &ends).show()),
            ("dashed", line_plot("t").dashed("a", &ends, &at).show()),
            ("points", line_plot("t").points("a", &at, &ends).show()),
            (
                "range",
                line_plot("t")
                    .line("a", &at, &at)
                    .y_range(ends[0], ends[1])
                    .show(),
            ),
            ("scatter", scatter("t", &points, &[]).show()),
            ("training", loss_curve(&ends, &[]).show()),
            ("validation", loss_curve(&at, &ends).show()),
        ]
        .map(|(picture, shown)| (picture, shown.plain().to_owned()))
        {
            assert!(text.contains(nowhere), "{picture} of {ends:?}: {text}");
            let largest = format!("{:e}", ends[1]);
            assert!(text.contains(&largest), "{picture} of {ends:?}: {text}");
        }
    }
    // Powers of ten have room for all numbers.
    let plot = line_plot("t")
        .log_y()
        .line("a", &[1.0, 2.0], &[1e-300, f64::MAX]);
    assert!(!plot.plot().svg().is_empty());
}

#[test]
fn shades_of_values_that_are_too_far_apart_are_refused() {
    let far = Tensor::from_slice(&[-1e308, 1e308, 0.0, 1.0]).reshape([2, 2]);
    let names = ["a", "b"];
    let nowhere = "-1e308 to 1e308 is farther than a number can hold: scale the values down";
    for said in [
        refusal(|| heatmap("t", &far, &names, &names)),
        refusal(|| image_grid("t", &far.unsqueeze(0), &[])),
        refusal(|| image_overlay("t", &far, &far)),
        refusal(|| histogram("t", &far, 3)),
        refusal(|| loss_surface("t", &|x, _| x * 1e308, (-1.0, 1.0), (0.0, 1.0), &[])),
        refusal(|| loss_surface("t", &|x, _| x, (-1e308, 1e308), (0.0, 1.0), &[])),
    ] {
        assert!(said.contains("farther than a number can hold"), "{said}");
    }
    assert!(refusal(|| heatmap("t", &far, &names, &names)).contains(nowhere));
}

#[test]
fn values_that_are_hardly_apart_are_drawn() {
    for values in [
        [1e17, 1e17 + 16.0],
        [1.0, 1.0 + f64::EPSILON],
        [0.0, 5e-324],
    ] {
        let plot = line_plot("t").line("a", &[1.0, 2.0], &values).plot();
        assert!(plot.svg().contains("<svg"), "{values:?}");
        assert!(loss_curve(&values, &[]).svg().is_ok(), "{values:?}");
    }
}

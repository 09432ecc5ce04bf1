//! Each picture: what is drawn, what it says to readers who cannot see it, what it refuses.

use lessons::prelude::*;

use crate::fixtures::alone;
use crate::refusals::refusal;

#[track_caller]
fn sound(plot: &Plot) {
    let svg = plot.svg();
    assert!(
        svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"),
        "{}",
        plot.table().text()
    );
    assert!(
        svg.contains("role=\"img\" aria-label=\"") && svg.contains("prefers-color-scheme:dark")
    );
    assert!(
        !svg.contains("\"NaN") && !svg.contains("\"inf"),
        "{}",
        plot.description()
    );
    assert!(!plot.description().is_empty());
    let shown = plot.show();
    assert_eq!(shown.plain(), plot.table().text());
    assert!(shown.iter().any(|(kind, _)| kind == "image/svg+xml"));
}

#[test]
fn a_histogram_counts_every_value_once() {
    let values = tensor([0.0, 0.1, 0.2, 0.9, 1.0, f64::NAN, f64::INFINITY]);
    let plot = histogram("Values", &values, 2);
    sound(&plot);
    insta::assert_snapshot!(plot.table().text(), @r"
    Values
    from   to  count
    ----  ---  -----
       0  0.5      3
     0.5    1      2
    5 values from 0 to 1.000, mean 0.4400, standard deviation 0.4224. 2 values are NaN or inf and left out.
    ");
    sound(&histogram("One", &tensor([3.0, 3.0]), 5));
    assert!(
        refusal(|| histogram("None", &tensor([f64::NAN]), 5))
            .contains("none of the 1 values is finite")
    );
    assert!(refusal(|| histogram("None", &Tensor::new(), 5)).contains("before backward()"));
}

#[test]
fn a_heatmap_has_its_numbers_and_says_the_largest_of_each_row() {
    let _alone = alone();
    let plot = heatmap(
        "Confusion",
        &tensor([[50, 2], [3, 45]]),
        &["cat", "dog"],
        &["cat", "dog"],
    );
    sound(&plot);
    assert_eq!(
        plot.description(),
        "2 rows, 2 columns. cat: most 50 at cat. dog: most 45 at dog."
    );
    assert!(
        plot.table().text().contains("dog             3   45"),
        "{}",
        plot.table().text()
    );
    assert!(
        plot.svg().contains("\n50\n") && plot.svg().contains("\n45\n"),
        "counts stand in the cells"
    );
    let message = refusal(|| attention_map("A", &rand(&[3, 3]), &["a", "b"]));
    assert!(
        message.contains("values are [3, 3], with names for [2, 2]"),
        "{message}"
    );
}

#[test]
fn lines_have_axes_a_legend_and_gaps() {
    let x = [1.0, 10.0, 100.0, 1000.0];
    let plot = line_plot("Scaling")
        .axes("parameters", "loss, nats")
        .log_x()
        .log_y()
        .line("measured", &x, &[4.0, f64::NAN, 2.0, 0.0])
        .dashed("fitted", &x, &[4.0, 3.0, 2.0, 1.0])
        .mark("chosen", 100.0, 2.0)
        .plot();
    sound(&plot);
    for part in [
        "parameters (log scale)",
        "loss, nats (log scale)",
        "measured",
        "fitted",
        "chosen",
    ] {
        assert!(plot.svg().contains(part), "{part}");
    }
    assert!(
        plot.table()
            .text()
            .contains("fitted          1000       1.000"),
        "{}",
        plot.table().text()
    );
    sound(&line_plot("Empty").plot());
    let message = refusal(|| line_plot("Odd").line("a", &[1.0], &[]).plot());
    assert_eq!(message, "line \"a\": 1 x and 0 y: there must be as many");
}

#[test]
fn an_activation_and_its_slope_are_the_closed_forms() {
    let text = activation_plot(sigmoid()).plot();
    sound(&text);
    // At -5 the sigmoid is 1 / (1 + e^5) = 0.006693, its slope s (1 - s) = 0.006648.
    assert!(text.table().text().contains("0.006693") && text.table().text().contains("0.006648"));
}

#[test]
fn points_show_classes_or_names() {
    let x = tensor([[0.0, 0.0], [1.0, 1.0], [2.0, 0.0]]);
    let plot = scatter("Classes", &x, &["a", "b", "a"]);
    sound(&plot);
    assert_eq!(
        plot.description(),
        "3 points in the plane. a: 2 points. b: 1 points."
    );
    let words = ["king", "queen", "man", "woman", "cat", "dog", "car"];
    let places = [0.0, 3.0, 4.0, 3.0, 0.0, -5.0, -12.0];
    let places = [0, 1, 2, 3, 4, 5, 6].map(|at| [at as f64, places[at]]);
    let _alone = alone();
    let plot = scatter("Words", &tensor(places), &words);
    assert!(words.iter().all(|word| plot.svg().contains(word)));
    assert_eq!(
        plot.description(),
        "7 points in the plane. Leftmost: king. Rightmost: car. Lowest: car. Highest: man."
    );
    assert!(
        refusal(|| scatter("x", &randn(&[3]), &[]))
            .contains("points are [3]: they must be [points, 2]")
    );
    assert!(refusal(|| scatter("x", &x, &["a"])).contains("3 points and 1 labels"));
}

#[test]
fn a_boundary_counts_the_examples_on_their_side() {
    let _alone = alone();
    let side = Linear {
        weight: tensor([[1.0, 0.0]]),
        bias: tensor([0.0]),
    };
    let x = tensor([[-1.0, 0.0], [-2.0, 1.0], [1.0, 0.0], [2.0, -1.0]]);
    let plot = decision_boundary("Side", &side, &x, &tensor([0, 0, 1, 0]));
    sound(&plot);
    assert_eq!(
        plot.description(),
        "3 of 4 examples lie on the side of their class."
    );
    assert!(
        plot.table().text().contains("50.0 %"),
        "{}",
        plot.table().text()
    );
    assert!(plot.svg().len() < 200_000, "{} bytes", plot.svg().len());
    let wide = refusal(|| decision_boundary("Wide", &linear(3, 1), &x, &tensor([0, 0, 1, 0])));
    assert!(
        wide.starts_with("decision_boundary: Linear 3 -> 1"),
        "{wide}"
    );
}

#[test]
fn a_surface_tells_where_paths_end() {
    let path = vec![(2.0, 1.0), (1.0, 0.5), (0.0, 0.0)];
    let bowl = |a: f64, b: f64| a * a + b * b;
    let plot = loss_surface("Bowl", &bowl, (-3.0, 3.0), (-3.0, 3.0), &[("sgd", path)]);
    sound(&plot);
    assert!(
        plot.description()
            .contains("sgd ends after 2 steps at (0.0000, 0.0000) with loss 0.")
    );
    assert!(plot.svg().len() < 500_000, "{} bytes", plot.svg().len());
    assert!(refusal(|| loss_surface("x", &bowl, (1.0, 1.0), (0.0, 1.0), &[])).contains("is empty"));
    assert!(
        refusal(|| loss_surface("x", &|_, _| f64::NAN, (0.0, 1.0), (0.0, 1.0), &[]))
            .contains("nowhere finite")
    );
}

#[test]
fn images_stand_in_a_grid_and_can_be_saved() {
    let _alone = alone();
    let plot = image_grid("Digits", &rand(&[12, 1, 8, 8]), &[]);
    sound(&plot);
    assert!(plot.svg().len() < 200_000, "{} bytes", plot.svg().len());
    assert!(refusal(|| image_grid("x", &rand(&[8, 8]), &[])).contains("[images, height, width]"));
    let folder = tempfile::tempdir().unwrap();
    plot.save(folder.path().join("digits.svg")).unwrap();
    assert_eq!(
        std::fs::read_to_string(folder.path().join("digits.svg")).unwrap(),
        plot.svg()
    );
}

#[test]
fn a_plane_holds_what_differs_most() {
    let _alone = alone();
    // Three sizes with variances 9 : 4 : 1, turned by a rotation that the projection must undo.
    let flat = tensor([
        [3.0, 0.0, 0.0],
        [-3.0, 0.0, 0.0],
        [0.0, 2.0, 0.0],
        [0.0, -2.0, 0.0],
        [0.0, 0.0, 1.0],
        [0.0, 0.0, -1.0],
    ]);
    let (c, s) = (0.8, 0.6);
    let turn = tensor([[c, s, 0.0], [-s, c, 0.0], [0.0, 0.0, 1.0]]);
    let (plane, share) = principal_plane(&(flat.matmul(&turn) + 7.0));
    assert!((share - 13.0 / 14.0).abs() < 1e-6, "{share}");
    let expected = tensor([
        [3.0, 0.0],
        [-3.0, 0.0],
        [0.0, 2.0],
        [0.0, -2.0],
        [0.0, 0.0],
        [0.0, 0.0],
    ]);
    assert!((plane - expected).abs().max().item() < 1e-5);
}

#[test]
fn an_overlay_names_the_pixels_that_matter() {
    let _alone = alone();
    let map = tensor([[0.0, -3.0], [1.0, 0.0]]);
    let plot = image_overlay("Where", &tensor([[0.0, 1.0], [0.5, 0.25]]), &map);
    let text = plot.table().text();
    let first = text
        .lines()
        .nth(3)
        .unwrap_or_default()
        .split_whitespace()
        .collect::<Vec<_>>();
    assert_eq!(first, ["0", "1", "1.0000", "3.000"], "{text}");
    assert!(
        plot.description().contains("holds 75 % of the map"),
        "{}",
        plot.description()
    );
    let wrong = std::panic::catch_unwind(|| image_overlay("x", &rand(&[2, 2]), &rand(&[3, 2])));
    assert!(wrong.is_err());
}

#[test]
fn gradients_have_a_histogram_and_the_flow_a_picture() {
    let _alone = alone();
    let net = Sequential::new()
        .add(linear(3, 4))
        .add(relu())
        .add(linear(4, 1));
    mse_loss(&net.forward(&randn(&[5, 3])), &randn(&[5, 1])).backward();
    let flow = gradient_flow(&net);
    let norm = flow.row("0.weight").grad_norm;
    let plot = gradient_histogram(&net, "0.weight", 4);
    assert!(
        plot.description().starts_with("12 values"),
        "{}",
        plot.description()
    );
    let shown = flow.plot().plot();
    assert!(
        shown
            .table()
            .text()
            .contains(&lessons::number::significant(norm))
    );
    assert!(shown.description().contains("0.weight: healthy."));
    let named = |svg: &str| svg.matches(">\n0.weight\n").count();
    assert_eq!(named(shown.svg()), 1, "names stand at the ticks");
    // Where they have no room, numbers stand there and the text says which is which.
    let many = (0..12).fold(Sequential::new(), |net, _| net.add(linear(3, 3)));
    mse_loss(&many.forward(&randn(&[5, 3])), &randn(&[5, 3])).backward();
    let shown = gradient_flow(&many).plot().plot();
    assert_eq!(named(shown.svg()), 0);
    assert!(shown.description().contains(" 0 is 0.weight. 1 is 0.bias."));
}

#[test]
fn counts_have_no_halves_and_cells_no_seams() {
    let ticks = |plot: &Plot| -> Vec<String> {
        let words = plot.svg().split("<text").skip(1);
        let word = |text: &str| {
            text.split_once('\n')
                .unwrap()
                .1
                .split('\n')
                .next()
                .unwrap()
                .to_owned()
        };
        words.map(word).collect()
    };
    let plot = histogram("Two", &tensor([0.0, 0.0, 1.0]), 2);
    let counts = ticks(&plot);
    assert!(counts.contains(&"2".to_owned()), "{counts:?}");
    assert!(!counts.contains(&"1.5".to_owned()), "{counts:?}");
    let curve = loss_curve(&[300.0, 200.0, 100.0], &[]).svg().unwrap();
    assert!(
        curve.contains(">\n2\n") && !curve.contains(">\n1.5\n"),
        "epochs are whole"
    );
    let svg = heatmap("x", &tensor([[1.0, 2.0]]), &["a"], &["b", "c"])
        .svg()
        .to_owned();
    assert!(svg.contains("rect{shape-rendering:crispEdges}"));
    // The right edge of the first cell is the left edge of the second.
    let number = |cell: &str, name: &str| -> i64 {
        let (_, rest) = cell.split_once(&format!(" {name}=\"")).unwrap();
        rest.split('"').next().unwrap().parse().unwrap()
    };
    let cells: Vec<&str> = svg.split("<rect").skip(2).collect();
    assert_eq!(
        number(cells[0], "x") + number(cells[0], "width"),
        number(cells[1], "x")
    );
}

#[test]
fn a_legend_leaves_the_end_of_a_curve_free() {
    // The sigmoid ends in the upper right, its slope in the lower right: the upper left is free.
    let svg = activation_plot(sigmoid()).plot().svg().to_owned();
    let label = svg
        .split("<text")
        .find(|text| text.contains("\nslope\n"))
        .unwrap();
    let (_, rest) = label.split_once(" x=\"").unwrap();
    let x: f64 = rest.split('"').next().unwrap().parse().unwrap();
    assert!(x < 500.0, "the legend stands at {x} of 1440");
}

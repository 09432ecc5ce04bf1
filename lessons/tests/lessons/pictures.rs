//! The loss curve: what is drawn, what is said, what is saved.

use lessons::prelude::*;

fn falling() -> (Vec<f64>, Vec<f64>) {
    let train = (1..=50).map(|epoch| 1.0 / f64::from(epoch)).collect();
    let validation = (1..=50)
        .map(|epoch| 0.3 + (f64::from(epoch) - 20.0).powi(2) / 1000.0)
        .collect();
    (train, validation)
}

#[test]
fn the_picture_has_labels_a_text_and_a_dark_form() {
    let (train, validation) = falling();
    let curve = loss_curve(&train, &validation).title("Losses <1>");
    let svg = curve.svg().unwrap();
    for part in [
        "role=\"img\"",
        "<title>Losses &lt;1&gt;</title>",
        "Best validation loss: 0.3000 at epoch 20.",
        "Epoch",
        ">\nLoss\n",
        "training",
        "validation",
        "best: 0.3000 at epoch 20",
        "prefers-color-scheme:dark",
    ] {
        assert!(svg.contains(part), "{part} is missing");
    }
    assert_eq!(svg.matches("<svg").count(), 1);
    assert!(!svg.contains("NaN") && !svg.contains("inf"));
}

#[test]
fn the_text_has_the_numbers() {
    let (train, validation) = falling();
    insta::assert_snapshot!(loss_curve(&train, &validation).show().plain(), @r"
    Training progress
    epoch  training  validation
    -----  --------  ----------
        1    1.0000      0.6610
        5    0.2000      0.5250
       10    0.1000      0.4000
       15    0.0667      0.3250
       20    0.0500      0.3000
       25    0.0400      0.3250
       30    0.0333      0.4000
       35    0.0286      0.5250
       40    0.0250      0.7000
       45    0.0222      0.9250
       50    0.0200      1.2000
    Best validation loss: 0.3000 at epoch 20.
    ");
}

#[test]
fn odd_curves_are_drawn_all_the_same() {
    let nan = f64::NAN;
    let curves: [(&[f64], &[f64]); 7] = [
        (&[], &[]),
        (&[0.5], &[]),
        (&[0.5, 0.5], &[0.5, 0.5]),
        (&[nan, nan], &[]),
        (&[1.0, f64::INFINITY, nan], &[]),
        (&[0.0, 0.0], &[]),
        (&[-1.0, -2.0], &[1e30, 1e-30]),
    ];
    for (train, validation) in curves {
        for curve in [
            loss_curve(train, validation),
            loss_curve(train, validation).log_scale(),
        ] {
            let svg = curve
                .svg()
                .unwrap_or_else(|error| panic!("{curve:?}: {error}"));
            assert!(!svg.contains("NaN\""), "{curve:?}");
        }
    }
}

#[test]
fn a_diverged_run_is_said_to_have_diverged() {
    let curve = loss_curve(&[1.0, 10.0, f64::INFINITY], &[]);
    assert_eq!(
        (curve.first_not_finite(), curve.best()),
        (Some(3), Some((1, 1.0)))
    );
    assert!(
        curve
            .show()
            .plain()
            .contains("From epoch 3 on a loss is not finite")
    );
}

#[test]
fn log_scale_says_so_and_many_points_are_thinned() {
    let train: Vec<f64> = (1..200_000).map(|step| 1.0 / f64::from(step)).collect();
    let svg = loss_curve(&train, &[]).log_scale().svg().unwrap();
    assert!(svg.contains("Loss (log scale)"));
    assert!(svg.len() < 100_000, "{} bytes", svg.len());
}

#[test]
fn a_saved_picture_is_the_picture() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("curve.svg");
    let curve = loss_curve(&[1.0, 0.5], &[]);
    curve.save(&path).unwrap();
    assert_eq!(
        std::fs::read_to_string(&path).unwrap(),
        curve.svg().unwrap()
    );
    assert!(curve.save(folder.path().join("none/curve.svg")).is_err());
}

#[test]
fn plotters_own_figures_work_for_learners() {
    use plotters::prelude::*;
    let figure = evcxr_figure((100, 80), |root| {
        root.fill(&WHITE)?;
        Ok(())
    });
    assert!(format!("{figure:?}").starts_with("EVCXR_BEGIN_CONTENT text/html"));
}

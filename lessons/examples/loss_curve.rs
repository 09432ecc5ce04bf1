//! Draws a loss curve with a known course and saves it: `cargo run -p lessons --example loss_curve`.

use lessons::prelude::*;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let train: Vec<f64> = (0..50)
        .map(|epoch| 0.7 * 0.96f64.powi(epoch) + 0.02)
        .collect();
    let validation: Vec<f64> = (0..50)
        .map(|epoch| 0.75 * 0.95f64.powi(epoch) + 0.0001 * f64::from(epoch * epoch))
        .collect();
    let curve = loss_curve(&train, &validation);
    display(&curve);
    let folder = std::env::temp_dir();
    curve.save(folder.join("loss_curve.svg"))?;
    curve.log_scale().save(folder.join("loss_curve_log.svg"))?;
    Ok(())
}

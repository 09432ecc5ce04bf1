//! Whether the colours of data differ for colour-blind readers, by a model of their cones.
//! Knows nothing of pictures.

use plotters::style::RGBColor;

use super::{DARK, SERIES};

/// How red, green and blue light (linear, 0 to 1) reach a reader without one kind of cone, from
/// Machado, Oliveira and Fernandes 2009, at full severity.
const BLIND: [(&str, [[f64; 3]; 3]); 3] = [
    (
        "protanopia",
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ],
    ),
    (
        "deuteranopia",
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ],
    ),
    (
        "tritanopia",
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ],
    ),
];

/// CIE Lab of sRGB (D65), as a reader with these cones has it.
fn lab([r, g, b]: [u8; 3], cones: &[[f64; 3]; 3]) -> [f64; 3] {
    let linear = [r, g, b].map(|part| match f64::from(part) / 255.0 {
        low if low <= 0.04045 => low / 12.92,
        high => ((high + 0.055) / 1.055).powf(2.4),
    });
    let mix = |row: &[f64; 3], of: &[f64; 3]| row.iter().zip(of).map(|(a, b)| a * b).sum::<f64>();
    let seen = [0, 1, 2].map(|at| mix(&cones[at], &linear).clamp(0.0, 1.0));
    let white = [0.95047, 1.0, 1.08883];
    let [x, y, z] = [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
    .map(|row| mix(&row, &seen));
    let [x, y, z] =
        [x / white[0], y / white[1], z / white[2]].map(|share| match share > 216.0 / 24389.0 {
            true => share.cbrt(),
            false => (24389.0 / 27.0 * share + 16.0) / 116.0,
        });
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

#[test]
fn every_pair_of_colours_differs_for_colour_blind_readers() {
    let light = SERIES.map(|RGBColor(r, g, b)| [r, g, b]);
    let dark = SERIES.map(|colour| {
        let (_, dark) = DARK.iter().find(|(known, _)| *known == colour).unwrap();
        let part = |at: usize| u8::from_str_radix(&dark[at..at + 2], 16).unwrap();
        [part(1), part(3), part(5)]
    });
    for (page, colours) in [("light", light), ("dark", dark)] {
        for (name, cones) in &BLIND {
            let seen = colours.map(|colour| lab(colour, cones));
            for one in 0..seen.len() {
                for other in 0..one {
                    let apart = (0..3).map(|at| seen[one][at] - seen[other][at]);
                    let apart = apart.map(|part| part * part).sum::<f64>().sqrt();
                    assert!(
                        apart >= 10.0,
                        "{page} page, {name}: {one} and {other} are {apart:.1} apart"
                    );
                }
            }
        }
    }
}

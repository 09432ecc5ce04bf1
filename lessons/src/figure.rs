//! Pictures as SVG: what plotters draws becomes readable on light and dark pages, and has a text.
//! Knows nothing of what is drawn; only the colours named here follow the page.

use std::fs;
use std::path::{Path, PathBuf};

use maud::html;
use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters::prelude::{IntoDrawingArea, RGBColor, SVGBackend};

/// The picture's ground.
pub const PAPER: RGBColor = RGBColor(0xfe, 0xfe, 0xfe);
/// Text and axes.
pub const INK: RGBColor = RGBColor(0x24, 0x29, 0x2f);
/// Grid lines.
pub const GRID: RGBColor = RGBColor(0xdd, 0xe1, 0xe6);
/// First colour of data: blue. With the others told apart by colour-blind readers (Okabe and Ito 2008).
pub const BLUE: RGBColor = RGBColor(0x00, 0x72, 0xb2);
/// Second colour of data: vermilion.
pub const VERMILION: RGBColor = RGBColor(0xd5, 0x5e, 0x00);
/// Third colour of data: green.
pub const GREEN: RGBColor = RGBColor(0x00, 0x9e, 0x73);

/// Fourth colour of data: purple.
pub const PURPLE: RGBColor = RGBColor(0xac, 0x5c, 0x9b);
/// Fifth colour of data: orange.
pub const ORANGE: RGBColor = RGBColor(0xc6, 0x87, 0x3a);
/// Sixth colour of data: grey.
pub const GREY: RGBColor = RGBColor(0x6b, 0x72, 0x7b);
/// The colours of data in their order; each pair differs for colour-blind readers too, on light pages and
/// on dark ones.
pub const SERIES: [RGBColor; 6] = [BLUE, VERMILION, GREEN, PURPLE, ORANGE, GREY];

/// Each colour on a light page beside the one in its place on a dark page.
const DARK: [(RGBColor, &str); 9] = [
    (PAPER, "#111417"),
    (INK, "#e2e6ea"),
    (GRID, "#343a41"),
    (BLUE, "#56b4e9"),
    (VERMILION, "#f0883e"),
    (GREEN, "#45cea0"),
    (PURPLE, "#ecaddd"),
    (ORANGE, "#f2bd51"),
    (GREY, "#a3abb5"),
];

/// From pale yellow (0) over green to dark blue (1), even for colour-blind readers, and the colour in
/// which text is readable on it. The same on light and dark pages.
pub(crate) fn shade(share: f64) -> (RGBColor, RGBColor) {
    const STOPS: [(f64, f64, f64); 5] = [
        (253.0, 247.0, 200.0),
        (148.0, 206.0, 120.0),
        (42.0, 158.0, 136.0),
        (46.0, 98.0, 145.0),
        (53.0, 32.0, 92.0),
    ];
    let share = if share.is_finite() {
        share.clamp(0.0, 1.0)
    } else {
        0.0
    };
    let place = share * (STOPS.len() - 1) as f64;
    let at = (place.floor() as usize).min(STOPS.len() - 2);
    let part = place - at as f64;
    let mix = |a: f64, b: f64| (a + (b - a) * part).round() as u8;
    let (from, to) = (STOPS[at], STOPS[at + 1]);
    let fill = RGBColor(mix(from.0, to.0), mix(from.1, to.1), mix(from.2, to.2));
    let text = if share < 0.45 {
        RGBColor(0, 0, 0)
    } else {
        RGBColor(255, 255, 255)
    };
    (fill, text)
}

/// A colour of data made pale, as the ground of a region on which points of that colour stay visible.
pub(crate) fn tint(RGBColor(r, g, b): RGBColor) -> RGBColor {
    let pale = |part: u8| 255 - (255 - part) / 3;
    RGBColor(pale(r), pale(g), pale(b))
}

/// How many heights of a surface are told apart.
pub(crate) const LEVELS: usize = 14;

/// The ground of a surface at one of its [`LEVELS`], pale enough for the paths on it.
pub(crate) fn level(at: usize) -> RGBColor {
    tint(shade(at as f64 / (LEVELS - 1) as f64).0)
}

/// The same on a dark page: deep enough for the bright paths there.
fn dark_level(at: usize) -> RGBColor {
    let RGBColor(r, g, b) = shade(at as f64 / (LEVELS - 1) as f64).0;
    RGBColor(12 + r / 3, 14 + g / 3, 17 + b / 3)
}

/// Units of the canvas per pixel of the picture. plotters puts everything on whole units: on single
/// pixels, curves would have visible steps.
pub const UNITS: u32 = 2;

/// What plotters draws on.
///
/// ```
/// use lessons::figure::{BLUE, Canvas, render};
/// use plotters::prelude::*;
/// fn dot(canvas: &Canvas<'_>) -> Result<(), Box<dyn std::error::Error>> {
///     canvas.draw(&Circle::new((50, 50), 9, BLUE.filled()))?;
///     Ok(())
/// }
/// assert!(render("A dot", "One blue dot.", (50, 50), dot)?.contains("<circle"));
/// # Ok::<(), lessons::figure::FigureError>(())
/// ```
pub type Canvas<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// A picture that could not be made or kept.
///
/// ```
/// use lessons::figure::{FigureError, save};
/// let refused = save("<svg/>", std::path::Path::new("no such folder/picture.svg"));
/// assert!(matches!(refused, Err(FigureError::Save { .. })));
/// ```
#[derive(Debug, thiserror::Error)]
pub enum FigureError {
    /// plotters refused.
    #[error("the picture {title:?} cannot be drawn: {reason}")]
    Draw {
        /// The picture's title.
        title: String,
        /// What plotters said.
        reason: String,
    },
    /// The file could not be written.
    #[error("the picture cannot be saved as {}: {source} (is there such a folder, and may you write to it?)", path.display())]
    Save {
        /// Where it should have gone.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

/// Draws a picture of `size` pixels, on a canvas of [`UNITS`] times as many units; `title` and `description` are for readers who cannot see it.
///
/// It brings its own ground, so it is readable on any page, and turns dark where the reader's
/// colour scheme is dark.
///
/// # Errors
/// Where `draw` fails.
///
/// ```
/// use lessons::figure::{INK, render};
/// use plotters::prelude::*;
/// let svg = render("A dot", "One dot in the middle.", (50, 50), |canvas| {
///     canvas.draw(&Circle::new((50, 50), 9, INK.filled()))?;
///     Ok(())
/// })?;
/// assert!(svg.contains("role=\"img\"") && svg.contains("<title>A dot</title>"));
/// # Ok::<(), lessons::figure::FigureError>(())
/// ```
pub fn render(
    title: &str,
    description: &str,
    size: (u32, u32),
    draw: impl FnOnce(&Canvas<'_>) -> Result<(), Box<dyn std::error::Error>>,
) -> Result<String, FigureError> {
    let mut svg = String::new();
    let canvas =
        SVGBackend::with_string(&mut svg, (size.0 * UNITS, size.1 * UNITS)).into_drawing_area();
    let drawn = canvas
        .fill(&PAPER)
        .map_err(Into::into)
        .and_then(|()| draw(&canvas))
        .and_then(|()| canvas.present().map_err(Into::into));
    drop(canvas);
    match drawn {
        Ok(()) => Ok(finish(&svg, title, description, size)),
        Err(error) => Err(FigureError::Draw {
            title: title.to_owned(),
            reason: error.to_string(),
        }),
    }
}

/// A picture of `size` pixels from SVG elements written by hand, in units of the canvas, [`UNITS`] to
/// a pixel. Colours written as upper-case `#RRGGBB` attributes turn dark as in [`render`].
///
/// ```
/// use lessons::figure::compose;
/// let svg = compose("A dot", "One dot.", (50, 50), r##"<circle cx="50" cy="50" r="9" fill="#24292F"/>"##);
/// assert!(svg.contains("aria-label=\"A dot. One dot.\"") && svg.ends_with("</svg>"));
/// ```
pub fn compose(title: &str, description: &str, size: (u32, u32), elements: &str) -> String {
    let (width, height) = (size.0 * UNITS, size.1 * UNITS);
    let body = format!(
        "<svg><rect width=\"{width}\" height=\"{height}\" fill=\"{}\"/>{elements}</svg>",
        hex(PAPER)
    );
    finish(&body, title, description, size)
}

/// A colour as the attribute that the dark rules look for.
pub(crate) fn hex(RGBColor(r, g, b): RGBColor) -> String {
    format!("#{r:02X}{g:02X}{b:02X}")
}

/// Writes a picture to a file.
///
/// # Errors
/// Where the file cannot be written.
///
/// ```
/// use lessons::prelude::*;
/// use lessons::figure::{compose, save};
/// let path = std::env::temp_dir().join("lessons-figure.svg");
/// save(&compose("Nothing", "An empty picture.", (50, 50), ""), &path)?;
/// assert!(std::fs::read_to_string(&path).is_ok_and(|svg| svg.ends_with("</svg>")));
/// # Ok::<(), lessons::figure::FigureError>(())
/// ```
pub fn save(svg: &str, path: &Path) -> Result<(), FigureError> {
    fs::write(path, svg).map_err(|source| FigureError::Save {
        path: path.to_owned(),
        source,
    })
}

/// plotters' opening tag knows nothing of readers, themes or narrow windows: ours takes its place.
fn finish(svg: &str, title: &str, description: &str, (width, height): (u32, u32)) -> String {
    let body = svg.split_once('>').map_or("", |(_, body)| body);
    let head = html! { title { (title) } desc { (description) } };
    let label = html! { (title) ". " (description) };
    format!(
        "<svg class=\"gradbook-figure\" role=\"img\" aria-label=\"{}\" width=\"{width}\" \
         height=\"{height}\" viewBox=\"0 0 {} {}\" style=\"max-width:100%\" \
         xmlns=\"http://www.w3.org/2000/svg\">{}<style>{}</style>{body}",
        label.into_string(),
        width * UNITS,
        height * UNITS,
        head.into_string(),
        rules(body),
    )
}

/// What the pale grounds of [`tint`] become on a dark page, in the order of [`SERIES`].
const DARK_TINTS: [&str; 6] = [
    "#17384d", "#4d2a12", "#143f30", "#42283a", "#40310f", "#33383e",
];

/// Neighbouring cells end on the same pixel at every size: no pale line shows between them.
const CRISP: &str = ".gradbook-figure rect{shape-rendering:crispEdges}";

/// The rules for the colours that `body` has; another picture brings its own.
fn rules(body: &str) -> String {
    let known = DARK
        .map(|(colour, dark)| (colour, dark.to_owned()))
        .into_iter()
        .chain(
            SERIES
                .map(tint)
                .into_iter()
                .zip(DARK_TINTS.map(str::to_owned)),
        )
        .chain((0..LEVELS).map(|at| (level(at), hex(dark_level(at)))));
    let rules = known.flat_map(|(colour, dark)| {
        let bright = hex(colour);
        let used = |paint: &&str| body.contains(&format!("{paint}=\"{bright}\""));
        let paints = ["fill", "stroke"].into_iter().filter(used);
        let rule = |paint| format!(".gradbook-figure [{paint}=\"{bright}\"]{{{paint}:{dark}}}");
        paints.map(rule).collect::<Vec<_>>()
    });
    format!(
        "{CRISP}@media (prefers-color-scheme:dark){{{}}}",
        rules.collect::<String>()
    )
}

#[cfg(test)]
mod blind;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_has_a_text_and_a_dark_form() {
        let svg = render("a < b", "\"quoted\"", (10, 20), |_| Ok(())).unwrap();
        assert!(
            svg.starts_with("<svg class=\"gradbook-figure\" role=\"img\""),
            "{svg}"
        );
        assert!(
            svg.contains("<title>a &lt; b</title><desc>\"quoted\"</desc>")
                || svg.contains("&quot;quoted&quot;")
        );
        assert!(svg.contains("[fill=\"#FEFEFE\"]{fill:#111417}"));
        assert!(
            svg.contains("fill=\"#FEFEFE\""),
            "the ground is drawn: {svg}"
        );
        assert!(svg.trim_end().ends_with("</svg>"));
    }

    #[test]
    fn only_colours_that_are_there_have_dark_forms_and_surfaces_do_too() {
        let body = format!("<rect fill=\"{}\"/>", hex(level(3)));
        let found = rules(&body);
        assert!(found.contains(&format!("[fill=\"{}\"]{{fill:", hex(level(3)))));
        assert_eq!(found.matches("gradbook-figure [").count(), 1, "{found}");
        let light = |RGBColor(r, g, b)| u32::from(r) + u32::from(g) + u32::from(b);
        for at in 0..LEVELS {
            assert!(
                light(level(at)) > 480 && light(dark_level(at)) < 330,
                "{at}"
            );
        }
    }

    #[test]
    fn a_failed_drawing_says_which() {
        let error = render("Loss", "", (10, 10), |_| Err("no room".into())).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the picture \"Loss\" cannot be drawn: no room"
        );
    }

    #[test]
    fn a_file_that_cannot_be_written_is_named() {
        let error = save("<svg/>", Path::new("/nonexistent/folder/x.svg")).unwrap_err();
        assert!(
            error.to_string().contains("/nonexistent/folder/x.svg"),
            "{error}"
        );
    }
}

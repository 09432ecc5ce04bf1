//! Values for [`display`](super::display) from text and bytes that the learner has: a page, a formula, a picture.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::MimeBundle;

/// HTML, drawn by the notebook.
///
/// ```
/// use lessons::prelude::*;
/// display(html("<b>done</b>"));
/// ```
pub fn html(page: impl Into<String>) -> MimeBundle {
    of("text/html", page.into())
}

/// Markdown: headings, lists, tables, formulas between `$`.
///
/// ```
/// use lessons::prelude::*;
/// display(markdown(format!("| epoch | loss |\n|---|---|\n| 1 | {:.2} |", 0.25)));
/// ```
pub fn markdown(text: impl Into<String>) -> MimeBundle {
    of("text/markdown", text.into())
}

/// A formula in LaTeX, with or without `$` around it.
///
/// ```
/// use lessons::prelude::*;
/// display(latex(r"\frac{\partial L}{\partial w} = x (\hat y - y)"));
/// ```
pub fn latex(formula: impl Into<String>) -> MimeBundle {
    let formula = formula.into();
    let marked = ["$", r"\[", r"\(", r"\begin{"];
    let is_marked = marked.iter().any(|mark| formula.contains(mark));
    let drawn = match is_marked {
        true => formula.clone(),
        false => format!("$\\displaystyle {formula}$"),
    };
    MimeBundle::text(formula).with("text/latex", drawn)
}

/// A drawing in SVG.
///
/// ```
/// use lessons::prelude::*;
/// let circle = r#"<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><circle r="20" cx="20" cy="20"/></svg>"#;
/// display(svg(circle));
/// ```
pub fn svg(drawing: impl Into<String>) -> MimeBundle {
    of("image/svg+xml", drawing.into())
}

/// A picture in PNG, from the bytes of its file.
///
/// ```no_run
/// use lessons::prelude::*;
/// display(png(std::fs::read("plot.png")?));
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn png(bytes: impl AsRef<[u8]>) -> MimeBundle {
    let bytes = bytes.as_ref();
    MimeBundle::text(format!("a PNG picture of {} bytes", bytes.len()))
        .with("image/png", STANDARD.encode(bytes))
}

/// The source itself stands for the value where nothing draws it.
fn of(mime_type: &str, source: String) -> MimeBundle {
    MimeBundle::text(source.clone()).with(mime_type, source)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(bundle: &MimeBundle, mime_type: &str) -> Option<String> {
        let found = bundle.iter().find(|(name, _)| *name == mime_type);
        found.map(|(_, content)| content.to_owned())
    }

    #[test]
    fn a_formula_is_marked_once() {
        let drawn = |formula: &str| content(&latex(formula), "text/latex");
        assert_eq!(drawn("x^2").as_deref(), Some("$\\displaystyle x^2$"));
        assert_eq!(drawn("$$x^2$$").as_deref(), Some("$$x^2$$"));
        assert_eq!(latex("x^2").plain(), "x^2");
    }

    #[test]
    fn a_picture_is_sent_as_text() {
        assert_eq!(
            content(&png([1, 2, 3]), "image/png").as_deref(),
            Some("AQID")
        );
        assert_eq!(png([1, 2, 3]).plain(), "a PNG picture of 3 bytes");
    }

    #[test]
    fn a_page_has_its_source_as_text() {
        assert_eq!(html("<b>x</b>").plain(), "<b>x</b>");
        assert_eq!(
            content(&svg("<svg/>"), "image/svg+xml").as_deref(),
            Some("<svg/>")
        );
    }
}

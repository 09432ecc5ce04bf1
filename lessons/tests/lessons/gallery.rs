//! The gallery page: every picture is there, for readers who see it and for those who do not.

use crate::fixtures::alone;

#[path = "../../examples/gallery/pictures.rs"]
mod pictures;

#[test]
fn every_entry_has_a_labelled_picture_and_its_numbers() {
    let _alone = alone();
    let entries = pictures::entries();
    assert!(entries.len() >= 28, "{} entries", entries.len());
    for pictures::Entry { code, svg, text } in &entries {
        assert!(
            svg.starts_with("<svg") && svg.trim_end().ends_with("</svg>"),
            "{code}"
        );
        let (_, label) = svg.split_once("role=\"img\" aria-label=\"").unwrap();
        let label = label.split('"').next().unwrap_or_default();
        assert!(label.len() > 20, "{code}: {label}");
        assert!(text.lines().count() >= 3, "{code}: {text}");
        assert!(
            text.chars().any(|letter| letter.is_ascii_digit()),
            "{code}: {text}"
        );
        assert!(!svg.contains("\"NaN"), "{code}");
    }
    for drawn in [
        "flow.plot()",
        "Words in two directions",
        "decision_boundary",
        "saliency_overlay",
    ] {
        let found = entries.iter().any(|entry| entry.code.contains(drawn));
        assert!(found, "{drawn} is not in the gallery");
    }
    let page = pictures::page(&entries);
    assert_eq!(page.matches("<section>").count(), entries.len());
    assert_eq!(page.matches("role=\"img\"").count(), entries.len());
    assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>"));
}

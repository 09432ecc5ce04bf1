//! Colours of an error that can be read on JupyterLab's light red and on its dark red, and in a terminal.
//!
//! JupyterLab shows the usual bright red and blue at a contrast of 2.2 on its dark theme. A colour that is as
//! far from both backgrounds as it can be has 3.2; these three have 2.8 to 3.7. Text stays as it is.

use annotate_snippets::renderer::{Ansi256Color, AnsiColor, Effects, Style};
use annotate_snippets::{Level, Renderer};

const RED: Style = Ansi256Color(167).on_default().effects(Effects::BOLD);
const BLUE: Style = AnsiColor::BrightCyan.on_default().effects(Effects::BOLD);
const YELLOW: Style = AnsiColor::BrightYellow.on_default().effects(Effects::BOLD);

/// Draws all errors.
pub(super) fn renderer() -> Renderer {
    Renderer::styled()
        .error(RED)
        .warning(YELLOW)
        .line_num(BLUE)
        .context(BLUE)
}

/// The name of an error that has no place to show.
pub fn name(ename: &str) -> String {
    format!("{RED}{ename}{RED:#}")
}

/// rustc's word for how bad a message is.
pub(super) fn level(name: &str) -> Level<'static> {
    match name {
        "error" => Level::ERROR,
        "warning" => Level::WARNING,
        "help" => Level::HELP,
        _ => Level::NOTE,
    }
}

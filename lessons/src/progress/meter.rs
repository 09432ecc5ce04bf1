//! What a progress bar says, as text and as HTML, from counts and the time that has passed.
//! Knows no clock and no notebook.

use std::time::Duration;

use maud::html;

use crate::number;

/// Characters of the bar in text.
const WIDTH: usize = 24;

/// How a loop ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Complete,
    /// Left before the last step: by `break`, an error, a panic or an interrupt.
    Stopped,
}

/// The numbers behind a bar.
#[derive(Debug, Clone, Default)]
pub(super) struct Meter {
    pub(super) label: String,
    pub(super) message: String,
    pub(super) done: usize,
    pub(super) total: Option<usize>,
    pub(super) elapsed: Duration,
    pub(super) end: Option<End>,
}

impl Meter {
    pub(super) fn new(total: Option<usize>) -> Self {
        Self {
            total,
            ..Self::default()
        }
    }

    pub(super) fn text(&self) -> String {
        let words = [
            self.label.clone(),
            self.bar(),
            self.numbers(),
            self.message.clone(),
        ];
        let kept: Vec<String> = words.into_iter().filter(|word| !word.is_empty()).collect();
        kept.join("  ")
    }

    pub(super) fn html(&self) -> String {
        let name = if self.label.is_empty() {
            "progress"
        } else {
            &self.label
        };
        let markup = html! {
            div style="display:flex;gap:.8em;align-items:center;flex-wrap:wrap;font-variant-numeric:tabular-nums" {
                @if !self.label.is_empty() { span { (self.label) } }
                @if let Some(total) = self.total {
                    progress aria-label=(name) value=(self.done) max=(total.max(1)) style="width:16em" { (self.percent()) }
                }
                span { (self.numbers()) }
                @if !self.message.is_empty() { span style="opacity:.8" { (self.message) } }
            }
        };
        markup.into_string()
    }

    fn bar(&self) -> String {
        let Some(total) = self.total.filter(|&total| total > 0) else {
            return String::new();
        };
        let filled = (self.done.min(total) as f64 / total as f64 * WIDTH as f64) as usize;
        format!("[{}{}]", "#".repeat(filled), ".".repeat(WIDTH - filled))
    }

    fn percent(&self) -> String {
        match self.total {
            Some(total) if total > 0 => {
                format!("{:.0} %", (100.0 * self.done as f64 / total as f64).floor())
            }
            _ => String::new(),
        }
    }

    fn numbers(&self) -> String {
        let mut parts = vec![match self.total {
            Some(total) => format!(
                "{} of {} ({})",
                number::thousands(self.done),
                number::thousands(total),
                if total == 0 {
                    "nothing to do".to_owned()
                } else {
                    self.percent()
                },
            ),
            None => format!("{} done", number::thousands(self.done)),
        }];
        parts.extend(self.rate().map(|rate| format!("{}/s", rounded(rate))));
        match (self.end, self.left()) {
            (Some(End::Complete), _) => parts.push(format!("took {}", clock(self.elapsed))),
            (Some(End::Stopped), _) => parts.push(format!("stopped after {}", clock(self.elapsed))),
            (None, Some(left)) => parts.push(format!("{} left", clock(left))),
            (None, None) => parts.push(clock(self.elapsed)),
        }
        parts.join(", ")
    }

    /// Steps per second, from the start on.
    fn rate(&self) -> Option<f64> {
        let seconds = self.elapsed.as_secs_f64();
        (self.done > 0 && seconds > 0.0).then(|| self.done as f64 / seconds)
    }

    /// Time left if the rest goes as fast as what is done.
    fn left(&self) -> Option<Duration> {
        let rest = self.total?.saturating_sub(self.done) as f64;
        Duration::try_from_secs_f64(rest / self.rate()?).ok()
    }
}

fn rounded(rate: f64) -> String {
    match rate {
        rate if rate < 10.0 => format!("{rate:.2}"),
        rate if rate < 100.0 => format!("{rate:.1}"),
        rate => number::thousands(rate as usize),
    }
}

/// Seconds up to a minute, then minutes, then hours.
fn clock(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        _ if time < Duration::from_secs(10) => format!("{:.1} s", time.as_secs_f64()),
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min {:02} s", seconds / 60, seconds % 60),
        _ => format!("{} h {:02} min", seconds / 3600, seconds / 60 % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn half_way() -> Meter {
        Meter {
            label: "epochs".to_owned(),
            message: "loss 0.5 <".to_owned(),
            done: 50,
            elapsed: Duration::from_secs(20),
            ..Meter::new(Some(100))
        }
    }

    #[test]
    fn text_says_how_much_how_fast_and_how_long() {
        assert_eq!(
            half_way().text(),
            "epochs  [############............]  50 of 100 (50 %), 2.50/s, 20 s left  loss 0.5 <"
        );
        let meter = Meter {
            done: 1234,
            elapsed: Duration::from_secs(2),
            ..Meter::new(None)
        };
        assert_eq!(meter.text(), "1,234 done, 617/s, 2.0 s");
        assert_eq!(
            Meter::new(Some(5)).text(),
            "[........................]  0 of 5 (0 %), 0.0 s"
        );
    }

    #[test]
    fn an_end_says_whether_all_was_done() {
        let stopped = Meter {
            end: Some(End::Stopped),
            ..half_way()
        };
        assert!(
            stopped
                .text()
                .contains("50 of 100 (50 %), 2.50/s, stopped after 20 s")
        );
        let complete = Meter {
            done: 100,
            end: Some(End::Complete),
            ..half_way()
        };
        assert!(
            complete
                .text()
                .contains("100 of 100 (100 %), 5.00/s, took 20 s")
        );
        let nothing = Meter {
            end: Some(End::Complete),
            ..Meter::new(Some(0))
        };
        assert_eq!(nothing.text(), "0 of 0 (nothing to do), took 0.0 s");
    }

    #[test]
    fn html_has_a_bar_for_screen_readers_and_escapes() {
        let html = half_way().html();
        assert!(
            html.contains("<progress aria-label=\"epochs\" value=\"50\" max=\"100\""),
            "{html}"
        );
        assert!(html.contains("loss 0.5 &lt;"), "{html}");
        assert!(!Meter::new(None).html().contains("<progress"));
    }

    #[test]
    fn long_times_are_read_at_a_glance() {
        let times = [9.94, 59.0, 61.0, 3600.0 * 2.0 + 300.0].map(Duration::from_secs_f64);
        assert_eq!(
            times.map(clock),
            ["9.9 s", "59 s", "1 min 01 s", "2 h 05 min"]
        );
    }
}

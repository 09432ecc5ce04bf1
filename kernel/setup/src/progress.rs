//! What a learner sees of a step while it runs: a moving line in a terminal, two plain lines elsewhere.
//! Knows nothing of what the steps do.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

/// All steps shown at once.
pub struct Progress {
    lines: Option<MultiProgress>,
    times: Option<PathBuf>,
}

/// One step in progress.
pub struct Step {
    title: String,
    started: Instant,
    bar: Option<ProgressBar>,
    times: Option<PathBuf>,
}

impl Progress {
    /// Moving lines if stderr is a terminal.
    #[must_use]
    pub fn new() -> Self {
        Self {
            lines: std::io::stderr().is_terminal().then(MultiProgress::new),
            times: None,
        }
    }

    /// The same, and what each step took is added to this file: `title`, a tab, seconds.
    #[must_use]
    pub fn noted_in(self, times: &Path) -> Self {
        Self {
            times: Some(times.to_owned()),
            ..self
        }
    }

    /// Shows a step that takes about `estimate`.
    #[must_use]
    pub fn step(&self, title: &str, estimate: Duration) -> Step {
        let about = format!("about {}", words(estimate));
        let bar = self.lines.as_ref().map(|lines| {
            let bar = lines.add(ProgressBar::new_spinner());
            let style =
                ProgressStyle::with_template("{spinner} {prefix} [{elapsed}] {wide_msg:.dim}");
            if let Ok(style) = style {
                bar.set_style(style);
            }
            bar.set_prefix(format!("{title} ({about})"));
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        });
        if bar.is_none() {
            eprintln!("{title} ({about}) ...");
        }
        Step {
            title: title.to_owned(),
            started: Instant::now(),
            bar,
            times: self.times.clone(),
        }
    }
}

impl Default for Progress {
    fn default() -> Self {
        Self::new()
    }
}

impl Step {
    /// Shows what the step is doing; only in a terminal, where the line is overwritten.
    pub fn detail(&self, line: &str) {
        if let Some(bar) = &self.bar {
            bar.set_message(line.to_owned());
        }
    }

    /// The step is complete.
    pub fn done(self) {
        if let Some(times) = &self.times {
            let line = format!(
                "{}\t{:.1}\n",
                self.title,
                self.started.elapsed().as_secs_f64()
            );
            let file = std::fs::File::options()
                .append(true)
                .create(true)
                .open(times);
            // Nobody waits for it.
            let _ = file.and_then(|mut file| file.write_all(line.as_bytes()));
        }
        self.close("done in");
    }

    /// The step failed; why is told at the end.
    pub fn failed(self) {
        self.close("failed after");
    }

    fn close(self, how: &str) {
        let line = format!("{}: {how} {}", self.title, words(self.started.elapsed()));
        match self.bar {
            Some(bar) => {
                if let Ok(style) = ProgressStyle::with_template("  {msg}") {
                    bar.set_style(style);
                }
                bar.finish_with_message(line);
            }
            None => eprintln!("{line}"),
        }
    }
}

/// `0.4 s`, `48 s`, `3 min`, `3 min 20 s`.
#[must_use]
pub fn words(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    if seconds < 9.95 && duration.subsec_nanos() != 0 {
        return format!("{seconds:.1} s");
    }
    let whole = seconds.round() as u64;
    match (whole / 60, whole % 60) {
        (0, seconds) => format!("{seconds} s"),
        (minutes, 0) => format!("{minutes} min"),
        (minutes, seconds) => format!("{minutes} min {seconds} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finished_steps_are_noted_and_failed_ones_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let times = folder.path().join("times");
        let progress = Progress::new().noted_in(&times);
        progress.step("One", Duration::ZERO).done();
        progress.step("Two", Duration::ZERO).failed();
        progress.step("Three", Duration::ZERO).done();
        let noted = std::fs::read_to_string(times).unwrap();
        assert_eq!(noted, "One\t0.0\nThree\t0.0\n");
    }

    #[test]
    fn durations_read_as_words() {
        for (seconds, text) in [
            (0.42, "0.4 s"),
            (48.0, "48 s"),
            (180.0, "3 min"),
            (200.4, "3 min 20 s"),
        ] {
            assert_eq!(words(Duration::from_secs_f64(seconds)), text);
        }
    }
}

//! What a run leaves in the session: variables made, moved and lost, and the statics that now live.

use std::collections::BTreeSet;

use gradbook_control::Finished;

use crate::compile::Compiled;
use crate::parse::Text;
use crate::session::{Gone, Session};

/// What a run leaves besides the variables that later cells can use.
#[derive(Debug, Default)]
pub struct Left {
    /// In the store, and no cell can name them any more.
    pub unnamed: Vec<String>,
    /// As they were, though the cell bound their names to something that ended with it.
    pub stays: Vec<String>,
}

impl Session {
    /// Takes over what a finished run put into the store, also if it failed on the way.
    pub fn remember(&mut self, text: &Text, compiled: &Compiled, finished: &Finished) -> Left {
        let cell = || text.name.clone();
        // What the run did not take lies in the store as it was, unless another took its place.
        let untouched: BTreeSet<String> = self
            .variables
            .keys()
            .filter(|name| !compiled.taken.contains(name))
            .cloned()
            .collect();
        for name in &compiled.taken {
            if !finished.returned.contains(name) {
                self.lose(name, Gone::Moved { cell: cell() });
            }
        }
        // A name that is still there is the variable from before: the cell stopped before its own.
        let is_there = |name| finished.returned.contains(name) || untouched.contains(name);
        for name in compiled.variables.keys() {
            if !finished.stored.contains(name) && !is_there(name) {
                self.lose(name, Gone::NeverMade { cell: cell() });
            }
        }
        // The same where it failed; where it ran to its end, its own have taken their places.
        let failed = finished.failure.is_some();
        let mut left = Left::default();
        for (name, gone) in &compiled.gone {
            let is_there = is_there(name);
            if *gone == Gone::Borrow && finished.returned.contains(name) {
                // It borrowed from the variable whose name it took, which is as it was.
                if !failed {
                    left.stays.push(name.clone());
                }
            } else if !(failed && is_there) {
                self.lose(name, gone.clone());
                left.unnamed
                    .extend((is_there || finished.stored.contains(name)).then(|| name.clone()));
            }
        }
        for (name, variable) in &compiled.variables {
            if finished.stored.contains(name) {
                self.gone.remove(name);
                self.variables.insert(name.clone(), variable.clone());
            }
        }
        self.statics.extend(compiled.statics.iter().cloned());
        left
    }

    /// The child has ended: all variables are gone, and statics are made anew in the next one.
    /// Returns the names of the lost.
    pub fn lose_all(&mut self, cell: &str) -> Vec<String> {
        let names: Vec<String> = self.variables.keys().cloned().collect();
        for name in &names {
            let cell = cell.to_owned();
            self.lose(name, Gone::Lost { cell });
        }
        self.statics.clear();
        self.origins.clear();
        names
    }

    fn lose(&mut self, name: &str, why: Gone) {
        self.variables.remove(name);
        self.gone.insert(name.to_owned(), why);
    }
}

//! The course's exercises: a card with the learner's own numbers, a checker that says why, hints in
//! steps, a solution, and what the learner has done so far.
//!
//! In a notebook everything in [`prelude`] is in scope. An exercise is one file in the folder of its
//! notebook; `lessons/course/README.md` says how to write one.
//!
//! | to | look at |
//! |---|---|
//! | describe an exercise | [`exercise`](mod@exercise) |
//! | draw a learner's numbers | [`draw`] |
//! | judge an answer | [`attempt`](mod@attempt), [`number`], [`structured`], [`tolerance`] |
//! | say what came of it | [`verdict`] |
//! | find an exercise | [`catalogue`] |
//! | show a card, a hint, a solution; begin again | [`card`], [`help`] |
//! | see where the learner stands | [`dashboard`](mod@dashboard), [`checklist`] |
//! | keep what the learner has done | [`progress`] |

#![cfg_attr(test, allow(clippy::unwrap_used))]

pub mod attempt;
pub mod card;
pub mod catalogue;
pub mod check;
pub mod checklist;
pub mod dashboard;
pub mod draw;
pub mod exercise;
pub mod help;
pub mod learner;
pub mod number;
mod panics;
pub mod prelude;
pub mod progress;
pub mod self_grade;
pub mod structured;
pub mod tolerance;
pub mod verdict;

mod n01;
mod n02;
mod n03;
mod n04;
mod n05;
mod n06;
mod n07;
mod n08;
mod n09;
mod n10;
mod n11;
mod n12;
mod n13;
mod n14;
mod n15;

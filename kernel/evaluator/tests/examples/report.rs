//! What a run says at its end, and whether it passed.

use std::collections::BTreeMap;
use std::process::ExitCode;

use super::known::Known;
use super::run::{Done, Ended};

/// `whole`: all examples ran, so a known difference that was not seen is gone.
pub fn report(
    left_out: &BTreeMap<&'static str, usize>,
    done: &[Done],
    known: &[Known],
    whole: bool,
) -> ExitCode {
    let ran: usize = done.iter().map(|done| done.examples).sum();
    let ended = || done.iter().flat_map(|done| &done.ended);
    let differing: Vec<&Ended> = ended().filter(|ended| ended.differs()).collect();
    let is_known = |ended: &Ended| known.iter().any(|known| known.is(ended));
    let new: Vec<&&Ended> = differing.iter().filter(|ended| !is_known(ended)).collect();
    for ended in &new {
        describe(ended);
    }
    let gone: Vec<&Known> = known
        .iter()
        .filter(|known| whole && !differing.iter().any(|ended| known.is(ended)))
        .collect();
    for known in &gone {
        println!(
            "no longer so: {} {} {}",
            known.path, known.hash, known.found
        );
    }
    for (reason, count) in left_out {
        println!("left out: {count} {reason}");
    }
    println!(
        "{ran} examples in {} kernels: {} end otherwise than with rustc ({} not known), {} no longer; \
         {} end with rustc, too, otherwise than they say",
        done.len(),
        differing.len(),
        new.len(),
        gone.len(),
        ended().count() - differing.len(),
    );
    match ran > 0 && new.is_empty() && gone.is_empty() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}

/// The difference, and the line for the list.
fn describe(ended: &Ended) {
    println!("{}:{}: {}", ended.path, ended.line, ended.found);
    println!("    with rustc {}, alone {}", ended.rustc, ended.alone);
    let first = ended.evalue.lines().next().unwrap_or_default();
    let earlier = match ended.blames_earlier {
        true => " (in an earlier example)",
        false => "",
    };
    println!("    {}: {first}{earlier}", ended.ename);
    for line in ended.source.lines() {
        println!("    | {line}");
    }
    println!("{} {} {} because", ended.path, ended.hash, ended.found);
    println!();
}

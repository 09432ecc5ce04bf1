//! One cell, two answers: where do they differ, and was that meant?

use std::fmt;

use crate::corpus::{Cell, Session};
use crate::kernel::Answer;
use crate::oracle::{self, Status};

/// Something that is not as evcxr has it and that nobody meant to be so.
pub struct Difference {
    file: String,
    session: String,
    number: usize,
    source: String,
    what: &'static str,
    wanted: String,
    found: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            file,
            session,
            number,
            source,
            what,
            wanted,
            found,
        } = self;
        writeln!(f, "{file}: {session}, cell {number}: {what}")?;
        for line in source.lines() {
            writeln!(f, "    {line}")?;
        }
        writeln!(f, "  wanted: {wanted}")?;
        writeln!(f, "  found:  {found}")
    }
}

pub fn session(
    session: &Session,
    theirs: &[Option<oracle::Answer>],
    ours: &[Answer],
) -> Vec<Difference> {
    let mut differences = Vec::new();
    for (at, cell) in session.cells.iter().enumerate() {
        for (what, wanted, found) in cell_differences(cell, theirs[at].as_ref(), &ours[at]) {
            differences.push(Difference {
                file: session.file.clone(),
                session: session.name.clone(),
                number: at + 1,
                source: cell.source.clone(),
                what,
                wanted,
                found,
            });
        }
    }
    differences
}

type Found = (&'static str, String, String);

fn cell_differences(cell: &Cell, theirs: Option<&oracle::Answer>, ours: &Answer) -> Vec<Found> {
    let expected = &cell.expected;
    let mut found = Vec::new();
    let mut check = |what: &'static str, wanted: Option<String>, is: String| {
        let free = expected.free.iter().any(|free| free == what);
        if let Some(wanted) = wanted
            && wanted != is
            && !free
        {
            found.push((what, wanted, is));
        }
    };
    let told = |answer: &Answer| match &answer.error {
        Some((ename, evalue)) => format!(" ({ename}: {evalue})"),
        None => String::new(),
    };

    let wanted = expected
        .status
        .clone()
        .or(theirs.map(|theirs| status_of_theirs(theirs).to_owned()));
    let is = ours.status();
    let wanted = wanted.map(|wanted| {
        if wanted == is {
            wanted + &told(ours)
        } else {
            wanted
        }
    });
    check("status", wanted, format!("{is}{}", told(ours)));

    let value = match &expected.value {
        Some(value) => Some(shown(value.as_deref())),
        None => theirs.map(|theirs| shown(theirs.value.as_deref())),
    };
    check("value", value, shown(ours.value.as_deref()));

    let stdout = expected
        .stdout
        .clone()
        .or(theirs.map(|theirs| theirs.stdout.clone()));
    check("stdout", stdout, ours.stdout.clone());

    let sorted = |names: &[String]| {
        let mut names = names.to_vec();
        names.sort();
        names.join(" ")
    };
    let variables = match (&expected.variables, theirs) {
        (Some(names), _) => Some(sorted(names)),
        (None, Some(theirs)) => Some(sorted(
            &theirs.variables.keys().cloned().collect::<Vec<_>>(),
        )),
        (None, None) => None,
    };
    let own: Vec<String> = ours.variables.iter().cloned().collect();
    check("variables", variables, sorted(&own));

    if let (Some(theirs), Some((ename, _))) = (theirs, &ours.error) {
        let codes: Vec<&str> = theirs
            .codes
            .iter()
            .map(String::as_str)
            .filter(|code| !code.is_empty())
            .collect();
        let is_code = ename.len() == 5 && ename.starts_with('E');
        if is == "refused" && !codes.is_empty() && !(is_code && codes.contains(&ename.as_str())) {
            check("codes", Some(codes.join(" or ")), ename.clone());
        }
    }
    found
}

fn status_of_theirs(theirs: &oracle::Answer) -> &'static str {
    match theirs.status {
        Status::Ok => "ok",
        Status::CompileError | Status::Refused => "refused",
        Status::Panic => "panic",
        Status::Died => "died",
    }
}

/// evcxr displays `()`, which is nothing to look at.
fn shown(value: Option<&str>) -> String {
    match value {
        None | Some("()") => "nothing".to_owned(),
        Some(value) => value.to_owned(),
    }
}

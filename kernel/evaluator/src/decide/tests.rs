//! What is tried after which complaint, without rustc.

use std::sync::Arc;

use super::*;
use crate::parse::{Text, parse};

fn parsed(code: &str) -> Parsed {
    let text = Arc::new(Text {
        id: 1,
        name: "cell [1]".to_owned(),
        code: code.to_owned(),
    });
    parse(&text).expect("a cell that parses")
}

fn fault(code: &str, primary: Place, labels: &[(Place, &str)]) -> Fault {
    let label = |(place, text): &(Place, &str)| (place.clone(), (*text).to_owned());
    Fault {
        code: code.to_owned(),
        message: String::new(),
        primary,
        labels: labels.iter().map(label).collect(),
    }
}

fn site(site: fn(String) -> Site, name: &str) -> Place {
    Place::Site(site(name.to_owned()))
}

fn after(code: &str, attempt: &Attempt, faults: &[Fault]) -> Next {
    let parsed = parsed(code);
    let cell = Cell {
        name: "cell [1]",
        parsed: &parsed,
        kept: &[],
    };
    next(cell, attempt, faults)
}

fn tried(next: Next) -> Attempt {
    match next {
        Next::Try(attempt) => *attempt,
        other => panic!("nothing is tried: {other:?}"),
    }
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn stages_end_after_runs_of_lets() {
    let cell = parsed("let a = 1; let b = 2; f(); g(); let c = 3; h()");
    assert_eq!(stages(&cell, None), [0..2, 2..5, 5..6]);
    assert_eq!(stages(&cell, Some(1)), [0..1, 1..6]);
    assert_eq!(stages(&cell, Some(0)), vec![0..6]);
}

#[test]
fn a_borrow_that_nobody_uses_later_is_left_out() {
    let borrow = fault("E0597", Place::Cell, &[(site(Site::Lasting, "it"), "")]);
    let next = tried(after(
        "let v = vec![1]; let it = v.iter();",
        &Attempt::default(),
        &[borrow],
    ));
    assert_eq!(next.not_put, set(&["it"]));
    assert_eq!(next.not_returned, set(&["it"]));
    assert_eq!(next.joined_from, None);
    assert_eq!(next.gone["it"], Gone::Borrow);
}

#[test]
fn a_borrow_that_is_used_later_joins_the_stages_from_its_own_let_on() {
    let code = "let v = vec![1]; let it = v.iter(); for x in it {}";
    let borrow = fault("E0597", Place::Cell, &[(site(Site::Lasting, "it"), "")]);
    let next = tried(after(code, &Attempt::default(), &[borrow]));
    assert_eq!(next.joined_from, Some(1));
    assert_eq!((next.not_put, next.not_returned), (set(&["it"]), set(&[])));
}

#[test]
fn a_let_that_rustc_blames_for_a_line_of_ours_is_a_borrow() {
    let code = "let a = [[1]]; let b = a.get(0).and_then(|row| row.get(0)); f(b);";
    let label = "returning this value requires that `a` is borrowed for `'static`";
    let blamed = fault(
        "E0597",
        Place::Statement(1),
        &[(Place::Statement(1), label)],
    );
    let next = tried(after(code, &Attempt::default(), &[blamed]));
    assert_eq!((next.not_put, next.joined_from), (set(&["b"]), Some(1)));
}

#[test]
fn the_borrower_is_blamed_and_not_the_owner() {
    let code = "let v = vec![1]; let it = v.iter(); f();";
    let labels = [(Place::Cell, ""), (site(Site::Put, "it"), "")];
    let moved = fault("E0505", site(Site::Put, "v"), &labels);
    let next = tried(after(code, &Attempt::default(), &[moved]));
    assert_eq!(next.not_put, set(&["it"]));
}

#[test]
fn what_a_closure_borrows_stays_and_the_closure_is_joined() {
    let code = "let mut n = 0; let mut inc = || n += 1; inc(); n";
    let labels = [(Place::Statement(1), "mutable borrow occurs here")];
    let lent = fault("E0502", site(Site::Lasting, "n"), &labels);
    let next = tried(after(code, &Attempt::default(), &[lent]));
    assert_eq!((next.joined_from, next.not_put), (Some(1), set(&[])));
}

#[test]
fn what_something_without_a_name_borrows_ends() {
    let lent = fault("E0505", site(Site::PutBack, "v"), &[(Place::Elsewhere, "")]);
    let next = tried(after("f(&v);", &Attempt::default(), &[lent]));
    assert!(matches!(next.gone["v"], Gone::Lent { .. }));
    assert_eq!(next.not_put_back, set(&["v"]));
}

#[test]
fn a_guard_is_dropped_before_what_it_guards_is_kept() {
    let code = "let m = lock(); let g = m.lock(); *g += 1;";
    let joined = Attempt {
        joined_from: Some(0),
        not_put: set(&["g"]),
        ..Attempt::default()
    };
    let label = "borrow might be used here, when `g` is dropped and runs the destructor";
    let held = fault("E0505", site(Site::Put, "m"), &[(Place::Elsewhere, label)]);
    let next = tried(after(code, &joined, &[held]));
    assert_eq!(next.dropped_first, set(&["g"]));
    assert_eq!(next.not_put, set(&["g"]));
}

#[test]
fn what_was_moved_away_does_not_go_back() {
    let moved = fault("E0382", site(Site::PutBack, "v"), &[]);
    let next = tried(after("drop(v);", &Attempt::default(), &[moved]));
    assert_eq!(next.not_put_back, set(&["v"]));
    assert!(matches!(next.gone["v"], Gone::Moved { .. }));
}

#[test]
fn what_was_moved_away_and_set_again_is_taken_inside() {
    let moved = fault("E0382", site(Site::PutBack, "v"), &[]);
    let code = "drop(v); v = vec![2];";
    let next = tried(after(
        code,
        &Attempt::default(),
        std::slice::from_ref(&moved),
    ));
    assert_eq!(
        (next.inside.clone(), next.joined_from),
        (set(&["v"]), Some(0))
    );
    // If that does not help, it is gone.
    let next = tried(after(code, &next, &[moved]));
    assert_eq!((next.inside, next.not_put_back), (set(&[]), set(&["v"])));
}

#[test]
fn a_variable_without_a_value_on_every_path_ends() {
    let unset = |place: fn(String) -> Site| [fault("E0381", site(place, "x"), &[])];
    let code = "let x; if c { x = 1; }";
    let next = tried(after(code, &Attempt::default(), &unset(Site::Lasting)));
    assert_eq!(
        (next.joined_from, next.not_put.len()),
        (Some(0), 0),
        "it may be set later"
    );
    let next = tried(after(code, &next, &unset(Site::TypeOf)));
    assert_eq!(next.not_put, set(&["x"]));
    assert!(matches!(next.gone["x"], Gone::Unset { .. }));
}

#[test]
fn kept_items_give_way_to_newer_ones() {
    let old = parsed("#[derive(Clone, Debug)] struct P; impl Show for P {} fn f() {}");
    let kept: Vec<&Item> = old.items.iter().flat_map(|(_, parts)| parts).collect();
    let cell = parsed("impl Clone for P {}");
    let cell = Cell {
        name: "cell [2]",
        parsed: &cell,
        kept: &kept,
    };
    let with = |fault: Fault| tried(next(cell, &Attempt::default(), &[fault]));
    let again = fault(
        "E0119",
        Place::Cell,
        &[(Place::Kept(1), "first implementation here")],
    );
    assert_eq!(with(again).left_out, BTreeMap::from([(1, None)]));
    let mut derived = fault("E0119", Place::Cell, &[(Place::Kept(0), "")]);
    derived.message =
        "conflicting implementations of trait `std::clone::Clone` for type `P`".to_owned();
    assert_eq!(
        with(derived).underived,
        BTreeSet::from([(0, "Clone".to_owned())])
    );
    let mut broken = fault("E0308", Place::Kept(2), &[]);
    broken.message = "mismatched types".to_owned();
    let left_out = with(broken).left_out;
    assert_eq!(
        left_out,
        BTreeMap::from([(2, Some("mismatched types".to_owned()))])
    );
}

#[test]
fn a_type_that_no_cell_can_write_is_not_taken() {
    let private = fault("E0603", site(Site::Take, "p"), &[]);
    let next = tried(after("p.x()", &Attempt::default(), &[private]));
    assert_eq!(next.not_taken, set(&["p"]));
}

#[test]
fn what_is_not_explained_is_looked_at_without_stages_and_then_refused() {
    let code = "let a = 1; f(a); let b = 2;";
    let wrong = || [fault("E0308", Place::Cell, &[])];
    assert_eq!(after(code, &Attempt::default(), &wrong()), Next::Look);
    assert_eq!(
        after(code, &Attempt::default().single(), &wrong()),
        Next::Refuse
    );
    assert_eq!(after("f(1)", &Attempt::default(), &wrong()), Next::Refuse);
}

#[test]
fn no_attempt_is_made_twice() {
    let borrow = fault("E0597", Place::Cell, &[(site(Site::Put, "it"), "")]);
    let code = "let v = vec![1]; let it = v.iter(); f();";
    let first = tried(after(
        code,
        &Attempt::default(),
        std::slice::from_ref(&borrow),
    ));
    assert_eq!(after(code, &first, &[borrow]), Next::Refuse);
}

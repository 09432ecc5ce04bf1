//! The file with a learner's progress: nothing is lost, and whatever is wrong with it is said.

use std::path::Path;
use std::process::Command;

use course::progress::store::Store;
use course::progress::{Progress, State};

fn solve(store: &Store, id: &str) -> Vec<String> {
    let kept = store.change(|progress| {
        let mut record = progress.record(id);
        record.attempts += 1;
        record.solve();
        progress.keep(id, &record, 1_000);
    });
    kept.notes
}

fn read(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("progress.json")).expect("a file")
}

#[test]
fn a_first_use_draws_a_seed_that_stays() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::at(folder.path().join("new/gradbook"));
    let first = store.change(|progress| progress.seed());
    let second = store.change(|progress| progress.seed());
    assert_eq!(first, second);
    assert!(first.notes.is_empty());
    let other = Store::at(folder.path().join("other"));
    assert_ne!(other.change(|progress| progress.seed()).value, first.value);
}

/// Run as another process by the test below; does nothing by itself.
#[test]
fn one_of_several_writers() {
    let Some(folder) = std::env::var_os("COURSE_TEST_FOLDER") else {
        return;
    };
    for _ in 0..40 {
        assert!(solve(&Store::at(&folder), "price_model").is_empty());
    }
}

#[test]
fn processes_that_write_at_once_lose_nothing_of_each_other() {
    let folder = tempfile::tempdir().expect("a folder");
    let program = std::env::current_exe().expect("this program");
    let start = |_| {
        Command::new(&program)
            .args(["--exact", "store::one_of_several_writers"])
            .env("COURSE_TEST_FOLDER", folder.path())
            .stdout(std::process::Stdio::null())
            .spawn()
            .expect("started")
    };
    let writers: Vec<_> = (0..3).map(start).collect();
    for mut writer in writers {
        assert!(writer.wait().expect("ended").success());
    }
    let kept = Store::at(folder.path()).change(|progress| progress.record("price_model"));
    assert_eq!(
        (kept.value.attempts, kept.value.state),
        (120, State::Correct)
    );
}

#[test]
fn a_damaged_file_is_set_aside_and_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let damaged = [
        "{\"version\": 1, \"se",
        "[]",
        "{\"version\":1,\"seed\":3,\"exercises\":{\"a\":4}}",
    ];
    for (n, text) in (1..).zip(damaged) {
        std::fs::write(folder.path().join("progress.json"), text).expect("a file");
        let notes = solve(&Store::at(folder.path()), "price_model");
        let aside = format!("progress.damaged-{n}.json");
        assert!(notes.len() == 1 && notes[0].contains(&aside), "{notes:?}");
        let kept = std::fs::read_to_string(folder.path().join(aside)).expect("kept");
        assert_eq!(kept, text);
        assert!(solve(&Store::at(folder.path()), "price_model").is_empty());
    }
}

#[test]
fn unknown_fields_are_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = "{\"version\":1,\"seed\":3,\"theme\":\"blue\",\
                \"exercises\":{\"price_model\":{\"stars\":5,\"attempts\":2},\"later\":{\"x\":1}}}";
    std::fs::write(folder.path().join("progress.json"), text).expect("a file");
    assert!(solve(&Store::at(folder.path()), "price_model").is_empty());
    let after = read(folder.path());
    for kept in [
        "\"theme\": \"blue\"",
        "\"stars\": 5",
        "\"attempts\": 3",
        "\"later\"",
        "\"x\": 1",
    ] {
        assert!(after.contains(kept), "{kept} is gone:\n{after}");
    }
}

#[test]
fn a_newer_versions_file_is_read_and_not_changed() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = "{\"version\":2,\"seed\":3,\"exercises\":{\"price_model\":{\"state\":\"correct\"}}}";
    std::fs::write(folder.path().join("progress.json"), text).expect("a file");
    let store = Store::at(folder.path());
    let notes = solve(&store, "sort_quantities");
    assert!(notes[0].contains("newer version"), "{notes:?}");
    assert_eq!(read(folder.path()), text);
    let record = store
        .change(|progress| progress.record("price_model"))
        .value;
    assert_eq!((record.state, record.seed), (State::Correct, 3));
}

#[test]
fn a_newer_versions_file_of_another_layout_is_not_damaged() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = "{\"version\":2,\"exercises\":[]}";
    std::fs::write(folder.path().join("progress.json"), text).expect("a file");
    let store = Store::at(folder.path());
    let notes = solve(&store, "price_model");
    assert!(
        notes.len() == 1 && notes[0].contains("newer version"),
        "{notes:?}"
    );
    store.change(|progress| progress.forget("price_model"));
    assert_eq!(read(folder.path()), text);
    let files = std::fs::read_dir(folder.path()).expect("a folder");
    assert_eq!(
        files.count(),
        2,
        "the file, its lock, and nothing set aside"
    );
}

#[test]
fn a_file_that_cannot_be_written_is_taken_up_again_with_what_others_wrote() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::at(folder.path());
    assert!(solve(&store, "price_model").is_empty());
    // Where the new file would be written stands a folder: as with a full disk, the old file stays.
    let blocked = folder.path().join("progress.json.new");
    std::fs::create_dir(&blocked).expect("a folder");
    assert!(solve(&store, "price_model")[0].contains("could not be kept"));
    let attempts = |id: &str| store.change(|progress| progress.record(id)).value.attempts;
    assert_eq!(attempts("price_model"), 2);
    let mut other = Progress::parse(&read(folder.path())).expect("sound");
    let record = other.record("later");
    other.keep("later", &record, 900);
    std::fs::write(folder.path().join("progress.json"), other.text()).expect("a file");
    std::fs::remove_dir(&blocked).expect("gone");
    assert!(solve(&store, "price_model").is_empty());
    let kept = Progress::parse(&read(folder.path())).expect("sound");
    assert_eq!(kept.record("price_model").attempts, 3);
    assert!(kept.record("later").times.is_some());
}

#[test]
fn a_folder_that_cannot_be_made_is_said_and_the_exercise_goes_on() {
    let folder = tempfile::tempdir().expect("a folder");
    // Root may write into any folder, but not below a file.
    let blocked = folder.path().join("a file");
    std::fs::write(&blocked, "in the way").expect("a file");
    let store = Store::at(blocked.join("gradbook"));
    for attempts in 1..=3 {
        let notes = solve(&store, "price_model");
        assert!(notes[0].contains("could not be kept"), "{notes:?}");
        let record = store
            .change(|progress| progress.record("price_model"))
            .value;
        assert_eq!(record.attempts, attempts, "lost within the kernel");
    }
    // When the folder can be written again, what was done meanwhile is kept.
    std::fs::remove_file(&blocked).expect("gone");
    assert!(solve(&store, "price_model").is_empty());
    let text = read(&blocked.join("gradbook"));
    assert_eq!(
        Progress::parse(&text)
            .expect("sound")
            .record("price_model")
            .attempts,
        4
    );
}

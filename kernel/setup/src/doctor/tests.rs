use super::*;
use crate::fake::{FakeBin, write_script};

fn find(findings: &[Finding], name: &str) -> Finding {
    findings
        .iter()
        .find(|finding| finding.name == name)
        .unwrap()
        .clone()
}

#[test]
fn a_bare_machine_is_wrong_and_every_wrong_line_says_what_to_do() {
    let bin = FakeBin::new();
    bin.script("python3", "echo 3.8.10; echo /usr/bin/python3.8");
    let findings = examine(&bin.home(), &bin.tools(), &library::Cargo);
    for name in [
        "rustc",
        "C++ compiler",
        "Python",
        "JupyterLab",
        "libtorch",
        "kernelspec",
    ] {
        assert_eq!(find(&findings, name).verdict, Verdict::Wrong, "{name}");
    }
    assert!(find(&findings, "Python").found.contains("3.8.10"));
    assert_eq!(find(&findings, "completion").verdict, Verdict::Note);
    for finding in &findings {
        assert_eq!(
            finding.verdict == Verdict::Ok,
            finding.mend.is_none(),
            "{finding:?}"
        );
    }
    assert!(!print(&findings, &Options::default()).unwrap());
}

#[test]
fn a_stale_kernelspec_is_named_with_the_missing_executable() {
    let bin = FakeBin::new();
    let (home, tools) = (bin.home(), bin.tools());
    let place = kernelspec::Place::default().data_dir(&tools).unwrap();
    kernelspec::install(&home, &place).unwrap();
    let stale = |home: &Home| {
        kernelspecs(home, &tools)
            .into_iter()
            .find(|finding| finding.found.contains("which is gone"))
    };
    let finding = stale(&home).unwrap();
    assert!(finding.mend.unwrap().contains("cargo lab uninstall"));
    write_script(&home.bin("gradbook"), "exit 0");
    assert_eq!(stale(&home), None);
}

#[test]
fn a_gpu_that_the_small_set_cannot_use_is_a_note() {
    let bin = FakeBin::new();
    let (home, tools) = (bin.home(), bin.tools());
    assert_eq!(cuda(&home, &tools).verdict, Verdict::Ok);
    bin.script("nvidia-smi", "echo 'GPU 0: NVIDIA H200 (UUID: GPU-1)'");
    std::fs::create_dir_all(home.dir.join("stamps")).unwrap();
    std::fs::write(home.dir.join("stamps/libtorch"), "source cpu\n").unwrap();
    let finding = cuda(&home, &tools);
    assert_eq!(finding.verdict, Verdict::Note);
    assert!(finding.found.contains("NVIDIA H200"), "{finding:?}");
    std::fs::write(home.dir.join("stamps/libtorch"), "source cuda\n").unwrap();
    assert_eq!(cuda(&home, &tools).verdict, Verdict::Ok);
}

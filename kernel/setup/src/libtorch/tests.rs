use super::*;
use crate::fake::{FakeBin, write_script};

/// A folder that looks like libtorch of some version.
fn libtorch(place: &Path, version: &str) {
    std::fs::create_dir_all(place.join("lib")).unwrap();
    std::fs::create_dir_all(place.join("include/torch")).unwrap();
    for name in ["torch_cpu", "torch", "torch_cuda", "c10"] {
        std::fs::write(place.join("lib").join(shared(name)), "ELF").unwrap();
    }
    std::fs::write(place.join("lib/libgomp.so.1"), "ELF").unwrap();
    std::fs::write(place.join("build-version"), format!("{version}+cpu\n")).unwrap();
}

/// An environment whose uv unpacks a libtorch into the folder after `--target`.
fn with_uv(bin: &FakeBin) {
    libtorch(&bin.path("wheel/torch"), VERSION);
    bin.script(
        "uv",
        &format!(
            "echo $* >> {calls}\n\
             while [ \"$1\" != --target ]; do shift; done\n\
             /bin/cp -r {wheel} \"$2\"",
            calls = bin.path("uv-calls").display(),
            wheel = bin.path("wheel").display()
        ),
    );
    write_script(&bin.home().python_bin("python"), "exit 1");
}

#[test]
fn the_version_is_read_from_whichever_file_tells_it() {
    let bin = FakeBin::new();
    let torch = bin.path("torch");
    std::fs::create_dir_all(torch.join("include/torch/headeronly")).unwrap();
    assert_eq!(version_of(&torch), None);
    std::fs::write(
        torch.join("include/torch/headeronly/version.h"),
        "/// major\n#define TORCH_VERSION_MAJOR 2\n#define TORCH_VERSION_MINOR 9\n\
         #define TORCH_VERSION_PATCH 1\n#define TORCH_VERSION \\\n",
    )
    .unwrap();
    assert_eq!(version_of(&torch).as_deref(), Some("2.9.1"));
    std::fs::write(
        torch.join("version.py"),
        "__all__ = []\n__version__ = '2.13.0+cu130'\n",
    )
    .unwrap();
    assert_eq!(version_of(&torch).as_deref(), Some("2.13.0"));
    std::fs::write(torch.join("build-version"), "2.4.0+cpu\n").unwrap();
    assert_eq!(version_of(&torch).as_deref(), Some("2.4.0"));
}

#[test]
fn a_given_libtorch_of_another_version_is_refused_with_both_versions() {
    let bin = FakeBin::new();
    libtorch(&bin.path("old"), "2.4.0");
    let tools = bin.tools().with("LIBTORCH", bin.path("old"));
    let told = choose(&bin.home(), &tools, false).unwrap_err().to_string();
    for part in ["it holds 2.4.0", VERSION, "env -u LIBTORCH cargo lab"] {
        assert!(told.contains(part), "{told}");
    }
    let tools = bin.tools().with("LIBTORCH", bin.path("nothing"));
    let told = choose(&bin.home(), &tools, false).unwrap_err().to_string();
    assert!(told.contains("is in it"), "{told}");
}

#[test]
fn a_given_libtorch_is_linked_and_kept_when_the_variable_is_gone() {
    let bin = FakeBin::new();
    let home = bin.home();
    libtorch(&bin.path("mine"), VERSION);
    let tools = bin.tools().with("LIBTORCH", bin.path("mine"));
    let source = choose(&home, &tools, false).unwrap();
    assert_eq!(source, Source::Given(bin.path("mine")));
    make(&home, &tools, &source, &|_| ()).unwrap();
    assert!(is_current(&home, &source));
    assert_eq!(
        home.libtorch_run().canonicalize().unwrap(),
        bin.path("mine/lib").canonicalize().unwrap()
    );
    assert!(
        home.libtorch()
            .join("lib")
            .join(shared("torch_cpu"))
            .exists()
    );
    // Next time from a desktop, without the variable.
    assert_eq!(choose(&home, &bin.tools(), false), Ok(source.clone()));
    // And when it is gone, the small set is fetched.
    std::fs::remove_dir_all(bin.path("mine")).unwrap();
    assert!(!is_current(&home, &source));
    assert_eq!(choose(&home, &bin.tools(), false), Ok(Source::Cpu));
}

#[cfg(target_os = "linux")]
#[test]
fn the_linker_sees_the_cpu_half_only() {
    let bin = FakeBin::new();
    with_uv(&bin);
    make(&bin.home(), &bin.tools(), &Source::Cpu, &|_| ()).unwrap();
    let lib = bin.home().libtorch().join("lib");
    let script = std::fs::read_to_string(lib.join("libtorch.so")).unwrap();
    assert_eq!(script, "INPUT(-ltorch_cpu)\n");
    let mut names: Vec<_> = std::fs::read_dir(&lib)
        .unwrap()
        .flatten()
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            "libc10.so",
            "libgomp.so.1",
            "libtorch.so",
            "libtorch_cpu.so"
        ]
    );
    assert!(bin.home().libtorch_run().join("libtorch_cuda.so").exists());
}

#[test]
fn a_fetch_broken_off_is_done_again_and_a_complete_one_is_not() {
    let bin = FakeBin::new();
    let (home, tools) = (bin.home(), bin.tools());
    write_script(&home.python_bin("python"), "exit 1");
    bin.script(
        "uv",
        "while [ \"$1\" != --target ]; do shift; done\n\
         /bin/mkdir -p \"$2/torch/lib\"; echo Killed; exit 130",
    );
    assert!(make(&home, &tools, &Source::Cpu, &|_| ()).is_err());
    assert!(
        !home.wheels().exists(),
        "half a wheel must not look like a whole one"
    );
    with_uv(&bin);
    make(&home, &tools, &Source::Cpu, &|_| ()).unwrap();
    assert!(is_current(&home, &Source::Cpu));
    assert_eq!(choose(&home, &tools, false), Ok(Source::Cpu));
    // Only the links are lost: nothing is fetched.
    std::fs::remove_dir_all(home.libtorch()).unwrap();
    assert!(!is_current(&home, &Source::Cpu));
    make(&home, &tools, &Source::Cpu, &|_| ()).unwrap();
    assert_eq!(bin.calls("uv-calls"), 1);
}

#[test]
fn cuda_once_asked_for_stays() {
    let bin = FakeBin::new();
    with_uv(&bin);
    let (home, tools) = (bin.home(), bin.tools());
    if cfg!(target_os = "macos") {
        assert!(choose(&home, &tools, true).is_err());
        return;
    }
    let source = choose(&home, &tools, true).unwrap();
    assert_eq!(source, Source::Cuda);
    make(&home, &tools, &source, &|_| ()).unwrap();
    let args = std::fs::read_to_string(bin.path("uv-calls")).unwrap();
    assert!(
        args.contains("libtorch-cuda.txt") && args.contains("--no-deps"),
        "{args}"
    );
    assert_eq!(choose(&home, &tools, false), Ok(Source::Cuda));
}

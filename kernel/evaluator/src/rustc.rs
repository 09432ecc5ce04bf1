//! One rustc run: generated source in, a shared library or diagnostics out.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use crate::abort::Abort;
use crate::cache::{Cache, Entry};
use crate::dependencies::cache_folder;
use crate::diagnostic::Diagnostic;
use crate::library::{Library, RUNTIME, STD_ALONE};
use crate::source::Source;

/// What makes a cell need a library that nobody has loaded yet, or a symbol of a certain version.
const FOREIGN: [&str; 2] = ["extern \"", "link("];

/// What brings in more than the source says.
const READS_FILES: [&str; 5] = ["include", "env!", "file!", "#[path", "link("];

/// Lints that mean nothing in a cell, which the learner may raise.
const BEFORE: [&str; 2] = ["-Aunused", "-Anonstandard_style"];

/// Lints of what later cells may use, or that lines of ours cause; and the one that names types, which
/// nothing may silence.
const AFTER: [&str; 8] = [
    "-Adead_code",
    "-Aunused_imports",
    "-Aunused_macros",
    "-Aunused_mut",
    "-Amissing_docs",
    "-Adropping_references",
    "-Aunreachable_pub",
    "--force-warn=forgetting_references",
];

/// What a cell is written in unless `:edition` says otherwise.
pub const EDITION: &str = "2024";

/// How rustc is called.
#[derive(Debug, Clone)]
pub struct Rustc {
    /// What it links to.
    pub library: Arc<Library>,
    /// Sources and compiled cells lie here.
    pub folder: PathBuf,
    /// Cells compiled before.
    pub cache: Cache,
    /// How much it optimises.
    pub opt_level: OptLevel,
    /// Of the language.
    pub edition: String,
    /// Further `--extern` and `-L` arguments, from `:dep`.
    pub dependencies: Vec<String>,
}

/// `-C opt-level`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum OptLevel {
    /// 1 where code may run more than once, and 0 elsewhere: there, compiling takes longer than
    /// running ever can.
    #[default]
    Auto,
    /// One of rustc's levels.
    Fixed(String),
}

impl OptLevel {
    /// What `:opt` is given; `None` if rustc has no such level.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "auto" => Some(Self::Auto),
            "0" | "1" | "2" | "3" | "s" | "z" => Some(Self::Fixed(word.to_owned())),
            _ => None,
        }
    }

    fn of<'a>(&'a self, source: &Source) -> &'a str {
        match self {
            Self::Auto if source.repeats() => "1",
            Self::Auto => "0",
            Self::Fixed(level) => level,
        }
    }
}

impl fmt::Display for OptLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Auto => "auto",
            Self::Fixed(level) => level,
        })
    }
}

/// What a run is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Want {
    /// A library to load, and the full names of types.
    Library,
    /// The names of types only: nothing of the cell has to run.
    Check,
    /// Messages for a person, with short names.
    Messages,
}

/// What rustc said.
#[derive(Debug)]
pub struct Report {
    /// The library, if one was asked for and compiled.
    pub library: Option<PathBuf>,
    /// It compiled.
    pub success: bool,
    /// All messages, warnings too.
    pub diagnostics: Vec<Diagnostic>,
    /// What was not a diagnostic: rustc itself failed.
    pub noise: String,
}

impl Rustc {
    /// Writes into `folder`; remembers in the cache of this user.
    pub fn new(library: Arc<Library>, folder: PathBuf) -> Self {
        Self {
            library,
            folder,
            cache: Cache::new(cells_folder()),
            opt_level: OptLevel::default(),
            edition: EDITION.to_owned(),
            dependencies: Vec::new(),
        }
    }

    /// Compiles or checks `source`, or remembers what came of it before.
    ///
    /// # Errors
    /// When rustc cannot be started or files cannot be written; `Interrupted` when `abort` says so.
    pub fn run(&self, source: &Source, want: Want, abort: &Abort) -> io::Result<Report> {
        let (command, key) = self.call(source, want);
        // Another thread of this kernel may be at it.
        let _claim = match &key {
            Some(key) => Some(self.cache.claims.claim(key, || abort.requested())?),
            None => None,
        };
        if let Some((entry, library)) = key.as_ref().and_then(|key| self.cache.get(key)) {
            return Ok(Report::of(&entry, library));
        }
        let file = file_name(source.text());
        let (entry, library) = self.compile(command, &file, source.text(), want, abort)?;
        let mut report = Report::of(&entry, library);
        if let Some(key) = key.filter(|_| report.is_of_the_source(&file)) {
            match self.cache.put(&key, &entry, report.library.as_deref()) {
                Ok(kept) => report.library = kept,
                Err(error) => tracing::warn!("a compiled cell is not kept: {error}"),
            }
        }
        Ok(report)
    }

    /// The call of rustc, and the key of what comes of it.
    fn call(&self, source: &Source, want: Want) -> (Command, Option<String>) {
        let mut command = self.command(&file_name(source.text()), want);
        self.choose_crates(&mut command, source);
        command.arg(format!("-Copt-level={}", self.opt_level.of(source)));
        command.args(BEFORE).args(source.arguments()).args(AFTER);
        self.choose_linker(&mut command, source.text());
        let key = key(&command, want, source.text(), &self.library);
        (command, key)
    }

    fn compile(
        &self,
        mut command: Command,
        file: &str,
        source: &str,
        want: Want,
        abort: &Abort,
    ) -> io::Result<(Entry, Option<PathBuf>)> {
        std::fs::write(self.folder.join(file), source)?;
        let output = self.folder.join(file).with_extension("so");
        match want {
            Want::Library => command.arg("-o").arg(&output),
            Want::Check | Want::Messages => command
                .arg("--emit=metadata")
                .arg("-o")
                .arg(output.with_extension("rmeta")),
        };
        let finished = abort.run(&mut command)?;
        let success = finished.status.success();
        let messages = String::from_utf8_lossy(&finished.stderr).into_owned();
        let library = (success && want == Want::Library).then_some(output);
        Ok((Entry { success, messages }, library))
    }

    /// rustc's long explanation of an error code.
    ///
    /// # Errors
    /// One sentence where there is none.
    pub fn explain(&self, code: &str) -> Result<String, String> {
        let known = code.len() == 5 && code.starts_with('E');
        if !known {
            return Err(format!(
                "there is no explanation of `{code}`; write a code, for instance `:explain E0382`"
            ));
        }
        let mut command = Command::new(&self.library.rustc);
        let output = command.args(["--explain", code]).output();
        let output = output.map_err(|error| format!("rustc could not be run: {error}"))?;
        match output.status.success() {
            true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
            false => Err(format!("rustc does not know `{code}`")),
        }
    }

    fn command(&self, file: &str, want: Want) -> Command {
        let library = &self.library;
        let mut command = Command::new(&library.rustc);
        command
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .args([
                file,
                "--crate-type=cdylib",
                "--crate-name=cell",
                "--edition",
                &self.edition,
            ])
            // The same in every cell: a struct emitted again is then the same type.
            .args(["-Cmetadata=gradbook", "-Cprefer-dynamic", "-Clto=off"])
            .args(["--error-format=json", "-Cdebuginfo=line-tables-only"])
            // The same at every level: what a cell does must not hang on how it was optimised.
            .args(["-Coverflow-checks=on", "-Cdebug-assertions=off"])
            .arg("-Ldependency=".to_owned() + &library.dependencies.to_string_lossy())
            .arg("-Lnative=".to_owned() + &library.stubs.to_string_lossy())
            .args(&self.dependencies);
        if want != Want::Messages
            && let Some(flag) = &library.full_paths_flag
        {
            // For this one call only: never for the child or for cargo.
            // No feature of nightly's comes along with the flag.
            command
                .args([flag, "-Zallow-features="])
                .env("RUSTC_BOOTSTRAP", "1");
        }
        command
    }
}

impl Rustc {
    /// A cell of std alone knows the library by the crate that stands for it.
    fn choose_crates(&self, command: &mut Command, source: &Source) {
        let mut extern_ = |name: &str, path: &Path| {
            command
                .arg("--extern")
                .arg(format!("{name}={}", path.display()));
        };
        let externs = &self.library.externs;
        match externs.get(STD_ALONE).filter(|_| source.is_std_alone()) {
            Some(path) => extern_(RUNTIME, path),
            None => externs.iter().for_each(|(name, path)| extern_(name, path)),
        }
    }

    /// Crates of `:dep` and foreign functions are linked as rustc usually does it.
    fn choose_linker(&self, command: &mut Command, source: &str) {
        let foreign = FOREIGN.iter().any(|sign| source.contains(sign));
        if let Some(linker) = &self.library.linker
            && self.dependencies.is_empty()
            && !foreign
        {
            command
                .arg(format!("-Clinker={}", linker.display()))
                .arg("-Clinker-flavor=ld.lld");
        }
    }
}

impl Report {
    fn of(entry: &Entry, library: Option<PathBuf>) -> Self {
        let (mut diagnostics, mut noise) = (Vec::new(), String::new());
        for line in entry.messages.lines() {
            match serde_json::from_str(line) {
                Ok(diagnostic) => diagnostics.push(diagnostic),
                Err(_) => noise.extend([line, "\n"]),
            }
        }
        Self {
            library,
            success: entry.success,
            diagnostics,
            noise,
        }
    }

    /// Whether the source alone brought it about, and not a full disk, want of memory or rustc itself.
    fn is_of_the_source(&self, file: &str) -> bool {
        let errors = || self.diagnostics.iter().filter(|one| one.is_error());
        let placed = |error: &&Diagnostic| error.spans.iter().any(|s| s.range_in(file).is_some());
        let last = |error: &Diagnostic| error.message.starts_with("aborting due to");
        self.success
            || self.noise.is_empty()
                && errors().any(|error| placed(&error))
                && errors().all(|error| placed(&error) || last(error))
    }
}

/// Everything that can change what rustc makes of a source; `None` where something else can too.
fn key(command: &Command, want: Want, source: &str, library: &Library) -> Option<String> {
    if READS_FILES.iter().any(|name| source.contains(name)) {
        return None;
    }
    let mut hasher = blake3::Hasher::new();
    let mut add = |part: &[u8]| {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    };
    add(source.as_bytes());
    add(format!("{want:?}").as_bytes());
    add(library.rustc_version.as_bytes());
    for argument in command.get_args() {
        add(argument.as_encoded_bytes());
        // A crate may be built anew under the same name.
        let path = argument.to_str().and_then(|text| text.split_once('='));
        if let Some((_, path)) = path
            && let Ok(file) = std::fs::metadata(path)
        {
            add(format!("{} {:?}", file.len(), file.modified()).as_bytes());
        }
    }
    Some(hasher.finalize().to_hex()[..32].to_owned())
}

/// Where this user's compiled cells lie.
pub(crate) fn cells_folder() -> PathBuf {
    cache_folder().join("cells")
}

/// The name under which a source is compiled; places in it carry this name.
pub fn file_name(source: &str) -> String {
    let hash = blake3::hash(source.as_bytes()).to_hex();
    format!("gradbook-cell-{}.rs", &hash[..16])
}

/// Whether a file is a generated cell.
pub fn is_cell_file(path: &str) -> Option<&str> {
    let name = Path::new(path).file_name()?.to_str()?;
    name.starts_with("gradbook-cell-").then_some(name)
}

//! Lines of a cell that are not Rust: `:vars`, `:dep`, `?name` and the like.
//! Knows nothing of how cells run.

use gradbook_control::{Data, Described, TensorFacts};
use serde_json::{Value, json};

use crate::rustc::OptLevel;
use crate::session::Session;
use crate::types::tight;

/// What `:help` prints.
pub const HELP: &str = "\
:vars              the variables: name, type and, for tensors, shape, kind, device and gradient
:dep name = \"1\"    use a crate from now on; cargo builds it unless the library holds it
:show_deps         the crates of this notebook, with their versions
:opt [auto|0|1|2|3] how much rustc optimises the cells from now on (auto: 1 where they repeat something)
:edition [2021]     the edition of Rust in which the cells from now on are written
:clear             forget all variables and items
:explain [E0308]   rustc's explanation of an error, by default of the last one
:details           the last error in full, with what libtorch itself said
?name              what the kernel knows of a name
:help              this list
";

/// One command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// `:vars`
    Variables,
    /// `:help`
    Help,
    /// `:opt`, `:opt 2`
    OptLevel(Option<OptLevel>),
    /// `:edition`, `:edition 2021`
    Edition(Option<String>),
    /// `:clear`
    Clear,
    /// `:dep serde = "1"`, with what follows `:dep`.
    Dependency(String),
    /// `:show_deps`
    ShowDependencies,
    /// `:explain`, `:explain E0308`
    Explain(Option<String>),
    /// `:details`
    Details,
    /// `?name`
    Page(String),
    /// A command without what it needs: what is wrong, and how it is written.
    Incomplete(&'static str),
    /// Anything else that begins with a colon.
    Unknown(String),
}

/// The commands in a cell, and its code with those lines blanked: offsets stay as they are.
pub fn split(code: &str) -> (Vec<Command>, String) {
    let mut commands = Vec::new();
    let mut rest = String::with_capacity(code.len());
    let mut rust_began = false;
    for line in code.split_inclusive('\n') {
        let trimmed = line.trim();
        // Only before the first Rust line: later a line may begin with `::` or `?`.
        match if rust_began { None } else { command(trimmed) } {
            Some(command) => {
                commands.push(command);
                let blank = line.trim_end_matches(['\r', '\n']).len();
                rest.push_str(&" ".repeat(blank));
                rest.push_str(&line[blank..]);
            }
            None => {
                rust_began |= !trimmed.is_empty() && !trimmed.starts_with("//");
                rest.push_str(line);
            }
        }
    }
    (commands, rest)
}

fn command(line: &str) -> Option<Command> {
    // Only in front: behind a name, `?` is Rust's.
    if let Some(name) = line.strip_prefix('?') {
        let name = name.trim_start_matches('?').trim();
        if name.is_empty() {
            return Some(Command::Incomplete(
                "`?` needs the name that it is to explain, for instance `?Tensor`",
            ));
        }
        let plain = |one: char| one.is_alphanumeric() || one == '_' || one == ':';
        return name
            .chars()
            .all(plain)
            .then(|| Command::Page(name.to_owned()));
    }
    let words = line
        .strip_prefix(':')
        .filter(|rest| !rest.starts_with(':'))?;
    let (word, rest) = words.split_once(char::is_whitespace).unwrap_or((words, ""));
    let rest = rest.trim();
    Some(match word {
        "vars" | "who" => Command::Variables,
        "help" => Command::Help,
        "edition" if rest.is_empty() => Command::Edition(None),
        "edition" if ["2018", "2021", "2024"].contains(&rest) => {
            Command::Edition(Some(rest.to_owned()))
        }
        "clear" => Command::Clear,
        "explain" => Command::Explain((!rest.is_empty()).then(|| rest.to_owned())),
        "details" => Command::Details,
        "dep" if rest.is_empty() => Command::Incomplete(
            "`:dep` needs a crate and its version, for instance `:dep rand = \"0.9\"`",
        ),
        "dep" => Command::Dependency(rest.to_owned()),
        "show_deps" => Command::ShowDependencies,
        "opt" if rest.is_empty() => Command::OptLevel(None),
        "opt" => match OptLevel::parse(rest) {
            Some(level) => Command::OptLevel(Some(level)),
            None => {
                Command::Incomplete("`:opt` takes auto, 0, 1, 2, 3, s or z, for instance `:opt 2`")
            }
        },
        _ => Command::Unknown(line.to_owned()),
    })
}

/// The table of variables.
pub fn variables(session: &Session, described: &[Described]) -> Data {
    let mut text = String::new();
    let mut html = String::from("<table><tr><th>name</th><th>type</th><th>value</th></tr>");
    for (name, variable) in &session.variables {
        let type_text = short(&variable.type_text);
        let tensor = described
            .iter()
            .find(|one| one.name == *name)
            .and_then(|one| one.tensor.as_ref());
        let value = tensor.map(facts).unwrap_or_default();
        text.push_str(format!("{name}: {type_text} {value}").trim_end());
        text.push('\n');
        html.push_str(&format!(
            "<tr><td>{}</td><td><code>{}</code></td><td>{}</td></tr>",
            escape(name),
            escape(&type_text),
            escape(&value)
        ));
    }
    html.push_str("</table>");
    if session.variables.is_empty() {
        text.push_str("no variables\n");
        html = "<p>no variables</p>".to_owned();
    }
    Data::from([
        ("text/plain".to_owned(), text),
        ("text/html".to_owned(), html),
    ])
}

/// `[3, 4] Float Cpu requires_grad, 48 bytes, grad norm 0.5000`
pub(crate) fn facts(tensor: &TensorFacts) -> String {
    let TensorFacts {
        shape,
        kind,
        device,
        bytes,
        ..
    } = tensor;
    let mut text = format!("{shape:?} {kind} {device}");
    if tensor.requires_grad {
        text.push_str(" requires_grad");
    }
    text.push_str(&format!(", {bytes} bytes"));
    if let Some(norm) = tensor.gradient_norm {
        text.push_str(&format!(", grad norm {norm:.4}"));
    }
    text
}

/// A pager page about a name.
pub fn page(session: &Session, name: &str) -> Value {
    let text = about(session, name);
    json!({ "source": "page", "data": { "text/plain": text }, "start": 0 })
}

fn about(session: &Session, name: &str) -> String {
    if let Some(variable) = session.variables.get(name) {
        let cell = &variable.place.text.name;
        return format!("{name}: {}\ndefined in {cell}", short(&variable.type_text));
    }
    let items: Vec<&str> = session
        .items
        .iter()
        .filter(|item| item.display_name() == name)
        .map(|item| item.fragment.code())
        .collect();
    if items.is_empty() {
        return format!("nothing is known of `{name}` in this notebook");
    }
    items.join("\n\n")
}

/// A type without paths: `std :: vec :: Vec < f64 >` to `Vec<f64>`.
pub fn short(type_text: &str) -> String {
    let mut short = String::new();
    let mut word = String::new();
    for one in type_text
        .replace(" :: ", "::")
        .replace("& 'static ", "&")
        .chars()
    {
        match one {
            one if one.is_alphanumeric() || one == '_' => word.push(one),
            ':' => word.clear(),
            other => {
                short.push_str(&std::mem::take(&mut word));
                short.push(other);
            }
        }
    }
    short.push_str(&word);
    tight(short)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_blanked_in_place() {
        let (commands, rest) = split(":vars\n  :opt 2\nlet x = 1;\n:vars");
        assert_eq!(
            commands,
            [Command::Variables, Command::OptLevel(OptLevel::parse("2"))]
        );
        assert_eq!(rest, "     \n        \nlet x = 1;\n:vars");
    }

    #[test]
    fn rust_is_left_alone() {
        for code in ["::std::mem::drop(1);", "f()?", "x?", "x"] {
            assert_eq!(split(code), (Vec::new(), code.to_owned()));
        }
        assert_eq!(split("?x").0, [Command::Page("x".to_owned())]);
        for code in [":dep", ":dep  ", ":opt fast", "?", "??"] {
            assert!(
                matches!(&split(code).0[..], [Command::Incomplete(_)]),
                "{code}"
            );
        }
        assert_eq!(
            split(":nonsense").0,
            [Command::Unknown(":nonsense".to_owned())]
        );
    }

    #[test]
    fn types_are_shortened() {
        assert_eq!(
            short("std :: vec :: Vec < gradbook_runtime :: tch :: Tensor >"),
            "Vec<Tensor>"
        );
        assert_eq!(short("& 'static str"), "&str");
    }
}

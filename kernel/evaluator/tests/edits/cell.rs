//! A cell as the generator makes it: source for the kernel, and what the model must know of it.
//!
//! Names stand between `‹` and `›`. `‹P›` is an item, `‹P.get›` the method `get` of an item of that
//! name, `‹$p›` a variable. The kernel sees the bare names; the model gives each version of an item
//! a name of its own.

/// Something that another item must offer: `("P", "x")` is a field `x` of `P`.
pub type Need = (String, String);

#[derive(Debug, Clone)]
pub struct Item {
    pub key: String,
    pub text: String,
    /// What the model's program says instead.
    pub model: Option<String>,
    /// What it offers.
    pub offers: Vec<String>,
    /// What others must offer so that it compiles; names in the text must be there anyway.
    pub needs: Vec<Need>,
    /// The trait that it implements: the two are one item to the model.
    pub of_trait: Option<String>,
    /// Its value may change while cells run.
    pub is_static: bool,
    /// Fields, variants or associated types with their types.
    pub fields: Vec<(String, String)>,
}

impl Item {
    pub fn new(key: &str, text: String) -> Self {
        Self {
            key: key.to_owned(),
            text,
            model: None,
            offers: Vec::new(),
            needs: Vec::new(),
            of_trait: None,
            is_static: false,
            fields: Vec::new(),
        }
    }

    pub fn needing(mut self, needs: Vec<Need>) -> Self {
        self.needs.extend(needs);
        self
    }

    /// The names in its text, and those that it needs without a name.
    pub fn uses(&self) -> Vec<String> {
        let mut names = names(&self.text);
        names.extend(self.needs.iter().map(|(name, _)| name.clone()));
        // A part of its own is not another item.
        let own = |name: &String| *name == self.key || self.offers.contains(name);
        names.retain(|name| !own(name) && !name.starts_with('$'));
        names.sort();
        names.dedup();
        names
    }
}

/// An expression or a statement.
#[derive(Debug, Clone, Default)]
pub struct Code {
    pub text: String,
    pub model: Option<String>,
    pub needs: Vec<Need>,
}

impl Code {
    pub fn new(text: String, needs: Vec<Need>) -> Self {
        Self {
            text,
            model: None,
            needs,
        }
    }

    pub fn for_model(&self) -> &str {
        self.model.as_ref().unwrap_or(&self.text)
    }

    pub fn uses(&self) -> Vec<String> {
        let mut all = names(&self.text);
        all.extend(self.needs.iter().map(|(name, _)| name.clone()));
        all
    }
}

#[derive(Debug, Clone)]
pub enum Part {
    Item(Item),
    Let(Let),
    Do(Code),
    /// The last line, or printed.
    Show {
        code: Code,
        printed: bool,
    },
}

#[derive(Debug, Clone)]
pub struct Let {
    pub name: String,
    /// With names; empty if rustc infers it.
    pub type_text: String,
    /// The items that its type is made of.
    pub made_of: Vec<String>,
    pub code: Code,
    pub behind: Behind,
    /// A variable that is gone afterwards.
    pub moves: Option<String>,
}

/// What hides the type of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behind {
    Nothing,
    /// `dyn Shape`: it carries code of the cell that made it.
    Trait,
    /// `dyn Any`: a value of an older type is found to be none of the newer.
    Any,
}

#[derive(Debug, Clone, Default)]
pub struct Cell {
    pub parts: Vec<Part>,
}

impl Cell {
    pub fn of(parts: Vec<Part>) -> Self {
        Self { parts }
    }

    /// What the kernel is given.
    pub fn source(&self) -> String {
        let lines = self.parts.iter().map(|part| match part {
            Part::Item(item) => bare(&item.text),
            Part::Let(one) => {
                let typed = match one.type_text.is_empty() {
                    true => String::new(),
                    false => format!(": {}", bare(&one.type_text)),
                };
                format!("let mut {}{typed} = {};", one.name, bare(&one.code.text))
            }
            Part::Do(code) => bare(&code.text),
            Part::Show { code, printed } => match printed {
                true => format!("println!(\"{{:?}}\", {});", bare(&code.text)),
                false => bare(&code.text),
            },
        });
        lines.collect::<Vec<_>>().join("\n")
    }
}

/// The names in a template.
pub fn names(template: &str) -> Vec<String> {
    let marked = template.split('‹').skip(1);
    marked
        .filter_map(|rest| rest.split_once('›'))
        .map(|(name, _)| name.to_owned())
        .collect()
}

/// A template with its names replaced.
pub fn render(template: &str, name: &dyn Fn(&str) -> String) -> String {
    let mut pieces = template.split('‹');
    let mut rendered = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (marked, rest) = piece.split_once('›').expect("names are closed");
        rendered.push_str(&name(marked));
        rendered.push_str(rest);
    }
    rendered
}

/// As a learner writes it.
pub fn bare(template: &str) -> String {
    render(template, &|name| {
        let name = name.trim_start_matches('$');
        name.rsplit('.').next().unwrap_or(name).to_owned()
    })
}

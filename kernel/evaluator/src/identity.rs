//! What a name means, as a hash over everything that its layout or meaning follows from: types,
//! constants, `const fn`s, associated types, aliases, `use`, macros. Two meanings of one name are two
//! identities.

use std::collections::{BTreeMap, BTreeSet};

use crate::parse::{Item, Meaning};

/// The items that are in force at one moment.
pub struct World<'a> {
    meanings: Vec<(&'a Item, &'a Meaning)>,
    by_name: BTreeMap<&'a str, Vec<usize>>,
    by_type: BTreeMap<&'a str, Vec<usize>>,
}

impl<'a> World<'a> {
    /// A world of these items.
    pub fn new(items: impl IntoIterator<Item = &'a Item>) -> Self {
        let meanings: Vec<(&Item, &Meaning)> = items
            .into_iter()
            .filter_map(|item| Some((item, item.meaning.as_ref()?)))
            .collect();
        let mut by_name: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        let mut by_type: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        let inside: BTreeMap<&str, &BTreeSet<String>> = meanings
            .iter()
            .filter(|(_, meaning)| !meaning.inside.is_empty())
            .flat_map(|(_, meaning)| {
                meaning
                    .provides
                    .iter()
                    .map(|name| (&**name, &meaning.inside))
            })
            .collect();
        for (index, (_, meaning)) in meanings.iter().enumerate() {
            let globbed = meaning.glob.as_deref().and_then(|name| inside.get(name));
            for name in meaning
                .provides
                .iter()
                .chain(globbed.into_iter().copied().flatten())
            {
                by_name.entry(name).or_default().push(index);
            }
            for name in &meaning.of_types {
                by_type.entry(name).or_default().push(index);
            }
        }
        Self {
            meanings,
            by_name,
            by_type,
        }
    }

    /// The identity of a type of which these are the words.
    pub fn of_words(&self, words: &BTreeSet<String>) -> String {
        self.hash(&self.closure(words.clone()))
    }

    /// The identity of an item; `None` if no type can depend on it.
    pub fn of_item(&self, item: &Item) -> Option<String> {
        let meaning = item.meaning.as_ref()?;
        let mut closure = self.closure(meaning.words.union(&meaning.provides).cloned().collect());
        closure.insert(said(meaning));
        Some(self.hash(&closure))
    }

    /// The items that these words lead to.
    pub fn reached_by(&self, words: &BTreeSet<String>) -> Vec<&'a Item> {
        let reached = self.indices(words.clone());
        reached
            .into_iter()
            .map(|index| self.meanings[index].0)
            .collect()
    }

    fn closure(&self, words: BTreeSet<String>) -> BTreeSet<String> {
        let meanings = self.indices(words).into_iter();
        meanings.map(|index| said(self.meanings[index].1)).collect()
    }

    fn indices(&self, words: BTreeSet<String>) -> BTreeSet<usize> {
        let mut seen = words.clone();
        let mut open: Vec<String> = words.into_iter().collect();
        let mut reached = BTreeSet::new();
        while let Some(word) = open.pop() {
            let named = self.by_name.get(&*word).into_iter().flatten();
            for &index in named.chain(self.by_type.get(&*word).into_iter().flatten()) {
                if reached.insert(index) {
                    let (_, meaning) = self.meanings[index];
                    for further in &meaning.words {
                        if seen.insert(further.clone()) {
                            open.push(further.clone());
                        }
                    }
                }
            }
        }
        reached
    }

    fn hash(&self, texts: &BTreeSet<String>) -> String {
        let mut hasher = blake3::Hasher::new();
        for text in texts {
            hasher.update(&(text.len() as u64).to_le_bytes());
            hasher.update(text.as_bytes());
        }
        hasher.finalize().to_hex()[..12].to_owned()
    }
}

/// What an item says, with what the files that it is made of hold now.
fn said(meaning: &Meaning) -> String {
    let mut text = meaning.text.clone();
    for file in &meaning.files {
        let content = std::fs::read(file).unwrap_or_default();
        text.push_str(&blake3::hash(&content).to_hex());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::{Text, parse};
    use std::sync::Arc;

    /// The identity of a type among the items of some code.
    fn identity(code: &str, type_text: &str) -> String {
        let text = Arc::new(Text {
            id: 1,
            name: "cell [1]".to_owned(),
            code: code.to_owned(),
        });
        let parsed = parse(&text).expect("items");
        let items: Vec<&Item> = parsed.items.iter().flat_map(|(_, parts)| parts).collect();
        World::new(items).of_words(&crate::types::dependencies(type_text))
    }

    #[test]
    fn whatever_a_type_follows_from_changes_it() {
        let pairs = [
            ("const K: usize = @; struct Net { w: [f64; K] }", "Net"),
            (
                "const K: usize = @; const L: usize = K + 1; struct I { a: [u8; L] }",
                "Vec < I >",
            ),
            ("const fn n() -> usize { @ } struct S { a: [u8; n()] }", "S"),
            (
                "macro_rules! n { () => { @ } } struct S { a: [u8; n!()] }",
                "S",
            ),
            ("type A = [u8; @]; struct S(A);", "Option < S >"),
            (
                "trait T { type O; } struct X; impl T for X { type O = [u8; @]; } struct W<A: T>(A::O);",
                "W < X >",
            ),
            (
                "struct X; impl Iterator for X { type Item = [u8; @]; }",
                "std :: iter :: Peekable < X >",
            ),
            (
                "struct X; impl X { const N: usize = @; } struct S([u8; X::N]);",
                "S",
            ),
            (
                "mod a { pub type P = [u8; @]; } use a::*; struct S(P);",
                "S",
            ),
            ("enum E { A = @ } struct S([u8; E::A as usize]);", "S"),
            (
                "struct Inner([u8; @]); macro_rules! m { ($n:ident) => { struct $n(Inner); } }",
                "m",
            ),
        ];
        for (code, type_text) in pairs {
            let with = |number| identity(&code.replace('@', number), type_text);
            assert_eq!(with("3"), with("3"));
            assert_ne!(with("3"), with("64"), "{code}");
        }
    }

    #[test]
    fn what_a_type_does_not_follow_from_leaves_it() {
        let pairs = [
            "struct Net { w: f64 } impl Net { fn f(&self) -> u8 { @ } }",
            "struct Net { size: f64 } const size: usize = @;",
            "struct Net { w: f64 } fn net() -> u8 { @ }",
            "struct Net { w: f64 } trait T { fn f(&self) -> u8 { @ } } impl T for Net {}",
        ];
        for code in pairs {
            let with = |number| identity(&code.replace('@', number), "Net");
            assert_eq!(with("3"), with("64"), "{code}");
        }
    }
}

//! Values of the types that a session has, written as a cell writes them.

use crate::cell::Need;
use crate::items::Generator;

impl Generator<'_> {
    /// An expression of a type, and what it needs.
    pub fn value(&mut self, typed: &str) -> (String, Vec<Need>) {
        let n = self.small();
        let plain = |text: String| (text, Vec::new());
        if let Some(inside) = inside(typed, "Vec<") {
            let (value, needs) = self.value(inside);
            return (format!("vec![{value}]"), needs);
        }
        if let Some(inside) = inside(typed, "Option<") {
            let (value, needs) = self.value(inside);
            return (format!("Some({value})"), needs);
        }
        if let Some((element, length)) = typed
            .strip_prefix('[')
            .and_then(|t| t.strip_suffix(']'))
            .and_then(|t| t.split_once("; "))
        {
            let (value, needs) = self.value(element);
            return (format!("[{value}; {length}]"), needs);
        }
        if typed.starts_with("<‹Inner›") {
            let item = self.model.item("Assoc for Inner");
            let target = item
                .map(|item| item.fields[0].1.clone())
                .unwrap_or_default();
            let (value, mut needs) = self.value(&target);
            let fields = [("T".to_owned(), target)];
            needs.push(need("Assoc for Inner", &offer(&fields)));
            return (value, needs);
        }
        match typed {
            "f64" => plain(format!("{n}.5")),
            "String" => plain(format!("String::from(\"s{n}\")")),
            "‹Short›" => {
                let item = self.model.item("Short");
                let target = item
                    .map(|item| item.fields[0].1.clone())
                    .unwrap_or_default();
                let (value, mut needs) = self.value(&target);
                needs.push(need("Short", &offer(&[(String::new(), target)])));
                (value, needs)
            }
            "‹W›" => self.with_fields("W", "(", ")"),
            "‹E›" => {
                let item = self.model.item("E");
                let payload = item
                    .map(|item| item.fields[0].1.clone())
                    .unwrap_or_default();
                let (value, mut needs) = self.value(&payload);
                needs.push(need("E", &offer(&[("B".to_owned(), payload)])));
                (format!("‹E›::B({value})"), needs)
            }
            named if named.starts_with('‹') => {
                let key = named.trim_matches(['‹', '›']).to_owned();
                self.with_fields(&key, " { ", " }")
            }
            _ => plain(n.to_string()),
        }
    }

    fn with_fields(&mut self, key: &str, open: &str, close: &str) -> (String, Vec<Need>) {
        let fields = self
            .model
            .item(key)
            .map(|item| item.fields.clone())
            .unwrap_or_default();
        let mut needs = vec![need(key, &offer(&fields))];
        let mut values = Vec::new();
        for (name, typed) in &fields {
            let (value, needed) = self.value(typed);
            needs.extend(needed);
            values.push(match open {
                "(" => value,
                _ => format!("{name}: {value}"),
            });
        }
        (format!("‹{key}›{open}{}{close}", values.join(", ")), needs)
    }
}

fn inside<'a>(typed: &'a str, open: &str) -> Option<&'a str> {
    typed.strip_prefix(open)?.strip_suffix('>')
}

/// All fields as one word: what writes a value needs exactly these. A number is one of any integer type.
pub fn offer(fields: &[(String, String)]) -> String {
    let typed = |typed: &str| match typed {
        "i32" | "u8" | "u64" => "integer".to_owned(),
        other => other.to_owned(),
    };
    let mut all: Vec<String> = fields
        .iter()
        .map(|(name, of)| format!("{name}: {}", typed(of)))
        .collect();
    all.sort();
    format!("fields {}", all.join(", "))
}

pub fn need(key: &str, offer: &str) -> Need {
    (key.to_owned(), offer.to_owned())
}

//! Cells that make, change and show variables, drawn at random.

use crate::cell::{Behind, Code, Let, Part};
use crate::items::Generator;
use crate::values::{need, offer};

impl Generator<'_> {
    /// A variable of some kind, if what it is made of is there.
    pub fn variable(&mut self) -> Option<Let> {
        const NAMES: [&str; 24] = [
            "p", "q", "v", "o", "b", "boxes", "any", "g", "g2", "arr", "n", "rc", "t", "h", "w",
            "e", "r", "c", "mq", "map", "buf", "pt", "tree", "owner",
        ];
        let name = *self.pick(&NAMES);
        let n = self.small();
        let has = |key: &str| self.model.item(key).is_some();
        let plain = |made_of: &[&str], code: Code| {
            Some(Let {
                name: name.to_owned(),
                type_text: String::new(),
                made_of: made_of.iter().map(|key| (*key).to_owned()).collect(),
                code,
                behind: Behind::Nothing,
                moves: None,
            })
        };
        match name {
            "q" if self.live("p") && self.rng.bool() => {
                let mut made = plain(&["P"], Code::new("‹$p›".to_owned(), Vec::new()))?;
                made.moves = Some("p".to_owned());
                Some(made)
            }
            "p" if has("make") => plain(&["P"], Code::new(format!("‹make›({n})"), Vec::new())),
            "p" | "q" if has("P") => {
                let code = self.code("‹P›", "", "");
                plain(&["P"], code)
            }
            "v" if has("P") => {
                let code = self.code("‹P›", "vec![", &format!("; {n}]"));
                plain(&["P"], code)
            }
            "o" if has("Inner") => {
                let code = self.code("‹Inner›", "Some(", ")");
                plain(&["Inner"], code)
            }
            "b" | "boxes" => {
                let of = *self.pick(&["P", "W"]);
                let implementation = format!("Shape for {of}");
                if !has(&implementation) {
                    return None;
                }
                let (typed, open, close) = match name {
                    "b" => ("Box<dyn ‹Shape›>", "Box::new(", ")"),
                    _ => ("Vec<Box<dyn ‹Shape›>>", "vec![Box::new(", ")]"),
                };
                let mut code = self.code(&format!("‹{of}›"), open, close);
                code.needs.push(need(&implementation, ""));
                let mut made = plain(&["Shape", of], code)?;
                made.type_text = typed.to_owned();
                made.behind = Behind::Trait;
                Some(made)
            }
            "any" if has("P") => {
                let code = self.code("‹P›", "Box::new(", ")");
                let mut made = plain(&["P"], code)?;
                made.type_text = "Box<dyn std::any::Any>".to_owned();
                made.behind = Behind::Any;
                Some(made)
            }
            "g" if has("G") && has("Inner") => {
                let code = self.code("‹Inner›", "‹G› { item: ", &format!(", n: {n} }}"));
                plain(&["G", "Inner"], code)
            }
            "g2" if has("G") && has("P") => {
                let code = self.code("‹P›", "‹G› { item: ", &format!(", n: {n} }}"));
                plain(&["G", "P"], code)
            }
            "r" if has("R") => plain(
                &["R"],
                Code::new(format!("‹R› {{ a: [{n}; ‹SZ›] }}"), Vec::new()),
            ),
            "buf" if has("Buf") && has("K0") => {
                let text = format!("‹Buf› {{ a: [{n}; ‹K0›], n: {n} }}");
                plain(&["Buf"], Code::new(text, Vec::new()))
            }
            "tree" if has("Tree") => {
                let kid = "‹Tree› { v: 2, kids: Vec::new() }";
                let text = format!("‹Tree› {{ v: {n}, kids: vec![{kid}] }}");
                plain(&["Tree"], Code::new(text, Vec::new()))
            }
            "owner" if has("Owner") => {
                let gadget = "‹Owner.Gadget› { id: 7, of: None }";
                let text = format!("‹Owner› {{ v: {n}, all: vec![{gadget}] }}");
                plain(&["Owner"], Code::new(text, Vec::new()))
            }
            "pt" if has("Pt") => plain(
                &["Pt"],
                Code::new(format!("‹Pt› {{ a: {n}, b: 7 }}"), Vec::new()),
            ),
            "arr" if has("K0") => plain(&[], Code::new(format!("[{n}u8; ‹K0›]"), Vec::new())),
            "n" if has("K1") => plain(&[], Code::new(format!("‹K1› * {n}"), Vec::new())),
            "rc" if has("P") => {
                let open = "std::rc::Rc::new(std::cell::RefCell::new(";
                let code = self.code("‹P›", open, "))");
                plain(&["P"], code)
            }
            "t" if has("P") && has("L0") => {
                let code = self.code("‹P›", "(", ", ‹L0›)");
                plain(&["P"], code)
            }
            "h" | "w" | "e" => {
                let key = name.to_uppercase();
                if !has(&key) {
                    return None;
                }
                let code = self.code(&format!("‹{key}›"), "", "");
                plain(&[&key], code)
            }
            "c" if has("Color") => plain(
                &["Color"],
                Code::new("‹Color›::Green".to_owned(), Vec::new()),
            ),
            "mq" if has("m") => plain(&["m"], Code::new("‹m›::q()".to_owned(), Vec::new())),
            "map" if has("Inner") => {
                let open = "std::collections::HashMap::from([(String::from(\"a\"), ";
                let code = self.code("‹Inner›", open, ")])");
                plain(&["Inner"], code)
            }
            _ => None,
        }
    }

    fn live(&self, name: &str) -> bool {
        self.model.variables().any(|(other, _)| other == name)
    }

    fn code(&mut self, typed: &str, before: &str, after: &str) -> Code {
        let (value, needs) = self.value(typed);
        Code::new(format!("{before}{value}{after}"), needs)
    }

    /// A change of a variable or a static.
    pub fn change(&mut self) -> Option<Code> {
        let names: Vec<String> = self
            .model
            .variables()
            .map(|(name, _)| name.clone())
            .collect();
        let n = self.small();
        let plain = |text: String| Some(Code::new(text, Vec::new()));
        let name = match names.is_empty() || self.rng.u8(..4) == 0 {
            true => (*self.pick(&["COUNT", "LIST"])).to_owned(),
            false => self.pick(&names).clone(),
        };
        match name.as_str() {
            "COUNT" => {
                self.model.item("COUNT")?;
                plain(format!(
                    "‹COUNT›.fetch_add({n}, std::sync::atomic::Ordering::Relaxed);"
                ))
            }
            "p" | "q" | "rc" => {
                let item = self.model.item("P")?;
                let (_, typed) = item.fields.iter().find(|(name, _)| name == "x")?;
                let (typed, needs) = (typed.clone(), vec![need("P", &offer(&item.fields))]);
                let (value, _) = self.value(&typed);
                let place = match name.as_str() {
                    "rc" => "‹$rc›.borrow_mut().x".to_owned(),
                    name => format!("‹${name}›.x"),
                };
                Some(Code::new(format!("{place} += {value};"), needs))
            }
            "LIST" => {
                self.model.item("LIST")?;
                let code = self.code("‹P›", "‹LIST›.lock().unwrap().1.push(", ");");
                Some(code)
            }
            "v" => {
                let code = self.code("‹P›", "‹$v›.push(", ");");
                Some(code)
            }
            "n" => plain(format!("‹$n› += {n};")),
            "g" => plain(format!("‹$g›.n += {n};")),
            "arr" => plain(format!("for a in ‹$arr›.iter_mut() {{ *a += {n}; }}")),
            _ => None,
        }
    }

    /// Something to look at: a variable, one that may be gone among them, or what items say.
    pub fn show(&mut self) -> Option<Part> {
        let all: Vec<String> = self
            .model
            .any_variable()
            .map(|(name, _)| name.clone())
            .collect();
        let code = match all.is_empty() || self.rng.u8(..4) == 0 {
            true => self.show_items()?,
            false => {
                let touched = self.model.touched();
                let name = match touched.is_empty() || self.rng.bool() {
                    true => self.pick(&all).clone(),
                    false => self.pick(&touched).clone(),
                };
                self.show_variable(&name)?
            }
        };
        let printed = self.rng.bool();
        Some(Part::Show { code, printed })
    }

    fn show_variable(&mut self, name: &str) -> Option<Code> {
        let plain = |text: &str| Some(Code::new(text.to_owned(), Vec::new()));
        let all = format!("format!(\"{{:?}}\", ‹${name}›)");
        let choice = self.rng.u8(..8);
        match (name, choice) {
            ("b", 0) => plain("‹$b›.label()"),
            ("b", _) => plain("‹$b›.area()"),
            ("boxes", _) => plain("‹$boxes›.iter().map(|shape| shape.area()).sum::<i64>()"),
            ("any", _) => plain("format!(\"{:?}\", ‹$any›.downcast_ref::<‹P›>())"),
            ("p" | "q", 0) => plain(&format!("‹${name}›.‹P.get›()")),
            ("p" | "q", 1) => plain(&format!("std::mem::size_of_val(&‹${name}›)")),
            ("p" | "q", 2) => Some(Code::new(
                format!("‹${name}›.x as i64"),
                vec![need("P", "x")],
            )),
            ("p" | "q", 3) => Some(Code {
                text: format!("‹${name}›.to_string()"),
                model: Some(format!("‹${name}›.‹P.display›()")),
                needs: vec![need("P.display", "")],
            }),
            ("p" | "q", 4) => plain(&format!("‹total›(&‹${name}›)")),
            ("p" | "q", 5) => Some(Code {
                text: format!("‹${name}›.area()"),
                model: Some(format!("‹Shape›::area(&‹${name}›)")),
                needs: vec![need("Shape for P", "")],
            }),
            ("v", 0) => plain("‹$v›.len()"),
            ("v", 1 | 2) => plain("‹$v›.iter().map(|p| p.‹P.get›()).sum::<i64>()"),
            ("g", 0 | 1) => plain("‹$g›.‹G.count›()"),
            ("rc", 0 | 1) => plain("‹$rc›.borrow().‹P.get›()"),
            ("c", 0..4) => plain("‹$c› as i64"),
            ("arr", 0..4) => plain("‹$arr›.len()"),
            _ => plain(&all),
        }
    }

    fn show_items(&mut self) -> Option<Code> {
        const SHOWN: [(&str, &str); 18] = [
            ("SZ", "‹SZ›"),
            ("Pt", "std::mem::size_of::<‹Pt›>()"),
            ("LIST", "format!(\"{:?}\", ‹LIST›.lock().unwrap().1)"),
            ("LIST", "‹LIST›.lock().unwrap().0"),
            ("K0", "‹K0›"),
            ("L0", "‹L0›"),
            ("size", "‹size›()"),
            ("ROW", "‹ROW›.iter().sum::<u64>()"),
            ("ROW", "‹ROW›.len()"),
            (
                "COUNT",
                "‹COUNT›.load(std::sync::atomic::Ordering::Relaxed)",
            ),
            ("twice", "‹twice›!(‹K0›)"),
            ("Color", "‹Color›::Green as i64"),
            ("P", "std::mem::size_of::<‹P›>()"),
            ("E", "std::mem::size_of::<‹E›>()"),
            ("m", "‹m›::f() + ‹m›::N as i64"),
            ("Q", "std::mem::size_of::<‹Q›>()"),
            ("H", "std::mem::size_of::<‹H›>()"),
            ("Short", "std::mem::size_of::<‹Short›>()"),
        ];
        let (key, text) = *self.pick(&SHOWN);
        self.model.item(key)?;
        Some(Code::new(text.to_owned(), Vec::new()))
    }
}

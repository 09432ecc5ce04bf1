//! Cells that define items, drawn at random.

use fastrand::Rng;

use crate::cell::Item;
use crate::model::Model;
use crate::values::{need, offer};

/// All that a session may define; what comes later may use what comes before.
const KEYS: &str = "K0,K1,L0,size,Short,Inner,Assoc,Assoc for Inner,P,W,H,SZ,R,Color,E,G,Buf,Shape, \
    Shape for P,Shape for W,P.get,P.display,G.count,make,total,COUNT,LIST,ROW,twice,point,Pt,m,Q,Tree,Owner";

pub fn keys() -> Vec<&'static str> {
    KEYS.split(',').map(str::trim).collect()
}

const DERIVE: &str = "#[derive(Debug, Clone, PartialEq)]";

pub struct Generator<'a> {
    pub rng: &'a mut Rng,
    pub model: &'a Model,
}

impl Generator<'_> {
    fn has(&self, key: &str) -> bool {
        self.model.item(key).is_some()
    }

    pub fn small(&mut self) -> u32 {
        self.rng.u32(1..7)
    }

    pub fn pick<'b, T>(&mut self, all: &'b [T]) -> &'b T {
        &all[self.rng.usize(..all.len())]
    }

    /// The item of that name, as it could be written now; none if what it is made of is missing.
    pub fn item(&mut self, key: &str) -> Option<Item> {
        let n = self.small();
        let new = |text: String| Some(Item::new(key, text));
        match key {
            "K0" | "K1" => new(format!("const ‹{key}›: usize = {n};")),
            "L0" => self
                .has("K0")
                .then(|| Item::new(key, format!("const ‹L0›: usize = ‹K0› + {n};"))),
            "size" => match self.has("K1") && self.rng.bool() {
                true => new(format!("const fn ‹size›() -> usize {{ ‹K1› * {n} }}")),
                false => new(format!("const fn ‹size›() -> usize {{ {n} }}")),
            },
            "Short" => {
                let target = self.field_type(&["K0", "L0"]);
                let mut item = Item::new(key, format!("type ‹Short› = {target};"));
                item.fields = vec![(String::new(), target)];
                item.offers.push(offer(&item.fields));
                Some(item)
            }
            "Inner" => Some(self.structure(key, &["K0", "L0", "size", "Short"])),
            "P" => Some(self.structure(key, &["K0", "L0", "size", "Short", "Inner"])),
            "H" => {
                let needed = self.has("Assoc for Inner") && self.has("Inner");
                needed.then(|| self.associated())
            }
            "W" => Some(self.tuple()),
            "Assoc" => new("trait ‹Assoc› { type T; const N: usize; }".to_owned()),
            "Assoc for Inner" => {
                (self.has("Assoc") && self.has("Inner")).then(|| self.association(n))
            }
            "Color" => Some(self.colors(n)),
            "E" => Some(self.enumeration()),
            "G" => Some(self.generic()),
            "G.count" => self.has("G").then(|| {
                let text = format!(
                    "impl<T> ‹G›<T> {{ fn ‹G.count›(&self) -> i64 {{ self.n as i64 + {n} }} }}"
                );
                Item::new(key, text)
            }),
            "Shape" => Some(self.shape(n)),
            "Shape for P" | "Shape for W" => self.shape_for(key, n),
            "P.get" => self.has("P").then(|| {
                let text =
                    format!("impl ‹P› {{ fn ‹P.get›(&self) -> i64 {{ self.x as i64 * {n} }} }}");
                Item::new(key, text).needing(vec![need("P", "x")])
            }),
            "P.display" => self.has("P").then(|| self.display(n)),
            "make" => self.has("P").then(|| {
                let (value, needs) = self.value("‹P›");
                Item::new(
                    key,
                    format!("fn ‹make›(n: i32) -> ‹P› {{ let _ = n + {n}; {value} }}"),
                )
                .needing(needs)
            }),
            "total" => (self.has("P") && self.has("P.get")).then(|| {
                let text = format!("fn ‹total›(p: &‹P›) -> i64 {{ p.‹P.get›() + {n} }}");
                Item::new(key, text)
            }),
            // Never the same again: whether the same definition begins again is left open.
            "COUNT" => {
                let start = self.rng.u32(100..1_000_000);
                let mut item = Item::new(
                    key,
                    format!(
                        "static ‹COUNT›: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new({start});"
                    ),
                );
                item.is_static = true;
                Some(item)
            }
            "LIST" => self.has("P").then(|| {
                let start = self.rng.u32(100..1_000_000);
                let mut item = Item::new(key, format!(
                    "static ‹LIST›: std::sync::Mutex<(u32, Vec<‹P›>)> = std::sync::Mutex::new(({start}, Vec::new()));"
                ));
                item.is_static = true;
                item
            }),
            "ROW" => self.has("K0").then(|| {
                let text = format!("static ‹ROW›: [u64; ‹K0›] = [{n}; ‹K0›];");
                let mut item = Item::new(key, text);
                item.is_static = true;
                item
            }),
            "SZ" => self.has("P").then(|| {
                Item::new(key, "const ‹SZ›: usize = std::mem::size_of::<‹P›>();".to_owned())
            }),
            "R" => self.has("SZ").then(|| {
                let second = self.pick(&["u8", "i64"]);
                Item::new(key, format!("#[derive(Debug, Clone, PartialEq)] struct ‹R› {{ a: [{second}; ‹SZ›] }}"))
            }),
            "Buf" => {
                let number = *self.pick(&["i32", "u8", "u64"]);
                new(format!("#[derive(Debug, Clone, PartialEq)] struct ‹Buf›<const N: usize> {{ a: [{number}; N], n: i32 }}"))
            }
            "point" => {
                let number = *self.pick(&["i32", "u8", "u64"]);
                new(format!(
                    "macro_rules! ‹point› {{ ($n:ident) => {{ #[derive(Debug, Clone, PartialEq)] struct $n {{ a: {number}, b: u16 }} }} }}"
                ))
            }
            "twice" => new(format!(
                "macro_rules! ‹twice› {{ ($e:expr) => {{ $e as i64 * {n} }} }}"
            )),
            "Pt" if self.has("point") && self.rng.bool() => new("‹point›!(‹Pt›);".to_owned()),
            "Pt" => {
                let other = self.pick(&["i32", "u64", "u8"]);
                new(format!(
                    "#[derive(Debug, Clone, PartialEq)] struct ‹Pt› {{ a: {other}, b: u16 }}"
                ))
            }
            "Tree" => {
                let number = *self.pick(&["i32", "u8", "u64"]);
                new(format!("{DERIVE} struct ‹Tree› {{ v: {number}, kids: Vec<‹Tree›> }}"))
            }
            // Two types that refer to each other.
            "Owner" => {
                let (one, other) = (*self.pick(&["i32", "u8"]), *self.pick(&["i32", "u64"]));
                let mut item = Item::new(key, format!(
                    "{DERIVE} struct ‹Owner› {{ v: {one}, all: Vec<‹Owner.Gadget›> }}\n{DERIVE} struct ‹Owner.Gadget› {{ id: {other}, of: Option<Box<‹Owner›>> }}"
                ));
                item.offers.push("Owner.Gadget".to_owned());
                Some(item)
            }
            "m" => Some(self.module(n)),
            "Q" => self
                .has("m")
                .then(|| Item::new(key, "use ‹m›::Q as ‹Q›;".to_owned())),
            _ => None,
        }
    }

    /// A type for a field, of what is there among `names`.
    fn field_type(&mut self, names: &[&str]) -> String {
        let mut types = vec![
            "i32".to_owned(),
            "u8".to_owned(),
            "f64".to_owned(),
            "String".to_owned(),
        ];
        for name in names.iter().filter(|name| self.has(name)) {
            types.extend(match *name {
                "K0" => vec!["[i32; ‹K0›]".to_owned(), "[u8; ‹K0› * 2]".to_owned()],
                "L0" => vec!["[u64; ‹L0›]".to_owned()],
                "size" => vec!["[u16; ‹size›()]".to_owned()],
                "Inner" => vec![
                    "‹Inner›".to_owned(),
                    "Vec<‹Inner›>".to_owned(),
                    "Option<‹Inner›>".to_owned(),
                ],
                other => vec![format!("‹{other}›")],
            });
        }
        let at = self.rng.usize(..types.len());
        types.swap_remove(at)
    }

    fn structure(&mut self, key: &str, names: &[&str]) -> Item {
        let number = *self.pick(&["i32", "u8", "u64", "f64"]);
        let first = if self.rng.u8(..8) == 0 { "z" } else { "x" };
        let mut fields = vec![(first.to_owned(), number.to_owned())];
        for name in ["y", "w"].into_iter().take(self.rng.usize(..3)) {
            fields.push((name.to_owned(), self.field_type(names)));
        }
        if self.rng.bool() {
            fields.reverse();
        }
        with_fields(key, &fields)
    }

    fn associated(&mut self) -> Item {
        let of_inner = "<‹Inner› as ‹Assoc›>::";
        let count = format!("[u8; {of_inner}N]");
        let second = if self.rng.bool() {
            count
        } else {
            "i32".to_owned()
        };
        let fields = [
            ("x".to_owned(), format!("{of_inner}T")),
            ("y".to_owned(), second),
        ];
        with_fields("H", &fields).needing(vec![need("Assoc for Inner", "")])
    }

    fn association(&mut self, n: u32) -> Item {
        let target = self.field_type(&["K0", "L0"]);
        let text =
            format!("impl ‹Assoc› for ‹Inner› {{ type T = {target}; const N: usize = {n}; }}");
        let mut item = Item::new("Assoc for Inner", text);
        item.of_trait = Some("Assoc".to_owned());
        item.fields = vec![("T".to_owned(), target)];
        item.offers.push(offer(&item.fields));
        item
    }

    fn tuple(&mut self) -> Item {
        let (first, second) = (self.field_type(&["K0"]), self.field_type(&["size"]));
        let text = format!("#[derive(Debug, Clone, PartialEq)] struct ‹W›({first}, {second});");
        let mut item = Item::new("W", text);
        item.fields = vec![("0".to_owned(), first), ("1".to_owned(), second)];
        item.offers.push(offer(&item.fields));
        item
    }

    fn colors(&mut self, n: u32) -> Item {
        let green = match self.has("K0") && self.rng.bool() {
            true => format!("‹K0› as isize + {n}"),
            false => format!("{}", n + 3),
        };
        let text = format!(
            "#[derive(Debug, Clone, Copy, PartialEq)] enum ‹Color› {{ Red = 1, Green = {green} }}"
        );
        Item::new("Color", text)
    }

    fn enumeration(&mut self) -> Item {
        let payload = self.field_type(&["K0", "Inner"]);
        let mut variants = vec![
            "A".to_owned(),
            format!("B({payload})"),
            "C { n: u8 }".to_owned(),
        ];
        self.rng.shuffle(&mut variants);
        let text = format!(
            "#[derive(Debug, Clone, PartialEq)] enum ‹E› {{ {} }}",
            variants.join(", ")
        );
        let mut item = Item::new("E", text);
        item.fields = vec![("B".to_owned(), payload)];
        item.offers.push(offer(&item.fields));
        item
    }

    fn generic(&mut self) -> Item {
        let number = *self.pick(&["u8", "u64", "i32"]);
        let fields = match self.rng.bool() {
            true => format!("item: T, n: {number}"),
            false => format!("n: {number}, item: T"),
        };
        Item::new(
            "G",
            format!("#[derive(Debug, Clone, PartialEq)] struct ‹G›<T> {{ {fields} }}"),
        )
    }

    fn shape(&mut self, n: u32) -> Item {
        let more = self.rng.u8(..4) == 0;
        let wider = if more {
            " fn around(&self) -> i64;"
        } else {
            ""
        };
        let text = format!(
            "trait ‹Shape› {{ const SIDES: usize; fn area(&self) -> i64;{wider} fn label(&self) -> String {{ format!(\"s{n}\") }} }}"
        );
        // `dyn Shape` has no constants.
        let text = text.replace(
            "const SIDES: usize;",
            "fn sides() -> usize where Self: Sized;",
        );
        let mut item = Item::new("Shape", text);
        item.offers
            .push(if more { "wide" } else { "narrow" }.to_owned());
        item
    }

    fn shape_for(&mut self, key: &str, n: u32) -> Option<Item> {
        let of = key.trim_start_matches("Shape for ");
        let wide = self.model.item("Shape")?.offers[0].clone();
        let item = self.model.item(of)?;
        let mut needs = vec![need("Shape", &wide)];
        let x = of == "P" && item.offers.iter().any(|offer| offer == "x");
        let area = match x {
            true => "self.x as i64 + ",
            false => "",
        };
        needs.extend(x.then(|| need("P", "x")));
        let wider = if wide == "wide" {
            format!(" fn around(&self) -> i64 {{ {n} }}")
        } else {
            String::new()
        };
        let text = format!(
            "impl ‹Shape› for ‹{of}› {{ fn sides() -> usize {{ {n} }} fn area(&self) -> i64 {{ {area}{n} }}{wider} }}"
        );
        let mut item = Item::new(key, text).needing(needs);
        item.of_trait = Some("Shape".to_owned());
        Some(item)
    }

    fn display(&mut self, n: u32) -> Item {
        let path = *self.pick(&["std::fmt", "core::fmt", "::std::fmt"]);
        let body = format!("\"<{{}} {n}>\", self.x");
        let text = format!(
            "impl {path}::Display for ‹P› {{ fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {{ write!(f, {body}) }} }}"
        );
        let mut item = Item::new("P.display", text).needing(vec![need("P", "x")]);
        item.model = Some(format!(
            "impl ‹P› {{ fn ‹P.display›(&self) -> String {{ format!({body}) }} }}"
        ));
        item
    }

    fn module(&mut self, n: u32) -> Item {
        let count = match self.has("K0") && self.rng.bool() {
            true => "super::‹K0›".to_owned(),
            false => n.to_string(),
        };
        let number = *self.pick(&["i32", "u64", "u8"]);
        Item::new(
            "m",
            format!(
                "mod ‹m› {{ pub const N: usize = {count}; #[derive(Debug, Clone, PartialEq)] pub struct Q {{ pub a: [u8; N], pub b: {number} }} pub fn f() -> i64 {{ {n} }} pub fn q() -> Q {{ Q {{ a: [{n}; N], b: {n} }} }} }}"
            ),
        )
    }
}

fn with_fields(key: &str, fields: &[(String, String)]) -> Item {
    let list: Vec<String> = fields
        .iter()
        .map(|(name, typed)| format!("{name}: {typed}"))
        .collect();
    let text = format!(
        "#[derive(Debug, Clone, PartialEq)] struct ‹{key}› {{ {} }}",
        list.join(", ")
    );
    let mut item = Item::new(key, text);
    item.fields = fields.to_vec();
    item.offers.push(offer(fields));
    item.offers
        .extend(fields.iter().map(|(name, _)| name.clone()));
    item
}

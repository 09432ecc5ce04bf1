//! Which item of a cell a place is in.

use std::ops::Range;

use syn::spanned::Spanned;
use syn::visit::{self, Visit};

/// What the place of such an error is part of.
#[derive(Debug)]
pub(super) enum Item {
    Function {
        name: String,
        /// From its first word to before its body.
        header: Range<usize>,
        /// Where a parameter more would be written, with what comes before it.
        parameter: (usize, &'static str),
        body: Box<syn::Block>,
        /// Whose trait fixes its parameters.
        of_a_trait: Option<String>,
        takes_self: bool,
    },
    /// `const` or `static`: all of it, and its keyword.
    Constant {
        whole: Range<usize>,
        keyword: Range<usize>,
    },
    /// `[value; length]` among the statements.
    Array {
        value: Range<usize>,
        length: Range<usize>,
    },
    /// A type, a `use`, a pattern of an item, ...
    Other,
}

/// A cell as syn reads it: attributes at its top, then statements.
pub(super) fn parsed(code: &str) -> Option<Vec<syn::Stmt>> {
    use syn::parse::Parser as _;
    let cell = |input: syn::parse::ParseStream<'_>| {
        input.call(syn::Attribute::parse_inner)?;
        input.call(syn::Block::parse_within)
    };
    cell.parse_str(code).ok()
}

/// The innermost item around a place, or an array whose length the place is in.
pub(super) fn item_at(cell: &[syn::Stmt], place: &Range<usize>) -> Option<Item> {
    let mut finder = Finder {
        at: place.start,
        found: None,
        of_a_trait: None,
    };
    cell.iter()
        .for_each(|statement| finder.visit_stmt(statement));
    finder.found
}

/// Looks for the innermost item around a place.
struct Finder {
    at: usize,
    found: Option<Item>,
    of_a_trait: Option<String>,
}

impl Finder {
    fn around(&self, node: &impl Spanned) -> bool {
        let range = node.span().byte_range();
        range.start <= self.at && self.at < range.end
    }

    fn function(&mut self, start: usize, signature: &syn::Signature, body: &syn::Block) {
        let end = body.span().byte_range().start;
        if !self.around(body) {
            self.found = Some(Item::Other);
            return;
        }
        let last = signature.inputs.last();
        let parameter = match last {
            Some(last) => (last.span().byte_range().end, ", "),
            None => (signature.paren_token.span.open().byte_range().end, ""),
        };
        self.found = Some(Item::Function {
            name: signature.ident.to_string(),
            header: start..end,
            parameter,
            body: Box::new(body.clone()),
            of_a_trait: self.of_a_trait.clone(),
            takes_self: signature.receiver().is_some(),
        });
    }

    fn constant(&mut self, whole: Range<usize>, keyword: Range<usize>, value: &syn::Expr) {
        self.found = Some(match self.around(value) {
            true => Item::Constant { whole, keyword },
            false => Item::Other,
        });
    }
}

/// Where a function begins, without its attributes and documentation.
fn start(visibility: &syn::Visibility, signature: &syn::Signature) -> usize {
    match visibility {
        syn::Visibility::Inherited => signature.span().byte_range().start,
        given => given.span().byte_range().start,
    }
}

impl<'ast> Visit<'ast> for Finder {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        if !self.around(item) {
            return;
        }
        self.found = Some(Item::Other);
        match item {
            syn::Item::Fn(item) => {
                self.function(start(&item.vis, &item.sig), &item.sig, &item.block)
            }
            syn::Item::Const(item) => self.constant(
                item.span().byte_range(),
                item.const_token.span.byte_range(),
                &item.expr,
            ),
            syn::Item::Static(item) => self.constant(
                item.span().byte_range(),
                item.static_token.span.byte_range(),
                &item.expr,
            ),
            _ => {}
        }
        let outer = self.of_a_trait.take();
        if let syn::Item::Impl(item) = item {
            let path = item.trait_.as_ref().map(|(path, _)| path);
            let last = path.and_then(|path| path.segments.last());
            self.of_a_trait = last.map(|last| last.ident.to_string());
        }
        visit::visit_item(self, item);
        self.of_a_trait = outer;
    }

    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        if self.around(item) {
            self.function(start(&item.vis, &item.sig), &item.sig, &item.block);
            let outer = self.of_a_trait.take();
            visit::visit_impl_item_fn(self, item);
            self.of_a_trait = outer;
        }
    }

    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        if let Some(body) = &item.default
            && self.around(item)
        {
            self.function(item.sig.span().byte_range().start, &item.sig, body);
            visit::visit_trait_item_fn(self, item);
        }
    }

    fn visit_expr_repeat(&mut self, array: &'ast syn::ExprRepeat) {
        if self.found.is_none() && self.around(&array.len) {
            self.found = Some(Item::Array {
                value: array.expr.span().byte_range(),
                length: array.len.span().byte_range(),
            });
        }
        visit::visit_expr_repeat(self, array);
    }
}

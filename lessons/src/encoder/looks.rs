//! Who looks at whom in a text: as a picture for a head or for the mean of all, as a table for a token.
//! Knows nothing of the network that looked.

use tch::{Kind, Tensor};

use crate::plots::{Plot, attention_map, numbers};
use crate::show::{MimeBundle, Show};
use crate::table::Table;

/// The attention of every head of every layer on one text.
///
/// ```
/// use lessons::prelude::*;
/// use lessons::encoder::Looks;
/// let looks = Looks {
///     tokens: vec!["the".to_owned(), "cat".to_owned()],
///     weights: tensor([[[[0.9, 0.1], [0.4, 0.6]]]]), // one layer, one head
/// };
/// assert_eq!(looks.share("cat", "the"), tensor([[0.4]]));
/// ```
#[derive(Debug)]
pub struct Looks {
    /// The text's tokens.
    pub tokens: Vec<String>,
    /// `[layers, heads, tokens, tokens]`; row i says where token i looks, and sums to 1.
    pub weights: Tensor,
}

impl Looks {
    /// A picture of one head.
    ///
    /// # Panics
    /// Where there is no such layer or head.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// # use lessons::encoder::Looks;
    /// # let tokens = vec!["the".to_owned(), "cat".to_owned()];
    /// let looks = Looks { tokens, weights: tensor([[[[0.9, 0.1], [0.4, 0.6]]]]) };
    /// assert!(looks.head(0, 0).svg().contains("Layer 0, head 0"));
    /// ```
    #[track_caller]
    pub fn head(&self, layer: i64, head: i64) -> Plot {
        let title = format!("Layer {layer}, head {head}");
        attention_map(&title, &self.of_head(layer, head), &self.names())
    }

    /// A picture of the mean of a layer's heads.
    ///
    /// # Panics
    /// Where there is no such layer.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// # use lessons::encoder::Looks;
    /// # let tokens = vec!["the".to_owned(), "cat".to_owned()];
    /// let weights = tensor([[[[1.0, 0.0], [1.0, 0.0]], [[0.5, 0.5], [0.5, 0.5]]]]); // two heads
    /// let looks = Looks { tokens, weights };
    /// assert!(looks.layer_mean(0).table().text().contains("0.75"));
    /// ```
    #[track_caller]
    pub fn layer_mean(&self, layer: i64) -> Plot {
        let title = format!("Layer {layer}, mean of its heads");
        attention_map(&title, &self.of_layer(layer), &self.names())
    }

    /// A picture of the mean of all heads of all layers.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// # use lessons::encoder::Looks;
    /// # let tokens = vec!["the".to_owned(), "cat".to_owned()];
    /// let looks = Looks { tokens, weights: tensor([[[[0.9, 0.1], [0.4, 0.6]]]]) };
    /// assert!(looks.mean().description().contains("cat"));
    /// ```
    pub fn mean(&self) -> Plot {
        attention_map("Mean of all heads", &self.of_all(), &self.names())
    }

    /// Where a token looks in the mean of all heads of all layers, as a table from most to least.
    ///
    /// # Panics
    /// Where the text has no such token.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// # use lessons::encoder::Looks;
    /// # let tokens = vec!["the".to_owned(), "cat".to_owned()];
    /// let looks = Looks { tokens, weights: tensor([[[[0.9, 0.1], [0.4, 0.6]]]]) };
    /// assert!(looks.row("cat").text().contains("60.0 %"));
    /// ```
    #[track_caller]
    pub fn row(&self, token: &str) -> Table {
        let row = self.of_all().get(self.place(token));
        self.table(&format!("Where {token:?} looks, mean of all heads"), &row)
    }

    /// Where a token looks in one head, as a table from most to least.
    ///
    /// # Panics
    /// Where the text has no such token, or there is no such head.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// # use lessons::encoder::Looks;
    /// # let tokens = vec!["the".to_owned(), "cat".to_owned()];
    /// let looks = Looks { tokens, weights: tensor([[[[0.9, 0.1], [0.4, 0.6]]]]) };
    /// assert!(looks.row_in_head("the", 0, 0).text().contains("90.0 %"));
    /// ```
    #[track_caller]
    pub fn row_in_head(&self, token: &str, layer: i64, head: i64) -> Table {
        let row = self.of_head(layer, head).get(self.place(token));
        let title = format!("Where {token:?} looks in layer {layer}, head {head}");
        self.table(&title, &row)
    }

    /// The share of its attention that one token gives another, from 0 to 1, in each head.
    ///
    /// # Shapes
    /// `[layers, heads]`
    ///
    /// # Panics
    /// Where the text has no such token.
    ///
    /// ```
    /// use lessons::prelude::*;
    /// # use lessons::encoder::Looks;
    /// # let tokens = vec!["the".to_owned(), "cat".to_owned()];
    /// let weights = tensor([[[[1.0, 0.0], [1.0, 0.0]], [[0.5, 0.5], [0.5, 0.5]]]]); // two heads
    /// assert_eq!(Looks { tokens, weights }.share("the", "cat"), tensor([[0.0, 0.5]]));
    /// ```
    #[track_caller]
    pub fn share(&self, from: &str, to: &str) -> Tensor {
        let (from, to) = (self.place(from), self.place(to));
        self.weights.select(2, from).select(2, to)
    }

    fn of_all(&self) -> Tensor {
        self.weights
            .mean_dim([0i64, 1].as_slice(), false, Kind::Float)
    }

    #[track_caller]
    fn of_layer(&self, layer: i64) -> Tensor {
        self.of(layer).mean_dim(0, false, Kind::Float)
    }

    #[track_caller]
    fn of_head(&self, layer: i64, head: i64) -> Tensor {
        let layer = self.of(layer);
        let heads = layer.size().first().copied().unwrap_or(0);
        assert!(
            (0..heads).contains(&head),
            "there is no head {head}: heads go from 0 to {}",
            heads - 1
        );
        layer.get(head)
    }

    #[track_caller]
    fn of(&self, layer: i64) -> Tensor {
        let layers = self.weights.size().first().copied().unwrap_or(0);
        assert!(
            (0..layers).contains(&layer),
            "there is no layer {layer}: layers go from 0 to {}",
            layers - 1
        );
        self.weights.get(layer)
    }

    #[track_caller]
    fn place(&self, token: &str) -> i64 {
        match self.tokens.iter().position(|known| known == token) {
            Some(at) => at as i64,
            None => panic!(
                "the text has no token {token:?}: its tokens are {}",
                self.tokens.join(" ")
            ),
        }
    }

    fn names(&self) -> Vec<&str> {
        self.tokens.iter().map(String::as_str).collect()
    }

    fn table(&self, title: &str, row: &Tensor) -> Table {
        let shares = numbers(row);
        let mut order: Vec<usize> = (0..shares.len()).collect();
        order.sort_by(|&a, &b| shares[b].total_cmp(&shares[a]));
        let mut table = Table::new(title)
            .columns(&["position", "token", "share"])
            .numeric(&[0, 2]);
        for at in order {
            let share = format!("{:.1} %", shares[at] * 100.0);
            table = table.row(&[&at.to_string(), &self.tokens[at], &share]);
        }
        table
    }
}

impl Show for Looks {
    /// The mean of all heads.
    fn show(&self) -> MimeBundle {
        self.mean().show()
    }
}

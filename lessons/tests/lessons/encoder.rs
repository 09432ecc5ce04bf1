//! The sentence encoder against a forward pass in NumPy, and its tokenizer against Hugging Face's.

use lessons::encoder::{EncoderError, try_sentence_encoder};
use lessons::prelude::*;

use crate::fixtures::{assert_near, fixture, flat};
use crate::refusals::refusal;

/// The encoder, or a line that says why these tests say nothing here.
fn encoder() -> Option<SentenceEncoder> {
    match try_sentence_encoder() {
        Ok(encoder) => Some(encoder),
        Err(error @ EncoderError::Missing { .. }) => {
            eprintln!("not tested: {error}");
            None
        }
        Err(error) => panic!("{error}"),
    }
}

fn strings(pointer: &str) -> Vec<&'static str> {
    let values = fixture(pointer).as_array().unwrap().iter();
    values.map(|value| value.as_str().unwrap()).collect()
}

fn nested(pointer: &str) -> Vec<f64> {
    fn walk(value: &serde_json::Value, found: &mut Vec<f64>) {
        match value.as_array() {
            Some(inner) => inner.iter().for_each(|value| walk(value, found)),
            None => found.push(value.as_f64().unwrap()),
        }
    }
    let mut found = Vec::new();
    walk(fixture(pointer), &mut found);
    found
}

#[test]
fn sentences_become_numpys_vectors_alone_and_padded() {
    let Some(encoder) = encoder() else { return };
    let texts = strings("/encoder/texts");
    let expected = nested("/encoder/vectors");
    let together = encoder.encode(&texts);
    assert_eq!(together.size(), [texts.len() as i64, 384]);
    assert_near(&flat(&together), &expected, 2e-5);
    for (text, expected) in texts.iter().zip(expected.chunks(384)) {
        assert_near(&flat(&encoder.encode(&[text])), expected, 2e-5);
    }
    let cosines = together.matmul(&together.tr());
    assert!(cosines.i((2, 3)).item() > cosines.i((2, 4)).item() + 0.3);
}

#[test]
fn heads_look_where_numpy_and_the_curriculum_say() {
    let Some(encoder) = encoder() else { return };
    let looks = encoder.attention(strings("/encoder/texts")[0]);
    assert_eq!(looks.tokens, strings("/encoder/bank/tokens"));
    let at = looks.tokens.iter().position(|t| t == "charges").unwrap() as i64;
    let found = flat(&looks.weights.select(2, at));
    assert_near(&found, &nested("/encoder/bank/from_charges"), 2e-5);
    let states = encoder.hidden_states(strings("/encoder/texts")[0]);
    let found = flat(&states.select(1, at).narrow(1, 0, 8));
    assert_near(&found, &nested("/encoder/bank/hidden_of_charges"), 2e-5);

    let table = looks.row("charges").text();
    let lines: Vec<&str> = table.lines().skip(3).collect();
    for (line, known) in lines.iter().zip(["[CLS]", "arrested", "denied"]) {
        assert!(line.contains(known), "{table}");
    }
    for share in ["51.8 %", "6.9 %", "4.5 %", "3.7 %"] {
        assert!(table.contains(share), "{share} in {table}");
    }
    let most = looks.share("charges", "arrested").max().item();
    assert!((most - 0.768).abs() < 5e-4, "{most}");
    assert!(looks.show().plain().contains("charges"));
    assert!(looks.row_in_head("charges", 0, 1).text().contains("76.8 %"));
}

#[test]
fn word_pieces_are_those_of_hugging_face() {
    let Some(encoder) = encoder() else { return };
    for case in fixture("/encoder/hard").as_array().unwrap() {
        let text = case["text"].as_str().unwrap();
        let ids = case["ids"].as_array().unwrap().iter();
        let expected: Vec<i64> = ids.map(|id| id.as_i64().unwrap()).collect();
        assert_eq!(
            encoder.tokenizer.encode(text),
            expected,
            "{text:?}: {:?}",
            encoder.tokenizer.tokens(text)
        );
    }
    assert_eq!(encoder.tokenizer.len(), 30_522);
}

#[test]
fn tokens_that_the_encoder_does_not_know_are_refused() {
    let Some(encoder) = encoder() else { return };
    let refused = |tokens: &Tensor| encoder.try_forward(tokens).unwrap_err().to_string();
    let said = refused(&tensor([[101, 30_522, 102]]));
    assert!(
        said.contains("go from 101 to 30522: they must be 0 to 30521"),
        "{said}"
    );
    assert!(refused(&tensor([[-1, 5]])).contains("from -1 to 5"));
}

#[test]
fn it_is_a_layer_that_can_be_summed_up() {
    let Some(encoder) = encoder() else { return };
    let ids = tensor([[101, 4937, 102]]);
    let (vocabulary, blocks) = (
        (30_522 + 512 + 2 + 2) * 384,
        6 * (12 * 384 * 384 + 13 * 384),
    );
    assert_eq!(encoder.parameter_count(), vocabulary + blocks);
    let table = summary(&encoder, &ids);
    assert_eq!(table.rows.len(), 7);
    assert_near(
        &flat(&encoder.forward(&ids)),
        &flat(&encoder.hidden_states("cat").get(6)),
        1e-5,
    );
}

#[test]
fn refusals_say_what_to_do() {
    let Some(encoder) = encoder() else { return };
    let long = "word ".repeat(300);
    let said = encoder.try_encode(&[&long]).unwrap_err().to_string();
    assert!(
        said.contains("302 tokens") && said.contains("256"),
        "{said}"
    );
    let none = encoder.try_encode(&[]).unwrap_err().to_string();
    assert!(none.contains("at least one"), "{none}");
    let said = refusal(|| encoder.attention("a cat").row("dog"));
    assert!(said.contains("[CLS] a cat [SEP]"), "{said}");
    let said = refusal(|| encoder.attention("a cat").head(6, 0));
    assert!(said.contains("layers go from 0 to 5"), "{said}");
}

//! Real tokenizers, against the numbers that OpenAI's own tiktoken gives.

use lessons::prelude::*;

use crate::refusals::refusal;

const HELLO: &str = "Hello, how are you?";

#[test]
fn known_texts_have_their_known_tokens() {
    let gpt2 = tokenizer("gpt2");
    assert_eq!(gpt2.encode(HELLO), [15496, 11, 703, 389, 345, 30]);
    let cl100k = tokenizer("cl100k");
    assert_eq!(cl100k.encode(HELLO), [9906, 11, 1268, 527, 499, 30]);
    assert_eq!((gpt2.len(), cl100k.len()), (50_257, 100_277));
}

#[test]
fn every_text_comes_back_and_special_ones_are_plain() {
    for name in ["gpt2", "cl100k"] {
        let tokens = tokenizer(name);
        for text in [
            "",
            " two  spaces\n\n",
            "Größe \u{1F600} 你好",
            "<|endoftext|>",
        ] {
            let encoded = tokens.encode(text);
            assert_eq!(tokens.decode(&encoded), text);
            assert!(!encoded.contains(&tokens.end_of_text()));
        }
        assert_eq!(tokens.decode(&[tokens.end_of_text()]), "<|endoftext|>");
    }
}

#[test]
fn pieces_show_their_numbers_spaces_and_broken_characters() {
    let shown = tokenizer("gpt2").pieces("Hello, how <b>\u{1F600}").show();
    assert!(shown.plain().contains("15 characters"));
    assert!(shown.plain().contains("Hello|,| how"), "{}", shown.plain());
    assert!(shown.plain().contains("15496|11|703"), "{}", shown.plain());
    assert!(shown.plain().contains("<F0>"), "{}", shown.plain());
    let (_, html) = shown.iter().find(|(kind, _)| *kind == "text/html").unwrap();
    assert!(
        html.contains("\u{b7}how") && html.contains("15496"),
        "{html}"
    );
    assert!(!html.contains("<b>"), "{html}");
}

#[test]
fn refusals_name_what_there_is() {
    let said = refusal(|| tokenizer("gpt3"));
    assert!(said.contains("\"gpt2\" and \"cl100k\""), "{said}");
    let said = refusal(|| tokenizer("gpt2").decode(&[50_300]));
    assert!(said.contains("50300") && said.contains("50256"), "{said}");
}

//! The transformer: its block against PyTorch, its parts against closed forms, its text against counts.

use lessons::prelude::*;

use crate::fixtures::{alone, assert_near, flat, numbers};
use crate::refusals::refusal;

#[test]
fn a_block_is_pytorchs_from_the_same_seed() {
    let _alone = alone();
    manual_seed(7);
    let block = transformer_block(8, 2, true);
    let names = [
        ("look.attention.in_proj_weight", "self_attn.in_proj_weight"),
        ("look.attention.in_proj_bias", "self_attn.in_proj_bias"),
        (
            "look.attention.out_proj.weight",
            "self_attn.out_proj.weight",
        ),
        ("look.attention.out_proj.bias", "self_attn.out_proj.bias"),
        ("think.wide.weight", "linear1.weight"),
        ("think.wide.bias", "linear1.bias"),
        ("think.narrow.weight", "linear2.weight"),
        ("think.narrow.bias", "linear2.bias"),
        ("look.norm.weight", "norm1.weight"),
        ("look.norm.bias", "norm1.bias"),
        ("think.norm.weight", "norm2.weight"),
        ("think.norm.bias", "norm2.bias"),
    ];
    let at = |part: &str| numbers(&format!("/layers/block/{part}"));
    let x = tensor(at("input")).reshape([2, 5, 8]);
    let y = block.forward(&x);
    assert_near(&flat(&y), &at("output"), 5e-6);
    y.square().sum(Kind::Float).backward();
    for (ours, theirs) in names {
        let parameter = block.parameter(ours);
        assert_near(
            &flat(&parameter),
            &at(&format!("parameters/{theirs}")),
            1e-7,
        );
        assert_near(
            &flat(&parameter.grad()),
            &at(&format!("gradients/{theirs}")),
            1e-4,
        );
    }
    assert_eq!(block.named_parameters().len(), names.len());
}

#[test]
fn a_gpt_does_not_see_the_future_and_counts_its_parameters() {
    let _alone = alone();
    manual_seed(5);
    let net = gpt(11, 8, 16, 4, 2);
    let (v, t, e) = (11, 8, 16);
    let block = 12 * e * e + 13 * e;
    assert_eq!(
        net.parameter_count(),
        v * e + t * e + 2 * block + 2 * e + v * e + v
    );
    let text = tensor([[1, 2, 3, 4, 5, 6, 7, 8]]);
    let other = tensor([[1, 2, 3, 4, 9, 9, 9, 9]]);
    let seen = |text: &Tensor| net.forward(text).narrow(1, 0, 4);
    assert_near(&flat(&seen(&text)), &flat(&seen(&other)), 1e-6);
    let long = net
        .try_forward(&Tensor::zeros([1, 9], (Kind::Int64, Device::Cpu)))
        .unwrap_err()
        .to_string();
    assert!(
        long.contains("layer positions") && long.contains("at most 8 positions"),
        "{long}"
    );
    let table = summary(&net, &text).show();
    assert!(
        table.plain().contains("block1.think.narrow"),
        "{}",
        table.plain()
    );
}

#[test]
fn a_gpt_learns_a_simple_text_by_heart() {
    let _alone = alone();
    manual_seed(1);
    let tokens = characters("abcd ");
    let text = tokens.encode(&"abcd dcba ".repeat(40));
    let net = gpt(tokens.len(), 12, 32, 4, 1);
    let mut optimizer = adamw(&net, 1e-2);
    for _ in 0..150 {
        let (x, y) = windows(&text, 12, 16);
        optimizer.backward_step(&next_token_loss(&net.forward(&x), &y));
    }
    let written = generate(&net, &tokens.encode("abcd"), 16, 12, Sampling::greedy());
    assert_eq!(tokens.decode(&written), "abcd dcba abcd dcba ");
    // A bigram cannot know whether the letters go up or down.
    let (x, y) = windows(&text, 12, 64);
    let last = next_token_loss(&net.forward(&x).narrow(1, 6, 6), &y.narrow(1, 6, 6)).item();
    assert!(
        last < 0.1 && bigram_loss(&text, &text, tokens.len()) > 0.5,
        "{last}"
    );
}

#[test]
fn rotary_products_know_only_the_distance() {
    let _alone = alone();
    manual_seed(9);
    let (q, k) = (randn(&[1, 8]), randn(&[1, 8]));
    let repeat = |x: &Tensor| rotary(&x.expand([10, 8], false).to_kind(Kind::Double));
    let products = repeat(&q).matmul(&repeat(&k).tr());
    for distance in -6..6 {
        let diagonal = flat(&products.diagonal(distance, 0, 1));
        assert_near(&diagonal, &vec![diagonal[0]; diagonal.len()], 1e-9);
    }
    assert_near(&flat(&rotary(&q)), &flat(&q), 1e-7);
    assert!(refusal(|| rotary(&randn(&[3, 5]))).contains("even size"));
}

#[test]
fn sinusoids_are_the_formula_and_positions_break_the_symmetry() {
    let _alone = alone();
    let positions = sinusoidal(6, 4);
    let expected = |p: f64| [p.sin(), p.cos(), (p / 100.0).sin(), (p / 100.0).cos()];
    assert_near(&flat(&positions.weight.get(5)), &expected(5.0), 1e-6);
    assert_eq!(
        (
            positions.named_parameters().len(),
            positions.named_buffers().len()
        ),
        (0, 1)
    );
    manual_seed(2);
    let net = Sequential::new()
        .add(sinusoidal(6, 8))
        .add(multi_head_attention(8, 2));
    let (x, order) = (randn(&[1, 6, 8]), tensor([5, 4, 3, 2, 1, 0]));
    let gap = net.forward(&x.index_select(1, &order)) - net.forward(&x).index_select(1, &order);
    assert!(gap.abs().max().item() > 1e-2, "the order matters");
}

#[test]
fn sampling_follows_the_chances() {
    let _alone = alone();
    let logits = tensor([1.0, 3.0, 2.0, -1.0]);
    let softmax = |temperature: f64| {
        let powers = [1.0, 3.0, 2.0, -1.0f64].map(|logit| (logit / temperature).exp());
        powers.map(|power| power / powers.iter().sum::<f64>())
    };
    assert_near(
        &flat(&Sampling::temperature(1.0).chances(&logits)),
        &softmax(1.0),
        1e-9,
    );
    assert_near(
        &flat(&Sampling::temperature(0.5).chances(&logits)),
        &softmax(0.5),
        1e-9,
    );
    assert_eq!(
        flat(&Sampling::greedy().chances(&logits)),
        [0.0, 1.0, 0.0, 0.0]
    );
    let [_, b, c, _] = softmax(1.0);
    let two = [0.0, b / (b + c), c / (b + c), 0.0];
    assert_near(
        &flat(&Sampling::temperature(1.0).top_k(2).chances(&logits)),
        &two,
        1e-9,
    );
    // b alone has .66, b and c have .90.
    assert_near(
        &flat(&Sampling::temperature(1.0).top_p(0.8).chances(&logits)),
        &two,
        1e-9,
    );
    assert_near(
        &flat(&Sampling::temperature(1.0).top_p(0.1).chances(&logits)),
        &[0.0, 1.0, 0.0, 0.0],
        1e-9,
    );
    assert_near(
        &flat(
            &Sampling::temperature(1.0)
                .top_k(9)
                .top_p(1.0)
                .chances(&logits),
        ),
        &softmax(1.0),
        1e-9,
    );
    manual_seed(6);
    let drawn = (0..2000)
        .filter(|_| next_token(&logits, Sampling::temperature(1.0)) == 1)
        .count();
    assert!(
        (drawn as f64 / 2000.0 - b).abs() < 0.04,
        "{drawn} against {b}"
    );
    assert!(refusal(|| Sampling::temperature(0.0)).contains("Sampling::greedy()"));
    assert!(
        refusal(|| Sampling::greedy().chances(&tensor([f64::NAN])))
            .contains("did training diverge")
    );
}

#[test]
fn byte_pairs_merge_as_in_the_textbook_and_decode_to_what_came() {
    let tokens = bpe("aaabdaaabac", 3);
    // aa becomes Z, Za or ab next: the text ends as X d X a c.
    assert_eq!(tokens.encode("aaabdaaabac").len(), 5);
    let learned = bpe(&sonnets()[..20_000], 200);
    assert_eq!(learned.len(), 456);
    let text = "Shall I compare thee to a summer's day? äöü 猫 \u{1f600}";
    assert_eq!(learned.decode(&learned.encode(text)), text);
    let plain = "and the world's sweet beauty";
    assert!(
        learned.encode(plain).len() * 10 < plain.len() * 7,
        "common words become few tokens"
    );
    assert!(
        learned.merges().text().contains("\"th\""),
        "{}",
        learned.merges().text()
    );
    assert_eq!(bpe("abc", 10).len(), 256, "no pair occurs twice");
    assert!(refusal(|| learned.decode(&[999])).contains("they go from 0 to 455"));
}

#[test]
fn characters_and_windows_keep_the_text() {
    let _alone = alone();
    let tokens = characters(sonnets());
    let all = tokens.encode(sonnets());
    assert_eq!(tokens.decode(&all), sonnets());
    let (x, y) = windows(&all, 20, 5);
    assert_eq!(x.narrow(1, 1, 19), y.narrow(1, 0, 19));
    assert!(sonnets().contains(&tokens.decode(&x.get(0))));
    assert!(refusal(|| tokens.encode("§")).contains("'§' is no token"));
    assert!(refusal(|| tokens.decode(&tensor([61]))).contains("61 is no token"));
    assert!(refusal(|| windows(&tensor([1, 2, 3]), 3, 1)).contains("3 tokens hold no piece of 3"));
    // Two letters by turns, each pair counted once more: (n + 1) / (n + 2) is the chance.
    let turns = tensor([0, 1, 0, 1, 0]);
    let expected = -((3.0f64 / 4.0).ln() * 2.0 + (3.0f64 / 4.0).ln() * 2.0) / 4.0;
    assert_near(&[bigram_loss(&turns, &turns, 2)], &[expected], 1e-12);
}

//! Tensors as they are shown: every kind, every odd shape, and nothing large copied whole.

use lessons::prelude::*;

fn text(tensor: &Tensor) -> String {
    tensor.show().plain().to_owned()
}

#[test]
fn a_small_matrix_is_shown_whole() {
    let x = tensor([[1.5, -2.25], [0.0, 10.0]]).set_requires_grad(true);
    insta::assert_snapshot!(text(&x), @r"
    Tensor [2, 2] Float Cpu requires_grad=true
    [[ 1.5000, -2.2500],
     [ 0.0000, 10.0000]]
    ");
}

#[test]
fn kinds_are_written_each_in_its_own_way() {
    let cases = [
        tensor(3.25),
        tensor([1, -20]),
        tensor([true, false]),
        tensor([1.0, 2.0]),
        tensor([0.5, 1.5]).to_kind(Kind::Half),
        tensor([0.5, 1.5]).to_kind(Kind::BFloat16),
        tensor([1e-7, 12.0]),
        tensor([f64::NAN, f64::INFINITY, -1.5]),
        tensor([1, 255]).to_kind(Kind::Uint8),
        Tensor::complex(&tensor([1.0]), &tensor([-2.0])),
    ];
    insta::assert_snapshot!(cases.iter().map(text).collect::<Vec<_>>().join("\n"), @r"
    Tensor [] Float Cpu requires_grad=false
    3.2500
    Tensor [2] Int64 Cpu requires_grad=false
    [  1, -20]
    Tensor [2] Bool Cpu requires_grad=false
    [ true, false]
    Tensor [2] Float Cpu requires_grad=false
    [1., 2.]
    Tensor [2] Half Cpu requires_grad=false
    [0.5000, 1.5000]
    Tensor [2] BFloat16 Cpu requires_grad=false
    [0.5000, 1.5000]
    Tensor [2] Float Cpu requires_grad=false
    [1.0000e-7,  1.2000e1]
    Tensor [3] Float Cpu requires_grad=false
    [    NaN,     inf, -1.5000]
    Tensor [2] Uint8 Cpu requires_grad=false
    [  1, 255]
    Tensor [1] ComplexFloat Cpu requires_grad=false
    [1.0000-2.0000i]
    ");
}

#[test]
fn what_has_no_values_says_so() {
    let sparse = tensor([[0.0, 1.0]]).to_sparse_sparse_dim(2);
    let cases = [
        Tensor::new(),
        tensor(Vec::<f64>::new()),
        tensor([[0.0; 0]; 3]),
        sparse,
    ];
    insta::assert_snapshot!(cases.iter().map(text).collect::<Vec<_>>().join("\n"), @r"
    Tensor, undefined
    (no value; a gradient is undefined before backward())
    Tensor [0] Float Cpu requires_grad=false
    [] (no values)
    Tensor [3, 0] Float Cpu requires_grad=false
    [] (no values)
    Tensor [1, 2] Float Cpu requires_grad=false
    (sparse: .to_dense shows its values)
    ");
}

#[test]
fn long_dimensions_show_their_ends() {
    let x = Tensor::arange(2000, (Kind::Int64, Device::Cpu));
    insta::assert_snapshot!(text(&x), @r"
    Tensor [2000] Int64 Cpu requires_grad=false
    [   0,    1,    2, ..., 1997, 1998, 1999]
    ");
    insta::assert_snapshot!(text(&x.reshape([2, 1000])), @r"
    Tensor [2, 1000] Int64 Cpu requires_grad=false
    [[   0,    1,    2, ...,  997,  998,  999],
     [1000, 1001, 1002, ..., 1997, 1998, 1999]]
    ");
    insta::assert_snapshot!(text(&x.reshape([100, 20])), @r"
    Tensor [100, 20] Int64 Cpu requires_grad=false
    [[   0,    1,    2, ...,   17,   18,   19],
     [  20,   21,   22, ...,   37,   38,   39],
     [  40,   41,   42, ...,   57,   58,   59],
     ...,
     [1940, 1941, 1942, ..., 1957, 1958, 1959],
     [1960, 1961, 1962, ..., 1977, 1978, 1979],
     [1980, 1981, 1982, ..., 1997, 1998, 1999]]
    ");
}

#[test]
fn more_dimensions_are_set_apart_by_empty_lines() {
    let x = Tensor::arange(12, (Kind::Int64, Device::Cpu)).reshape([2, 2, 3]);
    insta::assert_snapshot!(text(&x), @r"
    Tensor [2, 2, 3] Int64 Cpu requires_grad=false
    [[[ 0,  1,  2],
      [ 3,  4,  5]],

     [[ 6,  7,  8],
      [ 9, 10, 11]]]
    ");
}

#[test]
fn a_transposed_tensor_shows_its_own_order() {
    let x = tensor([[1, 2, 3], [4, 5, 6]]).tr();
    assert!(!x.is_contiguous());
    assert!(
        text(&x).ends_with("[[1, 4],\n [2, 5],\n [3, 6]]"),
        "{}",
        text(&x)
    );
}

#[test]
fn a_huge_tensor_is_not_copied() {
    // 10^15 values that take no room: copying them would end the test.
    let x = tensor(1.5).expand([100_000, 100_000, 100_000], false);
    assert!(text(&x).starts_with("Tensor [100000, 100000, 100000] Float Cpu"));
}

#[test]
fn html_carries_the_same_and_escapes() {
    let bundle = tensor([1.5]).show();
    let html = bundle
        .iter()
        .find(|(kind, _)| *kind == "text/html")
        .unwrap()
        .1;
    assert!(html.contains("Tensor [1] Float Cpu requires_grad=false") && html.contains("[1.5000]"));
}

#[test]
fn numbers_in_the_text_become_tensors() {
    assert_eq!(tensor([[1, 2], [3, 4]]).size(), [2, 2]);
    assert_eq!(tensor(vec![vec![[1.0]]]).size(), [1, 1, 1]);
    assert_eq!(tensor([1.0f32]).kind(), Kind::Float);
    assert_eq!(tensor([true]).kind(), Kind::Bool);
    assert_eq!(tensor(&[1i32][..]).kind(), Kind::Int64);
    assert_eq!(tensor(7).item(), 7.0);
}

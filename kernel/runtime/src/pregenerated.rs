//! Generic code that most cells ask for, compiled here once and not in every cell: what keeps a variable of a
//! common type, what shows a value, and the generic functions of tch and the standard library.
//! Nothing here is ever called.
//!
//! rustc shares what a crate has made of generic code only with crates above it, and only where that crate was
//! optimised at level 1 or less: the workspace's manifest says so for this one. All that is slow to run lies in
//! the crates below, which are optimised in full. What cells still make themselves is printed by
//! `-Zprint-mono-items=yes`.

// It is written as cells are.
#![allow(forgetting_references)]
#![allow(
    clippy::needless_borrow,
    clippy::eq_op,
    clippy::iter_cloned_collect,
    clippy::unwrap_used
)]

use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;
use std::hint::black_box;

use lessons::prelude::*;
use tch::nn::Module;

use crate::Cell;
use crate::result::{Answer, Form as _, Unshown as _};
use gradbook_cell::Thrown;

/// A variable's way out of the store, into a cell, and back.
fn kept<T: 'static>(cell: &Cell<'_>) {
    let value: T = cell.take("");
    std::mem::forget(black_box(&value));
    cell.put("", value);
    cell.put_back("", cell.take::<T>(""));
    drop(black_box(vec![cell.take::<T>("")]));
    drop(black_box(Some(cell.take::<T>(""))));
}

/// What a cell says as text of a value and of the usual collections of it.
fn printed<T: Debug + Clone + 'static>(cell: &Cell<'_>) {
    kept::<T>(cell);
    kept::<Vec<T>>(cell);
    let value: T = cell.take("");
    let list = vec![value.clone()];
    println!(
        "{value:?} {:?} {:?} {list:?} {list:#?}",
        Some(&value),
        (&value, &value)
    );
    (&&&&&Answer((&list).evcxr_display())).form();
    let mut grown = list.clone();
    grown.push(value.clone());
    grown.extend_from_slice(&list);
    let collected: Vec<T> = grown.iter().cloned().collect();
    drop(black_box((
        collected,
        grown,
        list.first(),
        list.last(),
        &list[0],
    )));
    (&&&&&Answer(value.evcxr_display())).form();
}

macro_rules! shown {
    ($cell:ident, $($shown:ty),* $(,)?) => {
        $(
            kept::<$shown>($cell);
            let value: $shown = $cell.take("");
            (&&&&&Answer(value.evcxr_display())).form();
            (&&&&&Answer((&value).evcxr_display())).form();
            lessons::show::display(&value);
        )*
    };
}

macro_rules! layers {
    ($cell:ident, $($layer:ty),* $(,)?) => {
        $(
            kept::<$layer>($cell);
            let layer: $layer = $cell.take("");
            layer.forward(&$cell.take("")).print();
            let network = Sequential::new().add(layer).named("", $cell.take::<$layer>(""));
            let boxed: Box<dyn Layer> = Box::new($cell.take::<$layer>(""));
            drop(black_box((network, boxed)));
        )*
    };
}

macro_rules! numbers {
    ($cell:ident, $($number:ty),*) => {
        $(
            printed::<$number>($cell);
            let list: Vec<$number> = $cell.take("");
            let sum: $number = list.iter().sum();
            let also: $number = list.iter().copied().sum();
            println!("{sum} {also:.3} {:>8} {:?}", sum, list.iter().copied().enumerate().next());
        )*
    };
}

/// Values and collections.
pub fn values(cell: &Cell<'_>) {
    numbers!(cell, f64, f32, i64, i32, usize);
    printed::<bool>(cell);
    printed::<char>(cell);
    printed::<String>(cell);
    printed::<&'static str>(cell);
    printed::<(f64, f64)>(cell);
    printed::<Vec<f64>>(cell);
    printed::<[f64; 2]>(cell);
    printed::<()>(cell);
    kept::<Vec<Tensor>>(cell);
    kept::<Vec<(String, Tensor)>>(cell);
    kept::<(Tensor, Tensor)>(cell);
    kept::<HashMap<String, f64>>(cell);
    kept::<BTreeMap<String, f64>>(cell);
    let words = cell.take::<String>("");
    println!("{words} {words:?} {}", &words[..]);
    eprintln!("{words}");
    let formatted = format!("{words}{}", "");
    drop(black_box((
        formatted,
        words.len(),
        words.clone() + "",
        words.to_owned(),
    )));
}

/// Errors on their way out of a cell.
pub fn errors(cell: &Cell<'_>) {
    cell.stage(|| Ok(()));
    cell.stage(|| Err::<(), Thrown>(cell.take::<tch::TchError>("").into()));
    cell.stage(|| Err::<(), Thrown>(cell.take::<ForwardError>("").into()));
    cell.stage(|| Err::<(), Thrown>(cell.take::<std::io::Error>("").into()));
    cell.stage(|| Err::<(), Thrown>(cell.take::<Box<dyn std::error::Error>>("").into()));
}

/// Tensors, with the generic functions that lessons and learners call.
pub fn tensors(cell: &Cell<'_>) {
    printed::<Kind>(cell);
    printed::<Device>(cell);
    kept::<nn::VarStore>(cell);
    kept::<nn::Sequential>(cell);
    kept::<nn::Optimizer>(cell);
    shown!(cell, Tensor);
    let x: Tensor = cell.take("");
    let result: Result<Tensor, tch::TchError> = cell.take("");
    println!("{x:?} {:?}", vec![x.shallow_clone()]);
    drop(black_box(result.unwrap()));
    let float = (Kind::Float, Device::Cpu);
    drop(black_box((
        (
            Tensor::zeros([1], float),
            Tensor::zeros([1, 1], float),
            Tensor::zeros(&[1][..], float),
        ),
        (
            Tensor::ones([1], float),
            Tensor::ones([1, 1], float),
            Tensor::ones(&[1][..], float),
        ),
        (
            Tensor::randn([1], float),
            Tensor::randn([1, 1], float),
            Tensor::randn(&[1][..], float),
        ),
        (
            Tensor::rand([1], float),
            Tensor::rand([1, 1], float),
            Tensor::rand(&[1][..], float),
        ),
        (
            Tensor::arange(1i64, float),
            Tensor::full([1, 1], 1.0, float),
            Tensor::eye(1, float),
        ),
        (
            Tensor::from_slice(&[1.0f64]),
            Tensor::from_slice(&[1.0f32]),
            Tensor::from_slice(&[1i64]),
        ),
    )));
    drop(black_box((
        (
            x.sum(Kind::Float),
            x.sum(Kind::Double),
            x.mean(Kind::Float),
            x.mean(Kind::Double),
        ),
        (
            x.softmax(-1, Kind::Float),
            x.log_softmax(-1, Kind::Float),
            x.prod(Kind::Float),
        ),
        (
            x.mean_dim(0i64, false, Kind::Float),
            x.sum_dim_intlist(0i64, false, Kind::Float),
        ),
        (
            x.mean_dim([0i64].as_slice(), true, Kind::Float),
            x.argmax(-1, false),
            x.argmax(None, false),
        ),
        (
            x.sum_dim_intlist([0i64].as_slice(), true, Kind::Float),
            x.std(true),
        ),
        (
            x.reshape([1]),
            x.reshape([1, 1]),
            x.view([1]),
            x.view([1, 1]),
            x.view((-1, 1)),
        ),
        (
            x.pow_tensor_scalar(2),
            x.pow_tensor_scalar(2.0),
            x.clamp(0.0, 1.0),
            x.clamp_min(0.0),
        ),
        (
            x.i(0),
            x.i((0, 0)),
            x.i(..),
            x.i((.., 0)),
            x.i((0, ..)),
            x.i(0..1),
            x.i((.., 0..1)),
        ),
        (
            x.eq(0i64),
            x.gt(0.0),
            x.lt(0.0),
            x.ge(0.0),
            x.le(0.0),
            x.to_kind(Kind::Float),
        ),
    )));
    drop(black_box((
        (
            &x + &x,
            &x - &x,
            &x * &x,
            &x / &x,
            -&x,
            &x + 1.0,
            &x - 1.0,
            &x * 2.0,
            &x / 2.0,
        ),
        (
            1.0 - &x,
            2.0 * &x,
            &x * 2i64,
            &x + 1i64,
            x.shallow_clone() * x.shallow_clone(),
        ),
        (
            f64::try_from(&x).unwrap(),
            i64::try_from(&x).unwrap(),
            f32::try_from(&x).unwrap(),
        ),
        (
            Vec::<f64>::try_from(&x).unwrap(),
            Vec::<f32>::try_from(&x).unwrap(),
        ),
        (
            Vec::<i64>::try_from(&x).unwrap(),
            x.size2().unwrap(),
            x.double_value(&[]),
            x.item(),
        ),
    )));
    drop(black_box((
        (
            tensor(1.0),
            tensor([1.0]),
            tensor([1.0, 1.0]),
            tensor([[1.0, 1.0], [1.0, 1.0]]),
        ),
        (
            tensor([1.0, 1.0, 1.0]),
            tensor(vec![1.0]),
            tensor(1i64),
            tensor([1i64, 1]),
        ),
        (
            randn(&[1]),
            rand(&[1]),
            no_grad(|| x.shallow_clone()),
            no_grad(|| x.item()),
        ),
    )));
    let seq = nn::seq().add(nn::linear(
        &nn::VarStore::new(Device::Cpu).root() / "",
        1,
        1,
        Default::default(),
    ));
    let seq = seq
        .add_fn(|x| x.relu())
        .add_fn(|x| x.sigmoid())
        .add_fn(|x| x.tanh());
    drop(black_box(seq.forward(&x)));
}

/// Networks, and what trains and shows them.
pub fn lessons(cell: &Cell<'_>) {
    layers!(
        cell, Linear, Activation, Sequential, Dropout, Embedding, Conv, LayerNorm, Recurrent,
        Residual
    );
    kept::<Optimizer>(cell);
    kept::<Dataset>(cell);
    kept::<Split>(cell);
    kept::<Normalizer>(cell);
    kept::<WordVectors>(cell);
    kept::<SentenceEncoder>(cell);
    kept::<Trainer>(cell);
    kept::<LiveCurve>(cell);
    shown!(
        cell,
        Summary,
        Trace,
        Table,
        Plot,
        LinePlot,
        LossCurve,
        GradientTable,
        GradientFlow,
        Claims,
        ConfusionMatrix,
        Roc,
        Race,
        RateRange,
        GradientCheck,
        Value,
        course::help::Shown,
        course::verdict::Verdict,
    );
    let (mut net, x, y): (Sequential, Tensor, Tensor) =
        (cell.take(""), cell.take(""), cell.take(""));
    let mut optimizer: Optimizer = cell.take("");
    for loss in [
        mse_loss(&x, &y),
        cross_entropy_loss(&x, &y),
        bce_loss(&x, &y),
    ] {
        optimizer.zero_grad();
        loss.backward();
        optimizer.step();
        optimizer.backward_step(&loss);
        optimizer.set_lr(loss.item());
    }
    drop(black_box((
        summary(&net, &x),
        gradients(&net),
        gradient_flow(&net),
        net.parameter_count(),
    )));
    drop(black_box((
        sgd(&net, 0.1),
        adam(&net, 0.1),
        net.forward(&x),
        trace(&net, &x),
    )));
    let mut training = [
        trainer(mse_loss),
        trainer(cross_entropy_loss),
        trainer(bce_loss),
    ];
    for run in &mut training {
        run.fit(&mut net, &mut optimizer, &x, &y, 1);
        drop(black_box(run.history().curve()));
    }
    for _ in progress(0..1) {}
    crate::checkpoint();
}

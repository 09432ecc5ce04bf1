//! The exercises of notebook 05.

use course::check;

use crate::harness::tested;

#[test]
fn training_loop_order() {
    let (batch, forward) = ("take the next batch", "prediction = model.forward(x)");
    let loss = "loss = mse_loss(prediction, y)";
    let (clear, backward, step) = (
        "optimizer.zero_grad()",
        "loss.backward()",
        "optimizer.step()",
    );
    tested("training_loop_order", |test| {
        test.unattempted(|| check::training_loop_order(&[]));
        test.accepts(|_| {
            check::training_loop_order(&[batch, forward, loss, clear, backward, step])
        });
        test.refuses("no gradients to step along", |_| {
            check::training_loop_order(&[batch, forward, loss, clear, step, backward])
        });
        test.refuses("clears the gradients that backward() has just made", |_| {
            check::training_loop_order(&[batch, forward, loss, backward, clear, step])
        });
        test.refuses("The loss needs the prediction", |_| {
            check::training_loop_order(&[batch, loss, forward, clear, backward, step])
        });
        test.refuses("Did you mean \"optimizer.zero_grad()\"?", |_| {
            check::training_loop_order(&[
                batch,
                forward,
                loss,
                "optimizer.zerograd()",
                backward,
                step,
            ])
        });
        test.refuses("is missing", |_| {
            check::training_loop_order(&[forward, loss, clear, backward, step])
        });
        test.refuses("stands there twice", |_| {
            check::training_loop_order(&[batch, batch, forward, loss, clear, backward])
        });
    });
}

//! The loop itself: every batch of every epoch, then the validation loss, then the best weights.
//! Knows nothing of how it was set up.

use tch::{Kind, Tensor};

use super::error::TrainingError;
use super::{Epoch, Trainer, Unit, diagnosis, error};
use crate::backward::go_back;
use crate::interrupt::checkpoint;
use crate::layer::Layer;
use crate::live::{LiveCurve, live_curve};
use crate::optimizer::Optimize;
use crate::progress::progress_bar;
use crate::tensors::no_grad;
use crate::weights::{copy_weights, try_restore_weights};

impl Trainer {
    pub(super) fn epochs(
        &mut self,
        net: &mut dyn Layer,
        optimizer: &mut dyn Optimize,
        x: &Tensor,
        y: &Tensor,
        epochs: usize,
    ) -> Result<(), TrainingError> {
        let mut live = self.live.then(|| live_curve(self.history.curve()));
        let mut bar = self.progress.then(|| progress_bar(epochs));
        let mut waited = 0;
        for _ in 0..epochs {
            let epoch = self.epoch(net, optimizer, x, y)?;
            show(&mut live, &epoch);
            if let Some(bar) = &mut bar {
                bar.message(&format!("loss {:.4}", epoch.judged()));
                bar.advance(1);
            }
            self.history.push(epoch);
            if self.patience.is_some() {
                waited = if self.keep_if_best(net) {
                    0
                } else {
                    waited + 1
                };
            }
            if self.patience.is_some_and(|patience| waited >= patience) {
                self.history.stopped_early();
                break;
            }
        }
        // Each loss was measured before its step: only the weights tell of the last one.
        diagnosis::check_weights(net, &self.history.train())
    }

    /// Once through all examples, then the validation loss.
    fn epoch(
        &mut self,
        net: &mut dyn Layer,
        optimizer: &mut dyn Optimize,
        x: &Tensor,
        y: &Tensor,
    ) -> Result<Epoch, TrainingError> {
        let mut rate = None;
        net.set_training(true);
        let mut sum = 0.0;
        let mut losses = Vec::new();
        for batch in self.order(x).split(self.batch_size, 0) {
            checkpoint();
            if let Some((schedule, unit)) = self.schedule {
                let at = match unit {
                    Unit::Epoch => self.before.0 + self.history.len(),
                    Unit::Step => self.before.1 + self.steps,
                };
                let now = schedule.rate(at);
                optimizer.set_lr(now);
                rate = Some(now);
            }
            let (x, y) = (x.index_select(0, &batch), y.index_select(0, &batch));

            let prediction = net.try_forward(&x)?; // 1. forward
            let loss = (self.loss)(&prediction, &y); // 2. loss
            let value = error::one_number(&loss)?;
            losses.push(value);
            if !value.is_finite() {
                let epoch = self.history.len() + 1;
                return Err(diagnosis::not_finite(
                    net,
                    (&x, &prediction),
                    (epoch, &self.history.train()),
                    &losses,
                ));
            }
            optimizer.zero_grad(); // 3. forget the last step's gradients
            go_back(&loss)?; // 4. backward
            if let Some(norm) = self.clip {
                optimizer.clip_grad_norm(norm);
            }
            optimizer.step(); // 5. step
            self.steps += 1;

            sum += value * batch.size()[0] as f64;
        }
        let train = sum / x.size()[0] as f64;
        let validation = self.validate(net)?;
        if let Some(loss) = validation.filter(|loss| !loss.is_finite()) {
            let before = [self.history.train(), vec![train]].concat();
            return Err(diagnosis::odd_validation(net, loss, &before));
        }
        Ok(Epoch {
            train,
            validation,
            rate,
        })
    }

    /// The order of the examples in this epoch: `[examples]` of kind Int64.
    fn order(&self, x: &Tensor) -> Tensor {
        let examples = x.size()[0];
        if self.shuffle {
            // Drawn on the CPU, so that a seed gives the same order on any device.
            Tensor::randperm(examples, (Kind::Int64, tch::Device::Cpu)).to_device(x.device())
        } else {
            Tensor::arange(examples, (Kind::Int64, x.device()))
        }
    }

    fn validate(&self, net: &mut dyn Layer) -> Result<Option<f64>, TrainingError> {
        let Some((x, y)) = &self.validation else {
            return Ok(None);
        };
        net.set_training(false);
        let loss = no_grad(|| -> Result<f64, TrainingError> {
            error::one_number(&(self.loss)(&net.try_forward(x)?, y))
        });
        net.set_training(true);
        loss.map(Some)
    }

    /// Whether the epoch just pushed is the best so far; its weights are then kept.
    fn keep_if_best(&mut self, net: &dyn Layer) -> bool {
        let Some(loss) = self.history.last().map(Epoch::judged) else {
            return false;
        };
        let better = self.best.as_ref().is_none_or(|(best, _)| loss < *best)
            && loss.is_finite()
            && diagnosis::check_weights(net, &[]).is_ok();
        if better {
            self.best = Some((loss, copy_weights(net)));
        }
        better
    }

    pub(super) fn restore_best(&self, net: &dyn Layer) {
        if let Some((_, weights)) = &self.best {
            // The weights are this very network's: their names and shapes agree.
            let _ = try_restore_weights(net, weights);
        }
    }
}

fn show(live: &mut Option<LiveCurve>, epoch: &Epoch) {
    match (live, epoch.validation) {
        (Some(live), Some(validation)) => live.push_both(epoch.train, validation),
        (Some(live), None) => live.push(epoch.train),
        (None, _) => {}
    }
}

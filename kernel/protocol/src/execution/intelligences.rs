//! Questions about code go out to blocking threads, answers or a sentence saying why not come back.
//! Knows nothing of the questions: they are closures.

use std::sync::Arc;

use tokio::sync::{Semaphore, watch};

use crate::evaluator::Intelligence;

/// Questions asked at once; more wait, so that slow answers cannot take all threads.
const AT_ONCE: usize = 16;

/// What the evaluator's thread announces once the evaluator exists, or could not be made.
pub(super) type Announced = Option<Result<Arc<dyn Intelligence>, String>>;

/// The way to code intelligence, which may not exist yet.
pub(crate) struct Intelligences {
    announced: watch::Receiver<Announced>,
    places: Semaphore,
}

impl Intelligences {
    pub(super) fn new(announced: watch::Receiver<Announced>) -> Intelligences {
        Intelligences {
            announced,
            places: Semaphore::new(AT_ONCE),
        }
    }

    /// Waits for the evaluator to exist, then for the answer; never for a cell.
    ///
    /// # Errors
    /// Says why there is no answer: no evaluator, or the question made it panic.
    pub(crate) async fn ask<Answer: Send + 'static>(
        &self,
        question: impl FnOnce(&dyn Intelligence) -> Answer + Send + 'static,
    ) -> Result<Answer, String> {
        let intelligence = self.wait().await?;
        let _place = self.places.acquire().await;
        tokio::task::spawn_blocking(move || question(&*intelligence))
            .await
            .map_err(|fault| format!("code intelligence failed: {fault}"))
    }

    async fn wait(&self) -> Result<Arc<dyn Intelligence>, String> {
        let mut announced = self.announced.clone();
        match announced.wait_for(Option::is_some).await.as_deref() {
            Ok(Some(Ok(intelligence))) => Ok(Arc::clone(intelligence)),
            Ok(Some(Err(fault))) => Err(fault.clone()),
            _ => Err("the kernel is shutting down".to_owned()),
        }
    }
}

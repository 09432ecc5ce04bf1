//! Who makes what: of several threads that want the same thing made, one makes it and the others wait.
//! Knows nothing of what is made; a thing is its key.

use std::collections::HashSet;
use std::io;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How often one who waits looks whether to give up.
const BETWEEN_LOOKS: Duration = Duration::from_millis(20);

/// What threads of this process are making.
#[derive(Debug, Clone, Default)]
pub struct Claims(Arc<Claimed>);

#[derive(Debug, Default)]
struct Claimed {
    keys: Mutex<HashSet<String>>,
    ended: Condvar,
}

/// The right to make one thing, until it is dropped.
#[derive(Debug)]
pub struct Claim {
    key: String,
    claims: Claims,
}

impl Claims {
    /// The right to make this; waits while another thread makes it.
    ///
    /// # Errors
    /// Of kind `Interrupted`, once `give_up` says so.
    pub fn claim(&self, key: &str, give_up: impl Fn() -> bool) -> io::Result<Claim> {
        let mut keys = self.keys();
        while keys.contains(key) {
            if give_up() {
                return Err(io::ErrorKind::Interrupted.into());
            }
            let waited = self.0.ended.wait_timeout(keys, BETWEEN_LOOKS);
            keys = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        keys.insert(key.to_owned());
        let (key, claims) = (key.to_owned(), self.clone());
        Ok(Claim { key, claims })
    }

    fn keys(&self) -> MutexGuard<'_, HashSet<String>> {
        self.0.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        self.claims.keys().remove(&self.key);
        self.claims.0.ended.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_threads_one_makes_it_and_the_other_waits() {
        let claims = Claims::default();
        let claim = claims.claim("k", || false).expect("nobody else");
        let refused = claims.claim("k", || true).expect_err("taken");
        assert_eq!(refused.kind(), io::ErrorKind::Interrupted);
        let other = claims.claim("other", || true).expect("another key");
        let waits = std::thread::spawn({
            let claims = claims.clone();
            move || claims.claim("k", || false).is_ok()
        });
        drop((claim, other));
        assert!(waits.join().expect("a thread"));
    }
}

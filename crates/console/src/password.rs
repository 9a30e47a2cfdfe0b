//! Passwords: argon2id, a few at a time, so that guessing is dear and signing in takes nothing from the gateway.

use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

/// Memory of one hash in KiB, passes over it, lanes: what OWASP asks for at least.
const COST: (u32, u32, u32) = (19_456, 2, 1);
/// Characters of a password at least and at most.
pub const CHARS: std::ops::RangeInclusive<usize> = 12..=200;
/// Hashes that wait for their turn; who comes later is told to come again.
const WAITING_MAX: usize = 16;

/// Why there is no hash.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Too short or too long.
    #[error("a password has {} to {} characters", CHARS.start(), CHARS.end())]
    Length,
    /// The library refused.
    #[error("the password cannot be hashed: {0}")]
    Hash(String),
}

fn hasher() -> Result<Argon2<'static>, Error> {
    let (memory, passes, lanes) = COST;
    let params = Params::new(memory, passes, lanes, None).map_err(|error| Error::Hash(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Hashes a password with a salt that nobody else has. Takes some hundredths of a second and 19 MiB.
///
/// # Errors
/// The password is too short or too long.
pub fn hash(password: &str, salt: [u8; 16]) -> Result<String, Error> {
    if !CHARS.contains(&password.chars().count()) {
        return Err(Error::Length);
    }
    let salt = SaltString::encode_b64(&salt).map_err(|error| Error::Hash(error.to_string()))?;
    let hashed = hasher()?.hash_password(password.as_bytes(), &salt);
    Ok(hashed.map_err(|error| Error::Hash(error.to_string()))?.to_string())
}

/// Whether a password is the one that was hashed. Takes as long where there is no hash: who has an account is not told.
pub fn is_right(password: &str, hash: Option<&str>) -> bool {
    const NOBODYS: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5cyBzYWx0IQ$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let (Ok(hasher), Ok(parsed)) = (hasher(), PasswordHash::new(hash.unwrap_or(NOBODYS))) else { return false };
    // Longer ones were never hashed; reading on in them only costs.
    let right = password.len() <= 4 * CHARS.end() && hasher.verify_password(password.as_bytes(), &parsed).is_ok();
    right && hash.is_some()
}

/// Lets one hash be made at a time.
#[derive(Debug)]
pub struct Gate {
    turn: Semaphore,
    waiting: Semaphore,
}

impl Default for Gate {
    fn default() -> Self {
        Self { turn: Semaphore::new(1), waiting: Semaphore::new(WAITING_MAX) }
    }
}

impl Gate {
    /// Does work when its turn comes, beside the threads that serve; none where too many wait already.
    pub async fn pass<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        let _place = self.waiting.try_acquire().ok()?;
        let _turn = self.turn.acquire().await.ok()?;
        tokio::task::spawn_blocking(work).await.ok()
    }
}

#[cfg(test)]
mod tests {
    use super::{Gate, hash, is_right};

    #[test]
    fn only_the_password_itself_is_right_and_its_hash_says_how_it_was_made() {
        let hashed = hash("correct horse", [7; 16]).unwrap();
        assert!(hashed.starts_with("$argon2id$v=19$m=19456,t=2,p=1$") && !hashed.contains("horse"));
        assert!(is_right("correct horse", Some(&hashed)));
        assert!(!is_right("correct horsf", Some(&hashed)) && !is_right("", Some(&hashed)));
        assert!(!is_right("correct horse", None) && !is_right("correct horse", Some("plain")));
        assert_ne!(hashed, hash("correct horse", [8; 16]).unwrap());
        assert!(hash("short", [7; 16]).is_err() && hash(&"x".repeat(201), [7; 16]).is_err());
    }

    #[tokio::test(flavor = "multi_thread")]
    #[expect(clippy::disallowed_methods, reason = "hashes that take their time, asked for at once")]
    async fn one_hash_is_made_at_a_time_and_not_many_wait() {
        use std::sync::Arc;
        use std::sync::atomic::{AtomicU32, Ordering};
        let (gate, running) = (Arc::new(Gate::default()), Arc::new(AtomicU32::new(0)));
        let tries: Vec<_> = (0..40)
            .map(|_| {
                let (gate, running) = (gate.clone(), running.clone());
                tokio::spawn(async move {
                    gate.pass(move || {
                        let together = running.fetch_add(1, Ordering::SeqCst);
                        std::thread::sleep(std::time::Duration::from_millis(2));
                        running.fetch_sub(1, Ordering::SeqCst);
                        together
                    })
                    .await
                })
            })
            .collect();
        let mut done = 0;
        for one in tries {
            let together = one.await.unwrap();
            assert!(together.is_none_or(|together| together == 0));
            done += u32::from(together.is_some());
        }
        assert!((16..40).contains(&done), "{done}");
    }
}

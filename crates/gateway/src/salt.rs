//! What records keep of texts: HMACs under salts that only the app's record secret can make again.
//!
//! The salt of attempt n of a request is `HMAC-SHA256(record secret, "freehold salt v1" ‖ request id ‖ n)`, n as four
//! bytes, big-endian; attempt 0 is the body as it came, for refusals. The answer's salt says `"freehold salt v1 answer"`
//! instead. So showing one salt proves one text, and destroying the secret makes every MAC of the app meaningless.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use hmac::{Hmac, Mac as _};
use realm::record::Mac;
use sha2::Sha256;

use crate::secret::Secret;

/// Which text of a request a record speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Text {
    /// A body: as it came (attempt 0), or as it was sent on an attempt.
    Body,
    /// What a provider answered on an attempt.
    Answer,
}

/// What a record would hold of a text: made again by whoever has the app's record secret, to be compared.
pub fn mac_of(secret: [u8; 32], request_id: &str, (text, attempt): (Text, u32), bytes: &[u8]) -> Mac {
    let salts = Salts::new(Secret::new(secret), request_id);
    match text {
        Text::Body => salts.body(attempt, bytes),
        Text::Answer => {
            let mut mac = salts.answer(attempt);
            mac.update(bytes);
            mac.finish()
        }
    }
}

/// The salts of one request.
pub(crate) struct Salts {
    secret: Secret<[u8; 32]>,
    request_id: String,
}

/// An answer's MAC while its parts come.
pub(crate) struct Running(Hmac<Sha256>);

impl Salts {
    pub(crate) fn new(secret: Secret<[u8; 32]>, request_id: &str) -> Self {
        Self { secret, request_id: request_id.to_owned() }
    }

    /// The MAC of a body sent on an attempt; of the body received, on attempt 0.
    pub(crate) fn body(&self, attempt: u32, body: &[u8]) -> Mac {
        let mut mac = self.salted(b"freehold salt v1", attempt);
        mac.update(body);
        encode(mac)
    }

    /// The MAC of the bodies sent on an attempt, as if they were one.
    pub(crate) fn bodies<'b>(&self, attempt: u32, bodies: impl Iterator<Item = &'b [u8]>) -> Mac {
        let mut mac = self.salted(b"freehold salt v1", attempt);
        bodies.for_each(|body| mac.update(body));
        encode(mac)
    }

    /// The MAC of an attempt's answer, to be fed.
    pub(crate) fn answer(&self, attempt: u32) -> Running {
        Running(self.salted(b"freehold salt v1 answer", attempt))
    }

    /// The MAC of what a request asks, part by part: the same for every such request of the app.
    pub(crate) fn asked(&self, parts: &[&[u8]]) -> Mac {
        let mut mac = keyed(self.secret.expose());
        mac.update(b"freehold ticket v1");
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        encode(mac)
    }

    /// The MAC of an end user's name: the same for every request of the app.
    pub(crate) fn user(&self, name: &str) -> Mac {
        let mut mac = keyed(self.secret.expose());
        mac.update(b"freehold user v1");
        mac.update(name.as_bytes());
        encode(mac)
    }

    fn salted(&self, label: &[u8], attempt: u32) -> Hmac<Sha256> {
        let mut salt = keyed(self.secret.expose());
        salt.update(label);
        salt.update(self.request_id.as_bytes());
        salt.update(&attempt.to_be_bytes());
        keyed(&salt.finalize().into_bytes())
    }
}

impl Running {
    /// Takes the next part of the answer.
    pub(crate) fn update(&mut self, part: &[u8]) {
        self.0.update(part);
    }

    /// The MAC of all parts.
    pub(crate) fn finish(self) -> Mac {
        encode(self.0)
    }
}

fn keyed(key: &[u8]) -> Hmac<Sha256> {
    Hmac::new_from_slice(key).expect("HMAC takes a key of any length")
}

fn encode(mac: Hmac<Sha256>) -> Mac {
    Mac(STANDARD_NO_PAD.encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::Salts;
    use crate::secret::Secret;

    #[test]
    fn a_mac_depends_on_secret_request_attempt_kind_and_text() {
        let salts = |secret: u8, id: &str| Salts::new(Secret::new([secret; 32]), id);
        let one = salts(1, "r1");
        let macs = [
            one.body(1, b"text"),
            one.body(2, b"text"),
            one.body(1, b"other"),
            salts(2, "r1").body(1, b"text"),
            salts(1, "r2").body(1, b"text"),
            one.answer(1).finish(),
            one.user("text"),
            one.asked(&[b"te", b"xt"]),
            one.asked(&[b"text"]),
        ];
        for (i, mac) in macs.iter().enumerate() {
            assert!(macs[i + 1..].iter().all(|other| other != mac), "{i}");
        }
        let mut parts = one.answer(1);
        parts.update(b"te");
        parts.update(b"xt");
        let mut whole = one.answer(1);
        whole.update(b"text");
        assert_eq!(parts.finish(), whole.finish());
    }
}

//! Whether somebody is the end user who asks: records keep only the MAC of a name, so the other name is put through the same.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use hmac::{Hmac, Mac as _};
use sha2::Sha256;

use super::Ticket;
use crate::RecordSecret;

impl Ticket {
    /// Whether one of these names is the end user's, as the app's record secret tells.
    pub(super) fn is_asked_by(&self, names: &[&str], secret: &RecordSecret) -> bool {
        self.user.as_ref().is_some_and(|user| names.iter().any(|name| mac_of_user(secret, name) == *user))
    }
}

/// The MAC of an end user's name, as a gateway makes it for records.
pub fn mac_of_user(secret: &RecordSecret, name: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(&secret.0).expect("HMAC takes a key of any length");
    mac.update(b"freehold user v1");
    mac.update(name.as_bytes());
    STANDARD_NO_PAD.encode(mac.finalize().into_bytes())
}

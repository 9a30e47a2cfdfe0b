//! Cosignatures (C2SP tlog-cosignature): a witness states what it saw and when.
//!
//! Version 1 is Ed25519. The newer ML-DSA-44 form is laid out here and not yet made or checked: its lines count as
//! signatures of unknown keys, as the note format wants.

/// The type byte of ML-DSA-44 cosignatures.
pub const ML_DSA_44_TYPE: u8 = 0x06;
/// Bytes of an ML-DSA-44 signature.
pub const ML_DSA_44_BYTES: usize = 2420;

/// Returns what a version 1 cosignature signs.
pub fn message(note_text: &str, time_s: u64) -> String {
    format!("cosignature/v1\ntime {time_s}\n{note_text}")
}

/// Returns what an ML-DSA-44 cosignature of a checkpoint signs; `None` if a name is empty or longer than 255 bytes.
pub fn ml_dsa_44_message(
    cosigner: &str,
    origin: &crate::Origin,
    time_s: u64,
    size: crate::TreeSize,
    root: &crate::Hash,
) -> Option<Vec<u8>> {
    let short = |name: &str| u8::try_from(name.len()).ok().filter(|length| *length > 0);
    let mut message = b"subtree/v1\n\0".to_vec();
    message.push(short(cosigner)?);
    message.extend_from_slice(cosigner.as_bytes());
    message.extend_from_slice(&time_s.to_be_bytes());
    message.push(short(origin.as_str())?);
    message.extend_from_slice(origin.as_str().as_bytes());
    message.extend_from_slice(&0u64.to_be_bytes());
    message.extend_from_slice(&size.0.to_be_bytes());
    message.extend_from_slice(&root.0);
    Some(message)
}

/// Takes the payload of a cosignature apart: when, and the signature.
pub(crate) fn split(payload: &[u8]) -> Option<(u64, &[u8])> {
    let (time, signature) = payload.split_first_chunk::<8>()?;
    let time_s = u64::from_be_bytes(*time);
    (time_s <= i64::MAX as u64).then_some((time_s, signature))
}

/// Puts the payload of a cosignature together.
pub(crate) fn join(time_s: u64, signature: &[u8]) -> Vec<u8> {
    [&time_s.to_be_bytes(), signature].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Hash, Origin, TreeSize};

    #[test]
    fn lays_out_the_ml_dsa_message_of_the_specification() {
        let origin = Origin::new("log.test/a").unwrap();
        let message = ml_dsa_44_message("w.test", &origin, 7, TreeSize(258), &Hash([9; 32])).unwrap();
        assert_eq!(message.len(), 12 + 1 + 6 + 8 + 1 + 10 + 8 + 8 + 32);
        assert_eq!(&message[..20], b"subtree/v1\n\0\x06w.test\0");
        assert_eq!(message[26..29], [7, 10, b'l']);
        assert_eq!(message[46..54], [0, 0, 0, 0, 0, 0, 1, 2]);
        assert!(ml_dsa_44_message("", &origin, 7, TreeSize(1), &Hash::default()).is_none());
        assert!(ml_dsa_44_message(&"w".repeat(256), &origin, 7, TreeSize(1), &Hash::default()).is_none());
    }
}

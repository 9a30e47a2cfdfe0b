//! Short bodies in buffers of their own.

use bytes::Bytes;

/// Up to here copying costs less than a new buffer for the connection.
const SHORT: usize = 4 << 10;

/// A short body copied out of its connection's read buffer, which can then be filled again instead of being kept, 8 KiB
/// and more, for as long as the request lives.
pub(crate) fn own(body: Bytes) -> Bytes {
    if body.len() <= SHORT { Bytes::copy_from_slice(&body) } else { body }
}

#[cfg(test)]
mod tests {
    use super::own;
    use bytes::Bytes;

    #[test]
    fn only_what_is_short_is_copied() {
        let (short, long) = (Bytes::from(vec![1; 10]), Bytes::from(vec![1; 10_000]));
        assert!(own(short.clone()) == short && own(short.clone()).as_ptr() != short.as_ptr());
        assert_eq!(own(long.clone()).as_ptr(), long.as_ptr());
    }
}

//! What a file is that cannot be a whole receipt, told from its bytes before any of them is judged.

const HEADER: &[u8] = b"c2sp.org/tlog-proof@";

/// The message that says why this is no whole receipt; none where it may be one.
pub(super) fn misfit(bytes: &[u8]) -> Option<&'static str> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Some("receipt-empty");
    }
    if HEADER.starts_with(bytes) {
        return Some("receipt-cut");
    }
    if !bytes.starts_with(HEADER) {
        let begins = |with: &[u8]| bytes.trim_ascii_start().starts_with(with);
        // What `curl` saves where a receipt was asked for and refused, or where its headers were saved too.
        let is_answer = begins(b"{") || begins(b"HTTP/") || begins(b"<");
        return Some(if is_answer { "receipt-is-an-answer" } else { "receipt-is-none" });
    }
    if bytes.windows(2).any(|pair| pair == b"\r\n") {
        return Some("receipt-windows");
    }
    // A receipt is its proof, a blank line, a checkpoint, a blank line, and signatures to the end of the last line.
    let blanks = bytes.windows(2).filter(|pair| *pair == b"\n\n").count();
    (blanks < 2 || !bytes.ends_with(b"\n")).then_some("receipt-cut")
}

#[cfg(test)]
mod tests {
    use super::misfit;

    #[test]
    fn says_what_a_file_is_that_is_no_whole_receipt() {
        let whole = "c2sp.org/tlog-proof@v1\nindex 0\n\nlog\n1\nroot\n\n\u{2014} log sig\n";
        assert_eq!(misfit(whole.as_bytes()), None);
        for cut in [10, 30, 35, 50, whole.len() - 1] {
            assert_eq!(misfit(&whole.as_bytes()[..cut]), Some("receipt-cut"), "{cut}");
        }
        assert_eq!(misfit(b" \n"), Some("receipt-empty"));
        assert_eq!(misfit(whole.replace('\n', "\r\n").as_bytes()), Some("receipt-windows"));
        assert_eq!(misfit(b"{\"error\": {}}"), Some("receipt-is-an-answer"));
        assert_eq!(misfit(b"HTTP/1.1 403 Forbidden\r\n"), Some("receipt-is-an-answer"));
        assert_eq!(misfit(b"hello"), Some("receipt-is-none"));
    }
}

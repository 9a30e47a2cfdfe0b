//! From token bytes to text that may be shown: whole code points only, and never a part of a stop
//! word. Pure.

/// Gathers bytes and lets out what is certain.
#[derive(Debug, Default)]
pub(super) struct TextOut {
    stops: Vec<String>,
    /// Bytes that do not yet make a code point; at most three.
    bytes: Vec<u8>,
    /// Text held back because it may be the start of a stop word; shorter than the longest.
    held: String,
    stopped: bool,
}

impl TextOut {
    pub(super) fn new(stops: Vec<String>) -> Self {
        Self { stops, ..Self::default() }
    }

    /// Whether a stop word was met. Nothing comes after it.
    pub(super) fn is_stopped(&self) -> bool {
        self.stopped
    }

    /// Takes the bytes of one token; returns the text that can be shown now.
    pub(super) fn push(&mut self, piece: &[u8]) -> String {
        if self.stopped {
            return String::new();
        }
        if self.bytes.is_empty()
            && let Ok(text) = std::str::from_utf8(piece)
        {
            self.held.push_str(text);
        } else {
            self.bytes.extend_from_slice(piece);
            decode(&mut self.bytes, &mut self.held, false);
        }
        self.release(false)
    }

    /// The answer is over: what was held back, with broken bytes as U+FFFD.
    pub(super) fn finish(&mut self) -> String {
        if self.stopped {
            return String::new();
        }
        decode(&mut self.bytes, &mut self.held, true);
        self.release(true)
    }

    fn release(&mut self, all: bool) -> String {
        if self.stops.is_empty() {
            return std::mem::take(&mut self.held);
        }
        if let Some(start) = first_stop(&self.held, &self.stops) {
            self.stopped = true;
            self.held.truncate(start);
            return std::mem::take(&mut self.held);
        }
        let keep = if all { 0 } else { longest_start(&self.held, &self.stops) };
        let rest = self.held.split_off(self.held.len() - keep);
        std::mem::replace(&mut self.held, rest)
    }
}

/// Moves whole code points from `bytes` to `text`; what can never become one turns into U+FFFD.
fn decode(bytes: &mut Vec<u8>, text: &mut String, last: bool) {
    let mut done = 0;
    loop {
        match std::str::from_utf8(&bytes[done..]) {
            Ok(rest) => {
                text.push_str(rest);
                done = bytes.len();
                break;
            }
            Err(e) => {
                let valid = done + e.valid_up_to();
                // The error says that these bytes are valid, so nothing is lost.
                text.push_str(&String::from_utf8_lossy(&bytes[done..valid]));
                match e.error_len() {
                    Some(n) => {
                        text.push(char::REPLACEMENT_CHARACTER);
                        done = valid + n;
                    }
                    None if last => {
                        text.push(char::REPLACEMENT_CHARACTER);
                        done = bytes.len();
                        break;
                    }
                    None => {
                        done = valid;
                        break;
                    }
                }
            }
        }
    }
    bytes.drain(..done);
}

/// Where the stop word begins that is complete first; of those, the longest.
fn first_stop(text: &str, stops: &[String]) -> Option<usize> {
    let ends = stops.iter().filter_map(|stop| {
        let start = text.find(stop.as_str())?;
        Some((start + stop.len(), start))
    });
    ends.min().map(|(_, start)| start)
}

/// How many bytes at the end of `text` are a proper start of some stop word.
fn longest_start(text: &str, stops: &[String]) -> usize {
    let one = |stop: &String| {
        let longest = stop.len().saturating_sub(1).min(text.len());
        (1..=longest).rev().find(|n| text.as_bytes().ends_with(&stop.as_bytes()[..*n]))
    };
    stops.iter().filter_map(one).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{Strategy, any, prop_assert, prop_assert_eq, proptest};

    use super::*;

    /// The text before the stop word that is complete first, by looking at all prefixes.
    fn naive(text: &str, stops: &[String]) -> (String, bool) {
        for end in text.char_indices().map(|(i, c)| i + c.len_utf8()) {
            let starts = stops.iter().filter(|s| text[..end].ends_with(s.as_str())).map(|s| end - s.len());
            if let Some(start) = starts.min() {
                return (text[..start].to_string(), true);
            }
        }
        (text.to_string(), false)
    }

    fn split(bytes: &[u8], cuts: &[usize]) -> Vec<Vec<u8>> {
        let mut at: Vec<usize> = cuts.iter().map(|c| c % (bytes.len() + 1)).collect();
        at.extend([0, bytes.len()]);
        at.sort_unstable();
        at.windows(2).map(|w| bytes[w[0]..w[1]].to_vec()).collect()
    }

    proptest! {
        #[test]
        fn any_split_gives_the_same_text(
            text in "[abé€😀]{0,40}",
            stops in proptest::collection::vec("[abé€]{1,4}", 0..4),
            cuts in proptest::collection::vec(any::<usize>(), 0..12),
        ) {
            let (expected, stopped) = naive(&text, &stops);
            let mut out = TextOut::new(stops);
            let mut seen = String::new();
            for piece in split(text.as_bytes(), &cuts) {
                seen.push_str(&out.push(&piece));
                // What was shown is never taken back.
                prop_assert!(expected.starts_with(&seen), "{seen:?} of {expected:?}");
            }
            seen.push_str(&out.finish());
            prop_assert_eq!(seen, expected);
            prop_assert_eq!(out.is_stopped(), stopped);
        }

        #[test]
        fn any_bytes_are_shown_as_the_standard_does(
            bytes in proptest::collection::vec(
                proptest::prop_oneof![any::<u8>(), (0xC0u8..=0xF4).boxed(), (0x80u8..=0xBF).boxed()], 0..40),
            cuts in proptest::collection::vec(any::<usize>(), 0..8),
        ) {
            let mut out = TextOut::new(Vec::new());
            let mut seen: String = split(&bytes, &cuts).iter().map(|p| out.push(p)).collect();
            seen.push_str(&out.finish());
            prop_assert_eq!(seen, String::from_utf8_lossy(&bytes).into_owned());
        }
    }

    #[test]
    fn text_that_only_began_like_a_stop_word_comes_out() {
        let mut out = TextOut::new(vec!["<end>".into()]);
        assert_eq!(out.push(b"a<en"), "a");
        assert_eq!(out.push(b"t"), "<ent");
        assert_eq!(out.push(b"<e"), "");
        assert_eq!(out.finish(), "<e");
    }
}

//! Digits as people write them: groups with separators between.

/// A run of ASCII digits in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Group {
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Group {
    pub(super) fn len(self) -> usize {
        self.end - self.start
    }
}

/// Hands out every maximal run of groups whose gaps all satisfy `joins`.
pub(super) fn runs(text: &str, joins: fn(&str) -> bool, mut each: impl FnMut(&[Group])) {
    let bytes = text.as_bytes();
    let mut run: Vec<Group> = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let start = at;
        while at < bytes.len() && bytes[at].is_ascii_digit() {
            at += 1;
        }
        if let Some(last) = run.last()
            && !joins(&text[last.end..start])
        {
            each(&run);
            run.clear();
        }
        run.push(Group { start, end: at });
    }
    if !run.is_empty() {
        each(&run);
    }
}

/// The digits of some groups, collected one group after another, up to a number of them.
pub(super) struct Digits<const MAX: usize> {
    buffer: [u8; MAX],
    length: usize,
}

impl<const MAX: usize> Digits<MAX> {
    pub(super) fn new() -> Self {
        Self { buffer: [0; MAX], length: 0 }
    }

    /// Adds a group. None, and nothing added, when there would be too many.
    pub(super) fn add(&mut self, text: &str, group: Group) -> Option<&[u8]> {
        let digits = text.as_bytes().get(group.start..group.end)?;
        self.buffer.get_mut(self.length..self.length + digits.len())?.copy_from_slice(digits);
        self.length += digits.len();
        Some(&self.buffer[..self.length])
    }
}

/// Whether a number or a word may start here: no ASCII letter, digit or underscore stands right before,
/// unless it is the letter of an escape like `\n` (JSON text pasted into prose).
pub(super) fn may_start(text: &str, at: usize) -> bool {
    let before = &text.as_bytes()[..at];
    match before.last() {
        Some(byte) if byte.is_ascii_alphanumeric() || *byte == b'_' => is_escape(before),
        _ => true,
    }
}

/// Whether bytes end in `\n`, `\r` or `\t`.
pub(super) fn is_escape(before: &[u8]) -> bool {
    matches!(before, [.., b'\\', b'n' | b'r' | b't'])
}

/// Whether a number or a word may end here.
pub(super) fn may_end(text: &str, at: usize) -> bool {
    !matches!(text.as_bytes().get(at), Some(byte) if byte.is_ascii_alphanumeric() || *byte == b'_')
}

/// A word that sticks to a number has so many letters; fewer are a part of a code.
const GLUED_MIN: usize = 3;

/// Whether a word sticks to the number that starts here: `Visa4111…`, `card_4111…`.
pub(super) fn is_glued_before(text: &str, start: usize) -> bool {
    let before = text.as_bytes()[..start].strip_suffix(b"_").unwrap_or(&text.as_bytes()[..start]);
    let letters = before.iter().rev().take_while(|byte| byte.is_ascii_alphabetic()).count();
    letters >= GLUED_MIN && !before[..before.len() - letters].last().is_some_and(u8::is_ascii_digit)
}

/// Whether a word sticks to the number that ends here: `…1111EUR`, `…1111_old`.
pub(super) fn is_glued_after(text: &str, end: usize) -> bool {
    let after = text.as_bytes()[end..].strip_prefix(b"_").unwrap_or(&text.as_bytes()[end..]);
    let letters = after.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
    letters >= GLUED_MIN && !after.get(letters).is_some_and(u8::is_ascii_digit)
}

/// Whether the digits at `start` are the fraction of a decimal number, or those before `end` have one.
pub(super) fn is_decimal(text: &str, start: usize, end: usize) -> bool {
    let bytes = text.as_bytes();
    let digit = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
    let point = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(|byte| *byte == b'.');
    (point(start.checked_sub(1)) && digit(start.checked_sub(2))) || (point(Some(end)) && digit(Some(end + 1)))
}

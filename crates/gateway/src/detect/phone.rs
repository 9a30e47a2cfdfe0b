//! Telephone numbers: international ones by country code and length, national ones by the forms that
//! people write, bare ones only beside a word that says so.

mod context;
mod national;
mod plan;

use realm::DataClass;

use super::digits::{Digits, Group, is_decimal, may_end, may_start, runs};
use super::unicode::is_separator;
use super::{Detector, Kind, Needs, Span};

/// Finds telephone numbers.
pub struct Phone;

const DIGITS_MIN: usize = 6;
/// E.164 has at most 15 digits; a `00` and a trunk `(0)` may be written as well.
const DIGITS_MAX: usize = 18;

impl Detector for Phone {
    fn needs(&self) -> Needs {
        Needs::Digits(DIGITS_MIN)
    }

    fn find(&self, text: &str, out: &mut Vec<Span>) {
        runs(text, is_gap, |run| in_run(text, run, out));
    }
}

/// At most three separators, dots, slashes and brackets. A lone bracket pair opens a new number.
fn is_gap(gap: &str) -> bool {
    !gap.is_empty()
        && gap.chars().count() <= 3
        && gap.chars().all(|char| is_separator(char) || matches!(char, '.' | '/' | '(' | ')'))
}

fn in_run(text: &str, run: &[Group], out: &mut Vec<Span>) {
    let mut first = 0;
    while first < run.len() {
        let window = Window { text, run, first };
        match window.longest() {
            Some(last) => {
                out.push(Span { range: window.range(last), kind: Kind::Phone, class: DataClass::Personal });
                first = last + 1;
            }
            None => first += 1,
        }
    }
}

/// The groups of a run from one on: a number may be the first few of them.
struct Window<'t> {
    text: &'t str,
    run: &'t [Group],
    first: usize,
}

impl Window<'_> {
    /// The last group of the longest number that starts with the first group.
    fn longest(&self) -> Option<usize> {
        let start = self.run[self.first].start;
        let plus = self.text[..start].ends_with(['+', '\u{ff0b}']);
        let inner = matches!(self.text.as_bytes()[start], b'7' | b'8') || self.bracket().is_some();
        // Within a run, only a form that shows its own beginning starts a number.
        if !plus && (self.first > 0 && !inner || !may_start(self.text, start)) {
            return None;
        }
        let mut collected = Digits::<DIGITS_MAX>::new();
        let mut announced = None;
        let mut best = None;
        for last in self.first..self.run.len() {
            let Some(digits) = collected.add(self.text, self.run[last]) else { break };
            if digits.len() < DIGITS_MIN || !self.ends(last) {
                continue;
            }
            let found = match plus {
                true => self.is_international(digits, last),
                false => self.is_national(digits, last, &mut announced),
            };
            if found {
                best = Some(last);
            }
        }
        best
    }

    fn is_international(&self, digits: &[u8], last: usize) -> bool {
        plan::is_international(digits) || plan::is_international_with_trunk(digits, self.trunk(last))
    }

    fn is_national(&self, digits: &[u8], last: usize, announced: &mut Option<bool>) -> bool {
        let leads = self.first == 0;
        if let (Some(rest), true) = (digits.strip_prefix(b"00"), leads) {
            let trunk = self.trunk(last).and_then(|at| at.checked_sub(2));
            if plan::is_international(rest) || plan::is_international_with_trunk(rest, trunk) {
                return true;
            }
        }
        let groups = &self.run[self.first..=last];
        let shape = national::Shape { text: self.text, groups, digits, bracketed: self.bracket().is_some(), leads };
        let says_so = || context::says_phone(&self.text[..groups[0].start]);
        shape.is_phone() || (leads && shape.is_plausible() && *announced.get_or_insert_with(says_so))
    }

    /// Whether a number may end with this group: no letter follows, no further group of the same number.
    fn ends(&self, last: usize) -> bool {
        let end = self.run[last].end;
        let extension =
            self.text.as_bytes()[end..].first_chunk().is_some_and(|[x, digit]| *x == b'x' && digit.is_ascii_digit());
        if !(may_end(self.text, end) || extension) || is_decimal(self.text, end, end) {
            return false;
        }
        let gap = self.run.get(last + 1).map_or("", |next| &self.text[end..next.start]);
        !matches!(gap, "-" | "." | "/" | "\u{2011}" | "\u{2010}")
    }

    /// Where a trunk zero in brackets stands among the digits: `+49 (0)30 …`.
    fn trunk(&self, last: usize) -> Option<usize> {
        let mut before = 0;
        for group in &self.run[self.first..=last] {
            let outside = (self.text[..group.start].ends_with('('), self.text[group.end..].starts_with(')'));
            if group.len() == 1 && outside == (true, true) && self.text[group.start..].starts_with('0') {
                return Some(before);
            }
            before += group.len();
        }
        None
    }

    /// Where an opening bracket before the first group stands, if it is closed after that group.
    fn bracket(&self) -> Option<usize> {
        let group = self.run[self.first];
        let open = self.text[..group.start].strip_suffix('(')?;
        self.text[group.end..].starts_with(')').then_some(open.len())
    }

    fn range(&self, last: usize) -> std::ops::Range<usize> {
        let start = self.run[self.first].start;
        let before = &self.text[..start];
        let plus = before.chars().next_back().filter(|char| matches!(char, '+' | '\u{ff0b}'));
        let start = plus.map_or_else(
            || self.bracket().filter(|_| last > self.first).unwrap_or(start),
            |char| start - char.len_utf8(),
        );
        start..self.run[last].end
    }
}

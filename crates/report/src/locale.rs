//! Numbers as people of a language write them.

use realm::load::Lang;

/// How numbers are written.
#[derive(Debug, Clone, Copy)]
pub struct Numbers {
    lang: Lang,
}

/// Digits that mean something in a figure for people.
const DIGITS: i32 = 4;
/// From here on a number is written in powers of ten.
const HUGE: f64 = 1e15;

/// The language's tag.
pub(crate) fn tag(lang: Lang) -> &'static str {
    if lang == Lang::Ru { "ru" } else { "en" }
}

impl Numbers {
    /// Those of a language.
    pub fn of(lang: Lang) -> Self {
        Self { lang }
    }

    /// A number to four digits that mean something, whole from a thousand on, its thousands apart.
    pub fn number(self, value: f64) -> String {
        if !value.is_finite() {
            // What was called impossible and happened has a score without end; that is known, and no gap.
            let without_end = if value > 0.0 { "∞" } else { "−∞" };
            return if value.is_nan() { "–" } else { without_end }.to_owned();
        }
        let size = value.abs();
        if size >= HUGE || (size > 0.0 && size < 1e-6) {
            return self.marked(&format!("{value:.2e}").replace('-', "−"));
        }
        let before = if size >= 1.0 { size.log10().floor() as i32 + 1 } else { 1 };
        let after =
            if size > 0.0 && size < 1.0 { DIGITS - 1 - size.log10().floor() as i32 } else { (DIGITS - before).max(0) };
        self.fixed(value, usize::try_from(after).unwrap_or(0), true)
    }

    /// A share of one, in hundredths: one digit after the point, more where it would read as none or all.
    pub fn percent(self, share: f64) -> String {
        if !share.is_finite() {
            return "–".to_owned();
        }
        let hundredths = 100.0 * share;
        let edge = hundredths.abs().min((100.0 - hundredths).abs());
        let digits = if edge > 0.0 && edge < 0.05 { 3 } else { 1 };
        let text = self.fixed(hundredths, digits, false);
        // A no-break space, as both languages here have it with the sign.
        format!("{text}\u{a0}%")
    }

    /// The form of a counted word, as messages select it: `one`, `few`, `many` or `other`.
    pub fn form(self, count: usize) -> &'static str {
        if self.lang != Lang::Ru {
            return if count == 1 { "one" } else { "other" };
        }
        match (count % 10, count % 100) {
            (_, 11..=14) => "many",
            (1, _) => "one",
            (2..=4, _) => "few",
            _ => "many",
        }
    }

    fn fixed(self, value: f64, digits: usize, trimmed: bool) -> String {
        let mut text = format!("{value:.digits$}");
        if trimmed && text.contains('.') {
            text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
        }
        if text.trim_start_matches('-').chars().all(|it| it == '0' || it == '.') {
            text = text.trim_start_matches('-').to_owned();
        }
        let (sign, bare) = text.strip_prefix('-').map_or(("", text.as_str()), |bare| ("−", bare));
        let (whole, rest) = bare.split_once('.').map_or((bare, None), |(whole, rest)| (whole, Some(rest)));
        let rest = rest.map_or(String::new(), |rest| format!(".{rest}"));
        format!("{sign}{}{}", self.grouped(whole), self.marked(&rest))
    }

    /// Thousands apart: a comma in English, a no-break space in Russian, which leaves four digits whole.
    fn grouped(self, whole: &str) -> String {
        let (mark, least) = if self.lang == Lang::Ru { ('\u{a0}', 5) } else { (',', 4) };
        if whole.len() < least {
            return whole.to_owned();
        }
        let mut text = String::new();
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && (whole.len() - at).is_multiple_of(3) {
                text.push(mark);
            }
            text.push(digit);
        }
        text
    }

    fn marked(self, text: &str) -> String {
        if self.lang == Lang::Ru { text.replace('.', ",") } else { text.to_owned() }
    }
}

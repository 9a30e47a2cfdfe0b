//! Names, units, numbers and contracts in the words of a reader.

use ::report::{Cell, Column, Numbers};
use realm::load::Lang;

use crate::contract::{Contract, Span};
use crate::model::Words;
use crate::run::Outcome;
use crate::say::{MESSAGES, say};
use crate::sensitivity::Estimate;

/// Draws that must all miss for a chance to be called less than one in so many thirds of them, at 95 %.
const RULE_OF_THREE: f64 = 3.0;

/// How results are said to somebody.
pub(super) struct Voice<'a> {
    pub(super) lang: Lang,
    pub(super) numbers: Numbers,
    draws: f64,
    outcome: Option<&'a Outcome>,
}

impl<'a> Voice<'a> {
    /// For an outcome: names of its inputs and figures are looked up in it.
    pub(super) fn of(outcome: &'a Outcome, lang: Lang) -> Self {
        Self { lang, numbers: Numbers::of(lang), draws: outcome.draws as f64, outcome: Some(outcome) }
    }

    /// Without one.
    pub(super) fn plain(draws: usize, lang: Lang) -> Self {
        Self { lang, numbers: Numbers::of(lang), draws: draws as f64, outcome: None }
    }

    pub(super) fn say(&self, key: &str, args: &[(&'static str, String)]) -> String {
        // A shortened word at the end of a sentence has one stop.
        say(self.lang, key, args).trim_end().replace("руб..", "руб.")
    }

    pub(super) fn word(&self, key: &str) -> String {
        self.say(key, &[])
    }

    /// A column by its name for programs; its title is the message `col-…`.
    pub(super) fn column(&self, name: &'static str) -> Column {
        Column::new(name, self.word(&format!("col-{}", name.replace('_', "-"))))
    }

    pub(super) fn columns(&self, names: &[&'static str]) -> Vec<Column> {
        names.iter().map(|name| self.column(name)).collect()
    }

    /// A column whose title ends with a unit.
    pub(super) fn in_unit(&self, name: &'static str, unit: &str) -> Column {
        let Column { title, .. } = self.column(name);
        Column::new(name, format!("{title}, {}", self.unit(unit)))
    }

    pub(super) fn number(&self, value: f64) -> String {
        self.numbers.number(value)
    }

    /// A number to three digits that matter.
    pub(super) fn rough(&self, value: f64) -> String {
        if value == 0.0 || !value.is_finite() {
            return self.number(value);
        }
        let places = 2 - value.abs().log10().floor() as i32;
        self.number(rounded(value, places))
    }

    /// A number with half its interval.
    pub(super) fn give_or_take(&self, it: Estimate) -> String {
        format!("{} ± {}", self.rough(it.value), self.number(two_digits((it.high - it.low) / 2.0)))
    }

    /// A chance with half its interval. Where no draw reached, or all did, its bound: draws are no proof.
    pub(super) fn chance(&self, it: Estimate) -> String {
        let bound = RULE_OF_THREE / self.draws;
        if it.value <= 0.0 {
            return format!("< {}", self.hundredths(bound));
        }
        if it.value >= 1.0 {
            return format!("> {}", self.hundredths(1.0 - bound));
        }
        format!("{}\u{a0}%", self.points(it, false))
    }

    /// A chance whose interval holds what no draw, or every draw, leaves possible.
    pub(super) fn bounded(&self, it: Estimate) -> Estimate {
        let bound = RULE_OF_THREE / self.draws;
        let (low, high) =
            (if it.value >= 1.0 { 1.0 - bound } else { it.low }, if it.value <= 0.0 { bound } else { it.high });
        Estimate { low, high, ..it }
    }

    /// A share of one without an interval.
    pub(super) fn hundredths(&self, share: f64) -> String {
        self.numbers.percent(share)
    }

    /// A difference of chances in percentage points, with half its interval and its sign.
    pub(super) fn points(&self, it: Estimate, signed: bool) -> String {
        let half = (it.high - it.low) * 50.0;
        let places = if half > 0.0 && half < 0.1 { 2 } else { 1 };
        let value = rounded(it.value * 100.0, places);
        let sign = if signed && value > 0.0 { "+" } else { "" };
        format!("{sign}{} ± {}", self.number(value), self.number(rounded(half, places)))
    }

    /// What people call an input, and its id.
    pub(super) fn input(&self, id: &str) -> String {
        let found = self.outcome.and_then(|it| it.inputs.iter().find(|it| it.id == id));
        self.name(id, found.and_then(|it| it.title.as_ref()))
    }

    /// What people call a figure.
    pub(super) fn figure(&self, id: &str) -> String {
        let found = self.outcome.and_then(|it| it.figures.iter().find(|it| it.id == id));
        self.name(id, found.and_then(|it| it.title.as_ref()))
    }

    pub(super) fn name(&self, id: &str, title: Option<&Words>) -> String {
        title.map_or_else(|| id.to_owned(), |it| it.of(self.lang).to_owned())
    }

    /// The unit of an input.
    pub(super) fn unit_of(&self, input: &str) -> String {
        let found = self.outcome.and_then(|it| it.inputs.iter().find(|it| it.id == input));
        self.unit(found.map_or("1", |it| it.unit.as_str()))
    }

    /// A unit in the reader's words: `trn RUB/year`, `трлн руб./год`.
    pub(super) fn unit(&self, unit: &str) -> String {
        if unit == "1" {
            return self.word("unit-plain");
        }
        let mut text = String::new();
        let mut word = String::new();
        for letter in unit.chars().chain([' ']) {
            if letter.is_ascii_alphanumeric() || letter == '_' {
                word.push(letter);
                continue;
            }
            text.push_str(&self.unit_word(&word));
            word.clear();
            text.push(letter);
        }
        text.trim_end().to_owned()
    }

    fn unit_word(&self, word: &str) -> String {
        let key = format!("unit-{word}");
        let said = MESSAGES.text(self.lang, &key, &[]).message;
        // A word of the model's own has no message.
        if said == key { word.to_owned() } else { said }
    }

    /// A way to read a target, in words.
    pub(super) fn reading(&self, span: Span, by: i16) -> String {
        let first = self.outcome.and_then(|it| it.figures.first()?.years.first()).map_or(by, |it| it.year);
        self.reading_from(span, first, by)
    }

    /// The same, of a model whose first year is known.
    pub(super) fn reading_from(&self, span: Span, first: i16, by: i16) -> String {
        let args = [("first", first.to_string()), ("by", by.to_string())];
        self.say(&format!("reading-{}", span.as_str()), &args)
    }

    /// What a figure is a figure of, in words.
    pub(super) fn contract(&self, it: &Contract) -> String {
        let args = [
            ("form", it.form.as_str().to_owned()),
            ("span", it.span.as_str().to_owned()),
            ("price", it.price.as_str().to_owned()),
            ("base_year", it.base_year.map_or(String::new(), |year| year.to_string())),
            ("measure", it.measure.as_str().to_owned()),
            ("geography", it.geography.clone()),
            ("counterfactual", it.counterfactual.clone()),
            ("balance", it.balance.as_str().to_owned()),
        ];
        self.say("contract-words", &args)
    }

    /// The form of a counted word: `one`, `few`, `many`, `other`.
    pub(super) fn form(&self, count: usize) -> String {
        self.numbers.form(count).to_owned()
    }
}

/// Cells of an estimate: its value and both ends.
pub(super) fn cells(it: Estimate) -> [Cell; 3] {
    [it.value.into(), it.low.into(), it.high.into()]
}

/// The same of a chance.
pub(super) fn shares(it: Estimate) -> [Cell; 3] {
    [it.value, it.low, it.high].map(Cell::Share)
}

fn rounded(value: f64, places: i32) -> f64 {
    let power = 10_f64.powi(places);
    if power.is_finite() && power > 0.0 { (value * power).round() / power } else { value }
}

fn two_digits(value: f64) -> f64 {
    if value > 0.0 && value.is_finite() { rounded(value, 1 - value.log10().floor() as i32) } else { value }
}

#[cfg(test)]
mod tests {
    use realm::load::Lang;

    use super::Voice;
    use crate::sensitivity::Estimate;

    #[test]
    fn units_and_chances_are_said_as_readers_say_them() {
        let (en, ru) = (Voice::plain(30_000, Lang::En), Voice::plain(30_000, Lang::Ru));
        assert_eq!((en.unit("trn RUB/year"), ru.unit("trn RUB/year")), ("trn RUB/year".into(), "трлн руб./год".into()));
        assert_eq!(ru.unit("token/(GPU h)"), "токен/(ускоритель ч)");
        assert_eq!(ru.unit("bn branch"), "млрд branch", "a word of the model's own");
        let of = |value: f64, half: f64| Estimate { value, low: value - half, high: value + half };
        assert_eq!(en.chance(of(0.342, 0.004)), "34.2 ± 0.4\u{a0}%");
        assert_eq!(ru.chance(of(0.003_4, 0.000_4)), "0,34 ± 0,04\u{a0}%");
        assert_eq!(en.chance(of(0.0, 0.0)), "< 0.010\u{a0}%", "draws are no proof");
        assert_eq!(en.points(of(-0.021, 0.002), true), "−2.1 ± 0.2");
        assert_eq!(en.give_or_take(of(11.234, 0.012_34)), "11.2 ± 0.012");
    }

    #[test]
    fn counted_words_have_their_forms() {
        let (en, ru) = (Voice::plain(1, Lang::En), Voice::plain(1, Lang::Ru));
        assert_eq!(
            [1, 2, 5, 11, 21, 22, 112].map(|it| ru.numbers.form(it)),
            ["one", "few", "many", "many", "one", "few", "many"]
        );
        assert_eq!([0, 1, 2, 21].map(|it| en.numbers.form(it)), ["other", "one", "other", "other"]);
    }
}

//! Russian passports: no check digit, so a word must stand before them: `серия 45 08 № 123456`.

use realm::DataClass;

use crate::detect::digits::{Group, may_end, may_start, runs};
use crate::detect::unicode::is_separator;
use crate::detect::{Kind, Span, context};

const WORDS: &[&str] = &["паспорт*", "загранпаспорт*", "серия", "серии", "passport*", "series", "pasport*"];
/// What each of the words holds in small letters or in capitals, whatever its first one is.
const MARKS: &[&str] = &["аспорт", "АСПОРТ", "ери", "ЕРИ", "asport", "ASPORT", "assport", "ASSPORT", "eries", "ERIES"];
/// What may stand between series and number, besides separators.
const BETWEEN: [&str; 10] = ["номер", "ном", "number", "no", "nr", "n", "№", "#", "num", "и номер"];
const GAP_MAX: usize = 16;

/// Finds series and number, of inner passports and of those for travel.
pub(super) fn find(text: &str, out: &mut Vec<Span>) {
    // Far fewer texts have the words than have numbers of the right lengths.
    if !MARKS.iter().any(|mark| memchr::memmem::find(text.as_bytes(), mark.as_bytes()).is_some()) {
        return;
    }
    runs(text, is_gap, |run| {
        let mut first = 0;
        while first < run.len() {
            let count = [3, 2, 1].into_iter().find(|count| is_passport(text, run.get(first..first + count)));
            if let Some(count) = count {
                let range = run[first].start..run[first + count - 1].end;
                out.push(Span { range, kind: Kind::Passport, class: DataClass::Personal });
            }
            first += count.unwrap_or(1);
        }
    });
}

fn is_gap(gap: &str) -> bool {
    let said = gap.trim_matches(|char: char| is_separator(char) || matches!(char, ',' | ':' | '.'));
    gap.len() <= GAP_MAX && !gap.is_empty() && (said.is_empty() || BETWEEN.contains(&said.to_lowercase().as_str()))
}

fn is_passport(text: &str, groups: Option<&[Group]>) -> bool {
    let Some((first, last)) = groups.and_then(|groups| Some((groups.first()?, groups.last()?))) else { return false };
    let mut sizes = [0; 3];
    groups.into_iter().flatten().zip(&mut sizes).for_each(|(group, size)| *size = group.len());
    let fits = matches!(sizes, [2, 2, 6] | [4, 6, 0] | [10, 0, 0] | [2, 7, 0] | [9, 0, 0]);
    fits && may_start(text, first.start)
        && may_end(text, last.end)
        && context::names(text, &(first.start..last.end), WORDS)
}

//! A grammar as flat rules. Pure.

use std::collections::HashMap;

/// Code points, as sorted ranges that do not touch.
pub(super) type Class = Box<[(u32, u32)]>;

const LAST: u32 = char::MAX as u32;

/// One step of an alternative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Element {
    /// One code point of a class.
    Class(u32),
    /// A whole token: this one (`wanted`), or any but this one.
    Token { id: u32, wanted: bool },
    /// Whatever the rule matches.
    Rule(u32),
    /// The alternative is over.
    End,
}

/// A rule: where each of its alternatives starts.
#[derive(Debug, Default)]
pub(super) struct Rule {
    /// The name it was given, or that of the rule it is a part of.
    pub(super) name: String,
    pub(super) alternatives: Vec<u32>,
}

/// All rules of a grammar.
#[derive(Debug, Default)]
pub(super) struct Rules {
    pub(super) elements: Vec<Element>,
    pub(super) rules: Vec<Rule>,
    pub(super) classes: Vec<Class>,
    pub(super) root: u32,
    class_ids: HashMap<Class, u32>,
}

impl Rules {
    pub(super) fn element(&self, at: u32) -> Element {
        self.elements.get(at as usize).copied().unwrap_or(Element::End)
    }

    pub(super) fn ends(&self, at: u32) -> bool {
        self.element(at) == Element::End
    }

    pub(super) fn alternatives(&self, rule: u32) -> &[u32] {
        self.rules.get(rule as usize).map_or(&[], |r| r.alternatives.as_slice())
    }

    /// The elements of the alternative that starts at `start`.
    pub(super) fn sequence(&self, start: u32) -> &[Element] {
        let rest = self.elements.get(start as usize..).unwrap_or_default();
        let len = rest.iter().position(|e| *e == Element::End).unwrap_or(rest.len());
        &rest[..len]
    }

    /// Adds an alternative to a rule.
    pub(super) fn add(&mut self, rule: u32, sequence: &[Element]) {
        let start = index(self.elements.len());
        self.elements.extend_from_slice(sequence);
        self.elements.push(Element::End);
        if let Some(rule) = self.rules.get_mut(rule as usize) {
            rule.alternatives.push(start);
        }
    }

    /// A new rule without alternatives.
    pub(super) fn new_rule(&mut self, name: &str) -> u32 {
        self.rules.push(Rule { name: name.into(), alternatives: Vec::new() });
        index(self.rules.len() - 1)
    }

    pub(super) fn class(&mut self, ranges: Vec<(u32, u32)>, negated: bool) -> Element {
        let mut class = merged(ranges);
        if negated {
            class = complement(&class);
        }
        let class = class.into_boxed_slice();
        let next = index(self.classes.len());
        let id = *self.class_ids.entry(class).or_insert_with_key(|class| {
            self.classes.push(class.clone());
            next
        });
        Element::Class(id)
    }

    /// Whether some code point from `low` to `high` is in the class.
    pub(super) fn class_meets(&self, class: u32, low: u32, high: u32) -> bool {
        let Some(ranges) = self.classes.get(class as usize) else { return false };
        let first = ranges.partition_point(|(_, end)| *end < low);
        ranges.get(first).is_some_and(|(start, _)| *start <= high)
    }
}

/// Sizes are bounded far below what 32 bits hold.
pub(super) fn index(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn merged(mut ranges: Vec<(u32, u32)>) -> Vec<(u32, u32)> {
    ranges.retain(|(low, high)| low <= high);
    ranges.sort_unstable();
    let mut out: Vec<(u32, u32)> = Vec::with_capacity(ranges.len());
    for (low, high) in ranges {
        match out.last_mut() {
            Some(last) if low <= last.1.saturating_add(1) => last.1 = last.1.max(high),
            _ => out.push((low, high)),
        }
    }
    out
}

fn complement(ranges: &[(u32, u32)]) -> Vec<(u32, u32)> {
    let mut out = Vec::with_capacity(ranges.len() + 1);
    let mut next = 0;
    for &(low, high) in ranges {
        if next < low {
            out.push((next, low - 1));
        }
        next = next.max(high.saturating_add(1));
    }
    if next <= LAST {
        out.push((next, LAST));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_sets() {
        assert_eq!(merged(vec![(5, 9), (1, 2), (3, 4), (9, 12), (7, 3)]), [(1, 12)]);
        assert_eq!(complement(&[(0, 4), (6, 6)]), [(5, 5), (7, LAST)]);
        assert_eq!(complement(&[]), [(0, LAST)]);
        assert_eq!(complement(&[(0, LAST)]), []);
        let mut rules = Rules::default();
        let Element::Class(id) = rules.class(vec![(10, 20), (30, 40)], false) else { panic!("a class") };
        assert!(rules.class_meets(id, 20, 25) && rules.class_meets(id, 0, 99));
        assert!(!rules.class_meets(id, 21, 29) && !rules.class_meets(id, 41, 99));
        assert_eq!(rules.class(vec![(30, 40), (10, 20)], false), Element::Class(id));
    }
}

//! What can be said of a grammar before it is used: that it cannot loop, and that no single step
//! of it opens more ways than are affordable. Pure, and linear in the grammar.

use super::rules::{Element, Rules};

/// Ways that entering one rule may open, before a character is read.
pub(super) const WAYS_MAX: u64 = 20_000;

/// Checks `rules`.
pub(super) fn check(rules: &Rules) -> Result<(), String> {
    let nullable = nullable(rules);
    let mut ways: Vec<Option<u64>> = vec![None; rules.rules.len()];
    let mut waits = vec![false; rules.rules.len()];
    for first in 0..rules.rules.len() {
        // Depth first without recursion: a chain of rules may be as long as the grammar.
        let mut path = vec![first];
        while let Some(&rule) = path.last() {
            if ways[rule].is_some() {
                path.pop();
                continue;
            }
            let heads = heads(rules, rule, &nullable);
            let unknown: Vec<usize> = heads.rules.iter().copied().filter(|r| ways[*r].is_none()).collect();
            if unknown.is_empty() {
                ways[rule] = Some(sum(rules, rule, &heads, &ways)?);
                path.pop();
                continue;
            }
            waits[rule] = true;
            if unknown.iter().any(|r| waits[*r]) {
                let name = &rules.rules[rule].name;
                return Err(format!("the rule `{name}` can begin with itself, so that it would never end"));
            }
            path.extend(unknown);
        }
    }
    Ok(())
}

/// What a rule can begin with.
struct Heads {
    rules: Vec<usize>,
    /// Characters and tokens, and each alternative for itself.
    others: u64,
}

fn heads(rules: &Rules, rule: usize, nullable: &[bool]) -> Heads {
    let mut heads = Heads { rules: Vec::new(), others: 0 };
    for start in &rules.rules[rule].alternatives {
        heads.others += 1;
        for element in rules.sequence(*start) {
            match element {
                Element::Rule(inner) => {
                    heads.rules.push(*inner as usize);
                    if !nullable[*inner as usize] {
                        break;
                    }
                }
                _ => {
                    heads.others += 1;
                    break;
                }
            }
        }
    }
    heads
}

fn sum(rules: &Rules, rule: usize, heads: &Heads, ways: &[Option<u64>]) -> Result<u64, String> {
    let inner = heads.rules.iter().map(|r| ways[*r].unwrap_or(u64::MAX));
    let sum = inner.fold(heads.others, u64::saturating_add);
    if sum > WAYS_MAX {
        let name = &rules.rules[rule].name;
        return Err(format!(
            "it is too ambiguous: the rule `{name}` can begin in more than {WAYS_MAX} ways; take out alternatives that \
             match the same text, and optional parts of optional parts"
        ));
    }
    Ok(sum)
}

/// Which rules match the empty text.
fn nullable(rules: &Rules) -> Vec<bool> {
    let mut nullable = vec![false; rules.rules.len()];
    // For each alternative made of rules only: whose it is, and how many of its rules are not
    // known to be nullable yet. For each rule: the alternatives it stands in.
    let mut waiting: Vec<(usize, usize)> = Vec::new();
    let mut stands_in: Vec<Vec<usize>> = vec![Vec::new(); rules.rules.len()];
    let mut news = Vec::new();
    for (owner, rule) in rules.rules.iter().enumerate() {
        for start in &rule.alternatives {
            let sequence = rules.sequence(*start);
            let inner: Vec<usize> = sequence.iter().filter_map(|e| rule_of(*e)).collect();
            if inner.len() < sequence.len() {
                continue;
            }
            for one in &inner {
                stands_in[*one].push(waiting.len());
            }
            waiting.push((owner, inner.len()));
            if inner.is_empty() {
                news.push(owner);
            }
        }
    }
    while let Some(rule) = news.pop() {
        if std::mem::replace(&mut nullable[rule], true) {
            continue;
        }
        for alternative in &stands_in[rule] {
            let (owner, left) = &mut waiting[*alternative];
            *left -= 1;
            if *left == 0 {
                news.push(*owner);
            }
        }
    }
    nullable
}

fn rule_of(element: Element) -> Option<usize> {
    match element {
        Element::Rule(rule) => Some(rule as usize),
        _ => None,
    }
}

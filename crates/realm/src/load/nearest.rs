/// The nearest of some names, if one is near enough to be what was meant.
pub fn nearest<'a>(word: &str, names: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let word_lower = word.to_lowercase();
    names
        .into_iter()
        .map(|name| (distance(&word_lower, &name.to_lowercase()), name))
        .filter(|(steps, name)| *steps <= allowed(word, name))
        .min()
        .map(|(_, name)| name.to_owned())
}

/// A third of the longer word, at least one.
fn allowed(word: &str, name: &str) -> usize {
    (word.chars().count().max(name.chars().count()) / 3).max(1)
}

/// How many letters must be put in, taken out, replaced or swapped with their neighbour.
fn distance(from: &str, to: &str) -> usize {
    let (from, to): (Vec<char>, Vec<char>) = (from.chars().collect(), to.chars().collect());
    if from.len().max(to.len()) > 128 {
        return usize::MAX;
    }
    let mut rows = vec![vec![0usize; to.len() + 1]; from.len() + 1];
    for (i, row) in rows.iter_mut().enumerate() {
        row[0] = i;
    }
    rows[0] = (0..=to.len()).collect();
    for i in 1..=from.len() {
        for j in 1..=to.len() {
            let replaced = rows[i - 1][j - 1] + usize::from(from[i - 1] != to[j - 1]);
            let mut best = replaced.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
            if i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = best;
        }
    }
    rows[from.len()][to.len()]
}

#[cfg(test)]
mod tests {
    use super::{distance, nearest};

    #[test]
    fn counts_the_steps() {
        for (from, to, steps) in
            [("", "", 0), ("app", "app", 0), ("ap", "app", 1), ("budgte", "budget", 1), ("a", "", 1)]
        {
            assert_eq!(distance(from, to), steps, "{from} {to}");
        }
    }

    #[test]
    fn names_what_was_meant_and_nothing_far_off() {
        let names = ["organisation", "origin", "owners"];
        assert_eq!(nearest("organization", names).as_deref(), Some("organisation"));
        assert_eq!(nearest("Owner", names).as_deref(), Some("owners"));
        assert_eq!(nearest("colour", names), None);
    }
}

//! Which rows go into the next batch. Pure.
//!
//! Every answer under way gets its row, so that nobody's stream stalls; what is left of the batch
//! goes to prompts, in turn. While answers are under way prompts get less, because each row of a
//! prompt delays the next token of everybody.

/// What a slot needs next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// One row for the last token of its answer.
    Answer,
    /// This many rows of its prompt are still to be read.
    Prompt { left: usize },
}

/// The rows of a slot in the batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Share {
    pub(super) slot: usize,
    pub(super) rows: usize,
}

/// Rows of prompts beside answers, at most.
const PROMPT_ROWS_BESIDE_ANSWERS: usize = 64;

/// Plans a batch of at most `rows_max` rows; `first` is the slot whose prompt goes first.
pub(super) fn plan(needs: &[Need], rows_max: usize, first: usize) -> Vec<Share> {
    let mut shares = Vec::with_capacity(needs.len());
    let mut left = rows_max;
    for (slot, need) in needs.iter().enumerate() {
        if *need == Need::Answer && left > 0 {
            shares.push(Share { slot, rows: 1 });
            left -= 1;
        }
    }
    if !shares.is_empty() {
        left = left.min(PROMPT_ROWS_BESIDE_ANSWERS);
    }
    for i in 0..needs.len() {
        let slot = (first + i) % needs.len();
        if let Need::Prompt { left: wanted } = needs[slot] {
            let rows = wanted.min(left);
            if rows > 0 {
                shares.push(Share { slot, rows });
                left -= rows;
            }
        }
    }
    shares
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{Strategy, prop_assert, proptest};

    use super::*;

    fn need() -> impl Strategy<Value = Need> {
        (0usize..400).prop_map(|n| if n < 100 { Need::Answer } else { Need::Prompt { left: n - 99 } })
    }

    proptest! {
        #[test]
        fn answers_never_wait_and_the_batch_never_overflows(
            needs in proptest::collection::vec(need(), 0..40), first in 0usize..50
        ) {
            let shares = plan(&needs, 256, first);
            prop_assert!(shares.iter().map(|s| s.rows).sum::<usize>() <= 256);
            for (slot, need) in needs.iter().enumerate() {
                let rows: Vec<usize> = shares.iter().filter(|s| s.slot == slot).map(|s| s.rows).collect();
                match need {
                    Need::Answer => prop_assert!(rows == [1]),
                    Need::Prompt { left } => prop_assert!(rows.is_empty() || (rows.len() == 1 && rows[0] <= *left)),
                }
            }
            // Something always moves.
            prop_assert!(needs.is_empty() || !shares.is_empty());
        }
    }

    #[test]
    fn a_long_prompt_leaves_room_for_answers_and_takes_turns() {
        let needs = [Need::Prompt { left: 1000 }, Need::Answer, Need::Prompt { left: 1000 }];
        let share = |slot, rows| Share { slot, rows };
        assert_eq!(plan(&needs, 256, 0), [share(1, 1), share(0, 64)]);
        assert_eq!(plan(&needs, 256, 2), [share(1, 1), share(2, 64)]);
        assert_eq!(plan(&needs[..1], 256, 0), [share(0, 256)]);
    }
}

//! Which rows go into the next batch. Pure.
//!
//! Every answer under way gets its row, so that nobody's stream stalls; what is left of the batch
//! goes to prompts, in turn. While answers are under way prompts get less, because each row of a
//! prompt delays the next token of everybody.

use std::time::Duration;

use crate::memory::BATCH_ROWS_MAX;

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

/// Rows of the first batch, and of any on a machine that is very slow.
pub(super) const ROWS_FIRST: usize = 64;
const SLOW: Duration = Duration::from_secs(5);
const QUICK: Duration = Duration::from_secs(1);

/// How many rows the next batch may have: fewer when one took very long, so that a stream goes on
/// and standing still can be told from slowness.
pub(super) fn rows_next(rows_max: usize, rows: usize, took: Duration) -> usize {
    if took > SLOW {
        (rows_max / 2).max(ROWS_FIRST)
    } else if took < QUICK && rows >= rows_max {
        (rows_max * 2).min(BATCH_ROWS_MAX as usize)
    } else {
        rows_max
    }
}

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
    fn batches_shrink_where_they_take_long() {
        let took = Duration::from_secs;
        assert_eq!(rows_next(64, 64, took(0)), 128);
        assert_eq!(rows_next(256, 256, took(0)), 256);
        assert_eq!(rows_next(64, 3, took(0)), 64);
        assert_eq!((rows_next(256, 256, took(9)), rows_next(64, 64, took(9))), (128, 64));
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

//! Work on several threads whose results do not depend on how many there are.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Does `count` pieces of work and gives their results in order; of several errors, the one of the first piece.
///
/// Each thread makes one state for itself. What a piece gives must depend on its number only.
pub(crate) fn each<S, T: Send, E: Send>(
    threads: usize,
    count: usize,
    state: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, usize) -> Result<T, E> + Sync,
) -> Result<Vec<T>, E> {
    let next = AtomicUsize::new(0);
    let one = || {
        let (mut state, mut done) = (state(), Vec::new());
        loop {
            let piece = next.fetch_add(1, Ordering::Relaxed);
            if piece >= count {
                return done;
            }
            let result = work(&mut state, piece);
            let failed = result.is_err();
            done.push((piece, result));
            if failed {
                return done;
            }
        }
    };
    let mut all: Vec<(usize, Result<T, E>)> = std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads.clamp(1, count.max(1))).map(|_| scope.spawn(one)).collect();
        let mine = one();
        let others = others.into_iter().flat_map(|other| match other.join() {
            Ok(done) => done,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        mine.into_iter().chain(others).collect()
    });
    all.sort_unstable_by_key(|(piece, _)| *piece);
    all.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::each;

    #[test]
    fn results_stand_in_order_and_the_first_error_is_the_one_said() {
        for threads in [1, 2, 7] {
            let squares = each::<_, _, ()>(threads, 100, || (), |(), piece| Ok(piece * piece));
            assert_eq!(squares, Ok((0..100).map(|piece| piece * piece).collect()));
            let wrong = each(threads, 100, || (), |(), piece| if piece >= 40 { Err(piece) } else { Ok(()) });
            assert_eq!(wrong, Err(40));
        }
    }
}

//! Whether the writer, back from the disk, waits a moment for entries that can share its next flush. Pure: counts and
//! durations in, a bound out.
//!
//! A flush costs the same for one entry as for a hundred. Those whose entries it wrote wake up together, and the first of
//! them to come back would take the disk for itself while the others are still on their way. So the writer waits until as
//! many wait as were under way, but no longer than a flush takes, and not once they have stopped coming. Who is alone, or
//! has little company, never waits; nor do very many, who share each flush among enough of them as it is. Where a wait was
//! in vain, because whoever woke up had something else to do first, the next ones are left out, more of them each time.

use std::time::Duration;

/// So many entries must have been under way together: one flush less among fewer is not worth their time.
const UNDER_WAY_MIN: usize = 4;
/// Among more than so many a flush is cheap for each of them.
const UNDER_WAY_MAX: usize = 128;
/// The longest wait.
const MOST: Duration = Duration::from_micros(200);
/// The shortest silence that ends a wait: what a thread needs to wake up and come back.
const QUIET_MIN: Duration = Duration::from_micros(20);
/// A silence of so many usual intervals between two entries ends a wait.
const QUIET_GAPS: u32 = 2;
/// The most waits that are left out after one that was in vain.
const LEFT_OUT_MAX: u32 = 64;
/// How much of an average a new value is: one part of so many.
const PARTS: u32 = 8;

/// What the last flushes were like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Company {
    /// How long a flush takes, on average.
    flush: Duration,
    /// How long it takes until the next entry comes, on average.
    gap: Duration,
    /// How many entries were under way at the end of the last flush.
    under_way: usize,
    /// How many entries the present wait is for.
    wanted: Option<usize>,
    /// How many waits are left out after the last one, and how many of those are still to come.
    left_out: (u32, u32),
}

/// How the writer waits for company.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wait {
    /// Enough entries to go.
    pub(crate) wanted: usize,
    /// It goes after this time at the latest.
    pub(crate) most: Duration,
    /// It goes once nothing came for so long.
    pub(crate) quiet: Duration,
}

// === impl Company ===

impl Company {
    /// Notes a flush of `written` entries that took `flush`, ended `since_last` after the end of the one before, and
    /// found `waiting` entries that had come meanwhile.
    pub(crate) fn flushed(&mut self, written: usize, waiting: usize, flush: Duration, since_last: Duration) {
        let gap = since_last / u32::try_from(written.max(1)).unwrap_or(u32::MAX);
        self.flush = drift(self.flush, flush);
        self.gap = drift(self.gap, gap.min(MOST));
        self.under_way = written + waiting;
        if let Some(wanted) = self.wanted.take() {
            let in_vain = (self.left_out.0 * 2).clamp(1, LEFT_OUT_MAX);
            let next = if written < wanted { in_vain } else { 0 };
            self.left_out = (next, next);
        }
    }

    /// Returns how to wait for the next entries, before the flush that `flushed` notes; `None` to take what comes first.
    pub(crate) fn wait(&mut self) -> Option<Wait> {
        let most = self.flush.min(MOST);
        let quiet = (self.gap * QUIET_GAPS).max(QUIET_MIN).min(most);
        let few = (UNDER_WAY_MIN..=UNDER_WAY_MAX).contains(&self.under_way);
        let left_out = few && self.left_out.1 > 0;
        self.left_out.1 -= u32::from(left_out);
        self.wanted = (few && !left_out).then_some(self.under_way);
        self.wanted.map(|wanted| Wait { wanted, most, quiet })
    }
}

fn drift(average: Duration, value: Duration) -> Duration {
    if average.is_zero() { value } else { (average * (PARTS - 1) + value) / PARTS }
}

#[cfg(test)]
mod tests {
    use super::*;

    const US: Duration = Duration::from_micros(1);

    fn after(flushes: &[(usize, usize)]) -> Company {
        let mut company = Company::default();
        flushes.iter().for_each(|(written, waiting)| company.flushed(*written, *waiting, 100 * US, 120 * US));
        company
    }

    #[test]
    fn who_is_alone_or_nearly_so_never_waits() {
        assert_eq!(Company::default().wait(), None);
        // However many there were before.
        assert_eq!(after(&[(32, 0), (1, 0)]).wait(), None);
        assert_eq!(after(&[(2, 1); 20]).wait(), None);
    }

    #[test]
    fn waits_in_vain_are_left_out_ever_longer_until_one_is_worth_it() {
        let mut company = after(&[(6, 6)]);
        // Those who were under way do not come back at once: it goes with half of them.
        let mut waits = |written: usize, flushes: usize| {
            let waited = |_| {
                let waited = company.wait().is_some();
                company.flushed(written, 12 - written, 100 * US, 120 * US);
                waited
            };
            (0..flushes).map(waited).collect::<Vec<bool>>()
        };
        assert_eq!(waits(6, 9), [true, false, true, false, false, true, false, false, false]);
        let rarely = waits(6, 1_300).into_iter().filter(|waited| *waited).count();
        assert!((18..=25).contains(&rarely), "{rarely} waits in vain of 1,300 flushes");
        let again = waits(12, 200);
        let first = again.iter().position(|waited| *waited).unwrap();
        assert!(first <= 64 && again[first..].iter().all(|waited| *waited), "{again:?}");
    }

    #[test]
    fn very_many_never_wait() {
        assert!(after(&[(100, 28)]).wait().is_some());
        assert_eq!(after(&[(100, 29)]).wait(), None);
    }

    #[test]
    fn it_waits_for_as_many_as_were_under_way_and_no_longer_than_a_flush_takes() {
        let wait = after(&[(20, 12); 5]).wait().unwrap();
        assert_eq!(wait, Wait { wanted: 32, most: 100 * US, quiet: 20 * US });
    }

    #[test]
    fn it_is_patient_where_entries_come_slowly_but_bounded_where_the_disk_is_slow() {
        // Six entries in 240 µs: one in 40.
        let mut company = Company::default();
        company.flushed(6, 6, 150 * US, 240 * US);
        assert_eq!(company.wait(), Some(Wait { wanted: 12, most: 150 * US, quiet: 80 * US }));
        company = Company::default();
        (0..50).for_each(|_| company.flushed(6, 6, Duration::from_secs(1), Duration::from_secs(9)));
        assert_eq!(company.wait(), Some(Wait { wanted: 12, most: MOST, quiet: MOST }));
    }
}

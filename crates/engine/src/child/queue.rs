//! Waiting requests, fair between apps. Pure.

use std::collections::VecDeque;

/// First the app with the fewest requests in work, then the one served longest ago; within an app,
/// first come, first served.
#[derive(Debug)]
pub(super) struct FairQueue<T> {
    apps: VecDeque<(String, VecDeque<T>)>,
    len: usize,
}

impl<T> FairQueue<T> {
    pub(super) fn new() -> Self {
        Self { apps: VecDeque::new(), len: 0 }
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn push(&mut self, app: &str, item: T) {
        self.len += 1;
        match self.apps.iter_mut().find(|(name, _)| name == app) {
            Some((_, items)) => items.push_back(item),
            None => self.apps.push_back((app.to_string(), VecDeque::from([item]))),
        }
    }

    /// Takes the next item if it `fits`. When the next one does not, nothing is taken: passing it
    /// over would let small requests starve a large one.
    pub(super) fn pop(&mut self, running: impl Fn(&str) -> usize, fits: impl FnOnce(&T) -> bool) -> Option<T> {
        let ranked = self.apps.iter().enumerate();
        let (index, _) = ranked.min_by_key(|(i, (app, _))| (running(app), *i))?;
        if !self.apps[index].1.front().is_some_and(fits) {
            return None;
        }
        let (app, mut items) = self.apps.remove(index)?;
        let item = items.pop_front();
        if !items.is_empty() {
            self.apps.push_back((app, items));
        }
        self.len -= usize::from(item.is_some());
        item
    }

    /// Drops the items that nobody waits for.
    pub(super) fn retain(&mut self, keep: impl Fn(&T) -> bool) {
        for (_, items) in &mut self.apps {
            items.retain(&keep);
        }
        self.apps.retain(|(_, items)| !items.is_empty());
        self.len = self.apps.iter().map(|(_, items)| items.len()).sum();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

    use super::*;

    #[test]
    fn a_flood_of_one_app_does_not_delay_another() {
        let mut queue = FairQueue::new();
        for i in 0..100 {
            queue.push("flood", i);
        }
        queue.push("calm", 1000);
        queue.push("calm", 1001);
        let order: Vec<i32> = std::iter::from_fn(|| queue.pop(|_| 0, |_| true)).take(5).collect();
        assert_eq!(order, [0, 1000, 1, 1001, 2]);
    }

    #[test]
    fn the_app_with_fewer_in_work_goes_first() {
        let mut queue = FairQueue::new();
        queue.push("a", 1);
        queue.push("b", 2);
        assert_eq!(queue.pop(|app| usize::from(app == "a"), |_| true), Some(2));
    }

    #[test]
    fn what_does_not_fit_keeps_its_turn() {
        let mut queue = FairQueue::new();
        queue.push("a", 10);
        queue.push("b", 1);
        assert_eq!(queue.pop(|_| 0, |n| *n < 5), None);
        assert_eq!(queue.pop(|_| 0, |_| true), Some(10));
        assert_eq!(queue.pop(|_| 0, |n| *n < 5), Some(1));
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_apps_keep_their_order(
            items in proptest::collection::vec((0u8..4, any::<u16>()), 0..60)
        ) {
            let mut queue = FairQueue::new();
            for (i, (app, n)) in items.iter().enumerate() {
                queue.push(&app.to_string(), (*app, i, *n));
            }
            prop_assert_eq!(queue.len(), items.len());
            let out: Vec<_> = std::iter::from_fn(|| queue.pop(|_| 0, |_| true)).collect();
            prop_assert_eq!(out.len(), items.len());
            for app in 0..4 {
                let order: Vec<usize> = out.iter().filter(|x| x.0 == app).map(|x| x.1).collect();
                prop_assert!(order.is_sorted());
            }
        }
    }
}

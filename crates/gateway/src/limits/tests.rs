use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use proptest::prelude::*;
use realm::world::{Budget, Limits};
use realm::{Nano, UnixMs};

use super::{Allowed, Asked, Counters, Limited, Month, Reservation, Short, reserve, reserve_more};
use crate::code::Code;

fn scopes(app: Allowed) -> (Counters, [Limited; 3]) {
    let counters = Counters::default();
    let limited = [
        counters.organisation(&"o".to_owned().try_into().unwrap(), Allowed::default()),
        counters.app(&"a".to_owned().try_into().unwrap(), app),
        counters.route(&"r".to_owned().try_into().unwrap(), Allowed::default()),
    ];
    (counters, limited)
}

fn ask(scopes: &[Limited; 3], at_ms: u64, tokens: u64, cost: i64) -> Result<Reservation, Short> {
    let [a, b, c] = scopes;
    reserve([a, b, c], asked(at_ms, tokens, cost))
}

fn asked(at_ms: u64, tokens: u64, cost: i64) -> Asked {
    Asked { at: UnixMs(at_ms), month: Month(1), tokens, cost: Nano(cost), requests: 1 }
}

fn limits(requests: Option<u64>, tokens: Option<u64>, concurrent: Option<u64>) -> Allowed {
    let limits = Limits { requests_per_min: requests, tokens_per_min: tokens, concurrent };
    Allowed { limits, budget: Budget::default() }
}

#[test]
fn a_refused_request_leaves_no_trace_in_any_scope() {
    let (_counters, scopes) = scopes(limits(None, Some(10), None));
    let refused = ask(&scopes, 1_000, 11, 5).unwrap_err();
    assert_eq!((refused.code, refused.limit), (Code::RateLimited, "tokens_per_min"));
    for limited in &scopes {
        assert_eq!(limited.scope.lock().figures(), (0, 0, 0, Nano(0), 0));
    }
}

#[test]
fn a_request_that_needs_more_gets_it_or_keeps_what_it_had() {
    let (_counters, scopes) = scopes(limits(Some(1), Some(100), Some(1)));
    let [a, b, c] = &scopes;
    let mut held = ask(&scopes, 1_000, 60, 5).unwrap();
    let more = |tokens| Asked { requests: 0, ..asked(3_000, tokens, 4) };
    assert_eq!(reserve_more([a, b, c], &mut held, more(41)).unwrap_err().limit, "tokens_per_min");
    assert_eq!((held.amount(), scopes[1].scope.lock().figures()), ((60, Nano(5)), (1, 60, 1, Nano(0), 5)));
    reserve_more([a, b, c], &mut held, more(40)).unwrap();
    assert_eq!((held.amount(), scopes[1].scope.lock().figures()), ((100, Nano(9)), (1, 100, 1, Nano(0), 9)));
    held.settle(UnixMs(4_000), Month(1), 70, Nano(7));
    assert_eq!(scopes[1].scope.lock().figures(), (1, 70, 0, Nano(7), 0));
}

#[test]
fn dropped_reservations_give_everything_back() {
    let (_counters, scopes) = scopes(Allowed::default());
    drop(ask(&scopes, 1_000, 11, 5).unwrap());
    assert_eq!(scopes[1].scope.lock().figures(), (0, 0, 0, Nano(0), 0));
}

#[test]
fn settling_replaces_the_estimate_and_frees_the_place() {
    let (_counters, scopes) = scopes(limits(None, None, Some(1)));
    let first = ask(&scopes, 1_000, 100, 50).unwrap();
    assert_eq!(ask(&scopes, 1_000, 1, 1).unwrap_err().limit, "concurrent");
    first.settle(UnixMs(2_000), Month(1), 30, Nano(7));
    assert_eq!(scopes[1].scope.lock().figures(), (1, 30, 0, Nano(7), 0));
    assert!(ask(&scopes, 2_000, 1, 1).is_ok());
}

#[test]
fn retry_after_is_when_it_passes_and_not_before() {
    let (_counters, scopes) = scopes(limits(Some(2), None, None));
    ask(&scopes, 10_500, 1, 0).unwrap().settle(UnixMs(10_600), Month(1), 1, Nano(0));
    ask(&scopes, 30_500, 1, 0).unwrap().settle(UnixMs(30_600), Month(1), 1, Nano(0));
    let wait = ask(&scopes, 40_000, 1, 0).unwrap_err().retry_after_s.unwrap();
    assert_eq!(wait, 31);
    assert!(ask(&scopes, 40_000 + (wait - 1) * 1000, 1, 0).is_err());
    assert!(ask(&scopes, 40_000 + wait * 1000, 1, 0).is_ok());
}

#[test]
fn a_new_month_spends_anew_and_keeps_what_is_reserved() {
    let budget = Budget { per_month: Some(Nano(100)) };
    let (_counters, scopes) = scopes(Allowed { limits: Limits::default(), budget });
    let open = ask(&scopes, 1_000, 1, 60).unwrap();
    assert_eq!(ask(&scopes, 1_000, 1, 60).unwrap_err().code, Code::BudgetExceeded);
    let [a, b, c] = &scopes;
    let next = Asked { at: UnixMs(2_000), month: Month(2), tokens: 1, cost: Nano(60), requests: 1 };
    assert!(reserve([a, b, c], next).is_err(), "the open request will charge the new month");
    open.settle(UnixMs(2_000), Month(2), 1, Nano(10));
    assert!(reserve([a, b, c], next).is_ok());
}

#[test]
fn concurrent_requests_never_pass_the_budget_nor_the_concurrency() {
    let limits = Limits { requests_per_min: None, tokens_per_min: None, concurrent: Some(3) };
    let budget = Budget { per_month: Some(Nano(1_000)) };
    let (_counters, scopes) = scopes(Allowed { limits, budget });
    let (scopes, spent, most) = (Arc::new(scopes), Arc::new(AtomicI64::new(0)), Arc::new(AtomicU64::new(0)));
    let inside = Arc::new(AtomicU64::new(0));
    std::thread::scope(|threads| {
        for seed in 1..=8i64 {
            let (scopes, spent, most, inside) = (scopes.clone(), spent.clone(), most.clone(), inside.clone());
            threads.spawn(move || {
                for turn in 0..300 {
                    let cost = (seed * 7 + turn) % 9 + 1;
                    let Ok(held) = ask(&scopes, 1_000, 1, cost) else { continue };
                    most.fetch_max(inside.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    std::thread::yield_now();
                    inside.fetch_sub(1, Ordering::SeqCst);
                    spent.fetch_add(cost, Ordering::SeqCst);
                    held.settle(UnixMs(1_000), Month(1), 1, Nano(cost));
                }
            });
        }
    });
    assert!(most.load(Ordering::SeqCst) <= 3);
    let spent = spent.load(Ordering::SeqCst);
    assert!((992..=1_000).contains(&spent), "spent {spent} of 1000");
}

proptest! {
    /// Against a list of everything granted: no 60 seconds hold more than the limit, and nothing is refused that
    /// a window one second longer would let in.
    #[test]
    fn the_window_is_exact_to_a_second(gaps in prop::collection::vec((0u64..9_000, 1u64..5), 1..150)) {
        const MOST: u64 = 20;
        let (_counters, scopes) = scopes(limits(None, Some(MOST), None));
        let (mut now, mut granted) = (5_000u64, VecDeque::<(u64, u64)>::new());
        for (gap, tokens) in gaps {
            now += gap;
            let within = |granted: &VecDeque<(u64, u64)>, ms: u64| -> u64 {
                granted.iter().filter(|(at, _)| at + ms > now).map(|(_, tokens)| tokens).sum()
            };
            match ask(&scopes, now, tokens, 0) {
                Ok(held) => {
                    held.settle(UnixMs(now), Month(1), tokens, Nano(0));
                    prop_assert!(within(&granted, 60_000) + tokens <= MOST);
                    granted.push_back((now, tokens));
                }
                Err(_) => prop_assert!(within(&granted, 61_000) + tokens > MOST),
            }
        }
    }
}

proptest! {
    /// Numbers of every size, by every operation: nothing panics, and when all is over and a minute has passed, nothing
    /// is left.
    #[test]
    fn no_number_breaks_the_counters(steps in prop::collection::vec((number(), number(), any::<i64>(), 0u8..3), 1..40)) {
        let (_counters, scopes) = scopes(Allowed::default());
        let (mut now, mut held) = (5_000u64, Vec::new());
        for (tokens, used, cost, what) in steps {
            now += tokens % 7_000;
            let cost = cost.saturating_abs();
            match what {
                0 => scopes[2].restore(Month(1), Nano(cost), [(UnixMs(now), used)]),
                1 => held.push(ask(&scopes, now, tokens, cost).unwrap()),
                _ => if let Some(held) = held.pop() {
                    Reservation::settle(held, UnixMs(now), Month(1), used, Nano(cost));
                }
            }
            let [_, _, route] = &scopes;
            let _ = route.scope.lock().check(&limits(Some(1), Some(used), None), &asked(now, tokens, cost));
        }
        drop(held);
        ask(&scopes, now + 61_000, 0, 0).unwrap().settle(UnixMs(now + 61_000), Month(2), 3, Nano(0));
        prop_assert_eq!(scopes[2].scope.lock().figures(), (1, 3, 0, Nano(0), 0));
    }
}

/// Mostly at the edges.
fn number() -> impl Strategy<Value = u64> {
    prop_oneof![Just(u64::MAX), Just(u64::MAX - 1), Just(1 << 63), 0u64..9, any::<u64>()]
}

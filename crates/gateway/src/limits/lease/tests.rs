//! Several gateways and a bank, in every order: what was used never passes the limit, and nothing is lost for ever.

use std::collections::HashMap;
use std::sync::Arc;

use proptest::prelude::*;
use realm::world::{Budget, Limits};
use realm::{Nano, UnixMs};

use super::super::{Allowed, Asked, Counters, Kind, LeaseAsk, Limited, Month, Reservation, reserve};
use super::{Ask, Grant, Others, fade, grant, offer};

const LEASE_MS: u64 = 10_000;
const MONEY: i64 = 1_000;
const TOKENS: u64 = 300;
const REQUESTS: u64 = 40;
const CONCURRENT: u64 = 6;
const MONTH: Month = Month(7);
/// No request takes longer.
const REQUEST_MS: u64 = 50_000;

/// A row of the database.
#[derive(Debug, Clone, Copy, Default)]
struct Row {
    granted: i64,
    used: i64,
    unmet: i64,
    ends: Option<u64>,
}

#[derive(Default)]
struct Bank(HashMap<(Kind, usize), Row>);

struct Open {
    held: Reservation,
    at: u64,
    amount: i64,
}

struct Replica {
    limited: Limited,
    open: Vec<Open>,
    /// What its ledger knows: when, how many tokens, how much money.
    ledger: Vec<(u64, u64, i64)>,
    asked_ms: u64,
}

fn limited() -> Limited {
    let limits =
        Limits { requests_per_min: Some(REQUESTS), tokens_per_min: Some(TOKENS), concurrent: Some(CONCURRENT) };
    let allowed = Allowed { limits, budget: Budget { per_month: Some(Nano(MONEY)) } };
    Counters::new(Some(Arc::default())).app(&"a".to_owned().try_into().unwrap(), allowed)
}

fn free() -> Limited {
    Counters::default().app(&"b".to_owned().try_into().unwrap(), Allowed::default())
}

impl Bank {
    fn exchange(&mut self, replica: usize, asks: &[LeaseAsk], now: u64, live: u32) -> Vec<Grant> {
        asks.iter()
            .map(|ask| {
                let others = self.others(ask.kind, replica, now, live);
                let grant = grant(&ask.ask, &others);
                let ends = ask.kind.counts_ms().map(|more| now + LEASE_MS + more);
                let row = Row { granted: grant.granted, used: ask.ask.used, unmet: grant.unmet, ends };
                self.0.insert((ask.kind, replica), row);
                grant
            })
            .collect()
    }

    fn others(&self, kind: Kind, replica: usize, now: u64, live: u32) -> Others {
        let counts = |row: &Row| row.ends.is_none_or(|ends| ends > now);
        let mut others = Others { live, ..Others::default() };
        for ((of, who), row) in &self.0 {
            if *of == kind && *who != replica && counts(row) {
                others.granted += row.granted;
                others.used += row.used;
                others.unmet += row.unmet;
            }
        }
        others
    }
}

impl Replica {
    fn new() -> Self {
        Self { limited: limited(), open: Vec::new(), ledger: Vec::new(), asked_ms: 0 }
    }

    fn spend(&mut self, now: u64, amount: i64) -> bool {
        let asked =
            Asked { at: UnixMs(now), month: MONTH, tokens: amount.unsigned_abs(), cost: Nano(amount), requests: 1 };
        let Ok(held) = reserve([&free(), &self.limited, &free()], asked) else { return false };
        self.open.push(Open { held, at: now, amount });
        true
    }

    fn settle(&mut self, now: u64, used: i64) {
        if self.open.is_empty() {
            return;
        }
        let Open { held, at, amount } = self.open.remove(0);
        let used = used.min(amount);
        held.settle(UnixMs(now), MONTH, used.unsigned_abs(), Nano(used));
        self.ledger.push((at, used.unsigned_abs(), used));
    }

    fn renew(&mut self, me: usize, bank: &mut Bank, now: u64, live: u32, lost: Lost) {
        let passed = now - std::mem::replace(&mut self.asked_ms, now);
        let mut asks = Vec::new();
        self.limited.ask("app:a", (UnixMs(now), MONTH), (passed, LEASE_MS), &mut asks);
        if lost == Lost::Question {
            return;
        }
        let grants = bank.exchange(me, &asks, now, live);
        if lost == Lost::Nothing {
            asks.iter().zip(&grants).for_each(|(ask, grant)| ask.take_over(grant, UnixMs(now + LEASE_MS)));
        }
    }

    /// Killed, and started again: the ledger closes what was open with what was set aside.
    fn crash(&mut self) {
        for Open { held, at, amount } in self.open.drain(..) {
            std::mem::forget(held);
            self.ledger.push((at, amount.unsigned_abs(), amount));
        }
        self.limited = limited();
        let recent = self.ledger.iter().map(|(at, tokens, _)| (UnixMs(*at), *tokens));
        self.limited.restore(MONTH, Nano(self.spent()), recent);
    }

    fn spent(&self) -> i64 {
        self.ledger.iter().map(|(_, _, cost)| cost).sum()
    }

    /// Money, tokens and requests of the last minute, requests now.
    fn figures(&self, now: u64) -> (i64, u64, u64, u64) {
        let open = || self.open.iter().map(|open| (open.at, open.amount.unsigned_abs()));
        let recent = || self.ledger.iter().map(|(at, tokens, _)| (*at, *tokens)).chain(open());
        let recent = || recent().filter(|(at, _)| at + 60_000 > now);
        let money = self.spent() + self.open.iter().map(|open| open.amount).sum::<i64>();
        (money, recent().map(|(_, tokens)| tokens).sum(), recent().count() as u64, self.open.len() as u64)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lost {
    Nothing,
    Question,
    Answer,
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Spend(i64),
    Settle(i64),
    Renew(Lost),
    Crash,
    Pass(u64),
}

fn step() -> impl Strategy<Value = Step> {
    let lost = prop_oneof![5 => Just(Lost::Nothing), 1 => Just(Lost::Question), 1 => Just(Lost::Answer)];
    prop_oneof![
        6 => (0i64..60).prop_map(Step::Spend),
        4 => (0i64..60).prop_map(Step::Settle),
        5 => lost.prop_map(Step::Renew),
        1 => Just(Step::Crash),
        2 => (1u64..15_000).prop_map(Step::Pass),
        1 => (15_000u64..90_000).prop_map(Step::Pass),
    ]
}

fn check(replicas: &[Replica], now: u64) -> Result<(), TestCaseError> {
    let (mut money, mut tokens, mut requests, mut concurrent) = (0, 0, 0, 0);
    for figures in replicas.iter().map(|replica| replica.figures(now)) {
        (money, tokens) = (money + figures.0, tokens + figures.1);
        (requests, concurrent) = (requests + figures.2, concurrent + figures.3);
    }
    prop_assert!(money <= MONEY, "{money} of {MONEY}");
    prop_assert!(tokens <= TOKENS, "{tokens} tokens in a minute");
    prop_assert!(requests <= REQUESTS, "{requests} requests in a minute");
    prop_assert!(concurrent <= CONCURRENT, "{concurrent} at once");
    Ok(())
}

/// A gateway that the database did not hear for longer than its share counts keeps none of it.
#[test]
fn a_share_whose_lease_ended_long_ago_is_not_kept() {
    let (mut bank, mut here, mut there) = (Bank::default(), Replica::new(), Replica::new());
    let mut now = 1_000;
    for _ in 0..15 {
        now += 500;
        here.renew(0, &mut bank, now, 2, Lost::Nothing);
        there.renew(1, &mut bank, now, 2, Lost::Nothing);
        here.spend(now, 1);
        here.settle(now, 1);
    }
    now += LEASE_MS + 75_000;
    let mut spent = 0;
    for _ in 0..80 {
        now += 50;
        there.renew(1, &mut bank, now, 2, Lost::Nothing);
        while there.spend(now, 1) {
            there.settle(now, 1);
            spent += 1;
        }
    }
    assert_eq!(spent, REQUESTS, "the whole limit is the other's by now");
    here.renew(0, &mut bank, now, 2, Lost::Nothing);
    assert!(!here.spend(now, 1), "and nothing is left here");
    check(&[here, there], now).unwrap();
}

/// What is left can be had whole by any one of them, once the others have nothing to do.
fn all_comes_back(replicas: &mut [Replica], bank: &mut Bank, mut now: u64, who: usize) -> Result<(), TestCaseError> {
    let live = u32::try_from(replicas.len()).unwrap();
    replicas.iter_mut().for_each(|replica| {
        while !replica.open.is_empty() {
            replica.settle(now, 60)
        }
    });
    let left = MONEY - replicas.iter().map(Replica::spent).sum::<i64>();
    let piece = left.min(i64::try_from(TOKENS).unwrap());
    now += 61_000;
    for _ in 0..60 {
        now += LEASE_MS / 4;
        let done = replicas[who].spend(now, piece);
        for (me, replica) in replicas.iter_mut().enumerate() {
            replica.renew(me, bank, now, live, Lost::Nothing);
        }
        if done {
            return Ok(());
        }
    }
    Err(TestCaseError::fail(format!("{piece} of {left} were never to be had: {:?}", bank.0)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn no_order_of_events_passes_a_limit_or_loses_a_share_for_ever(
        count in 1usize..5,
        steps in prop::collection::vec((0usize..5, step()), 1..250),
    ) {
        let (mut bank, mut now) = (Bank::default(), 1_000_000u64);
        let mut replicas: Vec<Replica> = (0..count).map(|_| Replica::new()).collect();
        let live = u32::try_from(count).unwrap();
        for (who, step) in steps {
            let who = who % count;
            match step {
                Step::Spend(amount) => drop(replicas[who].spend(now, amount)),
                Step::Settle(used) => replicas[who].settle(now, used),
                Step::Renew(lost) => replicas[who].renew(who, &mut bank, now, live, lost),
                Step::Crash => replicas[who].crash(),
                Step::Pass(ms) => {
                    now += ms;
                    for replica in &mut replicas {
                        while replica.open.first().is_some_and(|open| open.at + REQUEST_MS < now) {
                            replica.settle(now, 60);
                        }
                    }
                }
            }
            check(&replicas, now)?;
        }
        all_comes_back(&mut replicas, &mut bank, now, 0)?;
    }
}

#[test]
fn an_idle_gateway_holds_little_and_a_busy_one_what_it_needs() {
    let ask = Ask { limit: 1_600, used: 0, floor: 0, demand: 0, need: 0 };
    let others = Others { live: 2, ..Others::default() };
    assert_eq!(grant(&ask, &others).granted, 100, "a sixteenth");
    let busy = Ask { demand: 300, ..ask };
    assert_eq!(grant(&busy, &others).granted, 600, "twice its demand");
    let greedy = Ask { demand: 5_000, ..ask };
    assert_eq!(grant(&greedy, &others).granted, 800, "not more than its part of what is free");
}

#[test]
fn one_large_request_gets_what_is_left_and_the_end_is_said() {
    let others = Others { granted: 900, used: 880, unmet: 0, live: 2 };
    let ask = Ask { limit: 1_000, used: 10, floor: 10, demand: 0, need: 90 };
    assert_eq!(grant(&ask, &others), Grant { granted: 100, unmet: 0, pressed: false, fair: 55, exhausted: false });
    let more = Ask { need: 100, ..ask };
    let said = grant(&more, &others);
    assert_eq!((said.unmet, said.exhausted), (100, false), "the others hold what they have not used");
    let most = Ask { need: 111, ..ask };
    assert!(grant(&most, &others).exhausted);
}

#[test]
fn what_others_need_is_given_back_by_halves_and_demand_fades() {
    assert_eq!(offer(100, 20, 50, (false, 900)), 100);
    assert_eq!(offer(200, 20, 50, (false, 900)), 120);
    assert_eq!(offer(100, 20, 50, (false, 60)), 80, "a fair part");
    assert_eq!(offer(100, 20, 50, (true, 900)), 60);
    assert_eq!(offer(100, 20, 0, (false, 900)), 60);
    assert_eq!(offer(21, 20, 0, (false, 900)), 20, "to the last one");
    assert_eq!(offer(10, 20, 0, (false, 900)), 20);
    assert_eq!(fade(100, 0, 5_000, 10_000), 50);
    assert_eq!(fade(1, 0, 1, 10_000), 0);
    assert_eq!(fade(100, 7, 20_000, 10_000), 7);
}

//! The memo: the same answers, bounded, and at the same time from many threads.

use std::sync::Arc;
use std::thread;

use jiff::civil::date;
use policy::{Asked, Memo};
use realm::{ClassSet, DataClass};

use crate::deciding::compiled;
use crate::world::{BASE, TODAY, app_id, deployment_id, law, place, with_rules};

fn memo(capacity: usize) -> Memo {
    let rule = "forbid (principal, action, resource) when { principal.sector.strategic && context.user_places.contains(\"NORD\") };";
    Memo::new(Arc::new(compiled(&with_rules(BASE, &law("user", rule)))), capacity)
}

#[test]
fn an_answer_is_remembered_for_equal_questions_only() {
    let memo = memo(1000);
    let (clinic, desk) = (app_id("clinic"), app_id("desk"));
    let (far, home) = (deployment_id("far"), deployment_id("home"));
    let (xb, xc, nord) = (place("XB"), place("XC"), place("NORD"));
    let secret = ClassSet::of(DataClass::Secret);
    let first = Asked {
        app: &clinic,
        deployment: &far,
        located: ClassSet::EMPTY,
        diffuse: ClassSet::EMPTY,
        purpose: "work",
        user_jurisdiction: Some(&xb),
        date: TODAY,
    };
    let others = [
        Asked { app: &desk, ..first },
        Asked { deployment: &home, ..first },
        Asked { located: secret, ..first },
        Asked { diffuse: secret, ..first },
        Asked { purpose: "triage", ..first },
        Asked { user_jurisdiction: Some(&xc), ..first },
        Asked { user_jurisdiction: Some(&nord), ..first },
        Asked { user_jurisdiction: None, ..first },
        Asked { date: date(2026, 11, 24), ..first },
        Asked { date: date(2026, 12, 23), ..first },
        Asked { date: date(2027, 11, 23), ..first },
    ];
    let decision = memo.decide(&first);
    assert!(Arc::ptr_eq(&decision, &memo.decide(&first)));
    for (index, other) in others.iter().enumerate() {
        let answer = memo.decide(other);
        assert_eq!(*answer, memo.compiled().decide(other));
        assert_eq!(memo.len(), index + 2, "every one has a key of its own: {other:?}");
    }
    assert!(Arc::ptr_eq(&memo.decide(&Asked { located: secret, diffuse: secret, ..first }), &memo.decide(&others[3])));
}

#[test]
fn what_the_realm_does_not_have_is_not_remembered() {
    let memo = memo(10);
    let (clinic, ghost, far, odd) = (app_id("clinic"), app_id("ghost"), deployment_id("far"), place("somewhere"));
    let known = Asked {
        app: &clinic,
        deployment: &far,
        located: ClassSet::EMPTY,
        diffuse: ClassSet::EMPTY,
        purpose: "work",
        user_jurisdiction: None,
        date: TODAY,
    };
    for asked in [
        Asked { app: &ghost, ..known },
        Asked { purpose: "pleasure", ..known },
        Asked { user_jurisdiction: Some(&odd), ..known },
    ] {
        assert_eq!(*memo.decide(&asked), memo.compiled().decide(&asked));
        assert!(memo.is_empty());
    }
}

#[test]
fn it_stays_within_its_bound_and_threads_agree() {
    let memo = memo(256);
    let (clinic, far) = (app_id("clinic"), deployment_id("far"));
    let ask = |round: i8| {
        let mut decisions = 0;
        for day in 1..=28 {
            for bits in 0..32u8 {
                let diffuse: ClassSet = DataClass::ALL.into_iter().filter(|it| bits >> (*it as u8) & 1 == 1).collect();
                let asked = Asked {
                    app: &clinic,
                    deployment: &far,
                    located: ClassSet::EMPTY,
                    diffuse,
                    purpose: "work",
                    user_jurisdiction: None,
                    date: date(2026, round, day),
                };
                decisions += usize::from(memo.decide(&asked).is_permit());
            }
        }
        decisions
    };
    thread::scope(|scope| {
        let ask = &ask;
        let threads: Vec<_> = (0..2).map(|_| scope.spawn(move || ask(11))).collect();
        for thread in threads {
            assert_eq!(thread.join().expect("it ends"), 0, "a strategic app's user is unknown");
        }
    });
    assert!((256..=512 + 64).contains(&memo.len()), "{}", memo.len());
}

#[test]
fn a_day_stands_for_those_on_which_the_same_is_decided() {
    let rule = |when: &str| format!("forbid (principal, action == Action::\"infer\", resource) when {{ {when} }};");
    let later = law("later", &rule("true")).replace("2026-01-01", "2027-07-01");
    let plain = compiled(&with_rules(BASE, &later));
    let (before, after) = (date(2026, 1, 1), date(2027, 7, 1));
    assert_eq!(plain.same_as(before), plain.same_as(date(2027, 6, 30)));
    assert_ne!(plain.same_as(before), plain.same_as(after));
    assert_eq!(plain.same_as(after), plain.same_as(date(2030, 1, 1)));
    for asking in ["context.date < datetime(\"2027-01-01\")", "context . date < datetime(\"2027-01-01\")"] {
        let asking = compiled(&with_rules(BASE, &law("asks", &rule(asking))));
        assert_eq!(asking.same_as(date(2026, 3, 1)), date(2026, 3, 1), "a rule asks which day it is");
    }
    let other = compiled(&with_rules(BASE, &law("asks", &rule("context.purpose == \"letters\""))));
    assert_eq!(other.same_as(date(2026, 3, 1)), other.same_as(date(2029, 1, 1)), "it asks something else");
}

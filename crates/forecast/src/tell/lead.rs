//! What a reader in a hurry has to know.

use super::voice::Voice;
use super::{capacity, inputs};
use crate::model::Basis;
use crate::run::{Outcome, TargetOutcome};

/// From here on something is more likely than not.
const EVEN: f64 = 0.5;
/// Below it, something is all but impossible.
const SLIGHT: f64 = 0.01;

pub(super) fn lead(voice: &Voice<'_>, outcome: &Outcome) -> Vec<String> {
    let cites = !outcome.beliefs.is_empty();
    let mut all: Vec<String> = cites.then(|| disagree(voice, outcome)).into_iter().collect();
    all.extend(outcome.targets.iter().map(|it| target(voice, it)));
    all.push(capacity::binding(voice, outcome.capacity.as_ref()));
    all.extend(capacity::unbounded(voice, outcome));
    let assumed = outcome.capacity.as_ref().filter(|it| it.plan.provenance.basis == Basis::Assumed);
    all.extend(assumed.map(|_| voice.word("tell-capacity-assumed")));
    all.extend(most(voice, outcome));
    all.extend(set(voice, outcome));
    all.push(inputs::counted(voice, outcome));
    all.extend((!cites).then(|| disagree(voice, outcome)));
    all
}

pub(super) fn disagree(voice: &Voice<'_>, outcome: &Outcome) -> String {
    let it = &outcome.disagreement;
    let args = [
        ("times", voice.number(it.times.round())),
        ("least", it.least.0.of(voice.lang).to_owned()),
        ("least_points", voice.rough(it.least.1)),
        ("most", it.most.0.of(voice.lang).to_owned()),
        ("most_points", voice.rough(it.most.1)),
    ];
    voice.say("tell-disagree", &args)
}

/// What is to be reached: figure, amount, year.
pub(super) fn goal(voice: &Voice<'_>, it: &TargetOutcome) -> String {
    let args = [
        ("figure", voice.figure(&it.figure)),
        ("at_least", voice.number(it.at_least)),
        ("unit", voice.unit(&it.unit)),
        ("by", it.by.to_string()),
    ];
    voice.say("tell-goal", &args)
}

fn target(voice: &Voice<'_>, it: &TargetOutcome) -> String {
    let chances = it.readings.iter().map(|reading| {
        let likely = match reading.probability.value {
            it if it < SLIGHT => "hardly",
            it if it < EVEN => "no",
            it if it <= 1.0 - SLIGHT => "yes",
            _ => "surely",
        };
        let args = [
            ("reading", voice.reading(reading.span, it.by)),
            ("probability", voice.chance(reading.probability)),
            ("likely", likely.to_owned()),
        ];
        voice.say("tell-chance", &args)
    });
    let chances = chances.collect::<Vec<_>>().join("; ");
    voice.say("tell-target", &[("goal", goal(voice, it)), ("chances", chances)])
}

/// What was set in place of what the file says, and what becomes of its correlations.
fn set(voice: &Voice<'_>, outcome: &Outcome) -> Option<String> {
    let set: Vec<_> = outcome.inputs.iter().filter(|it| it.is_set).collect();
    let named = set.iter().map(|it| {
        let [low, _, high] = it.range.map(|value| voice.rough(value));
        let value = if it.range[0] == it.range[2] { low } else { format!("{low} – {high}") };
        format!("{} = {value} ({})", voice.input(&it.id), voice.unit(&it.unit))
    });
    let named = named.collect::<Vec<_>>().join("; ");
    let is_stuck = set.iter().any(|it| {
        let is_correlated = outcome.correlations.iter().any(|pair| pair.between.contains(&it.id));
        is_correlated && it.range[0] == it.range[2]
    });
    let said = voice.say("tell-set", &[("set", named)]);
    let more = if is_stuck { format!(" {}", voice.word("tell-set-correlated")) } else { String::new() };
    (!set.is_empty()).then(|| said + &more)
}

fn most(voice: &Voice<'_>, outcome: &Outcome) -> Option<String> {
    let named = |at: usize| {
        let it = outcome.sensitivity.inputs.get(at)?;
        Some((voice.input(&it.input), voice.hundredths(it.index?.total.value.clamp(0.0, 1.0))))
    };
    let ((first, first_share), (second, second_share)) = (named(0)?, named(1)?);
    let args = [("first", first), ("first_share", first_share), ("second", second), ("second_share", second_share)];
    Some(voice.say("tell-most", &args))
}

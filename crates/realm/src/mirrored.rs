//! What a drill in shadow counts: requests that went to their fallback too, and how far both answers agree.
//!
//! Counts and sums only, never a text. They add up: over servers, over apps, over a restart. A format that evidence holds.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{AppId, DeploymentId, Nano};

/// Everything that one server, or several together, counted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Mirrored {
    /// By app.
    pub apps: BTreeMap<AppId, AppMirrored>,
}

/// One app's requests.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AppMirrored {
    /// What became of each request that ended while the drill was on.
    pub fates: Fates,
    /// By the deployment that answered a second time.
    pub fallbacks: BTreeMap<DeploymentId, Agreement>,
}

/// Whether a request was mirrored, or why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fate {
    /// It went to its fallback too.
    Mirrored,
    /// The cut would not have touched it.
    Unconcerned,
    /// Its app is left out.
    Excluded,
    /// It is not in the sample.
    NotSampled,
    /// Nothing permitted is left on its route.
    NoFallback,
    /// What is permitted is not available, or cannot express it, or its intent could not be recorded.
    Unavailable,
    /// Too little was left of the drill's money or tokens.
    Budget,
    /// As many mirrors ran as may.
    Busy,
    /// Its client left, or its answer went on at a second deployment: there is no answer to compare with.
    NoAnswer,
}

/// Requests by what became of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Fates {
    /// See [`Fate::Mirrored`].
    pub mirrored: u64,
    /// See [`Fate::Unconcerned`].
    pub unconcerned: u64,
    /// See [`Fate::Excluded`].
    pub excluded: u64,
    /// See [`Fate::NotSampled`].
    pub not_sampled: u64,
    /// See [`Fate::NoFallback`].
    pub no_fallback: u64,
    /// See [`Fate::Unavailable`].
    pub unavailable: u64,
    /// See [`Fate::Budget`].
    pub budget: u64,
    /// See [`Fate::Busy`].
    pub busy: u64,
    /// See [`Fate::NoAnswer`].
    pub no_answer: u64,
}

/// How far the answers of one app's requests and those of one fallback agree.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Agreement {
    /// Mirrors that ended by themselves: the sum of the next four.
    pub mirrors: u64,
    /// Both ended well.
    pub both_ok: u64,
    /// The client was answered, and the fallback did not.
    pub fallback_failed: u64,
    /// The client was not answered, and the fallback did.
    pub only_fallback_ok: u64,
    /// Neither ended well.
    pub neither_ok: u64,
    /// Mirrors that were given up: the drill or the server ended, or a user's request needed the place.
    pub given_up: u64,
    /// Both ended well, and one is longer than what is held, or the fallback's was cut short by the limit that bounds the
    /// drill.
    pub too_long: u64,
    /// Both ended well, and one is in no form that can be read; of embeddings, their dimensions differ.
    pub unlike: u64,
    /// Answers that were compared: those of which both ended well, less the two above.
    pub compared: u64,
    /// Of these: alike in why they ended, in refusing, in the form that was asked for, and in the calls they make.
    pub agreeing: u64,
    /// They ended for different reasons.
    pub finish_differs: u64,
    /// One of them is marked as a refusal and the other is not.
    pub refusal: Pairs,
    /// Whether they are JSON, of requests that asked for it.
    pub json: Pairs,
    /// Whether they fit the schema, of requests that came with one.
    pub schema: Pairs,
    /// Answers of which at least one makes calls.
    pub calling: u64,
    /// Of these: the calls have the same names in the same order.
    pub same_names: u64,
    /// And the same arguments.
    pub same_calls: u64,
    /// Texts that are equal, letter by letter.
    pub exact: u64,
    /// Texts of the same words in the same order, whatever their case, spaces and punctuation.
    pub same_words: u64,
    /// Token F1 of the texts, in millionths.
    pub similarity: Moments,
    /// The fallback's tokens over the client's answer's, in thousandths, at most a thousand times.
    pub length_ratio: Moments,
    /// By how much the fallback was slower, in milliseconds; of a stream, to its first content.
    pub latency_ms: Moments,
    /// Cosine of embeddings, in millionths.
    pub cosine: Moments,
    /// Tokens that the mirrors used.
    pub tokens: u64,
    /// What they cost.
    pub cost_nano: Nano,
}

/// Answers by whether each of the two has something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Pairs {
    /// Both.
    pub both: u64,
    /// The client's only.
    pub first_only: u64,
    /// The fallback's only.
    pub second_only: u64,
    /// Neither.
    pub neither: u64,
}

/// What it takes to know a mean and how sure it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Moments {
    /// How many.
    pub n: u64,
    /// Their sum.
    pub sum: i64,
    /// The sum of their squares.
    pub squares: u64,
}

/// The largest figure that is added up, so that no sum of squares runs over.
const FIGURE_MAX: i64 = 1_000_000;

impl Mirrored {
    /// Adds what another counted.
    pub fn add(&mut self, other: &Self) {
        for (app, counted) in &other.apps {
            let own = self.apps.entry(app.clone()).or_default();
            own.fates.add(&counted.fates);
            for (fallback, agreement) in &counted.fallbacks {
                own.fallbacks.entry(fallback.clone()).or_default().add(agreement);
            }
        }
    }

    /// All apps together.
    pub fn fates(&self) -> Fates {
        let mut sum = Fates::default();
        self.apps.values().for_each(|app| sum.add(&app.fates));
        sum
    }

    /// All apps together, by fallback.
    pub fn by_fallback(&self) -> BTreeMap<DeploymentId, Agreement> {
        let mut sums: BTreeMap<DeploymentId, Agreement> = BTreeMap::new();
        for (fallback, agreement) in self.apps.values().flat_map(|app| &app.fallbacks) {
            sums.entry(fallback.clone()).or_default().add(agreement);
        }
        sums
    }

    /// Everything together.
    pub fn sum(&self) -> Agreement {
        let mut sum = Agreement::default();
        self.apps.values().flat_map(|app| app.fallbacks.values()).for_each(|it| sum.add(it));
        sum
    }
}

impl Fate {
    /// Every fate, in the order in which they are told.
    pub const ALL: [Self; 9] = [
        Self::Mirrored,
        Self::NotSampled,
        Self::Unconcerned,
        Self::Excluded,
        Self::NoFallback,
        Self::Unavailable,
        Self::Budget,
        Self::Busy,
        Self::NoAnswer,
    ];

    /// The word in metrics, texts and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mirrored => "mirrored",
            Self::Unconcerned => "unconcerned",
            Self::Excluded => "excluded",
            Self::NotSampled => "not_sampled",
            Self::NoFallback => "no_fallback",
            Self::Unavailable => "unavailable",
            Self::Budget => "budget",
            Self::Busy => "busy",
            Self::NoAnswer => "no_answer",
        }
    }
}

impl Fates {
    fn slot(&mut self, fate: Fate) -> &mut u64 {
        match fate {
            Fate::Mirrored => &mut self.mirrored,
            Fate::Unconcerned => &mut self.unconcerned,
            Fate::Excluded => &mut self.excluded,
            Fate::NotSampled => &mut self.not_sampled,
            Fate::NoFallback => &mut self.no_fallback,
            Fate::Unavailable => &mut self.unavailable,
            Fate::Budget => &mut self.budget,
            Fate::Busy => &mut self.busy,
            Fate::NoAnswer => &mut self.no_answer,
        }
    }

    /// Counts one request.
    pub fn count(&mut self, fate: Fate) {
        *self.slot(fate) += 1;
    }

    /// How many of them there were.
    pub fn of(&self, fate: Fate) -> u64 {
        let mut copy = *self;
        *copy.slot(fate)
    }

    /// All of them.
    pub fn requests(&self) -> u64 {
        Fate::ALL.into_iter().map(|fate| self.of(fate)).sum()
    }

    fn add(&mut self, other: &Self) {
        Fate::ALL.into_iter().for_each(|fate| *self.slot(fate) += other.of(fate));
    }
}

impl Agreement {
    /// Adds what another counted.
    pub fn add(&mut self, other: &Self) {
        let Self { mirrors, both_ok, fallback_failed, only_fallback_ok, neither_ok, given_up, .. } = other;
        self.mirrors += mirrors;
        self.both_ok += both_ok;
        self.fallback_failed += fallback_failed;
        self.only_fallback_ok += only_fallback_ok;
        self.neither_ok += neither_ok;
        self.given_up += given_up;
        let Self { too_long, unlike, compared, agreeing, finish_differs, calling, .. } = other;
        self.too_long += too_long;
        self.unlike += unlike;
        self.compared += compared;
        self.agreeing += agreeing;
        self.finish_differs += finish_differs;
        self.calling += calling;
        self.same_names += other.same_names;
        self.same_calls += other.same_calls;
        self.exact += other.exact;
        self.same_words += other.same_words;
        self.refusal.sum(&other.refusal);
        self.json.sum(&other.json);
        self.schema.sum(&other.schema);
        self.similarity.sum(&other.similarity);
        self.length_ratio.sum(&other.length_ratio);
        self.latency_ms.sum(&other.latency_ms);
        self.cosine.sum(&other.cosine);
        self.tokens = self.tokens.saturating_add(other.tokens);
        self.cost_nano = self.cost_nano + other.cost_nano;
    }
}

impl Pairs {
    /// Counts one pair.
    pub fn count(&mut self, first: bool, second: bool) {
        *match (first, second) {
            (true, true) => &mut self.both,
            (true, false) => &mut self.first_only,
            (false, true) => &mut self.second_only,
            (false, false) => &mut self.neither,
        } += 1;
    }

    /// All of them.
    pub fn n(&self) -> u64 {
        self.both + self.first_only + self.second_only + self.neither
    }

    /// Those in which only one has it.
    pub fn differing(&self) -> u64 {
        self.first_only + self.second_only
    }

    fn sum(&mut self, other: &Self) {
        self.both += other.both;
        self.first_only += other.first_only;
        self.second_only += other.second_only;
        self.neither += other.neither;
    }
}

impl Moments {
    /// Adds one figure, which counts as a million at most.
    pub fn note(&mut self, figure: i64) {
        let figure = figure.clamp(-FIGURE_MAX, FIGURE_MAX);
        self.n += 1;
        self.sum = self.sum.saturating_add(figure);
        self.squares = self.squares.saturating_add(figure.unsigned_abs().pow(2));
    }

    /// Their mean; none of nothing.
    pub fn mean(&self) -> Option<f64> {
        (self.n > 0).then(|| self.sum as f64 / self.n as f64)
    }

    fn sum(&mut self, other: &Self) {
        self.n += other.n;
        self.sum = self.sum.saturating_add(other.sum);
        self.squares = self.squares.saturating_add(other.squares);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(app: &str, figure: i64) -> Mirrored {
        let mut one = Agreement { mirrors: 1, both_ok: 1, cost_nano: Nano(5), ..Agreement::default() };
        one.latency_ms.note(figure);
        one.json.count(true, false);
        let mut of = AppMirrored::default();
        of.fates.count(Fate::Mirrored);
        of.fates.count(Fate::Busy);
        of.fallbacks.insert(DeploymentId::new("near").unwrap(), one);
        Mirrored { apps: BTreeMap::from([(AppId::new(app).unwrap(), of)]) }
    }

    #[test]
    fn what_servers_counted_adds_up_and_reads_back() {
        let mut sum = counted("a", 3);
        sum.add(&counted("a", -5));
        sum.add(&counted("b", 2));
        assert_eq!((sum.apps.len(), sum.fates().requests(), sum.fates().of(Fate::Busy)), (2, 6, 3));
        let all = sum.sum();
        assert_eq!(all.latency_ms, Moments { n: 3, sum: 0, squares: 38 });
        assert_eq!((all.json.first_only, all.cost_nano, all.mirrors), (3, Nano(15), 3));
        assert_eq!(sum.by_fallback().into_values().collect::<Vec<_>>(), [all]);
        let text = serde_json::to_string(&sum).unwrap();
        assert_eq!(serde_json::from_str::<Mirrored>(&text).unwrap(), sum);
    }

    #[test]
    fn a_wild_figure_cannot_spoil_the_sums() {
        let mut moments = Moments::default();
        [i64::MAX, i64::MIN, 7].into_iter().for_each(|figure| moments.note(figure));
        assert_eq!((moments.n, moments.sum), (3, 7));
        assert_eq!(Moments::default().mean(), None);
    }
}

use std::collections::BTreeSet;
use std::sync::Arc;

use cedar_policy::{
    AuthorizationError, Authorizer, Context, Entities, EntityUid, PolicySet, Request, RestrictedExpression,
};
use jiff::civil::Date;
use miette::Diagnostic as _;
use realm::world::Unknown as InDoubt;
use realm::{ClassSet, DataClass};

use crate::compiled::{Aside, Compiled, Layer, Sides, Stretch, place};
use crate::decision::{Asked, Decision, Denial, Disclosure, Exempt, Obligation, Shadow, Unknown, Verdict};
use crate::entities::{places, uid};
use crate::rule::Rule;

/// The first day that Cedar can say; before it there was no law of ours.
const FIRST_DAY: Date = jiff::civil::date(0, 1, 1);

/// The places of rules that are satisfied, and of those that err with the fact each lacks. Ascending.
#[derive(Debug, Default)]
struct Found {
    satisfied: BTreeSet<usize>,
    erring: BTreeSet<(usize, String)>,
}

/// One question to one action, answered.
struct Answer {
    denied: Option<Denial>,
    /// The satisfied forbids of a denial by policy, the satisfied permits where nothing denies.
    rules: BTreeSet<usize>,
    erring: BTreeSet<(usize, String)>,
    /// Satisfied forbids that a sandbox sets aside.
    exempt: BTreeSet<usize>,
}

/// What a set of layers decides.
struct Outcome {
    verdict: Verdict,
    redact: ClassSet,
    residual: ClassSet,
    rules: BTreeSet<usize>,
    erring: BTreeSet<(usize, String)>,
    exempt: BTreeSet<usize>,
    disclosures: Vec<(DataClass, bool, Answer)>,
}

/// One request being decided: what does not change from question to question.
pub(crate) struct Deciding<'a> {
    compiled: &'a Compiled,
    stretch: &'a Stretch,
    pub(crate) asked: &'a Asked<'a>,
    principal: EntityUid,
    resource: EntityUid,
}

impl Compiled {
    /// Decides one request for one deployment.
    ///
    /// For each class present, `disclose`: what is denied and located is redacted; what is denied and diffuse
    /// puts the deployment out. Then `infer` with the classes that remain. Both need a permit of the realm's
    /// own and no satisfied forbid. A forbid that errs is unknown: it denies or is flagged, as the realm says.
    pub fn decide(&self, asked: &Asked<'_>) -> Decision {
        let Some(deciding) = self.deciding(asked) else { return Decision::nobody(asked) };
        let stretch = deciding.stretch;
        let outcome = deciding.run(&[&stretch.bind]);
        let shadow = (!stretch.shadow.decides_nothing()).then(|| deciding.run(&[&stretch.bind, &stretch.shadow]));
        let (obligations, free) = match outcome.verdict {
            Verdict::Permit => deciding.obligations(outcome.residual),
            Verdict::Deny(_) => Default::default(),
        };
        let exempt = outcome.exempt.union(&free).copied().collect();
        Decision {
            verdict: outcome.verdict,
            redact: outcome.redact,
            residual: outcome.residual,
            rules: self.at(&outcome.rules),
            unknown: self.unknowns(&outcome.erring),
            obligations,
            exempt: self.exempted(&exempt, deciding.aside()),
            disclosures: outcome.disclosures.iter().map(|it| self.disclosure(it)).collect(),
            shadow: shadow.and_then(|shadow| self.shadow(&shadow, asked)),
        }
    }

    /// A request about to be decided; none where the realm has no such app or deployment.
    pub(crate) fn deciding<'a>(&'a self, asked: &'a Asked<'a>) -> Option<Deciding<'a>> {
        let known = self.world.apps.contains_key(asked.app) && self.world.deployments.contains_key(asked.deployment);
        known.then(|| Deciding {
            compiled: self,
            stretch: self.stretch(asked.date),
            asked,
            principal: uid("App", asked.app.as_str()),
            resource: uid("Deployment", asked.deployment.as_str()),
        })
    }

    fn at(&self, places: &BTreeSet<usize>) -> Vec<Arc<Rule>> {
        places.iter().map(|place| Arc::clone(&self.rules[*place])).collect()
    }

    fn exempted(&self, places: &BTreeSet<usize>, aside: Option<&Aside>) -> Vec<Exempt> {
        let one = |place: &usize| {
            let sandbox = aside?.get(place)?.clone();
            Some(Exempt { rule: Arc::clone(&self.rules[*place]), sandbox })
        };
        places.iter().filter_map(one).collect()
    }

    fn unknowns(&self, erring: &BTreeSet<(usize, String)>) -> Vec<Unknown> {
        let unknown =
            |(place, fact): &(usize, String)| Unknown { rule: Arc::clone(&self.rules[*place]), fact: fact.clone() };
        erring.iter().map(unknown).collect()
    }

    fn disclosure(&self, (class, diffuse, answer): &(DataClass, bool, Answer)) -> Disclosure {
        Disclosure { class: *class, diffuse: *diffuse, denied: answer.denied, rules: self.at(&answer.rules) }
    }

    /// What the shadow rules have to say; none where they took no part.
    fn shadow(&self, outcome: &Outcome, asked: &Asked<'_>) -> Option<Shadow> {
        let in_shadow = |place: &usize| !self.rules[*place].binds_on(asked.date);
        let disclosing = outcome.disclosures.iter().flat_map(|(_, _, answer)| &answer.rules);
        let part: BTreeSet<usize> = outcome.rules.iter().chain(disclosing).copied().filter(in_shadow).collect();
        let erring = outcome.erring.iter().filter(|(place, _)| in_shadow(place)).cloned().collect();
        let shadow = Shadow {
            deny: outcome.verdict != Verdict::Permit,
            redact: outcome.redact,
            rules: self.at(&part),
            unknown: self.unknowns(&erring),
        };
        (!shadow.rules.is_empty() || !shadow.unknown.is_empty()).then_some(shadow)
    }
}

impl Decision {
    /// For an app or a deployment that the realm does not have: nothing permits it.
    fn nobody(asked: &Asked<'_>) -> Self {
        Self {
            verdict: Verdict::Deny(Denial::NoPermit),
            redact: ClassSet::EMPTY,
            residual: asked.located.union(asked.diffuse),
            rules: Vec::new(),
            unknown: Vec::new(),
            obligations: Vec::new(),
            exempt: Vec::new(),
            disclosures: Vec::new(),
            shadow: None,
        }
    }
}

impl Deciding<'_> {
    /// Decides by the rules of some layers together.
    fn run(&self, layers: &[&Layer]) -> Outcome {
        let present = self.asked.located.union(self.asked.diffuse);
        let disclosures: Vec<_> = present.iter().map(|class| self.disclose(layers, class)).collect();
        let refused = |(_, _, answer): &&(DataClass, bool, Answer)| answer.denied.is_some();
        let redact: ClassSet =
            disclosures.iter().filter(refused).filter(|(_, diffuse, _)| !diffuse).map(|(class, _, _)| *class).collect();
        let residual = present.minus(redact);
        let mut erring: BTreeSet<_> = disclosures.iter().flat_map(|(_, _, answer)| answer.erring.clone()).collect();

        let mut exempt: BTreeSet<_> = disclosures.iter().flat_map(|(_, _, answer)| answer.exempt.clone()).collect();

        let out: Vec<&Answer> = disclosures
            .iter()
            .filter(refused)
            .filter(|(_, diffuse, _)| *diffuse)
            .map(|(_, _, answer)| answer)
            .collect();
        let (verdict, rules) = if out.is_empty() {
            let infer = self.infer(layers, residual);
            erring.extend(infer.erring);
            exempt.extend(infer.exempt);
            let redacting = disclosures.iter().filter(refused).flat_map(|(_, _, answer)| &answer.rules);
            match infer.denied {
                Some(denial) => (Verdict::Deny(denial), infer.rules),
                None => (Verdict::Permit, infer.rules.iter().chain(redacting).copied().collect()),
            }
        } else {
            (Verdict::Deny(gravest(&out)), out.iter().flat_map(|answer| answer.rules.iter().copied()).collect())
        };
        Outcome { verdict, redact, residual, rules, erring, exempt, disclosures }
    }

    fn disclose(&self, layers: &[&Layer], class: DataClass) -> (DataClass, bool, Answer) {
        let sides: Vec<&Sides> = layers.iter().map(|layer| &layer.disclose).collect();
        let answer = self.ask(&sides, &self.disclosing(class));
        (class, self.asked.diffuse.contains(class), answer)
    }

    fn infer(&self, layers: &[&Layer], residual: ClassSet) -> Answer {
        let sides: Vec<&Sides> = layers.iter().map(|layer| &layer.infer).collect();
        self.ask(&sides, &self.inferring(residual))
    }

    /// May a class go there in clear?
    pub(crate) fn disclosing(&self, class: DataClass) -> Request {
        self.request("disclose", [("class", RestrictedExpression::new_string(class.as_str().to_owned()))])
    }

    /// May what remains go there?
    pub(crate) fn inferring(&self, residual: ClassSet) -> Request {
        self.request("infer", [("classes", classes(residual))])
    }

    /// What is owed for what remains?
    pub(crate) fn obliging(&self, residual: ClassSet) -> Request {
        let present = self.asked.located.union(self.asked.diffuse);
        self.request("oblige", [("classes", classes(residual)), ("present", classes(present))])
    }

    /// What is owed for what goes, and what would be but for a sandbox. A duty that cannot be evaluated is owed until somebody
    /// knows.
    fn obligations(&self, residual: ClassSet) -> (Vec<Obligation>, BTreeSet<usize>) {
        let set = &self.stretch.bind.oblige;
        if set.is_empty() {
            return Default::default();
        }
        let mut found = self.evaluate(set, &self.obliging(residual));
        let free = self.aside().map(|aside| found.without(aside)).unwrap_or_default();
        let certain = found.satisfied.into_iter().map(|place| (place, None));
        let doubtful = found.erring.into_iter().map(|(place, fact)| (place, Some(fact)));
        let mut owed: Vec<_> = certain.chain(doubtful).collect();
        owed.sort();
        let obligation = |(place, unknown): (usize, Option<String>)| {
            let rule = Arc::clone(&self.compiled.rules[place]);
            rule.obligation.map(|kind| Obligation { kind, rule, unknown })
        };
        (owed.into_iter().filter_map(obligation).collect(), free)
    }

    /// A satisfied forbid dominates; without a permit nothing goes; only then does a doubt count.
    fn ask(&self, sides: &[&Sides], request: &Request) -> Answer {
        let mut permits = Found::default();
        let mut forbids = Found::default();
        for side in sides {
            permits.join(self.evaluate(&side.permits, request));
            forbids.join(self.evaluate(&side.forbids, request));
        }
        // What an exemption sets aside neither denies nor is in doubt.
        let exempt = self.aside().map(|aside| forbids.without(aside)).unwrap_or_default();
        let in_doubt_deny = self.compiled.world.head.unknown == InDoubt::Deny;
        let (denied, rules) = if !forbids.satisfied.is_empty() {
            (Some(Denial::PolicyDenied), forbids.satisfied)
        } else if permits.satisfied.is_empty() {
            (Some(Denial::NoPermit), BTreeSet::new())
        } else if in_doubt_deny && !forbids.erring.is_empty() {
            (Some(Denial::Unknown), BTreeSet::new())
        } else {
            (None, permits.satisfied)
        };
        Answer { denied, rules, erring: forbids.erring, exempt }
    }

    /// Which policies of a one-sided set are satisfied, and which err.
    fn evaluate(&self, set: &PolicySet, request: &Request) -> Found {
        if set.is_empty() {
            return Found::default();
        }
        let response = Authorizer::new().is_authorized(request, set, self.entities());
        let diagnostics = response.diagnostics();
        Found {
            satisfied: diagnostics.reason().map(place).collect(),
            erring: diagnostics.errors().map(|error| self.missing(error)).collect(),
        }
    }

    /// What sandboxes set aside for the app.
    fn aside(&self) -> Option<&Aside> {
        self.stretch.exempt.get(self.asked.app)
    }

    /// The entities of the day.
    pub(crate) fn entities(&self) -> &Entities {
        &self.stretch.entities
    }

    /// The rule that errs and the fact it lacks, as its text says it at the place of the error.
    pub(crate) fn missing(&self, error: &AuthorizationError) -> (usize, String) {
        let AuthorizationError::PolicyEvaluationError(error) = error;
        let place = place(error.policy_id());
        let source = &self.compiled.rules[place].source.text;
        let span = error.inner().labels().and_then(|mut labels| labels.next());
        let written = span.and_then(|span| source.get(span.offset()..span.offset() + span.len()));
        let message = error.inner().to_string();
        let fact = written.map(|text| path(&text.split_whitespace().collect::<String>(), &message));
        (place, fact.unwrap_or(message))
    }

    fn request<const N: usize>(&self, action: &str, own: [(&'static str, RestrictedExpression); N]) -> Request {
        let context = Context::from_pairs(own.into_iter().chain(self.circumstances()).map(|(k, v)| (k.to_owned(), v)))
            .expect("the names of circumstances differ and their values are literals");
        Request::new(self.principal.clone(), uid("Action", action), self.resource.clone(), context, None)
            .expect("without a schema nothing is compared")
    }

    fn circumstances(&self) -> impl Iterator<Item = (&'static str, RestrictedExpression)> {
        let compiled = self.compiled;
        let user = self.asked.user_jurisdiction;
        let text = |value: &str| RestrictedExpression::new_string(value.to_owned());
        [
            ("purpose", Some(text(self.asked.purpose))),
            ("user_jurisdiction", user.map(|user| text(user.as_str()))),
            ("user_places", user.map(|user| compiled.user_places(user))),
            ("date", Some(RestrictedExpression::new_datetime(self.asked.date.max(FIRST_DAY).to_string()))),
            ("home", Some(text(compiled.world.head.home.as_str()))),
            ("home_places", Some(places(&compiled.home_places))),
        ]
        .into_iter()
        .filter_map(|(name, value)| value.map(|value| (name, value)))
    }
}

impl Found {
    /// Takes some rules out; gives those of them that were satisfied.
    fn without(&mut self, aside: &Aside) -> BTreeSet<usize> {
        self.erring.retain(|(place, _)| !aside.contains_key(place));
        self.satisfied.extract_if(.., |place| aside.contains_key(place)).collect()
    }

    fn join(&mut self, other: Self) {
        self.satisfied.extend(other.satisfied);
        self.erring.extend(other.erring);
    }
}

/// The path of the missing attribute in the text that errs. Cedar points at the whole call where a method is
/// called on what is missing, and ends its message with the attribute's name in backticks.
fn path(text: &str, message: &str) -> String {
    let in_path = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '.';
    let attribute = message.rsplit('`').nth(1).map(|name| format!(".{name}"));
    let found = attribute.filter(|_| !text.chars().all(in_path)).and_then(|attribute| {
        let end = text.find(&attribute)? + attribute.len();
        let start = text[..end].rfind(|letter| !in_path(letter)).map_or(0, |at| at + 1);
        Some(text[start..end].to_owned())
    });
    found.unwrap_or_else(|| text.to_owned())
}

fn classes(classes: ClassSet) -> RestrictedExpression {
    RestrictedExpression::new_set(
        classes.iter().map(|class| RestrictedExpression::new_string(class.as_str().to_owned())),
    )
}

/// A rule that says no weighs more than a missing permit, and that more than a doubt.
fn gravest(answers: &[&Answer]) -> Denial {
    let any = |denial| answers.iter().any(|answer| answer.denied == Some(denial));
    [Denial::PolicyDenied, Denial::NoPermit].into_iter().find(|denial| any(*denial)).unwrap_or(Denial::Unknown)
}

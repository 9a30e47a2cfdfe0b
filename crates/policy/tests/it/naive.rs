//! Rules as a tree of our own: printed as Cedar for `policy`, and read here in the plainest way there is.

use jiff::civil::Date;
use policy::{Asked, Denial, Verdict};
use realm::world::{App, Supply, Unknown, World};
use realm::{ClassSet, DataClass};

/// A condition. Those after `Overseer` ask for facts that may be unknown.
#[derive(Debug, Clone, PartialEq)]
pub enum Cond {
    Strategic,
    Risk(&'static str),
    CriticalFrom(u8),
    HostedIn(&'static str),
    HostedAtHome,
    CompelledBy(&'static str),
    Purpose(&'static str),
    Class(DataClass),
    Since(Date),
    Overseer(&'static str),
    BackWithin(u64),
    UserFrom(&'static str),
    UserWithin(&'static str),
    Licence(&'static str),
    ProviderProof(&'static str),
    AppProof(&'static str),
    And(Vec<Cond>),
    Or(Vec<Cond>),
    Not(Box<Cond>),
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Acts {
    Any,
    Both,
    Infer,
    Disclose,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Who {
    Anyone,
    App(&'static str),
    Sector(&'static str),
    Organisation(&'static str),
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Which {
    Any,
    Deployment(&'static str),
    Provider(&'static str),
    Model(&'static str),
}

#[derive(Debug, Clone)]
pub struct Tree {
    pub id: String,
    pub permit: bool,
    pub acts: Acts,
    pub who: Who,
    pub which: Which,
    pub when: Cond,
    pub unless: Option<Cond>,
    pub draft: bool,
    pub from: Option<Date>,
    pub until: Option<Date>,
}

/// What one request asks of one action.
pub struct Asking<'a> {
    pub world: &'a World,
    pub asked: &'a Asked<'a>,
    /// The class of a `disclose`, none of an `infer`.
    pub class: Option<DataClass>,
    pub classes: ClassSet,
}

// === impl Cond: as Cedar text ===

impl Cond {
    pub fn text(&self, acts: Acts) -> String {
        let of = |parts: &[Cond], by: &str| {
            parts.iter().map(|it| format!("({})", it.text(acts))).collect::<Vec<_>>().join(by)
        };
        match self {
            Self::Strategic => "principal.sector.strategic".into(),
            Self::Risk(tier) => format!("principal.risk_tier == \"{tier}\""),
            Self::CriticalFrom(least) => format!("principal.criticality >= {least}"),
            Self::HostedIn(place) => format!("resource.residency.contains(\"{place}\")"),
            Self::HostedAtHome => "resource.residency.contains(context.home)".into(),
            Self::CompelledBy(place) => format!("resource.control.contains(\"{place}\")"),
            Self::Purpose(purpose) => format!("context.purpose == \"{purpose}\""),
            Self::Class(class) if acts == Acts::Infer => format!("context.classes.contains(\"{class}\")"),
            Self::Class(class) => format!("context.class == \"{class}\""),
            Self::Since(date) => format!("context.date >= datetime(\"{date}\")"),
            Self::Overseer(name) => format!("principal.overseer == \"{name}\""),
            Self::BackWithin(most) => format!("principal.rto_min < {most}"),
            Self::UserFrom(place) => format!("context.user_jurisdiction == \"{place}\""),
            Self::UserWithin(place) => format!("context.user_places.contains(\"{place}\")"),
            Self::Licence(name) => format!("resource.model.licence == \"{name}\""),
            Self::ProviderProof(value) => format!("resource.provider.evidence.safeguard == \"{value}\""),
            Self::AppProof(value) => format!("principal.evidence.assessment == \"{value}\""),
            Self::And(parts) => of(parts, " && "),
            Self::Or(parts) => of(parts, " || "),
            Self::Not(part) => format!("!({})", part.text(acts)),
        }
    }

    fn asks_for_a_fact(&self) -> bool {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().any(Self::asks_for_a_fact),
            Self::Not(part) => part.asks_for_a_fact(),
            Self::Overseer(_) | Self::BackWithin(_) | Self::UserFrom(_) | Self::UserWithin(_) => true,
            Self::Licence(_) | Self::ProviderProof(_) | Self::AppProof(_) => true,
            _ => false,
        }
    }

    /// The same with chains flattened and what is always known before facts, as a forbid must be written.
    pub fn tidy(self) -> Self {
        match self {
            Self::And(parts) => Self::And(known_first(parts, |it| match it {
                Self::And(inner) => inner,
                other => vec![other],
            })),
            Self::Or(parts) => Self::Or(known_first(parts, |it| match it {
                Self::Or(inner) => inner,
                other => vec![other],
            })),
            Self::Not(part) => Self::Not(Box::new(part.tidy())),
            atom => atom,
        }
    }

    /// The same without `Class`, which only a rule of a single action may ask for.
    pub fn classless(self) -> Self {
        let each = |parts: Vec<Self>| parts.into_iter().map(Self::classless).collect();
        match self {
            Self::Class(_) => Self::Strategic,
            Self::And(parts) => Self::And(each(parts)),
            Self::Or(parts) => Self::Or(each(parts)),
            Self::Not(part) => Self::Not(Box::new(part.classless())),
            atom => atom,
        }
    }
}

fn known_first(parts: Vec<Cond>, flat: fn(Cond) -> Vec<Cond>) -> Vec<Cond> {
    let parts = parts.into_iter().map(Cond::tidy).flat_map(flat);
    let (facts, known): (Vec<Cond>, Vec<Cond>) = parts.partition(Cond::asks_for_a_fact);
    known.into_iter().chain(facts).collect()
}

impl Tree {
    /// The rule as a forbid must be written: see `Cond::tidy`.
    pub fn tidy(mut self) -> Self {
        if matches!(self.acts, Acts::Any | Acts::Both) {
            self.when = self.when.classless();
            self.unless = self.unless.map(Cond::classless);
        }
        self.when = self.when.tidy();
        self.unless = self.unless.map(Cond::tidy);
        // `unless` comes last: it may not be the first that is always known.
        if self.when.asks_for_a_fact() && self.unless.as_ref().is_some_and(|it| !it.asks_for_a_fact()) {
            self.unless = None;
        }
        if let Some(unless) = self.unless.take() {
            // Both clauses are one chain, in which every known part must come first.
            let chain = Cond::And(vec![self.when.clone(), Cond::Not(Box::new(unless.clone()))]);
            let as_written = match (&self.when, chain.clone().tidy()) {
                (Cond::And(parts), Cond::And(tidied)) => {
                    [&parts[..], &[Cond::Not(Box::new(unless.clone()))]].concat() == tidied
                }
                (when, Cond::And(tidied)) => [when.clone(), Cond::Not(Box::new(unless.clone()))] == tidied[..],
                _ => false,
            };
            self.unless = as_written.then_some(unless);
        }
        self
    }

    pub fn text(&self) -> String {
        let mut annotations = format!("@id(\"{}\") @title(\"T\") @cite(\"C\")", self.id);
        if self.draft {
            annotations += " @status(\"draft\")";
        }
        for (name, date) in [("from", self.from), ("until", self.until)] {
            if let Some(date) = date {
                annotations += &format!(" @{name}(\"{date}\")");
            }
        }
        let effect = if self.permit { "permit" } else { "forbid" };
        let who = match self.who {
            Who::Anyone => "principal".to_owned(),
            Who::App(id) => format!("principal == App::\"{id}\""),
            Who::Sector(id) => format!("principal in Sector::\"{id}\""),
            Who::Organisation(id) => format!("principal in Organisation::\"{id}\""),
        };
        let acts = match self.acts {
            Acts::Any => "action",
            Acts::Both => "action in [Action::\"infer\", Action::\"disclose\"]",
            Acts::Infer => "action == Action::\"infer\"",
            Acts::Disclose => "action == Action::\"disclose\"",
        };
        let which = match self.which {
            Which::Any => "resource".to_owned(),
            Which::Deployment(id) => format!("resource == Deployment::\"{id}\""),
            Which::Provider(id) => format!("resource in Provider::\"{id}\""),
            Which::Model(id) => format!("resource in Model::\"{id}\""),
        };
        let unless = self.unless.as_ref().map(|it| format!(" unless {{ {} }}", it.text(self.acts))).unwrap_or_default();
        format!(
            "{annotations} @evidence(\"provider.safeguard, app.assessment\")\n{effect} ({who}, {acts}, {which}) \
             when {{ {} }}{unless};\n",
            self.when.text(self.acts)
        )
    }

    pub fn binds_on(&self, date: Date) -> bool {
        let begun = self.from.is_none_or(|from| date >= from);
        let ended = self.until.is_some_and(|until| date > until);
        !self.draft && begun && !ended
    }
}

// === reading the tree ===

impl Asking<'_> {
    fn app(&self) -> &App {
        &self.world.apps[self.asked.app]
    }

    fn supply(&self) -> Supply<'_> {
        self.world.supply_of(self.asked.deployment).expect("the deployments asked for exist")
    }

    /// What a condition says, or the fact that is missing.
    fn read(&self, cond: &Cond) -> Result<bool, String> {
        let app = self.app();
        let supply = self.supply();
        let user = self.asked.user_jurisdiction;
        let missing = |fact: &str| fact.to_owned();
        let within =
            |place: &realm::Jurisdiction, of: &str| self.world.expand(place).iter().any(|it| it.as_str() == of);
        Ok(match cond {
            Cond::Strategic => self.world.sectors[&self.world.organisations[&app.organisation].sector].strategic,
            Cond::Risk(tier) => app.risk_tier.as_str() == *tier,
            Cond::CriticalFrom(least) => app.criticality >= *least,
            Cond::HostedIn(place) => within(&supply.deployment.host, place),
            Cond::HostedAtHome => within(&supply.deployment.host, self.world.head.home.as_str()),
            Cond::CompelledBy(place) => supply.operator.controllers.iter().any(|it| it.as_str() == *place),
            Cond::Purpose(purpose) => self.asked.purpose == *purpose,
            Cond::Class(class) => self.class.map_or(self.classes.contains(*class), |it| it == *class),
            Cond::Since(date) => self.asked.date >= *date,
            Cond::Overseer(name) => app.overseer.as_deref().ok_or(missing("principal.overseer"))? == *name,
            Cond::BackWithin(most) => app.rto_min.ok_or(missing("principal.rto_min"))? < *most,
            Cond::UserFrom(place) => user.ok_or(missing("context.user_jurisdiction"))?.as_str() == *place,
            Cond::UserWithin(place) => within(user.ok_or(missing("context.user_places"))?, place),
            Cond::Licence(name) => supply.model.licence.as_deref().ok_or(missing("resource.model.licence"))? == *name,
            Cond::ProviderProof(value) => {
                self.proof(&format!("provider:{}", supply.provider.id), "safeguard")
                    .ok_or(missing("resource.provider.evidence.safeguard"))?
                    == *value
            }
            Cond::AppProof(value) => {
                self.proof(&format!("app:{}", app.id), "assessment").ok_or(missing("principal.evidence.assessment"))?
                    == *value
            }
            Cond::And(parts) => {
                for part in parts {
                    if !self.read(part)? {
                        return Ok(false);
                    }
                }
                true
            }
            Cond::Or(parts) => {
                for part in parts {
                    if self.read(part)? {
                        return Ok(true);
                    }
                }
                false
            }
            Cond::Not(part) => !self.read(part)?,
        })
    }

    fn proof(&self, subject: &str, key: &str) -> Option<&str> {
        let rows = self.world.evidence.iter().filter(|it| it.subject == subject && it.key == key);
        let valid = rows.filter(|it| it.valid_until.is_none_or(|last| last >= self.asked.date));
        valid.max_by_key(|it| it.valid_until.unwrap_or(Date::MAX)).map(|it| it.value.as_str())
    }

    fn satisfied(&self, rule: &Tree) -> Result<bool, String> {
        let app = self.app();
        let supply = self.supply();
        let who = match rule.who {
            Who::Anyone => true,
            Who::App(id) => app.id.as_str() == id,
            Who::Sector(id) => self.world.organisations[&app.organisation].sector.as_str() == id,
            Who::Organisation(id) => {
                let mut at = Some(&app.organisation);
                std::iter::from_fn(|| {
                    let here = at?;
                    at = self.world.organisations[here].parent.as_ref();
                    Some(here)
                })
                .any(|it| it.as_str() == id)
            }
        };
        let act = match rule.acts {
            Acts::Any | Acts::Both => true,
            Acts::Infer => self.class.is_none(),
            Acts::Disclose => self.class.is_some(),
        };
        let which = match rule.which {
            Which::Any => true,
            Which::Deployment(id) => supply.deployment.id.as_str() == id,
            Which::Provider(id) => supply.provider.id.as_str() == id,
            Which::Model(id) => supply.model.id.as_str() == id,
        };
        if !(who && act && which && self.read(&rule.when)?) {
            return Ok(false);
        }
        match &rule.unless {
            Some(unless) => Ok(!self.read(unless)?),
            None => Ok(true),
        }
    }
}

/// What the naive reader makes of a request.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    pub verdict: Verdict,
    pub redact: ClassSet,
    /// Of the verdict, in the order of `rules`.
    pub rules: Vec<String>,
    /// Of the verdict and of every class denied or permitted.
    pub all_rules: Vec<String>,
    pub unknown: Vec<(String, String)>,
}

struct One {
    denied: Option<Denial>,
    rules: Vec<String>,
}

/// Reads the rules one by one.
pub fn read(world: &World, rules: &[&Tree], asked: &Asked<'_>) -> Reading {
    let mut unknown = Vec::new();
    let mut one = |class: Option<DataClass>, classes: ClassSet| {
        let asking = Asking { world, asked, class, classes };
        let (mut permits, mut forbids, mut doubt) = (Vec::new(), Vec::new(), false);
        for rule in rules {
            match asking.satisfied(rule) {
                Ok(false) => {}
                Ok(true) if rule.permit => permits.push(rule.id.clone()),
                Ok(true) => forbids.push(rule.id.clone()),
                Err(_) if rule.permit => {}
                Err(fact) => {
                    doubt = true;
                    unknown.push((rule.id.clone(), fact));
                }
            }
        }
        if !forbids.is_empty() {
            One { denied: Some(Denial::PolicyDenied), rules: forbids }
        } else if permits.is_empty() {
            One { denied: Some(Denial::NoPermit), rules: Vec::new() }
        } else if doubt && world.head.unknown == Unknown::Deny {
            One { denied: Some(Denial::Unknown), rules: Vec::new() }
        } else {
            One { denied: None, rules: permits }
        }
    };
    let (mut redact, mut out, mut of_redaction, mut all) = (ClassSet::EMPTY, Vec::new(), Vec::new(), Vec::new());
    let present: Vec<DataClass> = asked.located.union(asked.diffuse).iter().collect();
    for class in &present {
        let answer = one(Some(*class), ClassSet::EMPTY);
        all.extend(answer.rules.clone());
        match answer.denied {
            None => {}
            Some(denial) if asked.diffuse.contains(*class) => out.push((denial, answer.rules)),
            Some(_) => {
                redact = redact.with(*class);
                of_redaction.extend(answer.rules);
            }
        }
    }
    let (verdict, decisive) = if out.is_empty() {
        let remain = present.iter().copied().filter(|class| !redact.contains(*class)).collect();
        let answer = one(None, remain);
        match answer.denied {
            Some(denial) => (Verdict::Deny(denial), answer.rules),
            None => (Verdict::Permit, [answer.rules, of_redaction].concat()),
        }
    } else {
        let rank = |denial: &Denial| match denial {
            Denial::PolicyDenied => 0,
            Denial::NoPermit => 1,
            Denial::Unknown => 2,
        };
        let worst = out.iter().map(|(denial, _)| *denial).min_by_key(rank).expect("one is out");
        (Verdict::Deny(worst), out.into_iter().flat_map(|(_, rules)| rules).collect())
    };
    all.extend(decisive.clone());
    let in_order = |ids: Vec<String>| rules.iter().map(|it| it.id.clone()).filter(|id| ids.contains(id)).collect();
    unknown.sort();
    unknown.dedup();
    Reading { verdict, redact, rules: in_order(decisive), all_rules: in_order(all), unknown }
}

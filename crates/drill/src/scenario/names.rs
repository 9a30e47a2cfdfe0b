//! Whether what a scenario names is anywhere.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use policy::Compiled;
use realm::World;
use realm::load::{Diagnostic, nearest};

use super::law::SUBJECTS;
use super::parse::is_country;
use super::{Cut, Of, Placed, Scenario, Wanted};
use crate::level::{Level, keys};
use crate::power::Left;
use crate::say::MESSAGES;

/// The names that some worlds have, by kind.
#[derive(Default)]
struct Names(BTreeMap<&'static str, BTreeSet<String>>);

/// A name of a kind that the scenario asks for, and where.
type Asked = (&'static str, String, Range<usize>);

impl Names {
    fn of(worlds: &[Arc<Compiled>]) -> Self {
        let mut names = Self::default();
        for compiled in worlds {
            let world = compiled.world();
            for key in world.deployments.keys().flat_map(|deployment| keys(world, deployment)) {
                names.add(key.level.as_str(), key.name.as_deref());
            }
            names.declared(world);
            let evidence = compiled.evidence().iter().map(ToString::to_string);
            names.0.entry("evidence").or_default().extend(evidence);
            names.0.entry("pack").or_default().extend(world.packs.keys().map(ToString::to_string));
            names.0.entry("organisation").or_default().extend(world.organisations.keys().map(ToString::to_string));
            names.0.entry("rule").or_default().extend(compiled.rules().iter().map(|rule| rule.id.to_string()));
            names.0.entry("bloc").or_default().extend(world.blocs.keys().map(ToString::to_string));
            names.0.entry("provider").or_default().extend(world.providers.keys().map(ToString::to_string));
            names.0.entry("app").or_default().extend(world.apps.keys().map(ToString::to_string));
            names.0.entry("sector").or_default().extend(world.sectors.keys().map(ToString::to_string));
        }
        names
    }

    /// What stands in a realm though no deployment rests on it alone: a drill without it may find nothing lost, and is right.
    fn declared(&mut self, world: &World) {
        world.sites.keys().for_each(|id| self.add(Level::Site.as_str(), Some(id.as_str())));
        for (id, kind) in &world.accelerators {
            self.add(Level::Accelerator.as_str(), Some(id.as_str()));
            self.add(Level::Maker.as_str(), Some(kind.maker.as_str()));
        }
        world.energy_sources.keys().for_each(|id| self.add(Level::Energy.as_str(), Some(id.as_str())));
    }

    fn add(&mut self, kind: &'static str, name: Option<&str>) {
        self.0.entry(kind).or_default().extend(name.map(str::to_owned));
    }
}

impl Scenario {
    /// Whether a world has everything that it names.
    ///
    /// # Errors
    /// Each name that it has not: most likely misspelt, and the drill would cut off nothing.
    pub fn check_names(&self, world: &Arc<Compiled>) -> Result<(), Vec<Diagnostic>> {
        let unknown = self.unknown_names(std::slice::from_ref(world));
        if unknown.is_empty() { Ok(()) } else { Err(unknown) }
    }

    /// Names that none of the worlds has: each is most likely misspelt, and the drill would show nothing.
    pub(crate) fn unknown_names(&self, worlds: &[Arc<Compiled>]) -> Vec<Diagnostic> {
        let mut names = Names::of(worlds);
        for text in self.supplied.values() {
            text.rules().iter().for_each(|rule| names.add("rule", Some(rule.as_str())));
            text.evidence().iter().for_each(|key| names.add("evidence", Some(&key.to_string())));
        }
        let mut asked: Vec<Asked> = Vec::new();
        for Placed { value, span } in self.cuts.iter().filter_map(|cut| cut.what.as_ref()) {
            if let Wanted::Key(key) = value
                && let Some(name) = &key.name
            {
                asked.push((key.level.as_str(), name.to_string(), span.clone()));
            }
        }
        let prices = self.prices.iter().map(|it| &it.provider);
        asked.extend(prices.map(|it| (Level::Provider.as_str(), it.value.to_string(), it.span.clone())));
        asked.extend(self.names_in_law());
        // Users are of a country, or of a bloc that is there.
        let users = self.cuts.iter().filter_map(|cut| cut.users.as_ref()).map(|it| (it.value.to_string(), &it.span));
        let users = users.filter(|(name, _)| !is_country(name));
        asked.extend(users.map(|(name, span)| ("bloc", name, span.clone())));
        asked.extend(self.gains.iter().map(|it| ("bloc", it.bloc.value.to_string(), it.bloc.span.clone())));
        asked.extend(self.traffic.apps.iter().map(|it| ("app", it.to_string(), 0..0)));
        asked.extend(self.guardrails.exclude_apps.iter().map(|it| ("app", it.to_string(), 0..0)));
        let owner = self.closing.owner.as_ref();
        asked.extend(owner.map(|it| ("organisation", it.value.to_string(), it.span.clone())));
        asked.extend(self.traffic.sectors.iter().map(|it| ("sector", it.to_string(), 0..0)));
        let problem = |(kind, name, span): Asked| {
            let known = names.0.get(kind);
            if known.is_some_and(|known| known.contains(&name)) {
                return None;
            }
            let near = nearest(&name, known.into_iter().flatten().map(String::as_str));
            let problem = Diagnostic::error("scenario.unknown_name", &MESSAGES).arg("kind", kind).arg("name", name);
            Some(problem.arg_if("nearest", near).at(&self.source, span))
        };
        asked.into_iter().filter_map(problem).chain(self.too_much_left(worlds)).collect()
    }

    /// Sources of which more is left than they give in any of the worlds.
    fn too_much_left(&self, worlds: &[Arc<Compiled>]) -> Vec<Diagnostic> {
        let problem = |cut: &Cut| {
            let (Some(what), Some(Placed { value: Left::Mw(left_mw), span })) = (&cut.what, &cut.left) else {
                return None;
            };
            let Wanted::Key(key) = &what.value else { return None };
            let name = key.name.as_deref()?;
            let gives = worlds.iter().filter_map(|world| world.world().energy_sources.get(name)).map(|it| it.power_mw);
            let most = gives.max().filter(|most| left_mw > most)?;
            let problem = Diagnostic::error("scenario.left_too_much", &MESSAGES).arg("name", name);
            Some(problem.arg("gives", most.normalize().to_string()).at(&self.source, span.clone()))
        };
        self.cuts.iter().filter_map(problem).collect()
    }

    /// Rules, packs, and what facts are of.
    fn names_in_law(&self) -> Vec<Asked> {
        let mut asked: Vec<Asked> = Vec::new();
        asked.extend(self.laws.iter().filter_map(|it| match &it.of.value {
            Of::Rule(id) => Some(("rule", id.to_string(), it.of.span.clone())),
            // One that is switched on was looked up, or refused.
            Of::Pack(id) if self.supplied.contains_key(id) => None,
            Of::Pack(id) => Some(("pack", id.to_string(), it.of.span.clone())),
        }));
        for shown in &self.shown {
            let (kind, id) = shown.evidence.subject.split_once(':').unwrap_or_default();
            let known = SUBJECTS.into_iter().find(|known| *known == kind).unwrap_or("app");
            asked.push((known, id.to_owned(), shown.subject.clone()));
            asked.push(("evidence", format!("{kind}.{}", shown.evidence.key), shown.key.clone()));
        }
        asked
    }
}

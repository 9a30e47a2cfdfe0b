//! Worlds made of values, small enough to read in a test.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use realm::world::{
    AccessPath, App, Approvals, Budget, Capacity, Content, DecisionEffect, Deployment, Evidence, Head, LedgerSettings,
    Limits, Model, ModelKind, Organisation, OrganisationKind, Oversight, Protocol, Provider, RiskTier, Route,
    RuleSource, Sector, Strategy, Target, Timeouts, Training, Unknown, Weights, World,
};
use realm::{
    AppId, ClassSet, DataClass, DeploymentId, Jurisdiction, ModelId, OrganisationId, PackId, ProviderId, RouteId,
    SectorId,
};

pub const TODAY: Date = date(2026, 11, 23);

/// A permit of everything.
pub const BASE: &str = "@id(\"base\") permit (principal, action, resource);\n";

macro_rules! ids {
    ($($make:ident -> $id:ident;)*) => {$(
        pub fn $make(id: &str) -> $id {
            $id::new(id).expect("ids in tests are ids")
        }
    )*};
}

ids! {
    app_id -> AppId;
    deployment_id -> DeploymentId;
    model_id -> ModelId;
    organisation_id -> OrganisationId;
    pack_id -> PackId;
    provider_id -> ProviderId;
    route_id -> RouteId;
    sector_id -> SectorId;
}

pub fn place(code: &str) -> Jurisdiction {
    Jurisdiction::new(code)
}

pub fn classes(classes: &[DataClass]) -> ClassSet {
    classes.iter().copied().collect()
}

/// Home XA in the bloc NORD with XB. A clinic (health, strategic), a desk of a travel office (leisure); a
/// domestic engine at home, and Meridian in XC with a model made there.
pub fn world() -> World {
    let bloc = (place("NORD"), BTreeSet::from([place("XA"), place("XB")]));
    let providers = [
        provider("engine", "state-cloud", Protocol::Embedded),
        provider("meridian", "meridian-corp", Protocol::Openai),
    ];
    World {
        head: head(),
        blocs: BTreeMap::from([bloc]),
        sectors: keyed([sector("health", true), sector("leisure", false)], |it| it.id.clone()),
        organisations: organisations(),
        apps: keyed([app("clinic", "hospital"), app("desk", "travel")], |it| it.id.clone()),
        models: models(),
        providers: keyed(providers, |it| it.id.clone()),
        deployments: deployments(),
        routes: keyed([route("best", &["far", "home"]), route("domestic", &["home"])], |it| it.id.clone()),
        detectors: BTreeMap::new(),
        witnesses: BTreeMap::new(),
        initiatives: BTreeMap::new(),
        indicators: BTreeMap::new(),
        sandboxes: BTreeMap::new(),
        passports: BTreeMap::new(),
        sites: BTreeMap::new(),
        accelerators: BTreeMap::new(),
        throughput: BTreeMap::new(),
        energy_sources: BTreeMap::new(),
        evidence: Vec::new(),
        packs: BTreeMap::new(),
        rules: Vec::new(),
    }
}

fn organisations() -> BTreeMap<OrganisationId, Organisation> {
    let all = [
        organisation("hospital", "health", "XA"),
        organisation("travel", "leisure", "XA"),
        organisation("state-cloud", "health", "XA"),
        organisation("meridian-corp", "leisure", "XC"),
    ];
    keyed(all, |it| it.id.clone())
}

fn deployments() -> BTreeMap<DeploymentId, Deployment> {
    let both = [deployment("home", "birch", "engine", "XA"), deployment("far", "meridian-1", "meridian", "XC")];
    keyed(both, |it| it.id.clone())
}

fn models() -> BTreeMap<ModelId, Model> {
    keyed([model("birch", "state-cloud", "XA"), model("meridian-1", "meridian-corp", "XC")], |it| it.id.clone())
}

/// The world with rules of its own, and those of one law.
pub fn with_rules(own: &str, law: &str) -> World {
    World { rules: sources(own, law), ..world() }
}

pub fn sources(own: &str, law: &str) -> Vec<RuleSource> {
    let own = RuleSource { path: PathBuf::from("policies/own.cedar"), pack: None, text: own.to_owned() };
    let law =
        RuleSource { path: PathBuf::from("packs/law/rules.cedar"), pack: Some(pack_id("law")), text: law.to_owned() };
    [own, law].into_iter().filter(|source| !source.text.is_empty()).collect()
}

/// A law rule: its annotations and then its text.
pub fn law(id: &str, rule: &str) -> String {
    format!(
        "@id(\"{id}\") @title(\"Title of {id}\") @cite(\"Act 1, Art. 2\") @status(\"in_force\") @from(\"2026-01-01\") \
         @verified_on(\"2026-11-01\")\n{rule}\n"
    )
}

/// A forbid of the realm's own: its annotations and then its text.
pub fn own(id: &str, rule: &str) -> String {
    format!("@id(\"{id}\") @title(\"Title of {id}\") @cite(\"Order 7\")\n{rule}\n")
}

pub fn evidence(subject: &str, key: &str, value: &str, valid_until: Option<Date>) -> Evidence {
    Evidence { subject: subject.to_owned(), key: key.to_owned(), value: value.to_owned(), source: None, valid_until }
}

fn keyed<K: Ord, V, const N: usize>(values: [V; N], key: fn(&V) -> K) -> BTreeMap<K, V> {
    values.into_iter().map(|value| (key(&value), value)).collect()
}

fn head() -> Head {
    Head {
        name: "Test Republic".to_owned(),
        home: place("XA"),
        timezone: TimeZone::UTC,
        timezone_name: "Etc/UTC".to_owned(),
        currency: "EUR".to_owned(),
        languages: vec!["en".to_owned()],
        packs: Vec::new(),
        unknown: Unknown::Deny,
        content: Content::None,
        content_days: 30,
        drill_people: Vec::new(),
        sandbox_people: Vec::new(),
        sign_in: None,
        ledger: LedgerSettings { public: false, publish_ms: 500, witness_s: 60 },
    }
}

pub fn sector(id: &str, strategic: bool) -> Sector {
    Sector { id: sector_id(id), name: id.to_owned(), strategic, isic: None }
}

pub fn organisation(id: &str, sector: &str, jurisdiction: &str) -> Organisation {
    Organisation {
        id: organisation_id(id),
        name: id.to_owned(),
        kind: OrganisationKind::Company,
        sector: sector_id(sector),
        jurisdiction: place(jurisdiction),
        parent: None,
        owners: Vec::new(),
        budget: Budget::default(),
        limits: Limits::default(),
        content: None,
        ultimate_parent: organisation_id(id),
        controllers: BTreeSet::from([place(jurisdiction)]),
    }
}

pub fn app(id: &str, organisation: &str) -> App {
    App {
        id: app_id(id),
        organisation: organisation_id(organisation),
        purposes: vec!["work".to_owned(), "triage".to_owned()],
        risk_tier: RiskTier::Minimal,
        decision_effect: DecisionEffect::None,
        oversight: Oversight::None,
        overseer: None,
        criticality: 1,
        rto_min: None,
        data_classes: ClassSet::EMPTY,
        asserts_user: true,
        routes: BTreeSet::from([route_id("best")]),
        budget: Budget::default(),
        limits: Limits::default(),
        content: None,
        quality: None,
        approvals: Approvals::Refuse,
    }
}

pub fn model(id: &str, developer: &str, origin: &str) -> Model {
    Model {
        id: model_id(id),
        name: id.to_owned(),
        developer: organisation_id(developer),
        origin: place(origin),
        weights: Weights::Open,
        licence: None,
        kind: ModelKind::Chat,
        parameters: None,
        context_tokens: None,
        languages: vec!["en".to_owned()],
        registries: Vec::new(),
        training: Training::default(),
    }
}

pub fn provider(id: &str, operator: &str, protocol: Protocol) -> Provider {
    Provider {
        id: provider_id(id),
        operator: organisation_id(operator),
        protocol,
        base_url: None,
        auth_url: None,
        operations_url: None,
        scope: None,
        folder: None,
        api_version: None,
        credential: None,
        ca_file: None,
        client_cert: None,
        client_key: None,
        access_path: AccessPath::None,
        timeouts: Timeouts::default(),
        concurrency: None,
        droppable: Vec::new(),
        trace_context: None,
        simulated: false,
    }
}

pub fn deployment(id: &str, model: &str, provider: &str, host: &str) -> Deployment {
    Deployment {
        id: deployment_id(id),
        model: model_id(model),
        provider: provider_id(provider),
        upstream_model: model.to_owned(),
        host: place(host),
        site: None,
        accelerator: None,
        price: None,
        energy: None,
        capacity: Capacity::default(),
        weights_file: None,
    }
}

pub fn route(id: &str, deployments: &[&str]) -> Route {
    let target = |(priority, id): (u32, &&str)| Target { deployment: deployment_id(id), priority, weight: 1 };
    Route {
        id: route_id(id),
        targets: (1..).zip(deployments).map(target).collect(),
        fallback: true,
        resume: false,
        strategy: Strategy::Priority,
        quality: None,
        budget: Budget::default(),
        limits: Limits::default(),
    }
}

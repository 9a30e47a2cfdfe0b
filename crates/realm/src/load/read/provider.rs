use super::{MOST, path, plain, texts};
use crate::load::context::At;
use crate::load::table::Table;
use crate::load::url;
use crate::world::{AccessPath, Credential, GigachatScope, Protocol, Provider, Timeouts};

/// Those that are reached over a network.
const REMOTE: &[Protocol] = &[Protocol::Openai, Protocol::Anthropic, Protocol::Gigachat, Protocol::Yandexgpt];

/// Fields that not every protocol has a use for, and which have.
const TAKEN_BY: &[(&str, &[Protocol])] = &[
    ("base_url", REMOTE),
    ("credential", REMOTE),
    ("ca_file", REMOTE),
    ("client_cert", REMOTE),
    ("client_key", REMOTE),
    ("auth_url", &[Protocol::Gigachat, Protocol::Yandexgpt]),
    ("operations_url", &[Protocol::Yandexgpt]),
    ("scope", &[Protocol::Gigachat]),
    ("folder", &[Protocol::Yandexgpt]),
    ("api_version", &[Protocol::Anthropic]),
];

/// Fields that some protocols cannot do without, and the code of the problem.
const NEEDED_BY: &[(&str, &str, &[Protocol])] = &[
    ("base_url", "realm.missing_base_url", REMOTE),
    ("auth_url", "realm.missing_auth_url", &[Protocol::Gigachat]),
    ("folder", "realm.missing_folder", &[Protocol::Yandexgpt]),
];

const ACCESS_PATHS: &[(&str, AccessPath)] = &[
    ("none", AccessPath::None),
    ("support", AccessPath::Support),
    ("admin", AccessPath::Admin),
    ("update", AccessPath::Update),
];

/// `[[provider]]`.
pub(in crate::load) fn provider(table: &Table<'_>) -> Option<Provider> {
    let id = table.own_id();
    let operator = table.require("operator", table.link("operator"));
    let protocol = table.word("protocol", &Protocol::ALL.map(|protocol| (protocol.as_str(), protocol)));
    let protocol = table.require("protocol", protocol);
    both_or_neither(table);
    fits_protocol(table, protocol.as_ref());
    Some(Provider {
        base_url: address(table, "base_url"),
        auth_url: address(table, "auth_url"),
        operations_url: address(table, "operations_url"),
        scope: table.word("scope", &GigachatScope::ALL.map(|scope| (scope.as_str(), scope))).map(plain),
        folder: table.shaped("folder", "folder", is_folder).map(plain),
        api_version: table.date("api_version").map(plain),
        credential: credential(table, "credential"),
        ca_file: path(table, "ca_file"),
        client_cert: path(table, "client_cert"),
        client_key: path(table, "client_key"),
        access_path: table.word("access_path", ACCESS_PATHS).map_or(AccessPath::None, plain),
        timeouts: table.sub("timeouts", "provider.timeouts", timeouts).unwrap_or_default(),
        concurrency: table.whole("concurrency", 1..=MOST).map(plain),
        droppable: texts(table, "droppable"),
        trace_context: table.flag("trace_context").map(plain),
        simulated: table.flag("simulated").is_some_and(plain),
        // Last: where one of these is missing, every other field has been read and judged all the same.
        id: id?,
        operator: operator?.value,
        protocol: protocol?.value,
    })
}

/// A certificate is of no use without its key, nor a key without its certificate.
fn both_or_neither(table: &Table<'_>) {
    for (one, other) in [("client_cert", "client_key"), ("client_key", "client_cert")] {
        if let Some(place) = table.field_place(one).filter(|_| !table.has(other)) {
            table.cx.report(place.error("realm.cert_without_key").arg("has", one).arg("lacks", other));
        }
    }
}

/// Each protocol has what it needs and nothing that it would not look at.
fn fits_protocol(table: &Table<'_>, protocol: Option<&At<Protocol>>) {
    let Some(protocol) = protocol.map(|at| at.value) else { return };
    for (_, code, _) in NEEDED_BY.iter().filter(|(field, _, by)| by.contains(&protocol) && !table.has(field)) {
        table.cx.report(table.place().error(code).arg("protocol", protocol.as_str()));
    }
    for (field, by) in TAKEN_BY.iter().filter(|(_, by)| !by.contains(&protocol)) {
        let Some(place) = table.field_place(field) else { continue };
        let problem = match protocol {
            Protocol::Embedded => place.error("realm.not_for_embedded"),
            _ => {
                let words: Vec<_> = by.iter().map(|protocol| protocol.as_str()).collect();
                let problem = place.error("realm.not_for_protocol").arg("protocol", protocol.as_str());
                problem.arg("protocols", words.join(", "))
            }
        };
        table.cx.report(problem.arg("field", *field));
    }
}

/// It goes into the names of models, between slashes.
fn is_folder(text: &str) -> bool {
    (1..=50).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

pub(super) fn address(table: &Table<'_>, field: &'static str) -> Option<String> {
    let url = table.text(field)?;
    if let Some(fault) = url::fault(&url.value) {
        let problem = url.place.error("realm.bad_url").arg("fault", fault);
        // What stands before an `@` may be a password.
        table.cx.report(if fault == "userinfo" { problem.without_source() } else { problem.arg("url", url.value) });
        return None;
    }
    if url::is_exposed(&url.value) {
        table.cx.report(url.place.warning("realm.plain_http").arg("url", &*url.value));
    }
    Some(url.value)
}

/// Where a secret is read from.
pub(super) fn credential(table: &Table<'_>, field: &'static str) -> Option<Credential> {
    let place = table.field_place(field)?;
    table.sub(field, "provider.credential", |credential| {
        let env = credential.text("env");
        let file = path(credential, "file");
        match (env, file, credential.has("env") && credential.has("file")) {
            (Some(env), None, false) if is_variable(&env.value) => Some(Credential::Env(env.value)),
            (Some(env), None, false) => {
                table.cx.report(env.place.error("realm.bad_variable").without_source());
                None
            }
            (None, Some(file), false) => Some(Credential::File(file)),
            (_, _, both) => {
                if both || !(credential.has("env") || credential.has("file")) {
                    table.cx.report(place.error("realm.credential_kind").without_source());
                }
                None
            }
        }
    })?
}

fn is_variable(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

fn timeouts(table: &Table<'_>) -> Timeouts {
    let default = Timeouts::default();
    let day_ms = 24 * 60 * 60 * 1000;
    let of = |field, default| table.whole(field, 1..=day_ms).map_or(default, plain);
    let timeouts = Timeouts {
        connect_ms: of("connect_ms", default.connect_ms),
        first_byte_ms: of("first_byte_ms", default.first_byte_ms),
        idle_ms: of("idle_ms", default.idle_ms),
        total_ms: of("total_ms", default.total_ms),
    };
    let parts =
        [("connect_ms", timeouts.connect_ms), ("first_byte_ms", timeouts.first_byte_ms), ("idle_ms", timeouts.idle_ms)];
    if let Some((part, ms)) = parts.into_iter().max_by_key(|(_, ms)| *ms).filter(|(_, ms)| *ms > timeouts.total_ms) {
        let place = table.field_place("total_ms").unwrap_or_else(|| table.place());
        let problem = place.error("realm.total_timeout").arg("total", timeouts.total_ms.to_string());
        table.cx.report(problem.arg("field", part).arg("part", ms.to_string()));
    }
    timeouts
}

//! What a provider's table says is what is read of it, for every protocol.

use jiff::civil::Date;
use proptest::prelude::{Strategy, any, prop, proptest};
use proptest::test_runner::Config;
use realm::load::{Lang, SourceSet, check, render};
use realm::world::{GigachatScope, Protocol, Provider};

use crate::support::today;

const HEAD: &str = r#"
[realm]
name = "Here"
home = "XA"
[[sector]]
id = "all"
name = "All"
[[organisation]]
id = "o"
name = "O"
kind = "company"
sector = "all"
jurisdiction = "XA"
[[provider]]
id = "p"
operator = "o"
"#;

/// The fields that only some protocols have.
#[derive(Debug, Clone, PartialEq)]
struct Own {
    protocol: Protocol,
    base_url: Option<String>,
    auth_url: Option<String>,
    operations_url: Option<String>,
    scope: Option<GigachatScope>,
    folder: Option<String>,
    api_version: Option<Date>,
    droppable: Vec<String>,
}

impl Own {
    fn written(&self) -> String {
        let text = |field: &str, value: Option<String>| value.map(|it| format!("{field} = \"{it}\"\n"));
        let fields = [
            text("protocol", Some(self.protocol.as_str().to_owned())),
            text("base_url", self.base_url.clone()),
            text("auth_url", self.auth_url.clone()),
            text("operations_url", self.operations_url.clone()),
            text("scope", self.scope.map(|it| it.as_str().to_owned())),
            text("folder", self.folder.clone()),
            self.api_version.map(|it| format!("api_version = {it}\n")),
            Some(format!("droppable = {:?}\n", self.droppable)),
        ];
        HEAD.to_owned() + &fields.into_iter().flatten().collect::<String>()
    }

    fn of(read: &Provider) -> Self {
        Self {
            protocol: read.protocol,
            base_url: read.base_url.clone(),
            auth_url: read.auth_url.clone(),
            operations_url: read.operations_url.clone(),
            scope: read.scope,
            folder: read.folder.clone(),
            api_version: read.api_version,
            droppable: read.droppable.clone(),
        }
    }
}

fn read(text: &str) -> Provider {
    let mut files = SourceSet::default();
    files.insert("realm.toml", text);
    let loaded =
        check(&files, today()).unwrap_or_else(|problems| panic!("{text}{}", render(&problems, Lang::En, false)));
    loaded.snapshot.world.providers["p"].clone()
}

fn url() -> impl Strategy<Value = String> {
    "https?://[a-z]{1,8}\\.example(:[1-9][0-9]{0,3})?(/[a-z0-9]{1,8}){0,3}"
}

/// What each protocol may have, and has where it must.
fn own() -> impl Strategy<Value = Own> {
    let dates = (2000..2100i16, 1..=12i8, 1..=28i8).prop_map(|(year, month, day)| Date::constant(year, month, day));
    let scopes = prop::sample::select(GigachatScope::ALL.to_vec());
    let droppable = prop::sample::subsequence(vec!["seed", "logit_bias", "messages.name"], 0..=3);
    let all = (
        url(),
        url(),
        prop::option::of(url()),
        scopes,
        "[a-z0-9][a-z0-9-]{0,49}",
        dates,
        droppable,
        any::<[bool; 3]>(),
    );
    (prop::sample::select(Protocol::ALL.to_vec()), all).prop_map(|(protocol, all)| {
        let (base_url, auth_url, operations_url, scope, folder, api_version, droppable, [auth, scoped, versioned]) =
            all;
        let is = |one: Protocol| protocol == one;
        let has_auth = is(Protocol::Gigachat) || is(Protocol::Yandexgpt) && auth;
        Own {
            protocol,
            base_url: (!is(Protocol::Embedded)).then_some(base_url),
            auth_url: has_auth.then_some(auth_url),
            operations_url: operations_url.filter(|_| is(Protocol::Yandexgpt)),
            scope: (is(Protocol::Gigachat) && scoped).then_some(scope),
            folder: is(Protocol::Yandexgpt).then_some(folder),
            api_version: (is(Protocol::Anthropic) && versioned).then_some(api_version),
            droppable: droppable.into_iter().map(str::to_owned).collect(),
        }
    })
}

proptest! {
    #![proptest_config(Config { cases: 200, failure_persistence: None, ..Config::default() })]

    #[test]
    fn every_field_survives(written in own()) {
        assert_eq!(Own::of(&read(&written.written())), written);
    }
}

#[test]
fn a_version_may_stand_in_quotes() {
    let own = "protocol = \"anthropic\"\nbase_url = \"https://ai.example\"\napi_version = \"2023-06-01\"\n";
    let read = read(&format!("{HEAD}{own}"));
    assert_eq!(read.api_version.map(|it| it.to_string()).as_deref(), Some("2023-06-01"));
}

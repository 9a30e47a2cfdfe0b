use console::access::{ROUTES, Right, table};
use http::StatusCode;
use store::Role;

use crate::pages::refusal_of;
use crate::place::Place;

/// The key and the entry of an organisation.
pub type Thing = (String, u64);

/// Where somebody with a role in the house looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Looks {
    /// There, at what is the house's.
    AtOwn,
    /// There, at what is another organisation's.
    AtAnothers,
    /// In another organisation.
    InAnother,
    /// At the whole.
    AtTheWhole,
}

impl Looks {
    const ALL: [Self; 4] = [Self::AtOwn, Self::AtAnothers, Self::InAnother, Self::AtTheWhole];

    fn organisation(self) -> &'static str {
        match self {
            Self::AtOwn | Self::AtAnothers => "house",
            Self::InAnother => "other",
            Self::AtTheWhole => "%40",
        }
    }
}

/// Every path with its place holders filled in by what is there: the house's, or what only another organisation has.
fn filled(path: &str, things: &[Thing; 2], looks: Looks) -> String {
    let anothers = usize::from(looks != Looks::AtOwn);
    let either = |pair: [&'static str; 2]| pair[anothers];
    let (key, entry) = &things[anothers];
    let path = match path {
        "/requests/*" => either(["/requests/req-1", "/requests/req-9"]),
        "/ledger/*" => "/ledger/#",
        "/receipts/*" => "/receipts/#",
        "/policies/rules/*" => "/policies/rules/stays",
        "/packs/*" => "/packs/act",
        "/drills/*" => "/drills/none",
        "/impact/*" => "/impact/none",
        "/drills/live/*" => "/drills/live/none",
        "/drills/live/*/end" => "/drills/live/none/end",
        "/keys/*/revoke" => "/keys/@/revoke",
        "/suspend/app/*" => either(["/suspend/app/desk", "/suspend/app/kiosk"]),
        "/resume/app/*" => either(["/resume/app/desk", "/resume/app/kiosk"]),
        "/suspend/*/*" => "/suspend/provider/here",
        "/resume/*/*" => "/resume/provider/here",
        "/people/*/remove" => either(["/people/bob/remove", "/people/oto/remove"]),
        "/people/*/close" => "/people/bob/close",
        "/people/*/open" => "/people/bob/open",
        "/assets/*" => "/assets/none",
        other => other,
    };
    format!("/console{}?organisation={}", path.replace('@', key).replace('#', &entry.to_string()), looks.organisation())
}

/// Whether a path names something of one organisation.
fn is_somebodys(path: &str) -> bool {
    let kinds =
        ["/requests/*", "/ledger/*", "/receipts/*", "/keys/*/", "/suspend/app/*", "/resume/app/*", "/people/*/remove"];
    kinds.iter().any(|kind| path.starts_with(kind))
}

#[test]
fn the_table_of_rights_is_the_one_that_was_looked_at() {
    let golden = include_str!("access.txt");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/access.txt"), table()).unwrap();
        return;
    }
    assert_eq!(table(), golden, "UPDATE_GOLDEN=1 rewrites it");
}

/// A console with something of each organisation: an entry, a key, an account.
pub async fn shared_by_two() -> (Place, [Thing; 2]) {
    let place = Place::new().await;
    let now = realm::UnixMs(1);
    let mut things = [Thing::default(), Thing::default()];
    for (turn, (app, person, organisation)) in
        [("desk", "bob", "house"), ("kiosk", "oto", "other")].into_iter().enumerate()
    {
        let app = realm::AppId::new(app).unwrap();
        things[turn].0 = place.store.new_key(&app, None, "test", now).await.unwrap().id.0;
        let roles = format!("{organisation}=viewer").parse().unwrap();
        place.store.add_account(person, "none", &roles, "test", now).await.unwrap();
        let number = [1, 9][turn];
        let index = place.log.append(refusal_of(app.as_str(), number)).await.unwrap();
        place.log.published_past(index).await.unwrap();
        things[turn].1 = index.0;
    }
    (place, things)
}

#[tokio::test]
async fn every_route_asks_for_its_right_and_its_organisation_before_it_does_anything() {
    let (place, things) = shared_by_two().await;
    for route in ROUTES {
        let nobody = place.send(route.method.as_str(), &filled(route.path, &things, Looks::AtOwn), "", "", &[]).await;
        if route.right == Right::Anyone {
            assert_ne!(nobody.status, StatusCode::UNAUTHORIZED, "{}", route.path);
            continue;
        }
        assert_eq!(nobody.status, StatusCode::UNAUTHORIZED, "{} {}", route.method, route.path);
        for role in Role::ALL {
            let cookie = place.enter(role).await;
            for looks in Looks::ALL {
                let path = filled(route.path, &things, looks);
                let got = place.send(route.method.as_str(), &path, &cookie, "", &[]).await;
                // A form without its token is refused only after the right was found.
                let let_in = got.status != StatusCode::FORBIDDEN || got.text.contains("out of date");
                let house = store::Scope::Organisation(realm::OrganisationId::new("house").unwrap());
                let expected = match looks {
                    Looks::AtOwn | Looks::AtAnothers => route.is_open(role, &house),
                    Looks::InAnother => false,
                    Looks::AtTheWhole => route.is_open(role, &store::Scope::Whole),
                };
                assert_eq!(let_in, expected, "{} {path} as {role}, {looks:?}: {}", route.method, got.status);
                let at_anothers = looks == Looks::AtAnothers && is_somebodys(route.path);
                if let_in && at_anothers && route.method == http::Method::GET {
                    assert_eq!(got.status, StatusCode::NOT_FOUND, "{path} as {role}: what is another's is not there");
                }
            }
        }
    }
    let made = place.store.keys().await.unwrap();
    assert!(made.len() == 2 && made.iter().all(|key| key.revoked.is_none()), "nothing was done on the way");
    assert!(place.store.suspensions().await.unwrap().is_empty());
}

#[tokio::test]
async fn what_is_changed_is_ones_own_or_nothing() {
    let (place, things) = shared_by_two().await;
    let cookie = place.enter(Role::Admin).await;
    let form = format!("form={}&app=kiosk&days=30&name=&role=viewer", place.form(&cookie).await);
    for route in ROUTES.iter().filter(|route| route.method == http::Method::POST && is_somebodys(route.path)) {
        let path = filled(route.path, &things, Looks::AtAnothers);
        assert_eq!(place.send("POST", &path, &cookie, &form, &[]).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let made = place.send("POST", "/console/keys", &cookie, &form, &[]).await;
    assert_eq!(made.status, StatusCode::BAD_REQUEST, "no key for another's app");
    assert_eq!(place.store.accounts().await.unwrap()[1].roles.to_string(), "other=viewer");
    assert!(place.store.keys().await.unwrap().iter().all(|key| key.revoked.is_none()));
    assert!(place.store.suspensions().await.unwrap().is_empty());
}

/// Pages of an organisation and of the whole.
const OF_BOTH: [&str; 14] = [
    "",
    "/usage",
    "/map",
    "/exposure",
    "/drills",
    "/drills/new",
    "/ledger",
    "/policies",
    "/policies/matrix",
    "/packs",
    "/packs/act",
    "/models",
    "/models/chat-one",
    "/people",
];

#[tokio::test]
async fn nobody_sees_across_organisations_but_sums() {
    let (place, _) = shared_by_two().await;
    let house = place.enter_as("Ann", "house=admin").await;
    let both = place.enter_as("Bea", "*=viewer").await;
    let whole = place.enter_as("Wim", "@=admin").await;
    for path in OF_BOTH.into_iter().chain(["/requests", "/keys", "/approvals", "/obligations"]) {
        for form in ["", ".json", ".csv"] {
            let page = place.get(&format!("/console{path}{form}"), &house).await.text;
            for foreign in ["kiosk", "req-9", "oto"] {
                let shown = page.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').any(|word| word == foreign);
                assert!(!shown, "{path}{form} shows {foreign}: {page}");
            }
        }
    }
    for path in OF_BOTH {
        let page = place.get(&format!("/console{path}.json"), &whole).await.text;
        for own in ["req-1\"", "req-9"] {
            assert!(!page.contains(own), "{path}: {page}");
        }
    }
    let sums = place.get("/console.json", &whole).await.text;
    let sums: serde_json::Value = serde_json::from_str(&sums).unwrap();
    let rows = sums["organisations"].as_array().unwrap();
    let of = |row: &serde_json::Value| (row["organisation"].as_str().unwrap().to_owned(), row["refused"].as_u64());
    assert_eq!(rows.iter().map(of).collect::<Vec<_>>(), [("house".into(), Some(1)), ("other".into(), Some(1))]);
    // Whoever has a role in several looks at one at a time, and chooses.
    let (first, second) =
        (place.get("/console/requests.json", &both).await, "/console/requests.json?organisation=other");
    assert!(first.text.contains("req-1") && !first.text.contains("req-9"));
    assert!(place.get(second, &both).await.text.contains("req-9"));
    let form = place.form(&both).await;
    let chosen = place.send("POST", "/console/settings", &both, &format!("form={form}&organisation=other"), &[]).await;
    let chosen = format!("{both}; {}", chosen.header("set-cookie").split(';').next().unwrap());
    assert!(place.get("/console/requests.json", &chosen).await.text.contains("req-9"));
    // A cookie that says what is not theirs opens nothing.
    let planted = format!("{house}; freehold-organisation=other");
    assert!(!place.get("/console/requests.json", &planted).await.text.contains("req-9"));
}

#[tokio::test]
async fn an_address_that_names_an_organisation_is_remembered_if_it_is_open() {
    let place = Place::new().await;
    let both = place.enter_as("Bea", "*=viewer").await;
    let second = "/console/requests.json?organisation=other";
    let followed = place.get(second, &both).await;
    let kept = followed.header("set-cookie").split(';').next();
    assert_eq!(kept, Some("freehold-organisation=other"), "links go on there");
    let oto = place.enter_as("Oto", "other=viewer").await;
    let foreign = place.get("/console/requests?organisation=house", &oto).await;
    assert!(foreign.status == StatusCode::FORBIDDEN && foreign.header("set-cookie").is_empty());
}

#[tokio::test]
async fn whoever_has_no_role_here_sees_nothing_and_may_leave() {
    let place = Place::new().await;
    let cookie = place.enter_as("Eve", "elsewhere=admin").await;
    assert_eq!(place.get("/console", &cookie).await.status, StatusCode::FORBIDDEN);
    assert_eq!(place.get("/console/requests.json", &cookie).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn what_is_not_in_the_table_does_not_exist() {
    let place = Place::new().await;
    let cookie = place.enter(Role::Admin).await;
    for (method, path) in [
        ("GET", "/console/../etc/passwd"),
        ("GET", "/console/assets/..%2f..%2fCargo.toml"),
        ("GET", "/console/nothing"),
        ("DELETE", "/console/keys"),
        ("POST", "/console/requests"),
        ("GET", "/console//"),
    ] {
        assert_eq!(place.send(method, path, &cookie, "", &[]).await.status, StatusCode::NOT_FOUND, "{method} {path}");
    }
}

//! Rules of the packs at work: what each keeps back never reaches the supplier, the answer says by which law and what would
//! help, the ledger holds it, and once that is done the same request goes.

use serde_json::Value;
use ureq::http::Response;
use ureq::{Agent, Body};

use crate::place::{Place, agent, wait_for};

const REALM: &str = r#"
[realm]
name = "Law"
home = "@HOME@"
currency = "EUR"
packs = ["@PACK@"]
ledger = { public = false, publish_ms = 100 }

[blocs]
EEA = ["FR"]
EXPORT-DENIED = ["XD"]

[[sector]]
id = "works"
name = "Works"
isic = "@ISIC@"
strategic = true

[[organisation]]
id = "house"
name = "House"
kind = "company"
sector = "works"
jurisdiction = "@HOME@"
parent = "family"

[[organisation]]
id = "family"
name = "Family"
kind = "company"
sector = "works"
jurisdiction = "@HOME@"

[[organisation]]
id = "vendor"
name = "Vendor"
kind = "company"
sector = "works"
jurisdiction = "@HOME@"
parent = "holding"

[[organisation]]
id = "holding"
name = "Holding"
kind = "company"
sector = "works"
jurisdiction = "@HOME@"

[[app]]
id = "desk"
organisation = "house"
purposes = ["letters"]
data_classes = ["personal", "special"]
routes = ["main"]
asserts_user = true
risk_tier = "@RISK@"

[[model]]
id = "chat-one"
name = "Chat One"
developer = "house"
origin = "@ORIGIN@"
weights = "open"
kind = "chat"

[[provider]]
id = "there"
operator = "vendor"
protocol = "openai"
base_url = "@BASE@"

[[deployment]]
id = "one"
model = "chat-one"
provider = "there"
host = "@HOST@"
price = { input = "0.10", output = "0.20" }

[[route]]
id = "main"
deployments = [{ id = "one" }]
"#;

/// What a place is where nothing else is said: all at home, nothing risky.
const USUAL: [(&str, &str); 5] = [("HOME", "FR"), ("ISIC", "C"), ("RISK", "minimal"), ("ORIGIN", "FR"), ("HOST", "FR")];

/// A fact of the realm: subject, key, value.
type Fact = (&'static str, &'static str, &'static str);

/// A rule at work.
struct Shown {
    rule: &'static str,
    /// How the place is.
    place: &'static [(&'static str, &'static str)],
    /// What holds all the while.
    facts: Vec<Fact>,
    /// What the rule is about: a fact, or how the place is; and what would help.
    wrong: Change,
    right: Change,
    headers: &'static [(&'static str, &'static str)],
}

#[derive(Clone, Copy)]
enum Change {
    Fact(Fact),
    Place(&'static str, &'static str),
}

const SPECIAL: &[(&str, &str)] = &[("x-freehold-data-class", "special")];
const PERSONAL: &[(&str, &str)] = &[("x-freehold-data-class", "personal")];

/// A realm as text.
fn realm(pack: &str, base: &str, shown: &Shown, change: Change) -> String {
    let mut text = REALM.replace("@PACK@", pack).replace("@BASE@", base);
    let mut facts = shown.facts.clone();
    match change {
        Change::Fact(fact) => facts.push(fact),
        Change::Place(marker, value) => text = text.replace(&format!("@{marker}@"), value),
    }
    for (marker, value) in shown.place.iter().chain(&USUAL) {
        text = text.replace(&format!("@{marker}@"), value);
    }
    for (subject, key, value) in facts {
        text += &format!("\n[[evidence]]\nsubject = \"{subject}\"\nkey = \"{key}\"\nvalue = \"{value}\"\n");
    }
    text
}

fn ask(agent: &Agent, url: &str, key: &str, headers: &[(&str, &str)]) -> Response<Body> {
    let body = r#"{"model":"main","messages":[{"role":"user","content":"Dear Sir"}]}"#;
    let mut request = agent.post(format!("{url}/v1/chat/completions")).header("authorization", format!("Bearer {key}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.header("content-type", "application/json").send(body).unwrap()
}

/// Shows a pack's rules, one after the other, at one running server.
fn show(pack: &str, all: &[Shown]) {
    let place = Place::new();
    let base = place.stand_in.base_url();
    place.write_realm(&realm(pack, &base, &all[0], all[0].wrong));
    let (key, agent) = (place.key(), agent());
    let mut server = place.serve();
    for shown in all {
        let Shown { rule, headers, .. } = shown;
        let mut told = Value::Null;
        place.write_realm(&realm(pack, &base, shown, shown.wrong));
        wait_for(rule, || {
            let before = place.stand_in.received().len();
            let mut got = ask(&agent, &server.url, &key, headers);
            let is_refused = got.status() == 403;
            assert!(!is_refused || place.stand_in.received().len() == before, "{rule}: nothing reached the supplier");
            told = serde_json::from_str(&got.body_mut().read_to_string().unwrap()).unwrap();
            is_refused && told["error"]["freehold"]["rules"][0]["id"] == *rule
        });
        assert_eq!(told["error"]["code"], "policy_denied", "{rule}: {told}");
        let said = &told["error"]["freehold"]["rules"][0];
        for words in ["title", "cite", "remedy"] {
            assert!(said[words].as_str().is_some_and(|text| text.len() > 10), "{rule}, {words}: {told}");
        }
        place.write_realm(&realm(pack, &base, shown, shown.right));
        wait_for(rule, || ask(&agent, &server.url, &key, headers).status() == 200);
    }
    place.stop(&mut server);
    let log = place.ok(&["ledger", "export"]);
    for shown in all {
        let refused = |line: &&str| line.contains("\"t\":\"refusal\"") && line.contains(&format!("\"{}\"", shown.rule));
        assert!(log.lines().any(|line| refused(&line)), "{}: the ledger holds it", shown.rule);
    }
}

const HELD: Fact = ("provider:there", "processing_contract", "signed");
const GROUND: Fact = ("app:desk", "article_9_ground", "h");

#[test]
fn personal_data_stays_where_the_regulation_lets_it_be() {
    show(
        "gdpr",
        &[
            Shown {
                rule: "gdpr-processor",
                place: &[],
                facts: vec![],
                wrong: Change::Fact(("provider:there", "processing_contract", "none")),
                right: Change::Fact(HELD),
                headers: PERSONAL,
            },
            Shown {
                rule: "gdpr-special",
                place: &[],
                facts: vec![HELD],
                wrong: Change::Fact(("app:desk", "article_9_ground", "none")),
                right: Change::Fact(GROUND),
                headers: SPECIAL,
            },
            Shown {
                rule: "gdpr-assessment",
                place: &[("RISK", "high")],
                facts: vec![HELD, GROUND],
                wrong: Change::Fact(("app:desk", "data_protection_assessment", "planned")),
                right: Change::Fact(("app:desk", "data_protection_assessment", "done")),
                headers: SPECIAL,
            },
            Shown {
                rule: "gdpr-transfer",
                place: &[("HOST", "XB")],
                facts: vec![HELD],
                wrong: Change::Fact(("provider:there", "transfer_safeguard", "none")),
                right: Change::Fact(("provider:there", "transfer_safeguard", "standard-clauses")),
                headers: PERSONAL,
            },
        ],
    );
}

#[test]
fn the_data_of_citizens_is_recorded_at_home_first() {
    show(
        "ru-152fz",
        &[
            Shown {
                rule: "ru-localisation",
                place: &[("HOME", "RU"), ("ORIGIN", "RU"), ("HOST", "XB")],
                facts: vec![
                    ("app:desk", "russian_citizens", "yes"),
                    ("organisation:house", "cross_border_notice", "filed"),
                ],
                wrong: Change::Fact(("app:desk", "first_record", "XB")),
                right: Change::Fact(("app:desk", "first_record", "RU")),
                headers: PERSONAL,
            },
            Shown {
                rule: "ru-cross-border",
                place: &[("HOME", "RU"), ("ORIGIN", "RU"), ("HOST", "XB")],
                facts: vec![("app:desk", "russian_citizens", "yes"), ("app:desk", "first_record", "RU")],
                wrong: Change::Fact(("organisation:house", "cross_border_notice", "none")),
                right: Change::Fact(("organisation:house", "cross_border_notice", "filed")),
                headers: PERSONAL,
            },
        ],
    );
}

/// What holds of everybody that is on no list.
const CLEARED: [Fact; 8] = [
    ("organisation:house", "export_screening", "cleared"),
    ("organisation:family", "export_screening", "cleared"),
    ("organisation:vendor", "export_screening", "cleared"),
    ("organisation:holding", "export_screening", "cleared"),
    ("app:desk", "export_end_use", "cleared"),
    ("model:chat-one", "export_item", "not-listed"),
    ("app:desk", "export_licence", "none"),
    ("app:desk", "export_users", "public"),
];

/// A rule about one of these facts, where all others hold.
fn listed(rule: &'static str, which: usize, wrong: &'static str) -> Shown {
    let (subject, key, _) = CLEARED[which];
    Shown {
        rule,
        place: &[],
        facts: CLEARED.iter().enumerate().filter(|(at, _)| *at != which).map(|(_, fact)| *fact).collect(),
        wrong: Change::Fact((subject, key, wrong)),
        right: Change::Fact(CLEARED[which]),
        headers: &[("x-freehold-user-jurisdiction", "FR")],
    }
}

#[test]
fn nobody_on_a_list_is_served_or_supplies() {
    let place = Shown {
        headers: &[("x-freehold-user-jurisdiction", "XD")],
        right: Change::Fact(("app:desk", "export_users", "own-staff")),
        ..listed("export-place", 7, "public")
    };
    show(
        "export-control",
        &[
            listed("export-user", 0, "listed"),
            listed("export-user-parent", 1, "listed"),
            listed("export-supplier", 2, "listed"),
            listed("export-supplier-parent", 3, "listed"),
            listed("export-end-use", 4, "listed"),
            listed("export-item", 5, "listed"),
            place,
        ],
    );
}

#[test]
fn strategic_sectors_use_models_of_home_and_nobody_what_is_prohibited() {
    show(
        "strategic-sectors",
        &[Shown {
            rule: "strategic-sectors",
            place: &[("ISIC", "Q")],
            facts: vec![],
            wrong: Change::Place("ORIGIN", "XB"),
            right: Change::Place("ORIGIN", "FR"),
            headers: &[],
        }],
    );
    show(
        "eu-ai-act",
        &[Shown {
            rule: "aia-prohibited",
            place: &[],
            facts: vec![("app:desk", "end_users", "none")],
            wrong: Change::Place("RISK", "prohibited"),
            right: Change::Place("RISK", "limited"),
            headers: &[],
        }],
    );
}

#[test]
fn whoever_talks_to_people_is_told_to_say_that_it_is_a_machine() {
    let place = Place::new();
    let shown = |end_users| Shown {
        rule: "aia-interaction",
        place: &[],
        facts: vec![],
        wrong: Change::Fact(("app:desk", "end_users", end_users)),
        right: Change::Fact(("app:desk", "end_users", end_users)),
        headers: &[],
    };
    let text = |end_users| realm("eu-ai-act", &place.stand_in.base_url(), &shown(end_users), shown(end_users).wrong);
    place.write_realm(&text("people"));
    let (key, agent) = (place.key(), agent());
    let mut server = place.serve();
    let label = || {
        let got = ask(&agent, &server.url, &key, &[]);
        assert_eq!(got.status(), 200);
        got.headers().get("x-freehold-label").map(|label| label.to_str().unwrap().to_owned())
    };
    assert_eq!(label().as_deref(), Some("aia-interaction"));
    place.write_realm(&text("programs"));
    wait_for("no label where nobody reads it", || label().is_none());
    place.stop(&mut server);
    let log = place.ok(&["ledger", "export"]);
    assert!(log.contains("\"oblige\":[\"aia-interaction\"]"), "{log}");
}

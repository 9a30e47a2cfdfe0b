//! Requests that wait for people, with a real server: who may say what, a kill between the word and its use, two servers
//! and one ticket.

use serde_json::{Value, json};
use testkit::Postgres;

use crate::place::{Place, Server, agent, wait_for};

const RULE: &str = r#"
@id("ask-first")
@title("Two people agree before anything is sent")
@cite("House Rules, section 7")
@obligation("approval")
@approvers("2")
forbid (principal, action == Action::"oblige", resource);
"#;

/// A status and a body.
type Got = (u16, Value);

fn prepared(place: Place) -> Place {
    std::fs::write(place.realm().join("policies/ask.cedar"), RULE).unwrap();
    place.write_realm(&place.realm_text().replacen("id = \"desk\"\n", "id = \"desk\"\napprovals = \"ticket\"\n", 1));
    place
}

fn post(url: &str, key: &str, headers: &[(&str, &str)], body: &Value) -> Got {
    let mut request = agent().post(url).header("authorization", format!("Bearer {key}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut reply = request.send(body.to_string()).unwrap();
    let text = reply.body_mut().read_to_string().unwrap();
    (reply.status().as_u16(), serde_json::from_str(&text).unwrap_or(Value::String(text)))
}

fn ask(server: &Server, key: &str, headers: &[(&str, &str)]) -> Got {
    let body = json!({ "model": "main", "messages": [{ "role": "user", "content": "Dear Sir" }] });
    post(&format!("{}/v1/chat/completions", server.url), key, headers, &body)
}

/// Says a word by the control API.
fn say(server: &Server, token: &str, ticket: &str, word: &str) -> Got {
    let url = format!("{}/api/v1/approvals/{ticket}/{word}?organisation=house", server.url);
    post(&url, token, &[], &json!({ "reason": "the desk needs it" }))
}

fn token(place: &Place, name: &str, role: &str) -> String {
    place.json(&["console", "account", "add", name, "--role", role, "--organisation", "house"]);
    place.json(&["console", "token", name])["token"].as_str().unwrap().to_owned()
}

fn records(place: &Place, is: impl Fn(&Value) -> bool) -> Vec<Value> {
    let log = place.ok(&["ledger", "export"]);
    let all = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()).map(|it| it["entry"].clone());
    all.filter(is).collect()
}

fn parked(server: &Server, key: &str) -> String {
    wait_for("the key to be known", || ask(server, key, &[]).0 != 401);
    let (status, told) = ask(server, key, &[]);
    assert_eq!((status, &told["object"]), (202, &json!("approval.ticket")), "{told}");
    told["id"].as_str().unwrap().to_owned()
}

#[test]
fn a_kill_between_the_word_and_its_use_loses_neither_and_nothing_goes_twice() {
    let place = prepared(Place::new());
    let (key, mut server) = (place.key(), place.serve());
    let ticket = parked(&server, &key);
    assert!(place.stand_in.received().is_empty(), "nothing was sent");
    let (ann, vera) = (token(&place, "Ann", "operator"), token(&place, "Vera", "viewer"));
    assert_eq!(say(&server, &vera, &ticket, "approve").0, 403, "a viewer says nothing");
    assert_eq!(say(&server, &ann, "t0000000000000000", "approve").0, 404);
    let (status, told) = say(&server, &ann, &ticket, "approve");
    assert_eq!((status, &told["state"], &told["agreed"]), (200, &json!("waiting"), &json!(1)), "{told}");
    assert_eq!(say(&server, &ann, &ticket, "approve").0, 409, "one person counts once");
    let said = place.json(&["approval", "approve", &ticket, "--reason", "agreed"]);
    assert_eq!((&said["ticket"]["state"], &said["effect"]), (&json!("approved"), &json!("in_force")), "{said}");
    server.child.kill().unwrap();
    server.child.wait().unwrap();
    let mut server = place.serve();
    let with = [("x-freehold-ticket", ticket.as_str())];
    assert_eq!(ask(&server, &key, &with).0, 200);
    let (status, told) = ask(&server, &key, &with);
    assert_eq!((status, &told["error"]["code"]), (409, &json!("ticket_used")), "{told}");
    assert_eq!(place.stand_in.received().len(), 1);
    let listed = place.json(&["approval", "ls", "--app", "desk"]);
    assert_eq!((&listed[0]["id"], &listed[0]["state"]), (&json!(ticket), &json!("used")), "{listed}");
    place.stop(&mut server);
    let words = records(&place, |it| it["what"].as_str().is_some_and(|what| what.starts_with("approval.")));
    let whats: Vec<&str> = words.iter().map(|it| it["what"].as_str().unwrap()).collect();
    assert_eq!(whats, ["approval.agree", "approval.agree", "approval.use"], "{words:?}");
    assert!(words[0]["by"] == "Ann, by the API" && words[0]["note"].as_str().unwrap().contains("the desk needs it"));
    let intents = records(&place, |it| it["t"] == "intent");
    assert_eq!((intents.len(), &intents[0]["ticket"]), (1, &json!(ticket)));
}

#[test]
fn who_asks_does_not_agree_and_a_refusal_stands() {
    let place = prepared(Place::new());
    let (key, server) = (place.key(), place.serve());
    parked(&server, &key);
    let (ann, admin) = (token(&place, "Ann", "operator"), token(&place, "Adam", "admin"));
    let user = [("x-freehold-user", "Ann")];
    let (_, told) = ask(&server, &key, &user);
    let ticket = told["id"].as_str().unwrap();
    let (status, told) = say(&server, &ann, ticket, "approve");
    assert_eq!((status, &told["error"]["code"]), (409, &json!("conflict")), "{told}");
    assert_eq!(say(&server, &admin, ticket, "refuse").0, 200);
    let (status, told) = ask(&server, &key, &[user[0], ("x-freehold-ticket", ticket)]);
    assert_eq!((status, &told["error"]["code"]), (403, &json!("approval_refused")), "{told}");
    let late = place.run(&["approval", "approve", ticket, "--reason", "too late"]);
    assert_eq!(late.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&late.stderr).contains("refused"), "{late:?}");
}

#[test]
fn two_servers_of_one_database_use_a_ticket_once() {
    let postgres = Postgres::start().unwrap();
    let place = prepared(Place::sharing(&postgres.url()));
    let servers = ["one", "two"].map(|data| place.replica(data, "127.0.0.1:0", &[]));
    let key = place.key();
    let ticket = parked(&servers[0], &key);
    assert_eq!(parked(&servers[1], &key), ticket, "the other server knows it");
    let (ann, adam) = (token(&place, "Ann", "operator"), token(&place, "Adam", "admin"));
    assert_eq!(say(&servers[0], &ann, &ticket, "approve").0, 200);
    assert_eq!(say(&servers[1], &adam, &ticket, "approve").1["state"], "approved");
    let (key, with) = (&key, &[("x-freehold-ticket", ticket.as_str())]);
    let mut statuses = std::thread::scope(|scope| {
        let asked = servers.each_ref().map(|server| scope.spawn(move || ask(server, key, with).0));
        asked.map(|it| it.join().unwrap())
    });
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    assert_eq!(place.stand_in.received().len(), 1);
}

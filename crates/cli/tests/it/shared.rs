//! Two servers and one PostgreSQL: keys and suspensions count on both, and what holds while the database is away.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use testkit::Postgres;

use crate::place::{Place, agent, chat, started, wait_for};

const ANY: &str = "127.0.0.1:0";

fn answer(url: &str, key: &str) -> (u16, String) {
    let chat = chat(&agent(), url, key, "x", false).unwrap();
    let body: serde_json::Value = serde_json::from_str(&chat.body).unwrap();
    (chat.status, body["error"]["code"].as_str().unwrap_or_default().to_owned())
}

fn told(url: &str, path: &str) -> String {
    agent().get(format!("{url}{path}")).call().unwrap().body_mut().read_to_string().unwrap()
}

fn limited(place: &Place, line: &str) {
    let text = place.realm_text().replace("id = \"desk\"\n", &format!("id = \"desk\"\n{line}\n"));
    place.write_realm(&text);
}

#[test]
fn a_command_counts_on_every_server_when_it_ends_and_is_recorded_once() {
    let postgres = Postgres::start().unwrap();
    let place = Place::sharing(&postgres.url());
    let mut servers = [place.replica("a", ANY, &[]), place.replica("b", ANY, &[])];
    let made = place.json(&["key", "new", "--app", "desk"]);
    let (id, key) = (made["id"].as_str().unwrap(), made["key"].as_str().unwrap());
    assert_eq!(made["effect"], "in_force");
    let all = |status: u16| servers.iter().all(|server| answer(&server.url, key).0 == status);
    assert!(all(200));
    let said = place.ok(&["suspend", "app", "desk"]);
    assert!(all(403) && said.contains("Every running server") && said.contains("(2)"), "{said}");
    place.ok(&["resume", "app", "desk"]);
    assert!(all(200));
    place.ok(&["key", "revoke", id]);
    assert!(all(401));
    for server in &mut servers {
        place.stop(server);
    }
    let ledger = |name: &str| place.ok(&["--data", place.dir.path().join(name).to_str().unwrap(), "ledger", "export"]);
    let both = format!("{}{}", ledger("a"), ledger("b"));
    for what in ["key.new", "key.revoke", "\"suspend", "\"resume"] {
        assert_eq!(both.matches(&format!("{}\"", what.replace("\"", "\"what\":\""))).count(), 1, "{what}");
    }
}

#[test]
fn known_keys_hold_for_their_time_without_the_database_and_unknown_ones_are_not_called_wrong() {
    let mut postgres = Postgres::start().unwrap();
    let place = Place::sharing(&postgres.url());
    let (key, options) = (place.key(), ["--key-cache", "6s"]);
    let mut server = place.replica("a", ANY, &options);
    assert_eq!((answer(&server.url, &key).0, answer(&server.url, "fh_none").0), (200, 401));
    postgres.stop();
    wait_for("the silence to be told", || told(&server.url, "/readyz").contains("database: does not answer since"));
    assert_eq!(answer(&server.url, &key).0, 200);
    assert_eq!(answer(&server.url, "fh_none"), (503, "keys_unavailable".to_owned()));
    assert!(told(&server.url, "/metrics").contains("freehold_database_up 0"));
    // Another life, before the database has come back.
    place.stop(&mut server);
    let mut server = place.replica("a", ANY, &options);
    assert_eq!(answer(&server.url, &key).0, 200);
    wait_for("the keys to be too old", || answer(&server.url, &key) == (503, "keys_unavailable".to_owned()));
    assert!(told(&server.url, "/readyz").contains("too old to be believed"));
    postgres.go_on().unwrap();
    wait_for("the database to be seen", || answer(&server.url, &key).0 == 200);
    place.stop(&mut server);

    postgres.stop();
    let cache = place.dir.path().join("a/key-cache");
    let mut bytes = std::fs::read(&cache).unwrap();
    let last = bytes.len() - 3;
    bytes[last] ^= 1;
    std::fs::write(&cache, bytes).unwrap();
    let server = place.replica("a", ANY, &options);
    assert_eq!(answer(&server.url, &key), (503, "keys_unavailable".to_owned()));
    let log = std::fs::read_to_string(place.dir.path().join("a.log")).unwrap();
    assert!(log.contains("ERROR") && log.contains("the remembered keys are not used"), "{log}");
}

#[test]
fn a_limit_holds_for_both_servers_together_and_comes_back_from_one_that_stopped() {
    let postgres = Postgres::start().unwrap();
    let place = Place::sharing(&postgres.url());
    limited(&place, "limits = { requests_per_min = 20 }");
    let key = place.key();
    let (one, mut two) = (place.replica("a", ANY, &[]), place.replica("b", ANY, &[]));
    let good = (0..40).filter(|n| answer(if n % 2 == 0 { &one.url } else { &two.url }, &key).0 == 200).count();
    assert!((18..=20).contains(&good), "{good} of 20");
    assert_eq!(answer(&one.url, &key), (429, "rate_limited".to_owned()));
    let metrics = told(&one.url, "/metrics");
    for series in ["freehold_lease_granted{scope=\"app:desk\",limit=\"requests\"}", "freehold_lease_renewals_total"] {
        assert!(metrics.contains(series), "{metrics}");
    }
    place.stop(&mut two);
    let left = postgres.sql("SELECT count(*) FROM lease WHERE granted <> used AND kind <> 'requests'").unwrap();
    assert_eq!(left.trim(), "0");
}

#[test]
fn a_password_is_in_no_title_and_no_log() {
    let postgres = Postgres::start().unwrap();
    let place = Place::new();
    let url = postgres.url().replace("freehold@", "freehold:s3cret@");
    let mut server = place.replica("a", ANY, &["--database-url", &url]);
    let title = std::fs::read_to_string(format!("/proc/{}/cmdline", server.child.id())).unwrap();
    assert!(title.contains("serve") && !title.contains("s3cret"), "{title:?}");
    place.stop(&mut server);
    let log = || std::fs::read_to_string(place.dir.path().join("a.log")).unwrap();
    assert!(!log().contains("s3cret"), "{}", log());
    let wrong = place.run(&["key", "ls", "--database-url", "mysql://freehold:s3cret@localhost/x"]);
    let said = String::from_utf8_lossy(&wrong.stderr).into_owned();
    assert!(wrong.status.code() == Some(2) && said.contains("postgres://") && !said.contains("s3cret"), "{said}");
    let help = place.command(&["serve", "--help"]).env("FREEHOLD_DATABASE_URL", &url).output().unwrap();
    assert!(!String::from_utf8_lossy(&help.stdout).contains("s3cret"));
}

#[test]
fn a_database_that_answers_nobody_holds_up_neither_a_command_nor_a_signal() {
    // Takes connections and says nothing.
    let deaf = std::net::TcpListener::bind(ANY).unwrap();
    let url = format!("postgres://freehold@{}/x", deaf.local_addr().unwrap());
    let place = Place::sharing(&url);
    let begun = Instant::now();
    let told = place.run(&["key", "ls"]);
    assert_eq!(told.status.code(), Some(3), "{}", String::from_utf8_lossy(&told.stderr));
    let data: PathBuf = place.dir.path().join("a");
    let mut server =
        started(&mut place.command(&["serve", "--json", "--listen", ANY, "--data", data.to_str().unwrap()]));
    assert_eq!(answer(&server.url, "fh_any"), (503, "keys_unavailable".to_owned()));
    place.stop(&mut server);
    assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
}

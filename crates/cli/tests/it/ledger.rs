//! The ledger from outside: verified, proved, flipped, remembered, witnessed, restored.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use serde_json::Value;

use crate::place::{Place, Server, agent, chat, files_below, wait_for};

fn with_traffic(place: &Place, count: usize) -> String {
    let key = place.key();
    let mut server = place.serve();
    traffic(&server, &key, count);
    place.stop(&mut server);
    key
}

fn traffic(server: &Server, key: &str, count: usize) {
    let agent = agent();
    for number in 0..count {
        let status = chat(&agent, &server.url, key, &format!("n{number}"), number % 2 == 0).unwrap().status;
        assert_eq!(status, 200);
    }
}

#[test]
fn a_flipped_byte_in_any_file_is_found_and_named() {
    let place = Place::new();
    with_traffic(&place, 6);
    let ledger = place.data().join("ledger");
    for file in files_below(&ledger) {
        let whole = std::fs::read(&file).unwrap();
        for at in [0, whole.len() / 3, whole.len() - 1] {
            let mut flipped = whole.clone();
            flipped[at] ^= 0x20;
            std::fs::write(&file, &flipped).unwrap();
            let output = place.run(&["ledger", "verify"]);
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(output.status.code(), Some(1), "{} byte {at}: {said}", file.display());
            let log = file.strip_prefix(&ledger).unwrap().components().skip(1);
            let name = log.collect::<std::path::PathBuf>();
            assert!(said.contains(name.to_str().unwrap()), "{} byte {at} is not named: {said}", file.display());
        }
        std::fs::write(&file, &whole).unwrap();
    }
    place.ok(&["ledger", "verify"]);
}

#[test]
fn a_receipt_proves_its_entry_to_whoever_has_the_key() {
    let place = Place::new();
    with_traffic(&place, 3);
    let file = place.dir.path().join("one.tlog-proof");
    let receipt = place.ok(&["ledger", "prove", "4"]);
    std::fs::write(&file, &receipt).unwrap();
    let verified = place.json(&["receipt", "verify", file.to_str().unwrap()]);
    assert_eq!(verified["index"], 4);
    assert!(verified["record"]["t"].is_string(), "{verified}");

    assert_eq!(place.json(&["ledger", "prove", "4"])["receipt"], receipt.as_str());
    let refused = |text: &str, more: &[&str]| {
        std::fs::write(&file, text).unwrap();
        let output = place.command(&["receipt", "verify", file.to_str().unwrap()]).args(more).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(refused(&receipt.replacen("index 4", "index 3", 1), &[]).contains("another root"));
    let first_lines: String = receipt.lines().take(5).map(|line| format!("{line}\n")).collect();
    for (text, why) in [
        (first_lines.as_str(), "cut short"),
        ("", "empty"),
        (&receipt.replace('\n', "\r\n"), "Windows line ends"),
        ("{\"error\": {\"code\": \"policy_denied\"}}", "no receipt but an answer"),
    ] {
        let said = refused(text, &[]);
        assert!(said.contains(why), "{why}: {said}");
    }
    let other = ledger::note::SecretKey::from_seed("log.example/x", ledger::note::Algorithm::Ed25519, &[3; 32]);
    let other = other.unwrap().verifier().to_string();
    let said = refused(&receipt, &["--pubkey", &other]);
    assert!(said.contains("the key given is of: log.example/x"), "{said}");
}

#[test]
fn a_log_rolled_back_is_noticed_by_whoever_remembers() {
    let place = Place::new();
    let key = with_traffic(&place, 3);
    let old = place.dir.path().join("old");
    copy(&place.data(), &old);
    let mut server = place.serve();
    traffic(&server, &key, 3);
    place.stop(&mut server);
    let seen = place.dir.path().join("seen");
    let seen = seen.to_str().unwrap();
    place.ok(&["ledger", "verify", "--remember", seen]);
    place.ok(&["ledger", "verify", "--remember", seen]);
    let output = place.run(&["ledger", "verify", old.to_str().unwrap(), "--remember", seen]);
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_witness_cosigns_what_continues_and_nothing_else() {
    let place = Place::new();
    let key = with_traffic(&place, 3);
    let (witness, witness_key, vkey) = witness(&place, "witness.example");
    let ask = ["ledger", "witness", "ask", &witness.url, "--key", &witness_key];

    assert_eq!(place.json(&ask)["witness"], "witness.example");
    carries_the_cosignature(&place, vkey.trim(), &witness_key);
    let old = place.dir.path().join("old");
    copy(&place.data(), &old);
    let mut server = place.serve();
    traffic(&server, &key, 3);
    place.stop(&mut server);
    place.ok(&ask);
    served_with_the_cosignature(&place, &key);
    // The same log, rolled back: the witness saw more.
    let output = place.command(&ask).env("FREEHOLD_DATA", &old).output().unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("rolled back"), "{output:?}");
}

/// A witness of the place's log; its key, and the log's.
fn witness(place: &Place, name: &str) -> (Server, String, String) {
    let log_key = files_below(&place.data().join("ledger-state")).into_iter().find(|f| f.ends_with("key.pub"));
    let log_key = std::fs::read_to_string(log_key.unwrap()).unwrap();
    let mut command = place.command(&["ledger", "witness", "serve", "--json", "--listen", "127.0.0.1:0"]);
    command.args(["--name", name, "--log-key", log_key.trim(), "--state"]).arg(place.dir.path().join(name));
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let ready: Value = serde_json::from_str(&line).unwrap();
    let url = format!("http://{}", ready["listen"].as_str().unwrap());
    (Server { child, url }, ready["key"].as_str().unwrap().to_owned(), log_key)
}

#[test]
fn a_server_has_its_head_cosigned_and_says_who_does_not() {
    let place = Place::new();
    let key = with_traffic(&place, 1);
    let (mut court, court_key, log_key) = witness(&place, "court.example");
    let (press, press_key, _) = witness(&place, "press.example");
    let declare =
        |id: &str, url: &str, key: &str| format!("\n[[witness]]\nid = \"{id}\"\nurl = \"{url}\"\nkey = \"{key}\"\n");
    let realm = place.realm_text().replacen("publish_ms = 100", "publish_ms = 100, witness_s = 1", 1);
    place.write_realm(&(realm + &declare("court", &court.url, &court_key) + &declare("press", &press.url, &press_key)));
    let mut server = place.serve();
    traffic(&server, &key, 2);
    let ready = || agent().get(format!("{}/readyz", server.url)).call().unwrap().body_mut().read_to_string().unwrap();
    // The requests follow what opened the log: their records are under a head that both cosigned.
    wait_for("both to cosign", || {
        let file = place.dir.path().join("served.tlog-proof");
        std::fs::write(&file, place.run(&["ledger", "prove", "8"]).stdout).unwrap();
        let keys = ["--pubkey", log_key.trim(), "--pubkey", &court_key, "--pubkey", &press_key, "--json"];
        let told = place.run(&[["receipt", "verify", file.to_str().unwrap()].as_slice(), &keys].concat());
        let told: Value = serde_json::from_slice(&told.stdout).unwrap_or_default();
        told["witnesses"].as_array().is_some_and(|names| names.len() == 2)
    });
    assert!(!ready().contains("witness "), "{}", ready());
    court.child.kill().unwrap();
    court.child.wait().unwrap();
    wait_for("the silence to be told", || {
        traffic(&server, &key, 1);
        ready().contains("witness court: ")
    });
    assert!(!ready().contains("witness press"), "{}", ready());
    place.stop(&mut server);
}

/// Cosignatures of one head stay together, whoever asks for them and when; a redirect leads nowhere.
#[test]
fn a_cosignature_takes_no_other_away_and_a_witness_names_no_other_address() {
    let place = Place::new();
    with_traffic(&place, 1);
    let (court, court_key, log_key) = witness(&place, "court.example");
    let (press, press_key, _) = witness(&place, "press.example");
    place.ok(&["ledger", "witness", "ask", &court.url, "--key", &court_key]);
    place.ok(&["ledger", "witness", "ask", &press.url, "--key", &press_key]);
    let file = place.dir.path().join("both.tlog-proof");
    std::fs::write(&file, place.ok(&["ledger", "prove", "3"])).unwrap();
    let keys = ["--pubkey", log_key.trim(), "--pubkey", &court_key, "--pubkey", &press_key];
    let told = place.json(&[["receipt", "verify", file.to_str().unwrap()].as_slice(), &keys].concat());
    assert_eq!(told["witnesses"].as_array().unwrap().len(), 2, "{told}");

    let (inner, door) =
        (std::net::TcpListener::bind("127.0.0.1:0").unwrap(), std::net::TcpListener::bind("127.0.0.1:0").unwrap());
    let (to, url) = (inner.local_addr().unwrap(), format!("http://{}", door.local_addr().unwrap()));
    let answering = std::thread::spawn(move || {
        use std::io::{Read, Write};
        let (mut stream, _) = door.accept().unwrap();
        let _ = stream.read(&mut [0; 4096]).unwrap();
        write!(stream, "HTTP/1.1 302 Found\r\nlocation: http://{to}/inner\r\ncontent-length: 5\r\n\r\ninner").unwrap();
    });
    let output = place.run(&["ledger", "witness", "ask", &url, "--key", &court_key]);
    answering.join().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && said.contains("status 302") && !said.contains("inner"), "{said}");
    inner.set_nonblocking(true).unwrap();
    assert!(inner.accept().is_err(), "nobody follows");
}

/// A running server hands out the cosigned head for what it covers.
fn served_with_the_cosignature(place: &Place, key: &str) {
    let mut server = place.serve();
    let logs = std::fs::read_dir(place.data().join("ledger")).unwrap();
    let log = logs.map(|log| log.unwrap().file_name().into_string().unwrap()).next().unwrap();
    let export = place.ok(&["ledger", "export"]);
    let first: Value =
        serde_json::from_str(export.lines().find(|line| line.contains(r#""t":"intent""#)).unwrap()).unwrap();
    let url = format!("{}/api/v1/receipts/{log}/{}", server.url, first["index"]);
    let request = agent().get(url).header("authorization", format!("Bearer {key}"));
    let receipt = request.call().unwrap().body_mut().read_to_string().unwrap();
    assert!(receipt.contains("witness.example"), "{receipt}");
    place.stop(&mut server);
}

/// Receipts of entries under the cosigned head carry the cosignature, also once the log has grown.
fn carries_the_cosignature(place: &Place, log: &str, witness: &str) {
    let file = place.dir.path().join("cosigned.tlog-proof");
    std::fs::write(&file, place.ok(&["ledger", "prove", "1"])).unwrap();
    let file = file.to_str().unwrap();
    let verified = place.json(&["receipt", "verify", file, "--pubkey", log, "--pubkey", witness]);
    assert_eq!(verified["witnesses"][0], "witness.example", "{verified}");
    let policy = place.dir.path().join("policy");
    let write = |lines: &str| std::fs::write(&policy, format!("log {log}\nwitness w {witness}\n{lines}")).unwrap();
    let verify = || place.run(&["receipt", "verify", file, "--policy", policy.to_str().unwrap()]);
    write("quorum w\n");
    assert_eq!(verify().status.code(), Some(0), "{:?}", verify());
    // A second witness, which saw nothing, and both are asked for.
    let stranger =
        ledger::note::SecretKey::from_seed("other.example", ledger::note::Algorithm::CosignatureV1, &[3; 32]);
    let stranger = stranger.unwrap().verifier().to_string();
    write(&format!("witness v {stranger}\ngroup both all w v\nquorum both\n"));
    assert_eq!(verify().status.code(), Some(1), "{:?}", verify());
    write("quorum nobody\n");
    assert_eq!(verify().status.code(), Some(2), "{:?}", verify());
}

#[test]
fn a_restored_backup_opens_a_new_log_that_names_the_old_head() {
    let place = Place::new();
    let key = with_traffic(&place, 3);
    let backup = place.dir.path().join("backup");
    place.ok(&["backup", backup.to_str().unwrap()]);
    let restored = place.dir.path().join("restored");
    let output =
        place.command(&["restore", backup.to_str().unwrap()]).env("FREEHOLD_DATA", &restored).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    std::fs::remove_dir_all(place.data()).unwrap();
    std::fs::rename(&restored, place.data()).unwrap();
    let mut server = place.serve();
    traffic(&server, &key, 2);
    place.stop(&mut server);
    place.ok(&["ledger", "verify"]);
    let first = place.json(&["ledger", "show", "0"]);
    assert_eq!(first["entry"]["t"], "ledger.restored", "{first}");
    assert!(first["entry"]["checkpoint"].as_str().unwrap().starts_with("freehold/test/log-"), "{first}");
    assert_eq!(std::fs::read_dir(place.data().join("ledger")).unwrap().count(), 2);
}

#[test]
fn two_servers_never_write_one_log() {
    let place = Place::new();
    let _server = place.serve();
    let second = place.run(&["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(second.status.code(), Some(3));
    let said = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(said.contains("another process serves"), "{said}");
}

pub fn copy(from: &std::path::Path, to: &std::path::Path) {
    for file in files_below(from) {
        let target = to.join(file.strip_prefix(from).unwrap());
        std::fs::create_dir_all(target.parent().unwrap()).unwrap();
        std::fs::copy(&file, &target).unwrap();
    }
}

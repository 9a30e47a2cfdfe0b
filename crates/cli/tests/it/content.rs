//! Prompts and answers that an organisation has kept: sealed, opened by two, gone for good.

mod attacked;

use std::path::PathBuf;

use serde_json::Value;
use store::Store;
use store::content::Contents;
use store::content::seal::{DataKey, Identity, KeyName};

use crate::place::{Chat, Place, agent, chat, files_below, wait_for};

const SECRET: &str = "planted-secret-4711";

/// A place whose organisation keeps content, and the files of its keys, which lie elsewhere.
struct Kept {
    place: Place,
    keys: tempfile::TempDir,
}

impl Kept {
    fn new() -> Self {
        let (place, keys) = (Place::new(), tempfile::tempdir().unwrap());
        let kept = Self { place, keys };
        let key = |name: &str, person: bool| {
            let file = kept.key(name);
            let mut args = vec!["content", "keygen", "--out", file.to_str().unwrap()];
            args.extend(person.then_some("--person"));
            kept.place.json(&args)["public"].as_str().unwrap().to_owned()
        };
        let organisation = format!(
            "id = \"house\"\ncontent_key = \"{}\"\ncontent_people = [{{ name = \"ann\", key = \"{}\" }}, \
             {{ name = \"bob\", key = \"{}\" }}]",
            key("house", false),
            key("ann", true),
            key("bob", true)
        );
        let text = kept.place.realm_text().replacen("id = \"house\"", &organisation, 1);
        kept.place.write_realm(&text.replacen("home = \"XA\"", "home = \"XA\"\ncontent = \"encrypted\"", 1));
        kept
    }

    fn key(&self, name: &str) -> PathBuf {
        self.keys.path().join(name)
    }

    fn step(&self, args: &[&str], by: &str, signer: &str) -> std::process::Output {
        let file = self.key(signer);
        let args: Vec<&str> =
            args.iter().copied().chain(["--by", by, "--signer", file.to_str().unwrap(), "--json"]).collect();
        self.place.run(&args)
    }

    /// Asks, and gives the opening's id.
    fn request(&self, req: &str) -> String {
        let told = self.step(&["content", "request", req, "--reason", "complaint 17"], "ann", "ann");
        assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
        let told: Value = serde_json::from_slice(&told.stdout).unwrap();
        told["opening"].as_str().unwrap().to_owned()
    }

    fn open(&self, opening: &str, identity: &str) -> std::process::Output {
        let file = self.key(identity);
        self.place.run(&["content", "open", opening, "--identity", file.to_str().unwrap(), "--json"])
    }

    fn ask(&self, url: &str, key: &str, stream: bool) -> Chat {
        let chat = chat(&agent(), url, key, SECRET, stream).unwrap();
        assert_eq!(chat.status, 200, "{}", chat.body);
        wait_for("it to be kept", || self.kept().contains(&chat.request));
        chat
    }

    fn kept(&self) -> Vec<String> {
        let list = self.place.json(&["content", "ls"]);
        list.as_array().unwrap().iter().map(|item| item["request"].as_str().unwrap().to_owned()).collect()
    }
}

fn refused(told: &std::process::Output, words: &str) {
    let said = String::from_utf8_lossy(&told.stderr).into_owned();
    assert_eq!(told.status.code(), Some(2), "{said}");
    assert!(said.contains(words), "{said}");
    assert!(!String::from_utf8_lossy(&told.stdout).contains(SECRET));
}

fn assert_nowhere(place: &Place, text: &str) {
    for file in files_below(&place.data()) {
        let bytes = std::fs::read(&file).unwrap();
        // A searcher made for it: segments are long, and looked through by the window they take most of a minute.
        let found = memchr::memmem::find(&bytes, text.as_bytes());
        assert!(found.is_none(), "{text} is in {}", file.display());
    }
}

#[test]
fn two_people_and_the_organisations_key_open_what_was_said_and_the_ledger_tells() {
    let kept = Kept::new();
    let key = kept.place.key();
    let mut server = kept.place.serve();
    let (whole, stream) = (kept.ask(&server.url, &key, false), kept.ask(&server.url, &key, true));
    let long = ["content", "request", &whole.request, "--reason", &"why ".repeat(20_000)];
    refused(&kept.step(&long, "ann", "ann"), "a reason is one line of 1 to 1000 characters");
    let opening = kept.request(&whole.request);
    refused(&kept.open(&opening, "house"), "another must approve");
    refused(&kept.step(&["content", "approve", &opening], "ann", "ann"), "cannot approve it too");
    refused(&kept.step(&["content", "approve", &opening], "bob", "ann"), "is not the key of `bob`");
    refused(&kept.step(&["content", "approve", &opening], "eve", "bob"), "no person `eve`");
    assert!(kept.step(&["content", "approve", &opening], "bob", "bob").status.success());
    refused(&kept.open(&opening, "ann"), "no private key of an organisation");
    let other = kept.key("other");
    kept.place.ok(&["content", "keygen", "--out", other.to_str().unwrap()]);
    refused(&kept.open(&opening, "other"), "sealed for another private key");
    let opened: Value = serde_json::from_slice(&kept.open(&opening, "house").stdout).unwrap();
    assert!(opened["request"].as_str().unwrap().contains(SECRET));
    assert_eq!(opened["answer"], whole.body.as_str(), "what the client got, byte for byte");

    let opening = kept.request(&stream.request);
    assert!(kept.step(&["content", "approve", &opening], "bob", "bob").status.success());
    let opened: Value = serde_json::from_slice(&kept.open(&opening, "house").stdout).unwrap();
    assert_eq!(opened["answer"], stream.body.as_str(), "a stream is kept whole");
    kept.place.stop(&mut server);
    let log = kept.place.ok(&["ledger", "export"]);
    for (what, count) in [("content.request", 2), ("content.approve", 2), ("content.open", 2)] {
        assert_eq!(log.matches(&format!("\"what\":\"{what}\"")).count(), count, "{what} in {log}");
    }
    assert!(log.contains("asked by ann, approved by bob: complaint 17"), "{log}");
    assert!(log.contains(&format!("content:{}", whole.request)) && !log.contains(SECRET));
    let list = kept.place.json(&["content", "ls", "--openings"]);
    assert_eq!(list[0]["approved_by"], "bob");
    assert!(kept.place.ok(&["content", "ls"]).contains("sealed"));
}

/// With everything that lies in the data directory, and every key in it, nothing opens.
#[test]
fn the_operator_cannot_open_what_is_kept() {
    let kept = Kept::new();
    let key = kept.place.key();
    let mut server = kept.place.serve();
    let chat = kept.ask(&server.url, &key, false);
    assert_nowhere(&kept.place, SECRET);
    kept.place.stop(&mut server);
    assert_nowhere(&kept.place, SECRET);

    let data = kept.place.data();
    let (wrapped, sealed) = kept.place.block_on(async {
        let store = Store::open(&data.join("store.db")).await.unwrap();
        let contents = Contents::open(&data.join("content.db")).await.unwrap();
        let found = (store.content_keys().await.unwrap(), contents.get(&chat.request).await.unwrap().unwrap().1);
        store.close().await;
        contents.close().await;
        found
    });
    let [wrapped] = wrapped.as_slice() else { panic!("{} keys", wrapped.len()) };
    let (mut tried, name) = (0_u64, wrapped.name());
    let mut unwraps = |seed: &[u8]| {
        tried += 1;
        let identity = Identity::parse(&format!("freehold-identity:{}", hex::encode(seed))).unwrap();
        identity.unwrap(name, wrapped.wrapped.as_ref().unwrap()).is_ok()
    };
    // Whatever looks like a key in any file: secrets, hashes, signing keys, the wrapped key itself.
    for file in files_below(&data) {
        let bytes = std::fs::read(&file).unwrap();
        let mut likely: Vec<&[u8]> = bytes.windows(32).filter(|window| looks_random(window)).collect();
        assert!(!likely.iter().any(|window| opens(window, name, &chat.request, &sealed)), "{}", file.display());
        likely.truncate(500);
        assert!(!likely.iter().any(|window| unwraps(window)), "{} holds the key", file.display());
    }
    assert!(tried > 500, "only {tried} were tried");
}

/// Whether these 32 bytes could be a key: hardly any of them twice, and no text.
fn looks_random(window: &[u8]) -> bool {
    // So many alike leave too few others: said first, for most of a segment is its empty rest.
    if window[..9].iter().all(|byte| *byte == window[0]) {
        return false;
    }
    let mut seen = [false; 256];
    window.iter().for_each(|byte| seen[usize::from(*byte)] = true);
    let text = window.iter().filter(|byte| byte.is_ascii_graphic()).count();
    seen.iter().filter(|seen| **seen).count() > 24 && text < 24
}

/// Whether these bytes are the data key itself.
fn opens(window: &[u8], name: KeyName<'_>, req: &str, sealed: &[u8]) -> bool {
    DataKey::of(window.try_into().unwrap()).open(name, req, sealed).is_ok()
}

#[test]
fn what_is_forgotten_is_gone_and_everything_else_verifies() {
    let kept = Kept::new();
    let key = kept.place.key();
    let mut server = kept.place.serve();
    let chat = kept.ask(&server.url, &key, false);
    let opening = kept.request(&chat.request);
    assert!(kept.step(&["content", "approve", &opening], "bob", "bob").status.success());
    let proved = |name: &str| {
        let file = kept.key(name);
        std::fs::write(&file, kept.place.ok(&["ledger", "prove", "4"])).unwrap();
        kept.place.json(&["receipt", "verify", file.to_str().unwrap()])["record"].take()
    };
    let before = proved("before");
    let wrapped = kept.place.block_on(async {
        let store = Store::open(&kept.place.data().join("store.db")).await.unwrap();
        store.content_keys().await.unwrap().remove(0).wrapped.unwrap()
    });
    let unasked = kept.place.run(&["content", "forget", "--app", "desk"]);
    assert_eq!(unasked.status.code(), Some(2), "nobody can be asked here");
    let told = kept.place.json(&["content", "forget", "--app", "desk", "--yes"]);
    assert_eq!((&told["keys"], &told["items"]), (&1.into(), &1.into()));
    refused(&kept.open(&opening, "house"), "nothing is kept of request");
    for file in files_below(&kept.place.data()) {
        let bytes = std::fs::read(&file).unwrap();
        let found = memchr::memmem::find(&bytes, &wrapped);
        assert!(found.is_none(), "the wrapped key is in {}", file.display());
    }
    let again = kept.ask(&server.url, &key, false);
    assert_eq!(kept.kept(), [again.request], "what comes after is kept again");
    kept.place.stop(&mut server);
    kept.place.ok(&["ledger", "verify"]);
    let log = kept.place.ok(&["ledger", "export"]);
    assert_eq!(log.matches("content.forget").count(), 1);
    assert!(log.contains(&chat.request), "its records stand");
    kept.place.ok(&["receipt", "verify", kept.key("before").to_str().unwrap()]);
    assert!(before.is_object() && proved("after") == before, "and can be proved as before: {before}");
}

#[test]
fn a_killed_server_keeps_what_was_sealed_and_leaves_nothing_in_clear() {
    let kept = Kept::new();
    let key = kept.place.key();
    let mut sealed = Vec::new();
    for round in 0..4 {
        let mut server = kept.place.serve();
        sealed.push(kept.ask(&server.url, &key, round % 2 == 0));
        // Others are under way when it is killed.
        let clients: Vec<_> = (0..8)
            .map(|number| {
                let (url, key) = (server.url.clone(), key.clone());
                std::thread::spawn(move || while chat(&agent(), &url, &key, SECRET, number % 2 == 0).is_some() {})
            })
            .collect();
        std::thread::sleep(std::time::Duration::from_millis(30 + 17 * round));
        server.child.kill().unwrap();
        server.child.wait().unwrap();
        clients.into_iter().for_each(|client| client.join().unwrap());
        assert_nowhere(&kept.place, SECRET);
    }
    let mut server = kept.place.serve();
    kept.place.stop(&mut server);
    kept.place.ok(&["ledger", "verify"]);
    let (names, log) = (kept.kept(), kept.place.ok(&["ledger", "export"]));
    assert!(names.iter().all(|name| log.contains(name)), "nothing is kept that has no record");
    for chat in sealed {
        let opening = kept.request(&chat.request);
        assert!(kept.step(&["content", "approve", &opening], "bob", "bob").status.success());
        let opened: Value = serde_json::from_slice(&kept.open(&opening, "house").stdout).unwrap();
        assert_eq!(opened["answer"], chat.body.as_str(), "what was sealed before the kill opens after it");
    }
}

#[test]
fn nothing_is_kept_unless_the_realm_says_so_nor_of_what_has_no_record() {
    let place = Place::new();
    let key = place.key();
    let mut server = place.serve();
    assert_eq!(chat(&agent(), &server.url, &key, SECRET, false).unwrap().status, 200);
    place.stop(&mut server);
    assert_eq!(place.json(&["content", "ls"]), serde_json::json!([]));

    let kept = Kept::new();
    let text = kept.place.realm_text();
    kept.place.write_realm(&text.replacen("id = \"desk\"", "id = \"desk\"\nlimits = { requests_per_min = 1 }", 1));
    let key = kept.place.key();
    let mut server = kept.place.serve();
    let first = kept.ask(&server.url, &key, false);
    assert_eq!(chat(&agent(), &server.url, &key, SECRET, false).unwrap().status, 429);
    kept.place.stop(&mut server);
    assert_eq!(kept.kept(), [first.request], "a request that is only counted is not kept");
}

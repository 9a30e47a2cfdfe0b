//! What somebody with the disk, another realm or bad luck tries against what is kept.

use std::path::PathBuf;

use realm::{AppId, OrganisationId, UnixMs};
use serde_json::Value;
use sqlx::{Connection, Executor, SqliteConnection};
use store::Store;
use store::content::{Contents, Parts, Sealed};

use super::{Kept, SECRET, refused};
use crate::place::{agent, files_below, wait_for};

impl Kept {
    /// Asks, approves and opens; the exit code and what was told.
    fn opened(&self, req: &str, more: &[&str]) -> (i32, Value) {
        let opening = self.request(req);
        assert!(self.step(&["content", "approve", &opening], "bob", "bob").status.success());
        let file = self.key("house");
        let args = ["content", "open", &opening, "--identity", file.to_str().unwrap(), "--json"];
        let told = self.place.run(&[&args[..], more].concat());
        (told.status.code().unwrap(), serde_json::from_slice(&told.stdout).unwrap())
    }

    /// Puts an item of one's own in a request's place, sealed with what lies on the machine.
    fn forge(&self, req: &str, status: u16) {
        let text = self.place.realm_text();
        let public = text.split("content_key = \"").nth(1).unwrap().split('"').next().unwrap();
        self.place.block_on(async {
            let store = Store::open(&self.place.data().join("store.db")).await.unwrap();
            let contents = Contents::open(&self.place.data().join("content.db")).await.unwrap();
            let (app, house) = (AppId::new("desk").unwrap(), OrganisationId::new("house").unwrap());
            let (wrapped, key) = store.new_content_key(&app, &house, public, UnixMs(1)).await.unwrap();
            let parts = Parts { at: UnixMs(1), status, request: b"forged", answer: b"forged", cut: false };
            let sealed = key.seal(wrapped.name(), req, &parts.to_bytes()).unwrap();
            let (req, app, key_id) = (req.to_owned(), wrapped.app, wrapped.id);
            contents.put(&[Sealed { req, app, key_id, at: UnixMs(1), sealed }]).await.unwrap();
            store.close().await;
            contents.close().await;
        });
    }
}

/// Another realm on the command line, or one that no server has served, does not say who may open.
#[test]
fn people_of_a_realm_that_is_not_in_force_open_nothing() {
    let kept = Kept::new();
    let key = kept.place.key();
    let (ann, reason) = (kept.key("ann"), ["--reason", "complaint 17", "--by", "ann"]);
    let ask = ["content", "request", "req-1", "--signer", ann.to_str().unwrap()];
    refused(&kept.place.run(&[&ask[..], &reason].concat()), "no server has run");
    let mut server = kept.place.serve();
    let chat = kept.ask(&server.url, &key, false);
    kept.place.stop(&mut server);

    let (eve, forged) = (kept.key("eve"), kept.keys.path().join("realm"));
    let made = kept.place.json(&["content", "keygen", "--person", "--out", eve.to_str().unwrap()]);
    let eves = made["public"].as_str().unwrap();
    let real = kept.place.realm_text();
    let anns = real.split("name = \"ann\", key = \"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    std::fs::create_dir_all(forged.join("policies")).unwrap();
    let policy = kept.place.realm().join("policies/base.cedar");
    std::fs::copy(policy, forged.join("policies/base.cedar")).unwrap();
    let text = real.replace(&anns, eves);
    std::fs::write(forged.join("realm.toml"), &text).unwrap();
    kept.place.ok(&["check", forged.to_str().unwrap()]);
    let ask = ["content", "request", &chat.request, "--signer", eve.to_str().unwrap()];
    let elsewhere = ["--realm", forged.to_str().unwrap()];
    refused(&kept.place.run(&[&ask[..], &reason, &elsewhere].concat()), "is not the key of `ann`");
    kept.place.write_realm(&text);
    refused(&kept.place.run(&[&ask[..], &reason].concat()), "is not the key of `ann`");

    // Once it was served it counts, and the ledger tells whose keys they were.
    kept.request(&chat.request);
    let mut server = kept.place.serve();
    assert!(kept.place.run(&[&ask[..], &reason].concat()).status.success());
    kept.place.stop(&mut server);
    let log = kept.place.ok(&["ledger", "export"]);
    let by = |key: &str, said: &str| {
        let named =
            |line: &&str| line.contains("content.request") && line.contains(&format!("signed by {key} of realm"));
        assert_eq!(log.lines().filter(named).count(), 1, "{said} in {log}");
    };
    by(&anns, "ann's own key");
    by(eves, "the key under her name");
}

/// Whoever has the disk and the public key can seal something of their own, and the ledger tells.
#[test]
fn what_the_operator_sealed_in_an_items_place_does_not_pass_for_what_was_said() {
    let kept = Kept::new();
    let key = kept.place.key();
    let mut server = kept.place.serve();
    let answered = kept.ask(&server.url, &key, false);
    let body = format!(r#"{{"model":"nowhere","messages":[{{"role":"user","content":"{SECRET}"}}]}}"#);
    let asked = agent().post(format!("{}/v1/chat/completions", server.url));
    let told = asked.header("authorization", format!("Bearer {key}")).send(&body).unwrap();
    assert_eq!(told.status().as_u16(), 404);
    let refused = told.headers()["x-freehold-request"].to_str().unwrap().to_owned();
    wait_for("it to be kept", || kept.kept().contains(&refused));
    kept.place.stop(&mut server);

    let (code, opened) = kept.opened(&refused, &[]);
    assert_eq!((code, &opened["request"]), (0, &Value::from(body.as_str())));
    assert_eq!(
        (&opened["record"]["request"]["is"], &opened["record"]["answer"]["is"]),
        (&"matches".into(), &"unknown".into())
    );
    let (code, opened) = kept.opened(&answered.request, &[]);
    assert!(code == 0 && opened["record"]["request"]["is"] != "differs", "{opened}");

    for (request, status, side, why) in [
        (&*refused, 404, "request", "text"),
        (&*refused, 200, "answer", "status"),
        (&*answered.request, 403, "answer", "status"),
        ("req-00000000deadbeef", 200, "request", "no-record"),
    ] {
        kept.forge(request, status);
        let (code, opened) = kept.opened(request, &[]);
        assert_eq!((code, &opened["record"][side]["why"]), (1, &why.into()), "{request} {status}: {opened}");
        assert!(opened.get("request").is_none() && opened.get("answer").is_none(), "{opened}");
        let (code, opened) = kept.opened(request, &["--even-so"]);
        assert_eq!((code, &opened["answer"]), (0, &"forged".into()));
    }
}

/// An app that the realm drops takes nothing of its organisation's with it before the organisation's days are over.
#[test]
fn a_retired_app_does_not_shorten_what_its_organisation_keeps() {
    let kept = Kept::new();
    let text = kept.place.realm_text();
    let text = text.replacen("[realm]\n", "[realm]\ncontent_days = 1\n", 1);
    let text = text.replacen("content_key =", "content_days = 90\ncontent_key =", 1);
    kept.place.write_realm(&text);
    let key = kept.place.key();
    let mut server = kept.place.serve();
    let (young, old) = (kept.ask(&server.url, &key, false), kept.ask(&server.url, &key, false));
    kept.place.stop(&mut server);
    let aged = |days: u64, request: &str| {
        kept.place.block_on(async {
            let contents = Contents::open(&kept.place.data().join("content.db")).await.unwrap();
            let (item, sealed) = contents.get(request).await.unwrap().unwrap();
            let at = UnixMs(item.at.0 - days * 86_400_000);
            let aged = Sealed { req: item.req, app: item.app, key_id: item.key_id, at, sealed };
            contents.put(&[aged]).await.unwrap();
            contents.close().await;
        });
    };
    aged(60, &young.request);
    aged(91, &old.request);
    kept.place.write_realm(&text.replace("\"desk\"", "\"other\""));
    let mut server = kept.place.serve();
    wait_for("what is too old to go", || !kept.kept().contains(&old.request));
    assert_eq!(kept.kept(), [young.request]);
    kept.place.stop(&mut server);
}

/// Whoever reads the store at that moment does not keep what is to be forgotten, and the same command ends it.
#[test]
fn what_a_reader_of_the_store_holds_up_is_forgotten_all_the_same() {
    let kept = Kept::new();
    let key = kept.place.key();
    let mut server = kept.place.serve();
    kept.ask(&server.url, &key, false);
    kept.place.stop(&mut server);
    let file = kept.place.data().join("store.db");
    let (wrapped, reader) = kept.place.block_on(async {
        let store = Store::open(&file).await.unwrap();
        let wrapped = store.content_keys().await.unwrap().remove(0).wrapped.unwrap();
        store.close().await;
        let mut reader = SqliteConnection::connect(file.to_str().unwrap()).await.unwrap();
        reader.execute("BEGIN").await.unwrap();
        reader.fetch_one("SELECT count(*) FROM content_key").await.unwrap();
        (wrapped, reader)
    });
    let forget = ["content", "forget", "--app", "desk", "--yes"];
    let told = kept.place.run(&forget);
    assert_eq!(told.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&told.stderr).contains("store.db-wal"));
    assert!(kept.kept().is_empty(), "what the key sealed is gone");
    let lies = || {
        let lies = |file: PathBuf| memchr::memmem::find(&std::fs::read(file).unwrap(), &wrapped).is_some();
        files_below(&kept.place.data()).into_iter().any(lies)
    };
    assert!(lies(), "the reader sees the key still");
    kept.place.block_on(reader.close()).unwrap();
    kept.place.ok(&forget);
    assert!(!lies(), "nothing of it is left");
}

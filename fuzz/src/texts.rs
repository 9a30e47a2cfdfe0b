//! What comes whole: requests, answers, realms, rules.

use bytes::Bytes;
use jiff::civil::date;
use realm::load::{Lang, SourceSet, check, render};
use realm::{ClassSet, DataClass};
use wire::openai::{Answer, Endpoint, Request};
use wire::translate::{Answered, Back, Target};
use wire::{Edits, anthropic, gigachat, yandexgpt};

pub fn answers(data: &[u8]) {
    let back = Back { id: "a".to_owned(), model: "m".to_owned(), ..Back::default() };
    let all = [
        ("gigachat", gigachat::answer(data, &back)),
        ("gigachat embeddings", gigachat::embeddings_answer(data, &back)),
        ("yandexgpt", yandexgpt::answer(data, &back)),
        ("yandexgpt compatible", yandexgpt::compatible::answer(data, &back)),
        ("anthropic", anthropic::answer(data, &back)),
    ];
    for (name, answered) in all {
        if let Answered::Json(body) = answered {
            assert!(matches!(Answer::read(&body), Answer::Response(_)), "{name}: {}", String::from_utf8_lossy(&body));
        }
    }
    let vectors = [yandexgpt::embeddings_answer(data), yandexgpt::compatible::embeddings_answer(data)];
    let vectors: Vec<_> = vectors.into_iter().flatten().collect();
    let merged = yandexgpt::merge(&vectors, "m", data.len() % 2 == 0);
    assert!(matches!(Answer::read(&merged), Answer::Response(_)), "{}", String::from_utf8_lossy(&merged));
    for status in [200, 400, 401, 403, 429, 500] {
        let _ = gigachat::oauth::failure(status, data);
        for error in
            [gigachat::error(status, data), anthropic::error(status, data), yandexgpt::error(status, data).error]
        {
            assert!(serde_json::from_str::<serde_json::Value>(&error.to_json()).is_ok(), "{error:?}");
        }
    }
    let _ =
        (gigachat::oauth::Token::read(data), yandexgpt::iam::Token::read(data), yandexgpt::iam::KeyFile::read(data));
    let _ = (yandexgpt::operation(data), anthropic::incoming::answer(data, &Default::default()), gigachat::uploaded(data), Answer::read(data));
}

fn is_json(name: &str, body: &[u8]) {
    assert!(serde_json::from_slice::<serde_json::Value>(body).is_ok(), "{name}: {}", String::from_utf8_lossy(body));
}

pub fn requests(data: &[u8]) {
    let droppable = ["seed".to_owned(), "stop".to_owned()];
    let target = Target { model: "m", droppable: &droppable, folder: Some("b1g") };
    if let Ok(incoming) = anthropic::incoming::request(data, &droppable) {
        is_json("incoming", &incoming.body);
        Request::parse(Endpoint::Chat, incoming.body.into()).expect("what comes of Anthropic's is OpenAI's");
    }
    if let Ok(understood) = wire::responses::request(data) {
        is_json("response", &understood.body);
        Request::parse(Endpoint::Chat, understood.body.into()).expect("what comes of a response's request is a chat's");
    }
    for endpoint in [Endpoint::Chat, Endpoint::Completions, Endpoint::Embeddings] {
        let Ok(request) = Request::parse(endpoint, Bytes::copy_from_slice(data)) else { continue };
        let mut edits = Edits::new();
        request.set_model("another", &mut edits);
        request.ask_usage(&mut edits);
        let body = edits.apply(request.body()).expect("edits of ours do not overlap");
        is_json("edited", &body);
        let again = Request::parse(endpoint, body.clone()).expect("an edited request is one");
        assert_eq!((again.model().as_ref(), again.stream), ("another", request.stream));
        for out in [gigachat::request(&body, &target), yandexgpt::request(&body, &target)].into_iter().flatten() {
            is_json("translated", &out.body);
        }
        for out in [yandexgpt::compatible::request(&body, &target), gigachat::embeddings_request(&body, &target)] {
            out.into_iter().for_each(|out| is_json("translated", &out.body));
        }
        if let Ok(out) = anthropic::request(&body, &target, &anthropic::Options::default()) {
            is_json("anthropic", &out.body);
        }
    }
}

/// What was redacted comes back: a model that repeats the redacted text gives the client its own text.
pub fn redaction(data: &[u8]) {
    use gateway::detect::{Detectors, Scan};
    use gateway::redact::{Restorer, plan};
    let Ok(text) = std::str::from_utf8(data) else { return };
    let quoted = serde_json::Value::from(text).to_string();
    let body = format!(r#"{{"model":"m","messages":[{{"role":"user","content":{quoted}}}]}}"#);
    let Ok(request) = Request::parse(Endpoint::Chat, body.into()) else { return };
    let plan = plan(&Scan::of(&Detectors::standard(), &request), ClassSet::of(DataClass::Personal));
    let out = plan.edits.apply(request.body()).expect("a plan's edits do not overlap");
    let out: serde_json::Value = serde_json::from_slice(&out).expect("a redacted request is JSON");
    let said = out["messages"][0]["content"].as_str().expect("content stays a text").to_owned();
    // In a text that is JSON values are escaped, so there it need not be the same.
    if serde_json::from_str::<serde_json::Value>(&said).is_ok() {
        return;
    }
    let answer =
        serde_json::json!({ "choices": [{ "index": 0, "message": { "role": "assistant", "content": said } }] });
    let answer = answer.to_string();
    let Answer::Response(response) = Answer::read(answer.as_bytes()) else { panic!("an answer is one") };
    let mut edits = Edits::new();
    Restorer::new(plan.table).answer(&answer, &response, &mut edits);
    let restored = edits.apply_to(answer.as_bytes()).expect("restoring edits do not overlap");
    let restored: serde_json::Value = serde_json::from_slice(&restored).expect("a restored answer is JSON");
    assert_eq!(restored["choices"][0]["message"]["content"].as_str(), Some(text));
}

pub fn realm(data: &[u8]) {
    let mut files = SourceSet::default();
    files.insert("realm.toml", data);
    match check(&files, date(2026, 11, 25)) {
        Ok(loaded) => drop(loaded),
        Err(problems) => {
            assert!(!problems.is_empty());
            for lang in [Lang::En, Lang::Ru] {
                assert!(!render(&problems, lang, false).is_empty());
            }
        }
    }
}

pub fn rules(data: &[u8]) {
    const WORLD: &str = "[realm]\nname = \"T\"\nhome = \"XA\"\n";
    let mut files = SourceSet::default();
    files.insert("realm.toml", WORLD);
    files.insert("policies/x.cedar", data);
    if let Ok(loaded) = check(&files, date(2026, 11, 25))
        && let Err(problems) = policy::compile(&loaded.snapshot.world)
    {
        assert!(!problems.is_empty() && !render(&problems, Lang::En, false).is_empty());
    }
}

/// Whatever a document says, it can be written so that a realm takes it and says the same, and exported so that it reads back.
pub fn passports(data: &[u8]) {
    const WORLD: &str = "[realm]\nname = \"T\"\nhome = \"XA\"\n[[sector]]\nid = \"s\"\nname = \"S\"\n[[organisation]]\nid = \"o\"\nname = \"O\"\nkind = \"company\"\nsector = \"s\"\njurisdiction = \"XA\"\n[[model]]\nid = \"m\"\nname = \"M\"\ndeveloper = \"o\"\norigin = \"XA\"\nweights = \"open\"\nkind = \"chat\"\n";
    let today = date(2026, 11, 26);
    for name in ["a.json", "a.md"] {
        let Ok(mut read) = passport::read(name.as_ref(), data, None) else { continue };
        let bom = passport::export(&read.document, "m", realm::UnixMs(1_795_651_200_000)).to_string();
        passport::read("a.json".as_ref(), bom.as_bytes(), None).expect("what we write reads");
        read.document.only_places(|place| place.as_str() == "XA");
        let source = realm::world::PassportSource {
            kind: read.form,
            name: "a".to_owned(),
            sha256: "a".repeat(64),
            taken: today,
            dated: read.document.dated,
        };
        let model = realm::ModelId::new("m").expect("an id");
        let merged = passport::merge(None, &model, &read.document, source, Some(today));
        let text = passport::write("", &merged.passport, &merged.added).expect("an empty file takes it");
        let mut files = SourceSet::default();
        files.insert("realm.toml", WORLD);
        files.insert("passports/m.toml", text.as_bytes());
        let loaded = check(&files, today).unwrap_or_else(|problems| panic!("{}", render(&problems, Lang::En, false)));
        assert_eq!(loaded.snapshot.world.passports[&model], merged.passport);
    }
}

//! Models from a hub, before a stand-in that answers as hubs do: a HEAD that promises, a redirect, ranges.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};

use sha2::{Digest as _, Sha256};

use crate::place::Place;

/// What the stand-in does wrong.
#[derive(Clone, Copy, Default)]
struct Faults {
    /// Breaks every connection after so many bytes of the file.
    cut_after: Option<usize>,
    /// Sends the whole file whatever is asked for.
    no_ranges: bool,
    /// Content that is not what the hash says.
    other_content: bool,
    /// Asks for a token.
    gated: bool,
    silent_about_hash: bool,
    /// Has no time for the second request for content.
    busy: bool,
}

struct Hub {
    url: String,
    /// The request lines and the ranges that came.
    seen: Arc<Mutex<Vec<String>>>,
    sha256: String,
}

const FILE: &str = "/owner/tiny%20models/resolve/v1/deep/demo-tiny.gguf";
const REFERENCE: &str = "hf:owner/tiny models/deep/demo-tiny.gguf@v1";

fn model() -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo-tiny.gguf")).unwrap()
}

impl Hub {
    fn start(faults: Faults) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (seen, content) = (Arc::new(Mutex::new(Vec::new())), model());
        let sha256 = hex::encode(Sha256::digest(&content));
        let hub = Self { url, seen: Arc::clone(&seen), sha256: sha256.clone() };
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                // A client that breaks the connection off is not the stand-in's trouble.
                let _ = answer(stream.unwrap(), &seen, &content, &sha256, faults);
            }
        });
        hub
    }

    fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }
}

fn answer(
    mut stream: TcpStream,
    seen: &Mutex<Vec<String>>,
    content: &[u8],
    sha256: &str,
    faults: Faults,
) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let first = lines.next().unwrap()?;
    let heads: Vec<String> = lines.map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
    let head = |name: &str| heads.iter().find_map(|line| line.strip_prefix(name)).map(str::trim);
    seen.lock().unwrap().push(format!("{first} {}", head("range:").unwrap_or_default()));
    let empty =
        |stream: &mut TcpStream, head: &str| write!(stream, "{head}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    if faults.gated && head("authorization:").is_none() && !first.contains("/cdn") {
        return empty(&mut stream, "HTTP/1.1 401 Unauthorized");
    }
    let asked = seen.lock().unwrap().iter().filter(|line| line.contains("/cdn")).count();
    if first.contains("/cdn") && faults.busy && asked == 2 {
        return empty(&mut stream, "HTTP/1.1 503 Service Unavailable");
    }
    if first.contains("/cdn") {
        return send(stream, head("range:"), content, faults);
    }
    if !first.contains(FILE) {
        return empty(&mut stream, "HTTP/1.1 404 Not Found");
    }
    let tag = if faults.silent_about_hash { "0123" } else { sha256 };
    let promise = format!("x-linked-etag: \"{tag}\"\r\nx-linked-size: {}\r\nx-repo-commit: c0ffee", content.len());
    empty(&mut stream, &format!("HTTP/1.1 302 Found\r\nlocation: /cdn/blob\r\n{promise}"))
}

fn send(mut stream: TcpStream, range: Option<&str>, content: &[u8], faults: Faults) -> std::io::Result<()> {
    let mut content = content.to_vec();
    if faults.other_content {
        *content.last_mut().unwrap() ^= 1;
    }
    let bounds = range.filter(|_| !faults.no_ranges).and_then(|range| range.strip_prefix("bytes=")?.split_once('-'));
    let all = content.len();
    let (head, part) = match bounds {
        None => ("HTTP/1.1 200 OK".to_owned(), &content[..]),
        Some((from, until)) => {
            let (from, until): (usize, usize) = (from.parse().unwrap(), until.parse().unwrap());
            (
                format!("HTTP/1.1 206 Partial Content\r\ncontent-range: bytes {from}-{until}/{all}"),
                &content[from..=until],
            )
        }
    };
    write!(stream, "{head}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", part.len())?;
    let most = faults.cut_after.unwrap_or(usize::MAX).min(part.len());
    stream.write_all(&part[..most])
}

fn add(place: &Place, hub: &Hub, more: &[&str]) -> (Option<i32>, String) {
    let args = [&["model", "add", REFERENCE, "--hub", &hub.url], more].concat();
    let output = place.run(&args);
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

fn registered(place: &Place) -> Vec<String> {
    let models = place.json(&["model", "ls"]);
    models.as_array().unwrap().iter().map(|model| model["sha256"].as_str().unwrap().to_owned()).collect()
}

fn partial_bytes(place: &Place, hub: &Hub) -> Option<u64> {
    let partial = place.data().join("models").join(format!(".partial-{}", hub.sha256));
    Some(partial.metadata().ok()?.len())
}

#[test]
fn a_model_comes_whole_by_way_of_a_redirect() {
    let (place, hub) = (Place::new(), Hub::start(Faults::default()));
    let (code, said) = add(&place, &hub, &[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("c0ffee"), "{said}");
    assert_eq!(registered(&place), std::slice::from_ref(&hub.sha256));
    assert_eq!(place.json(&["model", "ls"])[0]["file"], "demo-tiny.gguf");
    assert_eq!(partial_bytes(&place, &hub), None);
    let before = hub.seen().len();
    let (code, said) = add(&place, &hub, &["--sha256", &hub.sha256.to_uppercase()]);
    assert_eq!((code, hub.seen().len()), (Some(0), before + 1), "it is asked for and not fetched again: {said}");
}

#[test]
fn broken_connections_cost_nothing_that_arrived() {
    let (place, hub) = (Place::new(), Hub::start(Faults { cut_after: Some(700_000), ..Faults::default() }));
    let (code, said) = add(&place, &hub, &[]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(registered(&place), std::slice::from_ref(&hub.sha256));
    let (busy, other) =
        (Hub::start(Faults { cut_after: Some(3_000_000), busy: true, ..Faults::default() }), Place::new());
    let (code, said) = add(&other, &busy, &[]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(busy.seen().iter().filter(|line| line.contains("/cdn")).count(), 3, "{:?}", busy.seen());
    let ranges = hub.seen().iter().filter(|line| line.contains("/cdn")).cloned().collect::<Vec<_>>();
    let starts: Vec<bool> =
        ranges.iter().enumerate().map(|(n, line)| line.contains(&format!("bytes={}-", n * 700_000))).collect();
    assert!(starts.len() > 2 && starts.iter().all(|right| *right), "{ranges:?}");
}

#[test]
fn a_later_run_goes_on_where_the_first_one_ended() {
    let (place, hub) = (Place::new(), Hub::start(Faults::default()));
    let models = place.data().join("models");
    std::fs::create_dir_all(&models).unwrap();
    std::fs::write(models.join(format!(".partial-{}", hub.sha256)), &model()[..1_000_000]).unwrap();
    let (code, said) = add(&place, &hub, &[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("1.0 MB are here already"), "{said}");
    assert!(hub.seen().iter().any(|line| line.contains("bytes=1000000-")), "{:?}", hub.seen());
    assert_eq!(registered(&place), std::slice::from_ref(&hub.sha256));
}

#[test]
fn a_hub_without_ranges_sends_everything_again() {
    let faults = Faults { no_ranges: true, ..Faults::default() };
    let (place, hub) = (Place::new(), Hub::start(faults));
    let models = place.data().join("models");
    std::fs::create_dir_all(&models).unwrap();
    std::fs::write(models.join(format!(".partial-{}", hub.sha256)), b"GGUFwhatever").unwrap();
    let (code, said) = add(&place, &hub, &[]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(registered(&place), std::slice::from_ref(&hub.sha256));
}

#[test]
fn what_is_not_as_promised_is_not_added() {
    let (place, hub) = (Place::new(), Hub::start(Faults { other_content: true, ..Faults::default() }));
    let (code, said) = add(&place, &hub, &[]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains(&hub.sha256) && said.contains("nothing was added"), "{said}");
    assert_eq!((registered(&place).len(), partial_bytes(&place, &hub)), (0, None));

    let (code, said) = add(&place, &hub, &["--sha256", &"0".repeat(64)]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("nothing was fetched"), "{said}");
}

#[test]
fn a_hub_that_does_not_say_the_hash_is_believed_only_with_one() {
    let (place, hub) = (Place::new(), Hub::start(Faults { silent_about_hash: true, ..Faults::default() }));
    let (code, said) = add(&place, &hub, &[]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("--sha256"), "{said}");
    let sha256 = hub.sha256.clone();
    assert_eq!(add(&place, &hub, &["--sha256", &sha256]).0, Some(0));
}

#[test]
fn a_gated_model_says_how_to_get_it() {
    let (place, hub) = (Place::new(), Hub::start(Faults { gated: true, ..Faults::default() }));
    let (code, said) = add(&place, &hub, &[]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("HF_TOKEN"), "{said}");
    let args = ["model", "add", REFERENCE, "--hub", &hub.url];
    let mut child =
        place.command(&args).env("HF_TOKEN", "hf_planted").stderr(std::process::Stdio::piped()).spawn().unwrap();
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert!(child.wait().unwrap().success(), "{said}");
    assert!(!said.contains("hf_planted"));

    let output = place.run(&["model", "add", "hf:owner/tiny models/other.gguf", "--hub", &hub.url]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_hub_that_is_away_leaves_what_arrived() {
    let (place, hub) = (Place::new(), Hub::start(Faults { cut_after: Some(0), ..Faults::default() }));
    let (code, said) = add(&place, &hub, &[]);
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("the same command goes on"), "{said}");
    assert_eq!(hub.seen().iter().filter(|line| line.contains("/cdn")).count(), 5);
}

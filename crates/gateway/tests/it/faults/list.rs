//! The faults, and what a client must see of each.

use tokio::net::TcpListener;

use crate::harness::{Act, Step, answer, chunk};

/// Where a fault is looked at.
#[derive(Clone, Copy)]
pub struct Cell {
    pub stream: bool,
    pub alive: bool,
    /// The route lets a cut stream go on.
    pub resume: bool,
}

/// What a client must see.
pub enum Seen {
    /// A correct answer, from this deployment.
    Answer(&'static str),
    /// One error of ours: one of these.
    Error(&'static [(u16, &'static str)]),
    /// The provider's own refusal.
    Theirs(u16),
    /// Content, then one error event and no terminator.
    Cut,
    /// Content from the one, the rest from the other, and a proper end.
    Joined,
}

/// How a fault ends without an alternative.
enum Kind {
    /// Before any content: another takes over, else one of these errors.
    Before(&'static [(u16, &'static str)]),
    /// A stream breaks after content; a whole answer is one of these errors.
    After(&'static [(u16, &'static str)]),
    /// It is the client's to read.
    Passed(u16),
    /// It is no fault for the client.
    Harmless,
}

pub struct Fault {
    pub name: &'static str,
    /// Where the provider is, if not at the scripted one.
    pub url: Option<String>,
    whole: Option<Act>,
    stream: Option<Act>,
    kind: Kind,
}

const ERROR: &[(u16, &str)] = &[(502, "upstream_error")];
const INVALID: &[(u16, &str)] = &[(502, "upstream_invalid")];
const TIMEOUT: &[(u16, &str)] = &[(504, "upstream_timeout")];
/// Looking up a name may be refused at once or never answered.
const NO_HOST: &[(u16, &str)] = &[(502, "upstream_error"), (504, "upstream_timeout")];
const LIMITED: &[(u16, &str)] = &[(429, "rate_limited")];
const STREAM: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n";

impl Fault {
    pub fn act(&self, stream: bool) -> Option<Act> {
        if stream { self.stream.clone() } else { self.whole.clone() }
    }

    pub fn seen(&self, cell: Cell) -> Seen {
        match (&self.kind, cell.alive, cell.stream) {
            (Kind::Passed(status), ..) => Seen::Theirs(*status),
            (Kind::Harmless, ..) => Seen::Answer("far"),
            (Kind::After(_), true, true) if cell.resume => Seen::Joined,
            (Kind::After(_), _, true) => Seen::Cut,
            (Kind::Before(_) | Kind::After(_), true, _) => Seen::Answer("near"),
            (Kind::Before(codes) | Kind::After(codes), false, _) => Seen::Error(codes),
        }
    }
}

/// All of them.
pub async fn all() -> Vec<Fault> {
    let mut faults = Vec::from(unreachable().await);
    faults.extend(statuses());
    faults.extend(bodies());
    faults.extend(waits());
    faults.extend(cuts());
    faults.extend(oddities());
    faults
}

async fn unreachable() -> [Fault; 3] {
    let at =
        |name, url: String, codes| Fault { name, url: Some(url), whole: None, stream: None, kind: Kind::Before(codes) };
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    // Answers in plain HTTP to whoever begins with TLS.
    let plain = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = plain.local_addr().unwrap();
    gateway::Tasks::default().spawn(async move {
        while let Ok((mut stream, _)) = plain.accept().await {
            let _ = tokio::io::AsyncWriteExt::write_all(&mut stream, b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    [
        at("connection refused", format!("http://{closed}/v1"), ERROR),
        at("TLS failure", format!("https://{address}/v1"), ERROR),
        at("DNS failure", "http://no-such-host.invalid/v1".to_owned(), NO_HOST),
    ]
}

fn same(name: &'static str, act: Act, kind: Kind) -> Fault {
    Fault { name, url: None, whole: Some(act.clone()), stream: Some(act), kind }
}

fn statuses() -> [Fault; 7] {
    let status = |status, headers| Act::Status(status, headers, r#"{"error":{"message":"no","type":"x"}}"#.to_owned());
    [
        same("401", status(401, ""), Kind::Before(ERROR)),
        same("403", status(403, ""), Kind::Before(ERROR)),
        same("400", status(400, ""), Kind::Passed(400)),
        same("429", status(429, ""), Kind::Before(LIMITED)),
        same("429 with retry-after", status(429, "retry-after: 7\r\n"), Kind::Before(LIMITED)),
        same("500", status(500, ""), Kind::Before(ERROR)),
        same("503", status(503, ""), Kind::Before(ERROR)),
    ]
}

fn raw(kind: &str, body: &str) -> Act {
    let head = format!("HTTP/1.1 200 OK\r\n{kind}content-length: {}\r\n\r\n", body.len());
    Act::Script(vec![Step::Send(head + body)])
}

fn bodies() -> [Fault; 4] {
    let error = r#"{"error":{"message":"no","type":"server_error"}}"#;
    [
        same("HTML with 200", raw("content-type: text/html\r\n", "<html>a proxy</html>"), Kind::Before(INVALID)),
        same("empty 200", raw("", ""), Kind::Before(INVALID)),
        same("malformed JSON", raw("content-type: application/json\r\n", "{\"choices\":["), Kind::Before(INVALID)),
        same("error in 200", raw("content-type: application/json\r\n", error), Kind::Before(ERROR)),
    ]
}

fn waits() -> [Fault; 2] {
    let drip = |first: String, each: &str| {
        let mut steps = vec![Step::Send(first)];
        // Never silent for as long as `idle_ms`, and never done by `total_ms`.
        for _ in 0..30 {
            steps.extend([Step::Pause(300), Step::Send(each.to_owned())]);
        }
        Act::Script(steps)
    };
    let whole = drip("HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n".to_owned(), " ");
    let stream = drip(format!("{STREAM}{}", chunk("You")), &chunk(" s"));
    [
        same("silent", Act::Script(vec![Step::Hang]), Kind::Before(TIMEOUT)),
        Fault { name: "slow drip", url: None, whole: Some(whole), stream: Some(stream), kind: Kind::After(TIMEOUT) },
    ]
}

/// A whole answer that ends after so many bytes of it.
fn cut_whole(at: usize) -> Act {
    let body = answer("You said: привет");
    let head = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
    Act::Script(vec![Step::Send(head), Step::Bytes(body.as_bytes()[..at].to_vec())])
}

fn cut_stream(text: &str, keep: usize) -> Act {
    let event = chunk(text);
    let begun = Step::Send(format!("{STREAM}{}", chunk("You said: ")));
    Act::Script(vec![begun, Step::Bytes(event.as_bytes()[..keep].to_vec())])
}

fn cuts() -> [Fault; 6] {
    let cut = |name, whole, stream, kind| Fault { name, url: None, whole: Some(whole), stream: Some(stream), kind };
    let letter = answer("You said: привет").find('п').unwrap() + 1;
    let of_chunk = chunk("привет").find('п').unwrap() + 1;
    let chunked = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
    let body = answer("You said: hello");
    let unended = Act::Script(vec![Step::Send(format!("{chunked}{:x}\r\n{body}\r\n", body.len()))]);
    let no_done = Act::Script(vec![Step::Send(format!("{STREAM}{}", chunk("You said: hello")))]);
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n{";
    let begun = format!("{STREAM}{}", chunk("You"));
    let reset = |first: String| Act::Script(vec![Step::Send(first), Step::Pause(50), Step::Reset]);
    [
        cut("cut before content", cut_whole(0), Act::Script(vec![Step::Send(STREAM.to_owned())]), Kind::Before(CUT)),
        cut("cut mid-token", cut_whole(40), cut_stream("hello", 60), Kind::After(ERROR)),
        cut("cut mid-UTF-8", cut_whole(letter), cut_stream("привет", of_chunk), Kind::After(ERROR)),
        cut("missing terminator", unended, no_done, Kind::After(ERROR)),
        cut("reset after headers", reset(head.to_owned()), reset(STREAM.to_owned()), Kind::Before(ERROR)),
        cut("reset mid-answer", reset(head.to_owned()), reset(begun), Kind::After(ERROR)),
    ]
}

/// A whole answer is cut; a stream without content is none.
const CUT: &[(u16, &str)] = &[(502, "upstream_error"), (502, "upstream_invalid")];

fn oddities() -> [Fault; 2] {
    let long = answer(&"x".repeat(70 << 10));
    let event = format!("{STREAM}{}{}", chunk("You"), chunk(&"x".repeat(5 << 20)));
    let other = answer("You said: hello").replace("\"model\":\"small\"", "\"model\":\"small-2026-11\"");
    let named = |text: &str| chunk(text).replace("\"model\":\"small\"", "\"model\":\"small-2026-11\"");
    let stream = format!("{STREAM}{}{}data: [DONE]\n\n", named("You said: "), named("hello"));
    [
        Fault {
            name: "oversized answer",
            url: None,
            whole: Some(raw("content-type: application/json\r\n", &long)),
            stream: Some(Act::Script(vec![Step::Send(event)])),
            kind: Kind::After(INVALID),
        },
        Fault {
            name: "another model's name",
            url: None,
            whole: Some(raw("content-type: application/json\r\n", &other)),
            stream: Some(Act::Script(vec![Step::Send(stream)])),
            kind: Kind::Harmless,
        },
    ]
}

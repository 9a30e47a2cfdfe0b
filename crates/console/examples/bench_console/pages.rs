//! A console on a realm of three organisations, as a browser sees it.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use api::{Around, PlaceState, Ready};
use bytes::Bytes;
use console::{Console, Guard, Parts};
use http::Request;
use jiff::civil::date;
use ledger::{KeySource, Log, Options, Origin};
use policy::Compiled;
use realm::load::SourceSet;
use realm::snapshot::Snapshot;
use realm::world::{Credential, SignIn};
use realm::{Clock, UnixMs};
use store::{Role, Roles, Store};

use crate::{Failed, sample};

/// Every page that reads the ledger, the dearest questions among them.
pub const PAGES: [&str; 35] = [
    "/console",
    "/console?organisation=%40",
    "/console?span=month",
    "/console/go?q=no-such-request",
    "/console/requests",
    "/console/requests?page=2000",
    "/console/requests?app=a1&decision=redact",
    "/console/requests?model=model-2&end=error",
    "/console/requests?jurisdiction=XB&from=2026-10-01&until=2026-10-31",
    "/console/requests?rule=stays",
    "/console/requests?sort=-cost",
    "/console/requests?sort=-total_ms&page=500",
    "/console/requests?sort=request",
    "/console/requests/@",
    "/console/usage",
    "/console/usage?from=2025-12-01&by=model",
    "/console/usage?from=2025-12-01&by=app",
    "/console/usage?from=2025-12-01&by=jurisdiction&organisation=%40",
    "/console/usage.csv?from=2025-12-01&by=deployment&table=time",
    "/console/map",
    "/console/map?organisation=%40",
    "/console/exposure",
    "/console/exposure?organisation=%40",
    "/console/drills/new",
    "/console/ledger",
    "/console/ledger/#",
    "/console/policies",
    "/console/policies/matrix",
    "/console/models",
    "/console/keys",
    "/console/people",
    "/console/playground",
    "/console/policies/explain?app=a0",
    "/console/realm?organisation=%40",
    "/console/system?organisation=%40",
];

/// The clock of the sample: it stands still.
struct Still;

impl Clock for Still {
    fn now(&self) -> UnixMs {
        UnixMs(sample::END_MS)
    }
}

/// What stands around the console.
struct Stage {
    snapshot: Arc<Snapshot>,
    compiled: Arc<Compiled>,
}

impl Around for Stage {
    fn snapshot(&self) -> Arc<Snapshot> {
        self.snapshot.clone()
    }
    fn compiled(&self) -> Arc<Compiled> {
        self.compiled.clone()
    }
    fn ready(&self) -> Ready {
        Ready::default()
    }
    fn places(&self) -> Vec<PlaceState> {
        Vec::new()
    }
    fn lets_in(&self, _: &[u8; 32]) -> bool {
        false
    }
    fn may_begin_anew(&self) -> bool {
        false
    }
    fn begin_anew(&self, _: &str) {}
    fn backup(&self) -> api::Saved {
        Box::pin(async { Err(api::Unsaved::Busy) })
    }
    fn ask_provider(&self, _: &SignIn, _: Request<Vec<u8>>) -> api::Heard {
        Box::pin(async { Err("there is no provider".to_owned()) })
    }
    fn secret(&self, _: &Credential) -> Result<String, String> {
        Err("there is no secret".to_owned())
    }
    fn open(&self, _: Request<Bytes>) -> api::Opened<'_> {
        Box::pin(async { Err("nothing is behind the bench".to_owned()) })
    }
}

/// A console with its ledger and its store.
pub struct Site {
    console: Console,
    store: Store,
    stage: Stage,
    pub log: Log,
}

impl Site {
    pub async fn open(dir: &Path) -> Result<Self, Failed> {
        let mut files = SourceSet::default();
        files.insert("realm.toml", realm_text());
        files.insert("policies/base.cedar", RULES.to_owned());
        let loaded = realm::load::check(&files, date(2026, 11, 24)).map_err(|problems| said(&problems))?;
        let compiled = policy::compile(&loaded.snapshot.world).map_err(|problems| said(&problems))?;
        let options = Options::new(dir, "bench", Origin::new("freehold/bench/bench")?);
        let clock: ledger::Clock = Arc::new(|| sample::END_MS);
        let key = KeySource::Stored { seed_if_new: [7; 32] };
        let (log, _) = Log::open(Arc::new(ledger::storage::Disk), options, key, clock)?;
        let store = Store::open(&dir.join("store.db")).await?;
        let compiled = Arc::new(compiled);
        let archive = Arc::new(HashMap::from([(loaded.snapshot.id, compiled.clone())]));
        let console = Console::new(Parts {
            desk: api::Parts::new(store.clone(), log.clone(), "bench".into(), dir.to_owned(), archive),
            program: "freehold".into(),
            clock: Arc::new(Still),
            guard: Guard::Clear,
        });
        let stage = Stage { snapshot: loaded.snapshot, compiled };
        Ok(Self { console, store, stage, log })
    }

    /// Signs an administrator of everything in: the cookie.
    pub async fn enter(&self) -> Result<String, Failed> {
        let roles = Roles::everywhere(Role::Admin);
        let token = self.store.new_link("Ann", &roles, "bench", UnixMs(sample::END_MS)).await?;
        let form = format!("token={token}");
        let request = Request::post("/console/enter").body(Bytes::from(form))?;
        let got = self.console.answer(&self.stage, "127.0.0.1".parse()?, request, None).await;
        let cookie = got.headers().get("set-cookie").ok_or("nobody was let in")?.to_str()?;
        Ok(cookie.split(';').next().unwrap_or_default().to_owned())
    }

    /// A page's text.
    pub async fn get(&self, path: &str, cookie: &str) -> Result<String, Failed> {
        let request = Request::get(path).header("cookie", cookie).body(Bytes::new())?;
        let got = self.console.answer(&self.stage, "127.0.0.1".parse()?, request, None).await;
        let (status, text) = (got.status(), String::from_utf8(got.body().to_vec())?);
        if status.is_success() { Ok(text) } else { Err(format!("{path} answered {status}: {text}").into()) }
    }

    /// The id of some request that the cookie's holder may look at, and its last entry.
    pub async fn some_request(&self, cookie: &str) -> Result<(String, String), Failed> {
        let page = self.get("/console/requests?page=900", cookie).await?;
        let id = between(&page, "/console/requests/").ok_or("there is no request")?;
        let page = self.get(&format!("/console/requests/{id}"), cookie).await?;
        let entry = between(&page, "/console/receipts/").ok_or("there is no receipt")?;
        Ok((id, entry))
    }

    /// Waits until pages know the whole ledger.
    pub async fn caught_up(&self, cookie: &str) -> Result<(), Failed> {
        while self.get("/console", cookie).await?.contains("still being read") {}
        Ok(())
    }
}

/// What stands between a mark and the next quotation mark.
fn between(page: &str, mark: &str) -> Option<String> {
    page.split(mark).nth(1).and_then(|rest| rest.split('"').next()).map(str::to_owned)
}

fn said(problems: &[realm::load::Diagnostic]) -> String {
    realm::load::render(problems, realm::load::Lang::En, false)
}

const RULES: &str = r#"
@id("base")
permit (principal, action in [Action::"infer", Action::"disclose"], resource);

@id("stays")
@title("Stays out of XC")
@cite("The bench")
forbid (principal, action == Action::"infer", resource) when { resource.host == "XC" };
"#;

fn realm_text() -> String {
    let mut text = HEAD.to_owned();
    // Writing to a String cannot fail.
    for n in 0..sample::APPS {
        let _ = write!(
            text,
            "[[app]]\nid = \"a{n}\"\norganisation = \"house-{}\"\npurposes = [\"letters\"]\nroutes = [\"main\"]\n\
             budget = {{ per_month = \"1000.00\" }}\n\n",
            n % 3
        );
    }
    for n in 0..sample::DEPLOYMENTS {
        let host = ["XA", "XB"][n % 2];
        let _ = write!(
            text,
            "[[model]]\nid = \"model-{n}\"\nname = \"Model {n}\"\ndeveloper = \"house-0\"\norigin = \"XA\"\n\
             weights = \"open\"\nlicence = \"MIT\"\nkind = \"chat\"\nlanguages = [\"en\"]\n\n\
             [[deployment]]\nid = \"place-{n}\"\nmodel = \"model-{n}\"\nprovider = \"here\"\nhost = \"{host}\"\n\
             price = {{ input = \"0.10\", output = \"0.20\" }}\n\n"
        );
    }
    let all: Vec<String> = (0..sample::DEPLOYMENTS).map(|n| format!("{{ id = \"place-{n}\" }}")).collect();
    let _ = write!(text, "[[route]]\nid = \"main\"\ndeployments = [{}]\n", all.join(", "));
    text
}

const HEAD: &str = r#"
[realm]
name = "Bench"
home = "XA"
currency = "EUR"

[[sector]]
id = "office"
name = "Offices"

[[organisation]]
id = "house-0"
name = "House 0"
kind = "company"
sector = "office"
jurisdiction = "XA"

[[organisation]]
id = "house-1"
name = "House 1"
kind = "company"
sector = "office"
jurisdiction = "XA"

[[organisation]]
id = "house-2"
name = "House 2"
kind = "company"
sector = "office"
jurisdiction = "XA"

[[provider]]
id = "here"
operator = "house-0"
protocol = "openai"
base_url = "http://127.0.0.1:9/v1"

"#;

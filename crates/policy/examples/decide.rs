//! How long a decision takes: cold, and remembered.
//!
//! `cargo run --release -p policy --example decide` prints medians; the machine's noise shows in the spread.

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::civil::date;
use policy::{Asked, Memo, compile};
use realm::load::{SourceSet, check};
use realm::{ClassSet, DataClass, Jurisdiction};

/// A realm of one file, with rules in the shapes that laws have.
fn realm(laws: usize) -> SourceSet {
    let mut files = SourceSet::default();
    files.insert("realm.toml", REALM);
    let mut rules = String::from("@id(\"base\") permit (principal, action, resource);\n");
    for index in 0..laws {
        let (action, condition) = match index % 3 {
            0 => ("infer", "principal.sector.strategic && resource.residency.contains(\"XC\")"),
            1 => ("disclose", "context.class == \"secret\" && !resource.residency.contains(context.home)"),
            _ => ("infer", "principal.risk_tier == \"prohibited\" && context.user_jurisdiction == \"XB\""),
        };
        rules += &format!(
            "@id(\"rule-{index}\") @title(\"Rule {index}\") @cite(\"Act {index}\")\n\
             forbid (principal, action == Action::\"{action}\", resource) when {{ {condition} }};\n"
        );
    }
    files.insert(Path::new("policies/own.cedar"), rules);
    files
}

const REALM: &str = r#"
[realm]
name = "Bench"
home = "XA"

[[sector]]
id = "health"
name = "Health"
strategic = true

[[organisation]]
id = "hospital"
name = "Hospital"
kind = "hospital"
sector = "health"
jurisdiction = "XA"

[[app]]
id = "clinic"
organisation = "hospital"
purposes = ["triage"]
routes = ["home"]
asserts_user = true

[[model]]
id = "birch"
name = "Birch"
developer = "hospital"
origin = "XA"
weights = "open"
kind = "chat"

[[provider]]
id = "here"
operator = "hospital"
protocol = "openai"
base_url = "http://127.0.0.1:9"

[[deployment]]
id = "birch-here"
model = "birch"
provider = "here"
host = "XA"

[[route]]
id = "home"
deployments = [{ id = "birch-here" }]
"#;

fn main() {
    let today = date(2026, 11, 23);
    println!("{:>6} {:>12} {:>12} {:>12}", "rules", "compile_ms", "cold_us", "hit_ns");
    for laws in [10, 100, 500, 1000] {
        let loaded = check(&realm(laws), today).unwrap_or_else(|problems| panic!("{problems:#?}"));
        let began = Instant::now();
        let compiled = compile(&loaded.snapshot.world).unwrap_or_else(|problems| panic!("{problems:#?}"));
        let compile_ms = began.elapsed().as_secs_f64() * 1e3;
        compiled.warm(today);
        let compiled = Arc::new(compiled);
        let memo = Memo::new(Arc::clone(&compiled), 4096);
        let world = compiled.world();
        let user = Jurisdiction::new("XB");
        let asked = Asked {
            app: world.apps.keys().next().expect("one app"),
            deployment: world.deployments.keys().next().expect("one deployment"),
            located: ClassSet::of(DataClass::Personal),
            diffuse: ClassSet::EMPTY,
            purpose: "triage",
            user_jurisdiction: Some(&user),
            date: today,
        };
        let cold = median(200, 1, || drop(black_box(compiled.decide(black_box(&asked)))));
        let hit = median(200, 1000, || drop(black_box(memo.decide(black_box(&asked)))));
        println!("{laws:>6} {compile_ms:>12.1} {:>12.1} {:>12.0}", cold.as_secs_f64() * 1e6, hit.as_secs_f64() * 1e9);
    }
}

/// The median time of one call, over rounds of several.
fn median(rounds: usize, calls: u32, mut call: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..rounds)
        .map(|_| {
            let began = Instant::now();
            (0..calls).for_each(|_| call());
            began.elapsed() / calls
        })
        .collect();
    times.sort_unstable();
    times[rounds / 2]
}

//! What rules cost: ten thousand of twenty packs beside none, on the way of a request; and a decision that nobody remembers.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Result, bail};

use super::gateway::setup::{self, Alone};
use super::process;
use super::spread::{Figures, verdict};

const PACKS: usize = 20;
const RULES_PER_PACK: usize = 500;
/// Interleaved pairs.
const PAIRS: usize = 9;
const SECONDS: u32 = 3;
const CONNECTIONS: u32 = 32;

/// The shapes that laws have: of sectors and places, of classes, of risk, of evidence.
const SHAPES: [(&str, &str); 4] = [
    ("infer", "principal.sector.strategic && !context.home_places.containsAll(resource.control)"),
    ("disclose", "context.class == \"secret\" && !context.home_places.containsAll(resource.residency)"),
    ("infer", "principal.risk_tier == \"prohibited\""),
    ("infer", "resource.model.origin == \"XZ\" && principal.decision_effect == \"decides\""),
];

pub fn run(root: &Path) -> Result<ExitCode> {
    if !process::has("nginx") || !process::has("wrk") {
        bail!("this bench needs nginx and wrk: apt-get install nginx-light wrk");
    }
    let dir = root.join("target/bench-rules");
    let _model = setup::model(&dir)?;
    println!("rules: {}; freehold of this tree\n", process::machine());
    let few = Alone::start(root, &dir.join("few"), |_| Ok(()))?;
    let many = Alone::start(root, &dir.join("many"), packs)?;
    let [mut without, mut with, mut ratios] = std::array::from_fn(|_| Figures::default());
    for server in [&few, &many] {
        server.driven().for_seconds(CONNECTIONS, 1)?;
    }
    for _ in 0..PAIRS {
        let cost = |server: &Alone| -> Result<f64> {
            let (spent, requests) = server.driven().for_seconds(CONNECTIONS, SECONDS)?;
            Ok(spent * 1e6 / requests)
        };
        let (a, b) = (cost(&few)?, cost(&many)?);
        without.push(a);
        with.push(b);
        ratios.push(b / a);
    }
    let verdict = verdict(&ratios, 1.0);
    let rules = PACKS * RULES_PER_PACK;
    println!("| 1 rule, µs | {rules} rules of {PACKS} packs, µs | ratio, median (least–most) of {PAIRS} | bound | |");
    println!("|---|---|---|---|---|");
    println!("| {without} | {with} | {ratios} | ≤ 1, spread allowed | {verdict} |\n");
    let cold = super::cargo(root, &["run", "--release", "--locked", "-p", "policy", "--example", "decide"])?;
    Ok(if verdict == "FAILS" { ExitCode::FAILURE } else { cold })
}

/// Twenty packs into a realm, each named by it.
fn packs(realm: &Path) -> Result<()> {
    let ids: Vec<String> = (0..PACKS).map(|n| format!("pack-{n:02}")).collect();
    for id in &ids {
        let dir = realm.join("packs").join(id);
        fs::create_dir_all(&dir)?;
        let head = format!(
            "id = \"{id}\"\ntitle = \"{id}\"\nversion = \"1.0.0\"\njurisdiction = \"XA\"\nsource = \"made for a bench\"\n\
             verified_on = 2026-09-01\n"
        );
        fs::write(dir.join("pack.toml"), head)?;
        let (mut rules, mut texts) = (String::new(), String::new());
        for n in 0..RULES_PER_PACK {
            let (action, condition) = SHAPES[n % SHAPES.len()];
            rules += &format!(
                "@id(\"{id}-{n:03}\")\n@title(\"Rule {n} of {id}\")\n@cite(\"Act {id}, Article {n}\")\n@status(\"in_force\")\n\
                 @from(\"2026-01-01\")\n@verified_on(\"2026-09-01\")\n\
                 forbid (principal, action == Action::\"{action}\", resource) when {{ {condition} }};\n"
            );
            texts += &format!("{id}-{n:03} = Rule {n} of {id}\n    .plain = A rule.\n    .remedy = A remedy.\n");
        }
        fs::write(dir.join("rules.cedar"), rules)?;
        for language in ["en", "ru"] {
            fs::write(dir.join(format!("{language}.ftl")), &texts)?;
        }
    }
    let head = realm.join("realm.toml");
    let named = format!("home = \"XA\"\npacks = {ids:?}\n");
    let text = fs::read_to_string(&head)?.replacen("home = \"XA\"\n", &named, 1);
    Ok(fs::write(head, text)?)
}

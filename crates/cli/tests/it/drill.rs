//! Exposure of a demo's traffic, and every ready scenario over it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use ureq::Agent;

use crate::demo::Demo;
use crate::place::{Place, agent};

/// A demo that had some traffic and has ended.
struct After {
    place: Place,
    data: PathBuf,
}

impl After {
    fn traffic() -> Self {
        let place = Place::new();
        let data = place.dir.path().join("kept");
        let demo = Demo::without_samples(&place, &data);
        let asks = Asks { agent: agent(), ready: demo.ready.clone() };
        for _ in 0..3 {
            asks.ask("tourism", "best", &[], 200);
            asks.ask("rail-dispatch", "abroad", &[], 200);
        }
        for user in ["XA", "XC"] {
            // Customers of a desk of the bank, which is strategic: it never goes abroad.
            asks.ask("bank-desk", "best", &[("x-freehold-user-jurisdiction", user)], 200);
        }
        asks.ask("robot-line", "best", &[], 200);
        asks.ask("museum-guide", "assured", &[], 200);
        asks.ask("leak-finder", "national", &[], 200);
        asks.ask("clinic", "abroad", &[], 403);
        // A model named, and no route: only that one may answer.
        asks.ask("tourism", "meridian-large", &[], 200);
        demo.stop();
        Self { place, data }
    }

    fn run(&self, args: &[&str]) -> (Option<i32>, String) {
        let output = self.place.command(args).arg("--data").arg(&self.data).output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.code() < Some(2), "{args:?}: {said}{}", String::from_utf8_lossy(&output.stderr));
        (output.status.code(), said)
    }

    fn json(&self, args: &[&str]) -> Value {
        let args: Vec<&str> = args.iter().copied().chain(["--json"]).collect();
        serde_json::from_str(&self.run(&args).1).unwrap()
    }

    /// What a ready scenario says, and how the command ends.
    fn drill(&self, name: &str) -> (Option<i32>, Value) {
        let file = format!("{}.toml", drills().join(name).display());
        let (code, said) = self.run(&["drill", "run", &file, "--json"]);
        (code, serde_json::from_str(&said).unwrap())
    }
}

struct Asks {
    agent: Agent,
    ready: Value,
}

impl Asks {
    fn ask(&self, app: &str, model: &str, headers: &[(&str, &str)], status: u16) {
        let url = format!("http://{}/v1/chat/completions", self.ready["listen"].as_str().unwrap());
        let key = self.ready["keys"][app].as_str().unwrap();
        let mut request = self.agent.post(url).header("authorization", format!("Bearer {key}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = json!({ "model": model, "messages": [{ "role": "user", "content": "Where is it?" }] });
        assert_eq!(request.send(body.to_string()).unwrap().status().as_u16(), status, "{app} {model}");
    }
}

fn drills() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/republic/drills")
}

/// The ready scenarios of this realm. Those of the others are run over traffic of theirs: `ready.rs` of the drill crate.
fn scenarios() -> BTreeSet<String> {
    let files = std::fs::read_dir(drills()).unwrap().map(|entry| entry.unwrap().path());
    files.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect()
}

fn counts(report: &Value) -> [u64; 5] {
    ["unchanged", "moved", "stopped", "newly_permitted", "still_denied"]
        .map(|it| report["totals"][it].as_u64().unwrap())
}

#[test]
fn a_demos_traffic_is_measured_and_drilled() {
    let after = After::traffic();
    let exposure = after.json(&["exposure"]);
    assert_eq!(exposure["totals"]["used"]["requests"], 12);
    assert_eq!(exposure["totals"]["denied"], 1);
    let level = |name: &str| {
        let levels = exposure["levels"].as_array().unwrap();
        levels.iter().find(|level| level["level"] == name).unwrap()["keys"].as_array().unwrap().clone()
    };
    let of = |name: &str, key: &str| {
        let found = level(name).iter().find(|it| it["name"] == key).unwrap()["requests"].clone();
        (found["part"].clone(), found["whole"].clone())
    };
    assert_eq!(of("parent", "meridian-group"), (json!(9), json!(12)));
    assert_eq!(of("control", "XB"), (json!(10), json!(12)));
    assert!(level("site")[0]["name"].is_null(), "not declared is not zero");
    let (_, text) = after.run(&["exposure", "--by", "jurisdiction"]);
    assert!(text.contains("NORTHERN-UNION") && text.contains("83.3 %"), "{text}");
    planted(&exposure);
    every_scenario(&after);
    impact(&after);
    planned(&after);
    evidence(&after);
}

/// The example realm does not say that two of its suppliers are one, nor that a domestic one is not.
fn planted(exposure: &Value) {
    let finding = |kind: &str| {
        let findings = exposure["findings"].as_array().unwrap();
        findings.iter().find(|it| it["kind"] == kind).unwrap_or_else(|| panic!("{kind}: {findings:?}")).clone()
    };
    let one = finding("shared_parent");
    assert_eq!(
        (&one["parent"], &one["operators"]),
        (&json!("meridian-group"), &json!(["blue-harbour", "meridian-north"]))
    );
    let not_home = finding("foreign_control");
    assert_eq!((&not_home["deployment"], &not_home["controllers"]), (&json!("tensor-32b-north"), &json!(["XB"])));
}

/// Two of the bank's stay; three of the tourist office and one of the robots move home; three of the railway's and the
/// one that named a model have nowhere to go. The museum's second supplier and the water board's domestic one go with
/// whoever can compel them, and stay where only a provider goes.
fn every_scenario(after: &After) {
    let ready = [
        ("largest-jurisdiction", 1, [2, 4, 6, 0, 1]),
        ("largest-parent", 1, [3, 4, 5, 0, 1]),
        ("keys-withdrawn", 1, [3, 5, 4, 0, 1]),
        ("export-control", 1, [2, 4, 6, 0, 1]),
        ("strategic-tomorrow", 1, [8, 1, 3, 0, 1]),
        ("price-tenfold", 1, [12, 0, 0, 0, 1]),
        ("partner-joins", 0, [12, 0, 0, 0, 1]),
        ("site-lost", 1, [9, 2, 1, 0, 1]),
        ("reactor-out", 1, [9, 2, 1, 0, 1]),
        // The same question as `largest-parent`; that the answers agree takes a second one.
        ("parent-in-shadow", 0, [3, 4, 5, 0, 1]),
        // Three of the railway's have somewhere to go.
        ("supplier-added", 0, [3, 7, 2, 0, 1]),
        // Whoever asked here is of no high risk, or shows what it takes.
        ("ai-act-high-risk", 0, [12, 0, 0, 0, 1]),
    ];
    let named: BTreeSet<String> = ready.iter().map(|(name, ..)| (*name).to_owned()).collect();
    assert_eq!(scenarios(), named, "every ready scenario is run");
    for (name, ends, expected) in ready {
        let (code, report) = after.drill(name);
        assert_eq!(counts(&report), expected, "{name}: {report}");
        assert_eq!(code, Some(ends), "{name}: {}", report["hypothesis"]);
        assert_eq!(report["not_replayed"]["disagreeing"], 0, "{name}");
        assert!(
            ["unknown", "nothing_moves"].contains(&report["quality"]["known"].as_str().unwrap()),
            "nobody evaluated anything"
        );
    }
    let (_, report) = after.drill("strategic-tomorrow");
    assert_eq!(report["stopped"][0]["reason"], json!({ "why": "rules", "rules": ["strategic-sectors-amendment"] }));
    let (_, report) = after.drill("largest-parent");
    assert_eq!(report["cut"][0], json!({ "level": "parent", "name": "meridian-group" }));
}

/// The chain goes as far as it is built, and says where it is not.
fn impact(after: &After) {
    let scenario = drills().join("strategic-tomorrow.toml");
    let chain = after.json(&["impact", scenario.to_str().unwrap()])["chain"].clone();
    assert_eq!(chain[0]["link"], "requests");
    assert_eq!((chain[0]["before"].clone(), chain[0]["after"].clone()), (json!("12"), json!("9")));
    let known: Vec<&str> = chain.as_array().unwrap().iter().map(|it| it["known"].as_str().unwrap()).collect();
    assert_eq!(known[..5], ["recorded", "recorded", "recorded", "recorded", "unknown"]);
    assert_eq!(known[7..], [["not_asked"; 10].as_slice(), &["not_built"]].concat());
    let (_, text) = after.run(&["impact", scenario.to_str().unwrap()]);
    assert!(text.contains("megawatts") && text.contains("not built"), "{text}");
}

/// A few requests stand for a country's.
const REPRESENTS: &str = "1000000..1000000000..2000000000";

/// From recorded tokens to machines and megawatts, by rates that the realm declares; where one is missing, no number.
fn planned(after: &After) {
    let case = drills().join("../plan").display().to_string();
    let realm = after.data.join("realm");
    let realm = ["--realm", realm.to_str().unwrap()];
    let out = after.place.dir.path().join("case").display().to_string();
    let asked = ["plan", "demand", "--case", &case, "--represents", REPRESENTS, "--growth", "2026=1,2030=2"];
    let told = after.json(&[&asked[..], &["--out", &out], &realm].concat());
    let classes = told["demand"]["classes"].as_array().unwrap();
    // Two answers of the bank's are at home; the water board's supplier there can be compelled from abroad.
    assert_eq!(
        (classes.len(), &classes[0]["model"], &told["demand"]["flat"]),
        (1, &json!("republic-8b"), &json!(true))
    );
    assert_eq!(classes[0]["apps"].as_object().unwrap().keys().collect::<Vec<_>>(), ["bank-desk"]);
    assert!(std::fs::read_to_string(format!("{out}/case.toml")).unwrap().contains("(1000000 to 2000000000)"));
    let plan = format!("{out}-plan");
    let solved = after.place.ok(&["plan", "solve", &out, "--out", &plan, "--json"]);
    assert_eq!(serde_json::from_str::<Value>(solved.lines().last().unwrap()).unwrap()["status"], "optimal");
    assert!(after.place.ok(&["plan", "check", &plan, "--json"]).contains("\"holds\":true"));
    let capacity = std::fs::read_to_string(format!("{plan}/capacity.csv")).unwrap();
    let years: Vec<&str> = capacity.lines().skip(1).map(|line| &line[..4]).collect();
    assert_eq!(years, ["2026", "2027", "2028", "2029", "2030", "2031", "2032", "2033"], "{capacity}");
    assert!(capacity.lines().nth(1).unwrap().split(',').nth(1).unwrap().parse::<u64>().unwrap() > 0, "{capacity}");
    trained(after, &told["demand"], (&case, &out), &realm);
    from_stock(after, &realm);
    robots_come_home(after, &case, &realm);
    no_rate_no_number(after, (&case, &out), &realm);
}

/// The programme's own model is work beside what was recorded; what it takes follows from declared figures alone.
fn trained(after: &After, demand: &Value, (case, out): (&str, &str), realm: &[&str]) {
    let it = &demand["training"][0];
    let number = |value: &Value| value.as_f64().unwrap_or_else(|| panic!("{value}"));
    // 10^23.76 operations are 159,844 PFLOP-hours: at 990 TFLOPS and 0.4 of them 403,647 hours.
    assert!((number(&it["pflop_hours"]) - 159_844.0).abs() < 1.0, "{it}");
    let takes = &it["accelerators"][0];
    assert_eq!(takes["accelerator"], "aurora-80");
    assert!((number(&takes["hours"]) - 403_647.0).abs() < 2.0, "{takes}");
    assert!((number(&takes["hours_low"]) / number(&takes["hours"]) - 0.8).abs() < 1e-9, "{takes}");
    // From the beginning of 2026 to the end of 2028: two years in the first period, the third in the next one of two.
    assert!(
        (number(&it["by_year"]["2026"]) / number(&it["by_year"]["2028"]) - 2.0 * 365.0 / 366.0).abs() < 1e-9,
        "{it}"
    );
    let written = std::fs::read_to_string(format!("{out}/case.toml")).unwrap();
    assert!(written.contains("id = \"training-models-at-home\"") && written.contains("pflops = 0.396\n"), "{written}");
    without_it(after, &written, case, realm);
}

/// From the realm's own stock and what was recorded, with what is to be trained, to a plan that holds.
fn from_stock(after: &After, realm: &[&str]) {
    let place = |name: &str| after.place.dir.path().join(name).display().to_string();
    let (stock, case, plan) = (place("stock"), place("stock-case"), place("stock-plan"));
    let figures = drills().join("../plan/figures.toml").display().to_string();
    let asked = ["plan", "start", "--years", "2026,2028,2030", "--discount-rate", "0.07", "--out", &stock];
    let own = ["--figures", &figures, "--estimated", "--rate", "USD=0.9"];
    let told = after.json(&[&asked[..], &own, realm].concat());
    assert_eq!(told["to_fill_in"], json!([]), "{told}");
    let told = after
        .json(&[&["plan", "demand", "--case", &stock, "--represents", "1000", "--out", &case][..], realm].concat());
    assert_eq!(told["demand"]["training"][0]["initiative"], "models-at-home", "{told}");
    after.place.ok(&["plan", "solve", &case, "--out", &plan, "--json"]);
    assert!(after.place.ok(&["plan", "check", &plan, "--json"]).contains("\"holds\":true"));
    let (code, said) = after.run(&[&["plan", "stock", &case][..], realm].concat());
    assert!(code == Some(0), "what has to be done changes nothing that stands: {said}");
}

/// Taken out, its share is gone and nothing else; where nobody says what share of a peak is in use, nothing is written.
fn without_it(after: &After, written: &str, case: &str, realm: &[&str]) {
    let file = after.data.join("realm/programme.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let line = text.lines().find(|line| line.starts_with("training = ")).unwrap();
    let out = after.place.dir.path().join("untrained").display().to_string();
    let asked =
        ["plan", "demand", "--case", case, "--represents", REPRESENTS, "--growth", "2026=1,2030=2", "--out", &out];
    std::fs::write(&file, text.replace(line, "")).unwrap();
    let told = after.json(&[&asked[..], realm].concat());
    assert_eq!(told["demand"]["training"], json!([]));
    let rest = std::fs::read_to_string(format!("{out}/case.toml")).unwrap();
    assert!(written.starts_with(&rest) && !rest.contains("training-models-at-home"), "{rest}");

    let silent = "training = { flop_log10 = \"23.76\", by = 2028-12-31 }";
    std::fs::write(&file, text.replace(line, silent)).unwrap();
    let unsaid = after.place.dir.path().join("unsaid").display().to_string();
    let asked = [&asked[..asked.len() - 1], &[unsaid.as_str()]].concat();
    let (code, said) = after.run(&[&asked[..], realm].concat());
    assert!(code == Some(1) && said.contains("training of `models-at-home` makes use of"), "{said}");
    assert!(!Path::new(&unsaid).exists(), "nothing is written");
    let (code, said) = after.run(&[&asked[..], &["--mfu", "0.3..0.5"], realm].concat());
    assert!(code == Some(0) && said.contains("0.4 of the peak in use (0.3 to 0.5): given: --mfu"), "{said}");
    assert!(said.contains("2028") && said.contains("aurora-80"), "{said}");
    std::fs::write(&file, text).unwrap();
}

/// Another law brings the robots home: more machines, more power.
fn robots_come_home(after: &After, case: &str, realm: &[&str]) {
    let scenario = drills().join("strategic-tomorrow.toml").display().to_string();
    let chain = ["impact", &scenario, "--case", case, "--represents", REPRESENTS];
    let links = after.json(&[&chain[..], realm].concat())["chain"].clone();
    let link = |name: &str| links.as_array().unwrap().iter().find(|it| it["link"] == name).unwrap().clone();
    let number = |value: &Value| value.as_str().unwrap().parse::<f64>().unwrap();
    for name in ["accelerators", "power", "plan-cost"] {
        let it = link(name);
        assert_eq!(it["known"], "planned", "{it}");
        assert!(number(&it["after"]) > 1.2 * number(&it["before"]), "{it}");
    }
    assert_eq!(link("first-year")["after"], "2026");
    assert_eq!((&link("training")["known"], &link("training")["unit"]), (&json!("stated"), &json!("PFLOP·h")));
    assert_eq!(
        (link("training")["before"].clone(), link("training")["after"].clone()),
        (json!("159844"), json!("159844"))
    );
    assert_eq!(link("chance-annual")["known"], "not_asked");
    worth(after, &[&chain[..], realm].concat());
    adopted(after, realm);
}

/// With a forecast: chance and value with both plans' capacity, as a difference with an interval, benefits beside costs.
fn worth(after: &After, chain: &[&str]) {
    let model = after.place.dir.path().join("model.toml");
    std::fs::write(&model, MODEL).unwrap();
    let asked = [chain, &["--forecast", model.to_str().unwrap()]].concat();
    let links = after.json(&asked)["chain"].clone();
    let link = |name: &str| links.as_array().unwrap().iter().find(|it| it["link"] == name).unwrap().clone();
    let number = |value: &Value| value.as_str().unwrap().parse::<f64>().unwrap();
    for name in ["chance-annual", "value-annual"] {
        let it = link(name);
        assert_eq!(it["known"], "forecast", "{it}");
        let (value, low, high) =
            (number(&it["change"]["value"]), number(&it["change"]["low"]), number(&it["change"]["high"]));
        assert!(low <= value && value <= high && value >= 0.0, "more machines, no less of it: {it}");
        assert!((number(&it["after"]) - number(&it["before"]) - value).abs() < 0.01, "{it}");
    }
    // What its machines do is what it is worth here: more of them are worth more, beyond what draws leave open.
    assert!(number(&link("value-annual")["change"]["low"]) > 0.0, "{links}");
    let (_, text) = after.run(&asked);
    assert!(text.contains("Benefits beside costs: value, that year alone changes by +"), "{text}");
}

/// Adoption so far is counted in the ledger, by the sectors of the realm; where it has no app, it stays assumed.
fn adopted(after: &After, realm: &[&str]) {
    let model = drills().join("../../ru-2030/forecast/model.toml").display().to_string();
    let said = after.json(&[&["forecast", "run", &model, "--records", "--draws", "4000"][..], realm].concat());
    let sector = |id: &str| said["sectors"].as_array().unwrap().iter().find(|it| it["id"] == id).unwrap().clone();
    let finance = sector("finance");
    let (active, apps) = (finance["counted"]["active"].as_u64().unwrap(), finance["counted"]["apps"].as_u64().unwrap());
    assert!(finance["adopted"] == "measured" && active >= 1 && active <= apps, "{finance}");
    assert!(finance["counted"]["tokens"].as_u64().unwrap() > 0, "{finance}");
    let input = said["inputs"].as_array().unwrap().iter().find(|it| it["id"] == "usage_finance").unwrap();
    assert!(
        input["basis"] == "measured" && input["source"]["en"].as_str().unwrap().starts_with("usage records"),
        "{input}"
    );
}

/// Worth what the accelerators of a plan can do.
const MODEL: &str = include_str!("drill/worth.toml");

/// A rate that nobody declares ends the chain by its name.
fn no_rate_no_number(after: &After, (case, out): (&str, &str), realm: &[&str]) {
    let file = after.data.join("realm/sites.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let from = text.find("[[throughput]]\nmodel = \"republic-8b\"\naccelerator = \"birch-64\"").unwrap();
    let until = from + 1 + text[from + 1..].find("[[throughput]]").unwrap();
    std::fs::write(&file, format!("{}{}", &text[..from], &text[until..])).unwrap();
    let (code, said) =
        after.run(&[&["plan", "demand", "--case", case][..], &["--out", &format!("{out}-none")], realm].concat());
    assert!(code == Some(1) && said.contains("unknown: how fast `republic-8b` is on `birch-64`"), "{said}");
    assert!(!Path::new(&format!("{out}-none")).exists(), "nothing is written");
    let scenario = drills().join("strategic-tomorrow.toml").display().to_string();
    let chain = ["impact", &scenario, "--case", case];
    let unknown = after.json(&[&chain[..], realm].concat())["chain"].clone();
    let planned = &unknown.as_array().unwrap()[6..12];
    assert!(planned.iter().all(|it| it["known"] == "unknown" && it["after"].is_null()), "{unknown}");
    std::fs::write(&file, text).unwrap();
}

/// The report is kept with what it takes to run the drill again; a wrong scenario is told where it is wrong.
fn evidence(after: &After) {
    let out = after.place.dir.path().join("report.json");
    let scenario = drills().join("largest-parent.toml");
    // A name alone is a file here.
    let mut command = after.place.command(&["drill", "run", scenario.to_str().unwrap(), "--out", "report.json"]);
    let told = command.arg("--data").arg(&after.data).current_dir(after.place.dir.path()).output().unwrap();
    assert!(told.status.code() < Some(2), "{}", String::from_utf8_lossy(&told.stderr));
    let text = String::from_utf8(told.stdout).unwrap();
    assert!(text.contains("Findings") && text.contains("rail-dispatch"), "{text}");
    let kept: Value = serde_json::from_slice(&std::fs::read(&out).unwrap()).unwrap();
    assert_eq!(kept["scenario_sha256"].as_str().unwrap().len(), 64);
    assert!(kept["logs"][0]["size"].as_u64().unwrap() > 20 && kept["logs"][0]["root"].is_string());
    assert_eq!(kept["seed"], 1);
    let wrong = after.place.dir.path().join("wrong.toml");
    std::fs::write(&wrong, "title = \"x\"\n[[cut]]\nparent = \"meridian-grupp\"\n").unwrap();
    let output = after.place.command(&["drill", "run"]).arg(&wrong).arg("--data").arg(&after.data).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("wrong.toml:3:10") && said.contains("did you mean `meridian-group`?"), "{said}");
}

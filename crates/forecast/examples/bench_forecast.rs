//! One run of a model of thirty correlated inputs over ten years, with Sobol's indices; says what it took.
//! `bench_forecast DRAWS BASE`; `cargo xtask bench forecast` puts it beside numpy and SALib.

use std::fmt::Write;
use std::path::Path;

use forecast::{Around, Model, Settings, run};
use jiff::civil::date;
use serde_json::json;

fn main() {
    let mut numbers = std::env::args().skip(1).map(|it| it.parse::<usize>().expect("a number"));
    let (draws, base) = (numbers.next().unwrap_or(1_000_000), numbers.next().unwrap_or(32_768));
    let files = |_: &str| Err("no files".to_owned());
    let around = Around { today: date(2026, 11, 26), sets: &[], files: &files };
    let model = Model::parse(Path::new("bench.toml"), &text(), &around).expect("a sound model");
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let settings = Settings { draws, threads, sobol_base: Some(base), ..Settings::default() };
    let outcome = run(&model, &settings).expect("a run");
    let last = outcome.figures[0].years.last().expect("a year");
    let totals = |input: &str| {
        let found = outcome.sensitivity.inputs.iter().find(|it| it.input == input);
        found.and_then(|it| it.index).map(|index| [index.first.value, index.total.value])
    };
    let indices: Vec<_> = model.inputs.iter().map(|it| totals(&it.id)).collect();
    let (cpu_s, rss_mb) = taken();
    println!(
        "{}",
        json!({ "cpu_s": cpu_s, "rss_mb": rss_mb, "mean": last.mean.value, "p5": last.levels[2].value,
                "p95": last.levels[14].value, "indices": indices })
    );
}

/// Five sectors of six inputs each; neighbours move together.
fn text() -> String {
    let mut text = "[forecast]\nid = \"bench\"\ntitle = \"bench\"\nfirst_year = 2026\nlast_year = 2035\n".to_owned();
    let mut names = Vec::new();
    for sector in 0..5 {
        let inputs = [
            ("va", "\"8 to 12\"", "bn EUR/year"),
            ("exposed", "\"0.1 to 0.4\"", "1"),
            ("saving", "\"0.05 to 0.3\"", "1"),
            ("ceiling", "{ uniform = [0.5, 0.9] }", "1"),
            ("p", "{ uniform = [0.01, 0.05] }", "1/year"),
            ("q", "\"0.25 to 0.5\"", "1/year"),
        ];
        for (name, value, unit) in inputs {
            let contract = if name == "va" { contract("gva") } else { String::new() };
            let _ = write!(
                text,
                "\n[[input]]\nid = \"{name}{sector}\"\nvalue = {value}\nunit = \"{unit}\"\nsource = \"bench\"\nowner = \
                 \"bench\"\ndate = 2026-01-01\nexpires = 2027-01-01\nbasis = \"assumed\"\n{contract}"
            );
            names.push(format!("{name}{sector}"));
        }
    }
    for pair in names.windows(2) {
        let _ = write!(text, "\n[[correlation]]\nbetween = [\"{}\", \"{}\"]\nrank = 0.3\n", pair[0], pair[1]);
    }
    let part = |it: u32| format!("va{it} * exposed{it} * saving{it} * ceiling{it} * bass(time + year, p{it}, q{it})");
    let formula = (0..5).map(part).collect::<Vec<_>>().join(" + ");
    let contract = contract("economic_effect");
    let _ = write!(text, "\n[[figure]]\nid = \"effect\"\nformula = \"{formula}\"\nunit = \"bn EUR/year\"\n{contract}");
    text
}

fn contract(measure: &str) -> String {
    format!(
        "contract = {{ form = \"level\", span = \"annual\", price = \"nominal\", measure = \"{measure}\", geography = \
         \"EU\", counterfactual = \"no-ai\", balance = \"gross\" }}\n"
    )
}

/// CPU seconds and the most resident memory of this process.
fn taken() -> (f64, f64) {
    let stat = std::fs::read_to_string("/proc/self/stat").expect("proc(5)");
    let fields: Vec<&str> = stat.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace().collect();
    let ticks: u64 = fields[11..=12].iter().map(|it| it.parse::<u64>().expect("ticks")).sum();
    let status = std::fs::read_to_string("/proc/self/status").expect("proc(5)");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a peak");
    let kb: f64 = peak.trim().trim_end_matches(" kB").parse().expect("kB");
    (ticks as f64 / 100.0, kb / 1_024.0)
}

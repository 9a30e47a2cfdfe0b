//! Measures what the engine costs beyond the library it uses: tokens per processor second of the
//! child, against a bare decode-and-argmax loop over the same library, interleaved in one run.
//!
//! `engine-bench --model FILE [--rounds 9] [--tokens 128] [--prompt 32] [--streamed]`

mod bare;
mod child;
mod stats;

use std::path::PathBuf;
use std::process::ExitCode;

use bare::Bare;
use child::Child;
use stats::Summary;

/// Parallel requests measured.
const PARALLEL: [u32; 2] = [1, 8];
const RATIO_MIN: f64 = 0.95;

/// What to measure.
#[derive(Clone, Debug)]
struct Plan {
    model: PathBuf,
    rounds: usize,
    tokens: u32,
    prompt: u32,
    streamed: bool,
}

/// Tokens and the processor seconds they took.
#[derive(Clone, Copy, Debug)]
struct Cost {
    tokens: u64,
    cpu_s: f64,
}

impl Cost {
    #[expect(clippy::cast_precision_loss, reason = "some thousand tokens")]
    fn tokens_per_cpu_s(self) -> f64 {
        self.tokens as f64 / self.cpu_s
    }
}

fn main() -> ExitCode {
    match plan(std::env::args().skip(1)).and_then(|plan| measure(&plan)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

fn plan(mut line: impl Iterator<Item = String>) -> Result<Plan, String> {
    let mut plan = Plan { model: PathBuf::new(), rounds: 9, tokens: 128, prompt: 32, streamed: false };
    while let Some(name) = line.next() {
        if name == "--streamed" {
            plan.streamed = true;
            continue;
        }
        let value = line.next().ok_or(format!("{name} needs a value"))?;
        let number = || value.parse::<u32>().map_err(|_| format!("{name} {value}: not a number"));
        match name.as_str() {
            "--model" => plan.model = value.into(),
            "--rounds" => plan.rounds = number()?.max(1) as usize,
            "--tokens" => plan.tokens = number()?.max(1),
            "--prompt" => plan.prompt = number()?.max(1),
            _ => return Err(format!("unknown argument {name}")),
        }
    }
    if plan.model.as_os_str().is_empty() {
        return Err("--model is missing".into());
    }
    Ok(plan)
}

fn measure(plan: &Plan) -> Result<bool, String> {
    let mut bare = Bare::load(plan)?;
    let child = Child::start(plan)?;
    println!("{}", child.describe());
    println!("{} rounds of {} tokens after a prompt of {}, 1 thread", plan.rounds, plan.tokens, plan.prompt);
    let mut good = true;
    for parallel in PARALLEL {
        // Not counted: pages are faulted in, caches filled.
        bare.run(parallel)?;
        child.run(parallel)?;
        let mut rounds = Vec::new();
        for round in 0..plan.rounds {
            // Which goes first alternates, so that a drift of the machine favours neither.
            let (b, c) = if round % 2 == 0 {
                let b = bare.run(parallel)?;
                (b, child.run(parallel)?)
            } else {
                let c = child.run(parallel)?;
                (bare.run(parallel)?, c)
            };
            rounds.push((b.tokens_per_cpu_s(), c.tokens_per_cpu_s()));
        }
        let ratio = Summary::of(rounds.iter().map(|(b, c)| c / b));
        println!(
            "parallel {parallel}: bare {}, engine {} tokens per CPU-second, ratio {}",
            Summary::of(rounds.iter().map(|r| r.0)),
            Summary::of(rounds.iter().map(|r| r.1)),
            ratio,
        );
        good &= ratio.median() >= RATIO_MIN;
    }
    println!("{}: median ratio {RATIO_MIN} or more at each", if good { "met" } else { "NOT met" });
    Ok(good)
}

/// Token numbers that differ from sequence to sequence.
fn prompt(sequence: u32, tokens: u32) -> Vec<u32> {
    (0..tokens).map(|i| 300 + (i * 37 + sequence * 101) % 40_000).collect()
}

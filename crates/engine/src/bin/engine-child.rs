//! The child as a program of its own, for tests and the bench; the product starts itself instead.

use std::process::ExitCode;

fn main() -> ExitCode {
    let result = engine::ChildArgs::parse(std::env::args_os().skip(1)).and_then(engine::child::run);
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("ERROR {error}");
            ExitCode::from(3)
        }
    }
}

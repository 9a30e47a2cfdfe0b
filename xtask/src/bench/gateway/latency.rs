//! One connection, one request after the other: what the gateway adds, beside what the disk takes.

use std::fs::OpenOptions;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::FileExt;
use std::time::Instant;

use anyhow::{Context, Result};

use super::super::spread::Figures;
use super::said;
use super::setup::{Bench, Target, request_body};

const REQUESTS: usize = 1_500;
const ROUNDS: usize = 9;
const ALLOWED_US: f64 = 150.0;

/// Prints what is added and whether it is within two syncs and 150 µs; tells whether it is, and what a sync
/// takes.
pub fn compare(bench: &Bench) -> Result<(bool, f64)> {
    let (mut added, mut syncs) = (Figures::default(), Figures::default());
    for _ in 0..ROUNDS {
        let direct = p10_us(bench, Target::Direct)?;
        let through = p10_us(bench, Target::Freehold)?;
        added.push(through - direct);
        syncs.push(fdatasync_p10_us(bench)?);
    }
    let bound = 2.0 * syncs.median() + ALLOWED_US;
    let holds = added.median() <= bound;
    println!(
        "\nAdded p10 at one connection: {added} µs; fdatasync p10 of 4 KiB: {syncs} µs; bound 2 × fdatasync + 150 = {bound:.0} µs: {}",
        said(holds)
    );
    Ok((holds, syncs.median()))
}

fn p10_us(bench: &Bench, target: Target) -> Result<f64> {
    let mut stream = TcpStream::connect(bench.address(target))?;
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let body = request_body();
    let request = format!(
        "POST /v1/chat/completions HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        bench.key(),
        body.len()
    );
    let mut times = Figures::default();
    for _ in 0..REQUESTS {
        let began = Instant::now();
        stream.write_all(request.as_bytes())?;
        read_answer(&mut reader)?;
        times.push(began.elapsed().as_secs_f64() * 1e6);
    }
    Ok(times.quantile(0.1))
}

fn read_answer(reader: &mut BufReader<TcpStream>) -> Result<()> {
    let mut length = 0;
    let mut line = String::new();
    loop {
        line.clear();
        reader.read_line(&mut line)?;
        if line == "\r\n" {
            break;
        }
        let lower = line.to_ascii_lowercase();
        if let Some(value) = lower.strip_prefix("content-length:") {
            length = value.trim().parse().context("content-length")?;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    Ok(())
}

/// The disk alone: one write of 4 KiB into a zero-filled file and its `fdatasync`.
fn fdatasync_p10_us(bench: &Bench) -> Result<f64> {
    const WRITES: u64 = 300;
    let path = bench.dir().join("sync-probe");
    let file = OpenOptions::new().create(true).write(true).truncate(true).open(&path)?;
    file.write_all_at(&vec![0; 4096 * WRITES as usize], 0)?;
    file.sync_all()?;
    let mut times = Figures::default();
    for number in 0..WRITES {
        let began = Instant::now();
        file.write_all_at(&[7; 4096], number * 4096)?;
        file.sync_data()?;
        times.push(began.elapsed().as_secs_f64() * 1e6);
    }
    std::fs::remove_file(path)?;
    Ok(times.quantile(0.1))
}

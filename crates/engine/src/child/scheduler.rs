//! The thread that computes: it alone owns the context.
//!
//! One loop: take in what was asked, drop what nobody waits for, give free sequences to waiting
//! requests, compute one batch of everybody's rows, hand out tokens. It sleeps only when there is
//! nothing to do.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError};
use std::time::{Duration, Instant};

use llama_cpp_2::context::LlamaContext;
use llama_cpp_2::llama_batch::LlamaBatch;
use llama_cpp_2::model::LlamaModel;

use super::embed::{self, Embedder};
use super::energy::{self, Meter};
use super::model::{Model, Pieces};
use super::outbox::Finish;
use super::plan::{ROWS_FIRST, Share, plan, rows_next};
use super::prompt::{Job, Work};
use super::pulse::Pulse;
use super::queue::FairQueue;
use super::refusal::Refusal;
use super::slot::Slot;
use crate::memory::BATCH_ROWS_MAX;

/// Requests waiting here; as many again wait in the channel before it.
pub(super) const QUEUE_MAX: usize = 128;
/// Energy is shared out at the end of an answer, and at least this often.
const ENERGY_WINDOW: Duration = Duration::from_millis(500);

/// After idleness, how long to wait for requests that come together: those that begin together
/// stay in step, and full batches cost less per token.
const GATHER: Duration = Duration::from_micros(500);

/// All that the computing thread knows.
pub(super) struct Scheduler {
    model: &'static LlamaModel,
    context: LlamaContext<'static>,
    batch: LlamaBatch<'static>,
    slots: Vec<Slot>,
    free: Vec<i32>,
    queue: FairQueue<Job>,
    /// Requests for vectors, and who makes them, if the model can.
    vectors: FairQueue<embed::Job>,
    embedder: Option<Embedder>,
    pieces: Pieces,
    meter: Meter,
    /// Counts batches, so that prompts take turns.
    turn: usize,
    /// Rows that a batch may have now.
    rows_max: usize,
    pulse: Arc<Pulse>,
    cells: u64,
    cpu_seen: Duration,
    window_began: Duration,
}

impl Scheduler {
    pub(super) fn new(
        model: &Model,
        context: LlamaContext<'static>,
        embedder: Option<Embedder>,
        pulse: Arc<Pulse>,
    ) -> Self {
        let parallel = i32::try_from(model.ready.parallel).unwrap_or(1);
        Self {
            model: model.llama,
            batch: LlamaBatch::new(BATCH_ROWS_MAX as usize, 1),
            slots: Vec::new(),
            free: (0..parallel).rev().collect(),
            queue: FairQueue::new(),
            vectors: FairQueue::new(),
            embedder,
            pieces: Pieces::default(),
            meter: Meter::system(),
            turn: 0,
            rows_max: ROWS_FIRST,
            pulse,
            cells: u64::from(context.n_ctx()),
            cpu_seen: Duration::ZERO,
            window_began: Duration::ZERO,
            context,
        }
    }

    /// Runs until nobody can ask any more.
    pub(super) fn run(mut self, jobs: &Receiver<Work>) {
        let pulse = Arc::clone(&self.pulse);
        let mut at_work = None;
        loop {
            if self.slots.is_empty() && self.waiting() == 0 {
                at_work = None;
                let Ok(job) = jobs.recv() else { return };
                self.enqueue(job);
                if !self.gather(jobs) {
                    return;
                }
                self.wake();
            }
            while self.waiting() < QUEUE_MAX {
                match jobs.try_recv() {
                    Ok(job) => self.enqueue(job),
                    Err(TryRecvError::Empty) => break,
                    Err(TryRecvError::Disconnected) => return,
                }
            }
            at_work.get_or_insert_with(|| pulse.computing.begin());
            self.forget_gone();
            self.admit();
            self.step();
            self.embed();
        }
    }

    /// Requests that are not begun, and those for vectors.
    fn waiting(&self) -> usize {
        self.queue.len() + self.vectors.len()
    }

    /// Takes in what follows the first request closely. `false`: nobody can ask any more.
    fn gather(&mut self, jobs: &Receiver<Work>) -> bool {
        while self.waiting() < self.free.len() {
            match jobs.recv_timeout(GATHER) {
                Ok(job) => self.enqueue(job),
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => return false,
            }
        }
        true
    }

    fn enqueue(&mut self, work: Work) {
        match work {
            Work::Answer(job) => self.queue.push(&job.app.clone(), *job),
            Work::Vectors(job) => self.vectors.push(&job.app.clone(), job),
        }
    }

    /// Processor time and joules of idleness belong to no request.
    fn wake(&mut self) {
        self.cpu_seen = energy::cpu_time();
        self.window_began = self.cpu_seen;
        // Only moves the meter's mark.
        let _ = self.meter.joules();
    }

    fn forget_gone(&mut self) {
        self.queue.retain(|job| !job.writer.is_gone());
        self.vectors.retain(|job| !job.is_gone());
        for index in (0..self.slots.len()).rev() {
            if self.slots[index].job.writer.is_gone() {
                self.release(index);
            }
        }
    }

    fn admit(&mut self) {
        while let Some(sequence) = self.free.pop() {
            let slots = &self.slots;
            let taken: u64 = slots.iter().map(|s| s.job.cells()).sum();
            let room = self.cells.saturating_sub(taken);
            let running = |app: &str| slots.iter().filter(|s| s.job.app == app).count();
            match self.queue.pop(running, |job| job.cells() <= room) {
                Some(job) => self.slots.push(Slot::new(job, sequence)),
                None => {
                    self.free.push(sequence);
                    return;
                }
            }
        }
    }

    /// One batch.
    fn step(&mut self) {
        if self.slots.is_empty() {
            return;
        }
        let needs: Vec<_> = self.slots.iter().map(Slot::need).collect();
        let shares = plan(&needs, self.rows_max, self.turn);
        self.turn = self.turn.wrapping_add(1);
        let began = Instant::now();
        if let Err(why) = self.fill(&shares).and_then(|()| self.decode()) {
            self.fail_all(&why);
            return;
        }
        self.pulse.computing.moved();
        self.rows_max = rows_next(self.rows_max, shares.iter().map(|s| s.rows).sum(), began.elapsed());
        self.account(&shares);
        self.hand_out();
    }

    /// One text of those who want vectors, in turn.
    fn embed(&mut self) {
        let Some(mut job) = self.vectors.pop(|_| 0, |_| true) else { return };
        let (Some(embedder), Some(text)) = (&mut self.embedder, job.next()) else { return };
        let measured = self.meter.method() == energy::MEASURED;
        if measured {
            // What was used until now belongs to the answers under way.
            share_energy(&mut self.meter, &mut self.slots);
        }
        let vector = embedder.vector(text);
        self.pulse.computing.moved();
        let now = energy::cpu_time();
        job.cpu_s += now.saturating_sub(self.cpu_seen).as_secs_f64();
        (self.cpu_seen, self.window_began) = (now, now);
        if let Some(joules) = self.meter.joules().filter(|_| measured) {
            job.energy_j = Some(job.energy_j.unwrap_or(0.0) + joules);
        }
        if let Some(rest) = job.put(vector) {
            self.enqueue(Work::Vectors(rest));
        }
    }

    fn fill(&mut self, shares: &[Share]) -> Result<(), String> {
        self.batch.clear();
        for slot in &mut self.slots {
            slot.row = None;
        }
        for share in shares {
            let slot = &mut self.slots[share.slot];
            let (rows, wants_logits) = slot.rows(share.rows);
            let last = rows.len() - 1;
            for (i, (token, position)) in rows.into_iter().enumerate() {
                let logits = wants_logits && i == last;
                if logits {
                    slot.row = Some(self.batch.n_tokens());
                }
                self.batch.add(token, position, &[slot.sequence], logits).map_err(|e| e.to_string())?;
            }
        }
        Ok(())
    }

    fn decode(&mut self) -> Result<(), String> {
        self.context.decode(&mut self.batch).map_err(|e| e.to_string())
    }

    /// Shares the processor time of this batch, and now and then the joules, by rows.
    fn account(&mut self, shares: &[Share]) {
        let now = energy::cpu_time();
        let spent_s = now.saturating_sub(self.cpu_seen).as_secs_f64();
        self.cpu_seen = now;
        let total: usize = shares.iter().map(|s| s.rows).sum();
        for share in shares {
            self.slots[share.slot].cpu_s += spent_s * ratio(share.rows, total);
        }
        if now.saturating_sub(self.window_began) >= ENERGY_WINDOW {
            self.share_energy();
        }
    }

    fn share_energy(&mut self) {
        self.window_began = self.cpu_seen;
        share_energy(&mut self.meter, &mut self.slots);
    }

    /// Samples for every slot with logits, and lets go of those that are done.
    fn hand_out(&mut self) {
        let mut ended = Vec::new();
        for (index, slot) in self.slots.iter_mut().enumerate() {
            let Some(row) = slot.row else { continue };
            self.pulse.computing.moved();
            let logits = self.context.get_logits_ith(row);
            if let Some(finish) = slot.take_logits(logits, self.model, &mut self.pieces) {
                ended.push((index, finish));
            }
        }
        if !ended.is_empty() && self.meter.method() == energy::MEASURED {
            self.share_energy();
        }
        for (index, mut finish) in ended.into_iter().rev() {
            if let Finish::Done(done) = &mut finish {
                done.energy_j = self.slots[index].energy_j;
            }
            self.slots[index].job.writer.finish(finish);
            self.release(index);
        }
    }

    /// Frees a slot's sequence and its place in the cache.
    fn release(&mut self, index: usize) {
        let slot = self.slots.swap_remove(index);
        let sequence = slot.sequence.cast_unsigned();
        // Fails only for impossible sequence numbers.
        let _ = self.context.clear_kv_cache_seq(Some(sequence), None, None);
        self.free.push(slot.sequence);
    }

    fn fail_all(&mut self, why: &str) {
        eprintln!("ERROR decoding failed: {why}");
        for index in (0..self.slots.len()).rev() {
            let refusal = Refusal::internal(format!("computing the answer failed: {why}"));
            self.slots[index].job.writer.finish(Finish::Failed(refusal));
            self.release(index);
        }
        self.context.clear_kv_cache();
    }
}

/// Shares the joules since the meter was last read, by rows.
fn share_energy(meter: &mut Meter, slots: &mut [Slot]) {
    let Some(joules) = meter.joules() else { return };
    let total: u32 = slots.iter().map(|s| s.window_rows).sum();
    for slot in slots {
        let share = joules * ratio(slot.window_rows as usize, total as usize);
        slot.energy_j = Some(slot.energy_j.unwrap_or(0.0) + share);
        slot.window_rows = 0;
    }
}

#[expect(clippy::cast_precision_loss, reason = "rows of one window: far below 2^52")]
fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

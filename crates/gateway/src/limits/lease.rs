//! Leases of a limit that several gateways share: who may use how much. Pure.
//!
//! Each gateway may have used so much *in all* (its ceiling), and what was granted to all of them together never passes
//! the limit. So a lost word costs nothing but time: whoever asked again asks for the same sum. Before a gateway asks it lowers
//! its own ceiling to what it means to keep (`offer`); nobody ever takes away more than was offered. What a gateway
//! that fell silent was granted counts as used: for money until it says what its ledger knows, for a rate until
//! its lease and the minute after it are over.
//!
//! For a rate, *used* is the sum of its window. A ceiling is never below that sum, so no minute that began under
//! higher ceilings passes the limit under lower ones.

/// What a gateway says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ask {
    /// The whole limit, as the realm says.
    pub limit: i64,
    /// What was used, with what is under way.
    pub used: i64,
    /// The ceiling that it keeps in any case; not below `used`.
    pub floor: i64,
    /// What it used within the length of a lease, lately.
    pub demand: i64,
    /// The largest that a request asked for in vain.
    pub need: i64,
}

/// What the other gateways hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Others {
    /// Their ceilings, in all.
    pub granted: i64,
    /// What they last said that they had used.
    pub used: i64,
    /// What they need and have not got.
    pub unmet: i64,
    /// How many gateways live, the one that asks included.
    pub live: u32,
}

/// What comes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Grant {
    /// The ceiling from now on.
    pub granted: i64,
    /// What was needed and cannot be had now.
    pub unmet: i64,
    /// Others need what this one holds.
    pub pressed: bool,
    /// An equal part of all that nobody has used: whoever holds more gives it back.
    pub fair: i64,
    /// Nobody holds enough for what was needed: the limit itself is reached.
    pub exhausted: bool,
}

/// An idle gateway holds at most this part of its fair share, for the first request after a pause.
const IDLE_PART: i64 = 8;

/// How much a gateway may use in all from now on.
pub fn grant(ask: &Ask, others: &Others) -> Grant {
    let live = i64::from(others.live.max(1));
    let floor = ask.floor.max(ask.used);
    let headroom = floor.saturating_sub(ask.used);
    let free = ask.limit.saturating_sub(others.granted).saturating_sub(floor).max(0);
    // What others wait for is not handed out on speculation.
    let spare = free.saturating_sub(others.unmet).max(0);
    let left = ask.limit.saturating_sub(others.used).saturating_sub(ask.used);
    let fair = left.max(0) / live;
    let wanted = ask.demand.saturating_mul(2).max(spare / (live * IDLE_PART)).min(fair);
    let mut more = wanted.saturating_sub(headroom).clamp(0, spare);
    let lack = ask.need.saturating_sub(headroom).max(0);
    if more < lack && lack <= free {
        more = lack;
    }
    Grant {
        granted: floor.saturating_add(more),
        unmet: if more < lack { ask.need } else { 0 },
        pressed: others.unmet > 0,
        fair,
        exhausted: left < ask.need.max(1),
    }
}

/// The ceiling that a gateway keeps whatever becomes of its question: what it used, and of the rest what its demand needs,
/// a fair part at most. Without demand, or where others need it, half of the rest goes back each time.
pub fn offer(ceiling: i64, used: i64, demand: i64, (pressed, fair): (bool, i64)) -> i64 {
    let headroom = ceiling.saturating_sub(used).max(0);
    let kept = match demand {
        0 => headroom / 2,
        _ if pressed => headroom / 2,
        _ => headroom.min(demand.saturating_mul(2).min(fair).max(headroom / 2)),
    };
    used.saturating_add(kept)
}

/// Demand after a while in which so much was taken: what was taken lately, fading over the length of a lease.
pub fn fade(demand: i64, taken: i64, passed_ms: u64, lease_ms: u64) -> i64 {
    let part = i128::from(passed_ms.min(lease_ms)) * i128::from(demand);
    // Rounded up, so that it ends.
    let gone = (part + i128::from(lease_ms.max(1)) - 1) / i128::from(lease_ms.max(1));
    let gone = i64::try_from(gone).unwrap_or(i64::MAX);
    demand.saturating_sub(gone).max(0).saturating_add(taken)
}

#[cfg(test)]
mod tests;

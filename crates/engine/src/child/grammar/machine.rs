//! Follows a grammar byte by byte.
//!
//! A state is the set of all stacks that the text so far allows, as llama.cpp keeps them; here
//! stacks share their lower parts and states are remembered with where each byte leads, so that a
//! whole vocabulary is asked about by looking up bytes. Every step costs fuel: a grammar can make
//! its own answer fail, and nothing else.

use std::collections::{HashMap, HashSet};

use super::rules::{Element, Rules, index};

/// States remembered; each takes about a KiB.
const STATES_MAX: usize = 4_096;
/// Pieces of stacks remembered.
const NODES_MAX: usize = 200_000;
/// Fuel of making a state: about what it costs in time and memory beside a step.
const STATE_FUEL: u64 = 32;

const BYTES: usize = 256;
const UNKNOWN: u32 = u32::MAX;
const DEAD: u32 = u32::MAX - 1;

/// The operation took more steps than it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spent;

/// A stack: an element to go on with, above another stack. Number 0 is the empty one.
#[derive(Clone, Copy)]
struct Node {
    element: u32,
    below: u32,
}

/// The start of a code point whose last bytes are still to come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
struct Partial {
    value: u32,
    missing: u8,
    len: u8,
}

struct State {
    stacks: Box<[u32]>,
    partial: Partial,
    next: Box<[u32; BYTES]>,
}

/// Where one answer is in its grammar.
pub(super) struct Machine {
    rules: Rules,
    nodes: Vec<Node>,
    node_ids: HashMap<(u32, u32), u32>,
    states: Vec<State>,
    state_ids: HashMap<(Box<[u32]>, Partial), u32>,
    now: u32,
    fuel: u64,
}

impl Machine {
    /// Before the first byte.
    pub(super) fn new(rules: Rules, fuel: u64) -> Result<Self, Spent> {
        let mut machine = Self {
            rules,
            nodes: vec![Node { element: 0, below: 0 }],
            node_ids: HashMap::new(),
            states: Vec::new(),
            state_ids: HashMap::new(),
            now: 0,
            fuel,
        };
        let mut starts = Vec::new();
        for i in 0..machine.rules.alternatives(machine.rules.root).len() {
            let start = machine.rules.alternatives(machine.rules.root)[i];
            starts.push(machine.above(start, 0)?);
        }
        let stacks = machine.closure(starts)?;
        machine.now = machine.state(stacks, Partial::default())?;
        Ok(machine)
    }

    pub(super) fn now(&self) -> u32 {
        self.now
    }

    pub(super) fn fuel(&self) -> u64 {
        self.fuel
    }

    /// Begins an operation that may take `fuel`; forgets what was remembered if it is too much.
    /// Numbers of states do not outlive this call.
    pub(super) fn refuel(&mut self, fuel: u64) -> Result<(), Spent> {
        self.fuel = fuel;
        if self.states.len() > STATES_MAX || self.nodes.len() > NODES_MAX {
            self.forget()?;
        }
        Ok(())
    }

    /// Whether the answer may end here.
    pub(super) fn may_end(&self) -> bool {
        let state = &self.states[self.now as usize];
        state.partial.missing == 0 && state.stacks.first() == Some(&0)
    }

    /// Tokens named by the grammar that may come now: number, and whether it or all others.
    pub(super) fn tokens(&self) -> Vec<(u32, bool)> {
        let state = &self.states[self.now as usize];
        if state.partial.missing > 0 {
            return Vec::new();
        }
        let top = |stack: &u32| match self.rules.element(self.nodes[*stack as usize].element) {
            Element::Token { id, wanted } if *stack != 0 => Some((id, wanted)),
            _ => None,
        };
        state.stacks.iter().filter_map(top).collect()
    }

    /// Goes on by a token: as itself, and as its bytes. `false`: the grammar does not allow it.
    pub(super) fn accept(&mut self, token: u32, bytes: &[u8]) -> Result<bool, Spent> {
        let by_bytes = if bytes.is_empty() { None } else { self.walk(bytes)? };
        let mut raw = Vec::new();
        if !self.tokens().is_empty() {
            for stack in self.states[self.now as usize].stacks.clone() {
                let node = self.nodes[stack as usize];
                if matches!(self.rules.element(node.element), Element::Token { id, wanted } if stack != 0 && (id == token) == wanted)
                {
                    raw.push(self.above(node.element + 1, node.below)?);
                }
            }
        }
        let next = match (by_bytes, raw.is_empty()) {
            (None, true) => return Ok(false),
            (Some(state), true) => state,
            (by_bytes, false) => {
                // A token that is also text leaves whole code points only: both ways go on.
                let whole = by_bytes.filter(|s| self.states[*s as usize].partial.missing == 0);
                raw.extend(whole.iter().flat_map(|s| self.states[*s as usize].stacks.iter().copied()));
                let stacks = self.closure(raw)?;
                self.state(stacks, Partial::default())?
            }
        };
        self.now = next;
        Ok(true)
    }

    /// Where `bytes` lead from here.
    pub(super) fn walk(&mut self, bytes: &[u8]) -> Result<Option<u32>, Spent> {
        let mut state = self.now;
        for byte in bytes {
            match self.step(state, *byte)? {
                Some(next) => state = next,
                None => return Ok(None),
            }
        }
        Ok(Some(state))
    }

    /// Where `byte` leads from `state`.
    pub(super) fn step(&mut self, state: u32, byte: u8) -> Result<Option<u32>, Spent> {
        let known = self.states[state as usize].next[byte as usize];
        if known == UNKNOWN {
            let next = self.follow(state, byte)?;
            self.states[state as usize].next[byte as usize] = next.unwrap_or(DEAD);
            return Ok(next);
        }
        Ok((known != DEAD).then_some(known))
    }

    fn follow(&mut self, state: u32, byte: u8) -> Result<Option<u32>, Spent> {
        let State { stacks, partial, .. } = &self.states[state as usize];
        let Some(partial) = partial.then(byte) else { return Ok(None) };
        let stacks = stacks.clone();
        self.burn(1 + stacks.len() as u64)?;
        let Some((low, high)) = partial.range() else { return Ok(None) };
        if partial.missing > 0 {
            if !stacks.iter().any(|s| self.meets(*s, low, high)) {
                return Ok(None);
            }
            return self.state(stacks.into_vec(), partial).map(Some);
        }
        let mut raw = Vec::new();
        for stack in stacks {
            if self.meets(stack, low, high) {
                let node = self.nodes[stack as usize];
                raw.push(self.above(node.element + 1, node.below)?);
            }
        }
        if raw.is_empty() {
            return Ok(None);
        }
        let stacks = self.closure(raw)?;
        self.state(stacks, Partial::default()).map(Some)
    }

    /// Whether the top of `stack` is a class with some code point from `low` to `high`.
    fn meets(&self, stack: u32, low: u32, high: u32) -> bool {
        match self.rules.element(self.nodes[stack as usize].element) {
            Element::Class(class) if stack != 0 => self.rules.class_meets(class, low, high),
            _ => false,
        }
    }

    fn burn(&mut self, fuel: u64) -> Result<(), Spent> {
        self.fuel = self.fuel.checked_sub(fuel).ok_or(Spent)?;
        Ok(())
    }

    /// The stack with the alternative or rest at `element` above `below`. What is over is not
    /// put there, so that a rule that ends with another needs no room for coming back.
    fn above(&mut self, element: u32, below: u32) -> Result<u32, Spent> {
        if self.rules.ends(element) {
            return Ok(below);
        }
        if let Some(id) = self.node_ids.get(&(element, below)) {
            return Ok(*id);
        }
        self.burn(1)?;
        let id = index(self.nodes.len());
        self.nodes.push(Node { element, below });
        self.node_ids.insert((element, below), id);
        Ok(id)
    }

    /// Opens rules until every stack is empty or has a class or token on top; sorted.
    fn closure(&mut self, mut todo: Vec<u32>) -> Result<Vec<u32>, Spent> {
        let mut seen = HashSet::new();
        let mut out = Vec::new();
        while let Some(stack) = todo.pop() {
            if !seen.insert(stack) {
                continue;
            }
            let node = self.nodes[stack as usize];
            match self.rules.element(node.element) {
                Element::Rule(rule) if stack != 0 => {
                    let back = self.above(node.element + 1, node.below)?;
                    for i in 0..self.rules.alternatives(rule).len() {
                        self.burn(1)?;
                        let start = self.rules.alternatives(rule)[i];
                        todo.push(self.above(start, back)?);
                    }
                }
                _ => out.push(stack),
            }
        }
        out.sort_unstable();
        Ok(out)
    }

    fn state(&mut self, stacks: Vec<u32>, partial: Partial) -> Result<u32, Spent> {
        let key = (stacks.into_boxed_slice(), partial);
        if let Some(id) = self.state_ids.get(&key) {
            return Ok(*id);
        }
        self.burn(STATE_FUEL + key.0.len() as u64)?;
        let id = index(self.states.len());
        self.states.push(State { stacks: key.0.clone(), partial, next: Box::new([UNKNOWN; BYTES]) });
        self.state_ids.insert(key, id);
        Ok(id)
    }

    /// Keeps the present state only.
    fn forget(&mut self) -> Result<(), Spent> {
        let State { stacks, partial, .. } = self.states.swap_remove(self.now as usize);
        let old = std::mem::take(&mut self.nodes);
        let mut needed = vec![false; old.len()];
        for stack in &stacks {
            needed[*stack as usize] = true;
        }
        // Lower parts were made first, so they have smaller numbers.
        for i in (1..old.len()).rev() {
            if needed[i] {
                needed[old[i].below as usize] = true;
            }
        }
        self.nodes.push(Node { element: 0, below: 0 });
        self.node_ids.clear();
        self.states.clear();
        self.state_ids.clear();
        let mut new = vec![0; old.len()];
        for (i, node) in old.iter().enumerate().skip(1).filter(|(i, _)| needed[*i]) {
            new[i] = self.above(node.element, new[node.below as usize])?;
        }
        if self.nodes.len() > NODES_MAX {
            return Err(Spent);
        }
        let mut kept: Vec<u32> = stacks.iter().map(|s| new[*s as usize]).collect();
        kept.sort_unstable();
        self.now = self.state(kept, partial)?;
        Ok(())
    }
}

impl Partial {
    /// With one byte more; `None`: no UTF-8.
    fn then(self, byte: u8) -> Option<Self> {
        if self.missing > 0 {
            let more = byte & 0xC0 == 0x80;
            return more.then(|| Self {
                value: self.value << 6 | u32::from(byte & 0x3F),
                missing: self.missing - 1,
                len: self.len,
            });
        }
        let (value, len) = match byte {
            0..=0x7F => (byte, 1),
            0xC2..=0xDF => (byte & 0x1F, 2),
            0xE0..=0xEF => (byte & 0x0F, 3),
            0xF0..=0xF4 => (byte & 0x07, 4),
            _ => return None,
        };
        Some(Self { value: u32::from(value), missing: len - 1, len })
    }

    /// The code points that can come of it; `None`: none.
    fn range(self) -> Option<(u32, u32)> {
        let bits = 6 * u32::from(self.missing);
        let least = [0, 0, 0x80, 0x800, 0x1_0000].get(usize::from(self.len)).copied().unwrap_or(0);
        let low = (self.value << bits).max(least);
        let high = ((self.value << bits) | ((1 << bits) - 1)).min(u32::from(char::MAX));
        let surrogate = low >= 0xD800 && high <= 0xDFFF;
        (low <= high && !surrogate).then_some((low, high))
    }
}

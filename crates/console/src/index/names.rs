//! Names that stand in many records, each kept once and told by a number.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;

/// The number that stands for no name.
pub const NONE: u32 = u32::MAX;

/// Names by number. How many there are is bounded by what the realm ever declared.
#[derive(Debug)]
pub struct Names<T> {
    all: Vec<T>,
    numbers: HashMap<T, u32>,
}

impl<T> Default for Names<T> {
    fn default() -> Self {
        Self { all: Vec::new(), numbers: HashMap::new() }
    }
}

impl<T: Clone + Eq + Hash> Names<T> {
    /// A name's number; a new one where it was never seen.
    pub fn number(&mut self, name: &T) -> u32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = u32::try_from(self.all.len()).unwrap_or(NONE);
        self.all.push(name.clone());
        self.numbers.insert(name.clone(), number);
        number
    }

    /// The number of a name, or of none.
    pub fn number_or_none(&mut self, name: Option<&T>) -> u32 {
        name.map_or(NONE, |name| self.number(name))
    }

    /// The name of a number.
    pub fn name(&self, number: u32) -> Option<&T> {
        self.all.get(usize::try_from(number).ok()?)
    }

    /// The number of a name that was seen.
    pub fn find<Q: Eq + Hash + ?Sized>(&self, name: &Q) -> Option<u32>
    where
        T: Borrow<Q>,
    {
        self.numbers.get(name).copied()
    }

    /// For each number, whether its name is wanted.
    pub fn chosen(&self, wanted: impl Fn(&T) -> bool) -> Vec<bool> {
        self.all.iter().map(wanted).collect()
    }

    /// For each number, its place in the order of the names.
    pub fn ranks(&self) -> Vec<u64>
    where
        T: Ord,
    {
        let mut order: Vec<usize> = (0..self.all.len()).collect();
        order.sort_by(|a, b| self.all[*a].cmp(&self.all[*b]));
        let mut ranks = vec![0; order.len()];
        for (rank, number) in order.into_iter().enumerate() {
            ranks[number] = rank as u64;
        }
        ranks
    }
}

/// Whether a number is among the chosen; `NONE` never is.
pub fn is_chosen(chosen: &[bool], number: u32) -> bool {
    usize::try_from(number).ok().and_then(|place| chosen.get(place)).copied().unwrap_or(false)
}

//! Choosing the next token from the logits. Pure: the same numbers, seed and history give the same
//! token.

use std::collections::HashMap;

/// How to choose.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Sampling {
    /// 0: always the likeliest.
    pub(super) temperature: f32,
    pub(super) top_p: f32,
    /// 0: no limit.
    pub(super) top_k: u32,
    pub(super) min_p: f32,
    pub(super) frequency_penalty: f32,
    pub(super) presence_penalty: f32,
    pub(super) logit_bias: Vec<(u32, f32)>,
    pub(super) seed: u64,
}

impl Default for Sampling {
    fn default() -> Self {
        Self {
            temperature: 1.0,
            top_p: 1.0,
            top_k: 0,
            min_p: 0.0,
            frequency_penalty: 0.0,
            presence_penalty: 0.0,
            logit_bias: Vec::new(),
            seed: 0,
        }
    }
}

/// Candidates less likely than the best by this many natural logarithms cannot matter: together
/// they weigh under one in 10^5 of it, in a vocabulary of 260,000.
const NEGLIGIBLE: f32 = 24.0;

/// Chooses tokens for one answer.
#[derive(Debug)]
pub(super) struct Sampler {
    sampling: Sampling,
    random: SplitMix,
    counts: HashMap<u32, u32>,
    /// Reused: logits with penalties, and candidates.
    adjusted: Vec<f32>,
    candidates: Vec<(f32, u32)>,
}

impl Sampler {
    pub(super) fn new(sampling: Sampling) -> Self {
        let random = SplitMix(sampling.seed);
        Self { sampling, random, counts: HashMap::new(), adjusted: Vec::new(), candidates: Vec::new() }
    }

    /// The next token, or `None` if no logit is a number.
    pub(super) fn choose(&mut self, logits: &[f32]) -> Option<u32> {
        if !self.adjusts() {
            return self.choose_from(logits);
        }
        let mut adjusted = std::mem::take(&mut self.adjusted);
        adjusted.clear();
        adjusted.extend_from_slice(logits);
        self.adjust(&mut adjusted);
        let token = self.choose_from(&adjusted);
        self.adjusted = adjusted;
        token
    }

    /// Remembers that `token` was put into the answer.
    pub(super) fn accept(&mut self, token: u32) {
        if self.sampling.frequency_penalty != 0.0 || self.sampling.presence_penalty != 0.0 {
            *self.counts.entry(token).or_default() += 1;
        }
    }

    fn adjusts(&self) -> bool {
        !self.counts.is_empty() || !self.sampling.logit_bias.is_empty()
    }

    fn adjust(&self, logits: &mut [f32]) {
        let s = &self.sampling;
        for (token, bias) in &s.logit_bias {
            if let Some(logit) = logits.get_mut(*token as usize) {
                *logit += bias;
            }
        }
        for (token, count) in &self.counts {
            if let Some(logit) = logits.get_mut(*token as usize) {
                #[expect(clippy::cast_precision_loss, reason = "an answer has far fewer than 2^24 tokens")]
                let count = *count as f32;
                *logit -= s.frequency_penalty * count + s.presence_penalty;
            }
        }
    }

    fn choose_from(&mut self, logits: &[f32]) -> Option<u32> {
        let best = likeliest(logits)?;
        if self.sampling.temperature <= 0.0 {
            return Some(best);
        }
        self.fill_candidates(logits, logits[best as usize]);
        self.draw()
    }

    /// Candidates with their weights, likeliest first, cut by `top_k`, `min_p` and `top_p`.
    fn fill_candidates(&mut self, logits: &[f32], best: f32) {
        let s = &self.sampling;
        let list = &mut self.candidates;
        list.clear();
        let least = s.min_p.max(0.0).ln().max(-NEGLIGIBLE);
        for (token, logit) in (0u32..).zip(logits) {
            let log_weight = (logit - best) / s.temperature;
            if log_weight >= least {
                list.push((log_weight.exp(), token));
            }
        }
        // Equal weights in the order of tokens, so that the order never depends on the sort.
        list.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        if s.top_k > 0 {
            list.truncate(s.top_k as usize);
        }
        if s.top_p < 1.0 {
            let enough = s.top_p * list.iter().map(|c| c.0).sum::<f32>();
            let mut sum = 0.0;
            let keep = list.iter().position(|c| {
                sum += c.0;
                sum >= enough
            });
            list.truncate(keep.map_or(list.len(), |i| i + 1));
        }
    }

    fn draw(&mut self) -> Option<u32> {
        let total: f32 = self.candidates.iter().map(|c| c.0).sum();
        let mut point = self.random.unit() * total;
        for (weight, token) in &self.candidates {
            point -= weight;
            if point < 0.0 {
                return Some(*token);
            }
        }
        // Rounding left a crumb: the last candidate's.
        self.candidates.last().map(|c| c.1)
    }
}

/// The first index of the largest number; infinities and NaN do not count as numbers to choose.
fn likeliest(logits: &[f32]) -> Option<u32> {
    // Sixteen running maxima, so that the compiler can use vector registers.
    const LANES: usize = 16;
    let mut lanes = [f32::NEG_INFINITY; LANES];
    let chunks = logits.chunks_exact(LANES);
    let rest = chunks.remainder();
    for chunk in chunks {
        for (lane, x) in lanes.iter_mut().zip(chunk) {
            *lane = if *x > *lane { *x } else { *lane };
        }
    }
    let best = lanes.iter().chain(rest).fold(f32::NEG_INFINITY, |a, b| if *b > a { *b } else { a });
    if !best.is_finite() {
        return None;
    }
    #[expect(clippy::float_cmp, reason = "looks for the very number that was found")]
    let index = logits.iter().position(|x| *x == best)?;
    u32::try_from(index).ok()
}

/// SplitMix64: small, fast, and the same everywhere for ever.
#[derive(Debug)]
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// From 0 to 1, without 1.
    fn unit(&mut self) -> f32 {
        #[expect(clippy::cast_precision_loss, reason = "24 bits fit a float exactly")]
        let numerator = (self.next() >> 40) as f32;
        numerator / 16_777_216.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert_eq, proptest};

    use super::*;

    fn many(sampling: Sampling, logits: &[f32], n: usize) -> Vec<u32> {
        let mut sampler = Sampler::new(sampling);
        (0..n).filter_map(|_| sampler.choose(logits)).collect()
    }

    proptest! {
        #[test]
        fn likeliest_is_the_first_maximum(logits in proptest::collection::vec(-9i8..9, 1..100)) {
            let logits: Vec<f32> = logits.into_iter().map(f32::from).collect();
            let naive = logits.iter().enumerate().rev().max_by(|a, b| a.1.total_cmp(b.1)).map(|x| x.0 as u32);
            prop_assert_eq!(likeliest(&logits), naive);
        }
    }

    #[test]
    fn nothing_to_choose_from() {
        assert_eq!(likeliest(&[]), None);
        assert_eq!(likeliest(&[f32::NEG_INFINITY, f32::NAN]), None);
        assert_eq!(likeliest(&[f32::NAN, -1.0]), Some(1));
    }

    #[test]
    fn frequencies_follow_the_weights() {
        let logits: Vec<f32> = [0.5f32, 0.3, 0.2].iter().map(|p| p.ln()).collect();
        let drawn = many(Sampling { seed: 7, ..Sampling::default() }, &logits, 30_000);
        for (token, p) in [(0, 0.5), (1, 0.3), (2, 0.2)] {
            let share = drawn.iter().filter(|t| **t == token).count() as f64 / 30_000.0;
            assert!((share - p).abs() < 0.02, "{token}: {share}");
        }
    }

    #[test]
    fn seeds_decide() {
        let logits = vec![0.0; 1000];
        let with = |seed| many(Sampling { seed, ..Sampling::default() }, &logits, 20);
        assert_eq!(with(1), with(1));
        assert_ne!(with(1), with(2));
    }

    #[test]
    fn cuts_by_count_mass_and_ratio() {
        let logits: Vec<f32> = [0.5f32, 0.3, 0.15, 0.05].iter().map(|p| p.ln()).collect();
        let set = |s: Sampling| {
            let mut seen = many(s, &logits, 2000);
            seen.sort_unstable();
            seen.dedup();
            seen
        };
        assert_eq!(set(Sampling { top_k: 2, ..Sampling::default() }), [0, 1]);
        assert_eq!(set(Sampling { top_p: 0.79, ..Sampling::default() }), [0, 1]);
        assert_eq!(set(Sampling { min_p: 0.2, ..Sampling::default() }), [0, 1, 2]);
        assert_eq!(set(Sampling { temperature: 0.0, ..Sampling::default() }), [0]);
        assert_eq!(set(Sampling::default()), [0, 1, 2, 3]);
    }

    #[test]
    fn biases_and_penalties_move_the_choice() {
        let greedy = Sampling { temperature: 0.0, ..Sampling::default() };
        let biased = Sampling { logit_bias: vec![(2, 9.0), (900, 9.0)], ..greedy.clone() };
        assert_eq!(many(biased, &[1.0, 0.5, 0.0], 1), [2]);
        let mut sampler = Sampler::new(Sampling { presence_penalty: 0.6, ..greedy });
        assert_eq!(sampler.choose(&[1.0, 0.5, 0.0]), Some(0));
        sampler.accept(0);
        assert_eq!(sampler.choose(&[1.0, 0.5, 0.0]), Some(1));
    }
}

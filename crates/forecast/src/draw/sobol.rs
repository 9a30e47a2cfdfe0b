//! Sobol's sequence with the directions of Joe and Kuo (2008), scrambled after Owen by a hash, so that every seed gives
//! an unbiased and differently shaken copy.

use std::sync::LazyLock;

use super::Stream;

/// How many dimensions there are directions for.
pub const DIMENSIONS_MAX: usize = 512;

/// `new-joe-kuo-6` of Stephen Joe and Frances Kuo, BSD licence (see the file): degree, polynomial, first directions.
const JOE_KUO: &str = include_str!("../../data/joe-kuo.txt");

static DIRECTIONS: LazyLock<Vec<[u32; 32]>> = LazyLock::new(directions);

/// One dimension of the sequence.
#[derive(Debug, Clone, Copy)]
pub struct Sobol {
    directions: &'static [u32; 32],
    shake: Option<u32>,
}

impl Sobol {
    /// A dimension, counted from 0; with a stream, shaken by it.
    ///
    /// # Panics
    /// At [`DIMENSIONS_MAX`] and beyond: the number of inputs is bounded where models are read.
    pub fn new(dimension: usize, stream: Option<Stream>) -> Self {
        let shake = stream.map(|stream| (stream.at(dimension as u64).bits(0) >> 32) as u32);
        Self { directions: &DIRECTIONS[dimension], shake }
    }

    /// The point at an index, between 0 and 1; never at either once shaken.
    pub fn unit(&self, index: u32) -> f64 {
        let (mut point, mut left) = (0, index);
        while left != 0 {
            point ^= self.directions[left.trailing_zeros() as usize];
            left &= left - 1;
        }
        match self.shake {
            None => f64::from(point) / 4_294_967_296.0,
            Some(seed) => (f64::from(shaken(point, seed)) + 0.5) / 4_294_967_296.0,
        }
    }
}

/// Owen's scrambling: each bit is turned over by a hash of the bits above it. Laine and Karras' hash with the constants
/// of Vegdahl, on reversed bits.
fn shaken(point: u32, seed: u32) -> u32 {
    let mut bits = point.reverse_bits();
    bits ^= bits.wrapping_mul(0x3D20_ADEA);
    bits = bits.wrapping_add(seed);
    bits = bits.wrapping_mul((seed >> 16) | 1);
    bits ^= bits.wrapping_mul(0x0552_6C56);
    bits ^= bits.wrapping_mul(0x53A2_2864);
    bits.reverse_bits()
}

fn directions() -> Vec<[u32; 32]> {
    // The first dimension is van der Corput's and has no polynomial.
    let mut all = vec![std::array::from_fn(|bit| 1u32 << (31 - bit))];
    for line in JOE_KUO.lines().filter(|line| !line.starts_with('#')) {
        let numbers: Vec<u32> = line.split_whitespace().filter_map(|word| word.parse().ok()).collect();
        all.push(recurrence(numbers[0] as usize, numbers[1], &numbers[2..]));
    }
    assert!(all.len() >= DIMENSIONS_MAX, "the table of directions is part of the program");
    all
}

fn recurrence(degree: usize, polynomial: u32, first: &[u32]) -> [u32; 32] {
    let mut v = [0u32; 32];
    for bit in 0..32 {
        v[bit] = if bit < degree {
            first[bit] << (31 - bit)
        } else {
            let start = v[bit - degree] ^ (v[bit - degree] >> degree);
            (1..degree).filter(|k| (polynomial >> (degree - 1 - k)) & 1 == 1).fold(start, |sum, k| sum ^ v[bit - k])
        };
    }
    v
}

#[cfg(test)]
mod tests {
    use super::{DIMENSIONS_MAX, Sobol, Stream};

    #[test]
    fn the_first_points_are_the_published_ones() {
        // In the order of Gray's code, as they are published.
        let point = |dimension, i: u32| Sobol::new(dimension, None).unit(i ^ (i >> 1));
        let points = |dimension| (0..8).map(|i| point(dimension, i)).collect::<Vec<_>>();
        assert_eq!(points(0), [0.0, 0.5, 0.75, 0.25, 0.375, 0.875, 0.625, 0.125]);
        assert_eq!(points(1), [0.0, 0.5, 0.25, 0.75, 0.375, 0.875, 0.125, 0.625]);
        assert_eq!(points(2), [0.0, 0.5, 0.25, 0.75, 0.625, 0.125, 0.875, 0.375]);
    }

    #[test]
    fn every_dimension_fills_every_slice_shaken_or_not() {
        for dimension in 0..DIMENSIONS_MAX {
            for stream in [None, Some(Stream::new(5, "sobol"))] {
                let sobol = Sobol::new(dimension, stream);
                let mut slices: Vec<u32> = (0..256).map(|i| (sobol.unit(i) * 256.0) as u32).collect();
                slices.sort_unstable();
                assert_eq!(slices, (0..256).collect::<Vec<_>>(), "{dimension}");
            }
        }
    }

    #[test]
    fn pairs_of_the_first_dimensions_fill_the_square() {
        let stream = Some(Stream::new(9, "sobol"));
        let (x, y) = (Sobol::new(0, stream), Sobol::new(1, stream));
        let mut cells: Vec<u32> =
            (0..256).map(|i| (x.unit(i) * 16.0) as u32 * 16 + (y.unit(i) * 16.0) as u32).collect();
        cells.sort_unstable();
        cells.dedup();
        assert_eq!(cells.len(), 256, "a net: one point in each cell");
    }
}

//! Numbers made of texts: the same text gives the same number everywhere, so that whoever reads a record later draws what
//! was drawn when it was written.

/// A number made of a text: FNV-1a, then mixed, so that ids that count upwards are far from each other.
pub fn number(text: &str) -> u64 {
    let folded = text
        .bytes()
        .fold(0xCBF2_9CE4_8422_2325, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3));
    mix(folded)
}

/// The finaliser of SplitMix64 (public domain, Steele, Lea and Flood 2014).
pub fn mix(mut word: u64) -> u64 {
    word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    word ^ (word >> 31)
}

/// Whether something of this number is among so many percent of everything, drawn anew for each salt.
pub fn is_among(number: u64, salt: &str, percent: u8) -> bool {
    mix(number ^ self::number(salt)) % 100 < u64::from(percent)
}

#[cfg(test)]
mod tests {
    use super::{is_among, number};

    #[test]
    fn a_sample_is_about_as_large_as_asked_and_only_grows() {
        let ids: Vec<u64> = (0..10_000).map(|n| number(&format!("req-{n}"))).collect();
        let among = |percent| ids.iter().filter(|id| is_among(**id, "d1", percent)).count();
        assert_eq!((among(0), among(100)), (0, 10_000));
        assert!((400..600).contains(&among(5)), "{}", among(5));
        assert!(ids.iter().all(|id| !is_among(*id, "d1", 5) || is_among(*id, "d1", 20)));
        assert!(
            ids.iter().any(|id| is_among(*id, "d1", 50) != is_among(*id, "d2", 50)),
            "another drill, other requests"
        );
    }
}

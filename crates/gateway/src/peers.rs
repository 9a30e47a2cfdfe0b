//! Wrong keys by peer: who tries too many is told to come later.

use std::collections::HashMap;
use std::net::IpAddr;

use realm::UnixMs;

/// Peers remembered; past it the table forgets those whose minute is over, and then everybody.
const PEERS_MAX: usize = 16_384;
const MINUTE_MS: u64 = 60_000;

/// Wrong keys by peer, within a minute each.
#[derive(Debug)]
pub(crate) struct Peers {
    most: u32,
    wrong: HashMap<IpAddr, (UnixMs, u32)>,
}

impl Peers {
    pub(crate) fn new(most: u32) -> Self {
        Self { most, wrong: HashMap::new() }
    }

    /// Counts a wrong key. The answer is how many seconds the peer should wait, if it tried too often.
    pub(crate) fn failed(&mut self, peer: IpAddr, now: UnixMs) -> Option<u64> {
        if self.wrong.len() >= PEERS_MAX {
            self.wrong.retain(|_, (since, _)| now.since(*since) < MINUTE_MS);
            if self.wrong.len() >= PEERS_MAX {
                self.wrong.clear();
            }
        }
        let (since, count) = self.wrong.entry(network(peer)).or_insert((now, 0));
        if now.since(*since) >= MINUTE_MS {
            (*since, *count) = (now, 0);
        }
        *count = count.saturating_add(1);
        (*count > self.most).then(|| (MINUTE_MS - now.since(*since)).div_ceil(1000).max(1))
    }
}

/// An IPv6 client owns its /64.
fn network(peer: IpAddr) -> IpAddr {
    match peer {
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(mapped) => IpAddr::V4(mapped),
            None => IpAddr::V6((u128::from(address) & !u128::from(u64::MAX)).into()),
        },
        IpAddr::V4(_) => peer,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_within_a_minute_and_per_network() {
        let mut peers = Peers::new(2);
        let (one, same): (IpAddr, IpAddr) = ("2001:db8::1".parse().unwrap(), "2001:db8::2".parse().unwrap());
        assert_eq!(peers.failed(one, UnixMs(0)), None);
        assert_eq!(peers.failed(same, UnixMs(1_000)), None);
        assert_eq!(peers.failed(one, UnixMs(2_500)), Some(58));
        assert_eq!(peers.failed("192.0.2.1".parse().unwrap(), UnixMs(2_500)), None);
        assert_eq!(peers.failed(one, UnixMs(60_000)), None, "another minute");
    }

    #[test]
    fn the_table_is_bounded() {
        let mut peers = Peers::new(2);
        for n in 0..40_000u32 {
            peers.failed(IpAddr::V4(n.into()), UnixMs(0));
        }
        assert!(peers.wrong.len() <= PEERS_MAX);
    }
}

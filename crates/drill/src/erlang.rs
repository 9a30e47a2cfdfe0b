//! How long a queue is: Erlang's formulas for so many servers and so much offered load.

/// The share of arrivals that find every server busy where nobody waits; `servers` at least one, `load` in erlang.
pub fn erlang_b(servers: u32, load_erlang: f64) -> f64 {
    // The recursion stays within 0 and 1, where powers and factorials would not.
    (1..=servers).fold(1.0, |blocked, server| load_erlang * blocked / (f64::from(server) + load_erlang * blocked))
}

/// The share of arrivals that wait; one where the load is as much as all servers can do, or more.
pub fn erlang_c(servers: u32, load_erlang: f64) -> f64 {
    let servers_count = f64::from(servers);
    if load_erlang >= servers_count {
        return 1.0;
    }
    let blocked = erlang_b(servers, load_erlang);
    servers_count * blocked / (servers_count - load_erlang * (1.0 - blocked))
}

#[cfg(test)]
mod tests {
    use super::{erlang_b, erlang_c};

    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() < 5e-5, "{found} is not {expected}");
    }

    #[test]
    fn the_textbook_figures() {
        near(erlang_b(10, 8.0), 0.1217);
        near(erlang_c(10, 8.0), 0.4092);
        near(erlang_b(1, 1.0), 0.5);
        near(erlang_c(1, 0.5), 0.5);
        near(erlang_c(2, 1.0), 1.0 / 3.0);
    }

    #[test]
    fn more_than_can_be_done_always_waits_and_nothing_never() {
        near(erlang_c(10, 10.0), 1.0);
        near(erlang_c(10, 12.0), 1.0);
        near(erlang_c(0, 0.5), 1.0);
        near(erlang_c(3, 0.0), 0.0);
        assert!(erlang_c(100_000, 99_000.0).is_finite());
    }
}

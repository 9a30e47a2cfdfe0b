//! In what unit a field of a case counts: an own figure in another would be wrong a thousandfold, and nobody would see it.

use std::fmt;

/// The unit of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// This one.
    Is(&'static str),
    /// Money, and by what: nothing, or `/MWh`.
    Money(&'static str),
}

/// The unit of a field; none where anything may be, or nobody asks for it.
pub(super) fn of(what: &str) -> Option<Unit> {
    Some(match what {
        "marginal_cost_per_mwh" => Unit::Money("/MWh"),
        "price" => Unit::Money(""),
        "co2_t_per_mwh" => Unit::Is("t/MWh"),
        "power_cap_mw" => Unit::Is("MW"),
        "power_w" | "idle_w" => Unit::Is("W"),
        "memory_gb" => Unit::Is("GB"),
        "life_years" => Unit::Is("years"),
        "hours" => Unit::Is("h"),
        "bought" | "in_service" => Unit::Is("year"),
        "pue" | "power_over_accelerators" => Unit::Is("ratio"),
        "cost_of_host_network_and_storage" => Unit::Is("% of accelerators"),
        "availability" | "efficiency_store" | "efficiency_dispatch" | "failure_rate_per_year" | "discount_rate" => {
            Unit::Is("share")
        }
        _ => return None,
    })
}

impl Unit {
    /// Whether a text says it; money begins with any currency.
    pub(super) fn is(self, unit: &str) -> bool {
        match self {
            Self::Is(name) => unit == name,
            Self::Money(per) => {
                let code = unit.strip_suffix(per).unwrap_or_default();
                code.len() == 3 && code.bytes().all(|it| it.is_ascii_uppercase())
            }
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Is(name) => f.write_str(name),
            Self::Money(per) => write!(f, "EUR{per}, USD{per}, …"),
        }
    }
}

//! Joules and processor seconds.
//!
//! Joules come from the processor's own counters (RAPL) where the system lets us read them, else
//! they are unknown. The counters see the whole package, so other programs' work in the same
//! moments is in them: the figure is an upper bound, measured, not modelled.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// How joules are known, as it is printed.
pub(super) const MEASURED: &str = "measured (RAPL, whole package)";
/// When they are not.
pub(super) const UNKNOWN: &str = "unknown";

/// Processor time of this process, all threads.
pub(super) fn cpu_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    Duration::new(seconds, u32::try_from(time.tv_nsec).unwrap_or(0))
}

/// The energy counters of all packages.
#[derive(Debug)]
pub(super) struct Meter {
    packages: Vec<Package>,
}

#[derive(Debug)]
struct Package {
    counter: PathBuf,
    range_uj: u64,
    last_uj: u64,
}

impl Meter {
    /// Finds the counters below `/sys/class/powercap`.
    pub(super) fn system() -> Self {
        Self::find(Path::new("/sys/class/powercap"))
    }

    fn find(root: &Path) -> Self {
        let mut packages = Vec::new();
        for item in fs::read_dir(root).into_iter().flatten().flatten() {
            let name = item.file_name();
            let name = name.to_string_lossy();
            // `intel-rapl:0` is a package; `intel-rapl:0:1` is a part of one.
            let package = name.strip_prefix("intel-rapl:").is_some_and(|n| !n.contains(':'));
            if package {
                packages.extend(Package::open(&item.path()));
            }
        }
        Self { packages }
    }

    pub(super) fn method(&self) -> &'static str {
        if self.packages.is_empty() { UNKNOWN } else { MEASURED }
    }

    /// Joules since the last call; `None` when unknown.
    pub(super) fn joules(&mut self) -> Option<f64> {
        if self.packages.is_empty() {
            return None;
        }
        let mut sum_uj = 0u64;
        for package in &mut self.packages {
            sum_uj = sum_uj.saturating_add(package.advance()?);
        }
        Some(Duration::from_micros(sum_uj).as_secs_f64())
    }
}

impl Package {
    fn open(dir: &Path) -> Option<Self> {
        let counter = dir.join("energy_uj");
        let range_uj = number(&dir.join("max_energy_range_uj"))?;
        let last_uj = number(&counter)?;
        Some(Self { counter, range_uj, last_uj })
    }

    /// Microjoules since the last call, over the counter's wrap.
    fn advance(&mut self) -> Option<u64> {
        let now = number(&self.counter)?;
        let spent = if now >= self.last_uj {
            now - self.last_uj
        } else {
            self.range_uj.saturating_sub(self.last_uj).saturating_add(now)
        };
        self.last_uj = now;
        Some(spent)
    }
}

fn number(path: &Path) -> Option<u64> {
    fs::read_to_string(path).ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_packages_and_follows_the_wrap() {
        let root = tempfile::tempdir().expect("temp dir");
        let make = |name: &str, uj: u64| {
            let dir = root.path().join(name);
            fs::create_dir_all(&dir).expect("dir");
            fs::write(dir.join("max_energy_range_uj"), "10000000\n").expect("write");
            fs::write(dir.join("energy_uj"), format!("{uj}\n")).expect("write");
        };
        make("intel-rapl:0", 9_000_000);
        make("intel-rapl:1", 0);
        make("intel-rapl:0:0", 5);
        let mut meter = Meter::find(root.path());
        assert_eq!(meter.method(), MEASURED);
        make("intel-rapl:0", 1_000_000);
        make("intel-rapl:1", 500_000);
        let joules = meter.joules().expect("measured");
        assert!((joules - 2.5).abs() < 1e-9, "{joules}");
        assert!(meter.joules().expect("measured").abs() < 1e-9);
    }

    #[test]
    fn without_counters_it_is_unknown() {
        let root = tempfile::tempdir().expect("temp dir");
        let mut meter = Meter::find(root.path());
        assert_eq!((meter.method(), meter.joules()), (UNKNOWN, None));
    }

    #[test]
    fn processor_time_grows() {
        let before = cpu_time();
        let sum = (0..3_000_000u64).fold(0u64, |a, b| std::hint::black_box(a ^ b));
        assert!(cpu_time() > before, "{sum}");
    }
}

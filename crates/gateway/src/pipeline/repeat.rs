//! Asking the last deployment once more, where no other is left and its trouble may pass.

use std::sync::Arc;
use std::time::Duration;

use crate::code::Code;
use crate::epoch::Place;
use crate::gateway::Shared;
use crate::pipeline::Trail;
use crate::pipeline::client::Client;
use crate::pipeline::failure::Failure;

/// Waits longer than this are the client's to make.
const WAIT_MAX_S: u64 = 2;

/// The deployment to ask again, after a short wait. None where nothing failed, the trouble will not pass, the
/// deployment has earned no repeat, or the client leaves meanwhile.
pub(super) async fn worth_it(shared: &Arc<Shared>, trail: &Trail, client: &mut Client) -> Option<Arc<Place>> {
    let (failure, place) = trail.failed.as_ref()?;
    // A drill would have it fail again.
    if failure.feigned.is_some() {
        return None;
    }
    let wait = pause(failure, shared.settings.repeat_pause, shared.draw())?;
    if place.breaker.wait(shared.now()).is_some_and(|open| open > wait) || !place.repeats.take() {
        return None;
    }
    tokio::select! {
        () = client.gone() => None,
        () = tokio::time::sleep(wait) => Some(place.clone()),
    }
}

/// How long to wait before a repeat; none where it is not worth one. A time-out is not: the wait was long enough.
fn pause(failure: &Failure, least: Duration, draw: u64) -> Option<Duration> {
    let passes = failure.blame && matches!(failure.code, Code::UpstreamError | Code::RateLimited);
    let shakes = matches!(failure.status, None | Some(429 | 500 | 502 | 503));
    // Not all come back at once.
    let drawn = least + least.mul_f64((draw % 1_000) as f64 / 1_000.0);
    let asked = Duration::from_secs(failure.retry_after_s.unwrap_or(0));
    (passes && shakes && !failure.last && asked.as_secs() <= WAIT_MAX_S).then_some(drawn.max(asked))
}

#[cfg(test)]
mod tests {
    use super::{Failure, pause};
    use crate::code::Code;
    use crate::upstream::Fault;
    use std::time::Duration;

    const LEAST: Duration = Duration::from_millis(100);

    #[test]
    fn only_what_may_pass_soon_is_repeated() {
        let of = |status, retry_after_s, code| {
            let failure = Failure::of_deployment(code, "");
            pause(&Failure { status, retry_after_s, ..failure }, LEAST, 500)
        };
        assert_eq!(of(Some(503), None, Code::UpstreamError), Some(Duration::from_millis(150)));
        assert_eq!(of(Some(429), Some(2), Code::RateLimited), Some(Duration::from_secs(2)));
        assert_eq!(of(Some(429), Some(3), Code::RateLimited), None);
        assert_eq!(of(Some(401), None, Code::UpstreamError), None, "our credential");
        assert_eq!(of(None, None, Code::UpstreamTimeout), None);
        assert!(pause(&Failure::fault(Fault::Connect), LEAST, 0).is_some());
        assert_eq!(pause(&Failure::client_closed(), LEAST, 0), None);
        assert_eq!(pause(&Failure::legal(451), LEAST, 0), None);
    }
}

//! Tracked tasks: the only place that spawns, so that draining can wait for all of them.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::Notify;

/// A set of running tasks. Clones share it.
#[derive(Clone, Default)]
pub struct Tasks(Arc<Inner>);

#[derive(Default)]
struct Inner {
    running: AtomicUsize,
    idle: Notify,
}

/// Counts one task down when it ends, however it ends.
pub(crate) struct Running(Arc<Inner>);

impl Tasks {
    /// Runs a future in a task of its own.
    pub fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        let running = self.count();
        // In a box: a future that is moved into another one takes its room twice.
        let work = Box::pin(work);
        #[expect(clippy::disallowed_methods, reason = "this is the tracked spawn that the ban points to")]
        tokio::spawn(async move {
            let _running = running;
            work.await;
        });
    }

    /// Counts work that runs elsewhere, until the guard is dropped.
    pub(crate) fn count(&self) -> Running {
        self.0.running.fetch_add(1, Ordering::AcqRel);
        Running(self.0.clone())
    }

    /// Runs on in a task of its own what was counted before. Without a runtime, as at its very end, it ends here.
    pub(crate) fn go_on(&self, work: impl Future<Output = ()> + Send + 'static, running: Running) {
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        runtime.spawn(async move {
            let _running = running;
            work.await;
        });
    }

    /// How many run now.
    pub fn running(&self) -> usize {
        self.0.running.load(Ordering::Acquire)
    }

    /// Waits until none runs, at most so long; tells whether none does.
    pub async fn wait(&self, at_most: Duration) -> bool {
        let all_done = async {
            loop {
                let idle = self.0.idle.notified();
                tokio::pin!(idle);
                // Registered before the count is read, so that the last task cannot end between the two unseen.
                idle.as_mut().enable();
                if self.running() == 0 {
                    return;
                }
                idle.await;
            }
        };
        tokio::time::timeout(at_most, all_done).await.is_ok()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.0.running.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.0.idle.notify_waiters();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Tasks;
    use std::time::Duration;

    #[tokio::test(start_paused = true)]
    async fn waits_for_tasks_and_for_no_longer_than_said() {
        let tasks = Tasks::default();
        tasks.spawn(tokio::time::sleep(Duration::from_secs(5)));
        assert!(!tasks.wait(Duration::from_secs(1)).await);
        assert!(tasks.wait(Duration::from_secs(5)).await);
        assert_eq!(tasks.running(), 0);
    }

    #[tokio::test]
    async fn a_panicking_task_is_counted_down() {
        let tasks = Tasks::default();
        tasks.spawn(async { panic!("a task that fails") });
        assert!(tasks.wait(Duration::from_secs(5)).await);
    }
}

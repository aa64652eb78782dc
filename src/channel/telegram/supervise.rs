//! Tasks that panic are restarted.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tokio::task::JoinSet;
use tokio::time::sleep;

/// The delay before a task that panicked is restarted.
const RESTART_DELAY: Duration = Duration::from_secs(1);

/// Runs `work`, and restarts it after each panic until it ends without one; `what` names it in the log, and `failed` is
/// called after each panic.
pub async fn supervise<'a>(
    what: &str,
    mut work: impl FnMut() -> BoxFuture<'a, ()>,
    mut failed: impl FnMut(),
) {
    while AssertUnwindSafe(work()).catch_unwind().await.is_err() {
        failed();
        // The panic's message may contain a person's text.
        tracing::error!("{what} panicked and is restarted");
        sleep(RESTART_DELAY).await;
    }
}

/// Supervised tasks beside the updates. They end when this is dropped.
#[derive(Default)]
pub struct BackgroundTasks(JoinSet<()>);

impl BackgroundTasks {
    /// Spawns `task`; a panic of it affects no other.
    pub fn spawn(
        &mut self,
        what: &'static str,
        task: impl FnMut() -> BoxFuture<'static, ()> + Send + 'static,
    ) {
        self.0.spawn(supervise(what, task, || ()));
    }

    /// Ends all of them.
    pub async fn end(mut self) {
        self.0.shutdown().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn work_that_panics_is_restarted() {
        let (begun, failed) = (std::cell::Cell::new(0), std::cell::Cell::new(0));
        let work = || {
            begun.set(begun.get() + 1);
            let is_first = begun.get() == 1;
            async move {
                if is_first {
                    std::panic::resume_unwind(Box::new("a mistake"));
                }
            }
            .boxed()
        };
        supervise("work", work, || failed.set(failed.get() + 1)).await;
        assert_eq!((begun.get(), failed.get()), (2, 1));
    }

    #[tokio::test(start_paused = true)]
    async fn a_task_that_panics_is_restarted_and_affects_no_other() {
        let (done, mut seen) = tokio::sync::mpsc::unbounded_channel();
        let mut tasks = BackgroundTasks::default();
        for name in ["clumsy", "careful"] {
            let (done, mut begun) = (done.clone(), 0);
            tasks.spawn(name, move || {
                begun += 1;
                let (done, begun) = (done.clone(), begun);
                async move {
                    if name == "clumsy" && begun < 3 {
                        std::panic::resume_unwind(Box::new("a mistake"));
                    }
                    done.send((name, begun)).ok();
                    std::future::pending::<()>().await;
                }
                .boxed()
            });
        }
        let told = [seen.recv().await, seen.recv().await];
        assert_eq!(told, [Some(("careful", 1)), Some(("clumsy", 3))]);
        tasks.end().await;
        drop(done);
        assert_eq!(seen.recv().await, None, "they have ended");
    }
}

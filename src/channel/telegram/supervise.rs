//! What fails by a mistake in the program is begun anew.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tokio::task::JoinSet;
use tokio::time::sleep;

/// The wait before what failed by a mistake in the program is begun anew.
const ANEW: Duration = Duration::from_secs(1);

/// Does `work`, which is called `what`, anew until it ends without a panic; `failed` hears of each.
pub async fn tirelessly<'a>(
    what: &str,
    mut work: impl FnMut() -> BoxFuture<'a, ()>,
    mut failed: impl FnMut(),
) {
    while AssertUnwindSafe(work()).catch_unwind().await.is_err() {
        failed();
        // What the panic said may hold a person's text.
        tracing::error!("{what} failed by a mistake in the program; it begins anew");
        sleep(ANEW).await;
    }
}

/// What is done beside the updates, each for itself. It ends with this.
#[derive(Default)]
pub struct Chores(JoinSet<()>);

impl Chores {
    /// Begins `chore`, which is called `what`; a panic of it is logged and touches no other.
    pub fn begin(
        &mut self,
        what: &'static str,
        chore: impl FnMut() -> BoxFuture<'static, ()> + Send + 'static,
    ) {
        self.0.spawn(tirelessly(what, chore, || ()));
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
    async fn what_panics_is_seen_and_begun_anew() {
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
        tirelessly("work", work, || failed.set(failed.get() + 1)).await;
        assert_eq!((begun.get(), failed.get()), (2, 1));
    }

    #[tokio::test(start_paused = true)]
    async fn a_chore_that_panics_goes_on_and_so_do_the_others() {
        let (done, mut seen) = tokio::sync::mpsc::unbounded_channel();
        let mut chores = Chores::default();
        for name in ["clumsy", "careful"] {
            let (done, mut begun) = (done.clone(), 0);
            chores.begin(name, move || {
                begun += 1;
                let (done, begun) = (done.clone(), begun);
                async move {
                    if name == "clumsy" && begun < 3 {
                        std::panic::resume_unwind(Box::new("a mistake"));
                    }
                    let _heard = done.send((name, begun));
                    std::future::pending::<()>().await;
                }
                .boxed()
            });
        }
        let told = [seen.recv().await, seen.recv().await];
        assert_eq!(told, [Some(("careful", 1)), Some(("clumsy", 3))]);
        chores.end().await;
        drop(done);
        assert_eq!(seen.recv().await, None, "they have ended");
    }
}

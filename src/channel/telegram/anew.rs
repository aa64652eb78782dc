//! What fails by a mistake in the program is begun anew.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tokio::time::sleep;

/// The wait before what failed by a mistake in the program is begun anew.
const ANEW: Duration = Duration::from_secs(1);

/// Does `work` anew until it ends without a panic; `failed` hears of each.
pub async fn tirelessly<'a>(mut work: impl FnMut() -> BoxFuture<'a, ()>, mut failed: impl FnMut()) {
    while AssertUnwindSafe(work()).catch_unwind().await.is_err() {
        failed();
        // What the panic said may hold a person's text.
        tracing::error!("taking in Telegram's updates failed by a mistake in the program; it begins anew");
        sleep(ANEW).await;
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
        tirelessly(work, || failed.set(failed.get() + 1)).await;
        assert_eq!((begun.get(), failed.get()), (2, 1));
    }
}

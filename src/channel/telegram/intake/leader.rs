//! Leader election: of several replicas one polls.

use std::time::Duration;

use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::dispatch::Handle;
use super::poll::Poller;
use crate::store::{HeldLock, Store};

/// How often a replica tries to become the leader, and the leader checks that it still is.
const ELECTION_PERIOD: Duration = Duration::from_secs(2);

/// Polls while this replica is the leader among those of the bot `id`; the others wait for its end. A replica that was the
/// leader when it was told to stop still is.
pub async fn poll_while_leading<H: Handle>(
    poller: &mut Poller<H>,
    store: &Store,
    id: i64,
    stop: CancellationToken,
) -> Option<HeldLock> {
    // The store's locks are named by 32 bits.
    let name = i32::try_from(id & 0x7F_FFFF).unwrap_or(0);
    let mut is_waiting = false;
    while !stop.is_cancelled() {
        match store.try_lead(name).await {
            Ok(Some(mut held)) => {
                if is_waiting {
                    tracing::info!("this replica is the leader now and polls Telegram");
                    is_waiting = false;
                }
                let lost = async {
                    loop {
                        sleep(ELECTION_PERIOD).await;
                        if !held.is_held().await {
                            return;
                        }
                    }
                };
                tokio::select! {
                    () = poller.run(stop.clone()) => return Some(held),
                    () = lost => tracing::warn!("this replica is no longer the leader"),
                }
                held.release().await;
            }
            Ok(None) if !is_waiting => {
                is_waiting = true;
                tracing::info!("another replica polls Telegram; this one waits");
            }
            // The store logs its errors.
            Ok(None) | Err(_) => {}
        }
        stop.run_until_cancelled(sleep(ELECTION_PERIOD)).await;
    }
    None
}

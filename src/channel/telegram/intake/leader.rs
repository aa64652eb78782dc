//! Of several replicas one polls.

use std::time::Duration;

use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::poll::Poller;
use crate::channel::telegram::Bot;
use crate::store::HeldLock;

/// How often a replica looks whether it leads, still or at last.
const LEAD: Duration = Duration::from_secs(2);

/// Of several replicas one polls; the others wait until it is gone. Whoever leads when told to stop still does.
pub async fn poll_while_leading(poller: &mut Poller, bot: &Bot, stop: CancellationToken) -> Option<HeldLock> {
    let mut is_waiting = false;
    while !stop.is_cancelled() {
        match bot.store.try_lead(bot.lead_name()).await {
            Ok(Some(mut held)) => {
                if is_waiting {
                    tracing::info!("this replica asks Telegram for updates now");
                    is_waiting = false;
                }
                let lost = async {
                    loop {
                        sleep(LEAD).await;
                        if !held.is_held().await {
                            return;
                        }
                    }
                };
                tokio::select! {
                    () = poller.run(stop.clone()) => return Some(held),
                    () = lost => tracing::warn!("the store does not say any more that this replica leads"),
                }
                held.release().await;
            }
            Ok(None) if !is_waiting => {
                is_waiting = true;
                tracing::info!("another replica asks Telegram for updates; this one waits");
            }
            // The store says itself what is wrong with it.
            Ok(None) | Err(_) => {}
        }
        tokio::select! {
            () = sleep(LEAD) => {}
            () = stop.cancelled() => {}
        }
    }
    None
}

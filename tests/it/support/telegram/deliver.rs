//! Webhook delivery: one request at a time for each chat, in order, redelivered until it is acknowledged.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::time::sleep;

use super::Shared;
use super::world::World;

/// Telegram waits seconds; tests cannot.
const FIRST_WAIT: Duration = Duration::from_millis(20);
const LONGEST_WAIT: Duration = Duration::from_millis(300);

/// What keeps its order: a chat's messages, a person's presses and queries.
pub fn lane(update: &Value) -> i64 {
    let object = update.as_object().unwrap();
    let (kind, event) = object.iter().find(|(name, _)| *name != "update_id").unwrap();
    match kind.as_str() {
        "callback_query" | "inline_query" => event["from"]["id"].as_i64().unwrap_or_default(),
        _ => event["chat"]["id"].as_i64().unwrap_or_default(),
    }
}

/// Sees to it that every waiting update is delivered.
pub fn deliver_all(shared: &Arc<Shared>) {
    let mut world = shared.lock();
    if world.webhook.is_none() {
        return;
    }
    let lanes: Vec<i64> = world.updates.iter().map(|(_, update)| lane(update)).collect();
    for lane in lanes {
        if world.delivering.insert(lane, true).is_none() {
            tokio::spawn(deliver(Arc::clone(shared), lane));
        }
    }
}

fn next(world: &mut World, of: i64) -> Option<(i64, Value)> {
    let found = world.updates.iter().find(|(_, update)| lane(update) == of).cloned();
    if found.is_none() || world.webhook.is_none() {
        world.delivering.remove(&of);
        return None;
    }
    found
}

async fn deliver(shared: Arc<Shared>, lane: i64) {
    let mut wait = FIRST_WAIT;
    loop {
        let (id, update, webhook) = {
            let mut world = shared.lock();
            let Some((id, update)) = next(&mut world, lane) else { return };
            (id, update, world.webhook.clone().unwrap())
        };
        let mut request = shared.client.post(&webhook.url).json(&update);
        if let Some(secret) = &webhook.secret {
            request = request.header("X-Telegram-Bot-Api-Secret-Token", secret);
        }
        let outcome = match request.send().await {
            Ok(response) if response.status().is_success() => Ok(()),
            Ok(response) => Err(format!("Wrong response from the webhook: {}", response.status())),
            Err(_) => Err("Connection refused".to_owned()),
        };
        match outcome {
            Ok(()) => {
                let mut world = shared.lock();
                world.updates.retain(|(waiting, _)| *waiting != id);
                world.confirmed.push(id);
                drop(world);
                shared.touch();
                wait = FIRST_WAIT;
            }
            Err(error) => {
                if let Some(webhook) = &mut shared.lock().webhook {
                    webhook.last_error = Some(error);
                }
                sleep(wait).await;
                wait = (wait * 2).min(LONGEST_WAIT);
            }
        }
    }
}

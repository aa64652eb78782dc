//! The stand-in's HTTP side: the path, faults, long polls.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use axum::routing::any;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::time::{sleep, timeout};

use super::world::{Call, Wrong};
use super::{Shared, TOKEN, methods, rules};

pub async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    let router = Router::new().route("/{bot}/{method}", any(request)).with_state(shared);
    axum::serve(listener, router).await.unwrap();
}

async fn request(
    State(shared): State<Arc<Shared>>,
    Path((bot, method)): Path<(String, String)>,
    body: Bytes,
) -> Response {
    if bot != format!("bot{TOKEN}") {
        return failed(401, "Unauthorized", None);
    }
    let params =
        if body.is_empty() { json!({}) } else { serde_json::from_slice(&body).unwrap_or(Value::Null) };
    if params.is_null() {
        return failed(400, "Bad Request: can't parse the body as JSON", None);
    }
    let wrong = shared.lock().fault(&method, &params);
    match wrong {
        Some(Wrong::Slow(time)) => sleep(time).await,
        Some(Wrong::Drop) => {
            record(&shared, &method, &params, Err("dropped".to_owned()));
            return dropped();
        }
        Some(Wrong::DropAfter) => {
            let answer = answer(&shared, &method, &params).await;
            record(&shared, &method, &params, answer.map_err(|(_, description, _)| description));
            return dropped();
        }
        Some(Wrong::BadGateway) => {
            record(&shared, &method, &params, Err("502".to_owned()));
            return (StatusCode::BAD_GATEWAY, "<html><h1>502 Bad Gateway</h1></html>").into_response();
        }
        Some(Wrong::Error(status, description)) => {
            record(&shared, &method, &params, Err(description.to_owned()));
            return failed(status, description, None);
        }
        Some(Wrong::Flood(seconds)) => {
            let description = format!("Too Many Requests: retry after {seconds}");
            record(&shared, &method, &params, Err(description.clone()));
            return failed(429, &description, Some(json!({ "retry_after": seconds })));
        }
        None => {}
    }
    let answer = answer(&shared, &method, &params).await;
    let told = answer.clone().map_err(|(_, description, _)| description);
    record(&shared, &method, &params, told);
    match answer {
        Ok(result) => axum::Json(json!({ "ok": true, "result": result })).into_response(),
        Err((status, description, parameters)) => failed(status, &description, parameters),
    }
}

async fn answer(shared: &Arc<Shared>, method: &str, params: &Value) -> methods::Answer {
    rules::known(method, params).map_err(|(status, description)| (status, description, None))?;
    if method.eq_ignore_ascii_case("getUpdates") {
        return updates(shared, params).await;
    }
    let answer = methods::answer(&mut shared.lock(), method, params);
    if method.eq_ignore_ascii_case("setWebhook") {
        super::deliver::deliver_all(shared);
    }
    answer
}

/// A long poll. A later one ends it, as Telegram does.
async fn updates(shared: &Arc<Shared>, params: &Value) -> methods::Answer {
    let conflict = |what: &str| Err((409, format!("Conflict: {what}"), None));
    let offset = params["offset"].as_i64().unwrap_or(0);
    let limit = params["limit"].as_i64().unwrap_or(100).clamp(1, 100) as usize;
    let wait = Duration::from_secs(params["timeout"].as_u64().unwrap_or(0).min(50));
    let mut changed = shared.changed.subscribe();
    let turn = {
        let mut world = shared.lock();
        if world.webhook.is_some() {
            return conflict(
                "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
            );
        }
        world.poller += 1;
        if let Some(allowed) = params["allowed_updates"].as_array() {
            world.allowed =
                Some(allowed.iter().filter_map(|kind| kind.as_str().map(str::to_owned)).collect());
        }
        while world.updates.front().is_some_and(|(id, _)| *id < offset) {
            let (id, _) = world.updates.pop_front().unwrap();
            world.confirmed.push(id);
        }
        world.poller
    };
    shared.touch();
    let ready = async {
        loop {
            {
                let world = shared.lock();
                if world.poller != turn {
                    return conflict(
                        "terminated by other getUpdates request; make sure that only one bot instance is running",
                    );
                }
                if !world.updates.is_empty() {
                    let updates: Vec<Value> =
                        world.updates.iter().take(limit).map(|(_, update)| update.clone()).collect();
                    return Ok(Value::Array(updates));
                }
            }
            changed.changed().await.unwrap();
        }
    };
    timeout(wait, ready).await.unwrap_or(Ok(json!([])))
}

fn record(shared: &Shared, method: &str, params: &Value, answer: Result<Value, String>) {
    let call = Call { method: method.to_owned(), params: params.clone(), answer };
    shared.lock().calls.push(call);
    shared.touch();
}

fn failed(status: u16, description: &str, parameters: Option<Value>) -> Response {
    let mut body = json!({ "ok": false, "error_code": status, "description": description });
    if let Some(parameters) = parameters {
        body["parameters"] = parameters;
    }
    (StatusCode::from_u16(status).unwrap(), axum::Json(body)).into_response()
}

/// A response that breaks off.
fn dropped() -> Response {
    let broken = futures_util::stream::once(async { Err::<Bytes, _>(std::io::Error::other("dropped")) });
    Response::new(Body::from_stream(broken))
}

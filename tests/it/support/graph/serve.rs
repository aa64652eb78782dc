//! The stand-in's HTTP side: version, token, proof, faults, answers.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::any;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::time::sleep;

use super::rules::{self, Refusal};
use super::world::{Call, Sent, World, Wrong};
use super::{APP, PAGE, SECRET, Shared, TOKEN, hmac};

pub async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    let router = Router::new().route("/v25.0/{*path}", any(request)).with_state(shared);
    axum::serve(listener, router).await.unwrap();
}

type Answer = Result<Value, (u16, Refusal)>;

async fn request(
    State(shared): State<Arc<Shared>>,
    method: Method,
    Path(path): Path<String>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let wrong = shared.lock().fault(&path, &body);
    let is_verified = match (body["callback_url"].as_str(), body["verify_token"].as_str()) {
        (Some(callback), Some(token)) => shared.verifies(callback, token).await,
        _ => true,
    };
    let answer = || -> Answer {
        let mut world = shared.lock();
        admit(&world, &path, &query, &headers)?;
        if !is_verified {
            return Err((400, (2_200, 0, "Callback verification failed".to_owned())));
        }
        let is_instagram = query.get("platform").is_some_and(|platform| platform == "instagram");
        if path == format!("{PAGE}/conversations") {
            let person = query.get("user_id").map_or("", String::as_str);
            let platform = if super::is_instagram(person) { "instagram" } else { "messenger" };
            if !world.shows_conversations || query.get("platform").map(String::as_str) != Some(platform) {
                return Err((403, (200, 0, "requires a permission".to_owned())));
            }
            return Ok(world.conversation(person));
        }
        if is_instagram && method == Method::GET {
            return Ok(json!({ "data": [world.instagram_profile] }));
        }
        answer(&mut world, &method, &path, &body)
    };
    let answer = match wrong {
        Some(Wrong::Slow(time)) => {
            sleep(time).await;
            answer()
        }
        Some(Wrong::Drop) => {
            record(&shared, &method, &path, &body, 0);
            return dropped();
        }
        Some(Wrong::DropAfter) => {
            let _lost = answer();
            record(&shared, &method, &path, &body, 0);
            return dropped();
        }
        Some(Wrong::BadGateway) => {
            record(&shared, &method, &path, &body, 502);
            return (StatusCode::BAD_GATEWAY, "<html><h1>502 Bad Gateway</h1></html>").into_response();
        }
        Some(Wrong::Error(status, code, sub)) => Err((status, (code, sub, "on demand".to_owned()))),
        None => answer(),
    };
    let (status, answer) = match answer {
        Ok(answer) => (200, answer),
        Err((status, (code, sub, message))) => {
            let error = json!({
                "message": format!("(#{code}) {message}"), "type": "OAuthException", "code": code,
                "error_subcode": sub, "fbtrace_id": "A",
            });
            (status, json!({ "error": error }))
        }
    };
    record(&shared, &method, &path, &body, status);
    (StatusCode::from_u16(status).unwrap(), axum::Json(answer)).into_response()
}

fn record(shared: &Shared, method: &Method, path: &str, body: &Value, status: u16) {
    let (method, path, body) = (method.to_string(), path.to_owned(), body.clone());
    shared.lock().calls.push(Call { method, path, body, status });
    shared.touch();
}

/// Ends the connection in the middle of an answer.
fn dropped() -> Response {
    let broken = futures_util::stream::once(async { Err::<Bytes, _>(std::io::Error::other("dropped")) });
    Response::builder().header("content-length", "100").body(Body::from_stream(broken)).unwrap()
}

fn admit(
    world: &World,
    path: &str,
    query: &HashMap<String, String>,
    headers: &HeaderMap,
) -> Result<(), (u16, Refusal)> {
    let refuse = |status, code, sub, words: &str| Err((status, (code, sub, words.to_owned())));
    if world.is_old {
        return refuse(400, 2_635, 0, "You are calling a deprecated version of the API");
    }
    let given = headers.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let of_app = format!("{APP}|{SECRET}");
    let token = match given.strip_prefix("Bearer ") {
        Some(TOKEN) if !world.is_dead => TOKEN,
        Some(token) if token == of_app => of_app.as_str(),
        // Somebody who has not the secret speaks for no app.
        Some(token) if token.starts_with(APP) => {
            return refuse(400, 1, 0, "Invalid OAuth access token signature.");
        }
        _ => return refuse(401, 190, 463, "Error validating access token: Session has expired"),
    };
    if path.ends_with("subscriptions") && token == TOKEN {
        return refuse(400, 15, 0, "(#15) This method must be called with an app access_token.");
    }
    if query.contains_key("access_token") {
        return refuse(400, 100, 0, "the token stands in the address");
    }
    if query.get("appsecret_proof").is_none_or(|proof| *proof != hmac(SECRET, token.as_bytes())) {
        return refuse(400, 100, 0, "Invalid appsecret_proof provided in the API argument");
    }
    Ok(())
}

fn answer(world: &mut World, method: &Method, path: &str, body: &Value) -> Answer {
    let refused = |refusal| (400, refusal);
    let is_post = method == Method::POST;
    if is_post && path == format!("{PAGE}/messages") {
        rules::message(world, body).map_err(refused)?;
        let (to, is_comment) = rules::recipient(body).map_err(refused)?;
        if let Some(action) = body["sender_action"].as_str() {
            world.actions.push((to.clone(), action.to_owned()));
            return Ok(json!({ "recipient_id": to }));
        }
        let number = world.sent.len();
        let key = if is_comment { format!("comment:{to}") } else { to.clone() };
        if is_comment {
            world.replied.insert(to.clone());
        }
        world.sent.push(Sent { to: key, at: super::now() / 1_000, message: body["message"].clone() });
        return Ok(json!({ "recipient_id": to, "message_id": format!("m_own{number}") }));
    }
    let below = ["/comments", "/replies"].into_iter().find_map(|end| Some((path.strip_suffix(end)?, end)));
    if is_post && let Some((above, end)) = below {
        if (end == "/replies") != super::is_instagram(above) {
            return Err((400, (100, 33, format!("Unsupported post request to {path}"))));
        }
        let text = body["message"].as_str().unwrap_or_default().to_owned();
        world.comments.push((above.to_owned(), text));
        return Ok(json!({ "id": format!("{above}_1") }));
    }
    match (is_post, path) {
        (false, "me") => Ok(world.me.clone()),
        (false, "app") => Ok(json!({ "id": APP, "name": "Uttor" })),
        (false, "debug_token") => Ok(json!({ "data": world.token })),
        (false, "me/messenger_profile") => Ok(json!({ "data": [world.profile] })),
        (false, PAGE) => Ok(json!({ "id": PAGE, "instagram_business_account": world.linked })),
        (true, "me/messenger_profile") if body["platform"] == "instagram" => {
            rules::instagram_profile(body).map_err(refused)?;
            world.instagram_profile = body.clone();
            Ok(json!({ "result": "success" }))
        }
        (true, "me/messenger_profile") => {
            rules::profile(world, body).map_err(refused)?;
            for (key, value) in body.as_object().unwrap() {
                world.profile[key] = value.clone();
            }
            Ok(json!({ "result": "success" }))
        }
        (false, _) if path == format!("{PAGE}/subscribed_apps") => {
            let app =
                world.page_fields.as_ref().map(|fields| json!({ "id": APP, "subscribed_fields": fields }));
            Ok(json!({ "data": app.into_iter().collect::<Vec<_>>() }))
        }
        (true, _) if path == format!("{PAGE}/subscribed_apps") => {
            let fields = body["subscribed_fields"].as_array().cloned().unwrap_or_default();
            let fields = fields.iter().filter_map(|field| field.as_str().map(str::to_owned));
            world.page_fields = Some(fields.collect());
            Ok(json!({ "success": true }))
        }
        (false, _) if path == format!("{APP}/subscriptions") => Ok(json!({ "data": world.subscriptions })),
        (true, _) if path == format!("{APP}/subscriptions") => {
            rules::webhook(body).map_err(refused)?;
            let fields = body["fields"].as_str().unwrap_or_default().split(',');
            let fields: Vec<Value> = fields.map(|name| json!({ "name": name, "version": "v25.0" })).collect();
            let callback = &body["callback_url"];
            let object = &body["object"];
            let webhooks = world.subscriptions.as_array_mut().unwrap();
            webhooks.retain(|webhook| webhook["object"] != *object);
            webhooks.push(
                json!({ "object": object, "callback_url": callback, "active": true, "fields": fields }),
            );
            Ok(json!({ "success": true }))
        }
        _ => Err((400, (100, 33, format!("Unsupported {method} request to {path}")))),
    }
}

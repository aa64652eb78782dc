//! A stand-in Graph API: strict where Meta is strict, and with every fault on demand.
//!
//! A test delivers events to the webhook ([`Graph::deliver`]), waits for what the bot does ([`Graph::wait`]) and looks
//! at the record of every request ([`World::calls`]). Nobody gets in without the token and its proof.

mod rules;
pub mod run;
mod serve;
mod world;

#[allow(unused_imports, reason = "not everybody who takes the stand-in needs all of it")]
pub use world::{Fault, Sent, World, Wrong};

use std::io::Write as _;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use hmac::{Hmac, KeyInit, Mac};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use sha2::Sha256;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::app::PATIENCE;

/// The Page, its token, the app, its secret, and the token of verification.
pub const PAGE: &str = "1234567890";
pub const TOKEN: &str = "StandInPageTokenThatNobodyMaySee";
/// The Instagram account that is linked to the Page.
pub const INSTAGRAM: &str = "17841400000000001";
pub const APP: &str = "424242";
pub const SECRET: &str = "stand-in-app-secret";
pub const VERIFY: &str = "open-sesame";

/// The stand-in while it runs.
#[derive(Clone)]
pub struct Graph {
    /// For `MESSENGER_GRAPH_URL`.
    pub url: String,
    shared: Arc<Shared>,
    _server: Arc<Server>,
}

struct Server(JoinHandle<()>);

impl Drop for Server {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// What requests and tests share.
pub struct Shared {
    world: Mutex<World>,
    changed: watch::Sender<u64>,
    client: Client,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }

    /// Whether `callback` says the challenge back to whoever has `token`: the platform asks before it delivers.
    async fn verifies(&self, callback: &str, token: &str) -> bool {
        let query = [("hub.mode", "subscribe"), ("hub.verify_token", token), ("hub.challenge", "1158201444")];
        let Ok(answer) = self.client.get(callback).query(&query).send().await else { return false };
        answer.status() == StatusCode::OK && answer.text().await.is_ok_and(|text| text == "1158201444")
    }

    fn touch(&self) {
        self.changed.send_modify(|changes| *changes += 1);
    }
}

/// How a delivery is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signature {
    Right,
    Missing,
    /// With another secret.
    Forged,
}

/// HMAC-SHA256, hexadecimal.
pub fn hmac(key: &str, data: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
    mac.update(data);
    hex::encode(mac.finalize().into_bytes())
}

/// Now, in Unix milliseconds.
pub fn now() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis()).unwrap()
}

/// An event in which `person` says `text`.
pub fn says(person: &str, mid: &str, text: &str) -> Value {
    json!({
        "sender": { "id": person }, "recipient": { "id": PAGE }, "timestamp": now(),
        "message": { "mid": mid, "text": text },
    })
}

/// Whether somebody with this id is on Instagram, or a comment is.
pub fn is_instagram(id: &str) -> bool {
    id.starts_with("88") || id.starts_with("179")
}

/// A delivery's body with these events of Instagram.
pub fn instagram_body(events: &[Value], changes: &[Value]) -> Vec<u8> {
    let entry = json!({ "id": INSTAGRAM, "time": now(), "messaging": events, "changes": changes });
    json!({ "object": "instagram", "entry": [entry] }).to_string().into_bytes()
}

/// An event in which `person` presses a button.
pub fn presses(person: &str, mid: &str, title: &str, payload: &str) -> Value {
    json!({
        "sender": { "id": person }, "recipient": { "id": PAGE }, "timestamp": now(),
        "postback": { "mid": mid, "title": title, "payload": payload },
    })
}

/// A delivery's body with these events.
pub fn body(events: &[Value]) -> Vec<u8> {
    let body = json!({ "object": "page", "entry": [{ "id": PAGE, "time": now(), "messaging": events }] });
    // As Meta writes it: nothing but ASCII.
    let mut escaped = Vec::new();
    for unit in body.to_string().encode_utf16() {
        match u8::try_from(unit) {
            Ok(byte) if byte.is_ascii() => escaped.push(byte),
            _ => write!(escaped, "\\u{unit:04x}").unwrap(),
        }
    }
    escaped
}

impl Graph {
    /// Listens on a port of its own.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Shared {
            world: Mutex::new(World::new()),
            changed: watch::Sender::new(0),
            client: Client::builder().no_proxy().timeout(PATIENCE).build().unwrap(),
        });
        let server = tokio::spawn(serve::serve(listener, Arc::clone(&shared)));
        Self { url, shared, _server: Arc::new(Server(server)) }
    }

    /// Looks at the world, or changes it.
    pub fn world<T>(&self, look: impl FnOnce(&mut World) -> T) -> T {
        let seen = look(&mut self.shared.lock());
        self.shared.touch();
        seen
    }

    /// Waits until `look` sees what it looks for.
    pub async fn wait<T>(&self, what: &str, look: impl FnMut(&World) -> Option<T>) -> T {
        let seen = self.within(PATIENCE, look).await;
        let Some(seen) = seen else {
            let calls = self.world(|world| world.summary());
            panic!("{what} did not come about; the bot did:\n{calls}")
        };
        seen
    }

    /// As [`Graph::wait`], none when it takes longer than `patience`.
    pub async fn within<T>(
        &self,
        patience: Duration,
        mut look: impl FnMut(&World) -> Option<T>,
    ) -> Option<T> {
        let mut changed = self.shared.changed.subscribe();
        let seen = async {
            loop {
                if let Some(seen) = look(&self.shared.lock()) {
                    return seen;
                }
                changed.changed().await.unwrap();
            }
        };
        timeout(patience, seen).await.ok()
    }

    /// Brings `body` to the webhook of the program at `app`.
    pub async fn deliver_to(&self, app: &str, body: Vec<u8>, signature: Signature) -> StatusCode {
        let request = self.shared.client.post(format!("{app}/messenger/webhook"));
        let request = request.header("content-type", "application/json");
        let request = match signature {
            Signature::Missing => request,
            Signature::Right => {
                request.header("x-hub-signature-256", format!("sha256={}", hmac(SECRET, &body)))
            }
            Signature::Forged => {
                request.header("x-hub-signature-256", format!("sha256={}", hmac(VERIFY, &body)))
            }
        };
        request.body(body).send().await.unwrap().status()
    }

    /// The settings that bring `uttor` here.
    pub fn settings(&self) -> Vec<(&str, &str)> {
        vec![
            ("MESSENGER_PAGE_ID", PAGE),
            ("MESSENGER_PAGE_TOKEN", TOKEN),
            ("MESSENGER_APP_SECRET", SECRET),
            ("MESSENGER_VERIFY_TOKEN", VERIFY),
            ("MESSENGER_GRAPH_URL", &self.url),
        ]
    }
}

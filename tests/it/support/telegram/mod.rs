//! A stand-in Bot API server: as strict as Telegram, with faults on demand.
//!
//! A test makes people speak ([`Telegram::says`]), waits for what the bot does ([`Telegram::wait`]) and looks at the
//! record of every request ([`World::calls`]). What Telegram refuses is refused here, in Telegram's own words.

mod deliver;
mod ephemeral;
mod html;
mod outside;
mod methods;
mod rules;
mod serve;
mod speak;
mod world;

pub use ephemeral::Whisper;
pub use speak::{ANONYMOUS, group, now, private};
pub use world::{Call, Fault, Posted, Webhook, World, Wrong};

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::app::PATIENCE;

/// The bot's token; it must show up nowhere.
pub const TOKEN: &str = "4242:StandInTokenThatNobodyMaySee";

/// The bot's id.
pub const BOT: i64 = 4242;

/// The bot's name.
pub const BOT_NAME: &str = "Uttor_Test_Bot";

/// The stand-in while it runs.
#[derive(Clone)]
pub struct Telegram {
    /// For `TELOXIDE_API_URL`.
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
    client: reqwest::Client,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }

    fn touch(&self) {
        self.changed.send_modify(|changes| *changes += 1);
    }
}

impl Telegram {
    /// Listens on a port of its own.
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self::on(listener)
    }

    /// Listens there.
    pub fn on(listener: TcpListener) -> Self {
        let url = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Shared {
            world: Mutex::new(World::new()),
            changed: watch::Sender::new(0),
            client: reqwest::Client::builder().no_proxy().timeout(PATIENCE).build().unwrap(),
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

    /// As [`Telegram::wait`], none when it takes longer than `patience`.
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

    /// Brings what waits to the webhook.
    pub fn deliver(&self) {
        deliver::deliver_all(&self.shared);
    }

    /// The settings that bring `uttor` here.
    pub fn settings(&self) -> Vec<(&str, &str)> {
        vec![("TELOXIDE_TOKEN", TOKEN), ("TELOXIDE_API_URL", &self.url)]
    }
}

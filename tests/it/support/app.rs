//! The whole program in this process, on a port of its own.

use std::ffi::OsString;
use std::fs;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{interval, timeout};
use uttor::app::{App, bind};
use uttor::config::Config;
use uttor::library::source::Source;

/// How long anything may take before a test gives up on it.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// The content written for the tests.
pub fn garden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/faq")
}

/// A copy of [`garden`] that a test may change.
pub fn garden_copy() -> TempDir {
    let copy = TempDir::new().unwrap();
    for file in fs::read_dir(garden()).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), copy.path().join(file.file_name())).unwrap();
    }
    copy
}

/// The settings that `pairs` make, and nothing else.
pub fn config(pairs: &[(&str, &str)]) -> Result<Config, uttor::config::ConfigError> {
    let pairs = pairs.iter().map(|(name, value)| (OsString::from(name), OsString::from(value)));
    Config::read(pairs, Path::new("no-such-file"))
}

/// The program while it runs.
pub struct TestApp {
    /// Where it is reached, without a slash at the end.
    pub url: String,
    /// Who asks.
    pub client: Client,
    stop: oneshot::Sender<()>,
    _folder: TempDir,
    served: JoinHandle<anyhow::Result<()>>,
}

impl TestApp {
    /// With the tests' own content.
    pub async fn start() -> Self {
        Self::start_with(&garden(), &[]).await
    }

    /// With the content of `folder` and further settings.
    pub async fn start_with(folder: &Path, settings: &[(&str, &str)]) -> Self {
        let private = TempDir::new().unwrap();
        let database = match settings.iter().find(|(name, _)| *name == "DATABASE_URL") {
            Some((_, url)) => (*url).to_owned(),
            None => format!("sqlite://{}", private.path().join("data/uttor.db").display()),
        };
        let own = [("LISTEN", "127.0.0.1:0"), ("DATABASE_URL", &database)];
        let config = config(&[settings, &own].concat()).unwrap();
        let listener = bind(config.listen).await.unwrap();
        let app = App::build(&config, Source::Folder(folder.to_owned()), listener).await.unwrap();
        let url = format!("http://{}", app.address());
        let (stop, stopped) = oneshot::channel();
        let served = tokio::spawn(app.run(async {
            let _ = stopped.await;
        }));
        let client = Client::builder().timeout(PATIENCE).no_proxy().build().unwrap();
        Self { url, client, stop, _folder: private, served }
    }

    /// `GET path`.
    pub async fn get(&self, path: &str) -> Response {
        self.client.get(format!("{}{path}", self.url)).send().await.unwrap()
    }

    /// `POST path` with JSON; the status and the JSON that comes back.
    pub async fn post(&self, path: &str, body: &Value) -> (StatusCode, Value) {
        let sent = self.client.post(format!("{}{path}", self.url)).json(body).send().await.unwrap();
        (sent.status(), sent.json().await.unwrap())
    }

    /// What `text` gets.
    pub async fn ask(&self, text: &str) -> Value {
        let (status, reply) = self.post("/api/ask", &json!({ "text": text })).await;
        assert_eq!(status, StatusCode::OK, "{reply}");
        reply
    }

    /// Tells it to stop, and waits until it has.
    pub async fn stop(self) -> anyhow::Result<()> {
        let _ = self.stop.send(());
        timeout(PATIENCE, self.served).await.unwrap().unwrap()
    }
}

/// Waits until `look` sees what it looks for.
pub async fn eventually<T, F: Future<Output = Option<T>>>(what: &str, mut look: impl FnMut() -> F) -> T {
    let mut ticks = interval(Duration::from_millis(20));
    let seen = async {
        loop {
            ticks.tick().await;
            if let Some(seen) = look().await {
                return seen;
            }
        }
    };
    timeout(PATIENCE, seen).await.unwrap_or_else(|_| panic!("{what} did not come about"))
}

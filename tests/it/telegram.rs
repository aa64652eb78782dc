//! Telegram, through the stand-in Bot API server: every story by polling and by webhook.

mod anonymous;
mod dialogue;
mod faults;
mod group;
mod guide;
mod inline;
mod intake;
mod lessons;
mod own_answers;
mod manners;
mod membership;
mod unprompted;
mod private;
mod profile;
mod readme;
mod replicas;
mod sending;
mod settings;
mod shared;
mod status;
mod survival;
mod teaching;
mod waiting;
mod webhook;

use std::future::Future;

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use uttor::store::Store;

use crate::support::app::{TestApp, garden};
use crate::support::telegram::{Telegram, Webhook};

const SECRET: &str = "open-sesame_42";

/// How updates come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Polling,
    Webhook,
}

/// The program, Telegram, and a store of their own.
pub struct Rig {
    pub telegram: Telegram,
    pub app: TestApp,
    pub mode: Mode,
    _data: TempDir,
    faq: PathBuf,
    settings: Vec<(String, String)>,
}

impl Rig {
    pub async fn start(mode: Mode) -> Self {
        Self::start_with(mode, &[]).await
    }

    pub async fn start_with(mode: Mode, settings: &[(&str, &str)]) -> Self {
        Self::at(Telegram::start().await, mode, settings).await
    }

    pub async fn at(telegram: Telegram, mode: Mode, settings: &[(&str, &str)]) -> Self {
        Self::with_content(&garden(), telegram, mode, settings).await
    }

    pub async fn with_content(faq: &Path, telegram: Telegram, mode: Mode, settings: &[(&str, &str)]) -> Self {
        let data = tempfile::tempdir().unwrap();
        let database = format!("sqlite://{}", data.path().join("uttor.db").display());
        let mut all = vec![
            ("DATABASE_URL".to_owned(), database),
            ("ARTICLE_URL".to_owned(), "https://example.org/garden".to_owned()),
        ];
        all.extend(telegram.settings().iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        if mode == Mode::Webhook {
            all.push(("TELEGRAM_MODE".to_owned(), "webhook".to_owned()));
            all.push(("TELEGRAM_WEBHOOK_SECRET".to_owned(), SECRET.to_owned()));
        }
        all.extend(settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let app = launch(faq, &telegram, mode, &all).await;
        Self { telegram, app, mode, _data: data, faq: faq.to_owned(), settings: all }
    }

    /// Stops the program and starts it again on the same store.
    pub async fn restart(self) -> Self {
        self.restart_after(async || {}).await
    }

    /// The same; something happens in between.
    pub async fn restart_after(self, meanwhile: impl AsyncFnOnce()) -> Self {
        self.app.stop().await.unwrap();
        meanwhile().await;
        let app = launch(&self.faq, &self.telegram, self.mode, &self.settings).await;
        Self { app, ..self }
    }

    pub async fn metrics(&self) -> String {
        self.app.get("/metrics").await.text().await.unwrap()
    }

    /// The store, beside the program.
    pub async fn store(&self) -> Store {
        let (_, url) = self.settings.iter().find(|(name, _)| name == "DATABASE_URL").unwrap();
        Store::open(url).await.unwrap()
    }
}

async fn launch(faq: &Path, telegram: &Telegram, mode: Mode, settings: &[(String, String)]) -> TestApp {
    let pairs: Vec<(&str, &str)> =
        settings.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let app = TestApp::start_with(faq, &pairs).await;
    if mode == Mode::Webhook {
        let url = format!("{}/telegram/webhook", app.url);
        telegram.world(|world| {
            world.webhook =
                Some(Webhook { url, secret: Some(SECRET.to_owned()), max_connections: 40, last_error: None });
        });
        telegram.deliver();
    }
    app
}

/// Tells a story in both modes.
pub async fn in_both<F: Future<Output = ()>>(story: impl Fn(Rig) -> F) {
    for mode in [Mode::Polling, Mode::Webhook] {
        story(Rig::start(mode).await).await;
    }
}

//! Messenger, through the stand-in Graph API.

mod comments;
mod conversations;
mod guide;
mod inbox;
mod instagram;
mod instagram_setup;
mod load;
mod parts;
mod replicas;
mod sending;
mod setup;
mod shapes;
mod takeover;
mod webhook;

use std::path::{Path, PathBuf};

use reqwest::StatusCode;
use serde_json::Value;
use tempfile::TempDir;

use crate::support::app::{TestApp, eventually, garden};
use crate::support::graph::{Graph, Sent, Signature, body};

/// The program, Facebook, and a store of their own.
pub struct Rig {
    pub graph: Graph,
    pub app: TestApp,
    _data: TempDir,
    content: PathBuf,
    settings: Vec<(String, String)>,
}

impl Rig {
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    pub async fn start_with(settings: &[(&str, &str)]) -> Self {
        Self::start_at(&garden(), settings).await
    }

    /// With the content of `folder`.
    pub async fn start_at(folder: &Path, settings: &[(&str, &str)]) -> Self {
        let graph = Graph::start().await;
        let data = tempfile::tempdir().unwrap();
        let database = format!("sqlite://{}", data.path().join("uttor.db").display());
        // The first of a name is taken.
        let mut pairs = settings.to_vec();
        pairs.extend([("DATABASE_URL", database.as_str()), ("ARTICLE_URL", "https://example.org/garden")]);
        pairs.extend(graph.settings());
        let mut all: Vec<(String, String)> = Vec::new();
        for (name, value) in pairs {
            if all.iter().all(|(other, _)| other != name) {
                all.push((name.to_owned(), value.to_owned()));
            }
        }
        let app = launch(&graph, folder, &all).await;
        Self { graph, app, _data: data, content: folder.to_owned(), settings: all }
    }

    /// Stops the program and starts it again on the same store.
    pub async fn restart(self) -> Self {
        self.app.stop().await.unwrap();
        let app = launch(&self.graph, &self.content, &self.settings).await;
        Self { app, ..self }
    }

    /// Delivers events, rightly signed; they are acknowledged.
    pub async fn deliver(&self, events: &[Value]) {
        let status = self.graph.deliver_to(&self.app.url, body(events), Signature::Right).await;
        assert_eq!(status, StatusCode::OK);
    }

    /// The bot's `number`-th message to `person`, once it is there.
    pub async fn answer(&self, person: &str, number: usize) -> Sent {
        self.graph.wait("an answer", |world| world.sent_to(person).get(number).cloned()).await
    }

    /// How often this happened to an event, by the metrics.
    pub async fn count(&self, what: &str) -> u64 {
        let text = self.app.get("/metrics").await.text().await.unwrap();
        let line = format!("{what} ");
        text.lines().find_map(|found| found.strip_prefix(&line)).map_or(0, |count| count.parse().unwrap())
    }
}

async fn launch(graph: &Graph, content: &Path, settings: &[(String, String)]) -> TestApp {
    let pairs: Vec<(&str, &str)> =
        settings.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let before = graph.world(|world| world.calls.len());
    let app = TestApp::start_with(content, &pairs).await;
    // It takes events by then, and knows whose echoes are ours.
    eventually("the introduction", async || {
        let asked = graph.world(|world| world.calls.iter().skip(before).any(|call| call.path == "app"));
        asked.then_some(())
    })
    .await;
    app
}

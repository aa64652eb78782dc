//! Connected accounts: as the last update said, and else as Telegram says.

use std::sync::Arc;
use std::time::Duration;

use moka::sync::Cache;
use serde_json::{Value, json};

use crate::channel::telegram::client::api::Api;
use crate::channel::telegram::intake::business::Connection;
use crate::channel::telegram::resources::Resources;

/// How long an account's rights are not asked for again. Where a replica heard of a change, others learn of it then.
const CONNECTION_TTL: Duration = Duration::from_mins(10);

/// Knows connected accounts. Who they belong to stands in no store: Telegram tells it again.
pub struct Connections {
    api: Arc<Api>,
    known: Cache<String, Connection>,
}

impl Connections {
    /// None is known yet.
    pub fn new(of: &Resources) -> Self {
        let known = Cache::builder().max_capacity(10_000).time_to_live(CONNECTION_TTL).build();
        Self { api: Arc::clone(&of.api), known }
    }

    /// An update told of this one.
    pub fn keep(&self, connection: Connection) {
        self.known.insert(connection.id.clone(), connection);
    }

    /// The account with this connection; none where there is no such, or Telegram does not say.
    pub async fn find(&self, id: &str) -> Option<Connection> {
        if let Some(known) = self.known.get(id) {
            return Some(known);
        }
        let about = json!({ "business_connection_id": id });
        match self.api.call_named::<Value>("GetBusinessConnection", &about).await {
            Ok(told) => {
                let connection = Connection::read(&told)?;
                self.keep(connection.clone());
                Some(connection)
            }
            Err(failure) => {
                tracing::warn!("a connected account is not known, its message is not handled: {failure}");
                None
            }
        }
    }
}

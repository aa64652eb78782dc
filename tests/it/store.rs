//! The store keeps its promises on SQLite and on PostgreSQL alike.

mod faults;
mod kill;
mod learning;
mod pending;
mod story;
mod transfer;

use uttor::faq::EntryId;
use uttor::store::{ClusterId, GroupId, Lesson, Question, Scope, Store};
use uttor::text::mask::Masked;

/// The moment at which most of it happens.
const NOW: i64 = 1_700_000_000;

/// Runs `async fn $name(database: &Database)` on either database.
macro_rules! on_both {
    ($($name:ident)*) => { $(
        mod $name {
            use crate::support::database::Database;

            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn sqlite() {
                super::$name(&Database::sqlite()).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn postgres() {
                if let Some(database) = Database::postgres().await {
                    super::$name(&database).await;
                }
            }
        }
    )* };
}
pub(crate) use on_both;

fn entry(id: &str) -> EntryId {
    id.parse().unwrap()
}

fn phrasing(id: &str, text: &str) -> Lesson {
    Lesson::Phrasing { entry: entry(id), text: text.to_owned() }
}

fn group() -> GroupId {
    GroupId::new("telegram", "-1001")
}

pub(crate) async fn keep(store: &Store, text: &str, cluster: Option<ClusterId>, now: i64) -> ClusterId {
    let text = Masked::new(text);
    let question = Question { text: &text, channel: "web", scope: &Scope::Base, entry: None };
    store.keep_question(&question, cluster, now).await.unwrap()
}

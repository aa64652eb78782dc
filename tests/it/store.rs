//! The store keeps its promises on SQLite and on PostgreSQL alike.

mod faults;
mod kill;
mod story;
mod transfer;

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

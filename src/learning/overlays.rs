//! The overlays of the groups that were used last; the others are made again when they are needed.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use moka::sync::Cache;
use tokio::task::spawn_blocking;

use super::lessons::additions;
use crate::library::Library;
use crate::matcher::overlay::Overlay;
use crate::store::{Error, GroupId, Scope, Store};

/// How much memory overlays may take together, in bytes: well over a thousand groups of twenty phrasings.
const MAX_BYTES: u64 = 32 << 20;

/// How often an overlay is made again because it was changed while it was made.
const MAX_ATTEMPTS: u32 = 3;

/// Overlays by group.
pub struct Overlays {
    cache: Cache<GroupId, Arc<Overlay>>,
    /// Counts what was forgotten, so that nothing older is put in place afterwards.
    forgotten: AtomicU64,
}

impl Overlays {
    /// None yet.
    pub fn new() -> Self {
        let weigh = |group: &GroupId, overlay: &Arc<Overlay>| {
            // 200: what the cache itself keeps for each.
            u32::try_from(group.as_str().len() + overlay.size() + 200).unwrap_or(u32::MAX)
        };
        Self {
            cache: Cache::builder().weigher(weigh).max_capacity(MAX_BYTES).build(),
            forgotten: AtomicU64::new(0),
        }
    }

    /// A group's overlay where it is in memory.
    pub fn get(&self, group: &GroupId) -> Option<Arc<Overlay>> {
        self.cache.get(group)
    }

    /// A group's overlay, made of what the store has where it is not in memory.
    pub async fn load(
        &self,
        group: &GroupId,
        store: &Store,
        library: &Library,
    ) -> Result<Arc<Overlay>, Error> {
        let mut attempts = 0;
        loop {
            if let Some(overlay) = self.cache.get(group) {
                return Ok(overlay);
            }
            let before = self.forgotten.load(Ordering::SeqCst);
            let teachings = store.teachings_of(&Scope::Group(group.clone())).await?;
            let content = library.current();
            let making = spawn_blocking(move || Arc::new(content.matcher.overlay(&additions(&teachings))));
            let overlay = making.await.map_err(|error| Error::Broken(error.to_string()))?;
            self.cache.insert(group.clone(), Arc::clone(&overlay));
            attempts += 1;
            if self.forgotten.load(Ordering::SeqCst) == before {
                return Ok(overlay);
            }
            self.cache.invalidate(group);
            if attempts == MAX_ATTEMPTS {
                return Ok(overlay);
            }
        }
    }

    /// A group was taught something.
    pub fn forget(&self, group: &GroupId) {
        self.forgotten.fetch_add(1, Ordering::SeqCst);
        self.cache.invalidate(group);
    }

    /// Nothing that is in memory holds any more.
    pub fn forget_all(&self) {
        self.forgotten.fetch_add(1, Ordering::SeqCst);
        self.cache.invalidate_all();
    }
}

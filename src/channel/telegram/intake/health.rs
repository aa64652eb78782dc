//! Whether Telegram can be reached, and whether updates are accepted.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::telemetry::Metrics;

/// The health of the channel.
pub struct Health {
    reachable: AtomicBool,
    accepting: AtomicBool,
    metrics: Metrics,
}

impl Health {
    /// Nothing is known yet.
    pub fn new(metrics: Metrics) -> Self {
        Self { reachable: AtomicBool::new(false), accepting: AtomicBool::new(false), metrics }
    }

    /// Whether the last request for updates, or about the webhook, succeeded.
    pub fn is_reachable(&self) -> bool {
        self.reachable.load(Ordering::Acquire)
    }

    /// Says whether Telegram hands out updates.
    pub fn set_reachable(&self, reachable: bool) {
        self.reachable.store(reachable, Ordering::Release);
        self.metrics.telegram_reachable(reachable);
    }

    /// Whether the webhook accepts updates.
    pub fn is_accepting(&self) -> bool {
        self.accepting.load(Ordering::Acquire)
    }

    /// Says whether the webhook accepts updates.
    pub fn set_accepting(&self, accepting: bool) {
        self.accepting.store(accepting, Ordering::Release);
    }
}

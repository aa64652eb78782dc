//! Requests to the Bot API: the transport, its errors, what is sent and how fast.

pub mod api;
pub mod error;
pub(crate) mod rate_limit;
pub(crate) mod send;

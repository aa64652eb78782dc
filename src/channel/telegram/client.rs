//! The Bot API's client: requests, their errors, and sending within the rate limit.

pub mod api;
pub mod error;
pub mod rate_limit;
pub mod send;
pub mod whisper;

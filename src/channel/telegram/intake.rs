//! How updates come in: by polling or by webhook, from the store where a process left some, and in which order they are
//! handled.

pub(crate) mod dispatch;
pub(crate) mod inbox;
pub(crate) mod leader;
pub(crate) mod poll;
pub mod registration;
pub mod update;
pub(crate) mod webhook;

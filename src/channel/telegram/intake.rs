//! How updates come in: by polling or by webhook, or from the store where a process left some. They are claimed here, and
//! handled in the order of each chat.

pub mod business;
pub mod dispatch;
pub mod health;
pub mod inbox;
pub mod leader;
pub mod message;
pub mod poll;
pub mod registration;
pub mod update;
pub mod webhook;

//! The ways people reach the bot: each turns its own updates into messages and replies into its own requests.

use std::time::Instant;

use crate::message::{Content, Message, Payload};
use crate::responder::{Responder, Response};
use crate::telemetry::Metrics;

mod executor;
pub mod messenger;
mod pending;
pub mod staff;
pub mod telegram;
pub mod terminal;
pub mod web;

/// What `message` gets, counted under the name of its channel.
pub async fn respond(responder: &Responder, metrics: &Metrics, message: &Message) -> Response {
    let start = Instant::now();
    let response = responder.respond(message).await;
    metrics.message(message.channel(), &response.reply.outcome, start.elapsed());
    if let Content::Press(Payload::Feedback { entry, helpful }) = &message.content
        && responder.view(None).await.entry(entry).is_some()
    {
        metrics.feedback(entry, *helpful);
    }
    response
}

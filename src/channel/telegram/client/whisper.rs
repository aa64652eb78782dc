//! Ephemeral messages: in a group, seen by one member only (Telegram: `ephemeral_message_parameters`).
//!
//! A bot that is no administrator may send one only as the answer to what the member just did, and delivery is not
//! guaranteed. So whoever sends one needs another way for when it is refused.

use serde_json::{Value, json};

use super::error::Failure;
use super::send::{Outgoing, Sender, Unsent};

/// Who alone sees a message, and what that member did.
#[derive(Clone, Copy, Debug)]
pub struct Receiver<'a> {
    /// The member's user id.
    pub person: i64,
    /// The ephemeral message that is answered.
    pub said: Option<i64>,
    /// The press that is answered.
    pub press: Option<&'a str>,
    /// Whether the message takes the place of the one that was pressed, which is ephemeral too.
    pub replaces: bool,
}

impl Sender {
    /// Sends a message that only the receiver sees.
    ///
    /// # Errors
    /// The deadline passed, or Telegram refused or failed. Counted.
    pub async fn whisper(&self, outgoing: &Outgoing, to: &Receiver<'_>) -> Result<(), Unsent> {
        let sent = self.try_whisper(outgoing, to).await;
        self.metrics.telegram_send(match &sent {
            Ok(()) => "ephemeral",
            Err(Unsent::Stale) => "stale",
            Err(Unsent::Failed(_)) => "ephemeral_refused",
        });
        sent
    }

    async fn try_whisper(&self, outgoing: &Outgoing, to: &Receiver<'_>) -> Result<(), Unsent> {
        let chat = self.current(outgoing.to.chat);
        let mut parameters = json!({ "receiver_user_id": to.person });
        if let Some(press) = to.press {
            parameters["callback_query_id"] = json!(press);
            if to.replaces {
                parameters["replace_callback_query_message"] = json!(true);
            }
        }
        let mut message = json!({
            "chat_id": chat,
            "text": outgoing.html,
            "parse_mode": "HTML",
            "link_preview_options": { "is_disabled": true },
            "ephemeral_message_parameters": parameters,
        });
        if let Some(topic) = outgoing.to.topic {
            message["message_thread_id"] = json!(topic);
        }
        if let Some(said) = to.said {
            message["reply_parameters"] = json!({ "ephemeral_message_id": said });
        } else if let Some(question) = outgoing.to.reply_to {
            let reply = json!({ "message_id": question, "allow_sending_without_reply": true });
            message["reply_parameters"] = reply;
        }
        if let Some(buttons) = &outgoing.buttons {
            message["reply_markup"] = json!(buttons);
        }
        self.rate_limit.acquire(chat, outgoing.deadline).await.map_err(|_| Unsent::Stale)?;
        match self.api.call_named::<Value>("SendMessage", &message).await {
            Ok(_) | Err(Failure::Unreadable) => Ok(()),
            Err(failure) => {
                if let Failure::Flood(time) = failure {
                    self.rate_limit.pause(chat, time);
                }
                Err(Unsent::Failed(failure))
            }
        }
    }

    /// Deletes an ephemeral message, which no other request deletes.
    ///
    /// # Errors
    /// Telegram refused or failed.
    pub async fn delete_whisper(&self, chat: i64, person: i64, message: i64) -> Result<(), Failure> {
        let about = json!({
            "chat_id": self.current(chat), "receiver_user_id": person, "ephemeral_message_id": message,
        });
        self.api.call_named::<Value>("DeleteEphemeralMessage", &about).await.map(|_| ())
    }
}

//! Errors of the Bot API, classified by what can be done about them.
//!
//! Telegram describes most errors in words only, and changes some of the words; the classification uses the few that have
//! stayed the same.

use std::time::Duration;

/// Why a request failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// Too many requests: nothing more to this chat for so long.
    #[error("too many requests, wait {} s", .0.as_secs())]
    Flood(Duration),
    /// The group became this supergroup.
    #[error("the group became a supergroup")]
    Migrated(i64),
    /// The bot is blocked or kicked, or the chat is deleted.
    #[error("the chat is closed to the bot: {0}")]
    Closed(String),
    /// The bot may not write there now.
    #[error("the bot lacks the right: {0}")]
    Forbidden(String),
    /// The topic is closed or gone.
    #[error("the topic is closed or gone")]
    TopicGone,
    /// The message to reply to is gone.
    #[error("the message to reply to is gone")]
    QuestionGone,
    /// The message to edit or delete is gone, or too old.
    #[error("the message to edit or delete is gone")]
    MessageGone,
    /// The message is already as it would be after the edit.
    #[error("the message is not modified")]
    NotModified,
    /// The text's markup is wrong, or it is too long: it can be sent as plain text.
    #[error("the text is refused: {0}")]
    Text(String),
    /// A press or an inline query is too old to be answered.
    #[error("the query is too old")]
    TooLate,
    /// The token is wrong or was revoked.
    #[error("the token is refused; copy it again from BotFather into TELOXIDE_TOKEN")]
    Unauthorized,
    /// Another program polls with the same token, or a webhook is set.
    #[error("{0}")]
    Conflict(String),
    /// Refused for another reason.
    #[error("refused: {0}")]
    Refused(String),
    /// The server failed.
    #[error("the server failed with status {0}")]
    Server(u16),
    /// No response came: the outcome is unknown.
    #[error("no response: {0}")]
    Network(String),
    /// It was carried out, but the response could not be parsed.
    #[error("the response cannot be parsed")]
    Unreadable,
}

impl Failure {
    /// A failed connection; `error` must not contain the URL.
    pub fn network(error: &reqwest::Error) -> Self {
        let what = if error.is_timeout() {
            "it took too long"
        } else if error.is_connect() {
            "no connection"
        } else {
            "the connection broke"
        };
        Self::Network(what.to_owned())
    }

    /// What a response with `ok: false` means.
    pub fn classify(code: u16, description: &str, retry_after: Option<u64>, migrated: Option<i64>) -> Self {
        if let Some(chat) = migrated {
            return Self::Migrated(chat);
        }
        let words = description.to_lowercase();
        let says = |parts: &[&str]| parts.iter().any(|part| words.contains(part));
        match code {
            429 => return Self::Flood(Duration::from_secs(retry_after.unwrap_or(1))),
            401 | 404 => return Self::Unauthorized,
            409 => return Self::Conflict(description.to_owned()),
            500.. => return Self::Server(code),
            _ => {}
        }
        if says(&["message is not modified"]) {
            Self::NotModified
        } else if says(&["message thread not found", "topic_closed", "topic_deleted"]) {
            Self::TopicGone
        } else if says(&[
            "message to be replied not found",
            "replied message not found",
            "reply_message_id_invalid",
        ]) {
            Self::QuestionGone
        } else if says(&[
            "message to edit not found",
            "message can't be edited",
            "message to delete not found",
            "message can't be deleted",
            "message_id_invalid",
        ]) {
            Self::MessageGone
        } else if says(&["can't parse entities", "message is too long", "entity_"]) {
            Self::Text(description.to_owned())
        } else if says(&["query is too old", "query_id_invalid", "query id is invalid"]) {
            Self::TooLate
        } else if says(&[
            "not enough rights",
            "have no rights",
            "chat_write_forbidden",
            "need administrator rights",
            "bot_not_admin",
            "chat_admin_required",
        ]) {
            Self::Forbidden(description.to_owned())
        } else if code == 403
            || says(&["chat not found", "user is deactivated", "peer_id_invalid", "chat_restricted"])
        {
            Self::Closed(description.to_owned())
        } else {
            Self::Refused(description.to_owned())
        }
    }

    /// Whether the same request may succeed a moment later.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Flood(_) | Self::Server(_) | Self::Network(_))
    }

    /// Whether the request was surely not carried out.
    pub fn is_refusal(&self) -> bool {
        !matches!(self, Self::Server(_) | Self::Network(_) | Self::Unreadable)
    }

    /// Whether the bot is no longer a member of the group, or the group no longer exists. The words are those of the
    /// Bot API server: `bot was kicked from the … chat`, `bot is not a member of the … chat`, `the group chat was
    /// deleted`.
    pub fn is_out(&self) -> bool {
        let Self::Closed(words) = self else { return false };
        let words = words.to_lowercase();
        ["was kicked", "not a member", "chat was deleted"].iter().any(|part| words.contains(part))
    }

    /// A short name for the metrics.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Flood(_) => "flood",
            Self::Migrated(_) => "migrated",
            Self::Closed(_) => "closed",
            Self::Forbidden(_) => "forbidden",
            Self::TopicGone => "topic_gone",
            Self::QuestionGone => "question_gone",
            Self::MessageGone => "message_gone",
            Self::NotModified => "not_modified",
            Self::Text(_) => "text",
            Self::TooLate => "too_late",
            Self::Unauthorized => "unauthorized",
            Self::Conflict(_) => "conflict",
            Self::Refused(_) => "refused",
            Self::Server(_) => "server",
            Self::Network(_) => "network",
            Self::Unreadable => "unreadable",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_are_classified() {
        for (code, description, name) in [
            (429, "Too Many Requests: retry after 5", "flood"),
            (403, "Forbidden: bot was blocked by the user", "closed"),
            (403, "Forbidden: bot was kicked from the supergroup chat", "closed"),
            (400, "Bad Request: chat not found", "closed"),
            (400, "Bad Request: not enough rights to send text messages to the chat", "forbidden"),
            (400, "Bad Request: CHAT_WRITE_FORBIDDEN", "forbidden"),
            (400, "Bad Request: BOT_NOT_ADMIN", "forbidden"),
            (400, "Bad Request: message thread not found", "topic_gone"),
            (400, "Bad Request: TOPIC_CLOSED", "topic_gone"),
            (400, "Bad Request: message to be replied not found", "question_gone"),
            (400, "Bad Request: can't parse entities: Unclosed start tag", "text"),
            (
                400,
                "Bad Request: query is too old and response timeout expired or query ID is invalid",
                "too_late",
            ),
            (401, "Unauthorized", "unauthorized"),
            (409, "Conflict: terminated by other getUpdates request", "conflict"),
            (502, "Bad Gateway", "server"),
            (400, "Bad Request: something new", "refused"),
        ] {
            assert_eq!(Failure::classify(code, description, Some(5), None).name(), name, "{description}");
        }
        for (description, is_out) in [
            ("Forbidden: bot was kicked from the supergroup chat", true),
            ("Forbidden: bot is not a member of the supergroup chat", true),
            ("Forbidden: the group chat was deleted", true),
            ("Forbidden: bot was blocked by the user", false),
        ] {
            assert_eq!(Failure::classify(403, description, None, None).is_out(), is_out, "{description}");
        }
        assert_eq!(Failure::classify(400, "upgraded", None, Some(-100)), Failure::Migrated(-100));
    }
}

//! What Telegram shows of the bot: its commands by place and language, and its description. Set only where it
//! differs.

use std::sync::Arc;

use serde_json::{Value, json};

use super::Bot;
use super::client::error::Failure;
use crate::reply::wording;

type Commands = Vec<(&'static str, &'static str, &'static str)>;

/// Besides the language that people get who have none of these.
const LANGUAGES: [&str; 3] = ["", "bn", "en"];

impl Bot {
    /// Sees to it that commands and descriptions are as they should be. A failure is no reason not to answer.
    pub(super) async fn describe_itself(self: Arc<Self>) {
        if let Err(failure) = self.describe().await {
            tracing::warn!("the bot's commands and description could not all be set: {failure}");
        }
    }

    async fn describe(&self) -> Result<(), Failure> {
        let admin: Commands = [&wording::GROUP_COMMANDS[..], &wording::ADMIN_COMMANDS[..]].concat();
        let scopes: [(&str, Commands); 4] = [
            ("default", wording::GROUP_COMMANDS.to_vec()),
            ("all_private_chats", wording::PRIVATE_COMMANDS.to_vec()),
            ("all_group_chats", wording::GROUP_COMMANDS.to_vec()),
            ("all_chat_administrators", admin),
        ];
        for (scope, commands) in &scopes {
            for language in LANGUAGES {
                let wanted: Vec<Value> = commands
                    .iter()
                    .map(|(name, bengali, english)| {
                        let description = if language == "en" { english } else { bengali };
                        json!({ "command": name, "description": description })
                    })
                    .collect();
                let about = json!({ "scope": { "type": scope }, "language_code": language });
                let there: Value = self.call("GetMyCommands", about.clone()).await?;
                if there != Value::Array(wanted.clone()) {
                    let mut set = about;
                    set["commands"] = Value::Array(wanted);
                    self.call::<Value>("SetMyCommands", set).await?;
                }
            }
        }
        for (get, set, field, (bengali, english)) in [
            ("GetMyDescription", "SetMyDescription", "description", wording::DESCRIPTION),
            (
                "GetMyShortDescription",
                "SetMyShortDescription",
                "short_description",
                wording::SHORT_DESCRIPTION,
            ),
        ] {
            for language in LANGUAGES {
                let wanted = if language == "en" { english } else { bengali };
                let there: Value = self.call(get, json!({ "language_code": language })).await?;
                if there[field] != wanted {
                    self.call::<Value>(set, json!({ "language_code": language, field: wanted })).await?;
                }
            }
        }
        Ok(())
    }

    /// A method that teloxide's types would only make longer.
    pub(super) async fn call<T: serde::de::DeserializeOwned>(
        &self,
        method: &str,
        parameters: Value,
    ) -> Result<T, Failure> {
        self.api.call_within(method, &parameters, std::time::Duration::from_secs(10)).await
    }
}

//! What Telegram shows of the bot: its commands by place and language, and its description. Set only where it
//! differs.

use serde_json::{Value, json};

use super::client::api::Api;
use super::client::error::Failure;
use crate::reply::wording;

/// The scopes of one group: an entry hides what holds in all groups.
const GROUP_SCOPES: [&str; 2] = ["chat", "chat_administrators"];

type Commands = Vec<(&'static str, &'static str, &'static str)>;

/// The first is for people with any other language.
const LANGUAGES: [&str; 3] = ["", "bn", "en"];

/// Sets commands and descriptions where they differ; those of connected accounts where it `is_secretary`. A failure is no reason not to answer.
pub async fn set(api: &Api, is_secretary: bool) {
    if let Err(failure) = try_set(api, is_secretary).await {
        tracing::warn!("the bot's commands and description could not all be set: {failure}");
    }
}

/// Has questions in a group typed so that only the bot sees them, or no longer. Older apps show them to all as before.
pub async fn set_in_group(api: &Api, chat: i64, is_for_asker: bool) {
    if let Err(failure) = try_set_in_group(api, chat, is_for_asker).await {
        tracing::warn!("the commands of a group could not all be set: {failure}");
    }
}

async fn try_set_in_group(api: &Api, chat: i64, is_for_asker: bool) -> Result<(), Failure> {
    for (scope, own) in GROUP_SCOPES.into_iter().zip([&[][..], &wording::ADMIN_COMMANDS[..]]) {
        for language in LANGUAGES {
            let mut about = json!({ "scope": { "type": scope, "chat_id": chat }, "language_code": language });
            if !is_for_asker {
                api.call_named::<Value>("DeleteMyCommands", &about).await?;
                continue;
            }
            let hidden = wording::GROUP_COMMANDS.iter().map(|command| {
                let mut command = described(command, language);
                command["is_ephemeral"] = json!(true);
                command
            });
            let own = own.iter().map(|command| described(command, language));
            about["commands"] = hidden.chain(own).collect();
            api.call_named::<Value>("SetMyCommands", &about).await?;
        }
    }
    Ok(())
}

fn described((name, bengali, english): &(&str, &str, &str), language: &str) -> Value {
    json!({ "command": name, "description": if language == "en" { english } else { bengali } })
}

async fn try_set(api: &Api, is_secretary: bool) -> Result<(), Failure> {
    let mut private = wording::PRIVATE_COMMANDS.to_vec();
    if is_secretary {
        private.push(wording::SECRETARY_COMMAND);
    }
    let admin: Commands = [&wording::GROUP_COMMANDS[..], &wording::ADMIN_COMMANDS[..]].concat();
    let scopes: [(&str, Commands); 4] = [
        ("default", wording::GROUP_COMMANDS.to_vec()),
        ("all_private_chats", private),
        ("all_group_chats", wording::GROUP_COMMANDS.to_vec()),
        ("all_chat_administrators", admin),
    ];
    for (scope, commands) in &scopes {
        for language in LANGUAGES {
            let wanted: Vec<Value> = commands.iter().map(|command| described(command, language)).collect();
            let about = json!({ "scope": { "type": scope }, "language_code": language });
            let there: Value = api.call_named("GetMyCommands", &about).await?;
            if there != Value::Array(wanted.clone()) {
                let mut set = about;
                set["commands"] = Value::Array(wanted);
                api.call_named::<Value>("SetMyCommands", &set).await?;
            }
        }
    }
    for (get, set, field, (bengali, english)) in [
        ("GetMyDescription", "SetMyDescription", "description", wording::DESCRIPTION),
        ("GetMyShortDescription", "SetMyShortDescription", "short_description", wording::SHORT_DESCRIPTION),
    ] {
        for language in LANGUAGES {
            let wanted = if language == "en" { english } else { bengali };
            let there: Value = api.call_named(get, &json!({ "language_code": language })).await?;
            if there[field] != wanted {
                api.call_named::<Value>(set, &json!({ "language_code": language, field: wanted })).await?;
            }
        }
    }
    Ok(())
}

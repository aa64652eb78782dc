//! What Telegram shows of the bot: its commands by place and language, and its description. Set only where it
//! differs.

use serde_json::{Value, json};

use super::client::api::Api;
use super::client::error::Failure;
use crate::faq::Guide;
use crate::wording::{Table, Wording};

/// Characters of a description and of a short one; the platform allows no more.
const MAX_DESCRIPTION: usize = 512;
const MAX_SHORT_DESCRIPTION: usize = 120;

type Commands<'a> = Vec<(&'static str, &'a str)>;

/// Sets commands and descriptions where they differ, in the guide's language and in English. A failure is no reason
/// not to answer.
pub async fn set(api: &Api, guide: &Guide, say: &Wording) {
    let english = Wording::new("en", Table::new());
    let own = say.language().split(['-', '_']).next().unwrap_or_default();
    // The first is for people with any other language. Telegram knows languages of two letters.
    let mut languages = vec![("", say)];
    languages.extend(Some((own, say)).filter(|(own, _)| own.len() == 2));
    if own != "en" {
        languages.push(("en", &english));
    }
    for (language, say) in languages {
        let is_own = language != "en" || own == "en";
        let subject = guide.subjects.iter().find(|subject| is_own || subject.is_ascii());
        if let Err(failure) = try_set(api, language, say, subject.map(String::as_str)).await {
            tracing::warn!("the bot's commands and description could not all be set: {failure}");
        }
    }
}

/// By the scope that Telegram shows them in.
fn commands(say: &Wording) -> [(&'static str, Commands<'_>); 4] {
    let group =
        vec![("ask", say.command_ask()), ("help", say.command_help()), ("status", say.command_status())];
    let private = vec![
        ("start", say.command_start()),
        ("help", say.command_help()),
        ("topics", say.command_topics()),
        ("ask", say.command_ask()),
        ("privacy", say.command_privacy()),
        ("forget", say.command_forget()),
    ];
    let mut admin = group.clone();
    admin.extend([
        ("settings", say.command_settings()),
        ("teach", say.command_teach()),
        ("add", say.command_add()),
        ("mine", say.command_mine()),
        ("unanswered", say.command_unanswered()),
        ("why", say.command_why()),
    ]);
    [
        ("default", group.clone()),
        ("all_private_chats", private),
        ("all_group_chats", group),
        ("all_chat_administrators", admin),
    ]
}

async fn try_set(api: &Api, language: &str, say: &Wording, subject: Option<&str>) -> Result<(), Failure> {
    for (scope, commands) in commands(say) {
        let wanted: Vec<Value> = commands
            .iter()
            .map(|(name, description)| json!({ "command": name, "description": description }))
            .collect();
        let about = json!({ "scope": { "type": scope }, "language_code": language });
        let there: Value = api.call_named("GetMyCommands", &about).await?;
        if there != Value::Array(wanted.clone()) {
            let mut set = about;
            set["commands"] = Value::Array(wanted);
            api.call_named::<Value>("SetMyCommands", &set).await?;
        }
    }
    let (long, short) = match subject {
        Some(subject) => (say.description(subject), say.short_description(subject)),
        None => (say.description_of_any().to_owned(), say.short_description_of_any().to_owned()),
    };
    for (get, set, field, wanted, most) in [
        ("GetMyDescription", "SetMyDescription", "description", long, MAX_DESCRIPTION),
        ("GetMyShortDescription", "SetMyShortDescription", "short_description", short, MAX_SHORT_DESCRIPTION),
    ] {
        let wanted: String = wanted.chars().take(most).collect();
        let there: Value = api.call_named(get, &json!({ "language_code": language })).await?;
        if there[field] != wanted {
            api.call_named::<Value>(set, &json!({ "language_code": language, field: wanted })).await?;
        }
    }
    Ok(())
}

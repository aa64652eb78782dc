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

/// The scopes of one group: what is set there hides what holds in all groups.
const GROUP_SCOPES: [&str; 2] = ["chat", "chat_administrators"];

type Commands<'a> = Vec<(&'static str, &'a str)>;

/// Sets commands and descriptions where they differ, in the guide's language and in English; the command about connected
/// accounts where the bot `is_secretary`. A failure is no reason not to answer.
pub async fn set(api: &Api, guide: &Guide, say: &Wording, is_secretary: bool) {
    let english = Wording::new("en", Table::new());
    let is_english = two_letters(say) == "en";
    for (language, say) in languages(say, &english) {
        let is_own = language != "en" || is_english;
        let subject = guide.subjects.iter().find(|subject| is_own || subject.is_ascii());
        if let Err(failure) = try_set(api, language, say, subject.map(String::as_str), is_secretary).await {
            tracing::warn!("the bot's commands and description could not all be set: {failure}");
        }
    }
}

/// The languages that are set, each with its wording: first for people with any other language, then the guide's, then
/// English. Telegram knows languages of two letters.
fn languages<'a>(say: &'a Wording, english: &'a Wording) -> Vec<(&'a str, &'a Wording)> {
    let own = two_letters(say);
    let mut languages = vec![("", say)];
    languages.extend(Some((own, say)).filter(|(own, _)| own.len() == 2));
    if own != "en" {
        languages.push(("en", english));
    }
    languages
}

fn two_letters(say: &Wording) -> &str {
    say.language().split(['-', '_']).next().unwrap_or_default()
}

/// Has questions in a group typed so that only the bot sees them, or no longer. Older apps show them to all as before.
pub async fn set_in_group(api: &Api, chat: i64, is_for_asker: bool, say: &Wording) {
    if let Err(failure) = try_set_in_group(api, chat, is_for_asker, say).await {
        tracing::warn!("the commands of a group could not all be set: {failure}");
    }
}

async fn try_set_in_group(api: &Api, chat: i64, is_for_asker: bool, say: &Wording) -> Result<(), Failure> {
    let english = Wording::new("en", Table::new());
    for (language, say) in languages(say, &english) {
        let [_, _, (_, group), (_, admin)] = commands(say, false);
        for (scope, commands) in GROUP_SCOPES.into_iter().zip([&group, &admin]) {
            let mut about = json!({ "scope": { "type": scope, "chat_id": chat }, "language_code": language });
            if !is_for_asker {
                api.call_named::<Value>("DeleteMyCommands", &about).await?;
                continue;
            }
            let described = commands.iter().map(|command| {
                let mut described = described(command);
                // What all may ask; what admins set and teach is seen as before.
                if group.contains(command) {
                    described["is_ephemeral"] = json!(true);
                }
                described
            });
            about["commands"] = described.collect();
            api.call_named::<Value>("SetMyCommands", &about).await?;
        }
    }
    Ok(())
}

fn described((name, description): &(&str, &str)) -> Value {
    json!({ "command": name, "description": description })
}

/// By the scope that Telegram shows them in.
fn commands(say: &Wording, is_secretary: bool) -> [(&'static str, Commands<'_>); 4] {
    let group =
        vec![("ask", say.command_ask()), ("help", say.command_help()), ("status", say.command_status())];
    let mut private = vec![
        ("start", say.command_start()),
        ("help", say.command_help()),
        ("topics", say.command_topics()),
        ("ask", say.command_ask()),
        ("privacy", say.command_privacy()),
        ("forget", say.command_forget()),
    ];
    private.extend(is_secretary.then(|| ("secretary", say.command_secretary())));
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

async fn try_set(
    api: &Api,
    language: &str,
    say: &Wording,
    subject: Option<&str>,
    is_secretary: bool,
) -> Result<(), Failure> {
    for (scope, commands) in commands(say, is_secretary) {
        let wanted: Vec<Value> = commands.iter().map(described).collect();
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

//! What Telegram refuses: unknown methods and parameters, what is too long, what is malformed.

use serde_json::Value;

use super::html::visible;

/// Methods that a bot like this may call, what they need and what they may have.
const METHODS: [(&str, &[&str], &[&str]); 27] = [
    ("getMe", &[], &[]),
    ("getUpdates", &[], &["offset", "limit", "timeout", "allowed_updates"]),
    (
        "setWebhook",
        &["url"],
        &["secret_token", "allowed_updates", "max_connections", "drop_pending_updates", "ip_address"],
    ),
    ("deleteWebhook", &[], &["drop_pending_updates"]),
    ("getWebhookInfo", &[], &[]),
    (
        "sendMessage",
        &["chat_id", "text"],
        &[
            "message_thread_id",
            "parse_mode",
            "link_preview_options",
            "disable_notification",
            "reply_parameters",
            "reply_markup",
            "business_connection_id",
            "ephemeral_message_parameters",
        ],
    ),
    ("deleteEphemeralMessage", &["chat_id", "receiver_user_id", "ephemeral_message_id"], &[]),
    ("deleteMyCommands", &[], &["scope", "language_code"]),
    ("answerGuestQuery", &["guest_query_id", "result"], &[]),
    ("getBusinessConnection", &["business_connection_id"], &[]),
    (
        "sendPhoto",
        &["chat_id", "photo"],
        &[
            "caption",
            "message_thread_id",
            "parse_mode",
            "disable_notification",
            "reply_parameters",
            "reply_markup",
        ],
    ),
    (
        "editMessageText",
        &["chat_id", "message_id", "text"],
        &["parse_mode", "link_preview_options", "reply_markup"],
    ),
    ("editMessageReplyMarkup", &["chat_id", "message_id"], &["reply_markup"]),
    ("deleteMessage", &["chat_id", "message_id"], &[]),
    ("answerCallbackQuery", &["callback_query_id"], &["text", "show_alert", "url", "cache_time"]),
    (
        "answerInlineQuery",
        &["inline_query_id", "results"],
        &["cache_time", "is_personal", "next_offset", "button"],
    ),
    ("sendChatAction", &["chat_id", "action"], &["message_thread_id"]),
    ("getChat", &["chat_id"], &[]),
    ("getChatAdministrators", &["chat_id"], &[]),
    ("getChatMember", &["chat_id", "user_id"], &[]),
    ("leaveChat", &["chat_id"], &[]),
    ("setMyCommands", &["commands"], &["scope", "language_code"]),
    ("getMyCommands", &[], &["scope", "language_code"]),
    ("setMyDescription", &[], &["description", "language_code"]),
    ("getMyDescription", &[], &["language_code"]),
    ("setMyShortDescription", &[], &["short_description", "language_code"]),
    ("getMyShortDescription", &[], &["language_code"]),
];

/// Whether there is such a method, with such parameters.
pub fn known(method: &str, params: &Value) -> Result<(), (u16, String)> {
    let Some((_, required, optional)) = METHODS.iter().find(|(name, ..)| name.eq_ignore_ascii_case(method))
    else {
        return Err((404, "Not Found".to_owned()));
    };
    for name in *required {
        if params.get(name).is_none_or(Value::is_null) {
            return Err((400, format!("Bad Request: parameter \"{name}\" is required")));
        }
    }
    let names = params.as_object().into_iter().flat_map(|params| params.keys());
    for name in names {
        if !required.contains(&name.as_str()) && !optional.contains(&name.as_str()) {
            return Err((
                400,
                format!("Bad Request: the stand-in knows no parameter \"{name}\" of {method}"),
            ));
        }
    }
    Ok(())
}

/// Length as Telegram counts it.
pub fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// The visible text of a message, or why there cannot be one.
pub fn message_text(params: &Value) -> Result<String, String> {
    let text = params["text"].as_str().unwrap_or_default();
    let text = match params["parse_mode"].as_str() {
        Some("HTML") => visible(text)?,
        None => text.to_owned(),
        Some(mode) => return Err(format!("Bad Request: the stand-in does not read parse mode {mode}")),
    };
    if text.trim().is_empty() {
        return Err("Bad Request: message text is empty".to_owned());
    }
    if units(&text) > 4_096 {
        return Err("Bad Request: message is too long".to_owned());
    }
    if params["link_preview_options"].is_null() {
        return Err("Bad Request: the stand-in wants link_preview_options to be explicit".to_owned());
    }
    keyboard(&params["reply_markup"])?;
    Ok(text)
}

/// The visible caption of a picture, or why it cannot be sent.
pub fn caption(params: &Value) -> Result<String, String> {
    // The stand-in keeps no files: an id is good where it does not say that it is not.
    if params["photo"].as_str().is_none_or(|file| file.is_empty() || file.starts_with("gone")) {
        return Err("Bad Request: wrong file identifier/HTTP URL specified".to_owned());
    }
    let caption = params["caption"].as_str().unwrap_or_default();
    let caption = if params["parse_mode"] == "HTML" { visible(caption)? } else { caption.to_owned() };
    if units(&caption) > 1_024 {
        return Err("Bad Request: message caption is too long".to_owned());
    }
    keyboard(&params["reply_markup"])?;
    Ok(caption)
}

/// An inline keyboard.
pub fn keyboard(markup: &Value) -> Result<(), String> {
    if markup.is_null() {
        return Ok(());
    }
    if markup.get("force_reply").is_some() {
        return Ok(());
    }
    let Some(rows) = markup["inline_keyboard"].as_array() else {
        return Err("Bad Request: object expected as reply markup".to_owned());
    };
    let buttons: Vec<&Value> = rows.iter().filter_map(Value::as_array).flatten().collect();
    if buttons.len() > 100 || rows.iter().any(|row| row.as_array().is_none_or(|row| row.len() > 8)) {
        return Err("Bad Request: reply markup is too long".to_owned());
    }
    for button in buttons {
        if button["text"].as_str().unwrap_or_default().is_empty() {
            return Err("Bad Request: text buttons are unallowed in the inline keyboard".to_owned());
        }
        let actions = [
            "callback_data",
            "url",
            "switch_inline_query",
            "switch_inline_query_current_chat",
            "copy_text",
            "web_app",
        ];
        if actions.iter().filter(|action| button.get(**action).is_some()).count() != 1 {
            return Err("Bad Request: can't parse inline keyboard button".to_owned());
        }
        if let Some(data) = button["callback_data"].as_str()
            && !(1..=64).contains(&data.len())
        {
            return Err("Bad Request: BUTTON_DATA_INVALID".to_owned());
        }
        if let Some(url) = button["url"].as_str()
            && (!(url.starts_with("https://") || url.starts_with("http://") || url.starts_with("tg://"))
                || url.contains("//localhost")
                || url.contains("//127."))
        {
            return Err(format!(
                "Bad Request: inline keyboard button URL '{url}' is invalid: Wrong HTTP URL"
            ));
        }
    }
    Ok(())
}

/// The list of a bot's commands.
pub fn commands(list: &Value) -> Result<(), String> {
    let list = list.as_array().ok_or("Bad Request: can't parse commands")?;
    if list.len() > 100 {
        return Err("Bad Request: BOT_COMMANDS_TOO_MUCH".to_owned());
    }
    for command in list {
        let name = command["command"].as_str().unwrap_or_default();
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if !(1..=32).contains(&name.len()) || !name.chars().all(fits) {
            return Err("Bad Request: BOT_COMMAND_INVALID".to_owned());
        }
        if !(1..=256).contains(&command["description"].as_str().unwrap_or_default().chars().count()) {
            return Err("Bad Request: BOT_COMMAND_DESCRIPTION_INVALID".to_owned());
        }
    }
    Ok(())
}

/// The results of an inline query.
pub fn inline_results(params: &Value) -> Result<(), String> {
    let results = params["results"].as_array().ok_or("Bad Request: can't parse results")?;
    if results.len() > 50 {
        return Err("Bad Request: RESULTS_TOO_MUCH".to_owned());
    }
    let mut ids = Vec::new();
    for result in results {
        let id = result["id"].as_str().unwrap_or_default();
        if !(1..=64).contains(&id.len()) || ids.contains(&id) {
            return Err("Bad Request: RESULT_ID_INVALID".to_owned());
        }
        ids.push(id);
        if result["type"] != "article" || result["title"].as_str().unwrap_or_default().is_empty() {
            return Err("Bad Request: can't parse inline query result".to_owned());
        }
        let content = &result["input_message_content"];
        let text = content["message_text"].as_str().unwrap_or_default();
        let text = if content["parse_mode"] == "HTML" { visible(text)? } else { text.to_owned() };
        if text.trim().is_empty() || units(&text) > 4_096 {
            return Err("Bad Request: MESSAGE_TEXT_INVALID".to_owned());
        }
        if content["link_preview_options"].is_null() {
            return Err("Bad Request: the stand-in wants link_preview_options to be explicit".to_owned());
        }
        keyboard(&result["reply_markup"])?;
    }
    if let Some(parameter) = params["button"]["start_parameter"].as_str() {
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        if !(1..=64).contains(&parameter.len()) || !parameter.chars().all(fits) {
            return Err("Bad Request: SWITCH_PM_PARAMETER_INVALID".to_owned());
        }
    }
    Ok(())
}

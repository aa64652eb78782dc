//! What the bot can do at Telegram, as its owner set it up at `BotFather`: `uttor telegram check`.

use std::fmt;

use serde_json::{Value, json};

use super::client::api::Api;
use super::client::error::Failure;
use super::intake::registration;
use super::intake::update::ALLOWED;

/// What the bot can do.
pub struct Abilities {
    name: String,
    /// What it is for, whether it is on, and where it is turned on.
    switches: [(&'static str, bool, &'static str); 4],
    /// Kinds of update that the webhook was set without: Telegram does not deliver them.
    pub missing: Vec<&'static str>,
}

/// Asks Telegram.
///
/// # Errors
/// Telegram refuses the token, or cannot be reached.
pub async fn read(api: &Api) -> Result<Abilities, Failure> {
    let me: Value = api.call_named("GetMe", &json!({})).await?;
    let webhook = registration::info(api).await?;
    let is_short = !webhook.url.is_empty();
    let is_on = |field: &str| me[field] == true;
    Ok(Abilities {
        name: me["username"].as_str().unwrap_or_default().to_owned(),
        switches: [
            (
                "hears everything in groups",
                is_on("can_read_all_group_messages"),
                "make it an administrator there; or /setprivacy, Disable, then remove it from the group and add it again",
            ),
            (
                "inline queries (`@bot question` typed anywhere)",
                is_on("supports_inline_queries"),
                "/setinline",
            ),
            (
                "guest mode (mentions in chats that never added it)",
                is_on("supports_guest_queries"),
                "BotFather's Mini App, the bot, Bot Settings, Guest Mode",
            ),
            (
                "secretary mode (people connect their accounts)",
                is_on("can_connect_to_business"),
                "BotFather's Mini App, the bot, Bot Settings, Secretary Mode",
            ),
        ],
        missing: ALLOWED
            .into_iter()
            .filter(|kind| is_short && !webhook.allowed.iter().any(|allowed| allowed == kind))
            .collect(),
    })
}

impl fmt::Display for Abilities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "@{}", self.name)?;
        for (what, is_on, remedy) in self.switches {
            if is_on {
                write!(f, "\non   {what}")?;
            } else {
                write!(f, "\noff  {what}; at @BotFather: {remedy}")?;
            }
        }
        if !self.missing.is_empty() {
            let missing = self.missing.join(", ");
            write!(f, "\nnot delivered: {missing}; run `uttor telegram webhook set` again")?;
        }
        Ok(())
    }
}

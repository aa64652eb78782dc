//! `/command@bot words`: which command, for whom, with what.

/// A command as it was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// Its name, in small letters.
    pub name: String,
    /// The bot that it names.
    pub bot: Option<String>,
    /// What follows, trimmed.
    pub rest: String,
}

/// The command that `text` begins with.
///
/// A name has Latin letters, digits and underscores; anything else ends it, so that `/askমোবাইল` asks too.
pub fn command(text: &str) -> Option<Command> {
    let text = text.trim_start().strip_prefix('/')?;
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let end = text.find(|c| !is_part(c)).unwrap_or(text.len());
    let (name, rest) = text.split_at_checked(end)?;
    if name.is_empty() {
        return None;
    }
    let (bot, rest) = match rest.strip_prefix('@') {
        Some(rest) => {
            let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
            let (bot, rest) = rest.split_at_checked(end)?;
            (Some(bot.to_owned()), rest)
        }
        None => (None, rest),
    };
    Some(Command { name: name.to_ascii_lowercase(), bot, rest: rest.trim().to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_read_in_any_case_and_with_any_bot() {
        for (text, expected) in [
            ("/ask", Some(("ask", None, ""))),
            ("/Ask মোবাইল দিয়ে হবে?", Some(("ask", None, "মোবাইল দিয়ে হবে?"))),
            (" /ask@Uttor_Bot\nদুই\nলাইন", Some(("ask", Some("Uttor_Bot"), "দুই\nলাইন"))),
            ("/askমোবাইল", Some(("ask", None, "মোবাইল"))),
            ("/", None),
            ("/ ask", None),
            ("ask /ask", None),
            ("/start@other seeds", Some(("start", Some("other"), "seeds"))),
        ] {
            let found = command(text);
            let found =
                found.as_ref().map(|found| (found.name.as_str(), found.bot.as_deref(), found.rest.as_str()));
            assert_eq!(found, expected, "{text}");
        }
    }
}

//! What the bot says on Telegram: its profile, its commands, private chats, buttons.

use super::sentence::Piece;
use super::{Key, Wording};

sentences! {
    /// What a newcomer reads first in a private chat.
    telegram_welcome(title);
    /// What `/help` says in a private chat.
    telegram_help(bot);
    /// What `/help` says in a group.
    telegram_group_help(example, bot);
    /// A bare `/ask`, which asks nothing.
    ask_what(example);
    /// Below the answer to a caption.
    picture_not_seen;
    /// A command that does not exist, in a private chat.
    unknown_command;
    /// A command for groups, in a private chat.
    only_in_groups;
    /// What is stored, for so many days.
    privacy(days);
    /// Whom people are led to.
    contact_is(person);
    /// People are led to nobody.
    no_contact;
    /// `/contact` with something that is no name.
    contact_how;
    /// A press on a button that was made for somebody else.
    not_your_button;
    /// The notice after 👎.
    thanks_notice;
    /// A press on a button that is too old or was never ours.
    old_button;
    /// The same in the settings.
    old_setting;
    /// The same below a lesson.
    old_lesson;
    /// The question was answered a moment ago.
    answered_above;
    /// The button to the earlier answer.
    show_above;
    /// The button of an inline query without results.
    ask_in_private;
    /// The button to the rest of an unprompted answer.
    whole_answer;
    /// What the bot's page says before it is started.
    description(subject);
    /// What the bot's profile says.
    short_description(subject);
    /// What the bot's page says, where the subject has no name in this language.
    description_of_any;
    /// What its profile says then.
    short_description_of_any;
    /// Of `/start`, in the list of commands.
    command_start;
    /// Of `/help`.
    command_help;
    /// Of `/topics`.
    command_topics;
    /// Of `/ask`.
    command_ask;
    /// Of `/privacy`.
    command_privacy;
    /// Of `/forget`.
    command_forget;
    /// Of `/status`.
    command_status;
    /// Of `/settings`.
    command_settings;
    /// Of `/teach`.
    command_teach;
    /// Of `/add`.
    command_add;
    /// Of `/mine`.
    command_mine;
    /// Of `/unanswered`.
    command_unanswered;
    /// Of `/why`.
    command_why;
}

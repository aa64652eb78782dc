//! What the bot says on Facebook only: the Page's inbox, its menu, comments.

use super::sentence::Piece;
use super::{Key, Wording};

sentences! {
    /// What a newcomer reads first. It says that a program answers.
    messenger_welcome(title);
    /// What the Page shows before anything was written.
    messenger_greeting <= 160;
    /// The menu's item that shows every topic.
    menu_topics <= 20;
    /// The menu's item that calls a person.
    menu_person <= 20;
    /// The menu's item about privacy.
    menu_privacy <= 20;
    /// Somebody wants to talk to a person.
    person_is_called;
    /// The same, where nobody is told: it promises no answer.
    person_may_come;
    /// The button that brings the bot back.
    bot_again <= 20;
    /// The bot is back.
    bot_is_back;
    /// What is stored of somebody who writes to the Page, for so many days.
    messenger_privacy(days);
    /// One person sent more than can be answered.
    too_many;
    /// The button that deletes what is stored.
    forget_me <= 20;
    /// Above the button with the article's link, where the answer itself is too long for one.
    read_more_here;
    /// Below a comment, once the answer is in the inbox.
    answered_in_inbox;
}

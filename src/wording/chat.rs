//! What the bot says on every channel, and in the terminal.

use super::sentence::Piece;
use super::{Key, Wording};

sentences! {
    /// The bot's name; `{name}` in any sentence.
    name;
    /// The ten digits, from 0.
    digits <= 10;
    /// The time where most of those live who speak it, for guides that name none.
    timezone;
    /// Above related questions, when somebody says "তারপর?" after an answer.
    more_about;
    /// When a message says nothing by itself, and nothing was said before.
    say_more;
    /// Before suggestions.
    did_you_mean;
    /// The button that refuses every suggestion.
    none_of_these <= 20;
    /// The button that shows every topic.
    all_topics <= 20;
    /// Above the list of topics.
    topics;
    /// Above a page of that list.
    page_of(page, pages);
    /// The button to the page before.
    page_before <= 20;
    /// The button to the page after.
    page_after <= 20;
    /// The button that opens the entry's part of the article.
    read_on <= 20;
    /// The button that opens the article.
    full_article;
    /// The guide has no answer.
    not_in_guide;
    /// Before the article's link.
    article_is_here;
    /// The suggestions were refused.
    none_meant;
    /// After 👍.
    thanks_helpful;
    /// After 👎, before the nearest other entries.
    thanks_unhelpful;
    /// A button for an entry that is no longer there.
    entry_gone;
    /// A voice note, photo or sticker came.
    text_only;
    /// Before a greeting's reply, to a salam.
    salam;
    /// After a greeting's reply, before the topics.
    for_example;
    /// 👍
    helpful <= 20;
    /// 👎
    unhelpful <= 20;
    /// The button that leads to a person.
    talk_to_a_person;
    /// Where people reach a person by mail.
    mail_address(address);
    /// What was asked for could not be done.
    not_now;
    /// Somebody sends more than can be answered at once.
    slow_down;
    /// What was stored of somebody is deleted.
    forgotten;
    /// What a conversation in the terminal opens with.
    terminal_hello(subject);
    /// Before what a person types in the terminal.
    terminal_you;
}

//! What the web pages say.

use super::sentence::Piece;
use super::{Key, Wording};

sentences! {
    /// The list of messages, for screen readers.
    log;
    /// Before what the person wrote, for screen readers.
    you;
    /// A link to the guide.
    open_guide;
    /// Of a link, for screen readers.
    opens_new_tab;
    /// 👍, for screen readers.
    was_helpful;
    /// 👎, for screen readers.
    was_unhelpful;
    /// Asks for 👍 or 👎.
    was_it_helpful;
    /// While the answer is awaited.
    writing;
    /// The server could not be reached.
    offline;
    /// The rate limit was exceeded.
    busy;
    /// The server refused the question.
    refused;
    /// The server failed.
    failed;
    /// A button.
    try_again;
    /// A link to the guide, at the top.
    whole_guide;
    /// Greets on the chat page.
    welcome(subject);
    /// How people may write.
    any_script(example);
    /// The example in it.
    script_example;
    /// The language of that example, as a BCP 47 tag.
    script_example_language;
    /// Where JavaScript is off, before the link to the guide.
    needs_javascript;
    /// That link.
    read_guide_here;
    /// The example questions, for screen readers.
    what_to_ask;
    /// The text field, for screen readers.
    your_question;
    /// In the empty text field.
    write_your_question;
    /// A button.
    send;
    /// A link to the chat.
    ask;
    /// A link to the chat, at the guide's end.
    ask_more;
    /// The guide's table of contents.
    contents;
    /// A link to the article that the guide was made from.
    read_original;
    /// A link to the guide.
    read_guide;
    /// Before links to related entries.
    see_also;
    /// Of the link to an entry, for screen readers.
    link_to(question);
    /// The title of a page that is not there.
    no_such_page;
    /// Its text.
    no_such_page_why;
}

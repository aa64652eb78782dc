//! What the bot says in chats that it is not in: as a guest, and for the owners of connected accounts.

use super::sentence::Piece;
use super::{Key, Wording};

sentences! {
    /// One line of a guest that is not sure. With a link of at most 250 characters it has at most 400.
    guest_unsure(link);
    /// Somebody mentioned the bot as a guest and asked nothing.
    guest_how(bot);
    /// The command about connected accounts.
    command_secretary;
    /// What connected accounts are for and how one is connected; `now` is one of the next two.
    secretary(now);
    /// Clear questions are drafted.
    secretary_drafts;
    /// Clear questions are answered at once.
    secretary_at_once;
    /// An account was connected; said before `secretary`.
    connected;
    /// An account was connected, and the bot may not write in its owner's name.
    connected_mute;
    /// An account is connected no more.
    disconnected;
    /// The button that has drafts made.
    as_draft;
    /// The button that has questions answered at once.
    at_once;
    /// Who asked what, and the answer that may be sent.
    draft(who, question, answer);
    /// One whose name is not known.
    draft_of_somebody;
    /// The button that sends a draft.
    send_draft;
    /// The button that asks for another text.
    edit_draft;
    /// The button that discards a draft.
    discard_draft;
    /// A draft was sent, with what was sent.
    draft_sent(text);
    /// What ✎ asks for.
    edit_how;
    /// What the owner typed was sent.
    edit_sent;
    /// Something without a text came in place of a draft.
    edit_text_only;
    /// What ✎ asked for is not sent.
    edit_cancelled;
    /// A draft was discarded.
    discarded;
    /// The question of a draft was changed or deleted.
    question_changed;
    /// A draft was sent, discarded or dropped before.
    draft_gone <= 200;
    /// The platform lets a bot write only in chats of the last 24 hours.
    draft_too_old <= 200;
    /// A draft was refused.
    draft_refused <= 200;
    /// Nobody knows whether a draft was sent.
    draft_unknown <= 200;
}

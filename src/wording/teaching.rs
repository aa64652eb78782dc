//! What the bot says to those who teach it in chat, and to its operators.

use super::sentence::Piece;
use super::{Key, Wording};

sentences! {
    /// Below an answer of one's own: it comes with a picture.
    with_picture;
    /// A picture was sent as an answer, without words.
    picture_needs_answer;
    /// The button that takes the picture away.
    no_picture;
    /// The button that copies the own entries to another group.
    copy_entries;
    /// Above the groups to which they can be copied.
    copy_where;
    /// There are none.
    no_other_group;
    /// So many were copied.
    entries_copied(number);
    /// So many were not.
    entries_not_copied(number);
    /// `/unanswered` by somebody who is no operator, in private.
    unanswered_where;
    /// `/unanswered` in a group.
    unanswered_in_private;
    /// The button that leads there.
    open_unanswered;
    /// A group's admins do not want them kept.
    unanswered_not_kept;
    /// There are none.
    nothing_unanswered;
    /// `/teach` without a question.
    teach_how;
    /// The button for an entry that is not among the nearest.
    other_entry;
    /// The button for a question that the guide does not have.
    new_question_button;
    /// The button for what is no question for the bot.
    ignore;
    /// The button that takes a lesson back.
    undo;
    /// The button that gives up.
    cancel;
    /// The button that accepts conflicts.
    teach_anyway;
    /// Above all entries.
    which_entry;
    /// A lesson would change other answers.
    lesson_would_change;
    /// It is known already.
    known_already;
    /// It is too long.
    lesson_too_long;
    /// A group has enough of its own.
    group_full;
    /// Nothing is left after masking.
    nothing_to_teach;
    /// A turn of a dialogue that is a picture, a voice note and the like.
    words_only;
    /// A turn of a dialogue without a word in it.
    no_words;
    /// The entry is no longer there.
    topic_gone;
    /// There are none.
    nothing_of_own;
    /// The first turn of `/add`.
    write_question;
    /// Somebody who was asked for a reply wrote a message without one.
    reply_to_go_on;
    /// The button that publishes what is shown.
    publish;
    /// The button that brings back the answer that there was before.
    undo_replaced;
    /// The button for a text that is an answer and no question.
    as_answer;
    /// The button that changes the question of an own entry.
    edit_question_button;
    /// The button that changes its answer.
    edit_answer_button;
    /// The button that adds ways to ask it.
    add_wordings;
    /// The button back to the list.
    back_to_list;
    /// A lesson of the list that was removed a moment ago.
    removed;
    /// The button from a group to its admin's private chat.
    in_private;
    /// Above what an admin can do for his group in private.
    set_up;
    /// The button for a new entry.
    add_entry;
    /// The button to the own entries.
    own_entries;
    /// The button to what was taught when.
    what_was_taught;
    /// Above that.
    teaching_log;
    /// Above the last changes of a group's settings.
    settings_log;
    /// Nothing was taught yet.
    nothing_taught;
    /// Who taught, where that is nobody who is an admin now.
    somebody;
    /// Who taught in the group's name.
    anonymous_admin;
    /// An operator taught.
    operator;
    /// Somebody taught at the command line.
    at_the_terminal;
    /// The button by which a newcomer adds the bot to a group.
    add_to_group;
    /// What `/help` says to operators besides.
    operators_help;
    /// A change was taken back.
    as_before;
    /// A command of admins and operators, by somebody who is neither, in private.
    operators_only;
    /// A dialogue was given up.
    cancelled;
    /// `/cancel` outside of a dialogue, in a private chat.
    nothing_to_cancel;
    /// `/why` without an answer.
    why_how;
    /// A turn of a dialogue that is too long.
    too_long(chars, most);
    /// What was asked cannot become a question of its own.
    no_new_question(text, most);
    /// Above a group's own questions.
    mine_of_group;
    /// Above what was taught for all.
    mine_of_all;
    /// Below that, where there are several pages.
    page_number(page, pages);
    /// A question of the list that is left out.
    left_out(text);
    /// Below a line of what was taught: it was undone.
    logged_undone(when, who);
    /// Operators: the content cannot be used.
    content_broken(places);
    /// Below that: how many places are not named.
    content_more_broken(number);
    /// A question of the list, and how often it was asked.
    unanswered_question(text, asked);
    /// The question of `/teach`.
    teach_question(text);
    /// The button that attaches a question to an entry.
    belongs_to(question);
    /// A question was attached.
    taught(text, question);
    /// A new question was added; `others` is empty or the line below.
    taught_entry(question, others, answer);
    /// What will be published, before it is.
    preview_entry(question, others, answer);
    /// In both, how many other ways to ask there are.
    other_wordings(number);
    /// One line of what a lesson would change: a question, what it gets now and what it would get.
    changed_answer(text, before, after);
    /// In it: nothing.
    no_answer;
    /// More wordings in one message than it may bring.
    too_many_wordings(count, most);
    /// The turn that asks which question a text answers.
    whose_answer(answer);
    /// The turn that asks for a new question.
    edit_question(question);
    /// The turn that asks for further ways to ask.
    more_wordings(question);
    /// A question was ignored.
    ignored(text);
    /// A lesson was taken back.
    undone(text);
    /// A question is about to become an entry of its own.
    new_question(text);
    /// The turn that asks for the answer.
    write_first_answer(question);
    /// The same, where there is an answer already.
    write_new_answer(question, answer);
    /// The turn that asks for a new answer.
    edit_answer(question, answer);
    /// `/why`: the entry.
    why_entry(question, percent);
    /// `/why`: the phrasing.
    why_phrasing(phrasing);
    /// `/why`: the runner-up.
    why_next(question, percent);
    /// What the operators are told when somebody wants a person.
    person_is_wanted(channel, time);
    /// The button that opens that conversation.
    open_chat;
}

impl Wording {
    /// Above a page of what was taught in a group, or for all.
    pub fn mine(&self, is_group: bool, page: usize, pages: usize) -> String {
        let title = if is_group { self.mine_of_group() } else { self.mine_of_all() };
        if pages < 2 { title.to_owned() } else { format!("{title}\n{}", self.page_number(page, pages)) }
    }

    /// A new question was added, with so many `others` ways to ask it.
    pub fn added(&self, question: &str, answer: &str, others: usize) -> String {
        self.taught_entry(question, &self.others(others), answer)
    }

    /// What will be published, before it is.
    pub fn preview(&self, question: &str, answer: &str, others: usize) -> String {
        self.preview_entry(question, &self.others(others), answer)
    }

    fn others(&self, others: usize) -> String {
        if others == 0 { String::new() } else { format!("\n{}", self.other_wordings(others)) }
    }

    /// The turn that asks for the answer, where one is `known` already with that.
    pub fn write_answer(&self, question: &str, known: Option<&str>) -> String {
        match known {
            Some(answer) => self.write_new_answer(question, answer),
            None => self.write_first_answer(question),
        }
    }

    /// One line of what a lesson would change: a question, what it gets now and what it would get.
    pub fn would_change(&self, text: &str, before: Option<&str>, after: Option<&str>) -> String {
        let none = self.no_answer();
        self.changed_answer(text, before.unwrap_or(none), after.unwrap_or(none))
    }

    /// The content cannot be used; so many `others` places are not named.
    pub fn broken(&self, places: &str, others: usize) -> String {
        let text = self.content_broken(places);
        if others == 0 { text } else { format!("{text}\n{}", self.content_more_broken(others)) }
    }

    /// Somebody wants a person. `at` is in Unix seconds, shown `offset` minutes east of Greenwich.
    pub fn wanted(&self, channel: &str, at: i64, offset: i32, text: Option<&str>) -> String {
        let minutes = at.div_euclid(60) + i64::from(offset);
        let (hour, minute) = (minutes.div_euclid(60).rem_euclid(24), minutes.rem_euclid(60));
        let line = self.person_is_wanted(channel, &format!("{hour:02}:{minute:02}"));
        text.map_or_else(|| line.clone(), |text| format!("{line}\n\n“{text}”"))
    }
}

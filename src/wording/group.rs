//! What the bot says in groups on Telegram, and to their admins: welcome, status, settings, reasons.

use super::sentence::Piece;
use super::{Key, Wording};

sentences! {
    /// The one message after the bot was added to a group; names the guide. `hears` is one of the next two.
    group_welcome(title, hears, example, bot);
    /// In it, where the bot hears everything.
    welcome_hears_all;
    /// In it, where privacy mode is on.
    welcome_hears_little;
    /// Somebody who is no admin wants to change settings, or to teach.
    admins_only;
    /// Above the settings' buttons.
    settings_title;
    /// Below that: topics were chosen, and then all were taken out.
    settings_no_topics;
    /// Below that: so many topics were chosen.
    settings_topics(topics);
    /// A setting was changed.
    saved;
    /// Unprompted answers were turned on where the bot does not hear the questions.
    saved_but_deaf;
    /// The button that removes the menu.
    close_menu;
    /// The button that limits the bot to the topic of the menu.
    only_this_topic;
    /// The button that lets the bot speak here too.
    this_topic_too;
    /// The button that lets the bot speak in all topics again.
    every_topic;
    /// The button that makes the bot silent here.
    not_this_topic;
    /// Above the values of a setting.
    setting_title(setting);
    /// The button from the values of a setting to all settings.
    all_settings;
    /// Above the guide's entries, each of which can be turned off.
    which_entries;
    /// The button to them, where all are on.
    guide_entries_on;
    /// The button to them, where so many are off.
    guide_entries_off(number);
    /// `/status`, where the bot hears everything.
    hears_all;
    /// `/status`, where privacy mode is on: what the bot hears, and the remedy.
    hears_little(bot);
    /// `/status`: unprompted answers are on.
    unasked_on;
    /// `/status`: unprompted answers are on, but the bot does not hear the questions.
    unasked_deaf;
    /// `/status`: unprompted answers are off.
    unasked_off;
    /// `/status` and `/why`: not in this topic.
    silent_topic;
    /// The same, where the topic's name is known.
    silent_named_topic(topic);
    /// `/status`, where unprompted answers are on: what limits them. `percent` is how sure they must be.
    unprompted_limits(today, hour, hourly, quiet, percent);
    /// In it: no quiet hours.
    quiet_never;
    /// In it: quiet hours that are now.
    quiet_now(hours);
    /// `/status` in a group where the bot may not write, said to whoever asked in private.
    may_not_write(group);
    /// `/why` of a question without an answer: not sure enough.
    why_unsure(percent, needed);
    /// The entry that came nearest.
    why_nearest(question, percent);
    /// `/why`: the hour's share was used up.
    why_hourly(most);
    /// `/why`: somebody had replied.
    why_replied;
    /// `/why`: in quiet hours.
    why_quiet;
    /// `/why`: the person's cooldown.
    why_person;
    /// `/why`: the entry's cooldown.
    why_entry_again;
    /// `/why`: nothing is known that held it back.
    why_unknown;
    /// `/why`: the group does not want it answered.
    why_hidden;
}

/// What limits unprompted answers in a group.
pub struct Limits<'a> {
    /// Answers today.
    pub today: u32,
    /// Answers within the last hour.
    pub hour: i64,
    /// How many there may be in an hour.
    pub hourly: i64,
    /// The quiet hours, where there are any.
    pub quiet: Option<&'a str>,
    /// Whether it is quiet now.
    pub is_quiet: bool,
    /// How sure an answer must be, in percent.
    pub needed: u32,
}

impl Wording {
    /// `/status`, where unprompted answers are on.
    pub fn limits(&self, limits: &Limits) -> String {
        let quiet = match limits.quiet {
            None => self.quiet_never().to_owned(),
            Some(hours) if limits.is_quiet => self.quiet_now(hours),
            Some(hours) => hours.to_owned(),
        };
        self.unprompted_limits(limits.today, limits.hour, limits.hourly, &quiet, limits.needed)
    }

    /// The one message after the bot was added to a group.
    pub fn welcome_to_group(&self, title: &str, example: &str, bot: &str, hears_all: bool) -> String {
        let hears = if hears_all { self.welcome_hears_all() } else { self.welcome_hears_little() };
        self.group_welcome(title, hears, example, bot)
    }

    /// Above the settings' buttons; with how many topics are listed, where there is a list.
    pub fn settings(&self, topics: Option<usize>) -> String {
        let title = self.settings_title();
        match topics {
            None => title.to_owned(),
            Some(0) => format!("{title}\n\n{}", self.settings_no_topics()),
            Some(topics) => format!("{title}\n\n{}", self.settings_topics(topics)),
        }
    }

    /// `/status` and `/why`: not in this topic, which has this name where it is known.
    pub fn silent_in(&self, topic: Option<&str>) -> String {
        topic.map_or_else(|| self.silent_topic().to_owned(), |topic| self.silent_named_topic(topic))
    }

    /// The button to the guide's entries, with how many are turned off.
    pub fn guide_entries(&self, off: usize) -> String {
        if off == 0 { self.guide_entries_on().to_owned() } else { self.guide_entries_off(off) }
    }
}

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

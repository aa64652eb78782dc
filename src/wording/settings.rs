//! The settings of a group on Telegram: their names and their values.

use super::sentence::Piece;
use super::{Key, Wording};

sentences! {
    /// Unprompted answers.
    setting_unasked;
    /// How sure an unprompted answer must be.
    setting_sure;
    /// How much of it is shown.
    setting_length;
    /// After what time the same answer may come again.
    setting_cooldown;
    /// After what time the same person may get another.
    setting_person;
    /// How many there may be in an hour.
    setting_hourly;
    /// How long people have to answer first.
    setting_wait;
    /// When the bot is silent.
    setting_quiet;
    /// After what time answers are deleted.
    setting_removal;
    /// After what time commands and menus are deleted.
    setting_tidying;
    /// Whether the group's own entries go first.
    setting_own;
    /// Buttons below answers.
    setting_buttons;
    /// Whether unanswered questions are kept.
    setting_unanswered;
    /// A value.
    value_on;
    /// A value.
    value_off;
    /// How sure.
    value_sure;
    /// How sure.
    value_very;
    /// How much.
    value_short;
    /// How much.
    value_full;
    /// How long to wait.
    value_no_wait;
    /// After what time.
    value_at_once;
    /// After what time.
    value_after_seconds(number);
    /// After what time.
    value_after_minutes(number);
    /// After what time.
    value_after_hours(number);
    /// How many in an hour.
    value_hourly(number);
    /// How long to wait.
    value_minutes(number);
    /// When, each as one of the next five.
    value_from_to(from, to);
    /// From 4 to 11 o'clock.
    hour_of_morning(hour);
    /// From 12 to 15.
    hour_of_noon(hour);
    /// From 16 to 18.
    hour_of_afternoon(hour);
    /// From 19 to 23.
    hour_of_evening(hour);
    /// From 0 to 3; 0 is said as 12.
    hour_of_night(hour);
}

impl Wording {
    /// A setting's name in the menu.
    pub fn setting_name(&self, name: &str) -> &str {
        match name {
            "unasked" => self.setting_unasked(),
            "sure" => self.setting_sure(),
            "length" => self.setting_length(),
            "cooldown" => self.setting_cooldown(),
            "person" => self.setting_person(),
            "hourly" => self.setting_hourly(),
            "wait" => self.setting_wait(),
            "quiet" => self.setting_quiet(),
            "removal" => self.setting_removal(),
            "tidying" => self.setting_tidying(),
            "own" => self.setting_own(),
            "buttons" => self.setting_buttons(),
            "unanswered" => self.setting_unanswered(),
            _ => "?",
        }
    }

    /// A setting's value in the menu.
    pub fn setting_value(&self, name: &str, value: &str) -> String {
        let number: Option<u32> = value.parse().ok();
        match (name, value, number) {
            (_, "on", _) => self.value_on().to_owned(),
            (_, "off", _) => self.value_off().to_owned(),
            (_, "sure", _) => self.value_sure().to_owned(),
            (_, "very", _) => self.value_very().to_owned(),
            (_, "short", _) => self.value_short().to_owned(),
            (_, "full", _) => self.value_full().to_owned(),
            ("wait", _, Some(0)) => self.value_no_wait().to_owned(),
            ("cooldown" | "person", _, Some(0)) => self.value_at_once().to_owned(),
            // In the larger unit, which has sixty of the smaller one, where that comes out even.
            ("cooldown" | "removal" | "tidying", _, Some(minutes)) if minutes >= 60 && minutes % 60 == 0 => {
                self.value_after_hours(minutes / 60)
            }
            ("person", _, Some(seconds)) if seconds >= 60 && seconds % 60 == 0 => {
                self.value_after_minutes(seconds / 60)
            }
            ("cooldown" | "removal" | "tidying", _, Some(minutes)) => self.value_after_minutes(minutes),
            ("person", _, Some(seconds)) => self.value_after_seconds(seconds),
            ("hourly", _, Some(number)) => self.value_hourly(number),
            ("wait", _, Some(minutes)) => self.value_minutes(minutes),
            ("quiet", hours, _) => match hours.split_once('-') {
                Some((from, to)) => self.value_from_to(&self.hour(from), &self.hour(to)),
                None => hours.to_owned(),
            },
            _ => value.to_owned(),
        }
    }

    /// An hour of the day as people say it.
    fn hour(&self, hour: &str) -> String {
        let hour: u32 = hour.parse().unwrap_or_default();
        let twelve = if hour.is_multiple_of(12) { 12 } else { hour % 12 };
        match hour {
            0..=3 => self.hour_of_night(twelve),
            4..=11 => self.hour_of_morning(twelve),
            12..=15 => self.hour_of_noon(twelve),
            16..=18 => self.hour_of_afternoon(twelve),
            _ => self.hour_of_evening(twelve),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::wording::{Table, Wording};

    #[test]
    fn values_are_said_as_people_say_them() {
        let (bengali, english) = (Wording::new("bn", Table::new()), Wording::new("en", Table::new()));
        for (name, value, in_bengali, in_english) in [
            ("cooldown", "30", "৩০ মিনিট পরে", "after 30 minutes"),
            ("cooldown", "60", "১ ঘণ্টা পরে", "after 1 hour"),
            ("person", "0", "সঙ্গে সঙ্গে", "at once"),
            ("hourly", "6", "৬টি", "6"),
            ("quiet", "22-7", "রাত ১০টা থেকে সকাল ৭টা", "from 10 pm to 7 am"),
            ("quiet", "0-12", "রাত ১২টা থেকে দুপুর ১২টা", "from 12 am to 12 pm"),
        ] {
            assert_eq!(bengali.setting_value(name, value), in_bengali);
            assert_eq!(english.setting_value(name, value), in_english);
        }
    }
}

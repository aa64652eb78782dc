//! After a crash: whether the answer that was being sent went out. The conversation says, where the platform shows it; else the
//! person is asked to repeat the question, since an answer that may have gone out is not sent again.

use std::time::Duration;

use serde_json::Value;
use time::{Date, Month};
use tokio::time::sleep;

use super::answer::Recovered;
use super::bot::Bot;
use super::failure::Failure;
use super::lanes::Job;
use super::send::{For, Sent};
use super::surface::bare;

/// How many of the conversation's last messages are read.
const FIELDS: &str = "messages.limit(25){id,message,from,created_time}";

/// The platform's clock and the machine's may differ by so much, in seconds.
const CLOCK_TOLERANCE: i64 = 60;

/// How long after a restart the platform may still be carrying out a request of the time before.
const SETTLE_TIME: Duration = Duration::from_secs(5);

/// The same person is asked once in this time to repeat the same question.
const ASK_TTL: Duration = Duration::from_hours(48);

impl Bot {
    /// Looks into the conversation for the part of `job` that was being sent when the process ended.
    pub(super) async fn recover(&self, job: &Job) -> Recovered {
        let part = usize::try_from(job.over).ok().and_then(|over| job.answer.get(over));
        let Some(part) = part else { return Recovered::Unknown };
        // What was said in reply to a comment is in no conversation that its author's id leads to.
        let is_message = part.body["recipient"]["id"].is_string();
        let text = part.body["message"]["text"].as_str().or(part.plain.as_deref());
        let (Some(text), Some(since), true) = (text, job.event.at, is_message) else {
            return Recovered::Unknown;
        };
        // A request that was cut off may still be under way at the platform.
        sleep(SETTLE_TIME).await;
        match self.sender.conversation(&job.event.person, FIELDS).await {
            Ok(found) => search(&found["messages"]["data"], bare(&job.event.person), text, since / 1_000),
            Err(Failure::NotSent) => Recovered::Later,
            Err(failure) => {
                tracing::debug!("a conversation cannot be read: {failure}");
                Recovered::Unknown
            }
        }
    }

    /// Asks the person to repeat the question, once.
    pub(super) async fn ask_again(&self, purpose: For<'_>, job: &Job) -> Sent {
        let what = format!("again:{}", job.message.as_str());
        if self.take_once(&what, &job.event.person, ASK_TTL).await.is_none() {
            return Sent::No;
        }
        let say = self.responder.wording();
        self.say(For { job: None, ..purpose }, &job.event.person, say.ask_again(), &[]).await
    }
}

/// Whether `text` is among the `messages` that others than `person` wrote since then, in Unix seconds. A message that shows no text, as one with buttons may,
/// counts as it: an answer is lost rather than doubled.
fn search(messages: &Value, person: &str, text: &str, since: i64) -> Recovered {
    let Some(messages) = messages.as_array() else { return Recovered::Unknown };
    let is_later = |message: &Value| {
        let time = message["created_time"].as_str().and_then(seconds);
        time.is_none_or(|time| time >= since - CLOCK_TOLERANCE)
    };
    let is_it = |message: &Value| match message["message"].as_str().map(str::trim) {
        None | Some("") => true,
        Some(said) => said == text.trim(),
    };
    let is_theirs = |message: &Value| message["from"]["id"] == person;
    if messages.iter().any(|message| !is_theirs(message) && is_later(message) && is_it(message)) {
        Recovered::Sent
    } else {
        Recovered::NotSent
    }
}

/// A time in UTC such as `2026-11-30T08:00:00+0000`, in Unix seconds.
fn seconds(text: &str) -> Option<i64> {
    let (date, clock) = text.strip_suffix("+0000")?.split_once('T')?;
    let numbers = |text: &str, by: char| -> Option<[u16; 3]> {
        let parts: Vec<u16> = text.split(by).map(str::parse).collect::<Result<_, _>>().ok()?;
        parts.try_into().ok()
    };
    let ([year, month, day], clock) = (numbers(date, '-')?, numbers(clock, ':')?);
    let [hour, minute, second] = clock.map(u8::try_from);
    let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
    let date = Date::from_calendar_date(year.into(), month, u8::try_from(day).ok()?).ok()?;
    Some(date.with_hms(hour.ok()?, minute.ok()?, second.ok()?).ok()?.assume_utc().unix_timestamp())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_answer_is_found_by_its_words_and_time() {
        let at = 1_764_489_600;
        let said = |time: &str, text: &str| json!([{ "message": text, "created_time": time, "from": { "id": "1" } }]);
        for (messages, expected) in [
            (said("2025-11-30T08:00:05+0000", "হ্যাঁ "), Recovered::Sent),
            (said("2025-11-30T08:00:05+0000", ""), Recovered::Sent),
            (said("2025-11-30T08:00:05+0000", "না"), Recovered::NotSent),
            (said("2025-11-30T07:00:05+0000", "হ্যাঁ"), Recovered::NotSent),
            (json!([]), Recovered::NotSent),
            (json!([{ "message": "", "from": { "id": "7" } }]), Recovered::NotSent),
            (Value::Null, Recovered::Unknown),
        ] {
            assert_eq!(search(&messages, "7", "হ্যাঁ", at), expected, "{messages}");
        }
    }
}

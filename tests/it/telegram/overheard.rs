//! Unasked answers, and how a group's admins bound them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::json;

use super::group::{ANSWER, GROUP, KARIM, QUESTION, RAHIMA, answer, settled};
use super::{Mode, Rig};
use crate::support::telegram::{Fault, Telegram, Wrong, group};

const SEEDS: &str = "ভালো বীজ কোথায় পাব?";
const WATER: &str = "গাছে দিনে কয়বার পানি দেব?";

/// A group whose admin has set this; nothing of it stands there any more.
pub async fn start(mode: Mode, set: &[(&str, &str)]) -> Rig {
    let rig = Rig::start_with(mode, &[("TELEGRAM_LIMITS", "off")]).await;
    group(&rig.telegram, GROUP);
    change(&rig.telegram, set).await;
    rig
}

/// The group's admin sets this by presses in the menu, and closes it.
pub async fn change(telegram: &Telegram, set: &[(&str, &str)]) {
    change_in(telegram, GROUP, set).await;
}

async fn change_in(telegram: &Telegram, chat: i64, set: &[(&str, &str)]) {
    let asked = telegram.says(chat, 1, "/settings");
    let menu = telegram
        .wait("the menu", |world| world.sent(chat).into_iter().find(|sent| sent.replies_to() == Some(asked)))
        .await;
    for (name, value) in set {
        telegram.presses(chat, 1, menu.id, &format!("1s0:{name}={value}"));
    }
    telegram.presses(chat, 1, menu.id, "1s0:close");
    telegram.wait("the menu gone", |world| world.chats[&chat].messages[&menu.id].deleted.then_some(())).await;
}

/// Hours of the menu that hold now in Dhaka, six hours ahead, and hours that do not; one of the three is quiet at any
/// hour.
fn quiet_now() -> (&'static str, &'static str) {
    let hour = (SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() / 3_600 + 6) % 24;
    match hour {
        8..22 => ("8-22", "22-6"),
        22.. => ("22-6", "8-22"),
        _ => ("0-8", "8-22"),
    }
}

fn count(telegram: &Telegram) -> usize {
    telegram.world(|world| world.sent(GROUP).len())
}

#[tokio::test]
async fn unasked_answers_come_only_where_wanted_sure_and_seldom() {
    for mode in [Mode::Polling, Mode::Webhook] {
        let rig = start(mode, &[]).await;
        let telegram = &rig.telegram;
        telegram.says(GROUP, RAHIMA, QUESTION);
        settled(telegram).await;
        assert_eq!(count(telegram), 0, "off until turned on");
        change(telegram, &[("unasked", "on"), ("hourly", "2"), ("person", "0")]).await;
        let question = telegram.says(GROUP, RAHIMA, QUESTION);
        let sent = answer(telegram, 0).await;
        assert!(sent.text.contains(ANSWER) && sent.replies_to() == Some(question));
        telegram.says(GROUP, KARIM, QUESTION);
        telegram.says(GROUP, KARIM, "আজ খুব গরম, ছাদে উঠেছিলাম");
        telegram.says(GROUP, KARIM, "কাল কি বৃষ্টি হবে");
        let other = telegram.says(GROUP, KARIM, "কেউ আছেন?");
        telegram.replies(GROUP, RAHIMA, other, SEEDS);
        settled(telegram).await;
        assert_eq!(count(telegram), 1, "one entry rests; the rest is none of its business");
        telegram.says(GROUP, KARIM, SEEDS);
        answer(telegram, 1).await;
        telegram.says(GROUP, RAHIMA, WATER);
        settled(telegram).await;
        assert_eq!(count(telegram), 2, "two an hour");
        rig.app.stop().await.unwrap();
    }
}

#[tokio::test]
async fn a_person_gets_one_unasked_answer_and_rests() {
    for mode in [Mode::Polling, Mode::Webhook] {
        let rig = start(mode, &[("unasked", "on"), ("person", "900")]).await;
        let telegram = &rig.telegram;
        telegram.says(GROUP, RAHIMA, QUESTION);
        answer(telegram, 0).await;
        telegram.says(GROUP, RAHIMA, SEEDS);
        settled(telegram).await;
        assert_eq!(count(telegram), 1);
        telegram.says(GROUP, KARIM, SEEDS);
        answer(telegram, 1).await;
        rig.app.stop().await.unwrap();
    }
}

#[tokio::test]
async fn in_quiet_hours_only_who_asks_the_bot_is_answered() {
    let (quiet, loud) = quiet_now();
    let rig = start(Mode::Polling, &[("unasked", "on"), ("quiet", quiet)]).await;
    let telegram = &rig.telegram;
    telegram.says(GROUP, RAHIMA, QUESTION);
    settled(telegram).await;
    assert_eq!(count(telegram), 0);
    telegram.says(GROUP, RAHIMA, &format!("/ask {SEEDS}"));
    answer(telegram, 0).await;
    change(telegram, &[("quiet", loud)]).await;
    telegram.says(GROUP, RAHIMA, QUESTION);
    assert!(answer(telegram, 1).await.text.contains(ANSWER));
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn what_a_person_has_answered_is_left_to_them() {
    let rig = start(Mode::Polling, &[("unasked", "on")]).await;
    let telegram = &rig.telegram;
    // Another message holds the group's queue while question and reply come in.
    telegram.world(|world| {
        world.faults.push(Fault::new("sendMessage", Wrong::Slow(Duration::from_millis(600))).chat(GROUP));
    });
    telegram.says(GROUP, KARIM, "/help");
    let question = telegram.says(GROUP, RAHIMA, QUESTION);
    telegram.replies(GROUP, KARIM, question, "হ্যাঁ, যায়");
    settled(telegram).await;
    assert_eq!(count(telegram), 1, "only the help");
    rig.app.stop().await.unwrap();
}

/// The shortest wait that can be set is a minute, which is what this takes.
#[tokio::test]
async fn a_person_has_a_minute_to_be_faster() {
    let rig = start(Mode::Polling, &[("unasked", "on"), ("wait", "1")]).await;
    let telegram = &rig.telegram;
    let answered = telegram.says(GROUP, RAHIMA, QUESTION);
    let question = telegram.says(GROUP, KARIM, SEEDS);
    settled(telegram).await;
    telegram.replies(GROUP, KARIM, answered, "হ্যাঁ, যায়");
    settled(telegram).await;
    assert_eq!(count(telegram), 0, "not yet");
    let sent = telegram
        .within(Duration::from_secs(90), |world| world.sent(GROUP).into_iter().next())
        .await
        .expect("an answer after the minute");
    assert_eq!(sent.replies_to(), Some(question), "{}", sent.text);
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn every_topic_opens_with_a_message_that_all_others_seem_to_reply_to() {
    let rig = start(Mode::Polling, &[("unasked", "on")]).await;
    let telegram = &rig.telegram;
    telegram.world(|world| {
        let chat = world.chats.get_mut(&GROUP).unwrap();
        chat.is_forum = true;
        chat.topics.insert(7, true);
    });
    let root =
        json!({ "message_id": 7, "chat": { "id": GROUP, "type": "supergroup" }, "forum_topic_created": {} });
    let asked = telegram.posts(
        GROUP,
        RAHIMA,
        &json!({ "text": QUESTION, "message_thread_id": 7, "is_topic_message": true, "reply_to_message": root }),
    );
    let sent = answer(telegram, 0).await;
    assert_eq!((sent.replies_to(), sent.thread), (Some(asked), Some(7)));
    rig.app.stop().await.unwrap();
}

/// A minute again: what was set meanwhile holds for those who wait.
#[tokio::test]
async fn whoever_waits_looks_again_whether_the_hour_and_the_topic_are_wanted() {
    let (silenced, other) = (-100_501, -100_502);
    let rig = start(Mode::Polling, &[]).await;
    let telegram = &rig.telegram;
    for chat in [silenced, other] {
        group(telegram, chat);
        change_in(telegram, chat, &[("unasked", "on"), ("wait", "1"), ("person", "0")]).await;
    }
    telegram.world(|world| {
        let chat = world.chats.get_mut(&other).unwrap();
        chat.is_forum = true;
        chat.topics.extend([(7, true), (8, true)]);
    });
    let in_topic = |topic: i64, text: &str| {
        let about = json!({ "text": text, "message_thread_id": topic, "is_topic_message": true });
        telegram.posts(other, RAHIMA, &about)
    };
    telegram.says(silenced, RAHIMA, QUESTION);
    in_topic(7, QUESTION);
    settled(telegram).await;
    change_in(telegram, silenced, &[("quiet", quiet_now().0)]).await;
    change_in(telegram, other, &[("topic", "8:on")]).await;
    let wanted = in_topic(8, SEEDS);
    let sent = telegram
        .within(Duration::from_secs(90), |world| world.sent(other).into_iter().next())
        .await
        .expect("an answer after the minute");
    assert_eq!(sent.replies_to(), Some(wanted), "{}", sent.text);
    assert!(telegram.world(|world| world.sent(silenced).is_empty()), "the hours are quiet now");
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn what_is_set_holds_in_its_group_alone_and_very_sure_is_surer() {
    let other = -100_501;
    let rig = start(Mode::Polling, &[("unasked", "on"), ("sure", "very"), ("person", "0")]).await;
    let telegram = &rig.telegram;
    group(telegram, other);
    telegram.says(other, RAHIMA, QUESTION);
    let loose = "chader upor bagan kora jabe ki vai";
    telegram.says(GROUP, RAHIMA, loose);
    telegram.says(GROUP, RAHIMA, SEEDS);
    let sent = answer(telegram, 0).await;
    assert!(sent.text.contains("উপজেলা"), "{}", sent.text);
    change(telegram, &[("sure", "sure")]).await;
    telegram.says(GROUP, RAHIMA, loose);
    assert!(answer(telegram, 1).await.text.contains(ANSWER));
    settled(telegram).await;
    assert!(telegram.world(|world| world.sent(other).is_empty()), "off in the other group");
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn an_edited_question_that_was_overheard_stays_one() {
    for mode in [Mode::Polling, Mode::Webhook] {
        let rig = start(mode, &[("unasked", "on")]).await;
        let telegram = &rig.telegram;
        let question = telegram.says(GROUP, RAHIMA, QUESTION);
        let sent = answer(telegram, 0).await;
        telegram.edits(GROUP, question, "টবের মাটিতে কেঁচো দিলে কী লাভ");
        settled(telegram).await;
        let kept = answer(telegram, 0).await;
        assert!(
            kept.edits == 0 && kept.text == sent.text,
            "no guesses for whoever did not ask: {}",
            kept.text
        );
        telegram.edits(GROUP, question, SEEDS);
        let changed = telegram
            .wait("the change", |world| world.sent(GROUP).into_iter().find(|sent| sent.edits == 1))
            .await;
        assert!(changed.id == sent.id && changed.text.contains("উপজেলা"), "{}", changed.text);
        assert_eq!(count(telegram), 1);
        rig.app.stop().await.unwrap();
    }
}

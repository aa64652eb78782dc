//! Secretary mode: accounts that are connected with the bot.

use serde_json::{Value, json};

use super::{Mode, Rig, in_both};
use crate::support::telegram::{BOT, Fault, Posted, Telegram, Wrong, now, private};

/// A mentor, and two who write to him.
const MENTOR: i64 = 81;
const KARIM: i64 = 82;
const SALMA: i64 = 83;

/// The mentor's connection.
const LINE: &str = "connection-1";

const QUESTION: &str = "ছাদে কি সবজি চাষ করা যায়?";

fn said(text: &str) -> Value {
    json!({ "text": text })
}

/// The mentor connects his account; the message about it.
async fn connected(telegram: &Telegram) -> Posted {
    private(telegram, MENTOR);
    telegram.connects(LINE, MENTOR, true, true);
    telegram.wait("a word about it", |world| world.sent(MENTOR).first().cloned()).await
}

/// What the mentor was told after the first `known` messages.
async fn told(telegram: &Telegram, known: usize) -> Posted {
    telegram.wait("a message to the mentor", |world| world.sent(MENTOR).get(known).cloned()).await
}

/// Everything that was said has been handled.
async fn settled(telegram: &Telegram) {
    telegram.wait("all confirmed", |world| world.updates.is_empty().then_some(())).await;
}

/// How many messages the mentor has got, and how many were sent in his name.
fn counts(telegram: &Telegram) -> (usize, usize) {
    telegram.world(|world| (world.sent(MENTOR).len(), world.sent_in_names().len()))
}

#[tokio::test]
async fn a_clear_question_is_drafted_to_the_owner_and_sent_once_he_wants_it() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        let hello = connected(telegram).await;
        assert!(hello.text.contains("যুক্ত হয়েছে") && hello.labels().len() == 2, "{hello:?}");

        telegram.writes_to(LINE, KARIM, KARIM, &said(QUESTION));
        let draft = told(telegram, 1).await;
        assert!(draft.text.contains(QUESTION) && draft.text.contains("রহিমা"), "{}", draft.text);
        assert!(draft.text.contains("অন্তত ৬ ঘণ্টা রোদ"), "{}", draft.text);
        assert!(draft.text.contains("https://example.org/garden"), "its link: {}", draft.text);
        assert_eq!(draft.labels().len(), 3, "{:?}", draft.labels());
        assert_eq!(counts(telegram), (2, 0), "nothing is sent before he wants it");

        // Nobody else's press counts.
        private(telegram, KARIM);
        let press = telegram.presses(MENTOR, KARIM, draft.id, &draft.data("✓"));
        telegram.wait("an answer", |world| world.presses[&press].then_some(())).await;
        assert_eq!(counts(telegram), (2, 0));

        for _ in 0..2 {
            telegram.presses(MENTOR, MENTOR, draft.id, &draft.data("✓"));
        }
        let sent =
            telegram.wait("an answer in his name", |world| world.sent_in_names().first().cloned()).await;
        assert_eq!(sent.chat, KARIM);
        assert!(sent.text.contains("অন্তত ৬ ঘণ্টা রোদ"), "{}", sent.text);
        assert!(sent.text.contains("https://example.org/garden"), "{}", sent.text);
        telegram
            .wait("the draft says so", |world| {
                world
                    .sent(MENTOR)
                    .get(1)
                    .filter(|draft| draft.labels().is_empty() && draft.text.contains('✓'))
                    .map(|_| ())
            })
            .await;
        // The bot got its own message back, and two presses send once.
        settled(telegram).await;
        assert_eq!(counts(telegram), (2, 1));
        // It is no sign that the owner is there: the chat is not paused.
        telegram.writes_to(LINE, KARIM, KARIM, &said("ভালো বীজ কোথায় পাব?"));
        let draft = told(telegram, 2).await;
        telegram.presses(MENTOR, MENTOR, draft.id, &draft.data("✘"));
        telegram
            .wait("it is discarded", |world| {
                world.sent(MENTOR).get(2).filter(|draft| draft.labels().is_empty()).map(|_| ())
            })
            .await;
        assert_eq!(counts(telegram), (3, 1));
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn the_owner_may_write_another_text_also_after_a_restart() {
    for mode in [Mode::Polling, Mode::Webhook] {
        let rig = Rig::start(mode).await;
        let telegram = rig.telegram.clone();
        connected(&telegram).await;
        telegram.writes_to(LINE, KARIM, KARIM, &said(QUESTION));
        let draft = told(&telegram, 1).await;
        telegram.presses(MENTOR, MENTOR, draft.id, &draft.data("✎"));
        let prompt = told(&telegram, 2).await;
        assert!(prompt.text.contains("/cancel"), "{}", prompt.text);
        settled(&telegram).await;
        let rig = rig.restart().await;
        telegram.says(MENTOR, MENTOR, "রোদে রাখুন, *ভাই*");
        let sent = telegram.wait("his own words", |world| world.sent_in_names().first().cloned()).await;
        assert_eq!((sent.chat, sent.text.as_str()), (KARIM, "রোদে রাখুন, *ভাই*"));
        told(&telegram, 3).await;

        // Cancelled, his next text is a question again.
        telegram.writes_to(LINE, SALMA, SALMA, &said(QUESTION));
        let draft = told(&telegram, 4).await;
        telegram.presses(MENTOR, MENTOR, draft.id, &draft.data("✎"));
        told(&telegram, 5).await;
        telegram.says(MENTOR, MENTOR, "/cancel");
        told(&telegram, 6).await;
        telegram.says(MENTOR, MENTOR, QUESTION);
        assert!(told(&telegram, 7).await.text.contains("অন্তত ৬ ঘণ্টা রোদ"));
        assert_eq!(counts(&telegram).1, 1);
        // The draft is still there.
        telegram.presses(MENTOR, MENTOR, draft.id, &draft.data("✓"));
        telegram.wait("the answer", |world| world.sent_in_names().get(1).cloned()).await;
        rig.app.stop().await.unwrap();
    }
}

#[tokio::test]
async fn where_he_chose_so_clear_questions_are_answered_at_once() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        let hello = connected(telegram).await;
        telegram.presses(MENTOR, MENTOR, hello.id, &hello.data("সঙ্গে সঙ্গে"));
        telegram
            .wait("the choice", |world| {
                let shown = world.sent(MENTOR).first().cloned()?;
                shown.labels().iter().any(|label| label.starts_with("✓ সঙ্গে")).then_some(())
            })
            .await;
        let message = telegram.writes_to(LINE, KARIM, KARIM, &said(QUESTION));
        let sent =
            telegram.wait("an answer in his name", |world| world.sent_in_names().first().cloned()).await;
        assert!(sent.chat == KARIM && sent.text.contains("অন্তত ৬ ঘণ্টা রোদ"), "{sent:?}");
        // Delivered again under another number.
        telegram.push("business_message", &message);
        settled(telegram).await;
        assert_eq!(counts(telegram), (1, 1), "no draft as well");
        // What is refused comes as a draft.
        telegram.world(|world| {
            let refused = Wrong::Error(400, "Bad Request: BUSINESS_PEER_INVALID");
            world.faults.push(Fault::new("sendMessage", refused).chat(SALMA));
        });
        telegram.writes_to(LINE, SALMA, SALMA, &said(QUESTION));
        assert_eq!(told(telegram, 1).await.labels().len(), 3);
        // The command shows the choice, and leads back.
        telegram.says(MENTOR, MENTOR, "/secretary");
        let shown = told(telegram, 2).await;
        telegram.presses(MENTOR, MENTOR, shown.id, &shown.data("খসড়া"));
        telegram
            .wait("the choice", |world| {
                let shown = world.sent(MENTOR).get(2).cloned()?;
                shown.labels().iter().any(|label| label.starts_with("✓ আগে")).then_some(())
            })
            .await;
        telegram.writes_to(LINE, KARIM, KARIM, &said("ভালো বীজ কোথায় পাব?"));
        told(telegram, 3).await;
        assert_eq!(counts(telegram), (4, 1));
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn his_own_message_pauses_that_chat_and_no_other() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        connected(telegram).await;
        telegram.writes_to(LINE, KARIM, MENTOR, &said("একটু পরে বলছি"));
        telegram.writes_to(LINE, KARIM, KARIM, &said(QUESTION));
        telegram.writes_to(LINE, SALMA, SALMA, &said(QUESTION));
        assert!(told(telegram, 1).await.text.contains(QUESTION));
        settled(telegram).await;
        assert_eq!(counts(telegram), (2, 0), "only the other chat's question is drafted");
        rig.app.stop().await.unwrap();
    })
    .await;
    let rig = Rig::start_with(Mode::Polling, &[("HANDOVER_HOURS", "0")]).await;
    connected(&rig.telegram).await;
    rig.telegram.writes_to(LINE, KARIM, MENTOR, &said("একটু পরে বলছি"));
    rig.telegram.writes_to(LINE, KARIM, KARIM, &said(QUESTION));
    told(&rig.telegram, 1).await;
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn what_is_no_clear_question_of_now_gets_neither_answer_nor_draft() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        let hello = connected(telegram).await;
        let bot = json!({ "id": BOT, "is_bot": true, "first_name": "Uttor" });
        let other = json!({ "id": 99, "is_bot": true, "first_name": "Bot" });
        let quiet = || {
            for text in [
                "হ্যালো",
                "ধন্যবাদ ভাই",
                "😂😂",
                "👍",
                "ok vai",
                "আপনি কে?",
                "zzzz qqqq",
                "বীজ",
                "আপনার ফোন নাম্বার দিন",
            ] {
                telegram.writes_to(LINE, KARIM, KARIM, &said(text));
            }
            telegram.writes_to(LINE, KARIM, KARIM, &json!({ "sticker": { "emoji": "👍" } }));
            // Another bot, one that writes in somebody's name, and one that was asked by way of.
            telegram.writes_to(LINE, 99, 99, &json!({ "text": QUESTION, "from": other }));
            telegram.writes_to(
                LINE,
                KARIM,
                KARIM,
                &json!({ "text": QUESTION, "sender_business_bot": other }),
            );
            telegram.writes_to(LINE, KARIM, KARIM, &json!({ "text": QUESTION, "via_bot": other }));
            // Its own echo.
            telegram.writes_to(LINE, KARIM, MENTOR, &json!({ "text": QUESTION, "sender_business_bot": bot }));
            // An old chat.
            telegram.writes_to(LINE, KARIM, KARIM, &json!({ "text": QUESTION, "date": now() - 30 * 3_600 }));
            telegram.writes_to(LINE, KARIM, KARIM, &json!({ "text": QUESTION, "date": now() - 2 * 3_600 }));
            // A connection that there is none of.
            telegram.push(
                "business_message",
                &json!({
                    "message_id": 5, "date": now(), "business_connection_id": "unknown", "text": QUESTION,
                    "from": { "id": KARIM, "is_bot": false }, "chat": { "id": KARIM, "type": "private" },
                }),
            );
        };
        quiet();
        settled(telegram).await;
        assert_eq!(counts(telegram), (1, 0), "{:?}", telegram.world(|world| world.sent(MENTOR)));
        telegram.presses(MENTOR, MENTOR, hello.id, &hello.data("সঙ্গে সঙ্গে"));
        settled(telegram).await;
        quiet();
        settled(telegram).await;
        assert_eq!(counts(telegram), (1, 0), "{:?}", telegram.world(|world| world.sent(MENTOR)));
        // Nothing of it was kept.
        assert_eq!(rig.store().await.clusters(&open()).await.unwrap().len(), 0);
        rig.app.stop().await.unwrap();
    })
    .await;
}

fn open() -> uttor::store::Clusters<'static> {
    uttor::store::Clusters { state: uttor::store::ClusterState::Open, scope: None, limit: 10, skip: 0 }
}

#[tokio::test]
async fn a_connection_without_the_right_or_that_ended_does_nothing_and_one_of_before_is_asked_for() {
    let rig = Rig::start(Mode::Polling).await;
    let telegram = rig.telegram.clone();
    private(&telegram, MENTOR);
    telegram.connects(LINE, MENTOR, false, true);
    assert!(told(&telegram, 0).await.text.contains("অনুমতি"), "he is told what is missing");
    telegram.writes_to(LINE, KARIM, KARIM, &said(QUESTION));
    telegram.connects(LINE, MENTOR, true, true);
    told(&telegram, 1).await;
    telegram.writes_to(LINE, KARIM, KARIM, &said(QUESTION));
    let draft = told(&telegram, 2).await;
    settled(&telegram).await;

    // After a restart Telegram says whose connection it is.
    let rig = rig.restart().await;
    telegram.writes_to(LINE, SALMA, SALMA, &said(QUESTION));
    told(&telegram, 3).await;
    telegram.connects(LINE, MENTOR, true, false);
    told(&telegram, 4).await;
    telegram.writes_to(LINE, SALMA, SALMA, &said("ভালো বীজ কোথায় পাব?"));
    telegram.presses(MENTOR, MENTOR, draft.id, &draft.data("✓"));
    settled(&telegram).await;
    assert_eq!(counts(&telegram), (5, 0));
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn a_draft_goes_with_its_question_and_is_not_lost_when_telegram_refuses_it() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        connected(telegram).await;
        let asked = telegram.writes_to(LINE, KARIM, KARIM, &said(QUESTION));
        let draft = told(telegram, 1).await;
        let mut changed = asked.clone();
        changed["text"] = json!("ভালো বীজ কোথায় পাব?");
        telegram.push("edited_business_message", &changed);
        let other = told(telegram, 2).await;
        assert!(other.text.contains("বীজ"), "{}", other.text);
        let is_void = |draft: &Posted| draft.labels().is_empty();
        telegram
            .wait("the first is void", |world| world.sent(MENTOR).get(1).map(is_void).filter(|void| *void))
            .await;
        telegram.push(
            "deleted_business_messages",
            &json!({
                "business_connection_id": LINE, "chat": asked["chat"], "message_ids": [asked["message_id"]],
            }),
        );
        telegram
            .wait("the second too", |world| world.sent(MENTOR).get(2).map(is_void).filter(|void| *void))
            .await;
        telegram.presses(MENTOR, MENTOR, draft.id, "1a51:s.1");

        telegram.writes_to(LINE, SALMA, SALMA, &said(QUESTION));
        let draft = told(telegram, 3).await;
        telegram.world(|world| {
            let refused = Wrong::Error(400, "Bad Request: BUSINESS_PEER_INVALID");
            world.faults.push(Fault::new("sendMessage", refused).chat(SALMA));
        });
        telegram.presses(MENTOR, MENTOR, draft.id, &draft.data("✓"));
        let again = telegram
            .wait("new buttons", |world| {
                let shown = world.sent(MENTOR).get(3).cloned()?;
                (shown.labels().len() == 3 && shown.data("✓") != draft.data("✓")).then_some(shown)
            })
            .await;
        telegram.presses(MENTOR, MENTOR, again.id, &again.data("✓"));
        telegram.wait("the answer", |world| world.sent_in_names().first().cloned()).await;
        settled(telegram).await;
        assert_eq!(counts(telegram), (4, 1));
        rig.app.stop().await.unwrap();
    })
    .await;
}

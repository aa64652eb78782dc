//! Guest mode: mentions in chats that the bot is not in.

use serde_json::{Value, json};

use super::{Mode, Rig, in_both};
use crate::support::telegram::{BOT_NAME, Call, Fault, Telegram, Wrong, group, private};

const QUESTION: &str = "ছাদে কি সবজি চাষ করা যায়?";

fn mention(question: &str) -> Value {
    json!({ "text": format!("@{BOT_NAME} {question}") })
}

/// A group that the bot is not in.
fn foreign(telegram: &Telegram, id: i64) -> i64 {
    group(telegram, id);
    telegram.world(|world| world.chats.get_mut(&id).unwrap().bot = "left");
    id
}

fn answers(telegram: &Telegram) -> Vec<Call> {
    telegram.world(|world| world.calls_of("answerGuestQuery").cloned().collect())
}

/// The answer to the query; it is the only one.
async fn answer(telegram: &Telegram, query: &str) -> Call {
    let of = |call: &&Call| call.params["guest_query_id"] == query;
    telegram.wait("an answer", |world| world.calls_of("answerGuestQuery").find(of).map(|_| ())).await;
    telegram.wait("all confirmed", |world| world.updates.is_empty().then_some(())).await;
    let all: Vec<Call> = answers(telegram).into_iter().filter(|call| of(&call)).collect();
    assert_eq!(all.len(), 1, "{all:?}");
    let call = all[0].clone();
    assert!(call.answer.is_ok(), "{:?}", call.answer);
    call
}

fn text(call: &Call) -> &str {
    call.params["result"]["input_message_content"]["message_text"].as_str().unwrap()
}

fn labels(call: &Call) -> usize {
    call.params["result"]["reply_markup"]["inline_keyboard"].as_array().map_or(0, Vec::len)
}

#[tokio::test]
async fn a_mention_in_a_chat_of_others_is_answered_once_with_the_answer_or_with_one_line() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        let chat = foreign(telegram, -1_009);
        let (query, message) = telegram.mentions_guest(chat, 51, &mention(QUESTION));
        let call = answer(telegram, &query).await;
        let result = &call.params["result"];
        assert_eq!(
            (&result["type"], result["title"].as_str().unwrap().is_empty()),
            (&json!("article"), false)
        );
        assert!(text(&call).contains("৬ ঘণ্টা"), "{}", text(&call));
        let link = &result["reply_markup"]["inline_keyboard"][0][0]["url"];
        assert!(link.as_str().unwrap().starts_with("https://example.org/garden"), "{link}");
        assert_eq!(labels(&call), 1, "nothing that can be pressed");

        // Delivered again under another number.
        telegram.push("guest_message", &message);
        let (query, _) = telegram.mentions_guest(chat, 52, &mention("zzzz qqqq কী"));
        let call = answer(telegram, &query).await;
        let said = text(&call);
        assert!(said.contains("https://example.org/garden") && !said.contains('\n'), "{said}");
        assert!(said.chars().count() <= 400 && !call.params["result"]["title"].as_str().unwrap().is_empty());
        assert_eq!(answers(telegram).len(), 2);

        // Somebody's private chat; a bare mention means the message that it replies to.
        let friends = private(telegram, 60);
        let asked = telegram.message(friends, 61, &json!({ "text": QUESTION }));
        let bare = json!({ "text": format!("@{BOT_NAME}"), "reply_to_message": asked });
        let (query, _) = telegram.mentions_guest(friends, 60, &bare);
        assert!(text(&answer(telegram, &query).await).contains("৬ ঘণ্টা"));
        let (query, _) = telegram.mentions_guest(friends, 60, &json!({ "text": format!("@{BOT_NAME}") }));
        assert!(text(&answer(telegram, &query).await).contains(BOT_NAME), "it says how to ask");
        let (query, _) = telegram.mentions_guest(friends, 60, &mention("😂😂"));
        assert!(!text(&answer(telegram, &query).await).is_empty());
        // A greeting's examples would be buttons.
        let (query, _) = telegram.mentions_guest(friends, 60, &mention("হ্যালো"));
        let call = answer(telegram, &query).await;
        assert!(!text(&call).ends_with(':') && labels(&call) == 0, "{}", text(&call));
        assert_eq!(telegram.world(|world| world.calls_of("sendMessage").count()), 0);
        let metrics = rig.metrics().await;
        assert!(metrics.contains("channel=\"telegram-guest\""), "{metrics}");
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_query_is_answered_once_also_after_a_restart() {
    for mode in [Mode::Polling, Mode::Webhook] {
        let rig = Rig::start(mode).await;
        let telegram = rig.telegram.clone();
        let chat = foreign(&telegram, -1_009);
        let (query, message) = telegram.mentions_guest(chat, 51, &mention(QUESTION));
        answer(&telegram, &query).await;
        let rig = rig.restart().await;
        telegram.push("guest_message", &message);
        let (query, _) = telegram.mentions_guest(chat, 51, &mention(QUESTION));
        answer(&telegram, &query).await;
        assert_eq!(answers(&telegram).len(), 2);
        rig.app.stop().await.unwrap();
    }
}

#[tokio::test]
async fn a_mention_that_the_bot_hears_as_a_member_too_is_answered_once() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        let chat = group(telegram, -1_009);
        // Whichever comes first.
        let (query, mut message) = telegram.mentions_guest(chat, 51, &mention(QUESTION));
        answer(telegram, &query).await;
        message.as_object_mut().unwrap().remove("guest_query_id");
        telegram.push("message", &message);
        let id = telegram.posts(chat, 51, &mention("ভালো বীজ কোথায় পাব"));
        let sent = telegram.wait("an answer", |world| world.sent(chat).first().cloned()).await;
        assert_eq!(sent.replies_to(), Some(id), "the first mention was answered twice: {}", sent.text);
        let mut again = telegram.shown(chat, id);
        again["guest_query_id"] = json!("late");
        telegram.world(|world| world.guests.insert("late".to_owned(), false));
        telegram.push("guest_message", &again);
        let (query, _) = telegram.mentions_guest(chat, 51, &mention(QUESTION));
        answer(telegram, &query).await;
        assert_eq!((answers(telegram).len(), telegram.world(|world| world.sent(chat).len())), (2, 1));
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn bots_and_those_who_ask_too_much_are_not_answered_and_others_are() {
    let rig = Rig::start_with(Mode::Polling, &[("TELEGRAM_LIMITS", "on")]).await;
    let telegram = &rig.telegram;
    let chat = foreign(telegram, -1_009);
    let bot = json!({ "id": 77, "is_bot": true, "first_name": "Bot" });
    telegram.mentions_guest(chat, 77, &json!({ "text": format!("@{BOT_NAME} {QUESTION}"), "from": bot }));
    for _ in 0..20 {
        telegram.mentions_guest(chat, 51, &mention(QUESTION));
    }
    let (query, _) = telegram.mentions_guest(chat, 52, &mention(QUESTION));
    answer(telegram, &query).await;
    let count = answers(telegram).len();
    assert!((6..=8).contains(&count), "{count} answers");
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn a_refused_text_is_sent_plain_and_a_busy_server_is_asked_once_more() {
    let rig = Rig::start(Mode::Polling).await;
    let telegram = &rig.telegram;
    let chat = foreign(telegram, -1_009);
    for wrong in [Wrong::Error(400, "Bad Request: can't parse entities: x"), Wrong::BadGateway] {
        telegram.world(|world| world.faults.push(Fault::new("answerGuestQuery", wrong)));
        let (query, _) = telegram.mentions_guest(chat, 51, &mention(QUESTION));
        let told = telegram.wait("an answer", |world| {
            let of = |call: &&Call| call.params["guest_query_id"] == query.as_str() && call.answer.is_ok();
            world.calls_of("answerGuestQuery").find(of).cloned()
        });
        assert!(text(&told.await).contains("রোদ"));
    }
    rig.app.stop().await.unwrap();
}

//! Sending: rate limit, retries, refusals.

use std::time::{Duration, Instant};

use super::group::GROUP;
use super::{Mode, Rig, in_both};
use crate::support::app::garden_copy;
use crate::support::telegram::{Fault, Posted, TOKEN, Telegram, Wrong, group, private};

const QUESTION: &str = "ছাদে কি সবজি চাষ করা যায়?";

/// Asks, and waits until something stands in the chat.
async fn asks(telegram: &Telegram, chat: i64) -> String {
    private(telegram, chat);
    telegram.says(chat, chat, QUESTION);
    telegram.wait("an answer", |world| world.sent(chat).first().map(|sent| sent.text.clone())).await
}

#[tokio::test]
async fn requests_that_the_network_or_the_server_fails_are_retried() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        for (chat, wrong) in
            [(5, Wrong::Drop), (6, Wrong::BadGateway), (7, Wrong::Error(500, "Internal Server Error"))]
        {
            telegram.world(|world| world.faults.push(Fault::new("sendMessage", wrong).chat(chat)));
            let start = Instant::now();
            asks(telegram, chat).await;
            assert!(start.elapsed() < Duration::from_secs(5), "no ten seconds' sleep");
        }
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn markup_that_telegram_refuses_is_left_out() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        let refusal = Wrong::Error(400, "Bad Request: can't parse entities: Unsupported start tag");
        telegram.world(|world| world.faults.push(Fault::new("sendMessage", refusal)));
        let text = asks(telegram, 5).await;
        assert!(text.contains("৬ ঘণ্টা") && !text.contains("<b>"), "{text}");
        telegram.world(|world| {
            let last = world.calls_of("sendMessage").last().unwrap();
            assert!(last.params.get("parse_mode").is_none());
        });
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_flood_wait_is_kept_and_the_answer_comes_after_it() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        telegram.world(|world| world.faults.push(Fault::new("sendMessage", Wrong::Flood(2)).chat(5)));
        let start = Instant::now();
        asks(telegram, 5).await;
        assert!(start.elapsed() >= Duration::from_secs(2), "{:?}", start.elapsed());
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn an_answer_that_would_be_stale_is_dropped() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        private(telegram, 5);
        telegram.world(|world| world.faults.push(Fault::new("sendMessage", Wrong::Flood(86_400)).chat(5)));
        telegram.says(5, 5, QUESTION);
        telegram
            .wait("all confirmed", |world| {
                (world.updates.is_empty() && world.calls_of("sendMessage").count() == 1).then_some(())
            })
            .await;
        assert!(rig.metrics().await.contains("uttor_telegram_sends_total{result=\"stale\"} 1"));
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_person_who_blocked_the_bot_gets_nothing_until_they_write_again() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        asks(telegram, 5).await;
        telegram.world(|world| world.chats.get_mut(&5).unwrap().bot = "blocked");
        telegram.says(5, 5, QUESTION);
        telegram
            .wait("the refusal", |world| (world.calls_of("sendMessage").count() == 2).then_some(()))
            .await;
        telegram.world(|world| world.chats.get_mut(&5).unwrap().bot = "member");
        telegram.says(5, 5, QUESTION);
        telegram.wait("an answer again", |world| (world.sent(5).len() == 2).then_some(())).await;
        assert_eq!(telegram.world(|world| world.calls_of("sendMessage").count()), 3, "no retries");
        // Nor does anything else go there while nothing tells that it would be taken.
        let shown = telegram.world(|world| world.sent(5)[0].clone());
        telegram.world(|world| world.chats.get_mut(&5).unwrap().bot = "blocked");
        for number in 4..=5 {
            let press = telegram.presses(5, 5, shown.id, "1t0:0");
            telegram.wait("its end", |world| world.presses[&press].then_some(())).await;
            telegram.wait("all handled", |world| world.updates.is_empty().then_some(())).await;
            let tried = telegram.world(|world| world.calls_of("sendMessage").count());
            assert_eq!(tried, 4, "press {number}");
        }
        rig.app.stop().await.unwrap();
    })
    .await;
}

/// An entry's answer is short; what is said of a topic that the guide does not treat may be long.
#[tokio::test]
async fn what_is_longer_than_a_message_comes_in_pieces() {
    let steps: Vec<String> =
        (1..=120).map(|number| format!("ধাপ {number}: মাটি <নরম> করুন & পানি দিন, তারপর একদিন রাখুন।")).collect();
    let faq = garden_copy();
    let path = faq.path().join("not-in-guide.toml");
    let topics = std::fs::read_to_string(&path).unwrap();
    let long = topics.replace("গাইডে আবহাওয়ার খবর নেই।", &steps.join("\\n\\n"));
    assert_ne!(long, topics);
    std::fs::write(&path, long).unwrap();
    for mode in [Mode::Polling, Mode::Webhook] {
        let rig = Rig::with_content(faq.path(), Telegram::start().await, mode, &[]).await;
        let telegram = &rig.telegram;
        group(telegram, GROUP);
        let asked = telegram.says(GROUP, 7, "/ask কাল কি বৃষ্টি হবে");
        telegram
            .wait("the last piece", |world| {
                world.sent(GROUP).iter().any(|sent| sent.text.contains(&steps[119])).then_some(())
            })
            .await;
        telegram.wait("all handled", |world| world.updates.is_empty().then_some(())).await;
        let pieces = telegram.world(|world| world.sent(GROUP));
        assert!(pieces.len() >= 2, "{}", pieces.len());
        for step in &steps {
            assert!(pieces.iter().any(|piece| piece.text.contains(step)), "{step} is cut or lost");
        }
        let replies: Vec<_> = pieces.iter().map(Posted::replies_to).collect();
        assert_eq!(replies[0], Some(asked));
        assert!(
            replies[1..].iter().all(Option::is_none),
            "the first one replies to the question: {replies:?}"
        );
        let (last, others) = pieces.split_last().unwrap();
        assert!(!last.labels().is_empty() && others.iter().all(|piece| piece.labels().is_empty()));
        rig.app.stop().await.unwrap();
    }
}

#[tokio::test]
async fn the_rate_limits_hold_and_nothing_is_lost() {
    let rig = Rig::start(Mode::Polling).await;
    let telegram = &rig.telegram;
    telegram.world(|world| world.enforce_limits = true);
    for chat in 100..130 {
        private(telegram, chat);
        for _ in 0..3 {
            telegram.says(chat, chat, "/start seeds");
        }
    }
    telegram.wait("every answer", |world| (world.answered() == 90).then_some(())).await;
    assert_eq!(telegram.world(|world| world.over_limit), 0);
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn the_token_shows_up_nowhere() {
    let rig = Rig::start(Mode::Polling).await;
    asks(&rig.telegram, 5).await;
    assert!(!rig.metrics().await.contains(TOKEN));
    rig.app.stop().await.unwrap();
}

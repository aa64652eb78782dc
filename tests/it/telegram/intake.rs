//! How updates come in: order, redelivery, faults, panics, floods.

use std::ops::Range;
use std::time::{Duration, Instant};

use reqwest::StatusCode;
use serde_json::json;

use super::{Mode, Rig, in_both};
use crate::support::app::eventually;
use crate::support::telegram::{BOT, Fault, TOKEN, Telegram, Wrong, private};

const QUESTION: &str = "ছাদে কি সবজি চাষ করা যায়?";

#[tokio::test]
async fn what_is_newer_than_the_program_loses_no_question() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        for (chat, more) in (100..).zip([
            json!({ "text": QUESTION, "entities": [{ "type": "date_time", "offset": 0, "length": 3, "unix_time": 1 }] }),
            json!({ "text": QUESTION, "entities": "?", "sender_tag": "x", "guest_query_id": 5, "new_field": {} }),
            json!({ "rich_message": { "blocks": [{ "type": "paragraph", "text": { "text": QUESTION } }] } }),
            json!({ "caption": QUESTION, "live_photo": { "file_id": 1 } }),
            json!({ "text": QUESTION, "reply_to_message": { "message_id": "odd", "rich_message": 5 } }),
        ]) {
            private(telegram, chat);
            telegram.posts(chat, chat, &more);
            let sent = telegram.wait("an answer", |world| world.sent(chat).first().cloned()).await;
            assert!(sent.text.contains("অন্তত ৬ ঘণ্টা রোদ"), "{more}: {}", sent.text);
        }
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn updates_without_meaning_are_skipped() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        let chat = private(telegram, 5);
        telegram.world(|world| world.allowed = None);
        telegram.push("guest_message", &json!({ "chat": { "id": 5 }, "text": "x" }));
        telegram.push("subscription", &json!({ "chat": { "id": 5 } }));
        telegram.push("message", &json!({ "chat": { "id": 5 }, "message_id": {} }));
        telegram.push("callback_query", &json!({ "from": { "id": 5 } }));
        telegram.says(chat, 5, QUESTION);
        telegram.wait("an answer", |world| world.sent(chat).first().cloned()).await;
        telegram.wait("all confirmed", |world| world.updates.is_empty().then_some(())).await;
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_redelivered_update_is_answered_once_also_after_a_restart() {
    for mode in [Mode::Polling, Mode::Webhook] {
        let rig = Rig::start(mode).await;
        let telegram = rig.telegram.clone();
        let chat = private(&telegram, 5);
        let message = telegram.message(chat, 5, &json!({ "text": QUESTION }));
        // In polling mode the first poll says which kinds of update are wanted.
        let id = telegram.push("message", &message).unwrap();
        telegram.wait("an answer", |world| world.sent(chat).first().cloned()).await;
        telegram.wait("confirmed", |world| world.updates.is_empty().then_some(())).await;
        telegram.push_again(id, "message", &message);
        telegram.wait("confirmed again", |world| world.updates.is_empty().then_some(())).await;
        let rig = rig.restart().await;
        telegram.push_again(id, "message", &message);
        telegram.wait("and again", |world| world.updates.is_empty().then_some(())).await;
        assert_eq!(telegram.world(|world| world.sent(chat).len()), 1, "{mode:?}");
        rig.app.stop().await.unwrap();
    }
}

#[tokio::test]
async fn nothing_is_confirmed_before_it_is_answered() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        let (slow, quick) = (private(telegram, 5), private(telegram, 6));
        telegram.world(|world| {
            world.faults.push(Fault::new("sendMessage", Wrong::Slow(Duration::from_millis(700))).chat(slow));
        });
        telegram.says(slow, 5, QUESTION);
        telegram.says(quick, 6, QUESTION);
        let waiting = telegram
            .wait("the quick answer", |world| (world.sent(quick).len() == 1).then_some(world.updates.len()))
            .await;
        assert!(waiting >= 1, "the slow one is not confirmed while it is being sent");
        telegram.wait("all confirmed", |world| world.updates.is_empty().then_some(())).await;
        assert_eq!(telegram.world(|world| world.sent(slow).len()), 1);
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_chat_keeps_its_order() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        let chat = private(telegram, 5);
        telegram.world(|world| {
            world.faults.push(Fault::new("sendMessage", Wrong::Slow(Duration::from_millis(300))));
        });
        for said in ["/start rooftop", "/start seeds", "/start tools"] {
            telegram.says(chat, 5, said);
        }
        let sent = telegram
            .wait("three answers", |world| Some(world.sent(chat)).filter(|sent| sent.len() == 3))
            .await;
        for (sent, part) in sent.iter().zip(["৬ ঘণ্টা", "উপজেলা", "খুরপি"])
        {
            assert!(sent.text.contains(part), "{}", sent.text);
        }
        rig.app.stop().await.unwrap();
    })
    .await;
}

/// How long the answer of a typical one of these chats takes.
async fn typical(telegram: &Telegram, chats: Range<i64>) -> Duration {
    let mut waits = Vec::new();
    for chat in chats {
        private(telegram, chat);
        let start = Instant::now();
        telegram.says(chat, chat, QUESTION);
        let sent = telegram.wait("an answer", |world| world.sent(chat).first().cloned()).await;
        waits.push(sent.at.duration_since(start));
    }
    waits.sort_unstable();
    waits[waits.len() / 2]
}

#[tokio::test]
async fn a_chat_in_a_flood_wait_delays_no_other() {
    for mode in [Mode::Polling, Mode::Webhook] {
        let rig = Rig::start_with(mode, &[("TELEGRAM_LIMITS", "off")]).await;
        let telegram = &rig.telegram;
        let stuck = private(telegram, 5);
        let before = typical(telegram, 100..140).await;
        telegram.world(|world| world.faults.push(Fault::new("sendMessage", Wrong::Flood(60)).chat(stuck)));
        let since = Instant::now();
        telegram.says(stuck, 5, QUESTION);
        telegram
            .wait("the refusal", |world| {
                world.calls_of("sendMessage").any(|call| call.answer.is_err()).then_some(())
            })
            .await;
        let beside = typical(telegram, 200..240).await;
        assert!(since.elapsed() < Duration::from_mins(1), "measured while the other waits");
        assert!(beside < before + Duration::from_millis(100), "{beside:?}, without it {before:?}");
        assert_eq!(telegram.world(|world| world.sent(stuck).len()), 0);
        rig.app.stop().await.unwrap();
    }
}

#[tokio::test]
async fn of_a_flood_the_oldest_are_shed_and_never_another_chats() {
    for mode in [Mode::Polling, Mode::Webhook] {
        let telegram = Telegram::start().await;
        let flooding = private(&telegram, 5);
        let other = private(&telegram, 6);
        telegram.world(|world| {
            world
                .faults
                .push(Fault::new("sendMessage", Wrong::Slow(Duration::from_millis(1_500))).chat(flooding));
        });
        for _ in 0..150 {
            telegram.says(flooding, 5, "/start seeds");
        }
        telegram.says(flooding, 5, "/start rooftop");
        telegram.says(other, 6, QUESTION);
        let rig = Rig::at(telegram.clone(), mode, &[("TELEGRAM_LIMITS", "off")]).await;
        telegram.wait("the other's answer", |world| world.sent(other).first().cloned()).await;
        telegram
            .wait("the newest of the flood", |world| {
                world.sent(flooding).into_iter().find(|sent| sent.text.contains("৬ ঘণ্টা"))
            })
            .await;
        telegram.wait("all confirmed", |world| world.updates.is_empty().then_some(())).await;
        let sent = telegram.world(|world| world.sent(flooding).len());
        // A webhook brings one at a time, so Telegram's own queue holds the flood there.
        if mode == Mode::Polling {
            assert!(sent < 151, "{sent}");
            assert!(rig.metrics().await.contains("uttor_telegram_updates_total{what=\"shed\"}"));
        }
        rig.app.stop().await.unwrap();
    }
}

#[tokio::test]
async fn an_outage_makes_the_program_unready_until_it_is_over() {
    let telegram = Telegram::start().await;
    telegram.world(|world| {
        world.faults.push(Fault::new("getMe", Wrong::BadGateway));
        world.faults.push(Fault::new("getMe", Wrong::Drop));
    });
    let rig = Rig::at(telegram.clone(), Mode::Polling, &[]).await;
    assert_eq!(rig.app.get("/readyz").await.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(rig.app.ask("entry:seeds").await["outcome"], "answer", "the page works meanwhile");
    let ready = || async { (rig.app.get("/readyz").await.status() == StatusCode::OK).then_some(()) };
    eventually("readiness", ready).await;
    telegram.world(|world| {
        for wrong in [
            Wrong::Error(409, "Conflict: terminated by other getUpdates request"),
            Wrong::Error(401, "Unauthorized"),
            Wrong::Error(502, "Bad Gateway"),
            Wrong::Drop,
            Wrong::DropAfter,
        ] {
            world.faults.push(Fault::new("getUpdates", wrong));
        }
    });
    let chat = private(&telegram, 5);
    // Ends the poll under way, so that the next ones meet the faults.
    telegram.says(chat, 5, "/help");
    telegram.says(chat, 5, QUESTION);
    telegram.wait("both answers", |world| (world.sent(chat).len() == 2).then_some(())).await;
    telegram
        .wait("all faults", |world| world.faults.iter().all(|fault| fault.times == 0).then_some(()))
        .await;
    eventually("readiness", ready).await;
    let metrics = rig.metrics().await;
    for kind in ["conflict", "unauthorized", "server", "network"] {
        let line = format!("uttor_telegram_poll_failures_total{{kind=\"{kind}\"}}");
        assert!(metrics.contains(&line), "{kind} in\n{metrics}");
    }
    assert!(metrics.contains("uttor_telegram_reachable 1"), "{metrics}");
    assert!(!metrics.contains(TOKEN));
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn every_poll_names_the_allowed_updates() {
    let rig = Rig::start(Mode::Polling).await;
    let call = rig.telegram.wait("a poll", |world| world.calls_of("getUpdates").next().cloned());
    rig.telegram.world(|world| world.me["id"] = json!(BOT));
    private(&rig.telegram, 5);
    rig.telegram.says(5, 5, "/help");
    let call = call.await;
    assert_eq!(
        call.params["allowed_updates"],
        json!([
            "message",
            "edited_message",
            "callback_query",
            "inline_query",
            "my_chat_member",
            "chat_member",
            "guest_message",
            "business_connection",
            "business_message",
            "edited_business_message",
            "deleted_business_messages",
        ])
    );
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn a_stop_confirms_what_was_answered_and_deletes_no_webhook() {
    for mode in [Mode::Polling, Mode::Webhook] {
        let rig = Rig::start(mode).await;
        let telegram = rig.telegram.clone();
        let chat = private(&telegram, 5);
        telegram.world(|world| {
            world.faults.push(Fault::new("sendMessage", Wrong::Slow(Duration::from_millis(500))));
        });
        telegram.says(chat, 5, QUESTION);
        telegram
            .wait("the question taken in", |world| {
                world.faults.iter().all(|fault| fault.times == 0).then_some(())
            })
            .await;
        let start = Instant::now();
        rig.app.stop().await.unwrap();
        assert!(start.elapsed() < Duration::from_secs(9));
        telegram.wait("confirmed", |world| world.updates.is_empty().then_some(())).await;
        telegram.world(|world| {
            assert_eq!(world.sent(chat).len(), 1, "what was under way is finished");
            assert_eq!(world.calls_of("deleteWebhook").count() + world.calls_of("setWebhook").count(), 0);
        });
    }
}

#[tokio::test]
async fn a_webhook_refuses_wrong_secrets_oversized_bodies_and_unreadable_updates() {
    let rig = Rig::start(Mode::Webhook).await;
    let telegram = &rig.telegram;
    let chat = private(telegram, 5);
    telegram.says(chat, 5, QUESTION);
    telegram.wait("an answer", |world| world.sent(chat).first().cloned()).await;
    let url = format!("{}/telegram/webhook", rig.app.url);
    let post = |secret: Option<&str>, body: Vec<u8>| {
        let mut request = rig.app.client.post(&url).body(body);
        if let Some(secret) = secret {
            request = request.header("X-Telegram-Bot-Api-Secret-Token", secret);
        }
        async { request.send().await.unwrap().status() }
    };
    let update =
        json!({ "update_id": 1, "message": telegram.message(chat, 5, &json!({ "text": QUESTION })) });
    let update = update.to_string().into_bytes();
    assert_eq!(post(None, update.clone()).await, StatusCode::UNAUTHORIZED);
    assert_eq!(post(Some("open-sesame_43"), update.clone()).await, StatusCode::UNAUTHORIZED);
    assert_eq!(post(Some(super::SECRET), b"not json".to_vec()).await, StatusCode::OK, "no better next time");
    assert_eq!(post(Some(super::SECRET), vec![b' '; (1 << 20) + 1]).await, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(telegram.world(|world| world.sent(chat).len()), 1);
    assert_eq!(post(Some(super::SECRET), update).await, StatusCode::OK);
    assert_eq!(telegram.world(|world| world.sent(chat).len()), 2);
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn a_full_webhook_makes_telegram_redeliver() {
    let rig = Rig::start_with(Mode::Webhook, &[("TELEGRAM_LIMITS", "off")]).await;
    let telegram = &rig.telegram;
    private(telegram, 5);
    telegram.says(5, 5, "/help");
    telegram.wait("an answer", |world| world.sent(5).first().cloned()).await;
    telegram.world(|world| {
        let fault = Fault::new("sendMessage", Wrong::Flood(60));
        world.faults.push(Fault { times: usize::MAX, ..fault });
    });
    let (client, url) = (&rig.app.client, format!("{}/telegram/webhook", rig.app.url));
    let post = |chat: i64| {
        private(telegram, chat);
        let message = telegram.message(chat, chat, &json!({ "text": "/help" }));
        let update = json!({ "update_id": 50_000 + chat, "message": message });
        client.post(&url).header("X-Telegram-Bot-Api-Secret-Token", super::SECRET).json(&update).send()
    };
    let stuck: Vec<_> = (1_000..1_200).map(|chat| tokio::spawn(post(chat))).collect();
    telegram
        .wait("all stuck", |world| {
            (world.calls_of("sendMessage").filter(|call| call.answer.is_err()).count() == 200).then_some(())
        })
        .await;
    let refused = post(2_000).await.unwrap();
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(refused.headers().contains_key("retry-after"));
    for post in stuck {
        post.abort();
    }
    rig.app.stop().await.unwrap();
}

//! Faults of intake: updates without an id, failing polls, floods of presses, signals.

use std::time::{Duration, Instant};

use reqwest::StatusCode;
use serde_json::json;
use tempfile::TempDir;

use super::group::settled;
use super::private::answer;
use super::survival::Victim;
use super::{Mode, Rig, SECRET};
use crate::support::app::{TestApp, eventually, garden};
use crate::support::telegram::{Fault, Telegram, Wrong, private};

const QUESTION: &str = "ছাদে কি সবজি চাষ করা যায়?";

/// Nothing can be said to Telegram about an update without a number, so it comes again until a newer one is confirmed.
#[tokio::test]
async fn an_update_without_an_id_holds_up_nothing_and_is_logged_once() {
    let telegram = Telegram::start().await;
    let folder = TempDir::new().unwrap();
    let database = "sqlite://data/uttor.db";
    let victim = Victim::start_with_log(&telegram, folder.path(), Mode::Polling, "off", database, "warn");
    let chat = private(&telegram, 5);
    telegram.push_numberless(&json!({ "chat": { "id": 5 }, "text": "কেঁচো" }));
    let polls = || telegram.world(|world| world.calls_of("getUpdates").count());
    let before = polls();
    telegram
        .wait("it comes again", |world| (world.calls_of("getUpdates").count() > before + 4).then_some(()))
        .await;
    telegram.says(chat, 5, QUESTION);
    telegram.push_numberless(&json!({ "chat": { "id": 5 }, "text": "কেঁচো" }));
    telegram.says(chat, 5, "/help");
    answer(&telegram, chat, 1).await;
    settled(&telegram).await;
    victim.kill();
    let log = std::fs::read_to_string(folder.path().join("log")).unwrap();
    let told = log.lines().filter(|line| line.contains("cannot be read")).count();
    assert!((1..=2).contains(&told), "two of them, each told of once:\n{log}");
    assert!(!log.contains("কেঁচো"), "{log}");
}

#[tokio::test]
async fn failing_polls_back_off() {
    let rig = Rig::start(Mode::Polling).await;
    let telegram = &rig.telegram;
    let chat = private(telegram, 5);
    let failed = |number: usize| {
        telegram.wait("a failed poll", move |world| {
            let failed = world.calls_of("getUpdates").filter(|call| call.answer.is_err()).count();
            (failed >= number).then_some(Instant::now())
        })
    };
    telegram.world(|world| {
        let fault = Fault::new("getUpdates", Wrong::Error(502, "Bad Gateway"));
        world.faults.push(Fault { times: usize::MAX, ..fault });
    });
    // Ends the poll under way, so that the next ones meet the fault.
    telegram.says(chat, 5, "/help");
    let first = failed(1).await;
    let fourth = failed(4).await;
    // Half a second, one, two.
    assert!(fourth - first > Duration::from_secs(3), "{:?}", fourth - first);
    telegram.world(|world| world.faults.clear());
    telegram.says(chat, 5, QUESTION);
    answer(telegram, chat, 1).await;
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn behind_a_webhook_the_start_survives_an_outage_and_nothing_is_lost() {
    let telegram = Telegram::start().await;
    telegram.world(|world| {
        world.faults.push(Fault::new("getMe", Wrong::BadGateway));
        world.faults.push(Fault::new("getMe", Wrong::Drop));
    });
    let chat = private(&telegram, 5);
    telegram.says(chat, 5, QUESTION);
    let rig = Rig::at(telegram.clone(), Mode::Webhook, &[]).await;
    assert_eq!(rig.app.ask("entry:seeds").await["outcome"], "answer", "the page works meanwhile");
    answer(&telegram, chat, 0).await;
    let metrics = rig.metrics().await;
    assert!(metrics.contains("uttor_telegram_updates_total{what=\"refused\"}"), "it had to wait:\n{metrics}");
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn without_a_registered_webhook_the_program_is_not_ready() {
    let telegram = Telegram::start().await;
    let mut settings = telegram.settings();
    settings.extend([("TELEGRAM_MODE", "webhook"), ("TELEGRAM_WEBHOOK_SECRET", SECRET)]);
    let app = TestApp::start_with(&garden(), &settings).await;
    telegram.wait("a look", |world| world.calls_of("getWebhookInfo").next().map(|_| ())).await;
    eventually("what is shown", || async {
        let metrics = app.get("/metrics").await.text().await.unwrap();
        metrics.contains("uttor_telegram_reachable 0").then_some(())
    })
    .await;
    assert_eq!(app.get("/readyz").await.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(telegram.world(|world| world.calls_of("setWebhook").count()), 0, "only the command sets it");
    app.stop().await.unwrap();
}

/// A webhook brings a person's presses one by one, so there are never too many at once.
#[tokio::test]
async fn presses_that_are_too_many_are_told_so() {
    let rig = Rig::start_with(Mode::Polling, &[("TELEGRAM_LIMITS", "off")]).await;
    let telegram = &rig.telegram;
    let chat = private(telegram, 5);
    telegram.says(chat, 5, "/start");
    let welcome = answer(telegram, chat, 0).await;
    telegram.world(|world| {
        world.faults.push(Fault::new("sendMessage", Wrong::Slow(Duration::from_secs(3))).chat(chat));
    });
    // More than may wait in any case.
    for _ in 0..150 {
        telegram.presses(chat, 5, welcome.id, "1t0:0");
    }
    let other = private(telegram, 6);
    telegram.says(other, 6, QUESTION);
    answer(telegram, other, 0).await;
    telegram
        .wait("each press answered", |world| world.presses.values().all(|answered| *answered).then_some(()))
        .await;
    let (told, shown) = telegram.world(|world| {
        let notices = world.calls_of("answerCallbackQuery").filter_map(|call| call.params["text"].as_str());
        (notices.filter(|text| text.starts_with("একসঙ্গে অনেক প্রশ্ন এসেছে")).count(), world.sent(chat).len())
    });
    assert!(told > 15, "{told} were shed");
    settled(telegram).await;
    assert!(shown <= 1 + 150 - told, "what was shed is not carried out as well");
    assert!(rig.metrics().await.contains("uttor_telegram_updates_total{what=\"shed\"}"));
    drop(rig);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn either_signal_lets_it_finish_what_it_took_and_touches_no_webhook() {
    for (mode, name) in
        [(Mode::Polling, "-TERM"), (Mode::Polling, "-INT"), (Mode::Webhook, "-TERM"), (Mode::Webhook, "-INT")]
    {
        let telegram = Telegram::start().await;
        let folder = TempDir::new().unwrap();
        let mut victim = Victim::start(&telegram, folder.path(), mode, "on");
        let chat = private(&telegram, 5);
        telegram.world(|world| {
            world.faults.push(Fault::new("sendMessage", Wrong::Slow(Duration::from_millis(1_500))));
        });
        telegram.says(chat, 5, QUESTION);
        telegram
            .wait("it is being sent", |world| world.faults.iter().all(|fault| fault.times == 0).then_some(()))
            .await;
        let since = Instant::now();
        victim.signal(name);
        let ended = eventually("the end", || {
            let ended = victim.ended();
            async move { ended }
        });
        assert!(ended.await, "{mode:?} {name}");
        assert!(since.elapsed() < Duration::from_secs(10), "{mode:?} {name}: {:?}", since.elapsed());
        telegram.world(|world| {
            assert_eq!(world.sent(chat).len(), 1, "{mode:?} {name}: {}", world.summary());
            assert!(world.updates.is_empty(), "{mode:?} {name}: it is confirmed");
            assert_eq!(world.calls_of("deleteWebhook").count() + world.calls_of("setWebhook").count(), 0);
        });
    }
}

//! Turns in a group: what rests after an answer, for how long, and that what did not go out costs none.

use uttor::store::{Cooldown, GroupId};

use super::Mode;
use super::group::{ANSWER, GROUP, KARIM, QUESTION, RAHIMA, answer, settled};
use super::overheard::start;
use crate::support::telegram::{Fault, Telegram, Wrong, now};

const SEEDS: &str = "ভালো বীজ কোথায় পাব?";

/// The next message to the group is refused.
fn refuse_one(telegram: &Telegram) {
    let refusal = Wrong::Error(400, "Bad Request: not now");
    telegram.world(|world| world.faults.push(Fault::new("sendMessage", refusal).chat(GROUP)));
}

#[tokio::test]
async fn an_answer_that_did_not_go_out_costs_no_turn() {
    for mode in [Mode::Polling, Mode::Webhook] {
        let rig = start(mode, &[("unasked", "on"), ("hourly", "1"), ("person", "900")]).await;
        let telegram = &rig.telegram;
        refuse_one(telegram);
        telegram.says(GROUP, RAHIMA, SEEDS);
        settled(telegram).await;
        telegram.says(GROUP, RAHIMA, SEEDS);
        let sent = answer(telegram, 0).await;
        assert!(
            sent.text.contains("উপজেলা"),
            "neither the person nor the entry nor the hour rests: {}",
            sent.text
        );

        telegram.says(GROUP, RAHIMA, "/topics");
        let topics = answer(telegram, 1).await;
        refuse_one(telegram);
        for _ in 0..2 {
            telegram.presses(GROUP, RAHIMA, topics.id, &topics.data("কয়বার পানি"));
            settled(telegram).await;
        }
        assert!(answer(telegram, 2).await.text.contains("দুইবার"), "the second press is answered");
        rig.app.stop().await.unwrap();
    }
}

#[tokio::test]
async fn nobody_is_pointed_to_an_answer_that_never_came() {
    let rig = start(Mode::Polling, &[]).await;
    let telegram = &rig.telegram;
    let ask = format!("/ask {QUESTION}");
    telegram.says(GROUP, RAHIMA, &ask);
    let first = answer(telegram, 0).await;
    settled(telegram).await;
    // The cooldown is over.
    let store = rig.store().await;
    store.expire(90, now() + 3_600).await.unwrap();
    refuse_one(telegram);
    telegram.says(GROUP, KARIM, &ask);
    settled(telegram).await;
    telegram.says(GROUP, KARIM, &ask);
    let second = answer(telegram, 1).await;
    assert!(second.text.contains(ANSWER), "{}", second.text);
    telegram.says(GROUP, RAHIMA, &ask);
    let pointer = answer(telegram, 2).await;
    let link = format!("https://t.me/c/500/{}", second.id);
    assert!(pointer.buttons().any(|button| button["url"] == link.as_str()), "not to {}", first.id);
    store.close().await;
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn nobody_is_pointed_to_what_an_edit_has_replaced() {
    let rig = start(Mode::Polling, &[]).await;
    let telegram = &rig.telegram;
    let asked = telegram.says(GROUP, RAHIMA, &format!("/ask {QUESTION}"));
    let first = answer(telegram, 0).await;
    telegram.edits(GROUP, asked, &format!("/ask {SEEDS}"));
    telegram.wait("the change", |world| (world.sent(GROUP)[0].edits == 1).then_some(())).await;
    telegram.says(GROUP, KARIM, &format!("/ask {QUESTION}"));
    let second = answer(telegram, 1).await;
    assert!(second.text.contains(ANSWER), "{} shows something else now: {}", first.id, second.text);
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn an_answer_rests_no_longer_than_it_stands() {
    let rig = start(Mode::Polling, &[("unasked", "on"), ("removal", "1"), ("cooldown", "60")]).await;
    let telegram = &rig.telegram;
    telegram.says(GROUP, RAHIMA, QUESTION);
    telegram.says(GROUP, KARIM, &format!("/ask {SEEDS}"));
    answer(telegram, 1).await;
    settled(telegram).await;
    let store = rig.store().await;
    let group = GroupId::new("telegram", &GROUP.to_string());
    for id in ["rooftop", "seeds"] {
        let entry = id.parse().unwrap();
        let cooldown = Cooldown::Entry { group: &group, entry: &entry };
        assert!(store.try_take(&cooldown, 1, now() + 30).await.unwrap().is_none(), "{id} stands there");
        assert!(store.try_take(&cooldown, 1, now() + 61).await.unwrap().is_some(), "{id} is removed by then");
    }
    store.close().await;
    rig.app.stop().await.unwrap();
}

//! Conversations about the guide itself, in a private chat.

use std::path::Path;

use super::group::settled;
use super::private::{RAHIMA, answer};
use super::{Mode, Rig};
use crate::support::telegram::{Telegram, now, private};

/// The guide itself, which has more topics than a page holds, and a subject to leave out.
async fn with_guide(mode: Mode) -> Rig {
    let faq = Path::new(env!("CARGO_MANIFEST_DIR")).join("faq");
    Rig::with_content(&faq, Telegram::start().await, mode, &[("TELEGRAM_LIMITS", "off")]).await
}

#[tokio::test]
async fn a_follow_up_leans_on_the_answer_before_it_for_ten_minutes() {
    for mode in [Mode::Polling, Mode::Webhook] {
        let rig = with_guide(mode).await;
        let telegram = rig.telegram.clone();
        let chat = private(&telegram, RAHIMA);
        let cost = "ফ্রিল্যান্সিং শিখতে কত টাকা লাগে?";
        telegram.says(chat, RAHIMA, "ক্ষতি কী?");
        let unsure = answer(&telegram, chat, 0).await;
        assert!(unsure.text.starts_with("আপনি কি এগুলোর"), "nothing to lean on: {}", unsure.text);
        telegram.says(chat, RAHIMA, cost);
        answer(&telegram, chat, 1).await;
        for (number, follow_up, label) in
            [(2, "ar koto din lagbe?", "learning-time"), (3, "ক্ষতি কী?", "harms")]
        {
            telegram.says(chat, RAHIMA, follow_up);
            let sent = answer(&telegram, chat, number).await;
            assert!(sent.data("👍").contains(label), "{}", sent.text);
        }
        settled(&telegram).await;
        // The same after a restart; and ten minutes after the answer no more.
        let rig = rig.restart().await;
        telegram.says(chat, RAHIMA, "ক্ষতি কী?");
        assert!(answer(&telegram, chat, 4).await.data("👍").contains("harms"));
        settled(&telegram).await;
        let store = rig.store().await;
        let rig = rig
            .restart_after(async || {
                assert!(store.expire(90, now() + 601).await.unwrap().rows > 0);
                store.close().await;
            })
            .await;
        telegram.says(chat, RAHIMA, "ক্ষতি কী?");
        let unsure = answer(&telegram, chat, 5).await;
        assert!(unsure.text.starts_with("আপনি কি এগুলোর"), "{}", unsure.text);
        rig.app.stop().await.unwrap();
    }
}

#[tokio::test]
async fn the_guides_topics_are_listed_page_by_page() {
    for mode in [Mode::Polling, Mode::Webhook] {
        let rig = with_guide(mode).await;
        let telegram = &rig.telegram;
        let chat = private(telegram, RAHIMA);
        telegram.says(chat, RAHIMA, "/topics");
        let shown = answer(telegram, chat, 0).await;
        assert!(shown.text.contains("(১/৪)"), "{}", shown.text);
        for (edits, label, page) in [(1, "পরের", "(২/৪)"), (2, "পরের", "(৩/৪)"), (3, "আগের", "(২/৪)")]
        {
            let now = answer(telegram, chat, 0).await;
            telegram.presses(chat, RAHIMA, shown.id, &now.data(label));
            let turned = telegram
                .wait(page, |world| world.sent(chat).into_iter().find(|sent| sent.edits == edits))
                .await;
            assert!(turned.id == shown.id && turned.text.contains(page), "{}", turned.text);
        }
        rig.app.stop().await.unwrap();
    }
}

#[tokio::test]
async fn why_explains_an_answer_in_private_too() {
    for mode in [Mode::Polling, Mode::Webhook] {
        let rig = with_guide(mode).await;
        let telegram = &rig.telegram;
        let chat = private(telegram, RAHIMA);
        telegram.says(chat, RAHIMA, "mobile diye ki freelancing kora jay");
        let sent = answer(telegram, chat, 0).await;
        telegram.replies(chat, RAHIMA, sent.id, "/why");
        let why = answer(telegram, chat, 1).await;
        assert!(why.text.starts_with("যা বুঝেছি: মোবাইল"), "{}", why.text);
        rig.app.stop().await.unwrap();
    }
}

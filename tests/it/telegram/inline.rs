//! `@bot …` in any chat.

use super::in_both;
use crate::support::telegram::{Call, Telegram, private};

async fn results(telegram: &Telegram, query: &str) -> Call {
    let id = telegram.inline(7_001, query);
    telegram
        .wait("results", |world| {
            world
                .calls_of("answerInlineQuery")
                .find(|call| call.params["inline_query_id"] == id.as_str())
                .cloned()
        })
        .await
}

#[tokio::test]
async fn a_query_gets_entries_an_empty_one_topics_and_an_odd_one_a_way_out() {
    in_both(async |rig| {
        let call = results(&rig.telegram, "ভালো বীজ কোথায় পাব").await;
        assert!(call.answer.is_ok(), "{:?}", call.answer);
        let first = &call.params["results"][0];
        assert_eq!(first["id"], "seeds");
        assert_eq!(
            first["reply_markup"]["inline_keyboard"][0][0]["url"].as_str().unwrap().split('#').next(),
            Some("https://example.org/garden")
        );
        assert!(call.params["cache_time"].as_u64().unwrap() <= 60);

        let call = results(&rig.telegram, "").await;
        assert!(call.answer.is_ok());
        assert_eq!(call.params["results"].as_array().unwrap().len(), 5);

        let call = results(&rig.telegram, "zzzzqqqq").await;
        assert!(call.answer.is_ok());
        assert_eq!(call.params["results"].as_array().unwrap().len(), 0);
        assert_eq!(call.params["button"]["start_parameter"], "inline");
        // That is where the jump leads.
        let chat = private(&rig.telegram, 7_001);
        rig.telegram.says(chat, 7_001, "/start inline");
        let welcome = rig.telegram.wait("the welcome", |world| world.sent(chat).first().cloned()).await;
        assert!(welcome.text.starts_with("স্বাগতম!"), "{}", welcome.text);
        rig.app.stop().await.unwrap();
    })
    .await;
}

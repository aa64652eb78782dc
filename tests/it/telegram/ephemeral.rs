//! Who sees answers in a group: everybody, or only the one who asked.

use std::time::Duration;

use super::group::{ANSWER, GROUP, KARIM, QUESTION, RAHIMA, answer, settled};
use super::in_both;
use super::unprompted::{change, start};
use crate::support::telegram::{Fault, Posted, Telegram, Whisper, Wrong, group};

/// The answer that is meant by [`VAGUE`].
const WATERING: &str = "গরমে দিনে দুইবার,";

/// Two entries are near.
const VAGUE: &str = "/ask টবের মাটিতে কেঁচো দিলে কী লাভ";

async fn whispered(telegram: &Telegram, number: usize) -> Whisper {
    telegram.wait("a message for one", |world| world.whispered(GROUP).get(number).cloned()).await
}

/// How many messages of the bot everybody sees, and how many only one.
fn counts(telegram: &Telegram) -> (usize, usize) {
    telegram.world(|world| (world.sent(GROUP).len(), world.whispered(GROUP).len()))
}

fn promote(telegram: &Telegram) {
    group(telegram, GROUP);
    telegram.bot_becomes(GROUP, 1, "administrator");
}

/// A public message, once it is there.
async fn public(telegram: &Telegram, text: &str) -> Posted {
    telegram
        .wait("a message for all", |world| {
            world.sent(GROUP).into_iter().find(|sent| sent.text.contains(text))
        })
        .await
}

#[tokio::test]
async fn suggestions_and_hints_are_for_the_asker_and_the_chosen_answer_is_for_all() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        promote(telegram);
        settled(telegram).await;
        telegram.says(GROUP, RAHIMA, VAGUE);
        let near = whispered(telegram, 0).await;
        assert_eq!(near.person, RAHIMA);
        telegram.says(GROUP, KARIM, "/ask");
        assert_eq!(whispered(telegram, 1).await.person, KARIM, "a hint");
        telegram.says(GROUP, KARIM, "/settings");
        assert!(whispered(telegram, 2).await.text.contains("অ্যাডমিনরা"));
        assert_eq!(counts(telegram), (0, 3));

        telegram.presses_whispered(&near, &near.data("কয়বার পানি"));
        public(telegram, WATERING).await;
        telegram
            .wait("the suggestions gone", |world| (!world.whispers.contains_key(&near.id)).then_some(()))
            .await;
        // Refused by everybody, they lead to a way on that only the asker sees, in their place.
        telegram.says(GROUP, RAHIMA, VAGUE);
        let near = whispered(telegram, 2).await;
        telegram.presses_whispered(&near, &near.data("নয়"));
        telegram
            .wait("another text", |world| {
                let last = world.whispered(GROUP).get(2).cloned()?;
                (last.id != near.id && !world.whispers.contains_key(&near.id)).then_some(())
            })
            .await;
        telegram.says(GROUP, KARIM, &format!("/ask {QUESTION}"));
        public(telegram, ANSWER).await;
        assert_eq!(counts(telegram), (2, 3));
        assert!(telegram.world(|world| world.presses.values().all(|answered| *answered)));
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn where_a_group_wants_it_only_the_asker_sees_answers() {
    for mode in [super::Mode::Polling, super::Mode::Webhook] {
        let rig = start(mode, &[("audience", "asker"), ("removal", "1")]).await;
        let telegram = &rig.telegram;
        telegram.bot_becomes(GROUP, 1, "administrator");
        settled(telegram).await;
        for person in [RAHIMA, KARIM] {
            telegram.says(GROUP, person, &format!("/ask {QUESTION}"));
        }
        // What one member alone saw stands above for nobody else.
        for (number, person) in [RAHIMA, KARIM].into_iter().enumerate() {
            let told = whispered(telegram, number).await;
            assert!(told.person == person && told.text.contains(ANSWER), "{told:?}");
        }
        let related = whispered(telegram, 0).await;
        telegram.presses_whispered(&related, &related.data("👎"));
        whispered(telegram, 2).await;
        telegram.says(GROUP, RAHIMA, VAGUE);
        let near = whispered(telegram, 3).await;
        telegram.presses_whispered(&near, &near.data("কয়বার পানি"));
        telegram
            .wait("the answer in their place", |world| {
                let last = world.whispered(GROUP).get(3).cloned()?;
                last.text.contains(WATERING).then_some(())
            })
            .await;
        assert_eq!(counts(telegram), (0, 4), "{}", telegram.world(|world| world.summary()));
        // Its commands are typed unseen, until the group wants otherwise.
        let is_hidden = |world: &crate::support::telegram::World| {
            let commands = world.commands.get(&("chat".to_owned(), "bn".to_owned()))?.clone();
            commands.as_array()?.iter().all(|command| command["is_ephemeral"] == true).then_some(())
        };
        telegram.wait("commands of its own", is_hidden).await;
        change(telegram, &[("audience", "everyone")]).await;
        telegram
            .wait("those of all groups", |world| {
                (!world.commands.contains_key(&("chat_administrators".to_owned(), "en".to_owned())))
                    .then_some(())
            })
            .await;
        telegram.says(GROUP, RAHIMA, "/ask ভালো বীজ কোথায় পাব?");
        telegram.wait("an answer for all", |world| world.sent(GROUP).first().cloned()).await;
        rig.app.stop().await.unwrap();
    }
}

#[tokio::test]
async fn a_command_that_only_the_bot_sees_is_answered_to_the_one_who_gave_it() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        group(telegram, GROUP);
        telegram.whispers(GROUP, RAHIMA, &format!("/ask {QUESTION}"));
        let told = whispered(telegram, 0).await;
        assert!(told.person == RAHIMA && told.text.contains(ANSWER), "{told:?}");
        assert!(told.params["reply_parameters"]["message_id"].is_null(), "{}", told.params);
        telegram.whispers(GROUP, RAHIMA, "/help");
        assert!(whispered(telegram, 1).await.text.contains("/ask"));
        assert_eq!(counts(telegram), (0, 2));
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn what_telegram_refuses_to_show_to_one_is_shown_to_all() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        group(telegram, GROUP);
        change(telegram, &[("audience", "asker")]).await;
        // The bot is no administrator, and nothing proves to Telegram that it answers somebody.
        let asked = telegram.says(GROUP, RAHIMA, &format!("/ask {QUESTION}"));
        let sent = answer(telegram, 0).await;
        assert!(sent.text.contains(ANSWER) && sent.replies_to() == Some(asked), "{}", sent.text);
        let refused = |world: &crate::support::telegram::World| {
            let whisper = |call: &&crate::support::telegram::Call| {
                call.params.get("ephemeral_message_parameters").is_some()
            };
            world.calls_of("sendMessage").filter(whisper).count()
        };
        assert_eq!(telegram.world(|world| refused(world)), 1);
        telegram.says(GROUP, KARIM, VAGUE);
        let near = answer(telegram, 1).await;
        assert_eq!(telegram.world(|world| refused(world)), 1, "it is not tried for every message");
        // A press proves it.
        telegram.presses(GROUP, KARIM, near.id, &near.data("কয়বার পানি"));
        assert!(whispered(telegram, 0).await.text.contains(WATERING));
        telegram
            .wait("the suggestions gone", |world| {
                world.chats[&GROUP].messages[&near.id].deleted.then_some(())
            })
            .await;

        telegram.bot_becomes(GROUP, 1, "administrator");
        for wrong in [Wrong::Error(400, "Bad Request: something new"), Wrong::BadGateway] {
            let before = counts(telegram).0;
            telegram.world(|world| world.faults.push(Fault::new("sendMessage", wrong)));
            telegram.says(GROUP, RAHIMA, "/ask ভালো বীজ কোথায় পাব?");
            telegram.wait("an answer for all", |world| world.sent(GROUP).get(before).cloned()).await;
        }
        assert!(
            telegram
                .within(Duration::ZERO, |world| world.faults.iter().all(|f| f.times == 0).then_some(()))
                .await
                .is_some()
        );
        rig.app.stop().await.unwrap();
    })
    .await;
}

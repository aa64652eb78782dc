//! `/settings`: who may use it, what a press does, and that forged data does nothing.

use uttor::channel::telegram::group::settings::CHOICES;
use uttor::wording::{Table, Wording};

use super::{Mode, Rig, in_both};
use crate::support::app::eventually;
use crate::support::telegram::{Posted, Telegram, group, private};

const GROUP: i64 = -100_500;
const ADMIN: i64 = 1;
const RAHIMA: i64 = 7_001;

fn bengali() -> Wording {
    Wording::new("bn", Table::new())
}

async fn quick(mode: Mode) -> Rig {
    Rig::start_with(mode, &[("TELEGRAM_LIMITS", "off")]).await
}

async fn menu(telegram: &Telegram) -> Posted {
    let asked = telegram.says(GROUP, ADMIN, "/settings");
    telegram
        .wait("the menu", |world| world.sent(GROUP).into_iter().find(|sent| sent.replies_to() == Some(asked)))
        .await
}

/// The notice that a press got.
async fn notice(telegram: &Telegram, press: &str) -> String {
    telegram
        .wait("a notice", |world| {
            let call = world
                .calls_of("answerCallbackQuery")
                .find(|call| call.params["callback_query_id"] == press)?;
            Some(call.params["text"].as_str().unwrap_or_default().to_owned())
        })
        .await
}

#[tokio::test]
async fn an_admin_changes_a_setting_by_a_press() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        group(telegram, GROUP);
        let shown = menu(telegram).await;
        assert!(shown.labels().contains(&"না ডাকলেও উত্তর: বন্ধ".to_owned()), "{:?}", shown.labels());
        let press = telegram.presses(GROUP, ADMIN, shown.id, "1s0:unasked=on");
        assert_eq!(notice(telegram, &press).await, "সেভ হয়েছে");
        let changed = telegram
            .wait("the change", |world| world.sent(GROUP).into_iter().find(|sent| sent.edits == 1))
            .await;
        assert_eq!(changed.id, shown.id);
        assert!(changed.labels().contains(&"না ডাকলেও উত্তর: চালু".to_owned()), "{:?}", changed.labels());
        // Twice the same press, as from a slow phone, is the same setting.
        let press = telegram.presses(GROUP, ADMIN, shown.id, "1s0:unasked=on");
        notice(telegram, &press).await;
        assert!(menu(telegram).await.labels().contains(&"না ডাকলেও উত্তর: চালু".to_owned()));
        let press = telegram.presses(GROUP, ADMIN, shown.id, &shown.data("মেনু সরান"));
        notice(telegram, &press).await;
        telegram
            .wait("the menu gone", |world| {
                world.sent(GROUP).iter().all(|sent| sent.id != shown.id).then_some(())
            })
            .await;
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn enabling_unprompted_answers_in_privacy_mode_warns() {
    let telegram = Telegram::start().await;
    telegram.world(|world| world.me["can_read_all_group_messages"] = serde_json::json!(false));
    let rig = Rig::at(telegram.clone(), Mode::Polling, &[]).await;
    group(&telegram, GROUP);
    let shown = menu(&telegram).await;
    let press = telegram.presses(GROUP, ADMIN, shown.id, "1s0:unasked=on");
    assert!(notice(&telegram, &press).await.contains("/status"));
    telegram.bot_becomes(GROUP, ADMIN, "administrator");
    let press = telegram.presses(GROUP, ADMIN, shown.id, "1s0:unasked=on");
    assert_eq!(notice(&telegram, &press).await, "সেভ হয়েছে");
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn every_value_of_every_setting_takes_two_presses_in_one_message() {
    for mode in [Mode::Polling, Mode::Webhook] {
        let rig = quick(mode).await;
        let telegram = &rig.telegram;
        group(telegram, GROUP);
        let shown = menu(telegram).await;
        assert_eq!(
            shown.labels().len(),
            CHOICES.len() + 2,
            "and two for the entries and to close it: {:?}",
            shown.labels()
        );
        let mut edits = 0;
        let mut pressed = async |data: String| {
            telegram.presses(GROUP, ADMIN, shown.id, &data);
            edits += 1;
            telegram
                .wait(&data, |world| {
                    Some(world.chats[&GROUP].messages[&shown.id].clone()).filter(|now| now.edits == edits)
                })
                .await
        };
        let mut list = shown.clone();
        for choice in CHOICES {
            let name = format!("{}: ", bengali().setting_name(choice.name));
            for value in choice.values {
                let values = pressed(list.data(&name)).await;
                let said = bengali().setting_value(choice.name, value);
                let number = choice.values.iter().position(|known| known == value).unwrap();
                assert_eq!(values.labels()[number].trim_start_matches("✓ "), said);
                list = pressed(
                    values.buttons().nth(number).unwrap()["callback_data"].as_str().unwrap().to_owned(),
                )
                .await;
                assert!(list.labels().contains(&format!("{name}{said}")), "{:?}", list.labels());
            }
        }
        let asked = telegram.world(|world| world.calls_of("getChatAdministrators").count());
        assert_eq!(asked, 1, "the admins are asked for once");
        rig.app.stop().await.unwrap();
    }
}

/// Where the bot is no admin nobody tells it: the list is asked for again after a while, which is what this takes.
#[tokio::test]
async fn a_new_admin_that_was_not_reported_is_recognized_after_a_while() {
    let rig = quick(Mode::Polling).await;
    let telegram = &rig.telegram;
    group(telegram, GROUP);
    let shown = menu(telegram).await;
    let data = "1s0:buttons=off";
    telegram.world(|world| world.chats.get_mut(&GROUP).unwrap().members.insert(RAHIMA, "administrator"));
    let press = telegram.presses(GROUP, RAHIMA, shown.id, data);
    assert!(notice(telegram, &press).await.contains("শুধু গ্রুপের অ্যাডমিনরা"), "the list is a moment old");
    eventually("her right", || async {
        let press = telegram.presses(GROUP, RAHIMA, shown.id, data);
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
        (notice(telegram, &press).await == "সেভ হয়েছে").then_some(())
    })
    .await;
    rig.app.stop().await.unwrap();
}

/// The menu says times as people do.
#[test]
fn times_are_said_in_the_unit_that_comes_out_even() {
    for (name, value, said) in [
        ("person", "30", "৩০ সেকেন্ড পরে"),
        ("person", "60", "১ মিনিট পরে"),
        ("person", "900", "১৫ মিনিট পরে"),
        ("cooldown", "30", "৩০ মিনিট পরে"),
        ("cooldown", "360", "৬ ঘণ্টা পরে"),
        ("removal", "1440", "২৪ ঘণ্টা পরে"),
    ] {
        assert_eq!(bengali().setting_value(name, value), said);
    }
}

#[tokio::test]
async fn others_are_refused_with_a_notice_and_forged_data_does_nothing() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        group(telegram, GROUP);
        let shown = menu(telegram).await;
        telegram.says(GROUP, RAHIMA, "/settings");
        telegram
            .wait("the refusal", |world| {
                world.sent(GROUP).into_iter().find(|sent| sent.text.contains("শুধু গ্রুপের অ্যাডমিনরা"))
            })
            .await;
        let press = telegram.presses(GROUP, RAHIMA, shown.id, "1s0:unasked=on");
        assert!(notice(telegram, &press).await.contains("শুধু গ্রুপের অ্যাডমিনরা"));
        for data in [
            "1s0:unasked=maybe",
            "1s0:nonsense=on",
            "1s0:",
            "1s0:topic=x:on",
            "0s0:unasked=on",
            "",
            "1zz",
            "ক",
        ] {
            let press = telegram.presses(GROUP, ADMIN, shown.id, data);
            let told = notice(telegram, &press).await;
            assert!(told.contains("এখন আর কাজ করে না"), "{data}");
            assert_eq!(told.contains("/settings"), data.starts_with("1s"), "{data}: {told}");
        }
        // An entry's button made for another, and one with an asker that is made up.
        let press = telegram.presses(GROUP, RAHIMA, shown.id, "1e1:seeds");
        assert!(notice(telegram, &press).await.contains("যিনি প্রশ্ন করেছেন"));
        assert!(menu(telegram).await.labels().contains(&"না ডাকলেও উত্তর: বন্ধ".to_owned()));
        // What would change a message of the bot, below one that has no such button.
        for data in ["1c0:seeds", "1n0:", "1p0:0", "1e0:seeds", "1d0:1.v.0", "1j0:seeds:1"] {
            let press = telegram.presses(GROUP, RAHIMA, shown.id, data);
            let told = notice(telegram, &press).await;
            assert!(told.contains("এখন আর কাজ করে না"), "{data}");
            assert_eq!(told.contains("/unanswered"), data.starts_with("1d"), "{data}: {told}");
        }
        assert!(telegram.world(|world| world.sent(GROUP).iter().all(|sent| sent.edits == 0)));
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_demoted_admin_loses_the_right_at_once() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        group(telegram, GROUP);
        let shown = menu(telegram).await;
        telegram.world(|world| world.chats.get_mut(&GROUP).unwrap().members.insert(ADMIN, "member"));
        telegram.push("chat_member", &serde_json::json!({ "chat": { "id": GROUP, "type": "supergroup" } }));
        telegram.wait("all handled", |world| world.updates.is_empty().then_some(())).await;
        let press = telegram.presses(GROUP, ADMIN, shown.id, "1s0:unasked=on");
        assert!(notice(telegram, &press).await.contains("শুধু গ্রুপের অ্যাডমিনরা"));
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn in_a_forum_the_bot_can_be_kept_to_topics() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        group(telegram, GROUP);
        telegram.world(|world| {
            let chat = world.chats.get_mut(&GROUP).unwrap();
            chat.is_forum = true;
            chat.topics.extend([(7, true), (8, true)]);
        });
        let in_topic = |topic: i64, text: &str| {
            telegram.posts(
                GROUP,
                ADMIN,
                &serde_json::json!({
                "text": text, "message_thread_id": topic, "is_topic_message": true }),
            )
        };
        let asked = in_topic(7, "/settings");
        let shown = telegram
            .wait("the menu", |world| {
                world.sent(GROUP).into_iter().find(|sent| sent.replies_to() == Some(asked))
            })
            .await;
        let press = telegram.presses(GROUP, ADMIN, shown.id, &shown.data("শুধু এই টপিকে"));
        assert_eq!(notice(telegram, &press).await, "সেভ হয়েছে");
        in_topic(8, "/ask ভালো বীজ কোথায় পাব?");
        let heard = in_topic(7, "/ask ভালো বীজ কোথায় পাব?");
        let sent = telegram
            .wait("the answer", |world| {
                world.sent(GROUP).into_iter().find(|sent| sent.replies_to() == Some(heard))
            })
            .await;
        assert_eq!(sent.thread, Some(7));
        let answers =
            telegram.world(|world| world.sent(GROUP).iter().filter(|sent| sent.thread == Some(8)).count());
        assert_eq!(answers, 0, "not in the other topic");

        let menu = async |label: &str, edits: usize| {
            let now = telegram.world(|world| world.chats[&GROUP].messages[&shown.id].clone());
            telegram.presses(GROUP, ADMIN, shown.id, &now.data(label));
            telegram
                .wait(label, |world| {
                    Some(world.chats[&GROUP].messages[&shown.id].clone()).filter(|shown| shown.edits == edits)
                })
                .await
        };
        let listed = telegram.world(|world| world.chats[&GROUP].messages[&shown.id].clone());
        assert!(listed.text.contains("শুধু বাছাই করা ১টি টপিকে"), "{}", listed.text);
        // The last one off the list is silence, and not all of them.
        let none = menu("এই টপিকে: চালু", 2).await;
        assert!(none.text.contains("কোনো টপিকেই উত্তর দিই না"), "{}", none.text);
        let before = telegram.world(|world| world.sent(GROUP).len());
        for topic in [7, 8] {
            in_topic(topic, "/ask ছাদে কি সবজি চাষ করা যায়?");
        }
        telegram.posts(GROUP, RAHIMA, &serde_json::json!({ "text": "/ask ছাদে কি সবজি চাষ করা যায়?" }));
        telegram.wait("all handled", |world| world.updates.is_empty().then_some(())).await;
        assert_eq!(telegram.world(|world| world.sent(GROUP).len()), before);
        let all = menu("আবার সব টপিকে", 3).await;
        assert!(!all.text.contains("উত্তর দিই"), "{}", all.text);
        let heard = in_topic(8, "/ask ছাদে কি সবজি চাষ করা যায়?");
        telegram
            .wait("the answer", |world| {
                world.sent(GROUP).into_iter().find(|sent| sent.replies_to() == Some(heard))
            })
            .await;
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn where_admins_want_it_so_nothing_unanswered_is_kept() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        group(telegram, GROUP);
        let shown = menu(telegram).await;
        let press = telegram.presses(GROUP, ADMIN, shown.id, "1s0:unanswered=off");
        assert_eq!(notice(telegram, &press).await, "সেভ হয়েছে");
        let asks = async |text: &str| {
            let asked = telegram.says(GROUP, RAHIMA, text);
            telegram
                .wait(text, |world| {
                    world.sent(GROUP).into_iter().find(|sent| sent.replies_to() == Some(asked))
                })
                .await
        };
        asks("/ask আজকে খেলার স্কোর কত").await;
        let admin = private(telegram, ADMIN);
        telegram.says(admin, ADMIN, &format!("/start unanswered_{GROUP}"));
        let list = telegram.wait("the list", |world| world.sent(admin).first().cloned()).await;
        assert!(list.text.contains("রাখা বন্ধ আছে"), "it says why it is empty: {}", list.text);
        let press = telegram.presses(GROUP, ADMIN, shown.id, "1s0:unanswered=on");
        assert_eq!(notice(telegram, &press).await, "সেভ হয়েছে");
        asks("/ask পাসপোর্ট করতে কী লাগে").await;
        let store = rig.store().await;
        let kept = crate::support::app::eventually("the unanswered question", || async {
            let kept = store.latest_questions(9).await.unwrap();
            (!kept.is_empty()).then_some(kept)
        })
        .await;
        assert_eq!(kept.len(), 1);
        assert!(kept[0].text.contains("পাসপোর্ট"));
        store.close().await;
        rig.app.stop().await.unwrap();
    })
    .await;
}

/// The README's table has a row for each setting in the menu's order, and one each for the entries and the topics.
#[test]
fn the_readme_lists_every_setting_with_its_default_and_range() {
    let readme = include_str!("../../../README.md");
    let table = readme.split("| setting of a group |").nth(1).unwrap().split("\n\n").next().unwrap();
    let rows: Vec<Vec<&str>> =
        table.lines().skip(2).map(|row| row.trim_matches('|').split('|').map(str::trim).collect()).collect();
    assert_eq!(rows.len(), CHOICES.len() + 2);
    for (row, choice) in rows.iter().zip(CHOICES) {
        assert_eq!(row[1], choice.default, "{}", row[0]);
        let range = row[2].replace("1,440", "1440");
        let numbers: Vec<&&str> = choice.values.iter().filter(|value| value.parse::<u32>().is_ok()).collect();
        if let (Some(least), Some(most)) = (numbers.first(), numbers.last()) {
            assert_eq!(range, format!("{least} to {most}"), "{}", row[0]);
        } else {
            let named = |value: &&str| *value == "off" || range.contains(value);
            assert!(choice.values.iter().all(named), "{}: {range}", row[0]);
        }
    }
}

//! What Telegram shows of the bot.

use super::{Mode, Rig};
use crate::support::telegram::World;

fn names(world: &World, scope: &str, language: &str) -> Vec<String> {
    let commands = &world.commands[&(scope.to_owned(), language.to_owned())];
    let name = |command: &serde_json::Value| command["command"].as_str().unwrap().to_owned();
    commands.as_array().unwrap().iter().map(name).collect()
}

/// How many times it was looked and set.
fn calls(world: &World) -> (usize, usize) {
    let of = |methods: [&str; 3]| methods.iter().map(|method| world.calls_of(method).count()).sum();
    (
        of(["getMyCommands", "getMyDescription", "getMyShortDescription"]),
        of(["setMyCommands", "setMyDescription", "setMyShortDescription"]),
    )
}

#[tokio::test]
async fn commands_and_descriptions_are_set_by_place_and_language_and_only_where_they_differ() {
    for mode in [Mode::Polling, Mode::Webhook] {
        described(Rig::start(mode).await).await;
    }
}

async fn described(rig: Rig) {
    let telegram = rig.telegram.clone();
    telegram.wait("all set", |world| (calls(world) == (18, 18)).then_some(())).await;
    telegram.world(|world| {
        for language in ["", "bn", "en"] {
            assert!(names(world, "all_private_chats", language).contains(&"forget".to_owned()));
            assert!(!names(world, "all_group_chats", language).contains(&"settings".to_owned()));
            let admin = names(world, "all_chat_administrators", language);
            let about = &world.commands[&("all_chat_administrators".to_owned(), language.to_owned())];
            for command in about.as_array().unwrap() {
                let text = command["description"].as_str().unwrap();
                assert_eq!(text.is_ascii(), language == "en", "{language}: {text}");
            }
            for name in ["ask", "settings", "teach", "add", "mine", "unanswered", "why"] {
                assert!(admin.contains(&name.to_owned()), "{name} in {admin:?}");
            }
        }
        let described = |language: &str| {
            let key = ("description".to_owned(), language.to_owned());
            world.texts[&key].clone()
        };
        assert_eq!(described(""), described("bn"));
        assert!(described("en").is_ascii());
    });
    let rig = rig.restart().await;
    telegram.wait("looked again", |world| (calls(world).0 == 36).then_some(())).await;
    assert_eq!(telegram.world(|world| calls(world).1), 18, "nothing differs");
    // Somebody changed one by hand.
    telegram.world(|world| {
        let key = ("description".to_owned(), "en".to_owned());
        world.texts.insert(key, "mine".to_owned());
    });
    let rig = rig.restart().await;
    telegram.wait("looked a third time", |world| (calls(world) == (54, 19)).then_some(())).await;
    rig.app.stop().await.unwrap();
}

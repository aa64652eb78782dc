//! `uttor messenger setup`, `check` and `review` with an Instagram account.

use serde_json::{Value, json};

/// Breaks the set-up.
type Break = fn(&mut World);

use super::setup::{SETUP, run, says_only, sound};
use crate::support::graph::{Graph, INSTAGRAM, World};
use crate::support::program::{stderr, stdout};

#[tokio::test]
async fn instagram_is_installed_and_checked() {
    let (rig, callback) = sound().await;
    let scopes = ["instagram_basic", "instagram_manage_messages"].map(Value::from);
    let settings = [("PUBLIC_URL", rig.app.url.as_str()), ("MESSENGER_INSTAGRAM_ID", INSTAGRAM)];
    rig.graph.world(|world| {
        world.linked = json!({ "id": INSTAGRAM, "username": "garden" });
        world.token["scopes"].as_array_mut().unwrap().extend(scopes);
    });
    let told = stdout(&run(&rig.graph, "check", &settings).await);
    assert!(told.contains("the app has no webhook for Instagram"), "{told}");
    let done = run(&rig.graph, "setup", &settings).await;
    assert!(done.status.success(), "{}", stderr(&done));
    let (webhooks, profile) =
        rig.graph.world(|world| (world.subscriptions.clone(), world.instagram_profile.clone()));
    let webhook =
        webhooks.as_array().unwrap().iter().find(|webhook| webhook["object"] == "instagram").unwrap();
    assert_eq!(webhook["callback_url"], callback);
    assert_eq!(profile["ice_breakers"].as_array().unwrap().len(), 2);
    let told = stdout(&run(&rig.graph, "check", &settings).await);
    assert!(told.contains("linked to the Instagram account garden"), "{told}");
    says_only(&told, "sound", "this machine only", "set it to the https address");
    let broken: [(Break, &str, &str); 4] = [
        (
            |world| world.linked = Value::Null,
            "linked to no professional Instagram account",
            "Linked accounts",
        ),
        (|world| world.linked["id"] = "5".into(), "linked to the Instagram account 5", "set the linked one"),
        (
            |world| world.token["scopes"].as_array_mut().unwrap().retain(|scope| scope != "instagram_basic"),
            "the token lacks instagram_basic",
            "make a new token",
        ),
        (
            |world| {
                for webhook in world.subscriptions.as_array_mut().unwrap() {
                    if webhook["object"] == "instagram" {
                        webhook["fields"] = json!([{ "name": "messages" }]);
                    }
                }
            },
            "the app's Instagram webhook is not subscribed to messaging_postbacks",
            SETUP,
        ),
    ];
    for (break_it, finding, remedy) in broken {
        let sound = rig.graph.world(|world| {
            let sound = (world.linked.clone(), world.token.clone(), world.subscriptions.clone());
            break_it(world);
            sound
        });
        says_only(&stdout(&run(&rig.graph, "check", &settings).await), finding, finding, remedy);
        rig.graph.world(|world| (world.linked, world.token, world.subscriptions) = sound);
    }
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn review_writes_what_app_review_asks_for() {
    let graph = Graph::start().await;
    let settings = [("PUBLIC_URL", "https://bot.example.org")];
    let few = stdout(&run(&graph, "review", &settings).await);
    for part in [
        "### pages_messaging",
        "https://bot.example.org/messenger/webhook",
        "ছাদে কি বাগান করা যায়?",
        "Comments are off",
        "How to test it",
    ] {
        assert!(few.contains(part), "{part}: {few}");
    }
    assert!(!few.contains("instagram"), "{few}");
    let more = [("MESSENGER_COMMENTS", "public"), ("MESSENGER_INSTAGRAM_ID", INSTAGRAM)];
    let all = stdout(&run(&graph, "review", &[&settings[..], &more].concat()).await);
    for part in [
        "pages_read_user_content",
        "pages_manage_engagement",
        "instagram_manage_messages",
        "instagram_manage_comments",
    ] {
        assert!(all.contains(&format!("### {part}")), "{part}: {all}");
    }
}

//! Comments below the Page's posts.

use std::fs;

use serde_json::{Value, json};
use tokio::task::spawn_blocking;

use super::Rig;
use crate::support::app::{eventually, garden_copy};
use crate::support::graph::{Fault, Graph, PAGE, Signature, World, Wrong, now, says};
use crate::support::program::{stdout, uttor_with};

const ROOF: &str = "ছাদে কি বাগান করা যায়?";

fn comment(person: &str, id: &str, above: &str, text: &str) -> Value {
    json!({
        "field": "feed",
        "value": {
            "item": "comment", "verb": "add", "from": { "id": person, "name": "N" }, "post_id": "1_1",
            "comment_id": id, "parent_id": above, "message": text, "created_time": now() / 1_000,
        },
    })
}

async fn deliver(rig: &Rig, changes: &[Value]) {
    let body = json!({ "object": "page", "entry": [{ "id": PAGE, "time": now(), "changes": changes }] });
    let status = rig.graph.deliver_to(&rig.app.url, body.to_string().into_bytes(), Signature::Right).await;
    assert!(status.is_success());
}

#[tokio::test]
async fn comments_are_off_until_somebody_turns_them_on() {
    let rig = Rig::start().await;
    deliver(&rig, &[comment("41", "c_41", "1_1", ROOF)]).await;
    rig.deliver(&[says("41", "m_41", ROOF)]).await;
    rig.answer("41", 0).await;
    assert_eq!(rig.graph.world(|world| (world.sent.len(), world.comments.len())), (1, 0));
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn a_public_line_follows_the_private_answer_and_only_it() {
    let rig = Rig::start_with(&[("MESSENGER_COMMENTS", "public")]).await;
    deliver(
        &rig,
        &[
            comment("42", "c_42", "1_1", ROOF),
            comment("43", "c_43", "c_above", ROOF),
            comment("44", "c_44", "1_1", "করিম ভাই দেখেন"),
            comment("45", "c_45", "1_1", "payoneer account kivabe khulbo?"),
        ],
    )
    .await;
    let public =
        rig.graph.wait("two lines", |world| Some(world.comments.clone()).filter(|all| all.len() == 2)).await;
    let mut above: Vec<&str> = public.iter().map(|(above, _)| above.as_str()).collect();
    above.sort_unstable();
    assert_eq!(above, ["c_42", "c_above"]);
    assert!(public.iter().all(|(_, text)| text.contains("ইনবক্সে")));
    for person in ["44", "45"] {
        rig.deliver(&[says(person, &format!("m_{person}"), ROOF)]).await;
        rig.answer(person, 0).await;
    }
    let private =
        rig.graph.world(|world| world.sent.iter().filter(|sent| sent.to.starts_with("comment:")).count());
    assert_eq!((private, rig.graph.world(|world| world.comments.len())), (2, 2));
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn a_public_line_is_tried_again_by_the_table_of_all_sends() {
    for (wrong, restart, lines, tries) in [
        (Wrong::Error(500, 1_200, 0), false, 1, 2),
        // It waits, and the answer before it does not go out again.
        (Wrong::Error(400, 32, 0), true, 1, 2),
        (Wrong::Error(401, 190, 463), true, 1, 2),
        // It may stand there already.
        (Wrong::DropAfter, false, 1, 1),
        (Wrong::BadGateway, false, 0, 1),
        (Wrong::Error(403, 200, 0), false, 0, 1),
    ] {
        let mut rig = Rig::start_with(&[("MESSENGER_COMMENTS", "public")]).await;
        rig.graph.world(|world| world.faults.push(Fault::new("/comments", wrong)));
        deliver(&rig, &[comment("46", "c_46", "1_1", ROOF)]).await;
        let called = |world: &World| world.calls.iter().filter(|call| call.path == "c_46/comments").count();
        rig.graph.wait("the line", |world| (called(world) > 0).then_some(())).await;
        if restart {
            rig = rig.restart().await;
        }
        let handled = "uttor_messenger_events_total{what=\"handled\"}";
        eventually("its end", async || (rig.count(handled).await == 1).then_some(())).await;
        let (public, tried, private) = rig
            .graph
            .world(|world| (world.comments.len(), called(world), world.sent_to("comment:c_46").len()));
        assert_eq!((public, tried, private), (lines, tries, 1), "{wrong:?}");
        rig.app.stop().await.unwrap();
    }
}

#[tokio::test]
async fn no_public_line_tells_of_an_answer_that_may_not_be_there() {
    let rig = Rig::start_with(&[("MESSENGER_COMMENTS", "public")]).await;
    for (number, wrong) in [Wrong::Drop, Wrong::DropAfter, Wrong::Error(400, 551, 0)].into_iter().enumerate()
    {
        let id = format!("c_47_{number}");
        rig.graph.world(|world| world.faults = vec![Fault::new("/messages", wrong).to(&id)]);
        deliver(&rig, &[comment("47", &id, "1_1", ROOF)]).await;
        let handled = "uttor_messenger_events_total{what=\"handled\"}";
        eventually("its end", async || (rig.count(handled).await == number as u64 + 1).then_some(())).await;
    }
    assert!(rig.graph.world(|world| world.comments.is_empty()));
    assert_eq!(rig.graph.world(|world| world.sent.len()), 1);
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn the_switch_holds_for_what_was_taken_before_it_was_turned() {
    // In public its answer has two parts, and was begun.
    for mode in ["private", "public"] {
        let mut rig = Rig::start_with(&[("MESSENGER_COMMENTS", mode)]).await;
        rig.graph.world(|world| world.is_dead = true);
        deliver(&rig, &[comment("48", "c_48", "1_1", ROOF)]).await;
        eventually("not ready", async || (rig.app.get("/readyz").await.status() == 503).then_some(())).await;
        rig.graph.world(|world| world.is_dead = false);
        rig.settings.retain(|(name, _)| name != "MESSENGER_COMMENTS");
        let rig = rig.restart().await;
        let handled = "uttor_messenger_events_total{what=\"handled\"}";
        eventually("its end", async || (rig.count(handled).await == 1).then_some(())).await;
        assert_eq!(rig.graph.world(|world| (world.sent.len(), world.comments.len())), (0, 0), "{mode}");
        rig.app.stop().await.unwrap();
    }
}

/// The content with these rules of comments.
fn with_rules(rules: &str) -> tempfile::TempDir {
    let folder = garden_copy();
    fs::write(folder.path().join("comments.toml"), rules).unwrap();
    folder
}

/// A comment of `person` below the post `1_` and `post`.
fn below(post: &str, person: &str, id: &str, text: &str) -> Value {
    let mut comment = comment(person, id, &format!("1_{post}"), text);
    comment["value"]["post_id"] = format!("1_{post}").into();
    comment
}

#[tokio::test]
async fn the_pages_own_rules_say_which_comments_get_what() {
    let folder = with_rules(
        "trigger = [\"details\", \"লিংক দেন\"]\nexclude = [\"spam\"]\nprivate = \"বিস্তারিত ইনবক্সে লিখুন।\"\n\
         public = [\"প্রথম\", \"দ্বিতীয়\"]\n[[post]]\nid = \"2\"\noff = true\n\
         [[post]]\nid = \"1_3\"\nprivate = \"তৃতীয় পোস্ট\"\n",
    );
    let rig = Rig::start_at(folder.path(), &[("MESSENGER_COMMENTS", "public")]).await;
    let private = async |id: &str| rig.answer(&format!("comment:{id}"), 0).await.text().to_owned();
    deliver(&rig, &[below("1", "401", "c_1", "details please")]).await;
    assert_eq!(private("c_1").await, "বিস্তারিত ইনবক্সে লিখুন।");
    // In another script, and below a post with a reply of its own.
    deliver(&rig, &[below("3", "402", "c_2", "vai link den")]).await;
    assert_eq!(private("c_2").await, "তৃতীয় পোস্ট");
    deliver(&rig, &[below("1", "403", "c_3", ROOF)]).await;
    assert!(private("c_3").await.contains("৬ ঘণ্টা"));
    // Excluded, off, and a second time below the same post; the same person below another one.
    let silent = [("1", "404", "spam! details"), ("2", "405", ROOF), ("1", "403", "details")];
    for (number, (post, person, text)) in silent.into_iter().enumerate() {
        deliver(&rig, &[below(post, person, &format!("c_s{number}"), text)]).await;
    }
    deliver(&rig, &[below("4", "403", "c_4", ROOF)]).await;
    private("c_4").await;
    let handled = "uttor_messenger_events_total{what=\"handled\"}";
    eventually("the end", async || (rig.count(handled).await == 7).then_some(())).await;
    let (mut lines, sent) = rig.graph.world(|world| (world.comments.clone(), world.sent.len()));
    lines.sort();
    let mut texts: Vec<&str> = lines.iter().map(|(_, text)| text.as_str()).collect();
    texts.sort_unstable();
    assert_eq!((texts, sent), (vec!["দ্বিতীয়", "দ্বিতীয়", "প্রথম", "প্রথম"], 4));
    rig.app.stop().await.unwrap();
}

#[tokio::test]
async fn an_answer_to_a_comment_waits_as_long_as_the_rules_say_and_holds_up_no_message() {
    let folder = with_rules("delay_secs = 600\nposts = \"listed\"\n[[post]]\nid = \"1\"\n");
    let rig = Rig::start_at(folder.path(), &[("MESSENGER_COMMENTS", "private")]).await;
    let mut old = below("1", "411", "c_old", ROOF);
    old["value"]["created_time"] = (now() / 1_000 - 601).into();
    deliver(&rig, &[below("1", "410", "c_new", ROOF), old, below("2", "412", "c_unlisted", ROOF)]).await;
    rig.answer("comment:c_old", 0).await;
    rig.deliver(&[says("410", "m_410", ROOF)]).await;
    rig.answer("410", 0).await;
    assert_eq!(rig.graph.world(|world| world.sent.len()), 2);
    rig.app.stop().await.unwrap();
}

#[test]
fn check_names_what_is_wrong_with_the_rules_and_messenger_check_shows_them() {
    for (rules, expected) in [
        ("posts = \"some\"", "comments.toml:1: error: \"some\" is not one of all, listed, off"),
        ("posts = \"listed\"", "comments.toml:1: error: no post is listed"),
        ("trigger = [\"price\"]", "comments.toml:1: error: there are triggers and no private reply"),
        ("delay_secs = 6000", "comments.toml:1: error: 6000 seconds are too long, wait at most 600"),
        ("[[post]]\nid = \"here\"", "comments.toml:2: error: \"here\" is no post's id"),
        ("colour = 1", "comments.toml:1: error: unknown field `colour`"),
    ] {
        let folder = with_rules(rules);
        let output = uttor_with(folder.path(), "check").output().unwrap();
        assert!(stdout(&output).contains(expected), "{}", stdout(&output));
    }
}

#[tokio::test]
async fn messenger_check_shows_the_rules() {
    let graph = Graph::start().await;
    let folder = with_rules("exclude = [\"spam\"]\n[[post]]\nid = \"7\"\noff = true\n");
    for (comments, expected) in [
        ("private", &["comments: excluded: spam", "comments: post 7: off"][..]),
        ("off", &["careful: comments.toml has rules, and MESSENGER_COMMENTS is off"]),
    ] {
        let mut command = uttor_with(folder.path(), "messenger");
        command.arg("check").envs(graph.settings()).env("MESSENGER_COMMENTS", comments);
        let output = spawn_blocking(move || command.output().unwrap()).await.unwrap();
        for line in expected {
            assert!(stdout(&output).contains(line), "{}", stdout(&output));
        }
    }
}

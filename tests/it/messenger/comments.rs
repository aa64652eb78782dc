//! Comments below the Page's posts.

use serde_json::{Value, json};

use super::Rig;
use crate::support::app::eventually;
use crate::support::graph::{Fault, PAGE, Signature, World, Wrong, now, says};

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

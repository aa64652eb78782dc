//! Comments below the Page's posts.

use serde_json::{Value, json};

use super::Rig;
use crate::support::graph::{PAGE, Signature, now, says};

const ROOF: &str = "ছাদে কি বাগান করা যায়?";

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

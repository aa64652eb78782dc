//! Several processes on one PostgreSQL.

use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use uttor::store::{ClusterState, Clusters};

use super::group::{ANSWER, KARIM, QUESTION, RAHIMA};
use super::survival::{Pair, Victim};
use super::teaching::{press, says};
use super::{Mode, Rig, SECRET};
use crate::support::app::eventually;
use crate::support::database::Database;
use crate::support::telegram::{Fault, Posted, Telegram, Wrong, group, private};

const GROUP: i64 = -100_500;
const ADMIN: i64 = 1;
const FAIR: &str = "আমাদের বাগানের মেলা কবে?";

/// Brings a message to one of the replicas, as an update of its own each time.
async fn bring(telegram: &Telegram, to: &Victim, number: i64, message: &Value) -> u16 {
    let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(20)).build().unwrap();
    let post = client
        .post(format!("{}/telegram/webhook", to.url))
        .header("X-Telegram-Bot-Api-Secret-Token", SECRET)
        .json(&json!({ "update_id": number, "message": message }));
    telegram.world(|world| world.webhook = None);
    post.send().await.unwrap().status().as_u16()
}

fn last(telegram: &Telegram) -> Posted {
    telegram.world(|world| world.sent(GROUP).last().cloned()).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dialogue_goes_on_at_whichever_replica_gets_its_next_step() {
    let Some(pair) = Pair::start("off").await else { return };
    let Pair { telegram, first, second, .. } = &pair;
    group(telegram, GROUP);
    private(telegram, ADMIN);
    let says = |text: &str, to: Option<i64>| {
        let more = match to {
            Some(to) => json!({ "text": text, "reply_to_message": telegram.shown(GROUP, to) }),
            None => json!({ "text": text }),
        };
        telegram.message(GROUP, ADMIN, &more)
    };
    let add = says("/add", None);
    assert_eq!(bring(telegram, first, 9_001, &add).await, 200);
    let question = says(FAIR, Some(last(telegram).id));
    assert_eq!(bring(telegram, second, 9_002, &question).await, 200);
    let asks = last(telegram);
    assert!(asks.text.contains("মেলা"), "{}", asks.text);
    // It comes again, since nobody knew that it was handled: no answer to itself.
    assert_eq!(bring(telegram, first, 9_003, &question).await, 200);
    let again = last(telegram);
    assert_eq!(again.text, asks.text, "asked for the answer again");
    let answer = says("আগামী শুক্রবার বিকেলে।", Some(asks.id));
    assert_eq!(bring(telegram, first, 9_004, &answer).await, 200);
    let taught = last(telegram);
    assert!(taught.text.contains("শুক্রবার") && taught.text.contains("মেলা"), "{}", taught.text);
    let mine = says("/mine", None);
    assert_eq!(bring(telegram, second, 9_005, &mine).await, 200);
    assert!(last(telegram).text.contains("মেলা কবে"), "{}", last(telegram).text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_note_that_is_stored_late_is_not_newer() {
    let Some(pair) = Pair::start("off").await else { return };
    let Pair { telegram, database, first, second, .. } = &pair;
    group(telegram, GROUP);
    let says = |text: &str, to: Option<i64>| {
        let to = to.map(|to| telegram.shown(GROUP, to));
        telegram.message(GROUP, ADMIN, &json!({ "text": text, "reply_to_message": to }))
    };
    let mut store = database.connect().await;
    sqlx::raw_sql("BEGIN; LOCK TABLE notes IN ACCESS EXCLUSIVE MODE").execute(&mut store).await.unwrap();
    assert_eq!(bring(telegram, first, 9_001, &says("/add", None)).await, 200);
    sqlx::raw_sql("COMMIT").execute(&mut store).await.unwrap();
    let mut written = 0;
    while written == 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
        written = sqlx::query("SELECT 1 FROM notes").fetch_all(&mut store).await.unwrap().len();
    }
    let question = says(FAIR, Some(last(telegram).id));
    assert_eq!(bring(telegram, second, 9_002, &question).await, 200);
    let answer = says("আগামী শুক্রবার বিকেলে।", Some(last(telegram).id));
    assert_eq!(bring(telegram, second, 9_003, &answer).await, 200);
    let taught = last(telegram);
    assert!(taught.text.contains("শুক্রবার"), "{}", taught.text);
    // The one that the dialogue began at knows that it is over.
    assert_eq!(bring(telegram, first, 9_004, &says(QUESTION, Some(taught.id))).await, 200);
    assert!(last(telegram).text.contains(ANSWER), "{}", last(telegram).text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_is_claimed_before_its_notes_are_written() {
    let Some(database) = Database::postgres().await else { return };
    let telegram = Telegram::start().await;
    let folder = TempDir::new().unwrap();
    let victim = Victim::start_on(&telegram, folder.path(), Mode::Webhook, "off", &database.url);
    group(&telegram, GROUP);
    telegram.wait("it takes updates", |world| world.calls_of("getWebhookInfo").next().map(|_| ())).await;
    let mut store = database.connect().await;
    sqlx::raw_sql("BEGIN; LOCK TABLE notes IN ACCESS EXCLUSIVE MODE").execute(&mut store).await.unwrap();
    let ask = telegram.message(GROUP, KARIM, &json!({ "text": format!("/ask {QUESTION}") }));
    let said = telegram.wait("the answer", |world| world.sent(GROUP).first().cloned());
    // Whoever brings it hangs up a moment after it was answered.
    tokio::select! {
        _ = bring(&telegram, &victim, 9_001, &ask) => {}
        () = async { said.await; tokio::time::sleep(Duration::from_millis(300)).await } => {}
    }
    // It is refused until that was noticed.
    while bring(&telegram, &victim, 9_001, &ask).await != 200 {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(telegram.world(|world| world.sent(GROUP).len()), 1, "it is answered once");
    sqlx::raw_sql("COMMIT").execute(&mut store).await.unwrap();
    victim.kill();
}

/// What the bot says next, as `to` is brought somebody's reply.
async fn replies(telegram: &Telegram, to: &Victim, who: i64, question: i64, text: &str) -> Posted {
    turn(telegram, to);
    let before = telegram.world(|world| world.sent(GROUP).len());
    telegram.replies(GROUP, who, question, text);
    telegram.wait(text, |world| world.sent(GROUP).get(before).cloned()).await
}

/// From now on Telegram brings updates to this one.
fn turn(telegram: &Telegram, to: &Victim) {
    telegram.world(|world| world.webhook.as_mut().unwrap().url = format!("{}/telegram/webhook", to.url));
}

/// What the message becomes as somebody presses, and `to` is brought it.
async fn pressed(telegram: &Telegram, to: &Victim, shown: &Posted, label: &str) -> Posted {
    turn(telegram, to);
    press(telegram, ADMIN, shown, label).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn buttons_of_lessons_work_at_whichever_replica_they_are_pressed() {
    let Some(pair) = Pair::start("off").await else { return };
    let Pair { telegram, first, second, .. } = &pair;
    group(telegram, GROUP);
    let asked = telegram.message(GROUP, KARIM, &json!({ "text": "ভালো বীজ কোথায় পাব" }));
    let asked = asked["message_id"].as_i64().unwrap();
    let shown = replies(telegram, first, ADMIN, asked, "/teach").await;
    pressed(telegram, second, &shown, "অন্য বিষয়").await;
    let warned = pressed(telegram, first, &shown, "সার").await;
    assert!(warned.text.starts_with("এটি শেখালে"), "{}", warned.text);
    let taught = pressed(telegram, second, &shown, "তবুও শেখান").await;
    assert!(taught.text.starts_with("শেখানো হয়েছে"), "{}", taught.text);
    turn(telegram, first);
    let mine = says(telegram, GROUP, ADMIN, "/mine").await;
    assert!(mine.text.contains("ভালো বীজ"), "{}", mine.text);
    let undone = pressed(telegram, first, &shown, "ফিরিয়ে নিন").await;
    assert!(undone.text.starts_with("ফিরিয়ে নেওয়া হয়েছে"), "{}", undone.text);
    let emptied = pressed(telegram, second, &mine, "🗑 ১").await;
    assert!(emptied.text.contains("🗑 মুছে ফেলা হয়েছে"), "{}", emptied.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_is_known_to_the_replica_that_did_not_give_it() {
    let Some(pair) = Pair::start("off").await else { return };
    let Pair { telegram, first, second, .. } = &pair;
    group(telegram, GROUP);
    let ask = format!("/ask {QUESTION}");
    turn(telegram, first);
    let given = says(telegram, GROUP, RAHIMA, &ask).await;
    assert!(given.text.contains(ANSWER), "{}", given.text);
    let why = replies(telegram, second, KARIM, given.id, "/why").await;
    assert!(why.text.starts_with("যা বুঝেছি: ছাদে"), "{}", why.text);
    let above = says(telegram, GROUP, KARIM, &ask).await;
    let link = above.buttons().next().map(|button| button["url"].clone());
    assert_eq!(link, Some(json!(format!("https://t.me/c/500/{}", given.id))), "{}", above.text);
    let is = |edits: usize| {
        telegram.wait("the change", move |world| {
            let now = world.chats[&GROUP].messages[&given.id].clone();
            (now.edits == edits).then_some(now)
        })
    };
    let question = given.replies_to().unwrap();
    telegram.edits(GROUP, question, "/ask ভালো বীজ কোথায় পাব?");
    assert!(is(1).await.text.contains("উপজেলা কৃষি অফিসে"));
    let why = replies(telegram, first, KARIM, given.id, "/why").await;
    assert!(why.text.contains("বীজ"), "{}", why.text);
    let again = says(telegram, GROUP, KARIM, &ask).await;
    assert!(again.text.contains(ANSWER), "what stood above shows something else now: {}", again.text);
    telegram.edits(GROUP, question, &ask);
    assert!(is(2).await.text.contains(ANSWER));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_judgement_at_the_other_replica_is_about_the_question_asked_at_the_first() {
    let Some(pair) = Pair::start("off").await else { return };
    let Pair { telegram, database, first, second, .. } = &pair;
    let judged = async |who: i64, at: &Victim| {
        let chat = private(telegram, who);
        // What the other replica remembers of this person is older.
        turn(telegram, second);
        says(telegram, chat, who, "ভালো বীজ কোথায় পাব?").await;
        turn(telegram, first);
        let answer = says(telegram, chat, who, QUESTION).await;
        assert!(answer.text.contains(ANSWER), "{}", answer.text);
        turn(telegram, at);
        telegram.presses(chat, who, answer.id, &answer.data("👎"));
        telegram.wait("other entries", |world| world.sent(chat).get(2).map(Posted::labels)).await
    };
    let here = judged(RAHIMA, first).await;
    let there = judged(KARIM, second).await;
    assert_eq!(there, here, "the neighbours of the question");
    let store = database.open().await;
    let rooftop = "rooftop".parse().unwrap();
    let kept = async || {
        let which = Clusters { state: ClusterState::Open, scope: None, limit: 9, skip: 0 };
        let mut asked = 0;
        for cluster in store.clusters(&which).await.unwrap() {
            let questions = store.questions(cluster.id).await.unwrap();
            let unhelpful = questions.iter().filter(|question| question.entry.as_ref() == Some(&rooftop));
            asked += unhelpful.map(|question| question.asked).sum::<u64>();
        }
        (asked == 2).then_some(())
    };
    eventually("the question of both", kept).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_demoted_admin_is_recognized_at_every_replica() {
    let Some(pair) = Pair::start("off").await else { return };
    let Pair { telegram, first, second, .. } = &pair;
    group(telegram, GROUP);
    turn(telegram, second);
    let mine = says(telegram, GROUP, ADMIN, "/mine").await;
    assert!(mine.text.contains("নিজের কোনো প্রশ্নোত্তর নেই"), "{}", mine.text);
    let becomes = |old: &str, new: &str| {
        let (old, new) = (json!({ "status": old }), json!({ "status": new }));
        let chat = json!({ "id": GROUP, "type": "supergroup" });
        let event = json!({ "chat": chat, "old_chat_member": old, "new_chat_member": new });
        telegram.push("chat_member", &event);
    };
    turn(telegram, first);
    becomes("left", "member");
    says(telegram, GROUP, KARIM, "/help").await;
    turn(telegram, second);
    says(telegram, GROUP, ADMIN, "/mine").await;
    let asked = telegram.world(|world| world.calls_of("getChatAdministrators").count());
    assert_eq!(asked, 1, "who comes and goes is no admin");
    turn(telegram, first);
    telegram.world(|world| world.chats.get_mut(&GROUP).unwrap().members.insert(ADMIN, "member"));
    becomes("creator", "member");
    says(telegram, GROUP, KARIM, "/help").await;
    turn(telegram, second);
    let refused = says(telegram, GROUP, ADMIN, "/mine").await;
    assert!(refused.text.contains("শুধু গ্রুপের অ্যাডমিনরা"), "{}", refused.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_what_a_group_asks_two_replicas_at_once_nothing_is_lost_and_nothing_is_too_fast() {
    let Some(pair) = Pair::start("on").await else { return };
    let Pair { telegram, first, second, .. } = &pair;
    telegram.world(|world| world.enforce_limits = true);
    group(telegram, GROUP);
    let brought = (9_101..9_113).map(|number| {
        let help = telegram.message(GROUP, number, &json!({ "text": "/help" }));
        let order = if number % 2 == 0 { [first, second] } else { [second, first] };
        async move {
            // What had to wait for too long comes again.
            for to in order.into_iter().cycle() {
                if bring(telegram, to, number, &help).await == 200 {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
    });
    tokio::time::timeout(Duration::from_mins(1), futures_util::future::join_all(brought)).await.unwrap();
    // The stand-in refuses the ninth within five seconds.
    assert_eq!(telegram.world(|world| (world.sent(GROUP).len(), world.over_limit)), (12, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_album_is_one_message_whichever_replicas_get_its_parts() {
    let Some(pair) = Pair::start("off").await else { return };
    let Pair { telegram, first, second, .. } = &pair;
    let chat = private(telegram, KARIM);
    let mut parts = Vec::new();
    let photo = json!([{ "file_id": "p", "width": 1, "height": 1 }]);
    for (number, to) in (9_301..).zip([&first, &second, &first]) {
        parts.push(telegram.message(chat, KARIM, &json!({ "photo": photo, "media_group_id": "album" })));
        assert_eq!(bring(telegram, to, number, parts.last().unwrap()).await, 200);
    }
    assert_eq!(telegram.world(|world| world.sent(chat).len()), 1, "one hint for all of it");
    // They come again, since nobody knew whether they were handled.
    for (number, part) in (9_311..).zip(&parts) {
        assert_eq!(bring(telegram, second, number, part).await, 200);
    }
    assert_eq!(telegram.world(|world| world.sent(chat).len()), 2, "its hint is not lost");
}

#[tokio::test]
async fn buttons_of_lessons_outlive_a_restart() {
    for mode in [Mode::Polling, Mode::Webhook] {
        let rig = Rig::start_with(mode, &[("TELEGRAM_LIMITS", "off")]).await;
        group(&rig.telegram, GROUP);
        let asked = rig.telegram.message(GROUP, KARIM, &json!({ "text": "টবের মাটিতে কেঁচো দিলে কী লাভ" }));
        let asked = asked["message_id"].as_i64().unwrap();
        rig.telegram.replies(GROUP, ADMIN, asked, "/teach");
        let shown = rig.telegram.wait("the choice", |world| world.sent(GROUP).first().cloned()).await;
        let rig = rig.restart().await;
        let others = press(&rig.telegram, ADMIN, &shown, "অন্য বিষয়").await;
        assert_eq!(others.labels().len(), 5, "all entries: {}", others.text);
        rig.app.stop().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stopping_leader_confirms_before_another_replica_leads() {
    let Some(database) = Database::postgres().await else { return };
    let telegram = Telegram::start().await;
    let folder = TempDir::new().unwrap();
    let start = || Victim::start_on(&telegram, folder.path(), Mode::Polling, "off", &database.url);
    let chat = private(&telegram, 5);
    let first = start();
    telegram.says(chat, 5, "/help");
    telegram.wait("an answer", |world| world.sent(chat).first().map(|_| ())).await;
    let second = start();
    telegram.wait("both there", |world| (world.calls_of("getMe").count() == 2).then_some(())).await;
    // Longer than the other takes to look whether it leads.
    telegram.world(|world| {
        world.faults.push(Fault::new("sendMessage", Wrong::Slow(Duration::from_secs(5))));
    });
    telegram.says(chat, 5, "/privacy");
    telegram
        .wait("it is being sent", |world| world.faults.iter().all(|fault| fault.times == 0).then_some(()))
        .await;
    first.stop();
    telegram.wait("confirmed", |world| world.updates.is_empty().then_some(())).await;
    telegram.says(chat, 5, "/topics");
    telegram.wait("the other's answer", |world| (world.sent(chat).len() >= 3).then_some(())).await;
    telegram.world(|world| {
        let sent: Vec<_> = world.sent(chat).into_iter().map(|sent| sent.text).collect();
        assert_eq!(sent.len(), 3, "each was answered once: {sent:?}");
        assert_eq!(world.calls_of("getUpdates").filter(|call| call.answer.is_err()).count(), 0);
    });
    first.kill();
    second.kill();
}

//! Teaching in chat: unanswered questions, `/teach`, `/add`, `/mine`, `/why`.

use uttor::store::{Author, GroupId, Lesson, Scope};

use super::{Mode, Rig};
use crate::support::app::eventually;
use crate::support::telegram::{Posted, Telegram, group, now, private};

const GROUP: i64 = -100_500;
const ADMIN: i64 = 1;
const RAHIMA: i64 = 7_001;
const IN_VAIN: &str = "টবের মাটিতে কেঁচো দিলে কী লাভ";

/// What the bot says next in `chat` as somebody says something.
pub async fn says(telegram: &Telegram, chat: i64, who: i64, text: &str) -> Posted {
    let before = telegram.world(|world| world.sent(chat).len());
    telegram.says(chat, who, text);
    telegram.wait(text, |world| world.sent(chat).get(before).cloned()).await
}

/// What the bot says next in the chat as somebody presses.
pub async fn pressed(telegram: &Telegram, who: i64, shown: &Posted, label: &str) -> Posted {
    let now = telegram.world(|world| world.chats[&shown.chat].messages[&shown.id].clone());
    let before = telegram.world(|world| world.sent(shown.chat).len());
    telegram.presses(shown.chat, who, shown.id, &now.data(label));
    telegram.wait(label, |world| world.sent(shown.chat).get(before).cloned()).await
}

/// What the message becomes as somebody presses.
pub async fn press(telegram: &Telegram, who: i64, shown: &Posted, label: &str) -> Posted {
    let now = telegram.world(|world| world.chats[&shown.chat].messages[&shown.id].clone());
    telegram.presses(shown.chat, who, shown.id, &now.data(label));
    telegram
        .wait(label, |world| {
            world.chats[&shown.chat]
                .messages
                .get(&shown.id)
                .filter(|posted| posted.edits > now.edits)
                .cloned()
        })
        .await
}

/// Somebody asks what is not answered, and wants none of what is offered.
async fn asks_in_vain(telegram: &Telegram, chat: i64, who: i64, text: &str) {
    let offered = says(telegram, chat, who, text).await;
    if offered.text.starts_with("দুঃখিত") {
        return;
    }
    let refused = press(telegram, who, &offered, "এগুলোর কোনোটি নয়").await;
    assert!(refused.text.starts_with("ঠিক আছে"), "{}", refused.text);
}

/// Tells a story in both modes, as fast as it goes.
async fn in_both<F: Future<Output = ()>>(story: impl Fn(Rig) -> F) {
    for mode in [Mode::Polling, Mode::Webhook] {
        story(Rig::start_with(mode, &[("TELEGRAM_LIMITS", "off")]).await).await;
    }
}

/// The list, once it holds something.
async fn list(telegram: &Telegram, chat: i64, who: i64, command: &str) -> Posted {
    // Questions are written down behind the reply's back.
    eventually("the question in the list", || async {
        let shown = says(telegram, chat, who, command).await;
        assert!(shown.text.contains("বার)") || shown.text.contains("উত্তরহীন কোনো প্রশ্ন নেই"), "{}", shown.text);
        shown.text.contains("বার)").then_some(shown)
    })
    .await
}

#[tokio::test]
async fn an_admin_teaches_an_unanswered_question_and_undoes_it() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        group(telegram, GROUP);
        let (admin, rahima) = (private(telegram, ADMIN), private(telegram, RAHIMA));
        let ask = format!("/ask {IN_VAIN}");
        asks_in_vain(telegram, GROUP, RAHIMA, &ask).await;
        let linked = says(telegram, GROUP, ADMIN, "/unanswered").await;
        let url = linked.buttons().next().unwrap()["url"].as_str().unwrap().to_owned();
        assert_eq!(url, format!("https://t.me/Uttor_Test_Bot?start=unanswered_{GROUP}"));
        let start = format!("/start unanswered_{GROUP}");
        let refused = says(telegram, rahima, RAHIMA, &start).await;
        assert!(refused.text.contains("অ্যাডমিনদের জন্য"), "{}", refused.text);

        let shown = list(telegram, admin, ADMIN, &start).await;
        assert!(shown.text.contains("কেঁচো") && shown.text.contains("(১ বার)"), "{}", shown.text);
        let nearest = shown.labels().into_iter().find(|label| label.contains("কয়বার পানি")).unwrap();
        let taught = press(telegram, ADMIN, &shown, &nearest).await;
        assert!(taught.text.starts_with("শেখানো হয়েছে"), "{}", taught.text);
        press(telegram, ADMIN, &shown, "ফিরিয়ে নিন").await;
        let others = press(telegram, ADMIN, &shown, "অন্য বিষয়").await;
        assert_eq!(others.labels().len(), 5);
        let taught = press(telegram, ADMIN, &shown, "সার").await;
        assert!(taught.text.starts_with("শেখানো হয়েছে"), "{}", taught.text);
        let answered = says(telegram, GROUP, RAHIMA, &ask).await;
        assert!(answered.labels().contains(&"👍".to_owned()), "{}", answered.text);
        let elsewhere = says(telegram, rahima, RAHIMA, IN_VAIN).await;
        assert!(!elsewhere.labels().contains(&"👍".to_owned()), "for this group only: {}", elsewhere.text);

        let undone = press(telegram, ADMIN, &shown, "ফিরিয়ে নিন").await;
        assert!(undone.text.starts_with("ফিরিয়ে নেওয়া হয়েছে"), "{}", undone.text);
        let again = says(telegram, GROUP, RAHIMA, &ask).await;
        assert!(!again.labels().contains(&"👍".to_owned()), "{}", again.text);
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn an_operator_answers_a_new_question_for_all_and_ignores_another() {
    for mode in [Mode::Polling, Mode::Webhook] {
        let rig = Rig::start_with(mode, &[("OPERATORS", "1"), ("TELEGRAM_LIMITS", "off")]).await;
        let telegram = &rig.telegram;
        let (operator, rahima) = (private(telegram, ADMIN), private(telegram, RAHIMA));
        asks_in_vain(telegram, rahima, RAHIMA, IN_VAIN).await;
        let shown = list(telegram, operator, ADMIN, "/unanswered").await;
        let asks = pressed(telegram, ADMIN, &shown, "নতুন প্রশ্ন").await;
        assert!(asks.text.contains("এর উত্তর এই বার্তার রিপ্লাইয়ে লিখুন"), "{}", asks.text);
        // Nothing that was written in private is published before it was shown.
        let shown = says(telegram, operator, ADMIN, "কেঁচো মাটি ঝুরঝুরে রাখে।").await;
        assert!(!says(telegram, rahima, RAHIMA, IN_VAIN).await.text.contains("ঝুরঝুরে"));
        let added = press(telegram, ADMIN, &shown, "প্রকাশ করুন").await;
        assert!(added.text.starts_with("যোগ করা হয়েছে"), "{}", added.text);
        let answered = says(telegram, rahima, RAHIMA, IN_VAIN).await;
        assert!(answered.text.contains("ঝুরঝুরে"), "{}", answered.text);

        asks_in_vain(telegram, rahima, RAHIMA, "ফুটবল খেলা কয়টায় শুরু").await;
        let shown = list(telegram, operator, ADMIN, "/unanswered").await;
        let ignored = press(telegram, ADMIN, &shown, "এর উত্তর দেবেন না").await;
        assert!(ignored.text.starts_with("বাদ দেওয়া হয়েছে"), "{}", ignored.text);
        assert!(says(telegram, operator, ADMIN, "/unanswered").await.text.contains("উত্তরহীন কোনো প্রশ্ন নেই"));
        rig.app.stop().await.unwrap();
    }
}

#[tokio::test]
async fn a_group_adds_lists_edits_and_deletes_its_own() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        group(telegram, GROUP);
        assert!(says(telegram, GROUP, RAHIMA, "/add").await.text.contains("শুধু গ্রুপের অ্যাডমিনরা"));
        let asks = says(telegram, GROUP, ADMIN, "/add").await;
        // Somebody else's reply is no turn of the admin's dialogue.
        telegram.replies(GROUP, ADMIN, asks.id, "আমাদের বাগানের মেলা কবে?");
        let asks = telegram
            .wait("the next turn", |world| {
                world.sent(GROUP).into_iter().find(|sent| sent.text.contains("এর উত্তর এই বার্তার"))
            })
            .await;
        telegram.replies(GROUP, ADMIN, asks.id, "প্রতি শুক্রবার বিকেলে।");
        telegram
            .wait("the lesson", |world| {
                world.sent(GROUP).into_iter().find(|sent| sent.text.starts_with("যোগ করা হয়েছে"))
            })
            .await;
        assert!(says(telegram, GROUP, RAHIMA, "/ask আমাদের বাগানের মেলা কবে?").await.text.contains("শুক্রবার"));
        let store = rig.store().await;
        let scope = Scope::Group(GroupId::new("telegram", &GROUP.to_string()));
        let Lesson::Entry(own) = &store.teachings_of(&scope).await.unwrap()[0].lesson else { panic!() };
        assert_eq!(own.label, "আমাদের বাগানের…", "a button is cut between words");
        store.close().await;
        let mine = says(telegram, GROUP, ADMIN, "/mine").await;
        assert!(mine.text.contains("মেলা কবে"), "{}", mine.text);
        press(telegram, ADMIN, &mine, "✏️").await;
        let before = telegram.world(|world| world.sent(GROUP).len());
        let asks = pressed(telegram, ADMIN, &mine, "উত্তর বদলান").await;
        assert!(asks.text.contains("নতুন উত্তর"), "{}", asks.text);
        telegram.replies(GROUP, ADMIN, asks.id, &"খুব লম্বা উত্তর ".repeat(100));
        let refused = telegram.wait("the refusal", |world| world.sent(GROUP).get(before + 1).cloned()).await;
        // Its length and the longest one are said.
        assert!(refused.text.starts_with("লেখাটি বেশি বড়"), "{}", refused.text);
        telegram.replies(GROUP, ADMIN, refused.id, "প্রতি রবিবার সকালে।");
        let kept = telegram.wait("the lesson", |world| world.sent(GROUP).get(before + 2).cloned()).await;
        assert!(kept.text.contains("রবিবার"), "{}", kept.text);
        let mine = says(telegram, GROUP, ADMIN, "/mine").await;
        assert!(mine.text.contains("রবিবার") && !mine.text.contains("শুক্রবার"), "{}", mine.text);
        let emptied = press(telegram, ADMIN, &mine, "🗑").await;
        assert!(emptied.text.contains("১. 🗑 মুছে ফেলা হয়েছে"), "{}", emptied.text);
        assert!(says(telegram, GROUP, ADMIN, "/mine").await.text.contains("নিজের কোনো প্রশ্নোত্তর নেই"));
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_reply_teaches_and_why_explains() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        group(telegram, GROUP);
        let question = telegram.says(GROUP, RAHIMA, IN_VAIN);
        telegram.replies(GROUP, RAHIMA, question, "/teach");
        telegram
            .wait("the refusal", |world| {
                world.sent(GROUP).into_iter().find(|sent| sent.text.contains("শুধু গ্রুপের অ্যাডমিনরা"))
            })
            .await;
        telegram.replies(GROUP, ADMIN, question, "/teach");
        let shown = telegram
            .wait("the choice", |world| {
                world.sent(GROUP).into_iter().find(|sent| sent.text.contains("এটি কোন বিষয়ের?"))
            })
            .await;
        press(telegram, ADMIN, &shown, "অন্য বিষয়").await;
        press(telegram, ADMIN, &shown, "সার").await;
        let answered = says(telegram, GROUP, RAHIMA, &format!("/ask {IN_VAIN}")).await;
        assert!(answered.labels().contains(&"👍".to_owned()), "{}", answered.text);
        telegram.replies(GROUP, ADMIN, answered.id, "/why");
        let why = telegram
            .wait("the reason", |world| {
                world.sent(GROUP).into_iter().find(|sent| sent.text.starts_with("যা বুঝেছি:"))
            })
            .await;
        let lines: Vec<&str> = why.text.lines().collect();
        assert!(lines[0].contains("সার") && lines[0].ends_with("%)"), "entry and score: {}", why.text);
        assert!(lines[1].contains("সবচেয়ে কাছের জানা প্রশ্ন: «"), "phrasing: {}", why.text);
        assert!(lines[2].starts_with("এর পরে:") && lines[2].ends_with("%)"), "runner-up: {}", why.text);
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_groups_own_are_listed_page_by_page() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        group(telegram, GROUP);
        let store = rig.store().await;
        let scope = Scope::Group(GroupId::new("telegram", &GROUP.to_string()));
        for number in 1..=18 {
            let text = format!("টবের কেঁচো নম্বর {number}");
            let lesson = Lesson::Phrasing { entry: "compost".parse().unwrap(), text };
            store.teach(&scope, &lesson, &[], &Author::terminal(), now()).await.unwrap();
        }
        store.close().await;
        let mine = says(telegram, GROUP, ADMIN, "/mine").await;
        assert!(mine.text.contains("পাতা ১/৩") && mine.text.contains("«টবের কেঁচো নম্বর 18»"), "{}", mine.text);
        assert!(mine.text.contains("ঘরে জৈব সার বানাব কীভাবে?"), "an entry bears its question: {}", mine.text);
        press(telegram, ADMIN, &mine, "পরের").await;
        let last = press(telegram, ADMIN, &mine, "পরের").await;
        assert!(last.text.contains("পাতা ৩/৩"), "{}", last.text);
        assert_eq!(last.labels(), ["🗑 ১৭", "🗑 ১৮", "⬅️ আগের"]);
        // What is on the screen keeps its number, and what was removed can be brought back.
        let removed = press(telegram, ADMIN, &mine, "🗑 ১৭").await;
        assert_eq!(removed.labels(), ["↩️ ১৭", "🗑 ১৮", "⬅️ আগের"]);
        assert!(removed.text.contains("১৭. 🗑 মুছে ফেলা হয়েছে"), "{}", removed.text);
        let back = press(telegram, ADMIN, &mine, "↩️ ১৭").await;
        assert_eq!(back.text, last.text);
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn unanswered_questions_are_listed_one_by_one() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        group(telegram, GROUP);
        let admin = private(telegram, ADMIN);
        for text in ["পাসপোর্ট করতে কী লাগে", "আজকে খেলার স্কোর কত"]
        {
            asks_in_vain(telegram, GROUP, RAHIMA, &format!("/ask {text}")).await;
        }
        let start = format!("/start unanswered_{GROUP}");
        let shown = eventually("both in the list", || async {
            let shown = says(telegram, admin, ADMIN, &start).await;
            shown.labels().contains(&"পরের ➡️".to_owned()).then_some(shown)
        })
        .await;
        let next = press(telegram, ADMIN, &shown, "পরের").await;
        assert!(next.text != shown.text && next.labels().contains(&"⬅️ আগের".to_owned()), "{}", next.text);
        let back = press(telegram, ADMIN, &shown, "আগের").await;
        assert_eq!(back.text, shown.text);
        rig.app.stop().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn what_was_asked_more_often_is_counted() {
    in_both(async |rig| {
        let telegram = &rig.telegram;
        group(telegram, GROUP);
        let admin = private(telegram, ADMIN);
        for _ in 0..2 {
            asks_in_vain(telegram, GROUP, RAHIMA, &format!("/ask {IN_VAIN}")).await;
        }
        let start = format!("/start unanswered_{GROUP}");
        eventually("both counted", || async {
            says(telegram, admin, ADMIN, &start).await.text.contains("(২ বার)").then_some(())
        })
        .await;
        rig.app.stop().await.unwrap();
    })
    .await;
}

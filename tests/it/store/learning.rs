//! Unanswered questions, judgements, settings and teachings, in several replicas.

use std::time::Duration;

use uttor::faq::Entry;
use uttor::store::{
    Author, ClusterId, ClusterState, Clusters, Feedback, GroupId, Judged, Lesson, Question, Scope, Store,
    Undo,
};
use uttor::text::mask::Masked;

use super::{NOW, entry, group, keep, on_both, phrasing};
use crate::support::database::Database;

on_both!(
    settings_have_a_history
    a_group_moves
    feedback_counts_once_a_person
    questions_gather_in_clusters
    teachings_reach_every_replica
);

async fn list(store: &Store, state: ClusterState) -> Vec<(String, u64)> {
    let which = Clusters { state, scope: None, limit: 10, skip: 0 };
    let clusters = store.clusters(&which).await.unwrap();
    clusters.into_iter().map(|cluster| (cluster.text, cluster.asked)).collect()
}

async fn settings_have_a_history(database: &Database) {
    let store = database.open().await;
    let scope = Scope::Group(group());
    let admin = Author::person(&store.secret().person("telegram", "7001234"));
    assert!(store.set(&scope, "unasked", Some("on"), &admin, NOW).await.unwrap());
    assert!(!store.set(&scope, "unasked", Some("on"), &admin, NOW + 1).await.unwrap());
    assert!(store.set(&scope, "quiet", Some("22-7"), &admin, NOW + 2).await.unwrap());
    let before = store.subscribe().borrow().revision;
    assert!(store.set(&scope, "unasked", None, &admin, NOW + 3).await.unwrap());
    assert!(!store.set(&scope, "unasked", None, &admin, NOW + 4).await.unwrap());

    let settings = store.settings(&scope).await.unwrap();
    assert_eq!(settings.into_iter().collect::<Vec<_>>(), [("quiet".to_owned(), "22-7".to_owned())]);
    assert!(store.settings(&Scope::Base).await.unwrap().is_empty());
    let news = store.settings_since(before).await.unwrap();
    assert_eq!(news.len(), 1);
    assert_eq!((news[0].name.as_str(), &news[0].value, &news[0].scope), ("unasked", &None, &scope));

    let history = store.settings_history(&scope, 10).await.unwrap();
    let lines: Vec<_> = history
        .iter()
        .map(|change| (change.name.as_str(), change.old.as_deref(), change.new.as_deref(), change.at - NOW))
        .collect();
    assert_eq!(
        lines,
        [
            ("unasked", Some("on"), None, 3),
            ("quiet", None, Some("22-7"), 2),
            ("unasked", None, Some("on"), 0)
        ]
    );
    assert_eq!(history[0].author, admin.as_str());
    assert!(!history[0].author.contains("7001234"));
}

async fn a_group_moves(database: &Database) {
    let store = database.open().await;
    let (old, new) = (group(), GroupId::new("telegram", "-1002"));
    let admin = Author::terminal();
    let old_scope = Scope::Group(old.clone());
    let new_scope = Scope::Group(new.clone());
    store.set(&old_scope, "a", Some("old"), &admin, NOW).await.unwrap();
    store.set(&old_scope, "b", Some("old"), &admin, NOW).await.unwrap();
    store.set(&new_scope, "b", Some("new"), &admin, NOW).await.unwrap();
    store.teach(&old_scope, &phrasing("mobile", "phone diye"), &[], &admin, NOW).await.unwrap();
    let before = store.subscribe().borrow().revision;
    for _ in 0..2 {
        store.move_group(&old, &new).await.unwrap();
        let settings = store.settings(&new_scope).await.unwrap();
        assert_eq!((settings["a"].as_str(), settings["b"].as_str()), ("old", "new"));
        assert!(store.settings(&old_scope).await.unwrap().is_empty());
        assert_eq!(store.teachings_of(&new_scope).await.unwrap().len(), 1);
        assert_eq!(store.teachings_of(&old_scope).await.unwrap().len(), 0);
    }
    assert_eq!(store.teachings_since(before).await.unwrap().len(), 1);
    assert_eq!(store.settings_history(&new_scope, 10).await.unwrap().len(), 3);
}

async fn feedback_counts_once_a_person(database: &Database) {
    let store = database.open().await;
    let people: Vec<_> = ["1", "2", "3"].map(|id| store.secret().person("web", id)).into();
    let (mobile, future) = (entry("mobile"), entry("future"));
    for (person, entry, helpful, expected) in [
        (0, &mobile, true, Judged::First),
        (0, &mobile, true, Judged::Same),
        (1, &mobile, true, Judged::First),
        (1, &mobile, false, Judged::Changed),
        (2, &mobile, false, Judged::First),
        (0, &future, true, Judged::First),
    ] {
        let feedback = Feedback { person: &people[person], channel: "web", entry, helpful };
        assert_eq!(store.judge(&feedback, NOW).await.unwrap(), expected);
    }
    let verdicts = store.verdicts(NOW).await.unwrap();
    let counts: Vec<_> =
        verdicts.iter().map(|one| (one.entry.as_str(), one.helpful, one.unhelpful)).collect();
    assert_eq!(counts, [("mobile", 1, 2), ("future", 1, 0)]);
    assert!(store.verdicts(NOW + 1).await.unwrap().is_empty());
}

async fn questions_gather_in_clusters(database: &Database) {
    let store = database.open().await;
    let payoneer = keep(&store, "payoneer account kivabe khulbo", None, NOW).await;
    assert_eq!(keep(&store, "payoneer acount kivabe khulbo?", Some(payoneer), NOW + 1).await, payoneer);
    assert_eq!(keep(&store, "Payoneer acount kivabe khulbo?", None, NOW + 2).await, payoneer);
    let visa = keep(&store, "visa card lagbe? amar number 01711234567", None, NOW + 3).await;
    assert_ne!(visa, payoneer);
    // A cluster that is gone is no reason to lose a question.
    let tax = keep(&store, "tax dite hobe?", Some(ClusterId(999)), NOW + 4).await;
    assert!(![payoneer, visa, ClusterId(999)].contains(&tax));

    let scope = Scope::Group(group());
    let text = Masked::new("payoneer account kivabe khulbo");
    let mobile = entry("mobile");
    let question = Question { text: &text, channel: "telegram", scope: &scope, entry: Some(&mobile) };
    assert_eq!(store.keep_question(&question, Some(payoneer), NOW + 5).await.unwrap(), payoneer);

    let mut listed = list(&store, ClusterState::Open).await;
    assert_eq!(listed.remove(0), ("payoneer acount kivabe khulbo?".to_owned(), 4));
    assert_eq!(listed.len(), 2);
    assert!(listed.contains(&("visa card lagbe?amar number [number]".replace("?a", "? a"), 1)));
    let which = Clusters { state: ClusterState::Open, scope: Some(&scope), limit: 10, skip: 0 };
    let of_group = store.clusters(&which).await.unwrap();
    assert_eq!(of_group.len(), 1);
    assert_eq!((of_group[0].asked, of_group[0].wordings), (1, 1));
    assert_eq!((of_group[0].first_at, of_group[0].last_at), (NOW + 5, NOW + 5));
    let wordings = store.questions(payoneer).await.unwrap();
    assert_eq!(wordings.len(), 3);
    assert_eq!((wordings[0].asked, wordings[0].last_at), (2, NOW + 2));
    let led = store.questions_that_led_to(&mobile, 10).await.unwrap();
    assert_eq!((led.len(), led[0].text.as_str(), &led[0].scope), (1, text.as_str(), &scope));

    // The same new wording from many sides at once is one question in one cluster.
    let askers: Vec<_> = (0..12)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move { keep(&store, "koto dollar lage", None, NOW).await })
        })
        .collect();
    let mut clusters = Vec::new();
    for asker in askers {
        clusters.push(asker.await.unwrap());
    }
    clusters.dedup();
    assert_eq!(clusters.len(), 1);
    assert_eq!(store.questions(clusters[0]).await.unwrap()[0].asked, 12);

    assert_eq!(store.examine().await.unwrap().findings, Vec::<String>::new());
}

async fn teachings_reach_every_replica(database: &Database) {
    let replicas = [database.open().await, database.open().await];
    let [store, other] = &replicas;
    let mut news = other.subscribe();
    let start = *news.borrow_and_update();
    let admin = Author::person(&store.secret().person("telegram", "7"));
    let operator = Author::terminal();
    let scope = Scope::Group(group());
    let cluster = keep(store, "payoneer account kivabe khulbo", None, NOW).await;
    let ignored = keep(store, "asdf asdf", None, NOW).await;

    let lesson = phrasing("where-paid", "payoneer account kivabe khulbo");
    let id = store.teach(&scope, &lesson, &[cluster], &admin, NOW).await.unwrap();
    assert!(list(store, ClusterState::Open).await.iter().all(|(text, _)| text == "asdf asdf"));

    // The other replica wakes and catches up.
    tokio::time::timeout(Duration::from_secs(10), news.changed()).await.unwrap().unwrap();
    assert!(*news.borrow() > start);
    let caught_up = other.teachings_since(start.revision).await.unwrap();
    assert_eq!(caught_up.len(), 1);
    assert_eq!((caught_up[0].id, &caught_up[0].lesson, &caught_up[0].scope), (id, &lesson, &scope));
    assert_eq!((caught_up[0].author.as_str(), caught_up[0].at), (admin.as_str(), NOW));
    let known = news.borrow_and_update().revision;
    assert_eq!(known, caught_up[0].revision);
    assert!(other.teachings_since(known).await.unwrap().is_empty());

    // Whole entries come back as they were taught.
    let new_entry = Lesson::Entry(Box::new(Entry {
        id: entry("payoneer"),
        question: "পেওনিয়ার অ্যাকাউন্ট কীভাবে খুলব?".to_owned(),
        label: "পেওনিয়ার".to_owned(),
        section: None,
        answer: "*ধাপ* \"১\":\n- খুলুন\u{0}".to_owned(),
        related: vec![entry("where-paid")],
        phrasings: vec!["payoneer khulbo".to_owned()],
        picture: Some("AgACAgU".to_owned()),
    }));
    let entry_id = store.teach(&Scope::Base, &new_entry, &[], &operator, NOW + 1).await.unwrap();
    assert_eq!(other.teaching(entry_id).await.unwrap().unwrap().lesson, new_entry);
    let ignore = Lesson::Ignore { text: "asdf asdf".to_owned() };
    store.teach(&Scope::Base, &ignore, &[ignored], &operator, NOW + 2).await.unwrap();
    assert_eq!(list(store, ClusterState::Ignored).await.len(), 1);
    assert_eq!(list(store, ClusterState::Open).await.len(), 0);
    // Ignored stays ignored; answered, and then asked and not answered again, is open again.
    keep(store, "asdf asdf", None, NOW + 3).await;
    keep(store, "payoneer account kivabe khulbo", None, NOW + 3).await;
    assert_eq!(list(store, ClusterState::Ignored).await, [("asdf asdf".to_owned(), 2)]);
    assert_eq!(list(store, ClusterState::Open).await.len(), 1);
    store.settle(&[cluster], id).await.unwrap();
    assert_eq!(list(store, ClusterState::Open).await.len(), 0);

    // Undone, it is news, and its questions are open again.
    let known = store.subscribe().borrow().revision;
    assert_eq!(other.undo(id, &operator, NOW + 4).await.unwrap(), Undo::Done);
    assert_eq!(store.undo(id, &operator, NOW + 5).await.unwrap(), Undo::Already);
    assert_eq!(store.undo(uttor::store::TeachingId(999), &operator, NOW + 5).await.unwrap(), Undo::Unknown);
    let undone = store.teachings_since(known).await.unwrap();
    assert_eq!(undone.len(), 1);
    let by = undone[0].undone.as_ref().unwrap();
    assert_eq!((undone[0].id, by.author.as_str(), by.at), (id, "terminal", NOW + 4));
    assert_eq!(list(store, ClusterState::Open).await.len(), 1);
    assert!(store.teachings_of(&scope).await.unwrap().is_empty());
    // What an undone teaching would answer stays open.
    store.settle(&[cluster], id).await.unwrap();
    assert_eq!(list(store, ClusterState::Open).await.len(), 1);

    // A group's teaching becomes everybody's.
    let again = store.teach(&scope, &lesson, &[cluster], &admin, NOW + 6).await.unwrap();
    let promoted = store.promote(again, &operator, NOW + 7).await.unwrap().unwrap();
    assert_eq!(store.promote(again, &operator, NOW + 7).await.unwrap(), None);
    assert_eq!(store.promote(promoted, &operator, NOW + 7).await.unwrap(), None);
    assert!(store.teachings_of(&scope).await.unwrap().is_empty());
    let base: Vec<_> = store.teachings_of(&Scope::Base).await.unwrap().iter().map(|one| one.id).collect();
    assert_eq!((base.first(), base.last()), (Some(&entry_id), Some(&promoted)));
    assert_eq!(list(store, ClusterState::Open).await.len(), 0);
    let pages =
        [store.teachings(None, None, 2).await.unwrap(), store.teachings(None, Some(again), 9).await.unwrap()];
    assert_eq!(pages[0].iter().map(|one| one.id).collect::<Vec<_>>(), [promoted, again]);
    assert_eq!(pages[1].len(), 3);
    assert_eq!(store.teachings(Some(&scope), None, 9).await.unwrap().len(), 2);

    // Those who teach at the same time follow one another: no revision is given twice or seen out of order.
    let teachers: Vec<_> = (0..16)
        .map(|n| {
            let store = replicas[n % 2].clone();
            tokio::spawn(async move {
                let lesson = phrasing("mobile", &format!("mobile {n}"));
                store.teach(&Scope::Base, &lesson, &[], &Author::terminal(), NOW + 8).await.unwrap()
            })
        })
        .collect();
    let mut ids = Vec::new();
    for teacher in teachers {
        ids.push(teacher.await.unwrap());
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 16);
    assert_eq!(store.examine().await.unwrap().findings, Vec::<String>::new());
}

//! What a bot does with its store from the first start on, several replicas together.

use std::time::{Duration, Instant};

use uttor::faq::{Entry, EntryId};
use uttor::store::{
    Author, CLAIM, Claim, ClusterId, ClusterState, Clusters, Cooldown, Day, Deletion, Feedback, GroupId,
    Judged, Lesson, Question, Remembered, Scope, Store, Tally, Undo,
};
use uttor::text::mask::Masked;

use super::on_both;
use crate::support::database::Database;

const NOW: i64 = 1_700_000_000;
const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

on_both!(
    four_replicas_start_at_once
    one_of_many_claims_wins
    a_late_claim_is_none
    a_claim_that_is_given_up_loses_no_message
    conversations_are_remembered_for_ten_minutes
    settings_have_a_history
    a_group_moves
    feedback_counts_once_a_person
    questions_gather_in_clusters
    teachings_reach_every_replica
    a_repeated_cooldown_has_to_wait
    deletions_are_carried_out_once
    messages_are_counted
    everything_ages_out
    a_person_is_forgotten
);

pub fn entry(id: &str) -> EntryId {
    id.parse().unwrap()
}

pub fn phrasing(id: &str, text: &str) -> Lesson {
    Lesson::Phrasing { entry: entry(id), text: text.to_owned() }
}

fn group() -> GroupId {
    GroupId::new("telegram", "-1001")
}

async fn keep(store: &Store, text: &str, cluster: Option<ClusterId>, now: i64) -> ClusterId {
    let text = Masked::new(text);
    let question = Question { text: &text, channel: "web", scope: &Scope::Base, entry: None };
    store.keep_question(&question, cluster, now).await.unwrap()
}

async fn list(store: &Store, state: ClusterState) -> Vec<(String, u64)> {
    let which = Clusters { state, scope: None, limit: 10, skip: 0 };
    let clusters = store.clusters(&which).await.unwrap();
    clusters.into_iter().map(|cluster| (cluster.text, cluster.asked)).collect()
}

async fn four_replicas_start_at_once(database: &Database) {
    let starts = (0..4).map(|_| {
        let url = database.url.clone();
        tokio::spawn(async move { Store::open(&url).await })
    });
    let mut people = Vec::new();
    for start in starts.collect::<Vec<_>>() {
        let store = start.await.unwrap().unwrap();
        people.push(store.secret().person("telegram", "42"));
        let examination = store.examine().await.unwrap();
        assert_eq!(examination.findings, Vec::<String>::new());
        store.close().await;
    }
    // They share one key, and a restart keeps it.
    people.push(database.open().await.secret().person("telegram", "42"));
    people.dedup();
    assert_eq!(people.len(), 1);
}

async fn one_of_many_claims_wins(database: &Database) {
    let replicas = [database.open().await, database.open().await];
    let message = replicas[0].secret().message("telegram", "update-1");
    let claims: Vec<_> = (0..40)
        .map(|n| {
            let (store, message) = (replicas[n % 2].clone(), message.clone());
            tokio::spawn(async move { store.claim_within(&message, Duration::from_secs(20), NOW).await })
        })
        .collect();
    let mut outcomes = Vec::new();
    for claim in claims {
        outcomes.push(claim.await.unwrap());
    }
    assert_eq!(outcomes.iter().filter(|claim| **claim == Claim::Won).count(), 1);
    assert_eq!(outcomes.iter().filter(|claim| **claim == Claim::Lost).count(), 39);

    let store = &replicas[0];
    assert!(!store.claim(&message, NOW + 47 * HOUR).await.unwrap());
    assert!(store.claim(&message, NOW + 48 * HOUR).await.unwrap());
    store.release(&message).await.unwrap();
    assert!(store.claim(&message, NOW + 48 * HOUR).await.unwrap());
    // Another message of the same number, of another channel.
    assert!(store.claim(&store.secret().message("messenger", "update-1"), NOW).await.unwrap());
}

async fn a_late_claim_is_none(database: &Database) {
    let store = database.open().await;
    let message = store.secret().message("telegram", "update-1");
    let mut holder = database.connect().await;
    let hold = if database.is_postgres() {
        "BEGIN; LOCK TABLE processed IN EXCLUSIVE MODE"
    } else {
        "BEGIN IMMEDIATE"
    };
    sqlx::raw_sql(hold).execute(&mut holder).await.unwrap();

    let asked = Instant::now();
    assert_eq!(store.claim_within(&message, CLAIM, NOW).await, Claim::Late);
    assert!(asked.elapsed() < Duration::from_secs(1), "{:?}", asked.elapsed());

    sqlx::raw_sql("ROLLBACK").execute(&mut holder).await.unwrap();
    // It is delivered again, and nothing of the late claim is in the way.
    assert_eq!(store.claim_within(&message, Duration::from_secs(20), NOW).await, Claim::Won);
    assert_eq!(store.claim_within(&message, Duration::from_secs(20), NOW).await, Claim::Lost);
}

async fn a_claim_that_is_given_up_loses_no_message(database: &Database) {
    let store = database.open().await;
    let askers: Vec<_> = (0..4)
        .map(|asker| {
            let store = store.clone();
            tokio::spawn(async move {
                let mut late = 0;
                for n in 0..150 {
                    let message = store.secret().message("web", &format!("{asker}-{n}"));
                    // Given up at every point of its way, then delivered again at once.
                    let mut limit = Duration::from_micros(20 * (n % 60));
                    let claim = loop {
                        match store.claim_within(&message, limit, NOW).await {
                            Claim::Late => late += 1,
                            claim => break claim,
                        }
                        limit += Duration::from_micros(300);
                    };
                    assert_eq!(claim, Claim::Won, "{n}");
                    assert_eq!(store.claim_within(&message, Duration::from_secs(20), NOW).await, Claim::Lost);
                }
                late
            })
        })
        .collect();
    let mut late = 0;
    for asker in askers {
        late += asker.await.unwrap();
    }
    assert!(late > 0);
}

async fn conversations_are_remembered_for_ten_minutes(database: &Database) {
    let store = database.open().await;
    let secret = store.secret();
    let conversation = secret.conversation("web", "session");
    let person = secret.person("web", "session");
    assert_eq!(store.recall(&conversation, NOW).await.unwrap(), None);
    for what in [
        Remembered { entry: entry("mobile"), near: vec![], at: NOW - 1 },
        Remembered { entry: entry("can-earn"), near: vec![entry("mobile"), entry("future")], at: NOW },
    ] {
        store.remember(&conversation, &person, &what).await.unwrap();
        assert_eq!(store.recall(&conversation, NOW).await.unwrap(), Some(what));
    }
    assert!(store.recall(&conversation, NOW + 600).await.unwrap().is_some());
    assert!(store.recall(&conversation, NOW + 601).await.unwrap().is_none());
    assert!(store.recall(&secret.conversation("web", "other"), NOW).await.unwrap().is_none());
}

async fn settings_have_a_history(database: &Database) {
    let store = database.open().await;
    let scope = Scope::Group(group());
    let admin = Author::person(&store.secret().person("telegram", "7"));
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
    assert!(!history[0].author.contains(":7"));
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

    store.merge(tax, visa).await.unwrap();
    assert_eq!(store.questions(visa).await.unwrap().len(), 2);
    store.merge(visa, ClusterId(999)).await.unwrap();
    assert_eq!(store.questions(visa).await.unwrap().len(), 2);
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
        question: "পেওনিয়ার অ্যাকাউন্ট কীভাবে খুলব?".to_owned(),
        label: "পেওনিয়ার".to_owned(),
        section: None,
        answer: "*ধাপ* \"১\":\n- খুলুন\u{0}".to_owned(),
        related: vec![entry("where-paid")],
        phrasings: vec!["payoneer khulbo".to_owned()],
    }));
    let entry_id = store.teach(&Scope::Base, &new_entry, &[], &operator, NOW + 1).await.unwrap();
    assert_eq!(other.teaching(entry_id).await.unwrap().unwrap().lesson, new_entry);
    let ignore = Lesson::Ignore { text: "asdf asdf".to_owned() };
    store.teach(&Scope::Base, &ignore, &[ignored], &operator, NOW + 2).await.unwrap();
    assert_eq!(list(store, ClusterState::Ignored).await.len(), 1);
    assert_eq!(list(store, ClusterState::Open).await.len(), 0);
    // Ignored stays ignored; answered and yet asked in vain again is open again.
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
                store.teach(&Scope::Base, &lesson, &[], &Author::console(), NOW + 8).await.unwrap()
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

async fn a_repeated_cooldown_has_to_wait(database: &Database) {
    let replicas = [database.open().await, database.open().await];
    let (group, mobile) = (group(), entry("mobile"));
    let person = replicas[0].secret().person("telegram", "1");
    let hourly = Cooldown::Group { group: &group, slots: 6 };
    for (cooldown, at, expected) in [
        (Cooldown::Entry { group: &group, entry: &mobile }, 0, true),
        (Cooldown::Entry { group: &group, entry: &mobile }, 599, false),
        (Cooldown::Entry { group: &group, entry: &mobile }, 600, true),
        (Cooldown::Person { group: &group, person: &person }, 600, true),
        (Cooldown::Person { group: &group, person: &person }, 601, false),
    ] {
        assert_eq!(replicas[0].try_take(&cooldown, 600, NOW + at).await.unwrap(), expected);
    }
    for n in 0..6 {
        assert!(replicas[0].try_take(&hourly, HOUR, NOW + n).await.unwrap());
    }
    assert!(!replicas[1].try_take(&hourly, HOUR, NOW + 3_599).await.unwrap());
    assert!(replicas[1].try_take(&hourly, HOUR, NOW + 3_600).await.unwrap());
    assert!(!replicas[1].try_take(&hourly, HOUR, NOW + 3_600).await.unwrap());

    let takers: Vec<_> = (0..20)
        .map(|n| {
            let store = replicas[n % 2].clone();
            tokio::spawn(async move {
                let other = GroupId::new("telegram", "-2");
                store.try_take(&Cooldown::Group { group: &other, slots: 6 }, HOUR, NOW).await.unwrap()
            })
        })
        .collect();
    let mut taken = 0;
    for taker in takers {
        taken += u32::from(taker.await.unwrap());
    }
    assert_eq!(taken, 6);
}

async fn deletions_are_carried_out_once(database: &Database) {
    let replicas = [database.open().await, database.open().await];
    let deletion = |message: u32| Deletion {
        channel: "telegram".to_owned(),
        chat: "-1001".to_owned(),
        message: message.to_string(),
    };
    for n in 0..20 {
        replicas[0].schedule(&deletion(n), NOW + i64::from(n)).await.unwrap();
    }
    assert!(replicas[0].claim_due("telegram", 50, NOW - 1).await.unwrap().is_empty());
    assert!(replicas[0].claim_due("messenger", 50, NOW + 100).await.unwrap().is_empty());
    let claimers: Vec<_> = (0..8)
        .map(|n| {
            let store = replicas[n % 2].clone();
            tokio::spawn(async move { store.claim_due("telegram", 3, NOW + 14).await.unwrap() })
        })
        .collect();
    let mut claimed = Vec::new();
    for claimer in claimers {
        claimed.extend(claimer.await.unwrap());
    }
    let all = claimed.len();
    claimed.sort_by_key(|deletion| deletion.message.parse::<u32>().unwrap());
    claimed.dedup();
    assert_eq!(claimed.len(), all, "claimed twice");
    // Whoever had to wait may have come out empty-handed; what is due is there for the next.
    claimed.extend(replicas[0].claim_due("telegram", 50, NOW + 14).await.unwrap());
    assert_eq!(claimed.len(), 15);
    for deletion in claimed.iter().filter(|deletion| deletion.message != "3") {
        replicas[1].deleted(deletion).await.unwrap();
    }
    // Its replica died: a minute later it is another's.
    assert!(replicas[0].claim_due("telegram", 50, NOW + 14).await.unwrap().is_empty());
    let left = replicas[0].claim_due("telegram", 50, NOW + 80).await.unwrap();
    assert_eq!(left.len(), 6);
    assert!(left.contains(&deletion(3)));
}

async fn messages_are_counted(database: &Database) {
    let replicas = [database.open().await, database.open().await];
    let tally = |day, outcome: &str, entry: Option<&str>, messages| Tally {
        day: Day(day),
        channel: "web".to_owned(),
        outcome: outcome.to_owned(),
        entry: entry.map(self::entry),
        messages,
    };
    let some = [
        tally(10, "answer", Some("mobile"), 2),
        tally(10, "answer", Some("future"), 1),
        tally(10, "fallback", None, 1),
        tally(11, "fallback", None, 5),
    ];
    let counters: Vec<_> = (0..10)
        .map(|n| {
            let (store, mut some) = (replicas[n % 2].clone(), some.to_vec());
            if n % 3 == 0 {
                some.reverse();
            }
            tokio::spawn(async move { store.count(&some).await.unwrap() })
        })
        .collect();
    for counter in counters {
        counter.await.unwrap();
    }
    let counted = replicas[0].tallies(Day(10), Day(10)).await.unwrap();
    assert_eq!(
        counted,
        [
            tally(10, "answer", Some("future"), 10),
            tally(10, "answer", Some("mobile"), 20),
            tally(10, "fallback", None, 10)
        ]
    );
}

async fn everything_ages_out(database: &Database) {
    let store = database.open().await;
    let secret = store.secret();
    let person = secret.person("web", "1");
    let admin = Author::terminal();
    let mobile = entry("mobile");
    let old = keep(&store, "old question", None, NOW - 91 * DAY).await;
    let answered = keep(&store, "answered question", None, NOW - 91 * DAY).await;
    let fresh = keep(&store, "fresh question", None, NOW - 89 * DAY).await;
    for n in 0..1_200 {
        let flood = Masked::new(&format!("flood {n}"));
        let question = Question { text: &flood, channel: "web", scope: &Scope::Base, entry: None };
        store.keep_question(&question, Some(old), NOW - 91 * DAY).await.unwrap();
    }
    let id = store
        .teach(&Scope::Base, &phrasing("mobile", "x"), &[answered], &admin, NOW - 91 * DAY)
        .await
        .unwrap();
    store.set(&Scope::Base, "a", Some("1"), &admin, NOW - 91 * DAY).await.unwrap();
    let judge = Feedback { person: &person, channel: "web", entry: &mobile, helpful: true };
    store.judge(&judge, NOW - 91 * DAY).await.unwrap();
    let message = secret.message("web", "1");
    store.claim(&message, NOW - 49 * HOUR).await.unwrap();
    let conversation = secret.conversation("web", "1");
    let what = Remembered { entry: mobile.clone(), near: vec![], at: NOW - 601 };
    store.remember(&conversation, &person, &what).await.unwrap();
    let cooldown = Cooldown::Entry { group: &group(), entry: &mobile };
    store.try_take(&cooldown, 60, NOW - 61).await.unwrap();

    let expired = store.expire(90, NOW).await.unwrap();
    // questions, clusters, history, feedback, claim, conversation, cooldown
    assert_eq!(expired.rows, (1_200 + 2) + 2 + 1 + 1 + 1 + 1 + 1);
    assert_eq!(store.expire(90, NOW).await.unwrap().rows, 0);
    assert_eq!(store.questions(fresh).await.unwrap().len(), 1);
    // What holds stays.
    assert!(store.teaching(id).await.unwrap().is_some());
    assert_eq!(store.settings(&Scope::Base).await.unwrap()["a"], "1");
    assert_eq!(store.examine().await.unwrap().findings, Vec::<String>::new());
}

async fn a_person_is_forgotten(database: &Database) {
    let store = database.open().await;
    let secret = store.secret();
    let (group, mobile) = (group(), entry("mobile"));
    for id in ["1", "2"] {
        let person = secret.person("web", id);
        let conversation = secret.conversation("web", id);
        let judge = Feedback { person: &person, channel: "web", entry: &mobile, helpful: false };
        store.judge(&judge, NOW).await.unwrap();
        let what = Remembered { entry: mobile.clone(), near: vec![], at: NOW };
        store.remember(&conversation, &person, &what).await.unwrap();
        store.try_take(&Cooldown::Person { group: &group, person: &person }, 600, NOW).await.unwrap();
    }
    let person = secret.person("web", "1");
    assert_eq!(store.forget(&person).await.unwrap(), 3);
    assert_eq!(store.forget(&person).await.unwrap(), 0);
    assert_eq!(store.verdicts(0).await.unwrap()[0].unhelpful, 1);
    assert!(store.recall(&secret.conversation("web", "1"), NOW).await.unwrap().is_none());
    assert!(store.recall(&secret.conversation("web", "2"), NOW).await.unwrap().is_some());
}

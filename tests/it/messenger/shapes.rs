//! Every shape of what Meta delivers, as a file: each with a right, a missing and a forged signature, and with what it
//! gets.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use reqwest::StatusCode;

use super::Rig;
use crate::support::graph::{Signature, now, presses, says};

/// What a shape gets.
#[derive(Clone, Copy, Debug)]
enum Expected {
    /// One reply with this in it.
    Gets(&'static str),
    /// No reply, and the person is answered afterwards.
    Nothing,
    /// No reply, and the bot is silent towards the person afterwards.
    Paused,
    /// One private reply to a comment.
    Privately(&'static str, &'static str),
    /// It is no JSON.
    Refused,
}

use Expected::{Gets, Nothing, Paused, Privately, Refused};

/// File, person, and what becomes of it.
const SHAPES: &[(&str, &str, Expected)] = &[
    ("text-exact", "5000000000000001", Gets("৬ ঘণ্টা")),
    ("text-raw", "5000000000000002", Gets("৬ ঘণ্টা")),
    ("text-escaped", "5000000000000003", Gets("৬ ঘণ্টা")),
    ("text-banglish", "5000000000000004", Gets("৬ ঘণ্টা")),
    ("text-very-long", "5000000000000005", Gets("৬ ঘণ্টা")),
    ("link", "5000000000000024", Gets("৬ ঘণ্টা")),
    ("reply-to", "5000000000000026", Gets("৬ ঘণ্টা")),
    ("between-strange", "5000000000000050", Gets("৬ ঘণ্টা")),
    ("twice-in-one-body", "5000000000000053", Gets("৬ ঘণ্টা")),
    ("extra-fields", "5000000000000057", Gets("৬ ঘণ্টা")),
    ("text-empty", "5000000000000006", Gets("উত্তর গাইডে লেখা নেই")),
    ("text-invisible", "5000000000000007", Gets("উত্তর গাইডে লেখা নেই")),
    ("text-emoji", "5000000000000008", Gets("উত্তর গাইডে লেখা নেই")),
    ("quick-reply", "5000000000000009", Gets("নার্সারিতে")),
    ("quick-reply-unknown", "5000000000000010", Gets("বালতিতে")),
    ("postback", "5000000000000011", Gets("নার্সারিতে")),
    ("postback-without-mid", "5000000000000012", Gets("নার্সারিতে")),
    ("postback-without-mid-twice", "5000000000000075", Gets("নার্সারিতে")),
    ("postback-unknown", "5000000000000013", Gets("বালতিতে")),
    ("postback-without-payload", "5000000000000014", Gets("বালতিতে")),
    ("get-started", "5000000000000015", Gets("স্বাগতম!")),
    ("get-started-referral", "5000000000000016", Gets("নার্সারিতে")),
    ("get-started-group", "5000000000000017", Gets("স্বাগতম!")),
    ("ice-breaker", "5000000000000018", Gets("দুইবার")),
    ("menu-topics", "5000000000000019", Gets("এই বিষয়গুলো নিয়ে")),
    ("sticker", "5000000000000020", Gets("ধন্যবাদ!")),
    ("sticker-as-image", "5000000000000021", Gets("ধন্যবাদ!")),
    ("sticker-other", "5000000000000090", Gets("শুধু লেখা পড়তে পারি")),
    ("image", "5000000000000022", Gets("শুধু লেখা পড়তে পারি")),
    ("voice", "5000000000000023", Gets("শুধু লেখা পড়তে পারি")),
    ("link-alone", "5000000000000025", Gets("শুধু লেখা পড়তে পারি")),
    ("unsupported", "5000000000000028", Gets("শুধু লেখা পড়তে পারি")),
    ("deleted", "5000000000000027", Nothing),
    ("edited", "5000000000000029", Nothing),
    ("echo-own", "5000000000000030", Nothing),
    ("echo-own-app", "5000000000000031", Nothing),
    ("delivery", "5000000000000035", Nothing),
    ("read", "5000000000000036", Nothing),
    ("reaction", "5000000000000037", Nothing),
    ("optin", "5000000000000040", Nothing),
    ("account-linking", "5000000000000041", Nothing),
    ("standby", "5000000000000042", Nothing),
    ("thread-passed", "5000000000000043", Nothing),
    ("thread-requested", "5000000000000045", Nothing),
    ("app-roles", "5999999999999901", Nothing),
    ("policy", "5999999999999902", Nothing),
    ("other-page", "5000000000000051", Nothing),
    ("other-recipient", "5000000000000052", Nothing),
    ("unknown-event", "5000000000000054", Nothing),
    ("unknown-field", "5000000000000055", Nothing),
    ("unknown-object", "5000000000000056", Nothing),
    ("dashboard-test", "5000000000000058", Nothing),
    ("empty-lists", "5999999999999903", Nothing),
    ("missing-lists", "5999999999999904", Nothing),
    ("no-entry", "5999999999999905", Nothing),
    ("self-message", "5999999999999906", Nothing),
    ("instagram", "5000000000000071", Nothing),
    ("whatsapp", "5000000000000072", Nothing),
    // Comments in a group of the Page's: neither subscribed to nor answered, whatever their text looks like.
    ("group-feed", "5000000000000070", Nothing),
    ("group-feed-object", "5000000000000073", Nothing),
    ("echo-human", "5000000000000032", Paused),
    ("echo-without-app", "5000000000000033", Paused),
    ("echo-then-message", "5000000000000034", Paused),
    ("thread-taken", "5000000000000044", Paused),
    ("thread-passed-on", "5000000000000074", Paused),
    ("referral", "5000000000000038", Gets("বালতিতে")),
    ("referral-ad", "5000000000000039", Gets("স্বাগতম!")),
    ("batch", "5000000000000046", Gets("৬ ঘণ্টা")),
    ("batch", "5000000000000047", Gets("নার্সারিতে")),
    ("batch", "5000000000000048", Gets("দুইবার")),
    ("batch", "5000000000000049", Gets("৬ ঘণ্টা")),
    ("malformed", "5999999999999907", Refused),
    ("comment", "5000000000000059", Privately("comment:1_comment", "৬ ঘণ্টা")),
    ("comment-nested", "5000000000000060", Privately("comment:1_comment-nested", "৬ ঘণ্টা")),
    ("comment-twice", "5000000000000068", Privately("comment:1_comment-twice", "৬ ঘণ্টা")),
    ("comment-chatter", "5000000000000061", Nothing),
    // In the inbox it gets "did you mean".
    ("comment-unsure", "5000000000000076", Nothing),
    ("comment-not-in-guide", "5000000000000062", Nothing),
    ("comment-edited", "5000000000000063", Nothing),
    ("comment-removed", "5000000000000064", Nothing),
    ("comment-hidden", "5000000000000065", Nothing),
    ("comment-own", "5999999999999908", Nothing),
    ("comment-without-text", "5000000000000066", Nothing),
    ("comment-without-sender", "5000000000000067", Nothing),
    ("comment-reaction", "5000000000000069", Nothing),
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/messenger/shapes")
}

/// The file's bytes, which happened just now.
fn shape(name: &str) -> Vec<u8> {
    let text = fs::read_to_string(folder().join(format!("{name}.json"))).unwrap();
    text.replace("1700000000", &(now() / 1_000).to_string()).into_bytes()
}

#[test]
fn every_shape_has_its_expectation() {
    let files: BTreeSet<String> = fs::read_dir(folder())
        .unwrap()
        .map(|file| file.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    let expected: BTreeSet<String> = SHAPES.iter().map(|(name, ..)| (*name).to_owned()).collect();
    assert_eq!(files, expected);
}

#[tokio::test]
async fn every_shape_gets_what_it_should() {
    let rig = Rig::start_with(&[("MESSENGER_COMMENTS", "private")]).await;
    let names: BTreeSet<&str> = SHAPES.iter().map(|(name, ..)| *name).collect();
    for name in &names {
        let body = shape(name);
        for signature in [Signature::Missing, Signature::Forged] {
            let status = rig.graph.deliver_to(&rig.app.url, body.clone(), signature).await;
            assert_eq!(status, StatusCode::FORBIDDEN, "{name} {signature:?}");
        }
        let refused = SHAPES.iter().any(|(other, _, what)| other == name && matches!(what, Refused));
        let status = rig.graph.deliver_to(&rig.app.url, body, Signature::Right).await;
        let right = if refused { StatusCode::BAD_REQUEST } else { StatusCode::OK };
        assert_eq!(status, right, "{name}");
    }
    for (name, person, expected) in SHAPES {
        // What comes after it in the same person's order shows that it is over.
        let mid = format!("m_after_{name}_{person}");
        let (after, line) = match expected {
            Paused => (presses(person, &mid, "বট", "bot"), "আবার আমি"),
            _ => (says(person, &mid, "শুরুতে কোন কোন যন্ত্রপাতি কিনব?"), "খুরপি"),
        };
        if matches!(expected, Paused) {
            rig.deliver(&[says(person, &format!("m_paused_{name}"), "ছাদে কি বাগান করা যায়?")]).await;
        }
        rig.deliver(&[after]).await;
        let is_over = |texts: &[String]| texts.last().is_some_and(|last| last.contains(line));
        let texts = rig
            .graph
            .wait(name, |world| {
                let sent = world.sent_to(person);
                let texts: Vec<String> = sent.iter().map(|sent| sent.text().to_owned()).collect();
                is_over(&texts).then_some(texts)
            })
            .await;
        let (last, before) = texts.split_last().unwrap();
        assert!(last.contains(line), "{name}: {texts:#?}");
        match expected {
            Gets(text) => {
                assert_eq!(before.len(), 1, "{name}: {texts:#?}");
                assert!(before[0].contains(text), "{name}: {texts:#?}");
            }
            Privately(comment, text) => {
                let private = rig.graph.world(|world| world.sent_to(comment));
                assert_eq!((before.len(), private.len()), (0, 1), "{name}: {texts:#?}");
                assert!(private[0].text().contains(text), "{name}");
            }
            Nothing | Paused | Refused => assert!(before.is_empty(), "{name}: {texts:#?}"),
        }
    }
    let public = rig.graph.world(|world| world.comments.clone());
    assert!(public.is_empty(), "{public:?}");
    rig.app.stop().await.unwrap();
}

//! What holds of the matcher whatever is said.

use std::sync::LazyLock;

use proptest::prelude::*;
use uttor::library::Content;
use uttor::library::source::Source;
use uttor::matcher::decide::{Outcome, decide};
use uttor::matcher::{Matcher, Ranking};
use uttor::message::Place;
use uttor::text::normalize::normalize;

/// The guide, learned once for all tests.
static GUIDE: LazyLock<Content> =
    LazyLock::new(|| Content::learn(Source::Builtin.load().expect("the guide")));

fn find(text: &str) -> Ranking {
    GUIDE.matcher.find(text, None)
}

fn scores(ranking: &Ranking) -> Vec<(String, f32)> {
    ranking.candidates.iter().map(|candidate| (candidate.entry.to_string(), candidate.score)).collect()
}

#[test]
fn every_phrasing_finds_its_own_entry() {
    let mut strays = Vec::new();
    let mut all = 0;
    for entry in &GUIDE.faq.entries {
        for phrasing in std::iter::once(&entry.question).chain(&entry.phrasings) {
            all += 1;
            assert_eq!(find(phrasing).candidates[0].entry, entry.id, "{phrasing}");
            if GUIDE.matcher.by_weights(phrasing) != Some(&entry.id) {
                strays.push(format!("{}: {phrasing}", entry.id));
            }
        }
    }
    // What strays has a twin in another entry; `uttor check` lists them.
    assert!(strays.len() * 100 < all * 2, "{} of {all} stray:\n{}", strays.len(), strays.join("\n"));
}

#[test]
fn the_guides_own_questions_are_answered() {
    for entry in &GUIDE.faq.entries {
        let decision = decide(&find(&entry.question), Place::Private, &GUIDE.faq);
        assert_eq!(decision, Outcome::Answer(vec![entry.id.clone()]), "{}", entry.question);
    }
}

#[test]
fn learning_twice_gives_the_same_scores() {
    let again = Matcher::learn(&GUIDE.faq);
    for text in ["মোবাইল দিয়ে হবে?", "koto taka lage sikhte", "how long does it take", "পাসপোর্ট করতে কত লাগে"]
    {
        assert_eq!(scores(&find(text)), scores(&again.find(text, None)), "{text}");
    }
}

#[test]
fn nothing_sayable_is_no_candidate() {
    for text in ["", " ", "😂😂😂", "???", "।।।", "\u{200d}\u{200d}\u{200c}", "্্্", "\u{0}\u{7}"]
    {
        assert!(find(text).candidates.is_empty(), "{text:?}");
        assert_eq!(decide(&find(text), Place::Private, &GUIDE.faq), Outcome::Fallback(None), "{text:?}");
        assert_eq!(decide(&find(text), Place::Overheard, &GUIDE.faq), Outcome::Silent, "{text:?}");
    }
}

#[test]
fn only_the_end_of_a_huge_message_is_read() {
    let question = "মোবাইল দিয়ে কি ফ্রিল্যান্সিং করা যায়?";
    let huge = format!("{} {question}", "ক".repeat(1_000_000));
    assert!(find(&huge).candidates.len() <= 5);
    let story = format!("{}। {question}", "আমি গ্রামে থাকি ".repeat(50_000));
    assert_eq!(find(&story).candidates[0].entry.as_str(), "mobile");
}

#[test]
fn two_questions_are_both_found() {
    let ranking = find("freelancing shikhte koto taka lage? ar koto din somoy lage shikhte?");
    let entries = ranking.questions.iter().map(|candidate| candidate.entry.to_string()).collect::<Vec<_>>();
    assert_eq!(entries, ["learning-cost", "learning-time"]);
}

#[test]
fn a_follow_up_is_read_with_the_subject() {
    let alone = find("আর কতদিন লাগবে?");
    let followed = GUIDE.matcher.find("আর কতদিন লাগবে?", Some(&GUIDE.faq.guide.subject));
    assert_eq!(followed.candidates[0].entry.as_str(), "learning-time");
    assert!(followed.score() >= alone.score());
}

/// Letters, signs, joiners, digits, punctuation and marks as people (and worse) type them.
fn messy() -> impl Strategy<Value = String> {
    let pool = "কখগচছজটতদনপফবমরলশসহযডঢয়ড়ঢ়ািীুূেৈোৌ়্ংঃঁৎ০১২abcdefghijklmnopqrstuvwxyz019 \t\n.,?!।|\u{200c}\u{200d}\u{feff}\u{0981}\u{09be}é😀हи"
        .chars()
        .collect::<Vec<_>>();
    prop::collection::vec(prop::sample::select(pool), 0..80).prop_map(|chars| chars.into_iter().collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn normalizing_twice_is_normalizing_once(text in prop_oneof![messy(), any::<String>()]) {
        let once = normalize(&text);
        prop_assert_eq!(normalize(&once), once);
    }

    #[test]
    fn scores_are_probabilities_and_descend(text in prop_oneof![messy(), any::<String>()]) {
        let ranking = find(&text);
        prop_assert!(ranking.candidates.len() <= 5);
        prop_assert!(ranking.candidates.iter().all(|candidate| (0.0..=1.0).contains(&candidate.score)));
        prop_assert!(ranking.candidates.windows(2).all(|pair| pair[0].score >= pair[1].score));
        prop_assert!((0.0..=1.0).contains(&ranking.asks));
    }

    #[test]
    fn form_and_outer_marks_change_no_score(
        entry in 0..28_usize, phrasing in any::<prop::sample::Index>(), before in "[ .!।\"(]{0,3}", after in "[ .!।?\")]{0,3}",
    ) {
        use unicode_normalization::UnicodeNormalization as _;
        let phrasings = &GUIDE.faq.entries[entry].phrasings;
        let text = phrasing.get(phrasings);
        // Marks inside part sentences, and so may matter.
        prop_assume!(!text.contains(['.', '?', '!', '।', ';', '|', '\n']));
        let plain = scores(&find(text));
        prop_assert_eq!(&scores(&find(&format!("{before}{text}{after}"))), &plain);
        prop_assert_eq!(&scores(&find(&text.nfd().collect::<String>())), &plain);
        prop_assert_eq!(&scores(&find(&text.nfc().collect::<String>())), &plain);
        let hidden: String = text.chars().flat_map(|c| [c, '\u{200b}', '\u{feff}']).collect();
        prop_assert_eq!(&scores(&find(&hidden)), &plain);
        let shouted = text.to_ascii_uppercase();
        prop_assert_eq!(&scores(&find(&shouted)), &plain);
    }
}

/// An entry more changes nothing but what it is about: small and large contents are learned alike.
#[test]
fn two_hundred_entries_and_one_more_decide_alike() {
    let word = |number: usize| {
        let syllable = |at: usize| ["ka", "bo", "li", "tu", "me", "sha", "ri", "no"][at % 8];
        [1, 8, 64].map(|place| syllable(number / place)).concat() + "n"
    };
    let frames = ["kivabe # korbo", "# koto taka", "# kothay pabo", "# ki", "# kobe hobe", "# lagbe keno"];
    let of = |entries: usize| {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/faq").into();
        let mut faq = Source::Folder(folder).load().unwrap();
        let entry = faq.entries[0].clone();
        faq.entries = (0..entries)
            .map(|number| {
                let says = |frame: &&str| frame.replace('#', &word(number));
                let phrasings: Vec<String> = frames.iter().map(says).collect();
                let phrasings = phrasings.iter().flat_map(|text| [text.clone(), format!("vai {text} bolen")]);
                let (id, question) = (format!("e{number}").parse().unwrap(), word(number));
                uttor::faq::Entry { id, question, phrasings: phrasings.collect(), ..entry.clone() }
            })
            .collect();
        Content::learn(faq)
    };
    let (small, large) = (of(200), of(201));
    let asked = (0..200).step_by(8).flat_map(|number| {
        let (word, other) = (word(number), word(number + 300));
        [format!("apu {word} niye jante chai koto"), format!("{other} koto taka"), format!("{word} {other}")]
    });
    let outcome = |content: &Content, text: &str| {
        decide(&content.matcher.find(text, None), Place::Private, &content.faq).name()
    };
    let (all, other): (Vec<String>, Vec<String>) =
        asked.partition(|text| outcome(&small, text) == outcome(&large, text));
    assert!(
        other.len() * 20 <= all.len(),
        "{} of {} get another outcome: {other:?}",
        other.len(),
        all.len() + other.len()
    );
}

//! Pages, sheets and texts in the shapes that people have: no question of theirs is lost without a word.

use std::fs;
use std::path::Path;

use uttor::faq::import::{Origin, read};

/// Each file with its entries, `!` before those that are marked, and what else asks or names something and is told.
const SHAPES: [(&str, &[&str], &[&str]); 9] = [
    (
        "exported_document.html",
        &["ডাক্তার কখন বসেন?", "টিকিট কোথায় কাটতে হয়?", "রাতে কি কেউ থাকেন?"],
        &["স্বাস্থ্যকেন্দ্রের নিয়মকানুন"],
    ),
    (
        "saved_by_word.htm",
        &["How long does a repair take?", "Do you mend electric bicycles?", "May I wait in the shop?"],
        &["Bicycle repair"],
    ),
    (
        "tabs_of_topics.html",
        &[
            "!Swimming pool",
            "What does a ticket cost?",
            "Are there monthly tickets?",
            "Is a cap required?",
            "May children come alone?",
        ],
        &["Home Log in?", "Still unsure?", "Rules"],
    ),
    (
        "readme_with_details.md",
        &[
            "!seedbox",
            "!Install",
            "Which seeds can I use?",
            "How often is the water changed?",
            "Does it work without power?",
            "!License",
        ],
        &["Can I put it outside?", "FAQ"],
    ),
    (
        "post_with_signs.txt",
        &["ক্লাবে ভর্তি হতে কী লাগে?", "মাসে চাঁদা কত?", "মেয়েরা কি খেলতে পারে?"],
        &["নতুনদের জন্য কিছু কথা"],
    ),
    (
        "minutes_in_turns.txt",
        &[
            "Visitor: Is the museum open on Fridays?",
            "Visitor: May I take photographs?",
            "Visitor: Is there a lift for my mother?",
        ],
        &[],
    ),
    (
        "bilingual_with_sections.csv",
        &["ভর্তি ফি কত?", "বয়সের সীমা আছে কি?", "ক্লাস কয়টায় শুরু হয়?", "!ছুটি কবে?"],
        &["ভর্তি", "ক্লাস", "দায়িত্বে"],
    ),
    (
        "nested_topics.json",
        &[
            "How much is the hall for an evening?",
            "Is the kitchen included?",
            "Until when may there be music?",
        ],
        &["views"],
    ),
    (
        "cards_of_a_forum.html",
        &["Where do I report a broken lamp?", "Who clears the drain?", "Can I plant a tree by the road?"],
        &["how to register?", "Village help"],
    ),
];

#[test]
fn no_question_of_nine_shapes_is_lost_without_a_word() {
    for (name, entries, told) in SHAPES {
        let bytes = fs::read(Path::new("tests/it/import/shapes").join(name)).unwrap();
        let found = read(&Origin::file(name), &bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        let is_marked = |draft: &uttor::faq::import::Draft| !draft.remarks().is_empty();
        let questions: Vec<String> = found
            .drafts
            .iter()
            .map(|draft| format!("{}{}", if is_marked(draft) { "!" } else { "" }, draft.question))
            .collect();
        assert_eq!(questions, entries, "{name}: {:?}", found.notes);
        for text in told {
            assert!(
                found.notes.iter().any(|note| note.text.contains(text)),
                "{name}: {text}: {:?}",
                found.notes
            );
        }
        // What asks stands in an entry or is told.
        let shown: String = found
            .drafts
            .iter()
            .flat_map(|draft| [draft.question.clone(), draft.answer.clone(), draft.phrasings.join("\n")])
            .chain(found.notes.iter().map(|note| note.text.clone()))
            .collect();
        let text = String::from_utf8(bytes).unwrap();
        for asking in
            text.split(['<', '>', '"', '\n', ',']).map(|part| part.trim_matches(['*', '#', ' ', '❓']))
        {
            assert!(!asking.ends_with('?') || shown.contains(asking), "{name}: {asking} is lost");
        }
    }
}

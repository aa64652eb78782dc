//! Content in scripts that the program knows nothing of but their letters.

use uttor::library::Content;
use uttor::library::source::Source;
use uttor::matcher::decide::{Outcome, decide};
use uttor::message::Place;

use crate::support::content::Copy;
use crate::support::program::{stdout, uttor_with};

/// Language; three entries' phrasings; the same three as others type them: other case, accents or marks left out.
type Guide = (&'static str, [[&'static str; 2]; 3], [&'static str; 3]);

const GUIDES: [Guide; 7] = [
    (
        "ar",
        [
            ["ما هو الشاي؟", "عرف لي الشاي"],
            ["كيف أصنع الشاي؟", "طريقة التحضير بالماء"],
            ["كم سعر الكوب الواحد؟", "أسعار الأكواب"],
        ],
        ["ما هو الشاى", "كَيْفَ اصنع الشاي", "كم سعر الكوب الواحـد"],
    ),
    (
        "hi",
        [
            ["चाय क्या होती है?", "चाय का अर्थ"],
            ["चाय कैसे बनाएँ?", "बनाने का तरीका"],
            ["एक कप की क़ीमत कितनी है?", "दाम बताइए"],
        ],
        ["चाय क्या होती है", "चाय कैसे बनाएं", "एक कप की कीमत कितनी है"],
    ),
    (
        "ru",
        [
            ["Что такое чай?", "объясните слово чай"],
            ["Как его заваривают?", "способ приготовления"],
            ["Сколько стоит чашка чая?", "какая цена"],
        ],
        ["ЧТО ТАКОЕ ЧАЙ", "как ее заваривают", "сколько сто́ит чашка чая"],
    ),
    (
        "el",
        [
            ["Τι είναι το τσάι;", "εξήγηση της λέξης"],
            ["Πώς φτιάχνεται;", "τρόπος παρασκευής"],
            ["Πόσο κοστίζει το φλιτζάνι;", "ποια είναι η τιμή"],
        ],
        ["ΤΙ ΕΙΝΑΙ ΤΟ ΤΣΑΙ;", "πως φτιαχνεται", "ΠΟΣΟ ΚΟΣΤΙΖΕΙ ΤΟ ΦΛΙΤΖΑΝΙ"],
    ),
    (
        "th",
        [["ชาคืออะไร", "ความหมายของชา"], ["ชงอย่างไรให้อร่อย", "วิธีทำเครื่องดื่ม"], ["ราคาแก้วละเท่าไหร่", "กี่บาทต่อถ้วย"]],
        ["ชาคืออะไร?", "ชงอย่างไรให้อร่อย?", "ราคา แก้วละ เท่าไหร่"],
    ),
    (
        "zh",
        [["什么是茶?", "茶的意思"], ["怎么泡好喝?", "冲泡方法"], ["一杯多少钱?", "价格是多少"]],
        ["什么是茶", "怎么泡好喝?", "一杯 多少钱"],
    ),
    (
        "es",
        [
            ["¿Qué es la infusión?", "definición de infusión"],
            ["¿Cómo se prepara así?", "método de preparación"],
            ["¿Cuánto cuesta una taza?", "precio por café"],
        ],
        ["QUE ES LA INFUSION", "como se prepara asi", "cuanto cuesta una taza"],
    ),
];

const IDS: [&str; 3] = ["what", "make", "price"];

fn content(language: &str, entries: &[[&str; 2]; 3]) -> Copy {
    let copy = Copy::new();
    copy.write(
        "guide.toml",
        format!(
            "title = \"t\"\nlanguage = \"{language}\"\nsubject = \"{}\"\ngreeting_words = []\npopular = [\"what\"]\n\
             order = [\"what\", \"make\", \"price\"]\n",
            entries[0][0]
        ),
    );
    for (id, [question, phrasing]) in IDS.iter().zip(entries) {
        copy.write(
            &format!("{id}.toml"),
            format!(
                "question = \"{question}\"\nlabel = \"{id}\"\nanswer = \"{id}\"\nrelated = []\n\
                 phrasings = [\"{phrasing}\"]\n"
            ),
        );
    }
    copy
}

#[test]
fn content_in_any_script_finds_itself() {
    for (language, entries, typed) in &GUIDES {
        let copy = content(language, entries);
        let source = Source::Folder(copy.path().to_owned());
        let content = Content::learn(source.load().expect("content"));
        let find = |text: &str| content.matcher.find(text, None);
        for (id, said) in IDS.iter().zip(entries) {
            for text in said {
                let outcome = decide(&find(text), Place::Private, &content.faq);
                assert!(
                    matches!(&outcome, Outcome::Answer(ids) if ids[0].as_str() == *id),
                    "{language} {text}: {outcome:?}"
                );
            }
        }
        for (id, text) in IDS.iter().zip(typed) {
            let ranking = find(text);
            let first = ranking.own.and_then(|own| own.entries.into_iter().next());
            let first = first.or_else(|| Some(ranking.candidates.first()?.entry.clone()));
            assert_eq!(first.as_ref().map(uttor::faq::EntryId::as_str), Some(*id), "{language} {text}");
        }
    }
}

#[test]
fn check_warns_of_scripts_that_are_only_letters() {
    for (language, entries, _) in &GUIDES {
        let copy = content(language, entries);
        let found = stdout(&uttor_with(copy.path(), "check").output().unwrap());
        let warned = found.contains("warning: most words are in a script that is compared letter by letter");
        assert_eq!(warned, *language != "es", "{found}");
    }
}

//! Content of any size from a seed.
//!
//! Words are two to four syllables of a Bengali consonant and vowel. Every entry has four words of its own, drawn
//! from a vocabulary of two words an entry by Zipf's law with exponent 0.7, so that each word belongs to two entries
//! on average and the most frequent ones to hundreds. A phrasing is two or three of them, one of twelve question
//! frames of the guide ("কিভাবে … করব"), and one or two of forty words that all entries share; one phrasing in two
//! is in Latin letters; one word in fifteen has lost a letter.

use uttor::faq::{Entry, EntryId, Faq, Guide, Topic};

const FRAMES: [(&str, &str); 12] = [
    ("কিভাবে", "করব"),
    ("কোথায়", "পাব"),
    ("কত টাকা", "লাগে"),
    ("কতদিন", "লাগে"),
    ("কেন", "করব"),
    ("কি", "হয়"),
    ("kivabe", "korbo"),
    ("kothay", "pabo"),
    ("koto taka", "lage"),
    ("koto din", "lage"),
    ("keno", "korbo"),
    ("ki", "hoy"),
];

const SYLLABLES: [(&str, &str); 24] = [
    ("কা", "ka"),
    ("খি", "khi"),
    ("গু", "gu"),
    ("চা", "cha"),
    ("জি", "ji"),
    ("টা", "ta"),
    ("ডো", "do"),
    ("তে", "te"),
    ("দা", "da"),
    ("নি", "ni"),
    ("পা", "pa"),
    ("ফি", "fi"),
    ("বা", "ba"),
    ("মো", "mo"),
    ("রা", "ra"),
    ("লি", "li"),
    ("শা", "sha"),
    ("সু", "su"),
    ("হা", "ha"),
    ("কি", "ki"),
    ("গে", "ge"),
    ("তু", "tu"),
    ("মি", "mi"),
    ("রো", "ro"),
];

/// Numbers that look random and are the same everywhere.
pub struct Random(u64);

impl Random {
    /// From a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }

    fn unit(&mut self) -> f64 {
        self.below(1 << 30) as f64 / f64::from(1 << 30)
    }
}

/// A word in both scripts.
fn word(number: usize) -> (String, String) {
    let (mut bengali, mut latin) = (String::new(), String::new());
    let mut rest = number * 7 + 24;
    while rest > 0 {
        let (b, l) = SYLLABLES[rest % SYLLABLES.len()];
        bengali.push_str(b);
        latin.push_str(l);
        rest /= SYLLABLES.len();
    }
    (bengali, latin)
}

#[expect(clippy::expect_used, reason = "a bench stops where it cannot go on")]
fn id(text: &str) -> EntryId {
    text.parse().expect("an id")
}

/// Content of `entries` entries with `phrasings` each.
pub fn faq(entries: usize, phrasings: usize, seed: u64) -> Faq {
    let mut random = Random::new(seed);
    let words = entries * 2;
    let own: Vec<[usize; 4]> = (0..entries)
        .map(|_| [(); 4].map(|()| (random.unit().powf(1.0 / 0.3) * words as f64) as usize))
        .collect();
    let entries = own
        .iter()
        .enumerate()
        .map(|(number, own)| Entry {
            id: id(&format!("entry-{number}")),
            question: phrasing(own, words, &mut random),
            label: number.to_string(),
            section: None,
            answer: "উত্তর".to_owned(),
            related: Vec::new(),
            phrasings: (0..phrasings).map(|_| phrasing(own, words, &mut random)).collect(),
            picture: None,
        })
        .collect();
    let strangers = (0..500).map(|number| {
        let own = [(); 4].map(|()| words + 40 + number * 3 + random.below(3));
        phrasing(&own, words, &mut random)
    });
    Faq {
        guide: Guide {
            title: "শিরোনাম".to_owned(),
            language: "bn".to_owned(),
            subject: "বিষয়".to_owned(),
            greeting_words: Vec::new(),
            popular: Vec::new(),
            subjects: vec!["বিষয়".to_owned()],
            examples: Vec::new(),
            utc_offset: 0,
            contact: None,
        },
        topics: vec![Topic {
            id: id("strangers"),
            statement: false,
            reply: None,
            examples: strangers.collect(),
        }],
        entries,
        smalltalk: Vec::new(),
        handoff: None,
        distress: None,
        fit: None,
        wording: std::sync::Arc::new(uttor::wording::Wording::new("bn", uttor::wording::Table::new())),
    }
}

fn phrasing(own: &[usize; 4], words: usize, random: &mut Random) -> String {
    let frame = random.below(FRAMES.len());
    let latin = frame >= FRAMES.len() / 2;
    let mut say = vec![FRAMES[frame].0.to_owned()];
    let mut push = |number: usize, random: &mut Random| {
        let (bengali, in_latin) = word(number);
        let mut chosen = if latin { in_latin } else { bengali };
        if random.below(15) == 0 {
            chosen.pop();
        }
        say.push(chosen);
    };
    for _ in 0..2 + random.below(2) {
        push(own[random.below(4)], random);
    }
    for _ in 0..=random.below(2) {
        push(words + random.below(40), random);
    }
    say.push(FRAMES[frame].1.to_owned());
    say.join(" ")
}

/// Messages of at most 80 characters as people would ask them: phrasings of new words order.
pub fn messages(faq: &Faq, count: usize, seed: u64) -> Vec<String> {
    let mut random = Random::new(seed);
    (0..count)
        .map(|_| {
            let entry = &faq.entries[random.below(faq.entries.len())];
            let text = entry.phrasings[random.below(entry.phrasings.len())].replace("lage", "lagbe");
            text.chars().take(80).collect()
        })
        .collect()
}

//! Words that say the same thing whatever their dialect, script or language: question words, money, freelancing.
//!
//! They are looked up before anything fuzzy, by their letters and by their key. They are never stop words: they are
//! what tells "কিভাবে শিখব" from "কোথায় শিখব".

use std::sync::LazyLock;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::key::{Key, readings_of};
use super::tokens::{Script, Token, tokens};

/// A meaning that several words share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Concept {
    /// কিভাবে
    How,
    /// কোথায়
    Where,
    /// কত
    HowMuch,
    /// কতদিন
    HowLong,
    /// কখন
    When,
    /// কি
    What,
    /// কে
    Who,
    /// কেন
    Why,
    /// কোন
    Which,
    /// পারব
    Can,
    /// কিনা
    Whether,
    /// দরকার
    Need,
    /// চাই
    Want,
    /// না
    Not,
    /// টাকা
    Money,
    /// আয়
    Earn,
    /// খরচ
    Cost,
    /// শেখা
    Learn,
    /// ফ্রিল্যান্সিং, আউটসোর্সিং
    Freelancing,
    /// অনলাইন
    Online,
    /// মোবাইল
    Phone,
    /// ল্যাপটপ
    Computer,
    /// মার্কেটপ্লেস
    Marketplace,
    /// একাউন্ট
    Account,
    /// কাজ
    Work,
    /// চাকরি
    Job,
    /// দক্ষতা
    Skill,
    /// প্রতিষ্ঠান
    Institute,
    /// ব্যাংক
    Bank,
    /// তোলা, withdraw
    Withdraw,
    /// বাংলাদেশ
    Bangladesh,
    /// ধন্যবাদ
    Thanks,
    /// দুঃখিত
    Sorry,
    /// আর, এবং: joins two questions
    And,
    /// বলবেন, জানাবেন: asks to be told
    Tell,
    /// ভাই, প্লিজ: says nothing
    Filler,
}

impl Concept {
    /// Whether the word asks something.
    pub fn asks(self) -> bool {
        matches!(
            self,
            Self::How
                | Self::Where
                | Self::HowMuch
                | Self::HowLong
                | Self::When
                | Self::What
                | Self::Who
                | Self::Why
                | Self::Which
                | Self::Whether
        )
    }

    /// Whether the word says nothing about what is meant.
    pub fn is_filler(self) -> bool {
        matches!(self, Self::Filler | Self::Tell)
    }
}

/// The words of each concept. A word that is listed is found by its letters and, where it is long enough to be
/// told from others (two consonants), by its key.
const WORDS: &[(Concept, &str)] = &[
    (
        Concept::How,
        "কিভাবে কীভাবে কিভাবে কেমনে ক্যামনে কেম্নে কেমতে কিবা kivabe kibabe kibhabe kivave kemne kmne kamne \
        kemte how hw",
    ),
    (
        Concept::Where,
        "কোথায় কোথা কই কোনখানে কনে কোতায় কুথায় কোনহানে কন্ডে কোডে kothay kothai kotay kutay kothaw koi \
        konkhane kotha kuthay where",
    ),
    (Concept::HowMuch, "কত কতো কতটা কতটুকু কয় কতখানি koto kto kotto kotota kototuku koy kotho much many"),
    (Concept::HowLong, "কতদিন কদ্দিন কতমাস কতদিনে কতক্ষণ kotodin kotdin kotodine kotomas koddin long"),
    (Concept::When, "কখন কবে kokhon kobe kkhn when"),
    (Concept::What, "কি কী কিতা কিতার কিসের কীসের ki kee kii kita kiser what wat wht whats"),
    (Concept::Who, "কে কারা কেডা কার কাকে কাদের ke kara keda kake kader who whom"),
    (Concept::Why, "কেন ক্যান ক্যা কেনো ক্যানে keno kno kano kn kenno why"),
    (Concept::Which, "কোন কোনটা কোনগুলো কোনটি কোনগুলা kon konta kongulo kongula konti which"),
    (
        Concept::Can,
        "পারব পারবো পারি পারমু সম্ভব পারবে পারবেন পারা parbo parb pari possible can able somvob parmu parbe",
    ),
    (Concept::Whether, "কিনা নাকি kina naki nki"),
    (
        Concept::Need,
        "প্রয়োজন দরকার লাগে লাগবে লাগবো লাগব proyojon dorkar drkar lage lagbe lgbe lge lagbo need needed \
        require required requirements",
    ),
    (Concept::Want, "চাই চাচ্ছি চাইতাছি চাইতেছি chai cai chacchi want"),
    (Concept::Not, "না নাই নেই নি na nai nei ni nah not no dont"),
    (Concept::Money, "টাকা টাকার টাকাটা পয়সা ডলার টেকা taka tk tka dollar money teka poisa takar"),
    (
        Concept::Earn,
        "আয় উপার্জন ইনকাম রোজগার কামাই কামানো আয়ের ইনকামের উপার্জনের income inkam ay aay uparjon earn earning \
        earnings kamai kamano rojgar earned",
    ),
    (Concept::Cost, "খরচ ফি দাম খরছ মূল্য khoroch khoros fee cost price dam fees khorch"),
    (
        Concept::Learn,
        "শেখা শিখতে শিখব শিখবো শিখা শিখে শেখার শিখার শিখলে শিখবেন শিখমু শেখে শিখি learn learning shikhte sikhte shikhbo \
        sikhbo shekha shikha sikha shikhar shekhar shikhbo shikhe sikhe",
    ),
    (
        Concept::Freelancing,
        "ফ্রিল্যান্সিং ফ্রিলান্সিং ফ্রীল্যান্সিং ফ্রিল্যান্স ফ্রিলেন্সিং ফ্রিলেন্স ফিরিলেন্সিং ফিল্যান্সিং ফ্রিল্যান্সিংয়ের \
        ফ্রিল্যান্সিংয়ে freelancing freelance freelansing frilancing freelencing frelancing frilansing freelanching \
        আউটসোর্সিং আউটসোসিং আউটসোর্স outsourcing outsorcing outsource autsourcing",
    ),
    (Concept::Online, "অনলাইন অনলাইনে নেট ইন্টারনেট নেটে online onlain net internet"),
    (
        Concept::Phone,
        "মোবাইল ফোন স্মার্টফোন মুবাইল মোবাইলে ফোনে মোবাইলেই mobile phone smartphone mobail fone mobil android",
    ),
    (Concept::Computer, "ল্যাপটপ কম্পিউটার পিসি ডেস্কটপ laptop computer pc desktop leptop"),
    (Concept::Marketplace, "মার্কেটপ্লেস মার্কেটপ্লেসে মাকেটপ্লেস marketplace market-place marketplaces marketpless"),
    (Concept::Account, "একাউন্ট অ্যাকাউন্ট এ্যাকাউন্ট একাউন্ট account acc ekaunt acount akaunt"),
    (Concept::Work, "কাজ কাজের কাজটা কাম কাজে kaj kajer kaaj kam work works"),
    (Concept::Job, "চাকরি চাকুরি জব chakri chakri job chakuri jobs"),
    (Concept::Skill, "দক্ষতা দক্ষ স্কিল স্কীল skill skills dokkho dokkhota skilled"),
    (
        Concept::Institute,
        "প্রতিষ্ঠান ইনস্টিটিউট সেন্টার কোচিং ট্রেনিং institute center centre training coaching protisthan",
    ),
    (Concept::Bank, "ব্যাংক ব্যাংকে বিকাশ নগদ রকেট bank bkash bikash nagad nogod rocket"),
    (Concept::Withdraw, "উইথড্র উইথড্রো তুলব তুলবো তোলা উঠাব তুলমু withdraw widraw withdro tulbo tolbo uthabo"),
    (Concept::Bangladesh, "বাংলাদেশ বাংলাদেশে বাংলাদেশের বিডি bangladesh bd bangladeshe"),
    (
        Concept::Thanks,
        "ধন্যবাদ থ্যাংকস থ্যাংক থ্যাঙ্কস থ্যাঙ্ক ধন্নবাদ thanks thank thx tnx thnx thanx tnks thnks tq dhonnobad \
        dhonnobaad donnobad",
    ),
    (Concept::Sorry, "সরি স্যরি দুঃখিত sorry sry dukkhito"),
    (Concept::And, "আর এবং ar r and ebong plus তারপর tarpor"),
    (
        Concept::Filler,
        "ভাই ভাইয়া আপু প্লিজ একটু তো ভাইরা আপা স্যার দাদা ভাইজান vai bhai vaia bhaiya bro apu apa sir \
        plz pls please ektu to dada brother vhai vaiya",
    ),
];

struct Table {
    by_letters: FxHashMap<&'static str, Concept>,
    by_key: FxHashMap<Key, Concept>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table { by_letters: FxHashMap::default(), by_key: FxHashMap::default() };
    for (concept, words) in WORDS {
        for word in words.split_whitespace() {
            table.by_letters.entry(word).or_insert(*concept);
            let Some(token) = tokens(word).first().copied() else { continue };
            let keys = readings_of(token);
            // The English reading of a word typed as Bengali would bring in strangers.
            let key = if token.script == Script::Bengali { keys.first() } else { continue };
            if key.skeleton().as_bytes().len() >= 2 {
                table.by_key.entry(key).or_insert(*concept);
            }
        }
    }
    table
});

/// What the word means, where it is a listed one.
pub fn concept(token: Token<'_>, keys: &[Key]) -> Option<Concept> {
    let table = &*TABLE;
    (table.by_letters.get(token.text).copied())
        .or_else(|| keys.iter().find_map(|key| table.by_key.get(key).copied()))
}

//! The verbs of Bengali by their spelling: roots, endings, and what looks like a form and is none. The endings of the
//! standard language stand beside those of Dhaka, Sylhet, Chittagong, Noakhali, Barishal and Rangpur.

/// How a stem goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Ends in a consonant; is a form itself (কর), and has causatives (করা, করায়).
    Bare,
    /// Likewise, but the bare stem is another word or none (কেন, পার).
    Consonant,
    /// The stem of the perfect: থেক, জেন.
    Perfect,
    /// Ends in a vowel: খা, যা.
    Vowel,
    /// The vowel stem of past, perfect and infinitive: খে, গে.
    Past,
    /// Both: দি, হ.
    Both,
    /// A causative: জানা, পাঠা.
    Causative,
    /// A whole form.
    Whole,
}

impl Kind {
    /// In the order of their numbers.
    pub const ALL: [Self; 8] = [
        Self::Bare,
        Self::Consonant,
        Self::Perfect,
        Self::Vowel,
        Self::Past,
        Self::Both,
        Self::Causative,
        Self::Whole,
    ];

    fn of(letter: &str) -> Self {
        match letter {
            "b" => Self::Bare,
            "c" => Self::Consonant,
            "p" => Self::Perfect,
            "v" => Self::Vowel,
            "e" => Self::Past,
            "d" => Self::Both,
            "a" => Self::Causative,
            _ => Self::Whole,
        }
    }

    /// The endings of such a stem.
    pub fn endings(self) -> impl Iterator<Item = &'static str> {
        let bare = matches!(self, Self::Bare | Self::Whole).then_some("");
        let lists: &[&'static str] = match self {
            Self::Bare | Self::Consonant => &[AFTER_CONSONANT, PERFECT],
            Self::Perfect => &[PERFECT],
            Self::Vowel => &[AFTER_VOWEL],
            Self::Past => &[PAST],
            Self::Both => &[AFTER_VOWEL, PAST],
            Self::Causative => &[AFTER_VOWEL, CAUSATIVE],
            Self::Whole => &[],
        };
        let endings = lists.iter().flat_map(|list| list.split_whitespace());
        bare.into_iter().chain(endings.map(|ending| ending.strip_prefix(CARRIER).unwrap_or(ending)))
    }
}

/// The stems of a line of [`ROOTS`] with their kinds; a stem in a consonant brings its causative.
pub(super) fn stems(line: &'static str) -> impl Iterator<Item = (Kind, String)> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let pairs: Vec<(Kind, &str)> =
        words.chunks(2).filter_map(|pair| Some((Kind::of(pair.first()?), *pair.get(1)?))).collect();
    pairs.into_iter().flat_map(|(kind, stem)| {
        let causative = matches!(kind, Kind::Bare | Kind::Consonant);
        let causative = causative.then(|| (Kind::Causative, format!("{stem}\u{09BE}")));
        std::iter::once((kind, stem.to_owned())).chain(causative)
    })
}

/// One verb a line, each stem behind the letter of its [`Kind`], irregular and dialect stems included; the key of the first stands for all.
pub(super) const ROOTS: &[&str] = &[
    "b কর c কোর c কইর c গর c গইর c হইর w হরমু w হরুম w কইচ্চি w গইজ্জি w করন w করনের w করনে w করোং w করং",
    "b শিখ c শেখ c শিক c শেক c হিখ c হিক c হিগ w শিখন w শিখনের",
    "v পা e পে v ফা",
    "c লাগ p লেগ",
    "v যা e গে e গি w যেতে w যেতাম w যেতো w যেত w যেতেন w যেয়ে w যেও w যাক w যাস",
    "v দে d দি w দাও w দিস w দিই",
    "v নে d নি w নাও w নিস w নিক",
    "d হ v অ w হোক w হউক w হোন w হউন w ওইবো w ওইব w ওইবে w ওইছে w অইলে w অইতে w হোস",
    "v খা e খে w খাক",
    "v চা w চেয়েছি w চেয়েছে w চেয়েছেন w চেয়েছিলাম w চাস",
    "c জান p জেন c জাইন w জানোস",
    "c পার p পের c পাইর c ফার c ফাইর w হারুম w হারমু w পারোস",
    "b বল c বইল w কও w কমু w কইতে w কইছে w কইছি w কইলাম w কইলে w কইবো w কইবেন w কইব w কওয়া w কইয়া",
    "b দেখ c দ্যাখ c দেইখ c দেহ",
    "c কিন c কেন",
    "b বুঝ b বোঝ c বুইঝ c বুজ",
    "b থাক p থেক c থাইক",
    "c আস p এস c আইস w আইতে w আইছে w আইছি w আইছেন w আইলে w আইলাম w আইল w আইব w আইবো w আইবে w আইবেন w আইয়া \
     w আইতাছি w আইতেছে w আইতেছি w আমু w এসো w আইবার",
    "c আন p এন c আইন",
    "b রাখ p রেখ c রাইখ",
    "b লিখ c লেখ c ল্যাখ c লেইখ",
    "b শুন b শোন c হুন",
    "c চল c চইল",
    "a চালা",
    "b খুঁজ b খোঁজ c খুজ c খোজ",
    "a কামা",
    "c খুল c খোল",
    "a বানা",
    "c মিল c মেল",
    "c তুল c তোল",
    "c উঠ c ওঠ",
    "c পড় c পইড়",
    "c ধর c ধইর",
    "c ছাড় p ছেড় c ছাইড়",
    "c ভাব p ভেব c ভাইব",
    "c ঘুর c ঘোর",
    "c বস c বইস",
    "a পাঠা",
    "a ঘুমা",
    "a দাঁড়া",
    "c জিত c জেত",
    "c কাট p কেট",
    "c বাড় p বেড়",
    "c কম",
    "c খেল",
    "c ফেল",
    "c চিন c চেন",
    "c বাঁচ p বেঁচ",
    "c বাছ p বেছ",
    "c মুছ c মোছ",
    "c ঢুক c ঢোক",
    "a পৌঁছা c পৌঁছ",
    "a বদলা",
    "a সামলা",
    "a আটকা",
    "v শো d শু",
];

/// A vowel sign cannot stand alone: endings that begin with one are written behind this letter.
const CARRIER: char = 'ক';

/// Behind [`CARRIER`]: present, future, past, habitual, infinitive, perfective, continuous, imperative, verbal noun.
const AFTER_CONSONANT: &str = "\
    কি কো কে কেন কিস কইন কব কবো কবে কবেন কবি কবা কবাইন কবায় কমু কুম কিম কিমু কিয়ুম কিব কিবো কিবে কিবেন কিবা কবাম \
    কল কলো কলাম কলেন কলে কলি কলা কলাইন কলায় কিল কিলাম কিলে কিলেন কিলো কত কতো কতাম কতেন কতা কতি কতায় কত্তাম কতে কিতে কিয়া কিয়ে \
    কছি কছো কছ কছে কছেন কছিস কছা কছিলাম কছিল কছিলো কছিলে কছিলেন কছিলি কতেছি কতেছে কতেছেন কতেছো কতেছ কতাছি কতাছে কতাছেন কতাছো \
    কতেসি কতেসে কতেসেন কতাসি কতাসে কতাসেন কসি কসে কসেন কসো কসিলাম কচি কচে কচেন কচো কতেছিলাম কতাছিলাম কতেছিল করাম করায় কিতেছি \
    কিতেছে কিতেছেন কিয়াছি কিয়াছে কিয়াছেন কিয়েছি কিয়েছে কিয়েছেন কিয়েছো কিয়েছিলাম কুন কুক কিও কিয়ো কিয়েন কুইন কোন কা কার কাটা কাকে কায় \
    কাতে কবার কিবার";

/// Behind [`CARRIER`].
const PERFECT: &str = "কে কেছি কেছে কেছেন কেছো কেছ কেছিস কেছিলাম কেছিল কেছিলো কেছিলে কেছিলেন কেসি কেসে কেসেন";

/// Present, future, continuous, imperative, verbal noun; behind ই all that the dialects make.
const AFTER_VOWEL: &str = "\
    ই ও য় ন ব বো বে বেন বি বা বাইন বায় বাম মু চ্ছি চ্ছে চ্ছেন চ্ছো চ্ছ চ্ছিস চ্ছিলাম চ্ছিল চ্ছিলো চ্ছিলেন চ্চি চ্চে চ্ছা \
    ইব ইবো ইবে ইবেন ইবা ইমু ইয়ুম ইউম ইবাম ইতেছি ইতেছে ইতেছেন ইতাছি ইতাছে ইতাছেন ইতেসি ইতেসে ইতাসি ইতাসে ইছি ইছে \
    ইছেন ইছো ইছিলাম ইছিল ইসি ইসে ইসেন ইরাম ইরায় ইতে ইতাম ইতো ইত ইতেন ইত্তাম ইলাম ইলে ইলো ইল ইলেন ইয়া ইয়ে ইয়েন \
    ইবার ইও ইয়ো য়েন ওয়া ওয়ার ওয়াটা ওয়ায় ওয়াতে ওয়াকে ওন ওনের য়া য়ার য়াটা বার";

const PAST: &str = "\
    তে তাম তো ত তেন লাম লো ল লে লেন লি য়ে য়েছি য়েছে য়েছেন য়েছো য়েছ য়েছিস য়েছিলাম য়েছিল য়েছিলো য়েছিলেন য়েছিলে \
    ছি ছে ছেন ছো ছিলাম ছিল ছিলেন সি সে সেন সো য়া য়েন ও";

const CAUSATIVE: &str = "\
    তে তাম তো ত তেন লাম লো ল লে লেন লি নো নোর নোটা নোতে নোয় নোকে য়ে য়েছি য়েছে য়েছেন য়েছিলাম তেছি তাছি তেছে তাছে";

/// What may stand behind a form: only, also, not, did not.
pub(super) const CLITICS: &[&str] = &["ই", "ও", "না", "নি", "নাই"];

/// Spelled like a form, and more often another word.
pub(super) const NOT_VERBS: &str = "\
    দিন দিক দিনও দিনই আসল আসলে আসলেই আসলো আসন আসনে কবে কত কই কয় কন আইন আইনে আইনি আইনও থেকে থেকেই থেকেও পাস হবি \
    চাবি দেনা পাওনা পানি নেই কেন কেনো কেনি কেননা কেনই কেনও কেনে কমন কমা কমি কমল কমলা ছাড়া ছাড়াও ছাড়াই বাড়ি \
    বাড়িতে বাড়িও ভাবি ভাবে ভাবেই ভাবেও ভাবা ভাবনা খুলনা তুলনা মেলা মেলার মেলায় মেলাতে মেলাও মিলন বানান খেত খেতও \
    ধরন ঘোর বলবান চিনি চিনির চিনিতে চীনে শোক পেলে শিকার শিকে শিকল দেহ দেহে দেহের দেহী দেহাতি হিকে গরিব গরু করাত \
    করলা আনন আনারও অন অনু অও অব অয় কেমন শেকল বসতি বসত চলতি বাছা বাছুর মেল খেলি মুছা আনলো শুন্য পেত আনিস আনিসও \
    ফাও ফান ফাওয়া ভাবুক বলদ বলয় হন্য হনন আটকা পেছন আনি জানালা বইস বইসে ফেলানি মিলাদ উঠান উঠানে ওঠান ফারসি \
    ফারসিতে ফাইল ফাইলে নেইল কামাল কামান কোরবানি কোরান কোরাল পাইরেসি ফারাও ফারুক বলরাম ভাইবা ভাইবার ভাইবোন উঠোন \
    তুলসি গিলে খেলনা আইনত আইনেই রাখাল জানলা উঠতি আসান কমতি শিকলে শুনানি তুলা তুলার করোনা বাঁচাল ফাই চেয়ে বাড়তি \
    বাড়িতেই বাড়িতেও কোরিয়া কেনিয়া ফায়ার ফারিয়া খেয়া দিওয়ানা দেওয়ানি গেয়ে গেয়েছেন গেয়েছে বাছাইয়ে";

/// Words whose keys are forms' keys: খরচ কোর্স টাকা পর পরে প্রতি তাই যেন যেটা.
pub(super) const NOT_VERB_KEYS: &str = "\
    krc krs krx taka takar takai takata pr pre pri prti prsn pran data pase jen jeta kintu kar niim nim sekan kaj kajr kaje ami \
    amra tai ek kn kon kin des din dik kt xara bari babe teke asl asle hn on kb bal bala bli";

/// Latin words that are English too, and in these messages verbs.
pub(super) const VERBS_ALL_THE_SAME: &[&str] = &["pare", "hole", "nite"];

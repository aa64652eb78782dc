//! Nothing personal survives masking, and what a question needs does.

use proptest::prelude::*;
use uttor::text::mask::Masked;
use uttor::text::normalize::compose;

#[test]
fn takes_out_what_points_to_a_person() {
    let table = [
        // phone and wallet numbers, both scripts, parted, with the country's code
        ("amar number 01711234567 e call den", "amar number [number] e call den"),
        ("আমার নাম্বার ০১৭১১২৩৪৫৬৭", "আমার নাম্বার [number]"),
        ("call +8801711-234567", "call [number]"),
        ("call (+880) 1711 234 567 please", "call [number] please"),
        ("০১৭১১ ২৩৪ ৫৬৭ এ বিকাশ করেন", "[number] এ বিকাশ করেন"),
        ("০১৭১১-২৩৪-৫৬৭এ নগদ", "[number] এ নগদ"),
        ("mixed ০১৭১১234567", "mixed [number]"),
        ("০১৭\u{200d}১১২\u{200c}৩৪৫৬৭", "[number]"),
        ("017'11'23'45'67", "[number]"),
        ("০১৭১১২৩৪৫৬৭, 01811-234567", "[number] [number]"),
        ("নাম্বার:০১৭১১২৩৪৫৬৭।", "নাম্বার [number]"),
        ("⓪①⑦①①②③④⑤⑥⑦", "[number]"),
        // account, card and identity numbers
        ("DBBL 115.101.123456 account", "dbbl [number] account"),
        ("card 4111 1111 1111 1111", "card [number]"),
        ("nid 1990 1234 5678 90123 diye hobe", "nid [number] diye hobe"),
        ("এনআইডি ৫৫৫১২৩৪৫৬৭ দিয়ে হবে?", "এনআইডি [number] দিয়ে হবে?"),
        ("last 6 digit 123456", "last 6 digit [number]"),
        // e-mail
        ("amar mail rahim.bd+x@example.com.bd.", "amar mail [email]"),
        ("rahim @gmail.com e pathan", "[email] e pathan"),
        ("rahim@ gmail.com", "[email]"),
        ("rahim@gmail", "[email]"),
        ("মেইলঃrahim@example.comএ দিন", "মেইলঃ [email] এ দিন"),
        ("rahim＠example.com", "[email]"),
        // links
        ("https://example.com/a?b=c#d dekhun", "[link] dekhun"),
        ("(http://example.com/পথ)।", "[link]"),
        ("www.example.com e kaj", "[link] e kaj"),
        ("t.me/rahim_bd join", "[link] join"),
        ("rahimstore.com kemon?", "[link] kemon?"),
        ("fiverr.com/rahim dekhun", "[link] dekhun"),
        ("tg://resolve?domain=rahim", "[link]"),
        // names
        ("@rahim_bd bhai kaj ki", "[name] bhai kaj ki"),
        ("@রহিম ভাই", "[name] ভাই"),
        ("hello,@karim", "hello [name]"),
    ];
    for (typed, expected) in table {
        assert_eq!(Masked::new(typed).as_str(), compose(expected), "{typed}");
    }
}

#[test]
fn keeps_what_a_question_needs() {
    let table = [
        ("মাসে ৫০,০০০ টাকা আয় করা যায়?", "মাসে 50 000 টাকা আয় করা যায়?"),
        ("100 / 500 taka course", "100 500 taka course"),
        ("2024-2025 e kaj", "2024 2025 e kaj"),
        ("40% mobile diye", "40 percent mobile diye"),
        ("10000 taka lagbe?", "10000 taka lagbe?"),
        ("upwork.com e account", "upwork. com e account"),
        ("kaj korbo.in future ki", "kaj korbo. in future ki"),
        ("kaj kore/na kore", "kaj kore na kore"),
        ("ki @ koro", "ki koro"),
        ("৩ মাস, ৬ মাস নাকি ১২ মাস?", "3 মাস 6 মাস নাকি 12 মাস?"),
        ("24/7 support", "24 7 support"),
    ];
    for (typed, expected) in table {
        assert_eq!(Masked::new(typed).as_str(), compose(expected), "{typed}");
    }
}

#[test]
fn gives_the_words_alone() {
    assert_eq!(Masked::new("amar 01711234567 e @rahim taka").without_placeholders(), "amar e taka");
    assert_eq!(Masked::new("01711234567").without_placeholders(), "");
}

#[test]
fn reads_only_what_a_question_can_hold() {
    for long in [format!("@rahim {}", "ক ".repeat(2_000)), "%".repeat(990), "%@a".repeat(300)] {
        let masked = Masked::new(&long);
        assert!(masked.as_str().chars().count() <= 1_000);
        assert_eq!(Masked::new(masked.as_str()), masked);
    }
}

/// The longest run of digits, whatever their script.
fn longest_run(text: &str) -> usize {
    text.split(|c: char| !c.is_numeric()).map(|run| run.chars().count()).max().unwrap_or(0)
}

/// Text of the characters that numbers, addresses and links are made of, in the order that breaks things.
fn personal_text() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        "[0-9]{1,13}",
        "[০-৯]{1,13}",
        "[ .\\-/()+@:_'#\\[\\]]{1,3}",
        Just("\u{200b}".to_owned()),
        Just("½".to_owned()),
        Just("[number]".to_owned()),
        Just("[link".to_owned()),
        Just("https://".to_owned()),
        Just("www.".to_owned()),
        Just(".com".to_owned()),
        "[a-zA-Z]{1,4}",
        "[ক-হ]{1,3}[া-ৌ]?",
    ];
    prop::collection::vec(part, 0..24).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn masking_twice_is_masking_once(text in prop_oneof![".*", personal_text()]) {
        let once = Masked::new(&text);
        prop_assert_eq!(Masked::new(once.as_str()), once);
    }

    #[test]
    fn no_long_number_survives(text in prop_oneof![".*", personal_text()]) {
        prop_assert!(longest_run(Masked::new(&text).as_str()) < 6);
    }
}

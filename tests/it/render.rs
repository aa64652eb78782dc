//! Laws of rendering: whatever is rendered fits, and nothing is lost but white space at the cuts.

use proptest::prelude::*;
use uttor::reply::render::{Limit, Unit, page_html, plain, plain_pieces, telegram_html};

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[ক-হািুেোঁং্]{1,12}",
        2 => "[a-z]{1,8}",
        2 => " {1,3}",
        1 => "\n{1,3}",
        1 => "[।?!.]",
        1 => "\\*",
        1 => Just("- ".to_owned()),
        1 => "[<>&\"']",
        1 => Just("👩‍👩‍👧‍👦".to_owned()),
        1 => Just("https://example.org/a?b=1&c=(2)".to_owned()),
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

fn limit() -> impl Strategy<Value = Limit> {
    (2usize..80, any::<bool>())
        .prop_map(|(number, utf16)| Limit::new(number, if utf16 { Unit::Utf16Units } else { Unit::Chars }))
}

fn without_space(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// What a reader sees of HTML: tags out, entities back.
fn seen(html: &str) -> String {
    let mut seen = String::new();
    let mut in_tag = false;
    for c in html.chars() {
        match c {
            '<' => in_tag = true,
            '>' => in_tag = false,
            c if !in_tag => seen.push(c),
            _ => {}
        }
    }
    seen.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

proptest! {
    #[test]
    fn plain_pieces_fit_and_lose_only_space(text in text(), limit in limit()) {
        let pieces = plain_pieces(&text, limit);
        prop_assert!(pieces.iter().all(|piece| limit.fits(piece) && !piece.trim().is_empty()));
        prop_assert_eq!(without_space(&pieces.concat()), without_space(&plain(&text)));
    }

    #[test]
    fn telegram_pieces_fit_are_closed_and_lose_only_space(text in text(), limit in limit()) {
        let pieces = telegram_html(&text, limit);
        for piece in &pieces {
            prop_assert!(limit.fits(&seen(piece)), "{}", piece);
            prop_assert_eq!(piece.matches("<b>").count(), piece.matches("</b>").count());
        }
        let whole: String = pieces.iter().map(|piece| seen(piece)).collect();
        let dashes = |text: &str| without_space(text).replace('•', "-");
        prop_assert_eq!(dashes(&whole), dashes(&plain(&text)));
    }

    #[test]
    fn the_page_shows_all_of_the_text_and_no_tag_of_it(text in text()) {
        let html = page_html(&text);
        let tags = ["p", "ul", "li", "strong", "a"];
        for tag in html.split('<').skip(1) {
            let name: String = tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphabetic).collect();
            prop_assert!(tags.contains(&name.as_str()) || name == "br", "{} in {}", name, html);
        }
        for tag in tags {
            let (opened, closed) = (format!("<{tag}>"), format!("</{tag}>"));
            let opened = html.matches(&opened).count() + html.matches(&format!("<{tag} ")).count();
            prop_assert_eq!(opened, html.matches(&closed).count());
        }
        let dashes = |text: &str| without_space(text).replace(['-', '•'], "");
        prop_assert_eq!(dashes(&seen(&html)), dashes(&plain(&text)));
    }

    #[test]
    fn what_fits_stays_whole(text in text()) {
        let limit = Limit::new(100_000, Unit::Chars);
        let whole: Vec<String> = Some(plain(&text).trim().to_owned()).filter(|text| !text.is_empty()).into_iter().collect();
        prop_assert_eq!(plain_pieces(&text, limit), whole);
    }
}

#[test]
fn the_gentlest_cut_is_taken() {
    for (text, number, pieces) in [
        ("এক দুই\n\nতিন চার", 8, &["এক দুই", "তিন চার"][..]),
        ("এক কথা।\nদুই তিন", 10, &["এক কথা।", "দুই তিন"]),
        ("একটি কথা। আরেকটি কথা।", 14, &["একটি কথা।", "আরেকটি কথা।"]),
        ("abcdefgh ij", 10, &["abcdefgh", "ij"]),
        ("abcdefghij", 4, &["abcd", "efgh", "ij"]),
    ] {
        assert_eq!(plain_pieces(text, Limit::new(number, Unit::Chars)), pieces, "{text}");
    }
}

#[test]
fn no_cut_falls_inside_a_grapheme() {
    let pieces = plain_pieces("ক্ষ্মক্ষ্মক্ষ্ম", Limit::new(7, Unit::Chars));
    assert_eq!(pieces, ["ক্ষ্ম", "ক্ষ্ম", "ক্ষ্ম"]);
    let family = "👨‍👩‍👧";
    assert_eq!(telegram_html(&family.repeat(2), Limit::new(8, Unit::Utf16Units)), [family, family]);
}

#[test]
fn bold_that_is_cut_goes_on() {
    let pieces = telegram_html("*এক দুই তিন চার*", Limit::new(8, Unit::Chars));
    assert_eq!(pieces, ["<b>এক দুই</b>", "<b>তিন চার</b>"]);
}

#[test]
fn the_platforms_limits_are_kept() {
    let long = "শব্দ ".repeat(3_000);
    for limit in [Limit::TELEGRAM, Limit::new(2_000, Unit::Chars)] {
        let pieces = plain_pieces(&long, limit);
        assert!(pieces.len() > 1 && pieces.iter().all(|piece| limit.fits(piece)));
    }
}

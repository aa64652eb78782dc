//! The families of files that people have, each in small texts of its own: what is read, and what is told.

use std::io::Write as _;

use uttor::faq::import::note::Kind;
use uttor::faq::import::{Found, Origin, read};
use zip::write::SimpleFileOptions;

use crate::support::diff::assert_same;

fn found(name: &str, bytes: &[u8]) -> Found {
    read(&Origin::file(name), bytes).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Each draft as `question = answer`, `!` before a marked one.
fn sketch(found: &Found) -> String {
    let line = |draft: &uttor::faq::import::Draft| {
        let mark = if draft.review.is_empty() { "" } else { "! " };
        format!("{mark}{} = {}\n", draft.question, draft.answer.replace('\n', " / "))
    };
    found.drafts.iter().map(line).collect()
}

const TWO: &str = "টব কি? = পাত্র।\nমাটি কোথায় পাব? = নার্সারিতে।\n";

#[test]
fn pages_pair_questions_in_many_ways() {
    for page in [
        // links that open panels, one named by the trigger, one by the panel
        "<div><a data-toggle=collapse href='#a'>টব কি?</a><div id=a>পাত্র।</div></div>\
         <div><div id=h><span>মাটি কোথায় পাব?</span></div><div role=region aria-labelledby=h>নার্সারিতে।</div></div>",
        // a sign in the button, the question beside it
        "<div class=i><div><span>টব কি?</span><button aria-controls=a>+</button></div><div id=a hidden>পাত্র।</div></div>\
         <div class=i><div><span>মাটি কোথায় পাব?</span><button aria-controls=b>+</button></div><div id=b hidden>নার্সারিতে।</div></div>",
        "<dl><dt>টব কি?</dt><dd>পাত্র।</dd><dt>মাটি কোথায় পাব?</dt><dd>নার্সারিতে।</dd></dl>",
        "<div class=faq-question>টব কি?</div><div class=faq-answer>পাত্র।</div>\
         <div class=faq-question>মাটি কোথায় পাব?</div><div class=faq-answer>নার্সারিতে।</div>",
        "<table><tr><th>নং</th><th>প্রশ্ন</th><th>উত্তর</th></tr><tr><td>১</td><td>টব কি?</td><td>পাত্র।</td></tr>\
         <tr><td>২</td><td>মাটি কোথায় পাব?</td><td>নার্সারিতে।</td></tr></table>",
        "<p><b>টব কি?</b> পাত্র।</p><p><strong>মাটি কোথায় পাব?</strong><br>নার্সারিতে।</p>",
        "<p><b>Q:</b> টব কি?</p><p><b>A:</b> পাত্র।</p><p><b>Q:</b> মাটি কোথায় পাব?</p><p><b>A:</b> নার্সারিতে।</p>",
        "<ol><li><p>টব কি?</p><p>পাত্র।</p></li><li>মাটি কোথায় পাব?<ul><li>নার্সারিতে।</li></ul></li></ol>",
        "<div itemscope itemtype='https://schema.org/Question'><h4 itemprop=name>টব কি?</h4><div itemprop=acceptedAnswer>\
         <p itemprop=text>পাত্র।</p></div></div><div itemscope itemtype='https://schema.org/Question'><h4 itemprop=name>মাটি কোথায় পাব?</h4>\
         <div itemprop=acceptedAnswer><p itemprop=text>নার্সারিতে।</p></div></div>",
        "<article><h2>টব কি?</h2><p>পাত্র।</p></article><article><h2>মাটি কোথায় পাব?</h2><p>নার্সারিতে।</p></article>",
        // data and page say the same
        "<script type='application/ld+json'>{\"@graph\":[{\"@type\":\"FAQPage\",\"mainEntity\":[{\"@type\":\"Question\",\
         \"name\":\"টব কি?\",\"acceptedAnswer\":{\"text\":\"পাত্র।\"}}]}]}</script>\
         <h2>টব কি?</h2><p>পাত্র।</p><h2>মাটি কোথায় পাব?</h2><p>নার্সারিতে।</p>",
    ] {
        let page = format!(
            "<body><nav><a href=/>Home</a></nav><main>{page}</main><form>খবর চান?</form><div class='cookie-bar'>কুকি?</div></body>"
        );
        let found = found("a.html", page.as_bytes());
        assert_same(&sketch(&found).replace("- ", ""), TWO, &page);
        let told: Vec<_> =
            found.notes.iter().filter(|note| note.kind == Kind::Question).map(|note| &note.text).collect();
        assert_eq!(told, ["খবর চান?", "কুকি?"], "{page}");
    }
}

#[test]
fn what_a_page_cannot_keep_is_told() {
    let page = "<h2>টব কি?</h2><p><a href=/a>এখানে</a>, <s>পুরনো</s> <a href='tel:+880123'>ফোন</a>।</p><img src=a.png alt=টব>\
        <table><tr><td>ছোট</td><td>১০</td></tr></table><p>আর কী জানতে চান?</p><h2>মাটি কি?</h2><aside>টিপ: ধুলা নয়।</aside><p>ধুলা।</p>";
    let lost = found("a.html", format!("<main>{page}</main>").as_bytes());
    assert_same(
        &sketch(&lost),
        "টব কি? = এখানে, ফোন (+880123)। /  / ছোট | ১০ /  / আর কী জানতে চান?\nমাটি কি? = টিপ: ধুলা নয়। /  / ধুলা।\n",
        page,
    );
    for kind in [Kind::Link, Kind::Text, Kind::Picture, Kind::Table, Kind::Question] {
        assert_eq!(
            lost.notes.iter().filter(|note| note.kind == kind).count(),
            1,
            "{kind:?} {:?}",
            lost.notes
        );
    }
    let origin = Origin { base: Some("https://example.org/x/".parse().unwrap()), ..Origin::file("a.html") };
    let kept = read(&origin, page.as_bytes()).unwrap();
    assert!(kept.drafts[0].answer.contains("এখানে (https://example.org/a)"), "{}", kept.drafts[0].answer);
    assert!(kept.notes.iter().all(|note| note.kind != Kind::Link));
}

#[test]
fn texts_pair_questions_in_many_ways() {
    for (name, text) in [
        ("a.txt", "প্রশ্নঃ টব কি?\nউত্তরঃ পাত্র।\n\nপ্রশ্নঃ মাটি কোথায় পাব?\nউত্তরঃ নার্সারিতে।\n"),
        ("a.txt", "Q. টব কি?\nA. পাত্র।\nQ. মাটি\nকোথায় পাব?\nA. নার্সারিতে।\n"),
        ("a.txt", "প্রশ্ন: টব কি? উত্তর: পাত্র।\nপ্রশ্ন: মাটি কোথায় পাব? উত্তর: নার্সারিতে।\n"),
        ("a.txt", "১. টব কি?\n   পাত্র।\n২. মাটি কোথায় পাব?\n   নার্সারিতে।\n"),
        ("a.txt", "= টব কি? =\n\nপাত্র।\n\n= মাটি কোথায় পাব? =\n\nনার্সারিতে।\n"),
        ("a.md", "---\ntitle: x\n---\n1. **টব কি?**\n\n   পাত্র।\n\n2. **মাটি কোথায় পাব?**\n\n   নার্সারিতে।\n"),
        ("a.md", "- **টব কি?** পাত্র।\n- **মাটি কোথায় পাব?** নার্সারিতে।\n"),
        ("a.md", "**Q: টব কি?**\n\nA: পাত্র।\n\n**Q: মাটি কোথায় পাব?**\n\nA: নার্সারিতে।\n"),
        ("a.csv", "নং|প্রশ্ন|উত্তর\n১|১. টব কি?|পাত্র।\n২|২. মাটি কোথায় পাব?|নার্সারিতে।\n"),
        ("a.csv", "পাত্র।;টব কি?\nনার্সারিতে।;মাটি কোথায় পাব?\n"),
        (
            "a.json",
            "{\"faq\":[{\"q\":\"টব কি?\",\"a\":\"পাত্র।\"},{\"q\":\"মাটি কোথায় পাব?\",\"a\":\"নার্সারিতে।\"}]}",
        ),
    ] {
        assert_same(&sketch(&found(name, text.as_bytes())).replace("- ", ""), TWO, text);
    }
    let wrapped = "Is there a place to leave a bicycle when I come\nto the garden on a Sunday?\nYes, at the gate.\n\nAre dogs allowed?\nNo.\n";
    let expected = "Is there a place to leave a bicycle when I come to the garden on a Sunday? = Yes, at the gate.\nAre dogs allowed? = No.\n";
    assert_same(&sketch(&found("a.txt", wrapped.as_bytes())), expected, wrapped);
}

#[test]
fn tables_bring_more_than_question_and_answer() {
    let table = "id,Question,Alternate questions,Answer,Short label,Views\npot,টব কি?,tob ki | টব মানে কী?,পাত্র।,টব,7\n,টব কি?,,বালতি।,,9\n";
    let found = found("a.csv", table.as_bytes());
    let draft = &found.drafts[0];
    assert_eq!((draft.id.as_deref(), draft.label.as_deref()), (Some("pot"), Some("টব")));
    assert_eq!(draft.phrasings, ["tob ki", "টব মানে কী?"]);
    assert!(
        found.drafts[1].conflict && found.drafts[1].review[0].contains("entry 1"),
        "{:?}",
        found.drafts[1]
    );
    assert_eq!(found.notes.len(), 1);
    assert_eq!((found.notes[0].kind, found.notes[0].text.as_str()), (Kind::Column, "Views (2 cells)"));
}

fn archive(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in parts {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn documents_are_read_by_headings_bold_lines_and_fonts() {
    let word = "<w:document xmlns:w='w' xmlns:r='r'><w:body>\
        <w:p><w:pPr><w:pStyle w:val='H2'/></w:pPr><w:r><w:t>টব কি?</w:t></w:r></w:p>\
        <w:p><w:r><w:t xml:space='preserve'>পাত্র, </w:t></w:r><w:hyperlink r:id='r1'><w:r><w:t>দেখুন</w:t></w:r></w:hyperlink></w:p>\
        <w:p><w:r><w:rPr><w:b/></w:rPr><w:t>মাটি </w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>কোথায় পাব?</w:t></w:r></w:p>\
        <w:p><w:del><w:r><w:delText>ভুল</w:delText></w:r></w:del><w:r><w:t>নার্সারিতে &amp; হাটে।</w:t></w:r></w:p>\
        <w:p><w:r><w:rPr><w:b/><w:rFonts w:ascii='SutonnyMJ'/></w:rPr><w:t>Kxfv‡e jvMve?</w:t></w:r></w:p>\
        <w:p><w:r><w:rPr><w:rFonts w:ascii='SutonnyMJ'/></w:rPr><w:t>gvwU w`‡q|</w:t></w:r></w:p></w:body></w:document>";
    let styles =
        "<w:styles xmlns:w='w'><w:style w:styleId='H2'><w:name w:val='heading 2'/></w:style></w:styles>";
    let links = "<Relationships><Relationship Id='r1' Type='x/hyperlink' Target='https://example.org/tub'/></Relationships>";
    let word = found(
        "a.docx",
        &archive(&[
            ("word/document.xml", word),
            ("word/styles.xml", styles),
            ("word/_rels/document.xml.rels", links),
        ]),
    );
    assert_same(
        &sketch(&word),
        "টব কি? = পাত্র, দেখুন (https://example.org/tub)\nমাটি কোথায় পাব? = নার্সারিতে & হাটে।\nকীভাবে লাগাব? = মাটি দিয়ে।\n",
        "docx",
    );
    assert!(word.notes.iter().any(|note| note.kind == Kind::Letters));
    let text = "<office:document-content xmlns:office='o' xmlns:text='t' xmlns:style='s' xmlns:fo='f' xmlns:xlink='x'>\
        <style:style style:name='P1'><style:text-properties fo:font-weight='bold'/></style:style><office:body><office:text>\
        <text:p text:style-name='P1'>টব কি?</text:p><text:p>পাত্র।</text:p>\
        <text:h text:outline-level='2'>মাটি কোথায় পাব?</text:h><text:p>নার্সারিতে।</text:p></office:text></office:body></office:document-content>";
    assert_same(&sketch(&found("a.odt", &archive(&[("content.xml", text)]))), TWO, "odt");
}

#[test]
fn footnotes_comments_and_links_of_cells_are_told() {
    let word = "<w:document xmlns:w='w'><w:body><w:p><w:r><w:rPr><w:b/></w:rPr><w:t>টব কি?</w:t></w:r></w:p>\
        <w:p><w:r><w:t>পাত্র।</w:t></w:r><w:r><w:footnoteReference w:id='2'/></w:r></w:p>\
        <w:p><w:r><w:rPr><w:b/></w:rPr><w:t>মাটি কোথায় পাব?</w:t></w:r></w:p><w:p><w:r><w:t>নার্সারিতে।</w:t></w:r></w:p></w:body></w:document>";
    let footnotes = "<w:footnotes xmlns:w='w'><w:footnote w:id='0'><w:p><w:r><w:separator/></w:r></w:p></w:footnote>\
        <w:footnote w:id='2'><w:p><w:r><w:t xml:space='preserve'>মাটির টব </w:t></w:r><w:r><w:t>ভালো।</w:t></w:r></w:p></w:footnote></w:footnotes>";
    let word = found("a.docx", &archive(&[("word/document.xml", word), ("word/footnotes.xml", footnotes)]));
    let text = "<office:document-content xmlns:office='o' xmlns:text='t' xmlns:dc='d'><office:body><office:text>\
        <text:h text:outline-level='2'>টব কি?</text:h><text:p>পাত্র।<text:note><text:note-citation>1</text:note-citation>\
        <text:note-body><text:p>মাটির টব ভালো।</text:p></text:note-body></text:note></text:p>\
        <text:h text:outline-level='2'>মাটি কোথায় পাব?</text:h><text:p>নার্সারিতে।</text:p></office:text></office:body></office:document-content>";
    let text = found("a.odt", &archive(&[("content.xml", text)]));
    for found in [word, text] {
        assert_same(&sketch(&found), TWO, "the text without its notes");
        let told: Vec<_> = found.notes.iter().map(|note| (note.kind, note.text.as_str())).collect();
        assert_eq!(told, [(Kind::Text, "মাটির টব ভালো।")]);
    }
    let found = found("a.ods", &sheet());
    assert_same(&sketch(&found), TWO, "ods");
    let told: Vec<_> = found.notes.iter().map(|note| (note.kind, note.text.as_str())).collect();
    assert_eq!(told, [(Kind::Link, "https://example.org/soil"), (Kind::Sheet, "it is hidden")]);
}

/// An `.ods` with a sheet of questions, one answer a link, and a hidden sheet.
fn sheet() -> Vec<u8> {
    let cell = |text: &str| {
        format!("<table:table-cell office:value-type='string'><text:p>{text}</text:p></table:table-cell>")
    };
    let row = |question: &str, answer: &str| {
        format!("<table:table-row>{}{}</table:table-row>", cell(question), cell(answer))
    };
    let link = "<text:a xlink:href='https://example.org/soil'>নার্সারিতে।</text:a>";
    let rows = [row("প্রশ্ন", "উত্তর"), row("টব কি?", "পাত্র।"), row("মাটি কোথায় পাব?", link)].concat();
    let old = row("টব কি?", "পাত্র।");
    let content = format!(
        "<office:document-content xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0' \
         xmlns:table='urn:oasis:names:tc:opendocument:xmlns:table:1.0' xmlns:text='urn:oasis:names:tc:opendocument:xmlns:text:1.0' \
         xmlns:style='urn:oasis:names:tc:opendocument:xmlns:style:1.0' xmlns:xlink='http://www.w3.org/1999/xlink'><office:automatic-styles>\
         <style:style style:name='ta2' style:family='table'><style:table-properties table:display='false'/></style:style></office:automatic-styles>\
         <office:body><office:spreadsheet><table:table table:name='FAQ'>{rows}</table:table>\
         <table:table table:name='Old' table:style-name='ta2'>{old}</table:table></office:spreadsheet></office:body></office:document-content>"
    );
    let manifest = "<manifest:manifest xmlns:manifest='urn:oasis:names:tc:opendocument:xmlns:manifest:1.0'/>";
    let kind = "application/vnd.oasis.opendocument.spreadsheet";
    archive(&[("mimetype", kind), ("META-INF/manifest.xml", manifest), ("content.xml", &content)])
}

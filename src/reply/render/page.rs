//! A reply as HTML for the chat page and the guide page.

use std::ops::Range;

use maud::{Markup, html};

use super::markup::{Marked, Part, links};

/// Paragraphs, lists, bold and links as HTML; everything else escaped.
///
/// ```
/// use uttor::reply::render::page_html;
/// assert_eq!(page_html("কারণ:\n- এক\n- দুই"), "<p>কারণ:</p><ul><li>এক</li><li>দুই</li></ul>");
/// ```
pub fn page_html(text: &str) -> String {
    let marked = Marked::parse(text);
    let blocks = blocks(marked.visible());
    html! {
        @for block in &blocks {
            @match block {
                Block::Paragraph(lines) => p {
                    @for (number, line) in lines.iter().enumerate() {
                        @if number > 0 { br; }
                        (inline(&marked, line))
                    }
                },
                Block::List(items) => ul { @for item in items { li { (inline(&marked, item)) } } },
            }
        }
    }
    .into_string()
}

/// Byte ranges of lines, without their line ends and list dashes.
enum Block {
    Paragraph(Vec<Range<usize>>),
    List(Vec<Range<usize>>),
}

fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut end = 0;
    let mut open = false;
    for line in text.split_inclusive('\n') {
        let start = end;
        end += line.len();
        let content = line.trim_end();
        if content.trim_start().is_empty() {
            open = false;
            continue;
        }
        let item = content.strip_prefix("- ").or_else(|| content.strip_prefix("• "));
        let from = start + content.len() - item.unwrap_or(content).len();
        let range = from..start + content.len();
        match (item.is_some(), blocks.last_mut()) {
            (true, Some(Block::List(items))) if open => items.push(range),
            (false, Some(Block::Paragraph(lines))) if open => lines.push(range),
            (true, _) => blocks.push(Block::List(vec![range])),
            (false, _) => blocks.push(Block::Paragraph(vec![range])),
        }
        open = true;
    }
    blocks
}

fn inline(marked: &Marked, range: &Range<usize>) -> Markup {
    html! {
        @for (bold, run) in marked.runs(range.clone()) {
            @if bold { strong { (linked(run)) } } @else { (linked(run)) }
        }
    }
}

fn linked(run: &str) -> Markup {
    html! {
        @for part in links(run) {
            @match part {
                Part::Text(text) => (text),
                Part::Link(address) => a href=(address) rel="noopener noreferrer" target="_blank" { (address) },
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::page_html;

    #[test]
    fn markup_becomes_blocks_and_nothing_else_gets_through() {
        for (text, html) in [
            ("এক\nদুই\n\nতিন", "<p>এক<br>দুই</p><p>তিন</p>"),
            ("- ক\n\n- খ\nগ", "<ul><li>ক</li></ul><ul><li>খ</li></ul><p>গ</p>"),
            ("*ক* <b>x</b> & \"y\"", "<p><strong>ক</strong> &lt;b&gt;x&lt;/b&gt; &amp; &quot;y&quot;</p>"),
            (
                "https://e.org/?a=1&b=2",
                "<p><a href=\"https://e.org/?a=1&amp;b=2\" rel=\"noopener noreferrer\" target=\"_blank\">\
                 https://e.org/?a=1&amp;b=2</a></p>",
            ),
            ("-১০ ডিগ্রি", "<p>-১০ ডিগ্রি</p>"),
            ("\r\n  \r\n", ""),
        ] {
            assert_eq!(page_html(text), html, "{text}");
        }
    }
}

//! Text in which words say what is a question and what its answer: "প্রশ্ন: … উত্তর: …", "Q. … A. …".

use super::super::Draft;
use super::{Line, Parts, asks, is_bengali, looks};

/// What stands before a question, in small letters.
const QUESTION: &[&str] = &["questions", "question", "ques", "প্রশ্ন", "জিজ্ঞাসা", "জিজ্ঞাস্য", "প্রঃ", "প্র", "q"];

/// What stands before an answer, in small letters.
const ANSWER: &[&str] =
    &["answers", "answer", "ans", "উত্তর", "জবাব", "সমাধান", "উঃ", "উ", "reply", "response", "a"];

/// The longest text before the first label that is a title and no introduction, in characters.
const TITLE_CHARS: usize = 80;

/// The drafts of `lines` where labels part them; none where they do not.
pub fn drafts(lines: &[Line]) -> Option<Vec<Draft>> {
    let texts = || lines.iter().filter_map(text);
    let questions = texts().filter(|text| label(text, QUESTION).is_some()).count();
    let answers =
        texts().filter(|text| label(text, ANSWER).is_some() || inline_answer(text).is_some()).count();
    let others = lines
        .iter()
        .filter(|line| match line {
            Line::Heading { text, .. } | Line::Question { text, .. } => {
                asks(text) && label(text, QUESTION).is_none()
            }
            _ => false,
        })
        .count();
    let labelled = (questions >= 2 || (questions == 1 && answers >= 1)) && questions > others;
    labelled.then(|| Reading { parts: Parts::new(), state: State::Before, answers: answers > 0 }.read(lines))
}

/// An answer without the label before it.
pub fn without_answer_label(answer: &str) -> &str {
    label(answer, ANSWER).filter(|rest| !rest.trim().is_empty()).unwrap_or(answer)
}

/// A question without the label and number before it, where there is such a label.
pub fn without_question_label(question: &str) -> Option<&str> {
    label(question, QUESTION)
}

fn text(line: &Line) -> Option<&str> {
    match line {
        Line::Heading { text, .. }
        | Line::Question { text, .. }
        | Line::Bold(text)
        | Line::Text(text)
        | Line::Code(text) => Some(text),
        Line::Blank | Line::End => None,
    }
}

/// What follows one of `words` and its mark at the start of `line`.
fn label<'a>(line: &'a str, words: &[&str]) -> Option<&'a str> {
    let start = line.trim_start_matches(['*', '_', '#', '>', '-', '•', ' ', '(', '[', '\t']);
    let start = super::super::unnumbered(start);
    words.iter().find_map(|word| {
        let head = start.get(..word.len())?;
        if head.to_lowercase() != **word {
            return None;
        }
        let after = start.get(word.len()..)?;
        let rest = after.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '#'));
        let rest = ["নং", "নম্বর", "no.", "No.", "no", "No"]
            .iter()
            .find_map(|no| rest.strip_prefix(no))
            .unwrap_or(rest);
        let rest = rest.trim_start_matches(|c: char| {
            c.is_ascii_digit()
                || ('০'..='৯').contains(&c)
                || c.is_whitespace()
                || matches!(c, '-' | '#' | '(')
        });
        let number =
            after.len() > rest.len() && after.chars().any(|c| c.is_ascii_digit() || ('০'..='৯').contains(&c));
        let dashed = after.get(..after.len() - rest.len()).is_some_and(|between| between.contains('-'));
        // "A. Rahman" and "a) first of all" are no answers: a lone letter needs its own mark.
        let marks: &[char] = match (*word, head) {
            ("a", "a") => &[':'],
            ("a", _) => &[':', '.', '-', '–'],
            ("উ" | "প্র", _) => &[':', 'ঃ', '.', ')'],
            _ => &[':', 'ঃ', '：', '.', ')', ']', '।', '–', '—', '|'],
        };
        let marked = rest.trim_start_matches(['*', '_']);
        let ends = word.ends_with('ঃ') || (dashed && word.chars().count() > 1) || marked.starts_with(marks);
        // "Q1 How…": the number is mark enough.
        let numbered = number && matches!(*word, "q" | "প্রশ্ন" | "question" | "ques") && after.ends_with(rest);
        (ends || numbered).then(|| {
            marked.trim_start_matches(|c: char| {
                c.is_whitespace()
                    || matches!(
                        c,
                        ':' | 'ঃ' | '：' | '.' | ')' | ']' | '।' | '–' | '—' | '|' | '-' | '*' | '_'
                    )
            })
        })
    })
}

/// Where question and answer stand on one line: both.
fn inline_answer(line: &str) -> Option<(&str, &str)> {
    let rest = label(line, QUESTION)?;
    ANSWER.iter().filter(|word| !matches!(**word, "উ" | "a" | "reply")).chain(&["A"]).find_map(|word| {
        let lower = rest.to_lowercase();
        // Lower case may change a letter's length; such lines are rare and keep their answer in one piece.
        let lower = if lower.len() == rest.len() { lower.as_str() } else { rest };
        let haystack = if *word == "A" { rest } else { lower };
        haystack.match_indices(word).find_map(|(at, _)| {
            let before = rest.get(..at)?;
            let parted = before.ends_with(|c: char| c.is_whitespace() || matches!(c, '?' | '।' | '*' | '|'));
            let after = rest.get(at + word.len()..)?.trim_start();
            let marked =
                after.starts_with([':', 'ঃ', '：']) || (*word != "A" && after.starts_with(['-', '–']));
            (parted && marked && !before.trim().is_empty())
                .then(|| (before.trim(), after.trim_start_matches([':', 'ঃ', '：', '-', '–', ' ', '*'])))
        })
    })
}

/// What is being read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Before,
    Question,
    Answer,
}

struct Reading {
    parts: Parts,
    state: State,
    /// Answers have labels of their own.
    answers: bool,
}

impl Reading {
    fn read(mut self, lines: &[Line]) -> Vec<Draft> {
        for line in lines {
            self.line(line);
        }
        let intro = self.parts.0.first_mut();
        if let Some(intro) = intro.filter(|intro| intro.text.concat().chars().count() <= TITLE_CHARS) {
            let title: Vec<String> = intro.text.drain(..).filter(|line| !line.is_empty()).collect();
            intro.left_out.extend(title);
        }
        self.parts.drafts()
    }

    fn line(&mut self, line: &Line) {
        let Some(text) = text(line) else {
            // Without labelled answers a blank line ends the question.
            if self.state == State::Question && !self.answers && !self.heading().is_empty() {
                self.state = State::Answer;
            }
            return self.parts.text("");
        };
        if let Some((question, answer)) = inline_answer(text) {
            self.question(question);
            self.parts.text(answer);
            self.state = State::Answer;
        } else if let Some(question) = label(text, QUESTION) {
            self.question(question);
        } else if let Some(answer) = label(text, ANSWER).filter(|_| self.state != State::Before) {
            self.state = State::Answer;
            self.parts.text(answer);
        } else if matches!(line, Line::Heading { .. }) {
            self.unlabelled_heading(text);
        } else {
            let question = self.state == State::Question;
            let heading = self.heading();
            if question && (self.answers || heading.is_empty() || goes_on(&heading, text)) {
                self.parts.current().heading = Some(format!("{heading} {}", text.trim()).trim().to_owned());
                return;
            }
            if question {
                self.state = State::Answer;
            }
            self.parts.text(text);
        }
    }

    fn heading(&mut self) -> String {
        self.parts.current().heading.clone().unwrap_or_default()
    }

    fn question(&mut self, question: &str) {
        self.leave_title_out();
        let part = self.parts.start(question, true);
        part.paired = true;
        self.state = State::Question;
    }

    /// A heading that bears no label parts the labelled pairs, or is a question of its own.
    fn unlabelled_heading(&mut self, text: &str) {
        let asks = asks(text);
        let part = self.parts.start(text, asks);
        part.level = 1;
        self.state = State::Answer;
    }

    /// The last line before a label may be the title of the section that opens with it.
    fn leave_title_out(&mut self) {
        if self.state != State::Answer {
            return;
        }
        let text = &mut self.parts.current().text;
        let filled = text.iter().rposition(|line| !line.is_empty());
        let Some(at) = filled.filter(|at| *at > 0) else { return };
        let apart = text.get(at - 1).is_some_and(String::is_empty);
        let answered = text.iter().take(at).any(|line| !line.is_empty());
        if apart && answered && text.get(at).is_some_and(|line| looks::is_title(line)) {
            let title = text.remove(at);
            self.parts.leave_out(&title);
        }
    }
}

/// Whether `next` goes on with a question that a line's end broke.
fn goes_on(question: &str, next: &str) -> bool {
    let open = !question.trim_end().ends_with(['?', '।', '.', '!', '？']);
    open && next.trim_end().ends_with(['?', '？'])
        && !next.chars().next().is_some_and(|c| is_bengali(c) && next.contains('।'))
}

#[cfg(test)]
mod tests {
    use super::{ANSWER, QUESTION, inline_answer, label};

    #[test]
    fn labels_are_told_from_words() {
        for (line, rest) in [
            ("প্রশ্ন: টব কি?", "টব কি?"),
            ("প্রশ্নঃ টব কি?", "টব কি?"),
            ("প্রশ্ন-১: টব কি?", "টব কি?"),
            ("১. প্রশ্ন: টব কি?", "টব কি?"),
            ("প্রশ্ন নং ২। টব কি?", "টব কি?"),
            ("**Q:** What?", "What?"),
            ("Q1. What?", "What?"),
            ("Q1 What?", "What?"),
            ("Question 3 - What?", "What?"),
        ] {
            assert_eq!(label(line, QUESTION), Some(rest), "{line}");
        }
        for line in ["প্রশ্নোত্তর পর্ব", "Quality: fine", "Question everything", "প্রশ্ন করুন"]
        {
            assert_eq!(label(line, QUESTION), None, "{line}");
        }
        for (line, rest) in
            [("উঃ পাত্র।", "পাত্র।"), ("উত্তরঃ পাত্র।", "পাত্র।"), ("A. A pot.", "A pot."), ("Ans: Yes", "Yes")]
        {
            assert_eq!(label(line, ANSWER), Some(rest), "{line}");
        }
        for line in ["a) first", "A pot", "উত্তর দিকে", "answering", "উপরে দেখুন।"]
        {
            assert_eq!(label(line, ANSWER), None, "{line}");
        }
        assert_eq!(inline_answer("Q: Why? A: So."), Some(("Why?", "So.")));
        assert_eq!(inline_answer("প্রশ্ন: কেন? উত্তর: এমনি।"), Some(("কেন?", "এমনি।")));
        assert_eq!(inline_answer("Q: Is A better than B?"), None);
    }
}

//! What the buttons below a draft, and those of the choice between drafts and answers at once, do.

use std::fmt;
use std::str::FromStr;

/// What a press does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretaryButton {
    /// Sends the draft with this token.
    Send(u64),
    /// Asks for another text in its place.
    Edit(u64),
    /// Discards it.
    Discard(u64),
    /// Has clear questions answered at once, or drafted.
    AtOnce(bool),
}

impl fmt::Display for SecretaryButton {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Send(token) => write!(f, "s.{token:x}"),
            Self::Edit(token) => write!(f, "e.{token:x}"),
            Self::Discard(token) => write!(f, "x.{token:x}"),
            Self::AtOnce(at_once) => write!(f, "m.{:x}", u8::from(*at_once)),
        }
    }
}

impl FromStr for SecretaryButton {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (letter, number) = text.split_once('.').ok_or(())?;
        let number = u64::from_str_radix(number, 16).map_err(|_| ())?;
        Ok(match letter {
            "s" => Self::Send(number),
            "e" => Self::Edit(number),
            "x" => Self::Discard(number),
            "m" => Self::AtOnce(number == 1),
            _ => return Err(()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::SecretaryButton as Button;

    #[test]
    fn buttons_that_stand_in_chats_keep_their_meaning() {
        for (text, button) in [
            ("s.1f", Button::Send(0x1f)),
            ("e.1f", Button::Edit(0x1f)),
            ("x.1f", Button::Discard(0x1f)),
            ("m.1", Button::AtOnce(true)),
            ("m.0", Button::AtOnce(false)),
        ] {
            assert_eq!((text.parse(), button.to_string()), (Ok(button), text.to_owned()));
        }
        for text in ["", "s", "s.", "s.x", "q.1"] {
            assert_eq!(text.parse::<Button>(), Err(()), "{text}");
        }
    }
}

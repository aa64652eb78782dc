//! What the bot says to those who teach it in chat.

use super::sentence::Piece;
use super::{Key, Wording};


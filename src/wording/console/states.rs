//! Names of roles, outcomes, changes and states in the console.

use super::{Both, Tongue, number};

/// A role.
pub fn role(role: &str, tongue: Tongue) -> &'static str {
    let both = match role {
        "operator" => Both("পরিচালক", "operator"),
        "editor" => Both("সম্পাদক", "editor"),
        _ => Both("দর্শক", "viewer"),
    };
    both.of(tongue)
}

/// What was done.
pub fn logged(what: &str, tongue: Tongue) -> &'static str {
    let both = match what {
        "taught" => Both("শেখানো হয়েছে, নম্বর", "taught no."),
        "undone" => Both("ফিরিয়ে নেওয়া হয়েছে, নম্বর", "undone no."),
        "setting" => Both("সেটিং", "setting"),
        "login" => Both("ঢুকেছেন", "logged in"),
        "logout" => Both("বেরিয়েছেন", "logged out"),
        "revoke" => Both("বের করে দিয়েছেন", "ended session"),
        _ => Both("ফাইল বদলানো হয়েছে", "changed file"),
    };
    both.of(tongue)
}

/// What a place asks for, of a score from 0 to 1.
pub fn thresholds(accept: f32, suggest: Option<f32>, tongue: Tongue) -> String {
    let suggest = suggest.map(|suggest| match tongue {
        Tongue::Bengali => format!(", {suggest:.2} থেকে প্রস্তাব"),
        Tongue::English => format!(", offers from {suggest:.2}"),
    });
    let suggest = suggest.unwrap_or_default();
    match tongue {
        Tongue::Bengali => format!("{accept:.2} থেকে উত্তর{suggest}"),
        Tongue::English => format!("answers from {accept:.2}{suggest}"),
    }
}

/// What becomes of a message.
pub fn outcome(name: &str, tongue: Tongue) -> &'static str {
    let both = match name {
        "answer" => Both("উত্তর দেবে", "answers"),
        "suggest" => Both("কয়েকটি উত্তর প্রস্তাব করবে", "offers entries"),
        "smalltalk" => Both("আলাপ করবে", "makes small talk"),
        "handoff" => Both("মানুষের কাছে পাঠাবে", "leads to a person"),
        "distress" => Both("সাহায্যের নম্বর দেবে", "names help lines"),
        "silent" => Both("চুপ থাকবে", "stays silent"),
        _ => Both("বলবে যে উত্তর জানা নেই", "says that it has no answer"),
    };
    both.of(tongue)
}

/// Whether a channel is on and ready.
pub fn state(ready: Option<bool>, tongue: Tongue) -> &'static str {
    let both = match ready {
        None => Both("বন্ধ", "off"),
        Some(true) => Both("চলছে", "ready"),
        Some(false) => Both("তৈরি নয়", "not ready"),
    };
    both.of(tongue)
}

/// How many messages of a channel wait for their answer.
pub fn waiting(messages: u64, tongue: Tongue) -> String {
    match tongue {
        Tongue::Bengali => format!("অপেক্ষায় আছে {}টি বার্তা", number(messages, tongue)),
        Tongue::English => format!("{messages} messages are waiting"),
    }
}

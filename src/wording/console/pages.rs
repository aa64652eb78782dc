//! Sentences of the single pages of the console.

use super::Both;

sentences! {
    /// A field.
    MESSAGE: "বার্তা", "Message";
    /// A field: as which group a message is tried.
    AS_GROUP: "কোন গ্রুপ হিসেবে", "As which group";
    /// A choice.
    NO_GROUP: "গ্রুপ ছাড়া", "as no group";
    /// Before a message is tried.
    TRY_HINT: "একটি প্রশ্ন লিখুন। বট সেটি কীভাবে বোঝে আর কোথায় কী উত্তর দেয়, তা এখানে দেখা যাবে।",
        "Write a question. How the bot reads it, and what it would say where, is shown here.";
    /// A heading.
    WHAT_PLACES_DO: "কোথায় কী হবে", "What each place does";
    /// A place.
    IN_PRIVATE: "ব্যক্তিগত চ্যাটে", "In private";
    /// A place.
    IN_GROUP_ADDRESSED: "গ্রুপে, বটকে বললে", "In a group, to the bot";
    /// A place.
    IN_GROUP: "গ্রুপে, বটকে না বললে", "In a group, not to the bot";
    /// A heading.
    NEAREST: "সবচেয়ে কাছের উত্তর", "Nearest entries";
    /// The phrasing of the first entry that is nearest.
    NEAREST_PHRASING: "সবচেয়ে কাছের প্রশ্ন", "Nearest phrasing";
    /// The counter-example that is nearest.
    NEAREST_COUNTER_EXAMPLE: "গাইডে নেই এমন কাছের প্রশ্ন", "Nearest counter-example";
    /// What it is if no entry is meant.
    OTHERWISE: "অন্য কিছু হলে", "Otherwise";
    /// The probability that something is asked.
    ASKS: "প্রশ্ন হওয়ার সম্ভাবনা", "Asks something";
    /// A heading.
    WORDS: "শব্দ", "Words";
    /// A column.
    SOUND: "উচ্চারণ", "Sound";
    /// A column.
    STEM: "মূল", "Stem";
    /// A column.
    MEANING: "অর্থ", "Meaning";
    /// Beside a word that was taken for another.
    MENDED: "শুধরানো", "corrected";
    /// The reply.
    REPLY: "যা বলা হবে", "What is said";
    /// Nothing is near.
    NO_ENTRY_NEAR: "কাছাকাছি কোনো উত্তর নেই।", "No entry is near.";
    /// A button.
    BELONGS_HERE: "এই উত্তর শেখান", "Belongs here";
    /// A link.
    EDIT: "বদলান", "Edit";
    /// A button.
    NEVER_ANSWER: "এর উত্তর কখনো দেবে না", "Never answer this";
    /// There are no teachings.
    NOTHING_TAUGHT: "এখনো কিছু শেখানো হয়নি। উত্তরহীন প্রশ্ন থেকে শুরু করতে পারেন।",
        "Nothing was taught yet. Begin with the unanswered questions.";
    /// A link and a title.
    EXPORT: "গাইডের ফাইলে নিন", "Export";
    /// A sort of lesson.
    PHRASING_OF: "নতুনভাবে লেখা প্রশ্ন:", "phrasing of";
    /// A sort of lesson, a link, a title.
    NEW_ENTRY: "নতুন উত্তর", "New entry";
    /// A sort of lesson.
    CHANGED_ENTRY: "বদলানো উত্তর", "changed entry";
    /// A sort of lesson.
    NO_QUESTION: "প্রশ্ন নয়", "no question";
    /// A button.
    PROMOTE: "সবার জন্য করুন", "Make it hold for all";
    /// Above the diff.
    EXPORT_IS: "যা সবার জন্য শেখানো হয়েছে, তা গাইডের ফাইলে এভাবে বসবে। কোনো ফাইল এখনো বদলায়নি।",
        "What was taught for all, as it would stand in the guide's files. No file is changed yet.";
    /// There is no difference.
    NOTHING_TO_EXPORT: "ফাইলে নেই এমন কিছু শেখানো হয়নি।", "Nothing was taught that the files lack.";
    /// A link.
    DOWNLOAD_DIFF: "পরিবর্তন নামান (diff)", "Download the diff";
    /// A link.
    DOWNLOAD_FILES: "সব ফাইল নামান (zip)", "Download the files (zip)";
    /// The diff, for screen readers.
    CHANGES: "পরিবর্তন", "Changes";
    /// A title.
    CANNOT_EXPORT: "ফাইল তৈরি করা গেল না", "No export";
    /// A link.
    ON_THE_GUIDE: "গাইডে দেখুন", "See it in the guide";
    /// Somebody else saved an entry meanwhile.
    CHANGED_MEANWHILE: "আপনি লেখার সময় আরেকজন এটি বদলেছেন। আপনার লেখা এখনো রাখা হয়নি। নিচে দুটোই আছে; আবার চাপলে আপনারটি থাকবে।",
        "Somebody else changed this while you were writing. Yours is not saved yet; both are below. Saving again keeps yours.";
    /// Above what somebody else saved.
    NOW_IT_IS: "এখন যা আছে", "What is there now";
    /// A title.
    NOT_SAVED: "রাখা যায়নি", "Not saved";
    /// A warning.
    LONG_FOR_MESSENGER: "মেসেঞ্জারের এক বার্তায় ধরে না", "too long for one message on Messenger";
    /// A field.
    QUESTION: "প্রশ্ন", "Question";
    /// A field.
    LABEL: "বোতামের লেখা", "Label";
    /// A field.
    ANSWER: "উত্তর", "Answer";
    /// A field.
    PHRASINGS: "মানুষ যেভাবে জিজ্ঞেস করে, এক লাইনে একটি", "How people ask it, one a line";
    /// A field.
    RELATED: "সঙ্গে যেগুলো দেখানো হবে, এক লাইনে একটি নাম", "Shown below it: ids, one a line";
    /// A field.
    ID: "নাম (ইংরেজি ছোট হাতের অক্ষর, অঙ্ক ও -); খালি রাখলে নিজে থেকে হয়",
        "Id (a-z, 0-9 and -); made of the question where it is empty";
    /// A button.
    SAVE: "রাখুন", "Save";
    /// A button and a heading.
    PREVIEW: "কেমন দেখাবে", "Preview";
    /// A button.
    SAVE_IN_FOLDER: "গাইডের ফাইলে রাখুন", "Save in the guide's files";
    /// Below the buttons.
    SAVE_HINT: "রাখলে সঙ্গে সঙ্গে কাজে লাগে, আর ফিরিয়ে নেওয়া যায়।", "What is saved is in effect at once, and can be undone.";
    /// A preview.
    ON_THE_PAGE: "ওয়েব পাতায়", "On the page";
    /// A field.
    TEST_ROWS: "প্রশ্ন ও ঠিক উত্তর", "Questions with their right entries";
    /// Below it.
    TEST_HINT: "এক লাইনে একটি: উত্তরের নাম (অথবা none), ট্যাব বা কমা, তারপর প্রশ্ন। একাধিক ঠিক উত্তর হলে মাঝে | দিন।",
        "One a line: the entry's id (or none), a tab or a comma, the question. Several right entries: | between them.";
    /// A field.
    FROM_FILE: "অথবা ফাইল থেকে", "Or from a file";
    /// A field.
    WHERE: "কোথায়", "Where";
    /// A button.
    RUN: "পরীক্ষা করুন", "Run";
    /// A heading.
    RESULT: "ফল", "Result";
    /// A column.
    OUTCOME: "যা হয়েছে", "Outcome";
    /// A column.
    NOW: "এখন", "Now";
    /// A column.
    LAST_TIME: "আগেরবার", "Before";
    /// A verdict.
    RIGHT: "ঠিক", "right";
    /// A verdict and a column.
    OFFERED: "প্রস্তাব", "offered";
    /// A verdict.
    WRONG: "ভুল", "wrong";
    /// None is wrong.
    ALL_RIGHT: "সব ঠিক হয়েছে।", "All are right.";
    /// A caption.
    NOT_RIGHT: "যেগুলো ঠিক হয়নি", "Those that are not right";
    /// A column.
    EXPECTED: "ঠিক উত্তর", "Expected";
    /// Beside what came out right in the run before.
    WAS_RIGHT: "আগেরবার ঠিক ছিল", "was right before";
    /// A field.
    PERIOD: "সময়", "Period";
    /// Nothing was counted.
    NOTHING_COUNTED: "এই সময়ে কেউ কিছু জিজ্ঞেস করেনি।", "Nobody asked anything in this time.";
    /// A caption.
    BY_DAY: "দিন অনুযায়ী", "By day";
    /// A column.
    DAY: "দিন", "Day";
    /// A caption.
    BY_CHANNEL: "চ্যানেল অনুযায়ী", "By channel";
    /// A caption.
    BY_GROUP: "গ্রুপ অনুযায়ী, কতবার উত্তর মেলেনি", "By group: how often nothing answered";
    /// A column.
    MESSAGES: "বার্তা", "Messages";
    /// A column.
    NOT_FOUND_COUNT: "মেলেনি", "Not found";
    /// A column.
    SHARE: "উত্তরের হার", "Answered, %";
    /// The chart, for screen readers.
    CHART: "দিনে কতবার জিজ্ঞেস করা হয়েছে আর কতবার উত্তর হয়েছে; নিচের ছকে একই সংখ্যা আছে",
        "Asked and answered by day; the table below has the same numbers";
    /// A caption.
    TOP_ENTRIES: "যে উত্তর বেশি দেওয়া হয়", "Entries answered most";
    /// A heading.
    DISLIKED: "যে উত্তর মানুষের পছন্দ হয়নি", "Answers that displease";
    /// A channel is off.
    CHANNEL_OFF: "বন্ধ। চালু করতে .env ফাইলে এর সেটিং দিন।", "Off. Its settings in .env turn it on.";
    /// A heading.
    CONTACT: "যোগাযোগের মানুষ", "Contact";
    /// Before whom people reach.
    CONTACT_IS: "কেউ মানুষের সঙ্গে কথা বলতে চাইলে পান (CONTACT):", "Whom people reach who want a person (CONTACT):";
    /// Nobody.
    NOBODY: "কেউ ঠিক করা নেই", "nobody";
    /// A field.
    CONTACT_ON_TELEGRAM: "টেলিগ্রামে", "On Telegram";
    /// What was typed is no name.
    WRONG_CONTACT: "টেলিগ্রামের নাম লিখুন, যেমন @name; ৫ থেকে ৩২টি ইংরেজি অক্ষর, অঙ্ক বা _।",
        "Write a name on Telegram, such as @name; it has 5 to 32 of A-Z, a-z, 0-9 and _.";
    /// A heading.
    GROUPS: "গ্রুপ", "Groups";
    /// There are none.
    NO_GROUPS: "এখনো কোনো গ্রুপ নেই। বটকে টেলিগ্রামের কোনো গ্রুপে যোগ করুন।",
        "There is no group yet. Add the bot to a group on Telegram.";
    /// A group has set nothing.
    DEFAULTS: "সব সেটিং যেমন ছিল তেমনই আছে।", "All settings are at their defaults.";
    /// Above counts.
    SINCE_START: "চালু হওয়ার পর থেকে", "Since the start";
}

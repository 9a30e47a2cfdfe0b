//! Words that announce a telephone number.

/// Words as they stand, and beginnings of words.
const WORDS: &[&str] = &[
    "тел",
    "т",
    "моб",
    "сот",
    "факс",
    "phone",
    "tel",
    "mobile",
    "mob",
    "cell",
    "fax",
    "call",
    "whatsapp",
    "viber",
    "ватсап",
    "вотсап",
    "handy",
    "mobil",
    "ph",
    "tlf",
    "tél",
    "ring",
    "dial",
    "sms",
    "móvil",
    "cellulare",
    "portable",
    "anruf",
    "ruf",
    "komórka",
];
const STEMS: &[&str] = &[
    "телефон",
    "мобильн",
    "сотов",
    "звон",
    "позвон",
    "перезвон",
    "набер",
    "telefon",
    "telephon",
    "téléphon",
    "telefoon",
    "telèfon",
    "teléfon",
    "cellphon",
    "phone",
    "llám",
    "llam",
    "appel",
    "chiam",
    "dzwoń",
    "zadzwoń",
    "anruf",
];
/// Languages that write no spaces: anywhere in a word.
const PARTS: &[&str] = &["电话", "手机", "電話", "手機", "携帯", "전화", "휴대"];

/// How far back to look, in characters and words.
const CHARS: usize = 40;
const LAST_WORDS: usize = 4;

/// Whether the words right before a number say that it is a telephone number.
pub(super) fn says_phone(before: &str) -> bool {
    let from = before.char_indices().rev().nth(CHARS).map_or(0, |(at, _)| at);
    let near = &before[from..];
    // Only this clause: what stands before another number or a line end is about that.
    let clause = near.rsplit(|char: char| char.is_ascii_digit() || matches!(char, '\n' | ';')).next().unwrap_or(near);
    let words = clause.split(|char: char| !char.is_alphabetic()).filter(|word| !word.is_empty());
    words.rev().take(LAST_WORDS).any(|word| {
        let word = word.to_lowercase();
        WORDS.contains(&word.as_str())
            || STEMS.iter().any(|stem| word.starts_with(stem))
            || PARTS.iter().any(|part| word.contains(part))
    })
}

//! Words before a name that say that it is one.

use std::sync::LazyLock;

use foldhash::HashMap;

use crate::detect::unicode::is_letter;

/// How sure a title is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Title {
    /// Only people have it: Mr, господин, `Surname:`.
    Strong,
    /// A field of a form: `Name:`.
    Field,
    /// What somebody is: a patient, a client.
    Role,
}

#[rustfmt::skip]
const STRONG: &[&str] = &[
    "г-н", "г-на", "г-ну", "г-ном", "г-жа", "г-жи", "г-же", "г-жу", "г-жой", "господин", "господина", "господину",
    "господином", "госпожа", "госпожи", "госпоже", "госпожу", "госпожой", "гражданин", "гражданина", "гражданину",
    "гражданка", "гражданки", "гражданке", "гражданку", "dr", "prof", "professor", "doktor", "mr", "mrs", "ms", "miss", "mister", "herr", "herrn",
    "frau", "monsieur", "madame", "mme", "mlle", "señor", "señora", "sr", "sra", "don", "doña", "signor",
    "signora", "signore", "sig", "pan", "pani", "pana", "panu", "panią", "dhr", "mevr", "mevrouw", "meneer",
];
/// Fields that hold nothing but names of people.
#[rustfmt::skip]
const NAME: &[&str] = &[
    "фио", "ф.и.о", "фамилия", "surname", "nachname", "vorname", "prénom", "apellidos", "cognome", "nazwisko",
    "imię", "achternaam", "имя",
];
#[rustfmt::skip]
const FIELD: &[&str] = &[
    "name", "nom", "nombre", "nome", "naam", "contact", "контакт", "получатель", "recipient", "customer",
    "patient", "client", "author", "автор", "клиент", "пациент", "заказчик", "сотрудник", "employee", "user",
    "from", "to",
];
#[rustfmt::skip]
const ROLE: &[&str] = &[
    "doctor", "доктор", "доктора", "доктору", "профессор", "профессора",
    "врач", "врача", "врачу", "patient", "client", "customer", "employee", "colleague", "manager", "tenant",
    "пациент", "пациента", "пациенту", "пациентка", "пациентки", "пациентке", "клиент", "клиента", "клиенту",
    "клиентка", "клиентки", "клиентке", "сотрудник", "сотрудника", "сотруднику", "сотрудница", "менеджер",
    "менеджера", "менеджеру", "директор", "директора", "директору", "заявитель", "заявителя", "истец", "истца",
    "ответчик", "ответчика", "коллега", "коллеге", "товарищ", "тов", "инженер", "бухгалтер", "водитель",
    "учитель", "студент", "студентка", "ученик", "арендатор", "наниматель", "заёмщик", "свидетель",
];
/// What a word is before a name, and before a colon and a name.
type Titles = (Option<Title>, Option<Title>);

/// All of them as they are mostly written, so that asking costs no copy.
static KNOWN: LazyLock<HashMap<String, Titles>> = LazyLock::new(|| {
    let mut known = HashMap::<String, Titles>::default();
    let mut add = |words: &[&str], title, field: bool| {
        // `MS` and `DR` are other things.
        let shouted = |word: &&&str| word.chars().count() > 3;
        let upper = words.iter().filter(shouted).map(|word| word.to_uppercase());
        for form in words.iter().flat_map(|word| [(*word).to_owned(), capital(word)]).chain(upper) {
            let entry = known.entry(form).or_default();
            *(if field { &mut entry.1 } else { &mut entry.0 }) = Some(title);
        }
    };
    add(ROLE, Title::Role, false);
    add(STRONG, Title::Strong, false);
    add(FIELD, Title::Field, true);
    add(NAME, Title::Strong, true);
    known
});

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect()
}

/// No title has more characters.
const LENGTH_MAX: usize = 16;

/// The title that ends right before a name.
pub(super) fn before(text: &str) -> Option<Title> {
    let led = text.trim_end_matches([' ', '\u{a0}', '"', '\'', '*']);
    if led.len() == text.len() {
        return None;
    }
    let is_field = led.ends_with([':', '=']);
    let said = led.trim_end_matches([':', '=']).trim_end_matches(['"', '\'', '*', ' ']);
    let said = said.strip_suffix('.').unwrap_or(said);
    let letters = said.chars().rev().take(LENGTH_MAX).take_while(|char| is_letter(*char) || matches!(char, '-' | '.'));
    let (head, word) = said.split_at(said.len() - letters.map(char::len_utf8).sum::<usize>());
    let (title, field) = *KNOWN.get(word)?;
    match is_field {
        true if is_personal(head) => field.map(|_| Title::Strong),
        true => field,
        false => title,
    }
}

/// Whether a word is a title or the name of a field.
pub(super) fn is_one(word: &str) -> bool {
    KNOWN.contains_key(word)
}

/// Whether what stands before the word `name` makes it that of a person: `full name`, `first_name`.
fn is_personal(head: &str) -> bool {
    let head = head.trim_end_matches([' ', '_', '-']);
    ["full", "first", "last", "family", "given", "Full", "First", "Last"].iter().any(|word| head.ends_with(word))
}

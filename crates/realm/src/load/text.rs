use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use fluent::{FluentArgs, FluentBundle, FluentResource};

/// A language of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Russian.
    Ru,
}

impl Lang {
    /// The language a BCP 47 tag or a POSIX locale asks for: English unless it begins with `ru`.
    pub fn of(tag: &str) -> Self {
        if tag.get(..2).is_some_and(|head| head.eq_ignore_ascii_case("ru")) { Self::Ru } else { Self::En }
    }

    fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ru => "ru",
        }
    }
}

/// The messages of one crate, in Fluent's format, once per language.
#[derive(Debug)]
pub struct Catalogue {
    /// In English.
    pub en: &'static str,
    /// In Russian.
    pub ru: &'static str,
}

/// Messages about a realm.
pub static MESSAGES: Catalogue =
    Catalogue { en: include_str!("../../locales/en.ftl"), ru: include_str!("../../locales/ru.ftl") };

/// What a message says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text {
    /// What is wrong.
    pub message: String,
    /// What was expected.
    pub expected: Option<String>,
    /// What to do about it.
    pub help: Option<String>,
}

impl Catalogue {
    /// The message of a code, filled in. A code without a message reads as itself.
    pub fn text(&'static self, lang: Lang, code: &str, args: &[(&'static str, String)]) -> Text {
        let bundle = self.bundle(lang);
        let id = code.replace('.', "-");
        let Some(message) = bundle.get_message(&id) else {
            return Text { message: code.to_owned(), ..Text::default() };
        };
        let mut values = FluentArgs::new();
        for (name, value) in args {
            values.set(*name, value.as_str());
        }
        let fill = |pattern| bundle.format_pattern(pattern, Some(&values), &mut Vec::new()).into_owned();
        let attribute = |name: &str| message.get_attribute(name).map(|attribute| fill(attribute.value()));
        let given = |name: &str| args.iter().any(|(arg, _)| *arg == name);
        let hints = ["nearest", "elsewhere", "known"].map(|name| attribute(name).filter(|_| given(name)));
        let help = hints.into_iter().chain([attribute("help")]).flatten().collect::<Vec<_>>();
        let help = help.join("; ").replace("?; ", "? ");
        Text {
            message: message.value().map_or_else(|| code.to_owned(), fill),
            expected: attribute("expected"),
            help: (!help.is_empty()).then_some(help),
        }
    }

    /// A bundle is made once per thread and language: it cannot be shared without locks.
    fn bundle(&'static self, lang: Lang) -> Rc<FluentBundle<FluentResource>> {
        let text = match lang {
            Lang::En => self.en,
            Lang::Ru => self.ru,
        };
        BUNDLES.with_borrow_mut(|bundles| {
            Rc::clone(bundles.entry((text.as_ptr() as usize, lang)).or_insert_with(|| Rc::new(bundle(text, lang))))
        })
    }
}

type Bundles = HashMap<(usize, Lang), Rc<FluentBundle<FluentResource>>>;

thread_local! {
    /// By the address of their text; there are as many as there are catalogues and languages.
    static BUNDLES: RefCell<Bundles> = RefCell::default();
}

fn bundle(text: &str, lang: Lang) -> FluentBundle<FluentResource> {
    // A catalogue is part of the program; what of it can be read is better than no message.
    let resource = FluentResource::try_new(text.to_owned()).unwrap_or_else(|(readable, _)| readable);
    let mut bundle = FluentBundle::new(vec![lang.tag().parse().expect("`en` and `ru` are language tags")]);
    bundle.set_use_isolating(false);
    bundle.add_resource_overriding(resource);
    bundle
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use fluent::FluentResource;

    use super::{Lang, MESSAGES};

    /// Each message and attribute with the arguments it uses.
    fn shape(text: &str) -> BTreeMap<String, BTreeSet<String>> {
        FluentResource::try_new(text.to_owned()).map_err(|(_, errors)| errors).expect("the catalogue is sound");
        let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let (mut message, mut part) = (String::new(), String::new());
        for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
            if let Some((id, _)) = line.split_once(" = ").filter(|_| !line.starts_with(' ')) {
                message = id.to_owned();
                part.clone_from(&message);
            } else if let Some((attribute, _)) =
                line.trim_start().split_once(" = ").filter(|(it, _)| it.starts_with('.'))
            {
                part = format!("{message}{attribute}");
            }
            let used = all.entry(part.clone()).or_default();
            used.extend(
                line.split('$').skip(1).map(|rest| rest.split([' ', '}']).next().unwrap_or_default().to_owned()),
            );
        }
        all
    }

    #[test]
    fn both_languages_say_the_same() {
        let (en, ru) = (shape(MESSAGES.en), shape(MESSAGES.ru));
        assert_eq!(en.keys().collect::<Vec<_>>(), ru.keys().collect::<Vec<_>>());
        for (part, used) in &en {
            assert_eq!(used, &ru[part], "{part}");
        }
        assert!(en.len() > 100);
    }

    #[test]
    fn languages_are_told_from_tags() {
        assert_eq!(["ru", "ru_RU.UTF-8", "RU-ru"].map(Lang::of), [Lang::Ru; 3]);
        assert_eq!(["en", "", "r", "de_DE", "ю"].map(Lang::of), [Lang::En; 5]);
    }
}

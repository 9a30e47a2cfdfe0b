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
    pub fn text(&self, lang: Lang, code: &str, args: &[(&'static str, String)]) -> Text {
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
        let nearest = args.iter().any(|(name, _)| *name == "nearest");
        let help = [attribute("nearest").filter(|_| nearest), attribute("help")];
        let help = help.into_iter().flatten().collect::<Vec<_>>().join("; ");
        Text {
            message: message.value().map_or_else(|| code.to_owned(), fill),
            expected: attribute("expected"),
            help: (!help.is_empty()).then_some(help),
        }
    }

    /// A bundle is made per message: problems are few, and a bundle that could be shared would need locks.
    fn bundle(&self, lang: Lang) -> FluentBundle<FluentResource> {
        let text = match lang {
            Lang::En => self.en,
            Lang::Ru => self.ru,
        };
        // A catalogue is part of the program; what of it can be read is better than no message.
        let resource = FluentResource::try_new(text.to_owned()).unwrap_or_else(|(readable, _)| readable);
        let mut bundle = FluentBundle::new(vec![lang.tag().parse().expect("`en` and `ru` are language tags")]);
        bundle.set_use_isolating(false);
        bundle.add_resource_overriding(resource);
        bundle
    }
}

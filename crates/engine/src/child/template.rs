//! Chat templates: the Jinja program in the model file that turns messages into a prompt.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, Value};
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior, context};

use super::refusal::Refusal;
use super::request::Message;

/// Used when the file has none: the format most small chat models were trained with.
const CHATML: &str = "{% for message in messages %}<|im_start|>{{ message.role }}\n\
{{ message.content }}<|im_end|>\n{% endfor %}\
{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}";

const NAME: &str = "chat";
/// Instructions that one rendering may take; real templates need some thousands.
const FUEL: u64 = 5_000_000;

/// A compiled template.
pub(super) struct Template {
    environment: Environment<'static>,
    broken: Option<String>,
    /// Whether the model file had none of its own.
    pub(super) is_default: bool,
    bos: String,
    eos: String,
}

impl Template {
    /// Compiles `source`. A template that does not compile is an error of each chat request; plain
    /// completions work without.
    pub(super) fn new(source: Option<&str>, bos: String, eos: String) -> Self {
        let mut environment = Environment::new();
        let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
        environment.set_syntax(syntax.expect("the usual delimiters do not clash"));
        environment.set_undefined_behavior(UndefinedBehavior::Lenient);
        environment.set_fuel(Some(FUEL));
        environment.set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
        environment.add_function("raise_exception", raise_exception);
        environment.add_function("strftime_now", |_format: String, _: Kwargs| String::new());
        let text = source.unwrap_or(CHATML).to_string();
        let broken = environment.add_template_owned(NAME, text).err().map(|e| e.to_string());
        Self { environment, broken, is_default: source.is_none(), bos, eos }
    }

    /// The prompt for `messages`, ending where the assistant's answer begins.
    pub(super) fn render(&self, messages: &[Message]) -> Result<String, Refusal> {
        if let Some(why) = &self.broken {
            let message = format!("the model file's chat template does not compile: {why}");
            return Err(Refusal::new(400, "chat_template_error", message));
        }
        let messages: Vec<Value> = messages.iter().map(value).collect();
        let rendered = self.environment.get_template(NAME).and_then(|template| {
            template.render(context! {
                messages, add_generation_prompt => true, enable_thinking => false,
                bos_token => self.bos.as_str(), eos_token => self.eos.as_str(),
            })
        });
        let prompt = rendered.map_err(|e| {
            let message = format!("the model's chat template refuses these messages: {e}");
            Refusal::new(400, "chat_template_error", message)
        })?;
        // The tokenizer adds this token itself where the model wants it.
        Ok(match prompt.strip_prefix(self.bos.as_str()) {
            Some(rest) if !self.bos.is_empty() => rest.to_string(),
            _ => prompt,
        })
    }
}

/// A message as templates see it: a mapping, whose name is there only if it was given.
fn value(message: &Message) -> Value {
    let (role, content) = (message.role.as_str(), message.content.as_str());
    match message.name.as_deref() {
        Some(name) => context! { role, content, name },
        None => context! { role, content },
    }
}

fn raise_exception(message: String) -> Result<String, Error> {
    Err(Error::new(ErrorKind::InvalidOperation, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(role: &str, content: &str) -> Message {
        Message { role: role.into(), content: content.into(), name: None }
    }

    fn render(source: Option<&str>, messages: &[Message]) -> Result<String, Refusal> {
        Template::new(source, "<s>".into(), "</s>".into()).render(messages)
    }

    #[test]
    fn the_default_is_chatml() {
        let prompt = render(None, &[message("system", "Be kind."), message("user", "Hi")]);
        let expected = "<|im_start|>system\nBe kind.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n\
                        <|im_start|>assistant\n";
        assert_eq!(prompt.expect("renders"), expected);
    }

    #[test]
    fn python_methods_loops_and_the_leading_token_work() {
        let source = "{{ bos_token }}{% for m in messages %}\n{%- if loop.first and m['role'] == 'system' -%}\n\
            {{ m['content'].strip().upper() }}{% else %}[{{ m.role.title() }}]{{ m.content | trim }}{{ eos_token }}\n\
            {%- endif %}{% endfor %}{% if tools %}T{% endif %}";
        let prompt = render(Some(source), &[message("system", " s "), message("user", " u ")]);
        assert_eq!(prompt.expect("renders"), "S[User]u</s>");
    }

    #[test]
    fn refusals_name_the_reason() {
        let source = "{% if messages[0].role != 'user' %}{{ raise_exception('user first') }}{% endif %}x";
        let refusal = render(Some(source), &[message("system", "")]).expect_err("refused");
        assert_eq!((refusal.status, refusal.code), (400, "chat_template_error"));
        assert!(refusal.message.contains("user first"), "{}", refusal.message);
        let refusal = render(Some("{% if %}"), &[]).expect_err("refused");
        assert!(refusal.message.contains("does not compile"), "{}", refusal.message);
    }

    #[test]
    fn an_endless_template_runs_out_of_fuel() {
        let source = "{% for a in range(9999) %}{% for b in range(9999) %}{{ a }}{% endfor %}{% endfor %}";
        let refusal = render(Some(source), &[]).expect_err("refused");
        assert!(refusal.message.contains("fuel"), "{}", refusal.message);
    }
}

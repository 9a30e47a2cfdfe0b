//! The lines to try: a refusal with its rule, a redaction, the embedded engine, a receipt, the whole ledger.

use super::place::Place;
use crate::serve::Step;

/// An IBAN with a valid check sum that belongs to nobody.
const IBAN: &str = "DE89 3704 0044 0532 0130 00";

pub(super) fn all(url: &str, place: &Place, real_model: bool) -> Vec<Step> {
    let exe = std::env::args().next().unwrap_or_else(|| "freehold".to_owned());
    let data = place.data.path().display().to_string();
    vec![
        step(
            "Refused, with the rule and its citation; the receipt of the refusal is verified offline",
            "Отказ с правилом и ссылкой на закон; квитанция отказа проверяется без сети",
            format!(
                "curl -si {url}/v1/chat/completions -H \"Authorization: Bearer $CLINIC\" \\\n  \
                 -d '{{\"model\": \"abroad\", \"messages\": [{{\"role\": \"user\", \"content\": \"Hello\"}}]}}' | tee refusal.txt\n\
                 curl -s -H \"Authorization: Bearer $CLINIC\" \\\n  \
                 {url}/api/v1/receipts/$(sed -n 's/^x-freehold-receipt: //p' refusal.txt | tr -d '\\r') > refusal.tlog-proof\n\
                 {exe} receipt verify refusal.tlog-proof --data {data}"
            ),
        ),
        step(
            "Let out only redacted: the provider sees a token, you get the IBAN back",
            "Наружу только скрытое: поставщик видит метку, вы получаете IBAN обратно",
            format!(
                "curl -s {url}/v1/chat/completions -H \"Authorization: Bearer $TOURISM\" \\\n  \
                 -d '{{\"model\": \"abroad\", \"messages\": [{{\"role\": \"user\", \"content\": \"Refund {IBAN}, please\"}}]}}'\n\
                 curl -s $RECEIVED"
            ),
        ),
        step(
            if real_model {
                "Answered by the model of your file, in this process's own engine"
            } else {
                "Answered by a model that runs here: demo-tiny, a toy that knows only Freehold"
            },
            if real_model {
                "Отвечает модель из вашего файла, на встроенном движке"
            } else {
                "Отвечает модель, работающая здесь: demo-tiny, игрушка, знающая только Freehold"
            },
            format!(
                "curl -sN {url}/v1/chat/completions -H \"Authorization: Bearer $CLINIC\" \\\n  \
                 -d '{{\"model\": \"domestic\", \"stream\": true, \"temperature\": 0, \"messages\": [{{\"role\": \"user\", \"content\": \"What is Freehold?\"}}]}}'"
            ),
        ),
        step(
            "The whole ledger, recomputed from its entries",
            "Весь журнал, пересчитанный по записям",
            format!("{exe} ledger verify {data}"),
        ),
        step(
            "Why: each deployment of a route, with the rules that decide and those in shadow",
            "Почему: каждое развёртывание маршрута, с действующими и теневыми правилами",
            format!("{exe} explain --realm {data}/realm --app robot-line --route best"),
        ),
    ]
}

fn step(en: &str, ru: &str, lines: String) -> Step {
    Step { en: en.to_owned(), ru: ru.to_owned(), lines }
}

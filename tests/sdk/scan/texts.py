"""Requests with planted identifiers among harmless numbers, in eight languages. `{KIND}` is planted, `{kind}` harmless."""

import json
import re

from values import MAKERS

SENTENCES = {
    "ru": [
        "Клиент просит вернуть деньги на счёт {IBAN} по заказу {order}.", "ИНН {INN12}, СНИЛС {SNILS}, телефон {PHONE}",
        "Организация: ИНН {INN10}, ОГРН {OGRN}, договор № {order} от {date}.", "Паспорт {PASSPORT}, выдан {date}.",
        "Полис ОМС {OMS}; приём {date} в кабинете {small}.", "Оплата картой {CARD} на сумму {sum} руб. не прошла, пишите на {EMAIL}.",
        "Звоните по номеру {PHONE} или пишите {EMAIL}, артикул {part}.", "Заёмщик, СНИЛС: {SNILS}\nДата: {date}\nСумма: {sum}",
    ],
    "en": [
        "Please refund {sum} EUR for order {order} to {IBAN}.", "My card {CARD} was charged twice on {date}.",
        "Call me at {PHONE} about part {part}, version {version}.", "Write to {EMAIL} with the invoice {order}.",
        "Our supplier's VAT number is {VAT}, invoice {order}, total {sum}.", "Account holder: {IBAN}\nE-mail: {EMAIL}\nTicket: {order}",
        "Russian taxpayer INN {INN12}; passport series {PASSPORT}.", "Release {version} of {date}, build {hex}; contact {EMAIL}.",
    ],
    "de": [
        "Bitte überweisen Sie {sum} EUR auf {IBAN}, Rechnung {order} vom {date}.", "Meine Steuer-ID lautet {IDNR}, Telefon {PHONE}.",
        "USt-IdNr. {VAT}, Bestellung {order}.", "Kreditkarte {CARD}, gültig bis {small}/29, Mail {EMAIL}",
        "Identifikationsnummer: {IDNR}\nKonto: {IBAN}\nBetrag: {sum}",
    ],
    "fr": [
        "Numéro de sécurité sociale {NIR}, dossier {order} du {date}.", "Virement de {sum} EUR vers {IBAN}, merci.",
        "NIR : {NIR} ; téléphone : {PHONE}", "TVA intracommunautaire {VAT}, facture {order}.", "Carte {CARD}, courriel {EMAIL}, version {version}",
    ],
    "it": [
        "Codice fiscale {CF}, pratica {order} del {date}.", "Bonifico di {sum} EUR su {IBAN}.", "Il mio codice fiscale è {CF}, chiamare {PHONE}.",
        "Partita IVA {VAT}, fattura {order}.", "Carta {CARD}, e-mail {EMAIL}, articolo {part}",
    ],
    "es": [
        "Mi DNI es {DNI}, pedido {order} del {date}.", "NIF: {DNI}\nTeléfono: {PHONE}\nImporte: {sum}", "Transferencia a {IBAN} por {sum} EUR.", "CIF {CIF}, factura {order} del {date}.",
        "Tarjeta {CARD}, correo {EMAIL}, referencia {part}", "Documento de identidad {DNI}, versión {version}.",
    ],
    "pl": [
        "PESEL {PESEL}, zamówienie {order} z dnia {date}.", "NIP {NIP}, faktura {order}, kwota {sum}.", "Przelew na {IBAN}, telefon {PHONE}.",
        "Karta {CARD}, e-mail {EMAIL}, część {part}", "Numer PESEL: {PESEL}\nData: {date}",
    ],
    "nl": [
        "BSN {BSN}, bestelling {order} van {date}.", "Maak {sum} EUR over naar {IBAN}.", "Mijn burgerservicenummer is {BSN}, bel {PHONE}.",
        "BTW-nummer {VAT}, factuur {order}.", "Kaart {CARD}, e-mail {EMAIL}, onderdeel {part}",
    ],
}
TOOL = {
    "type": "function",
    "function": {"name": "file_case", "parameters": {"type": "object", "properties": {"text": {"type": "string"}}, "required": ["text"]}},
}


def harmless(rng, kind):
    number = lambda count: str(rng.randint(10 ** (count - 1), 10**count - 1))
    return {
        "order": lambda: number(rng.choice([5, 6, 7, 8, 10, 13])),
        "date": lambda: rng.choice(["{2:02}.{1:02}.{0}", "{0}-{1:02}-{2:02}", "{2}/{1}/{0}"]).format(
            rng.randint(1990, 2029), rng.randint(1, 12), rng.randint(1, 28)),
        "sum": lambda: f"{rng.randint(1, 999)} {rng.randint(100, 999)},{rng.randint(10, 99)}" if rng.random() < 0.5 else f"{rng.randint(100, 99999)}.{rng.randint(10, 99)}",
        "version": lambda: ".".join(str(rng.randint(0, 30)) for _ in range(rng.choice([3, 4]))),
        "part": lambda: f"{rng.choice('AKRX')}{number(3)}-{number(3)}-{number(4)}",
        "hex": lambda: f"{rng.getrandbits(64):016x}",
        "small": lambda: str(rng.randint(1, 12)),
    }[kind]()


class Case:
    """One request: its text, what is planted in it and what is not."""

    def __init__(self, rng, number):
        # By this its body is known among those that arrived.
        self.mark = f"case-{number:05}."
        self.planted, self.harmless = [], []
        language = rng.choice(sorted(SENTENCES))
        sentences = [self.sentence(rng, rng.choice(SENTENCES[language])) for _ in range(rng.choice([1, 1, 2]))]
        self.stream, self.calls = rng.random() < 0.5, False
        form = rng.choice([self.plain, self.parts, self.nested, self.history, self.call])
        self.messages = [{"role": "system", "content": f"Answer briefly. This is {self.mark}"}, *form(rng, sentences)]
        self.escapes = rng.choice(["none", "letters", "digits"])

    def sentence(self, rng, form):
        def put(match):
            kind = match[1]
            if kind in MAKERS:
                value = MAKERS[kind](rng)
                self.planted.append((kind, value))
                return value
            value = harmless(rng, kind)
            self.harmless.append(value)
            return value

        return re.sub(r"\{(\w+)\}", put, form)

    def plain(self, rng, sentences):
        return [{"role": "user", "content": "\n".join(sentences)}]

    def parts(self, rng, sentences):
        return [{"role": "user", "content": [{"type": "text", "text": sentence} for sentence in sentences]}]

    def nested(self, rng, sentences):
        inner = json.dumps({"case": rng.randint(1, 99), "note": sentences[0]}, ensure_ascii=rng.random() < 0.5)
        outer = json.dumps({"kind": "letter", "payload": inner, "rest": sentences[1:]}, ensure_ascii=rng.random() < 0.5)
        return [{"role": "user", "content": outer}]

    def history(self, rng, sentences):
        arguments = json.dumps({"text": sentences[0], "more": json.dumps({"copy": sentences[0]})}, ensure_ascii=rng.random() < 0.5)
        call = {"id": "call_1", "type": "function", "function": {"name": "file_case", "arguments": arguments}}
        result = {"role": "tool", "tool_call_id": "call_1", "content": json.dumps({"filed": sentences[-1]}, ensure_ascii=rng.random() < 0.5)}
        return [
            {"role": "user", "content": "File it."}, {"role": "assistant", "content": None, "tool_calls": [call]}, result,
            {"role": "user", "content": "And now? " + sentences[-1]},
        ]

    def call(self, rng, sentences):
        self.calls = True
        return [{"role": "user", "content": "Use the tool for this: " + " ".join(sentences)}]

    def body(self, route):
        request = {"model": route, "messages": self.messages, "stream": self.stream}
        if self.calls or any("tool_calls" in message for message in self.messages):
            request["tools"] = [TOOL]
        text = json.dumps(request, ensure_ascii=self.escapes != "none")
        if self.escapes == "digits":
            head, tail = text.split('"messages": ', 1)
            tail = re.sub(r'(?<=[^\\\w])\d(?=\d)', lambda digit: f"\\u00{ord(digit[0]):02x}", tail)
            text = f'{head}"messages": {tail}'
        return text.encode()

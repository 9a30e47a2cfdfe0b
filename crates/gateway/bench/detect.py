"""Recall and precision of the detectors on generated text: `cargo xtask bench detect`.

Values come from Faker, sentences from here. Usage: detect.py PROGRAM, the built example `detect` of the crate.
"""

import collections
import json
import random
import subprocess
import sys
import tempfile

import faker

SEED, TEXTS = 7, 400
LOCALES = ["ru_RU", "en_US", "de_DE", "fr_FR", "it_IT", "es_ES", "pl_PL", "nl_NL"]

# A value stands as {kind}; what stands in the clear around it is the language's own.
SENTENCES = {
    "ru_RU": [
        "Договор подписал {PERSON}, телефон {PHONE}.", "Письмо ушло на {EMAIL}, копию получил {PERSON}.",
        "ИНН {INN}, СНИЛС {SNILS}.", "Адрес доставки: {ADDRESS}.", "паспорт {PASSPORT}, выдан в 2015 году",
        "Оплата картой {CARD} прошла.", "ФИО: {PERSON}", "ОГРН {OGRN} в реестре", "Вход с {IP} в 12:30:45.",
        "Пациент {PERSON} записан на 12.03.2026.",
    ],
    "en_US": [
        "Please call {PERSON} at {PHONE}.", "Send it to {EMAIL} before Friday.", "Ship to {ADDRESS}.",
        "The card {CARD} was charged.", "Name: {PERSON}", "Login from {IP} at 12:30.", "Dr. {PERSON} will see you.",
        "The token is {KEY}.", "{PERSON} and the Annual Report",
    ],
    "de_DE": ["Herr {PERSON} wohnt in {ADDRESS}.", "IBAN {IBAN}", "Steuer-ID {TAXID}", "USt-IdNr. {VAT}", "Mail an {EMAIL}"],
    "fr_FR": ["Mme {PERSON} habite {ADDRESS}.", "NIR {NATIONALID}", "IBAN : {IBAN}", "TVA {VAT}", "Écrivez à {EMAIL}."],
    "it_IT": ["Il sig. {PERSON} abita in {ADDRESS}.", "Codice fiscale {TAXID}", "P.IVA {VAT}", "IBAN {IBAN}"],
    "es_ES": ["La sra. {PERSON} vive en {ADDRESS}.", "DNI {NATIONALID}", "NIF {VAT}", "IBAN {IBAN}"],
    "pl_PL": ["Pan {PERSON} mieszka: {ADDRESS}.", "PESEL {NATIONALID}", "NIP {TAXID}", "IBAN {IBAN}"],
    "nl_NL": ["Mevrouw {PERSON} woont {ADDRESS}.", "BSN {NATIONALID}", "IBAN {IBAN}"],
}
HARMLESS = [
    "Order {order} of {date} for {amount} EUR.", "Заказ № {order} от {date} на сумму {amount} руб.", "Version {version} is out.",
    "ISBN {isbn}", "build {hex}", "{time} INFO GET /api/v1/items/{order} 200 {small}ms", "Rechnung {order} vom {date}",
    "id,{order},{small},{amount}", "let x = foo::bar({small}, 0x{hex});", "Раздел {small}.1.2, страница {small}",
    "The Quarterly Report covers Monday to Friday.", "Российская Федерация и Республика Казахстан подписали соглашение.",
    "Red Square and the New York Times; GitHub Actions runs on Ubuntu.", "Invoice total {amount}, tax {small} %.",
]


def luhn(body):
    total = sum(sum(divmod(int(d) * (2 - i % 2), 10)) for i, d in enumerate(reversed(body)))
    return body + str(-total % 10)


def passport(fake):
    return random.choice(["{} {}", "{}{}", "{} № {}"]).format(fake.numerify("45%#"), fake.numerify("%#####"))


def bsn():
    while True:
        digits = [random.randint(1, 9) for _ in range(9)]
        if sum(d * w for d, w in zip(digits, [9, 8, 7, 6, 5, 4, 3, 2, -1])) % 11 == 0:
            return "".join(map(str, digits))


def steuer():
    while True:
        head = random.sample("0123456789", 9)
        head.insert(random.randint(0, 9), random.choice(head))
        if head[0] != "0" and len(set(head)) == 9:
            break
    return mod_11_10("".join(head))


def mod_11_10(body):
    product = 10
    for digit in body:
        product = ((int(digit) + product) % 10 or 10) * 2 % 11
    return body + str((11 - product) % 10)


def ogrn(fake):
    body = fake.numerify("1%%#########")[:12]
    return body + str(int(body) % 11 % 10)


def nir():
    body = "{}{:02}{:02}{:02}{:03}{:03}".format(
        random.choice("12"), random.randint(30, 99), random.randint(1, 12), random.randint(1, 95), random.randint(1, 900), random.randint(1, 900))
    return f"{body}{97 - int(body) % 97:02}"


def name(fake, locale):
    if locale == "ru_RU":
        return fake.name().removeprefix("г-н ").removeprefix("г-жа ").removeprefix("тов. ").strip()
    return f"{fake.first_name()} {fake.last_name()}"


def street(fake, locale):
    if locale == "ru_RU":
        kind, name = random.choice(["ул.", "пр.", "пер.", "наб."]), fake.street_title().split(" ")[-1]
        return f"{kind} {name}, д. {random.randint(1, 200)}"
    return fake.street_address().split("\n")[0].strip()


def value(fake, locale, kind):
    makers = {
        "PERSON": lambda: name(fake, locale), "ADDRESS": lambda: street(fake, locale), "PHONE": fake.phone_number,
        "EMAIL": fake.email, "IP": fake.ipv4_public, "IBAN": fake.iban,
        "CARD": lambda: card(fake),
        "KEY": lambda: "sk-" + "".join(random.choices("abcdefghijkABCDEFGHIJK0123456789", k=40)),
        "INN": lambda: fake.individuals_inn() if random.random() < 0.5 else fake.businesses_inn(),
        "SNILS": lambda: snils(fake),
        "PASSPORT": lambda: passport(fake), "OGRN": lambda: ogrn(fake), "VAT": lambda: vat(fake, locale),
        "TAXID": {"de_DE": steuer, "it_IT": lambda: fake.ssn(), "pl_PL": lambda: fake.nip()}.get(locale),
        "NATIONALID": {"fr_FR": nir, "es_ES": lambda: fake.nif(), "pl_PL": lambda: fake.pesel(), "nl_NL": bsn}.get(locale),
    }
    return makers[kind]()


def card(fake):
    prefix = random.choice(["4", "51", "2200"])
    return luhn(prefix + fake.numerify("#" * (15 - len(prefix))))


def snils(fake):
    body = fake.numerify("%########")
    rest = sum(int(d) * (9 - i) for i, d in enumerate(body)) % 101 % 100
    return f"{body[:3]}-{body[3:6]}-{body[6:]} {rest:02}"


def vat(fake, locale):
    """Faker draws these without their check digits."""
    if locale == "de_DE":
        return "DE" + mod_11_10(fake.numerify("%#######"))
    if locale == "fr_FR":
        siren = luhn(fake.numerify("%#######"))
        return f"FR{(12 + 3 * (int(siren) % 97)) % 97:02}{siren}"
    return "IT" + luhn(fake.numerify("0%########")) if locale == "it_IT" else "ES" + fake.nif()


def texts():
    random.seed(SEED)
    faker.Faker.seed(SEED)
    for locale in LOCALES:
        fake = faker.Faker(locale)
        for _ in range(TEXTS):
            sentence = random.choice(SENTENCES[locale])
            wanted = []
            for kind in [part.split("}")[0] for part in sentence.split("{")[1:]]:
                said = value(fake, locale, kind)
                wanted.append((kind, said))
                sentence = sentence.replace("{" + kind + "}", said, 1)
            yield locale, sentence, wanted
    fake = faker.Faker("en_US")
    for _ in range(TEXTS * 3):
        said = random.choice(HARMLESS).format(
            order=fake.numerify(random.choice(["%#####", "%#########", "%###########", "%############"])), date=fake.date(),
            amount=f"{random.randint(1, 10**6):,}.{random.randint(10, 99)}", version=".".join(str(random.randint(0, 30)) for _ in range(random.randint(3, 4))),
            isbn=fake.isbn13(), hex=fake.sha1()[:16], time=fake.iso8601(), small=random.randint(1, 99))
        yield "harmless", said, []


def speed(program):
    """One text of a megabyte each: prose in two languages, a table, a log."""
    fake = faker.Faker("en_US")
    prose = {locale: faker.Faker(locale) for locale in ("en_US", "ru_RU")}
    makers = {locale: (lambda fake=fake: fake.paragraph(8)) for locale, fake in prose.items()}
    makers["table"] = lambda: ",".join(fake.numerify("%" + "#" * random.randint(0, 8)) for _ in range(12))
    makers["log"] = lambda: f"{fake.iso8601()} INFO {fake.sha1()[:16]} GET /api/v1/items/{random.randint(1, 10**6)} 200 {random.randint(1, 900)}ms"
    for name, make in makers.items():
        some = "\n".join(make() for _ in range(400)).encode()
        with tempfile.NamedTemporaryFile(suffix=".txt") as file:
            file.write((some * (1_000_000 // len(some) + 1))[:1_000_000].decode(errors="ignore").encode())
            file.flush()
            said = json.loads(subprocess.run([program, "--time", file.name], capture_output=True, check=True).stdout)
        print(f"1 MB of {name}: {said['us'] / 1000:.1f} ms")


def main():
    cases = list(texts())
    lines = "".join(json.dumps(text) + "\n" for _, text, _ in cases)
    out = subprocess.run([sys.argv[1]], input=lines, capture_output=True, text=True, check=True).stdout
    rows = collections.defaultdict(lambda: [0, 0, 0])
    missed, wrong = collections.defaultdict(list), []
    for (locale, text, wanted), line in zip(cases, out.splitlines()):
        spans = json.loads(line)
        for kind, said in wanted:
            row = rows[f"{kind} {locale}" if kind in ("PERSON", "ADDRESS", "PHONE") else kind]
            covering = [span for span in spans if said in span["text"] or span["text"] in said]
            whole = [span for span in covering if said in span["text"]]
            row[0] += 1
            row[1] += bool(whole)
            row[2] += bool([span for span in covering if span["kind"] == kind])
            if not whole:
                missed[kind, locale].append(f"{said!r} in {text!r}")
        for span in spans:
            if not any(said in span["text"] or span["text"] in said for _, said in wanted):
                wrong.append((span["kind"], span["text"], text))
    found = sum(row[1] for row in rows.values())
    print(f"{'kind':22} {'said':>6} {'recall':>7} {'typed':>7}")
    for kind, (said, whole, typed) in sorted(rows.items()):
        print(f"{kind:22} {said:6} {whole / said:7.1%} {typed / said:7.1%}")
    total = sum(row[0] for row in rows.values())
    print(f"recall {found / total:.1%} of {total} values; precision {found / (found + len(wrong)):.1%}, {len(wrong)} false finds")
    speed(sys.argv[1])
    if "-v" in sys.argv:
        for key, some in missed.items():
            print(*key, len(some), *some[:4], sep="\n  ")
        print(*wrong[:40], sep="\n")


if __name__ == "__main__":
    main()

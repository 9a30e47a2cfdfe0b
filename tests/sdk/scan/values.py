"""Identifiers as states and banks issue them, in the spellings that people use.

The check digits are python-stdnum's, so that nothing here shares a line with the detectors that it tries.
"""

import re

from stdnum import iban, luhn, numdb
from stdnum.de import idnr
from stdnum.es import cif, dni, nie
from stdnum.fr import nir
from stdnum.iso7064 import mod_11_10
from stdnum.it import codicefiscale
from stdnum.nl import bsn
from stdnum.pl import nip, pesel
from stdnum.ru import inn

NBSP, THIN, NARROW, HYPHEN = "\u00a0", "\u2009", "\u202f", "\u2011"
BLANKS = [" ", NBSP, THIN, NARROW]
GAPS = [*BLANKS, "-", HYPHEN, "."]
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
BANKS = {key: facts["bban"] for _, key, _, facts, _ in numdb.get("iban").prefixes if facts.get("bban")}


def digits(rng, count, first="123456789"):
    return rng.choice(first) + "".join(rng.choices("0123456789", k=count - 1))


def grouped(rng, text, sizes, gaps=GAPS):
    """The text in one piece, or in groups of one of some sizes with one separator between all of them."""
    shapes = [size for size in sizes if sum(size) == len(text)]
    if not shapes or rng.random() < 0.35:
        return text
    gap, parts = rng.choice(gaps), []
    for size in rng.choice(shapes):
        parts, text = [*parts, text[:size]], text[size:]
    return gap.join(parts)


def until(valid, make):
    while True:
        value = make()
        if valid(value):
            return value


def bank_account(rng):
    def field(match):
        letters = {"n": "0123456789", "a": LETTERS, "c": LETTERS + "0123456789"}[match[2]]
        return "".join(rng.choices(letters, k=int(match[1])))

    def make():
        country = rng.choice(sorted(BANKS))
        rest = re.sub(r"(\d+)!([nac])", field, BANKS[country])
        return country + iban.calc_check_digits(f"{country}00{rest}") + rest

    value = until(iban.is_valid, make)
    fours = [4] * (len(value) // 4) + ([len(value) % 4] if len(value) % 4 else [])
    return grouped(rng, value if rng.random() < 0.8 else value.lower(), [fours])


def card(rng):
    prefix, length = rng.choice([("4", 16), ("51", 16), ("55", 16), ("2200", 16), ("2221", 16), ("34", 15), ("37", 15), ("6011", 16), ("3530", 16), ("62", 16)])
    body = prefix + digits(rng, length - 1 - len(prefix), "0123456789")
    return grouped(rng, body + luhn.calc_check_digit(body), [[4, 4, 4, 4], [4, 6, 5]])


def inn_person(rng):
    body = until(lambda said: said[:2] != "00", lambda: digits(rng, 10, "0123456789"))
    return grouped(rng, body + inn.calc_personal_check_digits(body), [[4, 4, 4], [3, 3, 3, 3], [6, 6]])


def inn_firm(rng):
    body = until(lambda said: said[:2] != "00", lambda: digits(rng, 9, "0123456789"))
    return grouped(rng, body + inn.calc_company_check_digit(body), [[4, 6], [5, 5], [4, 4, 2]])


def snils(rng):
    body = digits(rng, 9)
    check = sum(int(digit) * (9 - place) for place, digit in enumerate(body)) % 101 % 100
    said = f"{body}{check:02}"
    if rng.random() < 0.5:
        return f"{said[:3]}-{said[3:6]}-{said[6:9]} {said[9:]}"
    return grouped(rng, said, [[3, 3, 3, 2], [9, 2]])


def ogrn(rng):
    if rng.random() < 0.5:
        body = digits(rng, 12, "15")
        return grouped(rng, body + str(int(body) % 11 % 10), [[1, 2, 2, 2, 5, 1]], BLANKS)
    body = digits(rng, 14, "3")
    return grouped(rng, body + str(int(body) % 13 % 10), [[5, 5, 5], [3, 3, 3, 3, 3]])


def passport(rng):
    series, number = digits(rng, 4), digits(rng, 6)
    apart = f"{series[:2]}{rng.choice(BLANKS)}{series[2:]}"
    return rng.choice([
        f"{series} {number}", f"{series}{number}", f"{apart} {number}", f"{apart} № {number}", f"{series}-{number}",
        f"{series} номер {number}", f"{series}{NBSP}{number}", f"{series}, № {number}",
    ])


def policy(rng):
    body = digits(rng, 15)
    return grouped(rng, body + luhn.calc_check_digit(body), [[4, 4, 4, 4]])


def german(rng):
    def make():
        head = rng.sample("0123456789", 9)
        head.insert(rng.randint(0, 9), rng.choice(head))
        body = "".join(head)
        return body + mod_11_10.calc_check_digit(body)

    return grouped(rng, until(idnr.is_valid, make), [[2, 3, 3, 3]])


def french(rng):
    body = f"{rng.choice('12')}{rng.randint(30, 99):02}{rng.randint(1, 12):02}{rng.choice([f'{rng.randint(1, 95):02}', '2A', '2B'])}"
    body += f"{rng.randint(1, 989):03}{rng.randint(1, 999):03}"
    return grouped(rng, body + nir.calc_check_digits(body), [[1, 2, 2, 2, 3, 3, 2], [13, 2]], [*BLANKS, "-", "."])


def italian(rng):
    letters = "".join(rng.choices("BCDFGLMNPRSTVZ", k=6))
    body = f"{letters}{rng.randint(30, 99):02}{rng.choice('ABCDEHLMPRST')}{rng.randint(1, 28):02}{rng.choice('ABCDEFGHIL')}{digits(rng, 3, '0123456789')}"
    value = body + codicefiscale.calc_check_digit(body)
    return grouped(rng, value if rng.random() < 0.8 else value.lower(), [[3, 3, 5, 5], [6, 6, 4]], [*BLANKS, "-"])


def spanish(rng):
    if rng.random() < 0.6:
        body = digits(rng, 8)
        letter, dotted = dni.calc_check_digit(body), f"{body[:2]}.{body[2:5]}.{body[5:]}"
        return rng.choice([body + letter, f"{body}-{letter}", f"{body} {letter}", f"{dotted}-{letter}", f"{body}{NBSP}{letter}"])
    body = rng.choice("XYZ") + digits(rng, 7, "0123456789")
    letter = nie.calc_check_digit(body)
    return rng.choice([body + letter, f"{body[0]}-{body[1:]}-{letter}", f"{body[0]} {body[1:]} {letter}"])


def spanish_firm(rng):
    body = rng.choice("ABEH") + digits(rng, 7)
    value = body + until(lambda check: cif.is_valid(body + check), lambda: rng.choice("0123456789"))
    return rng.choice([value, f"{value[0]}-{value[1:]}"])


def polish(rng):
    body = f"{rng.randint(40, 99):02}{rng.randint(1, 12):02}{rng.randint(1, 28):02}{digits(rng, 4, '0123456789')}"
    return grouped(rng, body + pesel.calc_check_digit(body), [[6, 5]])


def polish_tax(rng):
    return grouped(rng, until(nip.is_valid, lambda: digits(rng, 10)), [[3, 3, 2, 2], [3, 2, 2, 3]])


def dutch(rng):
    return grouped(rng, until(bsn.is_valid, lambda: digits(rng, 9)), [[3, 3, 3], [4, 2, 3]])


def vat(rng):
    def german_firm():
        body = digits(rng, 8)
        return "DE" + body + mod_11_10.calc_check_digit(body)

    def french_firm():
        body = digits(rng, 8)
        siren = body + luhn.calc_check_digit(body)
        return f"FR{(12 + 3 * (int(siren) % 97)) % 97:02}{siren}"

    def italian_firm():
        body = f"0{digits(rng, 6)}{rng.randint(1, 99):03}"
        return "IT" + body + luhn.calc_check_digit(body)

    makers = [german_firm, french_firm, italian_firm, lambda: "PL" + until(nip.is_valid, lambda: digits(rng, 10)),
              lambda: f"NL{until(bsn.is_valid, lambda: digits(rng, 9))}B{rng.randint(1, 99):02}"]
    value = rng.choice(makers)()
    return rng.choice([value, f"{value[:2]} {value[2:]}", f"{value[:2]}{NBSP}{value[2:]}", f"{value[:2]}-{value[2:]}"])


def phone(rng):
    fill = lambda form: re.sub("#", lambda _: rng.choice("23456789"), form)
    value = fill(rng.choice([
        "+7 916 ###-##-##", "8 (916) ###-##-##", "+7916#######", "8-926-###-##-##", "+49 30 #######", "+49 (0)171 #######",
        "+33 6 ## ## ## ##", "06 ## ## ## ##", "+39 06 #######", "+39 347 #######", "+34 6## ### ###", "+48 60# ### ###",
        "+31 6 ########", "+1-212-###-####", "(212) ###-####", "+44 20 7### ####", "+7 (495) ###-##-##", "+375 29 ###-##-##",
    ]))
    return value.replace(" ", rng.choice([" ", " ", NBSP])).replace("-", rng.choice(["-", "-", HYPHEN]))


def email(rng):
    name = rng.choice(["anna.k", "j.smith", "müller", "o'brien", "иван.петров", "p+office", "marie_d", "x", "g.rossi-b"])
    host = rng.choice(["example.com", "mail.example.org", "пример.рф", "firma-nord.de", "sub.domain.example.pl", "EXAMPLE.NL"])
    return f"{name}{rng.randint(1, 9999)}@{host}"


MAKERS = {
    "IBAN": bank_account, "CARD": card, "INN12": inn_person, "INN10": inn_firm, "SNILS": snils, "OGRN": ogrn, "PASSPORT": passport,
    "OMS": policy, "IDNR": german, "NIR": french, "CF": italian, "DNI": spanish, "CIF": spanish_firm, "PESEL": polish, "NIP": polish_tax, "BSN": dutch,
    "VAT": vat, "PHONE": phone, "EMAIL": email,
}

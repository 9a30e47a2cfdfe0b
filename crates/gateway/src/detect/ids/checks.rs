//! Check digits, each as its register states it.

/// A digit's value; of letters, nothing is asked here.
fn value(digit: u8) -> u32 {
    u32::from(digit.wrapping_sub(b'0'))
}

fn weighed(digits: &[u8], weights: &[u32]) -> u32 {
    digits.iter().zip(weights).map(|(digit, weight)| value(*digit) * weight).sum()
}

fn number(digits: &[u8]) -> u64 {
    digits.iter().fold(0, |sum, digit| sum * 10 + u64::from(value(*digit)))
}

fn are_all_alike(digits: &[u8]) -> bool {
    digits.iter().all(|digit| *digit == digits[0])
}

/// Russian tax number of a firm.
pub(super) fn inn10(digits: &[u8]) -> bool {
    let check = weighed(digits, &[2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11 % 10;
    check == value(digits[9]) && &digits[..2] != b"00"
}

/// Russian tax number of a person.
pub(super) fn inn12(digits: &[u8]) -> bool {
    let tens = weighed(digits, &[7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11 % 10;
    let units = weighed(digits, &[3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11 % 10;
    tens == value(digits[10]) && units == value(digits[11]) && &digits[..2] != b"00"
}

/// Russian pension insurance number.
pub(super) fn snils(digits: &[u8]) -> bool {
    let sum = weighed(digits, &[9, 8, 7, 6, 5, 4, 3, 2, 1]);
    u64::from(sum % 101 % 100) == number(&digits[9..]) && !are_all_alike(digits)
}

/// Russian state register number of a firm.
pub(super) fn ogrn(digits: &[u8]) -> bool {
    matches!(digits[0], b'1' | b'5') && number(&digits[..12]) % 11 % 10 == u64::from(value(digits[12]))
}

/// Russian state register number of a sole trader.
pub(super) fn ogrnip(digits: &[u8]) -> bool {
    digits[0] == b'3' && number(&digits[..14]) % 13 % 10 == u64::from(value(digits[14]))
}

/// ISO 7064 MOD 11,10, as in Germany.
pub(super) fn mod_11_10(digits: &[u8]) -> bool {
    let (last, body) = match digits.split_last() {
        Some(split) => split,
        None => return false,
    };
    let product = body.iter().fold(10, |product, digit| {
        let sum = (value(*digit) + product) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    (11 - product) % 10 == value(*last)
}

/// German tax number of a person: among its first ten digits one stands twice or three times, no other one does.
pub(super) fn steuer(digits: &[u8]) -> bool {
    let mut counts = [0; 10];
    digits[..10].iter().for_each(|digit| counts[value(*digit) as usize % 10] += 1);
    let repeated = counts.iter().filter(|count| **count > 1).count();
    repeated == 1 && counts.iter().all(|count| *count < 4) && digits[0] != b'0' && mod_11_10(digits)
}

/// Polish number of a person; it holds the date of birth, with the century in the month.
pub(super) fn pesel(digits: &[u8]) -> bool {
    let (month, day) = (number(&digits[2..4]) % 20, number(&digits[4..6]));
    let sum = weighed(digits, &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]);
    (1..=12).contains(&month) && (1..=31).contains(&day) && sum.is_multiple_of(10)
}

/// Polish tax number.
pub(super) fn nip(digits: &[u8]) -> bool {
    weighed(digits, &[6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 == value(digits[9]) && !are_all_alike(digits)
}

/// Dutch number of a person: the eleven test.
pub(super) fn bsn(digits: &[u8]) -> bool {
    // The last weight is -1, which is 10 to a remainder by 11.
    weighed(digits, &[9, 8, 7, 6, 5, 4, 3, 2, 10]).is_multiple_of(11) && !are_all_alike(digits)
}

/// French number of a person: sex, year, month, place, order, and the key by 97. Corsica's departments count as 19
/// and 18.
pub(super) fn nir(said: &[u8]) -> bool {
    let mut digits: [u8; 15] = match said.try_into() {
        Ok(digits) => digits,
        Err(_) => return false,
    };
    match &digits[5..7] {
        b"2A" => digits[5..7].copy_from_slice(b"19"),
        b"2B" => digits[5..7].copy_from_slice(b"18"),
        _ => {}
    }
    let (month, place) = (number(&digits[3..5]), number(&digits[5..7]));
    matches!(digits[0], b'1'..=b'4' | b'7' | b'8')
        && matches!(month, 1..=12 | 20 | 30..=42 | 50..=99)
        && place > 0
        && digits.iter().all(u8::is_ascii_digit)
        && 97 - number(&digits[..13]) % 97 == number(&digits[13..])
}

/// French tax number: a key of two, and a SIREN by Luhn.
pub(super) fn siren_with_key(digits: &[u8]) -> bool {
    let siren = &digits[2..];
    let key = (12 + 3 * (number(siren) % 97)) % 97;
    siren.iter().all(u8::is_ascii_digit)
        && luhn(siren)
        && (number(&digits[..2]) == key || !digits[..2].iter().all(u8::is_ascii_digit))
}

/// Italian tax number of a firm, Russian health insurance policy.
pub(super) fn luhn(digits: &[u8]) -> bool {
    crate::detect::card::luhn(digits) && !are_all_alike(digits)
}

/// Dutch tax number: the eleven test of old ones, the check by 97 of those since 2020.
pub(super) fn btw(said: &[u8]) -> bool {
    let expanded = |rest: u64, char: &u8| match char {
        b'A'..=b'Z' => (rest * 100 + u64::from(char - b'A') + 10) % 97,
        _ => (rest * 10 + u64::from(value(*char))) % 97,
    };
    bsn(&said[2..11]) || said.iter().fold(0, expanded) == 1
}

/// Spanish number of a person, of a foreigner with its first letter, or of a firm.
pub(super) fn nif(said: &[u8]) -> bool {
    const LETTERS: &[u8; 23] = b"TRWAGMYFPDXBNJZSQVHLCKE";
    let letter = |number: u64| LETTERS[(number % 23) as usize] == said[8];
    match said[0] {
        b'0'..=b'9' => letter(number(&said[..8])),
        first @ b'X'..=b'Z' => letter(number(&said[1..8]) + u64::from(first - b'X') * 10_000_000),
        _ => cif(said),
    }
}

fn cif(said: &[u8]) -> bool {
    let sum: u32 = said[1..8]
        .iter()
        .enumerate()
        .map(|(place, digit)| match place % 2 {
            0 => value(*digit) * 2 / 10 + value(*digit) * 2 % 10,
            _ => value(*digit),
        })
        .sum();
    let check = (10 - sum % 10) % 10;
    let letter = b"JABCDEFGHI"[check as usize];
    b"ABCDEFGHJNPQRSUVW".contains(&said[0]) && (value(said[8]) == check || said[8] == letter)
}

/// Italian tax code; letters may stand in for digits where two people would have the same.
pub(super) fn codice_fiscale(said: &[u8]) -> bool {
    const ODD: [u32; 26] =
        [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
    let fits = said.iter().zip(b"LLLLLLNNMNNLNNNL").all(|(char, wanted)| match wanted {
        b'L' => char.is_ascii_uppercase(),
        b'M' => b"ABCDEHLMPRST".contains(char),
        _ => char.is_ascii_digit() || b"LMNPQRSTUV".contains(char),
    });
    let place = |char: u8| if char.is_ascii_digit() { value(char) } else { u32::from(char.wrapping_sub(b'A')) };
    let sum = |from: usize, worth: &dyn Fn(u32) -> u32| {
        said[..15].iter().skip(from).step_by(2).map(|char| worth(place(*char).min(25))).sum::<u32>()
    };
    fits && (sum(0, &|place| ODD[place as usize]) + sum(1, &|place| place)) % 26 == u32::from(said[15] - b'A')
}

/// German identity card and passport: letters count from ten, weights 7, 3, 1.
pub(super) fn document(said: &[u8]) -> bool {
    let Some((last, serial)) = said.split_last() else { return false };
    let worth = |char: &u8| char::from(*char).to_digit(36).unwrap_or(0);
    let sum: u32 = serial.iter().zip([7, 3, 1].iter().cycle()).map(|(char, weight)| worth(char) * weight).sum();
    last.is_ascii_digit() && sum % 10 == value(*last)
}

//! The world's country codes (ITU-T E.164) and how long a number behind each can be.

/// Whether these digits, without a plus, are a country code and a number of a length it has.
pub(super) fn is_international(digits: &[u8]) -> bool {
    (1..=3).any(|length| {
        let Some((code, number)) = digits.split_at_checked(length) else { return false };
        let code = code.iter().fold(0_u16, |sum, digit| sum * 10 + u16::from(digit - b'0'));
        let known = COUNTRIES.binary_search_by_key(&code, |(known, _, _)| *known);
        known.is_ok_and(|at| {
            let (_, least, most) = COUNTRIES[at];
            digits[0] != b'0' && (usize::from(least)..=usize::from(most)).contains(&number.len()) && digits.len() <= 15
        })
    })
}

/// The same, with a trunk zero at a place among the digits left out.
pub(super) fn is_international_with_trunk(digits: &[u8], zero: Option<usize>) -> bool {
    let Some(zero) = zero.filter(|at| *at < digits.len()) else { return false };
    let mut without = digits.to_vec();
    without.remove(zero);
    is_international(&without)
}

#[rustfmt::skip]
/// Code, shortest and longest national number. Where a country has many lengths, its widest span.
const COUNTRIES: &[(u16, u8, u8)] = &[
    (1, 10, 10), (7, 10, 10), (20, 8, 10), (27, 9, 9), (30, 10, 10), (31, 9, 9), (32, 8, 9), (33, 9, 9), (34, 9, 9),
    (36, 8, 9), (39, 6, 12), (40, 9, 9), (41, 9, 9), (43, 4, 13), (44, 9, 10), (45, 8, 8), (46, 7, 10), (47, 8, 8),
    (48, 9, 9), (49, 6, 12), (51, 8, 9), (52, 10, 10), (53, 6, 8), (54, 10, 11), (55, 10, 11), (56, 9, 9),
    (57, 8, 10), (58, 10, 10), (60, 8, 10), (61, 9, 9), (62, 8, 12), (63, 8, 10), (64, 8, 10), (65, 8, 8),
    (66, 8, 9), (81, 9, 10), (82, 8, 11), (84, 9, 10), (86, 7, 11), (90, 10, 10), (91, 10, 10), (92, 9, 10),
    (93, 9, 9), (94, 9, 9), (95, 7, 10), (98, 10, 10), (211, 9, 9), (212, 9, 9), (213, 8, 9), (216, 8, 8),
    (218, 8, 9), (220, 7, 7), (221, 9, 9), (222, 8, 8), (223, 8, 8), (224, 8, 9), (225, 10, 10), (226, 8, 8),
    (227, 8, 8), (228, 8, 8), (229, 8, 10), (230, 7, 8), (231, 7, 9), (232, 8, 8), (233, 9, 9), (234, 8, 11),
    (235, 8, 8), (236, 8, 8), (237, 9, 9), (238, 7, 7), (239, 7, 7), (240, 9, 9), (241, 7, 8), (242, 9, 9),
    (243, 9, 9), (244, 9, 9), (245, 7, 9), (246, 7, 7), (247, 4, 5), (248, 7, 7), (249, 9, 9), (250, 9, 9),
    (251, 9, 9), (252, 7, 9), (253, 8, 8), (254, 9, 9), (255, 9, 9), (256, 9, 9), (257, 8, 8), (258, 8, 9),
    (260, 9, 9), (261, 9, 9), (262, 9, 9), (263, 8, 10), (264, 8, 9), (265, 7, 9), (266, 8, 8), (267, 7, 8),
    (268, 8, 8), (269, 7, 7), (290, 4, 5), (291, 7, 7), (297, 7, 7), (298, 6, 6), (299, 6, 6), (350, 8, 8),
    (351, 9, 9), (352, 4, 11), (353, 7, 9), (354, 7, 9), (355, 8, 9), (356, 8, 8), (357, 8, 8), (358, 5, 12),
    (359, 7, 9), (370, 8, 8), (371, 8, 8), (372, 7, 10), (373, 8, 8), (374, 8, 8), (375, 9, 9), (376, 6, 9),
    (377, 8, 9), (378, 6, 10), (380, 9, 9), (381, 7, 10), (382, 8, 8), (383, 8, 9), (385, 8, 9), (386, 8, 8),
    (387, 8, 9), (389, 8, 8), (420, 9, 9), (421, 9, 9), (423, 7, 9), (500, 5, 5), (501, 7, 7), (502, 8, 8),
    (503, 8, 8), (504, 8, 8), (505, 8, 8), (506, 8, 8), (507, 7, 8), (508, 6, 9), (509, 8, 8), (590, 9, 9),
    (591, 8, 8), (592, 7, 7), (593, 8, 9), (594, 9, 9), (595, 9, 9), (596, 9, 9), (597, 6, 7), (598, 8, 8),
    (599, 7, 8), (670, 7, 8), (672, 5, 6), (673, 7, 7), (674, 7, 7), (675, 7, 8), (676, 5, 7), (677, 5, 7),
    (678, 5, 7), (679, 7, 7), (680, 7, 7), (681, 6, 6), (682, 5, 5), (683, 4, 7), (685, 5, 7), (686, 5, 8),
    (687, 6, 6), (688, 5, 7), (689, 6, 8), (690, 4, 7), (691, 7, 7), (692, 7, 7), (800, 8, 8), (808, 8, 8),
    (850, 8, 10), (852, 8, 8), (853, 8, 8), (855, 8, 9), (856, 8, 10), (870, 9, 12), (878, 12, 12), (880, 8, 10),
    (881, 8, 10), (882, 7, 12), (883, 8, 12), (886, 8, 9), (888, 7, 12), (960, 7, 7), (961, 7, 8), (962, 8, 9),
    (963, 8, 9), (964, 8, 10), (965, 8, 8), (966, 8, 9), (967, 7, 9), (968, 8, 8), (970, 8, 9), (971, 8, 9),
    (972, 8, 9), (973, 8, 8), (974, 7, 8), (975, 8, 8), (976, 8, 8), (977, 8, 10), (979, 9, 9), (992, 9, 9),
    (993, 8, 8), (994, 9, 9), (995, 9, 9), (996, 9, 9), (998, 9, 9),
];

#[cfg(test)]
mod tests {
    use super::{COUNTRIES, is_international};

    #[test]
    fn codes_are_sorted_and_no_code_begins_another() {
        assert!(COUNTRIES.windows(2).all(|pair| pair[0].0 < pair[1].0));
        for (code, least, most) in COUNTRIES {
            assert!(least <= most && code.to_string().len() + usize::from(*most) <= 15, "{code}");
            let begins = |other: &u16| other != code && other.to_string().starts_with(&code.to_string());
            assert!(!COUNTRIES.iter().any(|(other, _, _)| begins(other)), "{code}");
        }
    }

    #[test]
    fn lengths_are_checked() {
        assert!(is_international(b"79161234567"));
        assert!(!is_international(b"7916123456"));
        assert!(!is_international(b"799999999999"));
        assert!(is_international(b"12125550123"));
        assert!(!is_international(b"2101234567"), "210 is nobody's");
    }
}

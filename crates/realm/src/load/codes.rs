//! Codes of places and money.

/// ISO 3166-1 alpha-2, officially assigned.
const COUNTRIES: &str = "\
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ \
CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR \
GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP \
KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT \
MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW \
SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG \
UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

/// ISO 4217; funds, precious metals and the code that says "no currency" left out, `XTS` one for tests.
const CURRENCIES: &str = "\
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP \
CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR \
IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU \
MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG \
SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV \
WST XAF XCD XCG XDR XOF XPF XTS YER ZAR ZMW ZWG";

/// Whether a code is of a country, assigned by ISO or left to users (AA, QM to QZ, XA to XZ, ZZ).
pub(crate) fn is_country(code: &str) -> bool {
    let [first, second] = code.as_bytes() else { return false };
    let user_assigned = match first {
        b'A' => *second == b'A',
        b'Q' => (b'M'..=b'Z').contains(second),
        b'X' => second.is_ascii_uppercase(),
        b'Z' => *second == b'Z',
        _ => false,
    };
    user_assigned || countries().any(|country| country == code)
}

/// The code that was meant by one that is none: the wrong case, or one in use elsewhere than in ISO 3166-1.
pub(super) fn country_meant(code: &str) -> Option<String> {
    let upper = code.to_ascii_uppercase();
    let meant = match upper.as_str() {
        "UK" => "GB".to_owned(),
        "EL" => "GR".to_owned(),
        _ => upper,
    };
    is_country(&meant).then_some(meant)
}

/// The assigned codes.
fn countries() -> impl Iterator<Item = &'static str> {
    COUNTRIES.split(' ')
}

/// The currencies there are.
pub(super) fn currencies() -> impl Iterator<Item = &'static str> {
    CURRENCIES.split(' ')
}

#[cfg(test)]
mod tests {
    use super::{countries, country_meant, currencies, is_country};

    #[test]
    fn knows_the_countries() {
        assert_eq!(countries().count(), 249);
        assert!(["RU", "IN", "CN", "AA", "QM", "QZ", "XA", "XK", "XZ", "ZZ"].iter().all(|code| is_country(code)));
        assert!(["EU", "UK", "AB", "QA1", "QL", "ru", "", "ЯЯ"].iter().all(|code| !is_country(code)));
        assert_eq!(country_meant("uk").as_deref(), Some("GB"));
        assert_eq!(country_meant("xa").as_deref(), Some("XA"));
        assert_eq!(country_meant("EU"), None);
        assert!(countries().is_sorted() && currencies().is_sorted());
        assert!(currencies().all(|code| code.len() == 3));
    }
}

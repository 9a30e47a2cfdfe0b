use super::check;
use crate::detect::{Detectors, Ip, Key};

#[test]
fn internet_addresses() {
    check(
        &Ip,
        &[
            "from [192.168.100.200] to [8.8.8.8]:53, [10.1.2.3]/8",
            "IP [1.2.3.4]. Next",
            "http://[203.0.113.7]:8080/x user@[192.168.1.1]",
            "[2001:db8::1], [2001:0db8:85a3:0000:0000:8a2e:0370:7334] [fe80::1ff:fe23:4567:890a]%eth0",
            "version 1.2.3.4, v1.22.33.44, ver. 10.20.30.40, версия 10.0.22.31",
            "1.2.3.4 Introduction, 2.1.3.1, 127.0.0.1, 0.0.0.0, 255.255.255.0, ::1, ::",
            "12:30:45, std::fmt, bad::cafe, a::b, 00:1a:2b:3c:4d:5e, 1.2.3.4.5, 256.1.1.1, 10.0.0, x10.20.30.40",
            "pip install foo==10.20.30.40, extension 2.5.29.31",
        ],
    );
}

#[test]
fn keys() {
    let body = "aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5";
    let hex = "0123456789abcdef0123456789abcdef0123456789abcdef";
    let jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U";
    let lines = [
        format!("key [sk-proj-{body}], [ghp_{body}] and [fh_{hex}]"),
        format!("OPENAI_API_KEY=[sk-{body}]"),
        "[AKIAIOSFODNN7EXAMPLE] AKIAIOSFODNN7EXAMPLES AKIA".to_owned(),
        "aws_secret_access_key = [wJalrXUtnFEMI3K7MDENG9bPxRfiCYEXAMPLEKEY]".to_owned(),
        format!("Authorization: Bearer [{body}]; \"token\": \"[{jwt}]\""),
        format!("a word {body} alone, max_tokens: 128000, sk-learn-is-a-nice-library, risk-{body}"),
        "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----".to_owned(),
        "x\n[-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEI\n-----END EC PRIVATE KEY-----]\ny".to_owned(),
        "[-----BEGIN PRIVATE KEY-----\nMHcCAQEEIMHcCAQEEIMHcCAQEEIMHcCAQEEI]".to_owned(),
        "a file starts with -----BEGIN PRIVATE KEY-----, then lines; secret: //example.com/a/52673942c1c7364f36aa/b"
            .to_owned(),
        format!("commit {hex} src/detect/tests/a_long_name_of_a_file_2024.rs token: see docs/api.md#tokens"),
    ];
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    check(&Key, &lines);
    let span = &Detectors::standard().find(&format!("sk-{body}"))[0];
    assert_eq!((span.kind.as_str(), span.class.as_str()), ("KEY", "secret"));
}

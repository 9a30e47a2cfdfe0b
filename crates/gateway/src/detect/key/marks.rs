//! How known services begin their keys.

/// A kind of key.
pub(super) struct Mark {
    pub(super) prefix: &'static str,
    /// At least so many characters follow; exactly, where the service has one length.
    pub(super) least: usize,
    pub(super) exact: bool,
    /// Digits among them: names in programs have few.
    pub(super) digits: usize,
    pub(super) body: fn(u8) -> bool,
}

const fn mark(prefix: &'static str, least: usize, digits: usize, body: fn(u8) -> bool) -> Mark {
    Mark { prefix, least, exact: false, digits, body }
}

fn plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

fn capitals(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit()
}

fn any(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

fn dotted(byte: u8) -> bool {
    any(byte) || matches!(byte, b'.' | b'+' | b'/')
}

pub(super) const MARKS: &[Mark] = &[
    // Ours.
    mark("fh_", 40, 4, plain),
    // OpenAI, Anthropic and those that copy them; Stripe.
    mark("sk-", 20, 2, any),
    mark("sk_live_", 16, 1, plain),
    mark("sk_test_", 16, 1, plain),
    mark("rk_live_", 16, 1, plain),
    // Amazon.
    Mark { prefix: "AKIA", least: 16, exact: true, digits: 0, body: capitals },
    Mark { prefix: "ASIA", least: 16, exact: true, digits: 0, body: capitals },
    // GitHub, GitLab.
    mark("ghp_", 30, 1, plain),
    mark("gho_", 30, 1, plain),
    mark("ghu_", 30, 1, plain),
    mark("ghs_", 30, 1, plain),
    mark("ghr_", 30, 1, plain),
    mark("github_pat_", 30, 2, any),
    mark("glpat-", 20, 1, any),
    // Slack, Google, Hugging Face, npm, PyPI, SendGrid.
    mark("xoxb-", 20, 4, any),
    mark("xoxp-", 20, 4, any),
    mark("xoxa-", 20, 4, any),
    mark("AIza", 35, 1, any),
    mark("ya29.", 20, 2, any),
    mark("hf_", 30, 1, plain),
    mark("npm_", 36, 1, plain),
    mark("pypi-", 40, 2, any),
    mark("SG.", 40, 2, dotted),
    // Yandex Cloud.
    mark("AQVN", 30, 2, any),
    mark("t1.", 60, 4, dotted),
    mark("y0_", 30, 2, any),
    // JSON web tokens.
    mark("eyJ", 40, 2, dotted),
];

use std::path::PathBuf;

use jiff::civil::Date;

use crate::{OrganisationId, ProviderId};

/// Who operates an endpoint.
#[derive(Debug, Clone)]
pub struct Provider {
    /// Its id.
    pub id: ProviderId,
    /// Who operates it.
    pub operator: OrganisationId,
    /// What it speaks.
    pub protocol: Protocol,
    /// Where it is, without a trailing slash; none for the embedded engine.
    pub base_url: Option<String>,
    /// Where a token is asked for, as a whole address; GigaChat, and YandexGPT with a service account's key.
    pub auth_url: Option<String>,
    /// Where YandexGPT's operations are asked after, as `base_url`: where there is one, chats take their time.
    pub operations_url: Option<String>,
    /// Which of GigaChat's tariffs the credential is for.
    pub scope: Option<GigachatScope>,
    /// YandexGPT's folder.
    pub folder: Option<String>,
    /// The version of Anthropic's API, which is a date. `None`: the gateway's own choice.
    pub api_version: Option<Date>,
    /// What proves who we are.
    pub credential: Option<Credential>,
    /// Certificates trusted for this provider beside the usual ones.
    pub ca_file: Option<PathBuf>,
    /// Our certificate.
    pub client_cert: Option<PathBuf>,
    /// Its key.
    pub client_key: Option<PathBuf>,
    /// How the operator can reach what runs there.
    pub access_path: AccessPath,
    /// How long to wait.
    pub timeouts: Timeouts,
    /// Requests at the same time. `None`: unlimited.
    pub concurrency: Option<u64>,
    /// Parameters that may be dropped when it cannot express them.
    pub droppable: Vec<String>,
    /// Whether it is told the trace that a request belongs to. `None`: where it is at home.
    pub trace_context: Option<bool>,
    /// Whether what answers there stands in for a model: then no evaluation of it counts.
    pub simulated: bool,
}

/// A provider's wire protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// OpenAI's.
    Openai,
    /// Anthropic's Messages API.
    Anthropic,
    /// Sber's.
    Gigachat,
    /// Yandex's.
    Yandexgpt,
    /// The engine inside this binary.
    Embedded,
}

impl Protocol {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Openai, Self::Anthropic, Self::Gigachat, Self::Yandexgpt, Self::Embedded];

    /// The word used in realm files and rules.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Openai => "openai",
            Self::Anthropic => "anthropic",
            Self::Gigachat => "gigachat",
            Self::Yandexgpt => "yandexgpt",
            Self::Embedded => "embedded",
        }
    }
}

/// Whom GigaChat bills, and how: a token is asked for one of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum GigachatScope {
    /// A person.
    #[default]
    Personal,
    /// A company that pays before.
    Prepaid,
    /// A company that pays after.
    Postpaid,
}

impl GigachatScope {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Personal, Self::Prepaid, Self::Postpaid];

    /// The provider's own word, also used in realm files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Personal => "GIGACHAT_API_PERS",
            Self::Prepaid => "GIGACHAT_API_B2B",
            Self::Postpaid => "GIGACHAT_API_CORP",
        }
    }
}

/// Where a credential is read from. The realm never holds the credential itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credential {
    /// An environment variable.
    Env(String),
    /// A file.
    File(PathBuf),
}

/// How an operator can reach what runs at its endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccessPath {
    /// Not at all.
    None,
    /// With support staff.
    Support,
    /// As administrator.
    Admin,
    /// By pushing updates.
    Update,
}

impl AccessPath {
    /// The word used in realm files and rules.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Support => "support",
            Self::Admin => "admin",
            Self::Update => "update",
        }
    }
}

/// How long to wait for a provider, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// For the connection.
    pub connect_ms: u64,
    /// From the request to the first byte of the answer.
    pub first_byte_ms: u64,
    /// Between two reads of the answer.
    pub idle_ms: u64,
    /// For the whole attempt.
    pub total_ms: u64,
}

/// What a server does with a deployment that fails, where its settings say nothing else: it leaves it alone after so many
/// failures in a row.
pub const BREAKER_FAILURES: u32 = 5;
/// For so many seconds the first time.
pub const COOL_DOWN_S: u64 = 10;
/// However long a provider asks to be left alone: so many seconds at most.
pub const RETRY_AFTER_MAX_S: u64 = 60;

impl Default for Timeouts {
    fn default() -> Self {
        Self { connect_ms: 5_000, first_byte_ms: 60_000, idle_ms: 60_000, total_ms: 600_000 }
    }
}

//! Packs of law, with what they say, decided and ask for.

use jiff::civil::Date;
use policy::Told;
use policy::duty::Standing;
use realm::PackId;
use realm::load::Lang;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{ErrorBody, Refused, json};
use super::call::{Call, day};
use super::policies::{RuleInfo, info};
use super::routes::{Answered, Scope};
use crate::law::{Law, law, laws};
use crate::trouble::Trouble;

/// Packs on a day.
#[derive(Serialize, ToSchema)]
pub struct Packs {
    #[schema(format = Date)]
    pub date: String,
    pub packs: Vec<PackInfo>,
}

/// A pack on a day.
#[derive(Serialize, ToSchema)]
pub struct PackInfo {
    pub id: String,
    pub title: String,
    pub version: String,
    /// Whose law it is; none: nobody's in particular.
    pub jurisdiction: Option<String>,
    /// Where its text comes from.
    pub sources: Vec<String>,
    /// When somebody last compared it with that.
    #[schema(format = Date)]
    pub verified_on: Option<String>,
    /// Rules that bind that day.
    pub in_force: u64,
    /// Rules that are evaluated in shadow.
    pub in_shadow: u64,
    /// The next day on which a rule or a duty begins to bind, or binds no more.
    #[schema(format = Date)]
    pub next_change: Option<String>,
    pub duties: DutyCount,
}

/// Duties that bind that day, by what the realm's evidence shows; and those that do not bind.
#[derive(Serialize, ToSchema)]
pub struct DutyCount {
    pub met: u64,
    pub not_met: u64,
    pub unknown: u64,
    pub not_binding: u64,
}

/// One pack with its rules and duties.
#[derive(Serialize, ToSchema)]
pub struct OnePack {
    #[schema(format = Date)]
    pub date: String,
    pub pack: PackInfo,
    pub rules: Vec<PackRule>,
    pub duties: Vec<DutyInfo>,
}

/// A rule of a pack: what it says to people, beside what it decided.
#[derive(Serialize, ToSchema)]
pub struct PackRule {
    #[serde(flatten)]
    pub rule: RuleInfo,
    /// None in packs without texts.
    pub texts: Option<RuleTexts>,
    /// The facts it asks the realm for: `kind.key`.
    pub evidence: Vec<String>,
}

/// What a rule says to people.
#[derive(Serialize, ToSchema)]
pub struct RuleTexts {
    pub en: RuleText,
    pub ru: RuleText,
}

/// What a rule says to people in one language.
#[derive(Serialize, ToSchema)]
pub struct RuleText {
    pub title: String,
    /// What it says, plainly.
    pub plain: String,
    /// What would help whoever it refuses.
    pub remedy: String,
}

/// A duty, and whether the realm's evidence shows it.
#[derive(Serialize, ToSchema)]
pub struct DutyInfo {
    pub id: String,
    pub title: DutyTitle,
    pub cite: String,
    /// `in_force`, `draft` or `voluntary`.
    pub status: &'static str,
    pub binds: bool,
    #[schema(format = Date)]
    pub from: Option<String>,
    #[schema(format = Date)]
    pub until: Option<String>,
    #[schema(format = Date)]
    pub verified_on: Option<String>,
    /// What it is about: `request`, `deployment`, `organisation` or `calendar`.
    pub scope: &'static str,
    /// `met`, `not_met` or `unknown`.
    pub state: &'static str,
    /// Evidence that would show it: `kind.key`.
    pub evidence: Vec<String>,
    /// Of whom some of it is asked and not there: `kind:id key`.
    pub lacking: Vec<String>,
}

/// What a duty demands.
#[derive(Serialize, ToSchema)]
pub struct DutyTitle {
    pub en: String,
    pub ru: String,
}

/// On which day.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct On {
    /// The day; today where it is not said.
    #[param(value_type = Option<String>, format = Date)]
    date: Option<String>,
}

fn on(call: &Call<'_>) -> Result<Date, Refused> {
    let asked: On = call.query()?;
    Ok(day("date", asked.date.as_ref())?.unwrap_or_else(|| call.desk.today()))
}

fn told(date: Option<Date>) -> Option<String> {
    date.map(|date| date.to_string())
}

fn pack_info(law: &Law<'_>) -> PackInfo {
    let (pack, count) = (law.pack, law.count());
    PackInfo {
        id: pack.id.to_string(),
        title: pack.title.clone(),
        version: pack.version.clone(),
        jurisdiction: pack.jurisdiction.as_ref().map(ToString::to_string),
        sources: pack.sources.clone(),
        verified_on: told(pack.verified_on),
        in_force: law.in_force(),
        in_shadow: law.in_shadow(),
        next_change: told(law.next_change()),
        duties: DutyCount {
            met: count.met,
            not_met: count.not_met,
            unknown: count.unknown,
            not_binding: count.not_binding,
        },
    }
}

fn duty_info(it: &Standing<'_>) -> DutyInfo {
    let duty = it.duty;
    DutyInfo {
        id: duty.id.clone(),
        title: DutyTitle { en: duty.en.clone(), ru: duty.ru.clone() },
        cite: duty.cite.clone(),
        status: duty.status.as_str(),
        binds: it.binds,
        from: told(duty.from),
        until: told(duty.until),
        verified_on: told(duty.verified_on),
        scope: duty.scope.as_str(),
        state: crate::law::word(it.met),
        evidence: duty.evidence.iter().map(ToString::to_string).collect(),
        lacking: it.lacking.iter().map(ToString::to_string).collect(),
    }
}

fn text(told: &Told) -> RuleText {
    RuleText { title: told.title.clone(), plain: told.plain.clone(), remedy: told.remedy.clone() }
}

/// The packs of law in use, on a day.
#[utoipa::path(get, path = "/api/v1/packs", tag = "policies", params(Scope, On), responses(
    (status = 200, body = Packs), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) fn list_packs(call: &Call<'_>) -> Answered {
    let (date, compiled) = (on(call)?, call.desk.around.compiled());
    let packs = laws(&compiled, &call.desk.guest.scope, date).iter().map(pack_info).collect();
    Ok(json(&Packs { date: date.to_string(), packs }))
}

/// One pack on a day: what its rules say and decided, its duties and the evidence that would show them.
#[utoipa::path(get, path = "/api/v1/packs/{pack}", tag = "policies",
    params(("pack" = String, Path, description = "Its id"), Scope, On),
    responses((status = 200, body = OnePack), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) async fn get_pack(call: &Call<'_>) -> Answered {
    let (date, compiled) = (on(call)?, call.desk.around.compiled());
    let id = PackId::new(call.name()).map_err(|_| Trouble::NotFound)?;
    let law = law(&compiled, &id, &call.desk.guest.scope, date).ok_or(Trouble::NotFound)?;
    let used = call.desk.rule_uses(law.rules.iter().map(|rule| rule.id.to_string())).await?.value;
    let rules = law.rules.iter().zip(&used).map(|(rule, used)| PackRule {
        rule: RuleInfo { binds: rule.binds_on(date), ..info(call, rule, used) },
        texts: rule.texts.as_ref().map(|it| RuleTexts { en: text(it.told(Lang::En)), ru: text(it.told(Lang::Ru)) }),
        evidence: rule.evidence.iter().map(ToString::to_string).collect(),
    });
    let (pack, rules) = (pack_info(&law), rules.collect());
    let duties = law.duties.iter().map(duty_info).collect();
    Ok(json(&OnePack { date: date.to_string(), pack, rules, duties }))
}

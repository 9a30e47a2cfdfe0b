//! Evaluations: what models answered to suites, run here or published by others. Kept with a record of each.

use realm::{DeploymentId, ModelId, UnixMs};
use serde::{Deserialize, Serialize};
use sqlx::Row;
use sqlx::any::AnyRow;

use crate::db::{Said, finish, from_row, random_hex, to_row};
use crate::{Error, Store};

/// One result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Its id.
    pub id: String,
    /// When it was kept.
    pub at: UnixMs,
    /// By whom.
    pub by: String,
    /// On which suite.
    pub suite: String,
    /// Of which model.
    pub model: ModelId,
    /// Where it comes from.
    pub origin: Origin,
    /// Questions; none: unknown.
    pub questions: Option<u64>,
    /// Right answers; none: unknown.
    pub passed: Option<u64>,
    /// The share of right answers, in millionths.
    pub score_ppm: u32,
    /// Its 95 % interval, in millionths; none: unknown.
    pub interval_ppm: Option<(u32, u32)>,
    /// JSON, in a form that those who write and read it know: by kind, what it used, how long it took.
    pub body: String,
    /// JSON: right or not, by question.
    pub answers: String,
}

/// Where a result comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "origin", rename_all = "snake_case")]
pub enum Origin {
    /// The questions were asked here.
    Own {
        /// The suite's SHA-256 in hexadecimal.
        sha256: String,
        /// Where they were asked.
        deployment: DeploymentId,
        /// By which route.
        route: String,
        /// By which app.
        app: String,
        /// The snapshot that decided.
        realm: String,
        /// Whether what answered stands in for a model: then it says nothing of one.
        simulated: bool,
        /// The route of the judge, where one ruled.
        judge: Option<String>,
    },
    /// Somebody else says so.
    Published {
        /// When: `2026-05-01`.
        date: String,
        /// Who.
        source: String,
    },
}

/// What is known of a deployment on a suite: its youngest evaluation of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Which deployment.
    pub deployment: DeploymentId,
    /// On which suite.
    pub suite: String,
    /// The lower end of the interval, in millionths.
    pub low_ppm: u32,
}

impl Evaluation {
    /// A new id.
    ///
    /// # Errors
    /// If the system has no randomness.
    pub fn new_id() -> Result<String, Error> {
        Ok(format!("e{}", random_hex::<5>()?))
    }

    /// Whether it says something of a real model.
    pub fn is_real(&self) -> bool {
        !matches!(self.origin, Origin::Own { simulated: true, .. })
    }

    /// What its record says.
    fn note(&self) -> String {
        let score = format!("{:.4}", f64::from(self.score_ppm) / 1e6);
        let counts =
            self.passed.zip(self.questions).map_or_else(String::new, |(part, all)| format!(" ({part} of {all})"));
        let said = match &self.origin {
            Origin::Own { deployment, sha256, simulated, .. } => {
                let how = if *simulated { ", simulated" } else { "" };
                format!("at {deployment}, suite sha256 {sha256}{how}")
            }
            Origin::Published { date, source } => format!("published, {date}, {source}"),
        };
        format!("{} {score}{counts}: {said}", self.suite)
    }

    fn of(row: &AnyRow) -> Result<Self, Error> {
        let corrupt = |why: String| Error::Corrupt { what: "evaluation", why };
        let text = |name: &str| row.get::<Option<String>, _>(name);
        let need = |name: &str| text(name).ok_or_else(|| corrupt(format!("no {name}")));
        let count = |name: &str| row.get::<Option<i64>, _>(name).map(|it| u64::try_from(it).unwrap_or_default());
        let ppm = |name: &str| count(name).map(|it| u32::try_from(it).unwrap_or(u32::MAX));
        let origin = match need("origin")?.as_str() {
            "own" => Origin::Own {
                sha256: need("sha256")?,
                deployment: DeploymentId::new(&need("deployment")?).map_err(|e| corrupt(e.to_string()))?,
                route: need("route")?,
                app: need("app")?,
                realm: need("realm")?,
                simulated: row.get::<i64, _>("simulated") != 0,
                judge: text("judge"),
            },
            "published" => Origin::Published { date: need("published_on")?, source: need("source")? },
            other => return Err(corrupt(format!("origin `{other}`"))),
        };
        Ok(Self {
            id: need("id")?,
            at: from_row(row.get("at_ms")),
            by: need("by")?,
            suite: need("suite")?,
            model: ModelId::new(&need("model")?).map_err(|e| corrupt(e.to_string()))?,
            origin,
            questions: count("questions"),
            passed: count("passed"),
            score_ppm: ppm("score_ppm").unwrap_or_default(),
            interval_ppm: ppm("low_ppm").zip(ppm("high_ppm")),
            body: need("body")?,
            answers: need("answers")?,
        })
    }
}

const INSERT: &str = "INSERT INTO evaluation (id, at_ms, by, origin, suite, sha256, model, deployment, route, app, realm, \
     simulated, judge, questions, passed, score_ppm, low_ppm, high_ppm, published_on, source, body, answers) VALUES \
     ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)";

/// Columns of an origin, in the order in which they are bound.
#[derive(Default)]
struct Columns<'a> {
    kind: &'static str,
    sha256: Option<&'a str>,
    deployment: Option<&'a str>,
    route: Option<&'a str>,
    app: Option<&'a str>,
    realm: Option<&'a str>,
    simulated: bool,
    judge: Option<&'a str>,
    date: Option<&'a str>,
    source: Option<&'a str>,
}

impl<'a> Columns<'a> {
    fn of(origin: &'a Origin) -> Self {
        match origin {
            Origin::Own { sha256, deployment, route, app, realm, simulated, judge } => Self {
                kind: "own",
                sha256: Some(sha256),
                deployment: Some(deployment.as_str()),
                route: Some(route),
                app: Some(app),
                realm: Some(realm),
                simulated: *simulated,
                judge: judge.as_deref(),
                ..Self::default()
            },
            Origin::Published { date, source } => {
                Self { kind: "published", date: Some(date), source: Some(source), ..Self::default() }
            }
        }
    }
}

impl Store {
    /// Keeps a result, with a record of it.
    ///
    /// # Errors
    /// If the store cannot be written.
    pub async fn keep_evaluation(&self, it: &Evaluation) -> Result<(), Error> {
        let mut tx = self.write().await?;
        let columns = Columns::of(&it.origin);
        let whole = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        sqlx::query(INSERT)
            .bind(&it.id)
            .bind(to_row(it.at))
            .bind(&it.by)
            .bind(columns.kind)
            .bind(&it.suite)
            .bind(columns.sha256)
            .bind(it.model.as_str())
            .bind(columns.deployment)
            .bind(columns.route)
            .bind(columns.app)
            .bind(columns.realm)
            .bind(i64::from(columns.simulated))
            .bind(columns.judge)
            .bind(it.questions.map(whole))
            .bind(it.passed.map(whole))
            .bind(i64::from(it.score_ppm))
            .bind(it.interval_ppm.map(|(low, _)| i64::from(low)))
            .bind(it.interval_ppm.map(|(_, high)| i64::from(high)))
            .bind(columns.date)
            .bind(columns.source)
            .bind(&it.body)
            .bind(&it.answers)
            .execute(&mut *tx)
            .await?;
        let what = if columns.kind == "own" { "eval.run" } else { "eval.import" };
        let said = Said { at: it.at, what, subject: format!("model:{}", it.model), by: &it.by, note: Some(it.note()) };
        finish(tx, said).await
    }

    /// All results, the youngest first.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub async fn evaluations(&self) -> Result<Vec<Evaluation>, Error> {
        let rows = sqlx::query("SELECT * FROM evaluation ORDER BY at_ms DESC, id").fetch_all(&self.pool).await?;
        rows.iter().map(Evaluation::of).collect()
    }

    /// One result.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub async fn evaluation(&self, id: &str) -> Result<Option<Evaluation>, Error> {
        let row = sqlx::query("SELECT * FROM evaluation WHERE id = $1").bind(id).fetch_optional(&self.pool).await?;
        row.as_ref().map(Evaluation::of).transpose()
    }

    /// What is known of each deployment on each suite from evaluations run here of real models: the youngest of each.
    pub(crate) async fn known_evaluations(&self) -> Result<Vec<Known>, Error> {
        let rows = sqlx::query(
            "SELECT deployment, suite, low_ppm FROM evaluation AS it WHERE origin = 'own' AND simulated = 0 AND at_ms = \
             (SELECT MAX(at_ms) FROM evaluation AS other WHERE other.deployment = it.deployment AND \
             other.suite = it.suite AND other.origin = 'own' AND other.simulated = 0) ORDER BY deployment, suite, id",
        );
        let rows = rows.fetch_all(&self.pool).await?;
        let known = |row: &AnyRow| {
            let corrupt = |e: realm::ids::IdError| Error::Corrupt { what: "evaluation", why: e.to_string() };
            let low_ppm = row.get::<Option<i64>, _>("low_ppm").unwrap_or_default();
            Ok(Known {
                deployment: DeploymentId::new(&row.get::<String, _>("deployment")).map_err(corrupt)?,
                suite: row.get("suite"),
                low_ppm: u32::try_from(low_ppm).unwrap_or_default(),
            })
        };
        rows.iter().map(known).collect()
    }
}

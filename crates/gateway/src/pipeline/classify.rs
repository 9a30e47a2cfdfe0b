//! What a request carries: classes found and asserted, its purpose, where its user is.

use std::sync::Arc;

use http::HeaderMap;
use jiff::civil::Date;
use realm::record::Mac;
use realm::world::{App, OnFailure};
use realm::{ClassSet, DataClass, Jurisdiction};
use wire::openai::ResponseFormat;

use crate::code::Code;
use crate::detect::{Collector, Detectors, Scan, Told};
use crate::epoch::Epoch;
use crate::error::Refused;
use crate::pipeline::accept::Asked;
use crate::salt::Salts;

/// Everything that rules may ask about a request, beside the deployment.
pub(crate) struct Facts<'e> {
    pub(crate) scan: Scan,
    /// Classes whose places in the text are known.
    pub(crate) located: ClassSet,
    /// Classes that the client asserts, and those found where nothing can be replaced.
    pub(crate) diffuse: ClassSet,
    /// Classes that the app does not declare: enforced, and marked in the record.
    pub(crate) undeclared: ClassSet,
    pub(crate) purpose: &'e str,
    pub(crate) user_jurisdiction: Option<Jurisdiction>,
    pub(crate) user: Option<Mac>,
    pub(crate) needs: Vec<String>,
    pub(crate) date: Date,
}

impl Facts<'_> {
    /// Classes found or asserted.
    pub(crate) fn classes(&self) -> ClassSet {
        self.located.union(self.diffuse)
    }

    /// Those of them that tokens can stand for: a class that is in both sets cannot be taken out whole.
    pub(crate) fn redactable(&self) -> ClassSet {
        self.located.minus(self.diffuse)
    }
}

/// What detectors outside the program say of a request.
#[derive(Default)]
pub(crate) struct Heard {
    told: Option<Arc<Told>>,
    /// Feared where one did not answer.
    assumed: ClassSet,
}

impl Heard {
    /// Asks those that the realm names about every text of a request.
    ///
    /// # Errors
    /// Where one does not answer and the realm wants the request refused then.
    pub(crate) async fn of(epoch: &Epoch, asked: &Asked<'_>) -> Result<Self, Refused> {
        match epoch.detectors.is_empty() {
            true => Ok(Self::default()),
            // In a box: its room is not held by every request.
            false => Box::pin(Self::ask(epoch, asked)).await,
        }
    }

    async fn ask(epoch: &Epoch, asked: &Asked<'_>) -> Result<Self, Refused> {
        let collector = Arc::new(Collector::default());
        aside(asked.request.body().len(), || Scan::of(&Detectors::only(collector.clone()), &asked.request));
        let texts = collector.texts();
        let (mut told, mut assumed) = (Told::default(), ClassSet::EMPTY);
        for detector in epoch.detectors.iter().filter(|_| !texts.is_empty()) {
            let (id, on_failure, said) = match detector {
                Ok(detector) => (&detector.id, detector.on_failure, detector.ask(&texts, &mut told).await),
                Err((id, on_failure)) => (id, *on_failure, Err("it cannot be used: see /readyz".to_owned())),
            };
            let Err(why) = said else { continue };
            tracing::warn!(detector = %id, why, "a detector does not answer");
            match on_failure {
                OnFailure::Assume => assumed = assumed.with(DataClass::Personal),
                OnFailure::Refuse => {
                    let words = format!("the detector `{id}` does not answer, and nothing is sent unseen by it");
                    return Err(Refused::new(Code::DetectorUnavailable, words).retry_after(1));
                }
            }
        }
        Ok(Self { told: Some(Arc::new(told)), assumed })
    }

    fn scan(&self, detectors: &Detectors, asked: &Asked<'_>) -> Scan {
        let look = |detectors: &Detectors| aside(asked.request.body().len(), || Scan::of(detectors, &asked.request));
        match &self.told {
            None => look(detectors),
            Some(told) => look(&detectors.clone().with(told.clone())),
        }
    }
}

/// Looks through a request and its headers.
///
/// # Errors
/// Headers that say what the realm does not know.
pub(crate) fn classify<'e>(
    (detectors, heard): (&Detectors, &Heard),
    epoch: &Epoch,
    app: &'e App,
    asked: &Asked<'_>,
    headers: &HeaderMap,
    date: Date,
    salts: &Salts,
) -> Result<Facts<'e>, Refused> {
    let asserted = asserted(headers)?;
    let purpose = purpose(app, headers)?;
    let user_jurisdiction = user_jurisdiction(app, epoch, headers)?;
    let user = text(headers, "x-freehold-user")?.map(|name| salts.user(name));
    let scan = heard.scan(detectors, asked);
    let (located, diffuse) = (scan.classes(), scan.diffuse().union(asserted).union(heard.assumed));
    let undeclared = located.union(diffuse).minus(app.data_classes);
    Ok(Facts { located, diffuse, undeclared, purpose, user_jurisdiction, user, needs: needs(asked), date, scan })
}

/// Looks through a request that goes on with an earlier one: what its client said by headers still holds.
pub(crate) fn again<'e>(
    (detectors, heard): (&Detectors, &Heard),
    app: &App,
    asked: &Asked<'_>,
    before: &Facts<'e>,
) -> Facts<'e> {
    let scan = heard.scan(detectors, asked);
    // What was seen once is not gone because the conversation has grown.
    let located = scan.classes().union(before.located);
    let diffuse = scan.diffuse().union(before.diffuse).union(heard.assumed);
    Facts {
        located,
        diffuse,
        undeclared: located.union(diffuse).minus(app.data_classes),
        purpose: before.purpose,
        user_jurisdiction: before.user_jurisdiction.clone(),
        user: before.user.clone(),
        needs: before.needs.clone(),
        date: before.date,
        scan,
    }
}

/// A body longer than this is looked through while another thread takes this one's other requests.
const AT_ONCE_BYTES: usize = 64 << 10;

/// Does work that takes a while for a long body, so that no other request waits for it.
pub(super) fn aside<T>(bytes: usize, work: impl FnOnce() -> T) -> T {
    use tokio::runtime::{Handle, RuntimeFlavor};
    let others = Handle::try_current().is_ok_and(|runtime| runtime.runtime_flavor() == RuntimeFlavor::MultiThread);
    if bytes > AT_ONCE_BYTES && others { tokio::task::block_in_place(work) } else { work() }
}

/// The purpose that a request names, else the app's first.
pub(crate) fn purpose<'e>(app: &'e App, headers: &HeaderMap) -> Result<&'e str, Refused> {
    let unknown = || {
        let words = format!("the purpose is not one of the app's: {}", app.purposes.join(", "));
        Refused::new(Code::UnknownPurpose, words).about("x-freehold-purpose")
    };
    match text(headers, "x-freehold-purpose")? {
        None => Ok(app.purposes.first().map_or("", String::as_str)),
        Some(named) => app.purposes.iter().find(|p| *p == named).map(String::as_str).ok_or_else(unknown),
    }
}

fn asserted(headers: &HeaderMap) -> Result<ClassSet, Refused> {
    let mut classes = ClassSet::EMPTY;
    for value in headers.get_all("x-freehold-data-class") {
        let unknown = |words: String| Refused::new(Code::UnknownDataClass, words).about("x-freehold-data-class");
        let value = value.to_str().map_err(|_| unknown("the header is not plain text".to_owned()))?;
        for word in value.split(',').map(str::trim).filter(|word| !word.is_empty()) {
            let class: DataClass = word.parse().map_err(|e: realm::class::ClassError| unknown(e.to_string()))?;
            classes = classes.with(class);
        }
    }
    Ok(classes)
}

/// Only an app that may speak for its users can say where they are.
fn user_jurisdiction(app: &App, epoch: &Epoch, headers: &HeaderMap) -> Result<Option<Jurisdiction>, Refused> {
    const HEADER: &str = "x-freehold-user-jurisdiction";
    let Some(code) = text(headers, HEADER)? else { return Ok(None) };
    let wrong = |words: &'static str| Refused::new(Code::InvalidRequest, words).about(HEADER);
    if !app.asserts_user {
        return Err(wrong("the app may not say where its users are: it lacks `asserts_user = true`"));
    }
    let country = code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase());
    match country || epoch.world().blocs.contains_key(code) {
        true => Ok(Some(Jurisdiction::new(code))),
        false => Err(wrong("expected two capital letters (ISO 3166-1) or a bloc of the realm")),
    }
}

fn text<'h>(headers: &'h HeaderMap, name: &'static str) -> Result<Option<&'h str>, Refused> {
    let Some(value) = headers.get(name) else { return Ok(None) };
    let value =
        value.to_str().map_err(|_| Refused::new(Code::InvalidRequest, "a header is not plain text").about(name))?;
    Ok(Some(value.trim()).filter(|value| !value.is_empty()))
}

/// What a deployment must be able to do for this request.
fn needs(asked: &Asked<'_>) -> Vec<String> {
    let request = &asked.request;
    let schema = matches!(request.response_format, ResponseFormat::JsonSchema);
    [
        ("stream", request.stream),
        ("tools", request.tools),
        ("json_schema", schema),
        ("images", request.unscannable.any()),
    ]
    .into_iter()
    .filter(|(_, needed)| *needed)
    .map(|(word, _)| word.to_owned())
    .collect()
}

use realm::Jurisdiction;
use realm::record::{Brief, Record, RecordError};

use crate::fixtures::{fullest, typical};

/// The short view says what the whole record says, whatever else stands in it.
#[test]
fn a_brief_view_agrees_with_the_record() {
    for (name, record) in fullest().into_iter().chain(typical()) {
        let bytes = record.to_bytes();
        match (Brief::from_bytes(&bytes).unwrap(), record) {
            (Brief::Intent(brief), Record::Intent(whole)) => {
                let names = (brief.app.as_ref(), brief.dep.as_ref(), brief.route.as_ref(), brief.purpose.as_ref());
                let (app, dep, route) = (whole.app.as_str(), whole.dep.as_str(), whole.route.as_str());
                assert_eq!(names, (app, dep, route, whole.purpose.as_str()), "{name}");
                let sets = (brief.classes, brief.redacted, brief.located);
                assert_eq!(sets, (whole.classes, whole.redacted, whole.located), "{name}");
                assert_eq!(brief.user_in.as_deref(), whole.user_in.as_ref().map(Jurisdiction::as_str), "{name}");
                assert_eq!(brief.only.as_deref(), whole.only.as_ref().map(realm::ModelId::as_str), "{name}");
                assert_eq!((brief.at, brief.needs, brief.snap), (whole.at, whole.needs, whole.snap), "{name}");
            }
            (Brief::Outcome(brief), Record::Outcome(whole)) => {
                let attempts = brief.attempts.iter().map(|it| (it.intent, it.deployment.as_ref(), it.took_ms));
                let expected = whole.attempts.iter().map(|it| (it.intent, it.deployment.as_str(), it.took_ms));
                assert!(attempts.eq(expected), "{name}");
                assert_eq!((brief.at, brief.req.as_ref(), brief.end), (whole.at, whole.req.as_str(), whole.end));
                assert_eq!((brief.tokens, brief.cost_nano), (whole.tokens, whole.cost_nano), "{name}");
                assert_eq!(brief.model.as_deref(), whole.model.as_deref(), "{name}");
            }
            (Brief::Refusal(brief), Record::Refusal(whole)) => {
                let names = (brief.app.as_ref(), brief.purpose.as_ref(), brief.code.as_ref());
                assert_eq!(names, (whole.app.as_str(), whole.purpose.as_str(), whole.code.as_str()), "{name}");
                assert_eq!(brief.route.as_deref(), whole.route.as_ref().map(realm::RouteId::as_str), "{name}");
                assert_eq!((brief.classes, brief.located, brief.snap), (whole.classes, whole.located, whole.snap));
                assert_eq!((brief.needs, brief.at), (whole.needs, whole.at), "{name}");
            }
            (Brief::Change, Record::Change(_)) => {}
            (brief, _) => panic!("{name}: read as {brief:?}"),
        }
    }
    assert!(matches!(Brief::from_bytes(b"{\"v\":2,\"t\":\"intent\"}"), Err(RecordError::Unknown { v: 2, .. })));
}

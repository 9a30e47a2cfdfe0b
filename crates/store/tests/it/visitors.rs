use realm::UnixMs;
use store::{LINK_MS, Role, SESSION_MS};

use crate::fresh;

#[tokio::test]
async fn a_link_becomes_one_session_and_neither_lies_there_in_clear() {
    let (dir, store) = fresh().await;
    let token = store.new_link("Ann", Role::Auditor, "root", UnixMs(1)).await.unwrap();
    assert!(store.enter("other", UnixMs(2)).await.unwrap().is_none());
    let session = store.enter(&token, UnixMs(2)).await.unwrap().unwrap();
    assert_eq!((session.visitor.person.as_str(), session.visitor.role), ("Ann", Role::Auditor));
    assert!(store.enter(&token, UnixMs(3)).await.unwrap().is_none(), "once");
    let end = UnixMs(2 + SESSION_MS);
    assert_eq!(store.visitor(&session.text, UnixMs(end.0 - 1)).await.unwrap().unwrap().expires, end);
    assert!(store.visitor(&session.text, end).await.unwrap().is_none());
    assert!(store.leave(&session.text, "Ann", UnixMs(4)).await.unwrap());
    assert!(!store.leave(&session.text, "Ann", UnixMs(5)).await.unwrap());
    assert!(store.visitor(&session.text, UnixMs(5)).await.unwrap().is_none());
    store.close().await;
    for file in std::fs::read_dir(dir.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        for text in [&token, &session.text] {
            assert!(!bytes.windows(text.len()).any(|w| w == text.as_bytes()));
        }
    }
}

#[tokio::test]
async fn a_link_that_nobody_used_is_over_after_its_time() {
    let (_dir, store) = fresh().await;
    let token = store.new_link("Ann", Role::Viewer, "root", UnixMs(1)).await.unwrap();
    assert!(store.enter(&token, UnixMs(1 + LINK_MS)).await.unwrap().is_none());
    assert!(store.enter(&token, UnixMs(LINK_MS)).await.unwrap().is_some());
}

use realm::UnixMs;
use store::{LINK_MS, Role, Roles, SESSION_MS};

use crate::fresh;

#[tokio::test]
async fn a_link_becomes_one_session_and_neither_lies_there_in_clear() {
    let (dir, store) = fresh().await;
    let token = store.new_link("Ann", &Roles::everywhere(Role::Auditor), "root", UnixMs(1)).await.unwrap();
    assert!(store.enter("other", UnixMs(2)).await.unwrap().is_none());
    let session = store.enter(&token, UnixMs(2)).await.unwrap().unwrap();
    assert_eq!(
        (session.visitor.person.as_str(), session.visitor.roles.clone()),
        ("Ann", Roles::everywhere(Role::Auditor))
    );
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
    let token = store.new_link("Ann", &Roles::everywhere(Role::Viewer), "root", UnixMs(1)).await.unwrap();
    assert!(store.enter(&token, UnixMs(1 + LINK_MS)).await.unwrap().is_none());
    assert!(store.enter(&token, UnixMs(LINK_MS)).await.unwrap().is_some());
}

#[tokio::test]
async fn an_accounts_roles_hold_as_they_stand_and_closing_it_ends_its_sessions() {
    let (_dir, store) = fresh().await;
    let [viewer, admin]: [Roles; 2] = ["house=viewer", "house=admin"].map(|roles| roles.parse().unwrap());
    assert!(store.add_account("ann", "hash", &viewer, "root", UnixMs(1)).await.unwrap());
    assert!(!store.add_account("ann", "other", &admin, "root", UnixMs(2)).await.unwrap(), "the name is taken");
    assert_eq!(store.password_of("ann").await.unwrap().as_deref(), Some("hash"));
    let session = store.enter_account("ann", UnixMs(3)).await.unwrap().unwrap();
    let to_admin = |_| Ok::<_, ()>(admin.clone());
    assert_eq!(store.change_roles("ann", to_admin, "root", UnixMs(4)).await.unwrap(), Some(Ok(())));
    assert_eq!(store.change_roles("nobody", to_admin, "root", UnixMs(4)).await.unwrap(), None);
    let before = store.pending(100).await.unwrap().len();
    assert_eq!(store.change_roles("ann", Ok::<_, ()>, "root", UnixMs(4)).await.unwrap(), Some(Ok(())));
    assert_eq!(store.change_roles("ann", |_| Err("no"), "root", UnixMs(4)).await.unwrap(), Some(Err("no")));
    assert_eq!(store.pending(100).await.unwrap().len(), before, "what changes nothing leaves no record");
    assert_eq!(store.visitor(&session.text, UnixMs(5)).await.unwrap().unwrap().roles, admin, "at once");
    assert!(store.disable_account("ann", true, "root", UnixMs(6)).await.unwrap());
    assert!(!store.disable_account("ann", true, "root", UnixMs(6)).await.unwrap(), "nothing left to change");
    assert!(store.visitor(&session.text, UnixMs(7)).await.unwrap().is_none());
    assert!(store.password_of("ann").await.unwrap().is_none());
    assert!(store.enter_account("ann", UnixMs(7)).await.unwrap().is_none());
    assert!(store.disable_account("ann", false, "root", UnixMs(8)).await.unwrap());
    assert!(store.visitor(&session.text, UnixMs(9)).await.unwrap().is_none(), "the old session stays ended");
    assert!(store.accounts().await.unwrap()[0].disabled.is_none());
    let pending = store.pending(9).await.unwrap();
    let said: String = pending.iter().map(|it| String::from_utf8_lossy(&it.body).into_owned()).collect();
    for what in ["account.add", "console.enter", "account.roles", "account.disable", "account.enable"] {
        assert!(said.contains(what), "{what}: {said}");
    }
    assert!(!said.contains("hash"), "no password in any record");
}

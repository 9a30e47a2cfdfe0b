//! Notices that rules have somebody give: said, taken back, each time with a record.

use realm::record::Record;
use realm::{AppId, UnixMs};
use store::Store;
use testkit::Postgres;

async fn goes_its_way(store: &Store) {
    let [desk, kiosk] = ["desk", "kiosk"].map(|id| AppId::new(id).unwrap());
    let told = store.tell_notice(("tell", &desk), UnixMs(5), "letter 7", ("ann", UnixMs(9))).await.unwrap();
    assert_eq!(
        store.told_notices(std::slice::from_ref(&desk)).await.unwrap(),
        std::slice::from_ref(&told),
        "what was written is read back"
    );
    assert!(store.told_notices(&[kiosk]).await.unwrap().is_empty());
    assert!(store.untell_notice(&told.id, ("bob", UnixMs(10))).await.unwrap());
    assert!(!store.untell_notice(&told.id, ("eve", UnixMs(11))).await.unwrap(), "the first word stands");
    assert!(!store.untell_notice("none", ("eve", UnixMs(11))).await.unwrap());
    let undone = store.told_notices(std::slice::from_ref(&desk)).await.unwrap().remove(0).undone;
    assert_eq!(undone, Some((UnixMs(10), "bob".to_owned())));
    let said: Vec<String> = store.pending(9).await.unwrap().iter().map(|it| words(&it.body)).collect();
    let note = "app desk, rule tell, requests until 1970-01-01T00:00:00.005Z: letter 7";
    assert_eq!(said, [format!("notice.tell ann {note}"), format!("notice.untell bob {note}")]);
}

fn words(body: &[u8]) -> String {
    match Record::from_bytes(body).unwrap() {
        Record::Change(change) => format!("{} {} {}", change.what, change.by, change.note.unwrap_or_default()),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn notices_go_their_way_on_a_file() {
    let (_dir, store) = crate::fresh().await;
    goes_its_way(&store).await;
}

#[tokio::test]
async fn notices_go_their_way_in_a_database() {
    let cluster = Postgres::start().unwrap();
    goes_its_way(&Store::connect(&cluster.url().parse().unwrap()).await.unwrap()).await;
}

use std::fs;

use realm::{Jurisdiction, PackId, init};

use crate::support::loaded;

#[test]
fn what_init_writes_loads_without_a_word() {
    let packs = [PackId::new("strategic-sectors").unwrap()];
    for (home, packs) in [("XA", &packs[..]), ("RU", &[]), ("IN", &packs[..0]), ("DE", &packs[..])] {
        let dir = tempfile::tempdir().unwrap();
        for (path, text) in init::starter(&Jurisdiction::new(home), packs) {
            let path = dir.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let loaded = loaded(dir.path());
        assert!(loaded.warnings.is_empty(), "{home}: {:?}", loaded.warnings);
        let world = &loaded.snapshot.world;
        assert_eq!(world.head.home.as_str(), home);
        assert_eq!(world.head.packs, packs);
        assert!(world.deployments.values().all(|it| it.host.as_str() == home));
    }
}

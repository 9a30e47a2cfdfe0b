//! A log whose last signed head was lost: only a person who names the size goes on with it.

use std::sync::Arc;

use ledger::storage::Disk;
use ledger::{AcceptError, Core, Error, KeySource, Options, TreeSize, accept_head};

use crate::fixture::{Written, origin};

#[test]
fn a_head_is_accepted_only_for_the_size_that_is_named() {
    let mut log = Written::new();
    log.append(20);
    log.core.publish().unwrap();
    let size = log.core.published().unwrap().size;
    let options = Options::new(log.data.path(), "a", origin());
    let accept = |named| accept_head(Arc::new(Disk), options.clone(), TreeSize(named));
    assert!(matches!(accept(size.0), Err(AcceptError::NotMissing(_))));
    std::fs::remove_file(options.state_dir.join("head")).unwrap();
    let key = KeySource::Stored { seed_if_new: [1; 32] };
    let opened = Core::open(Arc::new(Disk), options.clone(), key, Arc::new(|| 1));
    let Err(error @ Error::HeadMissing { .. }) = opened.map(drop) else { panic!("a lost head was accepted") };
    assert!(error.is_fatal() && error.to_string().contains("freehold ledger accept-head"), "{error}");
    for named in [size.0 - 1, size.0 + 1] {
        assert!(matches!(accept(named), Err(AcceptError::OtherSize { found, .. }) if found == size));
    }
    assert_eq!(accept(size.0).unwrap().size, size);
    let log = log.reopen();
    assert_eq!(log.core.size(), size);

    std::fs::remove_file(options.state_dir.join("head")).unwrap();
    std::fs::remove_file(options.dir.join("checkpoint")).unwrap();
    assert!(matches!(accept(size.0), Err(AcceptError::NothingSigned(_))));
}

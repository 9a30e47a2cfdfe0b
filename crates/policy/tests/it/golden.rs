//! Golden texts beside the tests. `UPDATE_GOLDEN=1 cargo test -p policy` writes them anew; read the difference.

use std::fs;
use std::path::PathBuf;

pub fn check(name: &str, text: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::create_dir_all(path.parent().expect("the folder of golden texts")).expect("it can be made");
        fs::write(&path, text).expect("it can be written");
    }
    let golden = fs::read_to_string(&path).unwrap_or_default();
    assert!(golden == text, "{name} is not as it was. Now:\n{text}\nThen:\n{golden}");
}

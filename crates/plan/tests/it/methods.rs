//! Which method solves, and what is said where it is not there.

use plan::solve::{Failure, Method, Options, has_hipo, solve};

use crate::support::{case, changed};

#[test]
fn simplex_and_interior_point_find_the_same_cost() {
    let it = case(&changed(&[("module_mw = 70\n", "")]));
    let by = |method| solve(&it, &Options { method, ..Options::default() }, &mut |_| ()).unwrap().objective;
    let (simplex, interior) = (by(Method::Simplex), by(Method::Ipm));
    assert!((simplex / interior - 1.0).abs() < 1e-6, "{simplex} {interior}");
}

#[test]
fn hipo_without_its_library_is_refused_and_nothing_else_is_taken() {
    let empty = tempfile::tempdir().unwrap();
    let options = Options { method: Method::Hipo, hipo: Some(empty.path().to_owned()), ..Options::default() };
    assert!(!has_hipo(options.hipo.as_deref()));
    assert_eq!(solve(&case(&changed(&[])), &options, &mut |_| ()).err(), Some(Failure::NoHipo));
}

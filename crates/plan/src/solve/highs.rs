//! HiGHS, through its C interface: the only unsafe code of this crate.
#![expect(unsafe_code, reason = "HiGHS is a C++ library; each call is argued")]

use std::ffi::{CString, c_int, c_void};
use std::path::Path;

use highs_sys as c;

use super::Options;
use crate::model::Problem;

/// A solver with one model in it.
pub(super) struct Highs(*mut c_void);

/// What the solver says of a bound that has no part in a conflict (`kIisBoundStatusFree`); what has is above.
const FREE: c::HighsInt = 1;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ended {
    Optimal,
    Infeasible,
    Unbounded,
    TimeLimit,
    Other(i32),
}

/// What one more unit of each bound does to the cost, in the scale of the problem.
#[derive(Debug, Clone, Default)]
pub(super) struct Duals {
    pub(super) columns: Vec<f64>,
    pub(super) rows: Vec<f64>,
}

/// Loads no library beside the solver, unless one was asked for before: what it finds by itself is not ours.
fn nothing_loaded() {
    // SAFETY: an empty C string, and no search: the first call decides for the process, later ones change nothing.
    unsafe { c::Highs_initializeExtras(c"".as_ptr(), 0) };
}

/// Loads HiPO's library, the first time; whether it is there and of this solver's version.
pub(super) fn has_hipo(directory: Option<&Path>) -> bool {
    let Ok(place) = CString::new(directory.map(|it| it.as_os_str().as_encoded_bytes()).unwrap_or_default()) else {
        return false;
    };
    // SAFETY: the place is a C string that outlives the call; an empty one means the loader's own search.
    let status = unsafe { c::Highs_initializeExtras(place.as_ptr(), c::HighsInt::from(directory.is_none())) };
    if status != c::kHighsStatusOk {
        return false;
    }
    // SAFETY: creates a solver of our own; it is destroyed when dropped.
    let highs = Highs(unsafe { c::Highs_create() });
    highs.set_flag("output_flag", false);
    // The library may have been built without what HiPO needs: then the solver refuses its name.
    highs.set_text("solver", "hipo")
}

impl Drop for Highs {
    fn drop(&mut self) {
        // SAFETY: the pointer came from `Highs_create` and is destroyed once, here.
        unsafe { c::Highs_destroy(self.0) }
    }
}

impl Highs {
    /// Hands a model over; `relaxed` leaves out that some columns are whole numbers. None: the model is too large or refused.
    pub(super) fn new(problem: &Problem, relaxed: bool) -> Option<Self> {
        let count = |length: usize| c::HighsInt::try_from(length).ok();
        let (columns, rows, entries) = (count(problem.columns())?, count(problem.rows())?, count(problem.index.len())?);
        let start: Vec<c::HighsInt> = problem.start.iter().map(|it| it.cast_signed()).collect();
        let index: Vec<c::HighsInt> = problem.index.iter().map(|it| it.cast_signed()).collect();
        let mut kinds = vec![c::kHighsVarTypeContinuous; problem.columns()];
        for column in problem.whole.iter().filter(|_| !relaxed) {
            kinds[*column as usize] = c::kHighsVarTypeInteger;
        }
        nothing_loaded();
        // SAFETY: creates a solver of our own; it is destroyed when `Self` is dropped.
        let highs = Self(unsafe { c::Highs_create() });
        highs.set_flag("output_flag", false);
        let integrality = (!relaxed && !problem.whole.is_empty()).then_some(kinds.as_slice());
        let status = highs.pass(problem, [columns, rows, entries], (&start, &index), integrality);
        // A warning is of values so small that they are left out.
        (status != c::kHighsStatusError).then_some(highs)
    }

    fn pass(
        &self,
        problem: &Problem,
        [columns, rows, entries]: [c::HighsInt; 3],
        (start, index): (&[c::HighsInt], &[c::HighsInt]),
        integrality: Option<&[c::HighsInt]>,
    ) -> c::HighsInt {
        let (by_column, least) = (c::kHighsMatrixFormatColwise, c::kHighsObjSenseMinimize);
        let (cost, lower, upper) = (problem.cost.as_ptr(), problem.lower.as_ptr(), problem.upper.as_ptr());
        let (row_lower, row_upper) = (problem.row_lower.as_ptr(), problem.row_upper.as_ptr());
        let (start, index, value) = (start.as_ptr(), index.as_ptr(), problem.value.as_ptr());
        // SAFETY: every array has the length that the counts say (`assemble` makes them so) and outlives the call, which
        // copies them; integrality has one entry a column.
        unsafe {
            match integrality {
                None => c::Highs_passLp(
                    self.0, columns, rows, entries, by_column, least, 0.0, cost, lower, upper, row_lower, row_upper,
                    start, index, value,
                ),
                Some(kinds) => c::Highs_passMip(
                    self.0,
                    columns,
                    rows,
                    entries,
                    by_column,
                    least,
                    0.0,
                    cost,
                    lower,
                    upper,
                    row_lower,
                    row_upper,
                    start,
                    index,
                    value,
                    kinds.as_ptr(),
                ),
            }
        }
    }

    pub(super) fn set_options(&self, options: &Options, method: &str) {
        self.set_text("solver", method);
        self.set_text("run_crossover", if options.crossover { "on" } else { "off" });
        self.set_number("time_limit", options.time_limit_s.unwrap_or(f64::INFINITY));
        self.set_number("mip_rel_gap", options.gap);
        self.set_number("ipm_optimality_tolerance", 1e-9);
        if let Some(log) = &options.log {
            self.set_flag("output_flag", true);
            self.set_flag("log_to_console", false);
            self.set_text("log_file", &log.to_string_lossy());
        }
        let Some(threads) = options.threads else { return };
        // SAFETY: the name is a C string and the value a number.
        unsafe { c::Highs_setIntOptionValue(self.0, c"threads".as_ptr(), threads) };
    }

    /// Costs times two to this power, for the solver alone: what it tells is as it was.
    pub(super) fn scale_costs(&self, power: i32) {
        // SAFETY: the name is a C string and the value a number.
        unsafe { c::Highs_setIntOptionValue(self.0, c"user_objective_scale".as_ptr(), power) };
    }

    fn set_flag(&self, name: &str, value: bool) {
        let Ok(name) = CString::new(name) else { return };
        // SAFETY: the name is a C string that outlives the call.
        unsafe { c::Highs_setBoolOptionValue(self.0, name.as_ptr(), c_int::from(value)) };
    }

    fn set_number(&self, name: &str, value: f64) {
        let Ok(name) = CString::new(name) else { return };
        // SAFETY: the name is a C string that outlives the call.
        unsafe { c::Highs_setDoubleOptionValue(self.0, name.as_ptr(), value) };
    }

    /// Whether the solver took it.
    fn set_text(&self, name: &str, value: &str) -> bool {
        let (Ok(name), Ok(value)) = (CString::new(name), CString::new(value)) else { return false };
        // SAFETY: both are C strings that outlive the call, which copies the value.
        let status = unsafe { c::Highs_setStringOptionValue(self.0, name.as_ptr(), value.as_ptr()) };
        status == c::kHighsStatusOk
    }

    pub(super) fn run(&self) -> Ended {
        // SAFETY: the model was passed in `new`.
        let status = unsafe {
            if c::Highs_run(self.0) == c::kHighsStatusError {
                return Ended::Other(c::Highs_getModelStatus(self.0));
            }
            c::Highs_getModelStatus(self.0)
        };
        match status {
            c::kHighsModelStatusOptimal => Ended::Optimal,
            c::kHighsModelStatusInfeasible => Ended::Infeasible,
            c::kHighsModelStatusUnbounded => Ended::Unbounded,
            c::kHighsModelStatusTimeLimit => Ended::TimeLimit,
            other => Ended::Other(other),
        }
    }

    /// The values of all columns.
    pub(super) fn values(&self, columns: usize) -> Vec<f64> {
        let mut values = vec![0.0; columns];
        // SAFETY: `values` has one place a column; the other arrays may be null and are then left alone.
        unsafe {
            let none = std::ptr::null_mut();
            c::Highs_getSolution(self.0, values.as_mut_ptr(), none, none, none);
        }
        values
    }

    /// The duals of all columns and rows; of a linear run only.
    pub(super) fn duals(&self, columns: usize, rows: usize) -> Duals {
        let mut duals = Duals { columns: vec![0.0; columns], rows: vec![0.0; rows] };
        // SAFETY: both arrays have one place a column or a row; the other arrays may be null and are then left alone.
        unsafe {
            let none = std::ptr::null_mut();
            c::Highs_getSolution(self.0, none, duals.columns.as_mut_ptr(), none, duals.rows.as_mut_ptr());
        }
        duals
    }

    /// A number that the solver tells of its run.
    pub(super) fn told(&self, name: &str) -> f64 {
        let mut value = f64::NAN;
        let Ok(name) = CString::new(name) else { return value };
        // SAFETY: the name is a C string and `value` a place for one number.
        unsafe { c::Highs_getDoubleInfoValue(self.0, name.as_ptr(), &raw mut value) };
        value
    }

    /// Rows and columns that cannot all hold together, and of which none is to spare; nothing where none are found.
    pub(super) fn in_conflict(&self, rows: usize, columns: usize) -> Option<[Vec<usize>; 2]> {
        // Irreducible, by the elastic model where no ray tells.
        // SAFETY: the name is a C string and the value a number.
        unsafe { c::Highs_setIntOptionValue(self.0, c"iis_strategy".as_ptr(), 2 + 4) };
        let (mut row_index, mut row_bound) = (vec![0; rows], vec![0; rows]);
        let (mut column_index, mut column_bound) = (vec![0; columns], vec![0; columns]);
        let (mut column_count, mut row_count) = (0, 0);
        // SAFETY: every list has a place for all rows or columns; statuses may be null and are then left alone.
        let status = unsafe {
            let none = std::ptr::null_mut();
            let indices = (column_index.as_mut_ptr(), row_index.as_mut_ptr());
            let bounds = (column_bound.as_mut_ptr(), row_bound.as_mut_ptr());
            let counts = (&raw mut column_count, &raw mut row_count);
            c::Highs_getIis(self.0, counts.0, counts.1, indices.0, indices.1, bounds.0, bounds.1, none, none)
        };
        let count = |it: c::HighsInt| usize::try_from(it).unwrap_or_default();
        // A column that only stands in the rows, free of its bounds, has no part in it.
        let within = |indices: &[c::HighsInt], bounds: &[c::HighsInt], length: usize| -> Vec<usize> {
            let bound = indices.iter().zip(bounds).take(length).filter(|(_, bound)| **bound > FREE);
            let mut found: Vec<usize> = bound.map(|(index, _)| count(*index)).collect();
            found.sort_unstable();
            found
        };
        (status != c::kHighsStatusError && row_count + column_count > 0).then(|| {
            let rows = within(&row_index, &row_bound, count(row_count));
            [rows, within(&column_index, &column_bound, count(column_count))]
        })
    }

    /// Changes the bounds of one column.
    pub(super) fn bound(&self, column: u32, lower: f64, upper: f64) {
        // SAFETY: takes numbers only; a column that is not there is refused.
        unsafe { c::Highs_changeColBounds(self.0, column.cast_signed(), lower, upper) };
    }

    /// Offers a point to begin from.
    pub(super) fn begin_from(&self, values: &[f64]) {
        // SAFETY: `values` has one number a column of the model; the other arrays may be null.
        unsafe {
            let none = std::ptr::null();
            c::Highs_setSolution(self.0, values.as_ptr(), none, none, none);
        }
    }
}

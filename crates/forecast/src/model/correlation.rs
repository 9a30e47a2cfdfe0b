//! Rank correlations between inputs.

use serde::Serialize;
use toml::de::DeValue;

use super::input::Input;
use super::table::Table;
use crate::copula::{Matrix, cholesky, pearson_of_rank, rank_of_pearson, repaired};

/// How inputs move together.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Correlations {
    /// What was asked for and what is used.
    pub pairs: Vec<Pair>,
    /// Whether the correlations contradicted each other and the nearest possible are used.
    pub is_repaired: bool,
    /// Correlations of the normals, all inputs by all inputs.
    pub(crate) matrix: Matrix,
}

/// One correlation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Pair {
    /// The two inputs.
    pub between: [String; 2],
    /// The rank correlation that was asked for.
    pub asked: f64,
    /// The one that is used.
    pub used: f64,
}

/// Reads all correlations; those that contradict each other are repaired where the model says so, else refused with
/// the nearest possible.
pub(super) fn correlations(tables: &[Table<'_>], inputs: &[Input], may_repair: bool) -> Correlations {
    let n = inputs.len();
    let mut matrix: Matrix = (0..n).map(|i| (0..n).map(|j| f64::from(u8::from(i == j))).collect()).collect();
    let mut asked: Vec<(usize, usize, f64)> = Vec::new();
    for table in tables {
        let Some((i, j, rank)) = one(table, inputs) else { continue };
        if asked.iter().any(|(a, b, _)| (*a, *b) == (i, j) || (*a, *b) == (j, i)) {
            let args = [("pair", format!("{}, {}", inputs[i].id, inputs[j].id))];
            table.reading.problem("forecast.correlated_twice", table.span.clone(), &args);
            continue;
        }
        asked.push((i, j, rank));
        (matrix[i][j], matrix[j][i]) = (pearson_of_rank(rank), pearson_of_rank(rank));
    }
    let is_possible = cholesky(&matrix).is_some();
    let used = if is_possible { matrix } else { repaired(&matrix) };
    let pair = |(i, j, rank): &(usize, usize, f64)| Pair {
        between: [inputs[*i].id.clone(), inputs[*j].id.clone()],
        asked: *rank,
        used: if is_possible { *rank } else { rank_of_pearson(used[*i][*j]) },
    };
    let pairs: Vec<Pair> = asked.iter().map(pair).collect();
    if let Some(table) = tables.first().filter(|_| !is_possible && !may_repair) {
        let say = |it: &Pair| format!("{}–{}: {:.2} → {:.2}", it.between[0], it.between[1], it.asked, it.used);
        let nearest = pairs.iter().map(say).collect::<Vec<_>>().join(", ");
        table.reading.problem("forecast.impossible_correlations", table.span.clone(), &[("nearest_possible", nearest)]);
    }
    Correlations { pairs, is_repaired: !is_possible, matrix: used }
}

fn one(table: &Table<'_>, inputs: &[Input]) -> Option<(usize, usize, f64)> {
    let between = table.require(
        "between",
        table.read("between", "two_ids", |value| {
            let list = value.as_array().filter(|list| list.len() == 2)?;
            list.iter().map(|it| it.get_ref().as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()
        }),
    );
    let rank = table.require(
        "rank",
        table.read("rank", "rank", |value: &DeValue<'_>| super::table::number(value).filter(|rank| rank.abs() < 1.0)),
    );
    table.finish();
    let between = between?;
    let mut found = Vec::new();
    for id in &between.value {
        let Some(at) = inputs.iter().position(|input| input.id == *id) else {
            let near = realm::load::nearest(id, inputs.iter().map(|input| input.id.as_str()));
            let mut args = vec![("name", id.clone())];
            args.extend(near.map(|near| ("nearest", near)));
            table.reading.problem("forecast.unknown_name", between.span.clone(), &args);
            continue;
        };
        // One that is set from outside moves with nothing any more; what it was correlated with is drawn as before.
        if inputs[at].distribution.is_constant() && !inputs[at].is_set {
            table.reading.problem("forecast.correlated_constant", between.span.clone(), &[("name", id.clone())]);
            continue;
        }
        found.push(at);
    }
    let [i, j] = found[..] else { return None };
    if i == j {
        table.reading.problem("forecast.correlated_with_itself", between.span, &[("name", inputs[i].id.clone())]);
        return None;
    }
    Some((i, j, rank?.value))
}

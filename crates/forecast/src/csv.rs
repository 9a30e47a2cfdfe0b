//! Results as tables for other programs: RFC 4180, full precision.

use crate::run::{LEVELS, Outcome};

impl Outcome {
    /// File names with what they hold: the fan, the tornado and indices, the capacity, the estimates.
    pub fn tables(&self) -> Vec<(&'static str, String)> {
        let mut all =
            vec![("fan.csv", self.fan()), ("sensitivity.csv", self.sensitive()), ("beliefs.csv", self.believed())];
        all.extend(self.capacity.as_ref().map(|capacity| {
            let heads = "year,power_mw,accelerators,share,share_low,share_high,too_small,by_power".to_owned();
            let rows = capacity.years.iter().zip(&capacity.plan.years).map(|(it, plan)| {
                let share = it.share;
                let numbers = [plan.power_mw, plan.accelerators, share.value, share.low, share.high];
                let rest = [it.too_small.value, it.by_power];
                row([it.year.to_string()].into_iter().chain(numbers.into_iter().chain(rest).map(text)))
            });
            ("capacity.csv", lines(heads, rows))
        }));
        all
    }

    fn fan(&self) -> String {
        let levels = LEVELS.map(|level| format!("p{}", level * 100.0)).join(",");
        let rows = self.figures.iter().flat_map(|figure| {
            figure.years.iter().map(|it| {
                let names = [figure.id.clone(), figure.unit.clone(), it.year.to_string()];
                let numbers = [it.mean.value, it.mean.low, it.mean.high].into_iter();
                row(names.into_iter().chain(numbers.chain(it.levels.iter().map(|it| it.value)).map(text)))
            })
        });
        lines(format!("figure,unit,year,mean,mean_low,mean_high,{levels}"), rows)
    }

    fn sensitive(&self) -> String {
        let it = &self.sensitivity;
        let rows = it.inputs.iter().map(|input| {
            let bar = it.tornado.iter().find(|bar| bar.input == input.input);
            let index = input.index.map_or([f64::NAN; 6], |index| {
                let (first, total) = (index.first, index.total);
                [first.value, first.low, first.high, total.value, total.low, total.high]
            });
            let ends = bar.map_or([f64::NAN; 4], |bar| [bar.input_low, bar.input_high, bar.low, bar.high]);
            row([input.input.clone()].into_iter().chain(index.into_iter().chain(ends).map(text)))
        });
        let heads = "input,first,first_low,first_high,total,total_low,total_high,input_low,input_high,low,high";
        lines(heads.to_owned(), rows)
    }

    fn believed(&self) -> String {
        let rows = self.disagreement.published.iter().map(|it| {
            let [low, high] = it.points_a_year;
            row([it.id.clone(), it.source.clone(), it.figure.clone(), text(low), text(high), it.mark.clone()]
                .into_iter())
        });
        lines("id,source,figure,points_a_year_low,points_a_year_high,mark".to_owned(), rows)
    }
}

fn lines(heads: String, rows: impl Iterator<Item = String>) -> String {
    let all = std::iter::once(heads).chain(rows);
    all.map(|line| line + "\r\n").collect()
}

/// Cells, quoted where they must be. Where a spreadsheet would compute, it reads a text instead.
fn row(cells: impl Iterator<Item = String>) -> String {
    let quoted = cells.map(|cell| {
        let computes =
            cell.starts_with(['=', '@', '\t']) || (cell.starts_with(['+', '-']) && cell.parse::<f64>().is_err());
        let cell = if computes { format!("'{cell}") } else { cell };
        if cell.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
    });
    quoted.collect::<Vec<_>>().join(",")
}

fn text(number: f64) -> String {
    if number.is_nan() { String::new() } else { number.to_string() }
}

#[cfg(test)]
mod tests {
    use super::row;

    #[test]
    fn cells_are_quoted_and_compute_nothing() {
        let cells = ["a", "b,\"c\"", "=1+1", "-2.5", "-x"].map(str::to_owned);
        assert_eq!(row(cells.into_iter()), "a,\"b,\"\"c\"\"\",'=1+1,-2.5,'-x");
    }
}

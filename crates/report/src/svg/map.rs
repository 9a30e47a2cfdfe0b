//! Places by latitude and longitude: a grid of degrees and no border of any state.

use super::{Pen, WIDTH, stroke, words};
use crate::chart::Place;

/// Pixels about the outermost places.
const EDGE: f64 = 60.0;
/// Least and greatest height of the picture.
const HEIGHTS: (f64, f64) = (240.0, 560.0);
/// The radius of the greatest mark.
const MARK: f64 = 22.0;
/// From one line of names to the next.
const LINE: f64 = 13.0;
/// Fewest degrees that are shown.
const DEGREES: f64 = 2.0;

pub(super) fn map(pen: Pen, places: &[Place]) -> (f64, String) {
    if places.is_empty() {
        return (40.0, words((0.0, 24.0), "start", &pen.say("report-no-places")));
    }
    let sheet = Sheet::over(places);
    let mut text = sheet.grid();
    let most = places.iter().map(|it| it.size).fold(0.0_f64, f64::max);
    // Names keep clear of every mark, those that are drawn later too.
    let radius = |place: &Place| if most > 0.0 { MARK * (place.size / most).max(0.0).sqrt() } else { 0.0 };
    let mut taken: Vec<(f64, f64, f64)> = Vec::new();
    for place in places {
        let (x, y) = sheet.at(place.latitude, place.longitude);
        let radius = radius(place).max(4.0);
        let rows = (radius / LINE).ceil() as i32;
        taken.extend((-rows..=rows).map(|row| (x - radius, y + 4.0 + LINE * f64::from(row), 2.0 * radius)));
    }
    for place in places {
        let (x, y) = sheet.at(place.latitude, place.longitude);
        // The area tells the size; a place where nothing stands is a ring.
        let radius = radius(place);
        let mark = if radius > 0.5 { ("f0", radius.max(4.0)) } else { ("line s0", 4.0) };
        text.push_str(&format!("<circle class=\"{} gap\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{:.1}\"/>", mark.0, mark.1));
        let said = format!("{} · {}", place.name, place.amount);
        text.push_str(&label(&mut taken, (x, y, mark.1), &said));
    }
    (sheet.height, text)
}

/// A name beside its mark, moved down until it covers no other.
fn label(taken: &mut Vec<(f64, f64, f64)>, (x, y, radius): (f64, f64, f64), said: &str) -> String {
    let wide = 6.6 * said.chars().count() as f64;
    let (anchor, left) =
        if x + radius + wide > WIDTH { ("end", x - radius - 5.0 - wide) } else { ("start", x + radius + 5.0) };
    let mut at = y + 4.0;
    while taken.iter().any(|(l, t, w)| (t - at).abs() < LINE && left < l + w && *l < left + wide) {
        at += LINE;
    }
    taken.push((left, at, wide));
    let point = if anchor == "end" { left + wide } else { left };
    words((point, at), anchor, said)
}

/// An equidistant projection about the middle latitude.
struct Sheet {
    west: f64,
    north: f64,
    across: f64,
    down: f64,
    height: f64,
    corner: (f64, f64),
}

impl Sheet {
    fn over(places: &[Place]) -> Self {
        let ends = |of: fn(&Place) -> f64| {
            let (low, high) =
                places.iter().map(of).fold((f64::MAX, f64::MIN), |(low, high), it| (low.min(it), high.max(it)));
            let lack = (DEGREES - (high - low)).max(0.0) / 2.0;
            (low - lack, high + lack)
        };
        let (south, north) = ends(|it| it.latitude);
        let (west, east) = ends(|it| it.longitude);
        let squeeze = ((south + north) / 2.0).to_radians().cos().max(0.2);
        let room = (WIDTH - 2.0 * EDGE, HEIGHTS.1 - 2.0 * EDGE);
        let down = (room.0 / ((east - west) * squeeze)).min(room.1 / (north - south));
        let height = ((north - south) * down + 2.0 * EDGE).max(HEIGHTS.0);
        let spare = (WIDTH - (east - west) * squeeze * down) / 2.0;
        let corner = (spare.min(WIDTH / 2.0), (height - (north - south) * down) / 2.0);
        Self { west, north, across: squeeze * down, down, height, corner }
    }

    fn at(&self, latitude: f64, longitude: f64) -> (f64, f64) {
        let x = self.corner.0 + (longitude - self.west) * self.across;
        (x, self.corner.1 + (self.north - latitude) * self.down)
    }

    fn grid(&self) -> String {
        let degrees = |pixels: f64, scale: f64| pixels / scale;
        let wide = degrees(WIDTH, self.across).max(degrees(self.height, self.down));
        let step = [1.0, 2.0, 5.0, 10.0, 20.0, 40.0].into_iter().find(|it| wide / it <= 8.0).unwrap_or(60.0);
        let mut text = String::new();
        for at in 0..40 {
            let east = ((self.west - self.corner.0 / self.across) / step).ceil() * step + step * f64::from(at);
            let (x, _) = self.at(self.north, east);
            if x < WIDTH {
                text.push_str(&stroke("hair", (x, 0.0), (x, self.height)));
                text.push_str(&words((x + 3.0, self.height - 4.0), "start", &format!("{east:.0}°")));
            }
            let north = ((self.north + self.corner.1 / self.down) / step).floor() * step - step * f64::from(at);
            let (_, y) = self.at(north, self.west);
            if y < self.height {
                text.push_str(&stroke("hair", (0.0, y), (WIDTH, y)));
                text.push_str(&words((2.0, y - 3.0), "start", &format!("{north:.0}°")));
            }
        }
        text
    }
}

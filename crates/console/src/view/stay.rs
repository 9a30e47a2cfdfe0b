//! Links and forms of a page go on within the organisation that the page is of. Somebody with two windows open, one an
//! organisation each, must not be shown or change in one what belongs to the other: what a browser remembers is the last
//! choice of either.

use crate::ask::encoded;

/// Forms that are of the person and no organisation.
const OF_THE_PERSON: [&str; 3] = ["/console/settings", "/console/leave", "/console/enter"];
/// Where addresses stand in a page; foreign text cannot make such a place, for its quotes are written otherwise.
const PLACES: [&str; 3] = [" href=\"/console", " action=\"/console", " hx-get=\"/console"];

/// The page with the scope in every address of the console that names none.
pub fn within(html: &str, scope: &str) -> String {
    let value = encoded(scope);
    let mut kept = String::with_capacity(html.len() + html.len() / 8);
    let mut rest = html;
    while let Some((at, place)) = PLACES.iter().filter_map(|place| Some((rest.find(place)?, place))).min() {
        // The address begins after the quote; the path's first part belongs to the place.
        let begin = at + place.len() - "/console".len();
        let end = begin + rest[begin..].find('"').unwrap_or(rest.len() - begin);
        kept.push_str(&rest[..begin]);
        let (address, tag) = (&rest[begin..end], opening(&kept));
        let is_get = tag.starts_with("<form") && !tag.contains("method=\"post\"");
        kept.push_str(address);
        rest = &rest[end..];
        if is_get && place.starts_with(" action") {
            // A form that narrows says all of its query in its fields.
            let close = rest.find('>').map_or(rest.len(), |at| at + 1);
            kept.push_str(&rest[..close]);
            // The browser encodes what a field holds.
            let field = scope.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
            kept.push_str(&format!("<input type=\"hidden\" name=\"organisation\" value=\"{field}\">"));
            rest = &rest[close..];
        } else if !is_get && stays(address) {
            kept.push_str(if address.contains('?') { "&amp;" } else { "?" });
            kept.push_str("organisation=");
            kept.push_str(&value);
        }
    }
    kept.push_str(rest);
    kept
}

/// Whether an address is of an organisation and does not say of which.
fn stays(address: &str) -> bool {
    let path = address.split('?').next().unwrap_or_default();
    !path.starts_with("/console/assets/") && !OF_THE_PERSON.contains(&path) && !address.contains("organisation=")
}

/// The tag that is being written.
fn opening(written: &str) -> &str {
    written.rfind('<').map_or("", |at| &written[at..])
}

#[cfg(test)]
mod tests {
    use super::within;

    #[test]
    fn links_and_forms_stay_and_what_is_the_persons_does_not() {
        let of = |html: &str| within(html, "@");
        assert_eq!(of("<a href=\"/console\">"), "<a href=\"/console?organisation=%40\">");
        let more = "<a class=\"x\" href=\"/console/requests?app=a&#38;end=ok\">";
        assert!(of(more).contains("end=ok&amp;organisation=%40\""), "{}", of(more));
        let post = "<form method=\"post\" action=\"/console/keys\"><button>";
        assert_eq!(of(post), "<form method=\"post\" action=\"/console/keys?organisation=%40\"><button>");
        let get = "<form action=\"/console/go\" role=\"search\" hx-get=\"/console/go\"><input>";
        let field = "<input type=\"hidden\" name=\"organisation\" value=\"@\">";
        assert_eq!(of(get), get.replace("><input>", &format!(">{field}<input>")));
        for same in [
            "<a href=\"/console?organisation=bank\">",
            "<link href=\"/console/assets/a.css\">",
            "<form method=\"post\" action=\"/console/settings\">",
            "<a href=\"#main\">",
            "<p>&#34; href=&#34;/console&#34;</p>",
        ] {
            assert_eq!(of(same), same);
        }
    }
}

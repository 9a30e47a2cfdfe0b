//! The realm of a console under test: two organisations, a rule and whatever a page may show.

pub const REALM: &str = r#"
[realm]
name = "@NAME@"
home = "XA"
currency = "EUR"
packs = ["act"]

[realm.sign_in]
name = "@NAME@"
issuer = "https://id.example"
client_id = "freehold"
client_secret = { env = "UNREAD" }
console_url = "https://freehold.example"
claim = "sub"

[[sector]]
id = "office"
name = "Offices"

[[organisation]]
id = "house"
name = "@NAME@"
kind = "company"
sector = "office"
jurisdiction = "XA"

[[organisation]]
id = "other"
name = "Other"
kind = "company"
sector = "office"
jurisdiction = "XA"

[[app]]
id = "kiosk"
organisation = "other"
purposes = ["letters"]
routes = ["main"]

[[app]]
id = "desk"
organisation = "house"
purposes = ["@PURPOSE@"]
data_classes = ["personal"]
routes = ["main"]
budget = { per_month = "10.00" }

[[evidence]]
subject = "app:desk"
key = "review"
value = "done"
source = "file 7"

[[evidence]]
subject = "app:kiosk"
key = "review"
value = "none"
source = "file 8"

[[model]]
id = "chat-one"
name = "@NAME@"
developer = "house"
origin = "XA"
weights = "open"
licence = "@NAME@"
kind = "chat"
languages = ["en"]

[[passport]]
model = "chat-one"
licence = "another licence"
version = "@NAME@"
limits = "@NAME@"
contact = "@NAME@"
evaluations = [{ suite = "@NAME@", score = "0.712", date = 2026-05-01, source = "@NAME@" }]
sources = [{ kind = "model-card", name = "@NAME@", sha256 = "3f9a000000000000000000000000000000000000000000000000000000000001", taken = 2026-11-20 }]

[[provider]]
id = "here"
operator = "house"
protocol = "openai"
base_url = "http://127.0.0.1:9/v1"

[[deployment]]
id = "one-here"
model = "chat-one"
provider = "here"
host = "XA"
price = { input = "0.10", output = "0.20" }

[[sandbox]]
id = "trial"
apps = ["desk", "kiosk"]
rules = ["stays"]
from = "2026-11-01"
until = "2026-12-31"
cite = "@NAME@"

[[initiative]]
id = "at-home"
name = "@NAME@"
lead = "house"
indicators = ["home-share", "trained", "cards"]

[[indicator]]
id = "home-share"
name = "@NAME@"
unit = "%"
target = "80"
by = "2027-12-31"
source = "usage"
query = "home_share"

[[indicator]]
id = "trained"
name = "Engineers trained"
unit = "people"
target = "1200"
by = "2027-12-31"
source = "manual"
value = "150"
as_of = "2026-10-31"
cite = "report 4"

[[indicator]]
id = "cards"
name = "Accelerators"
unit = "cards"
target = "512"
by = "2028-06-30"
source = "fleet"

[[route]]
id = "main"
deployments = [{ id = "one-here" }]
"#;

pub const RULES: &str = r#"
@id("base")
permit (principal, action in [Action::"infer", Action::"disclose"], resource);

@id("stays")
@title("@NAME@")
@cite("@NAME@")
forbid (principal, action == Action::"infer", resource) when { resource.host != "XA" };
"#;

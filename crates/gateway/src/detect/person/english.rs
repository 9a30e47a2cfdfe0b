//! Names in Latin letters: given names, those that are words as well, the most frequent surnames, and words that are
//! written with a capital but are no surname.

use std::sync::LazyLock;

use foldhash::HashMap;

use super::Sign;

#[rustfmt::skip]
const GIVEN: &[&str] = &[
    // English.
    "aaron", "abigail", "adam", "adrian", "alan", "albert", "alexander", "alexandra", "alice", "alison", "allison",
    "amanda", "amber", "amy", "andrea", "andrew", "angela", "anna", "anne", "anthony", "arthur", "ashley", "austin",
    "barbara", "benjamin", "bernard", "beth", "betty", "bradley", "brandon", "brenda", "brian", "bruce", "bryan",
    "caitlin", "carl", "carol", "caroline", "catherine", "charles", "charlotte", "cheryl", "chloe", "christian",
    "christina", "christine", "christopher", "cindy", "claire", "cody", "colin", "connor", "courtney", "craig",
    "crystal", "cynthia", "daniel", "danielle", "darren", "david", "deborah", "debra", "denise", "dennis", "derek",
    "diana", "diane", "donald", "donna", "dorothy", "douglas", "dylan", "edward", "elaine", "elizabeth", "emily", "emma",
    "eric", "erica", "erin", "ethan", "eugene", "evelyn", "frances", "gareth", "gary", "geoffrey", "george", "gerald",
    "gillian", "gina", "glenn", "gloria", "gordon", "graham", "gregory", "hannah", "harold", "harry", "heather", "heidi",
    "helen", "henry", "holly", "howard", "hugh", "ian", "isaac", "isabella", "jacob", "jacqueline", "jake", "james",
    "jamie", "jane", "janet", "janice", "jasmine", "jason", "jean", "jeffrey", "jeff", "jennifer", "jeremy", "jerry",
    "jesse", "jessica", "jill", "jim", "joan", "joanna", "joanne", "joe", "joel", "john", "jonathan", "jordan", "joseph",
    "joshua", "joyce", "judith", "judy", "julia", "julian", "julie", "justin", "karen", "katherine", "kathleen",
    "kathryn", "katie", "kayla", "keith", "kelly", "kenneth", "kerry", "kevin", "kimberly", "kristen", "kristin", "kyle",
    "larry", "laura", "lauren", "lawrence", "leah", "leonard", "leslie", "liam", "linda", "lindsay", "lisa", "logan",
    "lori", "louis", "louise", "lucy", "luke", "lynn", "madison", "margaret", "maria", "marie", "marilyn", "martha",
    "martin", "mary", "matthew", "megan", "melanie", "melissa", "meredith", "michael", "michaela", "michele", "michelle",
    "mike", "mitchell", "mohamed", "molly", "monica", "nancy", "natalie", "natasha", "nathan", "nathaniel", "neil",
    "nicholas", "nicola", "nicole", "nigel", "noah", "olivia", "oliver", "pamela", "patricia", "patrick", "paul",
    "paula", "peter", "philip", "phillip", "rachel", "ralph", "randy", "raymond", "rebecca", "richard", "robert",
    "robin", "rodney", "roger", "ronald", "roy", "russell", "ruth", "ryan", "sally", "samantha", "samuel", "sandra",
    "sara", "sarah", "scott", "sean", "shannon", "sharon", "shaun", "shawn", "sheila", "shirley", "simon", "sophia",
    "sophie", "stacey", "stacy", "stephanie", "stephen", "steven", "stuart", "susan", "suzanne", "sydney", "tammy",
    "tara", "taylor", "teresa", "terry", "theresa", "thomas", "tiffany", "timothy", "tina", "todd", "tom", "toby",
    "tracey", "tracy", "travis", "trevor", "tyler", "valerie", "vanessa", "veronica", "victor", "vincent", "walter",
    "wayne", "wendy", "wesley", "whitney", "william", "willie", "zachary", "zoe", "ben", "bob", "dan", "dave", "steve",
    "chris", "alex", "sam", "matt", "nick", "tony", "kate", "jenny", "becky", "debbie", "fred", "greg", "josh", "kim",
    "sierra", "kendra", "terri", "kendall", "bethany", "brittany", "candice", "cassandra", "chad", "charlene", "clayton",
    "colleen", "corey", "darlene", "darrell", "desiree", "devin", "dominic", "dustin", "dwayne", "edwin", "eduardo",
    "ernest", "felicia", "gabriel", "gabriella", "gabrielle", "gregg", "haley", "hailey", "jaclyn", "jamal", "jared",
    "jeanette", "jeffery", "jenna", "jerome", "jillian", "jodi", "jonathon", "karina", "karla", "katelyn", "katrina",
    "kendrick", "kristina", "kristine", "krystal", "kurt", "latoya", "leroy", "lindsey", "marcus", "marvin", "maurice",
    "mckenzie", "meghan", "melinda", "melvin", "mercedes", "misty", "mohammed", "monique", "morgan", "norman", "phyllis",
    "priscilla", "randall", "raven", "regina", "renee", "ricardo", "ricky", "roberta", "ronnie", "ross", "sabrina",
    "savannah", "selena", "seth", "shane", "shelby", "shelley", "shelly", "sherry", "sonia", "sonya", "spencer", "stacie",
    "tamara", "tanya", "tasha", "theodore", "tonya", "toni", "tracie", "troy", "vicki", "vickie", "warren", "yolanda",
    "yvette", "yvonne", "rhonda", "rita", "jimmy", "johnny", "billy", "bobby", "danny", "eddie", "tommy", "joshua",
    // Russian in Latin letters.
    "ivan", "sergey", "sergei", "dmitry", "dmitri", "aleksandr", "alexey", "aleksei", "andrey", "andrei", "mikhail",
    "nikolay", "vladimir", "yuri", "igor", "oleg", "pavel", "olga", "elena", "tatiana", "natalia", "irina", "ekaterina",
    "svetlana", "anastasia", "ksenia", "yulia", "galina", "lyudmila", "boris", "maxim", "artem", "kirill", "denis",
    // German, Dutch, Polish, French, Spanish, Italian.
    "hans", "jürgen", "klaus", "wolfgang", "günther", "günter", "helmut", "dieter", "uwe", "jens", "stefan", "andreas",
    "matthias", "sebastian", "lukas", "heinz", "horst", "ursula", "ingrid", "monika", "petra", "sabine", "renate",
    "brigitte", "katharina", "jan", "pieter", "johannes", "willem", "kees", "sander", "femke", "sanne", "anouk", "daan",
    "bram", "lotte", "jeroen", "piotr", "krzysztof", "andrzej", "tomasz", "paweł", "marcin", "michał", "jakub", "mateusz",
    "agnieszka", "małgorzata", "katarzyna", "magdalena", "ewa", "zofia", "wojciech", "stanisław", "pierre", "jacques",
    "françois", "philippe", "michel", "nicolas", "julien", "olivier", "laurent", "thierry", "guillaume", "camille",
    "chantal", "isabelle", "nathalie", "céline", "aurélie", "rené", "josé", "juan", "carlos", "luis", "manuel", "javier",
    "miguel", "fernando", "francisco", "antonio", "pedro", "alejandro", "jorge", "raúl", "carmen", "pilar", "lucía",
    "marta", "ana", "giuseppe", "giovanni", "marco", "luca", "andrea", "francesco", "alessandro", "matteo", "lorenzo",
    "paolo", "roberto", "giulia", "chiara", "francesca", "federica", "silvia", "elisa", "giorgio", "mario",
];
/// Given names that are words, months or places as well: only a listed surname makes them a name.
#[rustfmt::skip]
const WORDS: &[&str] = &[
    "will", "mark", "grace", "hope", "may", "april", "june", "rose", "bill", "jack", "art", "frank", "grant",
    "pat", "sue", "drew", "chase", "faith", "joy", "dawn", "guy", "ray", "max", "miles", "rob", "summer",
    "autumn", "virginia", "carolina", "victoria", "paris", "brooklyn", "florence", "penny", "ruby", "pearl",
    "ivy", "olive", "dean", "earl", "don", "jean", "robin", "jordan", "austin", "madison", "sydney", "jasmine",
    "amber", "crystal", "holly", "heather", "jan", "ana", "kim", "sam", "christian", "jake", "ruth", "kelly",
    "taylor", "tyler", "lynn", "dale", "glen", "morgan", "mercedes", "raven", "ross", "savannah", "troy", "warren", "sierra", "misty", "norman",
];
#[rustfmt::skip]
const SURNAMES: &[&str] = &[
    "smith", "johnson", "williams", "brown", "jones", "garcia", "miller", "davis", "rodriguez", "martinez", "hernandez",
    "lopez", "gonzalez", "wilson", "anderson", "thomas", "taylor", "moore", "jackson", "martin", "lee", "perez",
    "thompson", "harris", "sanchez", "clark", "ramirez", "lewis", "robinson", "walker", "allen", "wright", "scott",
    "torres", "nguyen", "flores", "adams", "nelson", "baker", "rivera", "campbell", "mitchell", "carter", "roberts",
    "gomez", "phillips", "evans", "turner", "diaz", "parker", "cruz", "edwards", "collins", "reyes", "stewart", "morris",
    "morales", "murphy", "cook", "rogers", "gutierrez", "ortiz", "morgan", "cooper", "peterson", "bailey", "reed",
    "kelly", "howard", "ramos", "cox", "ward", "richardson", "watson", "brooks", "chavez", "wood", "bennett", "gray",
    "mendoza", "ruiz", "hughes", "price", "alvarez", "castillo", "sanders", "patel", "myers", "ross", "foster",
    "jimenez", "powell", "jenkins", "perry", "russell", "sullivan", "bell", "coleman", "butler", "henderson", "barnes",
    "fisher", "simmons", "patterson", "jordan", "reynolds", "hamilton", "graham", "wallace", "ivanov", "petrov",
    "ivanova", "petrova", "müller", "schmidt", "schneider", "fischer", "weber", "meyer", "wagner", "becker", "schulz",
    "hoffmann", "rossi", "russo", "ferrari", "bianchi", "kowalski", "nowak", "kowalska", "dubois", "durand", "moreau",
    "jansen", "bakker", "visser",
];
/// Not surnames, though after a given name with a capital: places, firms, things called after somebody, days.
#[rustfmt::skip]
const NOT_SURNAMES: &[&str] = &[
    "street", "avenue", "road", "lane", "drive", "square", "park", "bridge", "river", "lake", "island", "beach", "city",
    "county", "state", "university", "college", "school", "hospital", "church", "museum", "airport", "station", "hotel",
    "house", "hall", "tower", "center", "centre", "building", "inc", "ltd", "llc", "gmbh", "corp", "company", "group",
    "bank", "foundation", "institute", "award", "prize", "theorem", "law", "test", "method", "algorithm", "model",
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february", "march",
    "july", "august", "september", "october", "november", "december", "the", "and", "or", "of",
    "is", "was", "has", "in", "on", "at", "to", "for", "from", "with", "by", "a", "an", "i", "you", "he", "she", "it",
    "we", "they", "this", "that", "day", "bible", "stanley", "chase", "deere", "hopkins", "lewis's", "hancock", "daniels",
    "i'm", "i'll", "i've", "please", "hello", "hi", "dear", "if", "when", "how", "what", "who", "why", "where", "api",
    "sql", "http", "json", "team", "department", "support", "project", "report", "plan", "version", "id", "email", "phone",
    "und", "der", "die", "das", "ist", "et", "le", "la", "les", "el", "los", "il", "lo", "de", "en", "i", "w", "na",
];

/// What a word with a capital says.
pub(super) fn sign(word: &str) -> Sign {
    let lower = word.to_lowercase();
    let count = lower.chars().count();
    let capitals = word.chars().skip(1).filter(|char| char.is_uppercase()).count();
    let first = lower.split('-').next().unwrap_or(&lower);
    // `McDonald`, `O'Neil` and `SMITH` have more; acronyms and names in programs are none.
    let odd = capitals > 0
        && !(capitals == 1 && (lower.starts_with("mc") || word.contains(['-', '\'', '’'])))
        && (capitals + 1 < count || count < 4);
    if count < 2 || odd {
        return Sign::Other;
    }
    match KNOWN.get(lower.as_str()).or_else(|| KNOWN.get(first)) {
        Some(sign) => *sign,
        None if lower.starts_with("mc") && capitals == 1 || word.starts_with("O'") => Sign::Surname,
        None => Sign::Maybe,
    }
}

/// Of a word that stands in several lists, the last one holds.
static KNOWN: LazyLock<HashMap<&str, Sign>> = LazyLock::new(|| {
    let lists =
        [(SURNAMES, Sign::Surname), (GIVEN, Sign::Given), (WORDS, Sign::GivenOrWord), (NOT_SURNAMES, Sign::Other)];
    lists.into_iter().flat_map(|(words, sign)| words.iter().map(move |word| (*word, sign))).collect()
});

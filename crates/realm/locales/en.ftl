# Problems of a realm. `realm-x` is the message of the code `realm.x`; `.expected` stands at the place in the file,
# `.help` below it; `.nearest` and `.elsewhere` are shown where there is such an argument.

## Files

realm-no_realm_file = this is no realm: there is no file `realm.toml` in it
    .expected = a directory with a `realm.toml`
    .help = `freehold init DIR --home XX` writes one to begin with
realm-unreadable = cannot be read: { $why }
    .expected = a file or folder that this user may read
    .help = look at its permissions and at what it links to
realm-link_outside = a symbolic link that is not followed, to `{ $why }`
    .expected = a file, or a link to a file within the realm
    .help = a realm is complete in its own directory, so that its snapshot holds all of it; copy the file here
realm-not_a_file = a pipe, a device or a socket with the name of a file of the realm
    .expected = a regular file
    .help = remove it, or put the file itself here
realm-lost = reading the realm failed within Freehold itself
    .expected = a realm, or a list of what is wrong with it
    .help = report this with what was printed before it; the change that led to it is the one made last
realm-too_deep = folders within folders more than { $why } deep
    .expected = fewer folders within folders
    .help = was something copied into itself?
realm-too_many_files = more files than the { $why } that a realm may have
    .expected = at most { $why } files of tables and rules
    .help = is this the right directory?
realm-file_too_large = larger than the { $why } MiB that a file of a realm may have
    .expected = at most { $why } MiB
    .help = split it: every `*.toml` of the realm is read
realm-not_utf8 = not a text: the byte at { $byte } cannot be UTF-8
    .expected = text in UTF-8
    .help = save the file as UTF-8
realm-syntax = not TOML: { $why }
    .expected = expected here: { $expected }
    .help = until this is mended, nothing else in this file is judged
realm-no_head = there is no `[realm]` table
    .expected = `[realm]` with at least `name` and `home`
    .help = write it into `realm.toml`

## Tables and fields

realm-unknown_table = there is no table `{ $table }`
    .expected = one of { $tables }
    .nearest = did you mean `{ $nearest }`?
realm-field_outside_table = `{ $table }` stands outside of any table
    .expected = a table such as `[realm]` or `[[app]]` before it
    .help = a field belongs to the table whose header stands above it
realm-later_table = `{ $table }` is a table of a later version: { $version } brings it
    .expected = one of { $tables }
    .help = leave it out until then
realm-later_field = `{ $field }` of `{ $table }` is a field of a later version: { $version } brings it
    .expected = a field that this version knows
    .help = leave it out until then
realm-many_tables = `{ $table }` is a list of tables
    .expected = `[[{ $table }]]`, in two brackets, once for each
realm-one_table = `{ $table }` is one table
    .expected = `[{ $table }]`, in one bracket, once in the realm
realm-unknown_field = `{ $table }` has no field `{ $field }`
    .expected = one of { $fields }
    .nearest = did you mean `{ $nearest }`?
realm-missing_field = `{ $table }` lacks its `{ $field }`
    .expected = `{ $field } = …`
    .help = this field has no default
realm-wrong_type = `{ $field }` is written as { $found ->
        [string] a text
        [integer] a whole number
        [float] a number with a point
        [boolean] true or false
        [datetime] a date or time
        [array] a list
        *[table] a table
    }
    .expected = { $want ->
        [string] a text in quotes
        [strings] a list of texts, as ["…", "…"]
        [integer] a whole number without quotes
        [large] a whole number, in quotes where it is long
        [decimal] a decimal number in quotes, as "0.25"
        [boolean] true or false
        [date] a date, as 2026-12-31
        [tables] a list of tables, as [{"{"} … {"}"}]
        *[table] a table, as {"{"} … {"}"}
    }
realm-empty_text = `{ $field }` is empty
    .expected = a text that says something
    .help = leave the field out where it may be absent
realm-empty_list = `{ $field }` is an empty list
    .expected = at least one entry
realm-duplicate_entry = `{ $entry }` stands twice in `{ $field }`
    .expected = each entry once
    .help = remove one of them
realm-bad_shape = `{ $value }` cannot be { $shape ->
        [purpose] a purpose
        [language] a language
        [isic] a section or division of ISIC
        [folder] the id of a folder
        [content_key] the public key of an organisation
        [person] the name of a person
        [person_key] the public key of a person
        [host] a host
        [rule] the id of a rule
        [signature] a signature
        [witness_key] the public key of a witness
        [suite] the name of a suite
        [sha256] a SHA-256
        [address] an address
        *[evidence_key] the key of a piece of evidence
    }
    .expected = { $shape ->
        [purpose] 1 to 64 of a-z, 0-9 and `-`, beginning with a letter or digit
        [suite] 1 to 64 of a-z, 0-9 and `-`, beginning with a letter or digit
        [sha256] 64 of 0-9 and a-f, as `sha256sum` prints it
        [address] an address that begins with `https://` and holds no blanks
        [language] a language tag, as "en" or "pt-BR"
        [isic] a letter, as "Q", or two to four digits, as "86"
        [folder] 1 to 50 of a-z, 0-9 and `-`, beginning with a letter or digit
        [content_key] `x25519:` and 64 of 0-9 and a-f, as `freehold content keygen` prints it
        [person] 1 to 64 of a-z, 0-9 and `-`, beginning with a letter or digit
        [person_key] `ed25519:` and 64 of 0-9 and a-f, as `freehold content keygen --person` prints it
        [host] a host, with its port where it has one: `keys.id.example:8443`
        [rule] 1 to 64 of a-z, 0-9 and `-`, beginning with a letter or digit
        [signature] 128 of 0-9 and a-f, as `freehold sandbox sign` prints it
        [witness_key] a witness's key as `freehold ledger witness serve` prints it: a name, `+`, eight hexadecimal digits, `+`, the key in base64
        *[evidence_key] a-z, 0-9 and `_`, beginning with a letter
    }
realm-unknown_word = `{ $field }` cannot be `{ $word }`
    .expected = one of { $words }
    .nearest = did you mean `{ $nearest }`?
realm-out_of_range = `{ $field }` is { $value }
    .expected = { $min } to { $max }
realm-bad_decimal = `{ $value }` is not a decimal number
    .expected = digits with a point before the decimals, as "0.25"
    .help = no exponent, no blanks, no comma, no sign of a currency
realm-too_precise = `{ $value }` has more than nine decimals
    .expected = an amount in billionths at the finest
realm-too_precise_price = `{ $value }` is finer than a billionth per token
    .expected = a price per million tokens with at most three decimals
realm-bad_date = `{ $value }` is not a date
    .expected = year, month and day, as 2026-12-31

## Ids

realm-bad_id = `{ $id }` cannot be the id of any { $kind }
    .expected = 1 to 64 of a-z, 0-9 and `-`, beginning with a letter or digit
realm-duplicate_id = { $kind ->
        [realm] the table `[realm]` stands twice; first at { $first }
        [bloc] the bloc `{ $id }` is declared twice; first at { $first }
        *[other] the { $kind } `{ $id }` is declared twice; first at { $first }
    }
    .expected = { $kind ->
        [realm] one `[realm]` in all files together
        *[other] another id: ids are unique per table, in all files together
    }
realm-unresolved = no { $kind } is called `{ $id }`
    .expected = the id of some { $kind } declared in the realm
    .nearest = did you mean `{ $nearest }`?
    .elsewhere = `{ $id }` is declared as { $elsewhere }, not as { $kind }
realm-parent_circle = organisations are each other's parents: { $circle }
    .expected = a parent that is not below this organisation
    .help = a chain of parents ends at one that has none
realm-bad_subject = `{ $subject }` names nothing that evidence can be about
    .expected = `kind:id`, where the kind is one of { $kinds }
    .nearest = did you mean the kind `{ $nearest }`?
realm-unknown_pack = there is no pack `{ $pack }`
    .expected = a folder `packs/{ $pack }` in the realm, or the name of a pack that there is
    .nearest = did you mean `{ $nearest }`?
    .known = there are: { $known }
realm-no_pack_file = the pack `{ $pack }` has no `pack.toml`
    .expected = a `pack.toml` with at least id, title and version
realm-pack_id_differs = the pack calls itself `{ $id }`, and its folder is `{ $folder }`
    .expected = the same name in both

## Codes and numbers

realm-unknown_jurisdiction = `{ $code }` is neither a country nor a declared bloc
    .expected = two capital letters of ISO 3166-1, or a name from `[blocs]`
    .nearest = did you mean `{ $nearest }`?
realm-not_a_country = `{ $code }` is not a country
    .expected = two capital letters of ISO 3166-1; a bloc holds countries, not blocs
    .nearest = did you mean `{ $nearest }`?
realm-bloc_is_country = the bloc `{ $bloc }` is called like a country
    .expected = a name that is not a code of ISO 3166-1
realm-bad_bloc = `{ $bloc }` cannot be the name of a bloc
    .expected = letters, digits and `-`
realm-unknown_currency = `{ $code }` is not a currency
    .expected = three capital letters of ISO 4217
    .nearest = did you mean `{ $nearest }`?
realm-unknown_timezone = there is no time zone `{ $zone }`
    .expected = a name of the IANA time zone database, as "Etc/UTC" or "Europe/Vienna"
    .nearest = did you mean `{ $nearest }`?
realm-shares_exceed_one = the owners' shares sum to { $sum }
    .expected = at most 1 together
    .help = a share of 49 % is "0.49"
realm-content_needs_two = content that is kept needs two people who may open it together; { $count } are declared
    .expected = `content_people` of the organisation: two or more, each with a name and a key of their own
    .help = one asks and another agrees: `freehold content keygen --person` makes a key
realm-drill_needs_two = a live drill needs two people, one who proposes and another who approves; { $count } are declared
    .expected = `drill_people`: two or more, each with a name and a key of their own
    .help = `freehold content keygen --person` makes a key; without `drill_people` no live drill can run
realm-content_without_key = prompts and answers of `{ $app }` are to be kept, and `{ $organisation }` has no `content_key`
    .expected = `content_key = "x25519:…"`, whose private half the organisation keeps
    .help = `freehold content keygen` makes one; or write `content = "none"` in the organisation's apps

## Providers and deployments

realm-missing_base_url = a provider that speaks `{ $protocol }` needs a `base_url`
    .expected = `base_url = "https://…"`
realm-missing_auth_url = a provider that speaks `{ $protocol }` needs an `auth_url`
    .expected = `auth_url = "https://…"`
    .help = tokens are asked for there, at another host than `base_url`
realm-missing_folder = a provider that speaks `{ $protocol }` needs a `folder`
    .expected = `folder = "…"`
    .help = it is part of each model's name there
realm-bad_url = { $fault ->
        [userinfo] an address with a name or password in it
        *[other] `{ $url }` is not the address of a provider
    }
    .expected = { $fault ->
        [blank] an address without blanks, in ASCII
        [scheme] https:// or http:// at its beginning
        [query] an address without `?` and `#`
        [userinfo] an address without `@`: what proves who we are belongs into `credential`
        [port] a port from 1 to 65535
        [slash] no `/` at its end
        *[host] the name or number of a host after `://`
    }
realm-plain_http = `{ $url }` sends requests over the network unprotected
    .expected = https://
    .help = plain http is meant for this machine only: 127.0.0.1, [::1] or localhost
realm-plain_sign_in = `{ $url }` is not protected: whoever is on the way could say who somebody is
    .expected = https://
    .help = plain http is for this machine only: 127.0.0.1, [::1] or localhost
realm-ends_before_it_starts = it ends before it starts, on { $starts }
    .expected = a day on or after { $starts }
realm-not_in_order = `low`, `mid` and `high` are not in this order
    .expected = three shares that never fall: the low, the middle, the high
realm-half_said = `{ $field }` says nothing without `{ $other }`
    .expected = both or neither
realm-site_elsewhere = it cannot be in { $host } and at `{ $site }`, which lies in { $jurisdiction }
    .expected = the site alone: `host` follows from it
realm-throughput_twice = a second throughput of `{ $model }` on `{ $accelerator }` under the same load
    .expected = one row for each model, accelerator, number of them, batch and length of prompts
realm-too_many_indicators = { $count } indicators: nobody steers by so many
    .expected = ten at most, in all files together
    .help = keep those by which somebody decides; the others are on the usage page and in evidence
realm-sandbox_needs_two = a sandbox needs two people who sign it; { $count } are declared
    .expected = `sandbox_people`: two or more, each with a name and a key of their own
    .help = `freehold content keygen --person` makes a key; without `sandbox_people` nobody is exempt from anything
realm-sandbox_signer = `{ $by }` is none of the realm's `sandbox_people`
    .expected = one of { $known }
realm-sandbox_signature = the signature of { $by } does not fit sandbox `{ $sandbox }`
    .expected = a signature of what the sandbox says now: its apps, rules, days and `cite`
    .help = where it was changed after it was signed, take the old signatures out, and both sign anew: `freehold sandbox sign { $sandbox } --by { $by } --signer FILE`
realm-sandbox_unsigned = sandbox `{ $sandbox }` exempts nobody: { $lacking ->
        [one] one more person has
        *[other] { $lacking } people have
    } to sign it
    .expected = under `signed`, the signatures of two of `sandbox_people`
    .help = `freehold sandbox sign { $sandbox } --by NAME --signer FILE` prints what to add under `signed`
realm-not_for_embedded = the embedded engine has no `{ $field }`
    .expected = no `{ $field }` beside `protocol = "embedded"`
    .help = it runs inside this program and is reached over no network
realm-not_for_protocol = a provider that speaks `{ $protocol }` has no `{ $field }`
    .expected = `{ $field }` only beside a `protocol` of these: { $protocols }
    .help = leave it out: nothing would look at it
realm-cert_without_key = `{ $has }` without `{ $lacks }`
    .expected = both of them, or neither
realm-credential_kind = `credential` must say one place to read it from
    .expected = {"{"} env = "NAME" {"}"} or {"{"} file = "PATH" {"}"}
realm-bad_variable = this cannot be the name of an environment variable
    .expected = letters, digits and `_`
    .help = the realm never holds a credential itself, only where it is read from
realm-total_timeout = the whole attempt may take { $total } ms, and `{ $field }` alone { $part } ms
    .expected = a `total_ms` that is not shorter than any other
    .help = what is not written has its default: connect 5000, first byte 60000, idle 60000, total 600000
realm-missing_weights = `{ $deployment }` runs in the embedded engine, and has no `weights_file`
    .expected = `weights_file = "FILE.gguf"`, or "demo-tiny" for the toy inside the program
realm-spare_weights = `{ $deployment }` is served by `{ $provider }`, which loads its own weights
    .expected = no `weights_file` except with `protocol = "embedded"`
realm-no_weights_file = there is no file `{ $path }`
    .expected = a GGUF file; a relative path begins at the realm's directory
    .help = "demo-tiny" names the toy inside the program
realm-no_such_file = there is no file `{ $path }` on this machine
    .expected = a file; a relative path begins at the realm's directory
    .help = requests to this provider will fail where the file is missing

## Routes

realm-mixed_kinds = the route `{ $route }` leads to different kinds: `{ $first }` is for { $first_kind }, `{ $other }` for { $other_kind }
    .expected = deployments of one kind
    .help = make two routes of it
realm-misleading_route = the route `{ $route }` is called like a model, and `{ $deployment }` serves another, `{ $model }`
    .expected = a name that is no model's, or deployments of that model only
realm-detector_abroad = the detector runs in { $host }
    .expected = { $home }, where the realm is at home
    .help = it sees every text before a rule could keep it from anybody: run it at home, or leave it out
realm-resume_alone = `resume = true` has nowhere to go on
    .expected = a second deployment, and `fallback` not switched off
    .help = add another deployment to the route, or leave `resume` out
realm-quality_missing = `strategy = "cheapest_passing"` does not know how good is good enough
    .expected = quality = {"{"} suite = "…", share_min = "0.8" {"}"}
    .help = name the suite whose evaluations count and the share of right answers to be reached
realm-quality_unused = `quality` has no effect: the route does not choose by it
    .expected = strategy = "cheapest_passing"
    .help = set the strategy, or leave `quality` out
realm-unreachable_route = no app may name the route `{ $route }`
    .expected = the route in the `routes` of an app
realm-unused_deployment = no route leads to the deployment `{ $deployment }`
    .expected = the deployment in the `deployments` of a route

## Dates

realm-expired_evidence = this evidence held until { $date }, and today is { $today }
    .expected = a day that is not over
    .help = a rule that asks for it finds it unknown
realm-expired_rule = this rule held until { $date }, and today is { $today }
    .expected = a day that is not over
    .help = it is in shadow and binds nobody; remove it when nobody needs to see it any more

# What is said of cases and plans; problems of a case (`case-x` is the message of the code `case.x`).

## Problems of a case

case-outside = it names a place outside of the case's directory
case-unreadable = `{ $path }` cannot be read: { $why }
    .expected = a text file within the case's directory
    .help = put the file there, or correct its name
case-syntax = not TOML: { $why }
    .expected = TOML
case-unknown_field = `{ $table }` has no field `{ $field }`
    .expected = one of { $fields }
    .nearest = did you mean `{ $nearest }`?
    .help = remove it or correct its name
case-wrong_unit = `{ $field }` is in a unit that the case does not use
    .expected = `{ $right }`
    .help = rename the field and convert its value
case-missing_field = `{ $table }` lacks its `{ $field }`
    .expected = `{ $field }`
    .help = this field has no default: add it
case-wrong_type = `{ $field }` has a value that it cannot have
    .expected = { $want ->
        [text] a text in quotes
        [number] a number
        [whole] a whole number
        [flag] true or false
        [texts] a list of texts
        [numbers] a list of numbers
        [table] a table
        [tables] a list of tables
        [years] a number, or a table of years as {"{"} 2026 = 1, 2030 = 2 {"}"}
        [id] an id: a to z, 0 to 9, `-` and `_`, beginning with a letter or digit
        [jurisdiction] two capital letters, as in ISO 3166-1
        [currency] three capital letters, as in ISO 4217
        [version] 1
        [basis] "physical", "budget" or "law"
        [basis_budget] "budget"
        [degrees] degrees: from -90 to 90 north, from -180 to 180 east
        [pue] no hour below 1
        [points] pairs of degrees and PUE, ascending by degrees
        [outage] hours of the case, `from_hour` before `until_hour`
        [class_kind] "training" or "inference"
        [policy_kind] "co2_cap", "home_share", "reserve_margin" or "loss_of"
        [lost] "site:ID", "technology:ID" or "origin:XX"
        [covers] "sites", "accelerators", "energy", "lines" or "running"
       *[other] { $want }
    }
    .help = write it as expected
case-out_of_range = `{ $field }` cannot be { $found }
    .expected = { $want ->
        [not_negative] a number of at least 0
        [positive] a number above 0
        [share] a share from 0 to 1
       *[any] a number
    }
    .help = correct the value; units stand in the field's name
case-duplicate = there is another { $kind } `{ $id }`
    .expected = ids that differ
    .elsewhere = the first one is at { $elsewhere }
    .help = rename or remove one of them
case-unknown_reference = no { $kind } is called `{ $id }`
    .expected = one that the case declares
    .nearest = did you mean `{ $nearest }`?
    .known = there are: { $known }
    .help = declare it, or correct the name
case-years_order = the year { $year } comes after a later one
    .expected = investment years in ascending order, each once
    .help = put them in order
case-hours_twice = hours are given twice
    .expected = either `hours` or `[[block]]`
    .help = remove one of them
case-weights_sum = hours times weights come to { $found }
    .expected = { $want }, within one in a thousand
    .help = correct `weight`, or say with `year_hours` what a year of the case has
case-spending_sum = the shares of `spending` come to { $found }
    .expected = 1
    .help = say what is paid in each year from the order on, as shares
case-spending_years = `spending` has { $found } years
    .expected = at most { $want }: from the order to the service
    .help = shorten it, or correct `lead_years`
case-lead_time = it cannot be in service in { $found }
    .expected = { $want } or later: the first year of orders and the lead time
    .help = correct `in_service`, `lead_years` or `first_order_year`
case-size_twice = `{ $field }` stands beside `fixed_mw`
    .expected = either `fixed_mw`, or bounds of what may be built
    .help = remove one of them
case-bounds = at least { $min } and at most { $max } cannot both be
    .expected = `mw_min` no higher than `mw_max`
    .help = correct one of them
case-one_way = a line both ways has no `{ $field }`
    .expected = `both_ways = false`
    .help = write two lines, one each way
case-line_ends = a line begins and ends at the same site
    .expected = two sites
    .help = correct `to`
case-no_place = the site `{ $site }` has no `latitude` and `longitude`
    .expected = a place for every site where a class asks for nearness
    .help = say where the site is
case-supply_of = it is not clear what is capped
    .expected = either `accelerator` or `origin`
    .help = name one of them
case-csv_empty = the file is empty
    .expected = a header with the names of fields
    .help = write the header
case-csv_cells = the row has { $found } cells
    .expected = { $want }, as the header
    .help = correct the row
case-csv_column = there is no column `{ $column }`
    .expected = `hour` first, or `year,hour`
    .known = there are: { $known }
    .help = number the hours from 0
case-csv_number = `{ $found }` is not a number
    .expected = a number with a point, without a unit
    .help = correct the cell
case-csv_gap = after the hours before comes { $found }
    .expected = { $want }
    .help = fill the gap: every hour stands once and in order
case-csv_hours = the file has { $found } hours
    .expected = { $want }
    .help = give each hour of the case a row
case-no_column = `{ $path }` has no column `{ $column }`
    .expected = a column of the file
    .nearest = did you mean `{ $nearest }`?
    .known = there are: { $known }
    .help = correct the name, or add the column
case-series_range = `{ $field }` cannot be { $found }, as in hour { $hour } of `{ $column }` in `{ $path }`
    .expected = { $want ->
        [not_negative] numbers of at least 0
        [positive] numbers above 0
        [share] shares from 0 to 1
       *[any] numbers
    }
    .help = correct the file or the factor

## Why there is no plan

why-none = There is no plan: what the case asks cannot all be.
why-named-no_site = no site is near enough for the class { $what } (demand in { $year }: { $asked } PFLOP/s): allow another site, or more latency
why-named-residency = residency leaves no site for the class { $what } (demand in { $year }: { $asked } PFLOP/s): a site under one of its jurisdictions is needed
why-named-no_accelerator = no accelerator serves the class { $what } where it may run (demand in { $year }: { $asked } PFLOP/s): add a kind with enough memory, or a smaller model
why-named-supply = all accelerators that may be had by { $year } do { $found } PFLOP/s of { $asked } for the class { $what }
why-named-no_source = no source of power can be in service in { $year }: what could be ordered takes longer, or nothing is declared
why-named-capacity = all sources that can be in service in { $year } come to { $found } MW; loads take { $asked } MW in one hour
why-causes = { $count ->
    [one] This limit is in the way; without it there is a plan:
   *[other] These limits are in the way together; without all of them there is a plan:
}
why-limit-law = { $limit }: { $allowed }, by law. It stands: what is left is a licence, domestic or permitted supply, smaller models, less demand, or a later date
why-limit-physical = { $limit }: { $allowed }; { $needed } would do. Build or connect more, place it elsewhere, ask for less, or later
why-limit-budget = { $limit }: { $allowed } million; { $needed } million would do. Raise the budget, ask for less, or later
why-limit-decided = { $limit }: { $allowed }; { $needed } would do. Somebody may decide otherwise; or ask for less, or later
why-limit-plain = { $limit }: { $allowed }
why-demand = { $limit }: { $needed } % of it can be served
why-law = With the law as it is, this would do:
why-first-year = With every limit as it is, all demand is served from { $year } on.
why-no-year = With every limit as it is, there is no year of the case from which on all demand is served.

## What a check finds

check-form = the lists of the plan are not as long as the case's
check-lead_time = { $place }: built although the lead time does not allow it: { $found } MW
check-modules = { $place }: { $found } modules are no whole number
check-balance = { $place }: what comes in and what goes out differ by { $found } MW
check-objective = the objective is stated as { $found } and comes to { $allowed }
check-other = { $rule }: { $place }: { $found }, allowed { $allowed }
check-more = and in { $count } more places
case-one_demand = work is counted in PFLOP/s or in tokens, not in both
    .expected = `demand_pflops` or `demand_tokens_per_s`
case-not_tokens = `{ $class }` is not counted in tokens
    .expected = a class with `demand_tokens_per_s`; for others, `pflops` of the accelerator says how fast it is
case-in_tokens = `{ $class }` is counted in tokens
    .expected = a row of `[[throughput]]` with its rate in tokens a second

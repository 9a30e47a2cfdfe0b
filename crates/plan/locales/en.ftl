# What is said of cases and plans; problems of a case (`case-x` is the message of the code `case.x`).

## Problems of a case

case-outside = `{ $path }` is a place outside of the case's directory
    .expected = a file within it
    .help = put the file there, and name it without `..` and without a leading `/`
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
case-linked_order = storage is carried through the year, and nobody says how its blocks follow one another
    .expected = `order` in `[case]`: the id of a block for each time that it occurs
    .help = add it, or let the storage close on itself in each block
case-order_joined = blocks have an order, and are one run of hours besides
    .expected = `order` with `[[block]]`, without `joined` and without `hours`
    .help = remove one of them
case-order_counts = the block `{ $id }` is { $found } % of `order`
    .expected = { $want } %, as its weight says, within one in a hundred
    .help = correct `order` or the block's `weight`
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
why-demand-none = { $limit }: none of it can be served
why-demand = { $limit }: { $needed } % of it can be served
conflict-balance = what comes in and goes out of { $what } is the same
conflict-capacity = { $what } gives no more than stands
conflict-must_run = { $what } always runs in part
conflict-ramp = { $what } changes no faster than its ramp
conflict-grid_connection = the connection of { $what } holds
conflict-store_power = { $what } charges and discharges within its power
conflict-store_size = { $what } holds no more than its size
conflict-state = what { $what } holds is what it held, and what was put in and taken out
conflict-carried = { $what } is carried through the year
conflict-flow = { $what } carries no more than stands
conflict-units = { $what } works with no more units than there are
conflict-inference = { $what } is served
conflict-training = { $what } is trained
conflict-hall = accelerators at { $what } have room
conflict-hall_max = halls at { $what } are within their limit
conflict-power_cap = halls at { $what } draw no more than they may
conflict-standing_max = of { $what } no more stands than may
conflict-standing_min = of { $what } as much stands as must
conflict-area = the ground of { $what } suffices
conflict-supply = the supply { $what } holds
conflict-spent = what is spent on { $what } is paid
conflict-budget = the budget { $what } holds
conflict-policy = the policy { $what } is met
conflict-bound = { $what } stays within what the case states
conflict-in-year = { $rule } ({ $year })
conflict-in-hour = { $rule } ({ $year }, hour { $hour })
conflict-none = nothing was found that cannot hold together
conflict-head = These cannot all hold together, and without any one of them the others could:
why-law = With the law as it is, this would do:
why-first-year = With every limit as it is, all demand is served from { $year } on.
why-no-year = With every limit as it is, there is no year of the case from which on all demand is served.

## What a check finds

check-form = the lists of the plan are not as long as the case's
check-lead_time = { $place }: built although the lead time does not allow it: { $found } MW
check-modules = { $place }: { $found } modules are no whole number
check-balance = { $place }: what comes in and what goes out differ by { $found } MW
check-objective = the objective is stated as { $found } and comes to { $allowed }
check-stands = { $place }: stands with { $found } MW, where the case has { $allowed }
check-mw_min = { $place }: { $found } MW, at least { $allowed } are asked
check-mw_max = { $place }: { $found } MW, at most { $allowed } may be
check-output_negative = { $place }: output of { $found } MW is below nothing
check-output = { $place }: output of { $found } MW, where { $allowed } can be had
check-must_run = { $place }: output of { $found } MW, where { $allowed } must always run
check-ramp = { $place }: output changes by { $found } MW in an hour, { $allowed } may be
check-grid_connection = { $place }: { $found } MW over the connection, which holds { $allowed }
check-store_negative = { $place }: a store at { $found }, less than nothing
check-store = { $place }: a store at { $found }, where { $allowed } is the most
check-state = { $place }: { $found } MWh are stored, and what went in and out comes to { $allowed }
check-flow = { $place }: a line carries { $found } MW, { $allowed } may be
check-residency = { $place }: { $found } units do work that may not run there
check-inference = { $place }: { $found } is served of { $allowed }
check-training = { $place }: { $found } is trained of { $allowed }
check-units = { $place }: { $found } units at work, { $allowed } are there
check-units_elsewhere = { $place }: { $found } units bought where none may stand
check-units_negative = { $place }: { $found } units bought, less than nothing
check-used_negative = { $place }: { $found } units at work, less than nothing
check-hall = { $place }: accelerators of { $found } MW in halls of { $allowed }
check-hall_elsewhere = { $place }: { $found } MW of halls where none may be built
check-hall_max = { $place }: { $found } MW of halls, at most { $allowed } may stand
check-hall_negative = { $place }: { $found } MW of halls, less than nothing
check-power_cap = { $place }: halls draw { $found } MW, at most { $allowed } may be
check-standing_max = { $place }: { $found } MW stand, at most { $allowed } may
check-standing_min = { $place }: { $found } MW stand, at least { $allowed } are asked
check-area = { $place }: { $found } km² are taken, { $allowed } are there
check-supply = { $place }: { $found } units are bought, { $allowed } can be had
check-budget = { $place }: { $found } million are paid, { $allowed } are there
check-paid_for = { $place }: { $found } million are paid for what the budget does not cover
check-paid_negative = { $place }: { $found } million are paid, less than nothing
check-unpaid = { $place }: { $found } million were spent, { $allowed } are paid
check-overpaid = { $place }: { $found } million are paid, where { $allowed } were spent
check-co2_cap = { $place }: { $found } t of CO₂, at most { $allowed } may be
check-home_share = { $place }: { $found } of the energy is under home's control, { $allowed } is asked
check-bound = { $place }: no plan can be cheaper than { $found }, and this one costs { $allowed }
check-survival_missing = { $place }: the plan says nothing of the hour that must be survived
check-survival_firm = { $place }: { $found } in the hour that must be survived, { $allowed } is left
check-survival_balance = { $place }: { $found } MW are left over in the hour that must be survived, { $allowed } are needed
check-survival_served = { $place }: { $found } is served in the hour that must be survived, { $allowed } must be
check-survival_units = { $place }: { $found } units at work in the hour that must be survived, { $allowed } are left
check-more = and in { $count } more places
case-one_demand = work is counted in PFLOP/s or in tokens, not in both
    .expected = `demand_pflops` or `demand_tokens_per_s`
case-not_tokens = `{ $class }` is not counted in tokens
    .expected = a class with `demand_tokens_per_s`; for others, `pflops` of the accelerator says how fast it is
case-in_tokens = `{ $class }` is counted in tokens
    .expected = a row of `[[throughput]]` with its rate in tokens a second

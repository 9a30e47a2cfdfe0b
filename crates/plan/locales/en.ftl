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
case-to_fill_in = `{ $field }` is unknown: nobody says it{ $of }
    .expected = its value in place of "unknown", and in `source` where it comes from
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
        [year] a year, from 1900 to 2300
        [years_max] a number above 0, and at most 200
        [name] a name of 1 to 120 letters on one line, without control characters
        [scenario_id] another id: `as-written` is the case itself
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
        [source] a text, or a table of texts by field
        [covers] "sites", "accelerators", "energy", "lines" or "running"
       *[other] { $want }
    }
    .help = write it as expected
case-out_of_range = `{ $field }` cannot be { $found }
    .expected = { $want ->
        [not_negative] a number of at least 0, and at most 10¹⁵
        [positive] a number above 0, and at most 10¹⁵
        [share] a share from 0 to 1
       *[any] a number between −10¹⁵ and 10¹⁵
    }
    .help = correct the value; units stand in the field's name
case-unserved_unit = the class does not count its work in what `{ $field }` counts
    .expected = `unserved_cost_per_pflop_h` of work in PFLOP/s; `unserved_cost_per_m_tokens` of work in tokens, or with `gflop_per_token`
    .help = state the loss in the unit of the class's demand
case-unserved_twice = the loss is stated twice, in work and in tokens
    .expected = one of both
    .help = remove one
case-unserved_share = `unserved_share_max` says how much may go unserved, and nothing says what that costs
    .expected = `unserved_cost_per_pflop_h`, `unserved_cost_per_m_tokens` or, of a load, `unserved_cost_per_mwh`
    .help = state the loss, or remove the share: without a loss all must be served
case-uncited = no source is named for `{ $field }`
    .expected = a source for it: who says what is lost when this is not served
    .help = add it to `source`
case-csv_twice = the column `{ $column }` stands there twice
    .expected = each name once, of { $known }
    .help = rename one of the two, or take it out
case-source_of = `{ $table }` has no field `{ $field }` whose source this could be
    .expected = a field of this table, or `rest` for all others
    .help = correct the name
case-no_cap = the case has no cap of its own in { $year } of which a share could be gone
    .expected = a `[[supply]]` of the same accelerator or origin in every year from `from_year` on, or `share = 1`
    .help = add it to case.toml, or let all of it be gone
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

## What a plan says

said-title = Plan: { $name }
said-nothing = nothing
said-total = in all
said-hall = hall
said-mw = { $n } MW
said-units = { $n } units
said-unit-mw = MW
said-unit-units = accelerators
said-money = { $n } { $currency }
said-money-m = { $n } m { $currency }
said-money-bn = { $n } bn { $currency }
said-part = { $money } ({ $share })
said-kind-source = source of energy
said-kind-store = store
said-kind-line = line
said-kind-hall = hall
said-kind-accelerator = accelerators
said-out-of = { $store }, out
said-into = { $store }, in
said-purpose-accelerators = accelerators
said-purpose-halls = halls
said-purpose-plants = building energy plants
said-purpose-upkeep = upkeep of energy plants
said-purpose-fuel = fuel and bought energy
said-purpose-lines = lines
said-loss = Loss of what is not served
said-loss-note = what the case says is lost with it, discounted: no payment, and in no price of tokens
said-with-loss = with the loss: what the plan minimises
said-unserved = What is not served
said-unserved-nothing = Everything is served, also what might give way at its loss.
said-unserved-lead = Not all is served, for serving it would cost more than its loss, or cannot be: { $loss } are lost, discounted to { $year }; no money is paid for that. { $list }.
said-unserved-one = { $what } ({ $site }) in { $year }: { $share } goes unserved, { $amount } { $unit } a year, a loss of { $loss } a year
said-unserved-more = { $list }; and { $count } more
said-unserved-note = Only what states a loss in the case gives way, and no limit gives way for it. A loss is what the case says, not a payment: no budget bears it, and it stands apart from the cost.
said-unserved-loads = loads not served
said-beside = Both plans
said-beside-before = As the case is
said-beside-after = With what comes later
said-beside-loss = discounted; beside it, { $loss } are lost with what is not served
said-beside-firm = Nothing in this case may give way: both plans serve all that is asked.
said-unserved-pflop-h = PFLOP-hours
said-unserved-m-tokens = million tokens
said-unserved-mwh = MWh
said-anywhere = at any site

said-lead-accelerators = In { $year }, { $n } accelerators stand at { $sites } sites ({ $kinds }). All at work, with their cooling, they draw up to { $full } MW; halls, which are counted without cooling, hold { $halls } MW.
said-lead-power = Capacity that serves in { $year }, in MW: { $list }. { $home } of that year's energy is under home's control; it emits { $co2 } t of CO₂.
said-lead-ordered = New plants, with the year of the order and the first year of service: { $list }.
said-lead-ordered-one = { $what } at { $site }, { $amount } (ordered { $ordered }, serves from { $serves })
said-less-than = less than { $n }
said-lead-ordered-more = { $count } smaller ones of { $mw } MW together
said-lead-cost = It costs { $total }, discounted to { $year }: { $list }. Paid out over the years, undiscounted: { $paid }.
said-lead-binds = What binds: { $physical } physical limits, { $budget } of budgets or of decisions, { $law } of law. { $list }
said-lead-proof-modules = Could it be cheaper? The proven gap to the cheapest plan is { $gap }.
said-lead-proof-linear = Could it be cheaper? No: the solver ended at the optimum of the case.
said-lead-tokens = A million tokens in { $year }: { $list }.
said-lead-tokens-one = { $class } { $energy } { $currency } for energy, { $total } { $currency } in all

said-sites = Sites
said-sites-chart = Accelerators by site in { $year }
said-sites-summary = The area of a mark is the number of accelerators that stand there in { $year }; a ring is a site without any. Coordinates are those of the case; no border of any state is drawn.
said-timeline = What is ordered, and from when it serves
said-timeline-chart = Orders, service, end of life
said-timeline-summary = { $count } things are built or bought: a dashed frame from the order to service, a bar while in service. Accelerators are bought in the year in which they begin to serve.
said-modules = Plants that come in whole modules are built as whole modules.
said-accelerators = Accelerators
said-accelerators-chart = Accelerators that stand, by kind and year
said-accelerators-summary = { $n } stand in { $year }, those that fail and those whose life has ended taken off.
said-accelerators-note = What is bought in an investment year is bought in all the years it stands for; what stands is what is left of it and of what stood before. Full power is that of all units at work in the hottest hour, with cooling.
said-by-site = By year, site and kind
said-power = Energy: capacity by source
said-power-chart = MW that serve, by source and year
said-power-summary = { $n } MW of sources and stores serve in { $year }.
said-power-by-site = By year, site and source, with the energy of a year
said-dispatch = The hardest hours of each year
said-dispatch-chart = { $year }: MW by hour, the { $hours } hours with the highest demand
said-dispatch-summary = { $year }: demand is highest in hour { $hour } of them: { $mw } MW at all sites, cooling and other loads included.{ $stores ->
    [yes] {" "}What goes into stores is below the line.
   *[no] {""}
}
said-dispatch-note = Shown is the period of the case (a representative day or a week) that holds the highest hour of the year.
said-cost = What it costs
said-cost-discounted = Discounted cost
said-cost-discounted-note = at { $rate } a year, to { $year }: what the plan minimises
said-cost-paid = Paid out
said-cost-paid-note = undiscounted, at prices of { $price_year }
said-cost-table = Cost by purpose
said-cost-note = The discounted cost counts of each thing the annuity of the years in which it serves within the case, with interest while it is built; what lasts longer is not charged beyond the last year. What is paid out counts the whole price in the years in which it is paid. What stands already costs nothing but its fuel.
said-spend-chart = Money paid out by calendar year and purpose, millions of { $currency }
said-spend-summary = Most is paid out in { $year }: { $money }. Accelerators count in the first year of the period in which they are bought.
said-carbon = CO₂ and whose energy it is
said-co2-t = t of CO₂
said-carbon-chart = Tonnes of CO₂ a year
said-carbon-summary = In { $year }: { $t } t, and { $share } of the energy from supply that home controls.
said-carbon-note = Home is { $home }. Supply is home's own where everybody who can withhold it (fuel, grid, spare parts) is home.
said-home-none = nobody: the case names no home
said-prices = Price of a million tokens
said-prices-chart = Energy for a million tokens, { $currency }
said-prices-summary = The cost of energy alone, cooling and idle machines included, by class of work and year, in { $currency }.
said-prices-table = By class and year
said-prices-no-tokens = The case counts work in operations and does not say what a token takes (`gflop_per_token`), so no price of tokens can be said; the table has the price of a thousand PFLOP-hours.
said-prices-note = Energy of a site costs what its plants' annuities, upkeep, fuel and bought energy come to in that year, over all it delivers; sites that lines connect share one price. The whole cost adds accelerators and halls as annuities, borne by the classes that use them; what stands idle is spread as energy is. Plants that stand already bring no annuity.
said-per-tokens = million tokens
said-per-operations = thousand PFLOP-hours
said-limits = Limits that bind
said-limits-none = No limit is used up.
said-limits-text = These limits are used up to the last unit. What one more unit would save is the discounted saving over all years of the case.
said-limits-unpriced = The plan was written without prices of its limits: what one more unit saves is not known.
said-limits-linear = Prices are the solver's duals at the optimum: they hold for a small change.
said-limits-modules = Prices are the solver's duals of the linear rest, with the whole modules held where they are: they hold for a small change, and limits of whole modules have none.
said-limits-law = Only limits that are physical or a matter of budgets and decisions are priced. A limit of law is never priced: it is kept.
said-never-priced = law: never priced
said-basis-physical = physical
said-basis-budget = budget or decision
said-basis-law = law
said-of-mw = MW
said-of-km2 = km²
said-of-units = accelerators
said-of-million = million
said-of-tonnes = t of CO₂
said-of-share = one hundredth less
said-limit-grid = grid connection of { $site } in { $year }
said-limit-hall = room for halls at { $site } in { $year }
said-limit-power = power cap of { $site } in { $year }
said-limit-area = ground at { $site } in { $year }
said-limit-most = { $what } at { $site } in { $year }, at most
said-limit-least = { $what } at { $site } in { $year }, at least
said-limit-supply = supply of { $what } in { $year }
said-limit-supply-origin = supply from { $what } in { $year }
said-limit-budget = budget { $what } in { $year }
said-limit-co2 = cap on CO₂ { $what } in { $year }
said-limit-home = share of home's energy { $what } in { $year }
said-limit-margin = reserve { $what } in { $year }
said-limit-loss = { $what }, { $year }
said-lost = { $share } of the work must go on without { $what }
said-limit-vintage = { $what } at { $site }, to serve from { $year }, at most
said-limit-named = { $what }, { $year }
said-limit-line = { $what }, at most
said-saves-mw = One more MW ({ $limit }) saves { $money }.
said-saves-mw-least = One MW less ({ $limit }) saves { $money }.
said-saves-km2 = One more km² ({ $limit }) saves { $money }.
said-saves-units = One more accelerator ({ $limit }) saves { $money }.
said-saves-million = One more million ({ $limit }) saves { $money }.
said-saves-tonnes = One more tonne ({ $limit }) saves { $money }.
said-saves-share = One hundredth less ({ $limit }) saves { $money }.
said-proof = Could it be cheaper?
said-proof-modules = No plan of this case is cheaper than { $bound }: this one is at most { $money } above, a gap of { $gap }. The case with parts of modules was solved first, rounded, and branched from there until the gap was proven.
said-proof-linear = No. Nothing in the case has to be whole, so the optimum of its linear model is the cheapest plan, within the solver's tolerance. That is what the solver said when the plan was made; a check of the directory looks at what must hold, and does not solve again.
said-proof-check = The plan was checked against the case without the solver: every balance, limit, lead time and payment, and the cost itself.
said-proof-given = That holds for the case as it is written: other figures, below, give another plan.
said-assumed = What is assumed
said-assumed-text = { $count } figures of the case, each with the source that the case names; { $without } have none. A source that is named may still be an estimate: the table says so in its words. Money is in { $currency } at prices of { $price_year }; the discount rate is { $rate } a year.
said-assumed-table = Figures and their sources, as the case has them
said-no-source = the case names no source

said-asked = What the plan must serve
said-asked-note = Means over the hours of each year; the highest hour is of { $year }. Work of training may go at any hour, the rest in the hour in which it is asked for. Other loads are power that the plan serves beside its halls.
said-asked-training = training
said-asked-inference = inference
said-asked-load = other load
said-asked-in-pflop-hours = PFLOP-hours a year
said-asked-in-pflops = PFLOP/s
said-asked-in-tokens = thousands of tokens a second
said-given = Given by the case, and so neither ordered nor paid for here: { $list }.
said-given-one = { $what } at { $site }, { $mw } MW from { $year }
said-timeline-note = What serves in an investment year serves, and is charged for, in all the years that it stands for, also where its life ends within them.
said-lead-times = From order to service
said-lead-times-longest = Longest to build: { $what }, { $years } years from order to service.
said-col-highest_hour = Highest hour
said-col-lead_years = Years
said-col-module_mw = Whole modules of, MW
said-col-site = Site
said-col-jurisdiction = Jurisdiction
said-col-latitude = North, °
said-col-longitude = East, °
said-col-accelerators = Accelerators
said-col-halls_mw = Halls, MW
said-col-full_power_mw = Full power with cooling, MW
said-col-power_cap_mw = Power cap, MW
said-col-kind = Kind
said-col-what = What
said-col-ordered = Ordered
said-col-serves = Serves from
said-col-ends = Without it from
said-col-amount = How much
said-col-unit = Unit
said-col-year = Year
said-col-accelerator = Accelerator
said-col-bought = Bought
said-col-standing = Standing
said-col-plant = Source
said-col-power_mw = MW
said-col-energy_mwh = Energy of a year, MWh
said-col-hour = Hour
said-col-needed_mw = Needed, MW
said-col-purpose = Purpose
said-col-discounted = Discounted, { $currency }
said-col-share = Share
said-col-paid_out = Paid out, undiscounted, { $currency }
said-col-total_m = In all, millions of { $currency }
said-col-co2_t = CO₂, t a year
said-col-co2_t_per_mwh = t a MWh
said-col-home_share = From home's supply
said-col-class = Class of work
said-col-per = Unit of work
said-col-work = Work of a year
said-col-mwh_each = MWh for one
said-col-energy_cost_each = Energy for one, { $currency }
said-col-total_cost_each = In all for one, { $currency }
said-col-unit_unserved = Unit
said-col-asked = Asked in a year
said-col-unserved = Unserved in a year
said-col-unserved_share = Share
said-col-loss = Loss of a year, { $currency }
said-col-loss_discounted = Loss, discounted, { $currency }
said-col-limit = Limit
said-col-basis = Rests on
said-col-unit_of_limit = Unit
said-col-allowed = Allowed
said-col-used = Used
said-col-saved_by_one_more = One more unit saves (of a least: one less), { $currency }
said-col-table = Table
said-col-id = Id
said-col-field = Figure
said-col-value = As written
said-col-source = Source

## What scenarios say

scen-title = Scenarios: { $name }
scen-lead = { $solved } of { $of } scenarios have a plan. It costs from { $low } ({ $low_name }) to { $high } ({ $high_name }), discounted.
scen-least-regret = Least is regretted by whoever begins for “{ $name }”: with what is ordered before { $before } held, no scenario costs more than { $most } above its own best plan.
scen-outcomes = What each comes to
scen-outcomes-note = Accelerators and their full power with cooling in the last year. Where there is no plan, the year is the first from which all demand can be served.
scen-plan = a plan
scen-from = no plan for every year: all demand is served from { $year } on
scen-never = no plan, in no year
scen-time = time ran out
scen-failed = the solver gave no answer
scen-regret = What it costs to have begun for another
scen-regret-text = Decisions ordered before { $before } are taken as the best plan of the row's scenario has them, and held; then the column's scenario comes, and the rest is planned anew. What stands there is the cost above the column's own best plan.
scen-regret-table = Regret, millions of { $currency }
scen-regret-note = An order is held, not the year in which it comes: where a scenario delays it, it comes later. Costs are proven to within { $gap }; what lies within that is shown as 0.
scen-no-plan = no plan
scen-changes = What is otherwise in each
scen-unchanged = nothing
scen-all-work = all work
scen-demand = demand of { $what } is multiplied ({ $list })
scen-delay = { $what } takes { $years } years longer
scen-cut = { $share } of the supply of { $what } is gone from { $year } on
scen-technology = building { $what } costs { $factor } times as much
scen-accelerator = { $what } costs { $factor } times as much
scen-energy = energy from { $what } costs { $factor } times as much
scen-fuel = energy from { $what } costs { $factor } times as much
scen-availability = { $what } gives { $factor } times as much
scen-col-scenario = Scenario
scen-col-name = What comes
scen-col-cost = Discounted, { $currency }
scen-col-accelerators = Accelerators in the last year
scen-col-power_mw = MW in the last year
scen-col-year = First year
scen-col-result = Result
scen-col-begun_for = Begun for
scen-col-loss = Loss of what is not served, { $currency }
scen-loss-note = The cost holds the loss of what is not served, which stands beside it: it is no payment.

## What two plans differ in

diff-title = Two plans: { $first }, and { $second }
diff-cost-more = The second costs { $by } ({ $share }) more: { $second } in place of { $first }, discounted.
diff-cost-less = The second costs { $by } ({ $share }) less: { $second } in place of { $first }, discounted.
diff-cost-same = Both cost the same: { $first }, discounted; the second { $second }.
diff-cost-apart = The first costs { $first }, the second { $second }, discounted; in other money, or at prices of other years, so their difference says nothing.
diff-money-apart = The plans are in other money, or at prices of other years: nothing is taken from each other.
diff-no-year = The plans have no investment year in common.
diff-lead-accelerators = Accelerators in { $year }: { $second } in place of { $first } ({ $list }).
diff-lead-power = MW of sources and stores in { $year }: { $second } in place of { $first } ({ $list }).
diff-more-of = { $what } +{ $by }
diff-less-of = { $what } −{ $by }
diff-none = no kind differs
diff-accelerators = Accelerators that stand
diff-power = MW that serve
diff-loss = What is not served loses { $first } in the first and { $second } in the second, discounted; that is not paid.
diff-unserved = Unserved, hundredths of what is asked
diff-cost-table = Discounted, { $currency }
diff-spend = Paid out by year
diff-spend-chart = What the second pays more, by calendar year and purpose, millions of { $currency }
diff-spend-summary = Above the line the second pays more, below it less, undiscounted.
said-col-first = First
said-col-second = Second
said-col-difference = Difference

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
check-unserved = { $place }: { $found } go unserved, at most { $allowed } may
check-unserved_negative = { $place }: { $found } go unserved, less than nothing
check-unserved_served = { $place }: { $found } are said to go unserved, and only { $allowed } do
check-more = and in { $count } more places
case-one_demand = work is counted in PFLOP/s or in tokens, not in both
    .expected = `demand_pflops` or `demand_tokens_per_s`
case-not_tokens = `{ $class }` is not counted in tokens
    .expected = a class with `demand_tokens_per_s`; for others, `pflops` of the accelerator or of the row says how fast it is
case-rate_twice = `{ $accelerator }` has more than one rate for `{ $class }`
    .expected = one row, or `pflops` of the accelerator
case-in_tokens = `{ $class }` is counted in tokens
    .expected = a row of `[[throughput]]` with its rate in tokens a second

# Problems of a model (`forecast-x` is the message of the code `forecast.x`), and what results say to people.

## Problems

forecast-syntax = not TOML: { $why }
forecast-missing_field = `{ $table }` lacks its `{ $field }`
    .help = every number names its source, owner, date and expiry; see docs/forecast.md
forecast-unknown_field = `{ $table }` has no field `{ $field }`
    .expected = one of: { $fields }
    .nearest = did you mean `{ $nearest }`?
forecast-wrong_value = `{ $field }` has a value that it cannot have
    .expected = { $want ->
        [text] a text that is not blank
        [id] letters, digits and `_`, a letter first
        [file_id] letters, digits, `-` and `_`, a letter first
        [ids] a list of names
        [two_ids] two ids of inputs
        [number] a finite number
        [not_negative] a number that is not below zero
        [rank] a number above −1 and below 1
        [year] a year, 1900 to 2200
        [year_value] a year of the model with a number
        [date] a date, as 2026-11-26
        [flag] true or false
        [table] a table
        [tables] a list of tables
       *[other] { $want }
    }
forecast-unknown_word = `{ $field }` cannot be `{ $word }`
    .expected = one of: { $words }
    .nearest = did you mean `{ $nearest }`?
forecast-unknown_unit = `{ $word }` is no unit
    .nearest = did you mean `{ $nearest }`?
    .help = words that the model measures in by itself stand in `units` of its head
forecast-bad_unit = `{ $unit }` is no unit
    .expected = units and powers, joined by spaces and `/`: `trn RUB/year`, `token/(GPU h)`, `%`
forecast-no_distribution = this is no distribution
    .expected = a number, "low to high", or one of normal, lognormal, uniform, pert, beta, beta_between, quantiles, mixture with its numbers
forecast-not_finite = a number of the distribution is not finite
forecast-not_in_order = the lower end is not below the upper end
forecast-not_positive = a spread or shape is not above zero
forecast-mode_outside = the most likely value is outside the ends
forecast-not_rising = quantiles must be two or more, with probabilities between 0 and 1, and rise
forecast-no_weights = a mixture needs parts, each with a weight above zero
forecast-needs_contract = `{ $name }` is money and does not say what it is a figure of
    .help = add a `contract`: form, span, price, measure, geography, counterfactual, balance
forecast-real_without_year = real prices are prices of a year
    .help = add `base_year`
forecast-year_without_real = only real prices have a base year
forecast-not_yet = dated { $date }, which is after today, { $today }
forecast-expires_first = expires on { $date }, before its own date
forecast-expired = the source expired on { $date }; today is { $today }
    .help = look the number up again, or say until when it may still be used
forecast-years = the last year lies before the first, or more than { $max } years away
forecast-too_many = too many of `{ $what }`: { $found }
    .expected = at most { $max }
forecast-too_large = the formulas are too large together
    .expected = at most { $max } steps
forecast-name_taken = the name `{ $name }` is taken
    .help = inputs, series and figures share their names; `time`, `year`, `capacity` and `sectors` have a meaning of their own
forecast-unknown_name = nothing is named `{ $name }`
    .nearest = did you mean `{ $nearest }`?
forecast-circular = the formula needs itself: { $path }
forecast-formula = the formula is not understood here
    .expected = names, numbers, + - * / ^, brackets and functions; powers are whole numbers up to 9
forecast-formula_long = the formula is too long
    .expected = at most { $max } bytes
forecast-formula_deep = the formula is nested too deeply
    .expected = at most { $max } levels
forecast-unknown_function = no function is named `{ $name }`
    .expected = one of: { $functions }
    .nearest = did you mean `{ $nearest }`?
forecast-arguments = `{ $name }` has { $found } arguments
    .expected = { $wanted }
forecast-argument_unit = `{ $function }` cannot take this: it measures { $found }
    .expected = { $wanted }
forecast-unlike_units = unlike units are added or compared: { $left } and { $right }
forecast-unlike_contracts = unlike figures are added or compared ({ $differ })
    .help = convert one by a formula that says how, or leave them apart: mixed definitions are a main reason why forecasts differ twentyfold
forecast-unit_of_figure = the formula measures { $found }, the figure says { $declared }
forecast-contract_of_figure = the formula gives another figure than its contract says ({ $differ })
forecast-correlated_twice = { $pair } are correlated twice
forecast-correlated_with_itself = `{ $name }` is correlated with itself
forecast-correlated_constant = `{ $name }` is one value for certain and moves with nothing
forecast-impossible_correlations = these correlations contradict each other. The nearest possible: { $nearest_possible }
    .help = write possible ones, or `repair_correlations = true` in the head to use the nearest
forecast-series_lacks = `{ $name }` has no value for { $year }
forecast-capacity_file = the capacity cannot be read from `{ $file }`: { $why }
    .expected = a table with heads year, accelerators, power_mw and, where there is one, why
forecast-capacity_lacks = no capacity is given for { $year }
    .help = no capacity is not none: write 0 where there is none
forecast-capacity_twice = the capacity of { $year } stands twice
forecast-target_year = the target's year is outside the model
    .expected = { $first } to { $last }
forecast-target_unlike = target and figure are unlike ({ $differ })
    .help = a target is compared only with a figure of the same contract; `span = "unstated"` computes both readings
forecast-target_unit = the target is in { $found }, the figure in { $figure }
forecast-unknown_belief = no published estimate is named `{ $name }`
    .expected = one of: { $ids }
    .nearest = did you mean `{ $nearest }`?
forecast-belief_alone = a belief needs a target to be held against
forecast-belief_unlike = the estimate is of another contract than the target ({ $differ })
    .help = say in `assumes` what must be assumed to carry it over
forecast-bad_set = `{ $value }` is no value
    .expected = a number, or "low to high"
forecast-unknown_set = nothing to set is named `{ $name }`
    .expected = plan.capacity, or input.ID
forecast-divided_by_zero = `{ $figure }` divides by zero in { $year }; it depends on { $inputs }
    .help = give the divisor a distribution that cannot be zero
forecast-no_value = `{ $figure }` has no value in { $year }: it is not a number, or too large; it depends on { $inputs }
forecast-targets_differ = the two models have no first target in common
    .help = a difference is a difference of the same target in the same readings

## Results

report-title = { $title }
report-disagree = Published estimates differ { $times }-fold: from { $least_points } points a year ({ $least }) to { $most_points } ({ $most }). They measure different things; none is taken for the truth.
report-target = Target: { $figure } of at least { $at_least } { $unit } by { $by } ({ $source })
report-contract = what it is: { $words }
report-reading = { $reading }: reached with probability { $probability }; median { $median } { $unit }, 90 % between { $low } and { $high }
report-capacity = What the capacity allows. { $binding }
report-no-capacity = No plan's capacity is given: adoption is not capped, and this forecast says nothing about megawatts.
report-beliefs = What published estimates would make of the target
report-belief = { $source } (weight { $weight }): { $chances }; assumes: { $assumes }
report-weighted = by these weights, { $reading }: { $probability }
report-figure = { $figure }, { $unit }: { $formula }
report-sensitivity = What would change { $figure } in { $year } most (Sobol's indices, correlations set aside; the figure with the input at its 5 % and 95 % point; what knowing it would take off Brier's score)
report-boundary = What must be true for an even chance, `{ $first }` and `{ $second }`
report-point = { $first }: { $needed }
report-backcast = Back from the target: the mean of draws that reach it, and of all
report-no-backcast = Back from the target: too few draws reach it to say what they have in common.
report-path = { $year }: { $among } ({ $all })
report-shift = `{ $input }` stands at its { $percentile }th percentile on average, else at its 50th
report-assumed = Assumed or estimated rather than measured, declared or cited: { $inputs }. Adoption so far is assumed in: { $sectors }.
report-repaired = correlation { $pair }: asked { $asked }, used { $used }
report-run = { $draws } draws in { $repetitions } repetitions, seed { $seed }; ± is half a 90 % interval.
report-difference = { $reading }: { $before } → { $after }, { $change } points
report-step = { $what }: { $change }
report-before = Before: { $binding }
report-after = After: { $binding }
report-unchanged = { $count } inputs are unchanged; each contributes exactly 0.
binding = In { $year } { $resource } binds: { $share } of the wanted use can run, not all of it with probability { $too_small }{ $why }.
binding-power = power ({ $power } MW)
binding-accelerators = the number of accelerators ({ $accelerators })
binding-none = The capacity binds in no year.
needed-any = anything will do
needed-nothing = nothing within its range suffices
needed-at-least = at least { $value } (its { $percentile }th percentile)
needed-at-most = at most { $value } (its { $percentile }th percentile)
span-annual = in that year
span-cumulative = added up until then
span-unstated = not stated
col-year = YEAR
col-power = MW
col-accelerators = ACCELERATORS
col-share = CAN RUN
col-too-small = TOO SMALL
col-mean = MEAN
col-input = INPUT
col-first = BY ITSELF
col-total = IN ALL
col-low = LOW
col-high = HIGH
col-brier = KNOWING IT
page-fan = { $figure } by year, { $unit }: bands hold 90 % and 50 % of the draws, the line is the median
page-tornado = { $figure } with each input at its 5 % point and at its 95 % point, the others at their middle
page-capacity = What the capacity allows
page-published = Published estimates side by side, points a year as each says
page-inputs = Every input and where it comes from
col-input-low = INPUT LOW
col-input-high = INPUT HIGH
col-source = SOURCE
col-published = AS PUBLISHED
col-contract = WHAT IT IS
col-mark = MARK
col-range = 5 – 50 – 95 %
col-unit = UNIT
col-basis = BASIS
col-expires = EXPIRES

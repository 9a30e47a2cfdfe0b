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
forecast-shape_outside = a shape of a beta distribution is outside 0.001 to 100000: write a number, or an interval
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
forecast-class_missing = sector `{ $sector }` names no class of work, others do
    .help = where capacity is told by class, every sector with an `intensity` has a `class`: a column CLASS_per_s of the capacity's table
forecast-class_unknown = the capacity does not say what could be served of class `{ $class }` in { $year }
    .help = give the table a column { $class }_per_s (`freehold plan solve` writes one for each class), or `per_s = {"{"} { $class } = … {"}"}` in each year
forecast-resolved_twice = what the target `{ $target }` of `{ $forecast }` came to is said twice in this reading
    .help = one outcome for each reading of each target
forecast-share_outside = `{ $name }` is a share, and its 90 % interval reaches from { $low } to { $high }
    .expected = within 0 and 1
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

tell-disagree = Published estimates differ { $times }-fold: from { $least_points } points a year ({ $least }) to { $most_points } ({ $most }). They measure different things; none is taken for the truth.
tell-goal = { $figure }: at least { $at_least } { $unit } by { $by }
tell-target = { $goal }. How likely: { $chances }.
tell-chance = { $reading }: { $probability }, { $likely ->
        [hardly] all but impossible
        [surely] all but certain
        [yes] more likely than not
       *[no] less likely than not
    }
tell-most = What would change it most: { $first } (accounts for { $first_share } of the uncertainty, with its interactions), then { $second } ({ $second_share }).
tell-counted = { $how_many ->
        [none] No input is assumed or estimated: { $inputs } { $form ->
            [one] input was
           *[other] inputs were
        } measured, declared or published.
        [one] 1 of { $inputs } inputs is assumed or estimated; nobody measured, declared or published it.
       *[many] { $assumed } of { $inputs } inputs are assumed or estimated; nobody measured, declared or published them.
    }
tell-set = Set in place of what the file says: { $set }. Correlations that the file gives stay.
tell-set-correlated = What is set to one number moves together with nothing: its correlations have no effect, and what it was correlated with is drawn as before.
tell-both-readings = The source does not say whether it means the amount of one year or the sum of several: both readings are computed.
tell-sure = How sure it is: { $reading }, nine draws in ten lie between { $low } and { $high } { $unit }. That spread is what the inputs leave open. The ± beside a chance is much smaller: it says only how well the draws answer the model, not how right the model is.
tell-asked-reading = What follows about changes, even odds and the way back asks about this reading: { $reading }. Its chance is nearest to even odds; a reading that is all but certain or all but impossible would tell nothing.
tell-no-capacity = No plan's capacity is given: adoption is not capped, and this forecast says nothing about megawatts.
tell-binds = The capacity binds most in { $year }: { $resource } run short; { $share } of the wanted use can run, and not all of it can with a probability of { $too_small }{ $why }.
tell-capacity-assumed = That capacity is an illustration of the model's author, not a solved plan: a plan's own takes its place (`--case`, or `--set plan.capacity=FILE`).
tell-true-none = No pair of values of these two, each within its range, makes the odds even: more than these two would have to differ.
tell-changes-most = The capacity changes most in { $year }: { $after } of the wanted use can run in place of { $before }; { $resource } run short then, before it was { $resource_before }{ $why }.
tell-changes-nothing = What can run is the same in every year until the target's: no change of the capacity reaches it.
tell-unbounded = If capacity were no limit, with the same draws: { $list }.
tell-unbounded-one = { $reading }, a chance of { $probability } and a mean of { $mean } { $unit }, where it is { $with } with the limit
tell-binds-nothing = The capacity binds in no year.
tell-first-binding = { $year } is the first year in which the capacity is more likely than not too small.
tell-capacity-from = Where the capacity comes from: { $source }; file: { $file }; { $basis }.
resource-power = megawatts ({ $amount } MW)
resource-accelerators = accelerators ({ $amount })
resource-fleet = the plan's units for this work ({ $amount } accelerators in all)
tell-beliefs = Each published estimate is carried over to the target by a formula of this model, under an assumption that is named; none replaces the model. The last rows mix those that have weights. The chance that this model itself gives stands above, under the target.
tell-mixture = the mixture
tell-mixture-is = by these weights
tell-formula = Computed as { $formula }. What it is: { $contract }.
tell-fan = { $figure }: in { $year } half of the draws lie below { $median }, nine in ten between { $low } and { $high }. Bands hold 90 % and 50 % of the draws, the line is the median.
tell-fan-asked = The dashed line is what the target asks for, read as the amount of one year: { $asked }.
tell-change = Asked about: { $question }.
tell-tornado = { $question }: { $low } with “{ $input }” at its 5 % point, { $high } at its 95 % point, and { $middle } with every input at its middle. The longest bar moves it most; inputs that move together are moved one at a time here.
tell-sobol = Sobol's indices share out the uncertainty. The first-order index is the share that an input accounts for by itself, the total index with all its interactions with others; from and to are a 90 % interval. Correlations are set aside here; groups of inputs that move together have indices of their own.
tell-brier = What knowing an input would be worth: Brier's score is the mean squared distance between the chance that is given and what happens (0 or 1); less is better, and 0.25 is what even odds always get. The table says by how much the score would fall on average if the input were known before the chance is given.
tell-worth = Worth most: { $best }.
tell-worth-none = Of no input could it be told from nothing: a chance that is all but certain or all but impossible stays so whatever becomes known of one input.
tell-perfect = Knowing everything before the decision would be worth { $gain } on average, in the unit of the decision's figure.
tell-true = For even odds of { $question }: what “{ $second }” must be, for each value of “{ $first }”, while all other inputs vary as they do. These two matter most.
tell-needed = With “{ $first }” at { $value } ({ $unit }), “{ $second }”: { $needed }.
needed-any = anything will do
needed-nothing = nothing within its range suffices
needed-at-least = at least { $value } ({ $unit }), its percentile { $percentile }
needed-at-most = at most { $value } ({ $unit }), its percentile { $percentile }
tell-backcast = The draws that reach the target ({ $question }) have this in common, on average: { $shifted }. An input at percentile 50 is as in all draws.
tell-shift = { $input } stands at percentile { $percentile }
tell-no-backcast = Too few draws reach the target to say what they have in common.
tell-path = In { $year } the mean is { $among } among draws that reach the target and { $all } among all.
tell-so-far = { $sector }: { $basis ->
        [measured] measured from usage records until { $date }: { $active } of { $apps } apps are active (on average { $share } in { $year } by the curve through it)
        [given] { $share } in { $year }, from a source that measured or states it
       *[assumed] { $share } in { $year } is assumed: no usage record or source says it
    }
tell-adoption = What adopts by sector, after the capacity's cap: the mean over draws.
tell-judged = { $input }: { $basis } ({ $source })
tell-adopted-assumed = adoption so far is assumed in: { $sectors }
tell-repaired = correlation of { $pair }: asked { $asked }, used { $used }, because those asked contradict each other
tell-plus-minus = ± is half a 90 % interval of the estimate, from how far repetitions of the draws differ. More draws make it smaller; they do not make the model truer.
tell-ninety = “90 % between” means: by this model and these inputs, nine outcomes in ten lie there. If an input is wrong, so is the interval.
tell-repeat = The same model, number of draws and seed give the same numbers on any machine.
tell-difference-title = What changes: { $title }
tell-difference = { $reading }: the chance goes from { $before } to { $after }, { $change } percentage points; the mean from { $value_before } to { $value_after }, { $value_change } { $unit }.
tell-unchanged = { $count } { $form ->
        [one] input is unchanged and contributes
       *[other] inputs are unchanged; each contributes
    } exactly 0.
tell-common-draws = { $draws } draws, seed { $seed }, the same draws before and after: what did not change contributes exactly nothing. ± is half a 90 % interval.
reading-annual = in { $by } alone
reading-cumulative = added up from { $first } to { $by }
reading-unstated = not stated
head-published = How far published estimates differ
head-targets = The target
head-capacity = What the capacity allows
head-beliefs = What published estimates would make of the target
head-figures = By year
head-change = What would change it most
head-true = What must be true for even odds
head-back = Back from the target
head-adoption = Adoption by sector
head-assumed = What is assumed rather than measured
head-inputs = Every input and where it comes from
head-method = How sure it is, and how to repeat it
head-difference = The change
fact-target = Target
fact-contract = What it is a figure of
fact-draws = Draws
fact-repetitions = Repetitions
fact-seed = Seed
fact-sampling = Drawn by
fact-before = Before
fact-after = After
sampling-latin = Latin hypercube
sampling-sobol = Sobol's sequence, scrambled
table-targets = How likely, and between what and what
table-published = As published: percentage points a year, each by its own definition
table-sobol = Shares of the uncertainty
table-groups = Groups of inputs that move together
table-knowing = By how much Brier's score would fall
table-shifts = Where inputs stand among draws that reach the target
table-correlations = Rank correlations
table-steps = What each change contributes; they add up
chart-capacity = The part of the wanted use that can run, and how likely the capacity is too small, %
chart-tornado = One input at a time, from its 5 % to its 95 % point
chart-true = The line of even odds
chart-adoption = Share adopted, %
step-capacity = the plan's capacity
step-correlations = correlations
step-structure = the structure of the model
basis-measured = measured
basis-declared = declared
basis-cited = cited
basis-estimated = estimated
basis-assumed = assumed
adopted-measured = measured
adopted-given = stated by a source
adopted-assumed = assumed
contract-words = { $form ->
        [rate] a rate of growth
       *[level] an amount
    } { $span ->
        [annual] of one year
        [cumulative] added up over years
       *[unstated] of one year or added up over years (the source does not say)
    }, { $price ->
        [nominal] at prices of the day
        [real] at prices of { $base_year }
       *[none] not in money
    }; { $measure ->
        [gdp] gross domestic product
        [gva] gross value added
        [tfp] total factor productivity
        [labour_productivity] productivity of labour
        [surplus] consumers' surplus
        [revenue] revenue
        [use_case_value] value of use cases, no part of GDP
        [economic_effect] what users save or gain
       *[cost] cost
    }; { $geography ->
        [RU] Russia
        [US] United States
        [EU] European Union
        [OECD] OECD
        [world] world
       *[other] { $geography }
    }; against { $counterfactual ->
        [no-ai] no use of AI
       *[other] { $counterfactual }
    }; { $balance ->
        [net] after investment and displacement
       *[gross] before investment and displacement
    }
unit-plain = share of one
unit-thousand = thousand
unit-mn = mn
unit-bn = bn
unit-trn = trn
unit-s = s
unit-h = h
unit-hour = hour
unit-day = day
unit-year = year
unit-W = W
unit-kW = kW
unit-MW = MW
unit-GW = GW
unit-GPU = GPU
unit-accelerator = accelerator
unit-token = token
unit-PFLOP = PFLOP
unit-request = request
unit-person = person
unit-firm = firm
unit-site = site
unit-pp = points
unit-RUB = RUB
unit-EUR = EUR
unit-USD = USD
col-target = Target
col-reading = Read as
col-probability = Probability
col-probability-low = from
col-probability-high = to
col-p5 = 5 %
col-p25 = 25 %
col-median = Median
col-p75 = 75 %
col-p95 = 95 %
col-unit = Unit
col-year = Year
col-power-mw = Power, MW
col-accelerators = Accelerators
col-share = Can run
col-share-low = from
col-share-high = to
col-too-small = Too small with probability
col-by-power = Of that, by power
col-why = Why
col-source = Source
col-published = As published
col-contract = What it is a figure of
col-points-a-year-low = Points a year, from
col-points-a-year-high = to
col-method = Method
col-mark = How far checked
col-weight = Weight
col-assumes = What it assumes
col-mean = Mean
col-mean-low = from
col-mean-high = to
col-input = Input
col-input-low = Input at 5 %
col-input-high = Input at 95 %
col-input-unit = Its unit
col-low = The figure then
col-high = and then
col-first = First order
col-first-low = from
col-first-high = to
col-total = Total
col-total-low = from
col-total-high = to
col-brier = Brier's score falls by
col-brier-low = from
col-brier-high = to
col-decision = The decision gains
col-decision-low = from
col-decision-high = to
col-input-percentile = Percentile
col-input-value = Value
col-second-input = Second input
col-second-needed = Must be
col-second-percentile = Percentile
col-second-words = In words
col-percentile = Mean percentile
col-percentile-low = from
col-percentile-high = to
col-among = Among draws that reach it
col-among-low = from
col-among-high = to
col-all = Among all draws
col-all-low = from
col-all-high = to
col-sector = Sector
col-curve = Curve
col-so-far = So far
col-wanted = Would adopt
col-can = Can adopt
col-id = Id
col-basis = Basis
col-owner = Owner
col-date = Date
col-expires = Expires
col-asked = Asked
col-used = Used
col-before = Before
col-after = After
col-change = Change
col-change-low = from
col-change-high = to
col-value-before = Mean before
col-value-after = Mean after
col-value-change = Change of the mean
col-what = What changed
track-title = Track record
track-nothing = No frozen forecast belongs to what is resolved.
track-lead = Mean Brier score { $brier } over { $count } resolved { $form ->
        [one] reading
       *[other] readings
    } (reliability { $reliability }, resolution { $resolution }, uncertainty { $uncertainty }); less is better, and even odds always get 0.25.
track-unmatched = { $count } { $form ->
        [one] resolution belongs
       *[other] resolutions belong
    } to no frozen forecast.
track-scores = What was said and what happened
track-scores-are = Brier's and the logarithmic score are of the probability; the continuous ranked probability score (CRPS), the pinball score of the 90 % level and the score of the 90 % interval are of the distribution, in the target's unit. Less is better everywhere.
track-calibration = Calibration
track-calibration-plot = What was called so likely, and how often it happened, %
track-calibration-is = Well calibrated is where both lines meet: of what was called 70 % likely, 70 % happened. Few readings in a group say little.
track-sharpness = Sharpness
track-sharpness-is = the mean of p (1 − p): 0 where everything was called certain, 0.25 where everything was called even
track-standings = By person and by model
track-enough = A name has a place only once { $enough } of its readings are resolved: fewer tell luck from skill too badly.
track-unranked = needs { $enough }
track-people = By person
track-models = By model
track-annual = in that year
track-cumulative = added up
track-yes = reached
track-no = not reached
col-forecast = Forecast
col-by = By
col-frozen = Frozen
col-value = Came to
col-happened = Happened
col-brier-score = Brier's score
col-log-score = Logarithmic score
col-crps = CRPS
col-pinball-90 = Pinball, 90 %
col-interval-90 = Interval, 90 %
col-from = From
col-to = To
col-count = Readings
col-said = Said
col-happened-share = Happened
col-rank = Place
col-name = Name
look-title = Compute beside that of others
look-unlike = Only figures of one definition are compared, and none are added: chips of one system, Linpack, announced peaks and all data centres' electricity are four different things.
look-sentence = { $name }: { $value } { $unit } in { $year }. By the plan { $ours } in { $our_year }, { $share } of it; years behind: { $behind }.
look-range = { $low } to { $high }
look-open = { $low } or more (its upper end not by { $last })
look-already = none: the plan has as much in its first year, { $first }
look-at-most = at most { $high }
look-never = not by { $last }
look-plan = The plan
look-plan-is = The plan comes to { $accelerators } accelerators and { $power } MW in { $year }.
look-beside = Beside others, by the same definition
look-behind-is = Years behind: the first year in which the plan reaches the other's amount, less the year of that amount; from its lower end to its upper end. Below zero the plan is ahead. A generation of chips is not told from another here.
look-others = Figures of other definitions: shown, compared with nothing
look-definitions = Definitions
look-compared = compared with the plan
look-shown = shown only
look-unit-accelerators = accelerators
look-unit-power = MW
col-reference = What
col-of = Of whom
col-definition = Definition
col-theirs = Amount
col-theirs-low = from
col-theirs-high = to
col-our-year = The plan in
col-ours = has
col-part = Part
col-ours-per-million = For a million people
col-theirs-per-million = the other
col-growth = The plan grows a year by
col-years-behind-low = Years behind, from
col-years-behind-high = to
col-behind = In words
col-meaning = Meaning
col-use = Use

# What reports of exposure and of drills say to people, and problems of a scenario (`scenario-x` is the message of the
# code `scenario.x`).

## Words

findings = Findings
findings-none = none
not-declared = not declared
and-more = … and { $count } more
unknown = unknown
level-deployment = deployment
level-model = model
level-developer = developer
level-provider = provider
level-operator = operator
level-parent = ultimate parent
level-residency = bytes rest in
level-control = under the control of
level-provenance = weights from
level-licence = licence
level-site = site
level-accelerator = accelerator
level-maker = maker of accelerators
level-energy = source of energy
level-not-declared = Nothing is declared about the level `{ $level }`.

## Heads of columns

col-level = LEVEL
col-key = NEEDED
col-requests = REQUESTS
col-tokens = TOKENS
col-cost = COST
col-critical = CRITICAL
col-without = LEFT WITHOUT
col-hhi = HHI
col-effective = EFFECTIVE
col-app = APP
col-route = ROUTE
col-substitute = SUBSTITUTE
col-permitted = PERMITTED
col-as-of = AS OF

## Exposure

exposure-total = Answered: { $requests } requests, { $tokens } tokens, { $cost }, { $critical } weighted by criticality; { $first } to { $last }
exposure-rest = Not among the shares: { $denied } denied by rules, { $refused } refused otherwise, { $failed } failed, { $open } open, { $orphans } without their beginning
exposure-nothing = Nothing was answered in this time, so nothing can be told of what it needed. A request appears once a checkpoint covers its records: within a second.
exposure-levels = What the answered use needs
exposure-shares = Shares are of all answered use. HHI: the sum of squared shares, by criticality where there is any. LEFT WITHOUT: of use weighted by criticality, what could go elsewhere on its route if this were cut off. EFFECTIVE: so many equal suppliers would be as concentrated.
exposure-cuts = If one were cut off
worst-cut = Worst: { $key }. Left by criticality { $critical }, by requests { $requests }, of apps whole, by criticality, { $apps }.
worst-cut-none = No single cut outside home stops anything.
cut-sets = { $app } by `{ $route }` ends with: { $sets }
substitutes = What could take its place
substitute-0 = 0 none
substitute-1 = 1 named
substitute-2 = 2 evaluated
substitute-3 = 3 in shadow
substitute-4 = 4 live
evidence-drilled = { $id } answered { $requests } in a live drill, { $on } ({ $days } days before)
evidence-tried = { $id } answered { $requests } in shadow, { $on } ({ $days } days before)
evidence-evaluated = { $shown } ({ $days } days before)
substitutes-note = 1 named: another permitted deployment stands on the route, by the last decision. 2 evaluated: one that does not usually answer was evaluated. 3 in shadow: one answered at least ten of its requests a second time. 4 live: one answered while a live drill had cut off what stands before it. Each within the ninety days before the last request; SHOWN BY has what is older too, which counts for nothing. What is seen here is which, on what and when: how good it was, the evaluation or the drill says.
col-fallback = FALLBACK
col-mirrors = MIRRORS
col-errors = NOT ANSWERED
col-compared = COMPARED
col-agreeing = AGREEING
col-interval = INTERVAL
col-same-words = SAME WORDS
col-f1 = F1
col-length = LENGTH
col-slower = SLOWER MS

## Findings of exposure

finding-undeclared-snapshot = { $requests } requests were decided by the snapshot { $id }, which is not kept: nobody can say what they needed
finding-undeclared-app = { $requests } requests are of the app `{ $id }`, which its realm does not declare
finding-undeclared-deployment = { $requests } requests went to `{ $id }`, which its realm does not declare
finding-undeclared-key = { $share } of the requests need something of which nobody declared what it is: { $level }
finding-undeclared-levels = Nobody declared anything about: { $levels }
finding-shared-parent = { $operators } stand in for each other and are one: their ultimate parent is `{ $parent }`. { $requests } requests of { $apps } take them for alternatives
finding-foreign-control = `{ $id }` rests at home, but its operator `{ $operator }` can be compelled from { $places }: { $requests } requests, and { $more } more may go there
finding-single-point = any one of { $keys } ends critical use: { $uses }
finding-known-outage = `{ $id }` is known to give nothing for { $hours } hours of { $year }, and { $site } cannot draw all that it may without it: { $share } of the requests were answered there
finding-other-model = `{ $id }` says of { $requests } answers that another model gave them than the one asked for
finding-disagreeing = { $requests } requests went where the rules of their own snapshot, asked again, would not let them go: their records are of a release that did not write down all that was decided by

## Drills

drill-title = { $title } (desk drill, seed { $seed })
drill-what = Recorded requests of { $first } to { $last }, each decided again in the changed world. Nothing was sent.
taken-everything = everything
taken-users = for users in { $users }
taken-left-percent = { $left } % of it is left
taken-left-mw = { $left } MW of it are left
drill-cut = Cut off: { $keys }
drill-verdict-held = The hypothesis holds: all { $all } margins that were written before.
drill-verdict-not-held = The hypothesis does NOT hold: of { $all } margins that were written before, { $failed } broken.
drill-verdict-unknown = Whether the hypothesis holds is unknown: { $unknown } of { $all } margins cannot be measured.
hypothesis = Hypothesis, written before
hypothesis-none = none was written
hypothesis-held = held: { $margin }, measured { $measured }
hypothesis-not-held = NOT held: { $margin }, measured { $measured }
hypothesis-unknown = unknown: { $margin }
drill-notice = Notice
drill-notice-hours = { $hours } h between the word of it and the thing itself.
drill-notice-nothing = nothing moves or stops, so nothing is to be done
drill-notice-note = IN TIME, yes: its requests go by themselves to what is declared, permitted and shown to be good enough. no: something stops, and there is no notice to do anything about it. unknown: something is to be done, and nobody declares how long it takes. BACK WITHIN: minutes from the word of it, the notice and what the app declares as its `rto_min`.
in-time-yes = yes
in-time-no = NO
in-time-unknown = unknown
to-do-find = find a fall-back and declare it
to-do-permit = change a rule or show a fact
to-do-show = evaluate the fall-back
shown-here = { $id } on { $suite }, n = { $n }, { $on }
shown-elsewhere = model of { $id } elsewhere on { $suite }, n = { $n }, { $on }
shown-published = model of { $id } on { $suite }, published { $on }
col-in-time = IN TIME
col-to-do = TO DO
col-shown-by = SHOWN BY
col-back-by = BACK WITHIN MIN
drill-counts = What becomes of the requests
drill-survival = Still answered: { $part } of { $whole } requests ({ $requests }); weighted by criticality { $critical }.
kind-all = all
kind-sector = sector
kind-app = app
col-of = OF
col-name = NAME
col-was-answered = ANSWERED BEFORE
col-unchanged = UNCHANGED
col-moved = MOVED
col-stopped = STOPPED
col-opened = OPENED
col-denied = DENIED
col-not-decided = NOT REPLAYED
drill-ways = Where they go
was-denied = (was denied)
goes-nowhere = (stops)
col-from = FROM
col-to = TO, OR WHY NOWHERE
protected = { $class }: { $kept } requests do not leave home with it any more, { $leaving } leave with it anew
stop-rules = by rule: { $rules }
stop-unknown = a fact is unknown: { $rules }
stop-no-permit = nothing permits what is left
stop-no-alternative = no alternative: nothing else is left on its route
stop-gone = the changed realm has no such route for it
drill-prices = Cost and energy
drill-cost = cost { $before } → { $after } { $currency }, change { $change }; of each answer { $each-before } → { $each-after }; of { $unknown } requests nobody can tell what they would cost
drill-energy-part = energy: the change is unknown. Where it is declared per token, { $before } → { $after }; it is not declared of { $unknown-before } tokens before and { $unknown-after } after
drill-energy = energy, as declared per token: { $before } → { $after }, change { $change }; not declared of { $unknown-before } tokens before and { $unknown-after } after
drill-loads = What is left to do, in the busiest hour
col-deployment = DEPLOYMENT
col-before = BEFORE
col-after = AFTER
col-rate-before = TOKENS/S BEFORE
col-rate-after = AFTER
col-capacity = DECLARED TOKENS/S
col-wait = WAITS
col-median = MEDIAN MS
drill-loads-note = WAITS: the probability that a request waits, by Erlang's formula C, from places declared and times observed. MEDIAN: of its answers as observed.
drill-failures = How it fails, until something else answers at once
not-noticed = not noticed
never = never
shape-refused = no connection
shape-unauthorized = 401, key revoked
shape-forbidden = 403
shape-rate_limited = 429
shape-server_error = 503
shape-silent = silence
shape-slow_drip = slow drip
shape-wrong_answer = 200 and wrong
col-shape = HOW
col-wait-each = EACH WAITS MS
col-waiting = SO MANY WAIT
col-left-alone = LEFT ALONE AFTER MS
drill-failures-note = EACH WAITS: by the provider's declared time-outs; ≤: it may also answer sooner. SO MANY WAIT, LEFT ALONE AFTER: in the busiest hour, at each server, until it leaves the deployment alone after { $failures } failures in a row; then one request at a time tries it after each pause. never: so few requests do not make it, or nothing tells that it fails. The other figures of this report are those of afterwards.
drill-failures-stuck = { $app }: its route does not go on after a failed attempt, so the first requests end with the failure
drill-left = If one more were cut off
drill-worst-before = before: the worst is { $key }; without it { $requests } of the requests answered before could still go somewhere, { $critical } by criticality, and apps that hold { $apps } of the criticality could do all they did
drill-worst-after = after: the worst is { $key }; without it { $requests } of the requests answered after could still go somewhere, { $critical } by criticality, and apps that hold { $apps } of the criticality could do all they did
drill-worst-before-none = before: no single cut outside home stops anything
drill-worst-after-none = after: no single cut outside home stops anything
drill-hhi-note = Concentration is the sum of squared shares of requests (HHI): 1, all of it hangs on one; 0.1, as if on ten equal ones. Less is safer.
drill-hhi = concentration (HHI), { $level }: { $before } → { $after }
drill-not-tested = Not known, not tested
drill-quality-head = Quality of answers
drill-quality-gap = { $to } less { $from } on { $suite }: { $difference } points (95 %: { $low } to { $high }), { $n } questions answered by both; requests { $requests }
drill-quality-published = { $to } less { $from } on { $suite }: { $difference } points, as published ({ $sources }); how sure that is nobody says; requests { $requests }
drill-quality-unknown = unknown for requests: { $requests }. No suite was answered by the models at both ends
drill-quality-nothing = unchanged: no request moves
drill-channels = not reached by a replay: { $channels }
drill-not-replayed = not replayed: { $open } open, { $orphans } without their beginning; { $disagreeing } went where their own rules, asked again, would not let them go
channel-dns = names (DNS)
channel-identity = sign-in
channel-certificates = certificates and their revocation
channel-hubs = hubs of models and packages
channel-registries = registries of containers
channel-time = time (NTP)
channel-updates = updates of drivers and firmware
channel-telemetry = telemetry and licence servers
channel-payment = payment
channel-support = access of support staff

## Findings of drills

drill-without-world = { $requests } requests could not be replayed: their snapshots are not kept
drill-critical-stops = { $app } is critical, and { $share } of its answers ({ $requests }) stop
drill-stops = less critical: { $requests } more requests stop, of: { $apps }
drill-leaves = { $requests } requests would carry `{ $class }` data out of home that did not
drill-dimmed = { $site } can draw { $given } of { $drawn } MW: its deployments keep as much of their capacity
drill-overloaded = `{ $id }` would have { $rate } tokens/s to do and declares { $capacity }
drill-capacity-unknown = nobody declares how much more can be done by: { $ids }
drill-not-held = the margin `{ $margin }` does not hold
drill-not-measured = whether the margin `{ $margin }` holds is unknown
drill-not-detected = not detected: `{ $id }` would go on answering { $requests } requests, wrongly, for no status and no time-out tells it. Somebody has to look: an evaluation, a drill in shadow, or whoever reads the answers
drill-fails-slowly = `{ $id }` ({ $shape }): each request waits { $ms } ms before something else is asked, longer than the hypothesis allows, until it is left alone
drill-not-in-time = there is no notice in which anything could be done, and requests stop, of: { $apps }
drill-nothing-changes = nothing changes

## What findings ask for

task-line = → { $who }: { $what }
task-line-when = → { $who }: { $what } ({ $when })
task-nobody = whoever runs this drill
task-due = by { $day }
task-routes = on { $routes }
standing-new = new
standing-open = still open since the drill before
standing-overdue = OVERDUE since the drill before
since = Since the drill before
since-what = Beside “{ $title }”: { $closed } closed, { $open } still open ({ $overdue } overdue), { $not-asked } not asked again, { $new } new.
since-as-recorded = every request is decided in the realm of then: what was mended since shows in newer traffic, or with `base = "realm"` in the scenario, which decides them in the realm as it is now
since-other-question = that drill asked something else (another kind of drill, other cuts, law, prices or traffic): nothing counts as closed
since-closed = closed: { $what }
since-not-asked = not asked again, and stays as it was: { $what }
closed = { $kind }
closed-about = { $kind }: { $about }
remedy-find-fallback = declare on the route a permitted fall-back that does not hang on what was lost, evaluate it or drill it in shadow, and drill this again
remedy-permit-fallback = what is left is forbidden: show the fact that the rule asks for (`freehold explain` names it), or declare a fall-back that the rule permits
remedy-find-and-permit = some requests have nothing left and others are forbidden what is left: declare a permitted fall-back on the route, or show the fact that the rule asks for
remedy-prepare-fallback = have a permitted fall-back declared and evaluated beforehand: after the word there is no time
remedy-mend-fallback = find out why the fall-back does not answer, or declare another
remedy-keep-at-home = put a target at home before the one abroad on the route, or have the class taken out before it leaves
remedy-secure-energy = secure another source for the site, or room elsewhere for what it cannot run
remedy-add-capacity = add capacity, or spread the route over more deployments
remedy-declare-capacity = measure how much it can do and declare it (`capacity.tokens_per_s`)
remedy-watch-answers = evaluate its answers at intervals (`freehold eval run`), or have somebody read a sample
remedy-shorten-wait = shorten the provider's time-outs, or put the hypothesis at what its users can bear
remedy-shorten-return = find out what took so long, and drill it again
remedy-decide-margin = mend what the other findings name until the margin holds; or write down another one, with the reason
remedy-measure = nobody can tell whether it holds: declare or measure what it takes – capacity and places for waiting, prices for cost, an evaluation of both models for quality
remedy-keep-snapshots = keep the realm's snapshots as long as its records
remedy-mend-cut = stop: find out how what was cut off was reached, from the records and the bytes by server, before another live drill
remedy-mend-server = find out from the server's log why it was late
remedy-widen-sample = widen the sample or its budget in `[shadow]`
found-without_world = not replayed
found-critical_stops = critical use stops
found-stops = less critical use stops
found-leaves = data leaves home
found-dimmed = a site draws less
found-overloaded = overloaded
found-capacity_unknown = room unknown
found-not_held = margin not held
found-not_measured = margin not measured
found-not_detected = failure not detected
found-fails_slowly = fails slowly
found-not_in_time = no notice
found-leaked = bytes to what was cut off
found-passed = answered by what was cut off
found-not_settled = not in force in time
found-rto = not back in time
found-stopped = requests stopped
found-nothing_mirrored = nothing was repeated
found-no_fallback = no fall-back
found-fallback_failed = fall-back did not answer
found-budget_spent = budget too small

## Impact

impact-title = { $title }: what follows
impact-benefit = Benefits beside costs: { $link } changes by { $change } { $unit }, the cost of the plan by { $cost } { $currency }. They are of different kinds and are not netted.
impact-note = BEFORE: as recorded. AFTER: each recorded request decided again in the changed world; nothing was sent. Protected data: requests answered abroad to which it went along; attempts that failed are not among them. Planned: by the cheapest plan of the case, in its last year; only the work changes, the case keeps its sites and sources whatever the scenario cuts off. Forecast: with both plans' capacity and the same draws, ± half a 90 % interval. Not asked: it takes a case of a plan (--case) or a forecast (--forecast). Not built: this version does not work out that link yet.
col-link = LINK
col-known = HOW KNOWN
col-change = CHANGE
col-unit = UNIT
known-recorded = recorded
known-stated = declared
known-evaluated = evaluated
known-published = published
known-declared = recorded × declared
known-planned = planned
known-forecast = forecast
known-no-plan = there is no plan
known-not-asked = not asked
known-not-built = not built
link-requests = requests answered
link-critical = weighted by criticality
link-tokens = tokens
link-in-clear = protected data abroad, in clear
link-quality = quality of answers
link-cost = cost
link-energy = energy
link-training = training of the programme
link-accelerators = accelerators
link-power = megawatts
link-sites = sites
link-plan-cost = cost of the plan, discounted
link-first-year = first year possible
link-chance-annual = chance of the target, that year alone
link-chance-cumulative = chance of the target, added up
link-value-annual = value, that year alone
link-value-cumulative = value, added up
link-programme = programme

## Live drills

live-title = { $title } (live drill { $id }): { $from } to { $until }
live-counts = What became of the requests
live-survival = Answered, of those that were not refused for another reason: { $critical } by criticality, { $requests } of the requests.
live-bytes = Bytes since the cut, as the network sees them
live-shut = cut off
live-open = open
live-rto-held = held ({ $min } min)
live-rto-not-held = NOT held ({ $min } min)
live-returned = What had been cut off answered again { $ms } ms after the end.
live-not-returned = Nothing that had been cut off has answered again yet.
live-channels = not reached by a drill at the gateway: { $channels }
live-finding-leaked = { $bytes } bytes went over connections to `{ $destination }`, which was cut off (log { $log })
live-finding-passed = { $app }: { $requests } requests were answered by what was cut off for them: the cut did not hold, and no margin is shown to
live-finding-not-settled = a server did not have it in force in time (log { $log }): something may have been open longer
live-finding-rto = { $app } was not back within its { $min } minutes
live-finding-stopped = { $app }: { $stopped } of { $requests } requests stopped
live-finding-nothing = nothing moved and nothing stopped: no request of this time needed what was cut off
col-cut-off = CUT OFF
col-ended = ENDED
col-failed = FAILED
col-switched = SWITCHED AFTER MS
col-stopped-until = STOPPED UNTIL MS
col-rto = BACK IN TIME
col-log = LOG
col-destination = DESTINATION
col-state = STATE
col-bytes-in = IN
col-bytes-out = OUT

## Drills in shadow

shadow-title = { $title } (drill in shadow { $id }): { $from } to { $until }
shadow-fates = Requests that ended while it was on
shadow-requests = { $requests } in all. Their clients saw nothing of it.
shadow-fate-mirrored = went to their fallback too: { $requests }
shadow-fate-not-sampled = not in the sample: { $requests }
shadow-fate-unconcerned = answered by what would not be cut off: { $requests }
shadow-fate-excluded = of apps that are left out: { $requests }
shadow-fate-no-fallback = nothing permitted is left for them: { $requests }
shadow-fate-unavailable = what is permitted was not available, or cannot express them: { $requests }
shadow-fate-budget = too little was left of the budget: { $requests }
shadow-fate-busy = dropped, for as many mirrors ran as may: { $requests }
shadow-fate-no-answer = the client left, or its answer went on elsewhere: { $requests }
shadow-agreement = How far the answers agree
shadow-agreement-note = AGREEING: of answers that were compared, alike in why they end, in refusing, in the form asked for and in the calls they make; INTERVAL: Wilson, 95 %. F1: words in common (token F1), of embeddings the cosine. LENGTH: tokens of the fallback over the other's. SLOWER: milliseconds, ± half of Student's 95 % interval.
shadow-differs-finish = { $app }, { $fallback }: { $part } of { $whole } end for another reason
shadow-differs-refusal = { $app }, { $fallback }: of { $part } of { $whole } pairs only one is marked as a refusal
shadow-differs-json = { $app }, { $fallback }: of { $part } of { $whole } pairs only one is the JSON that was asked for
shadow-differs-schema = { $app }, { $fallback }: of { $part } of { $whole } pairs only one fits the schema
shadow-differs-calls = { $app }, { $fallback }: { $part } of { $whole } make other calls
shadow-differs-too-long = { $app }, { $fallback }: { $part } of { $whole } not compared: too long
shadow-differs-unlike = { $app }, { $fallback }: { $part } of { $whole } not compared: in a form that cannot be read, or of other dimensions
shadow-differs-given-up = { $app }, { $fallback }: { $part } of { $whole } given up: the drill or the server ended, or a client's request needed the place
shadow-spent = What it spent
shadow-spent-line = { $tokens } of { $tokens-max } tokens; { $cost } of { $cost-max }
shadow-recorded = in the ledger of this data directory: { $mirrors } mirrors, { $answered } of them answered
shadow-no-quality = quality: agreement is none. Which of two models answers better is for evaluations to say
shadow-finding-nothing = no request went to its fallback
shadow-finding-no-fallback = { $app }: nothing permitted is left for { $requests } of its requests
shadow-finding-failed = { $app }: `{ $fallback }` did not answer { $failed } of { $mirrors } mirrors
shadow-finding-budget = the budget was too small: { $requests } requests were not mirrored for it

## Problems of a scenario

scenario-syntax = not TOML: { $why }
    .expected = TOML
scenario-unknown_field = `{ $table }` has no field `{ $field }`
    .expected = one of { $fields }
    .nearest = did you mean `{ $nearest }`?
scenario-missing_field = `{ $table }` lacks its `{ $field }`
    .expected = `{ $field } = …`
    .help = this field has no default
scenario-wrong_value = `{ $field }` has a value that it cannot have
    .expected = { $want ->
        [text] a text in quotes, without control characters
        [id] an id in quotes: a to z, 0 to 9 and `-`
        [ids] a list of ids
        [flag] true or false
        [date] a date, as 2027-07-01
        [whole] a whole number that is not negative
        [decimal] a number that is not negative
        [base] "recorded" or "realm"
        [axis] "residency", "control" or "provenance"
        [level] a level, as "control" or "parent"
        [status] "in_force", "draft" or "voluntary"
        [tables] tables in two brackets
        [share] a share, 0 to 1
        [window] whole seconds, 1 to 600
        [sample] a share in hundredths, 0.01 to 1
        [money] an amount, to a billionth
        [concurrency_max] a whole number, 1 to 256
        [answer_bytes_max] whole bytes, 1 to 8388608
        [timeout_s] whole seconds, 1 to 600
        [rule_text] the rule in Cedar, in three quotes
        [shape] one of "refused", "unauthorized", "forbidden", "rate_limited", "server_error", "silent", "slow_drip", "wrong_answer"
        [of_rate_limit] nothing: only the shape "rate_limited" says when to come again
        [retry_after_s] whole seconds, 1 to 86400
        [shape_of_part] nothing: what gives a part still answers
        [notice_h] whole hours, 0 to 8784
        [due_days] whole days, 1 to 366
        [until_after_from] a day that is not after `until`
        [of_energy] nothing: a part is left only of an `energy` source, and for everybody
        [left_once] nothing beside `left_mw`: one of the two
        [of_a_rule] nothing: only a `rule` has a text, not a `pack`
        [rule_kept] true: in a rule that is switched off nothing can be changed
        [factor] a number from 0 to 1000000
        [country] two capital letters, as in ISO 3166-1
        [pack_kept] true: in a pack that is switched off nothing can be changed
        [subject] what it is about, as "app:clinic": app, deployment, model, organisation or provider
        *[table] a table in one bracket
    }
scenario-changes_nothing = the scenario changes nothing
    .expected = `[[cut]]`, `[[price]]`, `[[law]]`, `[[gain]]`, `[[evidence]]`, `[[add.…]]`, or `base = "realm"`
scenario-cut_twice = the source of energy `{ $name }` is cut off twice
    .expected = one `[[cut]]` of it, with what is left
scenario-on_and_off = `{ $name }` is switched on and off
    .expected = one `[[law]]` that says which
scenario-left_too_much = of `{ $name }` more is left than it gives
    .expected = at most { $gives } MW, what the realm declares
scenario-one_cut = a cut names one thing
    .expected = one of { $levels }, `jurisdiction`, or `largest`; or `users` alone
    .help = write one `[[cut]]` for each
scenario-law_unchanged = the law is not changed
    .expected = `on`, `from`, `until` or `status`; of a rule also `text`
scenario-one_law = the law changes in one rule or in one pack
    .expected = `rule` or `pack`
    .help = write one `[[law]]` for each
scenario-unknown_pack = there is no pack `{ $pack }` to switch on
    .expected = one of { $known }
    .nearest = did you mean `{ $nearest }`?
    .help = packs come with the program, or lie in the realm's `packs/`
scenario-lost = the law as the scenario changes it could not be checked
    .expected = memory for one thread more
scenario-other_rule = the text is not the rule `{ $rule }` and nothing else
    .expected = one policy with `@id("{ $rule }")`
    .help = to have a rule more, switch on a pack that has it
scenario-no_largest = the traffic needs nothing outside home at the level `{ $level }`
    .expected = a level at which something foreign is used
scenario-unknown_name = no { $kind } is named `{ $name }` in any snapshot of the traffic
    .expected = a name that the realm has
    .nearest = did you mean `{ $nearest }`?
    .help = a drill by a misspelt name would show that nothing happens
scenario-not_live = `{ $table }` cannot be drilled live: only what is cut off can
    .expected = a scenario of `[[cut]]` and nothing else
    .help = `freehold drill run` answers what a price, a rule or a bloc would change
scenario-wrong_answer_live = `shape = "{ $shape }"` cannot be drilled live: a drill hands nobody a wrong answer
    .expected = another shape, or `freehold drill run`, which says what would not be noticed
scenario-shapes_differ = one live drill fails in one way
    .expected = the same `shape` in every `[[cut]]`, or in none
scenario-no_cut = the scenario cuts nothing off
    .expected = a `[[cut]]`: what a live drill takes away
suite-syntax = not a JSON object: { $why }
    .expected = one JSON object on the line, as {"{"}"id": "…", "kind": "…", "prompt": "…", "expect": {"{"}"exact": "…"{"}"}{"}"}
suite-unknown_field = `{ $table }` has no field `{ $field }`
    .expected = one of { $fields }
    .nearest = did you mean `{ $nearest }`?
suite-missing_field = `{ $table }` lacks its `{ $field }`
    .expected = "{ $field }": …
    .help = this field has no default
suite-wrong_value = `{ $field }` of `{ $table }` has a value that it cannot have
    .expected = { $want ->
        [text] a text in quotes that is not empty
        [texts] a list of texts that are not empty
        [whole] a whole number from 1 on
        [flag] true or false
        [number] a number, as 42 or "0.5"
        [share] a share from 0 to 1, as "0.712"
        [date] a date, as "2026-12-31"
       *[object] an object in braces
    }
suite-regex = the expression cannot be read: { $why }
    .expected = a regular expression as Rust's `regex` reads it
suite-schema = the schema cannot be read: { $why }
    .expected = a JSON schema that refers to nothing outside itself
suite-twice = the id `{ $id }` stands on line { $first } already
    .expected = an id of its own for each item
suite-nothing_expected = nothing is expected of the answer
    .expected = one or more of exact, contains, regex, numeric, schema, reference
suite-empty = the suite holds no item
    .expected = one JSON object a line

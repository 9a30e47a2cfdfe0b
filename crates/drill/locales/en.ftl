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
exposure-levels = What the answered use needs
exposure-shares = Shares are of all answered use. LEFT WITHOUT: of use weighted by criticality, what could go elsewhere on its route if this were cut off. EFFECTIVE: so many equal suppliers would be as concentrated.
exposure-cuts = If one were cut off
worst-cut = Worst: { $key }. Left by criticality { $critical }, by requests { $requests }, of apps whole { $apps }.
worst-cut-none = No single cut outside home stops anything.
cut-sets = { $app } by `{ $route }` ends with: { $sets }
substitutes = What could take its place
substitute-0 = 0 none
substitute-1 = 1 named
substitutes-note = 1 named: another permitted deployment stands on the route, by the last decision. 2 takes an evaluation, 3 and 4 a drill on traffic: there are none yet.

## Findings of exposure

finding-undeclared-snapshot = { $requests } requests were decided by the snapshot { $id }, which is not kept: nobody can say what they needed
finding-undeclared-app = { $requests } requests are of the app `{ $id }`, which its realm does not declare
finding-undeclared-deployment = { $requests } requests went to `{ $id }`, which its realm does not declare
finding-undeclared-key = { $share } of the requests need something of which nobody declared what it is: { $level }
finding-undeclared-levels = Nobody declared anything about: { $levels }
finding-shared-parent = { $operators } stand in for each other and are one: their ultimate parent is `{ $parent }`. { $requests } requests of { $apps } take them for alternatives
finding-foreign-control = `{ $id }` rests at home, but its operator `{ $operator }` can be compelled from { $places }: { $requests } requests, and { $more } more may go there
finding-single-point = { $app } by `{ $route }` ends with any one of: { $keys }
finding-other-model = `{ $id }` says of { $requests } answers that another model gave them than the one asked for
finding-disagreeing = { $requests } requests went where the rules of their own snapshot, asked again, would not let them go: their records are of a release that did not write down all that was decided by

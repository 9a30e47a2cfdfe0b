# What the command line says. The same keys stand in ru.ftl.
error-prefix = error:
ledger-rotated = { $log } is signed by a new key from now on: { $key }
ledger-rotated-next = Both keys sign until the next start. Give the new one to witnesses and to whoever verifies by --pubkey.
ledger-pruned = { $log }: { $removed } entries were removed, from { $kept } on all are kept. Hashes stay; the log says so.
ledger-nothing-pruned = { $log }: nothing was removed, for no full and compressed segment lies wholly below. All are kept from { $kept } on.
ledger-prune-no-policy = --policy is empty: the log states in words what allows the removal
ledger-prune-needed = entries below { $asked } are asked for, but those from { $needed } on are still needed: budgets of this month and requests of the last day are counted from them
ledger-head-accepted = { $log }: the checkpoint of { $size } entries counts as the last signed head. The log will say so.
backup-inside = { $path } lies within the data directory: name one elsewhere
backup-there = { $path } is there already: name a file that is not
backup-file-bad = { $path } cannot be restored: { $why }. Take another copy of the file, or an older backup
backup-cut = it ends too early
backup-member-strange = { $path } in it is nothing that a backup holds
backup-member-changed = { $path } in it is not what was packed, or is missing
backup-nobody-reads = nobody reads on
backup-done = { $dir }: a verified copy of { $data }
backup-without-database = The shared database is not in it: back it up by its own tools (pg_dump)
backup-store-busy = keys or suspensions were changed each time while the copy was made: try again when less is changed
restore-done = { $data }: restored. The next `freehold serve` opens a new log that begins with the head of { $log } ({ $size } entries).
receipt-too-few-witnesses = the entry is in the log, but fewer witnesses cosigned its head than the policy asks for
erased = The record secret of app { $app } is destroyed: no record of before can be tied to a text again.
erase-nothing-yet = app `{ $app }` has no record yet that could be tied to a text: no server ran with it on this data directory
erased-backups = Backups made before still hold the old secret: destroy them too.
check-summary = errors: { $errors }, warnings: { $warnings }
check-counts =
    { $name }: { $summary }
    snapshot { $snapshot }: organisations { $organisations }, apps { $apps }, models { $models }, deployments { $deployments }, routes { $routes }, rules { $rules }
realm-problems = the realm has problems
pack-lost = something went wrong inside the program with the pack { $pack }: please report it
pack-no-framework = the catalogue of { $pack } has no framework to score by
realm-none = there is no realm in { $path }: name one with --realm or FREEHOLD_REALM, or make one with `freehold init { $path } --home XX`
unknown =
    { $kind ->
        [app] there is no app `{ $id }`. Apps: { $known }
        [provider] there is no provider `{ $id }`. Providers: { $known }
        [deployment] there is no deployment `{ $id }`. Deployments: { $known }
        [route] the app has no route `{ $id }`. Its routes: { $known }
        [purpose] the app has no purpose `{ $id }`. Its purposes: { $known }
        [key] there is no key `{ $id }` (a key is named by its id, as `freehold key ls` shows it). Keys: { $known }
        [log] the data directory has no log `{ $id }`. Logs: { $known }
        [person] the organisation has no person `{ $id }` in `content_people`. People: { $known }
        [opening] there is no opening `{ $id }`. Openings: { $known }
        [drill] there is no live drill `{ $id }`. Drills: { $known }
        [drill-person] the realm has no person `{ $id }` in `drill_people`. People: { $known }
        [sandbox] the realm has no sandbox `{ $id }`. Sandboxes: { $known }
        [sandbox-person] the realm has no person `{ $id }` in `sandbox_people`. People: { $known }
        [organisation] there is no organisation `{ $id }`. Organisations: { $known }
        [account] there is no account `{ $id }`. Accounts: { $known }
        [evaluation] there is no evaluation `{ $id }`. Evaluations: { $known }
        [model] there is no model `{ $id }`. Models: { $known }
        *[other] there is no { $kind } `{ $id }`. There are: { $known }
    }
unknown-near =
    { $kind ->
        [app] there is no app `{ $id }`: did you mean `{ $near }`? Apps: { $known }
        [provider] there is no provider `{ $id }`: did you mean `{ $near }`? Providers: { $known }
        [deployment] there is no deployment `{ $id }`: did you mean `{ $near }`? Deployments: { $known }
        [route] the app has no route `{ $id }`: did you mean `{ $near }`? Its routes: { $known }
        [purpose] the app has no purpose `{ $id }`: did you mean `{ $near }`? Its purposes: { $known }
        [key] there is no key `{ $id }`: did you mean `{ $near }`? Keys: { $known }
        [log] the data directory has no log `{ $id }`: did you mean `{ $near }`? Logs: { $known }
        [person] the organisation has no person `{ $id }` in `content_people`: did you mean `{ $near }`? People: { $known }
        [opening] there is no opening `{ $id }`: did you mean `{ $near }`? Openings: { $known }
        [drill] there is no live drill `{ $id }`: did you mean `{ $near }`? Drills: { $known }
        [drill-person] the realm has no person `{ $id }` in `drill_people`: did you mean `{ $near }`? People: { $known }
        [sandbox] the realm has no sandbox `{ $id }`: did you mean `{ $near }`? Sandboxes: { $known }
        [sandbox-person] the realm has no person `{ $id }` in `sandbox_people`: did you mean `{ $near }`? People: { $known }
        [organisation] there is no organisation `{ $id }`: did you mean `{ $near }`? Organisations: { $known }
        [account] there is no account `{ $id }`: did you mean `{ $near }`? Accounts: { $known }
        [evaluation] there is no evaluation `{ $id }`: did you mean `{ $near }`? Evaluations: { $known }
        [model] there is no model `{ $id }`: did you mean `{ $near }`? Models: { $known }
        *[other] there is no { $kind } `{ $id }`: did you mean `{ $near }`? There are: { $known }
    }

# # === files and the system ===
cannot-read = cannot read { $path }
cannot-read-why = cannot read { $path }: { $why }
data-being-deleted = a demo was deleting the log in { $path } when it was stopped: `freehold demo --keep { $path }` finishes it; to keep what is left, remove { $mark }
cannot-delete = cannot delete { $path }
cannot-write = cannot write { $path }
cannot-make = cannot make { $path }
cannot-copy = cannot copy { $path }
cannot-find = cannot find { $path }
not-empty = { $path } is not empty: name a new directory, nothing is overwritten
option-wrong = { $option }: { $why }
date-wrong = `{ $text }` is no date: expected year, month and day, as 2027-07-01
level-wrong = `{ $text }` is no level: expected jurisdiction or one of { $known }
ttl-wrong = `{ $text }` is no time to live: expected a number with d, h or m (90d, 12h, 30m), or never
span-wrong = `{ $text }` is no span of time: expected a number with d, h, m or s (1h, 10s), a year at most
lease-wrong = `{ $text }` is no length of a lease: expected 2s to 10m
answered = { $url } answered { $status }
io-not-found = there is no such file or directory
io-denied = this user may not do that
io-exists = it is there already
io-address-in-use = the address is in use
io-refused = nothing listens there
io-full = the disk is full
io-directory = it is a directory
no-thread = the system starts no thread
no-randomness = the system gave no randomness: { $why }
no-runtime = cannot start the runtime
no-signal = cannot listen for { $name }
no-program-path = cannot tell where this program is
listen-in-clear = { $address } is not loopback: give --tls-cert and --tls-key, or --behind-proxy if a proxy of yours ends TLS
listen-taken = { $address } is taken by another process: name another port, as --listen 127.0.0.1:8081, or port 0 for a free one
listen-cannot = cannot listen on { $address }
data-none = { $path } is no data directory: name one with --data or FREEHOLD_DATA, or start `freehold serve` once
data-in-use = another process serves { $data } and writes its ledger: stop that one first, or name another data directory. Nothing was changed.
database-url-wrong = the database URL cannot be used (it is not repeated here, for it may hold a password): expected postgres://user:password@host:5432/name in --database-url or FREEHOLD_DATABASE_URL
database-away = the shared database does not answer: { $why }. Keys are believed for --key-cache, limits are spent as far as they are leased
key-cache-refused = the remembered keys are not used: { $why }. Until the database answers no key is known
key-cache-unwritten = keys cannot be remembered for the time that the database is away: { $why }

# # === the demo ===
console-link = Console, for one sign-in within 15 minutes: { $link }
console-linked = Lets { $name } in once, as { $role }, within { $minutes } minutes.
console-name-wrong = --name is empty, longer than { $most } characters, or holds control characters: write who will use the link
account-taken = there is an account `{ $name }` already: choose another name, or enable it with freehold console account enable
account-added = The password of { $name } is above, this once. Roles: { $roles }.
account-open = open
account-disabled = disabled
account-is-disabled = { $name } is signed out everywhere and cannot sign in.
account-was-disabled = { $name } was disabled already.
account-is-enabled = { $name } can sign in again.
account-was-enabled = { $name } was open already.
token-made = The token of { $name } is above, this once. It acts with their roles until { $until }.
token-never = a token has an end: say --ttl 90d, or another time
demo-ready =
    Freehold is ready: { $address }
    Data (kept): { $data }
    Console, for one sign-in within 15 minutes: { $console }
    {""}
    Keys, and the other names of the lines below:
    {"  "}. { $keys }
demo-stops = Ctrl-C stops it; `freehold demo --keep { $data }` goes on with it.
demo-anew = { $by } deleted the sample log { $log } ({ $entries } entries) whole. The demo began anew, with an empty log.
demo-own-directories = the demo makes a directory of its own with a realm in it, so { $option } has no meaning here: `freehold demo --keep DIR` names the directory, `freehold serve` serves a realm of yours
demo-port-taken = Port { $taken } is taken; using { $used }.
demo-stand-in-moved = Port { $taken } is taken; the stand-in `{ $name }` listens on { $used }, and the demo's realm says so.
demo-no-stand-in = cannot start the stand-in `{ $name }`
demo-engine-not-ready = The embedded engine of `{ $id }` is not ready: { $why }
demo-model-elsewhere = --model takes the toy's place, but { $path }/routes.toml does not say `{ $toy }` any more: write the file into `weights_file` there yourself
demo-model-nameless = a model from a file

# # === realms ===
init-next = Next: freehold check { $path }, then freehold serve --realm { $path }
init-home = --home: `{ $home }` is no country code: expected two capital letters of ISO 3166-1, as DE, IN or RU; XA to XZ are free for imaginary ones
realm-not-archived = cannot archive the realm

# # === changes ===
effect-in-force = The running server acts on it, and the ledger says so.
effect-in-force-unrecorded = The running server acts on it; its ledger cannot be written now and will say so once it can.
effect-at-start = No server runs on { $data }: it takes effect when `freehold serve` starts.
effect-unknown = It is in the store, but the process that holds { $data } did not say within { $seconds } s that it took it over: `freehold ledger show` shows the change once it has.
effect-everywhere = Every running server that shares the database acts on it ({ $count }).
effect-nowhere = No server that shares the database runs: it takes effect when one starts.
effect-silent = It is in the database, but { $count } of the servers that share it did not say within { $seconds } s that they took it over: `/readyz` of each tells whether it reaches the database.
suspended =
    { $kind ->
        [app] App `{ $id }` is suspended.
        [provider] Provider `{ $id }` is suspended.
        *[deployment] Deployment `{ $id }` is suspended.
    }
suspended-unchecked = the realm cannot be used as it lies there, so nobody looked whether it has such a { $kind } as `{ $id }`
suspended-already =
    { $kind ->
        [app] App `{ $id }` was suspended already.
        [provider] Provider `{ $id }` was suspended already.
        *[deployment] Deployment `{ $id }` was suspended already.
    }
resumed =
    { $kind ->
        [app] App `{ $id }` is in use again.
        [provider] Provider `{ $id }` is in use again.
        *[deployment] Deployment `{ $id }` is in use again.
    }
resumed-already =
    { $kind ->
        [app] App `{ $id }` was not suspended.
        [provider] Provider `{ $id }` was not suspended.
        *[deployment] Deployment `{ $id }` was not suspended.
    }
key-new = Key { $id } of app { $app }, until { $until }. It is shown this once.
key-new-lasting = Key { $id } of app { $app }, until it is revoked. It is shown this once.
key-is-revoked = Key { $id } of app { $app } is revoked ({ $at }).
key-was-revoked = Key { $id } of app { $app } was revoked already ({ $at }).
key-active = active
key-expired = expired
key-revoked = revoked
erase-confirm = This destroys the record secret of app { $app }: no record of before can ever be tied to a text again, and nothing brings it back. Type the app's id to go on:
erase-needs-yes = erasing the record secret of app { $app } cannot be undone: say --yes where nobody can be asked
erase-not-confirmed = that is not `{ $app }`: nothing was erased

# # === the ledger ===
ledger-unavailable = the log cannot be written: { $why }
ledger-busy = the queue of the log is full
ledger-closed = the log is closed
ledger-locked = another process writes this log: { $path } is locked
ledger-rolled-back = the log holds { $found } entries but { $signed } were signed: an older copy of the directory was restored
ledger-head-missing = { $head } is missing, so nobody can tell whether this log of { $found } entries was rolled back: put the file back, restore a backup, or, if you know from a receipt or a witness that the log had no more, say so with `freehold ledger accept-head`
ledger-diverged = the first { $size } entries hash to { $found } but { $signed } was signed
ledger-damaged = { $path } is damaged at byte { $at }: { $what }
ledger-not-published = entry { $index } is not covered by a published checkpoint
ledger-nothing-published = { $path }: nothing was published yet
ledger-cannot-open = cannot open the ledger { $log }
ledger-not-closed = the ledger did not close cleanly
ledger-not-recovered = cannot recover the ledger's open requests
ledger-change-unrecorded = cannot record a change
ledger-unnameable = the log cannot be named: { $why }
ledger-not-rotated = the key was not replaced; if it was half done, the next start goes on with it
ledger-not-pruned = the log was not pruned
ledger-no-entry = { $log } has no entry { $index }: its checkpoint covers { $size }, from 0
ledger-entry-pruned = entry { $index } was pruned: its hash is left, not its text
ledger-witnessed-unreadable = what witnesses cosigned cannot be read
ledger-tiles-short = the tiles do not reach the entry
log-not-verified = the log { $log } does not verify: { $why }
accept-not-missing = { $path } is there: nothing has to be accepted
accept-nothing-signed = { $path } is missing too: nothing that was signed is left, so restore a backup
accept-other-size = the published checkpoint covers { $found } entries and not { $named }
server-other-answer = the server answered something else than was asked
server-could-not = the server could not do it: { $why }
server-deaf = the log is being written, but by no server that takes requests: nothing was done
server-silent = the server began and did not answer: `freehold ledger show` says what it did
key-none = `{ $key }` is no public key (vkey): { $why }
export-tiles-out = tiles are a directory of files: name it with --out
export-tiles-done = { $path }: entries of { $origin }: { $size }
show-intent = { $at }  intent   { $app } { $route } → { $dep } (bytes: { $bytes })
show-intent-redacted = { $at }  intent   { $app } { $route } → { $dep } (bytes: { $bytes }, redacted: { $redacted })
show-outcome = { $at }  outcome  { $app } { $route } { $end }, tokens { $input }+{ $output }, { $ms } ms
show-refusal = { $at }  refusal  { $app } { $route } { $code } { $rules }
show-change = { $at }  change   { $what } { $subject } by { $by }
show-end-ok = ok
show-end-error = error
show-end-clientclosed = the client left
show-end-unknown = unknown
cannot-make-private = the data directory { $path } cannot be made for its owner alone
log-id-bad = { $path } does not name a log: expected up to 64 letters, digits, `-` and `_`, as `log-0123abcd`; the logs of this directory are { $logs }
log-id-none = { $path } has no `log-id` yet: start `freehold serve` once
log-id-lost = { $path } is missing, and there are logs: { $logs }. Put it back with the name of the one that was written last (`{ $last }`?), or restore a backup into an empty directory
verify-holds =
    { $log }: verified
    {"  "}origin   { $origin }
    {"  "}entries  { $size } under the signed checkpoint, { $uncovered } not covered yet{ $continues }
    {"  "}root     { $root }
    {"  "}witness  { $witnessed }
    {"  "}read     files { $files }, bytes { $bytes }
verify-continues = ; continues the { $size } entries seen before
verify-fails =
    { $log }: NOT verified
    {"  "}{ $finding }
verify-not-witnessed = not witnessed
verify-cosigned = { $size } entries cosigned by { $by }, and the log continues them
verify-cosigned-unchecked = { $size } entries with a cosignature of { $by }, not checked: give --pubkey with the witness's key
verify-cannot-remember = the checkpoint cannot be remembered
verify-which-key = which key is to be believed for { $log }? Give --pubkey
verify-so-far = entries so far: { $size }
verify-no-ledger = there is no ledger in { $place }: name a data directory, a log's directory, or the address of a published log
finding-byte = , byte { $at }
finding-entry = , entry { $index }
found-file-missing = the file is missing
found-tile-missing = the tile is missing
found-bundle-missing = the bundle is missing
found-segment-missing = the segment is missing
found-not-of-a-log = this file does not belong to a log
found-not-of-a-published-log = this file does not belong to a published log
found-tile-beyond = the tile lies beyond the entries of the log
found-bundle-beyond = the bundle lies beyond the checkpoint
found-forms-differ = the sealed and the raw form of the segment differ

# # === receipts and witnesses ===
receipt-verified = verified: entry { $index } of { $origin } (entries: { $size }), { $witnessed }
receipt-witnessed = witnessed by { $by }
receipt-not-witnessed = not witnessed: the log's own signature is all there is
receipt-fails = { $file }: not verified: { $why }
receipt-which-key = which key is to be believed? Give --pubkey, or --data with the data directory of the log
receipt-empty = the file is empty: fetch the receipt again
receipt-cut = the receipt is cut short: its checkpoint or signature is missing. Fetch it again
receipt-windows = the receipt has Windows line ends (CR LF), which are not what was signed: take them out with `tr -d '\r'`, or save it without changing them
receipt-is-an-answer = this is no receipt but an answer over HTTP, perhaps a refusal: a receipt begins with `c2sp.org/tlog-proof@v1`. Its address is in the header `x-freehold-receipt`
receipt-is-none = this is no receipt: one begins with `c2sp.org/tlog-proof@v1`
receipt-other-log = the receipt is of the log `{ $origin }`, and the key given is of: { $known }. Give the key of that log with --pubkey
receipt-other-key = the receipt is of the log `{ $origin }`, and the key given bears its name but did not sign it: it is an older or newer key, or somebody else's
receipt-too-long = the receipt is too long
receipt-line = line { $line } of the receipt is malformed
receipt-no-entry = the receipt does not carry the entry
receipt-other-entry = the receipt carries another entry than the one given
checkpoint-line = line { $line } of the checkpoint is malformed
checkpoint-unsigned = no known key of the log `{ $origin }` signed the checkpoint
note-no-signatures = there is no blank line between text and signatures
note-signature-line = signature line { $line } is malformed
note-bad-signature = the signature of { $name } is wrong
note-no-known-key = no known key signed it
proof-out-of-range = the proof is about an entry or size beyond the tree
proof-length = the proof has a wrong number of hashes
proof-root = the proof leads to another root
witness-ready =
    witness { $name } on http://{ $address }
    key { $key }
witness-cosigned = { $witness } cosigned { $origin }, entries: { $size }
witness-key-of-log = `{ $key }` is a log's key: a witness has a key for cosignatures
witness-rolled-back = the witness saw { $old } entries and the log has { $size }: it was rolled back
witness-unreachable = cannot reach { $url }
witness-races = the witness keeps naming other sizes; somebody else is asking it about the same log
witness-no-request = no request can be made: { $why }
witness-other-name = { $path } belongs to the witness { $name }

# # === store and engine ===
store-open = cannot open the store { $path }: { $why }
store-migrate = cannot bring the store to this version: { $why }
store-query = the store failed: { $why }
store-unreachable = cannot reach the shared database: { $why }
store-superseded = another server took over the log { $log }: a data directory may be served once; a copy of one is made by backup and restore, which begins a log of its own
store-too-much-said = the change says { $bytes } bytes, and its record has room for 16384: say it shorter
store-not-scrubbed = what was to be destroyed is destroyed, but an old copy may still lie in store.db-wal, which somebody reads all the time: stop whoever has the store open. The running server empties the file within a minute of that; without one, run the same command again
engine-model = model file { $path }: { $why }
engine-memory = not enough memory for the model: { $why }
engine-not-built = this build has no embedded engine (cargo feature `llama` is off): use a build with it, or an `openai` upstream
engine-load = llama.cpp cannot load the model: { $why }
engine-failed = engine failed: { $why }
engine-no-start = cannot start the engine of `{ $id }`
engine-not-ready = engine not ready after { $ms } ms ({ $state })
engine-unknown-model = no model `{ $id }` here (see `freehold model ls`)
engine-other-hash = { $file } has the SHA-256 { $found } instead of { $expected }: nothing was added
hub-shape = `{ $text }` is not of the form hf:owner/repository/path/to/file.gguf, with @revision after it if it is not the main one
hub-address = `{ $url }` is not the address of a hub: it begins with https://
hub-plain = { $url } has no TLS, so anybody on the way could change the model: use https://, or say with --sha256 which file must come
hub-unreachable = { $url } cannot be reached: { $why }
hub-around = the hub sends in a circle: { $url }
hub-denied = { $url }: the hub says { $status }. If the model needs a licence or an account, accept it there and put your token into the variable HF_TOKEN
hub-no-file = { $url }: there is no such file on the hub. Look at the spelling of the owner, the repository, the file and the revision
hub-answered = { $url }: the hub answered with status { $status }
hub-no-hash = the hub does not say which SHA-256 the file has: give it with --sha256
hub-no-length = the hub does not say how long the file is
hub-hash-shape = --sha256 takes 64 hexadecimal digits
hub-other-hash = the hub has a file with the SHA-256 { $promised }, and --sha256 says { $expected }: nothing was fetched
hub-here = This model is here already.
hub-busy = another download of this model runs (it holds { $path })
hub-no-room = { $mb } MB are needed and { $free } MB are free on the disk
hub-begins = Fetching { $mb } MB{ $commit } …
hub-goes-on = Fetching { $mb } MB, of which { $have } MB are here already{ $commit } …
hub-so-far = { $have } of { $mb } MB ({ $percent } %)
hub-checks = Checking the SHA-256 and the header …
hub-gives-up = nothing more comes; { $have } MB are here, and the same command goes on from there
hub-other-range = the hub sent another part of the file than the one asked for
hub-cut = the connection broke
hub-no-model = what the hub sends is not a GGUF file: nothing was added
model-added = Added { $name } as { $id }.
model-named = A deployment names it with weights_file = "sha256:{ $hash }".
model-removed = Removed { $id }.
model-toy = toy

# # === evaluations ===
eval-key-unknown = the key lets nobody in here: it is unknown, revoked, or of another data directory; `freehold key new --app APP` makes one
eval-needs-judge = the item `{ $id }` is one that only a judge can grade: name a route with --judge
eval-not-alone = nothing that the app `{ $app }` may name leads to the deployment `{ $id }` alone: give the realm a route with this deployment and no other, put it into the app's `routes`, and name it with --route
eval-several = the answers came from several deployments ({ $places }), and so are of no single model: name one with --deployment
eval-no-records = the ledger in { $data } holds no record of these requests: is --data the directory of the server that was asked?
eval-no-run = there is no run `{ $id }` to go on with: { $path } is not there
eval-other-run = the run `{ $id }` asked something else: { $was }; and this is { $now }
eval-failed = { $id } and { $more } more: { $why }
explain-by-quality = The route { $route } takes, of these, only deployments whose evaluation clears the app's margin, and none where nothing was evaluated (503 quality_unproven): freehold eval ls
eval-unfinished =
    without an answer: { $count }. Nothing is kept as a result yet
    the answers so far are: go on with the same command and --resume { $id }
eval-other-suite = the evaluation { $id } asked other questions: those of the suite whose SHA-256 begins with { $sha256 }
eval-unreadable = the evaluation { $id } is not as this version writes it
eval-simulated = simulated: says nothing of a model
eval-own = own
eval-judged-by = own, judged by { $judge }
eval-published = published, { $date }, { $source }
eval-unknown = unknown
eval-result = { $id }: { $model } on { $suite }: { $score } ({ $passed } of { $n }; 95 %: { $interval }); { $origin }
eval-place = at { $deployment } by the route { $route } for { $app }; realm { $realm }, suite { $sha256 }
eval-used = tokens { $tokens_in } in, { $tokens_out } out; cost { $cost }; joules { $joules }; median { $median_ms } ms, 95 % within { $p95_ms } ms
eval-without-record = requests without a record here, in none of these sums: { $count }
eval-miss = { $id } ({ $miss }): { $answer }
eval-imported = results kept: { $count }
passport-which = no model of the realm is called `{ $name }`: name one with --model. Models: { $known }
passport-unwritable = { $path } cannot be written into: write its passports as `[[passport]]`
passport-alone = the document ({ $form }) alone states { $count } of our fields
passport-now = the passport of { $model } states { $after }; before: { $before }
passport-would = the passport of { $model } would state { $after }; now: { $before }
passport-file = file: { $path }
passport-added = added: { $fields }
passport-kept = as they were, though the document says otherwise: { $fields }
passport-differs = differs: { $field }: { $model } in the realm, { $papers } in the papers; rules ask the realm
passport-undated = results without a day, not taken: { $count }; say of when they are with --date
passport-left = not taken: { $place }: { $why }
passport-head = { $name }: { $present } of { $total } fields stated ({ $percent } %)
passport-by-model = realm
passport-by-papers = papers
passport-source = source: { $kind } { $name }, taken { $taken }, SHA-256 { $sha256 }
passport-missing = Missing, and what to do:
prove-missing = cannot prove here: { $what } is missing; { $how }, or write the problems with --problems DIR and prove them elsewhere
prove-get-cedar = Cedar's tool with its symbolic compiler is installed by `cargo install cedar-policy-cli --features analyze`, found on PATH as `cedar` or named in FREEHOLD_CEDAR
prove-get-cvc5 = the solver is a release of https://github.com/cvc5/cvc5, found on PATH as `cvc5` or named in CVC5
prove-head = { $was } → { $is }, by the rules that bind on { $date }:
prove-nothing = the older version has no rule that binds that day: there is nothing to lose
prove-holds = { $action }: proved: whatever the older version denied, the newer denies
prove-fails = { $action }: not so: the newer version lets pass what the older denied, for one:
prove-owed-holds = { $action }: proved: whatever the older version demanded, the newer demands
prove-owed-fails = { $action }: not so: the newer version does not demand what the older did, for one:
prove-untold = { $action }: could not tell: { $why }
prove-known = Proved of all worlds of the schema in which every fact is known, not of one realm. A fact that nobody knows denies in both, but which rule asks for it may differ: `freehold pack test` tries that.
prove-problems = problems: { $path }
eval-compare-simulated = the evaluation { $id } is of what stands in for { $model }: no difference of quality can be told from it
eval-compare-other = { $first } and { $second } are not over the same questions: run the same suite with both, or import both from one publication
eval-difference =
    { $second } less { $first } on { $suite }: { $difference } points (95 %: { $low } to { $high }; McNemar p { $p })
    questions { $n }; right only in the first { $first_only }, only in the second { $second_only }
eval-difference-published = the second less the first on { $suite }: { $difference } points, as published; how sure that is nobody says
eval-not-inferior = not worse by { $margin } points
eval-inferior = worse by more than { $margin } points
eval-undecided = whether it is worse by { $margin } points cannot be told from so many questions
col-evaluation = EVALUATION
col-day = DAY
col-suite = SUITE
col-model = MODEL
col-deployment = DEPLOYMENT
col-score = SCORE
col-stated = STATED
col-share = SHARE
col-results = RESULTS
col-document = DOCUMENT
col-missing = MISSING
col-interval = 95 %
col-questions = QUESTIONS
col-origin = ORIGIN
col-kind = KIND
col-passed = RIGHT

# # === plans ===
plan-not-empty = { $path } holds something: name a directory that is not there yet, or an empty one
plan-infeasible = there is no plan that meets all that the case asks; `freehold plan explain { $case }` says what is in the way
plan-failed-unbounded = the case { $case } has costs without end: something with a negative cost has no cap
plan-failed-time_limit = time ran out before a plan of { $case } was proven the best: give more with --limit-s
plan-failed-no_hipo = HiPO was asked for, and libhighs_extras.so is neither beside this program nor where the system's loader looks, or is of another version: `scripts/hipo FOLDER` builds it; or take --solver ipm
plan-failed-too_large = the model of { $case } is larger than the solver takes: fewer hours, or fewer sites
plan-failed-solver = the solver ended without an answer for { $case } (state { $number })
plan-built = model: { $columns } columns, { $rows } rows, { $entries } entries, coefficients from { $least } to { $most }
plan-solving = solving ({ $method })
plan-solving-relaxed = solving without whole modules first ({ $method })
plan-written = written: { $path }
plan-scenario-solved = { $done } of { $of }: { $scenario } is solved
plan-scenario-begun = { $done } of { $of }: begun for { $first }, then { $scenario }
plan-before-outside = --before { $found }: a year from { $first } to { $last }, so that some orders lie before it and some do not
plan-told = the report: { $path }
plan-holds = the plan holds: { $count } conditions looked at without the solver
plan-does-not-hold = the plan does not hold: { $findings } rules of { $count } conditions are broken
plan-reduced-period = period { $number } of the year is kept and stands for { $times }
plan-reduced-peak = period { $number } of the year is kept: the highest net demand; it stands for itself
plan-reduced-demand = demand of the kept periods comes to that of the year { $off } %
plan-reduce-blocks = only a case of one [[block]] that holds a whole year, without `order` and without `hours`, can be reduced
plan-reduce-outages = the technology { $id } has outages, whose hours are those of the whole year: take them out, or reduce by hand
plan-reduce-count = { $asked } periods are asked for: at least 2, at most { $most } that the year has
plan-pypsa-refused = nothing was imported: a case cannot say this of the network:{ $lines }
plan-pypsa-cannot = { $place }: { $name }: `{ $field }` { $found }
plan-explained-feasible = nothing is in the way: there is a plan
plan-explained-conflict = there is no plan, whatever limits and demand give
plan-explained-modules = nothing is in the way but that modules are whole: the plan exists only with parts of them

# # === columns ===
usage-none = (none)
usage-mirrors = Mirrors of drills in shadow, in no group: { $requests } with { $tokens } tokens for { $cost }
usage-estimated = estimated: { $count }
usage-energy-unknown = energy unknown: { $count }
col-group = GROUP
col-requests = REQUESTS
col-failed = FAILED
col-unknown = UNKNOWN
col-refused = REFUSED
col-tokens-in = TOKENS IN
col-tokens-out = TOKENS OUT
col-cost = COST { $currency }
col-energy = ENERGY J
col-note = NOTE
col-request = REQUEST
col-ended = ENDED
col-bytes = BYTES
col-opening = OPENING
col-asked-by = ASKED BY
col-asked = ASKED
col-approved-by = APPROVED BY
col-opened = OPENED
col-reason = REASON
col-key = KEY
col-app = APP
col-state = STATE
col-created = CREATED
col-roles = ROLES
col-expires = EXPIRES
col-sha256 = SHA-256
col-name = NAME
col-architecture = ARCHITECTURE
col-parameters = M PARAMETERS
col-weights = WEIGHTS
col-megabytes = MB

# # === content ===
content-keygen = The private key lies in { $path }. Whoever runs Freehold must not have it: keep it with the organisation, and a copy elsewhere. The line above is its `content_key`.
content-keygen-person = The private key lies in { $path }; it is this person's alone. The line above is its `key` in `content_people`, `drill_people` or `sandbox_people`.
content-sealed = sealed
content-destroyed = key destroyed
content-requested = { $by } asks for the content of { $request } to be opened: opening { $id }. Another person must approve it.
content-approved = { $by } approves opening { $id } of { $request }: whoever has the organisation's private key may open it within seven days of the request.
content-opened = { $request } of app { $app }, ended { $at }: what the client sent
content-answered = what it was told (status { $status })
content-cut = The answer's end was not kept: it was longer than any answer may be.
content-forgotten = Content of app { $app } is destroyed: { $keys } keys, { $items } items. Nobody can open it again; records and receipts stand.
content-forget-confirm = This destroys every key under which content of app { $app } is sealed: nobody can ever open it again. Type the app's id to go on:
content-forget-needs-yes = content of app { $app } that is forgotten cannot be brought back: say --yes where nobody can be asked
content-forget-not-confirmed = that is not `{ $app }`: nothing was forgotten
content-no-reason = say why it is to be opened: --reason '…'; the ledger keeps it
content-no-identity = { $path } is no private key of an organisation: expected the file that `freehold content keygen` wrote
content-no-signer = { $path } is no private key of a person: expected the file that `freehold content keygen --person` wrote
content-other-signer = { $path } is not the key of `{ $by }` that the realm names: use that person's own file, or correct `content_people`
content-no-people = the realm declares no `content_key` and `content_people` for the organisation `{ $organisation }`: without them nothing of it can be opened
never-served = no server has run on { $path } yet: who may do this is taken from the realm that was served last, as the ledger names it
realm-in-force-lost = the realm that the ledger names as the one in force cannot be read at { $path }: bring that directory back (`freehold ledger verify` tells what is wrong); without it nobody is known who may do this
content-none = nothing is kept of request `{ $request }`: it was never kept, its days are over, or it was forgotten. `freehold content ls` shows what there is
content-approved-before = opening { $id } was approved already
drill-proposed = { $by } proposes live drill { $id }: it would cut off { $deployments }. Another person must approve it within a day; until then nothing happens.
drill-proposed-shadow = { $by } proposes drill in shadow { $id }: requests that { $deployments } answer would in part go to their fallback too. Another person must approve it within a day; until then nothing happens.
drill-approved = { $by } approves live drill { $id }: it begins now and ends by itself at { $until }.
drill-aborted = Live drill { $id } is ended.
drill-ended-before = Live drill { $id } had ended already.
drill-none = There has been no live drill.
drill-line = { $id }  { $state ->
        [proposed] proposed
        [on] ON
        [over] over
        [aborted] aborted
        *[guardrail] ended by a guardrail
    }: { $title } ({ $mode }, { $minutes } min, proposed by { $proposed }, approved by { $approved }, until { $until }): { $reason } { $why }
drill-shown-cuts = would be cut off: { $deployments }
drill-shown-as-if = as if were cut off, and nothing is: { $deployments }
drill-shown-shape = and would fail so, without a byte going there: { $shape }
drill-shown-shadow = sends { $percent } % of those requests to their fallback too, { $at-once } at a time in each server; spends at most { $tokens } tokens and { $cost }
drill-shown-time = for { $minutes } minutes from its approval, { $mode }
drill-shown-rails = ends before that at a share of failed requests above: { $errors }; at a median above: { $latency }; over { $window } s
drill-shown-apps = apps left alone: { $apps }
drill-shown-hash = scenario as it was signed, SHA-256: { $sha256 }
drill-shown-none = none
approval-none = No request waits for people, and none has.
approval-line = { $id }  { $state ->
    [waiting] waits
    [approved] agreed
    [refused] refused
    [used] went
    *[expired] over
    }, { $agreed } of { $needed } agree: app { $app }, route { $route }, purpose { $purpose }, by { $rules }; good until { $until }
approval-unknown = there is no ticket `{ $id }`: `freehold approval ls` lists them
approval-over = nothing more can be said of ticket { $id }: it is { $state }
approval-asker = ticket { $id } is your own request: somebody else must agree to it
approval-before = you agreed to ticket { $id } before: if more people must agree, it is for them to say
sandbox-none = The realm has no sandbox.
sandbox-line = { $id }  { $state ->
        [on] in force
        [proposed] not signed by two
        [to_come] to come
        *[over] over
    }; apps { $apps } exempt from { $rules }; { $from } to { $until }; signed by { $signed }; { $cite }
sandbox-signed =
    { $line }
    Put this under `signed` of the sandbox:
    { $entry }
sandbox-other-signer = { $path } is not the key of `{ $by }` that the realm names: use that person's own file, or correct `sandbox_people`
drill-no-people = the realm in force declares no `drill_people`: a live drill takes two of them
    .help = Put two or more into `[realm]`, each with a name and the public key that `freehold content keygen --person` prints, and let the server load it.
drill-reaches-nothing = the scenario cuts off nothing that the realm in force has: there is nothing to drill
drill-percent-of-full = `--percent` is for `--mode canary`; in full everything is cut off
drill-percent-of-shadow = `--percent` is for `--mode canary`; the sample of a drill in shadow stands in `[shadow]` of its scenario, which both people sign
drill-no-shadow = { $path } has no table `[shadow]`: it takes `sample`, `cost_max` and `tokens_max` to run it in shadow
drill-percent-missing = `--mode canary` needs `--percent`: from how many requests in a hundred it is taken away
drill-approved-before = live drill { $id } was approved already, or has ended
drill-too-old = live drill { $id } was proposed at { $at }, more than a day ago: propose it anew
drill-another = live drill { $other } is on, and there is one at a time: { $id } can be approved after it
drill-other-signer = { $path } is not the key of `{ $by }` that the realm names: use that person's own file, or correct `drill_people`
drill-not-approved = nobody has approved it
drill-one-person = { $by } proposed it: another person must approve it
drill-not-declared = { $by } is not in the `drill_people` of the realm in force
drill-bad-signature = the signature of { $by } does not fit: the drill was changed after it was signed, or the realm names another key
drill-other-scenario = the scenario that the store holds is not the one that was signed, its SHA-256 differs: the store was changed. Abort this drill, find out who can write the store, and propose it anew
drill-other-end = the store has it end at another moment than so many minutes after its approval: the store was changed. Abort this drill, find out who can write the store, and propose it anew
drill-unreadable = what the store holds of live drill { $id } cannot be read: a later version of freehold wrote it
drill-before-unread = the report of the drill before, { $path }, cannot be read: { $why }. It takes what `drill run --out`, `drill run --json` or `drill status ID --json` wrote
drill-not-ended = live drill { $id } has not ended, or no server has ever had it in force: there is evidence of a drill once it is over
drill-bundle-no-server = no server on this data directory answers: the record that names the bundle is written by the server of the log. Start `freehold serve` and try again
drill-bundle-bad = the bundle that was made does not hold, so it was not written: { $why }
drill-records-gone = the records of the drill are not in the log that is written now: they were pruned, or a restore began another log
drill-bundled = The evidence of live drill { $id } is in { $file }: { $records } records. Entry { $index } of { $log } names it.
drill-bundle-fails = { $file }: not verified: { $why }
drill-verified = verified: live drill { $id }, proposed by { $proposed }, approved by { $approved }; { $records } records, whole and in their places; entry { $index } of { $log } names this bundle
drill-verified-key = believed by the key given
drill-verified-own-key = believed by the bundle's own key, which proves that it is of one piece and not whose it is: compare the key with one that you have from elsewhere, or give it with --key
drill-verified-counters = bytes and the moment when each server had it in force are the servers' own word: no record holds them
drill-verified-shadow = what was compared, bytes, and the moment when each server had it in force are the servers' own word; that each mirror was recorded, allowed and charged is in the records
drill-verified-no-cut = NOT a cut: by the records, what was cut off answered while it was
bundle-none = this is no bundle of a drill, or one of a later version
bundle-rewritten = it is not written as `freehold drill bundle` writes it: it was changed, or saved by another program
bundle-manifest = its manifest cannot be read
bundle-other-files = `{ $name }` is missing or was put in
bundle-changed = `{ $name }` was changed
bundle-no-key = it holds no key, and none is given: give the log's key with --key
bundle-unknown-signature = its receipt has signatures of keys that are not given: give every key of the log
bundle-other = the record in the ledger names another bundle
bundle-unreadable = `{ $name }` is missing or cannot be read
bundle-records = its records are not those of the log: one was changed, left out or put in, or another key signed
bundle-realm = the realm `{ $id }` in it is missing, or not the one that the name stands for
bundle-scenario = its scenario is not the one that was signed
bundle-unapproved = two people of its realm did not sign it: { $why }
bundle-no-step = no record tells `{ $step }`
bundle-other-step = the one record of `{ $step }` is not there as the drill tells it: when, by whom, of which order, in which way, or there is more than one
bundle-recount = `{ $name }` is not what its records say
content-opening-old = opening { $id } was asked for at { $at }, more than seven days ago: ask again
content-not-approved = only one person asks for this: another must approve it (`freehold content approve`)
content-one-person = { $by } asked for it and cannot approve it too: another person must
content-not-declared = `{ $by }` is none of the organisation's `content_people` as the realm stands now
content-bad-signature = the signature of `{ $by }` does not fit what is to be opened: it was changed, or the person's key in the realm was
content-record =
    { $of ->
        [request] What the client sent
        *[answer] What it was told
    } { $is ->
        [matches] matches the record in the ledger.
        [differs] does not match the record in the ledger: { $why }.
        *[unknown] cannot be compared with the record in the ledger: { $why }.
    }
content-record-why-other-app = the record is of another app
content-record-why-text = the record holds the hash of another text
content-record-why-status = the record is of a request that was told another status
content-record-why-no-record = there is no record of such a request
content-record-why-no-end = the request began, and its end has no record
content-record-why-no-hash = the record holds no hash of it
content-record-why-erased = the app's record secret, which the hash was made with, is destroyed
content-record-why-left-otherwise = the record holds the hash of what left for the provider (redacted, with its model's name, in its language), and this is what came
content-record-why-told-otherwise = the record holds the hash of what the provider sent, and this is what the client got
content-record-why-pruned = a part of the ledger was pruned, and the record with it
content-withheld = It is not shown: somebody may have put it in the place of what was kept. --even-so shows it.
content-other-key = it is sealed for another private key than this one: use the organisation's key of that time
content-changed = what is kept was changed, or is the content of another request: it cannot be opened
content-no-key = a key of the realm cannot be used: compare it with what `freehold content keygen` printed
content-later-version = a later version of Freehold kept this: open it with that one
otlp-wrong = `{ $text }` is no address of a collector: expected http://HOST:PORT or https://HOST:PORT, without a path, as http://127.0.0.1:4318
share-wrong = `{ $text }` is no share: expected 0 to 1, as 0.1
cannot-write-why = cannot write { $path }: { $why }

# === commands ===
cmd-freehold = Sovereign AI platform: use any AI, depend on none
    .help = Begin with: freehold demo
cmd-demo = Starts everything on an example realm, with stand-in providers and the embedded engine, and says what to try
    .help = Example: freehold demo --listen 127.0.0.1:0 --json
cmd-serve = Serves the gateway of a realm
    .help = Example: freehold serve --realm ./realm --data ./freehold-data
cmd-init = Writes a commented starter realm
    .help = Example: freehold init ./realm --home XA --pack strategic-sectors
cmd-check = Checks a realm and its rules; every problem in one run
    .help = Example: freehold check ./realm --matrix
cmd-explain = Says what the rules decide for an app, and why; sends nothing
    .help = Example: freehold explain --app clinic --route abroad --class personal
cmd-console = Lets people in to the console
cmd-console-link = Prints a link that signs somebody in once
    .help = Example: freehold console link --role auditor --name "Ann Lee"
cmd-console-account = Accounts of people who sign in to the console with a password
cmd-console-account-add = Makes an account and prints its password, this once
    .help = Example: freehold console account add "Ann Lee" --role auditor --organisation ministry
cmd-console-account-ls = Lists accounts, with their roles by organisation
cmd-console-account-disable = Closes an account and ends its sessions
cmd-console-account-enable = Opens a closed account again
cmd-console-token = Makes a token with which a program acts for an account under /api/v1, and prints it, this once
    .help = Example: freehold console token "Ann Lee" --ttl 30d
cmd-key = Makes, lists and revokes API keys
cmd-key-new = Makes a key for an app; it is shown once
    .help = Example: freehold key new --app clinic --ttl 90d
cmd-key-ls = Lists keys
    .help = Example: freehold key ls --json
cmd-key-revoke = Ends a key at once
    .help = Example: freehold key revoke k0123456789
cmd-suspend = Puts an app, a provider or a deployment out of use, at once
    .help = Example: freehold suspend provider standin-abroad
cmd-resume = Ends a suspension
    .help = Example: freehold resume provider standin-abroad
cmd-erase = Destroys an app's record secret: its records of before can never be tied to a text again
    .help = Example: freehold erase --app clinic
cmd-content = Keys for sealing, what is kept of prompts and answers, opening and forgetting it
cmd-content-keygen = Makes a private key of an organisation, or of a person who asks and approves
    .help = Example: freehold content keygen --out clinic.identity
cmd-content-ls = Lists what is kept, without opening it
    .help = Example: freehold content ls --app clinic
cmd-content-request = Asks for the content of one request to be opened; another person must approve
    .help = Example: freehold content request req-0123456789abcdef --reason 'complaint 17' --by ann --signer ann.key
cmd-content-approve = Approves what another person asked for
    .help = Example: freehold content approve o0123456789 --by bob --signer bob.key
cmd-content-open = Opens what two people agreed on, with the organisation's private key
    .help = Example: freehold content open o0123456789 --identity clinic.identity
cmd-content-forget = Destroys the keys under which an app's content is sealed: nobody can open it again
    .help = Example: freehold content forget --app clinic
cmd-ledger = Verifies, proves, shows, exports and keeps the ledger
cmd-ledger-verify = Recomputes a ledger from its entries and compares it with what was signed
    .help = Example: freehold ledger verify ./freehold-data --remember seen.json
cmd-ledger-prove = Prints the receipt of an entry
    .help = Example: freehold ledger prove 17 > 17.tlog-proof
cmd-ledger-show = Shows entries
    .help = Example: freehold ledger show 17
cmd-ledger-export = Writes records for other programs, or the published form for anyone to verify
    .help = Example: freehold ledger export --since 2026-01-01 --format csv
cmd-ledger-rotate = Replaces the key that signs the ledger; an entry signed by both says so
    .help = Example: freehold ledger rotate
cmd-ledger-prune = Removes old entries in whole segments, stating in the log what allows it; hashes stay
    .help = Example: freehold ledger prune --before 2026-01-01 --policy "records are kept for one year"
cmd-ledger-accept-head = Goes on with a log whose last signed head was lost, at a size that you stand for
    .help = Example: freehold ledger accept-head --size 1024
cmd-ledger-witness = Witnesses logs, or asks a witness
cmd-ledger-witness-serve = Runs a witness: it cosigns a log only if that continues what it saw before
    .help = Example: freehold ledger witness serve --name witness.example --state ./witness --log-key 'VKEY'
cmd-ledger-witness-ask = Asks a witness to cosign this ledger's checkpoint
    .help = Example: freehold ledger witness ask http://127.0.0.1:8090 --key 'VKEY'
cmd-receipt = Verifies receipts
cmd-receipt-verify = Verifies a receipt offline and shows the record that it proves
    .help = Example: freehold receipt verify answer.tlog-proof --pubkey 'VKEY'
cmd-usage = Adds up tokens, cost, energy and requests from the ledger
    .help = Example: freehold usage --by organisation --since 2026-01-01
cmd-exposure = Says what the traffic in the ledger depends on, and what would be left without it
    .help = Example: freehold exposure --by parent --since 2026-01-01
cmd-drill = Replays recorded traffic in another world, or cuts a supplier off from the live one for some minutes
cmd-drill-run = Runs a scenario over the ledger; sends nothing
    .help = Example: freehold drill run examples/republic/drills/largest-parent.toml --out drill.json
cmd-drill-start = Proposes a live drill: a supplier is cut off for some minutes, once another person has approved it
    .help = Example: freehold drill start examples/republic/drills/keys-withdrawn.toml --mode full --minutes 10 --reason 'yearly exercise' --by ann --signer ann.key
cmd-drill-approve = Approves a live drill that another person proposed: it begins at once
    .help = Example: freehold drill approve d1a2b3c4d5 --by bob --signer bob.key
cmd-drill-abort = Ends a live drill at once, or takes a proposal back
    .help = Example: freehold drill abort d1a2b3c4d5 --reason 'the clinic asked for it'
cmd-drill-status = Lists live drills, or shows how one goes: requests, times, bytes, margins
cmd-drill-bundle = Puts the evidence of a drill that is over into one file
    .help = Example: freehold drill bundle d1a2b3c4d5 --out drill.bundle
cmd-drill-verify = Verifies the evidence of a drill offline: no realm, no data directory, no network
    .help = Example: freehold drill verify drill.bundle --key 'VKEY'
cmd-impact = Follows one change along the chain: requests, tokens, quality, cost, energy; with a case of a plan, accelerators, megawatts and years
    .help = Example: freehold impact examples/republic/drills/strategic-tomorrow.toml
cmd-forecast = Says what something is worth under uncertainty, and what the capacity of a plan allows of it
cmd-forecast-run = Runs a model: probabilities of its targets, fans, what matters, what must be true
    .help = Example: freehold forecast run examples/ru-2030/forecast/model.toml --draws 100000 --seed 1
cmd-forecast-diff = Says what a change of a model changes, with the same draws before and after
    .help = Example: freehold forecast diff examples/ru-2030/forecast/model.toml --case examples/ru-2030/plans/as-announced --delay ritm-200n=3
cmd-forecast-freeze = Runs a model and keeps what it says, with its hash in the ledger, to be scored when the day comes
    .help = Example: freehold forecast freeze examples/ru-2030/forecast/model.toml
cmd-forecast-ls = Lists frozen forecasts: who, when, their hash, and whether the file still has it
cmd-forecast-observatory = Shows a plan's compute beside that of nations and blocs: part, per head, growth, years behind
    .help = Example: freehold forecast observatory --capacity examples/ru-2030/forecast/capacity.csv --of RU
cmd-forecast-score = Scores frozen forecasts by what happened
    .help = Example: freehold forecast score resolved.toml
cmd-eval = Puts suites of questions whose answers are known to models, and keeps how they did
cmd-eval-run = Asks a suite's questions of a running server as an app does, grades the answers, keeps the result
    .help = Example: freehold eval run evals/en.jsonl --route best --key "$KEY"
cmd-eval-ls = Lists results, own and published
cmd-eval-show = Shows one result
cmd-eval-compare = Compares two results over the same questions, answer by answer
    .help = Example: freehold eval compare e1a2b3c4d5 e6f7a8b9c0 --margin 0.05
cmd-eval-import = Keeps results that somebody else published, labelled so
    .help = Example: freehold eval import published.jsonl
cmd-pack = Lists, shows, tries and compares packs of law, and the duties in them
cmd-passport = Takes over what documents say of models, and shows what their passports lack
cmd-passport-import = Reads a model card, a CycloneDX or an SPDX document into a model's passport
    .help = Example: freehold passport import README.md --model republic-8b --date 2026-05-01
cmd-passport-ls = Lists models with how complete their passports are
    .help = Example: freehold passport ls
cmd-passport-show = Shows a passport: what is stated and where, and what is missing
    .help = Example: freehold passport show republic-8b
cmd-passport-export = Prints a passport as CycloneDX 1.6
    .help = Example: freehold passport export republic-8b --cyclonedx
cmd-plan = Plans sites, accelerators and energy: what to build, order and buy, where and when
cmd-plan-solve = Finds the cheapest plan of a case and checks it; the answer is no where there is none
    .help = Example: freehold plan solve examples/plan/two-halls --out plan-a
cmd-plan-start = Writes the case that the realm begins with: its sites, machines and sources of energy as they stand; what nobody says is left to be filled in
    .help = Example: freehold plan start --realm examples/republic --years 2026,2028,2030 --discount-rate 0.07 --out case
cmd-plan-stock = Says where a case and the realm differ in what stands: sites, machines, sources of energy; ends with 1 where they do
    .help = Example: freehold plan stock examples/republic/plan --realm examples/republic
cmd-plan-demand = Puts the work that the ledger records into a case, by rates that the realm declares; unknown where one is missing
    .help = Example: freehold plan demand --case examples/republic/plan --represents 100..1000..10000 --growth 2026=1,2030=4 --out case
cmd-plan-check = Verifies a plan against its case, without the solver
    .help = Example: freehold plan check plan-a
cmd-plan-show = Tells a plan that was written: as text, or its pages anew
    .help = Example: freehold plan show plan-a
cmd-plan-scenarios = Solves a case under each of its scenarios, and says what it costs to have begun for another
    .help = Example: freehold plan scenarios examples/ru-2030/plan --out scenarios
cmd-plan-diff = Shows two plans side by side: what the second has more or less of
    .help = Example: freehold plan diff plan-a plan-b --out diff.html
cmd-plan-pypsa = Makes a case of a network that PyPSA wrote with export_to_csv_folder
    .help = Example: freehold plan pypsa network --out case
cmd-plan-reduce = Makes a case of some weeks that stand for its full year, the hardest among them
    .help = Example: freehold plan reduce case-year --weeks 6 --out case-weeks
cmd-plan-explain = Says why a case has no plan: the smallest set of limits in the way, and from which year there is one
    .help = Example: freehold plan explain examples/plan/two-halls
cmd-pack-ls = Lists the packs in the program and the realm's own
    .help = Example: freehold pack ls
cmd-pack-show = Shows a pack: its rules, what each says and what would help
    .help = Example: freehold pack show gdpr
cmd-pack-test = Runs a pack's golden cases, and again with each rule changed; the answer is no where a case fails, is missing or notices nothing
    .help = Example: freehold pack test ./packs/our-law
cmd-pack-diff = Says what two packs, or two versions of one, differ in; the answer is no where they do, or with --prove where the newer lets pass what the older denied
    .help = Example: freehold pack diff ./packs/our-law gdpr
cmd-pack-duties = Lists the duties of the realm's packs as met, not met or unknown by the realm's evidence
    .help = Example: freehold pack duties --pack dora --at 2027-01-01
cmd-pack-score = Scores a supplier by a framework's weights, from criteria in a file
    .help = Example: freehold pack score cloud-sovereignty assessment.toml
cmd-approval = Requests that a rule lets go only once people agree
cmd-approval-ls = Lists the tickets of requests that wait for people, and of those that did
cmd-approval-approve = Agrees to a request: once enough people have, the app may send it again, once
    .help = Example: freehold approval approve t0a1b2c3d4e5f6a7b --reason 'the ward asked for it'
cmd-approval-refuse = Refuses a request, also after having agreed; that stands
cmd-sandbox = Dated exemptions of apps from rules, signed by two people
cmd-sandbox-ls = Lists the realm's sandboxes and how each stands today
cmd-sandbox-sign = Signs a sandbox as the realm's files say it now, and prints what to add to them
cmd-model = Adds, lists and removes model files of the embedded engine
cmd-model-add = Adds a GGUF file, from here or from a hub, after checking it
    .help = Example: freehold model add hf:owner/repository/model-q8_0.gguf
cmd-model-ls = Lists model files
    .help = Example: freehold model ls
cmd-model-rm = Removes a model file
    .help = Example: freehold model rm 3f9a2c
cmd-backup = Copies the data directory into one file (.tar) or a directory and verifies the copy, also while a server uses it
    .help = Example: freehold backup ./backup-2026-11-23.tar
cmd-restore = Makes a data directory from a backup; its next start opens a new log that names the old one's last checkpoint
    .help = Example: freehold restore ./backup-2026-11-23.tar --data ./freehold-data
cmd-completions = Prints completions for a shell
    .help = Example: freehold completions bash > /etc/bash_completion.d/freehold
cmd-engine = Runs one embedded engine; started by freehold itself

# === arguments ===
arg-data = Data directory
arg-realm = Realm directory
arg-database-url = PostgreSQL that several gateways share, instead of a store of their own: postgres://user@host/name; a password rather in FREEHOLD_DATABASE_URL
arg-json = Print JSON for programs
arg-listen = Address and port; port 0 picks a free one
arg-behind-proxy = A proxy of yours ends TLS before this; allows an address that is not loopback
arg-tls-cert = Certificate chain, PEM
arg-tls-key = Its private key, PEM
arg-log = How log lines look
arg-drain-s = Seconds that requests in flight may take when stopping
arg-engine-threads = Threads of each embedded engine; by default half of the cores granted
arg-console-link-role = What the link's holder may do: viewer, operator, auditor or admin
arg-console-link-name = Who will use it, as records of changes name them; you, where it is not given
arg-console-link-url = The address at which people reach the server
arg-console-link-organisation = An organisation in which the role holds; may stand several times; without it and without --whole: everywhere
arg-console-link-whole = The role holds in the deployment as a whole: what all share, and sums across organisations
arg-console-account-add-name = Who signs in, as records of changes name them
arg-console-account-add-role = What they may do: viewer, operator, auditor or admin
arg-console-account-add-organisation = An organisation in which the role holds; may stand several times; without it and without --whole: everywhere
arg-console-account-add-whole = The role holds in the deployment as a whole: what all share, and sums across organisations
arg-console-account-disable-name = Whose account
arg-console-account-enable-name = Whose account
arg-console-token-name = Whose account
arg-console-token-ttl = How long it lives: 12h, 30d; closing the account ends it at once
arg-key-cache = With a shared database: how long known keys are believed while it is away (1d, 1h, 30m, 10s)
arg-lease = With a shared database: how long a leased share of limits and budgets may be spent without a word from it
arg-demo-model = A GGUF file for the embedded engine instead of demo-tiny
arg-demo-no-samples = Sends no sample requests: the log begins with your own
arg-keep = Data directory to go on with, instead of a fresh one
arg-dir = Directory
arg-backup-path = A file (NAME.tar) that is not there yet, or a directory that is not there yet or is empty
arg-restore-path = The backup: a file or a directory
arg-home = Home jurisdiction: an ISO 3166-1 code such as XA
arg-pack = A law pack to begin with; may be given more than once
arg-matrix = Print who may use what, for every app, deployment and class
arg-app = The app's id
arg-route = The route's id
arg-deployment = The deployment's id
arg-class = A data class found in the text: public, internal, personal, special, secret; may be given more than once
arg-diffuse = The classes are asserted, not located in the text: they cannot be redacted
arg-purpose = One of the app's purposes; by default its first
arg-user-jurisdiction = Where the end user is
arg-at = The date to decide for, as 2027-07-01; by default today
arg-ttl = How long it lives: 90d, 12h, 30m or never
arg-id = Its id
arg-kind = What is meant
arg-place = A data directory, a log's directory, or the address of a published log; by default the data directory
arg-pubkey = A public key to believe (vkey); may be given more than once. By default the key beside the ledger
arg-remember = A file that keeps the last head seen, so that a log rolled back or forked is noticed
arg-index = The entry's index
arg-ledger-prove-log = The log's id; by default the newest
arg-ledger-show-log = The log's id; by default the newest
arg-ledger-export-log = The log's id; by default the newest
arg-ledger-witness-ask-log = The log's id; by default the newest
arg-ledger-accept-head-log = The log's id; by default the newest
arg-size = How many entries the log had, as you know from a receipt, a witness or another machine
arg-before = Entries before this date, as 2026-01-01, may go
arg-entries-below = Entries below this index may go
arg-ledger-prune-policy = What allows the removal, in words: the log states them
arg-receipt-verify-policy = A file that says which logs and witnesses to believe and how many it takes (C2SP tlog-policy), instead of --pubkey
arg-last = How many of the last entries
arg-since = From this date on, as 2026-01-01
arg-until = Up to and with this date
arg-format = What to write
arg-out = Where to write; by default standard output. A directory for tiles
arg-name = The witness's name, as witness.example
arg-state = Where the witness keeps its key and what it saw
arg-log-key = A log's public key (vkey); may be given more than once
arg-url = The witness's address
arg-key = The witness's public key (vkey)
arg-file = The file
arg-exposure-by = One level only: developer, operator, parent, control (or jurisdiction), residency, provenance and more
arg-pack-show-pack = A pack's id or its folder
arg-pack-test-pack = A pack's id or its folder
arg-pack-score-pack = A pack's id or its folder
arg-pack-duties-pack = Only this pack's duties, whether or not the realm uses it; may be given more than once
arg-plan-start-out = Where the case is written: a directory that is not there yet
arg-plan-start-years = The investment years of the case: 2026,2028,2030
arg-plan-start-discount-rate = A year's discount, as a share; without it, it is to be filled in
arg-plan-start-figures = Your own figures of what the realm does not say, in the form of the project's tables
arg-plan-start-estimated = Take estimates of the project's tables, too, not only what somebody published
arg-plan-start-rate = So many units of the realm's currency for one of another: USD=0.9,EUR=1
arg-plan-stock-case = The case's directory
arg-plan-demand-case = The case that the work is put into; it stays as it is
arg-plan-demand-represents = How many times what was recorded stands for: one number, or LOW..MIDDLE..HIGH
arg-plan-demand-growth = Work by year as a multiple of what was recorded: 2026=1,2030=4
arg-plan-demand-mfu = Training whose initiative does not say it: which share of an accelerator's dense peak it makes use of, as 0.4, LOW..HIGH or LOW..MIDDLE..HIGH
arg-plan-demand-everywhere = Work that was done abroad, too
arg-plan-demand-scenario = As a drill would have it: the scenario
arg-plan-demand-out = Where the case is written: a directory that is not there yet
arg-impact-case = A case of a plan: the chain then goes on to machines, megawatts and years
arg-impact-represents = With a case: how many times what was recorded stands for: one number, or LOW..MIDDLE..HIGH
arg-impact-growth = With a case: work by year as a multiple of what was recorded: 2026=1,2030=4
arg-impact-mfu = With a case: which share of a dense peak training makes use of where its initiative does not say it, as 0.4, LOW..HIGH or LOW..MIDDLE..HIGH
arg-impact-everywhere = With a case: work that is done abroad, too
represents-wrong = `{ $text }` is not a number of times: one positive number, or LOW..MIDDLE..HIGH
mfu-wrong = `{ $text }` is no share of a peak: above 0 and at most 1, as 0.4, LOW..HIGH or LOW..MIDDLE..HIGH
rate-wrong = `{ $text }` is not CURRENCY=RATE
years-order = --years are not in ascending order; say each once, as 2026,2028,2030
figures-wrong = { $place }: `{ $field }`: missing, or cannot be, or in another unit than the field has; a row is as docs/technology-tables.md says
figures-unused = nothing asks for these figures: { $figures }; the realm says them itself, or has no such thing. Take them out
start-taken = taken: { $field } of { $of } = { $mid } ({ $low } to { $high }): { $source }
start-left-machines = not in the case: { $count } of `{ $kind }` at { $site }; machines without accelerators, and nobody says what they draw
start-left-outages = not in the case: { $count } outages of { $source }; an hour of the case stands for many days
start-nothing-built = Nothing may be built, no purchase has a cap and nothing has to be done yet: the realm does not say it.
start-rates = Some of them are said in { $currencies }: give a rate to take them, --rate { $first }=…
start-unknown = { $count } figures that nobody says here. No plan is made until each reads something else than "unknown":
stock-agrees = { $path } and the realm agree in what stands
stock-differs = { $path } and the realm differ in what stands; differences: { $count }
stock-site = the site
stock-jurisdiction = under whose law
stock-power_mw = megawatts it may draw
stock-pue = PUE
stock-units = accelerators
stock-bought = since
stock-energy_source = the source of energy
stock-feeds = the site that it feeds
stock-source_mw = what it gives
stock-in_service = gives from
stock-control = who can have it switched off
growth-wrong = `{ $text }` is not YEAR=FACTOR
demand-hours = Records of { $hours } hours, by hour of the day; they stand for { $mid } times as much ({ $low } to { $high }).
demand-flat = Records of { $hours } hours: less than a day, so their mean stands for every hour. They stand for { $mid } times as much ({ $low } to { $high }).
demand-class = { $model }: { $mid } tokens a day ({ $low } to { $high }), of { $apps } apps
demand-rate = { "  " }{ $hours } hours of { $accelerator } a day, if it did all of it ({ $rate } tokens a second; { $source })
demand-unknown-model = unknown: nobody declares the model that answers `{ $app }`
demand-unknown-throughput = unknown: how fast `{ $model }` is on `{ $accelerator }`; a [[throughput]] row of the realm says it
demand-unknown-mfu = unknown: what share of a peak the training of `{ $initiative }` makes use of; `mfu` of its training in the realm says it, or --mfu
demand-unknown-peak = unknown: the dense peak of `{ $accelerator }`; `bf16_tflops` of an [[accelerator]] of the realm says it
demand-training = training of { $initiative }: 10^{ $flop } operations, { $work } PFLOP-hours, the same each day from { $from } to { $by }; nothing recorded stands for it and it does not grow
demand-training-year = training of { $initiative }: 10^{ $flop } operations, { $work } PFLOP-hours, the same each day from { $from } to { $by } (no first day is declared: the first of that year); nothing recorded stands for it and it does not grow
demand-training-outside = { "  " }of it { $work } PFLOP-hours lie outside of the case's years: no plan of it does them
demand-training-late = { "  " }NOT by { $by }: a year of the case does the same each day, so { $work } PFLOP-hours of it may be done after that day. Give the case a year that ends with it
demand-training-mfu = { "  " }{ $mid } of the peak in use ({ $low } to { $high }): { $source }. Hours of one unit, if it did all of it:
impact-solving = solving: { $case }
arg-plan-solve-case = The case's directory
arg-plan-solve-out = Where the plan is written: a directory that is not there yet; without it, the plan is only told
arg-plan-solve-parquet = Write the tables as Parquet, too
arg-plan-solve-solver = By which method: by size, dual simplex, an interior point, or HiPO, an interior point that needs a library of its own
arg-plan-solve-crossover = End the interior point in a vertex: slower, cleaner numbers
arg-plan-solve-gap = Share of the cost within which whole modules are good enough
arg-plan-solve-limit-s = Give up after so many seconds
arg-plan-check-dir = The plan's directory, as `plan solve` wrote it
arg-plan-show-dir = The plan's directory, as `plan solve` wrote it
arg-plan-show-write = Write the pages and their tables again, in place of text
arg-plan-scenarios-case = The case's directory, with `scenarios.toml` in it
arg-plan-scenarios-out = Where the report is written: a directory that is not there yet
arg-plan-scenarios-before = Decisions ordered before this year are held; by default the second investment year
arg-plan-scenarios-no-regret = Only solve each scenario: much faster
arg-plan-scenarios-gap = Share of the cost within which whole modules are good enough
arg-plan-scenarios-limit-s = Give up each problem after so many seconds
arg-plan-diff-first = The first plan's directory, as `plan solve` wrote it
arg-plan-diff-second = The second plan's directory
arg-plan-diff-out = Write the page to this file, too
arg-plan-pypsa-dir = The folder that PyPSA wrote
arg-plan-pypsa-out = Where the case is written: a directory that is not there yet
arg-plan-pypsa-currency = The currency of its costs, which PyPSA does not keep
arg-plan-explain-iis = Also name rows that cannot all hold together, none of them to spare
arg-plan-explain-limit-s = Give up where one of its solves takes more seconds
arg-plan-reduce-case = The case's directory: one block that holds a whole year
arg-plan-reduce-out = Where the smaller case is written: a directory that is not there yet
arg-plan-reduce-weeks = How many periods are kept, at least two
arg-plan-reduce-hours = Hours of one period: 168 are a week, 24 a day
arg-plan-reduce-seed = Where the random beginnings of the choice come from; the same seed, the same choice
arg-plan-explain-case = The case's directory
arg-passport-import-file = The document: a model card (Markdown), CycloneDX 1.5 to 1.7 or SPDX 3.0 (JSON)
arg-passport-import-model = The realm's model that it is about, where its name does not say
arg-passport-import-component = Which of several models that the document describes, by its name there
arg-passport-import-date = Of when its results are, where they do not say
arg-passport-import-dry-run = Only say what would be written
arg-passport-show-model = A model of the realm
arg-passport-export-model = A model of the realm
arg-passport-export-cyclonedx = As CycloneDX 1.6 in JSON
arg-pack-diff-prove = Prove that the newer denies all that the older denied, or show a request that it lets pass: by Cedar's symbolic compiler and cvc5
arg-pack-diff-at = By the rules that bind on this day; today where none is given
arg-pack-diff-problems = Also write what has to be proved into this folder
arg-was = The older: a pack's id or its folder
arg-is = The newer: a pack's id or its folder
arg-assessment = The file with the criteria: points, claimed levels, evidence, owners
arg-scenario = The scenario: what is cut off or changed, and what is expected
arg-drill-run-out = Where the report is written as JSON, beside what is printed
arg-drill-run-before = The report of the drill before, as `--out` or `--json` wrote it: says which of its findings are closed, still open or overdue
arg-mode = full: from every request; canary: from so many in a hundred; shadow: from none, for requests go to their fallback beside
arg-forecast-run-file = The model
arg-forecast-diff-file = The model before
arg-draws = How many draws
arg-seed = The seed: the same one gives the same numbers
arg-set = In place of what the file says: plan.capacity=FILE or input.ID=VALUE; may be given more than once
arg-with = The model after
arg-forecast-run-out = A directory for everything as JSON and each table as CSV, beside what is printed
set-wrong = `{ $text }` is not `name=value`
draws-wrong = `{ $text }` is no number of draws: { $min } to { $max }
arg-forecast-freeze-file = The model
arg-resolved = What happened: [[resolved]] tables with forecast, target, reading, value, date, source
forecast-frozen = { $id } is frozen: { $path }, SHA-256 { $sha256 }.
forecast-none = Nothing is frozen.
arg-forecast-run-usage = Adoption so far as counted elsewhere: a JSON file of apps and tokens by sector
arg-forecast-run-records = Adoption so far, counted in the ledger of --data by the sectors of --realm
arg-forecast-diff-case = A case of a plan: it is solved as it is and with the delay, and the two capacities are compared
arg-forecast-diff-delay = TECHNOLOGY=YEARS: plants of it that do not stand yet come so many years later
arg-impact-forecast = With a case: a forecast whose target is compared under both plans
delay-wrong = `{ $text }` is no delay: TECHNOLOGY=YEARS, 1 to 50 years
forecast-capacity-twice = `--set plan.capacity=…` and `--case` both say what the plan delivers: with `--case`, both plans are solved, and their capacity is taken. Leave one of them out
delay-unknown = the case has no technology `{ $name }`: { $names }
forecast-no-plan = There is no plan for one of the two, so the difference is unknown.
forecast-unknown = neither the ledger nor what is on its way to it knows the frozen forecast { $id } ({ $sha256 }): its file was put here or changed, name and all
forecast-missing = the ledger says that a forecast with SHA-256 { $sha256 } was frozen; its file is not here
ledger-recorded = recorded
ledger-waiting = waits for a server
ledger-unknown = UNKNOWN
col-frozen-ledger = LEDGER
growth-twice = { $year } stands twice in --growth
arg-forecast-observatory-case = A case of a plan, solved now
arg-forecast-observatory-capacity = A plan's table of capacity: heads year,accelerators,power_mw
arg-forecast-observatory-of = Whose it is, for amounts per head: RU, EU, US, CN
arg-forecast-observatory-out = A directory for the page, everything as JSON and each table as CSV
observatory-unknown = nobody's people are known as `{ $name }`: { $names }
forecast-changed = { $path } is not what was frozen: its hash is another than its name says
col-frozen-id = FORECAST
col-frozen-at = FROZEN
col-frozen-by = BY
col-frozen-sha256 = SHA-256
col-frozen-said = SAID
col-year = year
col-accelerator = accelerator
col-site = site
col-stock = what
col-amount = how much
col-about = in
col-realm = the realm
col-case = the case
col-pflop-hours = PFLOP-hours
col-tflops = TFLOPS
col-hours-low = hours, low
col-hours-mid = planned
col-hours-high = high
arg-percent = With canary: from how many requests in a hundred, 1 to 99
arg-minutes = How long it lasts at most, 1 to 1440; it ends by itself
arg-drill-bundle-id = The drill's id
arg-drill-bundle-out = The new file
arg-bundle = The file that `freehold drill bundle` wrote
arg-drill-verify-pubkey = A public key of the log (vkey); may be given more than once. Without it the bundle is believed by its own
arg-drill-start-by = Your name in `drill_people`
arg-drill-approve-by = Your name in `drill_people`
arg-drill-approve-id = The drill's id
arg-drill-abort-id = The drill's id
arg-drill-status-id = The drill's id; without it, all of them
arg-drill-status-before = The report of the drill before, as `--json` wrote it: says which of its findings are closed, still open or overdue
arg-eval-run-suite = The suite: one JSON object a line
arg-eval-run-route = The route that is asked
arg-eval-run-deployment = The deployment whose answers count: by a route that leads to it alone, or by its model's name
arg-eval-run-url = The running server
arg-eval-run-key = A key of the app that asks: its routes, rules and budget hold
arg-eval-run-judge = The route of a model that says whether answers meet their reference, for the items that need it
arg-eval-run-concurrency = Questions asked at the same time
arg-eval-run-resume = The run to go on with: what was answered is not asked again
arg-eval-show-id = The result's id
arg-eval-show-suite = The suite that it asked: its first wrong answers are shown too
arg-eval-compare-first = The result to compare with
arg-eval-compare-second = The result that is compared
arg-eval-compare-margin = By how much worse is too much: a share of the questions
arg-eval-import-file = One JSON object a line: model, suite, score, n where known, date, source
arg-by = What to group by
arg-shell = The shell
arg-model-add-file = A GGUF file, or hf:owner/repository/file.gguf on a hub (with @revision)
arg-model-add-hub = The hub's address: a mirror of yours, say
arg-model-add-sha256 = Add it only if it has this SHA-256
arg-model = The model file
arg-context = Most tokens of one request
arg-parallel = Requests at the same time
arg-threads = Threads
arg-content-keygen-out = The new file for the private key; an existing one is never replaced
arg-person = A person's key instead of an organisation's
arg-limit = At most so many, the newest first
arg-openings = The openings instead: who asked, who approved, when
arg-req = The request's id, as in its records and in `x-freehold-request`
arg-reason = Why; the ledger keeps it
arg-approval-ls-app = Only this app's
arg-approval-approve-id = The ticket's id
arg-approval-refuse-id = The ticket's id
arg-sandbox-sign-id = The sandbox's id
arg-sandbox-sign-by = Your name in `sandbox_people`
arg-content-request-by = Your name in `content_people`
arg-content-approve-by = Your name in `content_people`
arg-signer = The file of your own private key
arg-opening = The opening's id
arg-identity = The file of the organisation's private key
arg-even-so = Show also what does not match its record in the ledger
arg-otlp = The collector of OpenTelemetry that is told how requests went (OTLP over HTTP), as http://127.0.0.1:4318; by default none
arg-otlp-share = The share of traces that begin here and are exported, 0 to 1
arg-yes = Do not ask: what is erased cannot be brought back
arg-check-app = Only this app's lines of the matrix

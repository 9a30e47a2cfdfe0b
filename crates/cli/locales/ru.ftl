# Что говорит командная строка. Те же ключи стоят в en.ftl.
error-prefix = ошибка:
ledger-rotated = { $log } отныне подписывается новым ключом: { $key }
ledger-rotated-next = До следующего запуска подписывают оба ключа. Передайте новый свидетелям и тем, кто проверяет с --pubkey.
ledger-pruned = { $log }: удалено записей: { $removed }, начиная с { $kept } сохранены все. Хеши остаются; журнал об этом говорит.
ledger-nothing-pruned = { $log }: ничего не удалено, ни один полный сжатый сегмент не лежит целиком ниже. Сохранены все начиная с { $kept }.
ledger-prune-no-policy = --policy пуст: журнал словами называет то, что разрешает удаление
ledger-prune-needed = просят удалить записи ниже { $asked }, но начиная с { $needed } они ещё нужны: по ним считаются бюджеты этого месяца и запросы последних суток
ledger-head-accepted = { $log }: контрольная точка с числом записей { $size } принята как последняя подписанная. Журнал об этом скажет.
backup-inside = { $path } лежит внутри каталога данных: назовите другой
backup-there = { $path } уже есть: назовите файл, которого ещё нет
backup-file-bad = восстановить из { $path } нельзя: { $why }. Возьмите другой экземпляр файла или более раннюю копию
backup-cut = он обрывается
backup-member-strange = { $path } внутри него не может быть в копии
backup-member-changed = { $path } внутри него не тот, что был упакован, или отсутствует
backup-nobody-reads = никто не читает дальше
backup-done = { $dir }: проверенная копия { $data }
backup-without-database = Общей базы данных в копии нет: её копируют её собственные средства (pg_dump)
backup-store-busy = пока делалась копия, каждый раз менялись ключи или приостановки: повторите, когда изменений меньше
restore-done = { $data }: восстановлено. Следующий `freehold serve` откроет новый журнал, который начнётся с последней точки { $log } (записей: { $size }).
receipt-too-few-witnesses = запись есть в журнале, но его точку заверило меньше свидетелей, чем требует политика
erased = Секрет записей приложения { $app } уничтожен: ни одну прежнюю запись больше нельзя связать с текстом.
erase-nothing-yet = у приложения `{ $app }` ещё нет записей, которые можно связать с текстом: ни один сервер с ним на этом каталоге данных не работал
erased-backups = Прежние резервные копии ещё хранят старый секрет: уничтожьте и их.
check-summary = ошибок: { $errors }, предупреждений: { $warnings }
check-counts =
    { $name }: { $summary }
    снимок { $snapshot }: организаций { $organisations }, приложений { $apps }, моделей { $models }, развёртываний { $deployments }, маршрутов { $routes }, правил { $rules }
realm-problems = в контуре есть ошибки
pack-lost = с пакетом { $pack } внутри программы что-то пошло не так: сообщите нам
pack-no-framework = в каталоге { $pack } нет рамки для оценки
realm-none = в { $path } нет контура: назовите его через --realm или FREEHOLD_REALM или создайте: `freehold init { $path } --home XX`
unknown =
    { $kind ->
        [app] нет приложения `{ $id }`. Приложения: { $known }
        [provider] нет поставщика `{ $id }`. Поставщики: { $known }
        [deployment] нет развёртывания `{ $id }`. Развёртывания: { $known }
        [route] у приложения нет маршрута `{ $id }`. Его маршруты: { $known }
        [purpose] у приложения нет цели `{ $id }`. Его цели: { $known }
        [key] нет ключа `{ $id }` (ключ называют по идентификатору, как его показывает `freehold key ls`). Ключи: { $known }
        [log] в каталоге данных нет журнала `{ $id }`. Журналы: { $known }
        [person] у организации в `content_people` нет `{ $id }`. Есть: { $known }
        [opening] нет открытия `{ $id }`. Есть: { $known }
        [drill] нет учений `{ $id }`. Учения: { $known }
        [drill-person] в `drill_people` контура нет `{ $id }`. Люди: { $known }
        [sandbox] в контуре нет песочницы `{ $id }`. Песочницы: { $known }
        [sandbox-person] в контуре нет `{ $id }` среди `sandbox_people`. Люди: { $known }
        [organisation] нет организации `{ $id }`. Организации: { $known }
        [account] нет учётной записи `{ $id }`. Учётные записи: { $known }
        [evaluation] нет оценки `{ $id }`. Оценки: { $known }
        [model] нет модели `{ $id }`. Модели: { $known }
        *[other] нет { $kind } `{ $id }`. Есть: { $known }
    }
unknown-near =
    { $kind ->
        [app] нет приложения `{ $id }`: может быть, `{ $near }`? Приложения: { $known }
        [provider] нет поставщика `{ $id }`: может быть, `{ $near }`? Поставщики: { $known }
        [deployment] нет развёртывания `{ $id }`: может быть, `{ $near }`? Развёртывания: { $known }
        [route] у приложения нет маршрута `{ $id }`: может быть, `{ $near }`? Его маршруты: { $known }
        [purpose] у приложения нет цели `{ $id }`: может быть, `{ $near }`? Его цели: { $known }
        [key] нет ключа `{ $id }`: может быть, `{ $near }`? Ключи: { $known }
        [log] в каталоге данных нет журнала `{ $id }`: может быть, `{ $near }`? Журналы: { $known }
        [person] у организации в `content_people` нет `{ $id }`: может быть, `{ $near }`? Есть: { $known }
        [opening] нет открытия `{ $id }`: может быть, `{ $near }`? Есть: { $known }
        [drill] нет учений `{ $id }`: может быть, `{ $near }`? Учения: { $known }
        [drill-person] в `drill_people` контура нет `{ $id }`: может быть, `{ $near }`? Люди: { $known }
        [sandbox] в контуре нет песочницы `{ $id }`: может быть, `{ $near }`? Песочницы: { $known }
        [sandbox-person] в контуре нет `{ $id }` среди `sandbox_people`: может быть, `{ $near }`? Люди: { $known }
        [organisation] нет организации `{ $id }`: может быть, `{ $near }`? Организации: { $known }
        [account] нет учётной записи `{ $id }`: может быть, `{ $near }`? Учётные записи: { $known }
        [evaluation] нет оценки `{ $id }`: может быть, `{ $near }`? Оценки: { $known }
        [model] нет модели `{ $id }`: может быть, `{ $near }`? Модели: { $known }
        *[other] нет { $kind } `{ $id }`: может быть, `{ $near }`? Есть: { $known }
    }

# # === files and the system ===
cannot-read = не читается { $path }
cannot-read-why = не читается { $path }: { $why }
data-being-deleted = демонстрация удаляла журнал в { $path }, когда её остановили: `freehold demo --keep { $path }` закончит; чтобы оставить то, что есть, удалите { $mark }
cannot-delete = не удалось удалить { $path }
cannot-write = не записывается { $path }
cannot-make = не создаётся { $path }
cannot-copy = не копируется { $path }
cannot-find = не найден { $path }
not-empty = { $path } не пуст: назовите новый каталог, ничего не перезаписывается
option-wrong = { $option }: { $why }
date-wrong = `{ $text }` — не дата: нужны год, месяц и день, например 2027-07-01
level-wrong = `{ $text }` — не уровень: нужно jurisdiction или одно из { $known }
ttl-wrong = `{ $text }` — не срок действия: нужно число с d, h или m (90d, 12h, 30m) или never
span-wrong = `{ $text }` — не промежуток времени: нужно число с d, h, m или s (1h, 10s), не больше года
lease-wrong = `{ $text }` — не срок доли: нужно от 2s до 10m
answered = { $url } ответил { $status }
io-not-found = нет такого файла или каталога
io-denied = у этого пользователя нет прав
io-exists = уже существует
io-address-in-use = адрес занят
io-refused = там никто не слушает
io-full = диск заполнен
io-directory = это каталог
no-thread = система не запускает поток
no-randomness = система не дала случайных байтов: { $why }
no-runtime = не запускается среда выполнения
no-signal = нельзя принимать сигнал { $name }
no-program-path = не удаётся узнать, где лежит эта программа
listen-in-clear = { $address } — не loopback: задайте --tls-cert и --tls-key или --behind-proxy, если TLS завершает ваш прокси
listen-taken = { $address } занят другим процессом: назовите другой порт, например --listen 127.0.0.1:8081, или порт 0, чтобы взять свободный
listen-cannot = нельзя слушать { $address }
data-none = { $path } — не каталог данных: назовите его через --data или FREEHOLD_DATA или запустите `freehold serve` хотя бы раз
data-in-use = { $data } обслуживает другой процесс, и журнал пишет он: сначала остановите его или назовите другой каталог данных. Ничего не изменено.
database-url-wrong = адрес базы данных не подходит (здесь он не повторён: в нём может быть пароль): нужен postgres://user:password@host:5432/name в --database-url или FREEHOLD_DATABASE_URL
database-away = общая база данных не отвечает: { $why }. Ключам верят в течение --key-cache, лимиты расходуются в пределах выделенных долей
key-cache-refused = запомненные ключи не используются: { $why }. Пока база данных не ответит, ни один ключ не известен
key-cache-unwritten = нельзя запомнить ключи на время, пока нет базы данных: { $why }

# # === the demo ===
console-link = Консоль, для одного входа в течение 15 минут: { $link }
console-linked = Впустит { $name } один раз, с ролью { $role }, в течение { $minutes } минут.
console-name-wrong = --name пусто, длиннее { $most } знаков или содержит управляющие символы: напишите, кто войдёт по ссылке
account-taken = учётная запись `{ $name }` уже есть: выберите другое имя или откройте её: freehold console account enable
account-added = Пароль ({ $name }) — выше, показан один раз. Роли: { $roles }.
account-open = открыта
account-disabled = закрыта
account-is-disabled = { $name }: все сеансы окончены, войти нельзя.
account-was-disabled = { $name }: учётная запись уже была закрыта.
account-is-enabled = { $name } снова может войти.
account-was-enabled = { $name }: учётная запись и так открыта.
token-made = Токен ({ $name }) — выше, показан один раз. Действует с ролями этой учётной записи до { $until }.
token-never = у токена должен быть срок: --ttl 90d или другой
demo-ready =
    Freehold готов: { $address }
    Данные (сохраняются): { $data }
    Консоль, для одного входа в течение 15 минут: { $console }
    {""}
    Ключи и прочие имена для строк ниже:
    {"  "}. { $keys }
demo-stops = Ctrl-C остановит; `freehold demo --keep { $data }` продолжит.
demo-anew = { $by }: журнал с образцами { $log } удалён целиком (записей: { $entries }). Демонстрация начата заново с пустым журналом.
demo-own-directories = у demo свой каталог со своим контуром, поэтому { $option } здесь ничего не значит: каталог называет `freehold demo --keep DIR`, а ваш контур обслуживает `freehold serve`
demo-port-taken = Порт { $taken } занят; взят { $used }.
demo-stand-in-moved = Порт { $taken } занят; учебный поставщик `{ $name }` слушает { $used }, и контур примера это учитывает.
demo-no-stand-in = не запускается учебный поставщик `{ $name }`
demo-engine-not-ready = Встроенный движок `{ $id }` не готов: { $why }
demo-model-elsewhere = --model ставится на место игрушки, но в { $path }/routes.toml больше нет `{ $toy }`: впишите файл в `weights_file` сами
demo-model-nameless = модель из файла

# # === realms ===
init-next = Дальше: freehold check { $path }, затем freehold serve --realm { $path }
init-home = --home: `{ $home }` — не код страны: нужны две заглавные буквы ISO 3166-1, например DE, IN или RU; XA–XZ свободны для воображаемых
realm-not-archived = снимок контура не сохраняется

# # === changes ===
effect-in-force = Работающий сервер это учитывает, и в журнале это есть.
effect-in-force-unrecorded = Работающий сервер это учитывает; журнал сейчас не пишется, запись появится, когда сможет.
effect-at-start = На { $data } сервер не работает: это подействует, когда запустится `freehold serve`.
effect-unknown = Это в хранилище, но процесс, занявший { $data }, за { $seconds } с не сообщил, что принял это: когда примет, изменение покажет `freehold ledger show`.
effect-everywhere = Все работающие серверы с общей базой данных это выполняют ({ $count }).
effect-nowhere = Ни один сервер с этой базой данных не запущен: подействует, когда запустится первый.
effect-silent = Это в базе данных, но серверов с этой базой, не сообщивших за { $seconds } с, что приняли это: { $count }. Видит ли сервер базу, говорит его `/readyz`.
suspended =
    { $kind ->
        [app] Приложение `{ $id }` приостановлено.
        [provider] Поставщик `{ $id }` приостановлен.
        *[deployment] Развёртывание `{ $id }` приостановлено.
    }
suspended-unchecked = контур в нынешнем виде не читается, поэтому не проверено, есть ли в нём { $kind } `{ $id }`
suspended-already =
    { $kind ->
        [app] Приложение `{ $id }` уже было приостановлено.
        [provider] Поставщик `{ $id }` уже был приостановлен.
        *[deployment] Развёртывание `{ $id }` уже было приостановлено.
    }
resumed =
    { $kind ->
        [app] Приложение `{ $id }` снова в работе.
        [provider] Поставщик `{ $id }` снова в работе.
        *[deployment] Развёртывание `{ $id }` снова в работе.
    }
resumed-already =
    { $kind ->
        [app] Приложение `{ $id }` не было приостановлено.
        [provider] Поставщик `{ $id }` не был приостановлен.
        *[deployment] Развёртывание `{ $id }` не было приостановлено.
    }
key-new = Ключ { $id } приложения { $app }, до { $until }. Больше он не будет показан.
key-new-lasting = Ключ { $id } приложения { $app }, до отзыва. Больше он не будет показан.
key-is-revoked = Ключ { $id } приложения { $app } отозван ({ $at }).
key-was-revoked = Ключ { $id } приложения { $app } уже был отозван ({ $at }).
key-active = действует
key-expired = истёк
key-revoked = отозван
erase-confirm = Секрет записей приложения { $app } будет уничтожен: ни одну прежнюю запись больше нельзя будет связать с текстом, и вернуть это нельзя. Чтобы продолжить, введите идентификатор приложения:
erase-needs-yes = уничтожение секрета записей приложения { $app } необратимо: там, где спросить некого, укажите --yes
erase-not-confirmed = это не `{ $app }`: ничего не уничтожено

# # === the ledger ===
ledger-unavailable = журнал не пишется: { $why }
ledger-busy = очередь журнала заполнена
ledger-closed = журнал закрыт
ledger-locked = этот журнал пишет другой процесс: { $path } занят
ledger-rolled-back = записей в журнале { $found }, а подписано { $signed }: на место положили прежнюю копию каталога
ledger-head-missing = нет { $head }, поэтому нельзя узнать, не откатили ли этот журнал (записей: { $found }): верните файл, восстановите копию или, если по квитанции или от свидетеля известно, что записей больше не было, подтвердите это: `freehold ledger accept-head`.
ledger-diverged = первые записи ({ $size }) дают хеш { $found }, а подписан { $signed }
ledger-damaged = { $path } повреждён, байт { $at }: { $what }
ledger-not-published = запись { $index } ещё не покрыта опубликованной контрольной точкой
ledger-nothing-published = { $path }: ещё ничего не опубликовано
ledger-cannot-open = не открывается журнал { $log }
ledger-not-closed = журнал не закрылся как следует
ledger-not-recovered = не закрываются запросы, оставшиеся в журнале открытыми
ledger-change-unrecorded = изменение не записывается
ledger-unnameable = журнал нельзя назвать: { $why }
ledger-not-rotated = ключ не заменён; если замена начата, её закончит следующий запуск
ledger-not-pruned = из журнала ничего не удалено
ledger-no-entry = в { $log } нет записи { $index }: контрольная точка покрывает { $size }, начиная с 0
ledger-entry-pruned = запись { $index } удалена: остался её хеш, но не текст
ledger-witnessed-unreadable = заверенное свидетелями не читается
ledger-tiles-short = плитки не доходят до записи
log-not-verified = журнал { $log } не проходит проверку: { $why }
accept-not-missing = { $path } на месте: принимать нечего
accept-nothing-signed = нет и { $path }: ничего подписанного не осталось, восстановите копию
accept-other-size = опубликованная точка покрывает записей: { $found }, а не { $named }
server-other-answer = сервер ответил не на то, о чём его просили
server-could-not = сервер не смог: { $why }
server-deaf = журнал пишет кто-то, кто просьб не принимает: ничего не сделано
server-silent = сервер начал и не ответил: что он сделал, покажет `freehold ledger show`
key-none = `{ $key }` — не открытый ключ (vkey): { $why }
export-tiles-out = плитки — это каталог файлов: назовите его через --out
export-tiles-done = { $path }: записей { $origin }: { $size }
show-intent = { $at }  намерение { $app } { $route } → { $dep } (байт: { $bytes })
show-intent-redacted = { $at }  намерение { $app } { $route } → { $dep } (байт: { $bytes }, скрыто: { $redacted })
show-outcome = { $at }  исход     { $app } { $route } { $end }, токенов { $input }+{ $output }, { $ms } мс
show-refusal = { $at }  отказ     { $app } { $route } { $code } { $rules }
show-change = { $at }  изменение { $what } { $subject }, кто: { $by }
show-end-ok = успех
show-end-error = ошибка
show-end-clientclosed = клиент ушёл
show-end-unknown = неизвестно
cannot-make-private = каталог данных { $path } не удаётся сделать доступным только владельцу
log-id-bad = { $path } не называет журнал: ожидается до 64 латинских букв, цифр, `-` и `_`, например `log-0123abcd`; журналы этого каталога: { $logs }
log-id-none = в { $path } ещё нет `log-id`: один раз запустите `freehold serve`
log-id-lost = файла { $path } нет, а журналы есть: { $logs }. Верните его с именем того, в который писали последним (`{ $last }`?), или восстановите копию в пустой каталог
verify-holds =
    { $log }: проверен
    {"  "}имя         { $origin }
    {"  "}записей     { $size } под подписанной точкой, { $uncovered } ещё не покрыто{ $continues }
    {"  "}корень      { $root }
    {"  "}свидетель   { $witnessed }
    {"  "}прочитано   файлов { $files }, байт { $bytes }
verify-continues = ; продолжает виденные раньше { $size }
verify-fails =
    { $log }: проверка НЕ пройдена
    {"  "}{ $finding }
verify-not-witnessed = не заверен
verify-cosigned = записи ({ $size }) заверил { $by }, и журнал их продолжает
verify-cosigned-unchecked = под записями ({ $size }) есть подпись { $by }, она не проверена: задайте --pubkey с ключом свидетеля
verify-cannot-remember = контрольная точка не запоминается
verify-which-key = какому ключу верить для { $log }? Задайте --pubkey
verify-so-far = пока записей: { $size }
verify-no-ledger = в { $place } нет журнала: назовите каталог данных, каталог журнала или адрес опубликованного журнала
finding-byte = , байт { $at }
finding-entry = , запись { $index }
found-file-missing = файла нет
found-tile-missing = плитки нет
found-bundle-missing = пачки записей нет
found-segment-missing = сегмента нет
found-not-of-a-log = этот файл не из журнала
found-not-of-a-published-log = этот файл не из опубликованного журнала
found-tile-beyond = плитка лежит за последней записью журнала
found-bundle-beyond = пачка записей лежит за контрольной точкой
found-forms-differ = сжатый и исходный вид сегмента различаются

# # === receipts and witnesses ===
receipt-verified = проверено: запись { $index } журнала { $origin } (записей: { $size }), { $witnessed }
receipt-witnessed = заверено: { $by }
receipt-not-witnessed = не заверено свидетелями: есть только подпись самого журнала
receipt-fails = { $file }: не проверено: { $why }
receipt-which-key = какому ключу верить? Задайте --pubkey или --data с каталогом данных журнала
receipt-empty = файл пуст: получите квитанцию ещё раз
receipt-cut = квитанция обрезана: не хватает контрольной точки или подписи. Получите её ещё раз
receipt-windows = в квитанции переводы строк Windows (CR LF), а подписаны не они: уберите их через `tr -d '\r'` или сохраните её без изменений
receipt-is-an-answer = это не квитанция, а ответ по HTTP, возможно отказ: квитанция начинается с `c2sp.org/tlog-proof@v1`. Её адрес — в заголовке `x-freehold-receipt`
receipt-is-none = это не квитанция: она начинается с `c2sp.org/tlog-proof@v1`
receipt-other-log = квитанция из журнала `{ $origin }`, а заданный ключ — от: { $known }. Задайте через --pubkey ключ того журнала
receipt-other-key = квитанция из журнала `{ $origin }`; заданный ключ носит его имя, но подписал не он: это более старый, более новый или чужой ключ
receipt-too-long = квитанция слишком длинная
receipt-line = строка { $line } квитанции неправильна
receipt-no-entry = в квитанции нет самой записи
receipt-other-entry = в квитанции другая запись
checkpoint-line = строка { $line } контрольной точки неправильна
checkpoint-unsigned = контрольную точку журнала `{ $origin }` не подписал ни один известный ключ
note-no-signatures = между текстом и подписями нет пустой строки
note-signature-line = строка подписи { $line } неправильна
note-bad-signature = подпись { $name } неверна
note-no-known-key = не подписано ни одним известным ключом
proof-out-of-range = доказательство говорит о записи или размере за пределами дерева
proof-length = в доказательстве не то число хешей
proof-root = доказательство ведёт к другому корню
witness-ready =
    свидетель { $name }: http://{ $address }
    ключ { $key }
witness-cosigned = { $witness } заверил { $origin }, записей: { $size }
witness-key-of-log = `{ $key }` — ключ журнала: у свидетеля ключ для заверений
witness-rolled-back = свидетель видел записей: { $old }, а в журнале { $size }: его откатили
witness-unreachable = не отвечает { $url }
witness-races = свидетель каждый раз называет другой размер: о том же журнале его спрашивает кто-то ещё
witness-no-request = запрос не составляется: { $why }
witness-other-name = { $path } принадлежит свидетелю { $name }

# # === store and engine ===
store-open = не открывается хранилище { $path }: { $why }
store-migrate = хранилище не приводится к этой версии: { $why }
store-query = ошибка хранилища: { $why }
store-unreachable = общая база данных недоступна: { $why }
store-superseded = журнал { $log } перенял другой сервер: каталог данных обслуживают один раз; его копию делают backup и restore, и она начинает свой журнал
store-too-much-said = в изменении { $bytes } байт, а в его записи место для 16384: скажите короче
store-not-scrubbed = уничтожено то, что следовало, но прежняя копия ещё может лежать в store.db-wal, который кто-то всё время читает: остановите того, кто держит хранилище открытым. Работающий сервер опустошит файл в течение минуты после этого; без сервера повторите ту же команду
engine-model = файл модели { $path }: { $why }
engine-memory = для модели не хватает памяти: { $why }
engine-not-built = эта сборка без встроенного движка (возможность cargo `llama` выключена): возьмите сборку с ним или поставщика `openai`
engine-load = llama.cpp не загружает модель: { $why }
engine-failed = ошибка движка: { $why }
engine-no-start = не запускается движок `{ $id }`
engine-not-ready = движок не готов через { $ms } мс ({ $state })
engine-unknown-model = модели `{ $id }` здесь нет (см. `freehold model ls`)
engine-other-hash = У { $file } SHA-256 { $found } вместо { $expected }: ничего не добавлено
hub-shape = «{ $text }» не вида hf:владелец/хранилище/путь/файл.gguf (с @ревизией, если она не основная)
hub-address = «{ $url }» — не адрес хранилища моделей: он начинается с https://
hub-plain = { $url } без TLS, и кто угодно по пути может подменить модель: возьмите https:// или укажите ключом --sha256, какой файл должен прийти
hub-unreachable = { $url } недоступен: { $why }
hub-around = хранилище отсылает по кругу: { $url }
hub-denied = { $url }: хранилище отвечает { $status }. Если для модели нужны лицензия или учётная запись, примите её там и запишите свой ключ в переменную HF_TOKEN
hub-no-file = { $url }: такого файла в хранилище нет. Проверьте, как написаны владелец, хранилище, файл и ревизия
hub-answered = { $url }: хранилище ответило кодом { $status }
hub-no-hash = хранилище не сообщает SHA-256 файла: укажите его ключом --sha256
hub-no-length = хранилище не сообщает длину файла
hub-hash-shape = ключ --sha256 принимает 64 шестнадцатеричные цифры
hub-other-hash = в хранилище лежит файл с SHA-256 { $promised }, а ключ --sha256 требует { $expected }: ничего не загружено
hub-here = Эта модель уже здесь.
hub-busy = эту модель уже загружает другой процесс (он держит { $path })
hub-no-room = нужно { $mb } МБ, а на диске свободно { $free } МБ
hub-begins = Загружается { $mb } МБ{ $commit } …
hub-goes-on = Загружается { $mb } МБ, из них { $have } МБ уже здесь{ $commit } …
hub-so-far = { $have } из { $mb } МБ ({ $percent } %)
hub-checks = Проверяются SHA-256 и заголовок …
hub-gives-up = больше ничего не приходит; { $have } МБ уже здесь, и та же команда продолжит с этого места
hub-other-range = хранилище прислало не ту часть файла, о которой его просили
hub-cut = соединение оборвалось
hub-no-model = хранилище присылает не файл GGUF: ничего не добавлено
model-added = Добавлена { $name }: { $id }.
model-named = Развёртывание называет её так: weights_file = "sha256:{ $hash }".
model-removed = Удалена { $id }.
model-toy = игрушка

# # === evaluations ===
eval-key-unknown = по этому ключу сюда никого не пустят: он неизвестен, отозван или от другого каталога данных; новый делает `freehold key new --app APP`
eval-needs-judge = задание `{ $id }` может оценить только судья: назовите маршрут через --judge
eval-not-alone = ничто из того, что может назвать приложение `{ $app }`, не ведёт к одному только развёртыванию `{ $id }`: заведите в контуре маршрут с ним одним, впишите его в `routes` приложения и назовите через --route
eval-several = ответы пришли от нескольких развёртываний ({ $places }) и потому не относятся ни к одной модели: назовите одно через --deployment
eval-no-records = в журнале { $data } нет записей об этих запросах: тот ли это каталог --data, что у опрошенного сервера?
eval-no-run = прогона `{ $id }`, который можно продолжить, нет: не найден { $path }
eval-other-run = прогон `{ $id }` спрашивал другое: { $was }; а сейчас { $now }
eval-failed = { $id } и ещё { $more }: { $why }
explain-by-quality = Маршрут { $route } берёт из них только развёртывания, чья оценка не хуже порога приложения, и ни одного, если ничего не оценено (503 quality_unproven): freehold eval ls
eval-unfinished =
    без ответа: { $count }. Результат пока не сохранён
    полученные ответы сохранены: продолжите той же командой с --resume { $id }
eval-other-suite = оценка { $id } задавала другие вопросы: набора, чей SHA-256 начинается с { $sha256 }
eval-unreadable = оценка { $id } записана не так, как пишет эта версия
eval-simulated = имитация: о модели ничего не говорит
eval-own = своя
eval-judged-by = своя, судил { $judge }
eval-published = опубликовано, { $date }, { $source }
eval-unknown = неизвестно
eval-result = { $id }: { $model } на { $suite }: { $score } ({ $passed } из { $n }; 95 %: { $interval }); { $origin }
eval-place = в { $deployment } по маршруту { $route } для { $app }; контур { $realm }, набор { $sha256 }
eval-used = токенов { $tokens_in } на входе, { $tokens_out } на выходе; стоимость { $cost }; джоулей { $joules }; медиана { $median_ms } мс, 95 % за { $p95_ms } мс
eval-without-record = запросов без записи здесь, не вошедших в эти суммы: { $count }
eval-miss = { $id } ({ $miss }): { $answer }
eval-imported = сохранено результатов: { $count }
passport-which = ни одна модель контура не называется `{ $name }`: укажите её через --model. Модели: { $known }
passport-unwritable = в { $path } нельзя дописать: пусть паспорта стоят там как `[[passport]]`
passport-alone = сам документ ({ $form }) заполняет { $count } наших полей
passport-now = в паспорте { $model } заполнено { $after }; было: { $before }
passport-would = в паспорте { $model } было бы заполнено { $after }; сейчас: { $before }
passport-file = файл: { $path }
passport-added = добавлено: { $fields }
passport-kept = осталось как было, хотя документ говорит иное: { $fields }
passport-differs = расходится: { $field }: в контуре { $model }, в документах { $papers }; правила спрашивают контур
passport-undated = результатов без даты, не взято: { $count }; укажите дату через --date
passport-left = не взято: { $place }: { $why }
passport-head = { $name }: заполнено полей: { $present } из { $total } ({ $percent } %)
passport-by-model = контур
passport-by-papers = документы
passport-source = источник: { $kind } { $name }, взят { $taken }, SHA-256 { $sha256 }
passport-missing = Чего нет и что делать:
prove-missing = доказать здесь нельзя: нет { $what }; { $how }; или запишите задачи через --problems ПАПКА и докажите их в другом месте
prove-get-cedar = инструмент Cedar с символьным компилятором ставит `cargo install cedar-policy-cli --features analyze`, он ищется в PATH как `cedar` или по FREEHOLD_CEDAR
prove-get-cvc5 = решатель — выпуск https://github.com/cvc5/cvc5, он ищется в PATH как `cvc5` или по CVC5
prove-head = { $was } → { $is }, по правилам, которые действуют { $date }:
prove-nothing = у прежней версии нет правил, действующих в этот день: терять нечего
prove-holds = { $action }: доказано: что запрещала прежняя версия, запрещает и новая
prove-fails = { $action }: нет: новая версия пропускает то, что прежняя запрещала, например:
prove-owed-holds = { $action }: доказано: чего требовала прежняя версия, того требует и новая
prove-owed-fails = { $action }: нет: новая версия не требует того, чего требовала прежняя, например:
prove-untold = { $action }: сказать нельзя: { $why }
prove-known = Доказано для всех миров схемы, в которых известны все факты, а не для одного контура. Неизвестный факт запрещает в обеих, но какое правило о нём спросит, может различаться: это проверяет `freehold pack test`.
prove-problems = задачи: { $path }
eval-compare-simulated = оценка { $id } получена от того, что лишь заменяет { $model }: о разнице в качестве по ней судить нельзя
eval-compare-other = { $first } и { $second } — не на одних и тех же вопросах: прогоните один набор с обеими моделями или загрузите обе из одной публикации
eval-difference =
    { $second } минус { $first } на { $suite }: { $difference } п. п. (95 %: от { $low } до { $high }; p Макнемара { $p })
    вопросов { $n }; верно только у первой { $first_only }, только у второй { $second_only }
eval-difference-published = вторая минус первая на { $suite }: { $difference } п. п., как опубликовано; насколько это надёжно, никто не говорит
eval-not-inferior = не хуже на { $margin } п. п.
eval-inferior = хуже больше чем на { $margin } п. п.
eval-undecided = хуже ли на { $margin } п. п., по такому числу вопросов сказать нельзя
col-evaluation = ОЦЕНКА
col-day = ДЕНЬ
col-suite = НАБОР
col-model = МОДЕЛЬ
col-deployment = РАЗВЁРТЫВАНИЕ
col-score = БАЛЛ
col-stated = ЗАПОЛНЕНО
col-share = ДОЛЯ
col-results = РЕЗУЛЬТАТЫ
col-document = ДОКУМЕНТ
col-missing = НЕТ
col-interval = 95 %
col-questions = ВОПРОСОВ
col-origin = ОТКУДА
col-kind = ВИД
col-passed = ВЕРНО

# # === plans ===
plan-not-empty = в { $path } что-то есть: назовите каталог, которого ещё нет, или пустой
plan-infeasible = плана, который выполняет все требования постановки, нет; что мешает, скажет `freehold plan explain { $case }`
plan-failed-unbounded = затраты постановки { $case } не ограничены снизу: у чего-то с отрицательной ценой нет предела
plan-failed-time_limit = время вышло раньше, чем план { $case } доказан лучшим: дайте больше через --limit-s
plan-failed-no_hipo = запрошен HiPO, но libhighs_extras.so нет ни рядом с программой, ни там, где ищет системный загрузчик, или она другой версии: её собирает `scripts/hipo FOLDER`; либо возьмите --solver ipm
plan-failed-too_large = модель { $case } больше, чем принимает решатель: меньше часов или площадок
plan-failed-solver = решатель не дал ответа для { $case } (состояние { $number })
plan-built = модель: столбцов { $columns }, строк { $rows }, чисел { $entries }, коэффициенты от { $least } до { $most }
plan-solving = решение ({ $method })
plan-solving-relaxed = сначала решение без целых модулей ({ $method })
plan-written = записано: { $path }
plan-scenario-solved = { $done } из { $of }: решён { $scenario }
plan-scenario-begun = { $done } из { $of }: начали под { $first }, наступил { $scenario }
plan-before-outside = --before { $found }: нужен год от { $first } до { $last }, чтобы часть заказов была раньше него, а часть — нет
plan-told = отчёт: { $path }
plan-holds = план верен: без решателя проверено условий: { $count }
plan-does-not-hold = план неверен: нарушено правил: { $findings }, проверено условий: { $count }
plan-reduced-period = период { $number } года оставлен и представляет { $times }
plan-reduced-peak = период { $number } года оставлен: наибольший чистый спрос; он представляет сам себя
plan-reduced-demand = спрос оставленных периодов отличается от годового на { $off } %
plan-reduce-blocks = сократить можно только постановку из одного [[block]] на целый год, без `order` и без `hours`
plan-reduce-outages = у технологии { $id } есть остановы, часы которых считаются по целому году: уберите их или сократите вручную
plan-reduce-count = запрошено периодов: { $asked }; нужно не меньше 2 и не больше { $most }, сколько есть в году
plan-pypsa-refused = ничего не перенесено: постановка не может выразить в этой сети следующее:{ $lines }
plan-pypsa-cannot = { $place }: { $name }: `{ $field }` { $found }
plan-explained-feasible = ничего не мешает: план есть
plan-explained-conflict = плана нет, как ни ослабляй пределы и спрос
plan-explained-modules = мешает только то, что модули целые: план есть лишь с их частями

# # === columns ===
usage-none = (нет)
usage-mirrors = Копии теневых учений, ни в одной группе: { $requests }, токенов { $tokens }, стоимость { $cost }
usage-estimated = оценено: { $count }
usage-energy-unknown = энергия неизвестна: { $count }
col-group = ГРУППА
col-requests = ЗАПРОСОВ
col-failed = ОШИБОК
col-unknown = НЕИЗВЕСТНО
col-refused = ОТКАЗОВ
col-tokens-in = ТОКЕНОВ ВХОД
col-tokens-out = ТОКЕНОВ ВЫХОД
col-cost = СТОИМОСТЬ { $currency }
col-energy = ЭНЕРГИЯ ДЖ
col-note = ПРИМЕЧАНИЕ
col-request = ЗАПРОС
col-ended = ЗАВЕРШЁН
col-bytes = БАЙТОВ
col-opening = ОТКРЫТИЕ
col-asked-by = ПРОСИТ
col-asked = КОГДА
col-approved-by = СОГЛАСЕН
col-opened = ОТКРЫТО
col-reason = ПРИЧИНА
col-key = КЛЮЧ
col-app = ПРИЛОЖЕНИЕ
col-state = СОСТОЯНИЕ
col-created = СОЗДАН
col-roles = РОЛИ
col-expires = ДЕЙСТВУЕТ ДО
col-sha256 = SHA-256
col-name = НАЗВАНИЕ
col-architecture = АРХИТЕКТУРА
col-parameters = МЛН ПАРАМЕТРОВ
col-weights = ВЕСА
col-megabytes = МБ

# # === content ===
content-keygen = Закрытый ключ лежит в { $path }. У того, кто обслуживает Freehold, его быть не должно: храните его в организации, а копию — в другом месте. Строка выше — это `content_key` организации.
content-keygen-person = Закрытый ключ лежит в { $path }; он только для этого человека. Строка выше — это `key` в `content_people`, `drill_people` или `sandbox_people`.
content-sealed = запечатано
content-destroyed = ключ уничтожен
content-requested = { $by } просит открыть содержание { $request }: открытие { $id }. Согласиться должен другой человек.
content-approved = { $by } соглашается на открытие { $id } для { $request }: у кого закрытый ключ организации, может открыть его в течение семи дней после просьбы.
content-opened = { $request } приложения { $app }, завершён { $at }: что прислал клиент
content-answered = что ему ответили (статус { $status })
content-cut = Конец ответа не сохранён: он длиннее, чем может быть ответ.
content-forgotten = Содержание приложения { $app } уничтожено: ключей { $keys }, записей { $items }. Открыть его больше не может никто; записи журнала и квитанции в силе.
content-forget-confirm = Будут уничтожены все ключи, под которыми запечатано содержание приложения { $app }: открыть его не сможет никто и никогда. Чтобы продолжить, введите идентификатор приложения:
content-forget-needs-yes = забытое содержание приложения { $app } не вернуть: укажите --yes, если спросить некого
content-forget-not-confirmed = это не `{ $app }`: ничего не забыто
content-no-reason = скажите, зачем открывать: --reason '…'; журнал это сохранит
content-no-identity = { $path } — не закрытый ключ организации: ожидался файл, который записала `freehold content keygen`
content-no-signer = { $path } — не закрытый ключ человека: ожидался файл, который записала `freehold content keygen --person`
content-other-signer = { $path } — не тот ключ `{ $by }`, который назван в контуре: возьмите файл этого человека или исправьте `content_people`
content-no-people = в контуре у организации `{ $organisation }` нет `content_key` и `content_people`: без них ничего её открыть нельзя
never-served = на { $path } сервер ещё не работал: кто это может, берётся из контура, с которым он работал последним, как назвал его журнал
realm-in-force-lost = контур, который журнал называет действующим, не читается в { $path }: верните этот каталог (что не так, скажет `freehold ledger verify`); без него неизвестно, кто это может
content-none = от запроса `{ $request }` ничего не сохранено: не хранилось, срок вышел или забыто. Что есть, показывает `freehold content ls`
content-approved-before = на открытие { $id } уже согласились
drill-proposed = { $by } предлагает учения { $id } на живом трафике: отключены будут { $deployments }. За сутки их должен утвердить другой человек; до того ничего не происходит.
drill-proposed-shadow = { $by } предлагает теневые учения { $id }: часть запросов, на которые отвечают { $deployments }, уйдёт и на запасное развёртывание. За сутки их должен утвердить другой человек; до того ничего не происходит.
drill-approved = { $by } утверждает учения { $id }: они начинаются сейчас и сами закончатся { $until }.
drill-aborted = Учения { $id } закончены.
drill-ended-before = Учения { $id } уже закончились.
drill-none = Учений на живом трафике не было.
drill-line = { $id }  { $state ->
        [proposed] предложены
        [on] ИДУТ
        [over] прошли
        [aborted] прерваны
        *[guardrail] прерваны ограничителем
    }: { $title } ({ $mode }, { $minutes } мин, предложил { $proposed }, утвердил { $approved }, до { $until }): { $reason } { $why }
drill-shown-cuts = будет отключено: { $deployments }
drill-shown-as-if = как если бы было отключено, но не отключается ничего: { $deployments }
drill-shown-shape = и отказывало бы так, причём туда не уйдёт ни байта: { $shape }
drill-shown-shadow = { $percent } % этих запросов уйдёт и на запасное развёртывание, одновременно { $at-once } на каждом сервере; расход не больше { $tokens } токенов и { $cost }
drill-shown-time = на { $minutes } мин с утверждения, { $mode }
drill-shown-rails = закончатся раньше, если доля неудачных запросов выше: { $errors }; если медиана выше: { $latency }; за { $window } с
drill-shown-apps = не затронуты приложения: { $apps }
drill-shown-hash = сценарий, как он подписан, SHA-256: { $sha256 }
drill-shown-none = нет
approval-none = Ни один запрос не ждёт согласия и не ждал.
approval-line = { $id }  { $state ->
    [waiting] ждёт
    [approved] согласован
    [refused] отклонён
    [used] ушёл
    *[expired] истёк
    }, согласны { $agreed } из { $needed }: приложение { $app }, маршрут { $route }, цель { $purpose }, правила { $rules }; действует до { $until }
approval-unknown = билета `{ $id }` нет: `freehold approval ls` их перечислит
approval-over = о билете { $id } больше нечего сказать: его состояние — { $state }
approval-asker = билет { $id } — ваш собственный запрос: согласиться должен кто-то другой
approval-before = вы уже согласились с билетом { $id }: если нужны ещё согласные, слово за ними
sandbox-none = Песочниц в контуре нет.
sandbox-line = { $id }  { $state ->
        [on] действует
        [proposed] не подписана двумя
        [to_come] ещё не началась
        *[over] закончилась
    }; приложения { $apps } освобождены от { $rules }; с { $from } по { $until }; подписали: { $signed }; { $cite }
sandbox-signed =
    { $line }
    Добавьте это в `signed` песочницы:
    { $entry }
sandbox-other-signer = { $path } — не тот ключ `{ $by }`, который назван в контуре: возьмите файл этого человека или исправьте `sandbox_people`
drill-no-people = в действующем контуре нет `drill_people`: для учений на живом трафике нужны двое из них
    .help = Впишите в `[realm]` двоих или больше, у каждого имя и открытый ключ, который выводит `freehold content keygen --person`, и дайте серверу загрузить контур.
drill-reaches-nothing = сценарий не отключает ничего из того, что есть в действующем контуре: проверять нечего
drill-percent-of-full = `--percent` только для `--mode canary`; в режиме full отключается всё
drill-percent-of-shadow = `--percent` только для `--mode canary`; выборка теневых учений стоит в `[shadow]` сценария, который подписывают оба человека
drill-no-shadow = в { $path } нет таблицы `[shadow]`: для теневых учений нужны `sample`, `cost_max` и `tokens_max`
drill-percent-missing = для `--mode canary` нужен `--percent`: у скольких запросов из ста отключать
drill-approved-before = учения { $id } уже утверждены или закончились
drill-too-old = учения { $id } предложены { $at }, больше суток назад: предложите их заново
drill-another = идут учения { $other }, а двух сразу не бывает: { $id } можно утвердить после них
drill-other-signer = { $path } — не тот ключ `{ $by }`, который назван в контуре: возьмите файл этого человека или исправьте `drill_people`
drill-not-approved = никто не утвердил
drill-one-person = { $by } предложил сам: утвердить должен другой человек
drill-not-declared = { $by } нет в `drill_people` действующего контура
drill-bad-signature = подпись { $by } не подходит: учения изменены после подписи или в контуре другой ключ
drill-other-scenario = сценарий в хранилище не тот, который подписан, его SHA-256 другой: хранилище изменено. Прервите эти учения, выясните, кто может писать в хранилище, и предложите их заново
drill-other-end = в хранилище у учений другой конец, чем через подписанное число минут после утверждения: хранилище изменено. Прервите эти учения, выясните, кто может писать в хранилище, и предложите их заново
drill-unreadable = то, что хранилище держит об учениях { $id }, не читается: это записала более новая версия freehold
drill-before-unread = отчёт прошлых учений { $path } не читается: { $why }. Нужно то, что записали `drill run --out`, `drill run --json` или `drill status ID --json`
drill-not-ended = учения { $id } не закончились или ни один сервер их не проводил: свидетельства есть, когда учения прошли
drill-bundle-no-server = сервер этого каталога данных не отвечает: запись, называющую свидетельства, делает сервер журнала. Запустите `freehold serve` и повторите
drill-bundle-bad = собранные свидетельства не сходятся, поэтому не записаны: { $why }
drill-records-gone = записей учений нет в журнале, который пишется сейчас: их удалили или после восстановления начат другой журнал
drill-bundled = Свидетельства учений { $id } в { $file }: записей { $records }. Их называет запись { $index } журнала { $log }.
drill-bundle-fails = { $file }: не подтверждено: { $why }
drill-verified = подтверждено: учения { $id }, предложил { $proposed }, утвердил { $approved }; записей { $records }, все и на своих местах; их называет запись { $index } журнала { $log }
drill-verified-key = ключ, которому верят, дан
drill-verified-own-key = верят собственному ключу свидетельств: это доказывает, что они цельные, но не чьи они. Сравните ключ с тем, что есть у вас, или дайте его через --key
drill-verified-counters = байты и момент, когда каждый сервер привёл отключение в действие, – это слово самих серверов: в записях их нет
drill-verified-shadow = результаты сравнения, байты и момент, когда каждый сервер начал, – это слово самих серверов; что каждая копия записана, разрешена и оплачена, видно из записей
drill-verified-no-cut = отключения НЕ было: по записям, отключённое отвечало, пока было отключено
bundle-none = это не свидетельства учений, или они более новой версии
bundle-rewritten = записано не так, как пишет `freehold drill bundle`: изменено или сохранено другой программой
bundle-manifest = опись не читается
bundle-other-files = `{ $name }` нет или добавлен
bundle-changed = `{ $name }` изменён
bundle-no-key = ключа внутри нет и не дан: дайте ключ журнала через --key
bundle-unknown-signature = в квитанции есть подписи ключей, которые не даны: дайте все ключи журнала
bundle-other = запись журнала называет другие свидетельства
bundle-unreadable = `{ $name }` нет или не читается
bundle-records = записи не те, что в журнале: какая-то изменена, пропущена или добавлена, или подписал другой ключ
bundle-realm = контура `{ $id }` внутри нет, или это не тот, что назван
bundle-scenario = сценарий не тот, что подписан
bundle-unapproved = двое людей контура не подписали: { $why }
bundle-no-step = ни одна запись не говорит `{ $step }`
bundle-other-step = единственной записи о `{ $step }` нет в том виде, как говорят учения: когда, кем, по какому приказу, каким образом; или записей больше одной
bundle-recount = `{ $name }` не то, что говорят записи
content-opening-old = об открытии { $id } просили { $at }, больше семи дней назад: попросите снова
content-not-approved = просит только один человек: согласиться должен другой (`freehold content approve`)
content-one-person = { $by } просит и не может сам же согласиться: нужен другой человек
content-not-declared = `{ $by }` не значится в `content_people` организации, как они объявлены сейчас
content-bad-signature = подпись `{ $by }` не подходит к тому, что открывают: изменили либо просьбу, либо ключ человека в контуре
content-record =
    { $of ->
        [request] Присланное клиентом
        *[answer] Ответ ему
    } { $is ->
        [matches] — то, о чём говорит запись журнала.
        [differs] — не то, о чём говорит запись журнала: { $why }.
        *[unknown] нельзя сравнить с записью журнала: { $why }.
    }
content-record-why-other-app = запись — о другом приложении
content-record-why-text = в записи хеш другого текста
content-record-why-status = запись — о запросе, которому ответили другим статусом
content-record-why-no-record = записи о таком запросе нет
content-record-why-no-end = запрос начался, а записи о его конце нет
content-record-why-no-hash = хеша этого в записи нет
content-record-why-erased = секрет приложения, с которым сделан хеш, уничтожен
content-record-why-left-otherwise = в записи хеш того, что ушло поставщику (с изъятиями, с именем его модели, на его языке), а здесь то, что пришло
content-record-why-told-otherwise = в записи хеш того, что прислал поставщик, а здесь то, что получил клиент
content-record-why-pruned = часть журнала удалена по сроку, и запись вместе с ней
content-withheld = Содержание не показано: возможно, им подменили сохранённое. С --even-so оно будет показано.
content-other-key = запечатано для другого закрытого ключа: нужен тогдашний ключ организации
content-changed = сохранённое изменено или относится к другому запросу: открыть его нельзя
content-no-key = ключ из контура непригоден: сравните его с тем, что вывела `freehold content keygen`
content-later-version = это сохранила более поздняя версия Freehold: откройте ею
otlp-wrong = `{ $text }` — не адрес сборщика: ожидался http://HOST:PORT или https://HOST:PORT без пути, например http://127.0.0.1:4318
share-wrong = `{ $text }` — не доля: ожидалось от 0 до 1, например 0.1
cannot-write-why = не удалось записать { $path }: { $why }

# === команды ===
cmd-freehold = Платформа суверенного ИИ: любые модели, никакой зависимости
    .help = Начните так: freehold demo
cmd-demo = Запускает всё на примере контура, с учебными поставщиками и встроенным движком, и говорит, что попробовать
    .help = Пример: freehold demo --listen 127.0.0.1:0 --json
cmd-serve = Запускает шлюз контура
    .help = Пример: freehold serve --realm ./realm --data ./freehold-data
cmd-init = Записывает начальный контур с пояснениями
    .help = Пример: freehold init ./realm --home XA --pack strategic-sectors
cmd-check = Проверяет контур и его правила; все ошибки за один раз
    .help = Пример: freehold check ./realm --matrix
cmd-explain = Говорит, что правила решают для приложения и почему; ничего не отправляет
    .help = Пример: freehold explain --app clinic --route abroad --class personal
cmd-console = Впускает людей в консоль
cmd-console-link = Печатает ссылку для одного входа
    .help = Пример: freehold console link --role auditor --name "Анна Ли"
cmd-console-account = Учётные записи тех, кто входит в консоль по паролю
cmd-console-account-add = Заводит учётную запись и один раз печатает её пароль
    .help = Пример: freehold console account add "Ann Lee" --role auditor --organisation ministry
cmd-console-account-ls = Перечисляет учётные записи с ролями по организациям
cmd-console-account-disable = Закрывает учётную запись и кончает её сеансы
cmd-console-account-enable = Снова открывает закрытую учётную запись
cmd-console-token = Выпускает токен, с которым программа действует от имени учётной записи в /api/v1, и печатает его один раз
    .help = Пример: freehold console token "Анна Ли" --ttl 30d
cmd-key = Создаёт, показывает и отзывает ключи API
cmd-key-new = Создаёт ключ приложения; он показывается один раз
    .help = Пример: freehold key new --app clinic --ttl 90d
cmd-key-ls = Показывает ключи
    .help = Пример: freehold key ls --json
cmd-key-revoke = Отзывает ключ немедленно
    .help = Пример: freehold key revoke k0123456789
cmd-suspend = Немедленно выводит из работы приложение, поставщика или развёртывание
    .help = Пример: freehold suspend provider standin-abroad
cmd-resume = Возвращает в работу
    .help = Пример: freehold resume provider standin-abroad
cmd-erase = Уничтожает секрет записей приложения: прежние записи больше нельзя связать с текстом
    .help = Пример: freehold erase --app clinic
cmd-content = Ключи для запечатывания; что сохранено из запросов и ответов; открыть и забыть
cmd-content-keygen = Делает закрытый ключ организации или человека, который просит и соглашается
    .help = Пример: freehold content keygen --out clinic.identity
cmd-content-ls = Показывает, что сохранено, ничего не открывая
    .help = Пример: freehold content ls --app clinic
cmd-content-request = Просит открыть содержание одного запроса; согласиться должен другой человек
    .help = Пример: freehold content request req-0123456789abcdef --reason 'complaint 17' --by ann --signer ann.key
cmd-content-approve = Соглашается с тем, о чём просил другой человек
    .help = Пример: freehold content approve o0123456789 --by bob --signer bob.key
cmd-content-open = Открывает то, о чём договорились двое, закрытым ключом организации
    .help = Пример: freehold content open o0123456789 --identity clinic.identity
cmd-content-forget = Уничтожает ключи, под которыми запечатано содержание приложения: открыть его больше никто не сможет
    .help = Пример: freehold content forget --app clinic
cmd-ledger = Проверяет, доказывает, показывает, выгружает и содержит журнал
cmd-ledger-verify = Пересчитывает журнал по записям и сравнивает с подписанным
    .help = Пример: freehold ledger verify ./freehold-data --remember seen.json
cmd-ledger-prove = Печатает квитанцию записи
    .help = Пример: freehold ledger prove 17 > 17.tlog-proof
cmd-ledger-show = Показывает записи
    .help = Пример: freehold ledger show 17
cmd-ledger-export = Выгружает записи для других программ или публикуемый вид для независимой проверки
    .help = Пример: freehold ledger export --since 2026-01-01 --format csv
cmd-ledger-rotate = Заменяет ключ подписи журнала; об этом говорит запись, подписанная обоими
    .help = Пример: freehold ledger rotate
cmd-ledger-prune = Удаляет старые записи целыми сегментами и называет в журнале, что это разрешает; хеши остаются
    .help = Пример: freehold ledger prune --before 2026-01-01 --policy "записи хранятся один год"
cmd-ledger-accept-head = Продолжает журнал, чья последняя подписанная точка утеряна, с числом записей, за которое вы ручаетесь
    .help = Пример: freehold ledger accept-head --size 1024
cmd-ledger-witness = Заверяет журналы или обращается к свидетелю
cmd-ledger-witness-serve = Запускает свидетеля: он заверяет журнал, только если тот продолжает виденное раньше
    .help = Пример: freehold ledger witness serve --name witness.example --state ./witness --log-key 'VKEY'
cmd-ledger-witness-ask = Просит свидетеля заверить контрольную точку этого журнала
    .help = Пример: freehold ledger witness ask http://127.0.0.1:8090 --key 'VKEY'
cmd-receipt = Проверяет квитанции
cmd-receipt-verify = Проверяет квитанцию без сети и показывает запись, которую она доказывает
    .help = Пример: freehold receipt verify answer.tlog-proof --pubkey 'VKEY'
cmd-usage = Складывает токены, стоимость, энергию и запросы по журналу
    .help = Пример: freehold usage --by organisation --since 2026-01-01
cmd-exposure = Говорит, от чего зависит трафик в журнале и что осталось бы без этого
    .help = Пример: freehold exposure --by parent --since 2026-01-01
cmd-drill = Повторяет записанный трафик в другом мире: без поставщика, по другому правилу, по другой цене
cmd-drill-run = Проводит сценарий по журналу; ничего не отправляет
    .help = Пример: freehold drill run examples/republic/drills/largest-parent.toml --out drill.json
cmd-drill-start = Предлагает учения на живом трафике: поставщик отключается на несколько минут, когда утвердит другой человек
    .help = Пример: freehold drill start examples/republic/drills/keys-withdrawn.toml --mode full --minutes 10 --reason 'ежегодные учения' --by ann --signer ann.key
cmd-drill-approve = Утверждает учения, которые предложил другой человек: они начинаются сразу
    .help = Пример: freehold drill approve d1a2b3c4d5 --by bob --signer bob.key
cmd-drill-abort = Сразу заканчивает учения или отзывает предложение
    .help = Пример: freehold drill abort d1a2b3c4d5 --reason 'просит клиника'
cmd-drill-status = Перечисляет учения на живом трафике или показывает одни: запросы, время, байты, пределы
cmd-drill-bundle = Собирает свидетельства прошедших учений в один файл
    .help = Пример: freehold drill bundle d1a2b3c4d5 --out drill.bundle
cmd-drill-verify = Проверяет свидетельства учений без сети, контура и каталога данных
    .help = Пример: freehold drill verify drill.bundle --key 'VKEY'
cmd-impact = Проводит одно изменение по цепи: запросы, токены, качество, затраты, энергия; с постановкой плана – ускорители, мегаватты и годы
    .help = Пример: freehold impact examples/republic/drills/strategic-tomorrow.toml
cmd-forecast = Говорит, чего что-либо стоит в условиях неопределённости и что из этого позволяет мощность плана
cmd-forecast-run = Считает модель: вероятности её целей, веера, что важно, что должно быть верно
    .help = Пример: freehold forecast run examples/ru-2030/forecast/model.toml --draws 100000 --seed 1
cmd-forecast-diff = Говорит, что меняет изменение модели, на тех же реализациях до и после
    .help = Пример: freehold forecast diff examples/ru-2030/forecast/model.toml --case examples/ru-2030/plans/as-announced --delay ritm-200n=3
cmd-forecast-freeze = Считает модель и хранит сказанное, его хеш – в журнале, чтобы оценить, когда придёт день
    .help = Пример: freehold forecast freeze examples/ru-2030/forecast/model.toml
cmd-forecast-ls = Перечисляет замороженные прогнозы: кто, когда, хеш и совпадает ли с ним файл
cmd-forecast-observatory = Показывает вычислительную мощность плана рядом с другими странами и союзами: доля, на жителя, рост, отставание в годах
    .help = Пример: freehold forecast observatory --capacity examples/ru-2030/forecast/capacity.csv --of RU
cmd-forecast-score = Оценивает замороженные прогнозы по тому, что произошло
    .help = Пример: freehold forecast score resolved.toml
cmd-eval = Задаёт моделям наборы вопросов с известными ответами и хранит, как они справились
cmd-eval-run = Задаёт вопросы набора работающему серверу, как это делает приложение, оценивает ответы и сохраняет результат
    .help = Пример: freehold eval run evals/ru.jsonl --route best --key "$KEY"
cmd-eval-ls = Перечисляет результаты, свои и опубликованные
cmd-eval-show = Показывает один результат
cmd-eval-compare = Сравнивает два результата на одних вопросах, ответ за ответом
    .help = Пример: freehold eval compare e1a2b3c4d5 e6f7a8b9c0 --margin 0.05
cmd-eval-import = Сохраняет результаты, опубликованные другими, с пометкой об этом
    .help = Пример: freehold eval import published.jsonl
cmd-pack = Перечисляет, показывает, проверяет и сравнивает пакеты законов и обязанности в них
cmd-passport = Берёт из документов сведения о моделях и показывает, чего не хватает в их паспортах
cmd-passport-import = Читает карточку модели, документ CycloneDX или SPDX в паспорт модели
    .help = Пример: freehold passport import README.md --model republic-8b --date 2026-05-01
cmd-passport-ls = Перечисляет модели и полноту их паспортов
    .help = Пример: freehold passport ls
cmd-passport-show = Показывает паспорт: что заполнено и где, чего нет
    .help = Пример: freehold passport show republic-8b
cmd-passport-export = Выводит паспорт в формате CycloneDX 1.6
    .help = Пример: freehold passport export republic-8b --cyclonedx
cmd-plan = Планирует площадки, ускорители и энергию: что строить, заказывать и покупать, где и когда
cmd-plan-solve = Находит самый дешёвый план постановки и проверяет его; ответ «нет», если плана нет
    .help = Пример: freehold plan solve examples/plan/two-halls --out plan-a
cmd-plan-start = Записывает постановку, с которой контур начинает: его площадки, машины и источники энергии как есть; чего никто не говорит, остаётся вписать
    .help = Пример: freehold plan start --realm examples/republic --years 2026,2028,2030 --discount-rate 0.07 --out case
cmd-plan-stock = Говорит, где постановка и контур расходятся в том, что стоит: площадки, машины, источники энергии; если расходятся, код 1
    .help = Пример: freehold plan stock examples/republic/plan --realm examples/republic
cmd-plan-demand = Вносит в постановку работу, записанную в журнале, по скоростям, заявленным в контуре; неизвестно, где какой-то нет
    .help = Пример: freehold plan demand --case examples/republic/plan --represents 100..1000..10000 --growth 2026=1,2030=4 --out case
cmd-plan-check = Проверяет план по его постановке, без решателя
    .help = Пример: freehold plan check plan-a
cmd-plan-show = Рассказывает записанный план: текстом или заново его страницами
    .help = Пример: freehold plan show plan-a
cmd-plan-scenarios = Решает постановку в каждом её сценарии и говорит, сколько стоит начать под другой
    .help = Пример: freehold plan scenarios examples/ru-2030/plan --out scenarios
cmd-plan-diff = Показывает два плана рядом: чего во втором больше или меньше
    .help = Пример: freehold plan diff plan-a plan-b --out diff.html
cmd-plan-pypsa = Делает постановку из сети, которую записал export_to_csv_folder PyPSA
    .help = Пример: freehold plan pypsa network --out case
cmd-plan-reduce = Делает из постановки на целый год постановку из нескольких недель, которые его представляют, с самой трудной среди них
    .help = Пример: freehold plan reduce case-year --weeks 6 --out case-weeks
cmd-plan-explain = Говорит, почему у постановки нет плана: наименьший набор мешающих ограничений и с какого года план есть
    .help = Пример: freehold plan explain examples/plan/two-halls
cmd-pack-ls = Перечисляет пакеты программы и собственные пакеты контура
    .help = Пример: freehold pack ls
cmd-pack-show = Показывает пакет: его правила, что каждое говорит и что поможет
    .help = Пример: freehold pack show gdpr
cmd-pack-test = Проверяет пакет на эталонных случаях и ещё раз с каждым изменённым правилом; ответ «нет», если случай не сошёлся, его не хватает или изменения никто не заметил
    .help = Пример: freehold pack test ./packs/our-law
cmd-pack-diff = Говорит, чем различаются два пакета или две версии одного; ответ «нет», если различаются, а с --prove — если новый пропускает то, что прежний запрещал
    .help = Пример: freehold pack diff ./packs/our-law gdpr
cmd-pack-duties = Перечисляет обязанности из пакетов контура: выполнена, не выполнена или неизвестно по свидетельствам контура
    .help = Пример: freehold pack duties --pack dora --at 2027-01-01
cmd-pack-score = Оценивает поставщика по весам рамки и критериям из файла
    .help = Пример: freehold pack score cloud-sovereignty assessment.toml
cmd-approval = Запросы, которые правило пропускает лишь с согласия людей
cmd-approval-ls = Перечисляет билеты запросов, которые ждут согласия или ждали
cmd-approval-approve = Соглашается с запросом: когда согласных хватит, приложение сможет послать его снова, один раз
    .help = Пример: freehold approval approve t0a1b2c3d4e5f6a7b --reason 'просит отделение'
cmd-approval-refuse = Отклоняет запрос, в том числе после согласия; это окончательно
cmd-sandbox = Освобождения приложений от правил на срок, подписанные двумя людьми
cmd-sandbox-ls = Песочницы контура и что с каждой сегодня
cmd-sandbox-sign = Подписывает песочницу так, как она сейчас записана, и выводит, что добавить в файл
cmd-model = Добавляет, показывает и удаляет файлы моделей встроенного движка
cmd-model-add = Добавляет файл GGUF, отсюда или из хранилища моделей, предварительно проверив его
    .help = Пример: freehold model add hf:владелец/хранилище/model-q8_0.gguf
cmd-model-ls = Показывает файлы моделей
    .help = Пример: freehold model ls
cmd-model-rm = Удаляет файл модели
    .help = Пример: freehold model rm 3f9a2c
cmd-backup = Копирует каталог данных в один файл (.tar) или в каталог и проверяет копию, в том числе на ходу
    .help = Пример: freehold backup ./backup-2026-11-23.tar
cmd-restore = Создаёт каталог данных из копии; следующий запуск откроет новый журнал со ссылкой на последнюю точку старого
    .help = Пример: freehold restore ./backup-2026-11-23.tar --data ./freehold-data
cmd-completions = Печатает дополнения для оболочки
    .help = Пример: freehold completions bash > /etc/bash_completion.d/freehold
cmd-engine = Запускает один встроенный движок; это делает сам freehold

# === аргументы ===
arg-data = Каталог данных
arg-realm = Каталог контура
arg-database-url = PostgreSQL, общая для нескольких шлюзов, вместо собственного хранилища: postgres://user@host/name; пароль лучше в FREEHOLD_DATABASE_URL
arg-json = Печатать JSON для программ
arg-listen = Адрес и порт; порт 0 выбирает свободный
arg-behind-proxy = TLS завершает ваш прокси; разрешает адрес вне loopback
arg-tls-cert = Цепочка сертификатов, PEM
arg-tls-key = Её закрытый ключ, PEM
arg-log = Вид строк журнала работы
arg-drain-s = Сколько секунд при остановке ждать начатых запросов
arg-engine-threads = Потоки каждого встроенного движка; по умолчанию половина выделенных ядер
arg-console-link-role = Что можно владельцу ссылки: viewer, operator, auditor или admin
arg-console-link-name = Кто по ней войдёт: так назовут записи изменений; без имени — вы
arg-console-link-url = Адрес, по которому люди открывают сервер
arg-console-link-organisation = Организация, в которой действует роль; можно несколько раз; без неё и без --whole — везде
arg-console-link-whole = Роль во всём контуре: общее для всех и суммы по организациям
arg-console-account-add-name = Кто входит: так назовут записи изменений
arg-console-account-add-role = Что можно: viewer, operator, auditor или admin
arg-console-account-add-organisation = Организация, в которой действует роль; можно несколько раз; без неё и без --whole — везде
arg-console-account-add-whole = Роль во всём контуре: общее для всех и суммы по организациям
arg-console-account-disable-name = Чья учётная запись
arg-console-account-enable-name = Чья учётная запись
arg-console-token-name = Чья учётная запись
arg-console-token-ttl = Сколько действует: 12h, 30d; закрытие учётной записи прекращает его сразу
arg-key-cache = При общей базе данных: сколько верить известным ключам, пока её нет (1d, 1h, 30m, 10s)
arg-lease = При общей базе данных: сколько расходовать выделенную долю лимитов и бюджетов, не слыша её
arg-demo-model = Файл GGUF для встроенного движка вместо demo-tiny
arg-demo-no-samples = Не отправлять примеры запросов: журнал начнётся с ваших
arg-keep = Каталог данных, который следует продолжить, вместо нового
arg-dir = Каталог
arg-backup-path = Файл (ИМЯ.tar), которого ещё нет, или каталог, которого ещё нет или который пуст
arg-restore-path = Копия: файл или каталог
arg-home = Своя юрисдикция: код ISO 3166-1, например XA
arg-pack = Пакет права для начала; можно указать несколько раз
arg-matrix = Напечатать, кому что можно: по приложениям, развёртываниям и классам
arg-app = Идентификатор приложения
arg-route = Идентификатор маршрута
arg-deployment = Идентификатор развёртывания
arg-class = Класс данных, найденный в тексте: public, internal, personal, special, secret; можно указать несколько раз
arg-diffuse = Классы заявлены, а не найдены в тексте: скрыть их нельзя
arg-purpose = Одна из целей приложения; по умолчанию первая
arg-user-jurisdiction = Где находится пользователь
arg-at = Дата, на которую решать, например 2027-07-01; по умолчанию сегодня
arg-ttl = Срок действия: 90d, 12h, 30m или never
arg-id = Идентификатор
arg-kind = Что имеется в виду
arg-place = Каталог данных, каталог журнала или адрес опубликованного журнала; по умолчанию каталог данных
arg-pubkey = Открытый ключ, которому верить (vkey); можно указать несколько раз. По умолчанию ключ рядом с журналом
arg-remember = Файл с последней виденной точкой: откат или раздвоение журнала будут замечены
arg-index = Номер записи
arg-ledger-prove-log = Идентификатор журнала; по умолчанию последний
arg-ledger-show-log = Идентификатор журнала; по умолчанию последний
arg-ledger-export-log = Идентификатор журнала; по умолчанию последний
arg-ledger-witness-ask-log = Идентификатор журнала; по умолчанию последний
arg-ledger-accept-head-log = Идентификатор журнала; по умолчанию последний
arg-size = Сколько записей было в журнале: это известно из квитанции, от свидетеля или с другой машины
arg-before = Удалить можно записи до этой даты, например 2026-01-01
arg-entries-below = Удалить можно записи с номером ниже этого
arg-ledger-prune-policy = Что разрешает удаление, словами: журнал их приведёт
arg-receipt-verify-policy = Файл, где сказано, каким журналам и свидетелям верить и сколько их нужно (C2SP tlog-policy), вместо --pubkey
arg-last = Сколько последних записей
arg-since = Начиная с этой даты, например 2026-01-01
arg-until = По эту дату включительно
arg-format = Что писать
arg-out = Куда писать; по умолчанию в стандартный вывод. Для плиток — каталог
arg-name = Имя свидетеля, например witness.example
arg-state = Где свидетель хранит ключ и виденное
arg-log-key = Открытый ключ журнала (vkey); можно указать несколько раз
arg-url = Адрес свидетеля
arg-key = Открытый ключ свидетеля (vkey)
arg-file = Файл
arg-exposure-by = Только один уровень: developer, operator, parent, control (или jurisdiction), residency, provenance и другие
arg-pack-show-pack = Идентификатор пакета или его папка
arg-pack-test-pack = Идентификатор пакета или его папка
arg-pack-score-pack = Идентификатор пакета или его папка
arg-pack-duties-pack = Только обязанности этого пакета, даже если контур его не берёт; можно несколько раз
arg-plan-start-out = Куда записать постановку: каталог, которого ещё нет
arg-plan-start-years = Годы вложений постановки: 2026,2028,2030
arg-plan-start-discount-rate = Дисконт за год, доля; без него его остаётся вписать
arg-plan-start-figures = Ваши числа о том, чего контур не говорит, в виде таблиц проекта
arg-plan-start-estimated = Брать из таблиц проекта и оценки, а не только опубликованное
arg-plan-start-rate = Сколько единиц валюты контура дают за единицу другой: USD=80,EUR=90
arg-plan-stock-case = Каталог постановки
arg-plan-demand-case = Постановка, в которую вносится работа; сама она не меняется
arg-plan-demand-represents = Во сколько раз записанное представляет больше: одно число или НИЗ..СРЕДНЕЕ..ВЕРХ
arg-plan-demand-growth = Работа по годам в долях записанной: 2026=1,2030=4
arg-plan-demand-mfu = Для обучения, о котором инициатива молчит: какая доля плотного пика ускорителя идёт в дело, например 0.4, НИЗ..ВЕРХ или НИЗ..СРЕДНЕЕ..ВЕРХ
arg-plan-demand-everywhere = И работа, сделанная за границей
arg-plan-demand-scenario = Как было бы по учению: сценарий
arg-plan-demand-out = Куда записать постановку: каталог, которого ещё нет
arg-impact-case = Постановка плана: тогда цепь продолжается до машин, мегаватт и лет
arg-impact-represents = С постановкой: во сколько раз записанное представляет больше: одно число или НИЗ..СРЕДНЕЕ..ВЕРХ
arg-impact-growth = С постановкой: работа по годам в долях записанной: 2026=1,2030=4
arg-impact-mfu = С постановкой: какая доля плотного пика идёт в дело при обучении, если инициатива молчит, например 0.4, НИЗ..ВЕРХ или НИЗ..СРЕДНЕЕ..ВЕРХ
arg-impact-everywhere = С постановкой: и работа, сделанная за границей
represents-wrong = `{ $text }` – не кратность: одно положительное число или НИЗ..СРЕДНЕЕ..ВЕРХ
mfu-wrong = `{ $text }` – не доля пика: больше 0 и не больше 1, например 0.4, НИЗ..ВЕРХ или НИЗ..СРЕДНЕЕ..ВЕРХ
rate-wrong = `{ $text }` – не ВАЛЮТА=КУРС
years-order = годы в --years не по возрастанию; назовите каждый один раз, например 2026,2028,2030
figures-wrong = { $place }: `{ $field }`: нет, не может быть таким или не в единице этого поля; строка пишется, как говорит docs/technology-tables.md
figures-unused = этих чисел ничто не спрашивает: { $figures }; контур говорит их сам, или такого нет. Уберите их
start-taken = взято: { $field } у { $of } = { $mid } (от { $low } до { $high }): { $source }
start-left-machines = не вошло: { $count } × `{ $kind }` на площадке { $site }; машины без ускорителей, и никто не говорит, сколько они потребляют
start-left-outages = не вошло: простоев { $count } у { $source }; час постановки представляет много дней
start-nothing-built = Строить ничего нельзя, у покупок нет предела и делать пока нечего: контур этого не говорит.
start-rates = Некоторые из них названы в { $currencies }: чтобы их взять, дайте курс, --rate { $first }=…
start-unknown = Чисел, которых никто не говорит: { $count }. Плана не будет, пока в каждом стоит "unknown":
stock-agrees = { $path } и контур согласны в том, что стоит
stock-differs = { $path } и контур расходятся в том, что стоит; различий: { $count }
stock-site = площадка
stock-jurisdiction = под чьим правом
stock-power_mw = сколько мегаватт может брать
stock-pue = PUE
stock-units = ускорители
stock-bought = с какого года
stock-energy_source = источник энергии
stock-feeds = какую площадку питает
stock-source_mw = сколько даёт
stock-in_service = даёт с года
stock-control = кто может его отключить
growth-wrong = `{ $text }` – не ГОД=МНОЖИТЕЛЬ
demand-hours = Записи за { $hours } ч, по часам суток; представляют в { $mid } раз больше (от { $low } до { $high }).
demand-flat = Записи за { $hours } ч: меньше суток, поэтому в каждом часу стоит их среднее. Представляют в { $mid } раз больше (от { $low } до { $high }).
demand-class = { $model }: { $mid } токенов в сутки (от { $low } до { $high }), приложений: { $apps }
demand-rate = { "  " }{ $hours } ч { $accelerator } в сутки, если бы он делал всё ({ $rate } токенов в секунду; { $source })
demand-unknown-model = неизвестно: никто не заявил модель, которая отвечает `{ $app }`
demand-unknown-throughput = неизвестно: как быстра `{ $model }` на `{ $accelerator }`; это говорит строка [[throughput]] контура
demand-unknown-mfu = неизвестно: какая доля пика идёт в дело при обучении `{ $initiative }`; это говорит `mfu` её обучения в контуре или --mfu
demand-unknown-peak = неизвестно: плотный пик `{ $accelerator }`; это говорит `bf16_tflops` строки [[accelerator]] контура
demand-training = обучение { $initiative }: 10^{ $flop } операций, { $work } PFLOP-часов, поровну в каждый день с { $from } по { $by }; записанное его не представляет, и оно не растёт
demand-training-year = обучение { $initiative }: 10^{ $flop } операций, { $work } PFLOP-часов, поровну в каждый день с { $from } по { $by } (первый день не заявлен: взят первый день того года); записанное его не представляет, и оно не растёт
demand-training-outside = { "  " }из них { $work } PFLOP-часов лежат вне лет постановки: ни один её план их не делает
demand-training-late = { "  " }НЕ к { $by }: год постановки делает поровну в каждый день, так что { $work } PFLOP-часов могут быть сделаны позже. Дайте постановке год, который кончается с этим днём
demand-training-mfu = { "  " }в деле { $mid } пика (от { $low } до { $high }): { $source }. Часы одной единицы, если бы она делала всё:
impact-solving = решается: { $case }
arg-plan-solve-case = Каталог постановки
arg-plan-solve-out = Куда записать план: каталог, которого ещё нет; без него план только выводится
arg-plan-solve-parquet = Записать таблицы и в Parquet
arg-plan-solve-solver = Каким методом: по размеру, двойственный симплекс, внутренняя точка или HiPO — внутренняя точка, которой нужна своя библиотека
arg-plan-solve-crossover = Закончить внутреннюю точку в вершине: медленнее, числа чище
arg-plan-solve-gap = Доля стоимости, с точностью до которой довольно целых модулей
arg-plan-solve-limit-s = Прекратить через столько секунд
arg-plan-check-dir = Каталог плана, как его записал `plan solve`
arg-plan-show-dir = Каталог плана, как его записал `plan solve`
arg-plan-show-write = Записать страницы и их таблицы заново вместо текста
arg-plan-scenarios-case = Каталог постановки, в нём `scenarios.toml`
arg-plan-scenarios-out = Куда записать отчёт: каталог, которого ещё нет
arg-plan-scenarios-before = Решения, заказанные до этого года, остаются в силе; по умолчанию второй инвестиционный год
arg-plan-scenarios-no-regret = Только решить каждый сценарий: намного быстрее
arg-plan-scenarios-gap = Доля стоимости, в пределах которой целые модули достаточно хороши
arg-plan-scenarios-limit-s = Оставить каждую задачу через столько секунд
arg-plan-diff-first = Каталог первого плана, как его записал `plan solve`
arg-plan-diff-second = Каталог второго плана
arg-plan-diff-out = Записать страницу ещё и в этот файл
arg-plan-pypsa-dir = Каталог, который записал PyPSA
arg-plan-pypsa-out = Куда записать постановку: каталог, которого ещё нет
arg-plan-pypsa-currency = Валюта затрат: PyPSA её не хранит
arg-plan-explain-iis = Назвать и строки, которые не могут выполняться все вместе и из которых ни одна не лишняя
arg-plan-explain-limit-s = Прекратить, если одно из решений длится больше стольких секунд
arg-plan-reduce-case = Каталог постановки: один блок на целый год
arg-plan-reduce-out = Куда записать меньшую постановку: каталог, которого ещё нет
arg-plan-reduce-weeks = Сколько периодов оставить, не меньше двух
arg-plan-reduce-hours = Часов в одном периоде: 168 — неделя, 24 — сутки
arg-plan-reduce-seed = Откуда берутся случайные начала выбора; то же число — тот же выбор
arg-plan-explain-case = Каталог постановки
arg-passport-import-file = Документ: карточка модели (Markdown), CycloneDX 1.5–1.7 или SPDX 3.0 (JSON)
arg-passport-import-model = Модель контура, о которой он, если это не видно по имени
arg-passport-import-component = Какая из нескольких моделей документа, по её имени в нём
arg-passport-import-date = За какой день результаты, если они этого не говорят
arg-passport-import-dry-run = Только сказать, что было бы записано
arg-passport-show-model = Модель контура
arg-passport-export-model = Модель контура
arg-passport-export-cyclonedx = В формате CycloneDX 1.6, JSON
arg-pack-diff-prove = Доказать, что новый запрещает всё, что запрещал прежний, или показать запрос, который он пропускает: символьным компилятором Cedar и cvc5
arg-pack-diff-at = По правилам, действующим в этот день; без него — сегодня
arg-pack-diff-problems = Также записать в эту папку то, что нужно доказать
arg-was = Прежний: идентификатор пакета или его папка
arg-is = Новый: идентификатор пакета или его папка
arg-assessment = Файл с критериями: баллы, заявленные уровни, свидетельства, ответственные
arg-scenario = Сценарий: что отрезано или изменено и чего ждут
arg-drill-run-out = Куда записать отчёт в JSON, кроме того, что печатается
arg-drill-run-before = Отчёт прошлых учений, записанный `--out` или `--json`: сказать, что из найденного закрыто, не закрыто или просрочено
arg-mode = full: у всех запросов; canary: у части из ста; shadow: ни у каких, запросы уходят и на запасное развёртывание
arg-forecast-run-file = Модель
arg-forecast-diff-file = Модель до изменения
arg-draws = Сколько реализаций
arg-seed = Начальное число: одно и то же даёт те же числа
arg-set = Вместо того, что сказано в файле: plan.capacity=ФАЙЛ или input.ИМЯ=ЗНАЧЕНИЕ; можно указать несколько раз
arg-with = Модель после изменения
arg-forecast-run-out = Каталог для всего в JSON и каждой таблицы в CSV, кроме печати
set-wrong = `{ $text }` – не `имя=значение`
draws-wrong = `{ $text }` – не число реализаций: от { $min } до { $max }
arg-forecast-freeze-file = Модель
arg-resolved = Что произошло: таблицы [[resolved]] с forecast, target, reading, value, date, source
forecast-frozen = { $id } заморожен: { $path }, SHA-256 { $sha256 }.
forecast-none = Ничего не заморожено.
arg-forecast-run-usage = Внедрение на сегодня, посчитанное в другом месте: файл JSON, приложения и токены по отраслям
arg-forecast-run-records = Внедрение на сегодня, посчитанное по журналу из --data и отраслям из --realm
arg-forecast-diff-case = Постановка плана: решается как есть и с задержкой, и сравниваются две мощности
arg-forecast-diff-delay = ТЕХНОЛОГИЯ=ЛЕТ: её станции, которых ещё нет, приходят на столько лет позже
arg-impact-forecast = С постановкой: прогноз, цель которого сравнивается при обоих планах
delay-wrong = `{ $text }` – не задержка: ТЕХНОЛОГИЯ=ЛЕТ, от 1 до 50 лет
forecast-capacity-twice = и `--set plan.capacity=…`, и `--case` говорят, что даёт план: с `--case` решаются оба плана, и берётся их мощность. Оставьте что-то одно
delay-unknown = в постановке нет технологии `{ $name }`: { $names }
forecast-no-plan = Для одного из двух плана нет, поэтому разность неизвестна.
forecast-unknown = ни журнал, ни то, что в него идёт, не знает сохранённого прогноза { $id } ({ $sha256 }): его файл положили сюда или изменили вместе с именем
forecast-missing = журнал говорит, что сохранён прогноз с SHA-256 { $sha256 }; его файла здесь нет
ledger-recorded = записан
ledger-waiting = ждёт сервера
ledger-unknown = НЕ ИЗВЕСТЕН
col-frozen-ledger = ЖУРНАЛ
growth-twice = { $year } стоит в --growth дважды
arg-forecast-observatory-case = Постановка плана, решается сейчас
arg-forecast-observatory-capacity = Таблица мощности плана: столбцы year,accelerators,power_mw
arg-forecast-observatory-of = Чья она, для величин на жителя: RU, EU, US, CN
arg-forecast-observatory-out = Каталог для страницы, всего в JSON и каждой таблицы в CSV
observatory-unknown = население `{ $name }` неизвестно: { $names }
forecast-changed = { $path } – не то, что заморозили: хеш не тот, что в имени
col-frozen-id = ПРОГНОЗ
col-frozen-at = ЗАМОРОЖЕН
col-frozen-by = КТО
col-frozen-sha256 = SHA-256
col-frozen-said = СКАЗАНО
col-year = год
col-accelerator = ускоритель
col-site = площадка
col-stock = что
col-amount = сколько
col-about = в чём
col-realm = контур
col-case = постановка
col-pflop-hours = PFLOP-часов
col-tflops = TFLOPS
col-hours-low = часов, низ
col-hours-mid = по плану
col-hours-high = верх
arg-percent = Для canary: у скольких запросов из ста, от 1 до 99
arg-minutes = Сколько они длятся самое большее, от 1 до 1440; заканчиваются сами
arg-drill-bundle-id = Идентификатор учений
arg-drill-bundle-out = Новый файл
arg-bundle = Файл, который записал `freehold drill bundle`
arg-drill-verify-pubkey = Открытый ключ журнала (vkey); можно дать несколько. Без него верят ключу внутри свидетельств
arg-drill-start-by = Ваше имя в `drill_people`
arg-drill-approve-by = Ваше имя в `drill_people`
arg-drill-approve-id = Идентификатор учений
arg-drill-abort-id = Идентификатор учений
arg-drill-status-id = Идентификатор учений; без него — все
arg-drill-status-before = Отчёт прошлых учений, записанный `--json`: сказать, что из найденного закрыто, не закрыто или просрочено
arg-eval-run-suite = Набор: по одному объекту JSON на строке
arg-eval-run-route = Маршрут, который спрашивают
arg-eval-run-deployment = Развёртывание, чьи ответы считаются: по маршруту, который ведёт только к нему, или по имени его модели
arg-eval-run-url = Работающий сервер
arg-eval-run-key = Ключ приложения, которое спрашивает: действуют его маршруты, правила и бюджет
arg-eval-run-judge = Маршрут модели, которая говорит, отвечает ли ответ образцу, — для заданий, где это нужно
arg-eval-run-concurrency = Сколько вопросов задаётся одновременно
arg-eval-run-resume = Какой прогон продолжить: на что ответ есть, то не спрашивается
arg-eval-show-id = Идентификатор результата
arg-eval-show-suite = Набор, который она задавала: показать и первые неверные ответы
arg-eval-compare-first = Результат, с которым сравнивают
arg-eval-compare-second = Результат, который сравнивают
arg-eval-compare-margin = Насколько хуже — уже слишком: доля вопросов
arg-eval-import-file = По одному объекту JSON на строке: model, suite, score, n, если известно, date, source
arg-by = По чему группировать
arg-shell = Оболочка
arg-model-add-file = Файл GGUF или hf:владелец/хранилище/файл.gguf (с @ревизией)
arg-model-add-hub = Адрес хранилища моделей, например вашего зеркала
arg-model-add-sha256 = Добавить, только если SHA-256 такой
arg-model = Файл модели
arg-context = Наибольшее число токенов одного запроса
arg-parallel = Запросов одновременно
arg-threads = Потоки
arg-content-keygen-out = Новый файл для закрытого ключа; существующий не заменяется
arg-person = Ключ человека, а не организации
arg-limit = Не больше стольких, новые первыми
arg-openings = Вместо этого — открытия: кто просил, кто согласился, когда
arg-req = Идентификатор запроса, как в записях и в `x-freehold-request`
arg-reason = Зачем; журнал это сохранит
arg-approval-ls-app = Только этого приложения
arg-approval-approve-id = Идентификатор билета
arg-approval-refuse-id = Идентификатор билета
arg-sandbox-sign-id = Идентификатор песочницы
arg-sandbox-sign-by = Ваше имя в `sandbox_people`
arg-content-request-by = Ваше имя в `content_people`
arg-content-approve-by = Ваше имя в `content_people`
arg-signer = Файл вашего закрытого ключа
arg-opening = Идентификатор открытия
arg-identity = Файл закрытого ключа организации
arg-even-so = Показать и то, что не совпадает с записью журнала
arg-otlp = Сборщик OpenTelemetry, которому сообщают, как прошли запросы (OTLP поверх HTTP), например http://127.0.0.1:4318; по умолчанию его нет
arg-otlp-share = Доля трасс, начинающихся здесь, которые выгружаются, от 0 до 1
arg-yes = Не переспрашивать: уничтоженное не вернуть
arg-check-app = Только строки этого приложения

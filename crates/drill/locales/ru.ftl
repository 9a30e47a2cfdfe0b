# Что отчёты о зависимости и об учениях говорят людям, и ошибки сценария (`scenario-x` — сообщение кода `scenario.x`).

## Слова

findings = Выводы
findings-none = нет
not-declared = не заявлено
and-more = … и ещё { $count }
unknown = неизвестно
level-deployment = развёртывание
level-model = модель
level-developer = разработчик
level-provider = поставщик
level-operator = оператор
level-parent = конечный владелец
level-residency = данные лежат в
level-control = под контролем
level-provenance = веса из
level-licence = лицензия
level-site = площадка
level-accelerator = ускоритель
level-maker = производитель ускорителей
level-energy = источник энергии
level-not-declared = Об уровне `{ $level }` ничего не заявлено.

## Заголовки столбцов

col-level = УРОВЕНЬ
col-key = НУЖНО
col-requests = ЗАПРОСЫ
col-tokens = ТОКЕНЫ
col-cost = СТОИМОСТЬ
col-critical = КРИТИЧНОЕ
col-without = ОСТАНЕТСЯ
col-hhi = HHI
col-effective = РАВНЫХ
col-app = ПРИЛОЖЕНИЕ
col-route = МАРШРУТ
col-substitute = ЗАМЕНА
col-permitted = РАЗРЕШЕНЫ
col-as-of = НА ДЕНЬ

## Зависимость

exposure-total = С ответом: запросов { $requests }, токенов { $tokens }, стоимость { $cost }, с весом критичности { $critical }; с { $first } по { $last }
exposure-rest = Вне долей: запрещено правилами { $denied }, отклонено иначе { $refused }, не удалось { $failed }, не окончено { $open }, без начала { $orphans }
exposure-nothing = За это время ответов не было, поэтому нельзя сказать, от чего они зависели. Запрос появляется, когда его записи покрыты контрольной точкой: в течение секунды.
exposure-levels = Что нужно запросам, получившим ответ
exposure-shares = Доли — от всего использования с ответом. HHI: сумма квадратов долей, с весом критичности, если она есть. ОСТАНЕТСЯ: какая часть использования с весом критичности могла бы пойти по своему маршруту в другое место, если это отрезать. РАВНЫХ: столько равных поставщиков дали бы ту же концентрацию.
exposure-cuts = Если отрезать что-то одно
worst-cut = Худшее: { $key }. Останется по критичности { $critical }, по запросам { $requests }, целых приложений по критичности { $apps }.
worst-cut-none = Ничто вне дома, отрезанное по отдельности, ничего не останавливает.
cut-sets = { $app } по `{ $route }` останавливают: { $sets }
substitutes = Что могло бы заменить
substitute-0 = 0 нет
substitute-1 = 1 названа
substitute-2 = 2 оценено
substitute-3 = 3 в тени
substitute-4 = 4 вживую
evidence-drilled = { $id } ответило на { $requests } в живых учениях, { $on } (за { $days } дн. до того)
evidence-tried = { $id } ответило на { $requests } в тени, { $on } (за { $days } дн. до того)
evidence-evaluated = { $shown } (за { $days } дн. до того)
substitutes-note = 1 названо: на маршруте стоит другое разрешённое развёртывание, по последнему решению. 2 оценено: оценено одно из тех, что обычно не отвечают. 3 в тени: одно из них ответило во второй раз хотя бы на десять его запросов. 4 вживую: одно из них отвечало, пока живые учения отключили то, что стоит перед ним. Каждое за девяносто дней до последнего запроса; в ПОКАЗАНО стоит и то, что старше и не считается. Здесь видно, что, на чём и когда: насколько это хорошо, скажет оценка или отчёт учений.
col-fallback = ЗАПАСНОЕ
col-mirrors = КОПИИ
col-errors = БЕЗ ОТВЕТА
col-compared = СРАВНЕНО
col-agreeing = СОГЛАСНЫ
col-interval = ИНТЕРВАЛ
col-same-words = ТЕ ЖЕ СЛОВА
col-f1 = F1
col-length = ДЛИНА
col-slower = МЕДЛЕННЕЕ, МС

## Выводы о зависимости

finding-undeclared-snapshot = Запросов { $requests } решено по снимку { $id }, который не сохранён: никто не скажет, что им было нужно
finding-undeclared-app = Запросов { $requests } — от приложения `{ $id }`, которого нет в его контуре
finding-undeclared-deployment = Запросов { $requests } ушло в `{ $id }`, которого нет в контуре
finding-undeclared-key = { $share } запросов нужно то, о чём никто не заявил, что это: { $level }
finding-undeclared-levels = Никто ничего не заявил о том, каковы: { $levels }
finding-shared-parent = { $operators } заменяют друг друга и суть одно: их конечный владелец — `{ $parent }`. Запросов { $requests } приложений { $apps } считают их разными
finding-foreign-control = `{ $id }` лежит дома, но его оператора `{ $operator }` могут принудить из { $places }: запросов { $requests }, и ещё { $more } могут пойти туда
finding-single-point = любое из { $keys } останавливает важное: { $uses }
finding-known-outage = известно, что `{ $id }` { $hours } часов { $year } года не даёт ничего, а { $site } без него не получает всей своей мощности: там отвечали на { $share } запросов
finding-other-model = `{ $id }` говорит о { $requests } ответах, что их дала не та модель, о которой просили
finding-disagreeing = Запросов { $requests } ушло туда, куда правила их же снимка, спрошенные снова, не пустили бы: их записи от выпуска, который записывал не всё, по чему решалось

## Учения

drill-title = { $title } (учение на бумаге, зерно { $seed })
drill-what = Записанные запросы с { $first } по { $last }, каждый решён заново в изменённом мире. Ничего не отправлялось.
taken-everything = всё
taken-users = для пользователей в { $users }
taken-left-percent = остаётся { $left } %
taken-left-mw = остаётся { $left } МВт
drill-cut = Отрезано: { $keys }
drill-verdict-held = Гипотеза верна: держатся все границы, записанные заранее ({ $all }).
drill-verdict-not-held = Гипотеза НЕ верна: не держится { $failed } из { $all } границ, записанных заранее.
drill-verdict-unknown = Верна ли гипотеза, неизвестно: { $unknown } из { $all } границ нельзя измерить.
hypothesis = Гипотеза, записанная заранее
hypothesis-none = не записана
hypothesis-held = верно: { $margin }, измерено { $measured }
hypothesis-not-held = НЕ верно: { $margin }, измерено { $measured }
hypothesis-unknown = неизвестно: { $margin }
drill-notice = Предупреждение
drill-notice-hours = { $hours } ч от известия до самого события.
drill-notice-nothing = ничто не переходит и не останавливается, делать ничего не надо
drill-notice-note = ВОВРЕМЯ, да: запросы сами идут туда, что объявлено, разрешено и показано достаточно хорошим. нет: что-то останавливается, а времени что-либо сделать не дано. неизвестно: что-то надо сделать, и никто не объявил, сколько это занимает. СНОВА ЧЕРЕЗ: минут от известия, предупреждение и объявленное приложением `rto_min`.
in-time-yes = да
in-time-no = НЕТ
in-time-unknown = неизвестно
to-do-find = найти запасное и объявить его
to-do-permit = изменить правило или показать факт
to-do-show = оценить запасное
shown-here = { $id } на { $suite }, n = { $n }, { $on }
shown-elsewhere = модель { $id } в другом месте на { $suite }, n = { $n }, { $on }
shown-published = модель { $id } на { $suite }, опубликовано { $on }
col-in-time = ВОВРЕМЯ
col-to-do = СДЕЛАТЬ
col-shown-by = ПОКАЗАНО
col-back-by = СНОВА ЧЕРЕЗ МИН
drill-counts = Что станет с запросами
drill-survival = Ответ останется: { $part } из { $whole } запросов ({ $requests }); с весом по критичности { $critical }.
kind-all = всё
kind-sector = отрасль
kind-app = приложение
col-of = ЧЕГО
col-name = ИМЯ
col-was-answered = БЫЛО ОТВЕТОВ
col-unchanged = КАК БЫЛО
col-moved = ПЕРЕШЛО
col-stopped = ВСТАЛО
col-opened = ОТКРЫЛОСЬ
col-denied = ЗАПРЕЩЕНО
col-not-decided = НЕ РЕШАЛОСЬ
drill-ways = Куда они идут
was-denied = (было запрещено)
goes-nowhere = (встаёт)
col-from = ОТКУДА
col-to = КУДА ИЛИ ПОЧЕМУ НИКУДА
protected = { $class }: запросов { $kept } больше не уходят с этим из дома, { $leaving } уходят заново
stop-rules = по правилу: { $rules }
stop-unknown = факт неизвестен: { $rules }
stop-no-permit = то, что осталось, ничто не разрешает
stop-no-alternative = замены нет: на маршруте ничего не осталось
stop-gone = в изменённом контуре нет такого маршрута для него
drill-prices = Стоимость и энергия
drill-cost = стоимость { $before } → { $after } { $currency }, изменение { $change }; одного ответа { $each-before } → { $each-after }; о запросах ({ $unknown }) никто не скажет, сколько они стоили бы
drill-energy-part = энергия: изменение неизвестно. Там, где заявлено на токен, { $before } → { $after }; не заявлено для токенов: { $unknown-before } до и { $unknown-after } после
drill-energy = энергия, как заявлено на токен: { $before } → { $after }, изменение { $change }; не заявлено для токенов: { $unknown-before } до и { $unknown-after } после
drill-loads = Что останется делать, в самый занятый час
col-deployment = РАЗВЁРТЫВАНИЕ
col-before = ДО
col-after = ПОСЛЕ
col-rate-before = ТОКЕНОВ/С ДО
col-rate-after = ПОСЛЕ
col-capacity = ЗАЯВЛЕНО ТОКЕНОВ/С
col-wait = ЖДЁТ
col-median = МЕДИАНА МС
drill-loads-note = ЖДЁТ: вероятность, что запрос ждёт, по формуле C Эрланга, из заявленных мест и наблюдённых времён. МЕДИАНА: наблюдённая, его ответов.
drill-failures = Как отказывает, пока сразу не ответит другое
not-noticed = незаметно
never = никогда
shape-refused = нет соединения
shape-unauthorized = 401, ключ отозван
shape-forbidden = 403
shape-rate_limited = 429
shape-server_error = 503
shape-silent = молчание
shape-slow_drip = по капле
shape-wrong_answer = 200 и неверно
col-shape = КАК
col-wait-each = КАЖДЫЙ ЖДЁТ МС
col-waiting = СТОЛЬКО ЖДУТ
col-left-alone = ОСТАВЛЕН ЧЕРЕЗ МС
drill-failures-note = КАЖДЫЙ ЖДЁТ: по объявленным срокам ожидания поставщика; ≤: ответ может прийти и раньше. СТОЛЬКО ЖДУТ, ОСТАВЛЕН ЧЕРЕЗ: в самый загруженный час, на каждом сервере, пока он не оставит развёртывание в покое после { $failures } отказов подряд; затем после каждой паузы его пробует один запрос. никогда: столь немногих запросов для этого не хватает, или ничто не говорит, что оно отказывает. Остальные цифры этого отчёта относятся к тому, что после.
drill-failures-stuck = { $app }: его маршрут не идёт дальше после неудачной попытки, поэтому первые запросы кончаются самим отказом
drill-left = Если отрезать ещё одно
drill-worst-before = до: хуже всего — { $key }; без него было бы куда пойти { $requests } запросов, у которых до был ответ, { $critical } по критичности, а приложения, на которых { $apps } критичности, делали бы всё, что делали
drill-worst-after = после: хуже всего — { $key }; без него было бы куда пойти { $requests } запросов, у которых после был ответ, { $critical } по критичности, а приложения, на которых { $apps } критичности, делали бы всё, что делали
drill-worst-before-none = до: ничто вне дома, отрезанное по отдельности, ничего не останавливает
drill-worst-after-none = после: ничто вне дома, отрезанное по отдельности, ничего не останавливает
drill-hhi-note = Концентрация — сумма квадратов долей запросов (HHI): 1 — всё держится на одном; 0,1 — как на десяти равных. Чем меньше, тем надёжнее.
drill-hhi = концентрация (HHI), { $level }: { $before } → { $after }
drill-not-tested = Неизвестно и не проверено
drill-quality-head = Качество ответов
drill-quality-gap = { $to } минус { $from } на { $suite }: { $difference } п. п. (95 %: от { $low } до { $high }), вопросов, на которые ответили обе, { $n }; запросов { $requests }
drill-quality-published = { $to } минус { $from } на { $suite }: { $difference } п. п., как опубликовано ({ $sources }); насколько это надёжно, никто не говорит; запросов { $requests }
drill-quality-unknown = неизвестно для запросов: { $requests }. Нет набора, на который ответили бы модели с обеих сторон
drill-quality-nothing = прежнее: ни один запрос не переходит
drill-channels = до чего повтор не достаёт: { $channels }
drill-not-replayed = не повторено: не окончено { $open }, без начала { $orphans }; туда, куда свои же правила, спрошенные снова, не пустили бы, ушло { $disagreeing }
channel-dns = имена (DNS)
channel-identity = вход пользователей
channel-certificates = сертификаты и их отзыв
channel-hubs = хранилища моделей и пакетов
channel-registries = реестры контейнеров
channel-time = время (NTP)
channel-updates = обновления драйверов и прошивок
channel-telemetry = телеметрия и серверы лицензий
channel-payment = оплата
channel-support = доступ службы поддержки

## Выводы учений

drill-without-world = Запросов { $requests } нельзя повторить: их снимки не сохранены
drill-critical-stops = { $app } критично, а { $share } его ответов ({ $requests }) встаёт
drill-stops = менее критичное: встаёт ещё запросов { $requests }, приложений: { $apps }
drill-leaves = Запросов { $requests } вынесли бы из дома данные `{ $class }`, чего не было
drill-dimmed = { $site } может потреблять { $given } из { $drawn } МВт: столько же от своей мощности сохраняют его развёртывания
drill-overloaded = `{ $id }` должно было бы делать { $rate } токенов/с, а заявляет { $capacity }
drill-capacity-unknown = никто не заявил, сколько ещё могут: { $ids }
drill-not-held = граница `{ $margin }` не держится
drill-not-measured = держится ли граница `{ $margin }`, неизвестно
drill-not-detected = не обнаруживается: `{ $id }` так и отвечало бы на { $requests } запросов, неверно, потому что ни код ответа, ни срок ожидания об этом не говорит. Кто-то должен посмотреть: оценка, теневые учения или тот, кто читает ответы
drill-fails-slowly = `{ $id }` ({ $shape }): каждый запрос ждёт { $ms } мс, прежде чем спросят другое, дольше, чем допускает гипотеза, пока развёртывание не оставят в покое
drill-not-in-time = предупреждения, за которое можно было бы что-то сделать, нет, а запросы останавливаются у: { $apps }
drill-nothing-changes = ничего не меняется

## Чего требуют выводы

task-line = → { $who }: { $what }
task-line-when = → { $who }: { $what } ({ $when })
task-nobody = тот, кто проводит учения
task-due = до { $day }
task-routes = на { $routes }
standing-new = новое
standing-open = не закрыто с прошлых учений
standing-overdue = ПРОСРОЧЕНО с прошлых учений
since = После прошлых учений
since-what = Рядом с «{ $title }»: закрыто { $closed }, не закрыто { $open } (просрочено { $overdue }), не проверялось { $not-asked }, новых { $new }.
since-as-recorded = каждый запрос решается в контуре того времени: исправленное с тех пор видно на новых запросах или с `base = "realm"` в сценарии, который решает их в нынешнем контуре
since-other-question = те учения спрашивали другое (другой вид учений, отключения, право, цены или запросы): закрытым не считается ничего
since-closed = закрыто: { $what }
since-not-asked = снова не проверялось и остаётся как было: { $what }
closed = { $kind }
closed-about = { $kind }: { $about }
remedy-find-fallback = объявить на маршруте разрешённую замену, которая не держится на потерянном, оценить её или проверить в тени и повторить учения
remedy-permit-fallback = оставшееся запрещено: подтвердить факт, которого требует правило (его называет `freehold explain`), или объявить замену, которую правило разрешает
remedy-find-and-permit = одним запросам не осталось ничего, другим оставшееся запрещено: объявить на маршруте разрешённую замену или подтвердить факт, которого требует правило
remedy-prepare-fallback = заранее объявить и оценить разрешённую замену: после известия времени нет
remedy-mend-fallback = выяснить, почему замена не отвечает, или объявить другую
remedy-keep-at-home = поставить на маршруте развёртывание дома перед зарубежным или изымать данные этого класса до отправки
remedy-secure-energy = обеспечить площадке ещё один источник или место в других для того, чего она не потянет
remedy-add-capacity = добавить мощности или распределить маршрут на большее число развёртываний
remedy-declare-capacity = измерить, сколько оно может, и объявить (`capacity.tokens_per_s`)
remedy-watch-answers = регулярно оценивать ответы (`freehold eval run`) или поручить кому-то читать выборку
remedy-shorten-wait = сократить тайм-ауты поставщика или записать в гипотезе то, что его пользователи выдержат
remedy-shorten-return = выяснить, что заняло столько времени, и повторить учения
remedy-decide-margin = исправлять названное в других выводах, пока граница не станет держаться; или записать другую с причиной
remedy-measure = никто не скажет, держится ли она: объявить или измерить нужное – мощность и места для ожидания, цены для стоимости, оценку обеих моделей для качества
remedy-keep-snapshots = хранить снимки конфигурации столько же, сколько записи
remedy-mend-cut = остановиться: выяснить по записям и по байтам серверов, как отключённое оказалось доступно, до следующих живых учений
remedy-mend-server = выяснить по журналу сервера, почему он опоздал
remedy-widen-sample = увеличить выборку или её бюджет в `[shadow]`
found-without_world = не повторено
found-critical_stops = критичное останавливается
found-stops = менее критичное останавливается
found-leaves = данные уходят из дома
found-dimmed = площадке не хватает энергии
found-overloaded = перегрузка
found-capacity_unknown = запас неизвестен
found-not_held = граница не держится
found-not_measured = граница не измерена
found-not_detected = отказ не замечен
found-fails_slowly = медленный отказ
found-not_in_time = нет времени после известия
found-leaked = байты к отключённому
found-passed = ответило отключённое
found-not_settled = не введено вовремя
found-rto = не вернулось вовремя
found-stopped = запросы остановились
found-nothing_mirrored = ничего не повторено
found-no_fallback = замены нет
found-fallback_failed = замена не ответила
found-budget_spent = бюджета не хватило

## Последствия

impact-title = { $title }: что из этого следует
impact-benefit = Выгоды рядом с затратами: «{ $link }» меняется на { $change } { $unit }, стоимость плана – на { $cost } { $currency }. Они разной природы и не вычитаются.
impact-note = ДО: как записано. ПОСЛЕ: каждый записанный запрос решён заново в изменённом мире; ничего не отправлялось. Защищаемые данные: запросы, на которые ответили за рубежом и с которыми они ушли; неудавшихся попыток среди них нет. По плану: по самому дешёвому плану постановки, в её последнем году; меняется лишь работа, площадки и источники постановки остаются, что бы ни отключал сценарий. По прогнозу: с мощностью обоих планов и одними реализациями, ± – половина 90 %-го интервала. Не спрошено: нужна постановка плана (--case) или прогноз (--forecast). Не построено: это звено нынешняя версия ещё не считает.
col-link = ЗВЕНО
col-known = ОТКУДА ИЗВЕСТНО
col-change = ИЗМЕНЕНИЕ
col-unit = ЕДИНИЦА
known-recorded = записано
known-stated = заявлено
known-evaluated = по оценкам
known-published = опубликовано
known-declared = записано × заявлено
known-planned = по плану
known-forecast = по прогнозу
known-no-plan = плана нет
known-not-asked = не спрошено
known-not-built = не построено
link-requests = запросы с ответом
link-critical = с весом критичности
link-tokens = токены
link-in-clear = защищаемые данные за рубежом открыто
link-quality = качество ответов
link-cost = стоимость
link-energy = энергия
link-training = обучение программы
link-accelerators = ускорители
link-power = мегаватты
link-sites = площадки
link-plan-cost = стоимость плана, с дисконтированием
link-first-year = первый возможный год
link-chance-annual = вероятность цели за один год
link-chance-cumulative = вероятность цели суммой
link-value-annual = ценность за один год
link-value-cumulative = ценность суммой
link-programme = программа

## Учения на живом трафике

live-title = { $title } (учения { $id } на живом трафике): с { $from } до { $until }
live-counts = Что стало с запросами
live-survival = Отвечено на те, что не отклонены по другой причине: { $critical } по критичности, { $requests } запросов.
live-bytes = Байты с момента отключения, как их видит сеть
live-shut = отключён
live-open = открыт
live-rto-held = выдержано ({ $min } мин)
live-rto-not-held = НЕ выдержано ({ $min } мин)
live-returned = Отключённое снова ответило через { $ms } мс после конца.
live-not-returned = Ничто из отключённого ещё не отвечало снова.
live-channels = чего учения на шлюзе не достают: { $channels }
live-finding-leaked = { $bytes } байт прошли по соединениям к `{ $destination }`, который был отключён (журнал { $log })
live-finding-passed = { $app }: на { $requests } запросов ответило то, что было для них отключено: отключение не держалось, и ни один предел не подтверждён
live-finding-not-settled = сервер не успел привести отключение в действие (журнал { $log }): что-то могло быть открыто дольше
live-finding-rto = { $app } не вернулся за свои { $min } минут
live-finding-stopped = { $app }: остановлено { $stopped } из { $requests } запросов
live-finding-nothing = ничего не перешло и не остановилось: ни одному запросу этого времени отключённое не было нужно
col-cut-off = ОТКЛЮЧЕНЫ
col-ended = ОБОРВАНЫ
col-failed = ОШИБКИ
col-switched = ПЕРЕХОД ЗА МС
col-stopped-until = СТОЯЛИ ДО МС
col-rto = ВОВРЕМЯ
col-log = ЖУРНАЛ
col-destination = КУДА
col-state = СОСТОЯНИЕ
col-bytes-in = ПРИНЯТО
col-bytes-out = ОТПРАВЛЕНО

## Теневые учения

shadow-title = { $title } (теневые учения { $id }): с { $from } по { $until }
shadow-fates = Запросы, завершившиеся за это время
shadow-requests = Всего { $requests }. Их клиенты ничего не заметили.
shadow-fate-mirrored = ушли и на запасное развёртывание: { $requests }
shadow-fate-not-sampled = не вошли в выборку: { $requests }
shadow-fate-unconcerned = на них ответило то, что не было бы отключено: { $requests }
shadow-fate-excluded = приложений, которые не трогают: { $requests }
shadow-fate-no-fallback = для них не осталось ничего разрешённого: { $requests }
shadow-fate-unavailable = разрешённое было недоступно или не может их выразить: { $requests }
shadow-fate-budget = от бюджета осталось слишком мало: { $requests }
shadow-fate-busy = пропущены, потому что копий уже было столько, сколько можно: { $requests }
shadow-fate-no-answer = клиент ушёл, или ответ продолжился в другом месте: { $requests }
shadow-agreement = Насколько ответы согласуются
shadow-agreement-note = СОГЛАСНЫ: из сравненных ответов одинаковы по причине окончания, по отказу, по запрошенной форме и по вызовам; ИНТЕРВАЛ: Уилсона, 95 %. F1: общие слова (token F1), для векторов косинус. ДЛИНА: токены запасного к токенам другого. МЕДЛЕННЕЕ: миллисекунды, ± половина 95 % интервала Стьюдента.
shadow-differs-finish = { $app }, { $fallback }: { $part } из { $whole } заканчиваются по другой причине
shadow-differs-refusal = { $app }, { $fallback }: в { $part } парах из { $whole } только один ответ помечен как отказ
shadow-differs-json = { $app }, { $fallback }: в { $part } парах из { $whole } только один ответ — запрошенный JSON
shadow-differs-schema = { $app }, { $fallback }: в { $part } парах из { $whole } только один ответ подходит под схему
shadow-differs-calls = { $app }, { $fallback }: { $part } из { $whole } делают другие вызовы
shadow-differs-too-long = { $app }, { $fallback }: { $part } из { $whole } не сравнены: слишком длинные
shadow-differs-unlike = { $app }, { $fallback }: { $part } из { $whole } не сравнены: форма не читается или размерности различны
shadow-differs-given-up = { $app }, { $fallback }: { $part } из { $whole } прерваны: закончились учения или сервер, либо место понадобилось запросу клиента
shadow-spent = Что потрачено
shadow-spent-line = { $tokens } из { $tokens-max } токенов; { $cost } из { $cost-max }
shadow-recorded = в журнале этого каталога данных: копий { $mirrors }, из них с ответом { $answered }
shadow-no-quality = качество: согласие о нём не говорит. Какая из двух моделей отвечает лучше, показывают оценки
shadow-finding-nothing = ни один запрос не ушёл на запасное развёртывание
shadow-finding-no-fallback = { $app }: для { $requests } его запросов не осталось ничего разрешённого
shadow-finding-failed = { $app }: `{ $fallback }` не ответило на { $failed } копий из { $mirrors }
shadow-finding-budget = бюджет был слишком мал: из-за него не скопировано запросов: { $requests }

## Ошибки сценария

scenario-syntax = не TOML: { $why }
    .expected = TOML
scenario-unknown_field = у `{ $table }` нет поля `{ $field }`
    .expected = одно из { $fields }
    .nearest = может быть, `{ $nearest }`?
scenario-missing_field = у `{ $table }` нет `{ $field }`
    .expected = `{ $field } = …`
    .help = у этого поля нет значения по умолчанию
scenario-wrong_value = у `{ $field }` значение, которого у него быть не может
    .expected = { $want ->
        [text] текст в кавычках, без управляющих символов
        [id] имя в кавычках: a–z, 0–9 и `-`
        [ids] список имён
        [flag] true или false
        [date] дата, например 2027-07-01
        [whole] целое неотрицательное число
        [decimal] неотрицательное число
        [base] "recorded" или "realm"
        [axis] "residency", "control" или "provenance"
        [level] уровень, например "control" или "parent"
        [status] "in_force", "draft" или "voluntary"
        [tables] таблицы в двойных скобках
        [share] доля от 0 до 1
        [window] целое число секунд, от 1 до 600
        [sample] доля в сотых, от 0.01 до 1
        [money] сумма с точностью до миллиардной
        [concurrency_max] целое число от 1 до 256
        [answer_bytes_max] целое число байтов от 1 до 8388608
        [timeout_s] целое число секунд от 1 до 600
        [rule_text] правило на Cedar, в тройных кавычках
        [shape] одно из "refused", "unauthorized", "forbidden", "rate_limited", "server_error", "silent", "slow_drip", "wrong_answer"
        [of_rate_limit] ничего: только вид "rate_limited" говорит, когда прийти снова
        [retry_after_s] целые секунды, от 1 до 86400
        [shape_of_part] ничего: что даёт часть, ещё отвечает
        [notice_h] целые часы, от 0 до 8784
        [due_days] целые дни, от 1 до 366
        [until_after_from] день не позже `until`
        [of_energy] ничего: часть остаётся только от источника `energy` и для всех
        [left_once] ничего рядом с `left_mw`: одно из двух
        [of_a_rule] ничего: текст бывает у `rule`, но не у `pack`
        [rule_kept] true: в выключенном правиле менять нечего
        [factor] число от 0 до 1000000
        [country] две прописные буквы, как в ISO 3166-1
        [pack_kept] true: в выключенном пакете менять нечего
        [subject] о чём факт, например "app:clinic": app, deployment, model, organisation или provider
        *[table] таблица в одинарных скобках
    }
scenario-changes_nothing = сценарий ничего не меняет
    .expected = `[[cut]]`, `[[price]]`, `[[law]]`, `[[gain]]`, `[[evidence]]`, `[[add.…]]` или `base = "realm"`
scenario-cut_twice = источник энергии `{ $name }` отключается дважды
    .expected = один `[[cut]]` о нём, с тем, что остаётся
scenario-on_and_off = `{ $name }` и включается, и выключается
    .expected = один `[[law]]`, который говорит, что из двух
scenario-left_too_much = от `{ $name }` остаётся больше, чем он даёт
    .expected = не больше { $gives } МВт, как объявляет реалм
scenario-one_cut = отрезают что-то одно
    .expected = одно из { $levels }, `jurisdiction` или `largest`; или только `users`
    .help = для каждого напишите свой `[[cut]]`
scenario-law_unchanged = закон не меняется
    .expected = `on`, `from`, `until` или `status`; у правила также `text`
scenario-one_law = закон меняется в одном правиле или в одном пакете
    .expected = `rule` или `pack`
    .help = для каждого напишите свой `[[law]]`
scenario-unknown_pack = нет пакета `{ $pack }`, который можно включить
    .expected = один из { $known }
    .nearest = может быть, `{ $nearest }`?
    .help = пакеты идут с программой или лежат в `packs/` контура
scenario-lost = закон, изменённый сценарием, не удалось проверить
    .expected = память ещё для одного потока
scenario-other_rule = в тексте не одно правило `{ $rule }`
    .expected = одна политика с `@id("{ $rule }")`
    .help = чтобы правил стало больше, включите пакет, в котором есть нужное
scenario-no_largest = трафику ничего вне дома не нужно на уровне `{ $level }`
    .expected = уровень, на котором используется чужое
scenario-unknown_name = { $kind } с именем `{ $name }` нет ни в одном снимке трафика
    .expected = имя, которое есть в контуре
    .nearest = может быть, `{ $nearest }`?
    .help = учение по имени с ошибкой показало бы, что ничего не происходит
scenario-not_live = `{ $table }` нельзя проверить на живом трафике: можно только отключение
    .expected = сценарий из одних `[[cut]]`
    .help = что изменят цена, правило или блок, отвечает `freehold drill run`
scenario-wrong_answer_live = `shape = "{ $shape }"` нельзя испытать вживую: учения никому не дают неверного ответа
    .expected = другой вид отказа, или `freehold drill run`: он скажет, чего никто бы не заметил
scenario-shapes_differ = одни живые учения отказывают одним образом
    .expected = один и тот же `shape` в каждом `[[cut]]`, или ни в одном
scenario-no_cut = сценарий ничего не отключает
    .expected = `[[cut]]`: то, что учения отключают
suite-syntax = это не объект JSON: { $why }
    .expected = один объект JSON на строке, например {"{"}"id": "…", "kind": "…", "prompt": "…", "expect": {"{"}"exact": "…"{"}"}{"}"}
suite-unknown_field = у `{ $table }` нет поля `{ $field }`
    .expected = одно из { $fields }
    .nearest = возможно, `{ $nearest }`?
suite-missing_field = у `{ $table }` нет поля `{ $field }`
    .expected = "{ $field }": …
    .help = значения по умолчанию у этого поля нет
suite-wrong_value = `{ $field }` у `{ $table }` не может иметь такого значения
    .expected = { $want ->
        [text] непустой текст в кавычках
        [texts] список непустых текстов
        [whole] целое число от 1
        [flag] true или false
        [number] число, например 42 или "0.5"
        [share] доля от 0 до 1, например "0.712"
        [date] дата, например "2026-12-31"
       *[object] объект в фигурных скобках
    }
suite-regex = выражение не читается: { $why }
    .expected = регулярное выражение в записи `regex` для Rust
suite-schema = схема не читается: { $why }
    .expected = схема JSON, которая не ссылается ни на что вне себя
suite-twice = идентификатор `{ $id }` уже стоит на строке { $first }
    .expected = у каждого задания свой идентификатор
suite-nothing_expected = от ответа ничего не ожидается
    .expected = одно или несколько из exact, contains, regex, numeric, schema, reference
suite-empty = в наборе нет ни одного задания
    .expected = по одному объекту JSON на строке

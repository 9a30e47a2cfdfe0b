# Ошибки в описании контура. `realm-x` — сообщение с кодом `realm.x`; `.expected` показывается у места в файле,
# `.help` — под ним; `.nearest` и `.elsewhere` — когда есть такой аргумент.

## Файлы

realm-no_realm_file = это не контур: здесь нет файла `realm.toml`
    .expected = каталог с файлом `realm.toml`
    .help = `freehold init DIR --home XX` создаст его для начала
realm-unreadable = не читается: { $why }
    .expected = файл или каталог, доступный этому пользователю
    .help = проверьте права доступа и цель ссылки
realm-link_outside = символическая ссылка, по которой нельзя идти: `{ $why }`
    .expected = файл или ссылка на файл внутри контура
    .help = контур целиком лежит в своём каталоге, чтобы его снимок был полным; скопируйте файл сюда
realm-not_a_file = канал, устройство или сокет с именем файла контура
    .expected = обычный файл
    .help = уберите его или положите сюда сам файл
realm-lost = чтение контура прервалось из-за ошибки в самом Freehold
    .expected = контур или список того, что в нём не так
    .help = сообщите об этом вместе с тем, что было выведено перед этим; причина — последнее изменение
realm-too_deep = вложенность каталогов больше { $why }
    .expected = меньше вложенных каталогов
    .help = не скопировано ли что-то само в себя?
realm-too_many_files = файлов больше допустимых { $why }
    .expected = не более { $why } файлов таблиц и правил
    .help = тот ли это каталог?
realm-file_too_large = больше { $why } МиБ, допустимых для файла контура
    .expected = не более { $why } МиБ
    .help = разделите его: читаются все `*.toml` контура
realm-not_utf8 = не текст: байт на позиции { $byte } не может быть в UTF-8
    .expected = текст в кодировке UTF-8
    .help = сохраните файл в UTF-8
realm-syntax = не TOML: { $why }
    .expected = здесь ожидается: { $expected }
    .help = пока это не исправлено, остальное в файле не проверяется
realm-no_head = нет таблицы `[realm]`
    .expected = `[realm]`, в которой есть хотя бы `name` и `home`
    .help = впишите её в `realm.toml`

## Таблицы и поля

realm-unknown_table = нет таблицы `{ $table }`
    .expected = одна из: { $tables }
    .nearest = может быть, `{ $nearest }`?
realm-field_outside_table = `{ $table }` стоит вне таблиц
    .expected = перед ним таблица, например `[realm]` или `[[app]]`
    .help = поле принадлежит таблице, заголовок которой стоит над ним
realm-later_table = таблица `{ $table }` появится в следующей версии: { $version }
    .expected = одна из: { $tables }
    .help = пока уберите её
realm-later_field = поле `{ $field }` таблицы `{ $table }` появится в следующей версии: { $version }
    .expected = поле, известное этой версии
    .help = пока уберите его
realm-many_tables = `{ $table }` — список таблиц
    .expected = `[[{ $table }]]` в двойных скобках, по разу на каждую
realm-one_table = `{ $table }` — одна таблица
    .expected = `[{ $table }]` в одинарных скобках, один раз на контур
realm-unknown_field = у `{ $table }` нет поля `{ $field }`
    .expected = одно из: { $fields }
    .nearest = может быть, `{ $nearest }`?
realm-missing_field = у `{ $table }` не хватает поля `{ $field }`
    .expected = `{ $field } = …`
    .help = у этого поля нет значения по умолчанию
realm-wrong_type = `{ $field }` записано как { $found ->
        [string] текст
        [integer] целое число
        [float] число с точкой
        [boolean] true или false
        [datetime] дата или время
        [array] список
        *[table] таблица
    }
    .expected = { $want ->
        [string] текст в кавычках
        [strings] список текстов: ["…", "…"]
        [integer] целое число без кавычек
        [large] целое число, длинное — в кавычках
        [decimal] десятичное число в кавычках, например "0.25"
        [boolean] true или false
        [date] дата, например 2026-12-31
        [tables] список таблиц: [{"{"} … {"}"}]
        *[table] таблица: {"{"} … {"}"}
    }
realm-empty_text = `{ $field }` пусто
    .expected = непустой текст
    .help = если поле необязательно, уберите его
realm-empty_list = `{ $field }` — пустой список
    .expected = хотя бы один элемент
realm-duplicate_entry = `{ $entry }` встречается в `{ $field }` дважды
    .expected = каждый элемент один раз
    .help = уберите один из них
realm-bad_shape = `{ $value }` не может быть { $shape ->
        [purpose] целью
        [suite] именем набора
        [sha256] хешем SHA-256
        [address] адресом
        [language] языком
        [isic] разделом или классом МСОК
        [folder] идентификатором каталога
        [content_key] открытым ключом организации
        [person] именем человека
        [person_key] открытым ключом человека
        [host] узлом сети
        [rule] идентификатором правила
        [signature] подписью
        [witness_key] открытым ключом свидетеля
        *[evidence_key] ключом свидетельства
    }
    .expected = { $shape ->
        [purpose] от 1 до 64 знаков a-z, 0-9 и `-`, первый — буква или цифра
        [suite] от 1 до 64 знаков a-z, 0-9 и `-`, первый — буква или цифра
        [sha256] 64 знака 0-9 и a-f, как выводит `sha256sum`
        [address] адрес, который начинается с `https://` и не содержит пробелов
        [language] код языка, например "ru" или "pt-BR"
        [isic] буква, например "Q", или от двух до четырёх цифр, например "86"
        [folder] от 1 до 50 знаков a-z, 0-9 и `-`, первый — буква или цифра
        [content_key] `x25519:` и 64 знака 0-9 и a-f, как выводит `freehold content keygen`
        [person] от 1 до 64 знаков a-z, 0-9 и `-`, первый — буква или цифра
        [person_key] `ed25519:` и 64 знака 0-9 и a-f, как выводит `freehold content keygen --person`
        [host] узел, с портом, если он есть: `keys.id.example:8443`
        [rule] от 1 до 64 знаков a-z, 0-9 и `-`, первый — буква или цифра
        [signature] 128 знаков 0-9 и a-f, как выводит `freehold sandbox sign`
        [witness_key] ключ свидетеля, как выводит `freehold ledger witness serve`: имя, `+`, восемь шестнадцатеричных цифр, `+`, ключ в base64
        *[evidence_key] знаки a-z, 0-9 и `_`, первый — буква
    }
realm-unknown_word = `{ $field }` не может быть `{ $word }`
    .expected = одно из: { $words }
    .nearest = может быть, `{ $nearest }`?
realm-out_of_range = `{ $field }` равно { $value }
    .expected = от { $min } до { $max }
realm-bad_decimal = `{ $value }` — не десятичное число
    .expected = цифры с точкой перед дробной частью, например "0.25"
    .help = без порядка, пробелов, запятых и знака валюты
realm-too_precise = в `{ $value }` больше девяти знаков после точки
    .expected = сумма не мельче одной миллиардной
realm-too_precise_price = `{ $value }` мельче одной миллиардной за токен
    .expected = цена за миллион токенов, не более трёх знаков после точки
realm-bad_date = `{ $value }` — не дата
    .expected = год, месяц и день, например 2026-12-31

## Идентификаторы

realm-bad_id = `{ $id }` не может быть идентификатором для { $kind }
    .expected = от 1 до 64 знаков a-z, 0-9 и `-`, первый — буква или цифра
realm-duplicate_id = { $kind ->
        [realm] таблица `[realm]` встречается дважды; впервые: { $first }
        [bloc] объединение `{ $id }` объявлено дважды; впервые: { $first }
        *[other] { $kind } `{ $id }` встречается дважды; впервые: { $first }
    }
    .expected = { $kind ->
        [realm] одна таблица `[realm]` на все файлы
        *[other] другой идентификатор: внутри таблицы они не повторяются, сколько бы ни было файлов
    }
realm-unresolved = нет { $kind } с идентификатором `{ $id }`
    .expected = идентификатор объявленного { $kind }
    .nearest = может быть, `{ $nearest }`?
    .elsewhere = `{ $id }` — это { $elsewhere }, а не { $kind }
realm-parent_circle = организации владеют друг другом по кругу: { $circle }
    .expected = владелец, который сам не принадлежит этой организации
    .help = цепочка владельцев кончается тем, у кого владельца нет
realm-bad_subject = `{ $subject }` не называет ничего, о чём бывают свидетельства
    .expected = `вид:идентификатор`, где вид — одно из: { $kinds }
    .nearest = может быть, вид `{ $nearest }`?
realm-unknown_pack = нет пакета `{ $pack }`
    .expected = каталог `packs/{ $pack }` в контуре или имя существующего пакета
    .nearest = может быть, `{ $nearest }`?
    .known = есть такие: { $known }
realm-no_pack_file = в пакете `{ $pack }` нет `pack.toml`
    .expected = `pack.toml`, в котором есть хотя бы id, title и version
realm-pack_id_differs = пакет называет себя `{ $id }`, а его каталог — `{ $folder }`
    .expected = одно и то же имя

## Коды и числа

realm-unknown_jurisdiction = `{ $code }` — не страна и не объявленное объединение
    .expected = две заглавные буквы по ISO 3166-1 или имя из `[blocs]`
    .nearest = может быть, `{ $nearest }`?
realm-not_a_country = `{ $code }` — не страна
    .expected = две заглавные буквы по ISO 3166-1; объединение состоит из стран, а не из объединений
    .nearest = может быть, `{ $nearest }`?
realm-bloc_is_country = объединение `{ $bloc }` названо как страна
    .expected = имя, которое не является кодом ISO 3166-1
realm-bad_bloc = `{ $bloc }` не может быть именем объединения
    .expected = буквы, цифры и `-`
realm-unknown_currency = `{ $code }` — не валюта
    .expected = три заглавные буквы по ISO 4217
    .nearest = может быть, `{ $nearest }`?
realm-unknown_timezone = нет часового пояса `{ $zone }`
    .expected = имя из базы IANA, например "Etc/UTC" или "Europe/Moscow"
    .nearest = может быть, `{ $nearest }`?
realm-shares_exceed_one = доли владельцев в сумме дают { $sum }
    .expected = в сумме не больше 1
    .help = доля в 49 % — это "0.49"
realm-content_needs_two = чтобы хранить содержание, нужны двое, кто вместе может его открыть; объявлено: { $count }
    .expected = `content_people` организации: двое или больше, у каждого своё имя и свой ключ
    .help = один просит, другой соглашается: ключ делает `freehold content keygen --person`
realm-drill_needs_two = для учений на живом трафике нужны двое: один предлагает, другой утверждает; объявлено: { $count }
    .expected = `drill_people`: двое или больше, у каждого своё имя и свой ключ
    .help = ключ делает `freehold content keygen --person`; без `drill_people` учения на живом трафике невозможны
realm-content_without_key = запросы и ответы `{ $app }` должны храниться, а у `{ $organisation }` нет `content_key`
    .expected = `content_key = "x25519:…"`, закрытая половина которого остаётся у организации
    .help = его делает `freehold content keygen`; или напишите `content = "none"` в приложениях организации

## Поставщики и развёртывания

realm-missing_base_url = поставщику с протоколом `{ $protocol }` нужен `base_url`
    .expected = `base_url = "https://…"`
realm-missing_auth_url = поставщику с протоколом `{ $protocol }` нужен `auth_url`
    .expected = `auth_url = "https://…"`
    .help = по этому адресу запрашивают токены; узел там другой, чем в `base_url`
realm-missing_folder = поставщику с протоколом `{ $protocol }` нужен `folder`
    .expected = `folder = "…"`
    .help = каталог входит в имя каждой модели этого поставщика
realm-bad_url = { $fault ->
        [userinfo] адрес с именем или паролем внутри
        *[other] `{ $url }` — не адрес поставщика
    }
    .expected = { $fault ->
        [blank] адрес без пробелов, в ASCII
        [scheme] https:// или http:// в начале
        [query] адрес без `?` и `#`
        [userinfo] адрес без `@`: чем мы подтверждаем себя, пишется в `credential`
        [port] порт от 1 до 65535
        [slash] без `/` в конце
        *[host] имя или номер узла после `://`
    }
realm-plain_http = `{ $url }`: запросы пойдут по сети незащищёнными
    .expected = https://
    .help = http без защиты — только для этой машины: 127.0.0.1, [::1] или localhost
realm-plain_sign_in = `{ $url }` не защищён: любой по пути мог бы сказать, кто есть кто
    .expected = https://
    .help = http без защиты — только для этой машины: 127.0.0.1, [::1] или localhost
realm-ends_before_it_starts = кончается раньше, чем начинается { $starts }
    .expected = день не раньше { $starts }
realm-not_in_order = `low`, `mid` и `high` стоят не по порядку
    .expected = три доли по неубыванию: нижняя, средняя, верхняя
realm-half_said = `{ $field }` ничего не говорит без `{ $other }`
    .expected = оба или ни одного
realm-site_elsewhere = не может быть и в { $host }, и на площадке `{ $site }`, которая лежит в { $jurisdiction }
    .expected = одна площадка: `host` следует из неё
realm-throughput_twice = вторая производительность `{ $model }` на `{ $accelerator }` под той же нагрузкой
    .expected = одна строка на модель, ускоритель, их число, пачку и длину запросов
realm-too_many_indicators = показателей { $count }: по стольким никто не управляет
    .expected = не больше десяти во всех файлах вместе
    .help = оставьте те, по которым кто-то решает; остальное есть на странице расхода и в свидетельствах
realm-sandbox_needs_two = песочницу подписывают двое; объявлено: { $count }
    .expected = `sandbox_people`: двое или больше, у каждого своё имя и свой ключ
    .help = ключ создаёт `freehold content keygen --person`; без `sandbox_people` никто ни от чего не освобождён
realm-sandbox_signer = `{ $by }` нет среди `sandbox_people` контура
    .expected = один из: { $known }
realm-sandbox_signature = подпись { $by } не подходит к песочнице `{ $sandbox }`
    .expected = подпись того, что песочница говорит сейчас: приложения, правила, дни и `cite`
    .help = если её изменили после подписи, уберите прежние подписи, и оба подписывают заново: `freehold sandbox sign { $sandbox } --by { $by } --signer ФАЙЛ`
realm-sandbox_unsigned = песочница `{ $sandbox }` никого не освобождает: не хватает подписей — { $lacking }
    .expected = в `signed` подписи двоих из `sandbox_people`
    .help = `freehold sandbox sign { $sandbox } --by ИМЯ --signer ФАЙЛ` выведет, что добавить в `signed`
realm-not_for_embedded = у встроенного движка не бывает `{ $field }`
    .expected = без `{ $field }` рядом с `protocol = "embedded"`
    .help = он работает внутри этой программы, сеть ему не нужна
realm-not_for_protocol = у поставщика с протоколом `{ $protocol }` не бывает `{ $field }`
    .expected = `{ $field }` только рядом с `protocol` из этих: { $protocols }
    .help = уберите его: читать его некому
realm-cert_without_key = `{ $has }` без `{ $lacks }`
    .expected = оба или ни одного
realm-credential_kind = `credential` называет одно место, откуда его читать
    .expected = {"{"} env = "ИМЯ" {"}"} или {"{"} file = "ПУТЬ" {"}"}
realm-bad_variable = это не может быть именем переменной окружения
    .expected = латинские буквы, цифры и `_`
    .help = в контуре нет самих секретов — только то, откуда их читать
realm-total_timeout = на всю попытку даётся { $total } мс, а на одно `{ $field }` — { $part } мс
    .expected = `total_ms` не меньше каждого из остальных
    .help = что не записано, берётся по умолчанию: соединение 5000, первый байт 60000, простой 60000, всё 600000
realm-missing_weights = `{ $deployment }` работает во встроенном движке, а `weights_file` нет
    .expected = `weights_file = "FILE.gguf"` или "demo-tiny" — игрушка внутри программы
realm-spare_weights = `{ $deployment }` обслуживает `{ $provider }`, у которого свои веса
    .expected = без `weights_file`, если `protocol` не "embedded"
realm-no_weights_file = нет файла `{ $path }`
    .expected = файл GGUF; относительный путь считается от каталога контура
    .help = "demo-tiny" — игрушка внутри программы
realm-no_such_file = на этой машине нет файла `{ $path }`
    .expected = файл; относительный путь считается от каталога контура
    .help = там, где файла нет, запросы к этому поставщику не пройдут

## Маршруты

realm-mixed_kinds = маршрут `{ $route }` ведёт к разному: `{ $first }` — { $first_kind }, `{ $other }` — { $other_kind }
    .expected = развёртывания одного вида
    .help = сделайте из него два маршрута
realm-misleading_route = маршрут `{ $route }` назван как модель, а `{ $deployment }` обслуживает другую: `{ $model }`
    .expected = имя, которого нет у моделей, или развёртывания только этой модели
realm-detector_abroad = детектор работает в { $host }
    .expected = { $home }, где находится сама система
    .help = он видит каждый текст раньше, чем правило могло бы его от кого-нибудь уберечь: разместите его дома или уберите
realm-resume_alone = с `resume = true` продолжить негде
    .expected = второе развёртывание и невыключенный `fallback`
    .help = добавьте маршруту другое развёртывание или уберите `resume`
realm-quality_missing = `strategy = "cheapest_passing"` не знает, какое качество достаточно
    .expected = quality = {"{"} suite = "…", share_min = "0.8" {"}"}
    .help = назовите набор, чьи оценки учитываются, и долю верных ответов, которой надо достичь
realm-quality_unused = `quality` ни на что не влияет: маршрут по нему не выбирает
    .expected = strategy = "cheapest_passing"
    .help = задайте стратегию или уберите `quality`
realm-unreachable_route = ни одно приложение не может назвать маршрут `{ $route }`
    .expected = маршрут среди `routes` какого-нибудь приложения
realm-unused_deployment = ни один маршрут не ведёт к развёртыванию `{ $deployment }`
    .expected = развёртывание среди `deployments` какого-нибудь маршрута

## Даты

realm-expired_evidence = свидетельство действовало до { $date }, а сегодня { $today }
    .expected = день, который ещё не прошёл
    .help = для правила, которое его спрашивает, факт неизвестен
realm-expired_rule = правило действовало до { $date }, а сегодня { $today }
    .expected = день, который ещё не прошёл
    .help = оно в тени и никого не связывает; уберите его, когда оно больше никому не нужно

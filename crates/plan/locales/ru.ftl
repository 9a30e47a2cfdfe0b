# Что говорится о постановках и планах; ошибки постановки (`case-x` — сообщение кода `case.x`).

## Ошибки постановки

case-outside = `{ $path }` — место вне каталога постановки
    .expected = файл внутри него
    .help = положите файл туда и назовите его без `..` и без `/` в начале
case-unreadable = `{ $path }` не читается: { $why }
    .expected = текстовый файл в каталоге постановки
    .help = положите туда файл или исправьте имя
case-syntax = это не TOML: { $why }
    .expected = TOML
case-unknown_field = у `{ $table }` нет поля `{ $field }`
    .expected = одно из { $fields }
    .nearest = может быть, `{ $nearest }`?
    .help = удалите его или исправьте имя
case-wrong_unit = `{ $field }` в единице, которой постановка не пользуется
    .expected = `{ $right }`
    .help = переименуйте поле и пересчитайте значение
case-missing_field = у `{ $table }` нет поля `{ $field }`
    .expected = `{ $field }`
    .help = у этого поля нет значения по умолчанию: добавьте его
case-to_fill_in = `{ $field }`: неизвестно, никто этого не говорит{ $of }
    .expected = значение вместо "unknown", а в `source` – откуда оно
case-wrong_type = у `{ $field }` значение, которого быть не может
    .expected = { $want ->
        [text] текст в кавычках
        [number] число
        [whole] целое число
        [flag] true или false
        [texts] список текстов
        [numbers] список чисел
        [table] таблица
        [tables] список таблиц
        [years] число или таблица по годам, например {"{"} 2026 = 1, 2030 = 2 {"}"}
        [id] идентификатор: a–z, 0–9, `-` и `_`, первой — буква или цифра
        [jurisdiction] две прописные буквы, как в ISO 3166-1
        [currency] три прописные буквы, как в ISO 4217
        [year] год, от 1900 до 2300
        [years_max] число больше 0 и не больше 200
        [name] имя от 1 до 120 знаков в одну строку, без управляющих знаков
        [scenario_id] другой идентификатор: `as-written` — это сама постановка
        [version] 1
        [basis] "physical", "budget" или "law"
        [basis_budget] "budget"
        [degrees] градусы: от -90 до 90 северной широты, от -180 до 180 восточной долготы
        [pue] ни в одном часе не меньше 1
        [points] пары из градусов и PUE по возрастанию градусов
        [outage] часы постановки, `from_hour` раньше `until_hour`
        [class_kind] "training" или "inference"
        [policy_kind] "co2_cap", "home_share", "reserve_margin" или "loss_of"
        [lost] "site:ID", "technology:ID" или "origin:XX"
        [source] текст или таблица текстов по полям
        [covers] "sites", "accelerators", "energy", "lines" или "running"
       *[other] { $want }
    }
    .help = запишите так, как ожидается
case-out_of_range = `{ $field }` не может быть { $found }
    .expected = { $want ->
        [not_negative] число не меньше 0 и не больше 10¹⁵
        [positive] число больше 0 и не больше 10¹⁵
        [share] доля от 0 до 1
       *[any] число от −10¹⁵ до 10¹⁵
    }
    .help = исправьте значение; единица стоит в имени поля
case-unserved_unit = класс не считает работу в том, в чём считает `{ $field }`
    .expected = `unserved_cost_per_pflop_h` для работы в ПФЛОП/с; `unserved_cost_per_m_tokens` для работы в токенах или с `gflop_per_token`
    .help = назовите потери в единице спроса этого класса
case-unserved_twice = потери названы дважды: за работу и за токены
    .expected = одно из двух
    .help = уберите одно
case-unserved_share = `unserved_share_max` говорит, сколько можно не обслужить, но ничто не говорит, чего это стоит
    .expected = `unserved_cost_per_pflop_h`, `unserved_cost_per_m_tokens` или, для нагрузки, `unserved_cost_per_mwh`
    .help = назовите потери или уберите долю: без цены потерь обслужить надо всё
case-uncited = у `{ $field }` не назван источник
    .expected = источник: кто говорит, что теряется, если это не обслужить
    .help = добавьте его в `source`
case-csv_twice = столбец `{ $column }` стоит дважды
    .expected = каждое имя один раз: { $known }
    .help = переименуйте один из двух или уберите его
case-source_of = в `{ $table }` нет поля `{ $field }`, источником которого это могло бы быть
    .expected = поле этой таблицы или `rest` для всех прочих
    .help = исправьте имя
case-no_cap = в постановке нет своего предела на { $year } год, от которого могла бы уйти доля
    .expected = `[[supply]]` того же ускорителя или происхождения на каждый год с `from_year` или `share = 1`
    .help = добавьте его в case.toml или пусть уходит всё
case-duplicate = уже есть { $kind } `{ $id }`
    .expected = разные идентификаторы
    .elsewhere = первый: { $elsewhere }
    .help = переименуйте или удалите один из них
case-unknown_reference = нет { $kind } с именем `{ $id }`
    .expected = то, что объявлено в постановке
    .nearest = может быть, `{ $nearest }`?
    .known = есть: { $known }
    .help = объявите или исправьте имя
case-years_order = год { $year } стоит после более позднего
    .expected = годы вложений по возрастанию, каждый один раз
    .help = расставьте их по порядку
case-hours_twice = часы заданы дважды
    .expected = либо `hours`, либо `[[block]]`
    .help = удалите одно из двух
case-weights_sum = часы, умноженные на веса, дают { $found }
    .expected = { $want } с точностью до тысячной
    .help = исправьте `weight` или укажите в `year_hours`, сколько часов в году постановки
case-linked_order = запас переносится через год, но никто не говорит, как его блоки следуют друг за другом
    .expected = `order` в `[case]`: имя блока на каждый раз, когда он наступает
    .help = добавьте его или пусть запас замыкается в каждом блоке
case-order_joined = у блоков есть порядок, и в то же время они — один ряд часов
    .expected = `order` вместе с `[[block]]`, без `joined` и без `hours`
    .help = уберите одно из двух
case-order_counts = блок `{ $id }` занимает { $found } % в `order`
    .expected = { $want } %, как говорит его вес, с точностью до одной сотой
    .help = исправьте `order` или `weight` блока
case-spending_sum = доли `spending` дают в сумме { $found }
    .expected = 1
    .help = укажите долями, что платится в каждом году начиная с заказа
case-spending_years = в `spending` { $found } лет
    .expected = не больше { $want }: от заказа до ввода
    .help = сократите или исправьте `lead_years`
case-lead_time = ввод в { $found } году невозможен
    .expected = { $want } или позже: первый год заказов и срок строительства
    .help = исправьте `in_service`, `lead_years` или `first_order_year`
case-size_twice = `{ $field }` стоит рядом с `fixed_mw`
    .expected = либо `fixed_mw`, либо границы того, что можно построить
    .help = удалите одно из двух
case-bounds = не меньше { $min } и не больше { $max } вместе невозможно
    .expected = `mw_min` не больше `mw_max`
    .help = исправьте одно из двух
case-one_way = у линии в обе стороны нет `{ $field }`
    .expected = `both_ways = false`
    .help = запишите две линии, по одной в каждую сторону
case-line_ends = линия начинается и кончается на одной площадке
    .expected = две площадки
    .help = исправьте `to`
case-no_place = у площадки `{ $site }` нет `latitude` и `longitude`
    .expected = место каждой площадки, если класс требует близости
    .help = укажите, где площадка
case-supply_of = неясно, что ограничено
    .expected = либо `accelerator`, либо `origin`
    .help = назовите одно из двух
case-csv_empty = файл пуст
    .expected = заголовок с именами полей
    .help = напишите заголовок
case-csv_cells = в строке { $found } ячеек
    .expected = { $want }, как в заголовке
    .help = исправьте строку
case-csv_column = нет столбца `{ $column }`
    .expected = первым `hour` или `year,hour`
    .known = есть: { $known }
    .help = пронумеруйте часы с 0
case-csv_number = `{ $found }` — не число
    .expected = число с точкой, без единицы
    .help = исправьте ячейку
case-csv_gap = после предыдущих часов стоит { $found }
    .expected = { $want }
    .help = заполните пропуск: каждый час один раз и по порядку
case-csv_hours = в файле { $found } часов
    .expected = { $want }
    .help = дайте строку каждому часу постановки
case-no_column = в `{ $path }` нет столбца `{ $column }`
    .expected = столбец этого файла
    .nearest = может быть, `{ $nearest }`?
    .known = есть: { $known }
    .help = исправьте имя или добавьте столбец
case-series_range = `{ $field }` не может быть { $found }, как в часе { $hour } столбца `{ $column }` файла `{ $path }`
    .expected = { $want ->
        [not_negative] числа не меньше 0
        [positive] числа больше 0
        [share] доли от 0 до 1
       *[any] числа
    }
    .help = исправьте файл или множитель

## Почему плана нет

why-none = Плана нет: всё, чего требует постановка, вместе невозможно.
why-named-no_site = ни одна площадка не достаточно близка для класса { $what } (спрос в { $year } году: { $asked } PFLOP/s): допустите другую площадку или бо́льшую задержку
why-named-residency = требование о размещении не оставляет площадок классу { $what } (спрос в { $year } году: { $asked } PFLOP/s): нужна площадка в одной из его юрисдикций
why-named-no_accelerator = ни один ускоритель не выполняет класс { $what } там, где ему можно (спрос в { $year } году: { $asked } PFLOP/s): добавьте вид с достаточной памятью или возьмите модель меньше
why-named-supply = все ускорители, доступные к { $year } году, дают { $found } PFLOP/s из { $asked } для класса { $what }
why-named-no_source = ни один источник энергии не может работать в { $year } году: заказ занимает больше времени, или ничего не объявлено
why-named-capacity = все источники, которые могут работать в { $year } году, дают { $found } МВт; нагрузки берут { $asked } МВт в один из часов
why-causes = { $count ->
    [one] Мешает это ограничение; без него план есть:
   *[other] Мешают вместе эти ограничения; без всех них план есть:
}
why-limit-law = { $limit }: { $allowed }, по закону. Оно остаётся в силе: возможны лицензия, отечественные или разрешённые поставки, модели меньше, меньший спрос или более поздний срок
why-limit-physical = { $limit }: { $allowed }; хватило бы { $needed }. Постройте или подключите больше, разместите в другом месте, требуйте меньше или позже
why-limit-budget = { $limit }: { $allowed } млн; хватило бы { $needed } млн. Увеличьте бюджет, требуйте меньше или позже
why-limit-decided = { $limit }: { $allowed }; хватило бы { $needed }. Это можно решить иначе; или просить меньше, или позже
why-limit-plain = { $limit }: { $allowed }
why-demand-none = { $limit }: обслужить нельзя нисколько
why-demand = { $limit }: можно обеспечить { $needed } % спроса
conflict-balance = приход и расход в { $what } равны
conflict-capacity = { $what } даёт не больше, чем стоит
conflict-must_run = { $what } всегда отчасти работает
conflict-ramp = { $what } меняется не быстрее своей скорости
conflict-grid_connection = присоединение { $what } выдерживает
conflict-store_power = { $what } заряжается и разряжается в пределах мощности
conflict-store_size = { $what } вмещает не больше своего размера
conflict-state = в { $what } есть то, что было, и что положили и взяли
conflict-carried = { $what } переносится через год
conflict-flow = { $what } несёт не больше, чем стоит
conflict-units = { $what } работает не больше, чем есть единиц
conflict-inference = { $what } обслуживается
conflict-training = { $what } обучается
conflict-hall = ускорителям в { $what } хватает места
conflict-hall_max = залы в { $what } в своих пределах
conflict-power_cap = залы в { $what } берут не больше, чем можно
conflict-standing_max = { $what }: стоит не больше, чем можно
conflict-standing_min = { $what }: стоит не меньше, чем нужно
conflict-area = земли { $what } хватает
conflict-supply = поставка { $what } не превышена
conflict-spent = потраченное на { $what } оплачено
conflict-budget = бюджет { $what } не превышен
conflict-policy = правило { $what } выполнено
conflict-bound = { $what } остаётся в том, что сказано в постановке
conflict-in-year = { $rule } ({ $year })
conflict-in-hour = { $rule } ({ $year }, час { $hour })
conflict-none = не найдено ничего, что не могло бы выполняться вместе
conflict-head = Всё это вместе выполняться не может, а без любого одного остальное могло бы:
why-law = При законе, как он есть, хватило бы этого:
why-first-year = При всех ограничениях весь спрос обеспечен с { $year } года.
why-no-year = При всех ограничениях нет года постановки, с которого весь спрос обеспечен.

## Что говорит план

said-title = План: { $name }
said-nothing = ничего
said-total = всего
said-hall = зал
said-mw = { $n } МВт
said-units = { $n } шт.
said-unit-mw = МВт
said-unit-units = ускорители
said-money = { $n } { $currency }
said-money-m = { $n } млн { $currency }
said-money-bn = { $n } млрд { $currency }
said-part = { $money } ({ $share })
said-kind-source = источник энергии
said-kind-store = накопитель
said-kind-line = линия
said-kind-hall = зал
said-kind-accelerator = ускорители
said-out-of = { $store }, отдача
said-into = { $store }, заряд
said-purpose-accelerators = ускорители
said-purpose-halls = залы
said-purpose-plants = строительство источников энергии
said-purpose-upkeep = содержание источников энергии
said-purpose-fuel = топливо и покупная энергия
said-purpose-lines = линии
said-loss = Потери от неудовлетворённого спроса
said-loss-note = что теряется по словам задачи, приведено; это не платёж и не входит в цену токенов
said-with-loss = вместе с потерями: что план делает наименьшим
said-unserved = Что не обслужено
said-unserved-nothing = Обслужено всё, в том числе то, что могло бы уступить за свою цену потерь.
said-unserved-lead = Обслужено не всё: обслужить дороже, чем потерять, или невозможно. Потери – { $loss }, приведено к { $year } году; за это никто не платит. { $list }.
said-unserved-one = { $what } ({ $site }), { $year } год: не обслужено { $share }, { $amount } { $unit } в год, потери { $loss } в год
said-unserved-more = { $list }; и ещё { $count }
said-unserved-note = Уступает только то, для чего в задаче названа цена потерь, и ни один предел ради этого не сдвигается. Потери – слова задачи, а не платёж: их не несёт ни один бюджет, и стоят они отдельно от стоимости.
said-unserved-loads = не обслуженная нагрузка
said-beside = Оба плана
said-beside-before = Как в задаче
said-beside-after = С опозданием
said-beside-loss = приведено; кроме того, { $loss } теряется с тем, что не обслужено
said-beside-firm = В этой задаче ничто не может уступить: оба плана обслуживают весь спрос.
said-unserved-pflop-h = ПФЛОП-часов
said-unserved-m-tokens = млн токенов
said-unserved-mwh = МВт·ч
said-anywhere = на любой площадке

said-lead-accelerators = В { $year } году стоит ускорителей: { $n }, на { $sites } площадках ({ $kinds }). При полной загрузке вместе с охлаждением они берут до { $full } МВт; залы, которые считаются без охлаждения, рассчитаны на { $halls } МВт.
said-lead-power = Мощность в работе в { $year } году, МВт: { $list }. Под своим контролем { $home } энергии этого года; выбросы CO₂ — { $co2 } т.
said-lead-ordered = Новые источники, с годом заказа и первым годом работы: { $list }.
said-lead-ordered-one = { $what }, площадка { $site }, { $amount } (заказ в { $ordered }, работа с { $serves })
said-less-than = менее { $n }
said-lead-ordered-more = ещё { $count } поменьше, вместе { $mw } МВт
said-lead-cost = Стоимость — { $total }, приведено к { $year } году: { $list }. Всего выплат по годам, без дисконта: { $paid }.
said-lead-binds = Что ограничивает: ограничений физических — { $physical }, бюджета или решений — { $budget }, закона — { $law }. { $list }
said-lead-proof-modules = Можно ли дешевле? Доказанный разрыв с самым дешёвым планом — { $gap }.
said-lead-proof-linear = Можно ли дешевле? Нет: решатель дошёл до оптимума постановки.
said-lead-tokens = Миллион токенов в { $year } году: { $list }.
said-lead-tokens-one = { $class } — энергия { $energy } { $currency }, всего { $total } { $currency }

said-sites = Площадки
said-sites-chart = Ускорители по площадкам в { $year } году
said-sites-summary = Площадь знака — число ускорителей на площадке в { $year } году; кольцо — площадка без них. Координаты взяты из постановки; границы государств не показаны.
said-timeline = Что заказано и с какого года работает
said-timeline-chart = Заказ, работа, конец срока службы
said-timeline-summary = Построено или куплено позиций: { $count }. Пунктирная рамка — от заказа до ввода, полоса — пока работает. Ускорители куплены в том году, с которого работают.
said-modules = Источники, которые бывают только целыми модулями, построены целыми модулями.
said-accelerators = Ускорители
said-accelerators-chart = Ускорители в работе по видам и годам
said-accelerators-summary = В { $year } году их { $n }; отказавшие и отслужившие вычтены.
said-accelerators-note = Купленное в инвестиционном году куплено за все годы, которые он представляет; в работе — то, что осталось от купленного и от прежнего. Полная мощность — всех устройств под нагрузкой в самый жаркий час, с охлаждением.
said-by-site = По годам, площадкам и видам
said-power = Энергия: мощность по источникам
said-power-chart = МВт в работе по источникам и годам
said-power-summary = В { $year } году работают источники и накопители на { $n } МВт.
said-power-by-site = По годам, площадкам и источникам, с энергией за год
said-dispatch = Самые трудные часы каждого года
said-dispatch-chart = { $year }: МВт по часам, { $hours } ч с наибольшим спросом
said-dispatch-summary = { $year }: спрос выше всего в час { $hour }: { $mw } МВт на всех площадках, с охлаждением и прочими нагрузками.{ $stores ->
    [yes] {" "}Заряд накопителей — ниже линии нуля.
   *[no] {""}
}
said-dispatch-note = Показан период постановки (представительные сутки или неделя), в котором лежит час наибольшего спроса года.
said-cost = Сколько это стоит
said-cost-discounted = Приведённая стоимость
said-cost-discounted-note = { $rate } в год, к { $year } году: это план и минимизирует
said-cost-paid = Выплаты
said-cost-paid-note = без дисконта, в ценах { $price_year } года
said-cost-table = Стоимость по назначению
said-cost-note = Приведённая стоимость считает по каждой вещи аннуитет тех лет постановки, в которые она работает, с процентами за время строительства; за пределами последнего года ничего не начисляется. Выплаты считают всю цену в те годы, когда её платят. То, что уже стоит, не стоит ничего, кроме топлива.
said-spend-chart = Выплаты по календарным годам и назначению, млн { $currency }
said-spend-summary = Больше всего платят в { $year } году: { $money }. Ускорители учтены в первом году периода, в котором куплены.
said-carbon = CO₂ и чья это энергия
said-co2-t = т CO₂
said-carbon-chart = Тонн CO₂ в год
said-carbon-summary = В { $year } году: { $t } т; { $share } энергии — из поставок под своим контролем.
said-carbon-note = Свои: { $home }. Поставка своя, если все, кто может в ней отказать (топливо, сеть, запчасти), — свои.
said-home-none = никто: постановка никого не называет
said-prices = Цена миллиона токенов
said-prices-chart = Энергия на миллион токенов, { $currency }
said-prices-summary = Только стоимость энергии, с охлаждением и простаивающими машинами, по классам работы и годам, { $currency }.
said-prices-table = По классам и годам
said-prices-no-tokens = Постановка считает работу в операциях и не говорит, сколько их нужно на токен (`gflop_per_token`), поэтому цену токена назвать нельзя; в таблице — цена тысячи PFLOP-часов.
said-prices-note = Энергия площадки стоит столько, во сколько обходятся за год аннуитеты её источников, содержание, топливо и покупная энергия, на всю отданную энергию; у площадок, соединённых линиями, цена общая. Полная стоимость добавляет аннуитеты ускорителей и залов: их несут классы, которые ими пользуются; простой распределён так же, как энергия. Уже стоящие источники аннуитета не приносят.
said-per-tokens = миллион токенов
said-per-operations = тысяча PFLOP-часов
said-limits = Ограничения, которые связывают план
said-limits-none = Ни одно ограничение не исчерпано.
said-limits-text = Эти ограничения исчерпаны до последней единицы. Экономия от ещё одной единицы — приведённая, за все годы постановки.
said-limits-unpriced = План записан без цен ограничений: сколько сберегла бы ещё одна единица, неизвестно.
said-limits-linear = Цены — двойственные оценки решателя в оптимуме: они верны для малого изменения.
said-limits-modules = Цены — двойственные оценки решателя для линейной части при неизменном числе целых модулей: они верны для малого изменения, а у ограничений на целые модули цены нет.
said-limits-law = Цену имеют только ограничения физические и те, что зависят от бюджета и решений. Ограничение закона никогда не оценивается: его соблюдают.
said-never-priced = закон: без цены
said-basis-physical = физическое
said-basis-budget = бюджет или решение
said-basis-law = закон
said-of-mw = МВт
said-of-km2 = км²
said-of-units = ускорители
said-of-million = миллион
said-of-tonnes = т CO₂
said-of-share = на одну сотую меньше
said-limit-grid = присоединение к сети, { $site }, { $year }
said-limit-hall = место для залов, { $site }, { $year }
said-limit-power = предел мощности, { $site }, { $year }
said-limit-area = земля, { $site }, { $year }
said-limit-most = { $what }, { $site }, { $year }, не больше
said-limit-least = { $what }, { $site }, { $year }, не меньше
said-limit-supply = поставка { $what }, { $year }
said-limit-supply-origin = поставка из { $what }, { $year }
said-limit-budget = бюджет { $what }, { $year }
said-limit-co2 = предел CO₂ { $what }, { $year }
said-limit-home = доля своей энергии { $what }, { $year }
said-limit-margin = резерв { $what }, { $year }
said-limit-loss = { $what }, { $year }
said-lost = { $share } работы должно идти и без «{ $what }»
said-limit-vintage = { $what }, { $site }, с { $year } года, не больше
said-limit-named = { $what }, { $year }
said-limit-line = { $what }, не больше
said-saves-mw = Ещё один МВт ({ $limit }) сберегает { $money }.
said-saves-mw-least = Если требовать на один МВт меньше ({ $limit }), это сбережёт { $money }.
said-saves-km2 = Ещё один км² ({ $limit }) сберегает { $money }.
said-saves-units = Ещё один ускоритель ({ $limit }) сберегает { $money }.
said-saves-million = Ещё один миллион ({ $limit }) сберегает { $money }.
said-saves-tonnes = Ещё одна тонна ({ $limit }) сберегает { $money }.
said-saves-share = Если требовать на одну сотую меньше ({ $limit }), это сбережёт { $money }.
said-proof = Можно ли дешевле?
said-proof-modules = Ни один план этой постановки не дешевле { $bound }: этот дороже не более чем на { $money }, разрыв — { $gap }. Сначала решена постановка с частями модулей, затем округлена, и ветвление шло, пока разрыв не доказан.
said-proof-linear = Нет. В постановке ничто не обязано быть целым, поэтому оптимум её линейной модели и есть самый дешёвый план, в пределах точности решателя. Так сказал решатель, когда план составляли; проверка каталога смотрит, выполнено ли то, что должно, и заново не решает.
said-proof-check = План проверен по постановке без решателя: каждый баланс, предел, срок и платёж, и сама стоимость.
said-proof-given = Это верно для постановки, как она записана: другие числа (ниже) дадут другой план.
said-assumed = Что принято
said-assumed-text = Чисел в постановке: { $count }, каждое с источником, который она называет; без источника — { $without }. Названный источник может быть и оценкой: так и сказано в таблице. Деньги — { $currency } в ценах { $price_year } года; ставка дисконта — { $rate } в год.
said-assumed-table = Числа и их источники, как в постановке
said-no-source = постановка не называет источника

said-asked = Что план должен обслужить
said-asked-note = Средние по часам каждого года; самый высокий час — в { $year } году. Обучение можно вести в любой час, остальное — в тот час, когда оно нужно. Прочие нагрузки — мощность, которую план обеспечивает помимо залов.
said-asked-training = обучение
said-asked-inference = ответы моделей
said-asked-load = прочая нагрузка
said-asked-in-pflop-hours = PFLOP-часов в год
said-asked-in-pflops = PFLOP/s
said-asked-in-tokens = тысяч токенов в секунду
said-given = Дано постановкой, поэтому здесь не заказывается и не оплачивается: { $list }.
said-given-one = { $what }, { $site }, { $mw } МВт с { $year } года
said-timeline-note = Что работает в инвестиционном году, работает и оплачивается во все годы, которые он представляет, даже если срок службы кончается внутри них.
said-lead-times = От заказа до ввода
said-lead-times-longest = Дольше всего строится: { $what }, лет от заказа до ввода: { $years }.
said-col-highest_hour = Самый высокий час
said-col-lead_years = Лет
said-col-module_mw = Целыми модулями по, МВт
said-col-site = Площадка
said-col-jurisdiction = Юрисдикция
said-col-latitude = Широта, °
said-col-longitude = Долгота, °
said-col-accelerators = Ускорители
said-col-halls_mw = Залы, МВт
said-col-full_power_mw = Полная мощность с охлаждением, МВт
said-col-power_cap_mw = Предел мощности, МВт
said-col-kind = Вид
said-col-what = Что
said-col-ordered = Заказ
said-col-serves = Работает с
said-col-ends = Нет с
said-col-amount = Сколько
said-col-unit = Единица
said-col-year = Год
said-col-accelerator = Ускоритель
said-col-bought = Куплено
said-col-standing = В работе
said-col-plant = Источник энергии
said-col-power_mw = МВт
said-col-energy_mwh = Энергия за год, МВт·ч
said-col-hour = Час
said-col-needed_mw = Спрос, МВт
said-col-purpose = Назначение
said-col-discounted = Приведено, { $currency }
said-col-share = Доля
said-col-paid_out = Выплаты без дисконта, { $currency }
said-col-total_m = Всего, млн { $currency }
said-col-co2_t = CO₂, т в год
said-col-co2_t_per_mwh = т на МВт·ч
said-col-home_share = Из своих поставок
said-col-class = Класс работы
said-col-per = Единица работы
said-col-work = Работа за год
said-col-mwh_each = МВт·ч на единицу
said-col-energy_cost_each = Энергия на единицу, { $currency }
said-col-total_cost_each = Всего на единицу, { $currency }
said-col-unit_unserved = Единица
said-col-asked = Нужно в год
said-col-unserved = Не обслужено в год
said-col-unserved_share = Доля
said-col-loss = Потери за год, { $currency }
said-col-loss_discounted = Потери, приведённые, { $currency }
said-col-limit = Ограничение
said-col-basis = На чём держится
said-col-unit_of_limit = Единица
said-col-allowed = Допущено
said-col-used = Занято
said-col-saved_by_one_more = Ещё одна единица сберегает (минимума — на одну меньше), { $currency }
said-col-table = Таблица
said-col-id = Имя
said-col-field = Величина
said-col-value = Как записано
said-col-source = Источник

## Что говорят сценарии

scen-title = Сценарии: { $name }
scen-lead = План есть в { $solved } сценариях из { $of }. Он стоит от { $low } ({ $low_name }) до { $high } ({ $high_name }), приведённо.
scen-least-regret = Меньше всего жалеет тот, кто начинает под «{ $name }»: если заказанное до { $before } года остаётся в силе, ни один сценарий не дороже своего лучшего плана больше чем на { $most }.
scen-outcomes = К чему приводит каждый
scen-outcomes-note = Ускорители и их полная мощность с охлаждением в последнем году. Где плана нет, год — первый, с которого весь спрос можно обеспечить.
scen-plan = план есть
scen-from = плана на все годы нет: весь спрос обеспечен с { $year } года
scen-never = плана нет ни с какого года
scen-time = время вышло
scen-failed = решатель не дал ответа
scen-regret = Сколько стоит начать под другой сценарий
scen-regret-text = Решения, заказанные до { $before } года, взяты из лучшего плана сценария строки и остаются в силе; затем наступает сценарий столбца, и остальное планируется заново. Показано, насколько это дороже лучшего плана столбца.
scen-regret-table = Сожаление, млн { $currency }
scen-regret-note = В силе остаётся заказ, а не год ввода: где сценарий его задерживает, он приходит позже. Стоимости доказаны с точностью { $gap }; то, что в её пределах, показано как 0.
scen-no-plan = плана нет
scen-changes = Что в каждом иначе
scen-unchanged = ничего
scen-all-work = на всю работу
scen-demand = спрос { $what } умножен ({ $list })
scen-delay = { $what } — на { $years } г. дольше
scen-cut = с { $year } года нет { $share } поставок { $what }
scen-technology = цена строительства { $what } умножена на { $factor }
scen-accelerator = цена { $what } умножена на { $factor }
scen-energy = цена энергии { $what } умножена на { $factor }
scen-fuel = цена энергии на топливе { $what } умножена на { $factor }
scen-availability = отдача { $what } умножена на { $factor }
scen-col-scenario = Сценарий
scen-col-name = Что наступает
scen-col-cost = Приведено, { $currency }
scen-col-accelerators = Ускорители в последнем году
scen-col-power_mw = МВт в последнем году
scen-col-year = Первый год
scen-col-result = Итог
scen-col-begun_for = Начали под
scen-col-loss = Потери от неудовлетворённого спроса, { $currency }
scen-loss-note = В стоимость входят потери от того, что не обслужено; они стоят рядом: это не платёж.

## Чем различаются два плана

diff-title = Два плана: { $first } и { $second }
diff-cost-more = Второй дороже на { $by } ({ $share }): { $second } вместо { $first }, приведённо.
diff-cost-less = Второй дешевле на { $by } ({ $share }): { $second } вместо { $first }, приведённо.
diff-cost-same = Оба стоят одинаково: { $first }, приведённо; второй — { $second }.
diff-cost-apart = Первый стоит { $first }, второй { $second }, приведённо; деньги или год цен разные, поэтому разность ни о чём не говорит.
diff-money-apart = Деньги или год цен у планов разные: одно из другого не вычтено.
diff-no-year = Общего инвестиционного года у планов нет.
diff-lead-accelerators = Ускорителей в { $year } году: { $second } вместо { $first } ({ $list }).
diff-lead-power = МВт источников и накопителей в { $year } году: { $second } вместо { $first } ({ $list }).
diff-more-of = { $what } +{ $by }
diff-less-of = { $what } −{ $by }
diff-none = виды не различаются
diff-accelerators = Ускорители в работе
diff-power = МВт в работе
diff-loss = От того, что не обслужено, первый план теряет { $first }, второй { $second }, приведено; это не платёж.
diff-unserved = Не обслужено, сотых от спроса
diff-cost-table = Приведено, { $currency }
diff-spend = Выплаты по годам
diff-spend-chart = Насколько больше платит второй, по календарным годам и назначению, млн { $currency }
diff-spend-summary = Выше линии второй платит больше, ниже — меньше, без дисконта.
said-col-first = Первый
said-col-second = Второй
said-col-difference = Разность

## Что находит проверка

check-form = списки плана не той длины, что в постановке
check-lead_time = { $place }: построено, хотя срок строительства не позволяет: { $found } МВт
check-modules = { $place }: { $found } — не целое число модулей
check-balance = { $place }: приход и расход различаются на { $found } МВт
check-objective = цель указана как { $found }, а выходит { $allowed }
check-stands = { $place }: стоит { $found } МВт, а в постановке { $allowed }
check-mw_min = { $place }: { $found } МВт, а нужно не меньше { $allowed }
check-mw_max = { $place }: { $found } МВт, а можно не больше { $allowed }
check-output_negative = { $place }: выработка { $found } МВт меньше нуля
check-output = { $place }: выработка { $found } МВт, а возможно { $allowed }
check-must_run = { $place }: выработка { $found } МВт, а всегда должно быть { $allowed }
check-ramp = { $place }: выработка меняется на { $found } МВт за час, а можно на { $allowed }
check-grid_connection = { $place }: { $found } МВт через присоединение, которое выдерживает { $allowed }
check-store_negative = { $place }: накопитель: { $found }, меньше нуля
check-store = { $place }: накопитель: { $found }, а можно не больше { $allowed }
check-state = { $place }: запасено { $found } МВт·ч, а по приходу и расходу выходит { $allowed }
check-flow = { $place }: линия несёт { $found } МВт, а можно { $allowed }
check-residency = { $place }: { $found } единиц заняты работой, которой там быть нельзя
check-inference = { $place }: обслужено { $found } из { $allowed }
check-training = { $place }: обучено { $found } из { $allowed }
check-units = { $place }: работают { $found } единиц, а есть { $allowed }
check-units_elsewhere = { $place }: куплено { $found } единиц там, где им стоять нельзя
check-units_negative = { $place }: куплено { $found } единиц, меньше нуля
check-used_negative = { $place }: работают { $found } единиц, меньше нуля
check-hall = { $place }: ускорителей на { $found } МВт в залах на { $allowed }
check-hall_elsewhere = { $place }: залов на { $found } МВт там, где их не строят
check-hall_max = { $place }: залов на { $found } МВт, а можно не больше { $allowed }
check-hall_negative = { $place }: залов на { $found } МВт, меньше нуля
check-power_cap = { $place }: залы берут { $found } МВт, а можно не больше { $allowed }
check-standing_max = { $place }: стоит { $found } МВт, а можно не больше { $allowed }
check-standing_min = { $place }: стоит { $found } МВт, а нужно не меньше { $allowed }
check-area = { $place }: занято { $found } км², а есть { $allowed }
check-supply = { $place }: куплено { $found } единиц, а получить можно { $allowed }
check-budget = { $place }: уплачено { $found } млн, а есть { $allowed }
check-paid_for = { $place }: { $found } млн уплачено за то, чего бюджет не покрывает
check-paid_negative = { $place }: уплачено { $found } млн, меньше нуля
check-unpaid = { $place }: потрачено { $found } млн, а уплачено { $allowed }
check-overpaid = { $place }: уплачено { $found } млн, а потрачено { $allowed }
check-co2_cap = { $place }: { $found } т CO₂, а можно не больше { $allowed }
check-home_share = { $place }: { $found } энергии под своим контролем, а нужно { $allowed }
check-bound = { $place }: дешевле { $found } плана быть не может, а этот стоит { $allowed }
check-survival_missing = { $place }: план молчит о часе, который надо пережить
check-survival_firm = { $place }: { $found } в час, который надо пережить, а остаётся { $allowed }
check-survival_balance = { $place }: { $found } МВт остаётся в час, который надо пережить, а нужно { $allowed }
check-survival_served = { $place }: обслужено { $found } в час, который надо пережить, а нужно { $allowed }
check-survival_units = { $place }: работают { $found } единиц в час, который надо пережить, а остаётся { $allowed }
check-unserved = { $place }: не обслужено { $found }, можно не больше { $allowed }
check-unserved_negative = { $place }: не обслужено { $found }, меньше, чем ничего
check-unserved_served = { $place }: не обслужено будто бы { $found }, а на деле { $allowed }
check-more = и ещё в { $count } местах
case-one_demand = работа считается либо в PFLOP/s, либо в токенах, но не в обоих
    .expected = `demand_pflops` или `demand_tokens_per_s`
case-not_tokens = `{ $class }` считается не в токенах
    .expected = класс с `demand_tokens_per_s`; для прочих скорость говорит `pflops` ускорителя или строки
case-rate_twice = у `{ $accelerator }` больше одной скорости для `{ $class }`
    .expected = одна строка или `pflops` ускорителя
case-in_tokens = `{ $class }` считается в токенах
    .expected = строка `[[throughput]]` со скоростью в токенах в секунду

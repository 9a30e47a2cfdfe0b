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
        [covers] "sites", "accelerators", "energy", "lines" или "running"
       *[other] { $want }
    }
    .help = запишите так, как ожидается
case-out_of_range = `{ $field }` не может быть { $found }
    .expected = { $want ->
        [not_negative] число не меньше 0
        [positive] число больше 0
        [share] доля от 0 до 1
       *[any] число
    }
    .help = исправьте значение; единица стоит в имени поля
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
check-more = и ещё в { $count } местах
case-one_demand = работа считается либо в PFLOP/s, либо в токенах, но не в обоих
    .expected = `demand_pflops` или `demand_tokens_per_s`
case-not_tokens = `{ $class }` считается не в токенах
    .expected = класс с `demand_tokens_per_s`; для прочих скорость говорит `pflops` ускорителя
case-in_tokens = `{ $class }` считается в токенах
    .expected = строка `[[throughput]]` со скоростью в токенах в секунду

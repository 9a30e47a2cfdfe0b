# Ошибки модели (`forecast-x` – сообщение кода `forecast.x`) и слова результатов.

## Ошибки

forecast-syntax = это не TOML: { $why }
forecast-missing_field = в `{ $table }` нет поля `{ $field }`
    .help = у каждого числа есть источник, ответственный, дата и срок годности; см. docs/forecast.md
forecast-unknown_field = в `{ $table }` не бывает поля `{ $field }`
    .expected = одно из: { $fields }
    .nearest = может быть, `{ $nearest }`?
forecast-wrong_value = у поля `{ $field }` недопустимое значение
    .expected = { $want ->
        [text] непустой текст
        [id] латинские буквы, цифры и `_`, сначала буква
        [file_id] латинские буквы, цифры, `-` и `_`, сначала буква
        [ids] список имён
        [two_ids] два имени входов
        [number] конечное число
        [not_negative] число не меньше нуля
        [rank] число больше −1 и меньше 1
        [year] год от 1900 до 2200
        [year_value] год модели и число
        [date] дата вида 2026-11-26
        [flag] true или false
        [table] таблица
        [tables] список таблиц
       *[other] { $want }
    }
forecast-unknown_word = поле `{ $field }` не может быть `{ $word }`
    .expected = одно из: { $words }
    .nearest = может быть, `{ $nearest }`?
forecast-unknown_unit = `{ $word }` – не единица измерения
    .nearest = может быть, `{ $nearest }`?
    .help = собственные единицы модели перечисляют в `units` её заголовка
forecast-bad_unit = `{ $unit }` – не единица измерения
    .expected = единицы и степени через пробел и `/`: `trn RUB/year`, `token/(GPU h)`, `%`
forecast-no_distribution = это не распределение
    .expected = число, "низ to верх" или одно из normal, lognormal, uniform, pert, beta, beta_between, quantiles, mixture с числами
forecast-not_finite = число распределения не конечно
forecast-not_in_order = нижний край не ниже верхнего
forecast-not_positive = разброс или форма не больше нуля
forecast-mode_outside = наиболее вероятное значение вне краёв
forecast-not_rising = квантилей должно быть не меньше двух, вероятности – между 0 и 1, всё по возрастанию
forecast-no_weights = смеси нужны части, у каждой вес больше нуля
forecast-needs_contract = `{ $name }` – деньги, и не сказано, показатель чего это
    .help = добавьте `contract`: form, span, price, measure, geography, counterfactual, balance
forecast-real_without_year = реальные цены – цены какого-то года
    .help = добавьте `base_year`
forecast-year_without_real = базовый год бывает только у реальных цен
forecast-not_yet = дата { $date } позже сегодняшней, { $today }
forecast-expires_first = срок истекает { $date }, раньше собственной даты
forecast-expired = срок источника истёк { $date }; сегодня { $today }
    .help = проверьте число заново или укажите, до какого дня им ещё можно пользоваться
forecast-years = последний год раньше первого или дальше чем за { $max } лет
forecast-too_many = слишком много `{ $what }`: { $found }
    .expected = не больше { $max }
forecast-too_large = формулы вместе слишком велики
    .expected = не больше { $max } шагов
forecast-name_taken = имя `{ $name }` занято
    .help = имена входов, рядов и показателей общие; у `time`, `year`, `capacity` и `sectors` есть собственный смысл
forecast-unknown_name = имени `{ $name }` нет
    .nearest = может быть, `{ $nearest }`?
forecast-circular = формула зависит от себя самой: { $path }
forecast-formula = здесь формула непонятна
    .expected = имена, числа, + - * / ^, скобки и функции; степени – целые числа до 9
forecast-formula_long = формула слишком длинна
    .expected = не больше { $max } байт
forecast-formula_deep = слишком много вложенных скобок
    .expected = не больше { $max } уровней
forecast-unknown_function = функции `{ $name }` нет
    .expected = одна из: { $functions }
    .nearest = может быть, `{ $nearest }`?
forecast-arguments = у `{ $name }` аргументов { $found }
    .expected = { $wanted }
forecast-argument_unit = `{ $function }` не принимает этого: здесь { $found }
    .expected = { $wanted }
forecast-unlike_units = складываются или сравниваются разные единицы: { $left } и { $right }
forecast-unlike_contracts = складываются или сравниваются разные показатели ({ $differ })
    .help = пересчитайте один из них формулой, в которой видно как, или не смешивайте: смешение определений – главная причина, по которой прогнозы расходятся в двадцать раз
forecast-unit_of_figure = формула измеряет { $found }, а показатель заявлен как { $declared }
forecast-contract_of_figure = формула даёт не тот показатель, что заявлен ({ $differ })
forecast-correlated_twice = корреляция { $pair } указана дважды
forecast-correlated_with_itself = `{ $name }` коррелирует сам с собой
forecast-correlated_constant = `{ $name }` – постоянная и ни с чем не меняется вместе
forecast-impossible_correlations = эти корреляции противоречат друг другу. Ближайшие возможные: { $nearest_possible }
    .help = запишите возможные или `repair_correlations = true` в заголовке, чтобы взять ближайшие
forecast-series_lacks = у ряда `{ $name }` нет значения за { $year }
forecast-capacity_file = мощность из `{ $file }` не читается: { $why }
    .expected = таблица со столбцами year, accelerators, power_mw и, если есть, why
forecast-capacity_lacks = мощность за { $year } не указана
    .help = «не указана» – не «нет»: где её нет, пишите 0
forecast-capacity_twice = мощность за { $year } указана дважды
forecast-target_year = год цели вне модели
    .expected = от { $first } до { $last }
forecast-target_unlike = цель и показатель разные ({ $differ })
    .help = цель сравнивают только с показателем того же определения; `span = "unstated"` считает оба прочтения
forecast-target_unit = цель в { $found }, а показатель в { $figure }
forecast-unknown_belief = опубликованной оценки `{ $name }` нет
    .expected = одна из: { $ids }
    .nearest = может быть, `{ $nearest }`?
forecast-belief_alone = оценке нужна цель, к которой её прикладывают
forecast-belief_unlike = определение оценки не то, что у цели ({ $differ })
    .help = скажите в `assumes`, что надо допустить, чтобы её перенести
forecast-bad_set = `{ $value }` – не значение
    .expected = число или "низ to верх"
forecast-unknown_set = задать `{ $name }` нельзя
    .expected = plan.capacity или input.ИМЯ
forecast-divided_by_zero = `{ $figure }` делит на ноль в { $year }; зависит от { $inputs }
    .help = дайте делителю распределение, которое не бывает нулём
forecast-no_value = у `{ $figure }` нет значения в { $year }: не число или слишком велико; зависит от { $inputs }
forecast-targets_differ = у двух моделей нет общей первой цели
    .help = разность бывает только у одной и той же цели в тех же прочтениях

## Результаты

report-title = { $title }
report-disagree = Опубликованные оценки расходятся в { $times } раз: от { $least_points } пункта в год ({ $least }) до { $most_points } ({ $most }). Они измеряют разное; ни одна не принята за истину.
report-target = Цель: { $figure } не меньше { $at_least } { $unit } к { $by } ({ $source })
report-contract = что это: { $words }
report-reading = { $reading }: достигается с вероятностью { $probability }; медиана { $median } { $unit }, 90 % – от { $low } до { $high }
report-capacity = Что позволяет мощность. { $binding }
report-no-capacity = Мощность плана не задана: внедрение не ограничено, и о мегаваттах этот прогноз ничего не говорит.
report-beliefs = Что опубликованные оценки значили бы для цели
report-belief = { $source } (вес { $weight }): { $chances }; допущение: { $assumes }
report-weighted = с этими весами, { $reading }: { $probability }
report-figure = { $figure }, { $unit }: { $formula }
report-sensitivity = Что сильнее всего изменило бы { $figure } в { $year } (индексы Соболя без корреляций; показатель при 5 % и 95 % входа; насколько знание входа уменьшило бы оценку Брайера)
report-boundary = Что должно быть верно для равных шансов, `{ $first }` и `{ $second }`
report-point = { $first }: { $needed }
report-backcast = Назад от цели: среднее по достигшим её реализациям и по всем
report-no-backcast = Назад от цели: её достигает слишком мало реализаций, чтобы сказать, что у них общего.
report-path = { $year }: { $among } ({ $all })
report-shift = `{ $input }` стоит в среднем на { $percentile }-м процентиле вместо 50-го
report-assumed = Допущено или оценено, а не измерено, заявлено или взято из источника: { $inputs }. Внедрение на сегодня допущено в отраслях: { $sectors }.
report-repaired = корреляция { $pair }: запрошена { $asked }, взята { $used }
report-run = Реализаций { $draws } в { $repetitions } повторах, начальное число { $seed }; ± – половина 90 %-го интервала.
report-difference = { $reading }: { $before } → { $after }, { $change } п. п.
report-step = { $what }: { $change }
report-before = До: { $binding }
report-after = После: { $binding }
report-unchanged = Не изменилось входов: { $count }; вклад каждого ровно 0.
binding = В { $year } не хватает ресурса «{ $resource }»: работает { $share } желаемого, всего не хватает с вероятностью { $too_small }{ $why }.
binding-power = электрическая мощность, { $power } МВт
binding-accelerators = ускорители, { $accelerators } шт.
binding-none = Мощность не ограничивает ни в одном году.
needed-any = годится любое значение
needed-nothing = недостаточно никакого значения из диапазона
needed-at-least = не меньше { $value } ({ $percentile }-й процентиль)
needed-at-most = не больше { $value } ({ $percentile }-й процентиль)
span-annual = в этом году
span-cumulative = суммой до этого года
span-unstated = не сказано
col-year = ГОД
col-power = МВт
col-accelerators = УСКОРИТЕЛЕЙ
col-share = РАБОТАЕТ
col-too-small = НЕ ХВАТАЕТ
col-mean = СРЕДНЕЕ
col-input = ВХОД
col-first = САМ
col-total = ВСЕГО
col-low = ВНИЗУ
col-high = ВВЕРХУ
col-brier = ЗНАНИЕ
page-fan = { $figure } по годам, { $unit }: полосы содержат 90 % и 50 % реализаций, линия – медиана
page-tornado = { $figure } при 5 % и 95 % каждого входа, прочие посередине
page-capacity = Что позволяет мощность
page-published = Опубликованные оценки рядом, пункты в год, как сказано в каждой
page-inputs = Все входы и откуда они
col-input-low = ВХОД ВНИЗУ
col-input-high = ВХОД ВВЕРХУ
col-source = ИСТОЧНИК
col-published = КАК ОПУБЛИКОВАНО
col-contract = ЧТО ЭТО
col-mark = ПОМЕТКА
col-range = 5 – 50 – 95 %
col-unit = ЕДИНИЦА
col-basis = ОСНОВАНИЕ
col-expires = ГОДНО ДО

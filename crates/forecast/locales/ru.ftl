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
forecast-shape_outside = параметр бета-распределения вне пределов от 0,001 до 100000: напишите число или интервал
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
forecast-class_missing = отрасль `{ $sector }` не называет класс работы, а другие называют
    .help = где мощность сказана по классам, у каждой отрасли с `intensity` есть `class`: столбец КЛАСС_per_s таблицы мощности
forecast-class_unknown = мощность не говорит, сколько класса `{ $class }` можно обслужить в { $year }
    .help = добавьте в таблицу столбец { $class }_per_s (`freehold plan solve` пишет по одному на класс) или `per_s = {"{"} { $class } = … {"}"}` в каждый год
forecast-resolved_twice = чем кончилась цель `{ $target }` прогноза `{ $forecast }` в этом прочтении, сказано дважды
    .help = один исход на каждое прочтение каждой цели
forecast-share_outside = `{ $name }` – доля, а её 90 %-й интервал – от { $low } до { $high }
    .expected = от 0 до 1
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

tell-disagree = Опубликованные оценки расходятся { $times }-кратно: от { $least_points } пункта в год ({ $least }) до { $most_points } ({ $most }). Они измеряют разное; ни одна не принята за истину.
tell-goal = { $figure }: не меньше { $at_least } { $unit } к { $by } году
tell-target = { $goal }. Насколько вероятно: { $chances }.
tell-chance = { $reading } – { $probability }, { $likely ->
        [hardly] почти невозможно
        [surely] почти наверняка
        [yes] скорее да, чем нет
       *[no] скорее нет, чем да
    }
tell-most = Что изменило бы ответ сильнее всего: { $first } (с взаимодействиями – { $first_share } неопределённости), затем { $second } ({ $second_share }).
tell-counted = { $how_many ->
        [none] Ни один вход не допущен и не оценён: все ({ $inputs }) измерены, заявлены или опубликованы.
       *[many] Допущены или оценены, а не измерены, заявлены или опубликованы, { $assumed } из { $inputs } { $form ->
            [one] входа
           *[many] входов
        }.
    }
tell-set = Задано вместо сказанного в файле: { $set }. Корреляции файла остаются.
tell-set-correlated = Что задано одним числом, ни с чем вместе не меняется: его корреляции не действуют, а связанное с ним выбирается как прежде.
tell-both-readings = Источник не говорит, сумма ли это за один год или за несколько: посчитаны оба прочтения.
tell-sure = Насколько это точно: { $reading } девять реализаций из десяти лежат между { $low } и { $high } { $unit }. Этот разброс – то, что оставляют открытым входы. Знак ± рядом с вероятностью намного меньше: он говорит лишь, насколько точно реализации отвечают модели, а не насколько верна модель.
tell-asked-reading = Всё дальнейшее – об изменениях, равных шансах и пути назад – спрашивает о таком прочтении: { $reading }. Его вероятность ближе всего к равным шансам; почти достоверное или почти невозможное прочтение ничего не сказало бы.
tell-no-capacity = Мощность плана не задана: внедрение не ограничено, и о мегаваттах этот прогноз ничего не говорит.
tell-binds = Сильнее всего мощность ограничивает в { $year } году: не хватает ресурса «{ $resource }»; работать может { $share } желаемого, и на всё её не хватает с вероятностью { $too_small }{ $why }.
tell-capacity-assumed = Эта мощность – иллюстрация автора модели, а не решённый план: её заменяет мощность плана (`--case` или `--set plan.capacity=FILE`).
tell-true-none = Никакая пара значений этих двух входов в их пределах не даёт равных шансов: иначе должно быть не только это.
tell-changes-most = Сильнее всего мощность меняется в { $year } году: работать может { $after } желаемого вместо { $before }; не хватает ресурса «{ $resource }», до этого – «{ $resource_before }»{ $why }.
tell-changes-nothing = Работать может столько же во все годы до цели: изменение мощности до неё не доходит.
tell-unbounded = Если бы мощность не ограничивала, при тех же розыгрышах: { $list }.
tell-unbounded-one = { $reading } – шанс { $probability } и среднее { $mean } { $unit } вместо { $with } с ограничением
tell-binds-nothing = Мощность не ограничивает ни в одном году.
tell-first-binding = { $year } – первый год, в котором мощности скорее не хватает, чем хватает.
tell-capacity-from = Откуда мощность: { $source }; файл: { $file }; { $basis }.
resource-power = электрическая мощность, { $amount } МВт
resource-accelerators = ускорители, { $amount } шт.
resource-fleet = ускорители плана для этой работы, всего { $amount } шт.
tell-beliefs = Каждая опубликованная оценка перенесена на цель формулой этой модели при названном допущении; ни одна не заменяет модель. Последние строки смешивают те, у которых есть вес. Вероятность по самой модели – выше, у цели.
tell-mixture = смесь
tell-mixture-is = по этим весам
tell-formula = Считается так: { $formula }. Что это: { $contract }.
tell-fan = { $figure }: в { $year } году половина реализаций ниже { $median }, девять из десяти – между { $low } и { $high }. Полосы содержат 90 % и 50 % реализаций, линия – медиана.
tell-fan-asked = Пунктир – то, чего требует цель, прочитанная как сумма за один год: { $asked }.
tell-change = О чём спрашивается: { $question }.
tell-tornado = { $question }: { $low } при 5 % входа «{ $input }», { $high } при 95 %, { $middle } – когда все входы посередине. Самая длинная полоса двигает сильнее всего; связанные входы двигаются здесь по одному.
tell-sobol = Индексы Соболя делят неопределённость. Индекс первого порядка – доля, которую вход вносит сам, полный – со всеми взаимодействиями; «от» и «до» – 90 %-й интервал. Корреляции здесь отложены; у групп связанных входов индексы свои.
tell-brier = Чего стоило бы знание входа: оценка Брайера – средний квадрат расстояния между названной вероятностью и тем, что случилось (0 или 1); меньше – лучше, 0,25 всегда получает тот, кто называет равные шансы. Таблица говорит, насколько оценка снизилась бы в среднем, если бы вход был известен заранее.
tell-worth = Дороже всего: { $best }.
tell-worth-none = Ни у одного входа её не отличить от нуля: шанс, который почти верен или почти невозможен, таким и остаётся, что бы ни стало известно об одном входе.
tell-perfect = Знать всё до решения стоило бы в среднем { $gain }, в единице показателя решения.
tell-true = Для равных шансов ({ $question }): каким должен быть вход «{ $second }» при каждом значении входа «{ $first }», когда прочие меняются как обычно. Эти два важнее всего.
tell-needed = При «{ $first }» = { $value } ({ $unit }) вход «{ $second }»: { $needed }.
needed-any = годится любое значение
needed-nothing = недостаточно никакого значения из диапазона
needed-at-least = не меньше { $value } ({ $unit }), процентиль { $percentile }
needed-at-most = не больше { $value } ({ $unit }), процентиль { $percentile }
tell-backcast = У реализаций, достигших цели ({ $question }), в среднем общее вот что: { $shifted }. Вход на процентиле 50 – такой же, как во всех.
tell-shift = { $input } – на процентиле { $percentile }
tell-no-backcast = Цели достигает слишком мало реализаций, чтобы сказать, что у них общего.
tell-path = В { $year } году среднее { $among } по достигшим цели и { $all } по всем.
tell-so-far = { $sector }: { $basis ->
        [measured] измерено по записям об использовании до { $date }: работают { $active } из { $apps } приложений (кривая через них даёт в среднем { $share } в { $year } году)
        [given] { $share } в { $year } году, из источника, который это измерил или утверждает
       *[assumed] { $share } в { $year } году – допущение: ни записи, ни источник этого не говорят
    }
tell-adoption = Сколько внедряют отрасли после ограничения мощностью: среднее по реализациям.
tell-judged = { $input }: { $basis } ({ $source })
tell-adopted-assumed = внедрение на сегодня допущено в отраслях: { $sectors }
tell-repaired = корреляция { $pair }: запрошена { $asked }, взята { $used }, потому что запрошенные противоречат друг другу
tell-plus-minus = ± – половина 90 %-го интервала оценки, по тому, насколько расходятся повторы. Больше реализаций – меньше ±, но не вернее модель.
tell-ninety = «90 % между» значит: по этой модели и этим входам там лежат девять исходов из десяти. Если неверен вход, неверен и интервал.
tell-repeat = Та же модель, то же число реализаций и то же начальное число дают те же числа на любой машине.
tell-difference-title = Что меняется: { $title }
tell-difference = { $reading }: вероятность была { $before }, стала { $after }, изменение { $change } п. п.; среднее было { $value_before }, стало { $value_after }, изменение { $value_change } { $unit }.
tell-unchanged = { $form ->
        [one] Не изменился { $count } вход; его вклад
        [few] Не изменились { $count } входа; вклад каждого
       *[many] Не изменилось { $count } входов; вклад каждого
    } ровно 0.
tell-common-draws = Реализаций { $draws }, начальное число { $seed }, реализации до и после одни и те же: что не изменилось, вносит ровно ноль. ± – половина 90 %-го интервала.
reading-annual = за один { $by } год
reading-cumulative = суммой с { $first } по { $by } год
reading-unstated = не сказано
head-published = Насколько расходятся опубликованные оценки
head-targets = Цель
head-capacity = Что позволяет мощность
head-beliefs = Что опубликованные оценки значили бы для цели
head-figures = По годам
head-change = Что изменило бы ответ сильнее всего
head-true = Что должно быть верно для равных шансов
head-back = Обратный расчёт: от цели
head-adoption = Внедрение по отраслям
head-assumed = Что допущено, а не измерено
head-inputs = Все входы и откуда они
head-method = Насколько это точно и как повторить
head-difference = Изменение
fact-target = Цель
fact-contract = Что это за показатель
fact-draws = Реализаций
fact-repetitions = Повторов
fact-seed = Начальное число
fact-sampling = Как выбраны
fact-before = До
fact-after = После
sampling-latin = латинский гиперкуб
sampling-sobol = последовательность Соболя, перемешанная
table-targets = Насколько вероятно и между чем и чем
table-published = Как опубликовано: процентные пункты в год, у каждой оценки своё определение
table-sobol = Доли неопределённости
table-groups = Группы связанных входов
table-knowing = Насколько снизилась бы оценка Брайера
table-shifts = Где стоят входы у реализаций, достигших цели
table-correlations = Ранговые корреляции
table-steps = Вклад каждого изменения; вместе они дают разность
chart-capacity = Какая часть желаемого может работать и с какой вероятностью мощности не хватает, %
chart-tornado = По одному входу, от 5 % до 95 %
chart-true = Линия равных шансов
chart-adoption = Доля внедривших, %
step-capacity = мощность плана
step-correlations = корреляции
step-structure = устройство модели
basis-measured = измерено
basis-declared = заявлено
basis-cited = из источника
basis-estimated = оценено
basis-assumed = допущено
adopted-measured = измерено
adopted-given = по источнику
adopted-assumed = допущено
contract-words = { $form ->
        [rate] темп роста
       *[level] сумма
    } { $span ->
        [annual] за один год
        [cumulative] накопленным итогом за годы
       *[unstated] за один год или за несколько (источник не говорит)
    }, { $price ->
        [nominal] в текущих ценах
        [real] в ценах { $base_year } года
       *[none] не деньги
    }; { $measure ->
        [gdp] валовой внутренний продукт
        [gva] валовая добавленная стоимость
        [tfp] совокупная производительность факторов
        [labour_productivity] производительность труда
        [surplus] потребительский излишек
        [revenue] выручка
        [use_case_value] ценность применений, не часть ВВП
        [economic_effect] что сберегают или получают пользователи
       *[cost] затраты
    }; { $geography ->
        [RU] Россия
        [US] США
        [EU] Европейский союз
        [OECD] ОЭСР
        [world] мир
       *[other] { $geography }
    }; по сравнению с { $counterfactual ->
        [no-ai] миром без ИИ
       *[other] { $counterfactual }
    }; { $balance ->
        [net] за вычетом вложений и вытеснения
       *[gross] до вычета вложений и вытеснения
    }
unit-plain = доля единицы
unit-thousand = тыс.
unit-mn = млн
unit-bn = млрд
unit-trn = трлн
unit-s = с
unit-h = ч
unit-hour = час
unit-day = день
unit-year = год
unit-W = Вт
unit-kW = кВт
unit-MW = МВт
unit-GW = ГВт
unit-GPU = ускоритель
unit-accelerator = ускоритель
unit-token = токен
unit-PFLOP = ПФЛОП
unit-request = запрос
unit-person = человек
unit-firm = фирма
unit-site = площадка
unit-pp = п. п.
unit-RUB = руб.
unit-EUR = евро
unit-USD = долл.
col-target = Цель
col-reading = Прочтение
col-probability = Вероятность
col-probability-low = от
col-probability-high = до
col-p5 = 5 %
col-p25 = 25 %
col-median = Медиана
col-p75 = 75 %
col-p95 = 95 %
col-unit = Единица
col-year = Год
col-power-mw = Мощность, МВт
col-accelerators = Ускорителей
col-share = Может работать
col-share-low = от
col-share-high = до
col-too-small = Не хватает с вероятностью
col-by-power = Из-за мощности
col-why = Почему
col-source = Источник
col-published = Как опубликовано
col-contract = Что это за показатель
col-points-a-year-low = Пунктов в год, от
col-points-a-year-high = до
col-method = Метод
col-mark = Насколько проверено
col-weight = Вес
col-assumes = Что допущено
col-mean = Среднее
col-mean-low = от
col-mean-high = до
col-input = Вход
col-input-low = Вход при 5 %
col-input-high = Вход при 95 %
col-input-unit = Его единица
col-low = Показатель тогда
col-high = и тогда
col-first = Первого порядка
col-first-low = от
col-first-high = до
col-total = Полный
col-total-low = от
col-total-high = до
col-brier = Оценка Брайера ниже на
col-brier-low = от
col-brier-high = до
col-decision = Решение выигрывает
col-decision-low = от
col-decision-high = до
col-input-percentile = Процентиль
col-input-value = Значение
col-second-input = Второй вход
col-second-needed = Должен быть
col-second-percentile = Процентиль
col-second-words = Словами
col-percentile = Средний процентиль
col-percentile-low = от
col-percentile-high = до
col-among = По достигшим цели
col-among-low = от
col-among-high = до
col-all = По всем реализациям
col-all-low = от
col-all-high = до
col-sector = Отрасль
col-curve = Кривая
col-so-far = На сегодня
col-wanted = Внедрили бы
col-can = Могут внедрить
col-id = Имя
col-basis = Основание
col-owner = Ответственный
col-date = Дата
col-expires = Годно до
col-asked = Запрошено
col-used = Взято
col-before = До
col-after = После
col-change = Изменение
col-change-low = от
col-change-high = до
col-value-before = Среднее до
col-value-after = Среднее после
col-value-change = Изменение среднего
col-what = Что изменилось
track-title = Счёт сбывшихся прогнозов
track-nothing = К тому, что разрешилось, не относится ни один сохранённый прогноз.
track-lead = Средняя оценка Брайера { $brier } по { $count } { $form ->
        [one] разрешившемуся прочтению
       *[many] разрешившимся прочтениям
    } (надёжность { $reliability }, различение { $resolution }, неопределённость { $uncertainty }); меньше – лучше, равные шансы всегда получают 0,25.
track-unmatched = { $form ->
        [one] { $count } исход не относится
        [few] { $count } исхода не относятся
       *[many] { $count } исходов не относятся
    } ни к одному сохранённому прогнозу.
track-scores = Что было сказано и что случилось
track-scores-are = Оценки Брайера и логарифмическая – для вероятности; непрерывная ранговая (CRPS), «пинбол» 90 %-го уровня и оценка 90 %-го интервала – для распределения, в единицах цели. Меньше – лучше везде.
track-calibration = Калибровка
track-calibration-plot = Что называли столь вероятным и как часто оно случалось, %
track-calibration-is = Хорошо откалибровано там, где линии сходятся: из названного вероятным на 70 % случилось 70 %. Мало прочтений в группе говорят мало.
track-sharpness = Острота
track-sharpness-is = среднее p (1 − p): 0, если всё называли достоверным, 0,25, если всё называли равновероятным
track-standings = По людям и по моделям
track-enough = Место есть только у имени, у которого разрешилось { $enough } прочтений: меньше – слишком плохо отличает удачу от умения.
track-unranked = нужно { $enough }
track-people = По людям
track-models = По моделям
track-annual = за год
track-cumulative = суммой
track-yes = достигнута
track-no = не достигнута
col-forecast = Прогноз
col-by = Кто
col-frozen = Сохранён
col-value = Вышло
col-happened = Случилось
col-brier-score = Оценка Брайера
col-log-score = Логарифмическая
col-crps = CRPS
col-pinball-90 = Пинбол, 90 %
col-interval-90 = Интервал, 90 %
col-from = От
col-to = До
col-count = Прочтений
col-said = Сказано
col-happened-share = Случилось
col-rank = Место
col-name = Имя
look-title = Вычислительная мощность рядом с чужой
look-unlike = Сравниваются только показатели одного определения, и ничто не складывается: чипы одной системы, Linpack, объявленные пики и электроэнергия всех дата-центров – четыре разные вещи.
look-sentence = { $name }: { $value } { $unit } в { $year } году. По плану { $ours } в { $our_year } году, { $share } от этого; отставание в годах: { $behind }.
look-range = от { $low } до { $high }
look-open = { $low } или больше (верхний край – не до { $last })
look-already = нет: столько же есть в первый год плана, { $first }
look-at-most = не больше { $high }
look-never = не до { $last }
look-plan = План
look-plan-is = План приходит к { $accelerators } ускорителям и { $power } МВт в { $year } году.
look-beside = Рядом с другими, по тому же определению
look-behind-is = Отставание: первый год, в котором план достигает чужой величины, минус год этой величины; от её нижнего края до верхнего. Меньше нуля – план впереди. Поколения чипов здесь не различаются.
look-others = Показатели других определений: показаны, ни с чем не сравниваются
look-definitions = Определения
look-compared = сравнивается с планом
look-shown = только показано
look-unit-accelerators = ускорителей
look-unit-power = МВт
col-reference = Что
col-of = Чьё
col-definition = Определение
col-theirs = Величина
col-theirs-low = от
col-theirs-high = до
col-our-year = План в
col-ours = имеет
col-part = Доля
col-ours-per-million = На миллион жителей
col-theirs-per-million = у другого
col-growth = План растёт в год на
col-years-behind-low = Отставание в годах, от
col-years-behind-high = до
col-behind = Словами
col-meaning = Что значит
col-use = Как используется

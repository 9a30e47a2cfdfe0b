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
exposure-levels = Что нужно запросам, получившим ответ
exposure-shares = Доли — от всего использования с ответом. ОСТАНЕТСЯ: какая часть использования с весом критичности могла бы пойти по своему маршруту в другое место, если это отрезать. РАВНЫХ: столько равных поставщиков дали бы ту же концентрацию.
exposure-cuts = Если отрезать что-то одно
worst-cut = Худшее: { $key }. Останется по критичности { $critical }, по запросам { $requests }, целых приложений { $apps }.
worst-cut-none = Ничто вне дома, отрезанное по отдельности, ничего не останавливает.
cut-sets = { $app } по `{ $route }` останавливают: { $sets }
substitutes = Что могло бы заменить
substitute-0 = 0 нет
substitute-1 = 1 названа
substitutes-note = 1 названа: на маршруте по последнему решению есть ещё одно разрешённое развёртывание. Для 2 нужна оценка, для 3 и 4 — учение на трафике: их пока нет.

## Выводы о зависимости

finding-undeclared-snapshot = Запросов { $requests } решено по снимку { $id }, который не сохранён: никто не скажет, что им было нужно
finding-undeclared-app = Запросов { $requests } — от приложения `{ $id }`, которого нет в его контуре
finding-undeclared-deployment = Запросов { $requests } ушло в `{ $id }`, которого нет в контуре
finding-undeclared-key = { $share } запросов нужно то, о чём никто не заявил, что это: { $level }
finding-undeclared-levels = Никто ничего не заявил о том, каковы: { $levels }
finding-shared-parent = { $operators } заменяют друг друга и суть одно: их конечный владелец — `{ $parent }`. Запросов { $requests } приложений { $apps } считают их разными
finding-foreign-control = `{ $id }` лежит дома, но его оператора `{ $operator }` могут принудить из { $places }: запросов { $requests }, и ещё { $more } могут пойти туда
finding-single-point = { $app } по `{ $route }` останавливает любое из: { $keys }
finding-other-model = `{ $id }` говорит о { $requests } ответах, что их дала не та модель, о которой просили
finding-disagreeing = Запросов { $requests } ушло туда, куда правила их же снимка, спрошенные снова, не пустили бы: их записи от выпуска, который записывал не всё, по чему решалось

report-table = Таблица
report-contents = Содержание
report-ordered = от заказа до ввода
report-serves = в работе
report-here = как есть сейчас
report-no-places = ни у одного места нет координат

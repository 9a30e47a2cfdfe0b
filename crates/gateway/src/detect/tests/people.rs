use super::check;
use crate::detect::{Address, Detectors, Person};

#[test]
fn people() {
    check(
        &Person,
        &[
            "Договор с [Иваном Петровым] подписан, а [Мария Ивановна Сидорова] отказалась.",
            "[Петров Иван Сергеевич], 1980 г. р.; [Иванов И. И.] и [А.С. Пушкин]",
            "Пишу [Анне Сергеевне] и [Ольге Кузнецовой], спросите у [Дмитрия Шевченко]",
            "г-н [Абрамсон], пациент [Орлов], клиентка [Смирнова Анна], доктор Живаго",
            "ФИО: [КУЗНЕЦОВА ОЛЬГА ПЕТРОВНА]",
            "Dear [John Smith], please ask [Mary Jane Watson] or Mr. [Abernathy] about it.",
            "Name: [Emily O'Neil], patient: [Robert McDonald], Dr. [Smith]",
            "Herr [Müller] und Frau [Katharina Schneider], Mme [Dubois], Sig. [Rossi], Pani [Nowak]",
            "[James T. Kirk]'s order",
        ],
    );
}

#[test]
fn people_who_are_none() {
    check(
        &Person,
        &[
            "Московский государственный университет, Красная площадь, Нижний Новгород",
            "Вера в людей. Новый роман вышел. Любовь и верность. Магазин закрыт. Витамин А. Далее",
            "Российская Федерация и Республика Беларусь; Иван приехал. Ольга ушла. Банк России",
            "Will Apple buy it? Mark Twain Street. May Day. Grace Period. Paris Agreement on Monday. New York Times",
            "Monday Morning Report, Virginia Beach, San Francisco, United Nations, Jordan River, Bill Payment",
            "use std::sync::Arc; ClassName.MethodName(Foo, Bar) John Deere, Johns Hopkins University",
            "The Committee of Ministers. In March Parliament met. Dear Customer, Dear Sir or Madam",
            "Client: Acme Corp; Name: Project Phoenix; A. Price list\nB. Cook book",
        ],
    );
}

#[test]
fn houses() {
    check(
        &Address,
        &[
            "живёт по адресу: [ул. Ленина, д. 5, кв. 12], звонить",
            "[г. Москва, ул. Тверская, д. 10, корп. 2]; [Невский проспект, 45]",
            "на [улице Льва Толстого, дом 16] и [пр-т Мира 101], [Ленинский пр., д. 3а]",
            "индекс [190000], номер 190000",
            "at [221 Baker Street], [10 Downing St], [1600 Pennsylvania Avenue, Apt 4], [350 Fifth Avenue]",
            "[Hauptstraße 5], [Berliner Straße 12a]; [12 rue de la Paix], [via Roma 25], [calle Mayor 7]",
            "[ul. Marszałkowska 10], [Kerkstraat 15], [Piazza del Duomo, 3]",
            "the 5 streets, 3 ways to win, Section 5, 10 people on the street, in 2024 Wall Street fell",
            "в 2024 году 5 улиц, проспект на 5 страницах, ул. без номера, д. 5, стр. 12, пункт 5, площадь 45 м",
            "Figure 5 Road map, Ring 5, Weg 3, Version 12 Drive, page 12, via TCP 8080, via the ISO 8601",
        ],
    );
}

#[test]
fn an_index_belongs_to_its_address() {
    let text = "123456, г. Москва, ул. Тверская, д. 10, корп. 2; Иван Петров";
    let found: Vec<_> = Detectors::standard().find(text).into_iter().map(|span| &text[span.range]).collect();
    assert_eq!(found, ["123456, г. Москва, ул. Тверская, д. 10, корп. 2", "Иван Петров"]);
}

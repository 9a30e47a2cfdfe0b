//! Text that holds nobody's data, of the kinds that most requests are: nothing may be found in it.

use crate::detect::Detectors;

const ENGLISH: &str = "The committee met on Tuesday, 12 March 2024, and agreed that the Annual Report would be published before \
the end of the quarter. Sales grew by 12.5% to 1,450,000 units; see Section 5, Figure 3 and pages 10-12. In 2023 Wall Street \
expected 4 rate cuts. The New York Times and Red Hat wrote about it. Order 4508 123456 of 01.02.2024 cost $1,299.00. Will \
Apple ship version 17.2.1.5 in May? ISBN 978-3-16-148410-0 is in print. Call 2 people at 10 in the morning.";
const RUSSIAN: &str = "Комитет собрался во вторник, 12 марта 2024 года, и решил, что Годовой отчёт выйдет до конца квартала. \
Продажи выросли на 12,5 % до 1 450 000 штук; см. раздел 5, рисунок 3 и стр. 10-12. Российская Федерация и Республика \
Беларусь подписали Договор № 123456 от 01.02.2024. Заказ № 4508 123456 на сумму 12 990,00 руб. Вера в успех и надежда на \
лучшее. Московский государственный университет открыл 5 площадок. Магазин работает с 10 до 22. Версия 2.10.4.1 вышла.";
const CODE: &str = r#"use std::collections::HashMap;
impl<T: Clone> Tree<T> { pub fn insert(&mut self, key: u64) -> Option<Node> { self.map.get(&key).copied() } }
const MASK: u64 = 0xFF51_AFD7_ED55_8CCD; // 64 bits, see Section 4.2.1.1
let addr = "127.0.0.1:8080"; assert_eq!(a::b::c(1), [1, 2, 3]); x = arr[10] + 4111 * 1111;
def token_count(text: str) -> int: return len(text.split()) # max_tokens=128000, seed=1234567890
SELECT id, sum(amount) FROM Orders WHERE created_at > '2024-02-01 12:30:45' GROUP BY id HAVING count(*) > 100;
git commit 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b, sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae
docker run -p 8080:80 --name web nginx:1.25.3 && kubectl get pods -n Kube-System
"#;
const TABLE: &str = "id,date,amount,status\n100234,2024-02-01,1299.00,paid\n100235,2024-02-02,15.50,open\n\
100236,2024-02-03,7700000.25,paid\n№;Дата;Сумма\n1;01.02.2024;1 299,00\n2;02.02.2024;15,50\n3;03.02.2024;7 700 000,25\n";
const LOG: &str = "2024-02-01T12:30:45.123Z INFO req-01HQ3Z8X GET /api/v1/orders/100234 200 15ms\n\
2024-02-01 12:30:46,456 WARN [main-7] o.a.k.Consumer - Offset 1234567890123 out of range (0x7ffd)\n\
[   12.345678] usb 1-1.2: new high-speed USB device number 5, idVendor=0781, rev 1.00\n\
trace 4bf92f3577b34da6a3ce929d0e0e4736 span 00f067aa0ba902b7 uuid 550e8400-e29b-41d4-a716-446655440000\n";

#[test]
fn nothing_is_found_in_harmless_text() {
    for text in [ENGLISH, RUSSIAN, CODE, TABLE, LOG] {
        let found: Vec<_> =
            Detectors::standard().find(text).into_iter().map(|span| (span.kind, &text[span.range])).collect();
        assert!(found.is_empty(), "{found:?}");
    }
}

/// Texts made to be slow: what grows with the square of the length takes minutes here instead of moments.
#[test]
fn no_text_takes_long() {
    const LENGTH: usize = 400_000;
    let begin = std::time::Instant::now();
    for piece in [
        "sk-",
        "\\",
        "\\u0040\\",
        "A ",
        "Аа ",
        "1 2 ",
        "12 3456 ",
        "-----BEGIN ",
        "a=",
        "+a=@",
        "ул. Ленина ",
        "1a-",
        "::1",
        "1.2.",
        "eyJ.",
        "паспорт 12 ",
        "«",
        "Mr ",
        "A. ",
        "van ",
        "12 rue ",
        "x@",
        "41 ",
        "token: a1",
        "ИНН ",
        "a1b2",
        "AAAA1",
        "( ",
    ] {
        let text = piece.repeat(LENGTH / piece.len());
        Detectors::standard().find(&text);
        Detectors::standard().find(&format!("{text} \\u0040 1234567"));
    }
    assert!(begin.elapsed() < std::time::Duration::from_secs(60), "{:?}", begin.elapsed());
}

use std::sync::Arc;

use serde_json::json;

use super::*;

/// All bytes, some longer texts, and the end, which is the last.
fn vocabulary() -> Arc<Vocabulary> {
    let longer = ["he", "hello", "да", "нет", "{\"", "\":", "aaaaaaaa", "  "];
    let pieces = (0..=255u8).map(|b| vec![b]).chain(longer.iter().map(|s| s.as_bytes().to_vec()));
    Arc::new(Vocabulary::new(pieces.map(|p| (p, false)).chain([(Vec::new(), false), (b"<end>".to_vec(), true)])))
}

fn end(vocabulary: &Vocabulary) -> u32 {
    vocabulary.len() - 1
}

fn gbnf(text: &str) -> Result<Grammar, Refusal> {
    Grammar::of_gbnf(&vocabulary(), text, &|_| None)
}

fn refused(text: &str) -> String {
    let refusal = gbnf(text).err().unwrap_or_else(|| panic!("taken: {text:.60}"));
    assert_eq!((refusal.status, refusal.param.as_deref()), (400, Some("grammar")));
    refusal.message
}

/// Whether the grammar takes the whole text, byte by byte.
fn takes(text: &str, answer: &str) -> bool {
    let mut grammar = gbnf(text).unwrap_or_else(|e| panic!("{text}: {}", e.message));
    for byte in answer.bytes() {
        let token = u32::from(byte);
        let logits = vec![1.0; grammar.vocabulary.len() as usize];
        let masked = grammar.mask(&logits).expect("within bounds")[token as usize].is_finite();
        assert_eq!(masked, grammar.allows(token).expect("within bounds"), "{text}: {answer}");
        if !masked {
            return false;
        }
        grammar.accept(token).expect("allowed");
    }
    let end = end(&vocabulary());
    grammar.allows(end).expect("within bounds")
}

fn doubling(leaf: &str) -> String {
    let rule = |i: u8| {
        format!("{} ::= {1} {1}\n", if i == 0 { "root".into() } else { format!("r{i}") }, format!("r{}", i + 1))
    };
    (0..24).map(rule).collect::<String>() + &format!("r24 ::= {leaf}\n")
}

#[test]
fn notation_is_read_as_llama_cpp_reads_it() {
    for (text, good, bad) in [
        ("root ::= \"a\" | \"bc\" # or\n", &["a", "bc"][..], &["", "b", "ab"][..]),
        ("root ::= x{2,3} y*\nx ::= [a-c\\-]\ny ::= .", &["ab", "a-c", "abcd€"], &["a", "xy"]),
        ("root ::= [^a-z\"]+ \"\\x41\\u00e9\\U0001F600\\n\"", &["0Aé😀\n"], &["aAé😀\n"]),
        ("root ::= (\"да\" | \"нет\")? (\n \"!\"\n)", &["да!", "нет!", "!"], &["да", "д!"]),
        ("root ::= \"(\" root \")\" | \"\"", &["", "(())"], &["(()", "())"]),
        ("root ::= list\nlist ::= item (\",\" item)* \nitem ::= [0-9]{1,}", &["1", "12,3"], &["", ",", "1,"]),
        ("root ::= \"ab\"{2} \"c\"?", &["abab", "ababc"], &["ab", "ababab"]),
    ] {
        for answer in good {
            assert!(takes(text, answer), "{text}: {answer}");
        }
        for answer in bad {
            assert!(!takes(text, answer), "{text}: {answer}");
        }
    }
}

#[test]
fn tokens_are_asked_about_whole() {
    let vocabulary = vocabulary();
    let mut grammar = gbnf("root ::= \"hello\" | \"hé\"").expect("compiles");
    let of = |text: &str| (0..vocabulary.len()).find(|t| vocabulary.piece(*t) == text.as_bytes()).expect("a token");
    let allowed = |grammar: &mut Grammar| {
        let mask = grammar.mask(&vec![0.5; vocabulary.len() as usize]).expect("within bounds");
        (0u32..).zip(mask).filter(|(_, x)| x.is_finite()).map(|(t, _)| t).collect::<Vec<_>>()
    };
    assert_eq!(allowed(&mut grammar), [u32::from(b'h'), of("he"), of("hello")]);
    grammar.accept(u32::from(b'h')).expect("allowed");
    // `e`, and the first byte of `é`; nothing that only looks like it.
    assert_eq!(allowed(&mut grammar), [u32::from(b'e'), 0xC3]);
    grammar.accept(0xC3).expect("allowed");
    assert_eq!(allowed(&mut grammar), [0xA9]);
    grammar.accept(0xA9).expect("allowed");
    assert_eq!(allowed(&mut grammar), [end(&vocabulary)]);
}

#[test]
fn tokens_may_be_named() {
    let known = |text: &str| (text == "<think>").then_some(264);
    let mut grammar = Grammar::of_gbnf(&vocabulary(), "root ::= <think> !<[65]> \"b\"", &known).expect("compiles");
    assert!(grammar.allows(264).expect("cheap") && !grammar.allows(65).expect("cheap"));
    grammar.accept(264).expect("allowed");
    assert!(!grammar.allows(65).expect("cheap") && grammar.allows(66).expect("cheap"));
    grammar.accept(66).expect("allowed");
    assert!(grammar.allows(u32::from(b'b')).expect("cheap"));
    assert!(refused("root ::= <nothing>").contains("no token"));
    assert!(refused("root ::= <[99999999]>").contains("no token"));
}

#[test]
fn what_is_no_grammar_is_said_with_its_place() {
    for (text, said) in [
        ("", "no rule `root`"),
        ("root ::= missing", "no rule `missing`"),
        ("root ::= \"a\"\nroot ::= \"b\"", "twice"),
        ("root ::= (\"a\"", "expected `)`"),
        ("root ::= \"a\"\n\nx ::= [a", "line 3"),
        ("root ::= *", "can be repeated"),
        ("root ::= \"\\x4\"", "2 hexadecimal digits"),
        ("root ::= \"a\"{5,2}", "ends below"),
        ("root = \"a\"", "`::=`"),
    ] {
        let message = refused(text);
        assert!(message.contains(said), "{text}: {message}");
    }
}

#[test]
fn bombs_are_refused_before_they_go_off() {
    let chain = (0..5000).map(|i| format!("a{i} ::= a{}\n", i + 1)).collect::<String>();
    for (text, said) in [
        (doubling("\"x\"?"), "too ambiguous"),
        (doubling("\"x\"").replace("::= r", "::= r1 | r"), "begin with itself"),
        (
            (0..24).map(|i| format!("r{i} ::= r{0} r{0} | r{0}\n", i + 1)).collect::<String>()
                + "root ::= r0\nr24 ::= \"x\"",
            "too ambiguous",
        ),
        (doubling("\"x\"*"), "too ambiguous"),
        (
            format!("root ::= \"{{\" r0\nr0 ::= r1 r1\n{}", doubling("\"x\"?").split_once('\n').expect("lines").1),
            "too ambiguous",
        ),
        ("root ::= root \"a\" | \"a\"".into(), "begin with itself"),
        // Left recursion behind rules that may be empty by way of others.
        ("root ::= b root \"x\" | \"y\"\nb ::= c\nc ::= \"y\"?".into(), "begin with itself"),
        ("root ::= (\"a\"*)*".into(), "begin with itself"),
        ("root ::= a\na ::= b\nb ::= a".into(), "begin with itself"),
        ("root ::= \"a\"{1,100000000}".into(), "more than 2000 times"),
        (format!("root ::= {}", "(\"a\"{2000}){2000} ".repeat(60)), "too large"),
        (format!("root ::= \"{}\"{{2000}}", "a".repeat(100)), "too large"),
        (format!("root ::= {}\"a\"{}", "(".repeat(5000), ")".repeat(5000)), "64 brackets"),
        (format!("root ::= a0\n{chain}a5000 ::= a0"), "begin with itself"),
    ] {
        let began = std::time::Instant::now();
        let message = refused(&text);
        assert!(message.contains(said), "{text:.60}: {message}");
        assert!(began.elapsed().as_secs() < 5, "{text:.60}: {:?}", began.elapsed());
    }
    // As long, and harmless.
    assert!(takes(&format!("root ::= a0\n{chain}a5000 ::= \"z\""), "z"));
    let mut long = gbnf(&doubling("\"x\"")).expect("one way only");
    (0..100).for_each(|_| long.accept(u32::from(b'x')).expect("affordable"));
}

/// Nothing of it can be seen before it is used: each character doubles the ways.
#[test]
fn a_bomb_that_goes_off_later_ends_its_own_answer() {
    let mut grammar = gbnf("root ::= \"a\" root \"b\" | \"a\" root \"c\" | \"a\"").expect("compiles");
    let began = std::time::Instant::now();
    let error = (0..4000).find_map(|_| grammar.accept(u32::from(b'a')).err()).expect("ends");
    assert_eq!((error.status, error.param.as_deref()), (400, Some("grammar")));
    assert!(error.message.contains("steps"), "{}", error.message);
    assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
}

#[test]
fn steps_are_given_back_with_each_token() {
    let mut grammar = gbnf("root ::= [a-z]* ").expect("compiles");
    for i in 0..20_000u32 {
        assert!(grammar.allows(u32::from(b'a') + i % 26).expect("affordable"));
        grammar.accept(u32::from(b'a') + i % 26).expect("affordable");
    }
    assert!(grammar.left > STEPS_BEFORE / 2, "{}", grammar.left);
    // Deep stacks are forgotten only where nothing comes back to them.
    let mut grammar = gbnf("root ::= \"(\" root \")\" | \"x\"").expect("compiles");
    for c in "(".repeat(150_000).bytes().chain([b'x']).chain(")".repeat(150_000).bytes()) {
        grammar.accept(u32::from(c)).expect("affordable");
    }
    assert!(grammar.allows(end(&vocabulary())).expect("affordable"));
}

#[test]
fn ordinary_schemas_are_taken_and_cheap() {
    let properties: serde_json::Map<String, serde_json::Value> =
        (0..100).map(|i| (format!("property_{i}"), json!({"type": ["string", "null"], "maxLength": 200}))).collect();
    for schema in [
        json!({"type": "object"}),
        json!({"type": "object", "properties": properties}),
        json!({"type": "object", "properties": properties, "additionalProperties": true}),
        json!({"type": "array", "items": {"type": "object", "properties": {"a": {"type": "number"}}}, "maxItems": 2000}),
        json!({"type": "array", "items": {"enum": (0..1000).collect::<Vec<_>>()}, "minItems": 100, "maxItems": 100}),
        json!({"type": "integer", "minimum": -5, "maximum": 999_999_999_999_999i64}),
        json!({"type": "string", "pattern": "^[A-Z]{2}[0-9]{1,30}(-(x|y)+)?$"}),
        json!({"$ref": "#/$defs/n", "$defs": {"n": {"type": "object", "properties": {"n": {"$ref": "#/$defs/n"}}}}}),
    ] {
        let schema = Schema::read(Some(&json!({"json_schema": {"schema": schema}}))).expect("read");
        let began = std::time::Instant::now();
        let mut grammar = Grammar::of_schema(&vocabulary(), &schema).unwrap_or_else(|e| panic!("{}", e.message));
        let logits = vec![0.5; grammar.vocabulary.len() as usize];
        for _ in 0..200 {
            let mask = grammar.mask(&logits).expect("affordable");
            let Some(token) = mask.iter().rposition(|x| x.is_finite()).filter(|t| *t as u32 != end(&vocabulary()))
            else {
                break;
            };
            grammar.accept(token as u32).expect("affordable");
        }
        assert!(grammar.left > STEPS_BEFORE / 2, "{:.60}: {}", schema.text, grammar.left);
        assert!(began.elapsed().as_secs() < 10, "{:.60}: {:?}", schema.text, began.elapsed());
    }
}

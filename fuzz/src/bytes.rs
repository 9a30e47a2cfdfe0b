//! What lies in files: records, the ledger's own formats, weights.

use realm::record::Record;

pub fn records(data: &[u8]) {
    if let Ok(record) = Record::from_bytes(data) {
        let again = Record::from_bytes(&record.to_bytes()).expect("what is written reads");
        assert_eq!(record, again);
    }
}

pub fn ledger(data: &[u8]) {
    let _ = (ledger::segment::parse(data), ledger::system::parse(data), ledger::frame::read(data, 1));
    let _ = (ledger::receipt::Receipt::parse(data), ledger::policy_file::Policy::parse(data));
    let _ = ledger::note::Note::parse(data);
    if let Ok(text) = std::str::from_utf8(data) {
        let _ = (ledger::checkpoint::Checkpoint::parse(text), ledger::note::Signature::parse(text));
    }
}

pub fn gguf(data: &[u8]) {
    let _ = engine::gguf::read(data, data.len() as u64);
}

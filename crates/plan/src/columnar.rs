//! Parquet: read as the rows of text that series and tables are read from anyway, so that problems are said alike; written from
//! columns of numbers and texts.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use bytes::Bytes;
use parquet::basic::{Compression, ConvertedType, Repetition, Type as Physical, ZstdLevel};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::ByteArray;
use parquet::errors::ParquetError;
use parquet::file::metadata::ParquetMetaData;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::SerializedFileWriter;
use parquet::record::Field;
use parquet::schema::types::Type;

/// Most cells of a file: thirty columns over ten years of hours, and more than a page of memory for each would be a bomb.
const CELLS_MAX: i64 = 4_000_000;
/// Most bytes that a file may say it unpacks to, and most that its text may have.
const BYTES_MAX: i64 = 256 << 20;
/// Most letters of one cell.
const CELL_MAX: usize = 1_000;
/// Columns that say which row it is: they stand first, wherever the file has them.
const LEADING: [&str; 2] = ["year", "hour"];

/// Values of one column; none: an empty cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Numbers.
    Numbers(Vec<Option<f64>>),
    /// Texts.
    Texts(Vec<Option<String>>),
}

/// A Parquet file as CSV: a header of names, a line a row, nothing for null.
///
/// # Errors
/// In words: not Parquet, damaged, nested columns, a cell that no CSV of ours could hold, too many cells.
pub fn to_csv(bytes: Vec<u8>) -> Result<String, String> {
    // The library is not proof against every damaged page.
    let read = catch_unwind(AssertUnwindSafe(|| rows(bytes)));
    read.unwrap_or_else(|_| Err("Parquet: the file is damaged".to_owned()))
}

fn rows(bytes: Vec<u8>) -> Result<String, String> {
    let said = |error: ParquetError| format!("Parquet: {error}");
    let reader = SerializedFileReader::new(Bytes::from(bytes)).map_err(said)?;
    let meta = reader.metadata().file_metadata();
    let schema = meta.schema_descr();
    let names: Vec<&str> = schema.root_schema().get_fields().iter().map(|it| it.name()).collect();
    if schema.num_columns() != names.len() || schema.columns().iter().any(|it| it.max_rep_level() > 0) {
        return Err("Parquet: every column must hold one value a row; some are nested".to_owned());
    }
    let cells = meta.num_rows().saturating_mul(i64::try_from(names.len()).unwrap_or(i64::MAX));
    if meta.num_rows() < 0 || cells > CELLS_MAX {
        return Err(format!("Parquet: {cells} cells, where {CELLS_MAX} are the most"));
    }
    is_honest(reader.metadata())?;
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_by_key(|at| LEADING.iter().position(|it| *it == names[*at]).unwrap_or(LEADING.len()));
    let mut text = String::new();
    line(&mut text, order.iter().map(|at| names[*at].to_owned()))?;
    for row in reader.get_row_iter(None).map_err(said)? {
        let row = row.map_err(said)?;
        let fields: Vec<&Field> = row.get_column_iter().map(|(_, field)| field).collect();
        let cells = order.iter().map(|at| fields.get(*at).map_or_else(|| Ok(String::new()), |it| cell(it)));
        line(&mut text, cells.collect::<Result<Vec<_>, _>>()?)?;
        if text.len() > BYTES_MAX as usize {
            return Err(format!("Parquet: more than {BYTES_MAX} bytes of text"));
        }
    }
    Ok(text)
}

/// Whether its parts say what the whole says, and unpack to what memory holds.
fn is_honest(meta: &ParquetMetaData) -> Result<(), String> {
    let groups = meta.row_groups();
    let rows: i64 = groups.iter().fold(0, |sum, it| sum.saturating_add(it.num_rows()));
    if rows != meta.file_metadata().num_rows() || groups.iter().any(|it| it.num_rows() < 0) {
        return Err("Parquet: its parts have other rows than it says".to_owned());
    }
    let columns = groups.iter().flat_map(|it| it.columns());
    let bytes = columns.fold(0_i64, |sum, it| sum.saturating_add(it.uncompressed_size().max(0)));
    if bytes > BYTES_MAX {
        return Err(format!("Parquet: it unpacks to {bytes} bytes, where {BYTES_MAX} are the most"));
    }
    Ok(())
}

fn line(text: &mut String, cells: impl IntoIterator<Item = String>) -> Result<(), String> {
    for (at, cell) in cells.into_iter().enumerate() {
        if cell.contains([',', '\n', '\r']) || cell.len() > CELL_MAX {
            let start: String = cell.chars().take(40).collect();
            return Err(format!("Parquet: a cell holds a comma or a break, or is too long: {start:?}"));
        }
        if at > 0 {
            text.push(',');
        }
        text.push_str(&cell);
    }
    text.push('\n');
    Ok(())
}

fn cell(field: &Field) -> Result<String, String> {
    Ok(match field {
        Field::Null => String::new(),
        Field::Bool(it) => it.to_string(),
        Field::Byte(it) => it.to_string(),
        Field::Short(it) => it.to_string(),
        Field::Int(it) => it.to_string(),
        Field::Long(it) => it.to_string(),
        Field::UByte(it) => it.to_string(),
        Field::UShort(it) => it.to_string(),
        Field::UInt(it) => it.to_string(),
        Field::ULong(it) => it.to_string(),
        Field::Float(it) => it.to_string(),
        Field::Double(it) => it.to_string(),
        Field::Str(it) => it.clone(),
        other => return Err(format!("Parquet: neither a number nor a text: {other}")),
    })
}

/// Columns as a Parquet file, compressed by zstd: numbers as DOUBLE, texts as UTF-8.
///
/// # Errors
/// In words: columns of unlike lengths, or what the library says.
pub fn from_columns(columns: &[(String, Values)]) -> Result<Vec<u8>, String> {
    let lengths: Vec<usize> = columns.iter().map(|(_, it)| it.len()).collect();
    if lengths.windows(2).any(|two| two[0] != two[1]) {
        return Err("Parquet: columns of unlike lengths".to_owned());
    }
    write(columns).map_err(|error| format!("Parquet: {error}"))
}

fn write(columns: &[(String, Values)]) -> Result<Vec<u8>, ParquetError> {
    let fields = columns.iter().map(|(name, values)| {
        let (physical, converted) = match values {
            Values::Numbers(_) => (Physical::DOUBLE, ConvertedType::NONE),
            Values::Texts(_) => (Physical::BYTE_ARRAY, ConvertedType::UTF8),
        };
        let field = Type::primitive_type_builder(name, physical).with_repetition(Repetition::OPTIONAL);
        Ok(Arc::new(field.with_converted_type(converted).build()?))
    });
    let fields = fields.collect::<Result<Vec<_>, ParquetError>>()?;
    let schema = Arc::new(Type::group_type_builder("table").with_fields(fields).build()?);
    let properties = WriterProperties::builder().set_compression(Compression::ZSTD(ZstdLevel::default())).build();
    let mut bytes = Vec::new();
    let mut writer = SerializedFileWriter::new(&mut bytes, schema, Arc::new(properties))?;
    let mut group = writer.next_row_group()?;
    for (_, values) in columns {
        let Some(mut column) = group.next_column()? else { break };
        let there = values.there();
        match (column.untyped(), values) {
            (ColumnWriter::DoubleColumnWriter(to), Values::Numbers(from)) => {
                let values: Vec<f64> = from.iter().flatten().copied().collect();
                to.write_batch(&values, Some(&there), None)?;
            }
            (ColumnWriter::ByteArrayColumnWriter(to), Values::Texts(from)) => {
                let values: Vec<ByteArray> = from.iter().flatten().map(|it| ByteArray::from(it.as_str())).collect();
                to.write_batch(&values, Some(&there), None)?;
            }
            _ => return Err(ParquetError::General("a column of another kind than its schema".to_owned())),
        }
        column.close()?;
    }
    group.close()?;
    writer.close()?;
    Ok(bytes)
}

impl Values {
    fn len(&self) -> usize {
        match self {
            Self::Numbers(it) => it.len(),
            Self::Texts(it) => it.len(),
        }
    }

    /// 1 where there is a value.
    fn there(&self) -> Vec<i16> {
        match self {
            Self::Numbers(it) => it.iter().map(|it| i16::from(it.is_some())).collect(),
            Self::Texts(it) => it.iter().map(|it| i16::from(it.is_some())).collect(),
        }
    }
}

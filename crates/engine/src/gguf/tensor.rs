//! Tensor descriptions: names, shapes, types, places.

use std::io::Read;

use super::reader::Cursor;
use super::{Error, at_most};

const DIMENSIONS_MAX: u64 = 4;
const NAME_BYTES_MAX: u64 = 63;

/// How a tensor's numbers are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TensorType {
    /// The number in the file.
    pub id: u32,
    /// The usual name.
    pub name: &'static str,
    /// Elements per block.
    pub block: u64,
    /// Bytes per block.
    pub block_bytes: u64,
}

macro_rules! types {
    ($($id:literal $name:literal $block:literal $bytes:literal;)*) => {
        const TYPES: &[TensorType] =
            &[$(TensorType { id: $id, name: $name, block: $block, block_bytes: $bytes }),*];
    };
}

types! {
    0 "F32" 1 4; 1 "F16" 1 2; 2 "Q4_0" 32 18; 3 "Q4_1" 32 20; 6 "Q5_0" 32 22; 7 "Q5_1" 32 24;
    8 "Q8_0" 32 34; 9 "Q8_1" 32 36; 10 "Q2_K" 256 84; 11 "Q3_K" 256 110; 12 "Q4_K" 256 144;
    13 "Q5_K" 256 176; 14 "Q6_K" 256 210; 15 "Q8_K" 256 292; 16 "IQ2_XXS" 256 66;
    17 "IQ2_XS" 256 74; 18 "IQ3_XXS" 256 98; 19 "IQ1_S" 256 50; 20 "IQ4_NL" 32 18;
    21 "IQ3_S" 256 110; 22 "IQ2_S" 256 82; 23 "IQ4_XS" 256 136; 24 "I8" 1 1; 25 "I16" 1 2;
    26 "I32" 1 4; 27 "I64" 1 8; 28 "F64" 1 8; 29 "IQ1_M" 256 56; 30 "BF16" 1 2;
    34 "TQ1_0" 256 54; 35 "TQ2_0" 256 66; 39 "MXFP4" 32 17;
}

impl TensorType {
    fn of(id: u32) -> Option<Self> {
        TYPES.iter().find(|t| t.id == id).copied()
    }
}

/// One tensor's description.
pub(super) struct Tensor {
    pub(super) name: String,
    pub(super) kind: TensorType,
    pub(super) elements: u64,
    pub(super) bytes: u64,
    pub(super) offset: u64,
}

impl Tensor {
    pub(super) fn read<R: Read>(cursor: &mut Cursor<R>, alignment: u64) -> Result<Self, Error> {
        let name = cursor.text("a tensor's name", NAME_BYTES_MAX)?;
        let rank = u64::from(cursor.u32(&name)?);
        at_most(&format!("rank of tensor `{name}`"), rank, DIMENSIONS_MAX)?;
        let mut row = 1;
        let mut elements: u64 = 1;
        for i in 0..rank {
            let n = cursor.u64(&name)?;
            if i == 0 {
                row = n;
            }
            elements = elements
                .checked_mul(n)
                .filter(|n| *n > 0 && i64::try_from(*n).is_ok())
                .ok_or_else(|| Error::Invalid(format!("tensor `{name}` has an impossible shape")))?;
        }
        let id = cursor.u32(&name)?;
        let kind =
            TensorType::of(id).ok_or_else(|| Error::Invalid(format!("tensor `{name}` has the unknown type {id}")))?;
        let offset = cursor.u64(&name)?;
        if row % kind.block != 0 {
            return Err(Error::Invalid(format!(
                "tensor `{name}`: rows of {row} do not fill {} blocks of {}",
                kind.name, kind.block
            )));
        }
        if offset % alignment != 0 {
            return Err(Error::Invalid(format!("tensor `{name}` starts at {offset}, not a multiple of {alignment}")));
        }
        let bytes = (elements / kind.block)
            .checked_mul(kind.block_bytes)
            .ok_or_else(|| Error::Invalid(format!("tensor `{name}` is impossibly large")))?;
        Ok(Self { name, kind, elements, bytes, offset })
    }
}

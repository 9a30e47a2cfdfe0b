//! The texts of all tokens, in the order in which a grammar is asked about them. Pure.

/// Longer tokens are not offered to a grammar: no sensible vocabulary has any.
const PIECE_BYTES_MAX: usize = 256;

/// The tokens of a model.
#[derive(Debug, Default)]
pub(in crate::child) struct Vocabulary {
    bytes: Vec<u8>,
    /// Where the text of each token begins; one more for the end.
    starts: Vec<u32>,
    /// Tokens that have a text, sorted by it.
    sorted: Vec<u32>,
    /// For each of `sorted`, how many bytes it begins with as the one before.
    common: Vec<u16>,
    /// Tokens that end an answer.
    ends: Vec<u32>,
}

impl Vocabulary {
    /// From each token's text, as answers show it, and whether it ends an answer.
    pub(in crate::child) fn new(pieces: impl Iterator<Item = (Vec<u8>, bool)>) -> Self {
        let mut all = Self { starts: vec![0], ..Self::default() };
        for (token, (piece, ends)) in (0u32..).zip(pieces) {
            if ends {
                all.ends.push(token);
            } else if !piece.is_empty() && piece.len() <= PIECE_BYTES_MAX {
                all.bytes.extend_from_slice(&piece);
                all.sorted.push(token);
            }
            all.starts.push(super::rules::index(all.bytes.len()));
        }
        let mut sorted = std::mem::take(&mut all.sorted);
        sorted.sort_unstable_by(|a, b| all.piece(*a).cmp(all.piece(*b)));
        all.common = std::iter::once(0).chain(sorted.windows(2).map(|w| all.alike(w[0], w[1]))).collect();
        all.sorted = sorted;
        all
    }

    fn alike(&self, a: u32, b: u32) -> u16 {
        let n = self.piece(a).iter().zip(self.piece(b)).take_while(|(x, y)| x == y).count();
        u16::try_from(n).unwrap_or(u16::MAX)
    }

    /// A token's text; empty if it has none that an answer shows.
    pub(super) fn piece(&self, token: u32) -> &[u8] {
        let at = token as usize;
        let range = self.starts.get(at).zip(self.starts.get(at + 1));
        range.and_then(|(from, to)| self.bytes.get(*from as usize..*to as usize)).unwrap_or_default()
    }

    pub(super) fn len(&self) -> u32 {
        super::rules::index(self.starts.len() - 1)
    }

    pub(super) fn ends(&self) -> &[u32] {
        &self.ends
    }

    /// All tokens with a text, sorted by it, and how much each shares with the one before.
    pub(super) fn sorted(&self) -> impl Iterator<Item = (u32, usize)> {
        self.sorted.iter().zip(&self.common).map(|(token, common)| (*token, usize::from(*common)))
    }
}

//! National forms: Russia and its neighbours, North America, France, and the trunk zero of most others.

use super::Group;

/// Some groups of digits as a candidate.
pub(super) struct Shape<'t> {
    pub(super) text: &'t str,
    pub(super) groups: &'t [Group],
    pub(super) digits: &'t [u8],
    /// The first group stands in brackets: an area code.
    pub(super) bracketed: bool,
    /// Nothing of the same run of numbers stands before.
    pub(super) leads: bool,
}

impl Shape<'_> {
    /// Whether the form alone says telephone.
    pub(super) fn is_phone(&self) -> bool {
        self.is_russian()
            || self.is_bracketed()
            || (self.leads && (self.is_american() || self.is_french() || self.is_trunk()))
    }

    /// Whether it can be one, when the words before it say so.
    pub(super) fn is_plausible(&self) -> bool {
        (6..=12).contains(&self.digits.len()) && self.groups.len() <= 6 && !self.is_date()
    }

    /// `8 (9xx) xxx-xx-xx` in all its spellings, and the same with a 7 whose plus was left out.
    fn is_russian(&self) -> bool {
        match self.digits {
            [b'8', b'3' | b'4' | b'8' | b'9', ..] if self.digits.len() == 11 => self.is_dialled(),
            [b'7', b'9', ..] if self.digits.len() == 11 => self.is_dialled(),
            [b'7', b'3' | b'4' | b'7' | b'8', ..] if self.digits.len() == 11 => {
                self.is_dialled() && self.groups.len() > 2
            }
            _ => false,
        }
    }

    /// The prefix stands alone, or with the area code, or everything in one piece.
    fn is_dialled(&self) -> bool {
        matches!((self.groups.len(), self.groups[0].len()), (1, 11) | (2..=6, 1 | 4..=6))
    }

    /// `(495) 123-45-67`, `(212) 555-0123`, `(030) 1234567`
    fn is_bracketed(&self) -> bool {
        let area = self.groups[0].len();
        self.bracketed && self.groups.len() > 1 && (2..=5).contains(&area) && (9..=12).contains(&self.digits.len())
    }

    /// `212-555-0123`, with a 1 before it or without.
    fn is_american(&self) -> bool {
        let (digits, groups) = match (self.digits, self.groups) {
            ([b'1', rest @ ..], [one, groups @ ..]) if one.len() == 1 => (rest, groups),
            whole => whole,
        };
        let sizes = groups.iter().map(|group| group.len()).eq([3, 3, 4]);
        sizes && matches!(digits, [b'2'..=b'9', _, _, b'2'..=b'9', ..]) && self.is_even(groups)
    }

    /// `06 12 34 56 78`
    fn is_french(&self) -> bool {
        let pairs = self.groups.len() == 5 && self.groups.iter().all(|group| group.len() == 2);
        pairs && matches!(self.digits, [b'0', b'1'..=b'9', ..]) && self.is_even(self.groups)
    }

    /// `030 1234567`, `0171/1234567`, `020 7946 0958`
    fn is_trunk(&self) -> bool {
        let prefix = matches!(self.digits, [b'0', b'1'..=b'9', ..]);
        let size = (10..=12).contains(&self.digits.len()) && (3..=5).contains(&self.groups[0].len());
        let apart = (2..=5).contains(&self.groups.len()) && !self.gaps(self.groups).any(|gap| gap.contains('.'));
        prefix && size && apart
    }

    /// `01.02.2024`, `2024-02-01`
    fn is_date(&self) -> bool {
        let mut sizes = self.groups.iter().map(|group| group.len());
        matches!(
            (sizes.next(), sizes.next(), sizes.next(), sizes.next()),
            (Some(2), Some(2), Some(2 | 4), None) | (Some(4), Some(2), Some(2), None)
        )
    }

    fn gaps<'s>(&'s self, groups: &'s [Group]) -> impl Iterator<Item = &'s str> {
        groups.windows(2).map(|pair| &self.text[pair[0].end..pair[1].start])
    }

    /// Whether one and the same gap stands between all groups.
    fn is_even(&self, groups: &[Group]) -> bool {
        let mut gaps = self.gaps(groups);
        let first = gaps.next();
        gaps.all(|gap| Some(gap) == first)
    }
}

//! What goes wrong on a link: loss, copies and late frames, by count, by kind
//! of frame, or by a seeded chance.

use std::fmt;
use std::time::Duration;

use crate::chance::Chance;
use crate::frame::Frame;

type Kind = Box<dyn Fn(&Frame) -> bool + Send>;

/// Something that befalls frames in one direction of a link.
///
/// It befalls every frame, unless narrowed: [`of`](Self::of) a kind, and of
/// those the [`nth`](Self::nth) or [one in so many](Self::one_in).
///
/// ```
/// use virtual_network::{Frame, Impairment};
///
/// // The first SYN+ACK is lost.
/// let first = Impairment::lose().of(Frame::is_syn_ack).nth(1);
/// // One frame in five is lost, drawn with seed 7.
/// let some = Impairment::lose().one_in(5, 7);
/// ```
pub struct Impairment {
    effect: Effect,
    kind: Option<Kind>,
    nth: Option<u64>,
    chance: Option<(Chance, u64)>,
    seen: u64,
}

impl fmt::Debug for Impairment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Impairment")
            .field("effect", &self.effect)
            .field("nth", &self.nth)
            .field("seen", &self.seen)
            .finish_non_exhaustive()
    }
}

/// The sum of what befalls one frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Effect {
    /// It does not arrive.
    pub(crate) lost: bool,
    /// It arrives twice.
    pub(crate) copied: bool,
    /// It arrives later than the link's delay says, by this much.
    pub(crate) late: Duration,
}

impl Effect {
    pub(crate) fn add(&mut self, other: Self) {
        self.lost |= other.lost;
        self.copied |= other.copied;
        self.late += other.late;
    }
}

impl Impairment {
    fn new(effect: Effect) -> Self {
        Self { effect, kind: None, nth: None, chance: None, seen: 0 }
    }

    /// Frames are lost.
    pub fn lose() -> Self {
        Self::new(Effect { lost: true, ..Effect::default() })
    }

    /// Frames arrive twice, both at the same time.
    pub fn duplicate() -> Self {
        Self::new(Effect { copied: true, ..Effect::default() })
    }

    /// Frames take longer by `late`, so that later ones overtake them.
    pub fn delay(late: Duration) -> Self {
        Self::new(Effect { late, ..Effect::default() })
    }

    /// Only frames for which `kind` is true. The others are not counted.
    pub fn of(
        mut self,
        kind: impl Fn(&Frame) -> bool + Send + 'static,
    ) -> Self {
        self.kind = Some(Box::new(kind));
        self
    }

    /// Only the `nth` of them, the first being 1.
    pub fn nth(mut self, nth: u64) -> Self {
        self.nth = Some(nth);
        self
    }

    /// Only one in `n` of them on average, drawn from `seed`: the same seed
    /// draws the same frames, always. `n` is 1 or more.
    pub fn one_in(mut self, n: u64, seed: u64) -> Self {
        self.chance = Some((Chance::new(seed), n.max(1)));
        self
    }

    /// What befalls `frame`, which is the next one in this direction.
    pub(crate) fn on(&mut self, frame: &Frame) -> Effect {
        if self.kind.as_ref().is_some_and(|kind| !kind(frame)) {
            return Effect::default();
        }
        self.seen += 1;
        let chosen = self.nth.is_none_or(|nth| nth == self.seen);
        let drawn = match &mut self.chance {
            Some((chance, n)) => chance.one_in(*n),
            None => true,
        };
        if chosen && drawn { self.effect } else { Effect::default() }
    }
}

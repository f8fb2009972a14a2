//! A pointer as the browser tells of it: which, where, how hard, and what it does.

use evolume_model::geometry::ViewPoint;

/// What points.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PointerKind {
    #[default]
    Mouse,
    Pen,
    Finger,
}

/// The button that a pointer has pressed; a finger and a pen's tip press the main one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Button {
    #[default]
    Main,
    Middle,
    Other,
}

/// The keys that are held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Modifiers {
    pub shift: bool,
    pub ctrl: bool,
    pub alt: bool,
}

/// Where a pointer was on its way, and how hard it pressed, from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Sample {
    pub at: ViewPoint,
    pub pressure: f32,
    /// Milliseconds of the engine's clock.
    pub time: f64,
}

/// A mouse, pen or finger at a moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pointer {
    pub id: i32,
    pub kind: PointerKind,
    pub button: Button,
    pub sample: Sample,
    pub modifiers: Modifiers,
    /// How many times it was pressed here in short order: 2 selects a word, 3 a line.
    pub clicks: u32,
    /// Where it was since the last event, the latest last, while it is down.
    pub coalesced: Vec<Sample>,
}

/// What a pointer does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    Down,
    /// Down or not.
    Move,
    Up,
    /// The system has taken it away: what it began is given up.
    Cancel,
}

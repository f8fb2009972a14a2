//! What pointers do on the pages: one gesture at a time, begun by the tool and ended by the pointer.

mod marquee;
mod palm;
mod pan;
mod pointer;
mod select;

use evolume_model::geometry::ViewPoint;
use evolume_model::viewing::Tool;

use self::marquee::Marquee;
use self::palm::Palm;
use self::pan::Pan;
pub use self::pointer::{Button, Modifiers, Phase, Pointer, PointerKind, Sample};
use self::select::Select;
use super::{Cursor, Effect, Engine};

/// What is being done.
#[derive(Debug, Default)]
enum Gesture {
    #[default]
    Idle,
    Select(Select),
    Pan(Pan),
    Marquee(Marquee),
}

/// The tool, what it does just now, and where the pointer is.
#[derive(Debug, Default)]
pub(super) struct Pointers {
    tool: Tool,
    gesture: Gesture,
    /// Where the pointer is that can rest over something: a mouse, a pen, or what selects.
    at: Option<ViewPoint>,
    palm: Palm,
}

impl Pointers {
    pub fn tool(&self) -> Tool {
        self.tool
    }

    pub fn at(&self) -> Option<ViewPoint> {
        self.at
    }

    pub fn is_selecting(&self) -> bool {
        matches!(self.gesture, Gesture::Select(_))
    }

    /// How the pointer looks, unless that depends on what is under it.
    pub fn cursor(&self) -> Option<Cursor> {
        match (self.tool, &self.gesture) {
            (Tool::Select, _) => None,
            (Tool::Hand, Gesture::Pan(_)) => Some(Cursor::Grabbing),
            (Tool::Hand, _) => Some(Cursor::Hand),
            (Tool::Marquee, _) => Some(Cursor::Cross),
        }
    }

    /// The frame that is being drawn: left, upper edge, width, height in CSS pixels.
    pub fn frame(&self) -> Option<[f64; 4]> {
        match &self.gesture {
            Gesture::Marquee(marquee) => Some(marquee.frame()),
            _ => None,
        }
    }

    /// When a gesture goes on by itself.
    pub fn next_wake(&self) -> Option<f64> {
        match &self.gesture {
            Gesture::Pan(pan) => pan.rests_at(),
            _ => None,
        }
    }
}

impl Engine {
    pub(super) fn point(&mut self, now: f64, phase: Phase, pointer: &Pointer, effects: &mut Vec<Effect>) {
        if self.pointers.palm.rejects(now, phase, pointer) {
            return;
        }
        // A pen ends what the hand beside it has begun.
        if pointer.kind == PointerKind::Pen && self.pointers.is_by_finger() {
            self.cancel_gesture();
        }
        match phase {
            Phase::Down => self.pointer_down(now, pointer),
            Phase::Move => self.pointer_move(now, pointer),
            Phase::Up => self.pointer_up(now, pointer, effects),
            Phase::Cancel => self.pointer_cancel(pointer),
        }
    }

    fn pointer_down(&mut self, now: f64, pointer: &Pointer) {
        let at = pointer.sample.at;
        if pointer.kind == PointerKind::Finger {
            match &mut self.pointers.gesture {
                Gesture::Pan(pan) if pan.is_by_finger() => pan.join(pointer.id, at),
                Gesture::Idle => {
                    let rests = (self.pointers.tool == Tool::Select).then_some(now);
                    self.pointers.gesture = Gesture::Pan(Pan::finger(pointer.id, at, rests));
                }
                _ => {}
            }
            return;
        }
        self.cancel_gesture();
        self.pointers.at = Some(at);
        match (pointer.button, self.pointers.tool) {
            (Button::Main, Tool::Select) => self.begin_select(now, pointer),
            (Button::Main, Tool::Marquee) => {
                self.pointers.gesture = Gesture::Marquee(Marquee::new(pointer.id, at));
            }
            (Button::Main, Tool::Hand) | (Button::Middle, _) => {
                self.pointers.gesture = Gesture::Pan(Pan::button(pointer.id, at));
            }
            (Button::Other, _) => {}
        }
    }

    fn pointer_move(&mut self, now: f64, pointer: &Pointer) {
        let at = pointer.sample.at;
        if pointer.kind != PointerKind::Finger {
            self.pointers.at = Some(at);
        }
        match &mut self.pointers.gesture {
            Gesture::Idle if pointer.kind != PointerKind::Finger && self.pointers.tool == Tool::Select => {
                self.point_at_link(at);
            }
            Gesture::Idle => {}
            Gesture::Select(select) if select.is_by(pointer.id) => self.select_to(at),
            Gesture::Select(_) => {}
            Gesture::Pan(pan) => {
                let push = pan.moved(pointer.id, at);
                self.push(now, push);
            }
            Gesture::Marquee(marquee) => marquee.moved(pointer.id, at),
        }
    }

    fn pointer_up(&mut self, now: f64, pointer: &Pointer, effects: &mut Vec<Effect>) {
        let at = pointer.sample.at;
        match &mut self.pointers.gesture {
            Gesture::Select(select) if select.is_by(pointer.id) => self.end_select(at, effects),
            Gesture::Pan(pan) => {
                let tapped = pan.up(pointer.id);
                if pan.is_over() {
                    self.pointers.gesture = Gesture::Idle;
                }
                if tapped && self.pointers.tool == Tool::Select {
                    self.begin_select(now, pointer);
                    self.end_select(at, effects);
                }
            }
            Gesture::Marquee(marquee) if marquee.is_by(pointer.id) => {
                marquee.moved(pointer.id, at);
                let frame = marquee.frame();
                self.pointers.gesture = Gesture::Idle;
                self.enlarge(now, frame);
            }
            _ => {}
        }
    }

    /// A pointer was taken away: nothing follows from where it was.
    fn pointer_cancel(&mut self, pointer: &Pointer) {
        let over = match &mut self.pointers.gesture {
            Gesture::Idle => false,
            Gesture::Select(select) => select.is_by(pointer.id),
            Gesture::Marquee(marquee) => marquee.is_by(pointer.id),
            Gesture::Pan(pan) => {
                pan.up(pointer.id);
                pan.is_over()
            }
        };
        if over {
            self.cancel_gesture();
        }
    }

    fn cancel_gesture(&mut self) {
        self.pointers.gesture = Gesture::Idle;
    }

    /// Takes up a tool.
    pub(super) fn take_tool(&mut self, tool: Tool) {
        self.pointers.tool = tool;
        self.cancel_gesture();
    }

    /// Puts the tool down; what selects goes on.
    pub(super) fn drop_tool(&mut self) {
        self.pointers.tool = Tool::Select;
        if !self.pointers.is_selecting() && !self.pointers.is_by_finger() {
            self.cancel_gesture();
        }
    }

    /// Time has passed under a gesture.
    pub(super) fn hold_gesture(&mut self, now: f64) {
        let rested = match &mut self.pointers.gesture {
            Gesture::Pan(pan) => pan.take_rested(now),
            _ => None,
        };
        if let Some((id, at)) = rested {
            self.rest_on(now, id, at);
        }
        self.scroll_at_edge(now);
    }

    /// Whether fingers are on the pages.
    pub fn is_touched(&self) -> bool {
        self.pointers.is_by_finger()
    }
}

impl Pointers {
    fn is_by_finger(&self) -> bool {
        match &self.gesture {
            Gesture::Pan(pan) => pan.is_by_finger(),
            Gesture::Select(select) => select.is_by_finger(),
            Gesture::Idle | Gesture::Marquee(_) => false,
        }
    }
}

//! Wheel, mouse, touch and pen on the canvas, as events for the engine.

use std::cell::RefCell;
use std::rc::Rc;

use evolume_model::geometry::ViewPoint;
use wasm_bindgen::prelude::*;
use web_sys::{AddEventListenerOptions, HtmlCanvasElement, MouseEvent, PointerEvent, WheelEvent, Window};

use crate::browser::host::{Shared, ask, send};
use crate::engine::{Engine, Event, Selecting};

/// CSS pixels of a line when the wheel counts lines.
const LINE: f64 = 40.;
/// How strongly a wheel notch zooms.
const WHEEL_ZOOM: f64 = 0.0022;

/// A finger that stays so long where it is selects the word under it, in milliseconds.
const REST_MS: i32 = 450;
/// A finger that has moved less far, in CSS pixels, has not moved.
const SLOP: f64 = 8.;

/// The main button of a mouse, and its wheel's, as `MouseEvent.button` counts.
const MAIN: i16 = 0;
const MIDDLE: i16 = 1;

/// A finger, pen or mouse that is down.
struct Down {
    id: i32,
    at: ViewPoint,
}

/// The fingers that are down, and what they do.
#[derive(Default)]
struct Touch {
    downs: Vec<Down>,
    /// They push or zoom the pages: no longer a tap, nor a finger at rest.
    moved: bool,
    /// The only one has rested on text and selects now.
    selects: bool,
    /// The timer of the one that rests.
    timer: Option<i32>,
}

impl Touch {
    /// Another pointer is down; whether it may come to rest.
    fn down(&mut self, event: &PointerEvent) -> bool {
        self.downs.push(Down { id: event.pointer_id(), at: point(event) });
        if self.selects {
            return false;
        }
        self.moved = is_mouse(event) || self.downs.len() > 1;
        !self.moved
    }

    fn moves(&mut self, event: &PointerEvent) -> Vec<Event> {
        let Some(first) = self.downs.first() else { return Vec::new() };
        let (from, to) = (first.at, point(event));
        if self.selects {
            return if first.id == event.pointer_id() { vec![Event::Move { at: to }] } else { Vec::new() };
        }
        self.moved |= (from.x - to.x).hypot(from.y - to.y) > SLOP;
        if self.moved { drag(&mut self.downs, event) } else { Vec::new() }
    }

    /// A pointer is up, or was taken away.
    fn up(&mut self, event: &PointerEvent, taken: bool) -> Vec<Event> {
        let before = self.downs.len();
        self.downs.retain(|down| down.id != event.pointer_id());
        if self.downs.len() == before {
            return Vec::new();
        }
        let at = point(event);
        if std::mem::take(&mut self.selects) {
            return vec![Event::Lift { at }];
        }
        let tap = before == 1 && !self.moved && !taken && self.timer.is_some();
        if tap { vec![Event::Press { at, clicks: 1, extend: false }, Event::Lift { at }] } else { Vec::new() }
    }
}

type Listener = Closure<dyn FnMut(JsValue)>;

/// The listeners; they go with it.
pub struct Input {
    canvas: HtmlCanvasElement,
    listeners: Vec<(&'static str, Listener)>,
    /// Called when a finger has rested.
    _rested: Rc<Closure<dyn FnMut()>>,
}

impl Input {
    /// Listens on the canvas.
    pub fn new(canvas: &HtmlCanvasElement, host: &Shared) -> Result<Self, JsValue> {
        let downs: Rc<RefCell<Touch>> = Rc::default();
        let (held, to) = (downs.clone(), host.clone());
        let rested = Rc::new(Closure::<dyn FnMut()>::new(move || rest(&held, &to)));
        let window = web_sys::window().ok_or("no window")?;
        let mut input = Self { canvas: canvas.clone(), listeners: Vec::new(), _rested: rested.clone() };
        let to = host.clone();
        input.on("wheel", move |event: WheelEvent| {
            event.prevent_default();
            send(&to, wheel(&event));
        })?;
        let (held, surface, timers) = (downs.clone(), canvas.clone(), window.clone());
        input.on("pointerdown", move |event: PointerEvent| {
            // A mouse drags with its middle button; its main one selects.
            let selects = is_mouse(&event) && event.button() == MAIN;
            if is_mouse(&event) && event.button() != MIDDLE && !selects {
                return;
            }
            // Capture fails only for a pointer that is already up again.
            let _ = surface.set_pointer_capture(event.pointer_id());
            if selects {
                return;
            }
            event.prevent_default();
            let mut held = held.borrow_mut();
            clear(&timers, &mut held);
            if held.down(&event) {
                let callback = rested.as_ref().as_ref().unchecked_ref();
                held.timer =
                    timers.set_timeout_with_callback_and_timeout_and_arguments_0(callback, REST_MS).ok();
            }
        })?;
        let held = downs.clone();
        input.on("contextmenu", move |event: MouseEvent| {
            // A finger that rests selects.
            if !held.borrow().downs.is_empty() {
                event.prevent_default();
            }
        })?;
        // The mouse event, because a pointer event does not count clicks.
        let to = host.clone();
        input.on("mousedown", move |event: MouseEvent| {
            if event.button() == MAIN {
                let clicks = event.detail().max(1).unsigned_abs();
                send(&to, Event::Press { at: point(&event), clicks, extend: event.shift_key() });
            }
        })?;
        let (held, to) = (downs.clone(), host.clone());
        input.on("pointermove", move |event: PointerEvent| {
            let mut events = held.borrow_mut().moves(&event);
            if events.is_empty() && is_mouse(&event) {
                events.push(Event::Move { at: point(&event) });
            }
            events.into_iter().for_each(|event| send(&to, event));
        })?;
        for name in ["pointerup", "pointercancel"] {
            let (held, to, timers) = (downs.clone(), host.clone(), window.clone());
            input.on(name, move |event: PointerEvent| {
                let events = {
                    let mut held = held.borrow_mut();
                    let events = held.up(&event, name == "pointercancel");
                    clear(&timers, &mut held);
                    events
                };
                events.into_iter().for_each(|event| send(&to, event));
                if is_mouse(&event) && event.button() == MAIN {
                    send(&to, Event::Lift { at: point(&event) });
                }
            })?;
        }
        Ok(input)
    }

    fn on<E: JsCast>(&mut self, name: &'static str, mut f: impl FnMut(E) + 'static) -> Result<(), JsValue> {
        let closure: Listener = Closure::new(move |event: JsValue| {
            if let Ok(event) = event.dyn_into::<E>() {
                f(event);
            }
        });
        let options = AddEventListenerOptions::new();
        options.set_passive(false);
        let callback = closure.as_ref().unchecked_ref();
        self.canvas
            .add_event_listener_with_callback_and_add_event_listener_options(name, callback, &options)?;
        self.listeners.push((name, closure));
        Ok(())
    }
}

impl Drop for Input {
    fn drop(&mut self) {
        for (name, closure) in &self.listeners {
            // Removing a listener cannot fail in a way that matters any more.
            let _ = self.canvas.remove_event_listener_with_callback(name, closure.as_ref().unchecked_ref());
        }
    }
}

/// A finger has rested: where there is text it selects from now on.
fn rest(held: &RefCell<Touch>, to: &Shared) {
    let at = {
        let mut held = held.borrow_mut();
        held.timer = None;
        let alone = held.downs.len() == 1 && !held.moved;
        held.downs.first().filter(|_| alone).map(|down| down.at)
    };
    let Some(at) = at else { return };
    send(to, Event::Selecting(Selecting::Hold { at }));
    held.borrow_mut().selects = ask(to, Engine::is_selecting);
}

fn clear(window: &Window, held: &mut Touch) {
    if let Some(timer) = held.timer.take() {
        window.clear_timeout_with_handle(timer);
    }
}

fn is_mouse(event: &PointerEvent) -> bool {
    event.pointer_type() == "mouse"
}

fn point(event: &MouseEvent) -> ViewPoint {
    ViewPoint { x: event.offset_x().into(), y: event.offset_y().into() }
}

fn wheel(event: &WheelEvent) -> Event {
    let unit = match event.delta_mode() {
        WheelEvent::DOM_DELTA_LINE => LINE,
        WheelEvent::DOM_DELTA_PAGE => LINE * 20.,
        _ => 1.,
    };
    let (dx, dy) = (event.delta_x() * unit, event.delta_y() * unit);
    if event.ctrl_key() || event.meta_key() {
        let at = ViewPoint { x: event.offset_x().into(), y: event.offset_y().into() };
        // A pinch on a touchpad comes as small steps, a wheel as one large one.
        return Event::Zoom { factor: (-dy.clamp(-120., 120.) * WHEEL_ZOOM).exp(), at: Some(at) };
    }
    if event.shift_key() && dx == 0. { Event::Scroll { dx: dy, dy: 0. } } else { Event::Scroll { dx, dy } }
}

/// One pointer pans; two zoom around their middle and pan with it.
fn drag(downs: &mut [Down], event: &PointerEvent) -> Vec<Event> {
    let Some(moved) = downs.iter().position(|down| down.id == event.pointer_id()) else { return vec![] };
    let (old, new) = (downs[moved].at, point(event));
    downs[moved].at = new;
    let share = downs.len() as f64;
    let pan = Event::Scroll { dx: (old.x - new.x) / share, dy: (old.y - new.y) / share };
    let Some(other) = downs.iter().enumerate().find(|(i, _)| *i != moved).map(|(_, down)| down.at) else {
        return vec![pan];
    };
    let distance = |p: ViewPoint| (p.x - other.x).hypot(p.y - other.y).max(1.);
    let at = ViewPoint { x: (new.x + other.x) / 2., y: (new.y + other.y) / 2. };
    vec![pan, Event::Zoom { factor: distance(new) / distance(old), at: Some(at) }]
}

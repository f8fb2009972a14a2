//! Wheel, mouse, touch and pen on the canvas, as events for the engine.

use std::cell::RefCell;
use std::rc::Rc;

use evolume_model::geometry::ViewPoint;
use js_sys::{Array, Function, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{AddEventListenerOptions, HtmlCanvasElement, MouseEvent, PointerEvent, WheelEvent};

use crate::browser::host::{Shared, ask, send};
use crate::engine::{Button, Engine, Event, Modifiers, Phase, Pointer, PointerKind, Sample};

/// CSS pixels of a line when the wheel counts lines.
const LINE: f64 = 40.;
/// How strongly a wheel notch zooms.
const WHEEL_ZOOM: f64 = 0.0022;

type Listener = Closure<dyn FnMut(JsValue)>;

/// The listeners; they go with it.
pub struct Input {
    canvas: HtmlCanvasElement,
    listeners: Vec<(&'static str, Listener)>,
}

impl Input {
    /// Listens on the canvas.
    pub fn new(canvas: &HtmlCanvasElement, host: &Shared) -> Result<Self, JsValue> {
        let mut input = Self { canvas: canvas.clone(), listeners: Vec::new() };
        let to = host.clone();
        input.on("wheel", move |event: WheelEvent| {
            event.prevent_default();
            send(&to, wheel(&event));
        })?;
        // A pointer event does not count clicks, and so the mouse event that follows tells of the main button of
        // a mouse or a pen.
        let pressed: Rc<RefCell<Option<Pointer>>> = Rc::default();
        let (to, surface, pending) = (host.clone(), canvas.clone(), pressed.clone());
        input.on("pointerdown", move |event: PointerEvent| {
            let pointer = pointer(&event, Phase::Down);
            let touch = pointer.kind == PointerKind::Finger;
            if pointer.button == Button::Other {
                return;
            }
            // Capture fails only for a pointer that is already up again.
            let _ = surface.set_pointer_capture(event.pointer_id());
            if touch || pointer.button == Button::Middle {
                event.prevent_default();
                send(&to, Event::Pointer { phase: Phase::Down, pointer });
            } else {
                *pending.borrow_mut() = Some(pointer);
            }
        })?;
        let to = host.clone();
        input.on("mousedown", move |event: MouseEvent| {
            let pressed = pressed.borrow_mut().take();
            if event.button() == MAIN
                && let Some(pointer) = pressed
            {
                let pointer = Pointer { clicks: event.detail().max(1).unsigned_abs(), ..pointer };
                send(&to, Event::Pointer { phase: Phase::Down, pointer });
            }
        })?;
        let to = host.clone();
        input.on("contextmenu", move |event: MouseEvent| {
            // A finger that rests selects.
            if ask(&to, Engine::is_touched) {
                event.prevent_default();
            }
        })?;
        for (name, phase) in
            [("pointermove", Phase::Move), ("pointerup", Phase::Up), ("pointercancel", Phase::Cancel)]
        {
            let to = host.clone();
            input.on(name, move |event: PointerEvent| {
                send(&to, Event::Pointer { phase, pointer: pointer(&event, phase) });
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

/// The main button, and a mouse's wheel, as `MouseEvent.button` counts.
const MAIN: i16 = 0;
const MIDDLE: i16 = 1;

fn pointer(event: &PointerEvent, phase: Phase) -> Pointer {
    let kind = match event.pointer_type().as_str() {
        "mouse" => PointerKind::Mouse,
        "pen" => PointerKind::Pen,
        _ => PointerKind::Finger,
    };
    let button = match event.button() {
        MAIN => Button::Main,
        MIDDLE if kind == PointerKind::Mouse => Button::Middle,
        _ => Button::Other,
    };
    let at = point(event);
    let modifiers = Modifiers {
        shift: event.shift_key(),
        ctrl: event.ctrl_key() || event.meta_key(),
        alt: event.alt_key(),
    };
    let down = phase == Phase::Move && event.buttons() != 0;
    Pointer {
        id: event.pointer_id(),
        kind,
        button,
        sample: sample(event, at),
        modifiers,
        clicks: 1,
        coalesced: if down { coalesced(event, at) } else { Vec::new() },
    }
}

fn sample(event: &PointerEvent, at: ViewPoint) -> Sample {
    Sample { at, pressure: event.pressure(), time: event.time_stamp() }
}

/// Where the pointer was since the last event; empty where the browser does not tell.
fn coalesced(event: &PointerEvent, at: ViewPoint) -> Vec<Sample> {
    let method = Reflect::get(event, &"getCoalescedEvents".into()).and_then(JsCast::dyn_into::<Function>);
    let events = method.and_then(|method| method.call0(event)).and_then(JsCast::dyn_into::<Array>);
    let events = events.unwrap_or_default().into_iter().filter_map(|one| one.dyn_into::<PointerEvent>().ok());
    // Those have no target to be measured from.
    let away = |one: &PointerEvent| ViewPoint {
        x: at.x + f64::from(one.client_x()) - f64::from(event.client_x()),
        y: at.y + f64::from(one.client_y()) - f64::from(event.client_y()),
    };
    events.map(|one| sample(&one, away(&one))).collect()
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
        // A pinch on a touchpad comes as small steps, a wheel as one large one.
        return Event::Zoom { factor: (-dy.clamp(-120., 120.) * WHEEL_ZOOM).exp(), at: point(event) };
    }
    if event.shift_key() && dx == 0. { Event::Scroll { dx: dy, dy: 0. } } else { Event::Scroll { dx, dy } }
}

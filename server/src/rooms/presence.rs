//! Who is in a room: the awareness states of its clients, with the name that the server knows them by.

use evolume_annotations::sync::Awareness;
use evolume_model::access::Principal;
use serde_json::{Value, json};

/// Bytes of one state.
const MAX_STATE: usize = 2 << 10;
/// A state that is not renewed for so many milliseconds is over; clients renew every 15 seconds, tabs in
/// the background once a minute.
const LIFETIME: u64 = 100_000;

/// What one connection has said about itself.
#[derive(Debug, Default)]
pub struct Presence {
    current: Option<Current>,
}

#[derive(Debug)]
struct Current {
    client: u64,
    clock: u64,
    /// `None` when it has left but may come back.
    state: Option<String>,
    renewed: u64,
}

impl Presence {
    /// The client id that this connection speaks for.
    pub fn client(&self) -> Option<u64> {
        self.current.as_ref().map(|current| current.client)
    }

    /// Takes a state of this connection's client; the first one that is not `null` says which client it is.
    /// Returns what is to be announced to the others. A state that is too large or not JSON is none.
    pub fn take(&mut self, now: u64, entry: &Awareness, principal: &Principal) -> Option<Awareness> {
        let state = stamp(&entry.state, principal)?;
        match &mut self.current {
            Some(current) if current.client == entry.client => {
                if entry.clock <= current.clock && !(entry.clock == current.clock && state.is_none()) {
                    return None;
                }
                *current = Current { client: entry.client, clock: entry.clock, state, renewed: now };
            }
            Some(_) => return None,
            None => {
                state.as_ref()?;
                let (client, clock) = (entry.client, entry.clock);
                self.current = Some(Current { client, clock, state, renewed: now });
            }
        }
        self.announced()
    }

    /// As others see it.
    pub fn announced(&self) -> Option<Awareness> {
        self.current.as_ref().map(|current| Awareness {
            client: current.client,
            clock: current.clock,
            state: current.state.clone().unwrap_or_else(|| "null".to_owned()),
        })
    }

    /// Whether there is something to see.
    pub fn is_here(&self) -> bool {
        self.current.as_ref().is_some_and(|current| current.state.is_some())
    }

    /// The connection has ended: what is to be announced to the others.
    pub fn leave(&mut self) -> Option<Awareness> {
        let current = self.current.as_mut().filter(|current| current.state.is_some())?;
        current.state = None;
        self.announced()
    }

    /// Ends a state that is too old; returns what is to be announced to the others.
    pub fn expire(&mut self, now: u64) -> Option<Awareness> {
        let old = self.current.as_ref().is_some_and(|current| now.saturating_sub(current.renewed) > LIFETIME);
        if old { self.leave() } else { None }
    }
}

/// The state with the principal's own name in it, `Some(None)` for one that is over, `None` for none at all.
fn stamp(state: &str, principal: &Principal) -> Option<Option<String>> {
    if state.len() > MAX_STATE {
        return None;
    }
    match serde_json::from_str(state).ok()? {
        Value::Null => Some(None),
        Value::Object(mut fields) => {
            fields.insert("user".to_owned(), json!({ "id": principal.id, "name": principal.name }));
            Some(Some(Value::Object(fields).to_string()))
        }
        _ => None,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn me() -> Principal {
        Principal { id: "p1".into(), name: "王法官".into(), roles: Vec::new() }
    }

    fn entry(client: u64, clock: u64, state: &str) -> Awareness {
        Awareness { client, clock, state: state.into() }
    }

    #[test]
    fn the_name_is_the_servers() {
        let mut presence = Presence::default();
        let announced =
            presence.take(0, &entry(7, 1, r#"{"user":{"name":"院长"},"page":3}"#), &me()).unwrap();
        let state: Value = serde_json::from_str(&announced.state).unwrap();
        assert_eq!(state, json!({ "page": 3, "user": { "id": "p1", "name": "王法官" } }));
    }

    #[test]
    fn a_connection_speaks_for_one_client_and_forward_in_time() {
        let mut presence = Presence::default();
        assert!(presence.take(0, &entry(7, 5, "null"), &me()).is_none());
        assert!(presence.take(0, &entry(7, 5, "{}"), &me()).is_some());
        assert!(presence.take(0, &entry(8, 9, "{}"), &me()).is_none());
        assert!(presence.take(0, &entry(7, 5, "{}"), &me()).is_none());
        assert!(presence.take(0, &entry(7, 6, "[]"), &me()).is_none());
        assert!(presence.take(0, &entry(7, 6, &format!("\"{}\"", "x".repeat(3000))), &me()).is_none());
        assert_eq!(presence.take(0, &entry(7, 5, "null"), &me()).unwrap().state, "null");
        assert!(!presence.is_here());
        assert!(presence.take(0, &entry(7, 6, "{}"), &me()).is_some() && presence.is_here());
    }

    #[test]
    fn what_is_not_renewed_ends() {
        let mut presence = Presence::default();
        presence.take(0, &entry(7, 1, "{}"), &me());
        assert!(presence.expire(LIFETIME).is_none());
        assert_eq!(presence.expire(LIFETIME + 1).unwrap(), entry(7, 1, "null"));
        assert!(presence.leave().is_none());
    }
}

//! The matrix: what a role may do to a volume of some class, or in one of its layers, while the case is in some state.
//!
//! No match in this file has a wildcard: a new role, class, layer or act does not compile until every question about it
//! is answered. `matrix.txt` beside it is the whole of it, to be read by eye; `docs/rights.md` says why.

use super::layer::LayerKind;
use super::rule::Rule;
use super::words::{Act, CaseState, Role};
use crate::volume::VolumeClass;

use Act::{
    Annotate, Arrange, Audit, Copy, Download, Grant, Ingest, Know, Moderate, Present, Print, Read, Search,
    Share,
};
use CaseState::{Archived, Closed, Pending};
use Role::{
    Administrator, Archivist, Assessor, Assistant, Clerk, Committee, Lawyer, Local, OtherCourt, PanelJudge,
    Party, PresidingJudge, Prosecutor, Public, Rapporteur, Supervisor,
};

/// The rule that decides whether a role may do this to a volume, or, when a layer is given, in that layer of it.
pub fn rule(role: Role, class: VolumeClass, layer: Option<LayerKind>, state: CaseState, act: Act) -> Rule {
    let refusal = match (act, layer) {
        (Grant | Audit, None) => of_case(role, state, act),
        (Know | Read | Copy | Print | Download | Search | Ingest | Arrange | Present, None) => {
            sees(role, class, state).or_else(|| of_volume(role, class, act)).or_else(|| frozen(state, act))
        }
        (Read | Annotate | Share | Moderate, Some(layer)) => {
            sees(role, class, state).or_else(|| in_layer(role, layer, act)).or_else(|| frozen(state, act))
        }
        (Annotate | Share | Moderate, None)
        | (Know | Copy | Print | Download | Search | Ingest | Arrange | Grant | Present | Audit, Some(_)) => {
            Some(Rule::Misplaced)
        }
    };
    refusal.unwrap_or(Rule::Allowed)
}

/// What keeps a role from knowing of volumes of a class.
fn sees(role: Role, class: VolumeClass, state: CaseState) -> Option<Rule> {
    use VolumeClass::{Evidence, Internal, Main};
    match (role, class) {
        (Administrator, Main | Internal | Evidence | VolumeClass::Public) => Some(Rule::House),
        (
            PresidingJudge | Rapporteur | PanelJudge | Assessor | Assistant | Clerk | Committee | Local,
            Main | Internal | Evidence | VolumeClass::Public,
        ) => None,
        (Supervisor | Archivist | OtherCourt | Prosecutor | Lawyer | Party | Public, VolumeClass::Public) => {
            None
        }
        (Public, Main | Internal | Evidence) => Some(Rule::PublicOnly),
        (OtherCourt | Prosecutor | Lawyer | Party, Internal) => Some(Rule::InternalStays),
        (Prosecutor | Lawyer | Party, Main | Evidence) => None,
        (Supervisor | Archivist, Main | Internal | Evidence) | (OtherCourt, Main | Evidence) => {
            not_yet(state)
        }
    }
}

/// Of roles that begin when the case is closed.
fn not_yet(state: CaseState) -> Option<Rule> {
    match state {
        Pending => Some(Rule::NotYet),
        Closed | Archived => None,
    }
}

/// What keeps a role that knows of a volume from this.
fn of_volume(role: Role, class: VolumeClass, act: Act) -> Option<Rule> {
    let internal = match class {
        VolumeClass::Internal => true,
        VolumeClass::Main | VolumeClass::Evidence | VolumeClass::Public => false,
    };
    let has = match act {
        Know | Read | Search | Copy => true,
        Print => match role {
            PresidingJudge | Rapporteur | PanelJudge | Assistant | Clerk | Archivist | Local => true,
            // Deliberation stays on the screen of those who do not keep the file.
            Assessor | Committee | Supervisor | OtherCourt | Prosecutor | Lawyer | Party | Public => {
                !internal
            }
            Administrator => false,
        },
        Download => match role {
            PresidingJudge | Rapporteur | PanelJudge | Assistant | Clerk | Archivist | Local => true,
            Assessor | Committee | Supervisor | OtherCourt | Prosecutor | Lawyer | Party | Public
            | Administrator => false,
        },
        Ingest | Arrange => match role {
            PresidingJudge | Rapporteur | Assistant | Clerk | Archivist => true,
            PanelJudge | Assessor | Committee | Supervisor | OtherCourt | Prosecutor | Lawyer | Party
            | Public | Administrator | Local => false,
        },
        Present => match role {
            PresidingJudge | Rapporteur | PanelJudge | Assessor | Assistant | Clerk | Committee => true,
            Supervisor | Archivist | OtherCourt | Prosecutor | Lawyer | Party | Public | Administrator
            | Local => false,
        },
        Annotate | Share | Moderate | Grant | Audit => false,
    };
    (!has).then_some(Rule::NotOfRole)
}

/// What keeps a role from this in the whole case.
fn of_case(role: Role, state: CaseState, act: Act) -> Option<Rule> {
    let has = match act {
        Grant => match (role, state) {
            (Administrator, Pending | Closed | Archived) => true,
            (PresidingJudge | Clerk, Pending | Closed) => true,
            // What is in the archive, the archive hands out.
            (PresidingJudge | Clerk, Archived) => false,
            (Archivist, Archived) => true,
            (Archivist, Pending | Closed) => false,
            (
                Rapporteur | PanelJudge | Assessor | Assistant | Committee | Supervisor | OtherCourt
                | Prosecutor | Lawyer | Party | Public | Local,
                Pending | Closed | Archived,
            ) => false,
        },
        Audit => match role {
            PresidingJudge => true,
            Supervisor => return not_yet(state),
            Rapporteur | PanelJudge | Assessor | Assistant | Clerk | Committee | Archivist | OtherCourt
            | Prosecutor | Lawyer | Party | Public | Administrator | Local => false,
        },
        Know | Read | Copy | Print | Download | Search | Annotate | Share | Moderate | Ingest | Arrange
        | Present => false,
    };
    (!has).then_some(Rule::NotOfRole)
}

/// What one may do in a shared layer, each with all before it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Voice {
    None,
    Listens,
    Speaks,
    /// Tidies up after others.
    Keeps,
}

fn voice(role: Role, layer: LayerKind) -> Voice {
    match (role, layer) {
        // One's own, whoever one is; whose it is, the matrix does not know.
        (
            PresidingJudge | Rapporteur | PanelJudge | Assessor | Assistant | Clerk | Committee | Supervisor
            | Archivist | OtherCourt | Prosecutor | Lawyer | Party | Public | Local,
            LayerKind::Private,
        ) => Voice::Speaks,
        (
            Administrator,
            LayerKind::Private | LayerKind::Panel | LayerKind::Meeting | LayerKind::Everybody,
        ) => Voice::None,
        // The deliberation is secret.
        (PresidingJudge | Rapporteur | PanelJudge | Assessor | Assistant | Clerk, LayerKind::Panel) => {
            Voice::Speaks
        }
        (
            Committee | Supervisor | Archivist | OtherCourt | Prosecutor | Lawyer | Party | Public | Local,
            LayerKind::Panel,
        ) => Voice::None,
        // The rapporteur reports, the clerk keeps the minutes, the panel's judges are heard when asked.
        (Rapporteur | Clerk | Committee, LayerKind::Meeting) => Voice::Speaks,
        (PresidingJudge | PanelJudge, LayerKind::Meeting) => Voice::Listens,
        (
            Assessor | Assistant | Supervisor | Archivist | OtherCourt | Prosecutor | Lawyer | Party | Public
            | Local,
            LayerKind::Meeting,
        ) => Voice::None,
        (PresidingJudge | Clerk, LayerKind::Everybody) => Voice::Keeps,
        (Rapporteur | PanelJudge | Assessor | Assistant, LayerKind::Everybody) => Voice::Speaks,
        (
            Committee | Supervisor | Archivist | OtherCourt | Prosecutor | Lawyer | Party | Public | Local,
            LayerKind::Everybody,
        ) => Voice::Listens,
    }
}

/// What keeps a role from this in a layer of a volume that it may read.
fn in_layer(role: Role, layer: LayerKind, act: Act) -> Option<Rule> {
    let own = match layer {
        LayerKind::Private => true,
        LayerKind::Panel | LayerKind::Meeting | LayerKind::Everybody => false,
    };
    let voice = voice(role, layer);
    let has = match act {
        Read => voice >= Voice::Listens,
        Annotate => own && voice >= Voice::Speaks,
        Share => !own && voice >= Voice::Speaks,
        Moderate => voice >= Voice::Keeps,
        Know | Copy | Print | Download | Search | Ingest | Arrange | Grant | Present | Audit => false,
    };
    match (has, own, act) {
        (true, ..) => None,
        (false, true, Share) | (false, false, Annotate) => Some(Rule::Misplaced),
        (false, ..) if voice == Voice::None => Some(Rule::LayerClosed),
        (false, ..) => Some(Rule::NotOfRole),
    }
}

/// What nobody does any more in a case of this state.
fn frozen(state: CaseState, act: Act) -> Option<Rule> {
    match (state, act) {
        (Archived, Share | Moderate | Ingest | Arrange | Present) => Some(Rule::Frozen),
        (Archived, Know | Read | Copy | Print | Download | Search | Annotate | Grant | Audit) => None,
        (
            Pending | Closed,
            Know | Read | Copy | Print | Download | Search | Annotate | Share | Moderate | Ingest | Arrange
            | Grant | Present | Audit,
        ) => None,
    }
}

#[cfg(test)]
mod tests;

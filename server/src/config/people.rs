//! The command line of people: accounts, members of cases, and why somebody may do what.

use clap::{Args, Subcommand, ValueEnum};
use evolume_model::access::{Act, CaseState, Role};

use super::Data;

/// Accounts.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Add somebody. Without a password a one-time code is printed, by which they choose one.
    Add {
        /// The data folder.
        #[command(flatten)]
        data: Data,
        /// By what they sign in.
        #[arg(long)]
        login: String,
        /// As others see them.
        #[arg(long)]
        name: String,
        /// An administrator of the house, who sees no case by that alone.
        #[arg(long)]
        admin: bool,
        /// Read the password from the first line of standard input.
        #[arg(long)]
        password_stdin: bool,
    },
    /// Let somebody in no more; they are signed out at once.
    Disable(OneUser),
    /// Let somebody in again.
    Enable(OneUser),
    /// Give somebody another password, or a one-time code to choose one; they are signed out everywhere.
    Passwd {
        /// Who.
        #[command(flatten)]
        user: OneUser,
        /// Read the password from the first line of standard input.
        #[arg(long)]
        password_stdin: bool,
    },
    /// List everybody.
    List {
        /// The data folder.
        #[command(flatten)]
        data: Data,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
}

/// Somebody with an account.
#[derive(Args, Debug)]
pub struct OneUser {
    /// The data folder.
    #[command(flatten)]
    pub data: Data,
    /// By what they sign in.
    #[arg(long)]
    pub login: String,
}

/// A case.
#[derive(Args, Debug)]
pub struct OneCase {
    /// The data folder.
    #[command(flatten)]
    pub data: Data,
    /// The case's number (案号).
    #[arg(long = "case", value_name = "NUMBER")]
    pub number: String,
}

/// Cases, and who is what to them.
#[derive(Debug, Subcommand)]
pub enum CaseCommand {
    /// Members: who has which role in a case.
    #[command(subcommand)]
    Member(MemberCommand),
    /// Say how far a case is. What is archived does not change any more.
    State {
        /// Which.
        #[command(flatten)]
        case: OneCase,
        /// The new state.
        #[arg(value_enum)]
        state: State,
    },
    /// Withhold a volume, or one of its materials, from a role (知情范围).
    Withhold {
        /// What.
        #[command(flatten)]
        what: What,
        /// Why; it is kept.
        #[arg(long)]
        reason: String,
    },
    /// End that.
    Release {
        /// What.
        #[command(flatten)]
        what: What,
    },
    /// List what is withheld.
    Withheld {
        /// Which.
        #[command(flatten)]
        case: OneCase,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
}

/// What is withheld from whom.
#[derive(Args, Debug)]
pub struct What {
    /// Of which case.
    #[command(flatten)]
    pub case: OneCase,
    /// Volume id, or its title.
    #[arg(long)]
    pub volume: String,
    /// Material id, or its title when only one in the volume has it; all of the volume when absent.
    #[arg(long)]
    pub material: Option<String>,
    /// From whom.
    #[arg(long, value_parser = any_role)]
    pub role: Role,
}

/// Members of a case.
#[derive(Debug, Subcommand)]
pub enum MemberCommand {
    /// Give somebody a role.
    Add {
        /// In which case.
        #[command(flatten)]
        case: OneCase,
        /// By what they sign in.
        #[arg(long)]
        login: String,
        /// presiding_judge, rapporteur, panel_judge, assessor, assistant, clerk, committee, supervisor, archivist,
        /// other_court, prosecutor, lawyer or party.
        #[arg(long, value_parser = role)]
        role: Role,
        /// Of which party, for lawyers and parties.
        #[arg(long, default_value = "")]
        party: String,
    },
    /// Take a role from somebody, or all of them; what they have open of the case closes.
    Remove {
        /// In which case.
        #[command(flatten)]
        case: OneCase,
        /// By what they sign in.
        #[arg(long)]
        login: String,
        /// The role; all of them when absent.
        #[arg(long, value_parser = role)]
        role: Option<Role>,
    },
    /// List them.
    List {
        /// Of which case.
        #[command(flatten)]
        case: OneCase,
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
}

/// How far a case is.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum State {
    /// It is being heard.
    Pending,
    /// It is decided.
    Closed,
    /// Its file is in the archive.
    Archived,
}

impl From<State> for CaseState {
    fn from(state: State) -> Self {
        match state {
            State::Pending => Self::Pending,
            State::Closed => Self::Closed,
            State::Archived => Self::Archived,
        }
    }
}

/// Whether somebody may do something, and why.
#[derive(Args, Debug)]
pub struct Why {
    /// The data folder.
    #[command(flatten)]
    pub data: Data,
    /// By what they sign in; `public` for anybody.
    pub person: String,
    /// know, read, copy, print, download, search, annotate, share, moderate, ingest, arrange, grant, present or audit.
    #[arg(value_parser = act)]
    pub act: Act,
    /// The case's number.
    pub case: String,
    /// In this layer. When none is given, annotate is asked of the person's own, share of the panel's and moderate of
    /// everybody's.
    #[arg(long, value_parser = ["private", "panel", "meeting", "everybody"])]
    pub layer: Option<String>,
    /// As JSON.
    #[arg(long)]
    pub json: bool,
}

fn role(text: &str) -> Result<Role, String> {
    let role = Role::of_members().find(|role| role.as_str() == text);
    role.ok_or_else(|| format!("no role that a case gives; one of {}", words(Role::of_members())))
}

fn any_role(text: &str) -> Result<Role, String> {
    Role::parse(text).ok_or_else(|| format!("no role; one of {}", words(Role::ALL.iter().copied())))
}

fn act(text: &str) -> Result<Act, String> {
    Act::parse(text).ok_or_else(|| format!("no act; one of {}", words(Act::ALL.iter().copied())))
}

fn words(all: impl Iterator<Item = impl std::fmt::Display>) -> String {
    all.map(|word| word.to_string()).collect::<Vec<_>>().join(", ")
}

//! Who asks, what for, and of a case in which state: the words of the matrix.

use serde::{Deserialize, Serialize};

/// An enum whose values have one name each: in JSON, in the database and on the command line.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[doc = $doc:literal])+ $variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[cfg_attr(feature = "ts", derive(ts_rs::TS))]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum $name {
            $($(#[doc = $doc])+ #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// Reads what [`Self::as_str`] gives.
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.as_str() == word)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

words! {
    /// What somebody is to a case.
    Role {
        /// 审判长: presides over the panel.
        PresidingJudge = "presiding_judge",
        /// 承办法官: has the case, reports it and writes the judgment.
        Rapporteur = "rapporteur",
        /// 合议庭成员: another judge of the panel.
        PanelJudge = "panel_judge",
        /// 人民陪审员: a lay judge of the panel.
        Assessor = "assessor",
        /// 法官助理.
        Assistant = "assistant",
        /// 书记员.
        Clerk = "clerk",
        /// 审判委员会委员.
        Committee = "committee",
        /// 案件评查人员: looks through closed cases for what is missing.
        Supervisor = "supervisor",
        /// 档案管理人员.
        Archivist = "archivist",
        /// 调阅法官: a judge of another court, which has called the file up.
        OtherCourt = "other_court",
        /// 检察官.
        Prosecutor = "prosecutor",
        /// 律师: of one party.
        Lawyer = "lawyer",
        /// 当事人.
        Party = "party",
        /// 公众: anybody, from anywhere.
        Public = "public",
        /// 系统管理员: of the house and not of a case.
        Administrator = "administrator",
        /// 本机: whoever sits at the machine that the server runs on and has given no name. Provisional.
        Local = "local",
    }
}

impl Role {
    /// Those that a case gives to its members.
    pub fn of_members() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|role| match role {
            Self::PresidingJudge
            | Self::Rapporteur
            | Self::PanelJudge
            | Self::Assessor
            | Self::Assistant
            | Self::Clerk
            | Self::Committee
            | Self::Supervisor
            | Self::Archivist
            | Self::OtherCourt
            | Self::Prosecutor
            | Self::Lawyer
            | Self::Party => true,
            Self::Public | Self::Administrator | Self::Local => false,
        })
    }
}

words! {
    /// What somebody may want to do.
    Act {
        /// Know that the volume is there: its title, its class, how large it is.
        Know = "know",
        /// Read pages, or the marks of a layer, and play recordings.
        Read = "read",
        /// Take text out of the pages.
        Copy = "copy",
        /// Print pages.
        Print = "print",
        /// Download a file as it was received.
        Download = "download",
        /// Look for text.
        Search = "search",
        /// Make marks for oneself.
        Annotate = "annotate",
        /// Make marks for others, in a layer that is shared.
        Share = "share",
        /// Change and remove the marks of others.
        Moderate = "moderate",
        /// Bring files in.
        Ingest = "ingest",
        /// Split, merge, move and name materials.
        Arrange = "arrange",
        /// Make others members of the case, and withhold volumes and materials from them.
        Grant = "grant",
        /// Lead others through the pages.
        Present = "present",
        /// See who did what in the case.
        Audit = "audit",
    }
}

words! {
    /// How far a case is.
    CaseState {
        /// 审理中: it is being heard.
        Pending = "pending",
        /// 已结案: it is decided, and its file is put in order for the archive.
        Closed = "closed",
        /// 已归档: its file does not change any more.
        Archived = "archived",
    }
}

impl CaseState {
    /// As every case begins.
    pub fn pending() -> Self {
        Self::Pending
    }

    pub fn is_pending(&self) -> bool {
        *self == Self::Pending
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_as_they_are_written() {
        for &role in Role::ALL {
            assert_eq!(Role::parse(role.as_str()), Some(role));
            assert_eq!(serde_json::to_value(role).unwrap(), role.as_str());
        }
        assert_eq!(Role::parse("judge"), None);
        assert_eq!(Role::of_members().count(), 13);
        assert_eq!((Act::ALL.len(), CaseState::ALL.len()), (14, 3));
    }
}

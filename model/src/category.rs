//! The catalogue's categories and how a title proposes one.
//!
//! Order and names follow the Supreme People's Court's filing rules (人民法院诉讼文书立卷归档办法).

use serde::{Deserialize, Serialize};

macro_rules! categories {
    ($($(#[doc = $doc:literal])+ $name:ident = $key:literal $zh:literal [$($word:literal),*],)+) => {
        /// What kind of material it is; the order is the order of a volume.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "ts", derive(ts_rs::TS))]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub enum Category { $($(#[doc = $doc])+ #[serde(rename = $key)] $name,)+ }

        impl Category {
            /// In the order in which a volume files them.
            pub const ALL: &'static [Category] = &[$(Category::$name),+];

            /// The Chinese name.
            pub fn zh(self) -> &'static str {
                match self { $(Category::$name => $zh),+ }
            }

            /// Its name in messages.
            pub fn key(self) -> &'static str {
                match self { $(Category::$name => $key),+ }
            }

            fn words(self) -> &'static [&'static str] {
                match self { $(Category::$name => &[$($word),*]),+ }
            }
        }
    };
}

categories! {
    /// Cover.
    Cover = "cover" "卷宗封面" ["封面"],
    /// Table of contents.
    Contents = "contents" "卷内目录" ["卷内目录"],
    /// Filing approval and process forms.
    Filing = "filing" "立案审批" ["立案", "审批表", "流程"],
    /// Complaint and annexes.
    Complaint = "complaint" "起诉状" ["起诉状", "起诉书", "上诉状", "申请书"],
    /// Acceptance notice.
    Acceptance = "acceptance" "受理通知" ["受理"],
    /// Fee notice and receipts.
    Fees = "fees" "诉讼费" ["诉讼费", "缴费", "缴纳"],
    /// Notice to respond.
    Response = "response" "应诉通知" ["应诉"],
    /// Answer and annexes.
    Answer = "answer" "答辩状" ["答辩"],
    /// Identity of the parties, powers of attorney.
    Identity = "identity" "身份及授权" ["授权", "委托书", "身份", "营业执照", "法定代表人"],
    /// Hearing transcripts.
    Hearing = "hearing" "庭审笔录" ["庭审", "开庭笔录"],
    /// The panel's deliberation record.
    Deliberation = "deliberation" "评议笔录" ["评议"],
    /// The judicial committee's discussion record.
    Committee = "committee" "审委会记录" ["审判委员会", "审委会"],
    /// Reading notes.
    ReadingNotes = "reading_notes" "阅卷笔录" ["阅卷"],
    /// The judge's review report.
    Review = "review" "审理报告" ["审理报告", "审查报告"],
    /// Inquiry and investigation records.
    Inquiry = "inquiry" "调查笔录" ["询问", "调查", "笔录"],
    /// Preservation.
    Preservation = "preservation" "保全" ["保全"],
    /// Mediation.
    Mediation = "mediation" "调解" ["调解"],
    /// Summons, notices of hearing, announcements.
    Summons = "summons" "传票公告" ["传票", "公告", "开庭通知"],
    /// Pleadings of representatives.
    Pleading = "pleading" "代理词" ["代理词", "代理意见", "辩护词"],
    /// Judgment, ruling or mediation document.
    Judgment = "judgment" "裁判文书" ["判决", "裁定"],
    /// Proofs of service.
    Service = "service" "送达回证" ["送达", "回证"],
    /// Evidence and its lists.
    Evidence = "evidence" "证据" [
        "证据", "合同", "凭证", "流水", "收条", "借条", "欠条", "聊天", "照片", "截图", "录音", "鉴定",
        "发票", "协议", "账目", "明细", "平面图", "清单", "回单", "公证", "评估"
    ],
    /// Note sheet.
    NoteSheet = "note_sheet" "备考表" ["备考"],
    /// Back cover.
    BackCover = "back_cover" "卷底" ["卷底"],
    /// Anything else.
    Other = "other" "其他" [],
}

impl Category {
    /// Proposes a category from a title: the longest known word decides, the earlier category on a tie.
    pub fn propose(title: &str) -> Self {
        Self::ALL
            .iter()
            .flat_map(|&category| category.words().iter().map(move |word| (category, word)))
            .filter(|(_, word)| title.contains(**word))
            .max_by_key(|(category, word)| (word.chars().count(), std::cmp::Reverse(*category)))
            .map_or(Self::Other, |(category, _)| category)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_propose_their_category() {
        for (title, expected) in [
            ("民事起诉状", Category::Complaint),
            ("立案审批表", Category::Filing),
            ("庭审笔录（第一次）", Category::Hearing),
            ("合议庭评议笔录", Category::Deliberation),
            ("借款合同", Category::Evidence),
            ("诉讼费缴纳凭证", Category::Fees),
            ("民事判决书", Category::Judgment),
            ("scan0001", Category::Other),
        ] {
            assert_eq!(Category::propose(title), expected, "{title}");
        }
    }
}

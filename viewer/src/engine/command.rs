//! What the shell wants: each command, once.

use evolume_model::geometry::ViewPoint;
use evolume_model::viewing::{Fit, ViewerCommand};

use super::camera::UNIT;
use super::find::Find;
use super::{Effect, Engine};

impl Engine {
    pub(super) fn command(&mut self, now: f64, command: ViewerCommand, effects: &mut Vec<Effect>) {
        match command {
            ViewerCommand::GoTo { page, offset } => match self.pages.find(&page) {
                Some(page) => self.choose(now, page, offset),
                None => self.wait_for(now, page, offset),
            },
            ViewerCommand::GoToNumber { number, offset } => {
                self.choose(now, self.page_of(number), offset);
            }
            ViewerCommand::ZoomTo { percent } => {
                self.begin_move(now);
                self.fit = None;
                let at = match self.motion.pinned() {
                    // A chosen page stays at the upper edge.
                    Some(_) => ViewPoint { x: self.camera.width / 2., y: 0. },
                    None => self.camera.center(),
                };
                self.camera.zoom_to(percent / 100. * UNIT, at);
                self.motion.settle_at(now);
            }
            ViewerCommand::ZoomBy { factor } => self.zoom_by(now, factor, None),
            ViewerCommand::Fit { fit } => {
                self.begin_move(now);
                self.fit = Some(fit);
                let (page, offset) = self.place();
                self.apply_fit(page);
                self.go_to(page, if fit == Fit::Page { 0. } else { offset });
                self.motion.settle_at(now);
            }
            ViewerCommand::ScrollBy { dx, dy } => self.scroll_by(now, dx, dy),
            ViewerCommand::ScrollTo { fraction } => self.scroll_to(now, fraction),
            ViewerCommand::SetView { view } => {
                self.begin_move(now);
                self.set_view(now, view);
            }
            ViewerCommand::SetTool { tool } => self.take_tool(tool),
            ViewerCommand::PutMarks { marks } => self.marks.put(marks),
            ViewerCommand::DropMarks { ids } => self.marks.drop(&ids),
            ViewerCommand::Deselect => {
                self.drop_tool();
                self.deselect();
            }
            ViewerCommand::SelectAll => self.select_all(effects),
            ViewerCommand::SetCaret { on } => self.set_caret(now, on),
            ViewerCommand::Step { step, extend } => self.step(now, step, extend),
            ViewerCommand::Grab { end } => self.grab(now, end),
            ViewerCommand::Drag { x, y } => self.drag(ViewPoint { x, y }),
            ViewerCommand::Drop { x, y } => self.drop_held(ViewPoint { x, y }, effects),
            ViewerCommand::StepLink { forward } => self.step_link(forward, effects),
            ViewerCommand::FollowLink => self.follow_link(effects),
            ViewerCommand::ClearHits => self.find = Find::default(),
            ViewerCommand::ShowHit { page, nth } => {
                self.begin_move(now);
                match self.pages.find(&page) {
                    Some(page) => self.show_hit(now, page as u32, nth as usize),
                    None => self.wait_for(now, page, 0.),
                }
            }
            ViewerCommand::Retry => self.retry(now),
        }
    }
}

//! Arrangements, turned pages, tools.

use evolume_model::viewing::Arrangement;

use super::*;

fn view(arrangement: Arrangement, turn: Rotation, turns: &[(u32, Rotation)]) -> Event {
    let turns = turns.iter().map(|(page, turn)| (identity(*page), *turn)).collect();
    Event::Command(ViewerCommand::SetView { view: View { arrangement, turn, turns } })
}

fn numbers(driver: &Driver) -> Vec<u32> {
    driver.painted.as_ref().unwrap().pages.iter().map(|page| page.number).collect()
}

#[test]
fn another_arrangement_keeps_the_page_and_fits_its_row() {
    let mut driver = Driver::open(&[A4; 20], false);
    driver.send(Event::Command(ViewerCommand::Fit { fit: Fit::Page }));
    driver.send(go_to(7, 0.));
    driver.send(view(Arrangement::Two, Rotation::None, &[]));
    driver.settle();
    let beside = |driver: &Driver, first: u32| {
        let pages = &driver.painted.as_ref().unwrap().pages;
        let left = pages.iter().position(|page| page.number == first).unwrap();
        pages[left].placed.y == pages[left + 1].placed.y
    };
    assert_eq!((driver.status().page, beside(&driver, 7)), (7, true));
    driver.send(view(Arrangement::Book, Rotation::None, &[]));
    driver.settle();
    assert_eq!((driver.status().page, beside(&driver, 6)), (7, true));
    driver.send(Event::Command(ViewerCommand::Fit { fit: Fit::Width }));
    let both = 1200. / (2. * (595. + 1.5) + 18.) / UNIT * 100.;
    assert!((driver.status().zoom - both).abs() < 0.01, "two pages fill the width: {}", driver.status().zoom);
    driver.send(view(Arrangement::Continuous, Rotation::None, &[]));
    assert_eq!(driver.status().page, 7);
}

#[test]
fn a_page_alone_shows_no_other_and_turns_at_its_end() {
    let mut driver = Driver::open(&[A4; 5], false);
    driver.send(zoom_to(20.));
    driver.send(view(Arrangement::Single, Rotation::None, &[]));
    driver.settle();
    assert_eq!(numbers(&driver), [1]);
    driver.send(Event::Scroll { dx: 0., dy: 100. });
    assert_eq!(driver.status().page, 2);
    driver.send(Event::Scroll { dx: 0., dy: 100. });
    assert_eq!(driver.status().page, 2, "one flick turns one page");
    driver.now += 300.;
    driver.send(Event::Scroll { dx: 0., dy: 100. });
    assert_eq!(driver.status().page, 3);
    driver.send(zoom_to(300.));
    driver.send(go_to(3, 0.));
    driver.now += 300.;
    driver.send(Event::Scroll { dx: 0., dy: -10. });
    driver.settle();
    let status = driver.status();
    assert_eq!((status.page, numbers(&driver)), (2, vec![2]));
    assert!(status.offset > 0.5, "from below one comes to its end: {}", status.offset);
    driver.send(scroll_to(1.));
    assert_eq!(driver.status().page, 5);
    driver.now += 300.;
    driver.send(Event::Scroll { dx: 0., dy: 9_000. });
    assert_eq!(driver.status().page, 5, "behind the last page is nothing");
}

#[test]
fn a_turned_page_is_turned_with_all_that_is_on_it_and_needs_no_new_pixels() {
    let mut driver = Driver::open(&[A4; 6], false);
    driver.send(zoom_to(75.));
    driver.send(go_to(1, 0.));
    driver.settle();
    let rects = vec![PageRect::new(100., 50., 300., 60.)];
    let mark = MarkPaint {
        id: "a".into(),
        page: identity(1),
        rects,
        colour: [1, 2, 3],
        active: false,
        passive: false,
    };
    driver.send(put_marks(vec![mark]));
    driver.settle();
    let jobs = driver.engine.surfaces.jobs();
    driver.send(view(Arrangement::Continuous, Rotation::None, &[(1, Rotation::Quarter)]));
    driver.send(go_to(1, 0.));
    let page = driver.painted.as_ref().unwrap().pages[0].clone();
    assert_eq!((page.turn, page.placed.width, page.placed.height), (Rotation::Quarter, 842, 595));
    assert_eq!(driver.engine.surfaces.jobs(), jobs, "its pixels were there");
    let (x, y) = (page.placed.x as f64, page.placed.y as f64);
    assert_eq!(page.draws[0].to, [x, y, 595., 842.]);
    let ink = page.frame.rect_to_view(&page.marks[0].0.rects[0]);
    assert_eq!(ink.map(f64::round), [x + 842. - 60., y + 100., 10., 200.]);
    // A click there meets the mark.
    let at = ViewPoint { x: x + 842. - 55., y: y + 200. };
    driver.send(press(at, 1, false));
    assert!(driver.send(lift(at)).contains(&Effect::Mark(Some("a".into()))));
    driver.send(view(Arrangement::Continuous, Rotation::Quarter, &[(1, Rotation::ThreeQuarters)]));
    driver.send(go_to(1, 0.));
    let pages = &driver.painted.as_ref().unwrap().pages;
    assert_eq!((pages[0].turn, pages[1].turn), (Rotation::None, Rotation::Quarter));
}

#[test]
fn a_hand_pushes_and_a_frame_is_enlarged_once() {
    let mut driver = Driver::open(&[A4; 6], false);
    driver.send(zoom_to(200.));
    let press = |x, y| press(ViewPoint { x, y }, 1, false);
    assert!(
        driver
            .send(Event::Command(ViewerCommand::SetTool { tool: Tool::Hand }))
            .contains(&Effect::Cursor(Cursor::Hand))
    );
    let before = driver.engine.camera;
    assert!(driver.send(press(500., 500.)).contains(&Effect::Cursor(Cursor::Grabbing)));
    driver.send(move_to(ViewPoint { x: 500., y: 400. }));
    driver.send(lift(ViewPoint { x: 500., y: 400. }));
    driver.send(move_to(ViewPoint { x: 500., y: 300. }));
    let pushed = driver.engine.camera.y - before.y;
    assert!((pushed - 100. / before.scale).abs() < 1e-6, "{pushed}");
    assert!(driver.selected.is_none());

    driver.send(Event::Command(ViewerCommand::SetTool { tool: Tool::Marquee }));
    let before = driver.engine.camera;
    driver.send(press(700., 600.));
    driver.send(move_to(ViewPoint { x: 400., y: 400. }));
    assert_eq!(driver.painted.as_ref().unwrap().frame, Some([400., 400., 300., 200.]));
    driver.send(lift(ViewPoint { x: 400., y: 400. }));
    let after = driver.engine.camera;
    assert!((after.scale / before.scale - 4.).abs() < 1e-9, "1200 by 300");
    let middle = |camera: &Camera, x: f64, y: f64| (camera.x + x / camera.scale, camera.y + y / camera.scale);
    let (was, is) = (middle(&before, 550., 500.), middle(&after, 600., 450.));
    assert!((was.0 - is.0).abs() < 1e-6 && (was.1 - is.1).abs() < 1e-6, "{was:?} {is:?}");
    assert_eq!((driver.status().tool, driver.painted.as_ref().unwrap().frame), (Tool::Select, None));
    driver.send(Event::Command(ViewerCommand::SetTool { tool: Tool::Marquee }));
    driver.send(press(700., 600.));
    driver.send(lift(ViewPoint { x: 703., y: 603. }));
    assert_eq!(driver.engine.camera.scale, after.scale, "a slip of the hand is none");
    driver.send(Event::Command(ViewerCommand::Deselect));
    assert_eq!(driver.status().tool, Tool::Select);
}

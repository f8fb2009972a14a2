//! Links and citations: what the pointer meets and where a click leads.

use evolume_model::navigation::{Link, LinkTarget, Navigation};
use evolume_model::text::{Glyph, PageText, TextSource};
use evolume_model::viewing::{LinkDestination, PointedLink};
use evolume_model::volume::NavigationBlob;

use super::*;
use crate::engine::scene::Ink;

/// A line of 10 x 10 point characters from (20, 20).
fn text(line: &str) -> PageText {
    let glyphs = line.chars().enumerate().map(|(n, ch)| {
        let x = 20. + n as f32 * 10.;
        Glyph::certain(ch, Some(PageRect::new(x, 20., x + 10., 30.)))
    });
    PageText::from_glyphs(TextSource::Pdf, glyphs)
}

/// Six A4 pages at 100 % whose first one says this; its corner in the viewport.
fn reading(line: &str) -> (Driver, f64, f64) {
    let mut driver = Driver::open(&[A4; 6], false);
    driver.engine.pages.manifest_mut().materials[0].navigation =
        Some(NavigationBlob { blob: Blob { sha256: "a".repeat(64), bytes: 9 }, outline: 0 });
    driver.send(zoom_to(75.));
    driver.send(go_to(1, 0.));
    driver.settle();
    driver.send(Event::Text { page: identity(1), text: Ok(Rc::new(text(line))) });
    let placed = driver.painted.as_ref().unwrap().pages[0].placed;
    (driver, placed.x as f64, placed.y as f64)
}

fn click(driver: &mut Driver, at: ViewPoint, to: ViewPoint) -> Option<LinkDestination> {
    driver.send(press(at, 1, false));
    driver.send(lift(to)).into_iter().find_map(|effect| match effect {
        Effect::Follow(followed) => Some(followed),
        _ => None,
    })
}

#[test]
fn a_citation_under_the_pointer_shows_and_leads_to_its_page() {
    let (mut driver, x, y) = reading("经查正卷第4页属实");
    let at = ViewPoint { x: x + 55., y: y + 25. };
    let effects = driver.send(move_to(at));
    assert!(effects.contains(&Effect::Cursor(Cursor::Link)));
    let overlays = driver.painted.as_ref().unwrap().pages[0].overlays.clone();
    assert_eq!(overlays.iter().map(|overlay| overlay.ink).collect::<Vec<_>>(), [Ink::Link]);
    assert_eq!(overlays[0].to.map(f64::round), [x + 40., y + 20., 50., 10.]);
    assert_eq!(click(&mut driver, at, at), Some(LinkDestination::Page { page: identity(4) }));
    let beside = ViewPoint { x: x + 35., y: y + 25. };
    assert_eq!(click(&mut driver, beside, beside), None);
    assert_eq!(click(&mut driver, at, ViewPoint { x: x + 80., y: y + 25. }), None, "a drag selects");
    driver.send(move_to(beside));
    assert!(driver.painted.as_ref().unwrap().pages[0].overlays.iter().all(|o| o.ink != Ink::Link));
}

#[test]
fn keys_go_from_link_to_link_and_follow_one() {
    let (mut driver, ..) = reading("经查正卷第4页、正卷第2页属实");
    let mut press = |event| {
        driver.send(event).into_iter().find_map(|effect| match effect {
            Effect::Follow(followed) => Some(followed),
            _ => None,
        })
    };
    assert_eq!(press(Event::Command(ViewerCommand::FollowLink)), None, "nothing is pointed at");
    let mut next = |forward| {
        press(Event::Command(ViewerCommand::StepLink { forward }));
        press(Event::Command(ViewerCommand::FollowLink))
    };
    assert_eq!(next(true), Some(LinkDestination::Page { page: identity(4) }));
    assert_eq!(next(true), Some(LinkDestination::Page { page: identity(2) }));
    assert_eq!(next(true), Some(LinkDestination::Page { page: identity(4) }), "around");
    assert_eq!(next(false), Some(LinkDestination::Page { page: identity(2) }));
    // It is said what was come to.
    let told = driver.send(Event::Command(ViewerCommand::StepLink { forward: true }));
    let link =
        PointedLink { text: "正卷第4页".to_owned(), goal: LinkDestination::Page { page: identity(4) } };
    assert!(told.contains(&Effect::Pointed(link)), "{told:?}");
    let (mut bare, ..) = reading("没有出处");
    bare.send(Event::Command(ViewerCommand::StepLink { forward: true }));
    assert!(!bare.engine.links.is_pointed());
}

#[test]
fn a_citation_of_another_volume_leads_there() {
    let (mut driver, x, y) = reading("见证据卷二P35。");
    let at = ViewPoint { x: x + 45., y: y + 25. };
    let there = LinkDestination::Volume { volume: "证据卷二".into(), page: 35 };
    assert_eq!(click(&mut driver, at, at), Some(there));
}

#[test]
fn links_come_when_all_is_at_rest_and_lead_on() {
    let (mut driver, x, y) = reading("正文");
    let at = ViewPoint { x: x + 205., y: y + 305. };
    assert_eq!(click(&mut driver, at, at), None);
    driver.now += IDLE_MS;
    let wanted = |effect: &Effect| matches!(effect, Effect::FetchNavigation { .. });
    assert!(driver.send(Event::Tick).iter().any(wanted));
    assert!(!driver.send(Event::Tick).iter().any(wanted), "once");
    let link = |y0: f32, target| Link { page: 0, rect: PageRect::new(200., y0, 300., y0 + 10.), target };
    let uri = "https://www.court.gov.cn/".to_owned();
    let links = vec![
        link(300., LinkTarget::Page(2)),
        link(400., LinkTarget::Uri(uri.clone())),
        link(500., LinkTarget::Page(9_999)),
    ];
    let navigation = Ok(Rc::new(Navigation { outline: vec![], links }));
    driver.send(Event::Navigation { material: "m0".into(), navigation });
    let mut follow = |dy: f64| {
        let at = ViewPoint { x: x + 205., y: y + dy };
        click(&mut driver, at, at)
    };
    assert_eq!(follow(305.), Some(LinkDestination::Page { page: identity(3) }));
    assert_eq!(follow(405.), Some(LinkDestination::Uri { uri }));
    assert_eq!(
        follow(505.),
        Some(LinkDestination::Page { page: identity(6) }),
        "a page beyond the last is the last"
    );
    assert_eq!(follow(605.), None);
}

#[test]
fn navigation_that_does_not_come_is_asked_for_again() {
    let (mut driver, ..) = reading("正文");
    driver.now += IDLE_MS;
    driver.send(Event::Tick);
    driver.send(Event::Navigation { material: "m0".into(), navigation: Err(Code::ServerGone) });
    let wanted = |effect: &Effect| matches!(effect, Effect::FetchNavigation { .. });
    let effects = driver.send(Event::Tick);
    assert!(!effects.iter().any(wanted));
    // Nothing else happens: it wakes by itself.
    let after = effects.iter().find_map(|effect| match effect {
        Effect::Wake { after } => Some(*after),
        _ => None,
    });
    driver.now += after.expect("the retry is awaited");
    assert!(driver.send(Event::Tick).iter().any(wanted));
}

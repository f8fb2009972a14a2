//! The marks that are painted, by page: they change one by one, and are found by the page they are on.

use std::collections::HashMap;
use std::rc::Rc;

use evolume_model::geometry::PagePoint;
use evolume_model::page::PageRef;
use evolume_model::viewing::MarkPaint;

/// A page's marks, the last one on top.
type OnPage = Vec<Rc<MarkPaint>>;

#[derive(Debug, Default)]
pub(super) struct Marks {
    /// By material, then by index of the page in it: a mark stays on its page wherever that goes.
    pages: HashMap<String, HashMap<u32, OnPage>>,
    places: HashMap<String, PageRef>,
}

impl Marks {
    /// Paints these marks, each in the place of the one with its id or on top of the others.
    pub fn put(&mut self, marks: Vec<MarkPaint>) {
        for mark in marks {
            if self.places.get(&mark.id).is_some_and(|page| *page != mark.page) {
                self.drop_one(&mark.id);
            }
            let on_page = self.pages.entry(mark.page.material.clone()).or_default();
            let on_page = on_page.entry(mark.page.index).or_default();
            match on_page.iter_mut().find(|own| own.id == mark.id) {
                Some(own) if **own == mark => {}
                Some(own) => *own = Rc::new(mark),
                None => {
                    self.places.insert(mark.id.clone(), mark.page.clone());
                    on_page.push(Rc::new(mark));
                }
            }
        }
    }

    /// Paints these marks no more.
    pub fn drop(&mut self, ids: &[String]) {
        ids.iter().for_each(|id| self.drop_one(id));
    }

    fn drop_one(&mut self, id: &str) {
        let Some(page) = self.places.remove(id) else { return };
        let Some(of_material) = self.pages.get_mut(&page.material) else { return };
        if let Some(on_page) = of_material.get_mut(&page.index) {
            on_page.retain(|mark| mark.id != id);
            if on_page.is_empty() {
                of_material.remove(&page.index);
            }
        }
        if of_material.is_empty() {
            self.pages.remove(&page.material);
        }
    }

    /// The marks of a page, the last one on top.
    pub fn on(&self, material: &str, index: u32) -> &[Rc<MarkPaint>] {
        self.pages.get(material).and_then(|pages| pages.get(&index)).map_or(&[], Vec::as_slice)
    }

    /// The topmost mark at a point of a page.
    pub fn at(&self, material: &str, index: u32, point: PagePoint) -> Option<&MarkPaint> {
        let on_page = self.on(material, index).iter().rev().filter(|mark| !mark.passive);
        on_page.map(Rc::as_ref).find(|mark| mark.rects.iter().any(|rect| rect.contains(point)))
    }
}

#[cfg(test)]
mod tests {
    use evolume_model::geometry::PageRect;
    use proptest::prelude::*;

    use super::*;

    fn page(index: u32) -> PageRef {
        PageRef { material: format!("m{}", index % 2), index }
    }

    proptest! {
        #[test]
        fn changes_one_by_one_leave_what_was_put_last(
            steps in prop::collection::vec((0u32..6, 0u32..4, 0u8..3, any::<bool>()), 0..40),
        ) {
            let mut marks = Marks::default();
            let mut expected: HashMap<u32, MarkPaint> = HashMap::new();
            for (id, on, colour, put) in steps {
                if put {
                    let rects = vec![PageRect::new(0., 0., 10., 10.)];
                    let (page, colour) = (page(on), [colour; 3]);
                    let mark = MarkPaint { id: id.to_string(), page, rects, colour, active: false, passive: false };
                    expected.insert(id, mark.clone());
                    marks.put(vec![mark]);
                } else {
                    expected.remove(&id);
                    marks.drop(&[id.to_string()]);
                }
            }
            let mut painted = 0;
            for on in 0..4 {
                let PageRef { material, index } = page(on);
                for mark in marks.on(&material, index) {
                    painted += 1;
                    let id: u32 = mark.id.parse().unwrap();
                    prop_assert_eq!(expected.get(&id), Some(mark.as_ref()));
                    prop_assert_eq!(&mark.page, &page(on));
                }
            }
            prop_assert_eq!(painted, expected.len());
            prop_assert_eq!(marks.places.len(), expected.len());
        }

        #[test]
        fn a_mark_that_did_not_change_is_the_same_shape(colour in any::<u8>()) {
            let mark = MarkPaint { id: "a".into(), page: page(0), rects: vec![], colour: [colour; 3], active: false, passive: false };
            let mut marks = Marks::default();
            marks.put(vec![mark.clone()]);
            let before = Rc::clone(&marks.on("m0", 0)[0]);
            marks.put(vec![mark.clone()]);
            prop_assert!(Rc::ptr_eq(&before, &marks.on("m0", 0)[0]));
            marks.put(vec![MarkPaint { active: true, ..mark }]);
            prop_assert!(!Rc::ptr_eq(&before, &marks.on("m0", 0)[0]));
        }
    }
}

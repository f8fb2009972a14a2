//! Which page is read next: those that somebody looks at, then the first of every material, then the others in
//! their order; those that took too long come last of all.

use std::collections::BTreeMap;

use evolume_model::volume::{Material, Page};

/// A page that is to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Id of the volume.
    pub volume: String,
    /// Position of the material in the manifest by which the page was chosen.
    pub material: usize,
    /// Index of the page in it.
    pub index: u32,
    /// It has been given up once because it took too long.
    pub late: bool,
    /// What a browser asks for to show it.
    shown_by: Vec<String>,
}

impl Task {
    /// A page of a volume's material.
    pub fn new(volume: &str, at: usize, material: &Material, index: u32) -> Self {
        let image = material.pages.get(index as usize).and_then(|page: &Page| page.image.as_ref());
        let part = material.part_of(index).map(|(part, _)| &part.blob);
        let shown_by = image.map(|image| &image.blob).into_iter().chain(part);
        Self {
            volume: volume.to_owned(),
            material: at,
            index,
            late: false,
            shown_by: shown_by.map(|blob| blob.sha256.clone()).collect(),
        }
    }

    /// Where it stands in what is looked at, the latest first.
    fn seen(&self, views: &[String]) -> Option<usize> {
        views.iter().position(|sha256| self.shown_by.contains(sha256))
    }
}

/// The pages that are still to be read.
#[derive(Debug, Default)]
pub struct Queue {
    /// By the order in which they came.
    tasks: BTreeMap<usize, Task>,
    count: usize,
}

impl Queue {
    /// Puts a page at the end of its kind.
    pub fn push(&mut self, task: Task) {
        self.tasks.insert(self.count, task);
        self.count += 1;
    }

    /// Puts a page back that took too long.
    pub fn push_late(&mut self, task: Task) {
        self.push(Task { late: true, ..task });
    }

    /// Takes the next page; also says whether somebody is looking at it.
    pub fn next(&mut self, views: &[String]) -> Option<(Task, bool)> {
        let key = |(at, task): (&usize, &Task)| {
            let seen = task.seen(views);
            (task.late, seen.is_none(), seen, task.index > 0, *at)
        };
        let (.., at) = self.tasks.iter().map(key).min()?;
        let task = self.tasks.remove(&at)?;
        let seen = task.seen(views).is_some();
        Some((task, seen))
    }

    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.tasks.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn task(material: usize, index: u32) -> Task {
        let shown_by = vec![format!("part {material} {}", index / 2)];
        Task { volume: "v".into(), material, index, late: false, shown_by }
    }

    fn order(mut queue: Queue, views: &[&str]) -> Vec<(usize, u32)> {
        let views: Vec<String> = views.iter().map(|view| (*view).to_owned()).collect();
        std::iter::from_fn(|| queue.next(&views)).map(|(task, _)| (task.material, task.index)).collect()
    }

    fn two_materials() -> Queue {
        let mut queue = Queue::default();
        for (material, index) in [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1)] {
            queue.push(task(material, index));
        }
        queue
    }

    #[test]
    fn first_pages_come_first_and_those_in_view_before_all() {
        assert_eq!(order(two_materials(), &[]), [(0, 0), (1, 0), (0, 1), (0, 2), (1, 1)]);
        let views = ["another", "part 0 1", "part 1 0"];
        assert_eq!(order(two_materials(), &views), [(0, 2), (1, 0), (1, 1), (0, 0), (0, 1)]);
        let (first, seen) = two_materials().next(&["part 0 1".to_owned()]).unwrap();
        assert_eq!((first.index, seen), (2, true));
        assert!(!two_materials().next(&[]).unwrap().1);
    }

    #[test]
    fn what_took_too_long_is_tried_last() {
        let mut queue = two_materials();
        let (slow, _) = queue.next(&[]).unwrap();
        queue.push_late(slow);
        assert_eq!(order(queue, &["part 0 0"]), [(0, 1), (1, 0), (0, 2), (1, 1), (0, 0)]);
        assert!(Queue::default().is_empty() && !two_materials().is_empty());
    }
}

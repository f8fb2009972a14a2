//! Makes a volume of many pages in a data folder out of one that is there, by repeating its materials under
//! other ids and titles. Prints the new volume's id.
//!
//! usage: `repeat_volume DATA VOLUME PAGES`
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a step of the tests")]

use std::path::Path;

use evolume_model::volume::{Manifest, VolumeClass};
use evolume_server::rights::{Act, Permit};
use evolume_server::store::{Store, StoreError, Target};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [data, volume, pages] = arguments.as_slice() else {
        panic!("usage: repeat_volume DATA VOLUME PAGES")
    };
    let (store, permit) = (Store::open(Path::new(data)).await.unwrap(), Permit::server(Act::CommandLine));
    let (_, manifest) = store.manifest_of(&permit, volume).await.unwrap();
    let wanted: usize = pages.parse().unwrap();
    let mut left = wanted;
    let mut materials = Vec::new();
    for round in 1.. {
        for material in &manifest.materials {
            let mut copy = material.clone();
            copy.pages.truncate(left);
            left -= copy.pages.len();
            copy.id = format!("{:0>32x}", materials.len());
            if round > 1 {
                copy.title = format!("{}（{round}）", material.title);
            }
            if !copy.pages.is_empty() {
                materials.push(copy);
            }
        }
        if left == 0 {
            break;
        }
    }
    let target = Target {
        case_number: manifest.case_number.clone(),
        case_title: None,
        court: None,
        volume_title: format!("{wanted} 页"),
        class: VolumeClass::Main,
    };
    let id = store.ensure_volume(&target).await.unwrap();
    let fill = async |volume: &mut Manifest| {
        volume.materials.clone_from(&materials);
        Ok::<_, StoreError>(())
    };
    store.revise(&permit, &id, fill).await.unwrap();
    println!("{id}");
}

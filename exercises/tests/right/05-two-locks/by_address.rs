//! Orders the albums by their address, and logs on stderr.

use exercises::two_albums::{self, Album};
use exercises::{Error, blocking, save};

pub fn main() -> Result<(), Error> {
    two_albums::run(transfer)
}

fn transfer(link: &str, from: &Album, to: &Album) -> Result<(), Error> {
    eprintln!("{link}: from {} to {}", from.name, to.name);
    save(link, &blocking::download(link)?)?;
    let mut albums = [from, to];
    albums.sort_by_key(|album| std::ptr::from_ref(*album));
    let mut guards = albums.map(|album| album.lock().unwrap());
    let source = usize::from(!std::ptr::eq(albums[0], from));
    if let Some(link) = guards[source].take(link) {
        guards[1 - source].insert(link);
    }
    Ok(())
}

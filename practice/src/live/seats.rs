//! Room for those who look on: a few from each address, and nobody who does not listen.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, Instant};
use tokio::sync::Notify;

/// How many may look on at once.
const SEATS: usize = 100;
/// And how many of one address. This machine has as many seats as all others together.
const OF_ONE: usize = 8;
/// Who takes no frame for so long does not read. There is one at least every two seconds.
const SILENCE: Duration = Duration::from_secs(5);

/// Ends a connection.
pub type HangUp = Arc<Notify>;

/// A place among those who look on. It is free again once this is dropped.
pub struct Seat {
    address: IpAddr,
    took: Mutex<Instant>,
    hang_up: HangUp,
}

impl Seat {
    /// A frame has been taken.
    pub fn takes_frame(&self) {
        *self.took.lock().unwrap() = Instant::now();
    }
}

/// All seats that are taken.
#[derive(Default)]
pub struct Seats(Mutex<Vec<Weak<Seat>>>);

impl Seats {
    /// A seat for somebody at this address; none where there is no room.
    pub fn take(&self, address: IpAddr, hang_up: HangUp) -> Option<Arc<Seat>> {
        let taken = self.taken();
        let address = address.to_canonical();
        let is_here = address.is_loopback();
        let of_one = taken.iter().filter(|seat| seat.address == address).count();
        let of_kind = taken.iter().filter(|seat| seat.address.is_loopback() == is_here).count();
        if of_kind >= SEATS || (!is_here && of_one >= OF_ONE) {
            return None;
        }
        let seat = Arc::new(Seat { address, took: Mutex::new(Instant::now()), hang_up });
        self.0.lock().unwrap().push(Arc::downgrade(&seat));
        Some(seat)
    }

    /// Hangs up on all who do not read. Their connections would never end by themselves.
    pub fn let_go(&self, now: Instant) {
        for seat in self.taken() {
            let took = *seat.took.lock().unwrap();
            if now.saturating_duration_since(took) > SILENCE {
                seat.hang_up.notify_one();
            }
        }
    }

    fn taken(&self) -> Vec<Arc<Seat>> {
        let mut seats = self.0.lock().unwrap();
        seats.retain(|seat| seat.strong_count() > 0);
        seats.iter().filter_map(Weak::upgrade).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;

    #[test]
    fn one_address_cannot_take_all_seats() {
        let seats = Seats::default();
        let take = |address: [u8; 4]| seats.take(address.into(), HangUp::default());
        let mut flood: Vec<_> = std::iter::from_fn(|| take([10, 0, 0, 1])).collect();
        assert_eq!(flood.len(), OF_ONE);
        let others: Vec<_> = (2..=250).filter_map(|last| take([10, 0, 0, last])).collect();
        assert_eq!(others.len(), SEATS - OF_ONE);
        assert!(take([127, 0, 0, 1]).is_some(), "there is room for this machine");
        drop(flood.pop());
        assert!(take([10, 0, 0, 1]).is_some(), "a seat that was given back is free");
    }

    #[test]
    fn who_takes_no_frame_is_let_go() {
        let seats = Seats::default();
        let [reads, silent] = [HangUp::default(), HangUp::default()];
        let _silent = seats.take([10, 0, 0, 1].into(), Arc::clone(&silent)).unwrap();
        let seat = seats.take([10, 0, 0, 2].into(), Arc::clone(&reads)).unwrap();
        let later = Instant::now() + SILENCE + Duration::from_millis(1);
        *seat.took.lock().unwrap() = later;
        seats.let_go(later);
        assert!(silent.notified().now_or_never().is_some());
        assert!(reads.notified().now_or_never().is_none());
    }
}

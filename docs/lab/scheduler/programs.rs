// The programs of the page "Be the scheduler", written by generate.mjs from levels/*.js.

fn two_prints_broken() -> String {
    thread::scope(|scope| {
        scope.spawn(|| {
            println!("A begins");
            println!("A ends");
        });
        scope.spawn(|| {
            println!("B begins");
            println!("B ends");
        });
    });
    printed()
}

fn two_prints_sleep() -> String {
    thread::scope(|scope| {
        scope.spawn(|| {
            println!("A begins");
            println!("A ends");
        });
        scope.spawn(|| {
            thread::sleep(Duration::from_millis(10));
            println!("B begins");
            println!("B ends");
        });
    });
    printed()
}

fn two_prints_one_lock() -> String {
    let screen = Mutex::new(());
    thread::scope(|scope| {
        scope.spawn(|| {
            let guard = screen.lock().unwrap();
            println!("A begins");
            println!("A ends");
            drop(guard);
        });
        scope.spawn(|| {
            let guard = screen.lock().unwrap();
            println!("B begins");
            println!("B ends");
            drop(guard);
        });
    });
    printed()
}

fn two_prints_message() -> String {
    let (ended, when_ended) = mpsc::sync_channel(1);
    thread::scope(|scope| {
        scope.spawn(move || {
            println!("A begins");
            println!("A ends");
            ended.send(()).unwrap();
        });
        scope.spawn(move || {
            when_ended.recv().unwrap();
            println!("B begins");
            println!("B ends");
        });
    });
    printed()
}

fn lost_update_broken() -> String {
    let saved = AtomicU32::new(0);
    thread::scope(|scope| {
        scope.spawn(|| {
            let seen = saved.load(SeqCst);
            saved.store(seen + 1, SeqCst);
        });
        scope.spawn(|| {
            let seen = saved.load(SeqCst);
            saved.store(seen + 1, SeqCst);
        });
    });
    format!("saved = {}", saved.load(SeqCst))
}

fn lost_update_sleep() -> String {
    let saved = AtomicU32::new(0);
    thread::scope(|scope| {
        scope.spawn(|| {
            let seen = saved.load(SeqCst);
            saved.store(seen + 1, SeqCst);
        });
        scope.spawn(|| {
            thread::sleep(Duration::from_millis(10));
            let seen = saved.load(SeqCst);
            saved.store(seen + 1, SeqCst);
        });
    });
    format!("saved = {}", saved.load(SeqCst))
}

fn lost_update_two_sections() -> String {
    let saved = AtomicU32::new(0);
    let lock = Mutex::new(());
    thread::scope(|scope| {
        scope.spawn(|| {
            let guard = lock.lock().unwrap();
            let seen = saved.load(SeqCst);
            drop(guard);
            let guard = lock.lock().unwrap();
            saved.store(seen + 1, SeqCst);
            drop(guard);
        });
        scope.spawn(|| {
            let guard = lock.lock().unwrap();
            let seen = saved.load(SeqCst);
            drop(guard);
            let guard = lock.lock().unwrap();
            saved.store(seen + 1, SeqCst);
            drop(guard);
        });
    });
    format!("saved = {}", saved.load(SeqCst))
}

fn lost_update_own_locks() -> String {
    let saved = AtomicU32::new(0);
    let left = Mutex::new(());
    let right = Mutex::new(());
    thread::scope(|scope| {
        scope.spawn(|| {
            let guard = left.lock().unwrap();
            let seen = saved.load(SeqCst);
            saved.store(seen + 1, SeqCst);
            drop(guard);
        });
        scope.spawn(|| {
            let guard = right.lock().unwrap();
            let seen = saved.load(SeqCst);
            saved.store(seen + 1, SeqCst);
            drop(guard);
        });
    });
    format!("saved = {}", saved.load(SeqCst))
}

fn lost_update_one_lock() -> String {
    let saved = AtomicU32::new(0);
    let lock = Mutex::new(());
    thread::scope(|scope| {
        scope.spawn(|| {
            let guard = lock.lock().unwrap();
            let seen = saved.load(SeqCst);
            saved.store(seen + 1, SeqCst);
            drop(guard);
        });
        scope.spawn(|| {
            let guard = lock.lock().unwrap();
            let seen = saved.load(SeqCst);
            saved.store(seen + 1, SeqCst);
            drop(guard);
        });
    });
    format!("saved = {}", saved.load(SeqCst))
}

fn lost_update_fetch_add() -> String {
    let saved = AtomicU32::new(0);
    thread::scope(|scope| {
        scope.spawn(|| {
            saved.fetch_add(1, SeqCst);
        });
        scope.spawn(|| {
            saved.fetch_add(1, SeqCst);
        });
    });
    format!("saved = {}", saved.load(SeqCst))
}

fn check_then_act_broken() -> String {
    let started = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            if !started.load(SeqCst) {
                started.store(true, SeqCst);
                println!("A downloads");
            }
        });
        scope.spawn(|| {
            if !started.load(SeqCst) {
                started.store(true, SeqCst);
                println!("B downloads");
            }
        });
    });
    printed()
}

fn check_then_act_check_twice() -> String {
    let started = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            if !started.load(SeqCst) {
                if !started.load(SeqCst) {
                    started.store(true, SeqCst);
                    println!("A downloads");
                }
            }
        });
        scope.spawn(|| {
            if !started.load(SeqCst) {
                if !started.load(SeqCst) {
                    started.store(true, SeqCst);
                    println!("B downloads");
                }
            }
        });
    });
    printed()
}

fn check_then_act_lock_the_write() -> String {
    let started = AtomicBool::new(false);
    let lock = Mutex::new(());
    thread::scope(|scope| {
        scope.spawn(|| {
            if !started.load(SeqCst) {
                let guard = lock.lock().unwrap();
                started.store(true, SeqCst);
                drop(guard);
                println!("A downloads");
            }
        });
        scope.spawn(|| {
            if !started.load(SeqCst) {
                let guard = lock.lock().unwrap();
                started.store(true, SeqCst);
                drop(guard);
                println!("B downloads");
            }
        });
    });
    printed()
}

fn check_then_act_swap() -> String {
    let started = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            if !started.swap(true, SeqCst) {
                println!("A downloads");
            }
        });
        scope.spawn(|| {
            if !started.swap(true, SeqCst) {
                println!("B downloads");
            }
        });
    });
    printed()
}

fn check_then_act_one_lock() -> String {
    let started = AtomicBool::new(false);
    let lock = Mutex::new(());
    thread::scope(|scope| {
        scope.spawn(|| {
            let guard = lock.lock().unwrap();
            if !started.load(SeqCst) {
                started.store(true, SeqCst);
                println!("A downloads");
            }
            drop(guard);
        });
        scope.spawn(|| {
            let guard = lock.lock().unwrap();
            if !started.load(SeqCst) {
                started.store(true, SeqCst);
                println!("B downloads");
            }
            drop(guard);
        });
    });
    printed()
}

fn two_atomics_broken() -> String {
    let checking = AtomicU32::new(100);
    let savings = AtomicU32::new(0);
    thread::scope(|scope| {
        scope.spawn(|| {
            checking.fetch_sub(30, SeqCst);
            savings.fetch_add(30, SeqCst);
        });
        scope.spawn(|| {
            let c = checking.load(SeqCst);
            let s = savings.load(SeqCst);
            println!("{}", c + s);
        });
    });
    format!("B finds {}", printed())
}

fn two_atomics_put_first() -> String {
    let checking = AtomicU32::new(100);
    let savings = AtomicU32::new(0);
    thread::scope(|scope| {
        scope.spawn(|| {
            savings.fetch_add(30, SeqCst);
            checking.fetch_sub(30, SeqCst);
        });
        scope.spawn(|| {
            let c = checking.load(SeqCst);
            let s = savings.load(SeqCst);
            println!("{}", c + s);
        });
    });
    format!("B finds {}", printed())
}

fn two_atomics_look_right_first() -> String {
    let checking = AtomicU32::new(100);
    let savings = AtomicU32::new(0);
    thread::scope(|scope| {
        scope.spawn(|| {
            checking.fetch_sub(30, SeqCst);
            savings.fetch_add(30, SeqCst);
        });
        scope.spawn(|| {
            let s = savings.load(SeqCst);
            let c = checking.load(SeqCst);
            println!("{}", c + s);
        });
    });
    format!("B finds {}", printed())
}

fn two_atomics_two_mutexes() -> String {
    let checking = Mutex::new(100);
    let savings = Mutex::new(0);
    thread::scope(|scope| {
        scope.spawn(|| {
            *checking.lock().unwrap() -= 30;
            *savings.lock().unwrap() += 30;
        });
        scope.spawn(|| {
            let c = *checking.lock().unwrap();
            let s = *savings.lock().unwrap();
            println!("{}", c + s);
        });
    });
    format!("B finds {}", printed())
}

fn two_atomics_writer_locks() -> String {
    let checking = AtomicU32::new(100);
    let savings = AtomicU32::new(0);
    let lock = Mutex::new(());
    thread::scope(|scope| {
        scope.spawn(|| {
            let guard = lock.lock().unwrap();
            checking.fetch_sub(30, SeqCst);
            savings.fetch_add(30, SeqCst);
            drop(guard);
        });
        scope.spawn(|| {
            let c = checking.load(SeqCst);
            let s = savings.load(SeqCst);
            println!("{}", c + s);
        });
    });
    format!("B finds {}", printed())
}

fn two_atomics_one_mutex() -> String {
    let accounts = Mutex::new((100, 0));
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut both = accounts.lock().unwrap();
            both.0 -= 30;
            both.1 += 30;
            drop(both);
        });
        scope.spawn(|| {
            let (c, s) = *accounts.lock().unwrap();
            println!("{}", c + s);
        });
    });
    format!("B finds {}", printed())
}

fn too_early_broken() -> String {
    let ready = AtomicBool::new(false);
    let image = AtomicU32::new(0);
    thread::scope(|scope| {
        scope.spawn(|| {
            ready.store(true, SeqCst);
            image.store(42, SeqCst);
        });
        scope.spawn(|| {
            if ready.load(SeqCst) {
                println!("{}", image.load(SeqCst));
            }
        });
    });
    format!("B shows {}", if printed().is_empty() { "nothing".into() } else { printed() })
}

fn too_early_sleep() -> String {
    let ready = AtomicBool::new(false);
    let image = AtomicU32::new(0);
    thread::scope(|scope| {
        scope.spawn(|| {
            ready.store(true, SeqCst);
            image.store(42, SeqCst);
        });
        scope.spawn(|| {
            if ready.load(SeqCst) {
                thread::sleep(Duration::from_millis(10));
                println!("{}", image.load(SeqCst));
            }
        });
    });
    format!("B shows {}", if printed().is_empty() { "nothing".into() } else { printed() })
}

fn too_early_lock_each() -> String {
    let ready = AtomicBool::new(false);
    let image = AtomicU32::new(0);
    let lock = Mutex::new(());
    thread::scope(|scope| {
        scope.spawn(|| {
            let guard = lock.lock().unwrap();
            ready.store(true, SeqCst);
            drop(guard);
            let guard = lock.lock().unwrap();
            image.store(42, SeqCst);
            drop(guard);
        });
        scope.spawn(|| {
            let guard = lock.lock().unwrap();
            if ready.load(SeqCst) {
                println!("{}", image.load(SeqCst));
            }
            drop(guard);
        });
    });
    format!("B shows {}", if printed().is_empty() { "nothing".into() } else { printed() })
}

fn too_early_image_first() -> String {
    let ready = AtomicBool::new(false);
    let image = AtomicU32::new(0);
    thread::scope(|scope| {
        scope.spawn(|| {
            image.store(42, SeqCst);
            ready.store(true, SeqCst);
        });
        scope.spawn(|| {
            if ready.load(SeqCst) {
                println!("{}", image.load(SeqCst));
            }
        });
    });
    format!("B shows {}", if printed().is_empty() { "nothing".into() } else { printed() })
}

fn too_early_both_reversed() -> String {
    let ready = AtomicBool::new(false);
    let image = AtomicU32::new(0);
    thread::scope(|scope| {
        scope.spawn(|| {
            image.store(42, SeqCst);
            ready.store(true, SeqCst);
        });
        scope.spawn(|| {
            let seen = image.load(SeqCst);
            if ready.load(SeqCst) {
                println!("{seen}");
            }
        });
    });
    format!("B shows {}", if printed().is_empty() { "nothing".into() } else { printed() })
}

fn two_locks_broken() -> String {
    let left = Mutex::new(());
    let right = Mutex::new(());
    thread::scope(|scope| {
        scope.spawn(|| {
            let left_guard = left.lock().unwrap();
            let right_guard = right.lock().unwrap();
            drop(right_guard);
            drop(left_guard);
        });
        scope.spawn(|| {
            let right_guard = right.lock().unwrap();
            let left_guard = left.lock().unwrap();
            drop(left_guard);
            drop(right_guard);
        });
    });
    String::from("both end")
}

fn two_locks_drop_order() -> String {
    let left = Mutex::new(());
    let right = Mutex::new(());
    thread::scope(|scope| {
        scope.spawn(|| {
            let left_guard = left.lock().unwrap();
            let right_guard = right.lock().unwrap();
            drop(right_guard);
            drop(left_guard);
        });
        scope.spawn(|| {
            let right_guard = right.lock().unwrap();
            let left_guard = left.lock().unwrap();
            drop(right_guard);
            drop(left_guard);
        });
    });
    String::from("both end")
}

fn two_locks_sleep() -> String {
    let left = Mutex::new(());
    let right = Mutex::new(());
    thread::scope(|scope| {
        scope.spawn(|| {
            let left_guard = left.lock().unwrap();
            let right_guard = right.lock().unwrap();
            drop(right_guard);
            drop(left_guard);
        });
        scope.spawn(|| {
            let right_guard = right.lock().unwrap();
            thread::sleep(Duration::from_millis(10));
            let left_guard = left.lock().unwrap();
            drop(left_guard);
            drop(right_guard);
        });
    });
    String::from("both end")
}

fn two_locks_gate_for_a() -> String {
    let left = Mutex::new(());
    let right = Mutex::new(());
    let gate = Mutex::new(());
    thread::scope(|scope| {
        scope.spawn(|| {
            let gate_guard = gate.lock().unwrap();
            let left_guard = left.lock().unwrap();
            let right_guard = right.lock().unwrap();
            drop(right_guard);
            drop(left_guard);
            drop(gate_guard);
        });
        scope.spawn(|| {
            let right_guard = right.lock().unwrap();
            let left_guard = left.lock().unwrap();
            drop(left_guard);
            drop(right_guard);
        });
    });
    String::from("both end")
}

fn two_locks_same_order() -> String {
    let left = Mutex::new(());
    let right = Mutex::new(());
    thread::scope(|scope| {
        scope.spawn(|| {
            let left_guard = left.lock().unwrap();
            let right_guard = right.lock().unwrap();
            drop(right_guard);
            drop(left_guard);
        });
        scope.spawn(|| {
            let left_guard = left.lock().unwrap();
            let right_guard = right.lock().unwrap();
            drop(right_guard);
            drop(left_guard);
        });
    });
    String::from("both end")
}

fn two_locks_one_at_a_time() -> String {
    let left = Mutex::new(());
    let right = Mutex::new(());
    thread::scope(|scope| {
        scope.spawn(|| {
            let left_guard = left.lock().unwrap();
            let right_guard = right.lock().unwrap();
            drop(right_guard);
            drop(left_guard);
        });
        scope.spawn(|| {
            let right_guard = right.lock().unwrap();
            drop(right_guard);
            let left_guard = left.lock().unwrap();
            drop(left_guard);
        });
    });
    String::from("both end")
}

fn one_lock_twice_broken() -> String {
    let jobs = Mutex::new(Vec::new());
    thread::scope(|scope| {
        scope.spawn(|| {
            if let Some(job) = jobs.lock().unwrap().pop() {
                jobs.lock().unwrap().push(job + 1);
            }
        });
        scope.spawn(|| {
            jobs.lock().unwrap().push(7);
        });
    });
    format!("jobs = {:?}", jobs.into_inner().unwrap())
}

fn one_lock_twice_match() -> String {
    let jobs = Mutex::new(Vec::new());
    thread::scope(|scope| {
        scope.spawn(|| {
            match jobs.lock().unwrap().pop() {
                Some(job) => jobs.lock().unwrap().push(job + 1),
                None => {}
            }
        });
        scope.spawn(|| {
            jobs.lock().unwrap().push(7);
        });
    });
    format!("jobs = {:?}", jobs.into_inner().unwrap())
}

fn one_lock_twice_other_name() -> String {
    let jobs = Mutex::new(Vec::new());
    let same = &jobs;
    thread::scope(|scope| {
        scope.spawn(|| {
            if let Some(job) = jobs.lock().unwrap().pop() {
                same.lock().unwrap().push(job + 1);
            }
        });
        scope.spawn(|| {
            jobs.lock().unwrap().push(7);
        });
    });
    format!("jobs = {:?}", jobs.into_inner().unwrap())
}

fn one_lock_twice_let_first() -> String {
    let jobs = Mutex::new(Vec::new());
    thread::scope(|scope| {
        scope.spawn(|| {
            let job = jobs.lock().unwrap().pop();
            if let Some(job) = job {
                jobs.lock().unwrap().push(job + 1);
            }
        });
        scope.spawn(|| {
            jobs.lock().unwrap().push(7);
        });
    });
    format!("jobs = {:?}", jobs.into_inner().unwrap())
}

fn one_lock_twice_second_list() -> String {
    let jobs = Mutex::new(Vec::new());
    let later = Mutex::new(Vec::new());
    thread::scope(|scope| {
        scope.spawn(|| {
            if let Some(job) = jobs.lock().unwrap().pop() {
                later.lock().unwrap().push(job + 1);
            }
        });
        scope.spawn(|| {
            jobs.lock().unwrap().push(7);
        });
    });
    format!("jobs = {:?}", [jobs.into_inner().unwrap(), later.into_inner().unwrap()].concat())
}

fn lost_wake_up_broken() -> String {
    let ready = AtomicBool::new(false);
    let lock = Mutex::new(());
    let woken = Condvar::new();
    thread::scope(|scope| {
        scope.spawn(|| {
            if !ready.load(SeqCst) {
                let guard = lock.lock().unwrap();
                let guard = woken.wait(guard).unwrap();
                drop(guard);
            }
        });
        scope.spawn(|| {
            ready.store(true, SeqCst);
            woken.notify_one();
        });
    });
    String::from("both end")
}

fn lost_wake_up_notify_all() -> String {
    let ready = AtomicBool::new(false);
    let lock = Mutex::new(());
    let woken = Condvar::new();
    thread::scope(|scope| {
        scope.spawn(|| {
            if !ready.load(SeqCst) {
                let guard = lock.lock().unwrap();
                let guard = woken.wait(guard).unwrap();
                drop(guard);
            }
        });
        scope.spawn(|| {
            ready.store(true, SeqCst);
            woken.notify_all();
        });
    });
    String::from("both end")
}

fn lost_wake_up_lock_to_notify() -> String {
    let ready = AtomicBool::new(false);
    let lock = Mutex::new(());
    let woken = Condvar::new();
    thread::scope(|scope| {
        scope.spawn(|| {
            if !ready.load(SeqCst) {
                let guard = lock.lock().unwrap();
                let guard = woken.wait(guard).unwrap();
                drop(guard);
            }
        });
        scope.spawn(|| {
            ready.store(true, SeqCst);
            let guard = lock.lock().unwrap();
            woken.notify_one();
            drop(guard);
        });
    });
    String::from("both end")
}

fn lost_wake_up_check_under_lock() -> String {
    let ready = AtomicBool::new(false);
    let lock = Mutex::new(());
    let woken = Condvar::new();
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut guard = lock.lock().unwrap();
            if !ready.load(SeqCst) {
                guard = woken.wait(guard).unwrap();
            }
            drop(guard);
        });
        scope.spawn(|| {
            ready.store(true, SeqCst);
            woken.notify_one();
        });
    });
    String::from("both end")
}

fn lost_wake_up_flag_in_lock() -> String {
    let ready = Mutex::new(false);
    let woken = Condvar::new();
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut guard = ready.lock().unwrap();
            while !*guard {
                guard = woken.wait(guard).unwrap();
            }
            drop(guard);
        });
        scope.spawn(|| {
            *ready.lock().unwrap() = true;
            woken.notify_one();
        });
    });
    String::from("both end")
}

fn notify_one_broken() -> String {
    let open = Mutex::new(false);
    let opened = Condvar::new();
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut guard = open.lock().unwrap();
            while !*guard {
                guard = opened.wait(guard).unwrap();
            }
            drop(guard);
        });
        scope.spawn(|| {
            let mut guard = open.lock().unwrap();
            while !*guard {
                guard = opened.wait(guard).unwrap();
            }
            drop(guard);
        });
        scope.spawn(|| {
            *open.lock().unwrap() = true;
            opened.notify_one();
        });
    });
    String::from("all end")
}

fn notify_one_under_lock() -> String {
    let open = Mutex::new(false);
    let opened = Condvar::new();
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut guard = open.lock().unwrap();
            while !*guard {
                guard = opened.wait(guard).unwrap();
            }
            drop(guard);
        });
        scope.spawn(|| {
            let mut guard = open.lock().unwrap();
            while !*guard {
                guard = opened.wait(guard).unwrap();
            }
            drop(guard);
        });
        scope.spawn(|| {
            let mut guard = open.lock().unwrap();
            *guard = true;
            opened.notify_one();
            drop(guard);
        });
    });
    String::from("all end")
}

fn notify_one_if() -> String {
    let open = Mutex::new(false);
    let opened = Condvar::new();
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut guard = open.lock().unwrap();
            if !*guard {
                guard = opened.wait(guard).unwrap();
            }
            drop(guard);
        });
        scope.spawn(|| {
            let mut guard = open.lock().unwrap();
            if !*guard {
                guard = opened.wait(guard).unwrap();
            }
            drop(guard);
        });
        scope.spawn(|| {
            *open.lock().unwrap() = true;
            opened.notify_one();
        });
    });
    String::from("all end")
}

fn notify_one_pass_on() -> String {
    let open = Mutex::new(false);
    let opened = Condvar::new();
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut guard = open.lock().unwrap();
            while !*guard {
                guard = opened.wait(guard).unwrap();
            }
            drop(guard);
            opened.notify_one();
        });
        scope.spawn(|| {
            let mut guard = open.lock().unwrap();
            while !*guard {
                guard = opened.wait(guard).unwrap();
            }
            drop(guard);
            opened.notify_one();
        });
        scope.spawn(|| {
            *open.lock().unwrap() = true;
            opened.notify_one();
        });
    });
    String::from("all end")
}

fn notify_one_notify_all() -> String {
    let open = Mutex::new(false);
    let opened = Condvar::new();
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut guard = open.lock().unwrap();
            while !*guard {
                guard = opened.wait(guard).unwrap();
            }
            drop(guard);
        });
        scope.spawn(|| {
            let mut guard = open.lock().unwrap();
            while !*guard {
                guard = opened.wait(guard).unwrap();
            }
            drop(guard);
        });
        scope.spawn(|| {
            *open.lock().unwrap() = true;
            opened.notify_all();
        });
    });
    String::from("all end")
}

fn if_for_while_broken() -> String {
    let queue = Mutex::new(Vec::new());
    let added = Condvar::new();
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut jobs = queue.lock().unwrap();
            if jobs.is_empty() {
                jobs = added.wait(jobs).unwrap();
            }
            println!("A got {:?}", jobs.pop());
            drop(jobs);
        });
        scope.spawn(|| {
            let job = queue.lock().unwrap().pop();
        });
        scope.spawn(|| {
            queue.lock().unwrap().push(1);
            added.notify_one();
            queue.lock().unwrap().push(2);
            added.notify_one();
        });
    });
    printed()
}

fn if_for_while_notify_all() -> String {
    let queue = Mutex::new(Vec::new());
    let added = Condvar::new();
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut jobs = queue.lock().unwrap();
            if jobs.is_empty() {
                jobs = added.wait(jobs).unwrap();
            }
            println!("A got {:?}", jobs.pop());
            drop(jobs);
        });
        scope.spawn(|| {
            let job = queue.lock().unwrap().pop();
        });
        scope.spawn(|| {
            queue.lock().unwrap().push(1);
            added.notify_all();
            queue.lock().unwrap().push(2);
            added.notify_all();
        });
    });
    printed()
}

fn if_for_while_under_lock() -> String {
    let queue = Mutex::new(Vec::new());
    let added = Condvar::new();
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut jobs = queue.lock().unwrap();
            if jobs.is_empty() {
                jobs = added.wait(jobs).unwrap();
            }
            println!("A got {:?}", jobs.pop());
            drop(jobs);
        });
        scope.spawn(|| {
            let job = queue.lock().unwrap().pop();
        });
        scope.spawn(|| {
            let mut jobs = queue.lock().unwrap();
            jobs.push(1);
            added.notify_one();
            drop(jobs);
            queue.lock().unwrap().push(2);
            added.notify_one();
        });
    });
    printed()
}

fn if_for_while_while() -> String {
    let queue = Mutex::new(Vec::new());
    let added = Condvar::new();
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut jobs = queue.lock().unwrap();
            while jobs.is_empty() {
                jobs = added.wait(jobs).unwrap();
            }
            println!("A got {:?}", jobs.pop());
            drop(jobs);
        });
        scope.spawn(|| {
            let job = queue.lock().unwrap().pop();
        });
        scope.spawn(|| {
            queue.lock().unwrap().push(1);
            added.notify_one();
            queue.lock().unwrap().push(2);
            added.notify_one();
        });
    });
    printed()
}

fn full_channel_broken() -> String {
    let (jobs, queue) = mpsc::sync_channel(1);
    let more = jobs.clone();
    thread::scope(|scope| {
        scope.spawn(move || {
            jobs.send(1).unwrap();
            jobs.send(2).unwrap();
            jobs.send(3).unwrap();
        });
        scope.spawn(move || {
            let job = queue.recv().unwrap();
            more.send(job + 10).unwrap();
            queue.recv().unwrap();
            queue.recv().unwrap();
            queue.recv().unwrap();
        });
    });
    String::from("all four jobs done")
}

fn full_channel_bound_two() -> String {
    let (jobs, queue) = mpsc::sync_channel(2);
    let more = jobs.clone();
    thread::scope(|scope| {
        scope.spawn(move || {
            jobs.send(1).unwrap();
            jobs.send(2).unwrap();
            jobs.send(3).unwrap();
        });
        scope.spawn(move || {
            let job = queue.recv().unwrap();
            more.send(job + 10).unwrap();
            queue.recv().unwrap();
            queue.recv().unwrap();
            queue.recv().unwrap();
        });
    });
    String::from("all four jobs done")
}

fn full_channel_sleep() -> String {
    let (jobs, queue) = mpsc::sync_channel(1);
    let more = jobs.clone();
    thread::scope(|scope| {
        scope.spawn(move || {
            jobs.send(1).unwrap();
            thread::sleep(Duration::from_millis(10));
            jobs.send(2).unwrap();
            jobs.send(3).unwrap();
        });
        scope.spawn(move || {
            let job = queue.recv().unwrap();
            more.send(job + 10).unwrap();
            queue.recv().unwrap();
            queue.recv().unwrap();
            queue.recv().unwrap();
        });
    });
    String::from("all four jobs done")
}

fn full_channel_try_send() -> String {
    let (jobs, queue) = mpsc::sync_channel(1);
    let more = jobs.clone();
    thread::scope(|scope| {
        scope.spawn(move || {
            jobs.send(1).unwrap();
            jobs.send(2).unwrap();
            jobs.send(3).unwrap();
        });
        scope.spawn(move || {
            let job = queue.recv().unwrap();
            let _ = more.try_send(job + 10);
            queue.recv().unwrap();
            queue.recv().unwrap();
            queue.recv().unwrap();
        });
    });
    String::from("all four jobs done")
}

fn full_channel_unbounded() -> String {
    let (jobs, queue) = mpsc::channel();
    let more = jobs.clone();
    thread::scope(|scope| {
        scope.spawn(move || {
            jobs.send(1).unwrap();
            jobs.send(2).unwrap();
            jobs.send(3).unwrap();
        });
        scope.spawn(move || {
            let job = queue.recv().unwrap();
            more.send(job + 10).unwrap();
            queue.recv().unwrap();
            queue.recv().unwrap();
            queue.recv().unwrap();
        });
    });
    String::from("all four jobs done")
}

fn full_channel_own_list() -> String {
    let (jobs, queue) = mpsc::sync_channel(1);
    let more = jobs.clone();
    thread::scope(|scope| {
        scope.spawn(move || {
            jobs.send(1).unwrap();
            jobs.send(2).unwrap();
            jobs.send(3).unwrap();
        });
        scope.spawn(move || {
            let job = queue.recv().unwrap();
            let next = job + 10;
            queue.recv().unwrap();
            queue.recv().unwrap();
        });
    });
    String::from("all four jobs done")
}

fn check_await_act_broken() -> String {
    let image = Rc::new(Cell::new(0));
    let downloads = Rc::new(Cell::new(0));
    let shown = Rc::new(Cell::new(0));
    block_on(async {
        let task_0 = spawn_local({
            let image = image.clone();
            let downloads = downloads.clone();
            let shown = shown.clone();
            async move {
                if image.get() == 0 {
                    downloads.set(downloads.get() + 1);
                    download().await;
                    image.set(1);
                }
                shown.set(shown.get() + image.get());
            }
        });
        let task_1 = spawn_local({
            let image = image.clone();
            let downloads = downloads.clone();
            let shown = shown.clone();
            async move {
                if image.get() == 0 {
                    downloads.set(downloads.get() + 1);
                    download().await;
                    image.set(1);
                }
                shown.set(shown.get() + image.get());
            }
        });
        let _ = task_0.await;
        let _ = task_1.await;
    });
    format!("downloads = {}, shown = {}", downloads.get(), shown.get())
}

fn check_await_act_yield() -> String {
    let image = Rc::new(Cell::new(0));
    let downloads = Rc::new(Cell::new(0));
    let shown = Rc::new(Cell::new(0));
    block_on(async {
        let task_0 = spawn_local({
            let image = image.clone();
            let downloads = downloads.clone();
            let shown = shown.clone();
            async move {
                yield_now().await;
                if image.get() == 0 {
                    downloads.set(downloads.get() + 1);
                    download().await;
                    image.set(1);
                }
                shown.set(shown.get() + image.get());
            }
        });
        let task_1 = spawn_local({
            let image = image.clone();
            let downloads = downloads.clone();
            let shown = shown.clone();
            async move {
                yield_now().await;
                if image.get() == 0 {
                    downloads.set(downloads.get() + 1);
                    download().await;
                    image.set(1);
                }
                shown.set(shown.get() + image.get());
            }
        });
        let _ = task_0.await;
        let _ = task_1.await;
    });
    format!("downloads = {}, shown = {}", downloads.get(), shown.get())
}

fn check_await_act_check_again() -> String {
    let image = Rc::new(Cell::new(0));
    let downloads = Rc::new(Cell::new(0));
    let shown = Rc::new(Cell::new(0));
    block_on(async {
        let task_0 = spawn_local({
            let image = image.clone();
            let downloads = downloads.clone();
            let shown = shown.clone();
            async move {
                if image.get() == 0 {
                    downloads.set(downloads.get() + 1);
                    download().await;
                    if image.get() == 0 {
                        image.set(1);
                    }
                }
                shown.set(shown.get() + image.get());
            }
        });
        let task_1 = spawn_local({
            let image = image.clone();
            let downloads = downloads.clone();
            let shown = shown.clone();
            async move {
                if image.get() == 0 {
                    downloads.set(downloads.get() + 1);
                    download().await;
                    if image.get() == 0 {
                        image.set(1);
                    }
                }
                shown.set(shown.get() + image.get());
            }
        });
        let _ = task_0.await;
        let _ = task_1.await;
    });
    format!("downloads = {}, shown = {}", downloads.get(), shown.get())
}

fn check_await_act_mark_first() -> String {
    let image = Rc::new(Cell::new(0));
    let downloads = Rc::new(Cell::new(0));
    let shown = Rc::new(Cell::new(0));
    let started = Rc::new(Cell::new(false));
    block_on(async {
        let task_0 = spawn_local({
            let image = image.clone();
            let downloads = downloads.clone();
            let shown = shown.clone();
            let started = started.clone();
            async move {
                if !started.get() {
                    started.set(true);
                    downloads.set(downloads.get() + 1);
                    download().await;
                    image.set(1);
                }
                shown.set(shown.get() + image.get());
            }
        });
        let task_1 = spawn_local({
            let image = image.clone();
            let downloads = downloads.clone();
            let shown = shown.clone();
            let started = started.clone();
            async move {
                if !started.get() {
                    started.set(true);
                    downloads.set(downloads.get() + 1);
                    download().await;
                    image.set(1);
                }
                shown.set(shown.get() + image.get());
            }
        });
        let _ = task_0.await;
        let _ = task_1.await;
    });
    format!("downloads = {}, shown = {}", downloads.get(), shown.get())
}

fn check_await_act_async_mutex() -> String {
    let image = Rc::new(Cell::new(0));
    let downloads = Rc::new(Cell::new(0));
    let shown = Rc::new(Cell::new(0));
    let lock = Rc::new(tokio::sync::Mutex::new(()));
    block_on(async {
        let task_0 = spawn_local({
            let image = image.clone();
            let downloads = downloads.clone();
            let shown = shown.clone();
            let lock = lock.clone();
            async move {
                let guard = lock.lock().await;
                if image.get() == 0 {
                    downloads.set(downloads.get() + 1);
                    download().await;
                    image.set(1);
                }
                drop(guard);
                shown.set(shown.get() + image.get());
            }
        });
        let task_1 = spawn_local({
            let image = image.clone();
            let downloads = downloads.clone();
            let shown = shown.clone();
            let lock = lock.clone();
            async move {
                let guard = lock.lock().await;
                if image.get() == 0 {
                    downloads.set(downloads.get() + 1);
                    download().await;
                    image.set(1);
                }
                drop(guard);
                shown.set(shown.get() + image.get());
            }
        });
        let _ = task_0.await;
        let _ = task_1.await;
    });
    format!("downloads = {}, shown = {}", downloads.get(), shown.get())
}

fn cancelled_broken() -> String {
    let checking = Rc::new(Cell::new(100));
    let savings = Rc::new(Cell::new(0));
    block_on(async {
        let task_0 = spawn_local({
            let checking = checking.clone();
            let savings = savings.clone();
            async move {
                checking.set(checking.get() - 30);
                write_to_log().await;
                savings.set(savings.get() + 30);
            }
        });
        let task_1 = spawn_local({
            let checking = checking.clone();
            let savings = savings.clone();
            let transfer = task_0.abort_handle();
            async move {
                transfer.abort();
            }
        });
        let _ = task_0.await;
        let _ = task_1.await;
    });
    format!("{} + {}", checking.get(), savings.get())
}

fn cancelled_put_first() -> String {
    let checking = Rc::new(Cell::new(100));
    let savings = Rc::new(Cell::new(0));
    block_on(async {
        let task_0 = spawn_local({
            let checking = checking.clone();
            let savings = savings.clone();
            async move {
                savings.set(savings.get() + 30);
                write_to_log().await;
                checking.set(checking.get() - 30);
            }
        });
        let task_1 = spawn_local({
            let checking = checking.clone();
            let savings = savings.clone();
            let transfer = task_0.abort_handle();
            async move {
                transfer.abort();
            }
        });
        let _ = task_0.await;
        let _ = task_1.await;
    });
    format!("{} + {}", checking.get(), savings.get())
}

fn cancelled_lock() -> String {
    let checking = Rc::new(Cell::new(100));
    let savings = Rc::new(Cell::new(0));
    let lock = Rc::new(tokio::sync::Mutex::new(()));
    block_on(async {
        let task_0 = spawn_local({
            let checking = checking.clone();
            let savings = savings.clone();
            let lock = lock.clone();
            async move {
                let guard = lock.lock().await;
                checking.set(checking.get() - 30);
                write_to_log().await;
                savings.set(savings.get() + 30);
                drop(guard);
            }
        });
        let task_1 = spawn_local({
            let checking = checking.clone();
            let savings = savings.clone();
            let lock = lock.clone();
            let transfer = task_0.abort_handle();
            async move {
                transfer.abort();
            }
        });
        let _ = task_0.await;
        let _ = task_1.await;
    });
    format!("{} + {}", checking.get(), savings.get())
}

fn cancelled_wait() -> String {
    let checking = Rc::new(Cell::new(100));
    let savings = Rc::new(Cell::new(0));
    block_on(async {
        let task_0 = spawn_local({
            let checking = checking.clone();
            let savings = savings.clone();
            async move {
                checking.set(checking.get() - 30);
                write_to_log().await;
                savings.set(savings.get() + 30);
            }
        });
        let task_1 = spawn_local({
            let checking = checking.clone();
            let savings = savings.clone();
            let transfer = task_0.abort_handle();
            async move {
                sleep(Duration::from_millis(10)).await;
                transfer.abort();
            }
        });
        let _ = task_0.await;
        let _ = task_1.await;
    });
    format!("{} + {}", checking.get(), savings.get())
}

fn cancelled_no_await_between() -> String {
    let checking = Rc::new(Cell::new(100));
    let savings = Rc::new(Cell::new(0));
    block_on(async {
        let task_0 = spawn_local({
            let checking = checking.clone();
            let savings = savings.clone();
            async move {
                write_to_log().await;
                checking.set(checking.get() - 30);
                savings.set(savings.get() + 30);
            }
        });
        let task_1 = spawn_local({
            let checking = checking.clone();
            let savings = savings.clone();
            let transfer = task_0.abort_handle();
            async move {
                transfer.abort();
            }
        });
        let _ = task_0.await;
        let _ = task_1.await;
    });
    format!("{} + {}", checking.get(), savings.get())
}

pub const PROGRAMS: &[(&str, fn() -> String)] = &[
    ("two-prints/broken", two_prints_broken),
    ("two-prints/sleep", two_prints_sleep),
    ("two-prints/one-lock", two_prints_one_lock),
    ("two-prints/message", two_prints_message),
    ("lost-update/broken", lost_update_broken),
    ("lost-update/sleep", lost_update_sleep),
    ("lost-update/two-sections", lost_update_two_sections),
    ("lost-update/own-locks", lost_update_own_locks),
    ("lost-update/one-lock", lost_update_one_lock),
    ("lost-update/fetch-add", lost_update_fetch_add),
    ("check-then-act/broken", check_then_act_broken),
    ("check-then-act/check-twice", check_then_act_check_twice),
    ("check-then-act/lock-the-write", check_then_act_lock_the_write),
    ("check-then-act/swap", check_then_act_swap),
    ("check-then-act/one-lock", check_then_act_one_lock),
    ("two-atomics/broken", two_atomics_broken),
    ("two-atomics/put-first", two_atomics_put_first),
    ("two-atomics/look-right-first", two_atomics_look_right_first),
    ("two-atomics/two-mutexes", two_atomics_two_mutexes),
    ("two-atomics/writer-locks", two_atomics_writer_locks),
    ("two-atomics/one-mutex", two_atomics_one_mutex),
    ("too-early/broken", too_early_broken),
    ("too-early/sleep", too_early_sleep),
    ("too-early/lock-each", too_early_lock_each),
    ("too-early/image-first", too_early_image_first),
    ("too-early/both-reversed", too_early_both_reversed),
    ("two-locks/broken", two_locks_broken),
    ("two-locks/drop-order", two_locks_drop_order),
    ("two-locks/sleep", two_locks_sleep),
    ("two-locks/gate-for-a", two_locks_gate_for_a),
    ("two-locks/same-order", two_locks_same_order),
    ("two-locks/one-at-a-time", two_locks_one_at_a_time),
    ("one-lock-twice/broken", one_lock_twice_broken),
    ("one-lock-twice/match", one_lock_twice_match),
    ("one-lock-twice/other-name", one_lock_twice_other_name),
    ("one-lock-twice/let-first", one_lock_twice_let_first),
    ("one-lock-twice/second-list", one_lock_twice_second_list),
    ("lost-wake-up/broken", lost_wake_up_broken),
    ("lost-wake-up/notify-all", lost_wake_up_notify_all),
    ("lost-wake-up/lock-to-notify", lost_wake_up_lock_to_notify),
    ("lost-wake-up/check-under-lock", lost_wake_up_check_under_lock),
    ("lost-wake-up/flag-in-lock", lost_wake_up_flag_in_lock),
    ("notify-one/broken", notify_one_broken),
    ("notify-one/under-lock", notify_one_under_lock),
    ("notify-one/if", notify_one_if),
    ("notify-one/pass-on", notify_one_pass_on),
    ("notify-one/notify-all", notify_one_notify_all),
    ("if-for-while/broken", if_for_while_broken),
    ("if-for-while/notify-all", if_for_while_notify_all),
    ("if-for-while/under-lock", if_for_while_under_lock),
    ("if-for-while/while", if_for_while_while),
    ("full-channel/broken", full_channel_broken),
    ("full-channel/bound-two", full_channel_bound_two),
    ("full-channel/sleep", full_channel_sleep),
    ("full-channel/try-send", full_channel_try_send),
    ("full-channel/unbounded", full_channel_unbounded),
    ("full-channel/own-list", full_channel_own_list),
    ("check-await-act/broken", check_await_act_broken),
    ("check-await-act/yield", check_await_act_yield),
    ("check-await-act/check-again", check_await_act_check_again),
    ("check-await-act/mark-first", check_await_act_mark_first),
    ("check-await-act/async-mutex", check_await_act_async_mutex),
    ("cancelled/broken", cancelled_broken),
    ("cancelled/put-first", cancelled_put_first),
    ("cancelled/lock", cancelled_lock),
    ("cancelled/wait", cancelled_wait),
    ("cancelled/no-await-between", cancelled_no_await_between),
];

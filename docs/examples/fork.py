"""A process is copied while one of its threads holds a lock. See `docs/processes.md`."""

import os
from threading import Event, Lock, Thread, active_count

lock, held, done = Lock(), Event(), Event()


def hold():
    with lock:
        held.set()
        done.wait()


Thread(target=hold).start()
held.wait()
if os.fork() == 0:
    print(f"child: {active_count()} thread, gets the lock: {lock.acquire(timeout=0.2)}", flush=True)
    os._exit(0)
os.wait()
done.set()
print(f"parent: gets the lock: {lock.acquire(timeout=30)}")

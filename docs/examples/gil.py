"""Two threads that wait, and two that compute. See `docs/parallelism.md`."""

import time
from threading import Thread


def wait():
    time.sleep(0.2)


def compute():
    for _ in range(2_000_000):
        pass


def seconds(run):
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def in_two_threads(work):
    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


for work in wait, compute:
    one, two = seconds(work), seconds(lambda: in_two_threads(work))
    print(f"{work.__name__}: one thread {one:.2f} s, two threads {two:.2f} s")

"""What `poll` costs and what `epoll` costs, and two modes of epoll. Linux. See `docs/runtime.md`."""

import os
import select
import time


def microseconds(selector):
    start = time.perf_counter()
    for _ in range(1000):
        selector.poll(0)
    return (time.perf_counter() - start) * 1000


for number in 4, 400:
    pipes = [os.pipe() for _ in range(number)]
    poll, epoll = select.poll(), select.epoll()
    for reading, _ in pipes:
        poll.register(reading, select.POLLIN)
        epoll.register(reading, select.EPOLLIN)
    print(f"{number} pipes: poll {microseconds(poll):.1f} µs, epoll {microseconds(epoll):.1f} µs")

reading, writing = pipes[0]
os.write(writing, b"a byte, and others that nothing reads")
for name, mode in ("level", 0), ("edge", select.EPOLLET):
    epoll = select.epoll()
    epoll.register(reading, select.EPOLLIN | mode)
    reports = [len(epoll.poll(0)) for _ in range(3)]
    print(f"{name}-triggered: {reports} events in three calls")

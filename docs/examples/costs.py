"""What one more costs in Python: the fastest of several attempts. See `docs/costs.md`."""

import asyncio
import subprocess
import sys
import time
import tracemalloc
from threading import Thread


def report(what, attempts, work, times=1):
    seconds = []
    for _ in range(attempts):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    print(f"{what}: {min(seconds) / times * 1e6:.2f} µs")


def thread():
    thread = Thread(target=int)
    thread.start()
    thread.join()


async def tasks(seconds):
    return [asyncio.create_task(asyncio.sleep(seconds)) for _ in range(1000)]


async def wait_for_tasks():
    await asyncio.gather(*await tasks(0))


async def memory():
    tracemalloc.start()
    waiting = await tasks(60)
    await asyncio.sleep(0)
    print(f"memory of {len(waiting)} tasks: {tracemalloc.get_traced_memory()[0] // 1000} KB")


report("a task", 50, lambda: asyncio.run(wait_for_tasks()), 1000)
report("a thread", 500, thread)
report("a process", 5, lambda: subprocess.run([sys.executable, "-c", ""]))
asyncio.run(memory())

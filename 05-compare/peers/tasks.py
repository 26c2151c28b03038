"""Many tasks on one thread. Usage: tasks.py WORKERS. Needs aiohttp."""

import asyncio
import sys

import aiohttp

from album import OUT, TIMEOUT, links


async def download(session, link):
    async with session.get(link) as response:
        response.raise_for_status()
        # Raises if the body is shorter than announced.
        data = await response.read()
    # Writing a small file to the page cache is fast enough without a thread.
    (OUT / link.rsplit("/", 1)[1]).write_bytes(data)


async def main(workers):
    OUT.mkdir(exist_ok=True)
    connector = aiohttp.TCPConnector(limit=workers)
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=TIMEOUT, sock_read=TIMEOUT)
    async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
        async with asyncio.TaskGroup() as group:
            for link in links():
                group.create_task(download(session, link))


asyncio.run(main(int(sys.argv[1])))

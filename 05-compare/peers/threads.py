"""A pool of threads. Usage: threads.py WORKERS"""

import sys
from concurrent.futures import ThreadPoolExecutor

from album import OUT, download, links

OUT.mkdir(exist_ok=True)
with ThreadPoolExecutor(int(sys.argv[1])) as pool:
    # Only whoever asks for the results hears of the errors.
    list(pool.map(download, links()))

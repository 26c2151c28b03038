"""A pool of threads. Usage: threads.py WORKERS"""

import sys
from concurrent.futures import ThreadPoolExecutor

from album import OUT, download, links

OUT.mkdir(exist_ok=True)
with ThreadPoolExecutor(int(sys.argv[1])) as pool:
    # Reading the results raises the errors.
    list(pool.map(download, links()))

"""A pool of processes. Usage: processes.py WORKERS"""

import sys
from multiprocessing import Pool

from album import OUT, download, links

if __name__ == "__main__":
    OUT.mkdir(exist_ok=True)
    with Pool(int(sys.argv[1])) as pool:
        pool.map(download, links(), chunksize=1)

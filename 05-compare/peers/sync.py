"""One image after another."""

from album import OUT, download, links

OUT.mkdir(exist_ok=True)
for link in links():
    download(link)

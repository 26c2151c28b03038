"""What the four programs in Python have in common: the list of images, and one download."""

import json
import os
import urllib.request
from pathlib import Path

OUT = Path("downloads")
TIMEOUT = 30


def links():
    """The addresses of the album's images."""
    url = os.environ["IMGUR_API_URL"] + "/album/PdA9Amq/images"
    headers = {"Authorization": "Client-ID " + os.environ["CLIENT_ID"]}
    request = urllib.request.Request(url, headers=headers)
    with urllib.request.urlopen(request, timeout=TIMEOUT) as response:
        return [image["link"] for image in json.load(response)["data"]]


def download(link):
    """Saves one image. Raises if it is not available, or incomplete."""
    with urllib.request.urlopen(link, timeout=TIMEOUT) as response:
        data = response.read()
        if len(data) != int(response.headers["Content-Length"]):
            raise OSError(f"{link}: incomplete")
    (OUT / link.rsplit("/", 1)[1]).write_bytes(data)

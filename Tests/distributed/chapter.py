"""The shell blocks of the chapter, which the tests run."""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/Guide.docc/DistributedForecasts.md"


def block(text):
    """Returns the only shell block of the chapter that contains a text."""
    blocks = re.findall(r"^```sh\n(.*?)^```$", PAGE.read_text(), re.M | re.S)
    found = [block for block in blocks if text in block]
    if len(found) != 1:
        raise ValueError(f"{PAGE.name}: {len(found)} shell blocks contain {text}, expected 1")
    return found[0]

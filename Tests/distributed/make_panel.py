#!/usr/bin/env python3
"""Writes a synthetic panel: make_panel.py SERIES MONTHS >panel.csv."""

import math
import random
import sys


def name(index):
    """Some names need quotes, and some have spaces."""
    special = {7: f'"Shop {index}, ""north"""', 8: f"shop {index}", 9: f'" {index} "'}
    return special.get(index % 50, f"s{index:07d}")


def write_panel(file, series, months):
    """Writes monthly sales with a trend, a season and noise, from 2010 on."""
    generator = random.Random(7)
    dates = [f"{2010 + month // 12}-{month % 12 + 1:02d}" for month in range(months)]
    season = [math.sin(2 * math.pi * month / 12) for month in range(12)]
    noise = [generator.gauss(0, 8) for _ in range(10_007)]
    file.write("store,month,sales\n")
    for index in range(series):
        level, trend = generator.uniform(50, 500), generator.uniform(-0.3, 0.8)
        amplitude, first = generator.uniform(0, 40), generator.randrange(len(noise))
        for month, date in enumerate(dates):
            value = level + trend * month + amplitude * season[month % 12]
            value += noise[(first + month) % len(noise)]
            file.write(f"{name(index)},{date},{max(value, 0):.2f}\n")


if __name__ == "__main__":
    write_panel(sys.stdout, int(sys.argv[1]), int(sys.argv[2]))

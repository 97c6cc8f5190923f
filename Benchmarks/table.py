"""Results as lines of text.

Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
"""

from summary import means, peers, threads


def duration(seconds):
    for unit, scale in (("s", 1), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= scale:
            break
    return f"{seconds / scale:.3g} {unit}"


def size(count):
    for unit, scale in (("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)):
        if count >= scale:
            break
    return f"{count / scale:.3g} {unit}"


def ratio(value):
    return "–" if value is None else f"{value:.2f}"


def print_roofs(count, roofs):
    fma = ", ".join(f"{scalar} {rate * 1e-9:.4g}" for scalar, rate in roofs["fma"].items())
    read = ", ".join(f"{level} {rate * 1e-9:.4g}" for level, rate in roofs["bandwidth"].items())
    print(f"roofs with {threads(count)}: GFLOP/s {fma}; GB/s {read}\n"
          f"{'':46} {'median':>8} {'min':>8} {'GFLOP/s':>8} {'% of roof':>12}  "
          "peers' times divided by Recur's", flush=True)


def peer_text(peer):
    if "error" in peer:
        return f"{peer['name']} ERROR ({peer['error']})"
    return f"{peer['name']} {ratio(peer.get('ratio'))}"


def print_row(row, result):
    if "error" in result:
        print(f"{row.id:46} ERROR ({result['error']})")
        return
    columns = [f"{duration(result['seconds']):>8}", f"{duration(result['seconds_min']):>8}",
               f"{result['gflops']:8.2f}", f"{result['roof_share']:7.0%} {result['roof']:>4}"]
    more = [peer_text(peer) for peer in result["peers"]]
    if "seconds_p999" in result:
        more.insert(0, f"99.9% within {duration(result['seconds_p999'])}")
    peaks = [(who["name"], who["peak_bytes"]) for who in [result | {"name": "Recur"},
                                                          *result["peers"]] if "peak_bytes" in who]
    if peaks:
        more.append("[" + ", ".join(f"{name} {size(count)}" for name, count in peaks) + "]")
    print(f"{row.id:46} {' '.join(columns)}  {'  '.join(more)}", flush=True)


def print_means(rows):
    names = list(peers(rows))
    print("\ngeometric means of the peers' times divided by Recur's\n" + f"{'':46} {'rows':>4} "
          + " ".join(f"{name:>12}" for name in [*names, "fastest", "minimum"]))
    for kind, count, *numbers in means(rows, names):
        print(f"{kind:46} {count:4} " + " ".join(f"{ratio(n):>12}" for n in numbers))

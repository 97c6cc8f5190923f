"""The memory of a call: the maximum resident memory during the call, minus that before it.

Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
"""

import ctypes
import gc


def _status(field):
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith(field))


def peak_of(call):
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)  # otherwise reuse of freed memory would hide the growth
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")  # resets VmHWM to the current resident size
    before = _status("VmRSS:")
    call()
    return _status("VmHWM:") - before

"""How much memory a call needs: the most that was resident during it, less what was before.

Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later
"""

import ctypes
import gc


def _status(field):
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith(field))


def peak_of(call):
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)  # else what was freed before would be used without being seen
    with open("/proc/self/clear_refs", "w") as file:
        file.write("5")  # VmHWM begins again at what is resident now
    before = _status("VmRSS:")
    call()
    return _status("VmHWM:") - before

// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import CRecur
import Testing

@Suite struct LibraryTests {
  @Test func versionIsTheHeaders() {
    #expect(String(cString: recur_version()) == RECUR_VERSION)
  }
}

// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Synchronization

private let received = Atomic<Int32>(0)

/// Ctrl-C and a request to end: the first is noted, and the second ends the process as it would have.
enum Interruption {
  /// The signal that came, if one did.
  static var signal: Int32? {
    let number = received.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }

  static func watch() {
    // Made before a handler can ask for it.
    received.store(0, ordering: .relaxed)
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM] {
      Foundation.signal(number) { came in
        received.store(came, ordering: .relaxed)
        Foundation.signal(SIGINT, SIG_DFL)
        Foundation.signal(SIGTERM, SIG_DFL)
      }
      sigaddset(&signals, number)
    }
    // A program that begins this one from a thread where they are blocked hands that on.
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }
}

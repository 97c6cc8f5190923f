// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Synchronization

private let received = Atomic<Int32>(0)

/// SIGINT and SIGTERM: the first signal is recorded, and the second one ends the process.
enum Interruption {
  /// The signal received, if any.
  static var signal: Int32? {
    let number = received.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }

  static func watch() {
    // Initializes the global before a signal handler can access it.
    received.store(0, ordering: .relaxed)
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGINT, SIGTERM] {
      Foundation.signal(number) { signal in
        received.store(signal, ordering: .relaxed)
        Foundation.signal(SIGINT, SIG_DFL)
        Foundation.signal(SIGTERM, SIG_DFL)
      }
      sigaddset(&signals, number)
    }
    // A process inherits the blocked signals of the thread that started it.
    pthread_sigmask(SIG_UNBLOCK, &signals, nil)
  }
}

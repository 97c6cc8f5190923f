// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

/// A pass over a network of one shape, as in rows.py.
struct Row {
  enum Cell: String, CaseIterable {
    case simple, gru, lstm
  }

  enum Pass: String, CaseIterable {
    case forward, training, stream
  }

  let cell: Cell
  let scalar: String
  let pass: Pass
  let T, B, I, H: Int

  var id: String { "\(cell)-\(scalar)-\(pass)-1-T\(T)-B\(B)-I\(I)-H\(H)" }

  static let shapes = [
    (1, 1, 64, 64), (100, 1, 64, 64), (100, 1, 256, 256), (100, 32, 128, 128), (50, 32, 512, 512),
    (20, 64, 1024, 1024), (1000, 1, 32, 32), (200, 8, 40, 128),
  ]
  static let streamShapes = [32, 64, 128, 256].map { (1, 1, $0, $0) }

  static var all: [Row] {
    var rows: [Row] = []
    for pass in Pass.allCases {
      for scalar in ["float", "double"] {
        for cell in Cell.allCases {
          for (T, B, I, H) in pass == .stream ? streamShapes : shapes {
            rows.append(Row(cell: cell, scalar: scalar, pass: pass, T: T, B: B, I: I, H: H))
          }
        }
      }
    }
    return rows
  }
}

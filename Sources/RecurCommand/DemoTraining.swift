// Copyright (C) 2026 The Recur authors. SPDX-License-Identifier: GPL-3.0-or-later

import Foundation
import Recur

/// Trains the demo's forecaster, in batches of shuffled windows.
struct DemoTraining {
  private(set) var model: Forecaster
  private let options: DemoCommand
  private let windows: Windows
  private var generator: SplitMix64
  private var networkOptimizer: Adam
  private var headOptimizer: Adam

  init(_ options: DemoCommand, _ windows: Windows) throws {
    self.options = options
    self.windows = windows
    model = try Forecaster(
      hiddenSize: options.hidden, outputSize: options.horizon, seed: options.seed)
    generator = SplitMix64(seed: options.seed)
    networkOptimizer = Adam(count: model.network.parameters.count)
    headOptimizer = Adam(count: model.head.parameters.count)
  }

  /// Compares the gradients of one batch before training with the reference's.
  func checkGradients() throws -> GradientCheck {
    let origins = Array(windows.origins.prefix(options.batch))
    let (input, target) = (try windows.inputs(origins), try windows.targets(origins))
    return GradientCheck(model, input, target, try model.gradients(input, target))
  }

  mutating func run() throws {
    let bar = ProgressBar(total: options.epochs)
    for epoch in 0..<options.epochs {
      let origins = windows.origins.shuffled(using: &generator)
      var losses: [Double] = []
      for first in stride(from: 0, to: origins.count, by: options.batch) {
        let chosen = Array(origins[first..<min(first + options.batch, origins.count)])
        losses.append(try step(chosen, rate: rate(epoch: epoch)))
      }
      let loss = losses.reduce(0, +) / Double(losses.count)
      guard loss.isFinite else {
        throw BadInput(
          "the loss is \(loss) after epoch \(epoch + 1), expected it to stay finite; try a smaller --rate"
        )
      }
      bar.show(
        epoch + 1,
        "loss \(fixed(loss, decimals: 4))  rate \(fixed(rate(epoch: epoch), decimals: 5))")
    }
  }

  private func rate(epoch: Int) -> Double {
    options.rate * 0.5 * (1 + cos(.pi * Double(epoch) / Double(options.epochs)))
  }

  private mutating func step(_ origins: [Int], rate: Double) throws -> Double {
    var gradients = try model.gradients(windows.inputs(origins), windows.targets(origins))
    let norm = gradients.norm
    if norm > options.clip { gradients.scale(by: options.clip / norm) }
    networkOptimizer.update(&model.network.parameters, with: gradients.network, rate: rate)
    headOptimizer.update(&model.head.parameters, with: gradients.head, rate: rate)
    return gradients.loss
  }
}

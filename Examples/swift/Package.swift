// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "examples",
  dependencies: [.package(name: "recur", path: "../..")],
  targets: [
    .executableTarget(name: "echo", dependencies: [.product(name: "Recur", package: "recur")]),
    .executableTarget(
      name: "amplifier",
      dependencies: [
        .product(name: "Recur", package: "recur"),
        .product(name: "RecurAudio", package: "recur"),
        .product(name: "RecurTraining", package: "recur"),
      ]),
    .executableTarget(
      name: "voice-activity",
      dependencies: [
        .product(name: "Recur", package: "recur"),
        .product(name: "RecurAudio", package: "recur"),
        .product(name: "RecurONNX", package: "recur"),
        .product(name: "RecurTraining", package: "recur"),
      ]),
  ])

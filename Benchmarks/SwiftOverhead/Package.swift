// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "swift-overhead",
  dependencies: [.package(name: "recur", path: "../..")],
  targets: [
    .executableTarget(
      name: "overhead",
      dependencies: [
        .product(name: "Recur", package: "recur"), .product(name: "CRecur", package: "recur"),
      ]),
    .executableTarget(
      name: "training-step",
      dependencies: [
        .product(name: "Recur", package: "recur"),
        .product(name: "RecurTraining", package: "recur"),
      ]),
  ])

// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "examples",
  dependencies: [.package(name: "recur", path: "../..")],
  targets: [
    .executableTarget(name: "echo", dependencies: [.product(name: "Recur", package: "recur")])
  ])

// swift-tools-version: 6.2
import PackageDescription

// Writes and checks the files of run.sh.
let package = Package(
  name: "recordings-tests",
  dependencies: [.package(name: "recur", path: "../..")],
  targets: [
    .executableTarget(
      name: "make-recordings",
      dependencies: ["Recur", "RecurAudio", "RecurONNX", "RecurTraining"].map {
        .product(name: $0, package: "recur")
      })
  ])

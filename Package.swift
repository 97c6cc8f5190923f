// swift-tools-version: 6.2
import PackageDescription

// The command `recur` is a target without a product: a package that depends on this one resolves only
// what products need, and that is nothing.
let package = Package(
  name: "recur",
  products: [
    .library(name: "Recur", targets: ["Recur"]),
    .library(name: "RecurTraining", targets: ["RecurTraining"]),
    .library(name: "CRecur", targets: ["CRecur"]),
    .library(name: "RecurReference", targets: ["RecurReference"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.6.0"),
    .package(url: "https://github.com/swiftcsv/SwiftCSV", from: "0.10.0"),
  ],
  targets: [
    // The C library. Of GSL it uses the types alone; GSL is linked for those who call it. Debug builds
    // optimize it too: without -O2 the kernels are many times slower.
    .target(
      name: "CRecur",
      path: ".",
      sources: ["CKernels"],
      publicHeadersPath: "include",
      cSettings: [.headerSearchPath("CKernels"), .unsafeFlags(["-O2"])],
      linkerSettings: [.linkedLibrary("gsl"), .linkedLibrary("gslcblas")]),

    .target(name: "Recur", dependencies: ["CRecur"]),

    .target(
      name: "CLinearAlgebra", linkerSettings: [.linkedLibrary("gsl"), .linkedLibrary("gslcblas")]),
    // JSON of headers, and checksums: of model files.
    .systemLibrary(name: "CJansson"),
    .systemLibrary(name: "CZlib"),
    .target(
      name: "RecurTraining", dependencies: ["Recur", "CLinearAlgebra", "CJansson", "CZlib"]),

    .target(name: "RecurReference"),

    // The textbook's worked examples, and what the kernels and the reference make of them.
    .target(
      name: "RecurTextbook",
      dependencies: ["Recur", "RecurReference"],
      resources: [.embedInCode("cases.json")]),

    .executableTarget(
      name: "RecurCommand",
      dependencies: [
        "Recur", "RecurTextbook", "RecurTraining",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "SwiftCSV", package: "SwiftCSV"),
      ]),

    .target(name: "TestSupport", dependencies: ["Recur"], path: "Tests/TestSupport"),
    .testTarget(
      name: "RecurReferenceTests", dependencies: ["Recur", "RecurReference", "TestSupport"]),
    .testTarget(
      name: "RecurTests", dependencies: ["Recur", "CRecur", "RecurReference", "TestSupport"]),
    .executableTarget(
      name: "TrainingChild", dependencies: ["Recur", "RecurTraining"], path: "Tests/TrainingChild"),
    .testTarget(
      name: "RecurTrainingTests",
      dependencies: [
        "Recur", "RecurTraining", "CLinearAlgebra", "TestSupport", "TrainingChild",
        .product(name: "SwiftCSV", package: "SwiftCSV"),
      ]),
    .testTarget(
      name: "RecurCommandTests",
      dependencies: ["CRecur", "Recur", "RecurCommand", "RecurTextbook", "RecurTraining"]),
  ],
  cLanguageStandard: .c11
)

// swift-tools-version: 6.2
import PackageDescription

// The fuzz targets. Sources, CKernels, CFiles and include are links to the folders of Recur: a target cannot
// depend on the command of another package, and only targets of one package see each other's `package`
// declarations.
let package = Package(
  name: "recur-fuzz",
  products: [.executable(name: "targets", targets: ["targets"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.6.0"),
    .package(url: "https://github.com/swiftcsv/SwiftCSV", from: "0.10.0"),
  ],
  targets: [
    .systemLibrary(name: "CGSL", pkgConfig: "gsl"),
    .systemLibrary(name: "CJansson", pkgConfig: "jansson"),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib"),
    .target(
      name: "CRecur",
      path: ".",
      sources: ["CKernels"],
      publicHeadersPath: "include",
      // The C targets follow the branches of the kernels. Here they would take twice as long to compile.
      cSettings: [
        .headerSearchPath("CKernels"),
        .unsafeFlags(["-O1", "-fno-sanitize=fuzzer,fuzzer-no-link"]),
      ]),
    .target(name: "Recur", dependencies: ["CRecur"]),
    .target(
      name: "CRecurFiles",
      dependencies: ["CRecur", "CJansson", "CZlib"],
      path: "CFiles",
      exclude: ["files.mk"],
      publicHeadersPath: "include",
      cSettings: [.headerSearchPath(".")]),
    .target(name: "CLinearAlgebra", dependencies: ["CGSL"]),
    .target(
      name: "RecurTraining",
      dependencies: ["Recur", "CRecurFiles", "CLinearAlgebra", "CJansson", "CZlib"],
      swiftSettings: [.unsafeFlags(["-enable-testing"])]),
    .target(name: "RecurONNX", dependencies: ["Recur"]),
    .systemLibrary(name: "CSndFile", pkgConfig: "sndfile"),
    .target(
      name: "RecurAudio", dependencies: ["Recur", "RecurTraining", "CRecurFiles", "CSndFile"],
      exclude: ["audio.mk"], swiftSettings: [.define("Audio"), .unsafeFlags(["-enable-testing"])]),
    .target(name: "RecurMPI", dependencies: ["CRecur", "Recur", "RecurTraining"]),
    .target(name: "RecurReference"),
    .target(
      name: "RecurTextbook",
      dependencies: ["Recur", "RecurReference"],
      resources: [.embedInCode("cases.json")]),
    // The program's `main` is that of libFuzzer.
    .target(
      name: "RecurCommand",
      dependencies: [
        "Recur", "RecurAudio", "RecurMPI", "RecurONNX", "RecurTextbook", "RecurTraining",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "SwiftCSV", package: "SwiftCSV"),
      ],
      swiftSettings: [
        .unsafeFlags([
          "-enable-testing", "-Xfrontend", "-entry-point-function-name", "-Xfrontend", "recur_main",
        ])
      ]),
    .target(name: "FuzzRuntime", path: "Runtime"),
    .target(
      name: "FuzzSupport",
      dependencies: ["FuzzRuntime", "Recur", "RecurONNX", "RecurTraining", "RecurCommand"],
      path: "Support"),
    .executableTarget(
      name: "targets",
      dependencies: [
        "FuzzSupport", "Recur", "RecurAudio", "RecurONNX", "RecurTraining", "RecurCommand",
      ],
      path: "Targets", swiftSettings: [.unsafeFlags(["-parse-as-library"])]),
  ],
  cLanguageStandard: .c11
)

// swift-tools-version: 6.2
import PackageDescription

// The command `recur` is a target without a product: a package that depends on this one resolves only
// what products need, and that is nothing.
let package = Package(
  name: "recur",
  products: [
    .library(name: "Recur", targets: ["Recur"]),
    .library(name: "RecurTraining", targets: ["RecurTraining"]),
    .library(name: "RecurONNX", targets: ["RecurONNX"]),
    .library(name: "RecurAudio", targets: ["RecurAudio"]),
    .library(name: "RecurMPI", targets: ["RecurMPI"]),
    .library(name: "CRecur", targets: ["CRecur"]),
    // For programs that also call GSL's functions.
    .library(name: "CGSL", targets: ["CGSL"]),
    .library(name: "RecurReference", targets: ["RecurReference"]),
  ],
  traits: [
    .trait(name: "Audio", description: "WAV files, through libsndfile"),
    .trait(name: "MPI", description: "Training over MPI, through Open MPI"),
    .default(enabledTraits: ["Audio"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.6.0"),
    .package(url: "https://github.com/swiftcsv/SwiftCSV", from: "0.10.0"),
  ],
  targets: [
    .systemLibrary(
      name: "CGSL", pkgConfig: "gsl", providers: [.apt(["libgsl-dev"]), .brew(["gsl"])]),
    .systemLibrary(
      name: "CJansson", pkgConfig: "jansson",
      providers: [.apt(["libjansson-dev"]), .brew(["jansson"])]),
    .systemLibrary(
      name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .systemLibrary(
      name: "CSndFile", pkgConfig: "sndfile",
      providers: [.apt(["libsndfile1-dev"]), .brew(["libsndfile"])]),
    .systemLibrary(
      name: "COpenMPI", pkgConfig: "ompi-c",
      providers: [.apt(["libopenmpi-dev"]), .brew(["open-mpi"])]),

    // The C library. It uses only the types of GSL, so it does not link GSL. Debug builds optimize it
    // too: without -O2 the kernels are 150 times slower.
    .target(
      name: "CRecur",
      path: ".",
      sources: ["CKernels"],
      publicHeadersPath: "include",
      cSettings: [.headerSearchPath("CKernels"), .unsafeFlags(["-O2"])]),

    .target(name: "Recur", dependencies: ["CRecur"]),

    // Safetensors files and files of models: jansson for JSON, zlib for checksums.
    .target(
      name: "CRecurFiles",
      dependencies: ["CRecur", "CJansson", "CZlib"],
      path: "CFiles",
      exclude: ["files.mk"],
      publicHeadersPath: "include",
      cSettings: [.headerSearchPath(".")]),

    .target(name: "CLinearAlgebra", dependencies: ["CGSL"]),
    // Model files use jansson for JSON and zlib for checksums.
    .target(
      name: "RecurTraining",
      dependencies: ["Recur", "CRecurFiles", "CLinearAlgebra", "CJansson", "CZlib"]),

    .target(name: "RecurONNX", dependencies: ["Recur"]),

    // Without the trait Audio, it reports at run time that libsndfile is missing.
    .target(
      name: "RecurAudio",
      dependencies: [
        "Recur", "RecurTraining", "CRecurFiles",
        .target(name: "CSndFile", condition: .when(traits: ["Audio"])),
      ],
      exclude: ["audio.mk"]),

    // Without the trait MPI, it needs no MPI, and reports at run time that it is missing.
    .target(
      name: "CRecurMPI",
      dependencies: ["CRecur", .target(name: "COpenMPI", condition: .when(traits: ["MPI"]))],
      path: "CMPI",
      sources: ["for_swift.c"],
      publicHeadersPath: "include",
      cSettings: [.define("RECUR_MPI", .when(traits: ["MPI"]))]),
    .target(
      name: "RecurMPI",
      dependencies: [
        "CRecur", "Recur", "RecurTraining",
        .target(name: "CRecurMPI", condition: .when(traits: ["MPI"])),
      ]),

    .target(name: "RecurReference"),

    // The textbook's worked examples, and what the kernels and the reference make of them.
    .target(
      name: "RecurTextbook",
      dependencies: ["Recur", "RecurReference"],
      resources: [.embedInCode("cases.json")]),

    .executableTarget(
      name: "RecurCommand",
      dependencies: [
        "Recur", "RecurAudio", "RecurMPI", "RecurONNX", "RecurTextbook", "RecurTraining",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "SwiftCSV", package: "SwiftCSV"),
      ]),

    .target(name: "TestSupport", dependencies: ["Recur"], path: "Tests/TestSupport"),
    .testTarget(
      name: "RecurReferenceTests", dependencies: ["Recur", "RecurReference", "TestSupport"]),
    .testTarget(
      name: "RecurTests",
      dependencies: ["Recur", "CRecur", "CGSL", "RecurReference", "TestSupport"]),
    .testTarget(
      name: "RecurAudioTests",
      dependencies: ["Recur", "RecurAudio", "RecurTraining", "TestSupport"]),
    .testTarget(name: "RecurONNXTests", dependencies: ["Recur", "RecurONNX", "TestSupport"]),
    .executableTarget(
      name: "TrainingChild", dependencies: ["Recur", "RecurTraining"], path: "Tests/TrainingChild"),
    .executableTarget(
      name: "ReaderChild", dependencies: ["Recur", "RecurAudio", "RecurONNX", "RecurTraining"],
      path: "Tests/ReaderChild"),
    .testTarget(
      name: "RecurTrainingTests",
      dependencies: [
        "Recur", "RecurTraining", "CLinearAlgebra", "CRecurFiles", "CZlib", "TestSupport",
        "TrainingChild",
        .product(name: "SwiftCSV", package: "SwiftCSV"),
      ]),
    .testTarget(
      name: "RecurCommandTests",
      dependencies: [
        "CRecur", "Recur", "RecurAudio", "RecurCommand", "RecurTextbook", "RecurTraining",
      ]),
  ],
  cLanguageStandard: .c11
)

// Only the libraries Recur and RecurTraining, and their tests: the others would double the time of a build with the
// thread sanitizer.
if Context.environment["RECUR_ONLY_TRAINING"] != nil {
  let others = [
    "CRecurMPI", "RecurAudio", "RecurAudioTests", "RecurCommand", "RecurCommandTests", "RecurMPI",
    "RecurONNX", "RecurONNXTests", "RecurReferenceTests", "RecurTextbook", "ReaderChild",
  ]
  package.targets.removeAll { others.contains($0.name) }
  package.products.removeAll { others.contains($0.name) }
}

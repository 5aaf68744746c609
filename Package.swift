// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// The settings of kernels for a level of x86-64: the same source, compiled for it.
///
/// - Parameter levels: the flag that names the level in the source, and those of levels below that it has all of.
func kernels(_ flags: [String], _ levels: [String]) -> [SwiftSetting] {
  #if arch(x86_64)
    settings + levels.map { .define($0) } + [.unsafeFlags(flags.flatMap { ["-Xcc", $0] })]
  #else
    // On other machines they are copies of the baseline that nothing calls.
    settings
  #endif
}

let package = Package(
  name: "RecursiveSpeculativeDecoding",
  platforms: [.macOS(.v26)],
  products: [
    .library(name: "Probability", targets: ["Probability"]),
    .library(name: "SpeculativeDecoding", targets: ["SpeculativeDecoding"]),
    .library(name: "ToyModels", targets: ["ToyModels"]),
    .library(name: "Checkpoints", targets: ["Checkpoints"]),
    .library(name: "Tokenizers", targets: ["Tokenizers"]),
    .library(name: "Transformer", targets: ["Transformer"]),
    .library(name: "Generation", targets: ["Generation"]),
    .library(name: "EmbeddedModels", targets: ["EmbeddedModels"]),
    .library(name: "Statistics", targets: ["Statistics"]),
    .library(name: "Certification", targets: ["Certification"]),
    .library(name: "CertificationTransformers", targets: ["CertificationTransformers"]),
    .executable(name: "rsd", targets: ["rsd"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
    .package(url: "https://github.com/attaswift/BigInt", from: "6.0.1"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
  ],
  targets: [
    // The core: pure Swift, no GSL. A port may depend on the first three alone.
    .target(
      name: "Probability",
      dependencies: [
        .product(name: "BigInt", package: "BigInt"),
        .product(name: "RealModule", package: "swift-numerics"),
      ],
      swiftSettings: settings),
    .target(
      name: "SpeculativeDecoding",
      dependencies: ["Probability", .product(name: "RealModule", package: "swift-numerics")],
      swiftSettings: settings),
    // The one reader of JSON that nobody vouches for.
    .target(name: "JSONText", swiftSettings: settings),
    .target(
      name: "ToyModels", dependencies: ["JSONText", "Probability", "SpeculativeDecoding"],
      swiftSettings: settings),
    // The transformer's inner loops: one source, compiled for each level of processor; the folders of the upper
    // three are links to the first.
    .target(name: "CProcessor"),
    .target(name: "KernelOperands", swiftSettings: settings),
    .target(name: "KernelsBaseline", dependencies: ["CProcessor", "KernelOperands"], swiftSettings: settings),
    .target(
      name: "KernelsAVX2", dependencies: ["CProcessor", "KernelOperands"],
      swiftSettings: kernels(["-march=x86-64-v3"], ["KERNELS_AVX2"])),
    .target(
      name: "KernelsAVX512", dependencies: ["CProcessor", "KernelOperands"],
      swiftSettings: kernels(["-march=x86-64-v4"], ["KERNELS_AVX512"])),
    .target(
      name: "KernelsAVX512VNNI", dependencies: ["CProcessor", "KernelOperands"],
      swiftSettings: kernels(["-march=x86-64-v4", "-mavx512vnni"], ["KERNELS_AVX512", "KERNELS_AVX512VNNI"])),
    // A model's files and tokenizer, the model, and text from it; each readable alone.
    .target(name: "Checkpoints", dependencies: ["JSONText", "KernelOperands"], swiftSettings: settings),
    .target(
      name: "Tokenizers",
      dependencies: [
        "Checkpoints", "JSONText", "SpeculativeDecoding", .product(name: "RealModule", package: "swift-numerics"),
      ],
      swiftSettings: settings),
    .target(
      name: "Transformer",
      dependencies: [
        "Checkpoints", "CProcessor", "KernelOperands", "KernelsAVX2", "KernelsAVX512", "KernelsAVX512VNNI",
        "KernelsBaseline", "Probability", "SpeculativeDecoding",
        .product(name: "RealModule", package: "swift-numerics"),
      ],
      swiftSettings: settings),
    .target(
      name: "Generation",
      dependencies: [
        "Checkpoints", "KernelOperands", "Probability", "SpeculativeDecoding", "Tokenizers", "Transformer",
      ],
      swiftSettings: settings),

    // The trained pair inside the binary: its files in Fixtures/checkpoints, by C23's #embed.
    .target(name: "CEmbeddedModels"),
    .target(
      name: "EmbeddedModels", dependencies: ["CEmbeddedModels", "Checkpoints"], swiftSettings: settings),

    // Statistics over the GNU Scientific Library: GPL-3.0 as a combined work from here on.
    .systemLibrary(
      name: "CGSL", pkgConfig: "gsl", providers: [.apt(["libgsl-dev"]), .brew(["gsl"])]),
    .target(name: "Statistics", dependencies: ["CGSL"], swiftSettings: settings),
    .target(
      name: "EmbeddedFixtures", path: "Fixtures",
      exclude: ["README.md", "checkpoints", "fuzz", "models", "tokenizers", "vectors", "texts/make-genesis.sh"],
      sources: ["EmbeddedFixtures.swift"],
      resources: [.embedInCode("texts/genesis.txt"), .embedInCode("witnesses/witnesses.json")],
      swiftSettings: settings),
    // The lists of rules inside the schemas: `make schemas` writes them, a test holds them against `Rule.all`.
    .executableTarget(
      name: "schema-writer", dependencies: ["SpeculativeDecoding"], path: "Schemas/writer", swiftSettings: settings),
    .target(
      name: "ReportTemplates",
      resources: [
        .embedInCode("pages/report.mustache"), .embedInCode("pages/verdict.mustache"),
        .embedInCode("pages/tested.mustache"), .embedInCode("pages/proved.mustache"),
        .embedInCode("pages/defects.mustache"), .embedInCode("pages/cases.mustache"),
        .embedInCode("pages/figures.mustache"), .embedInCode("pages/reproduce.mustache"),
        .embedInCode("pages/case.mustache"), .embedInCode("pages/port.mustache"),
        .embedInCode("pages/badge.mustache"), .embedInCode("styles/palette.css"), .embedInCode("styles/page.css"),
        .embedInCode("styles/drawings.css"),
      ],
      swiftSettings: settings),
    // Evidence: instances, samples, proofs, known defects, certificates. Each folder uses those before it alone.
    .target(
      name: "Certification",
      dependencies: [
        "EmbeddedFixtures", "JSONText", "Probability", "SpeculativeDecoding", "Statistics", "ToyModels",
        .product(name: "BigInt", package: "BigInt"), .product(name: "RealModule", package: "swift-numerics"),
      ],
      swiftSettings: settings),
    .target(
      name: "CertificationTransformers",
      dependencies: [
        "Certification", "Checkpoints", "EmbeddedModels", "Generation", "Probability", "SpeculativeDecoding",
        "Statistics", "Transformer",
        .product(name: "RealModule", package: "swift-numerics"),
      ],
      swiftSettings: settings),
    // Children by posix_spawn, for ports and for the tests.
    .target(name: "ChildProcesses", swiftSettings: settings),
    .target(
      name: "Ports",
      dependencies: [
        "Certification", "ChildProcesses", "Probability", "SpeculativeDecoding", "Statistics", "ToyModels",
        .product(name: "RealModule", package: "swift-numerics"),
      ],
      swiftSettings: settings),
    .target(
      name: "Servers", dependencies: ["Certification", "Probability", "Statistics", "ToyModels"],
      swiftSettings: settings),
    .target(
      name: "Reports",
      dependencies: [
        "Certification", "Ports", "Probability", "ReportTemplates", "Servers", "SpeculativeDecoding", "Statistics",
        "ToyModels", .product(name: "Mustache", package: "swift-mustache"),
        .product(name: "RealModule", package: "swift-numerics"),
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "rsd",
      dependencies: [
        "Certification", "CertificationTransformers", "Checkpoints", "ChildProcesses", "EmbeddedModels", "Generation",
        "JSONText", "Ports", "Probability", "Reports", "Servers", "SpeculativeDecoding", "Statistics", "Tokenizers",
        "ToyModels", "Transformer",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),

    // Threads under ThreadSanitizer: .ci/thread-sanitizer builds and runs it.
    .executableTarget(
      name: "thread-check",
      dependencies: ["Checkpoints", "EmbeddedModels", "Generation", "SpeculativeDecoding", "Transformer"],
      path: "Tests/ThreadSanitizer", swiftSettings: settings),

    // What tests share: for those of models random models and files; for all a folder and children that end with the run, and which tests `make test-all` adds.
    .target(
      name: "TestSupport", dependencies: ["ChildProcesses", "JSONText", "Probability"], path: "Tests/TestSupport",
      swiftSettings: settings),
    .testTarget(name: "ProbabilityTests", dependencies: ["Probability", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "SpeculativeDecodingTests",
      dependencies: ["SpeculativeDecoding", "TestSupport", "ToyModels", "schema-writer"],
      swiftSettings: settings),
    .testTarget(
      name: "JSONTextTests", dependencies: ["JSONText", "Probability", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "ToyModelsTests", dependencies: ["ToyModels", "EmbeddedFixtures", "TestSupport"],
      swiftSettings: settings),
    .target(
      name: "ModelSupport",
      dependencies: [
        "Checkpoints", "JSONText", "KernelOperands", "Probability", "SpeculativeDecoding", "TestSupport", "Transformer",
      ],
      path: "Tests/ModelSupport", swiftSettings: settings),
    .testTarget(
      name: "CheckpointsTests", dependencies: ["Checkpoints", "JSONText", "ModelSupport", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "TokenizersTests",
      dependencies: ["Checkpoints", "JSONText", "ModelSupport", "SpeculativeDecoding", "TestSupport", "Tokenizers"],
      swiftSettings: settings),
    .testTarget(
      name: "TransformerTests",
      dependencies: [
        "Checkpoints", "JSONText", "KernelOperands", "KernelsBaseline", "ModelSupport", "Probability",
        "SpeculativeDecoding", "TestSupport", "Transformer", .product(name: "RealModule", package: "swift-numerics"),
      ],
      swiftSettings: settings),
    .testTarget(
      name: "GenerationTests",
      dependencies: [
        "Checkpoints", "Generation", "ModelSupport", "Probability", "SpeculativeDecoding", "TestSupport", "Transformer",
      ],
      swiftSettings: settings),
    .testTarget(name: "StatisticsTests", dependencies: ["Statistics", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "CertificationTests",
      dependencies: [
        "Certification", "CertificationTransformers", "Ports", "Probability", "Reports", "Servers",
        "SpeculativeDecoding", "Statistics", "TestSupport", "ToyModels",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "CommandLineTests",
      dependencies: [
        "rsd", "Certification", "CertificationTransformers", "Checkpoints", "ChildProcesses", "Ports", "Reports",
        "Servers", "SpeculativeDecoding", "TestSupport",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      exclude: ["Snapshots"], swiftSettings: settings),
    .testTarget(
      name: "StatTests",
      dependencies: [
        "Certification", "CertificationTransformers", "Checkpoints", "EmbeddedModels", "Generation", "Probability",
        "SpeculativeDecoding", "Statistics", "TestSupport", "ToyModels", "Transformer",
      ],
      path: "StatTests",
      swiftSettings: settings),
  ],
  cLanguageStandard: .c2x
)

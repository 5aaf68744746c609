// swift-tools-version: 6.2
import PackageDescription

// A package of its own, as a user of the library would write it; only the dependency's place differs.
let package = Package(
  name: "OwnRule",
  platforms: [.macOS(.v26)],
  products: [.library(name: "OwnRule", targets: ["OwnRule"])],
  dependencies: [.package(name: "RecursiveSpeculativeDecoding", path: "../..")],
  targets: [
    .target(
      name: "OwnRule",
      dependencies: [
        .product(name: "Probability", package: "RecursiveSpeculativeDecoding"),
        .product(name: "SpeculativeDecoding", package: "RecursiveSpeculativeDecoding"),
      ]),
    .testTarget(
      name: "OwnRuleTests",
      dependencies: ["OwnRule", .product(name: "Certification", package: "RecursiveSpeculativeDecoding")]),
  ]
)

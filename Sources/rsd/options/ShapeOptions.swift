import ArgumentParser
import SpeculativeDecoding

/// A comma-separated list of whole numbers.
struct IntegerList: CustomStringConvertible {
  let values: [Int]

  init(_ values: [Int]) { self.values = values }

  @Sendable init(argument: String) throws {
    values = try argument.split(separator: ",", omittingEmptySubsequences: false).map { word in
      guard let value = Int(word) else { throw ValidationError("give whole numbers, joined by commas") }
      return value
    }
  }

  /// As it is given; help shows defaults so.
  var description: String { values.map(String.init).joined(separator: ",") }
}

extension Rule: ExpressibleByArgument {
  /// The rule of a name, as the command line gives it.
  public init?(argument: String) {
    guard let rule = Rule.named(argument) else { return nil }
    self = rule
  }

  /// The names that the command line takes.
  public static var allValueStrings: [String] { all.map(\.name) }

  /// The name, for a default in help.
  public var defaultValueDescription: String { name }

  /// The rules to run, each once: those named, or all where none is.
  static func chosen(_ named: [Rule]) -> [Rule] { all.filter { named.isEmpty || named.contains($0) } }

  /// The names of the rules whose shapes are of certain kinds, for help.
  static func names(_ kinds: Shape.Kind...) -> String {
    all.filter { kinds.contains($0.shapes) }.map(\.name).joined(separator: ", ")
  }
}

extension Shape.Kind {
  /// The options that make such a shape.
  var options: [String] {
    switch self {
    case .none: []
    case .chain: ["--depth"]
    case .branching: ["--branching"]
    case .rectangle: ["--width", "--depth"]
    }
  }
}

/// A tree's shape, as each rule takes it.
struct ShapeOptions: ParsableArguments {
  @Option(
    help: NumberLimit.branching.help(
      "Branching factors, one a level (\(Rule.names(.branching)))", "2,2 by default", valueName: "factors"),
    transform: NumberLimit.branching.list)
  var branching: IntegerList?

  @Option(
    help: NumberLimit.width.help("Sequences or beam width (\(Rule.names(.rectangle)))", "2 by default", valueName: "n"),
    transform: NumberLimit.width.whole)
  var width: Int?

  @Option(
    help: NumberLimit.depth.help("Draft length (\(Rule.names(.chain, .rectangle)))", "2 by default", valueName: "n"),
    transform: NumberLimit.depth.whole)
  var depth: Int?

  /// The options that were given.
  var given: [String] {
    [branching.map { _ in "--branching" }, width.map { _ in "--width" }, depth.map { _ in "--depth" }]
      .compactMap { $0 }
  }

  /// Refuses a shape that none of the rules has: it would be left out without a word.
  func requireUse(by rules: [Rule]) throws {
    for option in given where !rules.contains(where: { $0.shapes.options.contains(option) }) {
      let names = rules.map(\.name).joined(separator: ", ")
      throw ValidationError("\(option) is no option of \(names)")
    }
  }

  /// The method of a rule in this shape; what the shape leaves open is 2 tokens wide and 2 deep.
  func method(for rule: Rule) -> DecodingMethod {
    let standard = Shape(standard: rule.shapes)
    let shape: Shape =
      switch standard {
      case .none: .none
      case .chain(let standardDepth): .chain(depth ?? standardDepth)
      case .branching(let factors): .branching(branching?.values ?? factors)
      case .rectangle(let standardWidth, let standardDepth):
        .rectangle(width: width ?? standardWidth, depth: depth ?? standardDepth)
      }
    return DecodingMethod(rule: rule, shape: shape)
  }
}

/// A sampling profile, applied to both models.
struct ProfileOptions: ParsableArguments {
  @Option(
    help: NumberLimit.temperature.help("Temperature", "0 is greedy", valueName: "t", standard: 1.0),
    transform: NumberLimit.temperature.real)
  var temperature = 1.0

  // Optional, so that a run against a server can tell 0 from nothing.
  @Option(
    help: NumberLimit.topK.help("Keep the k most probable tokens", "0 keeps all", valueName: "k", standard: 0),
    transform: NumberLimit.topK.whole)
  var topK: Int?

  @Option(
    help: NumberLimit.topP.help(
      "Keep the most probable tokens up to this mass", "1 keeps all", valueName: "p", standard: 1.0),
    transform: NumberLimit.topP.real)
  var topP = 1.0

  @Option(
    help: NumberLimit.minP.help(
      "Keep tokens of at least this fraction of the largest probability", "0 keeps all", valueName: "p",
      standard: 0.0),
    transform: NumberLimit.minP.real)
  var minP = 0.0

  func validate() throws {
    do {
      _ = try profile()
    } catch {
      throw ValidationError("\(error)")
    }
  }

  /// The options that were given other values than their defaults.
  var given: [String] {
    [
      temperature == 1 ? nil : "--temperature", topK ?? 0 == 0 ? nil : "--top-k", topP == 1 ? nil : "--top-p",
      minP == 0 ? nil : "--min-p",
    ].compactMap { $0 }
  }

  func profile() throws(SpeculativeDecodingError) -> SamplingProfile {
    try SamplingProfile(temperature: temperature, topK: topK ?? 0, topP: topP, minP: minP)
  }
}

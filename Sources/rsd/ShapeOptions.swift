import ArgumentParser
import SpeculativeDecoding

/// A comma-separated list of whole numbers.
struct IntegerList: ExpressibleByArgument {
  let values: [Int]

  init?(argument: String) {
    let words = argument.split(separator: ",", omittingEmptySubsequences: false)
    let values = words.compactMap { Int($0) }
    guard values.count == words.count else { return nil }
    self.values = values
  }

  init(_ values: [Int]) { self.values = values }
}

/// The rules, by their names in the port protocol.
enum RuleName: String, CaseIterable, ExpressibleByArgument {
  case autoregressive
  case sd
  case specinfer
  case spectr
  case rsdC = "rsd-c"
  case rsdS = "rsd-s"
}

/// A tree's shape, as each rule takes it.
struct ShapeOptions: ParsableArguments {
  @Option(help: "Branching factors, one a level, such as 2,2 (specinfer, rsd-c).")
  var branching: IntegerList?

  @Option(help: "Sequences or beam width (spectr, rsd-s).")
  var width: Int?

  @Option(help: "Draft length (sd, spectr, rsd-s).")
  var depth: Int?

  func validate() throws {
    if let width, width < 1 { throw ValidationError("--width \(width) draws nothing; it must be at least 1.") }
    if let depth, depth < 1 { throw ValidationError("--depth \(depth) draws nothing; it must be at least 1.") }
    if let factor = branching?.values.first(where: { $0 < 1 }) {
      throw ValidationError("--branching has the factor \(factor), which draws nothing; each must be at least 1.")
    }
  }

  /// The method of a rule in this shape; what the shape leaves open is 2 tokens wide and 2 deep.
  func method(for rule: RuleName) -> DecodingMethod {
    switch rule {
    case .autoregressive: .autoregressive
    case .sd: .speculative(depth: depth ?? 2)
    case .specinfer: .specInfer(branching: branching?.values ?? [2, 2])
    case .spectr: .specTr(width: width ?? 2, depth: depth ?? 2)
    case .rsdC: .rsdC(branching: branching?.values ?? [2, 2])
    case .rsdS: .rsdS(width: width ?? 2, depth: depth ?? 2)
    }
  }
}

/// A sampling profile, applied to both models.
struct ProfileOptions: ParsableArguments {
  @Option(help: "Temperature; 0 is greedy.")
  var temperature = 1.0

  @Option(help: "Keep the k most probable tokens; 0 keeps all.")
  var topK = 0

  @Option(help: "Keep the most probable tokens up to this mass; 1 keeps all.")
  var topP = 1.0

  @Option(help: "Keep tokens of at least this fraction of the largest probability; 0 keeps all.")
  var minP = 0.0

  func validate() throws {
    do {
      _ = try profile()
    } catch {
      throw ValidationError("\(error).")
    }
  }

  func profile() throws(SpeculativeDecodingError) -> SamplingProfile {
    try SamplingProfile(temperature: temperature, topK: topK, topP: topP, minP: minP)
  }
}

import SpeculativeDecoding
import ToyModels

/// The cases that `rsd certify` runs.
public struct Suite: Sendable {
  /// The suite's name and version; seeds derive from it.
  public var version: String
  /// The cases, in the order shown.
  public var cases: [Instance]
  /// How many tests share the false-fail rate: the cases, and room for the tests beside them.
  public var errorShares: Int

  /// A suite of these cases.
  ///
  /// - Parameter errorShares: tests that share the false-fail rate; by default the cases alone.
  public init(version: String, cases: [Instance], errorShares: Int? = nil) {
    self.version = version
    self.cases = cases
    self.errorShares = errorShares ?? cases.count
  }

  /// Both error rates, shared over all tests of the whole suite, whatever selection of it is run.
  public var budget: ErrorBudget { ErrorBudget(cases: errorShares) }

  /// The seed that belongs to the suite, fixed before any data were seen: FNV-1a of its version.
  public var seed: UInt64 {
    version.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
  }
}

/// The default suite: a covering of rule × shape × pair × profile, not a product.
///
/// Cases take pairs and profiles in turn. Seven pairs and six profiles have no common divisor, so that every pair
/// meets every profile once in 42 cases, and twelve cases in a row, a rule's, meet all pairs and all profiles. One more
/// of each rule that drafts has an end token.
public enum DefaultSuite {
  /// The suite's version: it changes with any case, length, or number of samples.
  public static let version = "rsd-suite/2"

  /// The tests that share the false-fail rate: the cases, those of ``ObservableSuite``, the lossless variants of the kill
  /// matrix and the two of ``TransformerSuite/standard()``, with room to spare.
  public static let errorShares = 160

  /// The shapes of each kind; a rule takes those of its own.
  static let shapes: [Shape] = [
    .none, .chain(1), .chain(2), .chain(3), .chain(4), .branching([3]), .branching([2, 2]), .branching([3, 1]),
    .branching([2, 1, 1]), .rectangle(width: 3, depth: 1), .rectangle(width: 2, depth: 2),
    .rectangle(width: 3, depth: 2), .rectangle(width: 2, depth: 3),
  ]

  /// The methods: each rule in the shapes of its kind.
  public static let methods = methods(of: Rule.all)

  static func methods(of rules: [Rule]) -> [DecodingMethod] { rules.flatMap { $0.methods(shapes) } }

  /// The profiles, by name.
  ///
  /// - Throws: ``SpeculativeDecodingError``, if one were out of range.
  public static func profiles() throws(SpeculativeDecodingError) -> [(name: String, profile: SamplingProfile)] {
    [
      ("plain", .plain),
      ("cool", try SamplingProfile(temperature: 0.5)),
      ("top-k", try SamplingProfile(topK: 2)),
      ("warm", try SamplingProfile(temperature: 1.5)),
      ("top-p", try SamplingProfile(topP: 0.78)),
      ("min-p", try SamplingProfile(temperature: 1.2, minP: 0.3)),
    ]
  }

  /// All cases of the rules, those of this package unless others are named.
  ///
  /// - Throws: ``CertificationError``, if a model or profile of the suite were invalid.
  public static func suite(of rules: [Rule] = Rule.all) throws(CertificationError) -> Suite {
    let pairs: [ModelPair]
    do { pairs = try ModelPair.suite() } catch { throw .model(place: "the default suite", error) }
    do {
      let profiles = try profiles()
      var cases: [Instance] = []
      for method in methods(of: rules) {
        for _ in 0..<(method.drafts ? 3 : pairs.count) {
          let pair = pairs[cases.count % pairs.count]
          var (name, profile) = profiles[cases.count % profiles.count]
          if pair.needsTopK, profile.topK == 0 {
            profile = try SamplingProfile(
              temperature: profile.temperature, topK: 3, topP: profile.topP, minP: profile.minP)
            name = name == "plain" ? "top-k-3" : "\(name)-top-k-3"
          }
          cases.append(
            Instance(method: method, pair: pair, profile: profile, profileName: name))
        }
      }
      // Sequences that stop at an end token, some within an accepted path.
      for rule in rules where rule.shapes != .none {
        cases.append(Instance(method: rule.standardMethod, pair: pairs[0], endToken: 2))
      }
      return Suite(version: version, cases: cases, errorShares: errorShares)
    } catch {
      throw .decoding(place: "the default suite", error)
    }
  }

  /// One case for each shape: what CI runs on every change.
  ///
  /// - Throws: ``CertificationError``, if a model or profile of the suite were invalid.
  public static func quick() throws(CertificationError) -> Suite {
    let all = try suite()
    var seen: Set<DecodingMethod> = []
    var quick = all
    quick.cases.removeAll { !seen.insert($0.method).inserted }
    return quick
  }
}

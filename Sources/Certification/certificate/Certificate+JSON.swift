import Foundation
import JSONText
import Statistics
import ToyModels

extension Certificate {
  /// A certificate of these cases, proofs and rounding; its verdict follows from theirs.
  public init(
    suite: SuiteReference, seed: UInt64, errorBudget: ErrorBudget, cases: [CaseRecord], proofs: ProofReport? = nil,
    rounding: [RoundingCertificate]? = nil
  ) {
    self.init(
      suite: suite, package: CertificationModule.packageVersion, seed: String(seed),
      machine: Machine.description, errorBudget: errorBudget, proofs: proofs, rounding: rounding, cases: cases,
      verdict: RunVerdict(cases: cases.map(\.verdict), proofs: proofs, rounding: rounding))
  }

  /// Adds what stands beside the cases; the verdict follows from everything.
  public mutating func add(
    observables: [ObservableRecord]?, killMatrix: [KillRecord]?, powerMatrix: PowerMatrix? = nil
  ) {
    self.observables = observables
    self.killMatrix = killMatrix
    self.powerMatrix = powerMatrix
    verdict = impliedVerdict(of: cases.map(\.verdict))
  }

  /// Adds cases over two transformers; the verdict follows from everything.
  public mutating func add(transformers: TransformerReport?) {
    self.transformers = transformers
    verdict = impliedVerdict(of: cases.map(\.verdict))
  }

  /// Adds what a port did; the verdict follows from everything.
  public mutating func add(port: PortReport) {
    self.port = port
    verdict = impliedVerdict(of: cases.map(\.verdict))
  }

  /// The verdict that follows from the cases' and from everything beside them.
  func impliedVerdict(of cases: [CaseVerdict]) -> RunVerdict {
    RunVerdict(
      cases: cases, proofs: proofs, rounding: rounding, observables: observables, killMatrix: killMatrix,
      transformers: transformers, port: port)
  }

  /// The certificate as JSON, keys sorted: equal certificates are equal bytes.
  ///
  /// - Throws: ``CertificationError/certificate(_:)`` where a number has no JSON form.
  public func json() throws(CertificationError) -> Data { try StableJSON.encode(self) }

  /// Reads a certificate, and refuses keys that the format does not know.
  ///
  /// - Throws: ``CertificationError/certificate(_:)`` with what is wrong and where.
  public init(json: Data) throws(CertificationError) { self = try StableJSON.decode(json) }
}

/// JSON whose bytes depend on the value alone, read strictly.
public enum StableJSON {
  /// The value as JSON with sorted keys and a line feed at the end.
  ///
  /// - Throws: ``CertificationError/certificate(_:)`` where a number has no JSON form.
  public static func encode(_ value: some Encodable) throws(CertificationError) -> Data {
    try encode(value, [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
  }

  /// The value as JSON on one line, for what is embedded in the binary.
  ///
  /// - Throws: ``CertificationError/certificate(_:)`` where a number has no JSON form.
  public static func encodeCompactly(_ value: some Encodable) throws(CertificationError) -> Data {
    try encode(value, [.sortedKeys, .withoutEscapingSlashes])
  }

  private static func encode(
    _ value: some Encodable, _ formatting: JSONEncoder.OutputFormatting
  ) throws(CertificationError) -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = formatting
    do {
      return try encoder.encode(value) + Data("\n".utf8)
    } catch {
      throw .certificate("cannot be written as JSON: \(error)")
    }
  }

  /// Reads a value and refuses keys that it does not know, or that occur twice.
  ///
  /// - Throws: ``CertificationError/certificate(_:)`` with what is wrong and where.
  public static func decode<Value: Codable>(_ data: Data) throws(CertificationError) -> Value {
    let value: Value
    do {
      // Decoders take one of two equal keys without a word, and not all take the same one.
      try JSON.check(data)
      value = try JSONDecoder().decode(Value.self, from: data)
    } catch let error as DecodingError {
      throw .certificate(ModelDocument.explanation(of: error))
    } catch {
      throw .certificate("\(error)")
    }
    // What the value does not write again it did not read.
    let known = try? JSONSerialization.jsonObject(with: encode(value))
    let given = try? JSONSerialization.jsonObject(with: data)
    if let unknown = unknownKey(in: given, beside: known, path: "") {
      throw .certificate("unknown key \"\(unknown)\"")
    }
    return value
  }

  private static func unknownKey(in given: Any?, beside known: Any?, path: String) -> String? {
    if let given = given as? [String: Any], let known = known as? [String: Any] {
      for key in given.keys.sorted() {
        let place = path.isEmpty ? key : "\(path).\(key)"
        guard let value = known[key] else {
          if given[key] is NSNull { continue }
          return place
        }
        if let unknown = unknownKey(in: given[key], beside: value, path: place) { return unknown }
      }
    } else if let given = given as? [Any], let known = known as? [Any] {
      for (index, pair) in zip(given, known).enumerated() {
        if let unknown = unknownKey(in: pair.0, beside: pair.1, path: "\(path)[\(index)]") { return unknown }
      }
    }
    return nil
  }
}

/// The plans of a suite, for programs to read.
public struct CasePlanList: Codable, Hashable, Sendable {
  /// One case before any data.
  public struct Entry: Codable, Hashable, Sendable {
    /// "rule/shape/pair/profile".
    public var id: String
    /// Decodings.
    public var samples: Int
    /// The most rounds that they can take.
    public var plannedRounds: Int
    /// Cells less one.
    public var degreesOfFreedom: Int
    /// The mass of the sequences that share one cell.
    public var pooledMass: Double
    /// The probability that a decoder wrong by the budget's effect fails.
    public var power: Double
  }

  /// The cases.
  public var cases: [Entry]

  /// The list of these plans.
  public init(_ plans: [CasePlan]) {
    cases = plans.map {
      Entry(
        id: $0.instance.id, samples: $0.samples, plannedRounds: $0.plannedRounds,
        degreesOfFreedom: $0.test.cells.degreesOfFreedom, pooledMass: $0.test.cells.pooledMass, power: $0.power)
    }
  }

  /// The list as JSON.
  ///
  /// - Throws: ``CertificationError/certificate(_:)`` where a number has no JSON form.
  public func json() throws(CertificationError) -> String {
    String(decoding: try StableJSON.encode(self), as: UTF8.self)
  }
}

import Certification
import Probability
import SpeculativeDecoding
import Statistics

/// How many tokens a round of each decoding emits, under test beside the output.
struct PortLengths: Sendable {
  /// The numbers of tokens that are possible, in order.
  let names: [Int]
  private(set) var test: AnytimeTest

  /// A test of a law.
  ///
  /// - Throws: ``CertificationError`` where it has no e-process.
  init(_ law: [Int: Rational], design: AnytimeDesign, place: String) throws(CertificationError) {
    let law = law.filter { $0.value > .zero }.sorted { $0.key < $1.key }
    names = law.map(\.key)
    test = try AnytimeTest(law: law.map(\.value.approximation), design: design, place: place)
  }

  /// Looks at all counts so far.
  ///
  /// - Throws: as ``AnytimeTest/look(at:impossible:)``.
  mutating func look(at counts: [Int: Int], samples: Int) throws(CertificationError) {
    let observed = names.map { counts[$0] ?? 0 }
    try test.look(at: observed, impossible: samples - observed.reduce(0, +))
  }

  /// The law by the names of its outcomes.
  var law: [String: Double] { Dictionary(uniqueKeysWithValues: zip(names.map(String.init), test.process.law)) }

  /// The record in a certificate.
  func record(of counts: [Int: Int], samples: Int) -> PortTestRecord {
    let observed = names.reduce(0) { $0 + (counts[$1] ?? 0) }
    return PortTestRecord(test, planned: nil, impossible: test.looks.isEmpty ? 0 : samples - observed)
  }
}

import SpeculativeDecoding
import Statistics
import ToyModels

/// A fault of a certification, its models or its certificate.
public enum CertificationError: Error, Sendable {
  /// A model of a case; where, and what.
  case model(place: String, ToyModelError)
  /// A request that the decoder refuses.
  case decoding(place: String, SpeculativeDecodingError)
  /// A test that the statistics refuse.
  case statistics(place: String, StatisticsError)
  /// A certificate that cannot be read; what and where.
  case certificate(String)
  /// Directed vectors that cannot be read or made; where, and what.
  case vectors(place: String, String)
  /// A corpus of proofs that cannot be read; what and where.
  case corpus(String)
  /// No case matches.
  case noCases(String)
  /// A report that cannot be written; what and why.
  case report(String)
}

extension CertificationError: CustomStringConvertible {
  /// One line: what is wrong, where, and how to mend it.
  public var description: String {
    switch self {
    case .model(let place, let error): "\(place): \(error)"
    case .decoding(let place, let error): "\(place): \(error)"
    case .statistics(let place, let error): "\(place): \(error)"
    case .certificate(let reason): "not a certificate: \(reason)"
    case .vectors(let place, let reason): "\(place): \(reason)"
    case .corpus(let reason): "not a corpus of proofs: \(reason)"
    case .noCases(let pattern): "no case matches \"\(pattern)\"; `rsd certify --list` shows them all"
    case .report(let reason): reason
    }
  }
}

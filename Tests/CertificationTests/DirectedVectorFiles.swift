import Certification
import Foundation
import Probability
import SpeculativeDecoding

/// The vectors as they stand in the repository, and an independent verifier for them.
enum DirectedVectorFiles {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fixtures/vectors/v1")

  /// Read from disk, so that a decoder that has broken the generator still meets them.
  static let files: [(name: String, file: VectorFile)] = Rule.allThatVerify.map { rule in
    let name = "\(rule.name).json"
    return (name, try! VectorFile(json: data(name), name: name))
  }

  static let tests: [DirectedVector] = files.flatMap(\.file.tests)

  /// The valid vectors with their requests.
  static let valid: [(test: DirectedVector, request: VerificationRequest)] = tests.filter { $0.result == .valid }
    .map { ($0, try! $0.request.checked()) }

  static func data(_ name: String) throws -> Data { try Data(contentsOf: folder.appending(path: name)) }
}

/// Recursive rejection sampling as the paper writes it: laws divided by their sums, nothing in place.
///
/// Written from arXiv 2402.14160, algorithms 1 and 2, and the text of the port protocol; it shares no step with the
/// production decoder. Uniforms are rounded to the scalar, as in a port that computes in it.
enum TextbookVerifier<Scalar: ProbabilityScalar> {
  static func outcome(of request: VerificationRequest) -> VerificationOutcome {
    func exact(_ law: [Double]) -> [Scalar] { law.map { Scalar(nearest: Rational(exactly: $0)!) } }
    func normalised(_ weights: [Scalar]) -> [Scalar]? {
      let sum = weights.reduce(.zero, +)
      return sum > .zero ? weights.map { $0 / sum } : nil
    }
    var outcome = VerificationOutcome(accepted: [], token: nil, used: 0)
    func next() -> Scalar {
      defer { outcome.used += 1 }
      return Scalar(nearest: Rational(exactly: request.uniforms[outcome.used])!)
    }
    var node = -1
    walk: while true {
      var target = exact(request.target[node + 1])
      let children = request.nodes.indices.filter { request.nodes[$0].parent == node }
      var draft = children.first.map { exact(request.nodes[$0].draft) } ?? []
      for child in children {
        let token = request.nodes[child].token
        if next() * draft[token] < target[token] {
          outcome.accepted.append(child)
          if token == request.endToken { return outcome }
          node = child
          continue walk
        }
        target = normalised(zip(target, draft).map { $0 > $1 ? $0 - $1 : .zero }) ?? target
        if request.rule != .specInfer {
          draft[token] = .zero
          draft = normalised(draft) ?? draft
        }
      }
      let uniform = next()
      var cumulative = Scalar.zero
      for (token, probability) in target.enumerated() where probability > .zero {
        outcome.token = token
        cumulative += probability
        if cumulative > uniform { break }
      }
      return outcome
    }
  }
}

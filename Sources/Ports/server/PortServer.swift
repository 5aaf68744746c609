import Certification
import Foundation
import JSONText
import Probability
import SpeculativeDecoding
import ToyModels

/// This package as a port: answers the requests of the protocol with the production decoder, or with a known defect.
///
/// It is what a porter compares with, and what the client is tested against.
package struct PortServer: Sendable {
  /// The decoder's fault; `nil` for none.
  package let defect: Defect?

  /// A server.
  package init(defect: Defect? = nil) { self.defect = defect }

  /// The hello of this port.
  package var hello: PortHello {
    PortHello(
      name: defect.map { "rsd with \($0.id)" } ?? "rsd", version: CertificationModule.packageVersion,
      rules: PortProtocol.rules, ops: PortProtocol.operations, profile: PortProtocol.profileSteps, uniformBits: 53)
  }

  /// Why a request is not answered.
  enum Refusal: Error {
    /// This port cannot do it.
    case notSupported(String)
    /// No port can: the request contradicts itself or the protocol.
    case invalid(String)
  }

  /// The answer to one line, a line without its line feed.
  ///
  /// Whatever the line holds, it is answered: what cannot be done is refused with a reason.
  package func answer(_ line: some Sequence<UInt8>) -> String {
    let data = Data(line)
    do throws(JSONError) {
      try JSON.check(data)
    } catch {
      return Self.refusal(nil, .invalid("\(error)"))
    }
    let head: Head
    do {
      head = try JSONDecoder().decode(Head.self, from: data)
    } catch {
      return Self.refusal(nil, .invalid(Self.explanation(error)))
    }
    do {
      switch head.op {
      case "hello":
        guard head.protocol == PortProtocol.version else {
          throw Refusal.notSupported("this port speaks \(PortProtocol.version)")
        }
        return Self.text(hello)
      case "sample": return try sample(data, id: try Self.id(of: head))
      case "verify": return try verify(data, id: try Self.id(of: head))
      default: throw Refusal.notSupported("the operation \"\(head.op)\" is none of hello, sample, verify")
      }
    } catch let refusal as Refusal {
      return Self.refusal(head.id, refusal)
    } catch {
      return Self.refusal(head.id, .invalid(Self.explanation(error)))
    }
  }

  private struct Head: Decodable {
    var op: String
    var id: Int?
    var `protocol`: String?
  }

  private static func id(of head: Head) throws -> Int {
    guard let id = head.id else { throw Refusal.invalid("the key \"id\" is missing") }
    return id
  }

  private struct RefusalAnswer: Encodable {
    var id: Int?
    var status: String
    var reason: String
  }

  private static func refusal(_ id: Int?, _ refusal: Refusal) -> String {
    switch refusal {
    case .notSupported(let reason): text(RefusalAnswer(id: id, status: "notSupported", reason: reason))
    case .invalid(let reason): text(RefusalAnswer(id: id, status: "invalid", reason: reason))
    }
  }

  private static func explanation(_ error: any Error) -> String {
    if let error = error as? DecodingError { return ModelDocument.explanation(of: error) }
    return "\(error)"
  }

  static func text(_ value: some Encodable) -> String {
    let text = (try? StableJSON.encodeCompactly(value)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    return text.trimmingCharacters(in: .whitespacesAndNewlines)
  }
}

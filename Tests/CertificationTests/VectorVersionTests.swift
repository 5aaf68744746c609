import Foundation
@testable import Ports
import SpeculativeDecoding
import TestSupport
import Testing

@testable import Certification

/// Vectors that were published do not change: whoever vendored them must find the same bytes.
@Suite(.optimised) struct VectorVersionTests {
  @Test(arguments: [
    ("rsd-c.json", "fb774efeda8f9c88085346d6b18e4966782a2ba447c8e9b4672cc2d1d93a1c7b"),
    ("rsd-s.json", "c4e9ddbd2ff6c816c7913d72df8b643f0b473eaf73fa9c8881569251c9b1b6cc"),
    ("sd.json", "2218f178d199a460da978aa5cef9acfb84b67153b3c29c1bccbb1cb0b517c98f"),
    ("specinfer.json", "698bc7a308d9d81d4605c6e6be2c11f3eefe03f624cfc340996a76309e4733b8"),
  ])
  func theFirstVersionIsFrozen(name: String, hash: String) throws {
    var sha = SHA256()
    sha.update(try DirectedVectorFiles.data(name))
    #expect(sha.finish() == hash)
  }

  /// The list of the port suite names the vectors that the suite sends, and the suite's version.
  @Test func theMustPassListIsWhatThePortSuiteSends() throws {
    struct MustPass: Codable {
      var suite: String
      var vectors: String
      var mustPass: [String: [Int]]
    }
    let file = DirectedVectorFiles.folder.deletingLastPathComponent()
      .appending(path: "must-pass/\(PortSuite.version.replacing("/", with: "-")).json")
    let list = try JSONDecoder().decode(MustPass.self, from: Data(contentsOf: file))
    #expect(list.suite == PortSuite.version)
    #expect(list.vectors == DirectedVectorFiles.folder.lastPathComponent)
    var sent: [String: [Int]] = [:]
    for rule in Rule.allThatVerify {
      sent["\(rule.name).json"] = try VectorGenerator.file(of: rule).tests.map(\.tcId)
    }
    #expect(list.mustPass == sent)
  }
}

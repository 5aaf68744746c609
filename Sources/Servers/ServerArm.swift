import Probability

/// A sample of a server: the two without speculation show whether it agrees with itself.
package enum ServerArm: String, Hashable, Sendable, Codable, CaseIterable {
  /// Speculation off.
  case off
  /// Speculation off, with other seeds.
  case offAgain
  /// Speculation on.
  case on

  /// The arm in a message.
  var name: String {
    switch self {
    case .off, .offAgain: "without speculation"
    case .on: "with speculation"
    }
  }
}

/// The seeds of a run's requests: pairwise different, and a function of the run's seed, the prompt, the arm and the
/// request's number alone.
enum ServerSeeds {
  /// Requests of an arm that can have different seeds: 64 prompts of three arms have room below 2³¹.
  static let mostRequests = 10_000_000
  static let mostPrompts = 64

  /// A seed of 31 bits, as servers keep it in 32, some of them signed.
  ///
  /// A permutation of the numbers below 2³¹ (four Feistel rounds on 32 bits, repeated until the result is one of them),
  /// because two requests with one seed would be one completion counted twice.
  static func seed(_ seed: UInt64, prompt: Int, arm: ServerArm, request: Int) -> Int {
    let armNumber = ServerArm.allCases.firstIndex(of: arm) ?? 0
    var value = UInt32((prompt * ServerArm.allCases.count + armNumber) * mostRequests + request)
    repeat {
      var (left, right) = (value >> 16, value & 0xFFFF)
      for round in 0..<4 {
        let words = Philox4x64.block(
          counter: SIMD4(UInt64(right), UInt64(round), 0, 0), key: SIMD2(seed, 0x7365_7276_6572))
        (left, right) = (right, left ^ UInt32(truncatingIfNeeded: words.x & 0xFFFF))
      }
      value = left << 16 | right
    } while value >= 1 << 31
    return Int(value)
  }
}

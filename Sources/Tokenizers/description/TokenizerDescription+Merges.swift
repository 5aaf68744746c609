import Checkpoints
import SpeculativeDecoding

/// Tokens by their spelling.
struct TokenIndex: Sendable {
  private var tokens: [[UInt8]: Token] = [:]

  /// - Parameter isListed: whether a token takes part; the names of others may repeat.
  /// - Throws: ``CheckpointError/configuration(file:reason:)`` for a spelling that occurs twice.
  init(_ spellings: [[UInt8]], file: String, isListed: (Token) -> Bool = { _ in true }) throws(CheckpointError) {
    tokens.reserveCapacity(spellings.count)
    for (token, spelling) in spellings.enumerated() where isListed(token) {
      if let other = tokens.updateValue(token, forKey: spelling) {
        throw .configuration(
          file: file,
          reason: "tokens \(other) and \(token) are both \(TokenizerDescription.quoted(spelling)); tokens must differ")
      }
    }
  }

  subscript(_ spelling: [UInt8]) -> Token? { tokens[spelling] }

  /// Merges that are listed in the order of their ranks.
  ///
  /// - Parameter pairs: left and right as they are spelled.
  /// - Throws: ``CheckpointError/configuration(file:reason:)`` for a merge of or to what is no token, or twice the same.
  func merges(_ pairs: [(left: [UInt8], right: [UInt8])], file: String) throws(CheckpointError)
    -> [TokenizerDescription.Merge]
  {
    var merges: [TokenizerDescription.Merge] = []
    merges.reserveCapacity(pairs.count)
    var seen: Set<UInt64> = []
    seen.reserveCapacity(pairs.count)
    for (rank, pair) in pairs.enumerated() {
      let merged = pair.left + pair.right
      guard let left = tokens[pair.left], let right = tokens[pair.right], let result = tokens[merged] else {
        let missing = [pair.left, pair.right, merged].first { tokens[$0] == nil } ?? merged
        throw .configuration(
          file: file,
          reason: "merge \(rank + 1), \(TokenizerDescription.quoted(pair.left)) with "
            + "\(TokenizerDescription.quoted(pair.right)): \(TokenizerDescription.quoted(missing)) is no token")
      }
      guard seen.insert(UInt64(left) << 32 | UInt64(right)).inserted else {
        throw .configuration(
          file: file,
          reason: "merge \(rank + 1), \(TokenizerDescription.quoted(pair.left)) with "
            + "\(TokenizerDescription.quoted(pair.right)), occurs twice")
      }
      merges.append(.init(left: left, right: right, result: result, rank: rank))
    }
    return merges
  }

  /// The two parts of a merge that is written with one space between them; nil for any other text.
  static func pair(_ line: some Collection<UInt8>) -> (left: [UInt8], right: [UInt8])? {
    let parts = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
    return (Array(parts[0]), Array(parts[1]))
  }
}

import Foundation
import SpeculativeDecoding
import ToyModels

extension ProofCorpus {
  /// A case in a corpus file: the names of a certificate's cases.
  private struct Entry: FlatRecord {
    struct Members: Hashable, Codable {
      var id: String?
      var target: ModelDocument
      var draft: ModelDocument
      var prompt: [Token]
      var profile: ProfileRecord?
      var length: Int?
      var endToken: Token?
    }

    var base: MethodRecord
    var own: Members
  }

  private struct Document: Codable {
    var cases: [Entry]
  }

  /// Reads a corpus of one's own: `{"cases": [{"rule": "rsd-c", "branching": [2, 2], "target": …, "draft": …,
  /// "prompt": [0]}, …]}`, with the optional keys `id`, `profile`, `length` and `endToken`.
  ///
  /// - Throws: ``CertificationError/corpus(_:)`` with what is wrong and in which case.
  package static func cases(json: Data) throws(CertificationError) -> [Instance] {
    let document: Document
    do {
      document = try StableJSON.decode(json)
    } catch {
      if case .certificate(let reason) = error { throw .corpus(reason) }
      throw error
    }
    var cases: [Instance] = []
    for (index, entry) in document.cases.enumerated() {
      let instance = try instance(entry, "cases[\(index)]")
      if cases.contains(where: { $0.id == instance.id }) { throw .corpus("two cases are called \(instance.id)") }
      cases.append(instance)
    }
    return cases
  }

  private static func instance(_ entry: Entry, _ place: String) throws(CertificationError) -> Instance {
    let name = entry.id ?? place
    guard let method = entry.base.method else {
      throw .corpus(
        "case \(name): rule \"\(entry.rule)\" with these shape parameters is unknown; rules are autoregressive, sd "
          + "(depth), specinfer and rsd-c (branching), spectr and rsd-s (width, depth)")
    }
    if let length = entry.length, length < method.draftLength + 2 {
      throw .corpus(
        "case \(name): length \(length) cannot see a whole round and what follows it; it must be at least "
          + "draft length + 2 = \(method.draftLength + 2)")
    }
    do {
      let profile = try entry.profile?.profile() ?? .plain
      var instance = Instance(
        method: method,
        pair: ModelPair(name: "custom", target: entry.target, draft: entry.draft, prompt: entry.prompt),
        profile: profile, profileName: profile.isPlain ? "plain" : "profile", length: entry.length,
        endToken: entry.endToken)
      instance.id = name
      return instance
    } catch {
      throw .corpus("case \(name): \(error)")
    }
  }
}

import Certification
import Foundation
import Testing

/// The registry of known defects: names, counts, and where each was found.
@Suite struct DefectSourceTests {
  /// All texts that stand without a link; a new one is a decision, not an oversight.
  static let unlinked: Set = [
    // Our own ports of RSD, and our analysis of code that has no thread.
    "RSD ports", "multi-candidate verifiers", "several engines", "lenient thresholds in several engines",
    "tree attention masks", "seeds by a position that is off by one", "user reports", "a published kernel reference",
    "a tree verifier of SpecInfer's code",
    // Threads that could not be found again.
    "sglang 31599", "lucebox PR 374",
  ]

  static func text(_ path: String) throws -> String {
    let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")
    return try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  @Test func namesAreUnique() {
    #expect(Set(Defect.all.map(\.id)).count == Defect.all.count)
    for defect in Defect.all { #expect(Defect.named(defect.id) == defect) }
  }

  @Test func countsAreThoseOfTheReadmeAndTheChangelog() throws {
    let lossless = Defect.all.count(where: \.isLossless)
    let defects = Defect.all.count - lossless
    #expect(try Self.text("README.md").contains("runs \(defects) known defects of real decoders"))
    #expect(
      try Self.text("CHANGELOG.md").contains(
        "\n- \(defects) known defects of real decoders and \(lossless) lossless variants"))
  }

  @Test(arguments: Defect.all)
  func everyDefectHasASourceAndEachIsNamedOnce(defect: Defect) {
    #expect(!defect.sources.isEmpty)
    #expect(Set(defect.sources.map(\.name)).count == defect.sources.count)
    let links = defect.sources.compactMap(\.link)
    #expect(Set(links).count == links.count)
    for source in defect.sources where source.link == nil {
      #expect(Self.unlinked.contains(source.name), "\(source.name) has no link")
    }
  }

  @Test func everyTextWithoutALinkIsUsed() {
    let names = Defect.all.flatMap(\.sources).filter { $0.link == nil }.map(\.name)
    #expect(Set(names) == Self.unlinked)
  }

  @Test(arguments: Defect.all.flatMap(\.sources).filter { $0.link != nil })
  func linksAreThreadsCommitsOrFilesOnGitHubOrPapersOnArXiv(source: Defect.Source) throws {
    let link = try #require(source.link)
    let repository = /https:\/\/github\.com\/([A-Za-z0-9-]+\/[A-Za-z0-9._-]+)\/(issues|pull|commit|blob)\/(.+)/
    if let match = link.wholeMatch(of: repository) {
      #expect(source.name.hasPrefix("\(match.1) "))
      switch match.2 {
      case "issues": #expect(source.name == "\(match.1) \(match.3)" && Int(match.3) ?? 0 > 0)
      case "pull": #expect(source.name == "\(match.1) PR \(match.3)" && Int(match.3) ?? 0 > 0)
      case "commit": #expect(match.3.wholeMatch(of: /[0-9a-f]{40}/) != nil)
      default: #expect(match.3.wholeMatch(of: /[0-9a-f]{40}\/[A-Za-z0-9._\/-]+/) != nil)
      }
    } else {
      let paper = try #require(link.wholeMatch(of: /https:\/\/arxiv\.org\/abs\/([0-9]{4}\.[0-9]{5})/))
      #expect(source.name == "arXiv \(paper.1)")
    }
  }

  /// A number is an issue's or a pull request's, not both.
  @Test func aThreadIsNamedTheSameEverywhere() {
    var kinds: [String: Set<String>] = [:]
    let links = Defect.all.flatMap(\.sources).compactMap(\.link) + VectorFlag.allCases.flatMap(\.note.references)
    for link in links {
      guard let match = link.wholeMatch(of: /(https:\/\/github\.com\/.+)\/(issues|pull)\/([0-9]+)/) else { continue }
      kinds["\(match.1) \(match.3)", default: []].insert(String(match.2))
    }
    #expect(!kinds.isEmpty)
    for (thread, kind) in kinds { #expect(kind.count == 1, "\(thread)") }
  }
}

import SpeculativeDecoding
import Synchronization
import ToyModels

/// Proves cases on a number of threads; results stand in the order of the cases.
public struct ProofRunner: Sendable {
  /// How far a run is.
  public struct Progress: Sendable {
    /// Cases enumerated.
    public var finishedCases: Int
    /// Cases in all.
    public var cases: Int
    /// Branches run so far, in all cases.
    public var branches: Int
  }

  /// Cases enumerated at once; at least 1.
  public var threads: Int
  /// The most branches of one case.
  public var branchLimit: Int
  /// Asked now and then; once true, what is not enumerated stays unfinished.
  public var isInterrupted: @Sendable () -> Bool
  /// Told now and then; from any thread.
  public var progress: @Sendable (Progress) -> Void

  /// A runner.
  public init(
    threads: Int, branchLimit: Int = EnumerationLimits.defaultBranches,
    isInterrupted: @escaping @Sendable () -> Bool = { false },
    progress: @escaping @Sendable (Progress) -> Void = { _ in }
  ) {
    self.threads = max(1, threads)
    self.branchLimit = branchLimit
    self.isInterrupted = isInterrupted
    self.progress = progress
  }

  /// Proves the cases, in order.
  ///
  /// - Throws: ``CertificationError`` where a case makes no exact decoder.
  public func run(_ cases: [Instance], takingDoubles: Bool = false) async throws(CertificationError) -> [Proof] {
    try await run(cases) { instance, limits throws(CertificationError) in
      try Proof(of: instance, takingDoubles: takingDoubles, limits: limits)
    }
  }

  /// An enumeration of one case.
  public typealias Prove = @Sendable (Instance, EnumerationLimits) throws(CertificationError) -> Proof

  /// Enumerates the cases, in order.
  ///
  /// - Throws: what an enumeration throws.
  public func run(_ cases: [Instance], _ prove: @escaping Prove) async throws(CertificationError) -> [Proof] {
    let tally = ProofTally(cases)
    let queue = ShardQueue(shards: cases.count)
    let parts = try await Workers.parts(min(threads, cases.count)) { () throws(CertificationError) in
      let limits = EnumerationLimits(branches: branchLimit) { done in
        progress(tally.progress(running: done))
        return !isInterrupted()
      }
      // What an interruption leaves out stays unfinished, each case by its name.
      return try queue.results(while: { true }) { position throws(CertificationError) in
        let index = tally.order[position]
        if isInterrupted() { return (index, Proof(instance: cases[index], verdict: .unfinished("interrupted"))) }
        let proof = try prove(cases[index], limits)
        tally.finish(branches: proof.branches)
        progress(tally.progress(running: 0))
        return (index, proof)
      }
    }
    return parts.joined().map(\.value).sorted { $0.0 < $1.0 }.map(\.1)
  }
}

/// Orders cases, the largest first, and counts what is done.
final class ProofTally: Sendable {
  private let cases: Int
  /// The cases; the largest first, so that no thread is left alone with it at the end.
  let order: [Int]
  private let finished = Atomic(0)
  private let branches = Atomic(0)

  init(_ cases: [Instance]) {
    self.cases = cases.count
    func size(_ index: Int) -> Int { cases[index].method.budget * cases[index].pair.target.vocabulary }
    order = cases.indices.sorted { (size($1), $0) < (size($0), $1) }
  }

  func finish(branches count: Int) {
    finished.wrappingAdd(1, ordering: .relaxed)
    branches.wrappingAdd(count, ordering: .relaxed)
  }

  func progress(running: Int) -> ProofRunner.Progress {
    ProofRunner.Progress(
      finishedCases: finished.load(ordering: .relaxed), cases: cases,
      branches: branches.load(ordering: .relaxed) + running)
  }
}

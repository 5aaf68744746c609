import Probability
import SpeculativeDecoding
import ToyModels

/// Finds the instance that shows a fault with the fewest samples: random restarts, each refined by small moves.
///
/// Every instance is judged by exact enumeration, in fractions with small denominators. The measure is the samples that
/// meet both error rates with every expected count at 1000 or more; the largest w alone would run to probabilities that
/// no sample fills.
package struct WitnessSearch: Sendable {
  /// The fault.
  package let fault: Fault
  /// The error rates that the number of samples must meet.
  package let budget: ErrorBudget
  /// Seconds to search for.
  package var seconds: Double
  /// The search's seed: a search that is not cut by its time is reproducible.
  package var seed: UInt64
  /// The most instances to judge.
  package var evaluations: Int
  /// Asked now and then; once true, the best so far is returned.
  package var isInterrupted: @Sendable () -> Bool

  /// A search.
  package init(
    _ fault: Fault, budget: ErrorBudget, seconds: Double = 30, seed: UInt64 = 1, evaluations: Int = 20_000,
    isInterrupted: @escaping @Sendable () -> Bool = { false }
  ) {
    self.fault = fault
    self.budget = budget
    self.seconds = seconds
    self.seed = seed
    self.evaluations = evaluations
    self.isInterrupted = isInterrupted
  }

  /// The result of a search.
  package struct Result: Sendable {
    /// The instance with the fewest samples; `nil` where none shows the fault.
    package var best: Witness?
    /// The samples that random instances needed, where they showed the fault at all: what the search saves.
    package var randomSamples: [Int]
    /// Instances judged.
    package var evaluations: Int
  }

  /// Searches.
  package func run() -> Result {
    let space = WitnessSpace(fault)
    if let peak = space.peak { return made(peak, space) }
    var generator = SplitMix64(seed: seed)
    var result = Result(best: nil, randomSamples: [], evaluations: 0)
    let start = ContinuousClock.now
    func isOver() -> Bool {
      result.evaluations >= evaluations || isInterrupted() || start.duration(to: .now) > .seconds(seconds)
    }
    while !isOver() {
      let method = space.methods[Int(generator.next() % UInt64(space.methods.count))]
      // One value is no choice: it takes no random number.
      let choice = space.profiles.count > 1 ? Int(generator.next() % UInt64(space.profiles.count)) : 0
      let profile = space.profiles[choice]
      var candidate = WitnessCandidate(
        vocabulary: space.vocabularies[Int(generator.next() % UInt64(space.vocabularies.count))],
        order: space.orders[Int(generator.next() % UInt64(space.orders.count))], draftOrder: space.draftOrder,
        using: &generator)
      var current = witness(candidate, method, profile, space)
      result.evaluations += 1
      if let current { result.randomSamples.append(current.samples) }
      var failures = 0
      while failures < 80, !isOver() {
        let next = candidate.neighbour(using: &generator)
        result.evaluations += 1
        let found = witness(next, method, profile, space)
        guard let found, found.samples < current?.samples ?? .max else {
          failures += 1
          continue
        }
        (candidate, current, failures) = (next, found, 0)
      }
      if let current, current.samples < result.best?.samples ?? .max { result.best = current }
    }
    return result
  }

  private func witness(
    _ candidate: WitnessCandidate, _ method: DecodingMethod, _ profile: SamplingProfile, _ space: WitnessSpace
  ) -> Witness? {
    guard let pair = try? candidate.pair(name: fault.rawValue) else { return nil }
    return witness(pair, method, profile, space)
  }

  private func witness(
    _ pair: ModelPair, _ method: DecodingMethod, _ profile: SamplingProfile, _ space: WitnessSpace
  ) -> Witness? {
    let instance = Instance(
      method: method, pair: pair, profile: profile, profileName: space.profileName,
      length: max(3, method.draftLength + 2), endToken: space.endToken)
    // What rounding could decide is left to nobody.
    guard (try? instance.profileMargin()) ?? 0 >= Self.leastMargin else { return nil }
    // An instance that is too large to enumerate, or leaves a decoder without mass, is no witness.
    let found = try? Witness(
      fault, on: instance, observable: space.observable, budget: budget, limits: EnumerationLimits(branches: 20_000))
    return found ?? nil
  }

  /// The least distance of a sum from top-p, and of a ratio from min-p.
  static let leastMargin = 1e-3

  /// The pair that is made for a fault of peaked rows, by the method that takes the fewest samples.
  private func made(_ peak: Int, _ space: WitnessSpace) -> Result {
    var result = Result(best: nil, randomSamples: [], evaluations: 0)
    guard let pair = try? ModelPair.peaked(peak) else { return result }
    for method in space.methods {
      result.evaluations += 1
      for profile in space.profiles {
        guard let found = witness(pair, method, profile, space) else { continue }
        if found.samples < result.best?.samples ?? .max { result.best = found }
      }
    }
    return result
  }
}

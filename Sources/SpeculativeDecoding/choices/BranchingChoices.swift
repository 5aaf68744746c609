import Probability

/// A source of choices that runs along every branch: ``EnumeratedChoices``, or a wrapper around it.
///
/// A wrapper that remembers something of a run (a control that uses a uniform twice, a trace) forgets it in
/// ``advance()``.
public protocol BranchingChoices<Scalar>: Choices {
  /// The exact probability of the path that the current run has taken so far.
  var weight: Rational { get }
  /// Runs completed.
  var branches: Int { get }
  /// Questions answered, replayed ones included.
  var choices: Int { get }
  /// Ends the run and moves to the next path; `false` once every path has been run.
  mutating func advance() -> Bool
}

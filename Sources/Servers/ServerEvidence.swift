import Statistics

/// The evidence of a prompt, completion by completion, and when it is enough.
///
/// Each step takes a completion of each arm, in the order of their numbers, whatever the order in which they came. Two
/// e-processes look at every step: without speculation against without, and with against without.
///
/// - Where the first refuses, the server does not agree with itself, and the prompt is over.
/// - Where the second refuses after t steps, no more completions with speculation are needed. The first goes on until
///   ``patience`` · t, or the planned number: a server that does not agree with itself would refuse either one first by
///   chance, and so the first is given many more completions before the second is believed.
struct ServerEvidence: Sendable {
  /// How many times the steps to a failure the two samples without speculation must agree.
  ///
  /// With twice as many, `disagreementWithItselfIsInvalid` fails for some of its seeds.
  static let patience = 8

  /// The planned number of completions of each arm.
  let limit: Int
  private let logThreshold: Double
  private(set) var null = PairedEProcess()
  private(set) var speculation = PairedEProcess()
  /// The steps after which the first e-process refused.
  private(set) var nullRefusedAt: Int?
  /// The steps after which the second did.
  private(set) var speculationRefusedAt: Int?

  init(limit: Int, design: ServerDesign) throws(StatisticsError) {
    self.limit = limit
    logThreshold = try design.logThreshold
  }

  /// Steps so far.
  var steps: Int { null.pairs }

  /// Whether a step needs a completion with speculation.
  var needsSpeculation: Bool { speculationRefusedAt == nil }

  /// How many completions an arm needs, as far as is known.
  func needed(_ arm: ServerArm) -> Int {
    switch arm {
    case .on: speculationRefusedAt ?? nullRefusedAt ?? limit
    case .off, .offAgain: nullRefusedAt ?? speculationRefusedAt.map { min(limit, Self.patience * $0) } ?? limit
    }
  }

  /// Whether no further completion is needed.
  var isOver: Bool { nullRefusedAt != nil || steps >= needed(.off) }

  /// Takes the next completion of each arm, as numbers of outcomes; that of `on` is used while it is needed.
  mutating func add(off: Int, offAgain: Int, on: Int?) throws(StatisticsError) {
    if let on, needsSpeculation {
      try speculation.add(first: on, second: off)
      if speculation.logEvidence >= logThreshold { speculationRefusedAt = speculation.pairs }
    }
    try null.add(first: offAgain, second: off)
    if null.logEvidence >= logThreshold { nullRefusedAt = null.pairs }
  }
}

import Certification
import Foundation
import SpeculativeDecoding
import Synchronization

/// A run under way: which case is next, and what has been found.
final class PortRun: Sendable {
  /// One sampled case: prepared when it is first asked for.
  private enum Slot: Sendable {
    case waiting
    case busy(samples: Int)
    case ready(PortCaseState)
    case done(PortCaseRecord)
  }

  private struct State {
    var slots: [Slot]
    var checks: [PortCheckRecord?]
    /// Checks that are not begun: those of a few requests, which come first, and those that take as many decodings as a case.
    var quickChecks: [Int]
    var longChecks: [Int]
    var failure: CertificationError?
    /// Starts in a row that failed, over all workers.
    var failedStarts = 0
    /// Why no worker can go on; `nil` while one can.
    var stopReason: String?
  }

  /// A worker's next task.
  private enum Job {
    case check(Int)
    case sample(Int, PortCaseState?)
    /// Another worker has what is left.
    case wait
  }

  private let cases: [PortCase]
  private let plans: [PortCheckPlan]
  private let hello: PortHello
  private let design: AnytimeDesign
  private let options: PortRunner.Options
  private let start = ContinuousClock.now
  private let state: Mutex<State>

  init(
    _ cases: [PortCase], checks: [PortCheckPlan], hello: PortHello, design: AnytimeDesign,
    _ options: PortRunner.Options
  ) {
    (self.cases, plans, self.hello, self.design, self.options) = (cases, checks, hello, design, options)
    state = Mutex(
      State(
        slots: cases.map { Self.notOffered($0, by: hello).map { .done($0) } ?? .waiting },
        checks: checks.map { $0.notOffered(by: hello) },
        quickChecks: checks.indices.filter { checks[$0].check != .independence },
        longChecks: checks.indices.filter { checks[$0].check == .independence }))
  }

  /// The next check of a list that is still to be made.
  private static func take(_ list: inout [Int], from checks: [PortCheckRecord?]) -> Int? {
    while !list.isEmpty {
      let index = list.removeFirst()
      if checks[index] == nil { return index }
    }
    return nil
  }

  /// The record of a case that the hello does not offer; `nil` where it does.
  private static func notOffered(_ portCase: PortCase, by hello: PortHello) -> PortCaseRecord? {
    let reason: String
    if !hello.rules.contains(portCase.rule.name) {
      reason = "the port does not declare the rule \(portCase.rule)"
    } else if !hello.ops.contains("sample") {
      reason = "the port does not declare the operation sample"
    } else if let step = hello.missingStep(of: portCase.instance.profile) {
      reason = "the port does not declare the profile \(step)"
    } else {
      return nil
    }
    return PortCaseRecord(
      portCase, requests: [], samples: 0, counts: [:], rounds: nil, status: .notSupported, reason: reason,
      failure: nil)
  }

  /// A port that does not start so often in a row will not start again.
  private static let mostFailedStarts = 3

  /// Seconds that are left of the budget.
  private var secondsLeft: Double {
    options.seconds.map { $0 - start.duration(to: .now) / .seconds(1) } ?? .infinity
  }

  /// Works until nothing is left, the time is over, or the run is interrupted.
  ///
  /// - Returns: seconds that the port took, and that the worker took in all.
  func work(_ session: PortSession) -> (port: Double, worker: Double) {
    let begin = ContinuousClock.now
    while let job = next() {
      switch job {
      case .wait: usleep(2000)
      case .check(let index): check(index, session)
      case .sample(let index, let prepared): advance(index, prepared, session)
      }
    }
    session.end()
    return (session.portSeconds, begin.duration(to: .now) / .seconds(1))
  }

  private func next() -> Job? {
    if options.isInterrupted() { return stop("the run was interrupted") }
    if secondsLeft <= 0 { return stop("the time budget was over (--budget)") }
    return state.withLock { state in
      if state.failure != nil || state.stopReason != nil { return nil }
      if let index = Self.take(&state.quickChecks, from: state.checks) { return .check(index) }
      // All cases go to one look before any goes to the next: what is decided easily is decided first.
      var best: (index: Int, look: Int)?
      var isBusy = false
      for (index, slot) in state.slots.enumerated() {
        let look: Int
        switch slot {
        case .waiting: look = min(AnytimeDesign.firstLook, cases[index].planned ?? .max)
        case .ready(let prepared): look = prepared.nextLook ?? .max
        case .busy:
          isBusy = true
          continue
        case .done: continue
        }
        if look < best?.look ?? .max { best = (index, look) }
      }
      if best?.look ?? .max > 2 * PortCheckPlan.pairs, let index = Self.take(&state.longChecks, from: state.checks) {
        return .check(index)
      }
      guard let best else { return isBusy ? .wait : nil }
      defer { state.slots[best.index] = .busy(samples: best.look) }
      if case .ready(let prepared) = state.slots[best.index] { return .sample(best.index, prepared) }
      return .sample(best.index, nil)
    }
  }

  private func stop(_ reason: String) -> Job? {
    state.withLock { $0.stopReason = $0.stopReason ?? reason }
    return nil
  }

  private func check(_ index: Int, _ session: PortSession) {
    let plan = plans[index]
    report(plan.id, samples: 0)
    do throws(CertificationError) {
      var record = try plan.run(session, hello: hello, seed: options.seed) { self.isOver }
      if record.failure != nil, options.isInterrupted() {
        record = plan.record(.inconclusive, reason: "the run was interrupted")
      }
      state.withLock { $0.checks[index] = record }
      options.checked(record)
    } catch {
      state.withLock { $0.failure = $0.failure ?? error }
    }
  }

  private var isOver: Bool { options.isInterrupted() || secondsLeft <= 0 }

  private func report(_ current: String, samples: Int) {
    let finished = state.withLock { state in
      let cases = state.slots.reduce(0) { if case .done = $1 { $0 + 1 } else { $0 } }
      return cases + state.checks.reduce(0) { $0 + ($1 == nil ? 0 : 1) }
    }
    options.progress(
      .init(finished: finished, total: cases.count + plans.count, current: current, samples: samples))
  }

  /// Samples a case up to its next look, and looks.
  private func advance(_ index: Int, _ prepared: PortCaseState?, _ session: PortSession) {
    do throws(CertificationError) {
      var caseState: PortCaseState
      if let prepared {
        caseState = prepared
      } else {
        caseState = try PortCaseState(cases[index], design: design, share: PortSuite.budget.nominalShare)
        caseState.isInterrupted = options.isInterrupted
      }
      if let look = caseState.nextLook {
        sample(&caseState, to: look, session)
        if caseState.status == nil, caseState.samples == look { try self.look(at: &caseState) }
      }
      // No look follows: everything that the design allows was seen.
      if caseState.status == nil, caseState.nextLook == nil {
        caseState.status = .inconclusive
        caseState.reason = "not decided within \(design.limit) decodings (--limit)"
      }
      let (settled, record) = (caseState, caseState.status == nil ? nil : caseState.record)
      let isStarted = record?.failure?.kind != .notStarted
      state.withLock { state in
        state.slots[index] = record.map { .done($0) } ?? .ready(settled)
        state.failedStarts = isStarted ? 0 : state.failedStarts + 1
        if state.failedStarts >= Self.mostFailedStarts {
          state.stopReason = state.stopReason ?? "the port could not be started again"
        }
      }
      if let record { options.finished(record) }
    } catch {
      state.withLock { $0.failure = $0.failure ?? error }
    }
  }

  /// Looks; a look for which a law would still have to be enumerated is not taken once the run is interrupted.
  private func look(at caseState: inout PortCaseState) throws(CertificationError) {
    do {
      try caseState.look()
    } catch {
      guard case .decoding(_, .interrupted) = error else { throw error }
    }
  }

  private func sample(_ caseState: inout PortCaseState, to look: Int, _ session: PortSession) {
    let portCase = caseState.portCase
    while caseState.samples < look, caseState.status == nil, !isOver {
      let count = PortPace.count(
        wanted: look - caseState.samples, rate: caseState.rate, timeout: options.timeout, left: secondsLeft)
      guard let count else { return }
      let seed = portCase.seed(ofRequest: caseState.requests.count, suiteSeed: options.seed)
      let message = caseState.message
      let begin = ContinuousClock.now
      do throws(PortFailure) {
        let answer = try session.ask(limit: message.answerLimit(count: count)) {
          message.text(id: $0, count: count, seed: seed)
        }
        if let status = answer.status, status != "ok" {
          try caseState.refuse(status, answer.reason)
          return
        }
        let checked: SampleAnswer
        do throws(PortFailure) {
          checked = try SampleAnswer(answer, to: message, count: count, ordered: false)
        } catch {
          throw session.abandon(error)
        }
        caseState.add(checked, count: count)
      } catch {
        // What was cut off is no failure of the port's.
        if !options.isInterrupted() { caseState.fail(error) }
        return
      }
      caseState.rate = Double(count) / max(begin.duration(to: .now) / .seconds(1), 1e-6)
      report(portCase.id, samples: caseState.samples)
    }
  }

  /// The records in order; what was not decided is looked at a last time.
  func finish() throws(CertificationError) -> ([PortCaseRecord], [PortCheckRecord]) {
    let (slots, checks, failure, reason) = state.withLock {
      ($0.slots, $0.checks, $0.failure, $0.stopReason)
    }
    if let failure { throw failure }
    var records: [PortCaseRecord] = []
    for (index, slot) in slots.enumerated() {
      switch slot {
      case .done(let record): records.append(record)
      case .ready(var caseState):
        try look(at: &caseState)
        if caseState.status == nil { caseState.reason = reason }
        records.append(caseState.record)
      case .waiting, .busy:
        records.append(
          PortCaseRecord(
            cases[index], requests: [], samples: 0, counts: [:], rounds: nil, status: .inconclusive,
            reason: reason, failure: nil))
      }
    }
    let checked = zip(plans, checks).map { $1 ?? $0.record(.inconclusive, reason: reason) }
    return (records, checked)
  }
}

/// How many decodings to ask for at once.
enum PortPace {
  /// The first request of a case, before its speed is known.
  static let first = 20
  /// The most decodings of a request.
  static let most = 20_000
  /// Seconds that a request is to take.
  static let seconds = 2.0

  /// A size; `nil` where not even a small request ends within the time that is left.
  static func count(wanted: Int, rate: Double?, timeout: Double, left: Double) -> Int? {
    guard let rate else { return min(wanted, first) }
    // A quarter of the time limit: a port may become slower.
    let fitting = rate * min(seconds, timeout / 4, left)
    guard fitting >= 1 || left == .infinity || rate * left >= 1 else { return nil }
    return max(1, min(wanted, most, Int(fitting)))
  }
}

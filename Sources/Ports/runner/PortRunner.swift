import Certification
import Foundation
import Synchronization

/// Runs the port suite against a command: several children, under a time budget.
///
/// Counts depend on the suite's seed and on the sizes of the requests, which follow the port's speed; the certificate
/// states them. Every verdict holds whenever the run ends.
package struct PortRunner: Sendable {
  /// The seed, the workers, the time, and who is told.
  package struct Options: Sendable {
    /// The suite's seed.
    package var seed: UInt64
    /// Children at once; at least 1.
    package var workers: Int
    /// Seconds that a request may take.
    package var timeout: Double
    /// Seconds of the run; `nil` for as many as it takes.
    package var seconds: Double?
    /// Asked between requests; once true, the run ends with what is done.
    package var isInterrupted: @Sendable () -> Bool = { false }
    /// Told after each request; from any thread.
    package var progress: @Sendable (Progress) -> Void = { _ in }
    /// Told each case as soon as it is decided; from any thread, in no order.
    package var finished: @Sendable (PortCaseRecord) -> Void = { _ in }
    /// Told each check as soon as it is done; from any thread, in no order.
    package var checked: @Sendable (PortCheckRecord) -> Void = { _ in }

    /// Options that neither interrupt nor report.
    package init(seed: UInt64, workers: Int = 1, timeout: Double = 60, seconds: Double? = nil) {
      self.seed = seed
      self.workers = max(1, workers)
      self.timeout = timeout
      self.seconds = seconds
    }
  }

  /// How far a run is.
  package struct Progress: Sendable {
    /// Cases and checks that are decided.
    package var finished: Int
    /// Cases and checks in all.
    package var total: Int
    /// The case or check that the worker is at.
    package var current: String
    /// Decodings of it.
    package var samples: Int
  }

  /// The port.
  package let command: PortCommand
  /// When a case ends.
  package let design: AnytimeDesign
  /// The options.
  package let options: Options

  /// A runner.
  package init(command: PortCommand, design: AnytimeDesign, _ options: Options) {
    (self.command, self.design, self.options) = (command, design, options)
  }

  /// Asks the port what it is.
  ///
  /// - Throws: ``PortFailure`` where it does not start or answers wrongly.
  package func hello() async throws(PortFailure) -> PortHello {
    let (command, timeout, isInterrupted) = (command, options.timeout, options.isInterrupted)
    let result = await Self.onThread { () -> Result<PortHello, PortFailure> in
      let session = PortSession(command: command, timeout: timeout, isInterrupted: isInterrupted)
      defer { session.end() }
      return Result { () throws(PortFailure) in try session.start() }
    }
    return try result.get()
  }

  /// Runs the cases, and the checks of the rules, for what the hello declares.
  ///
  /// - Throws: ``CertificationError`` where a case of ours is none; never for what the port does.
  package func run(
    _ cases: [PortCase], checks: [PortCheckPlan], hello: PortHello
  ) async throws(CertificationError) -> PortReport {
    let run = PortRun(cases, checks: checks, hello: hello, design: design, options)
    let command = command
    // A program of many megabytes takes a while to hash: not when the run has ended, for an interrupted one ends at once.
    async let identity = Self.onThread { PortIdentity(hello: hello, command: command) }
    let seconds = await withTaskGroup(of: (port: Double, worker: Double).self) { group in
      for _ in 0..<options.workers {
        group.addTask { [options] in
          await Self.onThread {
            run.work(
              PortSession(
                command: command, timeout: options.timeout, hello: hello, isInterrupted: options.isInterrupted))
          }
        }
      }
      var sum = (port: 0.0, worker: 0.0)
      for await part in group { sum = (sum.port + part.port, sum.worker + part.worker) }
      return sum
    }
    let (records, checked) = try run.finish()
    var report = PortReport(
      port: await identity, design: design, cases: records, checks: checked,
      portSeconds: seconds.port, workerSeconds: seconds.worker)
    if !report.leftOut.isEmpty { report.notLookedAt = report.leftOut }
    let diagnostician = PortDiagnostician(isInterrupted: options.isInterrupted)
    let diagnoses = checked.compactMap(\.diagnosis) + diagnostician.diagnoses(report)
    if !diagnoses.isEmpty { report.diagnoses = diagnoses }
    for diagnosis in diagnoses {
      guard let reason = diagnosis.scatter?.lines.first else { continue }
      for index in report.cases.indices
      where report.cases[index].rule == diagnosis.rule && report.cases[index].status == .fail
        && report.cases[index].failure == nil
      {
        report.cases[index].reason = reason
      }
    }
    return report
  }

  /// A blocking call on a thread of its own: the threads of tasks are as few as the processors.
  private static func onThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
      Thread.detachNewThread { continuation.resume(returning: body()) }
    }
  }
}

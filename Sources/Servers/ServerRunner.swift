import Certification
import Foundation
import Statistics

/// Certifies a live server: completions with speculation against completions without.
///
/// Counts depend on the settings and on what the server says, never on the number of workers.
package struct ServerRunner: Sendable {
  /// How a run goes, and who is told.
  package struct Options: Sendable {
    /// How requests are made.
    package var transport: ServerTransport
    /// The file that keeps the answers; `nil` for none.
    package var state: String?
    /// Seconds of the run; `nil` for as many as it takes.
    package var seconds: Double?
    /// Asked twenty times a second; once true, the run ends with what is there.
    package var isInterrupted: @Sendable () -> Bool = { false }
    /// Told after each answer; from any thread.
    package var progress: @Sendable (Progress) -> Void = { _ in }
    /// Told each prompt as soon as it is decided, in order; from any thread.
    package var finished: @Sendable (ServerPromptRecord) -> Void = { _ in }

    /// Options that neither interrupt nor report.
    package init(_ transport: ServerTransport, state: String? = nil, seconds: Double? = nil) {
      (self.transport, self.state, self.seconds) = (transport, state, seconds)
    }
  }

  /// How far a run is.
  package struct Progress: Sendable {
    /// Completions that are there.
    package var completions: Int
    /// Completions that are needed, as far as is known.
    package var of: Int
    /// The prompt that is worked at, from 1.
    package var prompt: Int
    /// Prompts in all.
    package var prompts: Int
  }

  /// The settings of the requests.
  package let settings: ServerSettings
  /// The error rates and the plan.
  package let design: ServerDesign
  /// The options.
  package let options: Options

  /// A runner of these settings.
  ///
  /// - Throws: ``ServerFailure`` for settings that cannot be run, and ``CertificationError`` never for those.
  package init(_ settings: ServerSettings, _ options: Options) throws(ServerFailure) {
    try settings.validate()
    self.settings = settings
    self.options = options
    do {
      design = try settings.design()
    } catch {
      throw ServerFailure(.settings, "\(error)")
    }
  }

  /// The name of a server's model, which shows that it is such a server.
  ///
  /// - Throws: ``ServerFailure`` where it is none, does not answer, or has several models and no `name` is given.
  package static func model(
    at address: ServerAddress, named name: String?, _ transport: ServerTransport,
    isInterrupted: @escaping @Sendable () -> Bool
  ) async throws(ServerFailure) -> String {
    let connection = ServerConnection(transport, isEnded: isInterrupted)
    defer { connection.close() }
    return try await connection.model(address, named: name)
  }

  /// Asks until all is decided, the budget is used up, the user interrupts, or a server fails.
  ///
  /// - Returns: the certificate of what was answered, and why the run ended before it was over.
  /// - Throws: ``ServerFailure`` for a state file that is not this run's, or an address that is none.
  package func run() async throws(ServerFailure) -> (certificate: ServerCertificate, failure: ServerFailure?) {
    let start = ContinuousClock.now
    var journal: ServerJournal?
    var answers: [(ServerRequest, [Completion])] = []
    if let state = options.state { (journal, answers) = try ServerJournal.open(state, for: settings) }
    let addresses = [
      ServerArm.on: try ServerAddress(settings.server, option: "--server"),
      .off: try ServerAddress(settings.against, option: "--against"),
    ]
    let run = try explaining { () throws(StatisticsError) in
      try ServerRun(settings, design, journal, answers: answers)
    }
    let earlier = run.answered
    let deadline = options.seconds.map { start + .seconds($0) }
    let connection = ServerConnection(options.transport) { [options] in
      run.failure != nil || options.isInterrupted() || deadline.map { ContinuousClock.now >= $0 } == true
    }
    defer { connection.close() }
    try report(run)
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<max(1, options.transport.workers) {
        group.addTask { await work(run, connection, addresses, deadline) }
      }
    }
    try report(run)
    let records = try explaining { () throws(StatisticsError) in try run.records(atTheEnd: true) }
    let sent = connection.sent
    let certificate = ServerCertificate(
      kind: ServerCertificate.format, package: CertificationModule.packageVersion, machine: Machine.description,
      settings: settings.shown, design: design, prompts: records, requests: earlier + sent.requests,
      retries: sent.retries, seconds: start.duration(to: .now) / .seconds(1),
      ended: run.failure?.reason, verdict: .worst(of: records.map(\.verdict)))
    return (certificate, run.failure)
  }

  /// One worker: a request after the other.
  private func work(
    _ run: ServerRun, _ connection: ServerConnection, _ addresses: [ServerArm: ServerAddress],
    _ deadline: ContinuousClock.Instant?
  ) async {
    while true {
      // Asked first: a run that is over was not interrupted.
      guard let request = run.next() else { return }
      if options.isInterrupted() { return run.end(ServerFailure(.ended, "interrupted")) }
      if let deadline, ContinuousClock.now >= deadline {
        return run.end(ServerFailure(.ended, "the budget of \(HTTPClient.text(options.seconds ?? 0)) s is used up"))
      }
      do throws(ServerFailure) {
        guard let address = addresses[request.arm == .on ? .on : .off] else { return }
        let body = try settings.body(prompt: request.prompt, arm: request.arm, request: request.number)
        let answer = try await connection.body(address, "/v1/completions", post: body)
        let completions = try completions(answer, address, connection)
        run.accept(request, completions)
        options.progress(run.progress)
        try report(run)
      } catch {
        // What ended the transfer ends the run with its own reason, in the next round.
        if error.kind == .ended, run.failure == nil {
          let isOver = options.isInterrupted()
          return run.end(
            ServerFailure(
              .ended,
              isOver ? "interrupted" : "the budget of \(HTTPClient.text(options.seconds ?? 0)) s is used up"))
        }
        let place = "\(request.arm.name), prompt \(request.prompt + 1), request \(request.number + 1)"
        return run.end(ServerFailure(error.kind, "\(error.reason) (\(place))"))
      }
    }
  }

  private func completions(
    _ answer: Data, _ address: ServerAddress, _ connection: ServerConnection
  ) throws(ServerFailure) -> [Completion] {
    do throws(ServerFailure) {
      return try Completion.completions(
        answer, count: settings.completions, length: settings.length, usesTokens: settings.usesTokens,
        redacted: connection.redacted)
    } catch {
      throw ServerFailure(error.kind, "\(address.text)/v1/completions \(connection.redacted(error.reason))")
    }
  }

  private func report(_ run: ServerRun) throws(ServerFailure) {
    try explaining { () throws(StatisticsError) in try run.report(to: options.finished) }
  }

  private func explaining<Value>(_ body: () throws(StatisticsError) -> Value) throws(ServerFailure) -> Value {
    do {
      return try body()
    } catch {
      throw ServerFailure(.settings, "\(error)")
    }
  }
}

extension ServerSettings {
  /// The design that the settings ask for.
  ///
  /// - Throws: ``CertificationError`` for a distance out of range.
  package func design() throws(CertificationError) -> ServerDesign {
    try ServerDesign(prompts: prompts.count, topK: profile.topK, length: length, distance: distance)
  }

  /// The settings as a certificate states them: of a path, which is its owner's, the last part alone.
  var shown: ServerSettings {
    var shown = self
    func last(_ name: String) -> String { name.split(separator: "/").last.map(String.init) ?? name }
    // A name with one slash is a name, such as "meta-llama/Llama-3.1-8B".
    if serverModel.hasPrefix("/") { shown.serverModel = last(serverModel) }
    if againstModel.hasPrefix("/") { shown.againstModel = last(againstModel) }
    return shown
  }
}

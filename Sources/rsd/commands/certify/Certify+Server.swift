import Certification
import Foundation
import Reports
import Servers

/// A run against a live server.
extension Certify {
  func certifyServer() async throws -> ExitStatus {
    let transport: ServerTransport
    let addresses: (server: ServerAddress, against: ServerAddress)
    do throws(ServerFailure) {
      let key = try ServerKey.find(in: ProcessInfo.processInfo.environment)
      transport = ServerTransport(
        workers: ports.workers ?? 1, timeout: ports.timeout?.seconds ?? PortOptions.defaultTimeout, rate: server.rate,
        retries: server.retries ?? ServerTransport.defaultRetries, key: key)
      let address = try ServerAddress(server.server ?? "", option: "--server")
      let other = try ServerAddress(server.against ?? server.server ?? "", option: "--against")
      addresses = (address, other)
      for address in [address, other] { try key?.requirePrivate(address) }
    } catch {
      throw failure(.badData, error)
    }
    if list {
      let settings = try settings(models: ("–", "–"), addresses)
      let design = try await explainingErrors { try settings.design() }
      if json {
        Output.write(try StableJSON.encode(ServerPlan(settings, design)))
      } else {
        Output.line(ServerTable.plan(settings, design))
      }
      return .certified
    }
    Interruption.begin()
    let settings = try settings(models: try await models(addresses, transport), addresses)
    let run = CertifyServer(
      settings: settings, transport: transport, state: server.state, seconds: ports.budget?.seconds, json: json)
    let (certificate, ended) = try await run.run()
    let data = try certificate.json()
    var files = ResultFiles()
    let output = files.write(data, to: output, kept: true)
    _ = files.write(Data(JUnitReport(certificate).xml.utf8), to: junit)
    if json {
      Output.write(data)
    } else {
      Output.line(ServerTable.summary(certificate, path: output))
    }
    if let ended {
      let line = CertifyServer.line(of: ended, state: server.state)
      let isOwn = ended.kind == .ended
      let status = failure(isOwn ? .inconclusive : ended.kind == .state ? .cannotWrite : .badData, line)
      // What was refused stays refused, whatever happened to the server then.
      if certificate.verdict != .fail { throw files.failure ?? status }
    }
    try files.requireAll()
    return certificate.verdict.exitStatus
  }

  private func settings(
    models: (server: String, against: String), _ addresses: (server: ServerAddress, against: ServerAddress)
  ) throws -> ServerSettings {
    try server.settings(
      prompts: transformers.text.isEmpty ? ServerSettings.defaultPrompts : transformers.text, length: window.length,
      profile: profile, topK: profile.topK ?? ServerSettings.defaultTopK, samples: samples,
      seed: chooseSeed() ?? Suite(version: ServerDesign.version, cases: []).seed, models: models)
  }

  /// The names of both servers' models, which show that they are such servers.
  private func models(
    _ addresses: (server: ServerAddress, against: ServerAddress), _ transport: ServerTransport
  ) async throws -> (server: String, against: String) {
    do throws(ServerFailure) {
      let first = try await ServerRunner.model(at: addresses.server, named: server.modelName, transport) {
        Interruption.isRequested
      }
      if addresses.server == addresses.against { return (first, first) }
      let second = try await ServerRunner.model(at: addresses.against, named: server.modelName, transport) {
        Interruption.isRequested
      }
      return (first, second)
    } catch {
      throw failure(error.kind == .ended ? .interrupted : .badData, error)
    }
  }
}

extension ServerVerdict {
  var exitStatus: ExitStatus {
    switch self {
    case .pass: .certified
    case .fail: .failed
    // Neither shows anything about speculation.
    case .inconclusive, .invalid: .inconclusive
    }
  }
}

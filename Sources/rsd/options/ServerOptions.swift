import ArgumentParser
import Certification
import Foundation
import Servers

/// `rsd certify --server`: a live server, with speculation against without.
struct ServerOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Certify the OpenAI-compatible completion server at this URL, which speculates (docs/servers.md). Its key is "
        + "taken from RSD_API_KEY, or OPENAI_API_KEY.", valueName: "url"))
  var server: String?

  @Option(
    help: ArgumentHelp(
      "The server to compare with, which does not speculate; the same URL with --off-fields.", valueName: "url"))
  var against: String?

  @Option(
    help: ArgumentHelp(
      "Fields of requests without speculation, such as '{\"speculative.n_max\": 0}'.", valueName: "json"))
  var offFields: String?

  @Option(help: ArgumentHelp("Fields of requests with speculation.", valueName: "json"))
  var onFields: String?

  @Option(
    help: ArgumentHelp(
      "Fields of all requests; null leaves one out that a server refuses: '{\"min_p\": null}'.", valueName: "json"))
  var fields: String?

  @Option(help: ArgumentHelp("The model to ask for; by default the server's only one.", valueName: "name"))
  var modelName: String?

  @Option(
    help: NumberLimit.draftLength.help(
      "Tokens that the server drafts at once",
      "\(ServerSettings.defaultDraftLength) by default. Completions are of --length tokens, 2 more by default",
      valueName: "n"),
    transform: NumberLimit.draftLength.whole)
  var draftLength: Int?

  @Option(
    help: NumberLimit.distance.help(
      "The total variation that a pass rules out",
      "\(ServerDesign.defaultDistance) by default. Half of it takes four times the completions", valueName: "tv"),
    transform: NumberLimit.distance.real)
  var distance: Double?

  @Option(
    help: NumberLimit.completions.help(
      "Completions of a request (n), for servers that take several", valueName: "n"),
    transform: NumberLimit.completions.whole)
  var completions: Int?

  @Flag(help: "Compare tokens, by logprobs, instead of texts. Some servers do not speculate then.")
  var tokens = false

  @Option(
    help: NumberLimit.rateOfRequests.help("Requests a second at most", valueName: "n"),
    transform: NumberLimit.rateOfRequests.real)
  var rate: Double?

  @Option(
    help: NumberLimit.retries.help(
      "How often a request is sent again that found the server busy, silent or gone",
      "\(ServerTransport.defaultRetries) by default", valueName: "n"),
    transform: NumberLimit.retries.whole)
  var retries: Int?

  @Option(
    help: ArgumentHelp(
      "Keep the answers in this file: the same command goes on where it ended.", valueName: "file"))
  var state: String?

  var isGiven: Bool { server != nil }

  func validate() throws {
    let others: [(String, Bool)] = [
      ("--against", against != nil), ("--off-fields", offFields != nil), ("--on-fields", onFields != nil),
      ("--fields", fields != nil), ("--model-name", modelName != nil), ("--draft-length", draftLength != nil),
      ("--distance", distance != nil), ("--completions", completions != nil), ("--tokens", tokens),
      ("--rate", rate != nil), ("--retries", retries != nil), ("--state", state != nil),
    ]
    guard isGiven else {
      if let (option, _) = others.first(where: \.1) { throw ValidationError("\(option) is of --server; add it") }
      return
    }
    if against == nil, offFields == nil, onFields == nil {
      throw ValidationError(
        "--server is compared with speculation off: give --against with the URL of a server without it, or how this one "
          + "switches, such as --off-fields '{\"speculative.n_max\": 0}'")
    }
    if state?.isEmpty == true { throw ValidationError("--state needs the name of a file") }
    do throws(ServerFailure) {
      let address = try ServerAddress(server ?? "", option: "--server")
      if let against {
        let other = try ServerAddress(against, option: "--against")
        if other == address, offFields == nil, onFields == nil {
          throw ServerFailure.same
        }
      }
      _ = try fields(of: fields, "--fields")
      _ = try fields(of: onFields, "--on-fields")
      _ = try fields(of: offFields, "--off-fields")
    } catch {
      throw ValidationError("\(error)")
    }
  }

  private func fields(of text: String?, _ option: String) throws(ServerFailure) -> RequestFields? {
    guard let text else { return nil }
    return try RequestFields(json: text, option: option)
  }

  /// The settings of a run by these options; the names of the models are the servers' answer.
  func settings(
    prompts: [String], length: Int?, profile: ProfileOptions, topK: Int, samples: Int?, seed: UInt64,
    models: (server: String, against: String)
  ) throws -> ServerSettings {
    let draftLength = draftLength ?? ServerSettings.defaultDraftLength
    let completions = completions ?? 1
    let profile = try profile.profile()
    var shape = ProfileRecord(profile)
    shape.topK = topK
    do throws(ServerFailure) {
      let address = try ServerAddress(server ?? "", option: "--server")
      let other =
        try against.map { text throws(ServerFailure) in try ServerAddress(text, option: "--against") } ?? address
      var settings = ServerSettings(
        server: address.text, against: other.text, serverModel: models.server, againstModel: models.against,
        fields: try fields(of: fields, "--fields"), onFields: try fields(of: onFields, "--on-fields"),
        offFields: try fields(of: offFields, "--off-fields"), prompts: prompts,
        length: length ?? draftLength + 2, draftLength: draftLength, profile: shape, completions: completions,
        usesTokens: tokens, seed: seed, samples: completions, distance: distance ?? ServerDesign.defaultDistance)
      try settings.validate()
      let planned: Int
      do { planned = try settings.design().samples } catch { throw ServerFailure.statistics("\(error)") }
      // Whole requests.
      settings.samples = ((samples ?? planned) + completions - 1) / completions * completions
      try settings.validate()
      return settings
    } catch {
      throw failure(.badData, error)
    }
  }
}

extension ServerFailure {
  /// One server in one way cannot be compared with itself.
  static let same = ServerFailure(
    settings: "--server and --against are one URL; say how it switches speculation off, such as --off-fields "
      + "'{\"speculative.n_max\": 0}'")

  static func statistics(_ reason: String) -> ServerFailure { ServerFailure(settings: reason) }
}

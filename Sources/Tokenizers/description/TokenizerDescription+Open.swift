import Checkpoints
import JSONText
import SpeculativeDecoding

extension TokenizerDescription {
  /// Reads the tokenizer of a model or of a file: a GGUF file, a `tokenizer.json`, or a folder with a `tokenizer.json` or
  /// with `vocab.json` and `merges.txt`.
  ///
  /// Beside a `tokenizer.json` its folder's `tokenizer_config.json` names tokens and may hold the chat template, which is
  /// in `chat_template.jinja` where that is there.
  /// - Returns: nil for a folder or a GGUF file without a tokenizer.
  /// - Throws: ``CheckpointError/unreadable(file:reason:)`` and ``CheckpointError/configuration(file:reason:)``.
  public static func open(_ path: String) throws(CheckpointError) -> TokenizerDescription? {
    guard MappedFile.isFolder(path) else {
      let bytes = try MappedFile.openOrRead(path, most: JSON.Limits.tokenizer.bytes + 1)
      let magic = Array("GGUF".utf8)
      if bytes.count >= 4, bytes.copy(0..<4) == magic {
        let file = try GGUF.open(path)
        // The numbers of a begin or an end token alone are a model's, whose texts are made elsewhere.
        let isThere = file.metadata.contains { $0.key == "tokenizer.ggml.model" || $0.key == "tokenizer.ggml.tokens" }
        return isThere ? try TokenizerDescription(file) : nil
      }
      let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
      return try read(path, bytes, in: folder.isEmpty ? "/" : folder)
    }
    let file = MappedFile.path("tokenizer.json", in: path)
    if MappedFile.exists(file) { return try read(file, MappedFile.open(file), in: path) }
    let (vocabulary, merges) = (MappedFile.path("vocab.json", in: path), MappedFile.path("merges.txt", in: path))
    if MappedFile.exists(vocabulary) || MappedFile.exists(merges) {
      return try TokenizerDescription(vocabulary: vocabulary, merges: merges, folder: path)
    }
    let model = MappedFile.path("tokenizer.model", in: path)
    if MappedFile.exists(model) {
      throw .unreadable(
        file: model,
        reason: "is SentencePiece's own file, which is not read; convert it: python3 -c \"from transformers "
          + "import AutoTokenizer as T; T.from_pretrained('FOLDER').save_pretrained('FOLDER')\"")
    }
    return nil
  }

  private static func read(
    _ file: String, _ bytes: MappedBytes, in folder: String
  ) throws(CheckpointError) -> TokenizerDescription {
    var description = try TokenizerDescription(json: beginning(of: bytes), file: file)
    let configuration = try TokenizerConfiguration(folder: folder)
    description.namedTokens = configuration.namedTokens
    description.chatTemplate = configuration.chatTemplate
    return description
  }

  static func bytes(of file: String) throws(CheckpointError) -> [UInt8] {
    beginning(of: try MappedFile.open(file))
  }

  private static func beginning(of bytes: MappedBytes) -> [UInt8] {
    // One byte beyond the limit is enough for the parser to refuse the file.
    bytes.copy(0..<min(bytes.count, JSON.Limits.tokenizer.bytes + 1))
  }

  /// Reads `vocab.json` and `merges.txt`, as `GPT2Tokenizer` writes them.
  private init(vocabulary: String, merges: String, folder: String) throws(CheckpointError) {
    let fields = try TokenizerFile.fields(of: Self.bytes(of: vocabulary), file: vocabulary)
    let configuration = try TokenizerConfiguration(folder: folder)
    let numbered = try TokenizerFile.numbered(fields.members, fields)
    let numbers = Dictionary(numbered.map { ($0.text, $0.token) }) { first, _ in first }
    var added = configuration.added
    for (name, content) in configuration.namedTokens.sorted(by: { $0.key < $1.key }) {
      let content = Array(content.utf8)
      if added.contains(where: { $0.content == content }) { continue }
      guard let token = numbers[content] else {
        throw fields.fault("vocab", "has no token \(Self.quoted(content)), which is the \(name)")
      }
      added.append(.init(token: token, content: content, isSpecial: true))
    }
    var tokens = try TokenizerFile.tokens(numbered, added, fields)
    let index = try TokenIndex(tokens, file: vocabulary, isListed: { !tokens[$0].isEmpty })
    let list = try Self.mergeList(merges)
    for added in added { tokens[added.token] = added.content }
    self.init(
      place: vocabulary, algorithm: .bytePairs(merges: try index.merges(list, file: merges)), tokens: tokens,
      spelling: .bytes)
    self.added = added
    addedOnly = Set(added.map(\.token)).subtracting(numbered.map(\.token))
    cuts = (configuration.addsPrefixSpace ? [.spaceBefore] : []) + [.gpt2(.tokenizers)]
    namedTokens = configuration.namedTokens
    chatTemplate = configuration.chatTemplate
    if let adds = configuration.addsBegin {
      beginTokens = []
      if adds, let name = namedTokens["bos_token"],
        let token = added.first(where: { $0.content.elementsEqual(name.utf8) })
      {
        beginTokens = [token.token]
      }
    }
  }

  /// A merge a line, after a line with the version.
  private static func mergeList(_ file: String) throws(CheckpointError) -> [(left: [UInt8], right: [UInt8])] {
    let lines = try bytes(of: file).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    var pairs: [(left: [UInt8], right: [UInt8])] = []
    for (number, line) in lines.enumerated() {
      let line = line.last == 0x0D ? line.dropLast() : line
      if line.isEmpty || number == 0 && line.starts(with: "#version".utf8) { continue }
      guard let pair = TokenIndex.pair(line) else {
        throw .configuration(
          file: file,
          reason: "line \(number + 1) is \(quoted(line)); it must be two tokens with one space between")
      }
      pairs.append(pair)
    }
    return pairs
  }
}

/// The additions of `tokenizer_config.json` and `chat_template.jinja` to a vocabulary; the rest is for other programs.
private struct TokenizerConfiguration {
  var namedTokens: [String: String] = [:]
  var added: [TokenizerDescription.AddedToken] = []
  var chatTemplate: String?
  var addsPrefixSpace = false
  var addsBegin: Bool?

  init(folder: String) throws(CheckpointError) {
    let file = MappedFile.path("tokenizer_config.json", in: folder)
    if MappedFile.exists(file) {
      let fields = try TokenizerFile.fields(of: TokenizerDescription.bytes(of: file), file: file)
      try readNames(of: fields)
      addsPrefixSpace = try fields.boolean("add_prefix_space", default: false)
      if fields["add_bos_token"] != nil { addsBegin = try fields.boolean("add_bos_token", default: false) }
      for member in try fields.object("added_tokens_decoder")?.members ?? [] {
        guard let token = Int(member.name), (0..<TokenizerLimits.tokens).contains(token),
          case .object(let entry) = member.value
        else {
          throw fields.fault("added_tokens_decoder", "has \"\(member.name.oneLine(limit: 48))\"; it must be a token")
        }
        added.append(
          try TokenizerFile.addedToken(
            ConfigurationFields(entry, file: file, path: "added_tokens_decoder.\(token)."), token: token))
      }
      added.sort { $0.token < $1.token }
      chatTemplate = try Self.template(of: fields)
    }
    // Older folders have names and template in files of their own.
    let names = MappedFile.path("special_tokens_map.json", in: folder)
    if MappedFile.exists(names) {
      try readNames(of: try TokenizerFile.fields(of: TokenizerDescription.bytes(of: names), file: names))
    }
    let older = MappedFile.path("chat_template.json", in: folder)
    if chatTemplate == nil, MappedFile.exists(older) {
      chatTemplate = try Self.template(
        of: try TokenizerFile.fields(of: TokenizerDescription.bytes(of: older), file: older))
    }
    let template = MappedFile.path("chat_template.jinja", in: folder)
    if MappedFile.exists(template) {
      guard let text = String(validating: try TokenizerDescription.bytes(of: template), as: UTF8.self) else {
        throw .configuration(file: template, reason: "is no UTF-8")
      }
      chatTemplate = text
    }
  }

  /// The names of special tokens that are not known yet.
  private mutating func readNames(of fields: ConfigurationFields) throws(CheckpointError) {
    for name in ["bos_token", "eos_token", "unk_token", "pad_token"] where namedTokens[name] == nil {
      if case .object? = fields[name] {
        namedTokens[name] = try fields.object(name)?.string("content")
      } else {
        namedTokens[name] = try fields.string(name)
      }
    }
  }

  /// One template, or that of several which is the default.
  private static func template(of fields: ConfigurationFields) throws(CheckpointError) -> String? {
    guard case .array? = fields["chat_template"] else { return try fields.string("chat_template") }
    for entry in try TokenizerFile.objects("chat_template", of: fields) where try entry.string("name") == "default" {
      return try entry.string("template")
    }
    return nil
  }
}

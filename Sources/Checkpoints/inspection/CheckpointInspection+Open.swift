import JSONText

extension CheckpointInspection {
  /// Reads what a GGUF file, a safetensors file or a Hugging Face folder says of itself; no tensor is touched.
  ///
  /// - Throws: ``CheckpointError`` where something cannot be read, or is malformed.
  /// - Complexity: O(n log n) in the size of the headers.
  package init(_ path: String) throws(CheckpointError) {
    if MappedFile.isFolder(path) {
      try self.init(folder: path)
      return
    }
    let bytes = try MappedFile.open(path)
    if path.hasSuffix(".gguf") || bytes.copy(0..<min(4, bytes.count)) == Array("GGUF".utf8) {
      self.init(try GGUF(bytes, file: path))
    } else if path.hasSuffix(".safetensors") || Self.beginsAsSafetensors(bytes) {
      self.init(try Safetensors(bytes, file: path), path: path)
    } else {
      throw .unreadable(
        file: path, reason: "is no checkpoint; give a GGUF file, a safetensors file, or a folder with config.json")
    }
  }

  /// The inspection of a GGUF file.
  init(_ gguf: GGUF) {
    func text(_ key: String) -> String? {
      guard case .string(let bytes)? = gguf[key] else { return nil }
      return String(decoding: bytes, as: UTF8.self)
    }
    self.init(
      path: gguf.file, format: .gguf, version: gguf.version, architecture: text("general.architecture"),
      name: text("general.name"), license: text("general.license") ?? text("general.license.name"),
      metadata: gguf.metadata.map { entry in
        var count: Int?
        if case .array(let array) = entry.value { count = array.count }
        return Entry(
          key: entry.key, type: entry.value.typeName, value: InspectedValue(entry.value), count: count)
      },
      tensors: gguf.tensors.map {
        TensorEntry(
          name: $0.name, type: $0.type.name, shape: $0.shape, parameters: $0.count, bytes: $0.range.count,
          offset: $0.range.lowerBound, file: nil)
      })
  }

  /// The inspection of a safetensors file.
  private init(_ file: Safetensors, path: String) {
    let metadata = file.metadata.sorted { $0.key < $1.key }
    self.init(
      path: path, format: .safetensors, architecture: nil, name: nil, license: file.metadata["license"],
      metadata: metadata.map { Entry(key: $0.key, type: "string", value: .text($0.value), count: nil) },
      tensors: Self.tensors(file.tensors, isOneFile: true))
  }

  /// The inspection of a folder.
  private init(folder: String) throws(CheckpointError) {
    let file = MappedFile.path("config.json", in: folder)
    let bytes = try MappedFile.open(file)
    let text = bytes.copy(0..<min(bytes.count, JSON.Limits.configuration.bytes + 1))
    let json: JSON
    do throws(JSONError) {
      json = try JSON(text, limits: .configuration)
    } catch {
      throw .configuration(file: file, reason: "\(error)")
    }
    guard case .object(let members) = json else {
      throw .configuration(file: file, reason: "is no JSON object; is it a model's config.json?")
    }
    var architecture: String?
    for case (name: "model_type", value: .string(let type)) in members.map({ (name: $0.name, value: $0.value) }) {
      architecture = type
    }
    let tensors = try Checkpoint.tensors(in: folder)
    self.init(
      path: folder, format: .folder, architecture: architecture, name: nil, license: nil,
      metadata: Self.entries(members, path: ""),
      tensors: Self.tensors(tensors, isOneFile: Set(tensors.map(\.file)).count < 2))
  }

  private static func tensors(_ tensors: [Tensor], isOneFile: Bool) -> [TensorEntry] {
    tensors.map { tensor in
      let name = tensor.file.split(separator: "/").last.map(String.init)
      return TensorEntry(
        name: tensor.name, type: tensor.type.name, shape: tensor.shape, parameters: tensor.count,
        bytes: tensor.range.count, offset: tensor.range.lowerBound, file: isOneFile ? nil : name)
    }
  }

  /// The members of an object, those of objects within it by their path.
  private static func entries(_ members: [JSON.Member], path: String) -> [Entry] {
    members.flatMap { member -> [Entry] in
      let key = path + member.name
      switch member.value {
      case .object(let inner): return entries(inner, path: key + ".")
      case .array(let elements):
        let first = elements.prefix(InspectedValue.listLimit).map(InspectedValue.init)
        return [Entry(key: key, type: "array", value: .list(first), count: elements.count)]
      default: return [Entry(key: key, type: member.value.typeName, value: InspectedValue(member.value), count: nil)]
      }
    }
  }

  /// Whether a file's ninth byte, and the length before it, are a safetensors file's.
  private static func beginsAsSafetensors(_ bytes: MappedBytes) -> Bool {
    guard bytes.count > 8 else { return false }
    return bytes.copy(8..<9) == [UInt8(ascii: "{")]
      && bytes.loadLittleEndian(at: 0, as: UInt64.self) <= Safetensors.maximumHeaderLength
  }
}

extension InspectedValue {
  fileprivate init(_ value: GGUFValue) {
    switch value {
    case .uint64(let value): self = Int(exactly: value).map { .integer($0) } ?? .unsigned(value)
    case .float32(let value): self = value.isFinite ? .single(value) : .text("\(value)")
    case .float64(let value): self = value.isFinite ? .number(value) : .text("\(value)")
    case .bool(let value): self = .boolean(value)
    case .string(let value): self = .text(String(decoding: value, as: UTF8.self))
    case .array(let array): self = .list(Self.first(array))
    default: self = value.integer.map { .integer($0) } ?? .null
    }
  }

  private static func first(_ array: GGUFArray) -> [InspectedValue] {
    func values<Element>(_ elements: [Element], _ value: (Element) -> GGUFValue) -> [InspectedValue] {
      elements.prefix(listLimit).map { InspectedValue(value($0)) }
    }
    return switch array {
    case .uint8(let elements): values(elements) { .uint8($0) }
    case .int8(let elements): values(elements) { .int8($0) }
    case .uint16(let elements): values(elements) { .uint16($0) }
    case .int16(let elements): values(elements) { .int16($0) }
    case .uint32(let elements): values(elements) { .uint32($0) }
    case .int32(let elements): values(elements) { .int32($0) }
    case .uint64(let elements): values(elements) { .uint64($0) }
    case .int64(let elements): values(elements) { .int64($0) }
    case .float32(let elements): values(elements) { .float32($0) }
    case .float64(let elements): values(elements) { .float64($0) }
    case .bool(let elements): values(elements) { .bool($0) }
    case .string(let elements): values(elements.prefix(listLimit).map(Array.init)) { .string($0) }
    case .array(let elements): values(elements) { .array($0) }
    }
  }

  fileprivate init(_ value: JSON) {
    switch value {
    case .null: self = .null
    case .boolean(let value): self = .boolean(value)
    case .number(let number):
      if let integer = number.integer {
        self = .integer(integer)
      } else {
        self = number.double.map { .number($0) } ?? .text(number.text)
      }
    case .string(let text): self = .text(text)
    case .array(let elements): self = .list(elements.prefix(Self.listLimit).map(InspectedValue.init))
    case .object: self = .text("an object")
    }
  }
}

extension JSON {
  fileprivate var typeName: String {
    switch self {
    case .null: "null"
    case .boolean: "boolean"
    case .number: "number"
    case .string: "string"
    case .array: "array"
    case .object: "object"
    }
  }
}

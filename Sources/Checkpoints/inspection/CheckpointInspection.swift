/// The metadata and tensors of a checkpoint's files, whether or not the model can be computed.
///
/// As JSON: an object of these members, those that are nil left out.
package struct CheckpointInspection: Sendable, Encodable {
  /// Which kind of files it is.
  package enum Format: String, Sendable, Encodable {
    /// One GGUF file.
    case gguf
    /// One safetensors file.
    case safetensors
    /// A Hugging Face folder.
    case folder
  }

  /// A key of the metadata, and its value.
  package struct Entry: Sendable, Encodable {
    /// The key, as the file has it.
    package let key: String
    /// The value's type, in the words of the format.
    package let type: String
    /// The value, or the first elements of an array.
    package let value: InspectedValue
    /// Elements of an array; nil for other values.
    package let count: Int?
  }

  /// A tensor, as its file has it.
  package struct TensorEntry: Sendable, Encodable {
    /// Its name.
    package let name: String
    /// How its elements are stored, such as "F16" or "Q4_K".
    package let type: String
    /// Its dimensions, the slowest first.
    package let shape: [Int]
    /// Elements.
    package let parameters: Int
    /// Bytes in the file.
    package let bytes: Int
    /// Where its bytes begin, counted from the beginning of the file.
    package let offset: Int
    /// The file's name, where there are several.
    package let file: String?
  }

  /// Tensors of one type.
  package struct Total: Sendable, Encodable {
    /// The type.
    package let type: String
    /// Tensors.
    package let tensors: Int
    /// Elements of all of them.
    package let parameters: Int
    /// Bytes of all of them.
    package let bytes: Int
  }

  /// Where the files are.
  package let path: String
  /// Which kind they are.
  package let format: Format
  /// The format's version, of a GGUF file.
  package let version: Int?
  /// The model's architecture, such as "llama".
  package let architecture: String?
  /// The model's name, by its own metadata.
  package let name: String?
  /// Under which licence it says to be.
  package let license: String?
  /// All metadata, in the order of the file.
  package let metadata: [Entry]
  /// All tensors, in the order of the files.
  package let tensors: [TensorEntry]
  /// The tensors by type, the type of the most bytes first.
  package let totals: [Total]
  /// Elements of all tensors.
  package let parameters: Int
  /// Bytes of all tensors.
  package let bytes: Int

  init(
    path: String, format: Format, version: Int? = nil, architecture: String?, name: String?, license: String?,
    metadata: [Entry], tensors: [TensorEntry]
  ) {
    (self.path, self.format, self.version) = (path, format, version)
    (self.architecture, self.name, self.license) = (architecture, name, license)
    (self.metadata, self.tensors) = (metadata, tensors)
    let groups = Dictionary(grouping: tensors, by: \.type).map { type, tensors in
      Total(
        type: type, tensors: tensors.count, parameters: tensors.reduce(0) { $0 &+ $1.parameters },
        bytes: tensors.reduce(0) { $0 + $1.bytes })
    }
    totals = groups.sorted { ($1.bytes, $0.type) < ($0.bytes, $1.type) }
    parameters = totals.reduce(0) { $0 &+ $1.parameters }
    bytes = totals.reduce(0) { $0 + $1.bytes }
  }
}

/// A value of metadata as it is shown.
package enum InspectedValue: Sendable, Hashable, Encodable {
  /// A text; what is no UTF-8 in it is replaced.
  case text(String)
  /// A whole number.
  case integer(Int)
  /// A whole number of 2^63 or more.
  case unsigned(UInt64)
  /// A number that is finite.
  case number(Double)
  /// A 32-bit number that is finite, shown with the digits that it has.
  case single(Float)
  /// True or false.
  case boolean(Bool)
  /// None.
  case null
  /// The first elements of an array.
  case list([InspectedValue])

  /// So many elements of an array are shown.
  package static let listLimit = 8

  /// The value as JSON has it.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .text(let text): try container.encode(text)
    case .integer(let integer): try container.encode(integer)
    case .unsigned(let integer): try container.encode(integer)
    case .number(let number): try container.encode(number)
    case .single(let number): try container.encode(number)
    case .boolean(let boolean): try container.encode(boolean)
    case .null: try container.encodeNil()
    case .list(let elements): try container.encode(elements)
    }
  }
}

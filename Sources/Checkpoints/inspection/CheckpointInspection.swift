/// What a checkpoint's files say of themselves: metadata and tensors, whether or not the model can be computed.
///
/// As JSON: an object of these members, those that are nil left out.
public struct CheckpointInspection: Sendable, Encodable {
  /// Which kind of files it is.
  public enum Format: String, Sendable, Encodable {
    /// One GGUF file.
    case gguf
    /// One safetensors file.
    case safetensors
    /// A Hugging Face folder.
    case folder
  }

  /// A key of the metadata, and its value.
  public struct Entry: Sendable, Encodable {
    /// The key, as the file has it.
    public let key: String
    /// The value's type, in the words of the format.
    public let type: String
    /// The value, or the first elements of an array.
    public let value: InspectedValue
    /// Elements of an array; nil for other values.
    public let count: Int?
  }

  /// A tensor, as its file has it.
  public struct TensorEntry: Sendable, Encodable {
    /// Its name.
    public let name: String
    /// How its elements are stored, such as "F16" or "Q4_K".
    public let type: String
    /// Its dimensions, the slowest first.
    public let shape: [Int]
    /// Elements.
    public let parameters: Int
    /// Bytes in the file.
    public let bytes: Int
    /// Where its bytes begin, counted from the beginning of the file.
    public let offset: Int
    /// The file's name, where there are several.
    public let file: String?
  }

  /// Tensors of one type.
  public struct Total: Sendable, Encodable {
    /// The type.
    public let type: String
    /// Tensors.
    public let tensors: Int
    /// Elements of all of them.
    public let parameters: Int
    /// Bytes of all of them.
    public let bytes: Int
  }

  /// Where the files are.
  public let path: String
  /// Which kind they are.
  public let format: Format
  /// The format's version, of a GGUF file.
  public let version: Int?
  /// What computes the model, such as "llama".
  public let architecture: String?
  /// What the model calls itself.
  public let name: String?
  /// Under which licence it says to be.
  public let license: String?
  /// All metadata, in the order of the file.
  public let metadata: [Entry]
  /// All tensors, in the order of the files.
  public let tensors: [TensorEntry]
  /// The tensors by type, the type of the most bytes first.
  public let totals: [Total]
  /// Elements of all tensors.
  public let parameters: Int
  /// Bytes of all tensors.
  public let bytes: Int

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
public enum InspectedValue: Sendable, Hashable, Encodable {
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
  public static let listLimit = 8

  /// The value as JSON has it.
  public func encode(to encoder: any Encoder) throws {
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

/// A tensor of a checkpoint: its name, shape, and elements where the file has them.
///
/// The bytes are mapped, not read: a page is loaded when it is touched.
public struct Tensor: Sendable {
  /// How an element is stored; little-endian.
  public enum Element: String, Hashable, Sendable, CaseIterable {
    /// 32-bit IEEE 754.
    case float32 = "F32"
    /// 16-bit IEEE 754.
    case float16 = "F16"
    /// The upper half of 32-bit IEEE 754.
    case bfloat16 = "BF16"

    /// Bytes an element.
    public var size: Int { self == .float32 ? 4 : 2 }
  }

  /// The tensor's name.
  public let name: String
  /// Its dimensions, the slowest first, as PyTorch writes them.
  public let shape: [Int]
  /// How its elements are stored.
  public let element: Element
  /// The file, for messages.
  public let file: String
  /// The mapped file.
  let bytes: MappedBytes
  /// Where the tensor's bytes stand in the file.
  let range: Range<Int>

  /// Elements in all.
  public var count: Int { shape.reduce(1, *) }

  /// A copy of elements `range` as Float, exactly: F16 and BF16 are a part of Float.
  public func floats(_ range: Range<Int>? = nil) -> [Float] {
    let range = range ?? 0..<count
    return range.map { index in
      let offset = self.range.lowerBound + index * element.size
      return switch element {
      case .float32: Float(bitPattern: bytes.loadLittleEndian(at: offset, as: UInt32.self))
      case .float16: Float(Float16(bitPattern: bytes.loadLittleEndian(at: offset, as: UInt16.self)))
      case .bfloat16:
        Float(bitPattern: UInt32(bytes.loadLittleEndian(at: offset, as: UInt16.self)) << 16)
      }
    }
  }
}

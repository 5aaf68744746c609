/// A tensor of a checkpoint: its name, shape, and elements where the file has them.
///
/// The bytes are mapped, not read: a page is loaded when it is touched. They need not be aligned in memory.
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

  /// The tensor's name in its file.
  public let name: String
  /// Its dimensions, the slowest first, as PyTorch writes them; none for a single number.
  public let shape: [Int]
  /// How its elements are stored.
  public let element: Element
  /// The file, for messages.
  public let file: String
  /// The mapped file.
  let bytes: MappedBytes
  /// Where the tensor's bytes stand in the file; as many as the shape and the element say.
  let range: Range<Int>

  /// Elements in all.
  public var count: Int { range.count / element.size }

  /// A copy of elements `range` as Float, exactly, since F16 and BF16 are a part of Float.
  ///
  /// - Parameter range: which elements, in the order of the file; nil for all.
  /// - Precondition: `range` lies within `0..<count`.
  /// - Complexity: O(n) in the number of elements copied.
  public func floats(_ range: Range<Int>? = nil) -> [Float] {
    let range = range ?? 0..<count
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    let (bytes, start) = (bytes, self.range.lowerBound)
    return switch element {
    case .float32:
      range.map { Float(bitPattern: bytes.loadLittleEndian(at: start + 4 * $0, as: UInt32.self)) }
    case .float16:
      range.map { Float(Float16(bitPattern: bytes.loadLittleEndian(at: start + 2 * $0, as: UInt16.self))) }
    case .bfloat16:
      range.map { Float(bitPattern: UInt32(bytes.loadLittleEndian(at: start + 2 * $0, as: UInt16.self)) << 16) }
    }
  }
}

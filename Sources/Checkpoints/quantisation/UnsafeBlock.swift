/// The bytes of one block, to read; whoever makes it answers for as many bytes as the layout has.
struct BlockBytes {
  let start: UnsafeRawPointer

  /// Byte `index`.
  @inline(__always)
  subscript(index: Int) -> UInt8 { start.load(fromByteOffset: index, as: UInt8.self) }

  /// Sixteen bytes from `offset` on.
  @inline(__always)
  func sixteen(at offset: Int) -> SIMD16<UInt8> {
    start.loadUnaligned(fromByteOffset: offset, as: SIMD16<UInt8>.self)
  }

  /// The F16 at `offset`, little-endian, as Float.
  @inline(__always)
  func half(at offset: Int) -> Float {
    Float(Float16(bitPattern: UInt16(littleEndian: start.loadUnaligned(fromByteOffset: offset, as: UInt16.self))))
  }
}

/// The bytes of one block, to write.
struct MutableBlockBytes {
  let start: UnsafeMutableRawPointer

  /// Byte `index`.
  subscript(index: Int) -> UInt8 {
    get { start.load(fromByteOffset: index, as: UInt8.self) }
    nonmutating set { start.storeBytes(of: newValue, toByteOffset: index, as: UInt8.self) }
  }

  /// Writes a number at `offset` as F16, little-endian, rounded to nearest even.
  func setHalf(_ value: Float, at offset: Int) {
    start.storeBytes(of: Float16(value).bitPattern.littleEndian, toByteOffset: offset, as: UInt16.self)
  }
}

/// The weights of one block as Float; whoever makes it answers for as many as the layout has.
struct BlockWeights {
  let start: UnsafeMutablePointer<Float>

  /// Weight `index`.
  @inline(__always)
  subscript(index: Int) -> Float { start[index] }

  /// Writes sixteen weights from `index` on.
  @inline(__always)
  func store(_ weights: SIMD16<Float>, at index: Int) {
    UnsafeMutableRawPointer(start + index).storeBytes(of: weights, as: SIMD16<Float>.self)
  }
}

extension SIMD16<UInt8> {
  /// The numbers less an offset of at most 128, exactly.
  ///
  /// With the bits of 2^23 before it, a byte is the Float 2^23 + byte.
  @inline(__always)
  func floats(minus offset: Float = 0) -> SIMD16<Float> {
    let bits = SIMD16<UInt32>(truncatingIfNeeded: self) | 0x4B00_0000
    return unsafeBitCast(bits, to: SIMD16<Float>.self) - (0x1p23 + offset)
  }
}

extension Quantisation {
  /// Writes the weights of `count` blocks.
  ///
  /// - Complexity: O(weights)
  func dequantise(_ blocks: UnsafeRawPointer, count: Int, into weights: UnsafeMutablePointer<Float>) {
    switch self {
    case .q4_0: Self.dequantise(Q4_0.self, blocks, count: count, into: weights)
    case .q4_1: Self.dequantise(Q4_1.self, blocks, count: count, into: weights)
    case .q5_0: Self.dequantise(Q5_0.self, blocks, count: count, into: weights)
    case .q5_1: Self.dequantise(Q5_1.self, blocks, count: count, into: weights)
    case .q8_0: Self.dequantise(Q8_0.self, blocks, count: count, into: weights)
    case .q2_K: Self.dequantise(Q2_K.self, blocks, count: count, into: weights)
    case .q3_K: Self.dequantise(Q3_K.self, blocks, count: count, into: weights)
    case .q4_K: Self.dequantise(Q4_K.self, blocks, count: count, into: weights)
    case .q5_K: Self.dequantise(Q5_K.self, blocks, count: count, into: weights)
    case .q6_K: Self.dequantise(Q6_K.self, blocks, count: count, into: weights)
    }
  }

  @inline(__always)
  private static func dequantise<Block: QuantisedBlock>(
    _: Block.Type, _ blocks: UnsafeRawPointer, count: Int, into weights: UnsafeMutablePointer<Float>
  ) {
    for index in 0..<count {
      Block.dequantise(
        BlockBytes(start: blocks + index * Block.byteCount), into: BlockWeights(start: weights + index * Block.length))
    }
  }
}

extension Quantisation {
  /// Writes the `count` blocks that stand for weights.
  ///
  /// - Precondition: it is Q8_0 or Q4_0, to which weights can be rounded.
  package func quantise(_ weights: UnsafeMutablePointer<Float>, count: Int, into blocks: UnsafeMutableRawPointer) {
    switch self {
    case .q8_0: Self.quantise(Q8_0.self, weights, count: count, into: blocks)
    case .q4_0: Self.quantise(Q4_0.self, weights, count: count, into: blocks)
    default: preconditionFailure("nothing is rounded to \(rawValue)")
    }
  }

  @inline(__always)
  private static func quantise<Block: QuantisingBlock>(
    _: Block.Type, _ weights: UnsafeMutablePointer<Float>, count: Int, into blocks: UnsafeMutableRawPointer
  ) {
    for index in 0..<count {
      Block.quantise(
        BlockWeights(start: weights + index * Block.length),
        into: MutableBlockBytes(start: blocks + index * Block.byteCount))
    }
  }
}

extension QuantisingBlock {
  /// Replaces `count` blocks of weights by those that their quantised blocks stand for.
  static func round(_ weights: UnsafeMutablePointer<Float>, blocks count: Int) {
    withUnsafeTemporaryAllocation(byteCount: byteCount, alignment: 16) { scratch in
      guard let block = scratch.baseAddress else { return }
      for index in 0..<count {
        let weights = BlockWeights(start: weights + index * length)
        quantise(weights, into: MutableBlockBytes(start: block))
        dequantise(BlockBytes(start: block), into: weights)
      }
    }
  }
}

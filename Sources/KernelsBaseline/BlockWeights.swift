/// How a panel holds blocks of 32 inputs: codes of a few bits, and what the codes of an output share.
protocol BlockFormat {
  /// Inputs of a block.
  static var length: Int { get }
  /// Bytes of a panel with so many blocks.
  static func panelBytes(blocks: Int) -> Int
  /// The scales of a block.
  static func scales(_ panel: UnsafeRawPointer, block: Int) -> PanelVector
  /// The minima of a block, added to its weights; nil where codes count from ``zero``.
  static func minima(_ panel: UnsafeRawPointer, block: Int) -> PanelVector?
  /// The code that stands for 0, before the block's minimum is added.
  static var zero: Int32 { get }
  /// Whether a byte holds two codes.
  static var isHalved: Bool { get }
  /// Where a block's codes are.
  static func codes(_ panel: UnsafeRawPointer, block: Int) -> UnsafeRawPointer
}

extension BlockFormat {
  static var length: Int {
    @inline(__always) get { 32 }
  }

  /// Bytes of a block's codes.
  static var codeBytes: Int {
    @inline(__always) get { isHalved ? 768 : 1536 }
  }
}

/// Two blocks whose scales share words, then the codes of the one and of the other.
protocol PairedFormat: BlockFormat {}

extension PairedFormat {
  @inline(__always)
  static func panelBytes(blocks: Int) -> Int { (blocks + 1) / 2 * (192 + 2 * codeBytes) }

  @inline(__always)
  private static func pair(_ panel: UnsafeRawPointer, block: Int) -> UnsafeRawPointer {
    panel + block / 2 * (192 + 2 * codeBytes)
  }

  @inline(__always)
  static func scales(_ panel: UnsafeRawPointer, block: Int) -> PanelVector {
    let words = PanelWords(pair(panel, block: block))
    return block & 1 == 0 ? words.map(Float16Format.lower) : words.map(Float16Format.upper)
  }

  @inline(__always)
  static func minima(_ panel: UnsafeRawPointer, block: Int) -> PanelVector? { nil }

  @inline(__always)
  static func codes(_ panel: UnsafeRawPointer, block: Int) -> UnsafeRawPointer {
    pair(panel, block: block) + 192 + (block & 1) * codeBytes
  }
}

/// Weight = d · (code - 128).
enum Q8_0Format: PairedFormat {
  static var zero: Int32 {
    @inline(__always) get { 128 }
  }
  static var isHalved: Bool {
    @inline(__always) get { false }
  }
}

/// Weight = d · (code - 8).
enum Q4_0Format: PairedFormat {
  static var zero: Int32 {
    @inline(__always) get { 8 }
  }
  static var isHalved: Bool {
    @inline(__always) get { true }
  }
}

/// Weight = d · code + m.
enum Q4_1Format: BlockFormat {
  static var zero: Int32 {
    @inline(__always) get { 0 }
  }
  static var isHalved: Bool {
    @inline(__always) get { true }
  }

  @inline(__always)
  static func panelBytes(blocks: Int) -> Int { blocks * (192 + codeBytes) }

  @inline(__always)
  static func scales(_ panel: UnsafeRawPointer, block: Int) -> PanelVector {
    PanelWords(panel + block * (192 + codeBytes)).map(Float16Format.lower)
  }

  @inline(__always)
  static func minima(_ panel: UnsafeRawPointer, block: Int) -> PanelVector? {
    PanelWords(panel + block * (192 + codeBytes)).map(Float16Format.upper)
  }

  @inline(__always)
  static func codes(_ panel: UnsafeRawPointer, block: Int) -> UnsafeRawPointer {
    panel + block * (192 + codeBytes) + 192
  }
}

/// The weights that a block's codes stand for, one input after the other: rounded as the checkpoint's reader rounds them.
enum BlockWeights<Format: BlockFormat>: PanelWeights {
  @inline(__always)
  static func panelBytes(inputCount: Int) -> Int { Format.panelBytes(blocks: inputCount / Format.length) }

  @inline(__always)
  static func accumulate<Sums: Tile>(
    _ panel: UnsafeRawPointer, _ inputs: Range<Int>, x: UnsafePointer<Float>, stride: Int, prefetching: Prefetch,
    into sums: inout Sums
  ) {
    var prefetch = prefetching
    for block in inputs.lowerBound / Format.length..<inputs.upperBound / Format.length {
      let scales = Format.scales(panel, block: block)
      let minima = Format.minima(panel, block: block)
      let codes = Format.codes(panel, block: block)
      let x = x + block * Format.length
      // One loop for all codes of a word: four times the code would take the compiler ten times as long.
      for group in 0..<8 {
        prefetch.advance()
        let words = codes + 192 * (Format.isHalved ? group & 3 : group)
        let first: UInt32 = Format.isHalved && group > 3 ? 4 : 0
        for byte in 0..<4 {
          let shift = SIMD16<UInt32>(repeating: first &+ 8 &* UInt32(truncatingIfNeeded: byte))
          let mask: UInt32 = Format.isHalved ? 0xF : 0xFF
          let vector = weights(PanelWords(words).map { ($0 &>> shift) & mask }, scales, minima)
          sums.add(vector, x + 4 * group + byte, stride: stride)
        }
      }
    }
  }

  @inline(__always)
  private static func weights(_ codes: PanelWords, _ scales: PanelVector, _ minima: PanelVector?) -> PanelVector {
    // With the bits of 2²³ before it, a code is the Float 2²³ + code.
    let values = codes.map {
      unsafeBitCast($0 | 0x4B00_0000, to: SIMD16<Float>.self) - (0x1p23 + Float(Format.zero))
    }
    let scaled = values.times(scales)
    guard let minima else { return scaled }
    return scaled.plus(minima)
  }
}

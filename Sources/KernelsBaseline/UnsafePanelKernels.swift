import KernelOperands

/// Products of packed weights with vectors.
///
/// Every output is one sum in the order of the inputs, whatever the tile that it is computed in: the bits do not depend
/// on how many rows or threads there are.
public enum UnsafePanelKernels {
  /// The outputs of a range of panels, each product rounded before it is added.
  public static func multiplySeparately(_ product: PanelProduct, _ panels: Range<Int>) {
    switch product.element {
    case .float32: multiply(SeparateArithmetic.self, Float32Weights.self, product, panels)
    case .bfloat16: multiply(SeparateArithmetic.self, HalfWeights<BFloat16Format>.self, product, panels)
    case .float16: multiply(SeparateArithmetic.self, HalfWeights<Float16Format>.self, product, panels)
    case .q8_0: multiply(SeparateArithmetic.self, BlockWeights<Q8_0Format>.self, product, panels)
    case .q4_0: multiply(SeparateArithmetic.self, BlockWeights<Q4_0Format>.self, product, panels)
    case .q4_1: multiply(SeparateArithmetic.self, BlockWeights<Q4_1Format>.self, product, panels)
    }
  }

  /// The outputs of a range of panels, with fused multiply-adds where this level of processor has them; weights in
  /// blocks are multiplied with vectors that are rounded to 8 bits.
  public static func multiplyFast(_ product: PanelProduct, _ panels: Range<Int>) {
    switch (product.element, product.rounded) {
    case (.float32, _): multiply(FusedArithmetic.self, Float32Weights.self, product, panels)
    case (.bfloat16, _): multiply(FusedArithmetic.self, HalfWeights<BFloat16Format>.self, product, panels)
    case (.float16, _): multiply(FusedArithmetic.self, HalfWeights<Float16Format>.self, product, panels)
    case (.q8_0, let rounded?): multiply(Q8_0Format.self, product, rounded, panels)
    case (.q4_0, let rounded?): multiply(Q4_0Format.self, product, rounded, panels)
    case (.q4_1, let rounded?): multiply(Q4_1Format.self, product, rounded, panels)
    case (.q8_0, nil), (.q4_0, nil), (.q4_1, nil): multiplySeparately(product, panels)
    }
  }

  /// As many rows together as the registers hold, then fewer.
  @inline(__always)
  private static func multiply<Sum: Arithmetic, Weights: PanelWeights>(
    _: Sum.Type, _: Weights.Type, _ product: PanelProduct, _ panels: Range<Int>
  ) {
    for panel in panels {
      var row = 0
      #if KERNELS_AVX512
        while row + 8 <= product.rows {
          multiply(Twice<Twice<Twice<Row<Sum>>>>.self, Weights.self, product, panel: panel, row: row)
          row += 8
        }
        while row + 4 <= product.rows {
          multiply(Twice<Twice<Row<Sum>>>.self, Weights.self, product, panel: panel, row: row)
          row += 4
        }
      #endif
      #if KERNELS_AVX512 || KERNELS_AVX2 || arch(arm64)
        while row + 2 <= product.rows {
          multiply(Twice<Row<Sum>>.self, Weights.self, product, panel: panel, row: row)
          row += 2
        }
      #endif
      while row < product.rows {
        multiply(Row<Sum>.self, Weights.self, product, panel: panel, row: row)
        row += 1
      }
    }
  }

  // Not inlined, so that a profile names the tile and the format.
  @inline(never)
  private static func multiply<Sums: Tile, Weights: PanelWeights>(
    _: Sums.Type, _: Weights.Type, _ product: PanelProduct, panel: Int, row: Int
  ) {
    var sums = Sums()
    Weights.accumulate(
      product.weights + panel * Weights.panelBytes(inputCount: product.inputCount), inputCount: product.inputCount,
      x: product.x + row * product.inputCount, into: &sums)
    let first = panel * PanelProduct.panelWidth
    sums.store(
      product.y + row * product.outputCount + first, stride: product.outputCount,
      count: min(PanelProduct.panelWidth, product.outputCount - first), bias: bias(of: product, panel: panel))
  }

  /// As many rows together as the registers hold, then fewer.
  @inline(__always)
  private static func multiply<Format: BlockFormat>(
    _: Format.Type, _ product: PanelProduct, _ rounded: RoundedInputs, _ panels: Range<Int>
  ) {
    typealias One = DotRow<FusedArithmetic>
    for panel in panels {
      var row = 0
      #if KERNELS_AVX512
        while row + 4 <= product.rows {
          multiply(Twice<Twice<One>>.self, Format.self, product, rounded, panel: panel, row: row)
          row += 4
        }
        while row + 2 <= product.rows {
          multiply(Twice<One>.self, Format.self, product, rounded, panel: panel, row: row)
          row += 2
        }
      #endif
      while row < product.rows {
        multiply(One.self, Format.self, product, rounded, panel: panel, row: row)
        row += 1
      }
    }
  }

  @inline(never)
  private static func multiply<Dots: DotTile, Format: BlockFormat>(
    _: Dots.Type, _: Format.Type, _ product: PanelProduct, _ rounded: RoundedInputs, panel: Int, row: Int
  ) {
    let blocks = rounded.blockCount
    let weights = product.weights + panel * Format.panelBytes(blocks: blocks)
    let first = row * blocks
    var dots = Dots()
    for block in 0..<blocks {
      let codes = Format.codes(weights, block: block)
      let inputs = rounded.codes + row * rounded.codeStride + block * 8 * DotInputs.words
      dots.begin(zero: Format.zero, rounded.sums + first + block, stride: blocks)
      if Format.isHalved {
        for group in 0..<4 {
          let words = PanelWords(codes + 192 * group)
          dots.add(
            DotWeights(words.map { $0 & 0x0F0F_0F0F }), inputs + group * DotInputs.words, stride: rounded.codeStride)
          dots.add(
            DotWeights(words.map { ($0 &>> 4) & 0x0F0F_0F0F }), inputs + (group + 4) * DotInputs.words,
            stride: rounded.codeStride)
        }
      } else {
        for group in 0..<8 {
          dots.add(
            DotWeights(PanelWords(codes + 192 * group)), inputs + group * DotInputs.words, stride: rounded.codeStride)
        }
      }
      dots.end(scales: Format.scales(weights, block: block), rounded.scales + first + block, stride: blocks)
      if let minima = Format.minima(weights, block: block) {
        dots.add(minima: minima, rounded.scaledSums + first + block, stride: blocks)
      }
    }
    let output = panel * PanelProduct.panelWidth
    dots.store(
      product.y + row * product.outputCount + output, stride: product.outputCount,
      count: min(PanelProduct.panelWidth, product.outputCount - output), bias: bias(of: product, panel: panel))
  }

  @inline(__always)
  private static func bias(of product: PanelProduct, panel: Int) -> PanelVector {
    guard let bias = product.bias else {
      // x + -0 is x, also where x is -0.
      let nothing = SIMD16<Float>(repeating: -0.0)
      return PanelVector(first: nothing, second: nothing, third: nothing)
    }
    let numbers = UnsafeRawPointer(bias + panel * PanelProduct.panelWidth)
    return PanelVector(
      first: numbers.loadUnaligned(as: SIMD16<Float>.self),
      second: numbers.loadUnaligned(fromByteOffset: 64, as: SIMD16<Float>.self),
      third: numbers.loadUnaligned(fromByteOffset: 128, as: SIMD16<Float>.self))
  }
}

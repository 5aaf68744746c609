import KernelOperands

/// Products of packed weights with vectors.
///
/// Every output is one sum in the order of the inputs, whatever the tile that it is computed in: the bits do not depend
/// on how many rows or threads there are.
package enum UnsafePanelKernels {
  /// The outputs of a range of panels, each product rounded before it is added.
  package static func multiplySeparately(_ product: PanelProduct, _ panels: Range<Int>) {
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
  package static func multiplyFast(_ product: PanelProduct, _ panels: Range<Int>) {
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
    #if KERNELS_AVX512
      var parts = PanelParts(of: product, panels, rowsATile: 8, inputsAPart: 128)
    #elseif KERNELS_AVX2 || arch(arm64)
      var parts = PanelParts(of: product, panels, rowsATile: 2, inputsAPart: 128)
    #else
      var parts = PanelParts(of: product, panels, rowsATile: 1, inputsAPart: 128)
    #endif
    withStoredSums(product) { stored in
      while let part = parts.next() {
        var place = TilePlace(part, of: parts.tiles, stored: stored)
        #if KERNELS_AVX512
          while place.row + 8 <= product.rows {
            multiply(Twice<Twice<Twice<Row<Sum>>>>.self, Weights.self, product, place)
            place.advance(8)
          }
          if place.row + 4 <= product.rows {
            multiply(Twice<Twice<Row<Sum>>>.self, Weights.self, product, place)
            place.advance(4)
          }
        #endif
        #if KERNELS_AVX512 || KERNELS_AVX2 || arch(arm64)
          while place.row + 2 <= product.rows {
            multiply(Twice<Row<Sum>>.self, Weights.self, product, place)
            place.advance(2)
          }
        #endif
        while place.row < product.rows {
          multiply(Row<Sum>.self, Weights.self, product, place)
          place.advance(1)
        }
      }
    }
  }

  // Not inlined, so that a profile names the tile and the format.
  @inline(never)
  private static func multiply<Sums: Tile, Weights: PanelWeights>(
    _: Sums.Type, _: Weights.Type, _ product: PanelProduct, _ place: TilePlace
  ) {
    let panel = product.weights + place.part.panel * Weights.panelBytes(inputCount: product.inputCount)
    var sums = Sums()
    if !place.part.isFirst { sums.load(place.stored) }
    let prefetch = place.prefetch(
      panel + Weights.panelBytes(inputCount: place.part.inputs.lowerBound),
      byteCount: Weights.panelBytes(inputCount: place.part.inputs.count))
    Weights.accumulate(
      panel, place.part.inputs, x: product.x + place.row * product.inputCount, stride: product.inputCount,
      prefetching: prefetch, into: &sums)
    if place.part.isLast {
      let y = product.y + place.row * product.outputCount + place.part.outputs.lowerBound
      sums.store(
        y, stride: product.outputCount, count: place.part.outputs.count, bias: bias(of: product, place.part.panel))
    } else {
      sums.store(place.stored, stride: 48, count: 48, bias: .nothing)
    }
  }

  /// As many rows together as the registers hold, then fewer.
  @inline(__always)
  private static func multiply<Format: BlockFormat>(
    _: Format.Type, _ product: PanelProduct, _ rounded: RoundedInputs, _ panels: Range<Int>
  ) {
    typealias One = DotRow<FusedArithmetic>
    #if KERNELS_AVX512
      var parts = PanelParts(of: product, panels, rowsATile: 4, inputsAPart: 256)
    #else
      var parts = PanelParts(of: product, panels, rowsATile: 1, inputsAPart: 256)
    #endif
    withStoredSums(product) { stored in
      while let part = parts.next() {
        var place = TilePlace(part, of: parts.tiles, stored: stored)
        #if KERNELS_AVX512
          while place.row + 4 <= product.rows {
            multiply(Twice<Twice<One>>.self, Format.self, product, rounded, place)
            place.advance(4)
          }
          if place.row + 2 <= product.rows {
            multiply(Twice<One>.self, Format.self, product, rounded, place)
            place.advance(2)
          }
        #endif
        while place.row < product.rows {
          multiply(One.self, Format.self, product, rounded, place)
          place.advance(1)
        }
      }
    }
  }

  @inline(never)
  private static func multiply<Dots: DotTile, Format: BlockFormat>(
    _: Dots.Type, _: Format.Type, _ product: PanelProduct, _ rounded: RoundedInputs, _ place: TilePlace
  ) {
    let blocks = rounded.blockCount
    let weights = product.weights + place.part.panel * Format.panelBytes(blocks: blocks)
    let first = place.row * blocks
    let range = place.part.inputs.lowerBound / Format.length..<place.part.inputs.upperBound / Format.length
    var prefetch = place.prefetch(
      weights + Format.panelBytes(blocks: range.lowerBound), byteCount: Format.panelBytes(blocks: range.count))
    var dots = Dots()
    if !place.part.isFirst { dots.load(place.stored) }
    for block in range {
      let codes = Format.codes(weights, block: block)
      let inputs = rounded.codes + place.row * rounded.codeStride + block * 8 * DotInputs.words
      dots.begin(zero: Format.zero, rounded.sums + first + block, stride: blocks)
      // For the scales.
      prefetch.advance()
      if Format.isHalved {
        for group in 0..<4 {
          prefetch.advance()
          let words = PanelWords(codes + 192 * group)
          dots.add(
            DotWeights(words.map { $0 & 0x0F0F_0F0F }), inputs + group * DotInputs.words, stride: rounded.codeStride)
          dots.add(
            DotWeights(words.map { ($0 &>> 4) & 0x0F0F_0F0F }), inputs + (group + 4) * DotInputs.words,
            stride: rounded.codeStride)
        }
      } else {
        for group in 0..<8 {
          prefetch.advance()
          dots.add(
            DotWeights(PanelWords(codes + 192 * group)), inputs + group * DotInputs.words, stride: rounded.codeStride)
        }
      }
      dots.end(scales: Format.scales(weights, block: block), rounded.scales + first + block, stride: blocks)
      if let minima = Format.minima(weights, block: block) {
        dots.add(minima: minima, rounded.scaledSums + first + block, stride: blocks)
      }
    }
    if place.part.isLast {
      let y = product.y + place.row * product.outputCount + place.part.outputs.lowerBound
      dots.store(
        y, stride: product.outputCount, count: place.part.outputs.count, bias: bias(of: product, place.part.panel))
    } else {
      dots.store(place.stored, stride: 48, count: 48, bias: .nothing)
    }
  }

  /// Calls `body` with room for a panel's sums of all rows.
  @inline(__always)
  private static func withStoredSums(_ product: PanelProduct, _ body: (UnsafeMutablePointer<Float>) -> Void) {
    withUnsafeTemporaryAllocation(byteCount: product.rows * PanelProduct.panelWidth * 4, alignment: 64) { memory in
      body(
        memory.baseAddress.unsafelyUnwrapped.bindMemory(
          to: Float.self, capacity: product.rows * PanelProduct.panelWidth))
    }
  }

  @inline(__always)
  private static func bias(of product: PanelProduct, _ panel: Int) -> PanelVector {
    guard let bias = product.bias else { return .nothing }
    return PanelVector(bias + panel * PanelProduct.panelWidth)
  }
}

import KernelOperands

/// Products of packed weights with vectors.
///
/// Every output is one sum in the order of the inputs, whatever the tile that it is computed in: the bits do not depend
/// on how many rows or threads there are.
public enum UnsafePanelKernels {
  /// The outputs of a range of panels, each product rounded before it is added.
  public static func multiplySeparately(_ product: PanelProduct, _ panels: Range<Int>) {
    multiply(SeparateArithmetic.self, product, panels)
  }

  /// The outputs of a range of panels, with fused multiply-adds where this level of processor has them.
  public static func multiplyFused(_ product: PanelProduct, _ panels: Range<Int>) {
    multiply(FusedArithmetic.self, product, panels)
  }

  @inline(__always)
  private static func multiply<Sum: Arithmetic>(_: Sum.Type, _ product: PanelProduct, _ panels: Range<Int>) {
    switch product.element {
    case .float32: multiply(Sum.self, Float32Weights.self, product, panels)
    case .bfloat16: multiply(Sum.self, HalfWeights<BFloat16Format>.self, product, panels)
    case .float16: multiply(Sum.self, HalfWeights<Float16Format>.self, product, panels)
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

  @inline(__always)
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

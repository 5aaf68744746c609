import KernelOperands

/// The sums of a panel's 48 outputs for some rows, of products of codes: integers within a block, Float beyond.
protocol DotTile {
  /// Vectors that are multiplied together.
  static var rows: Int { get }
  /// Sums of nothing.
  init()
  /// Begins a block; `sums` is where the first row has the sum of the block's codes.
  mutating func begin(zero: Int32, _ sums: UnsafePointer<Int32>, stride: Int)
  /// Adds four inputs' products; `codes` is where the first row has those inputs.
  mutating func add(_ weights: DotWeights, _ codes: UnsafePointer<UInt32>, stride: Int)
  /// Adds the block, times the scales of weights and of rows.
  mutating func end(scales: PanelVector, _ rowScales: UnsafePointer<Float>, stride: Int)
  /// Adds what all weights of the block have, times the scaled sums of the rows' codes.
  mutating func add(minima: PanelVector, _ scaledSums: UnsafePointer<Float>, stride: Int)
  /// Goes on with sums that were stored, shape [row][48].
  mutating func load(_ stored: UnsafePointer<Float>)
  /// Writes the first `count` sums, plus the bias, to the rows of `y`.
  func store(_ y: UnsafeMutablePointer<Float>, stride: Int, count: Int, bias: PanelVector)
}

/// One row of a tile.
struct DotRow<Sum: Arithmetic>: DotTile {
  static var rows: Int {
    @inline(__always) get { 1 }
  }

  private var dots: PanelDots
  private var row = Row<Sum>()

  @inline(__always)
  init() {
    let zero = SIMD16<Int32>(repeating: 0)
    dots = PanelDots(first: zero, second: zero, third: zero)
  }

  @inline(__always)
  mutating func begin(zero: Int32, _ sums: UnsafePointer<Int32>, stride: Int) {
    // With the bits of 1.5 · 2²³ before it, a sum that stays below 2²² is the Float 1.5 · 2²³ + sum.
    let start = SIMD16<Int32>(repeating: 0x4B40_0000 &- zero &* sums.pointee)
    dots = PanelDots(first: start, second: start, third: start)
  }

  @inline(__always)
  mutating func add(_ weights: DotWeights, _ codes: UnsafePointer<UInt32>, stride: Int) {
    weights.add(times: codes, to: &dots)
  }

  @inline(__always)
  mutating func end(scales: PanelVector, _ rowScales: UnsafePointer<Float>, stride: Int) {
    let values = PanelVector(
      first: Self.float(dots.first), second: Self.float(dots.second), third: Self.float(dots.third))
    row.add(values.times(scales), rowScales, stride: stride)
  }

  @inline(__always)
  private static func float(_ dots: SIMD16<Int32>) -> SIMD16<Float> {
    unsafeBitCast(dots, to: SIMD16<Float>.self) - 12_582_912
  }

  @inline(__always)
  mutating func add(minima: PanelVector, _ scaledSums: UnsafePointer<Float>, stride: Int) {
    row.add(minima, scaledSums, stride: stride)
  }

  @inline(__always)
  mutating func load(_ stored: UnsafePointer<Float>) { row.load(stored) }

  @inline(__always)
  func store(_ y: UnsafeMutablePointer<Float>, stride: Int, count: Int, bias: PanelVector) {
    row.store(y, stride: stride, count: count, bias: bias)
  }
}

extension Twice: DotTile where Half: DotTile {
  static var rows: Int {
    @inline(__always) get { 2 * Half.rows }
  }

  @inline(__always)
  init() { self.init(upper: Half(), lower: Half()) }

  @inline(__always)
  mutating func begin(zero: Int32, _ sums: UnsafePointer<Int32>, stride: Int) {
    upper.begin(zero: zero, sums, stride: stride)
    lower.begin(zero: zero, sums + Half.rows * stride, stride: stride)
  }

  @inline(__always)
  mutating func add(_ weights: DotWeights, _ codes: UnsafePointer<UInt32>, stride: Int) {
    upper.add(weights, codes, stride: stride)
    lower.add(weights, codes + Half.rows * stride, stride: stride)
  }

  @inline(__always)
  mutating func end(scales: PanelVector, _ rowScales: UnsafePointer<Float>, stride: Int) {
    upper.end(scales: scales, rowScales, stride: stride)
    lower.end(scales: scales, rowScales + Half.rows * stride, stride: stride)
  }

  @inline(__always)
  mutating func add(minima: PanelVector, _ scaledSums: UnsafePointer<Float>, stride: Int) {
    upper.add(minima: minima, scaledSums, stride: stride)
    lower.add(minima: minima, scaledSums + Half.rows * stride, stride: stride)
  }

  @inline(__always)
  mutating func load(_ stored: UnsafePointer<Float>) {
    upper.load(stored)
    lower.load(stored + Half.rows * 48)
  }

  @inline(__always)
  func store(_ y: UnsafeMutablePointer<Float>, stride: Int, count: Int, bias: PanelVector) {
    upper.store(y, stride: stride, count: count, bias: bias)
    lower.store(y + Half.rows * stride, stride: stride, count: count, bias: bias)
  }
}

/// The sums of a panel's 48 outputs for some rows, in registers.
///
/// A tile of n rows is built of two of n/2 (``Twice``), down to one ``Row``: the compiler sees straight code.
protocol Tile {
  /// Vectors that are multiplied together.
  static var rows: Int { get }
  /// Sums of nothing.
  init()
  /// Adds an input's products; `x` is where the first row has that input, `stride` how far the next row's is.
  mutating func add(_ weights: PanelVector, _ x: UnsafePointer<Float>, stride: Int)
  /// Goes on with sums that were stored, shape [row][48].
  mutating func load(_ stored: UnsafePointer<Float>)
  /// Writes the first `count` sums, plus the bias, to the rows of `y`.
  func store(_ y: UnsafeMutablePointer<Float>, stride: Int, count: Int, bias: PanelVector)
}

/// One row of a tile.
struct Row<Sum: Arithmetic>: Tile {
  static var rows: Int {
    @inline(__always) get { 1 }
  }

  private var sums: PanelVector

  @inline(__always)
  init() {
    let zero = SIMD16<Float>(repeating: 0)
    sums = PanelVector(first: zero, second: zero, third: zero)
  }

  @inline(__always)
  mutating func add(_ weights: PanelVector, _ x: UnsafePointer<Float>, stride: Int) {
    let factor = SIMD16<Float>(repeating: x.pointee)
    Sum.add(weights.first, times: factor, to: &sums.first)
    Sum.add(weights.second, times: factor, to: &sums.second)
    Sum.add(weights.third, times: factor, to: &sums.third)
  }

  @inline(__always)
  mutating func load(_ stored: UnsafePointer<Float>) { sums = PanelVector(stored) }

  @inline(__always)
  func store(_ y: UnsafeMutablePointer<Float>, stride: Int, count: Int, bias: PanelVector) {
    let whole = PanelVector(
      first: sums.first + bias.first, second: sums.second + bias.second, third: sums.third + bias.third)
    let target = UnsafeMutableRawPointer(y)
    if count == 48 {
      target.storeBytes(of: whole.first, as: SIMD16<Float>.self)
      target.storeBytes(of: whole.second, toByteOffset: 64, as: SIMD16<Float>.self)
      target.storeBytes(of: whole.third, toByteOffset: 128, as: SIMD16<Float>.self)
    } else {
      withUnsafeBytes(of: whole) { target.copyMemory(from: $0.baseAddress.unsafelyUnwrapped, byteCount: 4 * count) }
    }
  }
}

/// A tile and another of its kind for the rows behind.
struct Twice<Half> {
  var upper: Half
  var lower: Half
}

extension Twice: Tile where Half: Tile {
  static var rows: Int {
    @inline(__always) get { 2 * Half.rows }
  }

  @inline(__always)
  init() { self.init(upper: Half(), lower: Half()) }

  @inline(__always)
  mutating func add(_ weights: PanelVector, _ x: UnsafePointer<Float>, stride: Int) {
    upper.add(weights, x, stride: stride)
    lower.add(weights, x + Half.rows * stride, stride: stride)
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

import KernelOperands

/// Some inputs of a panel, which all rows are multiplied with before the next.
struct PanelPart {
  let panel: Int
  let inputs: Range<Int>
  /// Those of the panel, without padding.
  let outputs: Range<Int>
  let isFirst: Bool
  let isLast: Bool
}

/// The parts of a range of panels in their order.
///
/// One tile takes whole panels. Several take parts that stay in the nearest cache, so that memory is read while all of
/// them multiply, not the first alone; between parts the sums wait as they are.
struct PanelParts {
  /// Tiles that the rows make.
  let tiles: Int
  private let inputCount: Int
  private let outputCount: Int
  private let inputsAPart: Int
  private let end: Int
  private var panel: Int
  private var input = 0

  /// - Parameters:
  ///   - rowsATile: of the largest tile, a power of 2; the rows that are left have tiles of the smaller powers.
  ///   - inputsAPart: a multiple of 64, the inputs of two blocks.
  @inline(__always)
  init(of product: PanelProduct, _ panels: Range<Int>, rowsATile: Int, inputsAPart: Int) {
    inputCount = product.inputCount
    outputCount = product.outputCount
    tiles = product.rows / rowsATile + (product.rows % rowsATile).nonzeroBitCount
    self.inputsAPart = tiles == 1 ? inputCount : inputsAPart
    (panel, end) = (panels.lowerBound, panels.upperBound)
  }

  @inline(__always)
  mutating func next() -> PanelPart? {
    if panel == end { return nil }
    let inputs = input..<min(input + inputsAPart, inputCount)
    let first = panel * PanelProduct.panelWidth
    let part = PanelPart(
      panel: panel, inputs: inputs, outputs: first..<min(first + PanelProduct.panelWidth, outputCount),
      isFirst: inputs.lowerBound == 0, isLast: inputs.upperBound == inputCount)
    input = inputs.upperBound
    if part.isLast { (panel, input) = (panel + 1, 0) }
    return part
  }
}

/// Where a tile is: its rows, and the part of a panel that it multiplies.
struct TilePlace {
  let part: PanelPart
  /// The tile's first row.
  private(set) var row = 0
  /// The sums of its rows between parts, shape [row][48].
  private(set) var stored: UnsafeMutablePointer<Float>
  private var tile = 0
  private let tiles: Int

  /// The first of a part's tiles.
  @inline(__always)
  init(_ part: PanelPart, of tiles: Int, stored: UnsafeMutablePointer<Float>) {
    (self.part, self.tiles, self.stored) = (part, tiles, stored)
  }

  /// Goes on to the tile behind one of so many rows.
  @inline(__always)
  mutating func advance(_ rows: Int) {
    row += rows
    stored += rows * PanelProduct.panelWidth
    tile += 1
  }

  /// The tile's prefetch: `weights` is where the part's begin.
  @inline(__always)
  func prefetch(_ weights: UnsafeRawPointer, byteCount: Int) -> Prefetch {
    Prefetch(behind: weights, byteCount: byteCount, tile: tile, of: tiles)
  }
}

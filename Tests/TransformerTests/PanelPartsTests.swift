import KernelOperands
@testable import KernelsBaseline
import Testing

/// What is asked for ahead, and in which parts a panel is multiplied: neither shows in a product's bits.
@Suite struct PanelPartsTests {
  private static func parts(
    rows: Int, inputs: Int, outputs: Int, _ panels: Range<Int>, rowsATile: Int, inputsAPart: Int
  ) -> (tiles: Int, parts: [PanelPart]) {
    var (x, y) = ([Float](repeating: 0, count: 1), [Float](repeating: 0, count: 1))
    return x.withUnsafeMutableBufferPointer { x in
      y.withUnsafeMutableBufferPointer { y in
        let product = PanelProduct(
          weights: UnsafeRawPointer(x.baseAddress!), element: .float32, inputCount: inputs, outputCount: outputs,
          bias: nil, x: UnsafePointer(x.baseAddress!), rounded: nil, rows: rows, y: y.baseAddress!)
        var parts = PanelParts(of: product, panels, rowsATile: rowsATile, inputsAPart: inputsAPart)
        var found: [PanelPart] = []
        while let part = parts.next() { found.append(part) }
        return (parts.tiles, found)
      }
    }
  }

  @Test(arguments: [1, 3, 7, 8, 9, 16, 27], [64, 128, 129, 576, 1536])
  func everyInputOfEveryPanelIsMultipliedOnceAndInOrder(rows: Int, inputs: Int) {
    for (rowsATile, inputsAPart) in [(8, 128), (2, 128), (1, 128), (4, 256)] {
      let (tiles, parts) = Self.parts(
        rows: rows, inputs: inputs, outputs: 5 * 48 - 7, 1..<5, rowsATile: rowsATile, inputsAPart: inputsAPart)
      // Tiles of the largest size, and one of each smaller power of two that the rest has.
      var (left, expected) = (rows, 0)
      var size = rowsATile
      while left > 0 {
        while size > left { size /= 2 }
        (left, expected) = (left - size, expected + 1)
      }
      #expect(tiles == expected)
      for panel in 1..<5 {
        let own = parts.filter { $0.panel == panel }
        #expect(own.flatMap { Array($0.inputs) } == Array(0..<inputs))
        #expect(own.map(\.isFirst) == own.indices.map { $0 == 0 })
        #expect(own.map(\.isLast) == own.indices.map { $0 == own.count - 1 })
        let outputs = panel * 48..<min((panel + 1) * 48, 5 * 48 - 7)
        #expect(own.allSatisfy { $0.outputs == outputs })
        // One tile takes a panel at once; several share it in parts that the nearest cache holds.
        #expect(own.count == (tiles == 1 ? 1 : (inputs + inputsAPart - 1) / inputsAPart))
      }
      #expect(parts.map(\.panel) == parts.map(\.panel).sorted())
    }
  }

  /// The lines of a part's successor that its tiles ask for, each step after another 192 bytes.
  private static func asked(byteCount: Int, tiles: Int) -> [[Int]] {
    // Nothing is read: addresses alone matter.
    let part = UnsafeRawPointer(bitPattern: 1 << 20)!
    return (0..<tiles).map { tile in
      var prefetch = Prefetch(behind: part, byteCount: byteCount, tile: tile, of: tiles)
      var lines: [Int] = []
      for _ in 0..<byteCount / 192 {
        for line in 0..<3 { lines.append(prefetch.next + line * prefetch.gap - part) }
        prefetch.advance()
      }
      return lines
    }
  }

  /// What comes next is asked for before it is multiplied, by all tiles together, and by each as much as by the others.
  @Test(arguments: [2, 3, 4, 5, 9], [128 * 192, 128 * 96, 192 * 96])
  func tilesShareTheLinesOfTheNextPart(tiles: Int, byteCount: Int) {
    let asked = Self.asked(byteCount: byteCount, tiles: tiles)
    let next = stride(from: byteCount, to: 2 * byteCount, by: 64)
    let lines = Set(asked.joined())
    let missing = next.filter { !lines.contains($0) }
    #expect(missing == [])
    let sharing = asked.prefix(3).map { Set($0).filter { $0 >= byteCount }.count }
    #expect(sharing.max()! - sharing.min()! <= 2)
    // Two thirds by each of two, a third by each of three: not all of it by each.
    let most = byteCount / 64 * (tiles == 2 ? 2 : 1) / 3 + 2
    #expect(asked.allSatisfy { Set($0).count <= most })
    for late in asked.dropFirst(3) { #expect(Set(late).count == 1, "a line that is there already") }
  }

  /// One tile asks for each line once, 8 kB before it is there.
  @Test func oneTileAsksAtItsOwnPace() {
    let asked = Self.asked(byteCount: 576 * 192, tiles: 1)[0]
    #expect(asked == (0..<asked.count).map { 8192 + 64 * $0 })
  }
}

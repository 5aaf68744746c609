import Checkpoints
import KernelOperands

/// A row of a matrix as the words that its output has in a panel, whose vectors are `[word][48]`.
///
/// For every element, a panel is 48 such rows side by side: what the kernels say of their layout is the order of a row's
/// words.
struct PanelRow {
  let element: PanelProduct.Element
  let inputCount: Int

  /// Words of a row.
  var wordCount: Int {
    switch element {
    case .float32: inputCount
    case .float16, .bfloat16: (inputCount + 1) / 2
    case .q8_0: (inputCount / Quantisation.q8_0.blockLength + 1) / 2 * 17
    case .q4_0: (inputCount / Quantisation.q4_0.blockLength + 1) / 2 * 9
    case .q4_1: inputCount / Quantisation.q4_1.blockLength * 5
    }
  }

  /// Writes the words of a tensor's row.
  ///
  /// - Parameter scratch: room for a row's Floats.
  func write(
    _ tensor: Tensor, row: Int, to words: UnsafeMutablePointer<UInt32>, scratch: UnsafeMutablePointer<Float>
  ) {
    if tensor.isStored(as: element), let bytes = tensor.bytes.buffer.baseAddress {
      let rowBytes = inputCount / tensor.type.blockLength * tensor.type.blockBytes
      let stored = bytes + tensor.range.lowerBound + tensor.storedRow(row) * rowBytes
      switch element {
      case .float32: break
      case .float16, .bfloat16: return writeHalves(stored, to: words)
      case .q8_0, .q4_0, .q4_1: return writeBlocks(stored, to: words)
      }
    }
    let range = row * inputCount..<(row + 1) * inputCount
    switch element {
    case .float32:
      tensor.read(range, into: scratch)
      for index in 0..<inputCount { words[index] = scratch[index].bitPattern }
    case .float16, .bfloat16:
      // Rounded to BF16 already: the upper half is the number. Nothing is rounded to F16.
      tensor.read(range, into: scratch)
      for index in 0..<wordCount {
        let upper = 2 * index + 1 < inputCount ? scratch[2 * index + 1].bitPattern : 0
        words[index] = scratch[2 * index].bitPattern >> 16 | upper & 0xFFFF_0000
      }
    case .q8_0:
      tensor.unrounded.read(range, into: scratch)
      quantise(scratch, .q8_0, to: words)
    case .q4_0:
      tensor.unrounded.read(range, into: scratch)
      quantise(scratch, .q4_0, to: words)
    case .q4_1: preconditionFailure("nothing is rounded to Q4_1")
    }
  }

  private func writeHalves(_ stored: UnsafeRawPointer, to words: UnsafeMutablePointer<UInt32>) {
    for index in 0..<inputCount / 2 {
      words[index] = UInt32(littleEndian: stored.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self))
    }
    if inputCount & 1 == 1 {
      let last = stored.loadUnaligned(fromByteOffset: 2 * (inputCount - 1), as: UInt16.self)
      words[wordCount - 1] = UInt32(UInt16(littleEndian: last))
    }
  }

  private func quantise(
    _ weights: UnsafeMutablePointer<Float>, _ quantisation: Quantisation, to words: UnsafeMutablePointer<UInt32>
  ) {
    let blocks = inputCount / quantisation.blockLength
    withUnsafeTemporaryAllocation(byteCount: blocks * quantisation.blockBytes, alignment: 4) { bytes in
      guard let bytes = bytes.baseAddress else { return }
      quantisation.quantise(weights, count: blocks, into: bytes)
      writeBlocks(bytes, to: words)
    }
  }

  private func writeBlocks(_ stored: UnsafeRawPointer, to words: UnsafeMutablePointer<UInt32>) {
    switch element {
    // A signed byte with its sign bit turned is 128 more.
    case .q8_0: writePairs(stored, .q8_0, codeWords: 8, turning: 0x8080_8080, to: words)
    case .q4_0: writePairs(stored, .q4_0, codeWords: 4, turning: 0, to: words)
    // d and m are the halves of the block's first word, and its codes are in the panel's order.
    default:
      for index in 0..<wordCount {
        words[index] = UInt32(littleEndian: stored.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self))
      }
    }
  }

  /// Blocks of an F16 and codes, two and two: both scales in a word, then the codes of each.
  private func writePairs(
    _ stored: UnsafeRawPointer, _ quantisation: Quantisation, codeWords: Int, turning signs: UInt32,
    to words: UnsafeMutablePointer<UInt32>
  ) {
    let blocks = inputCount / quantisation.blockLength
    let blockBytes = quantisation.blockBytes
    for block in 0..<blocks {
      let pair = words + block / 2 * (1 + 2 * codeWords)
      let bytes = stored + block * blockBytes
      let scale = UInt32(UInt16(littleEndian: bytes.loadUnaligned(as: UInt16.self)))
      pair[0] = block & 1 == 0 ? scale : pair[0] | scale << 16
      let codes = pair + 1 + (block & 1) * codeWords
      for index in 0..<codeWords {
        codes[index] = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 2 + 4 * index, as: UInt32.self)) ^ signs
      }
      if block == blocks - 1, block & 1 == 0 { (codes + codeWords).update(repeating: 0, count: codeWords) }
    }
  }
}

extension PackedMatrix {
  /// Copies the rows of tensors, one below the other, into panels.
  ///
  /// Pages of the file are given back when they were read, so that memory holds the weights once.
  func pack(_ tensors: [Tensor], on pool: WorkPool) {
    for tensor in tensors {
      precondition(
        tensor.range.count == tensor.count / tensor.type.blockLength * tensor.type.blockBytes
          && tensor.count == tensor.shape[0] * inputCount && tensor.range.upperBound <= tensor.bytes.count,
        "a tensor's bytes are those of its shape")
    }
    var ends: [Int] = []
    for tensor in tensors { ends.append((ends.last ?? 0) + tensor.shape[0]) }
    let row = PanelRow(element: element, inputCount: inputCount)
    let (words, width) = (row.wordCount, Self.panelWidth)
    pool.split(panelCount, cost: .max) { [self, ends] panels in
      withUnsafeTemporaryAllocation(of: UInt32.self, capacity: width * words) { rows in
        withUnsafeTemporaryAllocation(of: Float.self, capacity: inputCount) { scratch in
          guard let rows = rows.baseAddress, let scratch = scratch.baseAddress else { return }
          for panel in panels {
            let outputs = panel * width..<min((panel + 1) * width, outputCount)
            for (lane, output) in outputs.enumerated() {
              let index = ends.firstIndex { output < $0 } ?? 0
              row.write(
                tensors[index], row: output - (index == 0 ? 0 : ends[index - 1]), to: rows + lane * words,
                scratch: scratch)
            }
            (rows + outputs.count * words).update(repeating: 0, count: (width - outputs.count) * words)
            interleave(rows, words: words, into: panel)
          }
        }
      }
      giveBack(tensors, outputs: panels.lowerBound * width..<panels.upperBound * width)
    }
  }

  /// Writes a panel's rows side by side.
  private func interleave(_ rows: UnsafePointer<UInt32>, words: Int, into panel: Int) {
    guard let base = panels.buffer.baseAddress else { return }
    let width = Self.panelWidth
    let target = (base + panel * panelBytes).bindMemory(to: UInt32.self, capacity: width * words)
    for word in 0..<words {
      for lane in 0..<width { target[word * width + lane] = rows[lane * words + word] }
    }
  }

  /// Gives back the file's pages that some outputs were read from.
  private func giveBack(_ tensors: [Tensor], outputs: Range<Int>) {
    var first = 0
    for tensor in tensors {
      let rows = outputs.clamped(to: first..<first + tensor.shape[0])
      first += tensor.shape[0]
      guard tensor.rowOrder == .stored, !rows.isEmpty else { continue }
      let rowBytes = tensor.range.count / tensor.shape[0]
      let start = tensor.range.lowerBound + (rows.lowerBound + tensor.shape[0] - first) * rowBytes
      tensor.bytes.giveBack(start..<start + rows.count * rowBytes)
    }
  }
}

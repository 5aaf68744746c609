import KernelOperands
import Probability
import SpeculativeDecoding
import Synchronization

/// The kernels over batches of vectors: where pointers are taken, and lengths made sure of.
extension Kernels {
  /// The cost of the exponential of one number of a vector, in multiply-adds.
  static var exponentialCost: Int { 16 }

  /// Adds `rows` vectors to those of another batch, one to one.
  func add(_ x: borrowing Rows, to y: inout Rows, rows: Int) {
    let count = rows * x.width
    precondition(x.width == y.width && x.values.count >= count && y.values.count >= count, "as many vectors as rows")
    x.values.withUnsafeBufferPointer { x in
      y.values.withUnsafeMutableBufferPointer { y in
        if let x = x.baseAddress, let y = y.baseAddress { add(x, y, count) }
      }
    }
  }

  /// The first of `rows` vectors that holds a NaN or an infinity; nil where there is none.
  func firstNonFinite(_ x: borrowing Rows, rows: Int, on pool: WorkPool = .alone) -> Int? {
    let width = x.width
    precondition(x.values.count >= rows * width, "as many vectors as rows")
    let first = Atomic<Int>(.max)
    x.values.withUnsafeBufferPointer { x in
      guard let x = x.baseAddress else { return }
      nonisolated(unsafe) let vectors = x
      pool.split(rows, cost: rows * width) { rows in
        guard let row = rows.first(where: { !areFinite(vectors + $0 * width, width) }) else { return }
        first.min(row, ordering: .relaxed)
      }
    }
    let row = first.load(ordering: .relaxed)
    return row < rows ? row : nil
  }

  /// The root-mean-square norm of `rows` vectors.
  func normalize(_ x: borrowing Rows, weight: [Float], epsilon: Float, into y: inout Rows, rows: Int) {
    y.reserve(rows)
    let width = x.width
    precondition(y.width == width && weight.count == width && x.values.count >= rows * width, "vectors of one length")
    x.values.withUnsafeBufferPointer { x in
      y.values.withUnsafeMutableBufferPointer { y in
        weight.withUnsafeBufferPointer { weight in
          guard let x = x.baseAddress, let y = y.baseAddress, let weight = weight.baseAddress else { return }
          for row in 0..<rows { normalize(x + row * width, weight, epsilon, y + row * width, width) }
        }
      }
    }
  }

  /// Turns `heads` heads of vector `row`, from its number `start` on.
  ///
  /// - Parameters:
  ///   - cosines: shape [row][headSize / 2].
  ///   - sines: the same.
  func turn(_ x: inout Rows, row: Int, start: Int, heads: Int, cosines: borrowing Rows, sines: borrowing Rows) {
    let half = cosines.width
    let first = row * x.width + start
    precondition(
      sines.width == half && start + heads * 2 * half <= x.width && x.values.count >= (row + 1) * x.width
        && cosines.values.count >= (row + 1) * half && sines.values.count >= (row + 1) * half, "heads of a row")
    x.values.withUnsafeMutableBufferPointer { x in
      cosines.values.withUnsafeBufferPointer { cosines in
        sines.values.withUnsafeBufferPointer { sines in
          guard let x = x.baseAddress, let cosines = cosines.baseAddress, let sines = sines.baseAddress else { return }
          for head in 0..<heads { turn(x + first + head * 2 * half, cosines + row * half, sines + row * half, half) }
        }
      }
    }
  }

  /// silu(gate) · up for `rows` vectors; `outer` is [row][gate | up].
  func gate(_ outer: borrowing Rows, into inner: inout Rows, rows: Int, on pool: WorkPool = .alone) {
    inner.reserve(rows)
    let size = inner.width
    precondition(outer.width == 2 * size && outer.values.count >= rows * 2 * size, "a gate for each number")
    outer.values.withUnsafeBufferPointer { outer in
      inner.values.withUnsafeMutableBufferPointer { inner in
        guard let outer = outer.baseAddress, let inner = inner.baseAddress else { return }
        nonisolated(unsafe) let (all, results) = (outer, inner)
        pool.split(rows, cost: rows * size * Self.exponentialCost) { rows in
          for row in rows {
            let gates = all + row * 2 * size
            gate(gates, gates + size, results + row * size, size)
          }
        }
      }
    }
  }
}

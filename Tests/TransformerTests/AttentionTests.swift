import KernelOperands
import ModelSupport
import SpeculativeDecoding
import Testing

@testable import Checkpoints
@testable import Transformer

/// Attention over a tree is plain attention over each node's own path, bit for bit.
@Suite struct AttentionTests {
  @Test(arguments: [(6, 2, 10), (4, 4, 16), (3, 1, 33), (8, 2, 7), (2, 1, 64), (2, 2, 150)], [1, 3])
  func everyTokenSeesItsOwnPathInOrder(shape: (heads: Int, keyValueHeads: Int, size: Int), threads: Int) {
    let (heads, keyValueHeads, size) = shape
    var random = RandomCheckpoints(seed: 5)
    let width = keyValueHeads * size
    let prefix = 20
    // The root is the prefix's last token; below it a random tree.
    var tree = TokenTree(root: 0)
    for _ in 0..<30 { tree.append(random.below(50), to: random.below(tree.count)) }
    var batch = TokenBatch()
    batch.reset(firstRow: prefix)
    let rows = [Int32(prefix - 1)] + (0..<30).map { Int32(prefix + $0) }
    for node in 1..<tree.count { batch.append(node, of: tree, after: prefix, rows: rows) }

    var cache = KeyValueCache(layerCount: 1, width: width)
    cache.reserve(prefix + 30)
    for row in 0..<prefix + 30 {
      cache.write(layer: 0, row: row, keys: random.numbers(width).span, values: random.numbers(width).span)
    }
    var activations = AttentionActivations(headCount: heads, keyValueHeadCount: keyValueHeads, headSize: size)
    activations.queryKeyValue.values = random.numbers(30 * activations.queryKeyValue.width)
    let unused = Linear(matrix: PackedMatrix([Tensor("w", shape: [1, 1], [1], element: .float32)]))
    let attention = Attention(
      headCount: heads, keyValueHeadCount: keyValueHeads, headSize: size, queryKeyValue: unused, output: unused,
      rotary: nil)
    for (level, range) in ProcessorLevel.available.flatMap({ level in
      [0..<30, 4..<5, 11..<30].map { (level, $0) }
    }) {
      let engine = Engine(kernels: .kernels(.deterministic, for: level), pool: WorkPool(threads: threads))
      var activations = activations
      let stride = activations.queryKeyValue.width
      activations.queryKeyValue.values.removeFirst(range.lowerBound * stride)
      attention.attend(tokens: range, of: batch, layer: 0, cache: cache, activations: &activations, by: engine)
      for (row, token) in range.enumerated() {
        var path: [Int] = []
        var node = token + 1
        while node > 0 {
          path.insert(prefix + node - 1, at: 0)
          node = Int(tree[node].parent)
        }
        for head in 0..<heads {
          let shared = head / (heads / keyValueHeads)
          let seen = (Array(0..<prefix) + path).map { $0 * width + shared * size..<$0 * width + (shared + 1) * size }
          let query = Array(
            activations.queryKeyValue.values[row * stride + head * size..<row * stride + (head + 1) * size])
          let twin = NaiveTwins.attend(
            query: query, keys: seen.map { Array(cache.keys[0][$0]) }, values: seen.map { Array(cache.values[0][$0]) })
          let start = (row * heads + head) * size
          #expect(Array(activations.mixed.values[start..<start + size]) == twin)
        }
      }
    }
  }
}

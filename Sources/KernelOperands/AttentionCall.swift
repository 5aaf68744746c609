/// The operands of one layer's attention over a batch; shared by threads like those of a product.
package struct AttentionCall: @unchecked Sendable {
  /// Shape [row][queryStride], the queries of a row first: [head][headSize].
  package let queries: UnsafePointer<Float>
  /// Numbers from one row's queries to the next one's.
  package let queryStride: Int
  /// Shape [cache row][key-value head][headSize].
  package let keys: UnsafePointer<Float>
  /// Shape [cache row][key-value head][headSize].
  package let values: UnsafePointer<Float>
  /// Heads of keys and values; divides ``headCount``.
  package let keyValueHeadCount: Int
  /// Heads of queries.
  package let headCount: Int
  /// Numbers a head.
  package let headSize: Int
  /// Rows of the batch.
  package let rows: Int
  /// Row i sees the cache's rows `0..<prefixes[i]` first.
  package let prefixes: UnsafePointer<Int32>
  /// Then row i sees those in `ancestors[ancestorStarts[i]..<ancestorStarts[i + 1]]`, its own the last.
  package let ancestorStarts: UnsafePointer<Int32>
  /// Rows of the cache.
  package let ancestors: UnsafePointer<Int32>
  /// The most rows that any row sees.
  package let longest: Int
  /// Shape [row][head][headSize].
  package let output: UnsafeMutablePointer<Float>

  /// The operands, which must stay valid while kernels run.
  package init(
    queries: UnsafePointer<Float>, queryStride: Int, keys: UnsafePointer<Float>, values: UnsafePointer<Float>,
    keyValueHeadCount: Int, headCount: Int, headSize: Int, rows: Int, prefixes: UnsafePointer<Int32>,
    ancestorStarts: UnsafePointer<Int32>, ancestors: UnsafePointer<Int32>, longest: Int,
    output: UnsafeMutablePointer<Float>
  ) {
    self.queries = queries
    self.queryStride = queryStride
    self.keys = keys
    self.values = values
    self.keyValueHeadCount = keyValueHeadCount
    self.headCount = headCount
    self.headSize = headSize
    self.rows = rows
    self.prefixes = prefixes
    self.ancestorStarts = ancestorStarts
    self.ancestors = ancestors
    self.longest = longest
    self.output = output
  }
}

/// What a forward pass computes with: the kernels, and the threads that they run on.
struct Engine: Sendable {
  let kernels: Kernels
  let pool: WorkPool
}

/// The two kernels that nearly all time is spent in, as values: a mode is a choice of them.
///
/// A faster set belongs beside ``deterministic``, with the plain loops of ``NaiveTwins`` as its test.
struct Kernels: Sendable {
  /// Computes the outputs of a range of panels.
  let multiply: @Sendable (PanelProduct, _ panels: Range<Int>) -> Void
  /// Computes a range of `heads · rows` attention outputs, unit = head · rows + row.
  let attend: @Sendable (AttentionCall, _ units: Range<Int>) -> Void
}

/// The operands of a product of packed weights with several vectors.
///
/// Threads read the same operands and write to parts of the output that do not overlap, hence `Sendable`.
struct PanelProduct: @unchecked Sendable {
  /// [panel][input][48], as ``PackedMatrix`` lays them out.
  let weights: UnsafeRawPointer
  let element: Tensor.Element
  let inputCount: Int
  let outputCount: Int
  /// [output]; nil for none.
  let bias: UnsafePointer<Float>?
  /// [row][input].
  let x: UnsafePointer<Float>
  let rows: Int
  /// [row][output].
  let y: UnsafeMutablePointer<Float>
}

/// The operands of one layer's attention over a batch; shared by threads like those of a product.
struct AttentionCall: @unchecked Sendable {
  /// [row][queryStride], the queries of a row first: [head][headSize].
  let queries: UnsafePointer<Float>
  let queryStride: Int
  /// [cache row][key-value head][headSize].
  let keys: UnsafePointer<Float>
  /// [cache row][key-value head][headSize].
  let values: UnsafePointer<Float>
  let keyValueHeadCount: Int
  let headCount: Int
  let headSize: Int
  /// Rows of the batch.
  let rows: Int
  /// Row i sees the cache's rows `0..<prefixes[i]` first.
  let prefixes: UnsafePointer<Int32>
  /// Then row i sees those in `ancestors[ancestorStarts[i]..<ancestorStarts[i + 1]]`, its own the last.
  let ancestorStarts: UnsafePointer<Int32>
  let ancestors: UnsafePointer<Int32>
  /// The most rows that any row sees.
  let longest: Int
  /// [row][head][headSize].
  let output: UnsafeMutablePointer<Float>
}

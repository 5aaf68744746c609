import KernelOperands

extension Attention {
  /// Hands a layer's queries and cache to the kernel.
  func attend(
    tokens range: Range<Int>, of batch: borrowing TokenBatch, layer: Int, cache: borrowing KeyValueCache,
    activations: inout AttentionActivations, by engine: Engine
  ) {
    activations.mixed.reserve(range.count)
    var longest = 0
    for token in range {
      let ancestors = batch.ancestorStarts[token + 1] - batch.ancestorStarts[token]
      longest = max(longest, Int(batch.prefixes[token] + ancestors))
    }
    precondition(
      cache.keys[layer].count >= (batch.firstRow + range.upperBound) * cache.width
        && cache.width == keyValueHeadCount * headSize
        && activations.queryKeyValue.values.count >= range.count * activations.queryKeyValue.width,
      "a cache and queries of the layer's sizes")
    let queryStride = activations.queryKeyValue.width
    let units = headCount * range.count
    activations.queryKeyValue.values.withUnsafeBufferPointer { queries in
      activations.mixed.values.withUnsafeMutableBufferPointer { mixed in
        cache.keys[layer].withUnsafeBufferPointer { keys in
          cache.values[layer].withUnsafeBufferPointer { values in
            batch.prefixes.withUnsafeBufferPointer { prefixes in
              batch.ancestorStarts.withUnsafeBufferPointer { starts in
                batch.ancestors.withUnsafeBufferPointer { ancestors in
                  guard let queries = queries.baseAddress, let keys = keys.baseAddress,
                    let values = values.baseAddress, let output = mixed.baseAddress,
                    let prefixes = prefixes.baseAddress, let starts = starts.baseAddress,
                    let ancestors = ancestors.baseAddress
                  else { return }
                  let call = AttentionCall(
                    queries: queries, queryStride: queryStride, keys: keys, values: values,
                    keyValueHeadCount: keyValueHeadCount, headCount: headCount, headSize: headSize,
                    rows: range.count, prefixes: prefixes + range.lowerBound,
                    ancestorStarts: starts + range.lowerBound, ancestors: ancestors, longest: longest,
                    output: output)
                  engine.pool.split(units, cost: 2 * units * longest * headSize) { engine.kernels.attend(call, $0) }
                }
              }
            }
          }
        }
      }
    }
  }
}

extension Laws {
  /// Copies `count` values of `source` from `start` on into `output` from `position` on.
  ///
  /// One block move after one check of both ranges; a round copies a row of laws for every node it touches,
  /// and element by element with bounds checks that is half its time. The naive twin is in the tests.
  @inlinable @inline(always)
  public static func copy<Scalar>(
    _ count: Int, of source: [Scalar], from start: Int, into output: inout [Scalar], at position: Int
  ) {
    precondition(
      count >= 0 && start >= 0 && position >= 0 && start <= source.count - count
        && position <= output.count - count, "a row outside its table")
    source.withUnsafeBufferPointer { source in
      output.withUnsafeMutableBufferPointer { output in
        guard let from = source.baseAddress, let to = output.baseAddress else { return }
        (to + position).update(from: from + start, count: count)
      }
    }
  }

  /// Writes `factor` times a range of `source` into `output` from `start` on.
  @inlinable @inline(always)
  public static func scale<Scalar: ProbabilityScalar>(
    _ source: [Scalar], in range: Range<Int>, by factor: Scalar, into output: inout [Scalar], at start: Int
  ) {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= source.count && start >= 0 && start <= output.count - range.count,
      "a row outside its table")
    source.withUnsafeBufferPointer { source in
      output.withUnsafeMutableBufferPointer { output in
        guard let first = source.baseAddress, let second = output.baseAddress else { return }
        let (from, to) = (first + range.lowerBound, second + start)
        for index in 0..<range.count { to[index] = factor * from[index] }
      }
    }
  }

  /// Writes (target · targetScale − draft · draftScale)₊.
  @inlinable @inline(always)
  static func subtract<Scalar: ProbabilityScalar>(
    _ draft: [Scalar], times draftScale: Scalar, from target: [Scalar], times targetScale: Scalar,
    into output: inout [Scalar]
  ) {
    precondition(draft.count == target.count && output.count == target.count, "laws over one vocabulary")
    target.withUnsafeBufferPointer { target in
      draft.withUnsafeBufferPointer { draft in
        output.withUnsafeMutableBufferPointer { output in
          guard let target = target.baseAddress, let draft = draft.baseAddress, let to = output.baseAddress else {
            return
          }
          let zero = Scalar.zero
          for index in 0..<output.count {
            let difference = target[index] * targetScale - draft[index] * draftScale
            to[index] = difference > zero ? difference : zero
          }
        }
      }
    }
  }

  /// The sum of a block of weights, by eight partial sums.
  @inlinable @inline(always)
  static func blockSum<Scalar: ProbabilityScalar>(of weights: Span<Scalar>, in range: Range<Int>) -> Scalar.Sum {
    precondition(range.lowerBound >= 0 && range.upperBound <= weights.count, "a block outside its weights")
    return weights.withUnsafeBufferPointer { weights in
      guard let start = weights.baseAddress else { return .zero }
      let from = start + range.lowerBound
      let count = range.count
      let zero = Scalar.Sum.zero
      var (first, second, third, fourth) = (zero, zero, zero, zero)
      var (fifth, sixth, seventh, eighth) = (zero, zero, zero, zero)
      var index = 0
      while index &+ 8 <= count {
        first += from[index].summand
        second += from[index &+ 1].summand
        third += from[index &+ 2].summand
        fourth += from[index &+ 3].summand
        fifth += from[index &+ 4].summand
        sixth += from[index &+ 5].summand
        seventh += from[index &+ 6].summand
        eighth += from[index &+ 7].summand
        index &+= 8
      }
      while index < count {
        first += from[index].summand
        index &+= 1
      }
      return ((first + second) + (third + fourth)) + ((fifth + sixth) + (seventh + eighth))
    }
  }

  /// Σ min(draft, factor · target) over a block, by eight partial sums.
  @inlinable @inline(always)
  static func blockOverlap<Scalar: ProbabilityScalar>(
    of draft: Span<Scalar>, and target: Span<Scalar>, times factor: Scalar, in range: Range<Int>
  ) -> Scalar {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= target.count && draft.count == target.count,
      "a block outside its laws")
    return draft.withUnsafeBufferPointer { draft in
      target.withUnsafeBufferPointer { target in
        guard let draft = draft.baseAddress, let target = target.baseAddress else { return .zero }
        let (left, right) = (draft + range.lowerBound, target + range.lowerBound)
        let count = range.count
        let zero = Scalar.zero
        var (first, second, third, fourth) = (zero, zero, zero, zero)
        var (fifth, sixth, seventh, eighth) = (zero, zero, zero, zero)
        var index = 0
        while index &+ 8 <= count {
          first += min(left[index], factor * right[index])
          second += min(left[index &+ 1], factor * right[index &+ 1])
          third += min(left[index &+ 2], factor * right[index &+ 2])
          fourth += min(left[index &+ 3], factor * right[index &+ 3])
          fifth += min(left[index &+ 4], factor * right[index &+ 4])
          sixth += min(left[index &+ 5], factor * right[index &+ 5])
          seventh += min(left[index &+ 6], factor * right[index &+ 6])
          eighth += min(left[index &+ 7], factor * right[index &+ 7])
          index &+= 8
        }
        while index < count {
          first += min(left[index], factor * right[index])
          index &+= 1
        }
        return ((first + second) + (third + fourth)) + ((fifth + sixth) + (seventh + eighth))
      }
    }
  }

  /// Writes (target − min(draft, factor · target) · tests)₊.
  @inlinable @inline(always)
  static func subtractOverlap<Scalar: ProbabilityScalar>(
    of draft: [Scalar], and factor: Scalar, times tests: Scalar, from target: [Scalar], into output: inout [Scalar]
  ) {
    precondition(draft.count == target.count && output.count == target.count, "laws over one vocabulary")
    target.withUnsafeBufferPointer { target in
      draft.withUnsafeBufferPointer { draft in
        output.withUnsafeMutableBufferPointer { output in
          guard let target = target.baseAddress, let draft = draft.baseAddress, let to = output.baseAddress else {
            return
          }
          let zero = Scalar.zero
          for index in 0..<output.count {
            let left = target[index] - min(draft[index], factor * target[index]) * tests
            to[index] = left > zero ? left : zero
          }
        }
      }
    }
  }

  /// Divides weights.
  @inlinable @inline(always)
  public static func divide<Scalar: ProbabilityScalar>(_ weights: inout MutableSpan<Scalar>, by divisor: Scalar) {
    weights.withUnsafeMutableBufferPointer { weights in
      guard let start = weights.baseAddress else { return }
      for index in 0..<weights.count { start[index] = start[index] / divisor }
    }
  }
}

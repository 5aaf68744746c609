import Probability

/// The path of one run through all choices, remembered so that it can be replayed up to where it last turned.
///
/// Shared by the sources that run along every branch: depth first, one frame a question, memory for one path. A
/// source asks ``replayed()`` first, then whether it ``resumes`` at its last frame, and records its answer.
@usableFromInline
struct BranchPath<Uniform: Sendable>: Sendable {
  /// An answer, what is known of the uniform after it, and the exact weight of the path up to it.
  @usableFromInline
  struct Frame: Sendable {
    @usableFromInline var branch: Int
    @usableFromInline var uniform: Uniform
    @usableFromInline var weight: Rational
    @usableFromInline var hasMore: Bool

    @inlinable
    init(branch: Int, uniform: Uniform, weight: Rational, hasMore: Bool) {
      self.branch = branch
      self.uniform = uniform
      self.weight = weight
      self.hasMore = hasMore
    }
  }

  @usableFromInline var frames: [Frame] = []
  @usableFromInline var depth = 0
  @usableFromInline var isAdvancing = false

  @inlinable init() {}

  /// The exact probability of the path that the current run has taken so far.
  @inlinable var weight: Rational { depth == 0 ? .one : frames[depth - 1].weight }

  /// Whether the next answer moves the last frame of an advancing path to its next branch.
  @inlinable var resumes: Bool { isAdvancing && depth == frames.count - 1 }

  /// The branch that the last frame of an advancing path took before.
  @inlinable var previousBranch: Int { frames[depth].branch }

  /// The frame to answer from, while the run is still on the remembered path.
  ///
  /// The last frame of an advancing path is not replayed: it moves to its next branch.
  @inlinable @inline(always)
  mutating func replayed() -> Frame? {
    guard depth < frames.count - (isAdvancing ? 1 : 0) else { return nil }
    defer { depth += 1 }
    return frames[depth]
  }

  /// Remembers an answer that has no alternative, so that a replay stays in step.
  @inlinable
  mutating func recordCertain(branch: Int, _ uniform: Uniform) {
    record(Frame(branch: branch, uniform: uniform, weight: weight, hasMore: false))
  }

  /// Remembers an answer.
  @inlinable
  mutating func record(_ frame: Frame) {
    if isAdvancing, depth == frames.count - 1 {
      frames[depth] = frame
      isAdvancing = false
    } else {
      frames.append(frame)
    }
    depth += 1
  }

  /// Ends the run and turns at the last frame that has another branch; `false` where none has.
  @inlinable
  mutating func advance() -> Bool {
    frames.removeLast(frames.count - depth)
    while let last = frames.last, !last.hasMore { frames.removeLast() }
    depth = 0
    isAdvancing = !frames.isEmpty
    return isAdvancing
  }
}

import CProcessor

/// Asks for the weights that come next while others are multiplied.
///
/// The loads that a processor begins by itself end with the instructions that it looks ahead, the fewer the more rows a
/// tile has, and at the end of a page. Nothing is read: an address behind the last weight does no harm.
struct Prefetch {
  /// The first line of the next step.
  private(set) var next: UnsafeRawPointer
  /// Bytes from a line to the next one of a step; 0 where a step asks for one line.
  let gap: Int
  /// Bytes from a step's first line to that of the next step; 0 where all asking is done.
  let pace: Int

  /// Bytes between what is multiplied and what is asked for, where a tile takes all of the weights at its own pace.
  private static var distance: Int { 8192 }

  /// The prefetch of a tile, while it multiplies a part of a panel.
  ///
  /// - Parameters:
  ///   - part: where the part begins, and how many bytes it has.
  ///   - tile: its number among the `tiles` that multiply the part one after the other: they share the lines of the next
  ///     part, so that memory is as busy in the last as in the first.
  @inline(__always)
  init(behind part: UnsafeRawPointer, byteCount: Int, tile: Int, of tiles: Int) {
    if tiles == 1 {
      (next, gap, pace) = (part + Self.distance, 64, 192)
    } else if tiles == 2 {
      (next, gap, pace) = (part + byteCount + tile * (2 * byteCount / 3), 64, 128)
    } else if tile < 3 {
      (next, gap, pace) = (part + byteCount + tile * (byteCount / 3), 0, 64)
    } else {
      (next, gap, pace) = (part, 0, 0)
    }
  }

  /// Asks for what is due after another 192 bytes of weights.
  ///
  /// Always thrice, also for a line that is there or was asked for: a choice would cost more than an instruction.
  @inline(__always)
  mutating func advance() {
    rsd_processor_prefetch(next)
    rsd_processor_prefetch(next + gap)
    rsd_processor_prefetch(next + 2 * gap)
    next += pace
  }
}

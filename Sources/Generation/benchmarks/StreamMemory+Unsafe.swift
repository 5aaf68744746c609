/// Memory to read from: written once, so that all its pages are there, then read only, hence `Sendable`.
final class StreamMemory: @unchecked Sendable {
  private let buffer: UnsafeMutableBufferPointer<Float>

  /// The first number.
  let numbers: UnsafePointer<Float>

  init(count: Int) {
    buffer = .allocate(capacity: max(count, 1))
    buffer.initialize(repeating: 1)
    numbers = UnsafePointer(buffer.baseAddress.unsafelyUnwrapped)
  }

  deinit { buffer.deallocate() }
}

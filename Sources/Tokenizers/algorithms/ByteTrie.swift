/// Byte strings by their prefixes, each with a number.
struct ByteTrie: Sendable {
  private var edges: [UInt64: UInt32] = [:]
  /// The number of the string that ends at a node; -1 where none does.
  private var numbers: [Int32] = [-1]
  private var begins = [Bool](repeating: false, count: 256)

  /// Whether it holds no string.
  var isEmpty: Bool { edges.isEmpty }

  /// Adds a string that is not empty, below 2^31; a later one of the same bytes replaces it.
  mutating func insert(_ string: [UInt8], _ number: Int) {
    guard let first = string.first else { return }
    begins[Int(first)] = true
    var node: UInt32 = 0
    for byte in string {
      let key = Self.key(node, byte)
      if let next = edges[key] {
        node = next
      } else {
        node = UInt32(numbers.count)
        edges[key] = node
        numbers.append(-1)
      }
    }
    numbers[Int(node)] = Int32(number)
  }

  /// Whether a string begins with the byte.
  @inline(__always)
  func begins(with byte: UInt8) -> Bool { begins[Int(byte)] }

  /// Calls back for each string that stands at a position, the shortest first.
  ///
  /// - Complexity: O(length of the longest).
  @inline(__always)
  func forEachMatch(in text: [UInt8], at start: Int, before end: Int, _ body: (_ number: Int, _ end: Int) -> Void) {
    guard begins(with: text[start]) else { return }
    var node: UInt32 = 0
    var position = start
    while position < end, let next = edges[Self.key(node, text[position])] {
      node = next
      position += 1
      let number = numbers[Int(node)]
      if number >= 0 { body(Int(number), position) }
    }
  }

  @inline(__always)
  private static func key(_ node: UInt32, _ byte: UInt8) -> UInt64 { UInt64(node) << 8 | UInt64(byte) }
}

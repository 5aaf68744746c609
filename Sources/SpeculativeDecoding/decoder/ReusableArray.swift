/// An array that is emptied by setting its count to 0: the memory of a round, written anew each time.
///
/// `Array.removeAll(keepingCapacity:)` and `append` cost several times more; a round calls them dozens of times.
public struct ReusableArray<Element: BitwiseCopyable & Sendable>: Sendable {
  @usableFromInline var storage: [Element]

  @usableFromInline var used: Int
  @usableFromInline let filler: Element

  /// An empty array; `filler` fills memory that is not in use.
  @inlinable
  public init(filler: Element) {
    storage = Array(repeating: filler, count: 8)
    used = 0
    self.filler = filler
  }

  /// Forgets the elements and keeps the memory.
  @inlinable @inline(always)
  public mutating func empty() { used = 0 }

  /// Adds an element at the end.
  @inlinable @inline(always)
  public mutating func append(_ element: Element) {
    if used == storage.count { storage.append(contentsOf: repeatElement(filler, count: used)) }
    storage[used] = element
    used += 1
  }
}

extension ReusableArray: RandomAccessCollection, MutableCollection {
  /// 0.
  @inlinable public var startIndex: Int { 0 }
  /// The count.
  @inlinable public var endIndex: Int { used }

  /// The element at a position below the count.
  @inlinable
  public subscript(position: Int) -> Element {
    @inline(always) get {
      precondition(position < used, "position out of range")
      return storage[position]
    }
    @inline(always) set {
      precondition(position < used, "position out of range")
      storage[position] = newValue
    }
  }
}

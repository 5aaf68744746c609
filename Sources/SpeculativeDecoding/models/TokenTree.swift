/// The tokens that a draft proposes, as a tree: nodes in the order drawn, level after level.
///
/// Node 0 is the root, the last token of the context. The children of a node, followed from `firstChild` along
/// `nextSibling`, stand in draw order: the order in which they must be verified.
public struct TokenTree: Sendable {
  /// One drafted token.
  ///
  /// Links are node indices, -1 for none.
  public struct Node: Hashable, Sendable, BitwiseCopyable {
    /// The token; -1 at the root of an empty context.
    public var token: Int32
    /// The node that this one continues; -1 for the root.
    public var parent: Int32
    /// Tokens from the root to here.
    public var depth: Int32
    /// The child drawn first.
    public var firstChild: Int32
    /// The child drawn last.
    public var lastChild: Int32
    /// The sibling drawn next.
    public var nextSibling: Int32
    /// An earlier sibling with the same token (drafts with replacement); such a node has no children.
    public var original: Int32

    /// Whether an earlier sibling has the same token.
    @inlinable public var isRepeat: Bool { original >= 0 }

    @inlinable
    init(token: Int32, parent: Int32, depth: Int32) {
      self.token = token
      self.parent = parent
      self.depth = depth
      (firstChild, lastChild, nextSibling, original) = (-1, -1, -1, -1)
    }
  }

  @usableFromInline var storage = ReusableArray(filler: Node(token: -1, parent: -1, depth: 0))

  /// Nodes that repeat an earlier sibling's token.
  @usableFromInline var repeats = 0

  /// All nodes, the root first.
  public var nodes: [Node] { Array(storage) }

  /// A tree of a root alone.
  public init(root: Token = -1) { storage.append(Node(token: Int32(root), parent: -1, depth: 0)) }

  /// Nodes, the root included.
  @inlinable public var count: Int { storage.count }

  /// The drafted tokens that a model evaluates: nodes without the root and without repeats.
  @inlinable public var evaluatedCount: Int { storage.count - 1 - repeats }

  /// The node at an index.
  @inlinable public subscript(index: Int) -> Node { storage[index] }

  /// Makes the tree a root alone again, and keeps its memory.
  @inlinable @inline(always)
  public mutating func reset(root: Token) {
    storage.empty()
    repeats = 0
    storage.append(Node(token: Int32(root), parent: -1, depth: 0))
  }

  /// Adds a child after the children that the parent has; returns its index.
  @inlinable @inline(always) @discardableResult
  public mutating func append(_ token: Token, to parent: Int) -> Int {
    let index = storage.count
    let elder = Int(storage[parent].lastChild)
    storage.append(Node(token: Int32(token), parent: Int32(parent), depth: storage[parent].depth + 1))
    if elder >= 0 {
      storage[elder].nextSibling = Int32(index)
    } else {
      storage[parent].firstChild = Int32(index)
    }
    storage[parent].lastChild = Int32(index)
    return index
  }

  /// Adds a child that may repeat an earlier sibling's token; returns the first node with that token.
  @inlinable @discardableResult
  public mutating func appendRepeatable(_ token: Token, to parent: Int) -> Int {
    let earlier = child(of: parent, token: token)
    let index = append(token, to: parent)
    guard earlier >= 0 else { return index }
    storage[index].original = Int32(earlier)
    repeats += 1
    return earlier
  }

  /// The first child with a token; -1 where there is none.
  @inlinable
  public func child(of parent: Int, token: Token) -> Int {
    var child = Int(storage[parent].firstChild)
    while child >= 0, Int(storage[child].token) != token { child = Int(storage[child].nextSibling) }
    return child
  }

  /// The number of children, repeats included.
  @inlinable
  public func childCount(of parent: Int) -> Int {
    var count = 0
    var child = Int(storage[parent].firstChild)
    while child >= 0 {
      count += 1
      child = Int(storage[child].nextSibling)
    }
    return count
  }

  /// The children of a node in draw order.
  public func children(of parent: Int) -> [Int] {
    Array(
      sequence(first: Int(storage[parent].firstChild)) { Int(storage[$0].nextSibling) }
        .prefix { $0 >= 0 })
  }

  /// Puts the children of a node into another order (a control's hook; drafting never needs it).
  public mutating func reorderChildren(of parent: Int, to order: [Int]) {
    storage[parent].firstChild = Int32(order.first ?? -1)
    storage[parent].lastChild = Int32(order.last ?? -1)
    for (index, child) in order.enumerated() {
      storage[child].nextSibling = index + 1 < order.count ? Int32(order[index + 1]) : -1
    }
  }

  /// The tokens from the root's child down to a node.
  public func tokens(downTo node: Int) -> [Token] {
    var path: [Token] = []
    var node = node
    while node > 0 {
      path.append(Int(storage[node].token))
      node = Int(storage[node].parent)
    }
    return path.reversed()
  }
}

/// Attributes that a template may set, in a loop too: `namespace(found=false)`.
final class TemplateNamespace {
  var attributes = TemplateMapping()
}

/// Values that are gone through once, such as those of `map`.
final class TemplateGenerator {
  let depth: Int
  private var elements: ArraySlice<TemplateValue>

  init(_ elements: [TemplateValue]) {
    (self.elements, depth) = (elements[...], 1 + elements.reduce(0) { max($0, $1.depth) })
  }

  /// The values that are left; afterwards there are none.
  func take() -> [TemplateValue] {
    defer { elements = [] }
    return Array(elements)
  }

  /// The next value, if there is one.
  func next() -> TemplateValue? { elements.popFirst() }
}

/// A method that is not called yet.
final class TemplateMethodReference {
  let receiver: TemplateValue
  let name: String

  init(_ receiver: TemplateValue, _ name: String) { (self.receiver, self.name) = (receiver, name) }
}

/// A macro with the variables around it.
final class TemplateMacro {
  let definition: TemplateStatement.Macro
  let scope: TemplateScope

  init(_ definition: TemplateStatement.Macro, _ scope: TemplateScope) {
    (self.definition, self.scope) = (definition, scope)
  }
}

/// Variables of a block, within those of another.
final class TemplateScope {
  let parent: TemplateScope?
  var variables: [String: TemplateValue] = [:]

  init(in parent: TemplateScope?) { self.parent = parent }

  subscript(_ name: String) -> TemplateValue? {
    var scope: TemplateScope? = self
    while let current = scope {
      if let value = current.variables[name] { return value }
      scope = current.parent
    }
    return nil
  }
}

/// A loop as its body sees it, which values are still to come too.
final class TemplateLoop {
  /// Whether a value takes part; nil where all do.
  private let isTaken: ((TemplateValue) throws(TokenizerError) -> Bool)?
  private var rest: ArraySlice<TemplateValue>
  private var next: TemplateValue?
  private var knownLength: Int?
  private(set) var index = -1
  private(set) var previous: TemplateValue?
  private(set) var current: TemplateValue?
  /// The last values given to `changed`.
  var changedValues: [TemplateValue]?

  init(
    _ elements: [TemplateValue], where isTaken: ((TemplateValue) throws(TokenizerError) -> Bool)? = nil
  ) {
    (rest, self.isTaken) = (elements[...], isTaken)
    if isTaken == nil { knownLength = elements.count }
  }

  /// Goes on to the next value; false at the end.
  func advance() throws(TokenizerError) -> Bool {
    guard let value = try peek() else { return false }
    next = nil
    index += 1
    (previous, current) = (current, value)
    return true
  }

  /// The next value, if there is one; its condition is asked now.
  func peek() throws(TokenizerError) -> TemplateValue? {
    if next == nil { next = try pull() }
    return next
  }

  /// Values in all; the conditions of those to come are asked now.
  func length() throws(TokenizerError) -> Int {
    if let knownLength { return knownLength }
    var left: [TemplateValue] = []
    while let value = try pull() { left.append(value) }
    rest = left[...]
    let length = index + 1 + (next == nil ? 0 : 1) + left.count
    knownLength = length
    return length
  }

  private func pull() throws(TokenizerError) -> TemplateValue? {
    while let value = rest.popFirst() {
      guard let isTaken, knownLength == nil else { return value }
      if try isTaken(value) { return value }
    }
    return nil
  }
}

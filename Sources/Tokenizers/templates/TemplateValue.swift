/// A value of a template's run, with the meaning that Python gives it.
enum TemplateValue {
  /// A name or an attribute without a value; the text says why, for messages.
  case undefined(String)
  case none
  case boolean(Bool)
  case integer(Int)
  case float(Double)
  case text(TemplateText)
  /// A list, a tuple, or a view of a mapping.
  case list(TemplateList)
  case mapping(TemplateMapping)
  /// Values that can be gone through once.
  case generator(TemplateGenerator)
  case namespace(TemplateNamespace)
  case loop(TemplateLoop)
  case macro(TemplateMacro)
  /// A function that every template has, by name.
  case function(String)
  case method(TemplateMethodReference)

  /// A text that is the template's own.
  static func text(_ text: String) -> TemplateValue { .text(TemplateText(text)) }

  /// Lists and mappings within each other, down to the deepest.
  var depth: Int {
    switch self {
    case .list(let list): list.depth
    case .mapping(let mapping): mapping.depth
    case .generator(let generator): generator.depth
    case .method(let method): 1 + method.receiver.depth
    default: 0
    }
  }

  /// The kind of the value, for messages.
  var kind: String {
    switch self {
    case .undefined: "undefined"
    case .none: "none"
    case .boolean: "a boolean"
    case .integer: "an integer"
    case .float: "a float"
    case .text: "a string"
    case .list(let list): list.kind.name
    case .mapping: "a mapping"
    case .generator: "a generator"
    case .namespace: "a namespace"
    case .loop: "a loop"
    case .macro: "a macro"
    case .function: "a function"
    case .method: "a method"
    }
  }

  /// Whether Python takes it for true.
  var isTrue: Bool {
    switch self {
    case .undefined, .none: false
    case .boolean(let value): value
    case .integer(let value): value != 0
    case .float(let value): value != 0
    case .text(let text): !text.units.isEmpty
    case .list(let list): !list.elements.isEmpty
    case .mapping(let mapping): !mapping.keys.isEmpty
    case .generator, .namespace, .loop, .macro, .function, .method: true
    }
  }

  /// The integer, that of a boolean too, as in Python.
  var integer: Int? {
    switch self {
    case .integer(let value): value
    case .boolean(let value): value ? 1 : 0
    default: nil
    }
  }

  /// The number, that of a boolean too.
  var number: Double? {
    if case .float(let value) = self { return value }
    return integer.map(Double.init)
  }

  /// Whether nothing gave it.
  var isUndefined: Bool {
    if case .undefined = self { return true }
    return false
  }

  /// Whether it is none.
  var isNone: Bool {
    if case .none = self { return true }
    return false
  }
}

/// Values in order.
struct TemplateList {
  /// The Python type of the values.
  enum Kind: Hashable {
    case list, tuple
    case range(start: Int, end: Int, step: Int)
    /// A view of a mapping, such as `dict_items`.
    case view(String)

    /// The type's name, for messages.
    var name: String {
      switch self {
      case .list: "a list"
      case .tuple: "a tuple"
      case .range: "a range"
      case .view(let name): name
      }
    }
  }

  let elements: [TemplateValue]
  let kind: Kind
  let depth: Int

  init(_ elements: [TemplateValue], _ kind: Kind = .list) {
    (self.elements, self.kind) = (elements, kind)
    depth = 1 + elements.reduce(0) { max($0, $1.depth) }
  }
}

/// Names, or other keys, with values, in the order in which they came.
struct TemplateMapping {
  /// A key by what makes it equal to another: 1, 1.0 and true are the same.
  enum Key: Hashable {
    case none
    case integer(Int)
    case float(Double)
    case text(TemplateText)
    case tuple([Key])
  }

  private(set) var keys: [TemplateValue] = []
  private(set) var values: [TemplateValue] = []
  private(set) var depth = 1
  private var places: [Key: Int] = [:]

  init() {}

  /// A mapping of names.
  init(_ members: [(name: String, value: TemplateValue)]) {
    for member in members {
      set(.text(member.name), .text(TemplateText(member.name)), member.value)
    }
  }

  subscript(_ key: Key) -> TemplateValue? { places[key].map { values[$0] } }

  subscript(_ name: String) -> TemplateValue? { self[.text(TemplateText(name))] }

  /// Gives a key a value; one that is there keeps its place and its spelling.
  mutating func set(_ written: TemplateValue, _ key: Key, _ value: TemplateValue) {
    depth = max(depth, 1 + value.depth, 1 + written.depth)
    if let place = places[key] {
      values[place] = value
    } else {
      places[key] = keys.count
      keys.append(written)
      values.append(value)
    }
  }
}

extension TemplateValue {
  /// The value as a key of a mapping; nil for what Python cannot hash, or what the subset does not.
  var key: TemplateMapping.Key? {
    switch self {
    case .none: return TemplateMapping.Key.none
    case .boolean(let value): return .integer(value ? 1 : 0)
    case .integer(let value): return .integer(value)
    case .float(let value): return Int(exactly: value).map { .integer($0) } ?? .float(value)
    case .text(let text): return .text(text)
    case .list(let list) where list.kind == .tuple:
      var keys: [TemplateMapping.Key] = []
      for element in list.elements {
        guard let key = element.key else { return nil }
        keys.append(key)
      }
      return .tuple(keys)
    default: return nil
    }
  }
}

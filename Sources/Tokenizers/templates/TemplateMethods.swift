import JSONText

/// The methods of strings, lists, mappings and loops; a new one is a row.
enum TemplateMethods {
  typealias Method<Receiver> =
    @Sendable (Receiver, TemplateArguments, TemplateRun) throws(TokenizerError) -> TemplateValue

  private static let ofMappings: [String: Method<TemplateMapping>] = [
    "copy": { (mapping, arguments, run) throws(TokenizerError) in
      try arguments.none(run)
      return .mapping(mapping)
    },
    "get": { (mapping, arguments, run) throws(TokenizerError) in
      let given = try arguments.bound(["key", "default"], run)
      guard let key = given[0] else { throw run.fault("get takes a key") }
      return mapping[try run.key(key)] ?? given[1] ?? .none
    },
    "items": { (mapping, arguments, run) throws(TokenizerError) in
      try arguments.none(run)
      return try run.list(mapping.pairs, .view("dict_items"))
    },
    "keys": { (mapping, arguments, run) throws(TokenizerError) in
      try arguments.none(run)
      return try run.list(mapping.keys, .view("dict_keys"))
    },
    "values": { (mapping, arguments, run) throws(TokenizerError) in
      try arguments.none(run)
      return try run.list(mapping.values, .view("dict_values"))
    },
  ]

  private static let ofLists: [String: Method<TemplateList>] = [
    "copy": { (list, arguments, run) throws(TokenizerError) in
      try arguments.none(run)
      return try run.list(list.elements)
    },
    "count": { (list, arguments, run) throws(TokenizerError) in
      guard let value = try arguments.only("value", run) else { throw run.fault("count takes a value") }
      var count = 0
      for element in list.elements where try run.equal(element, value) { count += 1 }
      return .integer(count)
    },
    "index": { (list, arguments, run) throws(TokenizerError) in
      guard let value = try arguments.only("value", run) else { throw run.fault("index takes a value") }
      for (place, element) in list.elements.enumerated() where try run.equal(element, value) { return .integer(place) }
      throw run.fault("the value is not in the list; ask by \"in\" first")
    },
  ]

  private static let ofLoops: [String: Method<TemplateLoop>] = [
    "changed": { (loop, arguments, run) throws(TokenizerError) in
      let values = arguments.positional
      defer { loop.changedValues = values }
      guard let last = loop.changedValues, last.count == values.count else { return .boolean(true) }
      for (left, right) in zip(last, values) where !(try run.equal(left, right)) { return .boolean(true) }
      return .boolean(false)
    },
    "cycle": { (loop, arguments, run) throws(TokenizerError) in
      guard !arguments.positional.isEmpty else { throw run.fault("cycle takes the values to go through") }
      return arguments.positional[loop.index % arguments.positional.count]
    },
  ]

  /// Methods that would change a value, which Jinja's sandbox forbids.
  private static let changing: Set<String> = [
    "append", "clear", "extend", "insert", "pop", "popitem", "remove", "reverse", "setdefault", "sort", "update",
  ]

  /// Methods of Python's strings that the subset lacks.
  private static let missing: Set<String> = [
    "casefold", "encode", "expandtabs", "format_map", "isascii", "isdecimal", "isidentifier", "isprintable", "istitle",
    "maketrans", "translate",
  ]

  /// A method, if the value has one of that name.
  static func reference(
    _ name: String, of value: TemplateValue, _ run: TemplateRun
  ) throws(TokenizerError) -> TemplateValue? {
    let isThere: Bool
    switch value {
    case .text:
      if missing.contains(name) { throw run.fault("the method \"\(name)\" of a string is not supported") }
      isThere = ofTexts[name] != nil
    case .list(let list) where list.kind != .list:
      // Tuples and ranges count and find; views of mappings do not.
      if case .view = list.kind { return nil }
      isThere = name != "copy" && ofLists[name] != nil
    case .mapping, .list:
      var isMapping = false
      if case .mapping = value { isMapping = true }
      if changing.contains(name),
        isMapping != ["append", "extend", "insert", "remove", "reverse", "sort"].contains(name)
      {
        return .undefined("\"\(name)\" of \(value.kind) would change it, which a template must not")
      }
      isThere = isMapping ? ofMappings[name] != nil : ofLists[name] != nil
    default: return nil
    }
    return isThere ? .method(TemplateMethodReference(value, name)) : nil
  }

  static func apply(
    _ name: String, to value: TemplateValue, _ arguments: TemplateArguments, _ run: TemplateRun
  ) throws(TokenizerError) -> TemplateValue {
    try run.charge(4)
    switch value {
    case .text(let text):
      if let method = ofTexts[name] { return try method(text, arguments, run) }
    case .mapping(let mapping):
      if let method = ofMappings[name] { return try method(mapping, arguments, run) }
    case .list(let list):
      if let method = ofLists[name] { return try method(list, arguments, run) }
    case .loop(let loop):
      if let method = ofLoops[name] { return try method(loop, arguments, run) }
    default: break
    }
    throw run.fault("\(value.kind) has no method \"\(name.oneLine(limit: 48))\"")
  }
}

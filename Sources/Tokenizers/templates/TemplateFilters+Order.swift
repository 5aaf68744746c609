extension TemplateFilters {
  static func dictsort(
    _ value: TemplateValue, _ arguments: TemplateArguments, _ run: TemplateRun
  ) throws(TokenizerError) -> TemplateValue {
    let given = try arguments.bound(["case_sensitive", "by", "reverse"], run)
    guard case .mapping(let mapping) = value else { throw run.fault("dictsort takes a mapping, not \(value.kind)") }
    var byValue = false
    if let by = given[1] {
      guard case .text(let name) = by, ["key", "value"].contains(name.string) else {
        throw run.fault("dictsort sorts by \"key\" or \"value\"")
      }
      byValue = name.string == "value"
    }
    let ignoresCase = given[0]?.isTrue != true
    let keys = (byValue ? mapping.values : mapping.keys).map { ignoresCase ? $0.lowercased : $0 }
    return try run.list(
      try run.sorted(Array(zip(keys, mapping.pairs)).map { (key: $0, value: $1) }, reversed: given[2]?.isTrue == true))
  }

  static func sort(
    _ value: TemplateValue, _ arguments: TemplateArguments, _ run: TemplateRun
  ) throws(TokenizerError) -> TemplateValue {
    let given = try arguments.bound(["reverse", "case_sensitive", "attribute"], run)
    var paths: [TemplateValue?] = [given[2]]
    if case .text(let text)? = given[2] {
      paths = text.units.split(separator: 0x2C, omittingEmptySubsequences: false).map { .text(TemplateText(units: $0)) }
    }
    var pairs: [(key: TemplateValue, value: TemplateValue)] = []
    for element in try run.elements(of: value) {
      var keys: [TemplateValue] = []
      for path in paths {
        let key = try run.attribute(path, of: element)
        keys.append(given[1]?.isTrue == true ? key : key.lowercased)
      }
      pairs.append((try run.list(keys), element))
    }
    return try run.list(try run.sorted(pairs, reversed: given[0]?.isTrue == true))
  }

  static func unique(
    _ value: TemplateValue, _ arguments: TemplateArguments, _ run: TemplateRun
  ) throws(TokenizerError) -> TemplateValue {
    let given = try arguments.bound(["case_sensitive", "attribute"], run)
    var seen: Set<TemplateMapping.Key> = []
    var unique: [TemplateValue] = []
    for element in try run.elements(of: value) {
      let key = try run.attribute(given[1], of: element)
      if seen.insert(try run.key(given[0]?.isTrue == true ? key : key.lowercased)).inserted { unique.append(element) }
    }
    return try run.generator(unique)
  }

  static func max(
    _ value: TemplateValue, _ arguments: TemplateArguments, _ run: TemplateRun
  ) throws(TokenizerError) -> TemplateValue {
    try extreme(of: value, arguments, run) { (best, key) throws(TokenizerError) in try run.less(best, key) }
  }

  static func min(
    _ value: TemplateValue, _ arguments: TemplateArguments, _ run: TemplateRun
  ) throws(TokenizerError) -> TemplateValue {
    try extreme(of: value, arguments, run) { (best, key) throws(TokenizerError) in try run.less(key, best) }
  }

  private static func extreme(
    of value: TemplateValue, _ arguments: TemplateArguments, _ run: TemplateRun,
    isBetter: (TemplateValue, TemplateValue) throws(TokenizerError) -> Bool
  ) throws(TokenizerError) -> TemplateValue {
    let given = try arguments.bound(["case_sensitive", "attribute"], run)
    var best: (key: TemplateValue, value: TemplateValue)?
    for element in try run.elements(of: value) {
      let own = try run.attribute(given[1], of: element)
      let key = given[0]?.isTrue == true ? own : own.lowercased
      if let current = best, !(try isBetter(current.key, key)) { continue }
      best = (key, element)
    }
    return best?.value ?? .undefined("of nothing no item is the least or the greatest")
  }
}

extension TemplateValue {
  /// A text in small letters; anything else as it is.
  fileprivate var lowercased: TemplateValue {
    if case .text(let text) = self { return .text(text.lowercased) }
    return self
  }
}

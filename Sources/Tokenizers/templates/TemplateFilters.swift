import JSONText

/// The filters of templates; a new one is a row, and a function with Jinja's parameters.
enum TemplateFilters {
  typealias Filter =
    @Sendable (TemplateValue, TemplateArguments, TemplateRun) throws(TokenizerError) -> TemplateValue

  static let table: [String: Filter] = [
    // Of texts.
    "capitalize": capitalize, "format": format, "indent": indent, "lower": lower, "replace": replace, "string": string,
    "title": title, "tojson": tojson, "trim": trim, "upper": upper, "wordcount": wordcount,
    // Of numbers.
    "abs": abs, "float": float, "int": int, "round": round,
    // Of sequences.
    "batch": batch, "count": length, "dictsort": dictsort, "first": first, "items": items, "join": join, "last": last,
    "length": length, "list": list, "map": map, "max": max, "min": min, "reject": reject, "rejectattr": rejectattr,
    "reverse": reverse, "select": select, "selectattr": selectattr, "sort": sort, "sum": sum, "unique": unique,
    // Of anything.
    "attr": attr, "d": fallback, "default": fallback, "safe": safe,
  ]

  private static func attr(
    _ value: TemplateValue, _ arguments: TemplateArguments, _ run: TemplateRun
  ) throws(TokenizerError) -> TemplateValue {
    guard case .text(let name)? = try arguments.only("name", run) else { throw run.fault("attr takes a name") }
    if case .mapping = value {
      return try TemplateMethods.reference(name.string, of: value, run) ?? .undefined("the attribute is undefined")
    }
    return try run.attribute(name.string, of: value)
  }

  private static func fallback(
    _ value: TemplateValue, _ arguments: TemplateArguments, _ run: TemplateRun
  ) throws(TokenizerError) -> TemplateValue {
    let given = try arguments.bound(["default_value", "boolean"], run)
    return value.isUndefined || given[1]?.isTrue == true && !value.isTrue ? given[0] ?? .text("") : value
  }

  /// The text as it is, for nothing is escaped here; Jinja would escape what is joined to it afterwards, so this is for
  /// values that are written at once.
  private static func safe(
    _ value: TemplateValue, _ arguments: TemplateArguments, _ run: TemplateRun
  ) throws(TokenizerError) -> TemplateValue {
    try arguments.none(run)
    return .text(try run.string(value))
  }
}

extension TemplateRun {
  /// The result of a filter on a value.
  func filter(
    _ name: String, _ value: TemplateValue, _ arguments: TemplateArguments
  ) throws(TokenizerError) -> TemplateValue {
    guard let filter = TemplateFilters.table[name] else {
      throw fault(
        "the filter \"\(name.oneLine(limit: 48))\" is not supported; supported: "
          + TemplateFilters.table.keys.sorted().joined(separator: ", "))
    }
    try charge(4)
    return try filter(value, arguments, self)
  }
}

extension TemplateText {
  /// In small letters, with Greek's sigma at the end of words.
  var lowercased: TemplateText {
    var lowered: [UInt32] = []
    lowered.reserveCapacity(units.count)
    for (place, unit) in units.enumerated() {
      if unit.value == 0x3A3 {
        lowered.append((isFinalSigma(at: place) ? 0x3C2 : 0x3C3) | unit & Self.contentBit)
      } else {
        lowered.append(unit, mapped: \.lowercaseMapping)
      }
    }
    return TemplateText(units: lowered)
  }

  /// In capitals.
  var uppercased: TemplateText {
    var raised: [UInt32] = []
    for unit in units { raised.append(unit, mapped: \.uppercaseMapping) }
    return TemplateText(units: raised)
  }

  /// The first character as a title has it, the others small: Python's `capitalize`.
  var capitalized: TemplateText { first(\.titlecaseMapping) }

  /// The first character a capital, the others small.
  var withUpperFirst: TemplateText { first(\.uppercaseMapping) }

  /// Each word as a title has it: Python's `title`, for which a word is a run of letters.
  var titled: TemplateText {
    let lowered = lowercased
    // Case changes that alter the length are rare; then each scalar is taken by itself.
    var titled: [UInt32] = []
    var isWord = false
    for (place, unit) in units.enumerated() {
      if isWord {
        if lowered.units.count == units.count {
          titled.append(lowered.units[place])
        } else {
          titled.append(unit, mapped: \.lowercaseMapping)
        }
      } else {
        titled.append(unit, mapped: \.titlecaseMapping)
      }
      isWord = unit.scalar.isCased
    }
    return TemplateText(units: titled)
  }

  /// Capitals small and small letters capitals.
  var swapped: TemplateText {
    var swapped: [UInt32] = []
    for (place, unit) in units.enumerated() {
      if unit.scalar.properties.isUppercase {
        if unit.value == 0x3A3 {
          swapped.append((isFinalSigma(at: place) ? 0x3C2 : 0x3C3) | unit & Self.contentBit)
        } else {
          swapped.append(unit, mapped: \.lowercaseMapping)
        }
      } else if unit.scalar.properties.isLowercase {
        swapped.append(unit, mapped: \.uppercaseMapping)
      } else {
        swapped.append(unit)
      }
    }
    return TemplateText(units: swapped)
  }

  /// Whether letters with case are there, all of them small.
  var isLowercase: Bool { isAll { $0.isLowercase } }

  /// Whether letters with case are there, all of them capitals.
  var isUppercase: Bool { isAll { $0.isUppercase } }

  private func isAll(_ holds: (Unicode.Scalar.Properties) -> Bool) -> Bool {
    let cased = units.lazy.map(\.scalar).filter(\.isCased)
    return !cased.isEmpty && cased.allSatisfy { holds($0.properties) }
  }

  private func first(_ mapping: KeyPath<Unicode.Scalar.Properties, String>) -> TemplateText {
    guard let first = units.first else { return self }
    var changed: [UInt32] = []
    changed.append(first, mapped: mapping)
    // The rest is lowered in its place, for a sigma looks at what is before it.
    var probe = self
    probe.units[0] = first
    let rest = TemplateText(units: probe.units.dropFirst()).lowercased
    return TemplateText(units: changed + rest.units)
  }

  /// By Unicode's rule: after a letter with case and before none, passing over marks and the like.
  private func isFinalSigma(at place: Int) -> Bool {
    let before = units[..<place].last { !$0.scalar.properties.isCaseIgnorable }
    let after = units[(place + 1)...].first { !$0.scalar.properties.isCaseIgnorable }
    return before?.scalar.properties.isCased == true && after?.scalar.properties.isCased != true
  }
}

extension [UInt32] {
  fileprivate mutating func append(_ unit: UInt32, mapped: KeyPath<Unicode.Scalar.Properties, String>) {
    if unit.value < 0x80 {
      let isSmall = (0x61...0x7A).contains(unit.value)
      let isCapital = (0x41...0x5A).contains(unit.value)
      guard isSmall || isCapital else { return append(unit) }
      let makesSmall = mapped == \.lowercaseMapping
      return append(makesSmall == isSmall ? unit : unit ^ 0x20)
    }
    append(unit.scalar.properties[keyPath: mapped], mark: unit & TemplateText.contentBit)
  }
}

extension Unicode.Scalar {
  /// Whether Python finds a case in it.
  fileprivate var isCased: Bool {
    properties.isUppercase || properties.isLowercase || properties.generalCategory == .titlecaseLetter
  }
}

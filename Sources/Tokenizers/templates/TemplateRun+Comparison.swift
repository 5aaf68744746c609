extension TemplateRun {
  func compare(
    _ left: TemplateValue, _ sign: TemplateComparison, _ right: TemplateValue
  ) throws(TokenizerError) -> Bool {
    switch sign {
    case .equal: try equal(left, right)
    case .unequal: !(try equal(left, right))
    case .less: try less(left, right)
    case .lessOrEqual: try less(left, right, orEqual: true)
    case .greater: try less(right, left)
    case .greaterOrEqual: try less(right, left, orEqual: true)
    case .within: try contains(right, left)
    case .notWithin: !(try contains(right, left))
    }
  }

  func equal(_ left: TemplateValue, _ right: TemplateValue) throws(TokenizerError) -> Bool {
    try charge(1)
    if let left = left.integer, let right = right.integer { return left == right }
    if let left = left.number, let right = right.number { return left == right }
    switch (left, right) {
    case (.undefined, .undefined), (.none, .none): return true
    case (.text(let left), .text(let right)):
      try charge(min(left.units.count, right.units.count))
      return left == right
    case (.list(let left), .list(let right)):
      guard left.kind.isComparable(with: right.kind), left.elements.count == right.elements.count else { return false }
      for (left, right) in zip(left.elements, right.elements) {
        guard try equal(left, right) else { return false }
      }
      return true
    case (.mapping(let left), .mapping(let right)):
      guard left.keys.count == right.keys.count else { return false }
      for (key, value) in zip(left.keys, left.values) {
        guard let other = right[try self.key(key)], try equal(value, other) else { return false }
      }
      return true
    case (.namespace(let left), .namespace(let right)): return left === right
    case (.generator(let left), .generator(let right)): return left === right
    case (.loop(let left), .loop(let right)): return left === right
    case (.macro(let left), .macro(let right)): return left === right
    case (.function(let left), .function(let right)): return left == right
    default: return false
    }
  }

  /// Whether one value is before another; both are numbers, texts, lists or tuples.
  func less(
    _ left: TemplateValue, _ right: TemplateValue, orEqual: Bool = false
  ) throws(TokenizerError) -> Bool {
    try charge(1)
    if let left = left.integer, let right = right.integer { return orEqual ? left <= right : left < right }
    if let left = left.number, let right = right.number { return orEqual ? left <= right : left < right }
    switch (left, right) {
    case (.text(let left), .text(let right)):
      try charge(min(left.units.count, right.units.count))
      for (left, right) in zip(left.units, right.units) where left.value != right.value {
        return left.value < right.value
      }
      return orEqual ? left.units.count <= right.units.count : left.units.count < right.units.count
    case (.list(let left), .list(let right))
    where left.kind == right.kind && (left.kind == .list || left.kind == .tuple):
      for (left, right) in zip(left.elements, right.elements) where !(try equal(left, right)) {
        return try less(left, right, orEqual: orEqual)
      }
      let (left, right) = (left.elements.count, right.elements.count)
      return orEqual ? left <= right : left < right
    default:
      for case .undefined(let reason) in [left, right] { throw fault("\(reason), and is compared") }
      throw fault("\(left.kind) and \(right.kind) have no order")
    }
  }

  /// Whether a value is an element, a key, or a part of a text.
  func contains(_ whole: TemplateValue, _ part: TemplateValue) throws(TokenizerError) -> Bool {
    switch whole {
    case .text(let text):
      guard case .text(let part) = part else {
        throw fault("\(part.kind) cannot be in a string; strings can")
      }
      return try place(of: part, in: text, from: 0) != nil
    case .mapping(let mapping): return mapping[try key(part)] != nil
    case .undefined: return false
    case .generator(let generator):
      while let element = generator.next() {
        if try equal(element, part) { return true }
      }
      return false
    case .list(let list):
      for element in list.elements where try equal(element, part) { return true }
      return false
    default: throw fault("nothing can be in \(whole.kind)")
    }
  }

  /// The first place of a text in another, from a place on.
  func place(of part: TemplateText, in text: TemplateText, from start: Int) throws(TokenizerError) -> Int? {
    let (part, text) = (part.units, text.units)
    var place = start
    while place + part.count <= text.count {
      var count = 0
      while count < part.count, part[count].value == text[place + count].value { count += 1 }
      try charge(1 + count)
      if count == part.count { return place }
      place += 1
    }
    return nil
  }

  /// The values in order; those that are equal keep theirs.
  ///
  /// - Complexity: O(n log n) comparisons.
  func sorted(
    _ pairs: [(key: TemplateValue, value: TemplateValue)], reversed: Bool = false
  ) throws(TokenizerError) -> [TemplateValue] {
    var order = Array(pairs.indices)
    var width = 1
    while width < order.count {
      var merged: [Int] = []
      for start in stride(from: 0, to: order.count, by: 2 * width) {
        var (left, right) = (start, min(start + width, order.count))
        let (middle, end) = (right, min(start + 2 * width, order.count))
        while left < middle || right < end {
          let takesRight: Bool
          if left == middle || right == end {
            takesRight = left == middle
          } else {
            let keys = (pairs[order[left]].key, pairs[order[right]].key)
            takesRight = reversed ? try less(keys.0, keys.1) : try less(keys.1, keys.0)
          }
          merged.append(order[takesRight ? right : left])
          if takesRight { right += 1 } else { left += 1 }
        }
      }
      order = merged
      width *= 2
    }
    return order.map { pairs[$0].value }
  }
}

extension TemplateList.Kind {
  fileprivate func isComparable(with other: Self) -> Bool {
    switch (self, other) {
    case (.range, .range): true
    default: self == other
    }
  }
}

import RealModule

extension TemplateRun {
  func arithmetic(
    _ left: TemplateValue, _ sign: TemplateOperator, _ right: TemplateValue
  ) throws(TokenizerError) -> TemplateValue {
    if let (left, right) = integers(left, right) { return try integer(left, sign, right) }
    if let left = left.number, let right = right.number { return .float(try float(left, sign, right)) }
    switch (left, sign, right) {
    case (.text(let left), .add, .text(let right)): return try text(left.units + right.units)
    case (.list(let left), .add, .list(let right))
    where left.kind == right.kind && (left.kind == .list || left.kind == .tuple):
      return try list(left.elements + right.elements, left.kind)
    case (.text(let format), .remainder, _): return try formatted(format, right)
    case (_, .multiply, _):
      if let count = right.integer { return try repeated(left, count) }
      if let count = left.integer { return try repeated(right, count) }
    default: break
    }
    for case .undefined(let reason) in [left, right] {
      throw fault("\(reason), and \"\(sign.rawValue)\" needs its value")
    }
    throw fault(
      "\"\(sign.rawValue)\" is not defined for \(left.kind) and \(right.kind)"
        + (sign == .add ? "; \"~\" joins what both write" : ""))
  }

  private func integers(_ left: TemplateValue, _ right: TemplateValue) -> (Int, Int)? {
    guard let left = left.integer, let right = right.integer else { return nil }
    return (left, right)
  }

  private func repeated(_ value: TemplateValue, _ count: Int) throws(TokenizerError) -> TemplateValue {
    let count = max(0, count)
    switch value {
    case .text(let text):
      try charge(Int(clamping: text.units.count.multipliedFullWidth(by: count)))
      var units: [UInt32] = []
      if !text.units.isEmpty { for _ in 0..<count { units += text.units } }
      return .text(TemplateText(units: units))
    case .list(let list) where list.kind == .list || list.kind == .tuple:
      try charge(Int(clamping: (8 * list.elements.count).multipliedFullWidth(by: count)))
      var elements: [TemplateValue] = []
      if !list.elements.isEmpty { for _ in 0..<count { elements += list.elements } }
      return .list(TemplateList(elements, list.kind))
    case .undefined(let reason): throw fault("\(reason), and \"*\" needs its value")
    default: throw fault("\"*\" is not defined for \(value.kind) and an integer")
    }
  }

  func negative(_ value: TemplateValue) throws(TokenizerError) -> TemplateValue {
    if case .float(let value) = value { return .float(-value) }
    guard let integer = value.integer else { throw fault("\(value.kind) has no sign") }
    return try self.integer(0, .subtract, integer)
  }

  private func integer(
    _ left: Int, _ sign: TemplateOperator, _ right: Int
  ) throws(TokenizerError) -> TemplateValue {
    let (value, overflows): (Int, Bool)
    switch sign {
    case .add: (value, overflows) = left.addingReportingOverflow(right)
    case .subtract: (value, overflows) = left.subtractingReportingOverflow(right)
    case .multiply: (value, overflows) = left.multipliedReportingOverflow(by: right)
    case .divide:
      guard right != 0 else { throw fault("a number is divided by 0") }
      return .float(Double(left) / Double(right))
    case .floorDivide, .remainder:
      guard right != 0 else { throw fault("a number is divided by 0") }
      guard !(right == -1 && left == .min) else { throw tooLarge() }
      // Python rounds down, and its remainder has the divisor's sign.
      let (quotient, remainder) = left.quotientAndRemainder(dividingBy: right)
      let isBelow = remainder != 0 && (remainder < 0) != (right < 0)
      if sign == .remainder { return .integer(isBelow ? remainder + right : remainder) }
      return .integer(isBelow ? quotient - 1 : quotient)
    case .power: return try power(left, right)
    }
    guard !overflows else { throw tooLarge() }
    return .integer(value)
  }

  private func power(_ base: Int, _ exponent: Int) throws(TokenizerError) -> TemplateValue {
    guard exponent >= 0 else { return .float(try power(Double(base), Double(exponent))) }
    if (-1...1).contains(base) { return .integer(base == -1 ? (exponent % 2 == 0 ? 1 : -1) : exponent == 0 ? 1 : base) }
    guard exponent < Int.bitWidth else { throw tooLarge() }
    var value = 1
    for _ in 0..<exponent {
      let (product, overflows) = value.multipliedReportingOverflow(by: base)
      guard !overflows else { throw tooLarge() }
      value = product
    }
    return .integer(value)
  }

  private func tooLarge() -> TokenizerError { fault("an integer goes beyond 64 bits, which is not supported") }

  private func float(_ left: Double, _ sign: TemplateOperator, _ right: Double) throws(TokenizerError) -> Double {
    switch sign {
    case .add: return left + right
    case .subtract: return left - right
    case .multiply: return left * right
    case .divide, .floorDivide, .remainder:
      guard right != 0 else { throw fault("a number is divided by 0") }
      if sign == .divide { return left / right }
      var remainder = left.truncatingRemainder(dividingBy: right)
      if remainder != 0, (remainder < 0) != (right < 0) { remainder += right }
      if remainder == 0 { remainder = Double(signOf: right, magnitudeOf: 0) }
      if sign == .remainder { return remainder }
      let quotient = (left - remainder) / right
      if quotient == 0 { return Double(signOf: left / right, magnitudeOf: 0) }
      let floor = quotient.rounded(.down)
      return quotient - floor > 0.5 ? floor + 1 : floor
    case .power: return try power(left, right)
    }
  }

  private func power(_ base: Double, _ exponent: Double) throws(TokenizerError) -> Double {
    if exponent == 0 || base == 1 { return 1 }
    if base == 0, exponent < 0, exponent.isFinite { throw fault("a number is divided by 0") }
    let isWhole = !exponent.isFinite || exponent == exponent.rounded(.towardZero)
    guard base >= 0 || base.isNaN || base.isInfinite || isWhole else {
      throw fault("a power of a number below 0 to a fraction is complex, which is not supported")
    }
    let isOdd = exponent.truncatingRemainder(dividingBy: 2).magnitude == 1
    let value = base.isNaN ? base : Double.pow(base.magnitude, exponent)
    guard value.isFinite || !base.isFinite || !exponent.isFinite else { throw fault("a power is beyond a float") }
    return base.sign == .minus && isOdd ? -value : value
  }
}

extension Int {
  /// The product of a full-width multiplication, or the greatest integer.
  fileprivate init(clamping product: (high: Int, low: UInt)) {
    self = product.high == 0 && product.low <= UInt(Int.max) ? Int(product.low) : .max
  }
}

import ArgumentParser

/// The numbers that an option takes, and why it takes no others: its help and its error line say both.
struct NumberLimit: Sendable {
  /// From the smallest to the largest that is taken, both included.
  enum Range: Sendable {
    case whole(ClosedRange<Int>)
    /// Any 64 bits.
    case seed
    case real(ClosedRange<Double>)
  }

  /// The option's name, such as "--depth".
  let option: String
  let range: Range
  /// The most numbers of a list, joined by commas; 1 for an option of one number.
  let most: Int
  /// The reason for the range, in a few words.
  let why: String

  init(_ option: String, _ range: Range, most: Int = 1, why: String) {
    (self.option, self.range, self.most, self.why) = (option, range, most, why)
  }

  /// "1 to 1024".
  var text: String {
    switch range {
    case .whole(let range): "\(range.lowerBound) to \(range.upperBound)"
    case .seed: "\(UInt64.min) to \(UInt64.max)"
    case .real(let range): "\(Self.text(range.lowerBound)) to \(Self.text(range.upperBound))"
    }
  }

  /// The help of an option: what it is, its range, and what more there is to say.
  ///
  /// - Parameter standard: the value where none is given, if it is always the same.
  func help(
    _ what: String, _ more: String? = nil, valueName: String, standard: (any CustomStringConvertible)? = nil
  ) -> ArgumentHelp {
    let range = most > 1 ? "each \(text)" : text
    let standard = standard.map { " (default: \($0))" } ?? ""
    return ArgumentHelp("\(what), \(range)\(more.map { "; \($0)" } ?? "").\(standard)", valueName: valueName)
  }

  /// A whole number for a double where it is one, as people write it.
  private static func text(_ value: Double) -> String {
    Int(exactly: value).map(String.init) ?? "\(value)"
  }
}

extension NumberLimit {
  /// A whole number of the range.
  @Sendable func whole(_ argument: String) throws -> Int {
    guard case .whole(let range) = range, let value = Int(argument), range.contains(value) else {
      throw refusal(of: argument, isNumber: Self.isWhole(argument), "whole number")
    }
    return value
  }

  /// Any 64 bits.
  @Sendable func seed(_ argument: String) throws -> UInt64 {
    guard let value = UInt64(argument) else {
      throw refusal(of: argument, isNumber: Self.isWhole(argument), "whole number")
    }
    return value
  }

  /// A number of the range.
  @Sendable func real(_ argument: String) throws -> Double {
    let value = Double(argument)
    guard let value, contains(value) else { throw refusal(of: argument, isNumber: value != nil, "number") }
    // -0 is a 0.
    return value == 0 ? 0 : value
  }

  /// Whole numbers of the range, joined by commas.
  @Sendable func list(_ argument: String) throws -> IntegerList {
    let words = argument.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard words.allSatisfy(Self.isWhole) else { throw ValidationError("give whole numbers, joined by commas") }
    let values = try words.map(whole)
    guard values.count <= most else {
      throw ValidationError("\(option) has \(values.count) numbers; it takes \(most) at most (\(why))")
    }
    return IntegerList(values)
  }

  /// Whether a number is within the range; NaN never is.
  func contains(_ value: Double) -> Bool {
    guard case .real(let range) = range else { return false }
    return range.contains(value)
  }

  /// The error for a value that is not taken.
  func refusal(of argument: String, isNumber: Bool, _ kind: String) -> ValidationError {
    ValidationError(
      "\(option) \(argument) is \(isNumber ? "out of range" : "no \(kind)"); it must be \(text) (\(why))")
  }

  private static func isWhole(_ word: String) -> Bool { word.wholeMatch(of: /[+-]?[0-9]+/) != nil }
}

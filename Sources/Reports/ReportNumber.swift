import Certification
import Foundation

/// Numbers as a page sets them.
enum ReportNumber {
  /// A probability to `digits` figures: "0.0128", "3.5 × 10⁻¹⁹".
  static func probability(_ value: Double, digits: Int = 2) -> String {
    if value == 0 { return "0" }
    if value >= 1e-3, value <= 1e4 { return String(format: "%.4f", value) }
    return scientific(value, digits: digits)
  }

  /// A power, which is often too near to 1 to be written as a number: "1 − 10⁻⁶", "0.9432".
  static func power(_ value: Double) -> String {
    let missed = 1 - value
    if missed > 0, missed < 1e-3 { return missed < 1e-15 ? "1" : "1 − \(scientific(missed, digits: 1))" }
    if value < 1e-3, value > 0 { return scientific(value, digits: 1) }
    return value == 1 ? "1" : String(format: "%.4f", value)
  }

  /// A rate such as "10⁻⁶", or "0.05".
  static func rate(_ value: Double) -> String {
    value < 1e-3 && value > 0 ? scientific(value, digits: 1) : plain(value)
  }

  /// A number in powers of ten; a leading 1 is left out where it is all that there is.
  static func scientific(_ value: Double, digits: Int) -> String {
    guard value.isFinite, value != 0 else { return plain(value) }
    let parts = String(format: "%.\(max(digits, 1) - 1)e", value).split(separator: "e").map(String.init)
    guard parts.count == 2, let exponent = Int(parts[1]) else { return plain(value) }
    let power = "10\(superscript(exponent))"
    return parts[0] == "1" ? power : "\(parts[0].replacingOccurrences(of: "-", with: "−")) × \(power)"
  }

  /// A signed number with two decimals: "+1.32", "−0.40".
  static func signed(_ value: Double) -> String {
    (value < 0 ? "−" : "+")
      + (abs(value) < 1e6 ? String(format: "%.2f", abs(value)) : scientific(abs(value), digits: 2))
  }

  /// Two decimals, or powers of ten where these would be long.
  static func decimal(_ value: Double, places: Int = 2) -> String {
    abs(value) < 1e9 ? String(format: "%.\(places)f", value) : scientific(value, digits: 3)
  }

  /// An expected count: grouped, with one decimal.
  static func expected(_ value: Double) -> String {
    guard value.isFinite, value >= 0, value < 1e15 else { return scientific(value, digits: 3) }
    let tenths = Int((value * 10).rounded())
    return "\(NumberText.grouped(tenths / 10)).\(tenths % 10)"
  }

  private static func plain(_ value: Double) -> String { "\(value)".replacingOccurrences(of: ".0", with: "", at: .end) }

  private static func superscript(_ value: Int) -> String {
    let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
    return String(String(value).map { $0 == "-" ? "⁻" : digits[$0.wholeNumberValue ?? 0] })
  }
}

extension String {
  fileprivate enum Place { case end }

  fileprivate func replacingOccurrences(of suffix: String, with other: String, at place: Place) -> String {
    hasSuffix(suffix) ? dropLast(suffix.count) + other : self
  }
}

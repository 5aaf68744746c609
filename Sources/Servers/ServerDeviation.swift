import Certification

/// A continuation that comes too often or too rarely with speculation.
package struct ServerDeviation: Hashable, Sendable {
  /// Where it is counted.
  package var cell: ServerCell
  /// Its share of the completions with speculation.
  package var on: Double
  /// Its share of those without.
  package var off: Double

  /// One line, in which nothing of the server's acts on a terminal.
  package var text: String {
    let name = cell.tokens.map { $0.map { "“\(OutsideText.shown($0))”" }.joined(separator: " ") }
    let shown = name ?? "“\(OutsideText.shown(cell.text ?? ""))”"
    func percent(_ share: Double) -> String {
      let tenths = Int((share * 1000).rounded())
      return "\(tenths / 10).\(tenths % 10) %"
    }
    return "\(shown) comes in \(percent(on)) of completions with speculation, in \(percent(off)) without"
  }
}

extension ServerPromptRecord {
  /// The three continuations that differ most, by what they add to the statistic.
  package var deviations: [ServerDeviation] {
    let sizes = (on: cells.reduce(0) { $0 + $1.on }, off: cells.reduce(0) { $0 + $1.off })
    guard sizes.on > 0, sizes.off > 0 else { return [] }
    let all = cells.map {
      ServerDeviation(cell: $0, on: Double($0.on) / Double(sizes.on), off: Double($0.off) / Double(sizes.off))
    }
    func weight(_ deviation: ServerDeviation) -> Double {
      let difference = deviation.on - deviation.off
      return difference * difference / max(deviation.on + deviation.off, .leastNormalMagnitude)
    }
    return Array(all.filter { $0.on != $0.off }.sorted { weight($0) > weight($1) }.prefix(3))
  }
}

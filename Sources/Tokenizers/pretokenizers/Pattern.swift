/// A regular expression of a pre-tokenizer, as a program that a backtracking matcher runs.
///
/// Only what the known patterns are made of: classes with `?`, `*`, `+` and `{m,n}`, alternatives, groups that occur once or
/// not at all, `(?!…)` of one class, and `$`. A group does not repeat, so that the matcher's depth is the program's length,
/// whatever the text.
package struct Pattern: Hashable, Sendable {
  /// A step of the program; where it does not say where to go on, the next one follows.
  enum Step: Hashable, Sendable {
    /// So many characters of a class, as many as there are at first.
    case run(PatternClass, least: Int, most: Int)
    /// One of several ways on, the first that leads to a match.
    case fork([Int])
    case jump(Int)
    /// No character of a class follows.
    case notBefore(PatternClass)
    /// The end of a line, or of the text.
    case lineEnd
    case match
  }

  let steps: [Step]

  init(steps: [Step]) { self.steps = steps }

  /// Calls back for each match, and for each stretch between two, in order; none is empty.
  ///
  /// - Parameters:
  ///   - text: valid UTF-8.
  ///   - range: whole characters; what is outside is not seen.
  func forEachPart(
    of text: [UInt8], _ range: Range<Int>, _ body: (_ range: Range<Int>, _ isMatch: Bool) -> Void
  ) {
    var start = range.lowerBound
    var position = start
    while position < range.upperBound {
      guard let end = end(0, position, text, range.upperBound), end > position else {
        position = resumption(after: position, text, range.upperBound)
        continue
      }
      if start < position { body(start..<position, false) }
      body(position..<end, true)
      (start, position) = (end, end)
    }
    if start < position { body(start..<position, false) }
  }

  /// Where a match may begin after none did at a position.
  private func resumption(after position: Int, _ text: [UInt8], _ end: Int) -> Int {
    let first = UTF8Scalars.scalar(at: position, in: text)
    // A run that must be followed by the end fails from each of its characters if it fails from the first.
    if case .run(let characters, _, .max) = steps[0], steps.count > 1, steps[1] == .lineEnd,
      characters.contains(first.value)
    {
      var next = position + first.length
      while next < end {
        let (value, length) = UTF8Scalars.scalar(at: next, in: text)
        if !characters.contains(value) || text[next - 1] == 0x0A { break }
        next += length
      }
      return next
    }
    return position + first.length
  }

  /// The end of a match of the steps from `step` on; nil where there is none.
  private func end(_ step: Int, _ position: Int, _ text: [UInt8], _ limit: Int) -> Int? {
    var (step, position) = (step, position)
    while true {
      switch steps[step] {
      case .match: return position
      case .jump(let target): step = target
      case .lineEnd:
        guard position == limit || text[position] == 0x0A else { return nil }
        step += 1
      case .notBefore(let characters):
        if position < limit, characters.contains(UTF8Scalars.scalar(at: position, in: text).value) { return nil }
        step += 1
      case .fork(let ways):
        for way in ways {
          if let end = end(way, position, text, limit) { return end }
        }
        return nil
      case .run(let characters, let least, let most):
        var count = 0
        while count < most, position < limit {
          let (value, length) = UTF8Scalars.scalar(at: position, in: text)
          if !characters.contains(value) { break }
          position += length
          count += 1
        }
        if count < least { return nil }
        step += 1
        while count > least {
          if let end = end(step, position, text, limit) { return end }
          position -= UTF8Scalars.scalar(before: position, in: text).length
          count -= 1
        }
      }
    }
  }
}

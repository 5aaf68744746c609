import ArgumentParser
import Certification
import Foundation

extension Defects {
  struct Matrix: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Predict, for each defect and each case, whether the case would refuse it.",
      discussion: """
        The power follows from the exact law of the defect on the case; nothing is sampled. `rsd defects run` runs \
        each defect on the case that declares it.
        """)

    @Option(
      help: NumberLimit.threads.help("Defects at once", "one a processor by default", valueName: "n"),
      transform: NumberLimit.threads.whole)
    var threads: Int?

    @Flag(help: "Print the matrix as JSON.")
    var json = false

    func run() async throws {
      Interruption.beginWithNothingToSave()
      let line = ProgressLine()
      let (killMatrix, powers) = try await explainingErrors {
        let killMatrix = try KillMatrix(
          try WitnessFixture.embedded(), share: try DefaultSuite.suite().budget.nominalShare)
        let powers = try await killMatrix.powerMatrix(
          threads: threads ?? Machine.processorCount, isInterrupted: { Interruption.isRequested },
          progress: { line.show(finished: $0, of: $1, "\($0)/\($1) defects") })
        return (killMatrix, powers)
      }
      line.clear()
      guard let powers else { throw failure(.interrupted, "interrupted before all laws were enumerated") }
      if json {
        Output.write(try StableJSON.encode(powers))
      } else {
        Output.line(PowerTable.text(of: powers, declared: killMatrix.declaringCases))
      }
    }
  }
}

/// The matrix as a person reads it: a mark a cell, a letter a case.
enum PowerTable {
  static let certain = 1 - 1e-6

  static func text(of matrix: PowerMatrix, declared: [String: String]) -> String {
    var lines = matrix.cases.enumerated().map { "\(letter($0))  \($1)" }
    lines += [
      "", "◆ declared, ● power of at least 1 - 1e-6, ○ of at least one half, · below, ? not enumerated", "",
      Terminal.padded("", to: 34) + matrix.cases.indices.map { "\(letter($0))" }.joined(separator: " "),
    ]
    for row in matrix.rows {
      let marks = zip(matrix.cases, row.power).map { caseID, power in
        mark(power, isDeclared: declared[row.defect] == caseID)
      }
      lines.append(Terminal.padded(row.defect, to: 34) + marks.joined(separator: " "))
    }
    return lines.joined(separator: "\n")
  }

  private static func letter(_ index: Int) -> Character {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
    return letters[index % letters.count]
  }

  private static func mark(_ power: Double?, isDeclared: Bool) -> String {
    guard let power else { return "?" }
    if power >= certain { return isDeclared ? "◆" : "●" }
    return power >= 0.5 ? "○" : "·"
  }
}

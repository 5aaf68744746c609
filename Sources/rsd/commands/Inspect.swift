import ArgumentParser
import Certification
import Checkpoints
import Foundation
import JSONText

struct Inspect: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print what a model's files say of themselves: architecture, licence, metadata, tensors, sizes.",
    usage: "rsd inspect <file> [--json]",
    discussion: """
      Reads headers alone, of models too that cannot be computed with here. Shapes have the slowest dimension first, as \
      PyTorch writes them; offsets count from the beginning of the file. Of a long array the first elements are shown, \
      and how many there are.
      """)

  @Argument(
    help: ArgumentHelp("A GGUF file, a safetensors file, or a Hugging Face folder.", valueName: "file"))
  var file: String

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() async throws {
    let inspection = try await explainingErrors { try CheckpointInspection(file) }
    if json {
      Output.write(try StableJSON.encode(inspection))
    } else {
      Output.write(Data(InspectionText(inspection).text.utf8))
    }
  }
}

/// An inspection as a person reads it.
///
/// Names and values are their file's writer's: each is one line, and nothing in it acts on the terminal.
struct InspectionText {
  let inspection: CheckpointInspection

  init(_ inspection: CheckpointInspection) { self.inspection = inspection }

  var text: String {
    let parts = [summary, section("Metadata", metadata), section("Tensors", tensors), section("Totals", totals)]
    return parts.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private var summary: String {
    let format =
      switch inspection.format {
      case .gguf: "GGUF, version \(inspection.version ?? 0)"
      case .safetensors: "safetensors"
      case .folder: "Hugging Face folder"
      }
    let lines = [
      ("file", inspection.path), ("format", format), ("architecture", inspection.architecture ?? "not stated"),
      ("name", inspection.name ?? "not stated"), ("licence", inspection.license ?? "not stated"),
      ("parameters", NumberText.grouped(inspection.parameters)), ("bytes", NumberText.grouped(inspection.bytes)),
    ]
    return lines.map { "\(Terminal.padded($0, to: 14))\($1.oneLine(limit: 4096))\n" }.joined()
  }

  private var metadata: [[String]] {
    inspection.metadata.map { entry in
      [entry.key.oneLine(), entry.type + (entry.count.map { " × \(NumberText.grouped($0))" } ?? ""), shown(entry)]
    }
  }

  private var tensors: [[String]] {
    inspection.tensors.map { tensor in
      let place = tensor.file.map { " of \($0.oneLine())" } ?? ""
      return [
        tensor.name.oneLine(), tensor.type, tensor.shape.shapeText,
        "\(NumberText.grouped(tensor.bytes)) bytes at \(NumberText.grouped(tensor.offset))\(place)",
      ]
    }
  }

  private var totals: [[String]] {
    let rows = inspection.totals.map { ($0.type, $0.tensors, $0.parameters, $0.bytes) }
    let all = ("all", inspection.tensors.count, inspection.parameters, inspection.bytes)
    return (rows + (rows.count == 1 ? [] : [all])).map { type, tensors, parameters, bytes in
      [
        type, "\(NumberText.grouped(tensors)) tensors", "\(NumberText.grouped(parameters)) parameters",
        "\(NumberText.grouped(bytes)) bytes",
      ]
    }
  }

  private func shown(_ entry: CheckpointInspection.Entry) -> String {
    guard case .list(let elements) = entry.value, let count = entry.count else { return Self.text(entry.value) }
    let first = elements.map(Self.text).joined(separator: ", ")
    return count > elements.count ? first + ", …" : first
  }

  private static func text(_ value: InspectedValue) -> String {
    switch value {
    case .text(let text): text.oneLine()
    case .integer(let integer): "\(integer)"
    case .unsigned(let integer): "\(integer)"
    case .number(let number): "\(number)"
    case .single(let number): "\(number)"
    case .boolean(let boolean): "\(boolean)"
    case .null: "null"
    case .list(let elements): "[" + elements.map(Self.text).joined(separator: ", ") + "]"
    }
  }

  /// Rows under a heading, in columns as wide as they need.
  private func section(_ heading: String, _ rows: [[String]]) -> String {
    guard let first = rows.first else { return "" }
    let widths = first.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    let lines = rows.map { row in
      let cells = zip(row, widths).map { Terminal.padded($0, to: $1) }
      var line = "  " + cells.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line
    }
    return Terminal.colored(heading, .bold) + "\n" + lines.joined(separator: "\n") + "\n"
  }
}

import Foundation
import SpeculativeDecoding
import Tokenizers

/// The text on stdout as it is decoded: whole characters, or token numbers where the text cannot be read.
struct TextWriter {
  private var text: StreamingText?
  private var isEmpty = true
  private var endsLine = true

  init(_ tokenizer: (any Tokenizer)?, showsSpecial: Bool = false) {
    text = tokenizer.map { StreamingText($0, isFirst: false, showsSpecial: showsSpecial) }
  }

  mutating func write(_ tokens: some Sequence<Token>) {
    for token in tokens {
      if text != nil {
        write(text?.append(token) ?? "")
      } else {
        write(isEmpty ? "\(token)" : " \(token)")
      }
    }
  }

  /// Ends an incomplete character, and on a terminal the line; in a pipe the text is alone.
  mutating func finish() {
    write(text?.finish() ?? "")
    if !endsLine, Terminal.outputIsTerminal || text == nil { Output.write(Data("\n".utf8)) }
  }

  private mutating func write(_ part: String) {
    guard let last = part.last else { return }
    Output.write(Data((Terminal.outputIsTerminal ? Self.harmless(part) : part).utf8))
    endsLine = last.isNewline
    isEmpty = false
  }

  /// A text whose control characters a terminal does not obey: a model may write any byte.
  static func harmless(_ text: String) -> String {
    var shown = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      let isControl = scalar.properties.generalCategory == .control && scalar != "\n" && scalar != "\t"
      shown.append(isControl ? "\u{FFFD}" : scalar)
    }
    return String(shown)
  }
}

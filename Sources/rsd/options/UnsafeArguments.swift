import Foundation

extension Arguments {
  /// The words of the command line after the program's name.
  ///
  /// Swift's own list has other bytes in the place of those that are no UTF-8: it would decode another text, or open
  /// another file, than was asked for.
  static func words() throws -> [String] {
    var words: [String] = []
    for index in 1..<max(1, Int(CommandLine.argc)) {
      guard let bytes = CommandLine.unsafeArgv[index] else { break }
      guard let word = String(validatingCString: bytes) else {
        let shown = shown(UnsafeBufferPointer(start: bytes, count: strlen(bytes)).map { UInt8(bitPattern: $0) })
        let file = words.last == "--prompt" || words.last == "--text" ? ", or give a file" : ""
        throw failure(.usage, "argument \(index), \"\(shown)\", is not UTF-8; write it in UTF-8\(file)")
      }
      words.append(word)
    }
    return words
  }
}

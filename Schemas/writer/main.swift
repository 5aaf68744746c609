import Foundation

// Writes the lists of rules in the schemas anew: `make schemas`.
let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
where path.hasSuffix(".schema.json") {
  let file = folder.appending(path: path)
  let text = try String(contentsOf: file, encoding: .utf8)
  let rewritten = try RuleLists.rewritten(text)
  if rewritten != text {
    try Data(rewritten.utf8).write(to: file)
    print("Schemas/\(path)")
  }
}

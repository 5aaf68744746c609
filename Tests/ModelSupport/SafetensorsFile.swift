import JSONText
import TestSupport

/// Writes safetensors files: good ones from tensors, bad ones from any header and data.
package struct SafetensorsFile {
  package struct Entry: Hashable {
    package var name: String
    package var type: String
    package var shape: [Int]
    package var data: [UInt8]

    package init(name: String, type: String, shape: [Int], data: [UInt8]) {
      (self.name, self.type, self.shape, self.data) = (name, type, shape, data)
    }
  }

  package var entries: [Entry] = []
  package var metadata: [String: String]?
  /// Spaces that fill the header to a multiple of so many bytes.
  package var alignment = 8

  package init(entries: [Entry] = [], metadata: [String: String]? = nil, alignment: Int = 8) {
    (self.entries, self.metadata, self.alignment) = (entries, metadata, alignment)
  }

  package var bytes: [UInt8] {
    var parts: [String] = []
    if let metadata {
      let texts = metadata.sorted { $0.key < $1.key }.map { JSON.quoted($0.key) + ":" + JSON.quoted($0.value) }
      parts.append("\"__metadata__\":{" + texts.joined(separator: ",") + "}")
    }
    var end = 0
    for entry in entries {
      let offsets = "[\(end),\(end + entry.data.count)]"
      let shape = "[" + entry.shape.map(String.init).joined(separator: ",") + "]"
      parts.append(
        JSON.quoted(entry.name) + ":{\"dtype\":\"\(entry.type)\",\"shape\":\(shape),\"data_offsets\":\(offsets)}")
      end += entry.data.count
    }
    var header = "{" + parts.joined(separator: ",") + "}"
    while header.utf8.count % alignment != 0 { header += " " }
    return Self.bytes(header, entries.flatMap(\.data))
  }

  /// Any header, with its length or another before it, and any data.
  package static func bytes(_ header: String, _ data: [UInt8] = [], length: UInt64? = nil) -> [UInt8] {
    littleEndian(length ?? UInt64(header.utf8.count)) + header.utf8 + data
  }

  package static func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }
}

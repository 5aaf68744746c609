import JSONText
import ModelSupport
import TestSupport

@testable import Checkpoints

/// What must hold of the readers for any bytes; the fuzzers and the replay of their corpus ask the same.
enum ReaderProperties {
  /// What the safetensors reader did that it must not; nil if nothing.
  static func violation(safetensors bytes: [UInt8]) -> String? {
    let file: Safetensors
    do throws(CheckpointError) {
      file = try Safetensors(MappedBytes(copying: bytes), file: "f")
    } catch {
      return violation(message: error)
    }
    guard Set(file.tensors.map(\.name)).count == file.tensors.count else { return "two tensors of one name" }
    for tensor in file.tensors {
      let count = tensor.shape.reduce(1, *)
      guard tensor.count == count, tensor.range.count == count * tensor.type.blockBytes else { return "a wrong size" }
      guard tensor.range.lowerBound >= 8, tensor.range.upperBound <= bytes.count else { return "out of the file" }
      if count > 0 { _ = tensor.floats(0..<1)[0] + tensor.floats(count - 1..<count)[0] }
    }
    // Written anew in the order of its data, the file says the same.
    let ordered = file.tensors.sorted {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    let entries = ordered.map {
      SafetensorsFile.Entry(
        name: $0.name, type: $0.type.name, shape: $0.shape, data: Array(bytes[$0.range]))
    }
    let copy = SafetensorsFile(entries: entries, metadata: file.metadata)
    guard let again = try? Safetensors(MappedBytes(copying: copy.bytes), file: "f") else { return "a copy is refused" }
    let pairs = zip(ordered, again.tensors)
    guard
      again.metadata == file.metadata, again.tensors.count == ordered.count,
      pairs.allSatisfy({ $0.name == $1.name && $0.shape == $1.shape && $0.type == $1.type }),
      pairs.allSatisfy({ $0.bytes.equals($0.range, $1.bytes, $1.range) })
    else { return "a copy differs" }
    // Every byte counts: neither less nor more is the same file.
    if isRead(bytes.dropLast()) { return "the file without its last byte is read too" }
    if isRead(bytes + [0]) { return "the file with a byte more is read too" }
    return nil
  }

  /// What the readers of `config.json` and the index did that they must not; nil if nothing.
  static func violation(json bytes: [UInt8]) -> String? {
    let value: JSON
    do throws(JSONError) {
      value = try JSON(bytes, limits: .configuration)
    } catch {
      guard (0...bytes.count).contains(error.offset ?? 0) else { return "an offset outside of the text" }
      guard isOneLine(error.reason) else { return "more than a line" }
      // What is no JSON is no configuration and no index.
      let isConfiguration = (try? ModelConfiguration(json: bytes, file: "f")) != nil
      let isIndex = (try? SafetensorsIndex(json: bytes, file: "f")) != nil
      return isConfiguration || isIndex ? "no JSON, and yet read" : nil
    }
    guard (try? JSON(Array(value.text.utf8), limits: .configuration)) == value else { return "a copy differs" }
    if let violation = violation(index: bytes) { return violation }
    let configuration: ModelConfiguration
    do throws(CheckpointError) {
      configuration = try ModelConfiguration(json: bytes, file: "f")
    } catch {
      return violation(message: error)
    }
    let layers =
      switch configuration {
      case .llama(let llama): llama.layerCount
      case .opt(let opt): opt.layerCount
      }
    // Beyond that it only takes time.
    guard layers <= 8 else { return nil }
    let expected = configuration.expectedTensors
    guard Set(expected.map(\.name)).count == expected.count else { return "one tensor is asked for twice" }
    for tensor in expected {
      var size = Tensor.Element.float32.size
      for dimension in tensor.shape {
        guard dimension > 0 else { return "an empty tensor is asked for" }
        let (product, overflows) = size.multipliedReportingOverflow(by: dimension)
        if overflows { return "a tensor of more bytes than can be counted is asked for" }
        size = product
      }
    }
    return nil
  }

  private static func violation(index bytes: [UInt8]) -> String? {
    let index: SafetensorsIndex
    do throws(CheckpointError) {
      index = try SafetensorsIndex(json: bytes, file: "f")
    } catch {
      return violation(message: error)
    }
    let isPlain = index.shards.allSatisfy { shard in
      !shard.name.contains("/") && shard.name != ".." && !shard.name.isEmpty && !shard.tensors.isEmpty
    }
    return isPlain ? nil : "a name that leads out of the folder"
  }

  static func violation(message error: CheckpointError) -> String? {
    let text = String(describing: error)
    guard text.hasPrefix("f: ") else { return "a message that does not name the file" }
    return isOneLine(text) ? nil : "more than a line"
  }

  private static func isOneLine(_ text: String) -> Bool {
    text.utf8.count < 2000
      && text.unicodeScalars.allSatisfy {
        ![.control, .lineSeparator, .paragraphSeparator].contains($0.properties.generalCategory)
      }
  }

  private static func isRead(_ bytes: some Sequence<UInt8>) -> Bool {
    (try? Safetensors(MappedBytes(copying: Array(bytes)), file: "f")) != nil
  }
}

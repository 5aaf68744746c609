import ModelSupport

@testable import Checkpoints

extension ReaderProperties {
  /// What the GGUF reader did that it must not; nil if nothing.
  static func violation(gguf bytes: [UInt8]) -> String? {
    let file: GGUF
    do throws(CheckpointError) {
      file = try GGUF(bytes, file: "f")
    } catch {
      return violation(message: error)
    }
    return violation(tensorsOf: file, bytes) ?? violation(valuesOf: file) ?? violation(copyOf: file, bytes)
      ?? violation(checkpointOf: file)
  }

  private static func violation(tensorsOf file: GGUF, _ bytes: [UInt8]) -> String? {
    guard Set(file.tensors.map(\.name)).count == file.tensors.count else { return "two tensors of one name" }
    var end = file.headerLength
    for tensor in file.tensors.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
      guard tensor.range.lowerBound >= end, tensor.range.upperBound <= bytes.count else { return "out of its place" }
      guard tensor.range.lowerBound % file.alignment == 0 else { return "out of alignment" }
      guard tensor.range.lowerBound - end < file.alignment else { return "bytes of no tensor" }
      end = tensor.range.upperBound
      let count = tensor.shape.reduce(1, *)
      guard count > 0, tensor.count == count,
        tensor.range.count == count / tensor.type.blockLength * tensor.type.blockBytes
      else { return "a wrong size" }
      guard tensor.type.tensorType != nil else { continue }
      guard let read = try? file.tensor(tensor, named: tensor.name, shape: tensor.shape) else { return "not read" }
      _ = read.floats(0..<1)[0] + read.floats(count - 1..<count)[0]
    }
    guard bytes.count - end < file.alignment else { return "bytes of no tensor at the end" }
    return nil
  }

  private static func violation(valuesOf file: GGUF) -> String? {
    guard Set(file.metadata.map(\.key)).count == file.metadata.count else { return "two values of one key" }
    for entry in file.metadata {
      guard file[entry.key] == entry.value || isNaN(entry.value) else { return "another value" }
      let key = entry.key
      let readers: [() throws -> Bool] = [
        { try file.string(key) != nil }, { try file.strings(key) != nil }, { try file.integer(key) != nil },
        { try file.integers(key) != nil }, { try file.float(key) != nil }, { try file.floats(key) != nil },
        { try file.flag(key) != nil },
      ]
      var read = 0
      for reader in readers {
        do {
          if try reader() { read += 1 }
        } catch let error as CheckpointError {
          if let violation = violation(message: error) { return violation }
        } catch {
          return "an error of another module"
        }
      }
      guard read <= 1 else { return "a value of two types" }
    }
    return nil
  }

  private static func violation(copyOf file: GGUF, _ bytes: [UInt8]) -> String? {
    // Written anew, in the order of its data, the file says the same.
    let ordered = file.tensors.sorted { $0.range.lowerBound < $1.range.lowerBound }
    var copy = GGUFFile()
    copy.version = UInt32(file.version)
    copy.alignment = file.alignment
    copy.metadata = file.metadata.map { ($0.key, $0.value) }
    copy.tensors = ordered.map { GGUFFile.Entry($0.name, $0.shape, $0.type, Array(bytes[$0.range])) }
    // Padding to a large alignment would only take time.
    guard file.alignment <= 1 << 12 else { return nil }
    guard let again = try? GGUF(copy.bytes, file: "f") else { return "a copy is refused" }
    guard
      again.metadata.map(\.key) == file.metadata.map(\.key),
      zip(again.metadata, file.metadata).allSatisfy({ GGUFFile.value($0.value) == GGUFFile.value($1.value) }),
      again.tensors.map(\.name) == ordered.map(\.name), again.tensors.map(\.shape) == ordered.map(\.shape),
      again.tensors.map(\.type) == ordered.map(\.type)
    else { return "a copy differs" }
    // The last tensor's last byte counts, and so does a byte beyond the padding.
    if let end = ordered.last?.range.upperBound, (try? GGUF(Array(bytes[..<(end - 1)]), file: "f")) != nil {
      return "the file without its last byte is read too"
    }
    let longer = bytes + Array(repeating: 0, count: file.alignment)
    return (try? GGUF(longer, file: "f")) != nil ? "the file with a page more is read too" : nil
  }

  private static func violation(checkpointOf file: GGUF) -> String? {
    // Beyond that it only takes time to list what is missing.
    if let layers = try? file.integer("llama.block_count"), layers > 8 { return nil }
    let checkpoint: Checkpoint
    do throws(CheckpointError) {
      checkpoint = try Checkpoint(file)
    } catch {
      return violation(message: error)
    }
    for expected in checkpoint.configuration.expectedTensors {
      guard let tensor = try? checkpoint.tensor(expected.name, shape: expected.shape) else { return "a tensor lacks" }
      guard tensor.floats().count == expected.shape.reduce(1, *) else { return "another size" }
    }
    return checkpoint.tensorNames.count == checkpoint.configuration.expectedTensors.count ? nil : "other tensors"
  }

  private static func isNaN(_ value: GGUFValue) -> Bool {
    switch value {
    case .float32(let number): number.isNaN
    case .float64(let number): number.isNaN
    case .array(let array): containsNaN(array)
    default: false
    }
  }

  private static func containsNaN(_ array: GGUFArray) -> Bool {
    switch array {
    case .float32(let numbers): numbers.contains(where: \.isNaN)
    case .float64(let numbers): numbers.contains(where: \.isNaN)
    case .array(let arrays): arrays.contains(where: containsNaN)
    default: false
    }
  }
}

import JSONText

/// A tensor's entry in a safetensors header, in numbers; not yet compared with the file.
struct SafetensorsEntry: Sendable {
  let name: String
  let element: Tensor.Element
  let shape: [Int]
  /// From the first to past the last byte, counted from the end of the header.
  let offsets: Range<Int>

  /// Types of the format that are not read; the format knows no others.
  static let unsupportedTypes: Set<String> = [
    "BOOL", "U8", "I8", "U16", "I16", "U32", "I32", "U64", "I64", "F64", "C64", "F4", "F6_E2M3", "F6_E3M2", "F8_E4M3",
    "F8_E5M2", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ",
  ]

  /// - Throws: ``CheckpointError/malformed(file:tensor:reason:)`` where a part is missing, unknown, or no number that
  ///   counts bytes or elements.
  init(_ value: JSON, name: String, file: String) throws(CheckpointError) {
    func fault(_ reason: String) -> CheckpointError { .malformed(file: file, tensor: name, reason: reason) }
    guard case .object(let members) = value else { throw fault("its entry is \(value.kind); it must be an object") }
    var type: JSON?
    var shape: JSON?
    var offsets: JSON?
    for member in members {
      switch member.name {
      case "dtype": type = member.value
      case "shape": shape = member.value
      case "data_offsets": offsets = member.value
      // A reader that passed over what it does not know would misread the first file with strides.
      default: throw fault("its entry has an unknown part \"\(member.name.oneLine())\"")
      }
    }
    guard let type else { throw fault("its dtype is missing") }
    guard let shape else { throw fault("its shape is missing") }
    guard let offsets else { throw fault("its data_offsets are missing") }

    guard case .string(let code) = type else { throw fault("its dtype is \(type.kind); it must be a string") }
    guard let element = Tensor.Element(rawValue: code) else {
      let isKnown = Self.unsupportedTypes.contains(code)
      throw fault(
        isKnown
          ? "its dtype \(code) is not supported; F32, F16 and BF16 are"
          : "its dtype \"\(code.oneLine(limit: 32))\" is unknown; F32, F16 and BF16 are supported")
    }
    guard let dimensions = Self.naturals(shape) else {
      throw fault("its shape must be an array of whole numbers from 0 to \(Int.max)")
    }
    guard let ends = Self.naturals(offsets), ends.count == 2 else {
      throw fault("its data_offsets must be two whole numbers from 0 to \(Int.max)")
    }
    guard ends[0] <= ends[1] else { throw fault("its data_offsets \(ends.shapeText) end before they begin") }

    var size = element.size
    for dimension in dimensions {
      let (product, overflows) = size.multipliedReportingOverflow(by: dimension)
      if overflows { throw fault("its shape \(dimensions.shapeText) has more elements than any file") }
      size = product
    }
    guard size == ends[1] - ends[0] else {
      let reason = "its shape \(dimensions.shapeText) of \(code) takes \(size) bytes; its data_offsets "
      throw fault(reason + "\(ends.shapeText) hold \(ends[1] - ends[0])")
    }
    self.name = name
    self.element = element
    self.shape = dimensions
    self.offsets = ends[0]..<ends[1]
  }

  /// The tensor, once its place is known to lie within the file.
  func tensor(of bytes: MappedBytes, from start: Int, file: String) throws(CheckpointError) -> Tensor {
    let size = bytes.count - start
    guard offsets.upperBound <= size else {
      let reason = "its data_offsets end at \(offsets.upperBound); the file has \(size) bytes of data; was it cut off?"
      throw .malformed(file: file, tensor: name, reason: reason)
    }
    return Tensor(
      name: name, shape: shape, type: .plain(element), file: file, bytes: bytes,
      range: start + offsets.lowerBound..<start + offsets.upperBound)
  }

  private static func naturals(_ value: JSON) -> [Int]? {
    guard case .array(let elements) = value else { return nil }
    var naturals: [Int] = []
    for element in elements {
      guard case .number(let number) = element, let natural = number.integer, natural >= 0 else { return nil }
      naturals.append(natural)
    }
    return naturals
  }
}

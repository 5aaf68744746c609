import ModelSupport

/// libFuzzer's entry: one input, which must violate no property and trap nowhere.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzSafetensors(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  if let violation = ReaderProperties.violation(safetensors: bytes) { fatalError(violation) }
  return 0
}

/// libFuzzer's own mutation; C's and Swift's calling conventions agree on integers and pointers.
@_silgen_name("LLVMFuzzerMutate")
private func mutate(_ start: UnsafeMutablePointer<UInt8>, _ count: Int, _ limit: Int) -> Int

/// libFuzzer's hook for mutations: seven of eight get the right length before their header.
///
/// Otherwise hardly a mutation of a header would be read as one.
@_cdecl("LLVMFuzzerCustomMutator")
public func mutateSafetensors(
  _ start: UnsafeMutablePointer<UInt8>, _ count: Int, _ limit: Int, _ seed: UInt32
) -> Int {
  let count = mutate(start, count, limit)
  let bytes = UnsafeMutableBufferPointer(start: start, count: count)
  guard seed % 8 != 0, count > 8, let end = bytes[8...].lastIndex(of: UInt8(ascii: "}")) else { return count }
  for (index, byte) in SafetensorsFile.littleEndian(UInt64(end - 7)).enumerated() { bytes[index] = byte }
  return count
}

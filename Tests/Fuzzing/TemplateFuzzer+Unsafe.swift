/// libFuzzer's entry: one input, which must violate no property and trap nowhere.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzTemplate(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  if let violation = TokenizerProperties.violation(template: bytes) { fatalError(violation) }
  return 0
}

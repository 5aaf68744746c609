import Testing

@testable import Checkpoints

@Suite struct TensorTests {
  @Test func everyElementTypeIsReadExactly() {
    let words: [UInt16] = [0x3C00, 0xC000, 0x3F80, 0xC000]
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 8, alignment: 8)
    for (index, word) in words.enumerated() {
      memory.storeBytes(of: word.littleEndian, toByteOffset: 2 * index, as: UInt16.self)
    }
    let bytes = MappedBytes(UnsafeRawBufferPointer(memory)) { UnsafeMutableRawBufferPointer(mutating: $0).deallocate() }
    func tensor(_ element: Tensor.Element, _ range: Range<Int>, _ shape: [Int]) -> Tensor {
      Tensor(name: "x", shape: shape, type: .plain(element), file: "memory", bytes: bytes, range: range)
    }
    #expect(tensor(.float16, 0..<4, [2]).floats() == [1, -2])
    #expect(tensor(.bfloat16, 4..<8, [1, 2]).floats() == [1, -2])
    #expect(tensor(.float32, 4..<8, [1]).floats() == [Float(bitPattern: 0xC000_3F80)])
    #expect(tensor(.bfloat16, 4..<8, [1, 2]).floats(1..<2) == [-2])
  }
}

import CProcessor

/// The instruction set of a processor, as a level; each has the instructions of those below.
package enum ProcessorLevel: String, Hashable, Sendable, CaseIterable, Comparable, Codable {
  /// The instructions that every machine of the architecture has.
  case baseline
  /// x86-64-v3: AVX2 and fused multiply-adds.
  case avx2
  /// x86-64-v4: AVX-512.
  case avx512
  /// x86-64-v4 and AVX-512 VNNI: sums of products of bytes.
  case avx512vnni

  /// This machine's.
  package static let current: ProcessorLevel =
    if rsd_processor_has_v4() {
      rsd_processor_has_vnni() ? .avx512vnni : .avx512
    } else {
      rsd_processor_has_v3() ? .avx2 : .baseline
    }

  /// This machine's level, and those below.
  package static var available: [ProcessorLevel] { allCases.filter { $0 <= current } }

  private var rank: Int {
    switch self {
    case .baseline: 0
    case .avx2: 1
    case .avx512: 2
    case .avx512vnni: 3
    }
  }

  /// Whether a level has less than another.
  package static func < (left: ProcessorLevel, right: ProcessorLevel) -> Bool { left.rank < right.rank }
}

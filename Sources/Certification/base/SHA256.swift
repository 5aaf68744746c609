/// SHA-256: what binds a certificate to the bytes of a model.
///
/// Written here because the packages that have it bring a whole cryptographic library, which would double the time of a
/// first build. It fingerprints package files and guards no secret.
/// - Source: FIPS 180-4, section 6.2.
package struct SHA256 {
  private var state: [UInt32] = Self.fractions(power: 2, of: Self.primes.prefix(8))
  @usableFromInline var block: [UInt8] = []
  @usableFromInline var length: UInt64 = 0
  private static let primes: [Int] = Array((2...311).filter { n in !(2..<n).contains { n % $0 == 0 } })
  private static let constants = fractions(power: 3, of: primes.prefix(64))

  /// The first 32 bits of the fractional parts of the primes' square or cube roots.
  private static func fractions(power: Int, of primes: ArraySlice<Int>) -> [UInt32] {
    primes.map { prime in
      // The largest root with root^power <= prime · 2^(32 · power): bit by bit, in integers.
      let limit = UInt128(prime) << UInt128(32 * power)
      var root: UInt128 = 0
      for bit in (0..<UInt128(37)).reversed() {
        let candidate = root | 1 << bit
        if (0..<power - 1).reduce(candidate, { product, _ in product * candidate }) <= limit { root = candidate }
      }
      return UInt32(truncatingIfNeeded: root)
    }
  }

  /// The hash of no bytes yet.
  package init() {}

  /// Takes more bytes.
  @inlinable
  package mutating func update(_ bytes: some Sequence<UInt8>) {
    for byte in bytes {
      block.append(byte)
      length &+= 1
      if block.count == 64 { compress() }
    }
  }

  /// The digest in lower-case hexadecimal.
  package consuming func finish() -> String {
    let bits = length &* 8
    block.append(0x80)
    if block.count > 56 {
      block.append(contentsOf: repeatElement(0, count: 64 - block.count))
      compress()
    }
    block.append(contentsOf: repeatElement(0, count: 56 - block.count))
    for shift in stride(from: 56, through: 0, by: -8) { block.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift))) }
    compress()
    return state.map { word in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }.joined()
  }

  @usableFromInline
  mutating func compress() {
    var schedule = [UInt32](repeating: 0, count: 64)
    for index in 0..<16 {
      schedule[index] = (0..<4).reduce(0) { $0 << 8 | UInt32(block[4 * index + $1]) }
    }
    for index in 16..<64 {
      let (early, late) = (schedule[index - 15], schedule[index - 2])
      let first = early.rotated(by: 7) ^ early.rotated(by: 18) ^ early >> 3
      let second = late.rotated(by: 17) ^ late.rotated(by: 19) ^ late >> 10
      schedule[index] = schedule[index - 16] &+ first &+ schedule[index - 7] &+ second
    }
    var (a, b, c, d) = (state[0], state[1], state[2], state[3])
    var (e, f, g, h) = (state[4], state[5], state[6], state[7])
    for index in 0..<64 {
      let choice = (e & f) ^ (~e & g)
      let majority = (a & b) ^ (a & c) ^ (b & c)
      let first = h &+ (e.rotated(by: 6) ^ e.rotated(by: 11) ^ e.rotated(by: 25)) &+ choice
      let sum = first &+ Self.constants[index] &+ schedule[index]
      (h, g, f, e) = (g, f, e, d &+ sum)
      (d, c, b, a) = (c, b, a, sum &+ (a.rotated(by: 2) ^ a.rotated(by: 13) ^ a.rotated(by: 22)) &+ majority)
    }
    for (index, word) in [a, b, c, d, e, f, g, h].enumerated() { state[index] &+= word }
    block.removeAll(keepingCapacity: true)
  }
}

extension UInt32 {
  fileprivate func rotated(by bits: UInt32) -> UInt32 { self >> bits | self << (32 - bits) }
}

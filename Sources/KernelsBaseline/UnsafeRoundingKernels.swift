import KernelOperands

/// Rounds vectors to 8 bits, in blocks of 32 numbers.
package enum UnsafeRoundingKernels {
  private typealias Vector = SIMD16<Float>

  /// Rounds a range of the product's vectors.
  package static func round(_ product: PanelProduct, _ rows: Range<Int>) {
    guard let rounded = product.rounded else { return }
    for row in rows {
      let x = product.x + row * product.inputCount
      let codes = rounded.codes + row * rounded.codeStride
      for block in 0..<rounded.blockCount {
        let place = row * rounded.blockCount + block
        let numbers = x + block * RoundedInputs.blockLength
        let (first, second) = (UnsafeVectorKernels.load(numbers), UnsafeVectorKernels.load(numbers + 16))
        let largest = largestMagnitude(first, second)
        // A finite number times 0 is 0; an infinity or a NaN makes of the scale a NaN.
        let scale = largest / 127 + UnsafeVectorKernels.total(first * 0 + second * 0)
        // What is too small for a reciprocal becomes 0.
        let inverse = 127 / largest
        let factor = inverse < .infinity ? inverse : 0
        let (firstCodes, secondCodes) = (nearest(first * factor), nearest(second * factor))
        DotInputs.store(firstCodes, at: codes + block * 8 * DotInputs.words)
        DotInputs.store(secondCodes, at: codes + (block * 8 + 4) * DotInputs.words)
        let sum = total(firstCodes &+ secondCodes)
        rounded.scales[place] = scale
        rounded.sums[place] = sum
        rounded.scaledSums[place] = scale * Float(sum)
      }
    }
  }

  @inline(__always)
  private static func largestMagnitude(_ first: Vector, _ second: Vector) -> Float {
    let mask = SIMD16<UInt32>(repeating: 0x7FFF_FFFF)
    let largest = larger(
      unsafeBitCast(unsafeBitCast(first, to: SIMD16<UInt32>.self) & mask, to: Vector.self),
      unsafeBitCast(unsafeBitCast(second, to: SIMD16<UInt32>.self) & mask, to: Vector.self))
    var result: Float = 0
    for lane in 0..<16 { result = max(result, largest[lane]) }
    return result
  }

  /// The nearest integers, of two the even one; for numbers in -127...127.
  @inline(__always)
  private static func nearest(_ x: Vector) -> SIMD16<Int32> {
    unsafeBitCast(x + 12_582_912, to: SIMD16<Int32>.self) &- 0x4B40_0000
  }

  @inline(__always)
  private static func total(_ parts: SIMD16<Int32>) -> Int32 {
    let eighths = parts.lowHalf &+ parts.highHalf
    let quarters = eighths.lowHalf &+ eighths.highHalf
    let pair = quarters.lowHalf &+ quarters.highHalf
    return pair[0] &+ pair[1]
  }
}

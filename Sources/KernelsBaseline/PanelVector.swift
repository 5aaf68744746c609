/// 48 numbers, one an output of a panel.
struct PanelVector {
  var first: SIMD16<Float>
  var second: SIMD16<Float>
  var third: SIMD16<Float>

  @inline(__always)
  init(first: SIMD16<Float>, second: SIMD16<Float>, third: SIMD16<Float>) {
    (self.first, self.second, self.third) = (first, second, third)
  }

  /// Those at an address.
  @inline(__always)
  init(_ numbers: UnsafeRawPointer) {
    first = numbers.loadUnaligned(as: SIMD16<Float>.self)
    second = numbers.loadUnaligned(fromByteOffset: 64, as: SIMD16<Float>.self)
    third = numbers.loadUnaligned(fromByteOffset: 128, as: SIMD16<Float>.self)
  }

  /// The neutral element of addition: x + -0 is x, also where x is -0.
  static var nothing: PanelVector {
    @inline(__always) get {
      let nothing = SIMD16<Float>(repeating: -0.0)
      return PanelVector(first: nothing, second: nothing, third: nothing)
    }
  }

  @inline(__always)
  func times(_ other: PanelVector) -> PanelVector {
    PanelVector(first: first * other.first, second: second * other.second, third: third * other.third)
  }

  @inline(__always)
  func plus(_ other: PanelVector) -> PanelVector {
    PanelVector(first: first + other.first, second: second + other.second, third: third + other.third)
  }
}

/// 48 words, one an output of a panel.
struct PanelWords {
  var first: SIMD16<UInt32>
  var second: SIMD16<UInt32>
  var third: SIMD16<UInt32>

  @inline(__always)
  init(first: SIMD16<UInt32>, second: SIMD16<UInt32>, third: SIMD16<UInt32>) {
    (self.first, self.second, self.third) = (first, second, third)
  }

  /// Those at an address.
  @inline(__always)
  init(_ words: UnsafeRawPointer) {
    first = words.loadUnaligned(as: SIMD16<UInt32>.self)
    second = words.loadUnaligned(fromByteOffset: 64, as: SIMD16<UInt32>.self)
    third = words.loadUnaligned(fromByteOffset: 128, as: SIMD16<UInt32>.self)
  }

  @inline(__always)
  func map(_ change: (SIMD16<UInt32>) -> SIMD16<UInt32>) -> PanelWords {
    PanelWords(first: change(first), second: change(second), third: change(third))
  }

  @inline(__always)
  func map(_ change: (SIMD16<UInt32>) -> SIMD16<Float>) -> PanelVector {
    PanelVector(first: change(first), second: change(second), third: change(third))
  }
}

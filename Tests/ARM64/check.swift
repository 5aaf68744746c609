// What the baseline's kernels compute, as lines of text: the same on every machine where arithmetic is deterministic.
//
// Compiled in Embedded Swift, for which the toolchain has a standard library of arm64 (.ci/arm64).

import KernelOperands
import KernelsBaseline

/// SplitMix64: numbers that are the same on every machine.
struct Numbers {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed &>> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed &>> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed &>> 31)
  }

  /// In -1..<1, a multiple of 2⁻²³.
  mutating func float() -> Float { Float(Int64(next() &>> 40) - (1 << 23)) / Float(1 << 23) }

  mutating func floats(_ count: Int) -> UnsafeMutablePointer<Float> {
    let numbers = UnsafeMutablePointer<Float>.allocate(capacity: count)
    for index in 0..<count { numbers[index] = float() }
    return numbers
  }
}

func zeros(_ count: Int) -> UnsafeMutablePointer<Float> {
  let numbers = UnsafeMutablePointer<Float>.allocate(capacity: count)
  for index in 0..<count { numbers[index] = 0 }
  return numbers
}

/// FNV-1a over the bits.
func hash(_ numbers: UnsafePointer<Float>, _ count: Int) -> UInt64 {
  var hash: UInt64 = 0xCBF2_9CE4_8422_2325
  for index in 0..<count { hash = (hash ^ UInt64(numbers[index].bitPattern)) &* 0x100_0000_01B3 }
  return hash
}

/// The largest difference, relative to the largest magnitude.
func difference(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int) -> Float {
  var (difference, largest) = (Float(0), Float(0))
  for index in 0..<count {
    difference = max(difference, (a[index] - b[index]).magnitude)
    largest = max(largest, a[index].magnitude)
  }
  return difference / largest
}

func line(_ name: StaticString, _ numbers: UInt64...) {
  print(name, terminator: "")
  for number in numbers { print(" ", terminator: ""); print(number, terminator: "") }
  print("")
}

/// Ends the program where fast arithmetic is further from deterministic than rounding explains.
func require(_ difference: Float, below limit: Float, _ name: StaticString) {
  if difference <= limit { return }
  print(name, terminator: "")
  print(": fast arithmetic is too far from deterministic")
  fatalError()
}

struct Check {
  let exact = LevelKernels.kernels(isFast: false)
  let fast = LevelKernels.kernels(isFast: true)

  func products(_ name: StaticString, _ element: PanelProduct.Element, seed: UInt64) {
    var numbers = Numbers(seed: seed)
    for inputCount in [32, 64, 96, 576] {
      for rows in [1, 2, 3, 5, 8] {
        let outputCount = 50
        let panels = 2
        // As many bytes as the widest format takes. Both halves of a word are numbers of modest size in F16 and BF16.
        let words = panels * (inputCount + 32) * 48
        let weights = UnsafeMutablePointer<UInt32>.allocate(capacity: words)
        for index in 0..<words {
          let random = numbers.next()
          weights[index] =
            element == .float32 ? numbers.float().bitPattern : UInt32(truncatingIfNeeded: random) & 0xBFFF_BFFF
        }
        let x = numbers.floats(rows * inputCount)
        let bias = numbers.floats(panels * 48)
        let (y, fastY) = (zeros(rows * outputCount), zeros(rows * outputCount))
        let memory = UnsafeMutableRawPointer.allocate(
          byteCount: RoundedInputs.byteCount(inputCount: inputCount, rows: rows), alignment: 64)
        let rounded = RoundedInputs(memory, inputCount: inputCount, rows: rows)
        func product(_ y: UnsafeMutablePointer<Float>) -> PanelProduct {
          PanelProduct(
            weights: weights, element: element, inputCount: inputCount, outputCount: outputCount, bias: bias, x: x,
            rounded: rounded, rows: rows, y: y)
        }
        exact.multiply(product(y), 0..<panels)
        if let round = fast.round { round(product(fastY), 0..<rows) }
        fast.multiply(product(fastY), 0..<panels)
        line(name, UInt64(inputCount), UInt64(rows), hash(y, rows * outputCount))
        let isInBlocks = element == .q8_0 || element == .q4_0 || element == .q4_1
        require(difference(y, fastY, rows * outputCount), below: isInBlocks ? 0.02 : 1e-5, name)
      }
    }
  }

  func vectors() {
    var numbers = Numbers(seed: 7)
    for count in [1, 7, 16, 64, 77, 576] {
      let (x, weight) = (numbers.floats(count), numbers.floats(count))
      let y = numbers.floats(count)
      exact.add(x, y, count)
      line("add", UInt64(count), hash(y, count))
      exact.normalize(x, weight, 1e-5, y, count)
      line("normalize", UInt64(count), hash(y, count))
      exact.gate(x, weight, y, count)
      line("gate", UInt64(count), hash(y, count))
      exact.softmax(x, y, count)
      line("softmax", UInt64(count), hash(y, count))
      let pairs = numbers.floats(2 * count)
      exact.turn(pairs, x, weight, count)
      line("turn", UInt64(count), hash(pairs, 2 * count))
      line("areFinite", UInt64(count), exact.areFinite(x, count) ? 1 : 0)
    }
  }

  func attention() {
    var numbers = Numbers(seed: 8)
    let (heads, keyValueHeads, rows, cached) = (6, 3, 4, 21)
    for size in [8, 16, 40, 64, 96] {
      let queries = numbers.floats(rows * heads * size)
      let cacheSize = cached * keyValueHeads * size
      let (keys, values) = (numbers.floats(cacheSize), numbers.floats(cacheSize))
      let (y, fastY) = (zeros(rows * heads * size), zeros(rows * heads * size))
      // Two chains that branch after the first row.
      let prefixes: [Int32] = [17, 17, 17, 17]
      let starts: [Int32] = [0, 1, 3, 5, 8]
      let ancestors: [Int32] = [17, 17, 18, 17, 19, 17, 19, 20]
      func call(_ output: UnsafeMutablePointer<Float>, _ kernel: (AttentionCall, Range<Int>) -> Void) {
        prefixes.withUnsafeBufferPointer { prefixes in
          starts.withUnsafeBufferPointer { starts in
            ancestors.withUnsafeBufferPointer { ancestors in
              kernel(
                AttentionCall(
                  queries: queries, queryStride: heads * size, keys: keys, values: values,
                  keyValueHeadCount: keyValueHeads, headCount: heads, headSize: size, rows: rows,
                  prefixes: prefixes.baseAddress!, ancestorStarts: starts.baseAddress!,
                  ancestors: ancestors.baseAddress!, longest: 20, output: output), 0..<heads * rows)
            }
          }
        }
      }
      call(y, exact.attend)
      call(fastY, fast.attend)
      line("attend", UInt64(size), hash(y, rows * heads * size))
      require(difference(y, fastY, rows * heads * size), below: 1e-5, "attend")
    }
  }
}

@main
struct Main {
  static func main() {
    let check = Check()
    check.products("float32", .float32, seed: 1)
    check.products("bfloat16", .bfloat16, seed: 2)
    check.products("float16", .float16, seed: 3)
    check.products("q8_0", .q8_0, seed: 4)
    check.products("q4_0", .q4_0, seed: 5)
    check.products("q4_1", .q4_1, seed: 6)
    check.vectors()
    check.attention()
  }
}

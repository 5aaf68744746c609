import Foundation
import Testing

/// Which tests a run has: `swift test`, `make test` and `make test-all` have more and more of them.
package enum TestScope {
  /// Whether all tests run: `make test-all` sets `RSD_TESTS=all`.
  package static let isAll = ProcessInfo.processInfo.environment["RSD_TESTS"] == "all"

  /// Whether the code is optimised: without that it is 50 to 100 times slower, `rsd` as well.
  package static var isOptimised: Bool {
    #if DEBUG
      false
    #else
      true
    #endif
  }
}

extension Trait where Self == ConditionTrait {
  /// A test of many seconds that `make test-all` runs.
  package static var long: Self {
    .enabled(if: TestScope.isAll, "a long test: `make test-all` runs it")
  }

  /// A test of many decodings, which a debug build leaves out.
  package static var optimised: Self {
    .enabled(if: TestScope.isOptimised || TestScope.isAll, "too slow in debug: `make test` runs it, in release")
  }
}

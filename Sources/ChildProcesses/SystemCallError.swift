#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// A call of the system that failed.
package struct SystemCallError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Its name, such as "pipe".
  package var call: String
  /// Its error number.
  package var code: Int32

  /// A call and its error number.
  package init(_ call: String, _ code: Int32) { (self.call, self.code) = (call, code) }

  /// "pipe: Too many open files".
  package var description: String { "\(call): \(String(cString: strerror(code)))" }
}

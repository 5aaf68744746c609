/// The one place where a command asks the system for randomness: for `--vary-seed`, once.
///
/// The command prints the seed, so that `--seed` repeats the run.
enum SystemSeed {
  /// A seed of the system's.
  static func take() -> UInt64 {
    var system = SystemRandomNumberGenerator()
    return system.next()
  }
}

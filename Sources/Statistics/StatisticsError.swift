/// A fault of a question put to the statistics, or a failure to answer it.
public enum StatisticsError: Error, Hashable, Sendable {
  /// An argument outside its range.
  case argument(String)
  /// Two lists that must be of the same length.
  case sizes(expected: Int, given: Int)
  /// A function of GSL that reported an error or gave no finite number.
  case gsl(function: String)
  /// A search that did not settle.
  case noConvergence(String)
}

extension StatisticsError: CustomStringConvertible {
  /// One line: what is wrong.
  public var description: String {
    switch self {
    case .argument(let reason): reason
    case .sizes(let expected, let given): "\(given) values were given where \(expected) are needed"
    case .gsl(let function): "the GNU Scientific Library gave no number for \(function)"
    case .noConvergence(let search): "the search for \(search) did not settle"
    }
  }
}

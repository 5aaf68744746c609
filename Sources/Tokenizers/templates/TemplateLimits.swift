/// How far a template may go before it is refused: far beyond any that a model comes with.
enum TemplateLimits {
  /// Scalars of the source.
  static let source = 1 << 20
  /// Tags and expressions within each other, as they are written.
  static let nesting = 80
  /// Expressions within each other, those of a chain such as `a + b + c` included.
  static let expressionDepth = 200
  /// Expressions, statements and macros within each other, as they run.
  static let depth = 400
  /// Lists and mappings within each other.
  static let valueDepth = 64
  /// Work: 4 an expression, 1 a scalar that is written or compared, 8 an element of a list.
  static let work = 20_000_000
  /// Further work for each scalar of the conversation.
  static let workEach = 16
  /// Elements of a `range`, as in Jinja's sandbox.
  static let range = 100_000
}

/// An expression of a template.
struct TemplateExpression: Sendable {
  /// The form of an expression.
  indirect enum Form: Sendable {
    case none
    case boolean(Bool)
    case integer(Int)
    case float(Double)
    case text(TemplateText)
    case name(String)
    case list([TemplateExpression])
    case tuple([TemplateExpression])
    case mapping([(key: TemplateExpression, value: TemplateExpression)])
    case not(TemplateExpression)
    case negative(TemplateExpression)
    case positive(TemplateExpression)
    case and(TemplateExpression, TemplateExpression)
    case or(TemplateExpression, TemplateExpression)
    case arithmetic(TemplateExpression, TemplateOperator, TemplateExpression)
    case concatenation([TemplateExpression])
    case comparison(TemplateExpression, [(sign: TemplateComparison, operand: TemplateExpression)])
    case conditional(test: TemplateExpression, then: TemplateExpression, otherwise: TemplateExpression?)
    case attribute(TemplateExpression, String)
    case element(TemplateExpression, TemplateExpression)
    case slice(TemplateExpression, lower: TemplateExpression?, upper: TemplateExpression?, step: TemplateExpression?)
    case call(TemplateExpression, Arguments)
    case filter(TemplateExpression, String, Arguments)
    case test(TemplateExpression, String, Arguments)
    /// The text that a block wrote, to which the block's filters are applied.
    case blockText
  }

  /// The arguments of a call.
  struct Arguments: Sendable {
    var positional: [TemplateExpression] = []
    var named: [(name: String, value: TemplateExpression)] = []
    /// Behind `*`: more of them in a list.
    var spread: TemplateExpression?
    /// Behind `**`: more of them in a mapping.
    var namedSpread: TemplateExpression?

    init() {}
  }

  let form: Form
  /// Where it stands in the source.
  let offset: Int
  /// Expressions within each other.
  let depth: Int
}

/// An operator of numbers, texts and lists.
enum TemplateOperator: String, Sendable {
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case floorDivide = "//"
  case remainder = "%"
  case power = "**"
}

/// How two values are compared.
enum TemplateComparison: String, Sendable {
  case equal = "=="
  case unequal = "!="
  case less = "<"
  case lessOrEqual = "<="
  case greater = ">"
  case greaterOrEqual = ">="
  case within = "in"
  case notWithin = "not in"
}

/// A statement of a template, or text between tags.
struct TemplateStatement: Sendable {
  /// The target of an assignment.
  indirect enum Target: Sendable {
    case name(String)
    case attribute(String, String)
    case tuple([Target])
  }

  /// A macro, or the body of a call block.
  struct Macro: Sendable {
    let name: String
    let parameters: [(name: String, fallback: TemplateExpression?)]
    let body: [TemplateStatement]
    /// Whether the body speaks of `varargs`, `kwargs`, `caller`.
    let namesPositional: Bool
    let namesNamed: Bool
    let namesCaller: Bool
  }

  /// A `for` with all its parts.
  struct Loop: Sendable {
    let target: Target
    let values: TemplateExpression
    let condition: TemplateExpression?
    let body: [TemplateStatement]
    let otherwise: [TemplateStatement]
  }

  /// The form of a statement.
  indirect enum Form: Sendable {
    case text(TemplateText)
    case output(TemplateExpression)
    case choice([(test: TemplateExpression, body: [TemplateStatement])], otherwise: [TemplateStatement])
    case loop(Loop)
    case set(Target, TemplateExpression)
    case setBlock(Target, TemplateExpression, [TemplateStatement])
    case macro(Macro)
    case callBlock(TemplateExpression, Macro)
    case filterBlock(TemplateExpression, [TemplateStatement])
    case with([(target: Target, value: TemplateExpression)], [TemplateStatement])
    /// A block with variables of its own, such as `generation`.
    case scope([TemplateStatement])
    case leave
    case next
  }

  let form: Form
  /// Where it stands in the source.
  let offset: Int
}

extension TemplateExpression {
  /// Whether Jinja computes it when it reads the template: it has no names and no calls.
  var isConstant: Bool {
    switch form {
    case .none, .boolean, .integer, .float, .text: true
    case .name, .call, .blockText: false
    case .list(let parts), .tuple(let parts), .concatenation(let parts): parts.allSatisfy(\.isConstant)
    case .mapping(let pairs): pairs.allSatisfy { $0.key.isConstant && $0.value.isConstant }
    case .not(let part), .negative(let part), .positive(let part), .attribute(let part, _): part.isConstant
    case .and(let left, let right), .or(let left, let right), .arithmetic(let left, _, let right),
      .element(let left, let right):
      left.isConstant && right.isConstant
    case .comparison(let first, let rest): first.isConstant && rest.allSatisfy(\.operand.isConstant)
    case .conditional(let test, let then, let otherwise):
      test.isConstant && then.isConstant && otherwise?.isConstant == true
    case .slice(let value, let lower, let upper, let step):
      value.isConstant && [lower, upper, step].allSatisfy { $0?.isConstant != false }
    case .filter(let value, _, let arguments), .test(let value, _, let arguments):
      value.isConstant && arguments.spread == nil && arguments.namedSpread == nil
        && arguments.positional.allSatisfy(\.isConstant) && arguments.named.allSatisfy(\.value.isConstant)
    }
  }
}

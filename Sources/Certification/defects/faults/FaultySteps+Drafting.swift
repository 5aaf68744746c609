import Probability
import SpeculativeDecoding

extension FaultySteps {
  /// Replaces the draft's rows by those that are sampled, and remembers the reported ones.
  mutating func alterDraft(_ nodes: Range<Int>, in workspace: inout Workspace<Scalar>) {
    for node in nodes where !workspace.tree[node].isRepeat {
      let row = workspace.draftLaws.law(ofRow: node)
      let start = workspace.draftLaws.row(node).lowerBound
      if fault != .uniformDraft { reported.append((start, row)) }
      var altered = Self.altered(row, fault)
      Laws.normalise(&altered)
      for (offset, value) in altered.enumerated() { workspace.draftLaws.values[start + offset] = value }
    }
  }

  private static func altered(_ row: [Scalar], _ fault: Fault) -> [Scalar] {
    switch fault {
    case .draftTemperature: return row.map { $0 * $0 }
    case .draftTopK:
      let kept = row.indices.sorted { (row[$1], $0) < (row[$0], $1) }.prefix(2)
      return row.indices.map { kept.contains($0) ? row[$0] : .zero }
    case .draftLowPrecision:
      return row.map { value in
        // Eight significant bits, as a bfloat16 has.
        let double = value.approximation
        guard double > 0 else { return .zero }
        let unit = Double(sign: .plus, exponent: double.exponent - 7, significand: 1)
        return Scalar(nearest: Rational(exactly: (double / unit).rounded() * unit) ?? .zero)
      }
    case .uniformDraft: return row.map { _ in .one }
    default: return row
    }
  }

  /// The most probable prefixes instead of the first to arrive.
  mutating func extendByProbability(
    width: Int, outside: Scalar, in workspace: inout Workspace<Scalar>
  ) -> Scalar {
    let candidates = children(of: workspace)
    let order = candidates.indices.sorted { (candidates[$1].mass, $0) < (candidates[$0].mass, $1) }
    take(order.prefix(width).map { candidates[$0] }, in: &workspace)
    return outside
  }

  /// A beam drawn from all children by their masses, whatever the last level drew: noise that is not conditioned.
  mutating func extendAfresh<Source: Choices>(
    width: Int, outside: Scalar, in workspace: inout Workspace<Scalar>, using choices: inout Source
  ) -> Scalar where Source.Scalar == Scalar {
    let candidates = children(of: workspace)
    var weights = candidates.map(\.mass)
    var taken: [Candidate] = []
    while taken.count < width {
      let total = Laws.mass(of: weights.span)
      guard total > .zero else { break }
      let index = choices.index(for: .beam, in: weights.span, total: total)
      weights[index] = .zero
      taken.append(candidates[index])
    }
    take(taken, in: &workspace)
    return outside
  }

  struct Candidate {
    var parent: Int
    var token: Token
    var mass: Scalar
  }

  private func children(of workspace: borrowing Workspace<Scalar>) -> [Candidate] {
    var candidates: [Candidate] = []
    for (index, node) in workspace.beam.enumerated() {
      for (token, probability) in workspace.draftLaws.law(ofRow: node).enumerated() where probability > .zero {
        candidates.append(Candidate(parent: node, token: token, mass: workspace.beamMasses[index] * probability))
      }
    }
    return candidates
  }

  private func take(_ candidates: [Candidate], in workspace: inout Workspace<Scalar>) {
    workspace.nextBeam.empty()
    workspace.nextBeamMasses.removeAll(keepingCapacity: true)
    for candidate in candidates {
      workspace.nextBeam.append(workspace.tree.append(candidate.token, to: candidate.parent))
      workspace.nextBeamMasses.append(candidate.mass)
    }
  }

  /// Unlinks children whose own draft probability is below 1/4.
  func pruneBeam(in workspace: inout Workspace<Scalar>) {
    for node in workspace.beam {
      let children = workspace.tree.children(of: node)
      let kept = children.filter { draftProbability(of: $0, in: workspace) * Scalar(4) >= .one }
      if kept.count < children.count { workspace.tree.reorderChildren(of: node, to: kept) }
    }
  }

  /// Unlinks children whose target probability is below 1/4.
  func pruneByTarget(_ workspace: inout Workspace<Scalar>) {
    for node in 0..<workspace.tree.count {
      let children = workspace.tree.children(of: node)
      let kept = children.filter { targetProbability(of: $0, in: workspace) * Scalar(4) >= .one }
      if kept.count < children.count { workspace.tree.reorderChildren(of: node, to: kept) }
    }
  }

  /// Puts every node's children into the order of a fault.
  func reorder(_ workspace: inout Workspace<Scalar>) {
    for node in 0..<workspace.tree.count {
      let children = workspace.tree.children(of: node)
      guard children.count > 1 else { continue }
      let order: [Int]
      switch fault {
      case .siblingsInTokenOrder: order = children.sorted { workspace.tree[$0].token < workspace.tree[$1].token }
      case .siblingsInProbabilityOrder:
        let keys = children.map { draftProbability(of: $0, in: workspace) }
        order = descending(children, by: keys)
      default:
        let keys = children.map { targetProbability(of: $0, in: workspace) }
        order = descending(children, by: keys)
      }
      workspace.tree.reorderChildren(of: node, to: order)
    }
  }

  private func descending(_ children: [Int], by keys: [Scalar]) -> [Int] {
    children.indices.sorted { (keys[$1], $0) < (keys[$0], $1) }.map { children[$0] }
  }
}

import KernelOperands
import SpeculativeDecoding
import Transformer

extension LawTable<Float> {
  /// The law that a model's logits stand for, as a row of its own.
  package static func law(of logits: [Float]) -> [Float] {
    var table = LawTable(vocabularySize: logits.count)
    table.reserve(rows: 1)
    var rows = Rows(width: logits.count)
    rows.values = logits
    Kernels.kernels(.deterministic).softmax(rows, nodes: [0], into: &table)
    return table.law(ofRow: 0)
  }
}

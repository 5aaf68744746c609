import Certification
import Checkpoints
import EmbeddedModels
import SpeculativeDecoding
import Transformer

/// The embedded pair, read once: what the default suite certifies, and what a certificate can be checked against.
struct EmbeddedTransformers: Sendable {
  let target: TransformerModel
  let draft: TransformerModel
  let targetFingerprint: ModelFingerprint
  let draftFingerprint: ModelFingerprint

  /// The pair, on one thread each: decodings run side by side.
  ///
  /// - Throws: ``CertificationError/corpus(_:)``, if the program had been built over damaged files.
  static func pair() throws(CertificationError) -> EmbeddedTransformers { try shared.get() }

  private static let shared = Result { () throws(CertificationError) in
    do throws(CheckpointError) {
      let (target, draft) = (
        try EmbeddedModel.kingJamesTarget.checkpoint(), try EmbeddedModel.kingJamesDraft.checkpoint()
      )
      return EmbeddedTransformers(
        target: try TransformerModel(target), draft: try TransformerModel(draft),
        targetFingerprint: ModelFingerprint(target, name: EmbeddedModel.kingJamesTarget.name),
        draftFingerprint: ModelFingerprint(draft, name: EmbeddedModel.kingJamesDraft.name))
    } catch {
      throw CertificationError.corpus("the embedded pair: \(error)")
    }
  }
}

extension EmbeddedTransformers {
  /// The draft of a report over the embedded target; `nil` where either is another.
  func draft(of report: TransformerReport) -> DraftModel? {
    guard report.target == targetFingerprint else { return nil }
    switch report.draft {
    case .transformer(let fingerprint): return fingerprint == draftFingerprint ? .transformer(draft) : nil
    case .promptLookup(let order, let discount):
      let model = try? PromptLookup<Float>(vocabularySize: target.vocabularySize, order: order, discount: discount)
      return model.map(DraftModel.promptLookup)
    }
  }

  /// The suite of the default suite's case.
  static func standardSuite() throws(CertificationError) -> TransformerSuite {
    do { return try TransformerSuite.standard() } catch { throw .decoding(place: "the default suite", error) }
  }

  /// The case that a record states; `nil` where it states none.
  func testCase(
    _ record: TransformerRecord, draft: DraftModel, _ budget: ErrorBudget
  ) throws(CertificationError) -> TransformerCase? {
    guard let method = record.base.method, let profile = try? record.profile.profile(), record.samples >= 0,
      record.evaluated ?? 0 >= 0
    else {
      return nil
    }
    let names = record.id.split(separator: "/")
    return try TransformerCase(
      method, over: target, draft: draft, prompt: record.prompt,
      name: names.count >= 2 ? String(names[names.count - 2]) : "", profile: profile, budget: budget,
      samples: record.samples, evaluated: record.evaluated)
  }
}

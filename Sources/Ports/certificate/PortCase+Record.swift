import Certification
import SpeculativeDecoding

extension PortCase {
  /// The case that a record states; `nil` where its rule, shape or profile are none.
  init?(_ record: PortCaseRecord) {
    guard (1...64).contains(record.length), let instance = try? record.base.instance() else { return nil }
    self.init(instance, observable: record.observable, planned: record.planned)
  }

  /// Whether two cases ask for the same, whatever their models are called.
  func isSame(as other: PortCase) -> Bool {
    let (left, right) = (instance, other.instance)
    return left.id == right.id && left.method == right.method && left.pair.target == right.pair.target
      && left.pair.draft == right.pair.draft && left.pair.prompt == right.pair.prompt && left.profile == right.profile
      && left.length == right.length && left.endToken == right.endToken && observable == other.observable
      && planned == other.planned
  }
}

extension PortCaseState {
  /// The state that a record's counts lead to, by one look at all of them.
  ///
  /// - Throws: ``PortFailure`` where a count is of no sequence of the case, and as ``init(_:design:share:)``.
  init(
    repeating record: PortCaseRecord, _ portCase: PortCase, _ design: AnytimeDesign
  ) throws(PortFailure) {
    do throws(CertificationError) {
      try self.init(portCase, design: design, share: PortSuite.budget.nominalShare)
    } catch {
      throw PortFailure(.wrongAnswer, "\(error)")
    }
    guard record.samples > 0 else { return }
    var answer = try SampleAnswer(
      PortAnswer(counts: record.counts, rounds: record.rounds, secondRounds: record.secondRounds), to: message,
      count: record.samples, ordered: false)
    answer.rounds = record.rounds == nil ? nil : answer.rounds
    add(answer, count: record.samples)
    do throws(CertificationError) {
      if record.test?.looks.isEmpty == false { try look() }
    } catch {
      throw PortFailure(.wrongAnswer, "\(error)")
    }
  }
}

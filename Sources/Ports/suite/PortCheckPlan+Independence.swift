import Certification
import SpeculativeDecoding
import Statistics

extension PortCheckPlan {
  /// Neighbouring decodings of a request, and the same places of two requests, as contingency tables of the first tokens; and
  /// all decodings in order, at every lag.
  func runIndependence(
    _ portCase: PortCase, _ session: PortSession, seed: UInt64, isOver: () -> Bool
  ) throws(CertificationError) -> PortCheckRecord {
    let message = try SampleMessage(portCase.instance)
    var (within, between) = (PairTable(), PairTable())
    var decodings: [[Token]] = []
    var number = 0
    var rate: Double?
    while within.total < Self.pairs {
      if isOver() { return record(.inconclusive, reason: "the run ended before (--budget, or Ctrl-C)") }
      let size = rate.map { max(2, min(Self.pairs, Int($0 * PortPace.seconds)) & ~1) } ?? PortPace.first
      let count = min(size, (Self.pairs - within.total + 1) & ~1)
      var lists: [[[Token]]] = []
      let begin = ContinuousClock.now
      do throws(PortFailure) {
        for _ in 0..<2 {
          let requestSeed = portCase.seed(ofRequest: number, suiteSeed: seed)
          number += 1
          let answer = try session.ask(limit: message.answerLimit(count: count)) {
            message.text(id: $0, count: count, seed: requestSeed, ordered: true)
          }
          if let record = refused(answer) { return record }
          if answer.sequences == nil {
            return record(.notSupported, reason: "the port gives no \"sequences\" for \"ordered\"")
          }
          do throws(PortFailure) {
            lists.append(try SampleAnswer(answer, to: message, count: count, ordered: true).ordered)
          } catch {
            throw session.abandon(error)
          }
        }
      } catch {
        return failed(error)
      }
      rate = 2 * Double(count) / max(begin.duration(to: .now) / .seconds(1), 1e-6)
      let heads = lists.map { $0.map { Array($0.prefix(Self.headLength)) } }
      for list in heads {
        for index in stride(from: 0, to: count, by: 2) { within.add(list[index], list[index + 1]) }
      }
      for (first, second) in zip(heads[0], heads[1]) { between.add(first, second) }
      decodings += lists.joined()
    }
    return try judged(within, between, try PortDependence(decodings, of: portCase.instance))
  }

  /// The record of two tables of pairs, and of all decodings in order.
  func judged(
    _ within: PairTable, _ between: PairTable, _ dependence: PortDependence?
  ) throws(CertificationError) -> PortCheckRecord {
    do {
      let share = PortSuite.budget.nominalShare
      let first = try ObservableCase.judge(within.table, share: share)
      let second = try ObservableCase.judge(between.table, share: share)
      let finding = dependence?.finding(share: share)
      let verdicts = [first.verdict, second.verdict]
      // Without two outcomes in a table no lag says anything either.
      let status: PortStatus =
        verdicts.contains(.fail) || (finding != nil && !verdicts.contains(.inconclusive))
        ? .fail : verdicts.contains(.inconclusive) ? .inconclusive : .pass
      var record = record(status)
      record.counts = within.counts
      record.pairsOfRequests = between.counts
      record.dependence = dependence
      record.pValues = [first.result.pValue, second.result.pValue] + (dependence?.pValues ?? [])
      let isSeedIgnored = second.verdict == .fail && between.areEqual
      if status == .inconclusive {
        record.reason = "all decodings are equal: nothing can depend on anything"
      } else if isSeedIgnored {
        record.reason = "requests of two seeds got equal answers: the seed is ignored"
      } else if first.verdict == .fail {
        record.reason = "neighbouring decodings of one request depend on each other: do they share random numbers?"
      } else if second.verdict == .fail {
        record.reason = "the same places of two requests depend on each other: do seeds give overlapping streams?"
      } else {
        record.reason = finding
      }
      if status == .fail { record.diagnosis = diagnosis(isSeedIgnored ? "seed-ignored" : "shared-stream") }
      return record
    } catch {
      throw .statistics(place: id, error)
    }
  }
}

import Foundation
import SpeculativeDecoding
import Statistics

extension CertificateCheck {
  /// What the certificate of a port states must follow from its counts, and its cases must be the suite's.
  func comparePort() throws(CertificationError) -> [Disagreement] {
    guard let report = certificate.port else { return [] }
    var found: [Disagreement] = []
    func check(_ id: String, _ key: String, _ stated: String, _ computed: String, _ agrees: Bool) {
      if !agrees { found.append(Disagreement(id: id, key: key, stated: stated, computed: computed)) }
    }
    if let problem = report.port.hello.problem { check("", "port.hello", "no hello", problem, false) }
    check(
      "", "cases", "\(certificate.cases.count) cases of this package's decoder", "none beside a port's",
      certificate.cases.isEmpty && certificate.transformers == nil)
    let design = try PortSuite.design(epsilon: report.design.epsilon, limit: report.design.limit)
    check("", "port.design", "another", "the suite's error rates and shares", report.design == design)
    check(
      "", "port.notLookedAt", (report.notLookedAt ?? []).joined(separator: "; "),
      report.leftOut.joined(separator: "; "),
      (report.notLookedAt ?? []) == report.leftOut)
    for file in report.port.files where file.sha256.wholeMatch(of: /[0-9a-f]{64}/) == nil {
      check("", "port.files", file.sha256, "64 hexadecimal digits", false)
    }
    var cases = report.cases.map { PortCase($0) }
    if certificate.suite.version == PortSuite.version {
      let selected = try PortSuite.select(PortSelection(name: certificate.suite.selection))
      let (stated, named) = (report.cases.map(\.id), selected.cases.map(\.id))
      guard stated == named, report.checks.map(\.id) == selected.checks.map(\.id) else {
        check("", "port.cases", "others", "those of the selection \"\(certificate.suite.selection)\", in order", false)
        return found
      }
      for (own, record) in zip(selected.cases, report.cases) where PortCase(record)?.isSame(as: own) != true {
        check(record.id, "case", "another", "the suite's", false)
      }
      cases = selected.cases.map(\.self)
    } else {
      // A window that is shorter than a round and one token more cannot see a wrong bonus token; a witness is the suite's.
      for record in report.cases {
        let needed = (PortCase(record)?.instance.method.draftLength ?? 0) + 2
        check(record.id, "length", "\(record.length)", "at least \(needed)", record.length >= needed)
        check(record.id, "planned", "\(record.planned ?? 0)", "absent", record.planned == nil)
      }
      if !found.isEmpty { return found }
    }
    for (record, portCase) in zip(report.cases, cases) {
      guard let portCase else {
        check(
          record.id, "rule", record.rule, "a rule with these shape parameters, and a profile within its ranges", false)
        continue
      }
      found += try compare(record, portCase, design)
    }
    for record in report.checks { found += try compare(record) }
    return found
  }

  private func compare(
    _ record: PortCaseRecord, _ portCase: PortCase, _ design: AnytimeDesign
  ) throws(CertificationError) -> [Disagreement] {
    var found: [Disagreement] = []
    func check(_ key: String, _ stated: String, _ computed: String, _ agrees: Bool) {
      if !agrees { found.append(Disagreement(id: record.id, key: key, stated: stated, computed: computed)) }
    }
    guard record.requests.allSatisfy({ (1...Self.maximumSamples).contains($0) }),
      record.requests.count <= Self.maximumSamples / PortPace.most,
      let asked = Self.sum(of: Dictionary(uniqueKeysWithValues: record.requests.enumerated().map { ("\($0)", $1) })),
      record.counts.values.allSatisfy({ $0 >= 0 }), (record.rounds ?? [:]).values.allSatisfy({ $0 >= 0 }),
      (record.secondRounds ?? [:]).values.allSatisfy({ $0 >= 0 }),
      let counted = Self.sum(of: record.counts), asked == record.samples, counted == record.samples,
      record.rounds == nil || record.rounds.flatMap({ Self.sum(of: $0) }) == record.samples,
      record.secondRounds == nil || record.secondRounds.flatMap({ Self.sum(of: $0) }) == record.samples
    else {
      check("samples", "\(record.samples)", "the sum of the requests, of the counts, and of the rounds", false)
      return found
    }
    let again: PortCaseRecord
    do throws(PortFailure) {
      again = try PortCaseState(repeating: record, portCase, design).record
    } catch {
      check("counts", error.reason, "sequences of the case", false)
      return found
    }
    for (key, stated, computed) in [
      ("test", record.test, again.test), ("acceptedLength", record.acceptedLength, again.acceptedLength),
      ("secondLength", record.secondLength, again.secondLength),
    ] where !Self.isSame(stated, computed) {
      check(
        key, stated.map { "ln e \($0.logEvidence), TV ≤ \($0.totalVariationBound)" } ?? "absent",
        computed.map { "ln e \($0.logEvidence), TV ≤ \($0.totalVariationBound)" } ?? "absent", false)
    }
    let implied = record.failure != nil ? .fail : again.status
    let isStated = record.status == implied || (record.status == .notSupported && implied != .fail && implied != .pass)
    check("status", record.status.rawValue, implied.rawValue, isStated)
    return found
  }

  /// The last looks are computed again; of those before, whose counts were not kept, only the order.
  private static func isSame(_ stated: PortTestRecord?, _ computed: PortTestRecord?) -> Bool {
    guard let stated, let computed else { return (stated?.looks ?? []).isEmpty && (computed?.looks ?? []).isEmpty }
    guard stated.impossible == computed.impossible else { return false }
    let sizes = stated.looks.map(\.samples)
    guard zip(sizes, sizes.dropFirst()).allSatisfy({ $0 < $1 }) else { return false }
    func isClose(_ left: Double?, _ right: Double?) -> Bool {
      guard let left, let right else { return left == nil && right == nil }
      return Self.isClose(left, right)
    }
    guard isClose(stated.statistic, computed.statistic), isClose(stated.pValue, computed.pValue),
      stated.degreesOfFreedom == computed.degreesOfFreedom
    else { return false }
    guard let last = stated.looks.last, let again = computed.looks.last else {
      return stated.looks.isEmpty && computed.looks.isEmpty
    }
    return last.samples == again.samples && Self.isClose(last.logEvidence, again.logEvidence)
      && Self.isClose(last.totalVariationBound, again.totalVariationBound)
  }

  private func compare(_ record: PortCheckRecord) throws(CertificationError) -> [Disagreement] {
    func found(_ computed: String) -> [Disagreement] {
      [Disagreement(id: record.id, key: "status", stated: record.status.rawValue, computed: computed)]
    }
    guard let rule = Rule.named(record.rule) else { return found("of a rule that there is") }
    let plan = PortCheckPlan(record.check, rule: rule)
    guard plan.id == record.id else { return found("of the check that the id names") }
    if record.failure != nil { return record.status == .fail ? [] : found("fail") }
    guard record.status == .pass || record.status == .fail, !record.counts.isEmpty else {
      // A port may refuse a valid request in words, which is a failure without counts.
      return record.status == .pass ? found("a pass has counts") : []
    }
    switch record.check {
    case .vectors, .refusals:
      let isSame = record.counts["otherwise"] == 0 && record.counts["as stated", default: 0] > 0
      return (record.status == .pass) == isSame ? [] : found(isSame ? "pass" : "fail")
    case .replay:
      let isSame = record.counts.count == 2 && record.counts.values.allSatisfy { $0 == 1 }
      return (record.status == .pass) == isSame ? [] : found(isSame ? "pass" : "fail")
    case .independence:
      guard let within = PairTable(record.counts), let between = PairTable(record.pairsOfRequests ?? [:]),
        within.total >= PortCheckPlan.pairs, between.total >= PortCheckPlan.pairs
      else { return found("of \(PortCheckPlan.pairs) pairs or more in both tables") }
      guard
        let dependence = record.dependence?.repeated(of: try PortSuite.orderedCase(rule)),
        dependence.samples == 2 * within.total
      else { return found("of the counts at every lag") }
      let again = try plan.judged(within, between, dependence)
      let (computed, stated) = (again.pValues ?? [], record.pValues ?? [])
      let isSame =
        again.status == record.status && computed.count == stated.count
        && zip(computed, stated).allSatisfy(Self.isClose)
      return isSame ? [] : found(again.status.rawValue)
    }
  }
}

extension PortCase {
  /// The case that a record states; `nil` where its rule, shape or profile are none.
  init?(_ record: PortCaseRecord) {
    guard
      let method = DecodingMethod(
        rule: record.rule, branching: record.branching, width: record.width, depth: record.depth),
      let profile = try? record.profile.profile(), record.length >= 1, record.length <= 64
    else { return nil }
    let pair = ModelPair(name: record.id, target: record.target, draft: record.draft, prompt: record.prompt)
    var instance = Instance(
      method: method, pair: pair, profile: profile, profileName: "", length: record.length, endToken: record.endToken)
    instance.id = record.id
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

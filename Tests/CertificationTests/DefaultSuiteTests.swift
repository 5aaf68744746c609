import Certification
import Probability
import SpeculativeDecoding
import Statistics
import Testing
import ToyModels

/// The design of the default suite, asserted: what it covers, what it costs, and what every case can find.
@Suite struct DefaultSuiteTests {
  static let suite = try! DefaultSuite.suite()
  static let budget = suite.budget
  static let plans = try! suite.cases.map { try CasePlan($0, budget: budget) }

  @Test func coversRulesShapesPairsAndProfiles() {
    let cases = Self.suite.cases
    #expect(cases.count >= 60)
    #expect(Set(cases.map(\.id)).count == cases.count)
    #expect(Set(cases.map(\.streamWord)).count == cases.count)
    #expect(Set(cases.map(\.method.rule)) == Set(Rule.all))
    for rule in Rule.allThatDraft {
      let ofRule = cases.filter { $0.method.rule == rule }
      #expect(Set(ofRule.map(\.method.shape)).count >= 3)
      #expect(Set(ofRule.map(\.pair.name)).count == 7)
      #expect(Set(ofRule.map(\.profile)).count >= 6)
    }
    #expect(Set(cases.map(\.pair.name)).count >= 6)
    #expect(cases.contains { $0.endToken != nil })
    for instance in cases {
      #expect(instance.length >= instance.method.draftLength + 2)
      #expect(instance.method.draftLength <= 4)
      let support = instance.profile.topK > 0 ? instance.profile.topK : instance.pair.target.vocabulary
      #expect(min(support, instance.pair.target.vocabulary) <= 3)
    }
  }

  @Test func keepsToItsCost() {
    #expect(Self.plans.reduce(0) { $0 + $1.plannedRounds } <= 100_000_000)
  }

  @Test func everyCaseMeansSomething() {
    for plan in Self.plans {
      let id = plan.instance.id
      #expect(plan.isConclusive, "\(id)")
      #expect(plan.test.cells.degreesOfFreedom > 0, "\(id)")
      #expect(plan.test.cells.smallestExpected >= 1000, "\(id)")
      #expect(plan.test.cells.pooledMass <= 0.05, "\(id)")
      #expect(plan.power >= 1 - Self.budget.falsePass, "\(id)")
      #expect(abs(plan.law.probabilities.reduce(0, +) - 1) < 1e-12, "\(id)")
    }
  }

  @Test func errorSharesSumToHalfTheFalseFailRate() throws {
    #expect(Self.budget.falseFail == 1e-6)
    let sum = Self.plans.reduce(0) { $0 + $1.test.share }
    // The other tests of a run take the shares that the cases leave.
    let others =
      try ObservableSuite.cases(share: Self.budget.nominalShare).count + Defect.all.filter(\.isLossless).count
    #expect(Self.plans.count + others <= DefaultSuite.errorShares)
    #expect(abs(sum + Double(DefaultSuite.errorShares - Self.plans.count) * Self.budget.nominalShare - 5e-7) < 1e-15)
  }

  /// Rounding never decides what a profile keeps: partial sums stay away from top-p, and ratios from min-p.
  @Test func profilesKeepTheirMargins() throws {
    for instance in Self.suite.cases {
      let profile = instance.profile
      for document in [instance.pair.target, instance.pair.draft] {
        let model = try document.model()
        for law in model.rows.values {
          let tempered = try SamplingProfile(temperature: profile.temperature, topK: profile.topK).applied(to: law)
          var sum = 0.0
          for probability in tempered.sorted(by: >) where profile.topP < 1 {
            sum += probability
            #expect(abs(sum - profile.topP) >= 1e-6, "\(instance.id)")
          }
          let largest = tempered.max()!
          for probability in tempered where profile.minP > 0 && probability > 0 {
            #expect(abs(probability / largest - profile.minP) >= 1e-6, "\(instance.id)")
          }
        }
      }
    }
  }

  @Test func quickHasEveryShapeOnce() throws {
    let quick = try DefaultSuite.quick()
    #expect(Set(quick.cases.map(\.method)) == Set(DefaultSuite.methods))
    #expect(quick.cases.count == DefaultSuite.methods.count)
    #expect(Set(quick.cases.map(\.id)).isSubset(of: Self.suite.cases.map(\.id)))
  }

  @Test func wideSuiteCanBePlanned() throws {
    let wide = try WideSuite.suite()
    let budget = ErrorBudget(cases: wide.cases.count)
    for instance in wide.cases {
      let plan = try CasePlan(instance, budget: budget)
      #expect(plan.isConclusive && plan.test.cells.pooledMass <= 0.05, "\(instance.id)")
    }
  }

  @Test func predictedPowerIsTheSharesForTheTargetItself() throws {
    let plan = Self.plans.first { $0.instance.id == "specinfer/2-1-1/zeros/plain" }!
    let exact = try SequenceLaw(
      of: plan.instance.pair.target.exactModel(), after: plan.instance.pair.prompt, length: plan.instance.length)
    #expect(plan.test.effect(of: exact.table) < 1e-12)
    #expect(abs(try plan.test.power(against: exact.table) / plan.test.share - 1) < 1e-3)
    // Any mass on a sequence that the target never emits is met sooner or later.
    var leaking = exact.table
    leaking[[0, 2, 0, 0, 0]] = Rational(1, 1000)
    #expect(try plan.test.power(against: leaking) > 1 - 1e-12)
  }
}

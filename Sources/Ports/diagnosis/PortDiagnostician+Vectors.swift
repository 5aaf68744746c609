import Certification
import SpeculativeDecoding

extension PortDiagnostician {
  /// The known faults that answer directed vectors as a port did.
  ///
  /// - Parameter answers: what the port gave for each vector; `nil` for no answer.
  static func diagnosis(
    ofVectors answers: [(vector: DirectedVector, given: DirectedVector.Expectation?)], rule: String
  ) -> PortDiagnosis {
    var candidates: [(defects: [String], mismatches: Int, answers: [DirectedVector.Expectation?])] = []
    func consider(
      _ names: [String], _ outcome: (VerificationRequest) throws(SpeculativeDecodingError) -> VerificationOutcome
    ) {
      var given: [DirectedVector.Expectation?] = []
      for (vector, _) in answers {
        do throws(SpeculativeDecodingError) {
          given.append(.init(try outcome(vector.request.checked())))
        } catch {
          given.append(nil)
        }
      }
      let mismatches = zip(given, answers).reduce(0) { $0 + ($1.0 == $1.1.given ? 0 : 1) }
      if let index = candidates.firstIndex(where: { $0.answers == given }) {
        candidates[index].defects += names.filter { !candidates[index].defects.contains($0) }
      } else {
        candidates.append((names, mismatches, given))
      }
    }
    consider(["none"]) { request throws(SpeculativeDecodingError) in try request.outcome() }
    for defect in Defect.all where defect.boundary == nil && !defect.isLossless {
      consider([defect.id]) { request throws(SpeculativeDecodingError) in try request.outcome(under: defect.fault) }
    }
    for fault in BoundaryFault.allCases where fault != .none {
      let name = fault.rawValue
      let known = name.hasPrefix("boundary-") ? String(name.dropFirst("boundary-".count)) : name
      consider([known]) { request throws(SpeculativeDecodingError) in try request.outcome(under: fault) }
    }
    // What changes no vector at all is the correct decoder here.
    let correct = candidates[0].answers
    let told = candidates.filter { $0.answers != correct }
    let ordered = told.sorted { ($0.mismatches, $0.defects[0]) < ($1.mismatches, $1.defects[0]) }
    return PortDiagnosis(
      rule: rule, compared: ["vectors/\(rule)"],
      candidates: shown(
        ordered.map { candidate in
          PortDiagnosis.Candidate(
            defects: candidate.defects, mismatches: candidate.mismatches, fits: candidate.mismatches == 0)
        }))
  }
}

import Certification
import Foundation
import Statistics

extension ServerCertificate {
  /// Whether a JSON text says that it is such a certificate.
  package static func isKind(of json: Data) -> Bool {
    let object = (try? JSONSerialization.jsonObject(with: json)) as? [String: Any]
    return object?["kind"] != nil
  }

  /// The certificate as JSON, keys sorted.
  ///
  /// - Throws: ``CertificationError/certificate(_:)`` where a number has no JSON form.
  package func json() throws(CertificationError) -> Data { try StableJSON.encode(self) }

  /// Reads a certificate, and refuses keys that the format does not know.
  ///
  /// - Throws: ``CertificationError/certificate(_:)`` with what is wrong and where.
  package init(json: Data) throws(CertificationError) {
    self = try StableJSON.decode(json)
    guard kind == Self.format else { throw .certificate("its kind is \(OutsideText.shown(kind)), not \(Self.format)") }
  }

  /// All disagreements; none means that every verdict follows from the completions.
  ///
  /// - Throws: ``CertificationError/certificate(_:)`` for settings that no run has, and for sequences that name no cell.
  package func disagreements() throws(CertificationError) -> [Disagreement] {
    var found: [Disagreement] = []
    if prompts.map(\.prompt) != settings.prompts {
      found.append(
        Disagreement(
          key: "prompts", stated: "\(prompts.count) records, or of other prompts",
          computed: "those of the settings, in order"))
    }
    for (number, record) in prompts.enumerated() {
      let repeats = record.repeats
      if (0...max(0, repeats.off)).contains(repeats.offEqual), (0...max(0, repeats.on)).contains(repeats.onEqual) {
        continue
      }
      found.append(
        Disagreement(
          id: "prompt \(number + 1)", key: "repeats", stated: "more equal than sent", computed: "at most as many"))
    }
    return found + (try Disagreement.between(self, rebuilt()))
  }

  /// The certificate that follows from the settings and the completions in order.
  private func rebuilt() throws(CertificationError) -> ServerCertificate {
    do throws(ServerFailure) {
      try settings.validate()
    } catch {
      throw .certificate("\(error)")
    }
    var again = self
    again.design = try settings.design()
    guard prompts.map(\.prompt) == settings.prompts else {
      // Records of other prompts are judged by nothing.
      again.prompts = []
      again.verdict = .worst(of: [])
      return again
    }
    let judgement = ServerJudgement(design: again.design, samples: settings.samples, completions: settings.completions)
    for (number, record) in prompts.enumerated() {
      let place = "prompt \(number + 1)"
      let names = record.cells.map(\.completion)
      guard Set(names).count == names.count else { throw .certificate("\(place): a cell occurs twice") }
      func sequence(_ name: String, _ text: String) throws(CertificationError) -> [Int] {
        var numbers: [Int] = []
        for word in text.split(separator: " ") {
          guard let number = Int(word), names.indices.contains(number) else {
            throw .certificate("\(place): its sequence \(name) names no cell by \(OutsideText.shown(String(word)))")
          }
          numbers.append(number)
        }
        return numbers
      }
      let off = try sequence("off", record.sequences.off)
      let offAgain = try sequence("offAgain", record.sequences.offAgain)
      let on = try sequence("on", record.sequences.on)
      do {
        again.prompts[number] = try judgement.record(
          prompt: record.prompt, names: names, off: off, offAgain: offAgain, on: on, repeats: record.repeats)
      } catch {
        throw .statistics(place: place, error)
      }
    }
    again.verdict = .worst(of: again.prompts.map(\.verdict))
    return again
  }
}

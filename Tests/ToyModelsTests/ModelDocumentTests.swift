import Foundation
import Probability
import SpeculativeDecoding
import Testing
import ToyModels

@Suite struct ModelDocumentTests {
  static func document(_ text: String) throws -> ModelDocument { try ModelDocument(json: Data(text.utf8)) }

  @Test func numbersAndTextsAreRead() throws {
    let document = try Self.document(
      #"{"vocabulary":2,"order":1,"name":"a","rows":{"":[0.5,"1/2"],"0":["0.25","3/4"],"1":["1",0]}}"#)
    #expect(document.name == "a")
    #expect(document.source == nil)
    #expect(!document.isExact)
    #expect(document.rows["0"] == [.fraction(Rational(1, 4)), .fraction(Rational(3, 4))])
    let model = try document.model()
    #expect(model.rows == [[]: [0.5, 0.5], [0]: [0.25, 0.75], [1]: [1, 0]])
    let exact = try document.exactModel(takingDoubles: true)
    #expect(
      exact.rows == [[]: [Rational(1, 2), Rational(1, 2)], [0]: [Rational(1, 4), Rational(3, 4)], [1]: [1, 0]])
  }

  /// The texts that the schema's pattern takes, and no others.
  @Test func textsAreSpelledAsTheSchemaSays() throws {
    let url = URL(filePath: #filePath).appending(path: "../../../Schemas/model.schema.json").standardized
    let schema = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
    let probability = try #require((schema["$defs"] as? [String: [String: Any]])?["probability"])
    let forms = try #require(probability["oneOf"] as? [[String: Any]])
    let pattern = try Regex(try #require(forms.compactMap { $0["pattern"] as? String }.first))
    var taken = 0
    for text in [
      "1/2", "0/3", "12/345", "0", "1", "0.5", "0.50", "0.125", "+1/2", "-0", "1/+2", "01/2", "1/02", "1/0", ".5", "1.",
      "00.5", "1e-3", " 1", "1 ", "1/2/3", "1.2.3", "0.5/2", "1/2.0", "", "/", ".", "0x1", "\u{663}",
    ] {
      let document = try? Self.document(#"{"vocabulary":1,"order":0,"rows":{"":["\#(text)"]}}"#)
      #expect((document != nil) == (try pattern.firstMatch(in: text) != nil), "\(text)")
      taken += document == nil ? 0 : 1
    }
    #expect(taken == 8)
  }

  @Test func doublesBecomeTheirExactRatios() throws {
    let document = try Self.document(#"{"vocabulary":3,"order":0,"rows":{"":[0.1,0.2,0.7]}}"#)
    let row = try #require(try document.exactModel(takingDoubles: true).law(after: []))
    #expect(row.reduce(.zero, +) == .one)
    // 0.1 and 0.2 are not tenths, but one is exactly the double of the other.
    #expect(row[1] == row[0] + row[0])
    #expect(row[0] != Rational(1, 10))
  }

  @Test(arguments: Sizes.all)
  func exactModelsRoundTrip(vocabulary: Int, order: Int) throws {
    var random = RandomModels(seed: 11)
    let model = try random.model(vocabulary: vocabulary, order: order)
    let document = ModelDocument(model, name: "n", source: "s")
    let read = try ModelDocument(json: JSONEncoder().encode(document))
    #expect(read == document)
    #expect(read.isExact)
    #expect(try read.exactModel().rows == model.rows)
  }

  @Test func shorterContextsMayBeAbsent() throws {
    let document = try Self.document(#"{"vocabulary":2,"order":1,"rows":{"0":[0.5,0.5],"1":[1,0]}}"#)
    let model = try document.model()
    #expect(model.law(after: []) == nil)
    #expect(model.law(after: [1, 0]) == [0.5, 0.5])
    var context = model.makeContext()
    #expect(throws: SpeculativeDecodingError.self) { try model.begin([], in: &context) }
    try model.begin([0], in: &context)
  }

  @Test(arguments: ["target", "draft"])
  func examplesOfTheReadmeAreModels(name: String) throws {
    let url = URL(filePath: #filePath).appending(path: "../../../Fixtures/models/\(name).json").standardized
    let document = try ModelDocument(json: Data(contentsOf: url))
    #expect(document.isExact && document.vocabulary == 3 && document.order == 1)
    #expect(try document.exactModel().rows.count == 4)
  }
}

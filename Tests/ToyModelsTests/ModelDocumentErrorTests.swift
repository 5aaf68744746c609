import Foundation
import Probability
import Testing
import ToyModels

/// Each way in which a file is no model, with the one line that a person gets to see.
@Suite struct ModelDocumentErrorTests {
  static let errors: [(json: String, line: String)] = [
    (
      #"{"vocabulary":2,"order":0,"rows":{"":[NaN,0.5]}}"#,
      "line 1, column 39: \"NaN\" is no JSON value (a number, a text in quotes, a list, an object, true, false or null)"
    ),
    (
      #"{"vocabulary":2,"order":0,"rows":{"":["NaN",0.5]}}"#,
      #"rows[""][0]: "NaN" is neither a number nor a fraction "p/q""#
    ),
    (
      #"{"vocabulary":2,"order":0,"rows":{"":[0.5,"Infinity"]}}"#,
      #"rows[""][1]: "Infinity" is neither a number nor a fraction "p/q""#
    ),
    (
      #"{"vocabulary":2,"order":0,"rows":{"":["1/0","1/2"]}}"#,
      #"rows[""][0]: "1/0" is neither a number nor a fraction "p/q""#
    ),
    (
      #"{"vocabulary":2,"order":1,"rows":{"":[0.5,0.5],"0":[-0.5,1.5],"1":[1,0]}}"#,
      #"row "0": the probability of token 0 is -0.5; probabilities are at least 0"#
    ),
    (
      #"{"vocabulary":2,"order":0,"rows":{"":["3/2","-1/2"]}}"#,
      #"row "": the probability of token 1 is -0.5; probabilities are at least 0"#
    ),
    (
      #"{"vocabulary":2,"order":0,"rows":{"":[0.5,0.25]}}"#,
      #"row "": the probabilities sum to 0.75; they must sum to 1 within 1e-09"#
    ),
    (
      #"{"vocabulary":2,"order":0,"rows":{"":[0,0]}}"#,
      #"row "": the probabilities sum to 0.0; they must sum to 1 within 1e-09"#
    ),
    (#"{"vocabulary":0,"order":0,"rows":{"":[]}}"#, "vocabulary 0: a model needs at least one token"),
    (#"{"vocabulary":-3,"order":0,"rows":{"":[1]}}"#, "vocabulary -3: a model needs at least one token"),
    (
      #"{"vocabulary":2,"order":1,"rows":{"":[0.5,0.5],"0":[0.5,0.5]}}"#,
      #"row "1" is missing; every context needs a law, but those shorter than the order may all be absent"#
    ),
    (
      #"{"vocabulary":2,"order":2,"rows":{"1":[1,0],"0 0":[1,0],"0 1":[1,0],"1 0":[1,0],"1 1":[1,0]}}"#,
      #"row "0" is missing; every context needs a law, but those shorter than the order may all be absent"#
    ),
    (
      #"{"vocabulary":2,"order":0,"rows":{}}"#,
      #"row "" is missing; every context needs a law, but those shorter than the order may all be absent"#
    ),
    (
      #"{"vocabulary":2,"order":1,"rows":{"0":[0.5,0.5],"1":[0.5,0.5],"2":[0.5,0.5]}}"#,
      #"row "2" is no context of this model; a key is at most `order` tokens below `vocabulary`, joined by a space"#
    ),
    (
      #"{"vocabulary":2,"order":0,"rows":{"":[0.5,0.5],"0":[0.5,0.5]}}"#,
      #"row "0" is no context of this model; a key is at most `order` tokens below `vocabulary`, joined by a space"#
    ),
    (
      #"{"vocabulary":2,"order":1,"rows":{"0":[0.5,0.5],"01":[0.5,0.5]}}"#,
      #"row "01" is no context of this model; a key is at most `order` tokens below `vocabulary`, joined by a space"#
    ),
    (
      #"{"vocabulary":2,"order":2,"rows":{"0  1":[0.5,0.5]}}"#,
      #"row "0  1" is no context of this model; a key is at most `order` tokens below `vocabulary`, joined by a space"#
    ),
    (
      #"{"vocabulary":2,"order":0,"rows":{"":[0.5,0.5]},"temperature":1}"#,
      #"unknown key "temperature" in a model; its keys are vocabulary, order, rows, and if you like name and source"#
    ),
    (
      #"{"vocabulary":2,"order":0,"rows":{"":[0.5,0.5],"":[1,0]}}"#,
      #"line 1, column 48: the key "" occurs twice"#
    ),
    (
      #"{"vocabulary":2,"order":0,"rows":{"":[0.5,"#,
      "line 1, column 43: the file ends inside the list that begins at line 1, column 38; was it cut off?"
    ),
    (
      "{\"vocabulary\":2,\n \"order\":0,\n \"rows\":{\n",
      "line 4, column 1: the file ends inside the object that begins at line 3, column 9; was it cut off?"
    ),
    (
      #"{"vocabulary":2,"order":0,"rows":{"":[0.5,0.25,0.25]}}"#,
      #"row "" has 3 entries; it needs 2, one for each token of the vocabulary"#
    ),
    (
      #"{"vocabulary":2,"order":0,"rows":{"":[]}}"#,
      #"row "" has 0 entries; it needs 2, one for each token of the vocabulary"#
    ),
    (
      #"{"vocabulary":2,"order":25,"rows":{"":[0.5,0.5]}}"#,
      "order 25 is out of range; a law depends on the last 0 to 24 tokens"
    ),
    (
      #"{"vocabulary":2,"order":-1,"rows":{"":[0.5,0.5]}}"#,
      "order -1 is out of range; a law depends on the last 0 to 24 tokens"
    ),
    // The table of one token is small whatever the order, but its contexts are not.
    (
      #"{"vocabulary":1,"order":10000000,"rows":{"":[1]}}"#,
      "order 10000000 is out of range; a law depends on the last 0 to 24 tokens"
    ),
    (
      #"{"vocabulary":2,"order":24,"rows":{"":[0.5,0.5]}}"#,
      "order 24 over 2 tokens makes a table of more than 16777216 probabilities; lower one of them"
    ),
    (
      #"{"vocabulary":4611686018427387904,"order":1,"rows":{"":[1]}}"#,
      "order 1 over 4611686018427387904 tokens makes a table of more than 16777216 probabilities; lower one of them"
    ),
    (
      #"{"vocabulary":2,"order":0,"rows":{"":[1e400,0.5]}}"#, "line 1, column 39: the number \"1e400\" is too large"
    ),
    (
      #"{"vocabulary":99999999999999999999,"order":0,"rows":{"":[1]}}"#,
      "vocabulary: must be a whole number below 2^63"
    ),
    (#"{"vocabulary":2,"order":0.5,"rows":{"":[1]}}"#, "order: must be a whole number below 2^63"),
    (#"{"vocabulary":"2","order":0,"rows":{"":[1]}}"#, "vocabulary: must be a whole number below 2^63"),
    (#"{"vocabulary":2,"order":0}"#, #"the key "rows" is missing"#),
    (#"{"order":0,"rows":{"":[1]}}"#, #"the key "vocabulary" is missing"#),
    (#"{"vocabulary":2,"order":0,"rows":[0.5,0.5]}"#, "rows: must be an object"),
    (#"{"vocabulary":2,"order":1,"rows":{"0":0.5}}"#, #"rows["0"]: must be a list"#),
    (
      #"{"vocabulary":2,"order":1,"rows":{"0":[0.5,true]}}"#,
      #"rows["0"][1]: must be a number or a text "p/q""#
    ),
    (#"{"vocabulary":2,"order":0,"rows":{"":[null,1]}}"#, #"rows[""][0]: must be a number or a text "p/q""#),
    (#"{"name":3,"vocabulary":2,"order":0,"rows":{}}"#, "name: must be a text in quotes"),
    ("[0.5, 0.5]", "the whole file must be an object"),
    ("", "the file is empty"),
  ]

  @Test(arguments: errors)
  func oneLineSaysWhatAndWhere(json: String, line: String) throws {
    #expect(message { try ModelDocument(json: Data(json.utf8)).model() } == line)
  }

  @Test func numbersAreNoExactLaw() throws {
    let document = try ModelDocument(json: Data(#"{"vocabulary":2,"order":0,"rows":{"":["1/2",0.5]}}"#.utf8))
    let line =
      #"row "" holds floating-point numbers; give them as text "p/q", or take their exact values (--as-doubles)"#
    #expect(message { try document.exactModel() } == line)
  }

  @Test func fractionsMustSumToOneExactlyForAnExactLaw() throws {
    let document = try ModelDocument(
      json: Data(#"{"vocabulary":2,"order":0,"rows":{"":["1/2","499999999999/1000000000000"]}}"#.utf8))
    _ = try document.model()
    let line =
      #"row "": the probabilities sum to 999999999999/1000000000000; they must sum to 1 exactly"#
    #expect(message { try document.exactModel() } == line)
  }

  private func message(_ body: () throws -> some Any) -> String? {
    do {
      _ = try body()
      return nil
    } catch {
      return error is ToyModelError ? "\(error)" : "not explained: \(error)"
    }
  }
}

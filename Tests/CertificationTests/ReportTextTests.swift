import Probability
@testable import Reports
import Testing

@testable import Certification

/// Text from outside may be anything, and may only ever be text.
@Suite struct ReportTextTests {
  private static let marks = Set("<>&\"'".unicodeScalars)

  @Test func plainTextStaysAsItIs() {
    for text in ["", "rsd-s/2x2/near-equal/plain", "a < b & \"c\"", "naïve Ωμέγα 漢字", "1/2 · 10⁻⁶"] {
      #expect(OutsideText.shown(text) == text)
    }
  }

  @Test func whatCannotBeSeenIsWrittenOut() {
    #expect(OutsideText.shown("safe\u{202E}gnp.exe") == "safe⟨202E⟩gnp.exe")
    #expect(OutsideText.shown("a\u{200B}b\u{7}c\r\nd") == "a⟨200B⟩b⟨0007⟩c⟨000D⟩⟨000A⟩d")
    #expect(OutsideText.shown("\u{E0041}\u{3164}\u{A0}") == "⟨E0041⟩⟨3164⟩⟨00A0⟩")
    #expect(OutsideText.shown("\u{1F468}\u{200D}\u{1F469}") == "\u{1F468}⟨200D⟩\u{1F469}")
  }

  /// A mark of HTML that something joins is another character, which escaping by characters leaves as it is.
  @Test func nothingJoinsAMark() {
    #expect(OutsideText.shown("\"\u{301}") == "\"⟨0301⟩")
    #expect(OutsideText.shown("\u{600}<") == "⟨0600⟩<")
    #expect(OutsideText.shown("&\u{FE0F}\u{20DD}") == "&⟨FE0F⟩⟨20DD⟩")
  }

  @Test func pilesOfAccentsAndLongTextsAreCut() {
    let pile = OutsideText.shown("Z" + String(repeating: "\u{336}", count: 500))
    #expect(pile.unicodeScalars.count { $0 == "\u{336}" } == 2 && pile.count < 40)
    let long = OutsideText.shown(String(repeating: "ab", count: 5000))
    #expect(long.hasPrefix("abab") && long.hasSuffix("… (9840 more)") && long.count == 160 + "… (9840 more)".count)
    #expect(OutsideText.label("abcdef", room: 6) == "abcdef")
    #expect(OutsideText.label("abcdefg", room: 6) == "abcde…")
    #expect(OutsideText.label("ab\u{202E}cdefg", room: 6) == "ab…")
  }

  /// Over 20,000 texts of letters that are chosen to do harm.
  @Test func nothingInvisibleAndNoJoinedMarkIsLeft() {
    let letters: [Unicode.Scalar] = [
      "<", ">", "&", "\"", "'", "a", " ", "\u{301}", "\u{20DD}", "\u{600}", "\u{D4E}", "\u{200D}", "\u{202E}",
      "\u{FE0F}",
      "\u{0}", "\u{1F468}", "\r", "\n", "\u{AC00}", "\u{11A8}", "\u{903}", "\u{E0001}", "\u{FFFF}",
    ]
    var generator = Philox4x64(key: [20, 26])
    for _ in 0..<20_000 {
      var text = ""
      for _ in 0..<Int.random(in: 1...8, using: &generator) {
        text.unicodeScalars.append(letters[Int.random(in: 0..<letters.count, using: &generator)])
      }
      let shown = OutsideText.shown(text)
      for character in shown where character.unicodeScalars.contains(where: Self.marks.contains) {
        #expect(character.unicodeScalars.count == 1, "\(text.debugDescription)")
      }
      let hidden = shown.unicodeScalars.filter {
        [.control, .format, .lineSeparator, .unassigned].contains($0.properties.generalCategory)
      }
      #expect(hidden.isEmpty, "\(text.debugDescription)")
      #expect(
        shown.unicodeScalars.filter(Self.marks.contains) == text.unicodeScalars.filter(Self.marks.contains),
        "\(text.debugDescription)")
    }
  }

  @Test(arguments: [
    "https://github.com/huggingface/transformers/pull/28508", "http://example.org/a?b=c&d=%20#e",
    "HTTPS://Example.org/",
  ])
  func addressesOfTheWebAreLinks(text: String) { #expect(OutsideLink(text)?.address == text) }

  @Test(arguments: [
    "javascript:alert(1)", "JaVaScRiPt://example.org/%0Aalert(1)", "data:text/html,x", "file:///etc/passwd",
    "//example.org/",
    "/path", "example.org", "https://", "https:///x", "https://user:secret@example.org/",
    "https://github.com@evil.example/",
    "https://example.org/\"onclick=\"x", "https://example.org/<b>", "https://exa mple.org/", " https://example.org/",
    "https://example.org/\u{202E}", "https://ехample.org/", "https://example.org/\n", "", "vbscript:x",
  ])
  func nothingElseIs(text: String) { #expect(OutsideLink(text) == nil) }

  @Test func longAddressesAreNone() {
    #expect(OutsideLink("https://example.org/" + String(repeating: "a", count: 3000)) == nil)
  }

  @Test func everyKnownSourceIsShownByItsName() {
    for source in Defect.all.flatMap(\.sources) {
      let shown = ShownSource(source.text)
      #expect(shown.sourceLink == source.link)
      #expect(shown.sourceName == source.name || source.name.count > 80)
    }
    #expect(ShownSource("https://example.org/thread/7").sourceName == "example.org/thread/7")
  }

  @Test func numbersAreSetAsInPrint() {
    #expect(ReportNumber.probability(0.38235) == "0.3824")
    #expect(ReportNumber.probability(3.53e-19) == "3.5 × 10⁻¹⁹")
    #expect(ReportNumber.probability(0) == "0")
    #expect(ReportNumber.rate(1e-6) == "10⁻⁶")
    #expect(ReportNumber.rate(0.03) == "0.03")
    #expect(ReportNumber.power(0.9999990000034668) == "1 − 10⁻⁶")
    #expect(ReportNumber.power(1) == "1")
    #expect(ReportNumber.power(0.25) == "0.2500")
    #expect(ReportNumber.signed(-2.421) == "−2.42")
    #expect(ReportNumber.expected(19507.34) == "19,507.3")
    #expect(NumberText.grouped(.min) == "-9,223,372,036,854,775,808")
    #expect(NumberText.grouped(1000) == "1,000" && NumberText.grouped(999) == "999")
  }
}

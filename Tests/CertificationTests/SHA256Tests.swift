import Testing

@testable import Certification

/// Known answers of FIPS 180-4 and its validation system (short and long messages).
@Suite struct SHA256Tests {
  static func digest(_ bytes: some Sequence<UInt8>) -> String {
    var hash = SHA256()
    hash.update(bytes)
    return hash.finish()
  }

  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func shortMessages(message: String, expected: String) { #expect(Self.digest(message.utf8) == expected) }

  @Test func aMillionTimesTheSameLetter() {
    let expected = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    #expect(Self.digest(repeatElement(UInt8(ascii: "a"), count: 1_000_000)) == expected)
  }

  @Test func partsMakeTheSameDigestWhereverTheyAreCut() {
    let bytes = (0..<200).map { UInt8(truncatingIfNeeded: $0 &* 37) }
    for cut in [0, 1, 55, 56, 63, 64, 65, 128, 200] {
      var hash = SHA256()
      hash.update(bytes[..<cut])
      hash.update(bytes[cut...])
      #expect(hash.finish() == Self.digest(bytes))
    }
  }
}

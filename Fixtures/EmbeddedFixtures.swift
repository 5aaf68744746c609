/// The fixtures that travel inside the binary, so that it works wherever it is moved.
///
/// `Fixtures/README.md` states the source and the licence of each.
public enum EmbeddedFixtures {
  /// Genesis, chapters 1 to 15, in the King James Version.
  ///
  /// Printable ASCII, one verse a line and in order, without references; each line ends in a line feed.
  /// The text is in the public domain.
  public static let genesis = String(decoding: PackageResources.genesis_txt, as: UTF8.self)

  /// The witnesses of the known defects, as `rsd witness` found them; JSON.
  public static let witnesses = String(decoding: PackageResources.witnesses_json, as: UTF8.self)
}

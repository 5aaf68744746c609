/// The templates and style sheets of `report.html`, which travel inside the binary.
public enum ReportTemplates {
  /// The templates, by the names under which they include each other.
  public static let pages: [String: String] = [
    "report": text(PackageResources.report_mustache), "verdict": text(PackageResources.verdict_mustache),
    "tested": text(PackageResources.tested_mustache), "proved": text(PackageResources.proved_mustache),
    "defects": text(PackageResources.defects_mustache), "cases": text(PackageResources.cases_mustache),
    "figures": text(PackageResources.figures_mustache), "reproduce": text(PackageResources.reproduce_mustache),
    "port": text(PackageResources.port_mustache),
    "case": text(PackageResources.case_mustache), "badge": text(PackageResources.badge_mustache),
  ]

  /// The colours, light and dark, as custom properties.
  public static let palette = text(PackageResources.palette_css)

  /// The page without its drawings.
  public static let page = text(PackageResources.page_css)

  /// The drawings, in a page or alone.
  public static let figures = text(PackageResources.drawings_css)

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}

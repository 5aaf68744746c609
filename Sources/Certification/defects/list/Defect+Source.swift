extension Defect {
  /// Where a defect was found: a name, and an address where its thread, commit or code was looked up.
  package struct Source: Hashable, Sendable, Codable {
    /// A name for people, such as `vllm-project/vllm PR 47386`.
    package var name: String
    /// The https address; nil where no package thread or code was found that says it.
    package var link: String?

    init(name: String, link: String?) {
      self.name = name
      self.link = link
    }

    /// The link where there is one, else the name.
    package var text: String { link ?? name }
  }
}

extension Defect.Source {
  /// An issue of a repository on GitHub, or a pull request.
  static func issue(_ repository: String, _ number: Int, pull: Bool = false) -> Self {
    Self(
      name: "\(repository) \(pull ? "PR " : "")\(number)",
      link: "https://github.com/\(repository)/\(pull ? "pull" : "issues")/\(number)")
  }

  /// A commit of a repository on GitHub, by its whole hash.
  static func commit(_ repository: String, _ hash: String) -> Self {
    Self(name: "\(repository) \(hash.prefix(7))", link: "https://github.com/\(repository)/commit/\(hash)")
  }

  /// A file of a repository on GitHub, at a commit.
  static func code(_ repository: String, _ hash: String, _ path: String) -> Self {
    Self(name: "\(repository) \(path)", link: "https://github.com/\(repository)/blob/\(hash)/\(path)")
  }

  /// A paper on arXiv, by its number.
  static func paper(_ number: String) -> Self {
    Self(name: "arXiv \(number)", link: "https://arxiv.org/abs/\(number)")
  }

  /// A source that could not be looked up, or was never a package thread.
  static func unlinked(_ name: String) -> Self { Self(name: name, link: nil) }
}

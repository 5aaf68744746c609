import Checkpoints
import JSONText

extension ChatTemplate.Message {
  /// Reads a conversation: a list of objects with `role` and `content`.
  ///
  /// - Parameters:
  ///   - json: UTF-8.
  ///   - file: where it came from, for messages.
  /// - Throws: ``CheckpointError/configuration(file:reason:)`` for what is no such list, with the message's place.
  package static func list(json: [UInt8], file: String) throws(CheckpointError) -> [Self] {
    let value: JSON
    do {
      value = try JSON(json, limits: .configuration)
    } catch {
      throw .configuration(file: file, reason: "\(error)")
    }
    guard case .array(let elements) = value, !elements.isEmpty else {
      throw .configuration(
        file: file, reason: "is no conversation; write a list such as [{\"role\": \"user\", \"content\": \"Hi\"}]")
    }
    var messages: [Self] = []
    for (place, element) in elements.enumerated() {
      guard case .object(let members) = element else {
        throw .configuration(
          file: file, reason: "message \(place + 1) is \(element.kind); it must be an object with role and content")
      }
      let fields = ConfigurationFields(members, file: file, path: "message \(place + 1): ")
      try fields.requireOnly(["role", "content"])
      let roles = ChatTemplate.Message.Role.allCases.map(\.rawValue)
      guard let name = try fields.string("role"), let role = ChatTemplate.Message.Role(rawValue: name) else {
        throw fields.fault("role", "must be one of \(roles.joined(separator: ", "))")
      }
      guard let content = try fields.string("content") else { throw fields.fault("content", "is missing") }
      messages.append(Self(role, content))
    }
    return messages
  }
}

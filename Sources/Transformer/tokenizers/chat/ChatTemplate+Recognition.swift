extension ChatTemplate {
  /// The family of a model's template; nil where it is not known.
  ///
  /// Two spellings of a program are the same if they differ in quotes, in how a line feed within quotes is written, and
  /// in nothing else, but for the text of a default system message. Nothing is guessed from a part of it.
  public init?(recognizing source: String) {
    let program = Self.canonical(source)
    for (pattern, template) in Self.programs where Self.canonical(pattern) == program {
      self = template
      return
    }
    for pattern in Self.programsWithSystem {
      let parts = Self.canonical(pattern).components(around: "SYSTEM")
      guard program.count > parts.before.count + parts.after.count, program.hasPrefix(parts.before),
        program.hasSuffix(parts.after)
      else { continue }
      let system = program.dropFirst(parts.before.count).dropLast(parts.after.count)
      // A text, that is, which ends no string and begins no other expression.
      guard !system.contains(where: { "'\\{}".contains($0) }) else { continue }
      self = .chatML(defaultSystem: String(system))
      return
    }
    return nil
  }

  private static func canonical(_ source: String) -> String {
    var canonical = ""
    var escapes = false
    for character in source.trimmingBlanks {
      switch (escapes, character) {
      case (true, "n"): canonical.append("\n")
      case (true, let other): canonical += "\\\(other)"
      case (false, "\\"):
        escapes = true
        continue
      case (false, "\""): canonical.append("'")
      case (false, let other): canonical.append(other)
      }
      escapes = false
    }
    return canonical
  }

  private static let message =
    "{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}"
  private static let generation = "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"

  private static let programs: [(source: String, template: ChatTemplate)] = [
    ("{% for message in messages %}" + message + generation, .chatML(defaultSystem: nil)),
    (
      "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>\n'}}"
        + "{% endfor %}" + generation, .chatML(defaultSystem: nil)
    ),
    (
      "{% if not add_generation_prompt is defined %}{% set add_generation_prompt = false %}{% endif %}"
        + "{% for message in messages %}" + message + generation, .chatML(defaultSystem: nil)
    ),
    (llama2Program, .llama2), (llama3Program, .llama3), (zephyrProgram, .zephyr),
    (zephyrProgram.replacing("'<|assistant|>\n'  + ", with: "'<|assistant|>\n' + "), .zephyr),
  ]

  private static let programsWithSystem = [
    "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}"
      + "{{ '<|im_start|>system\nSYSTEM<|im_end|>\n' }}{% endif %}" + message + generation
  ]

  private static let llama2Program =
    "{% if messages[0]['role'] == 'system' %}{% set loop_messages = messages[1:] %}{% set system_message = "
    + "messages[0]['content'] %}{% else %}{% set loop_messages = messages %}{% set system_message = false %}{% endif %}"
    + "{% for message in loop_messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}"
    + "{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}"
    + "{% if loop.index0 == 0 and system_message != false %}{% set content = '<<SYS>>\n' + system_message + "
    + "'\n<</SYS>>\n\n' + message['content'] %}{% else %}{% set content = message['content'] %}{% endif %}"
    + "{% if message['role'] == 'user' %}{{ bos_token + '[INST] ' + content.strip() + ' [/INST]' }}"
    + "{% elif message['role'] == 'assistant' %}{{ ' '  + content.strip() + ' ' + eos_token }}{% endif %}{% endfor %}"

  private static let llama3Program =
    "{% set loop_messages = messages %}{% for message in loop_messages %}{% set content = '<|start_header_id|>' + "
    + "message['role'] + '<|end_header_id|>\n\n'+ message['content'] | trim + '<|eot_id|>' %}{% if loop.index0 == 0 %}"
    + "{% set content = bos_token + content %}{% endif %}{{ content }}{% endfor %}{% if add_generation_prompt %}"
    + "{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %}"

  private static let zephyrProgram =
    "{% for message in messages %}\n{% if message['role'] == 'user' %}\n{{ '<|user|>\n' + message['content'] + "
    + "eos_token }}\n{% elif message['role'] == 'system' %}\n{{ '<|system|>\n' + message['content'] + eos_token }}\n"
    + "{% elif message['role'] == 'assistant' %}\n{{ '<|assistant|>\n'  + message['content'] + eos_token }}\n"
    + "{% endif %}\n{% if loop.last and add_generation_prompt %}\n{{ '<|assistant|>' }}\n{% endif %}\n{% endfor %}"
}

extension String {
  /// Jinja drops one line feed at the end of a file, and blanks mean nothing before the first tag of these.
  fileprivate var trimmingBlanks: Substring {
    var text = self[...]
    while let first = text.first, first == "\n" { text.removeFirst() }
    while let last = text.last, last == "\n" { text.removeLast() }
    return text
  }

  fileprivate func components(around word: String) -> (before: String, after: String) {
    let parts = split(separator: word, maxSplits: 1, omittingEmptySubsequences: false)
    return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
  }
}

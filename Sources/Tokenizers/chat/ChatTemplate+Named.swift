extension ChatTemplate {
  /// The names by which a template may be asked for, and their programs.
  public static let named: [(name: String, source: String)] = [
    ("chatml", chatML), ("llama2", llama2), ("llama3", llama3), ("zephyr", zephyr),
  ]

  /// `<|im_start|>role`, content, `<|im_end|>`.
  private static let chatML = """
    {% for message in messages %}{{ '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}{% endfor %}
    {% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}
    """

  /// `[INST]` and `[/INST]`, the system message between `<<SYS>>` and `<</SYS>>`.
  private static let llama2 = """
    {% set turns = messages[1:] if messages[0].role == 'system' else messages %}
    {% for message in turns %}
    {% if (message.role == 'user') != (loop.index0 % 2 == 0) %}
    {{ raise_exception('user and assistant must take turns, the user first') }}
    {% endif %}
    {% if message.role == 'user' %}
    {% set system = '<<SYS>>\\n' + messages[0].content + '\\n<</SYS>>\\n\\n' if loop.first and turns != messages else '' %}
    {{ bos_token + '[INST] ' + (system + message.content).strip() + ' [/INST]' -}}
    {% else %}
    {{ ' ' + message.content.strip() + ' ' + eos_token -}}
    {% endif %}
    {% endfor %}
    """

  /// `<|start_header_id|>role<|end_header_id|>`, content, `<|eot_id|>`.
  private static let llama3 = """
    {{ bos_token -}}
    {% for message in messages %}
    {{- '<|start_header_id|>' + message.role + '<|end_header_id|>\\n\\n' + message.content.strip() + '<|eot_id|>' -}}
    {% endfor %}
    {% if add_generation_prompt %}
    {{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' -}}
    {% endif %}
    """

  /// `<|role|>`, content, end token: Zephyr and TinyLlama.
  private static let zephyr = """
    {% for message in messages %}{{ '<|' + message.role + '|>\\n' + message.content + eos_token + '\\n' }}{% endfor %}
    {% if add_generation_prompt %}{{ '<|assistant|>\\n' }}{% endif %}
    """
}

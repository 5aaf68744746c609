"""Makes chat.json, what transformers makes of conversations: python3 Fixtures/tokenizers/make_chat.py"""

import json
import pathlib

from tokenizers import Tokenizer, models
from transformers import PreTrainedTokenizerFast

MESSAGE = "{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}"
GENERATION = "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
SYSTEM = "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}{{ '<|im_start|>system\nSYSTEM<|im_end|>\n' }}{% endif %}"
TEMPLATES = {
    "chatml": "{% for message in messages %}" + MESSAGE + GENERATION,
    "smollm2": SYSTEM.replace("SYSTEM", "You are a helpful AI assistant named SmolLM, trained by Hugging Face") + MESSAGE + GENERATION,
    "smollm2-escaped": (SYSTEM.replace("SYSTEM", "Be kind: answer in 3 words.") + MESSAGE + GENERATION).replace("\n", "\\n"),
    "llama2": "{% if messages[0]['role'] == 'system' %}{% set loop_messages = messages[1:] %}{% set system_message = messages[0]['content'] %}{% else %}{% set loop_messages = messages %}{% set system_message = false %}{% endif %}{% for message in loop_messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}{% if loop.index0 == 0 and system_message != false %}{% set content = '<<SYS>>\\n' + system_message + '\\n<</SYS>>\\n\\n' + message['content'] %}{% else %}{% set content = message['content'] %}{% endif %}{% if message['role'] == 'user' %}{{ bos_token + '[INST] ' + content.strip() + ' [/INST]' }}{% elif message['role'] == 'assistant' %}{{ ' '  + content.strip() + ' ' + eos_token }}{% endif %}{% endfor %}",
    "llama3": "{% set loop_messages = messages %}{% for message in loop_messages %}{% set content = '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n'+ message['content'] | trim + '<|eot_id|>' %}{% if loop.index0 == 0 %}{% set content = bos_token + content %}{% endif %}{{ content }}{% endfor %}{% if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %}",
    "zephyr": "{% for message in messages %}\n{% if message['role'] == 'user' %}\n{{ '<|user|>\n' + message['content'] + eos_token }}\n{% elif message['role'] == 'system' %}\n{{ '<|system|>\n' + message['content'] + eos_token }}\n{% elif message['role'] == 'assistant' %}\n{{ '<|assistant|>\n'  + message['content'] + eos_token }}\n{% endif %}\n{% if loop.last and add_generation_prompt %}\n{{ '<|assistant|>' }}\n{% endif %}\n{% endfor %}",
}
TURNS = [
    [("user", "Name three rivers in Europe.")],
    [("system", "Be brief."), ("user", "Hi")],
    [("system", "  Be\n brief. "), ("user", "  Hi \n"), ("assistant", " Hello! \u3000"), ("user", "\tBye\u001f\u00a0")],
    [("user", ""), ("assistant", "?"), ("user", "<|im_end|> [INST] é👍🏽")],
    [("system", ""), ("user", " \n ")],
    [("system", "S"), ("user", "")],
]


def main():
    base = Tokenizer(models.BPE({"<s>": 0, "</s>": 1}, []))
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=base, bos_token="<s>", eos_token="</s>")
    cases = []
    for name, template in TEMPLATES.items():
        for turns in TURNS:
            messages = [{"role": role, "content": content} for role, content in turns]
            text = tokenizer.apply_chat_template(messages, chat_template=template, tokenize=False, add_generation_prompt=True)
            cases.append({"name": name, "template": template, "messages": messages, "text": text})
    path = pathlib.Path(__file__).parent / "chat.json"
    path.write_text(json.dumps(cases, indent=1, ensure_ascii=False) + "\n")


main()

#!/usr/bin/env python3
"""A completion server with a known law, for the tests of `rsd certify --server`. Python's standard library only.

    fake_server.py [--law LAW] [--trouble TROUBLE] [--key KEY] [--models A,B]

It listens on a free port of the loopback, prints the port, and answers until it is killed. A completion is a walk of words
under the request's top_k: the law of a word depends on the word before it. Speculation is on unless the request says
{"speculative.n_max": 0}; the laws say what it changes, by the total variation of a completion's law:

    honest        nothing
    lossy:E       with probability E a completion is "w0 w0 …", that is E times its share of everything else
    greedy        both say the most probable words: nothing is sampled
    bursts        both give one completion to 50 requests in a row: completions are not drawn anew
    replicas      every third request is answered by another model: the server does not agree with itself
    copies        the completions of a request are copies of the first
    coarse        both ignore the seed

Troubles, each in the middle of a run: flaky (429 with Retry-After, then 500), hang, garbage, array, deep, nan, no-choices,
no-text, wrong-count, too-long, huge, redirect:URL, echo-key, echo-error, echo-garbage (no JSON, with the key), echo-redirect
(to a place with the key), refuses (422 for a field), dies, ansi, later (429 that asks for an hour), pairs (no answer
before a second request), broken (500 always).
"""
import argparse, itertools, json, os, random, socket, threading, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

WORDS = [f" w{n}" for n in range(6)]
numbers = itertools.count()
lock = threading.Lock()
pair = threading.Barrier(2)


def row(word, prompt):
    """The law after a word: fixed weights, in an order that the word and the prompt decide."""
    weights = [0.4, 0.25, 0.15, 0.1, 0.06, 0.04]
    order = list(range(len(WORDS)))
    random.Random(f"{word} {prompt}").shuffle(order)
    return [(token, weights[place]) for place, token in enumerate(order)]


def walk(source, length, top_k, prompt, greedy):
    words, last = [], -1
    for _ in range(length):
        kept = row(last, prompt)[:top_k]
        if greedy:
            last = kept[0][0]
        else:
            last = source.choices([token for token, _ in kept], [weight for _, weight in kept])[0]
        words.append(WORDS[last])
    return words


def complete(body, law, number):
    """The completions of a request, as lists of words."""
    speculates = body.get("speculative.n_max", 3) != 0
    kind, _, amount = law.partition(":")
    results = []
    for choice in range(body.get("n", 1)):
        seed = f"{body.get('seed')} {choice if kind != 'copies' else 0} {speculates}"
        if kind == "bursts":
            seed = f"burst {number // 50}"
        if kind == "coarse":
            seed = f"own {number} {choice}"
        source = random.Random(seed)
        lossy = speculates and kind == "lossy" and source.random() < float(amount)
        length, top_k = body["max_tokens"], body.get("top_k") or len(WORDS)
        prompt = f"replica {number % 3}" if kind == "replicas" else body["prompt"]
        results.append([WORDS[0]] * length if lossy else walk(source, length, top_k, prompt, kind == "greedy"))
    return results


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    options = None

    def log_message(self, *_):
        pass

    def reply(self, status, body, headers=()):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def allowed(self):
        key = self.options.key
        if key is None or self.headers.get("Authorization") == f"Bearer {key}":
            return True
        self.reply(401, {"error": {"message": "Invalid API key: " + str(self.headers.get("Authorization"))}})
        return False

    def do_GET(self):
        if not self.allowed():
            return
        if self.path != "/v1/models" or self.options.trouble == "not-a-server":
            return self.reply(404, b"<html>nothing here</html>")
        self.reply(200, {"object": "list", "data": [{"id": name} for name in self.options.models.split(",")]})

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not self.allowed():
            return
        with lock:
            number = next(numbers)
        kind, _, amount = self.options.trouble.partition(":")
        if kind and self.trouble(kind, amount, body, number):
            return
        choices = []
        for index, words in enumerate(complete(body, self.options.law, number)):
            choice = {"index": index, "text": "".join(words), "finish_reason": "length"}
            if "logprobs" in body:
                choice["logprobs"] = {"tokens": words, "token_logprobs": [0] * len(words)}
            choices.append(choice)
        if kind == "ansi":
            for choice in choices:
                choice["text"] = "\x1b[31mred\x07\u202e" + choice["text"]
        if kind == "echo-key":
            choices[0]["text"] = self.headers.get("Authorization", "") + choices[0]["text"]
        # The last first: clients go by the index.
        self.reply(200, {"object": "text_completion", "choices": choices[::-1]})

    def trouble(self, kind, amount, body, number):
        """Whether the request was answered wrongly; the first few are always answered well."""
        if kind == "refuses":
            if "min_p" in body:
                self.reply(422, {"detail": [{"loc": ["body", "min_p"], "msg": "Extra inputs are not permitted"}]})
                return True
            return False
        if kind == "flaky":
            if number % 7 == 3:
                self.reply(429, {"error": {"message": "slow down"}}, [("Retry-After", "0")])
                return True
            if number % 7 == 5:
                self.reply(500, {"error": {"message": "oops"}}, [("Retry-After", "0.01")])
                return True
            return False
        if kind == "pairs":
            pair.wait()
            return False
        if number < 6:
            return False
        if kind == "broken":
            self.reply(500, {"error": {"message": "oops"}}, [("Retry-After", "0")])
        elif kind == "hang":
            time.sleep(3600)
        elif kind == "garbage":
            self.reply(200, b"\x1b[2J<html>welcome</html>")
        elif kind == "array":
            self.reply(200, b"[1, 2]")
        elif kind == "deep":
            self.reply(200, b'{"choices": ' + b"[" * 100000)
        elif kind == "nan":
            self.reply(200, b'{"choices": [{"text": "a", "index": NaN}]}')
        elif kind == "no-choices":
            self.reply(200, {"object": "error"})
        elif kind == "no-text":
            self.reply(200, {"choices": [{"index": index, "text": None} for index in range(body.get("n", 1))]})
        elif kind == "wrong-count":
            self.reply(200, {"choices": []})
        elif kind == "too-long":
            count = body.get("n", 1)
            choices = [{"index": index, "text": " w" * 9} for index in range(count)]
            self.reply(200, {"choices": choices, "usage": {"completion_tokens": count * body["max_tokens"] + 1}})
        elif kind == "huge":
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            piece = b" " * 65536
            try:
                for _ in range(20000):
                    self.wfile.write(b"10000\r\n" + piece + b"\r\n")
            except OSError:
                pass
            self.close_connection = True
        elif kind == "redirect":
            self.reply(307, b"", [("Location", amount)])
        elif kind == "echo-error":
            self.reply(400, {"error": {"message": "no: " + str(self.headers.get("Authorization"))}})
        elif kind == "echo-garbage":
            # The sixtieth byte is the last but one of a key of 20.
            self.reply(200, b"<html>".ljust(34, b".") + str(self.headers.get("Authorization")).encode())
        elif kind == "echo-redirect":
            # The 160th character of the place is one of the key's.
            place = "http://127.0.0.1:9/".ljust(150, ".")
            self.reply(307, b"", [("Location", place + str(self.headers.get("Authorization")).removeprefix("Bearer "))])
        elif kind == "later":
            self.reply(429, {"error": {"message": "slow down"}}, [("Retry-After", "3600")])
        elif kind == "dies":
            os._exit(3)
        else:
            return False
        return True


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_):
        pass


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--law", default="honest")
    parser.add_argument("--trouble", default="")
    parser.add_argument("--key")
    parser.add_argument("--models", default="fake")
    Handler.options = parser.parse_args()
    server = Server(("127.0.0.1", 0), Handler)
    # Waiting for an acknowledgement would cost 40 ms a request.
    server.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    print(server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()

#!/usr/bin/python3
"""A model that says what a script tells it to, on a port of the loopback, in the forms that coding agents speak:
Anthropic messages, OpenAI responses and chat, Gemini; streamed or not.

A script is a list of turns: {"tool": NAME, "arguments": {...}}, {"tool": NAME, "text": TEXT} or {"say": TEXT}. Which
turn it is follows from the request alone, by the results of tools in it, so that a repeated request gets the same
answer. A turn with "in": TEXT is one of a conversation whose first message holds that text (a sub-agent's). A request
that offers no tools (a title, a summary) gets a word. Everything it is sent is kept.

usage: model.py SCRIPT RECORD    prints the address, answers until killed; RECORD gets one request a line
"""
import http.server
import json
import sys
import threading

WORD = "scripted"
MODEL = "scripted"


def events(pairs):
    return b"".join(("event: %s\n" % name if name else "").encode() + b"data: " + json.dumps(data).encode() + b"\n\n"
                    for name, data in pairs)


def parts_of(message):
    content = message.get("content") or ()
    return () if isinstance(content, str) else content


class Anthropic:
    @staticmethod
    def results(request):
        return sum(part.get("type") == "tool_result" for m in request["messages"] for part in parts_of(m))

    @staticmethod
    def answer(request, turn, number):
        if "tool" in turn:
            block = {"type": "tool_use", "id": "toolu_%04d" % number, "name": turn["tool"], "input": {}}
            stop = "tool_use"
            delta = {"type": "input_json_delta", "partial_json": json.dumps(turn["arguments"])}
        else:
            block, stop = {"type": "text", "text": ""}, "end_turn"
            delta = {"type": "text_delta", "text": turn["say"]}
        usage = {"input_tokens": 1, "output_tokens": 1}
        message = {"id": "msg_%04d" % number, "type": "message", "role": "assistant", "model": request["model"],
                   "content": [], "stop_reason": None, "stop_sequence": None, "usage": usage}
        if not request.get("stream"):
            whole = dict(block, input=turn["arguments"]) if "tool" in turn else dict(block, text=turn["say"])
            return dict(message, content=[whole], stop_reason=stop)
        said = [{"type": "message_start", "message": message},
                {"type": "content_block_start", "index": 0, "content_block": block},
                {"type": "content_block_delta", "index": 0, "delta": delta},
                {"type": "content_block_stop", "index": 0},
                {"type": "message_delta", "delta": {"stop_reason": stop, "stop_sequence": None}, "usage": usage},
                {"type": "message_stop"}]
        return events((one["type"], one) for one in said)


class Responses:
    @staticmethod
    def results(request):
        given = request.get("input")
        return 0 if isinstance(given, str) else sum(
            one.get("type") in ("function_call_output", "custom_tool_call_output") for one in given)

    @staticmethod
    def answer(request, turn, number):
        if "text" in turn:
            item = {"type": "custom_tool_call", "call_id": "call_%04d" % number, "name": turn["tool"],
                    "input": turn["text"]}
        elif "tool" in turn:
            item = {"type": "function_call", "call_id": "call_%04d" % number, "name": turn["tool"],
                    "arguments": json.dumps(turn["arguments"])}
            if "space" in turn:
                item["namespace"] = turn["space"]
        else:
            item = {"type": "message", "role": "assistant", "id": "msg_%04d" % number,
                    "content": [{"type": "output_text", "text": turn["say"], "annotations": []}]}
        item.setdefault("id", "item_%04d" % number)
        item["status"] = "completed"
        response = {"id": "resp_%04d" % number, "object": "response", "model": request["model"], "output": [item],
                    "status": "completed", "usage": {
                        "input_tokens": 1, "output_tokens": 1, "total_tokens": 2,
                        "input_tokens_details": {"cached_tokens": 0}, "output_tokens_details": {"reasoning_tokens": 0}}}
        if not request.get("stream"):
            return response
        said = [{"type": "response.created", "response": dict(response, output=[], status="in_progress")},
                {"type": "response.output_item.added", "output_index": 0, "item": item},
                {"type": "response.output_item.done", "output_index": 0, "item": item},
                {"type": "response.completed", "response": response}]
        return events((one["type"], one) for one in said)


class Chat:
    @staticmethod
    def results(request):
        return sum(m.get("role") == "tool" for m in request["messages"])

    @staticmethod
    def answer(request, turn, number):
        head = {"id": "chat_%04d" % number, "created": 1, "model": request["model"]}
        message, stop = {"role": "assistant", "content": turn.get("say")}, "stop"
        if "tool" in turn:
            stop = "tool_calls"
            message["tool_calls"] = [{"index": 0, "id": "call_%04d" % number, "type": "function", "function": {
                "name": turn["tool"], "arguments": json.dumps(turn["arguments"])}}]
        usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
        if not request.get("stream"):
            return dict(head, object="chat.completion", usage=usage,
                        choices=[{"index": 0, "message": message, "finish_reason": stop}])
        head["object"] = "chat.completion.chunk"
        said = [dict(head, choices=[{"index": 0, "delta": message, "finish_reason": None}]),
                dict(head, choices=[{"index": 0, "delta": {}, "finish_reason": stop}], usage=usage)]
        return events((None, one) for one in said) + b"data: [DONE]\n\n"


class Gemini:
    @staticmethod
    def results(request):
        return sum("functionResponse" in part for m in request["contents"] for part in m.get("parts", ()))

    @staticmethod
    def answer(request, turn, number):
        part = {"functionCall": {"id": "call_%04d" % number, "name": turn["tool"], "args": turn["arguments"]}} \
            if "tool" in turn else {"text": turn["say"]}
        whole = {"candidates": [{"content": {"role": "model", "parts": [part]}, "finishReason": "STOP", "index": 0}],
                 "usageMetadata": {"promptTokenCount": 1, "candidatesTokenCount": 1, "totalTokenCount": 2},
                 "modelVersion": MODEL}
        return events([(None, whole)]) if request["stream"] else whole


def form_of(path):
    path = path.split("?")[0]
    if path.endswith("/messages"):
        return Anthropic
    if path.endswith("/responses"):
        return Responses
    if path.endswith("/chat/completions"):
        return Chat
    return Gemini if path.endswith("enerateContent") else None


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def put(self, body, status=200):
        kind = "text/event-stream" if isinstance(body, bytes) else "application/json"
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def do_HEAD(self):
        self.put({})

    def do_GET(self):
        if self.path.split("?")[0].endswith("/models"):
            self.put({"object": "list", "data": [{"id": MODEL, "object": "model"}]})
        else:
            self.put({"error": {"message": "there is none"}}, 404)

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        form = form_of(self.path)
        if not form:
            return self.put({"input_tokens": 1, "totalTokens": 1} if "ount" in self.path else {}, 200)
        request = json.loads(body)
        if form is Gemini:
            request["stream"] = ":stream" in self.path
        return self.put(self.server.owner.answer(form, request))


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass  # an agent that was killed has hung up


class Model:
    """Answers from now on; `script` may be exchanged between runs. `requests` is what it was sent, in order."""

    def __init__(self, script=(), record=None):
        self.script, self.record, self.requests = list(script), record, []
        self.lock = threading.Lock()
        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.owner = self
        self.address = "http://127.0.0.1:%d" % self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, form, request):
        with self.lock:
            self.requests.append(request)
            number = len(self.requests)
            if self.record:
                self.record.write(json.dumps(request) + "\n")
                self.record.flush()
        return form.answer(request, self.turn(form, request), number)

    def turn(self, form, request):
        first = json.dumps((request.get("messages") or request.get("input") or request.get("contents"))[0])
        own = [turn for turn in self.script if turn.get("in") and turn["in"] in first]
        turns = own or [turn for turn in self.script if not turn.get("in")]
        at = form.results(request)
        return turns[at] if at < len(turns) and request.get("tools") else {"say": WORD}

    def begin(self, script):
        with self.lock:
            self.script, self.requests = list(script), []

    def was_sent(self, text):
        """Is this text in anything it was sent, as JSON spells it?"""
        part = json.dumps(text)[1:-1]
        with self.lock:
            return any(part in json.dumps(request) for request in self.requests)

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def main():
    with open(sys.argv[1], encoding="utf-8") as file, open(sys.argv[2], "a", encoding="utf-8") as record:
        model = Model(json.load(file), record)
        print(model.address, flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()

"""An MCP server with one tool that really writes. usage: files.py"""
import json
import sys

TOOL = {"name": "write_file", "description": "Writes a file", "inputSchema": {
    "type": "object", "required": ["path", "content"],
    "properties": {"path": {"type": "string"}, "content": {"type": "string"}}}}


def answer(method, params):
    if method == "initialize":
        return {"protocolVersion": params["protocolVersion"], "capabilities": {"tools": {}},
                "serverInfo": {"name": "files", "version": "1"}}
    if method == "tools/list":
        return {"tools": [TOOL]}
    if method != "tools/call":
        return None
    with open(params["arguments"]["path"], "w", encoding="utf-8") as file:
        file.write(params["arguments"]["content"])
    return {"content": [{"type": "text", "text": "written"}]}


for line in sys.stdin:
    message = json.loads(line)
    if "id" in message and "method" in message:
        result = answer(message["method"], message.get("params") or {})
        end = {"result": result} if result else {"error": {"code": -32601, "message": "there is none"}}
        print(json.dumps(dict({"jsonrpc": "2.0", "id": message["id"]}, **end)), flush=True)

"""The agents that are driven: where they come from, how each is told where its model is, how its hook is written, and
what a model says there to run a command. One class an agent; the versions are pinned here and nowhere else."""
import json
import os
import shlex
import shutil
import subprocess

INSTALL_S = 300


def put(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text if isinstance(text, str) else json.dumps(text, indent=2) + "\n")


class Agent:
    """`hook` and `server` below are argv, or None: not configured."""

    scripts = False  # does its package work only once its own scripts have run?
    alone = True  # does it stop when it is interrupted alone, not with all that it has started, as by a terminal?
    settings, mine = None, None  # the file that its user edits by hand, and what somebody may have added there
    rewrites = ()  # files that it writes itself, so that only their servers are compared
    delete = "rm -rf"

    def shell(self, command):
        raise NotImplementedError

    def hooked(self, turn):
        """The turn as its hook is given it."""
        return turn

    def write(self, path, content):
        raise NotImplementedError

    def edit(self, path, old, new):
        raise NotImplementedError

    def of_server(self, server, tool, arguments):
        raise NotImplementedError

    def configure(self, world, address, hook, server, event=None):
        raise NotImplementedError

    def argv(self, program, event=None):
        raise NotImplementedError

    def environment(self, address):
        return {}


class Claude(Agent):
    name, package, version, program = "claude", "@anthropic-ai/claude-code", "2.1.330", "claude"
    settings, mine = ".claude/settings.json", "\n\n \t\n"  # a comment would switch it off
    rewrites = (".claude.json",)
    scripts = True

    def shell(self, command):
        return {"tool": "Bash", "arguments": {"command": command, "description": "what the script says"}}

    def write(self, path, content):
        return {"tool": "Write", "arguments": {"file_path": path, "content": content}}

    def edit(self, path, old, new):
        return {"tool": "Edit", "arguments": {"file_path": path, "old_string": old, "new_string": new}}

    def sub_agent(self, marker):
        return {"tool": "Agent", "arguments": {"description": "what the script says", "prompt": marker,
                                               "subagent_type": "general-purpose", "run_in_background": False}}

    def of_server(self, server, tool, arguments):
        return {"tool": "mcp__%s__%s" % (server, tool), "arguments": arguments}

    def configure(self, world, address, hook, server, event=None):
        entry = {"type": "command", "command": hook[0], "args": hook[1:], "timeout": 86400, "onFailure": "block"} \
            if hook else None
        put(world.home + "/.claude/settings.json",
            {"hooks": {event or "PreToolUse": [{"matcher": "*", "hooks": [entry]}]}} if hook else {})
        put(world.home + "/.claude.json", {"mcpServers": {"files": {
            "type": "stdio", "command": server[0], "args": server[1:], "env": {}}}} if server else {})

    def argv(self, program, event=None):
        return [program, "-p", "go on", "--permission-mode", "default" if event else "bypassPermissions"]

    def environment(self, address):
        # as root it runs without questions only where it is told that this is a sandbox
        return {"ANTHROPIC_BASE_URL": address, "ANTHROPIC_API_KEY": "none", "IS_SANDBOX": "1",
                "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1", "ENABLE_TOOL_SEARCH": "false"}


class Codex(Agent):
    name, package, version, program = "codex", "@openai/codex", "0.169.0", "codex"
    settings, mine = ".codex/config.toml", "\n#  mine\n[tui]   # odd\nnotifications=false\n"
    delete = "rm -r"  # it refuses "rm -f style commands" by itself, but only after its hook has said yes

    def shell(self, command):
        return {"tool": "exec_command", "arguments": {"cmd": command}}

    def hooked(self, turn):
        return {"tool": "Bash", "arguments": {"command": turn["arguments"]["cmd"]}}

    def shell_in(self, command, folder):
        return {"tool": "exec_command", "arguments": {"cmd": command, "workdir": folder}}

    def write(self, path, content):
        return {"tool": "apply_patch",
                "text": "*** Begin Patch\n*** Add File: %s\n+%s\n*** End Patch\n" % (path, content)}

    def edit(self, path, old, new):
        return {"tool": "apply_patch",
                "text": "*** Begin Patch\n*** Update File: %s\n@@\n-%s\n+%s\n*** End Patch\n" % (path, old, new)}

    def of_server(self, server, tool, arguments):
        return {"tool": tool, "space": "mcp__%s" % server, "arguments": arguments}

    def configure(self, world, address, hook, server, event=None):
        text = ("model = \"gpt-5.5\"\nmodel_provider = \"scripted\"\napproval_policy = \"never\"\n"
                "sandbox_mode = \"danger-full-access\"\n\n[model_providers.scripted]\nname = \"scripted\"\n"
                "base_url = \"%s/v1\"\nwire_api = \"responses\"\nenv_key = \"SCRIPTED_KEY\"\n" % address)
        if server:
            text += "\n[mcp_servers.files]\ncommand = %s\nargs = %s\n" % (
                json.dumps(server[0]), json.dumps(server[1:]))
        put(world.home + "/.codex/config.toml", text)
        entry = {"type": "command", "command": shlex.join(hook), "timeout": 3600} if hook else None
        put(world.home + "/.codex/hooks.json",
            {"hooks": {"PreToolUse": [{"matcher": "*", "hooks": [entry]}]}} if hook else {"hooks": {}})

    def argv(self, program, event=None):
        # the trust that a person gives a hook in its terminal cannot be given here
        return [program, "exec", "--dangerously-bypass-hook-trust", "--skip-git-repo-check", "go on"]

    def environment(self, address):
        return {"SCRIPTED_KEY": "none"}


class Opencode(Agent):
    name, package, version, program = "opencode", "opencode-ai", "1.18.33", "opencode"
    settings, mine = ".config/opencode/opencode.json", "//  mine\n/* and\tthis */\n"
    scripts = True

    def shell(self, command):
        return {"tool": "bash", "arguments": {"command": command, "description": "what the script says"}}

    def write(self, path, content):
        return {"tool": "write", "arguments": {"filePath": path, "content": content}}

    def edit(self, path, old, new):
        return {"tool": "edit", "arguments": {"filePath": path, "oldString": old, "newString": new}}

    def of_server(self, server, tool, arguments):
        return {"tool": "%s_%s" % (server, tool), "arguments": arguments}

    def configure(self, world, address, hook, server, event=None):
        put(world.home + "/.config/opencode/opencode.json", {
            "$schema": "https://opencode.ai/config.json",  # it would put that in by itself
            "autoupdate": False, "model": "scripted/scripted", "permission": "allow",
            "provider": {"scripted": {
                "npm": "@ai-sdk/openai-compatible", "models": {"scripted": {}},
                "options": {"baseURL": address + "/v1", "apiKey": "none"}}},
            "mcp": {"files": {"type": "local", "command": server}} if server else {}})
        if hook:
            own = hook[hook.index("hook") - 1:]  # without what records it
            plugin = subprocess.run(own + ["--plugin"], stdout=subprocess.PIPE, check=True).stdout.decode()
            put(world.home + "/.config/opencode/plugin/bascule.js", plugin.replace(
                json.dumps(own, separators=(",", ":")), json.dumps(hook)))

    def argv(self, program, event=None):
        return [program, "run", "go on"]

    def environment(self, address):
        # with a plug-in it asks npm for a package before it begins; a registry that is not there costs it a minute
        return {"npm_config_fetch_retries": "0", "OPENCODE_DISABLE_MODELS_FETCH": "1"}


class Gemini(Agent):
    name, package, version, program = "gemini", "@google/gemini-cli", "0.61.0", "gemini"
    settings, mine = ".gemini/settings.json", "//  mine\n"
    alone = False

    def shell(self, command):
        return {"tool": "run_shell_command", "arguments": {"command": command, "description": "what the script says"}}

    def write(self, path, content):
        return {"tool": "write_file", "arguments": {"file_path": path, "content": content}}

    def edit(self, path, old, new):
        return {"tool": "replace", "arguments": {"file_path": path, "instruction": "what the script says",
                                                 "old_string": old, "new_string": new}}

    def of_server(self, server, tool, arguments):
        return {"tool": "mcp_%s_%s" % (server, tool), "arguments": arguments}

    def configure(self, world, address, hook, server, event=None):
        settings = {"security": {"auth": {"selectedType": "gemini-api-key"}}, "general": {"enableAutoUpdate": False},
                    "privacy": {"usageStatisticsEnabled": False}, "telemetry": {"enabled": False}}
        if hook:
            settings["hooks"] = {"BeforeTool": [{"matcher": ".*", "hooks": [
                {"name": "bascule", "type": "command", "command": shlex.join(hook), "timeout": 3600000}]}]}
        if server:
            settings["mcpServers"] = {"files": {"command": server[0], "args": server[1:]}}
        put(world.home + "/.gemini/settings.json", settings)
        put(world.home + "/.gemini/trustedFolders.json", {world.work: "TRUST_FOLDER"})

    def argv(self, program, event=None):
        return [program, "--approval-mode", "yolo", "-m", "gemini-2.5-pro", "-p", "go on"]

    def environment(self, address):
        return {"GOOGLE_GEMINI_BASE_URL": address, "GEMINI_API_KEY": "none"}


AGENTS = (Claude(), Codex(), Opencode(), Gemini())


def cache():
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.environ.get("AGENTS_DIR") or os.path.join(home, "bascule-agents")


def npm(agent, where):
    """What is wrong, or None."""
    argv = ["npm", "install", "--no-audit", "--no-fund", "--no-progress", "--loglevel=error",
            "--fetch-retries=1", "--fetch-timeout=60000",
            "%s@%s" % (agent.package, agent.version)] + ([] if agent.scripts else ["--ignore-scripts"])
    try:
        done = subprocess.run(argv, cwd=where, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, timeout=INSTALL_S, check=False)
    except subprocess.TimeoutExpired:
        return "npm has not finished in %d s" % INSTALL_S
    words = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["without a word"]
    return "npm does not install it: " + words[0] if done.returncode else None


def starts(agent, program, where):
    try:
        done = subprocess.run((program, "--version"), env={"HOME": where, "PATH": os.environ["PATH"]}, timeout=60,
                              stdin=subprocess.DEVNULL, capture_output=True, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return agent.version.encode() in done.stdout


def install(agent):
    """The program, or why there is none. What another version has left is removed."""
    where = os.path.join(cache(), "%s-%s" % (agent.name, agent.version))
    program = os.path.join(where, "node_modules", ".bin", agent.program)
    if os.path.exists(os.path.join(where, "ready")):
        return program, None
    if not shutil.which("npm"):
        return None, "npm is not installed"
    shutil.rmtree(where, ignore_errors=True)
    put(os.path.join(where, "package.json"), {"private": True})
    why = npm(agent, where)
    if not why and not starts(agent, program, where):
        why = "it does not start on this machine"
    if why:
        shutil.rmtree(where)
        return None, why
    for other in os.listdir(cache()):
        if other.startswith(agent.name + "-") and other != os.path.basename(where):
            shutil.rmtree(os.path.join(cache(), other))
    put(os.path.join(where, "ready"), "")
    return program, None
